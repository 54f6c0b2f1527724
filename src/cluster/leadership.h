/* leadership.h - who leads, and whether that is still so.
 *
 * A node takes part as soon as it is started; a node that stands alone leads
 * itself. All on the loop.
 *
 * Confirming: before the leader answers a read it asks the voters who leads. If a majority,
 * asked after the read began, names it, then no other leader can have committed anything
 * before the read began: for that, a majority would have had to vote in a newer term, and a
 * voter that did so forgets its old leader (Raft, section 8 of the extended paper, with the
 * question to the engines in the place of a round of heartbeats). One question serves all
 * reads that wait when it is sent. */
#ifndef LBSTATE_CLUSTER_LEADERSHIP_H
#define LBSTATE_CLUSTER_LEADERSHIP_H

#include "base/error.h"
#include "base/queue.h"
#include "cluster/peers.h"
#include "node/raft.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct leadership;

enum leadership_place {
    LEADERSHIP_HERE,    /* This node leads. */
    LEADERSHIP_MEMBER,  /* Another member does. */
    LEADERSHIP_NOWHERE, /* Nobody, as far as is known. */
};

struct leadership_view {
    enum leadership_place place;
    uint64_t member_id; /* The leader; 0 if nowhere. */
    uint64_t epoch;     /* Another number after each change. */
};
void leadership_get(const struct leadership *leadership, struct leadership_view *ret_view);

struct leadership_waiter {
    /* Set by the caller. */
    void *data;
    uint64_t deadline_us;
    uint64_t epoch; /* await, watch: the one that is known already; 0: none. */
    void (*done)(struct leadership_waiter *waiter);

    /* Read-only in DONE. */
    struct error error;

    /* Private. */
    struct queue queue;
    uint64_t retry_us;
};

/* DONE when somebody leads under another epoch than waiter->epoch, or the same leader was found
 * anew after a pause of some ms (who was tried may just not have known yet); ERROR_UNAVAILABLE
 * at the deadline, with leadership_explain()'s message. Never before it returns. */
void leadership_await(struct leadership *leadership, struct leadership_waiter *waiter);

/* DONE when somebody leads under another epoch than waiter->epoch, however long that takes: the
 * deadline isn't looked at. For who waits for an answer of the leader, which may be cut off. */
void leadership_watch(struct leadership *leadership, struct leadership_waiter *waiter);

/* DONE when a majority of the voters has confirmed, since this call, that this node leads;
 * ERROR_NOT_LEADER: it doesn't; ERROR_TIMEOUT: not enough answered. Never before it returns. At
 * once (in the loop's next turn) for a cluster with one voter. */
void leadership_confirm(struct leadership *leadership, struct leadership_waiter *waiter);

/* Takes WAITER back without calling DONE. */
void leadership_forget(struct leadership *leadership, struct leadership_waiter *waiter);

/* Who was tried didn't answer, or says that it doesn't lead. */
void leadership_suspect(struct leadership *leadership);

/* ERROR_UNAVAILABLE: why there is no leader, with the arithmetic of the quorum and what each
 * member answered: "No member leads: 1 of 3 voters answers and 2 are needed (n2 127.0.0.2:8443:
 * connection refused; ...)". */
int leadership_explain(struct leadership *leadership, struct error *error);

/* -- For cluster.c, which feeds it ----------------------------------------- */

/* How long a voter may take to say whom it follows. */
#define LEADERSHIP_QUESTION_MS 1000

/* Who was tried in vain is tried again after this, if nobody else leads until then. */
#define LEADERSHIP_RETRY_MS 10

struct leadership_options {
    uv_loop_t *loop;
    uint64_t own_id;
    struct peers *peers; /* May be NULL where there is no cluster yet; see the setters. */
    struct raft *raft;   /* As above. */
    /* Why there is no leader, as ERROR_UNAVAILABLE. */
    void (*explain)(void *data, struct error *error);
    /* leadership_suspect() was called. */
    void (*on_suspect)(void *data);
    void *data;
};

/* It leads itself until it is told otherwise. */
int leadership_open(const struct leadership_options *options, struct leadership **ret_leadership,
                    struct error *error);

/* All waiters end with ERROR_CANCELED. CLOSED is called on the loop; LEADERSHIP is freed then. */
void leadership_close(struct leadership *leadership, void (*closed)(void *data), void *data);

/* The own engine says so; 0: nobody leads. */
void leadership_set_leader(struct leadership *leadership, uint64_t leader_id);

/* Who votes, by Raft's configuration, as the leader read it. Until it is known nothing is
 * confirmed. ERROR_NO_MEMORY. */
int leadership_set_voters(struct leadership *leadership, const uint64_t *ids, size_t n_ids,
                          struct error *error);

/* The cluster got peers and the engine's control. */
void leadership_set_means(struct leadership *leadership, struct peers *peers, struct raft *raft);

#endif
