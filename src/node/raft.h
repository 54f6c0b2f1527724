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

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/* How often the asker looks: while all is calm, and for some seconds after leadership was lost
 * or raft_suspect() was called. No longer than that, because a node that doesn't vote is never
 * told who leads. A question costs some 50 us. */
#define RAFT_WATCH_CALM_MS  50
#define RAFT_WATCH_ALERT_MS 5
#define RAFT_ALERT_FOR_MS   5000
#define RAFT_REQUESTS_MAX   256 /* That wait for a thread; then ERROR_UNAVAILABLE. */
#define RAFT_ADDRESS_SIZE   64

enum raft_role { RAFT_VOTER = 0, RAFT_STANDBY = 1, RAFT_SPARE = 2 }; /* The engine's numbers. */

struct raft_server {
    uint64_t id;
    char address[RAFT_ADDRESS_SIZE];
    enum raft_role role;
};

/* The asker answers the first three, the changer carries out the rest. Roles are roles in Raft:
 * voters have the log and elect, stand-bys have the log, spares have nothing. */
enum raft_request_kind {
    RAFT_ASK_LEADER,    /* Asked anew, after raft_submit(). Out: leader_id, 0 if none is known. The
                         * engine tells voters only. */
    RAFT_SERVERS,       /* Raft's configuration, on the leader. Out: servers, leader_id. */
    RAFT_KNOWN_SERVERS, /* As the own log has it, on any node: it may be old. Out: the same. */
    RAFT_ADD,           /* In: id, address. As a spare. Done already is no error. */
    RAFT_ASSIGN,        /* In: id, role. Done already is no error. Who is to vote is brought up to
                         * date first. The engine gives up on one that is silent after 50 s, and
                         * until then, deadline or not, it makes no other change (RAFT_TRANSFER
                         * ends it): so only one that can be reached is to be given a vote. */
    RAFT_REMOVE,        /* In: id. Gone already is no error. */
    RAFT_TRANSFER,      /* In: id, of a voter that is to lead. It leads already: no error. It goes
                         * without an answer if the majority is lost meanwhile: it needs a deadline
                         * (some three times the timeout of an election). */
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

    /* Read-only in DONE. ERROR_NOT_LEADER: the own node doesn't lead, or not any more (orders,
     * and RAFT_SERVERS); ERROR_BUSY: another change is under way; ERROR_NOT_FOUND: no server
     * with that id; ERROR_CONFLICT: id or address is another server's; ERROR_INVALID: no id or
     * no address, or RAFT_TRANSFER to one that doesn't vote; ERROR_UNAVAILABLE: the server meant
     * doesn't follow, or too many requests wait; ERROR_TIMEOUT, ERROR_CANCELED (closing),
     * ERROR_IO. After a failure of an order other than ERROR_BUSY, ERROR_NOT_FOUND,
     * ERROR_CONFLICT and ERROR_INVALID it may still be carried out: look at RAFT_SERVERS. */
    struct error error;
    uint64_t leader_id;
    struct raft_server *servers; /* By id; free() them. NULL after an error. */
    size_t n_servers;

    /* Private. */
    struct queue queue;
};

struct raft;

struct raft_options {
    uv_loop_t *loop;
    const char *engine_address; /* Copied. */
    uint64_t own_id;
    /* On the loop, whenever it is another one than before, beginning with 0; 0: nobody, as far
     * as the own engine knows, or it can't be reached. */
    void (*on_leader)(uint64_t leader_id, void *data);
    void *data;
};

/* Starts the threads; the engine need not be there yet. ERROR_IO, ERROR_NO_MEMORY. After a
 * failure the loop must turn once more before it is closed. */
int raft_open(const struct raft_options *options, struct raft **ret_raft, struct error *error);

/* All requests end with ERROR_CANCELED (an order that the engine has already may still be
 * carried out). CLOSED is called on the loop when they are done and the threads are gone; RAFT is
 * freed then. */
void raft_close(struct raft *raft, void (*closed)(void *data), void *data);

void raft_request_init(struct raft_request *request);

/* Never calls DONE before it returns. */
void raft_submit(struct raft *raft, struct raft_request *request);

/* The leader doesn't answer: look more often for a while. */
void raft_suspect(struct raft *raft);

#endif
