#include "test/lib/peer.h"

#include "db/wire.h"
#include "test/lib/cmocka_all.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Requests, as the protocol numbers them. */
#define CLIENT  1
#define OPEN    3
#define PREPARE 4
#define EXEC    5

void peer_init(struct peer *peer)
{
    static unsigned n_peers;
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    int n;

    memset(peer, 0, sizeof *peer);
    n = snprintf(peer->address, sizeof peer->address, "@lbstate-peer-%d-%u", (int)getpid(),
                 n_peers++);
    memcpy(un.sun_path + 1, peer->address + 1, (size_t)n - 1);
    peer->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(peer->listen_fd >= 0);
    assert_int_equal(bind(peer->listen_fd, (struct sockaddr *)&un,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n)),
                     0);
    assert_int_equal(listen(peer->listen_fd, 1), 0);
}

static struct peer_step *add_step(struct peer *peer, enum peer_do what)
{
    struct peer_step *step = &peer->steps[peer->n_steps++];

    assert_true(peer->n_steps < PEER_STEPS_MAX);
    step->what = what;
    return step;
}

void peer_expect(struct peer *peer, uint8_t type)
{
    add_step(peer, PEER_EXPECT)->type = type;
}

void peer_do(struct peer *peer, enum peer_do what)
{
    add_step(peer, what);
}

void peer_send(struct peer *peer, const void *data, size_t size)
{
    buffer_append(&add_step(peer, PEER_SEND)->bytes, data, size);
}

void peer_send_message(struct peer *peer, uint8_t type, const uint64_t *words, uint32_t n_words)
{
    const uint64_t header = n_words | (uint64_t)type << 32;
    struct buffer *bytes = &add_step(peer, PEER_SEND)->bytes;

    buffer_append(bytes, &header, sizeof header);
    buffer_append(bytes, words, n_words * sizeof *words);
}

void peer_send_failure(struct peer *peer, uint64_t code, const char *message)
{
    size_t n_words = 2 + strlen(message) / 8;
    uint64_t *words = calloc(n_words, sizeof *words);

    assert_non_null(words);
    words[0] = code;
    memcpy(&words[1], message, strlen(message));
    peer_send_message(peer, WIRE_FAILURE, words, (uint32_t)n_words);
    free(words);
}

void peer_send_result(struct peer *peer)
{
    const uint64_t words[] = {11, 1};

    peer_send_message(peer, WIRE_RESULT, words, 2);
}

void peer_greet(struct peer *peer)
{
    const uint64_t heartbeat[] = {15000};
    const uint64_t db[] = {0};

    peer_do(peer, PEER_GREET);
    peer_expect(peer, CLIENT);
    peer_send_message(peer, WIRE_WELCOME, heartbeat, 1);
    peer_expect(peer, OPEN);
    peer_send_message(peer, WIRE_DB, db, 1);
}

void peer_prepare(struct peer *peer, uint32_t stmt_id, uint64_t n_params)
{
    const uint64_t words[] = {(uint64_t)stmt_id << 32, n_params};

    peer_expect(peer, PREPARE);
    peer_send_message(peer, WIRE_STMT, words, 2);
}

void peer_exec(struct peer *peer)
{
    peer_expect(peer, EXEC);
    peer_send_result(peer);
}

static bool read_all(int fd, void *data, size_t size)
{
    char *next = data;

    while (size > 0) {
        ssize_t n = read(fd, next, size);
        if (n <= 0) {
            return false;
        }
        next += n;
        size -= (size_t)n;
    }
    return true;
}

static bool write_all(int fd, const void *data, size_t size)
{
    const char *next = data;

    while (size > 0) {
        ssize_t n = send(fd, next, size, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        next += n;
        size -= (size_t)n;
    }
    return true;
}

static void read_until_end(int fd)
{
    char data[4096];

    while (read(fd, data, sizeof data) > 0) {
    }
}

static bool read_request(int fd, uint8_t type)
{
    uint8_t header[WIRE_HEADER_SIZE];
    uint32_t words;
    bool ok;
    char *body;

    if (!read_all(fd, header, sizeof header)) {
        return false;
    }
    memcpy(&words, header, sizeof words);
    body = malloc((size_t)words * 8);
    ok = body != NULL && read_all(fd, body, (size_t)words * 8);
    free(body);
    return ok && header[4] == type;
}

static bool do_step(struct peer *peer, int *fd, struct peer_step *step)
{
    uint64_t version;

    switch (step->what) {
    case PEER_GREET:
        return read_all(*fd, &version, sizeof version) && version == 1;
    case PEER_EXPECT:
        return read_request(*fd, step->type);
    case PEER_SEND:
        return write_all(*fd, step->bytes.data, step->bytes.size);
    case PEER_CANCEL:
        atomic_store(&peer->canceled, true);
        db_conn_wake(atomic_load(&peer->conn));
        return true;
    case PEER_CLOSE:
        close(*fd);
        *fd = -1;
        return true;
    case PEER_SILENCE:
        read_until_end(*fd);
        return true;
    }
    return false;
}

static void *run(void *data)
{
    struct peer *peer = data;
    int fd = accept(peer->listen_fd, NULL, NULL);

    for (unsigned i = 0; i < peer->n_steps; i++) {
        if (!do_step(peer, &fd, &peer->steps[i])) {
            peer->failed_step = i + 1;
            break;
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    return NULL;
}

void peer_start(struct peer *peer)
{
    assert_int_equal(pthread_create(&peer->thread, NULL, run, peer), 0);
}

void peer_stop(struct peer *peer)
{
    pthread_join(peer->thread, NULL);
    close(peer->listen_fd);
    for (unsigned i = 0; i < peer->n_steps; i++) {
        buffer_close(&peer->steps[i].bytes);
    }
    if (peer->failed_step != 0) {
        fail_msg("the peer's step %u didn't go as written", peer->failed_step);
    }
}
