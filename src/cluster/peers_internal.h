/* peers_internal.h - what the pool (peers.c) and its connections (peer_connection.c) know of
 * each other. */
#ifndef LBSTATE_CLUSTER_PEERS_INTERNAL_H
#define LBSTATE_CLUSTER_PEERS_INTERNAL_H

#include "base/buffer.h"
#include "base/queue.h"
#include "cluster/peer_response.h"
#include "cluster/peers.h"

#define PEER_READ_SIZE (64 * 1024)

/* Kept until the pool is closed: there are few. */
struct peer_member {
    struct queue link;
    struct peers *peers;
    uint64_t id;
    struct queue idle; /* Connections; the last used last. */
    struct queue busy; /* Each has a request. */
    unsigned n_connections;
    struct queue waiting; /* Requests. */
    size_t n_waiting;
    bool dispatching;
};

struct peers {
    struct peers_options options;
    uv_async_t async; /* Requests have ended. */
    uv_timer_t timer; /* For what is late, and for idle connections. */
    uint64_t timer_us;
    unsigned n_handles; /* The two above, and those of connections. */
    struct queue members;
    struct queue ended; /* Requests, for DONE. */
    bool closing;
    void (*closed)(void *data);
    void *closed_data;
    char read_buffer[PEER_READ_SIZE]; /* A read is dealt with before the next one. */
};

struct peer_connection {
    struct queue link;
    struct peer_member *member;
    struct peer_request *request; /* NULL: idle, or closed. */
    bool kept;                    /* It has answered before. */
    bool closed;
    uint64_t idle_until_us;
    struct peer_response response;
    struct buffer head; /* Of the request. */
    bool writing;
    uv_pipe_t pipe;
    uv_write_t write;
};

/* peer_connection.c */

/* Idle, and in the member's count. */
int peer_connection_open(struct peer_member *member, struct peer_connection **ret_connection,
                         struct error *error);

/* Sends REQUEST; how that ends is told by one of the two functions below, maybe from in here. */
void peer_connection_send(struct peer_connection *connection, struct peer_request *request);

/* Takes it from the member, and its request from it. Its memory goes with its handle. */
void peer_connection_close(struct peer_connection *connection);

/* peers.c */

/* The request of CONNECTION has its answer. REUSABLE: the connection can take another one. */
void peers_answered(struct peer_connection *connection, bool reusable);

/* CONNECTION can't be used any more; it may be idle. */
void peers_broken(struct peer_connection *connection, const struct error *error);

/* A handle of the pool was closed. */
void peers_handle_closed(struct peers *peers);

#endif
