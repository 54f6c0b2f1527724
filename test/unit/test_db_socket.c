/* Sockets of each kind: connecting, waiting, waking up. */
#include "db/socket.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/temp_dir.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct db_context deadline(unsigned ms)
{
    return (struct db_context){.deadline_us = clock_monotonic_us() + (uint64_t)ms * 1000};
}

/* Listens on the loopback address of FAMILY; the port goes to *ret_port. */
static int listen_tcp(int family, int backlog, unsigned *ret_port)
{
    struct sockaddr_in6 address = {.sin6_family = (sa_family_t)family};
    socklen_t size = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof address;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    if (family == AF_INET) {
        ((struct sockaddr_in *)(void *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    } else {
        address.sin6_addr = in6addr_loopback;
    }
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, backlog), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *ret_port = ntohs(address.sin6_port); /* At the same place in both. */
    return fd;
}

/* Connects to ADDRESS and sends a byte to whoever accepts on LISTEN_FD. */
static void check_connects(const char *address, int listen_fd, struct db_socket *self)
{
    const struct db_context context = deadline(10000);
    struct error error = ERROR_INIT;
    short events = 0;
    char byte = 0;
    int fd;

    assert_int_equal(db_socket_init(self, &error), ERROR_NONE);
    if (db_socket_connect(self, address, &context, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    fd = accept(listen_fd, NULL, NULL);
    assert_true(fd >= 0);
    assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL), 1);
    assert_int_equal(db_socket_wait(self, POLLIN, &context, &events, &error), ERROR_NONE);
    assert_int_equal(events, POLLIN);
    assert_int_equal(read(self->fd, &byte, 1), 1);
    assert_int_equal(byte, 'x');
    close(fd);
}

static void tcp_connects_without_delay(void **state)
{
    static const int families[] = {AF_INET, AF_INET6};
    struct db_socket self;
    char address[64];
    unsigned port;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        int fd = listen_tcp(families[i], 1, &port);
        int no_delay = 0;
        socklen_t size = sizeof no_delay;
        snprintf(address, sizeof address, "%s:%u", i == 0 ? "127.0.0.1" : "[::1]", port);
        check_connects(address, fd, &self);
        assert_int_equal(getsockopt(self.fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
        assert_int_not_equal(no_delay, 0);
        db_socket_close(&self);
        db_socket_close(&self);
        close(fd);
    }
}

static void path_connects(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char *dir = temp_dir_new();
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct db_socket self;

    (void)state;
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", dir);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 1), 0);
    check_connects(address.sun_path, fd, &self);
    db_socket_close(&self);
    close(fd);
    temp_dir_remove(dir);
}

/* Once the queue of a listener is full, the kernel answers no further SYN. */
static void connect_ends_at_the_deadline(void **state)
{
    enum { N = 8 };
    struct db_socket sockets[N];
    struct db_context context = deadline(100);
    struct error error = ERROR_INIT;
    char address[64];
    unsigned port;
    int fd = listen_tcp(AF_INET, 0, &port);
    int last = ERROR_NONE;

    (void)state;
    snprintf(address, sizeof address, "127.0.0.1:%u", port);
    for (int i = 0; i < N; i++) {
        assert_int_equal(db_socket_init(&sockets[i], &error), ERROR_NONE);
        last = db_socket_connect(&sockets[i], address, &context, &error);
    }
    assert_int_equal(last, ERROR_TIMEOUT);
    assert_true(clock_monotonic_us() >= context.deadline_us);
    for (int i = 0; i < N; i++) {
        db_socket_close(&sockets[i]);
    }
    close(fd);
}

struct waker {
    struct db_socket *socket;
    atomic_bool canceled;
};

static void *wake_twice(void *data)
{
    struct waker *waker = data;

    db_socket_wake(waker->socket); /* For nothing. */
    atomic_store(&waker->canceled, true);
    db_socket_wake(waker->socket);
    return NULL;
}

static void waiting_is_canceled_by_a_wake(void **state)
{
    struct db_socket self;
    struct waker waker = {.socket = &self};
    struct db_context context = deadline(10000);
    struct error error = ERROR_INIT;
    pthread_t thread;
    int pair[2];
    short events;

    (void)state;
    context.canceled = &waker.canceled;
    assert_int_equal(db_socket_init(&self, &error), ERROR_NONE);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    self.fd = pair[0];
    assert_int_equal(pthread_create(&thread, NULL, wake_twice, &waker), 0);
    assert_int_equal(db_socket_wait(&self, POLLIN, &context, &events, &error), ERROR_CANCELED);
    pthread_join(thread, NULL);
    /* A wake-up that nobody waited for makes the next wait look again, no more. */
    atomic_store(&waker.canceled, false);
    db_socket_wake(&self);
    context.deadline_us = clock_monotonic_us() + 20 * 1000;
    assert_int_equal(db_socket_wait(&self, POLLIN, &context, &events, &error), ERROR_TIMEOUT);
    assert_true(clock_monotonic_us() >= context.deadline_us);
    /* The peer's end can be read. */
    context = deadline(10000);
    close(pair[1]);
    assert_int_equal(db_socket_wait(&self, POLLIN, &context, &events, &error), ERROR_NONE);
    db_socket_close(&self);
    db_socket_close(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tcp_connects_without_delay),
        cmocka_unit_test(path_connects),
        cmocka_unit_test(connect_ends_at_the_deadline),
        cmocka_unit_test(waiting_is_canceled_by_a_wake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
