/* raft.h - the questions and orders to the own engine that are about Raft.
 *
 * Two threads, each with a connection of its own to the engine, because an order
 * (a member is to vote) can take long and the question who leads must not wait:
 * the asker keeps watch over who leads, the changer carries out orders, one at a
 * time, in the order in which they came. All callbacks come on the loop. */
#ifndef LBSTATE_NODE_RAFT_H
#define LBSTATE_NODE_RAFT_H

#include "base/error.h"
#include "base/queue.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/* How often the asker looks: while all is calm, and while nobody leads or raft_suspect() was
 * called. A question costs some 50 us. */
#define RAFT_WATCH_CALM_MS  50
#define RAFT_WATCH_ALERT_MS 5
#define RAFT_ALERT_FOR_MS   5000
#define RAFT_REQUESTS_MAX   256 /* That wait, of each kind; then ERROR_UNAVAILABLE. */

enum raft_role { RAFT_VOTER = 0, RAFT_STANDBY = 1, RAFT_SPARE = 2 }; /* The engine's numbers. */

struct raft_server {
    uint64_t id;
    char address[64];
    enum raft_role role;
};

enum raft_request_kind {
    RAFT_ASK_LEADER, /* Asked anew, after raft_submit(). Out: leader_id, 0 if none is known. */
    RAFT_SERVERS,    /* Raft's configuration. Out: servers. */
    RAFT_ADD,        /* In: id, address. As a spare. Done already is no error. */
    RAFT_ASSIGN,     /* In: id, role. */
    RAFT_REMOVE,     /* In: id. Gone already is no error. */
    RAFT_TRANSFER,   /* In: id, of a voter that is to lead. */
};

struct raft_request {
    /* Set by the caller, after raft_request_init(). */
    void *data;
    enum raft_request_kind kind;
    uint64_t id;
    const char *address; /* Borrowed until DONE. */
    enum raft_role role;
    uint64_t deadline_us; /* Monotonic. */
    void (*done)(struct raft_request *request);

    /* Read-only in DONE. ERROR_NOT_LEADER: the own node doesn't lead (orders, and
     * RAFT_SERVERS); ERROR_BUSY: another change is under way; ERROR_NOT_FOUND: no server
     * with that id; ERROR_TIMEOUT, ERROR_CANCELED (closing), ERROR_IO. After a timeout of
     * an order it may still be carried out: look at RAFT_SERVERS. */
    struct error error;
    uint64_t leader_id;
    struct raft_server *servers; /* By id; free() them. */
    size_t n_servers;

    /* Private. */
    struct queue queue;
    atomic_bool canceled;
};

struct raft;

struct raft_options {
    uv_loop_t *loop;
    const char *engine_address;
    uint64_t own_id;
    /* On the loop, whenever it is another one than before; 0: nobody, as far as the own
     * engine knows. */
    void (*on_leader)(uint64_t leader_id, void *data);
    void *data;
};

int raft_open(const struct raft_options *options, struct raft **ret_raft, struct error *error);

/* CLOSED is called on the loop when all requests are done and the threads are gone. */
void raft_close(struct raft *raft, void (*closed)(void *data), void *data);

void raft_request_init(struct raft_request *request);

/* Never calls DONE before it returns. */
void raft_submit(struct raft *raft, struct raft_request *request);

/* The leader doesn't answer: look more often for a while. */
void raft_suspect(struct raft *raft);

#endif
