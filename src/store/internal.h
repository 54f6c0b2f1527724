/* internal.h - what the files of src/store share, and nobody else includes.
 *
 * One mutex guards all that the loop and the threads share: the queues, the
 * states of requests, the metrics. It is held for list operations only, never
 * over a call to the engine or to a caller's function.
 *
 * A request goes through these states, under that mutex:
 *
 *   WAITING   stands in the queue of its worker
 *   RUNNING   belongs to the worker's thread; the loop may only set its cancel flag
 *   RAN       stands in the executor's batch: its part of the transaction is done
 *             and the COMMIT is not; the thread doesn't touch it, so that the loop
 *             can answer it at its deadline whatever the engine does
 *   FINISHED  stands in the queue of finished ones, for the loop to call DONE
 *
 * A batch that has to be run again goes back to WAITING as a whole. */
#ifndef LBSTATE_STORE_INTERNAL_H
#define LBSTATE_STORE_INTERNAL_H

#include "store/store.h"

#include <pthread.h>

/* How long one call to the engine may take that no request's deadline bounds. */
#define STORE_ENGINE_TIMEOUT_US (5 * UINT64_C(1000000))

/* A request during which the connection broke this often, in a row and over longer
 * and longer pauses, is taken for the reason, and ends with the error. */
#define STORE_BREAKS_MAX 10

enum request_state {
    REQUEST_IDLE,
    REQUEST_WAITING,
    REQUEST_RUNNING,
    REQUEST_RAN,
    REQUEST_FINISHED
};

/* A thread with a queue and a connection: the executor or a reader. The local reader works on
 * what this node has, whoever leads: it waits for requests by rules of its own, and has its
 * connection for the time of a dump. */
struct worker {
    struct store *store;
    const char *name; /* For logs; a literal. */
    bool prepares;    /* Applies the schema, which all others wait for. */
    bool is_local;    /* Serves whoever leads: its work belongs to no epoch. */
    pthread_t thread;
    bool started; /* The loop's: the thread is there and not joined yet. */

    /* Under store->mutex. */
    pthread_cond_t wake_up;
    struct queue waiting;
    size_t n_waiting;
    bool ended;           /* The thread's last word. */
    struct db_conn *conn; /* NULL: none. Only the thread changes it. */

    /* The thread's own. */
    struct db_context context; /* For what is done for no request in particular. */
    unsigned n_failures;       /* In a row: how long to pause. */
    uint64_t n_connects;
    uint64_t epoch; /* The store's, of the connection. */
    uint64_t random;
};

struct store {
    struct db_observer *observer;
    char *engine_address;

    /* The loop's own. */
    uv_loop_t *loop;
    uv_async_t async;
    uv_timer_t timer;
    unsigned n_handles;       /* Not closed yet. */
    struct queue outstanding; /* Submitted, DONE not called yet. */
    uint64_t timer_us;        /* When the timer fires; CLOCK_NEVER_US: it is off. */
    store_ready ready;        /* NULL once called. */
    void *ready_data;
    bool closing;
    bool failed_open;  /* store_open() failed: free it, and call nobody. */
    uint64_t drain_us; /* While closing: when the patience ends. */
    store_closed closed;
    void *closed_data;
    uint64_t id_prefix; /* Of the ids that the store makes. */
    uint64_t n_ids;

    pthread_mutex_t mutex;
    bool told;            /* Who leads: what is refused here has another place. */
    bool leads;           /* This node; true until told otherwise. */
    uint64_t epoch;       /* How often LEADS changed. Serving and failure are of this one. */
    bool serving;         /* The schema is there. */
    struct error failure; /* Why it can't be; code ERROR_NONE: it may. */
    struct queue finished;
    struct queue batch; /* The executor's requests that are RAN. */
    struct store_metrics metrics;

    atomic_bool stopping; /* Set under mutex: the threads end. */

    struct worker executor;
    struct worker reader;
    struct worker local_reader;
};

/* worker.c: what the threads have in common. All but worker_init() and
 * worker_close() are called on the worker's thread. */

void worker_init(struct worker *worker, struct store *store, const char *name);
void worker_close(struct worker *worker);
int worker_start(struct worker *worker, void *(*main)(void *worker), struct error *error);

/* Waits until requests wait and the store serves, or, where the worker prepares it, until
 * it is to be prepared. While this node doesn't lead, what waits ends in here. False: the
 * thread is to end. */
bool worker_await_work(struct worker *worker);

/* Says that the thread ends; nothing of the store may be used afterwards. */
void worker_end(struct worker *worker);

/* Gives the worker's own context STORE_ENGINE_TIMEOUT_US from now. */
void worker_renew(struct worker *worker);

/* Makes sure that there is a connection, that it isn't broken, and that it was made since
 * this node leads. */
int worker_connect(struct worker *worker, struct error *error);
void worker_disconnect(struct worker *worker);

/* After a failure that may pass: logs the first in a row and waits, longer each
 * time, with jitter, until the pause is over, the thread is to end, or it is said
 * anew who leads. If the failure is that somebody else leads, all that wait end
 * with it, where there is another place for them. */
void worker_pause(struct worker *worker, const struct error *error);

/* After a success: the next pause is short again. */
void worker_recovered(struct worker *worker);

/* The next request that waits, RUNNING now, its outputs emptied; answers those
 * that are late or canceled. NULL: none waits. */
struct store_request *worker_take(struct worker *worker);

/* Puts a RUNNING request back in front. */
void worker_requeue(struct worker *worker, struct store_request *request);

/* Calls RUN. What it got over on its way is no error of the request. */
int worker_run(struct store_request *request, struct store_tx *tx);

/* A RUNNING request is done, with request->error. */
void worker_finish(struct worker *worker, struct store_request *request);

/* store.c */

/* REQUEST stands in no queue; the loop reports its end, with request->error.
 * store->mutex is held. */
void store_finish_locked(struct store *store, struct store_request *request);

/* Whether an error_code says nothing about the request: somebody else leads, or
 * writes. */
bool store_is_passing(int code);

/* All that wait for the leader end with ERROR_NOT_LEADER. store->mutex is held. */
void store_refuse_waiting_locked(struct store *store);

/* The database has the schema: requests are served from here on. Ignored, as in the next,
 * if EPOCH is over. */
bool store_is_serving(struct store *store);
void store_serve(struct store *store, uint64_t epoch);

/* It never will: all that wait, and all that come, end with ERROR. */
void store_fail(struct store *store, uint64_t epoch, const struct error *error);

/* executor.c, reader.c, local_reader.c */
void *executor_main(void *worker);
void *reader_main(void *worker);
void *local_reader_main(void *worker);

#endif
