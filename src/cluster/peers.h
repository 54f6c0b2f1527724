/* peers.h - requests to other members: an HTTP/1.1 client on the loop, over the
 * tunnel's sockets.
 *
 * Connections are kept and used again (each by one request at a time), up to a
 * limit a member; more requests wait in order. A request that is canceled, or
 * whose time is up, costs its connection, so that the other side learns of it.
 *
 * A kept connection may have been closed by the other side while nobody looked. A request
 * that finds that out, before a byte of its answer came, is sent once more on a new one, unless
 * it says that it must not be. */
#ifndef LBSTATE_CLUSTER_PEERS_H
#define LBSTATE_CLUSTER_PEERS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/queue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#define PEER_CONNECTIONS_MAX   64   /* To one member. */
#define PEER_WAITING_MAX       4096 /* Requests to one member without a connection. */
#define PEER_IDLE_MS           60000
#define PEER_RESPONSE_SIZE_MAX (64 * 1024 * 1024)

struct peers;

struct peer_header {
    const char *name;
    const char *value;
};

struct peer_request {
    /* Set by the caller after peer_request_init(); borrowed until DONE. */
    void *data;
    uint64_t member_id;
    const char *method;
    const char *target;                /* "/1.0/networks?project=p1": sent as it is. */
    const struct peer_header *headers; /* Without Host, Content-Length, Connection. */
    size_t n_headers;
    const char *body;
    size_t body_size;
    uint64_t deadline_us; /* Monotonic. */
    bool send_once;       /* It claims to be the first of its kind: a second time it would lie. */
    void (*done)(struct peer_request *request);

    /* Read-only in DONE. ERROR_UNAVAILABLE: no connection could be made, or too many requests
     * wait for one; ERROR_IO: it broke; ERROR_PROTOCOL: the answer is malformed; ERROR_TOO_LARGE;
     * ERROR_INVALID: a line break in a header; ERROR_TIMEOUT; ERROR_CANCELED; ERROR_NO_MEMORY.
     * What the answer sets is undefined then. */
    struct error error;
    bool sent; /* A byte of it may have reached the member: it may have been carried out. */
    unsigned status;
    struct arena arena; /* Of the answer; the owner of the request closes it. */
    struct peer_header *response_headers;
    size_t n_response_headers;
    const char *response_body; /* A NUL follows. */
    size_t response_size;

    /* Private. */
    struct queue queue;                 /* Waiting, or ended. */
    struct peer_connection *connection; /* That has it now. */
    bool ended;                         /* DONE is about to be called. */
    bool retried;
};

struct peers_options {
    uv_loop_t *loop;
    /* A connected stream socket to member ID, given at once; tunnel_connect() as a rule. */
    int (*connect)(void *data, uint64_t member_id, int *ret_fd, struct error *error);
    void *data;
};

int peers_open(const struct peers_options *options, struct peers **ret_peers, struct error *error);

/* All requests end with ERROR_CANCELED, and no new ones are taken. CLOSED is called on the loop
 * when all is closed; PEERS is freed then. */
void peers_close(struct peers *peers, void (*closed)(void *data), void *data);

void peer_request_init(struct peer_request *request);

/* Never calls DONE before it returns. */
void peers_submit(struct peers *peers, struct peer_request *request);

/* DONE is called soon, never before this returns, with ERROR_CANCELED unless the request has
 * ended already. May be called until DONE was. */
void peer_cancel(struct peers *peers, struct peer_request *request);

/* The member is gone, or another one leads: closes its idle connections. */
void peers_forget(struct peers *peers, uint64_t member_id);

/* Of the answer: the first with that name, without regard to case; NULL if there is none. */
const char *peer_header_get(const struct peer_request *request, const char *name);

#endif
