/* raft_internal.h - what raft.c and its two threads share, and nobody else includes.
 *
 * One mutex guards what the loop and the threads share: the queues, who leads, the
 * connections' pointers. It is never held over a call to the engine or to a caller's function.
 *
 * A request stands in one queue at a time: WAITING of its worker, then RUNNING of it while the
 * thread works (on a copy, so that the loop can take the request away at its deadline and its
 * owner may free it), then FINISHED, for the loop to call DONE. */
#ifndef LBSTATE_NODE_RAFT_INTERNAL_H
#define LBSTATE_NODE_RAFT_INTERNAL_H

#include "node/raft.h"
#include "node/raft_conn.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* How long the engine may take to answer a question. It answers in some 50 us, unless its
 * thread is held up; then it is as good as unreachable. */
#define RAFT_ENGINE_TIMEOUT_US (1 * UINT64_C(1000000))

struct raft_worker {
    struct raft *raft;
    const char *name; /* For logs; a literal. */
    pthread_t thread;
    bool started; /* The loop's: the thread is there and not joined yet. */

    /* Under raft->mutex. */
    pthread_cond_t wake_up;
    struct queue waiting;
    size_t n_waiting;
    struct queue running;
    bool ended;             /* The thread's last word. */
    struct raft_conn *conn; /* NULL: none. Only the thread changes it. */

    /* The thread's own. */
    unsigned n_failures; /* In a row: how long to pause. */
};

struct raft {
    uint64_t own_id;
    char *engine_address;
    void (*on_leader)(uint64_t leader_id, void *data);
    void *data;

    /* The loop's own. */
    uv_loop_t *loop;
    uv_async_t async;
    uv_timer_t timer;
    unsigned n_handles; /* Not closed yet. */
    uint64_t timer_us;  /* When the timer fires; CLOCK_NEVER_US: it is off. */
    uint64_t told_leader_id;
    bool closing;
    bool failed_open; /* raft_open() failed: free it, and call nobody. */
    void (*closed)(void *data);
    void *closed_data;

    pthread_mutex_t mutex;
    struct queue finished;
    uint64_t leader_id;      /* As the asker saw it last. */
    uint64_t alert_until_us; /* Until then it looks more often. */
    bool look_now;           /* It isn't to wait for its next look. */

    atomic_bool stopping; /* Set under mutex: the threads end. */

    struct raft_worker asker;
    struct raft_worker changer;
};

/* raft_worker.c: what the two threads have in common. All but the first three are called on
 * the worker's thread. */

void raft_worker_init(struct raft_worker *worker, struct raft *raft, const char *name);
void raft_worker_close(struct raft_worker *worker);
int raft_worker_start(struct raft_worker *worker, void *(*main)(void *worker), struct error *error);

/* Makes sure that there is a connection, and that it isn't broken. */
int raft_worker_connect(struct raft_worker *worker, const struct db_context *context,
                        struct error *error);

/* Waits for a signal or until UNTIL_US. raft->mutex is held, and released meanwhile. */
void raft_worker_wait_locked(struct raft_worker *worker, uint64_t until_us);

/* After a failure of the connection: logs the first in a row; until when to pause. */
uint64_t raft_worker_failed(struct raft_worker *worker, const struct error *error);

/* After a success: the next pause is short again. */
void raft_worker_recovered(struct raft_worker *worker);

/* Says that the thread ends; nothing of the raft may be used afterwards. */
void raft_worker_end(struct raft_worker *worker);

/* raft.c: REQUEST stands in no queue; the loop reports its end, with request->error.
 * raft->mutex is held. */
void raft_finish_locked(struct raft *raft, struct raft_request *request);

/* raft_asker.c, raft_changer.c */
void *raft_asker_main(void *worker);
void *raft_changer_main(void *worker);

#endif
