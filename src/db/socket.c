#include "db/socket.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A Unix socket whose queue is full can't be polled for: how long until the next try. */
#define QUEUE_FULL_RETRY_US 5000

#define HOST_SIZE 128

struct address {
    union {
        struct sockaddr any;
        struct sockaddr_un un;
        struct sockaddr_storage storage;
    };
    socklen_t size;
};

static int invalid_address(struct error *error, const char *text, const char *why)
{
    return error_set(error, ERROR_INVALID, "Invalid engine address \"%s\": %s", text, why);
}

static int parse_unix(const char *text, struct address *ret_address, struct error *error)
{
    size_t size = strlen(text);
    bool abstract = text[0] == '@';

    if (size < 2) {
        return invalid_address(error, text, "the name is empty");
    }
    if (size + !abstract > sizeof ret_address->un.sun_path) {
        return invalid_address(error, text, "the name is too long");
    }
    memset(ret_address, 0, sizeof *ret_address);
    ret_address->un.sun_family = AF_UNIX;
    memcpy(ret_address->un.sun_path, text, size);
    if (abstract) {
        ret_address->un.sun_path[0] = '\0';
    }
    /* An abstract name isn't ended by a NUL: its length tells. */
    ret_address->size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size + !abstract);
    return ERROR_NONE;
}

/* getaddrinfo() takes 99999 for 34463. */
static bool is_port(const char *text)
{
    size_t size = strlen(text);
    unsigned long port;

    if (size == 0 || size > 5 || strspn(text, "0123456789") != size) {
        return false;
    }
    port = strtoul(text, NULL, 10);
    return port >= 1 && port <= UINT16_MAX;
}

static int parse_inet(const char *text, struct address *ret_address, struct error *error)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *info;
    const char *host = text;
    const char *colon = strrchr(text, ':');
    char host_text[HOST_SIZE];
    size_t host_size;
    int rv;

    if (colon == NULL || !is_port(colon + 1)) {
        return invalid_address(error, text, "a port from 1 to 65535 is missing");
    }
    host_size = (size_t)(colon - text);
    if (host_size >= 2 && host[0] == '[' && host[host_size - 1] == ']') {
        host++;
        host_size -= 2;
        hints.ai_family = AF_INET6;
    } else {
        hints.ai_family = AF_INET;
    }
    if (host_size == 0 || host_size >= sizeof host_text) {
        return invalid_address(error, text, "the host is empty or too long");
    }
    memcpy(host_text, host, host_size);
    host_text[host_size] = '\0';
    rv = getaddrinfo(host_text, colon + 1, &hints, &info);
    if (rv == EAI_MEMORY) {
        return error_no_memory(error);
    }
    if (rv != 0) {
        return invalid_address(error, text, gai_strerror(rv));
    }
    memset(ret_address, 0, sizeof *ret_address);
    memcpy(&ret_address->storage, info->ai_addr, info->ai_addrlen);
    ret_address->size = info->ai_addrlen;
    freeaddrinfo(info);
    return ERROR_NONE;
}

int db_socket_init(struct db_socket *self, struct error *error)
{
    self->fd = -1;
    self->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (self->wake_fd < 0) {
        return error_errno(error, ERROR_IO, errno, "eventfd");
    }
    return ERROR_NONE;
}

void db_socket_disconnect(struct db_socket *self)
{
    if (self->fd >= 0) {
        close(self->fd);
        self->fd = -1;
    }
}

void db_socket_close(struct db_socket *self)
{
    db_socket_disconnect(self);
    if (self->wake_fd >= 0) {
        close(self->wake_fd);
        self->wake_fd = -1;
    }
}

void db_socket_wake(struct db_socket *self)
{
    const uint64_t one = 1;
    ssize_t rv;

    /* It can fail only when the counter is full, and then it is awake already. */
    do {
        rv = write(self->wake_fd, &one, sizeof one);
    } while (rv < 0 && errno == EINTR);
}

static void sleep_again(struct db_socket *self)
{
    uint64_t count;
    ssize_t rv;

    do {
        rv = read(self->wake_fd, &count, sizeof count);
    } while (rv < 0 && errno == EINTR);
}

/* Waits until LIMIT_US at most; *ret_events is 0 if it was reached. */
static int wait_until(struct db_socket *self, short events, const struct db_context *context,
                      uint64_t limit_us, short *ret_events, struct error *error)
{
    const short failures = POLLERR | POLLHUP | POLLNVAL;
    struct pollfd fds[2] = {{.fd = self->fd, .events = events},
                            {.fd = self->wake_fd, .events = POLLIN}};
    int rv;

    for (;;) {
        uint64_t until_us = limit_us < context->deadline_us ? limit_us : context->deadline_us;
        rv = poll(fds, 2, clock_poll_timeout_ms(until_us));
        if (rv < 0 && errno != EINTR) {
            return error_errno(error, ERROR_IO, errno, "poll");
        }
        if (rv > 0 && (fds[1].revents & POLLIN) != 0) {
            sleep_again(self);
        }
        if (rv > 0 && (fds[0].revents & failures) != 0) {
            *ret_events = events;
            return ERROR_NONE;
        }
        if (rv > 0 && (fds[0].revents & events) != 0) {
            *ret_events = (short)(fds[0].revents & events);
            return ERROR_NONE;
        }
        rv = db_context_check(context, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
        if (limit_us != CLOCK_NEVER_US && clock_monotonic_us() >= limit_us) {
            *ret_events = 0;
            return ERROR_NONE;
        }
    }
}

int db_socket_wait(struct db_socket *self, short events, const struct db_context *context,
                   short *ret_events, struct error *error)
{
    return wait_until(self, events, context, CLOCK_NEVER_US, ret_events, error);
}

/* Waits a moment for a place in the queue of a Unix socket. */
static int wait_for_queue(struct db_socket *self, const struct db_context *context,
                          struct error *error)
{
    int fd = self->fd;
    short events;
    int rv;

    self->fd = -1; /* poll() leaves it out. */
    rv = wait_until(self, 0, context, clock_monotonic_us() + QUEUE_FULL_RETRY_US, &events, error);
    self->fd = fd;
    return rv;
}

static int finish_connect(struct db_socket *self, const char *text,
                          const struct db_context *context, struct error *error)
{
    int so_error = 0;
    socklen_t size = sizeof so_error;
    short events;
    int rv;

    rv = db_socket_wait(self, POLLOUT, context, &events, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (getsockopt(self->fd, SOL_SOCKET, SO_ERROR, &so_error, &size) != 0) {
        so_error = errno;
    }
    if (so_error != 0) {
        return error_errno(error, ERROR_IO, so_error, "Failed connecting to %s", text);
    }
    return ERROR_NONE;
}

static int connect_to(struct db_socket *self, const char *text, const struct address *address,
                      const struct db_context *context, struct error *error)
{
    int rv;

    for (;;) {
        rv = db_context_check(context, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
        if (connect(self->fd, &address->any, address->size) == 0) {
            return ERROR_NONE;
        }
        if (errno == EINPROGRESS || errno == EINTR) {
            return finish_connect(self, text, context, error);
        }
        if (errno != EAGAIN || address->any.sa_family != AF_UNIX) {
            return error_errno(error, ERROR_IO, errno, "Failed connecting to %s", text);
        }
        rv = wait_for_queue(self, context, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
}

int db_socket_connect(struct db_socket *self, const char *text, const struct db_context *context,
                      struct error *error)
{
    const int one = 1;
    struct address address;
    int rv;

    if (text[0] == '@' || text[0] == '/') {
        rv = parse_unix(text, &address, error);
    } else {
        rv = parse_inet(text, &address, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    self->fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (self->fd < 0) {
        return error_errno(error, ERROR_IO, errno, "socket");
    }
    /* Requests are small and many: one must not wait for the answer to the last. */
    if (address.any.sa_family != AF_UNIX &&
        setsockopt(self->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0) {
        rv = error_errno(error, ERROR_IO, errno, "TCP_NODELAY");
        goto err_after_socket;
    }
    rv = connect_to(self, text, &address, context, error);
    if (rv != ERROR_NONE) {
        goto err_after_socket;
    }
    return ERROR_NONE;

err_after_socket:
    db_socket_disconnect(self);
    return rv;
}
