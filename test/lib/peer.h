/* peer.h - a false engine: a thread that takes one connection on an abstract
 * socket and follows a script, to show what a real engine shows rarely. */
#ifndef LBSTATE_TEST_LIB_PEER_H
#define LBSTATE_TEST_LIB_PEER_H

#include "base/buffer.h"
#include "db/conn.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum peer_do {
    PEER_GREET,   /* Take handshake, CLIENT and OPEN, and answer them. */
    PEER_EXPECT,  /* Take a request, which must be of the type. */
    PEER_SEND,    /* Send the bytes. */
    PEER_CANCEL,  /* Set peer->canceled and wake peer->conn. */
    PEER_CLOSE,   /* Close the connection. */
    PEER_SILENCE, /* Take all that comes, without an answer, until the client closes. */
};

struct peer_step {
    enum peer_do what;
    uint8_t type;        /* Of the request. */
    struct buffer bytes; /* To be sent; freed by peer_stop(). */
};

#define PEER_STEPS_MAX 600

struct peer {
    char address[64];
    atomic_bool canceled;
    _Atomic(struct db_conn *) conn; /* To be woken up. */
    struct peer_step steps[PEER_STEPS_MAX];
    unsigned n_steps;
    int listen_fd; /* Private, as all that follows. */
    pthread_t thread;
    unsigned failed_step; /* Which step didn't go as written, from 1. */
};

/* Listens; the script is added next. */
void peer_init(struct peer *peer);

void peer_greet(struct peer *peer);
void peer_expect(struct peer *peer, uint8_t type);
void peer_do(struct peer *peer, enum peer_do what);
void peer_send(struct peer *peer, const void *data, size_t size);

/* Answers; the words of their bodies. */
void peer_send_message(struct peer *peer, uint8_t type, const uint64_t *words, uint32_t n_words);
void peer_send_failure(struct peer *peer, uint64_t code, const char *message);
void peer_send_result(struct peer *peer);

/* A request for a statement that is new to the connection, or known. */
void peer_prepare(struct peer *peer, uint32_t stmt_id, uint64_t n_params);
void peer_exec(struct peer *peer); /* EXEC and RESULT. */

void peer_start(struct peer *peer);

/* Waits until the script has ended; fails the test if it wasn't followed. */
void peer_stop(struct peer *peer);

#endif
