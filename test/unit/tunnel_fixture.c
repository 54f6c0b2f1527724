#include "test/unit/tunnel_fixture.h"

#include "node/address.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/temp_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int listen_abstract(const char *name)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    memcpy(un.sun_path + 1, name, strlen(name));
    assert_int_equal(bind(fd, (struct sockaddr *)&un,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name))),
                     0);
    assert_int_equal(listen(fd, 128), 0);
    return fd;
}

static void on_accept(int fd, const struct tunnel_peer *peer, void *data)
{
    struct fixture_node *node = data;

    pthread_mutex_lock(&node->lock);
    if (node->n_accepted == FIXTURE_ACCEPTED_MAX) {
        abort();
    }
    node->accepted[node->n_accepted] = fd;
    node->peers[node->n_accepted] = *peer;
    node->n_accepted++;
    node->is_held = node->holds;
    pthread_cond_broadcast(&node->changed);
    while (node->holds) {
        pthread_cond_wait(&node->changed, &node->lock);
    }
    node->is_held = false;
    pthread_mutex_unlock(&node->lock);
}

static void start_node(struct fixture *f, size_t i, const struct tunnel_options *limits)
{
    struct fixture_node *node = &f->nodes[i];
    struct directory_member *member = &f->members[i];
    struct error error;

    node->id = i + 1;
    node->path = temp_dir_new();
    pthread_mutex_init(&node->lock, NULL);
    pthread_cond_init(&node->changed, NULL);
    snprintf(node->engine_address, sizeof node->engine_address, "@lbstate-test-%d-%p",
             (int)getpid(), (void *)node);
    snprintf(node->raft_address, sizeof node->raft_address, "@lbstate-raft-%zu", i + 1);
    node->engine_fd = listen_abstract(node->engine_address + 1);
    assert_int_equal(state_dir_open(node->path, &node->dir, &error), ERROR_NONE);
    assert_int_equal(directory_holder_open(&node->dir, &node->holder, &error), ERROR_NONE);
    assert_int_equal(certificate_new("node", &node->certificate, &error), ERROR_NONE);
    const struct tunnel_options options = {
        .directory = node->holder,
        .certificate = node->certificate,
        .engine_address = node->engine_address,
        .on_accept = on_accept,
        .data = node,
        .handshake_timeout_ms = limits->handshake_timeout_ms,
        .links_max = limits->links_max,
    };
    assert_int_equal(tunnel_start(&options, &node->tunnel, &error), ERROR_NONE);
    assert_int_equal(tunnel_listen(node->tunnel, "127.0.0.1:0", node->address, &error), ERROR_NONE);
    member->id = node->id;
    snprintf(member->name, sizeof member->name, "member%zu", i + 1);
    memcpy(member->address, node->address, sizeof member->address);
    memcpy(member->raft_address, node->raft_address, sizeof member->raft_address);
    certificate_pin(node->certificate, member->pin);
}

struct fixture *fixture_new(const struct tunnel_options *options)
{
    const struct tunnel_options defaults = {0};
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    f->n_members = FIXTURE_NODES;
    for (size_t i = 0; i < FIXTURE_NODES; i++) {
        start_node(f, i, options == NULL ? &defaults : options);
    }
    fixture_publish(f);
    return f;
}

void fixture_free(struct fixture *f)
{
    for (size_t i = 0; i < FIXTURE_NODES; i++) {
        struct fixture_node *node = &f->nodes[i];

        fixture_release(node);
        tunnel_stop(node->tunnel);
        fixture_close_accepted(node);
        certificate_free(node->certificate);
        directory_holder_close(node->holder);
        state_dir_close(&node->dir);
        close(node->engine_fd);
        pthread_cond_destroy(&node->changed);
        pthread_mutex_destroy(&node->lock);
        temp_dir_remove(node->path);
    }
    free(f);
}

void fixture_publish(struct fixture *f)
{
    struct directory *directory;
    struct error error;

    f->revision++;
    for (size_t i = 0; i < FIXTURE_NODES; i++) {
        assert_int_equal(directory_new(f->n_members, f->n_tokens, &directory, &error), ERROR_NONE);
        directory->revision = f->revision;
        memcpy(directory->members, f->members, f->n_members * sizeof f->members[0]);
        memcpy(directory->tokens, f->tokens, f->n_tokens * sizeof f->tokens[0]);
        assert_int_equal(directory_holder_set(f->nodes[i].holder, directory, NULL, &error),
                         ERROR_NONE);
        if (f->nodes[i].tunnel != NULL) {
            tunnel_directory_changed(f->nodes[i].tunnel);
        }
    }
}

void fixture_set_timeouts(int fd)
{
    const struct timeval timeout = {.tv_sec = FIXTURE_TIMEOUT_S};

    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout), 0);
}

int fixture_connect(struct fixture *f, size_t from, size_t to)
{
    struct error error;
    int fd = -1;

    assert_int_equal(tunnel_connect(f->nodes[from].tunnel, f->nodes[to].id, &fd, &error),
                     ERROR_NONE);
    fixture_set_timeouts(fd);
    return fd;
}

int fixture_connect_raft(struct fixture *f, size_t from, size_t to)
{
    int fd = -1;

    assert_int_equal(tunnel_raft_connect(f->nodes[from].tunnel, f->nodes[to].raft_address, &fd), 0);
    fixture_set_timeouts(fd);
    return fd;
}

static struct timespec deadline_from_now(void)
{
    struct timespec deadline;

    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += FIXTURE_TIMEOUT_S;
    return deadline;
}

int fixture_accepted(struct fixture_node *node, struct tunnel_peer *ret_peer)
{
    const struct timespec deadline = deadline_from_now();
    int status = 0;
    int fd = -1;

    pthread_mutex_lock(&node->lock);
    while (node->n_taken == node->n_accepted && status == 0) {
        status = pthread_cond_timedwait(&node->changed, &node->lock, &deadline);
    }
    if (node->n_taken < node->n_accepted) {
        unsigned n = node->n_taken++;

        fd = node->accepted[n];
        if (ret_peer != NULL) {
            *ret_peer = node->peers[n];
        }
    }
    pthread_mutex_unlock(&node->lock);
    /* Not sooner: a failed assertion doesn't come back, and the tear-down takes the lock. */
    assert_true(fd >= 0);
    assert_int_equal(fcntl(fd, F_SETFL, 0), 0);
    fixture_set_timeouts(fd);
    return fd;
}

int fixture_hold(struct fixture *f, size_t from, size_t to)
{
    const struct timespec deadline = deadline_from_now();
    struct fixture_node *node = &f->nodes[to];
    int status = 0;
    int fd;

    pthread_mutex_lock(&node->lock);
    node->holds = true;
    pthread_mutex_unlock(&node->lock);
    fd = fixture_connect(f, from, to);
    pthread_mutex_lock(&node->lock);
    while (!node->is_held && status == 0) {
        status = pthread_cond_timedwait(&node->changed, &node->lock, &deadline);
    }
    pthread_mutex_unlock(&node->lock);
    assert_int_equal(status, 0);
    return fd;
}

void fixture_release(struct fixture_node *node)
{
    pthread_mutex_lock(&node->lock);
    node->holds = false;
    pthread_cond_broadcast(&node->changed);
    pthread_mutex_unlock(&node->lock);
}

unsigned fixture_n_accepted(struct fixture_node *node)
{
    unsigned n;

    pthread_mutex_lock(&node->lock);
    n = node->n_accepted;
    pthread_mutex_unlock(&node->lock);
    return n;
}

void fixture_close_accepted(struct fixture_node *node)
{
    pthread_mutex_lock(&node->lock);
    for (unsigned n = node->n_taken; n < node->n_accepted; n++) {
        close(node->accepted[n]);
    }
    node->n_taken = 0;
    node->n_accepted = 0;
    pthread_mutex_unlock(&node->lock);
}

int fixture_engine_accept(struct fixture_node *node)
{
    struct pollfd poll_fd = {.fd = node->engine_fd, .events = POLLIN};
    int fd;

    assert_int_equal(poll(&poll_fd, 1, FIXTURE_TIMEOUT_S * 1000), 1);
    fd = accept4(node->engine_fd, NULL, NULL, SOCK_CLOEXEC);
    assert_true(fd >= 0);
    fixture_set_timeouts(fd);
    return fd;
}

bool fixture_engine_untouched(struct fixture_node *node)
{
    struct pollfd poll_fd = {.fd = node->engine_fd, .events = POLLIN};

    return poll(&poll_fd, 1, 0) == 0;
}

void fixture_write(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

void fixture_expect(int fd, const char *text)
{
    char got[256];
    size_t size = strlen(text);

    assert_true(size < sizeof got);
    assert_int_equal(recv(fd, got, size, MSG_WAITALL), size);
    assert_memory_equal(got, text, size);
}

void fixture_expect_eof(int fd)
{
    char byte;
    ssize_t n = recv(fd, &byte, 1, 0);

    /* A reset is an end as well; only a timeout isn't. */
    assert_true(n == 0 || (n < 0 && (errno == ECONNRESET || errno == EPIPE)));
}

void fixture_open_http(struct fixture *f, size_t from, size_t to, int *ret_out, int *ret_in)
{
    *ret_out = fixture_connect(f, from, to);
    *ret_in = fixture_accepted(&f->nodes[to], NULL);
    fixture_write(*ret_out, "?");
    fixture_expect(*ret_in, "?");
    fixture_write(*ret_in, "!");
    fixture_expect(*ret_out, "!");
}

static struct addrinfo *numeric(const char *address)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    char host[ADDRESS_HOST_SIZE];
    char port[ADDRESS_PORT_SIZE];
    struct addrinfo *info;

    assert_true(address_split(address, host, port));
    assert_int_equal(getaddrinfo(host, port, &hints, &info), 0);
    return info;
}

int fixture_tcp(const char *address)
{
    struct addrinfo *info = numeric(address);
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, info->ai_addr, info->ai_addrlen), 0);
    freeaddrinfo(info);
    fixture_set_timeouts(fd);
    return fd;
}

int fixture_listen(char ret_address[MEMBER_ADDRESS_MAX + 1])
{
    struct addrinfo *info = numeric("127.0.0.1:0");
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, info->ai_addr, info->ai_addrlen), 0);
    assert_int_equal(listen(fd, 128), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&bound, &size), 0);
    address_format((struct sockaddr *)&bound, size, ret_address, MEMBER_ADDRESS_MAX + 1);
    freeaddrinfo(info);
    fixture_set_timeouts(fd);
    return fd;
}
