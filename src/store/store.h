/* store.h - the door to the state.
 *
 * A request is a transaction that the store runs on one of its threads and
 * whose end it reports on the loop's thread:
 *
 *   writes  the executor takes all that wait (bounded), runs them in one BEGIN
 *           IMMEDIATE .. COMMIT and so one Raft commit, each within its own
 *           savepoint, and answers each by itself: one that fails leaves no
 *           trace and doesn't harm its neighbours
 *   reads   the reader runs each in a read transaction of its own, on a second
 *           connection
 *   local   the local reader runs each on a copy of this node's database that it had the engine
 *           dump, and that SQLite reads in this process
 *
 * The caller embeds struct store_request at the start of its own struct, with
 * the inputs and outputs of its transaction. From store_submit() until DONE is
 * called the request belongs to the store; RUN may read inputs and write
 * outputs, and must allocate in the arena that it is given.
 *
 * Applied once: every write has an id. The ids of committed requests are kept
 * in the database for STORE_REQUEST_KEPT_S seconds with their result, in the
 * same transaction as their effect, so that a request whose outcome got lost is
 * run again by the store and answered, not applied twice. */
#ifndef LBSTATE_STORE_STORE_H
#define LBSTATE_STORE_STORE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/queue.h"
#include "db/observer.h"
#include "db/tx.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#define STORE_BATCH_MAX        256   /* Writes in one transaction. */
#define STORE_QUEUE_MAX        4096  /* Requests that wait, of each kind; then ERROR_UNAVAILABLE. */
#define STORE_REQUEST_KEPT_S   600   /* How long ids of requests are kept. */
#define STORE_TOMBSTONE_KEPT_S 3600  /* How long tombstones are kept. */
#define STORE_REQUEST_ID_MAX   128   /* Bytes of an id. */
#define STORE_RESULT_SIZE_MAX  65536 /* Bytes of a result that is kept with an id. */
#define STORE_LOCAL_AGE_FACTOR 10    /* Dumps of the own copy take a tenth of the time at most. */
#define STORE_LOCAL_IDLE_S     5     /* How long a copy is kept that nobody reads. */

struct store;
struct store_request;

/* What a transaction of a request works with; passed to RUN. A write has a
 * savepoint open in DB, whose answer is outstanding: db_tx_flush() comes before
 * db_conn_exec_sql() or db_conn_query_sql() on its connection. */
struct store_tx {
    struct db_tx *db;              /* For the generated functions. */
    struct arena *arena;           /* The request's own: lives until its owner closes it. */
    struct store_request *request; /* Private. */
    struct store_batch *batch;     /* Private: NULL in a read. */
    int64_t revision;              /* Private: 0 until store_tx_revision() was called. */
    bool has_tombstone;            /* Private. */
};

/* The revision of this request's change: one more than that of the change
 * before. The first call makes it the request's; a request that never calls it
 * must not change anything (it keeps the store's revision as it is, and its id
 * isn't kept). ERROR_INTERNAL in a read. */
int store_tx_revision(struct store_tx *tx, int64_t *ret_revision, struct error *error);

/* Leaves a tombstone at this request's revision; at most one a request, else
 * ERROR_INTERNAL. */
int store_tx_tombstone(struct store_tx *tx, const char *kind, const char *project,
                       const char *network, const char *name, struct error *error);

enum store_kind {
    STORE_READ,
    STORE_WRITE,
    /* On this node's own copy of the database, as it is, whoever leads: it is there even when no
     * majority is, and may be behind what the leader has committed by any time. To dump it holds
     * up the engine, so that one dump serves all that wait, and those that come while it isn't
     * older than STORE_LOCAL_AGE_FACTOR times what it took: a write that was answered just before
     * may not be seen yet. request->revision is the copy's: who wants to know nothing else of this
     * node submits a RUN that does nothing.
     * ERROR_UNAVAILABLE: there is no copy (nothing was replicated yet, or this node is a spare),
     * it hasn't the schema of this program, or the engine didn't give it. ERROR_CORRUPT,
     * ERROR_TOO_LARGE (over DB_DUMP_SIZE_MAX): see db/dump.h. It isn't tried again. */
    STORE_READ_LOCAL,
};

/* Runs on a thread of the store; may run more than once (after a lost
 * connection, always from the start), so it sets its outputs anew each time. */
typedef int (*store_run)(struct store_request *request, struct store_tx *tx, struct error *error);

/* Called once for each submitted request, on the loop's thread. */
typedef void (*store_done)(struct store_request *request);

struct store_request {
    /* Set by the caller before store_submit(). */
    void *data;
    enum store_kind kind;
    const char *name; /* "load_balancer_create": for logs and metrics; a literal. */
    store_run run;
    store_done done;
    uint64_t deadline_us;              /* Monotonic. */
    char id[STORE_REQUEST_ID_MAX + 1]; /* Printable ASCII; "": the store makes one. Writes only. */
    bool id_is_fresh;                  /* No other try with this id can have been made, so that it
                                        * needs no look-up. The store sets it for ids of its own. */

    /* Read-only in DONE. */
    struct error error; /* code ERROR_NONE: applied, or read. */
    int64_t revision;   /* Of the change, or of what was read or found unchanged; 0 on error. */
    bool changed;       /* RUN changed something. (A replayed request has, in an earlier try.) */
    bool replayed;      /* The id was known: RUN's outputs aren't set, or belong to an earlier
                         * try and their memory is gone; there is only RESULT. */
    struct arena arena; /* Where RUN's outputs live; the owner closes it after DONE. */

    /* Set by RUN if its answer can't be made from the inputs alone: text that is
     * kept with the id (in the arena), and given back when replayed. NULL and ""
     * are the same, and given back as NULL; over STORE_RESULT_SIZE_MAX bytes the
     * request fails with ERROR_TOO_LARGE. */
    const char *result;

    /* Private. */
    struct store *store;
    struct queue outstanding; /* Until DONE was called; the loop's. */
    struct queue queue;       /* Waiting, in the batch, or finished. */
    struct db_context context;
    atomic_bool canceled;
    int state;
    unsigned breaks; /* How often the connection broke while RUN ran. */
    bool id_is_new;  /* The store made it, and no COMMIT can have kept it yet. */
    bool in_doubt;   /* A COMMIT that had its change in it may have been applied. */
};

struct store_options {
    uv_loop_t *loop;
    const char *engine_address;   /* Of the own node. */
    struct db_observer *observer; /* May be NULL. */
};

/* Starts the threads. READY is called on the loop once (unless the store is
 * closed before): with NULL when the database is open, the schema is applied and
 * requests are served, or with the error that makes it impossible (a newer
 * schema, say), which all requests end with then. Requests may be submitted
 * before; they wait. Without a leader, or memory, it tries on. READY may be NULL.
 * If this fails, memory is freed in the next turn of the loop. */
typedef void (*store_ready)(struct store *store, const struct error *error, void *data);
int store_open(const struct store_options *options, store_ready ready, void *data,
               struct store **ret_store, struct error *error);

/* Zeroes it; there is no deadline. Always before the fields are set, and again
 * before it is submitted again. */
void store_request_init(struct store_request *request);

/* Never calls DONE before it returns. A full queue or a store that is closing
 * (ERROR_UNAVAILABLE) and an id with other characters (ERROR_INVALID) are
 * reported through DONE as well.
 *
 * A request ends at its deadline, whatever the engine does:
 *   ERROR_TIMEOUT          it waited, or ran, and surely nothing was done
 *   ERROR_UNKNOWN_OUTCOME  its commit was not confirmed; who wants to know submits
 *                          it again with the same id */
void store_submit(struct store *store, struct store_request *request);

/* Whether this node leads. While it doesn't, reads and writes (but not STORE_READ_LOCAL) end at
 * once with ERROR_NOT_LEADER, those that wait as well as those that come; so does a request whose
 * transaction fails because leadership was lost. A write that was in doubt then ends with
 * ERROR_UNKNOWN_OUTCOME: submit it again, with its id, where the leader is. A store that was never
 * told, as in a cluster of one, leads, and tries on until the deadline instead.
 * The schema is applied by the leader; READY is called when the store could serve in its place. */
void store_set_leads(struct store *store, bool leads);

/* The caller doesn't want it any more. DONE is still called, soon but never
 * before this returns, with ERROR_CANCELED if nothing was done; a write whose
 * COMMIT is under way, or got no answer, ends as it would have. May be called
 * until DONE was. */
void store_cancel(struct store_request *request);

/* No new requests from here on (ERROR_UNAVAILABLE); those that wait or run get
 * until DRAIN_MS to finish, the rest are canceled (ERROR_CANCELED, or
 * ERROR_UNKNOWN_OUTCOME where a COMMIT is under way). CLOSED is called on the loop
 * when the last DONE was called and the threads are gone, which a hanging engine
 * delays by some seconds at most; STORE is freed after it returns. */
typedef void (*store_closed)(void *data);
void store_close(struct store *store, unsigned drain_ms, store_closed closed, void *data);

struct store_metrics {
    uint64_t batches;        /* Committed. */
    uint64_t batch_requests; /* Writes in them. */
    uint64_t batch_largest;
    uint64_t reconnects;
    uint64_t replays;             /* Requests answered from their stored id. */
    uint64_t unknown_outcomes;    /* Commits whose answer was lost. */
    uint64_t waiting_writes;      /* Now. */
    uint64_t waiting_reads;       /* Now. */
    uint64_t waiting_local_reads; /* Now. */
    uint64_t local_dumps;         /* Dumps of the own copy, also in vain. */
    uint64_t local_dump_us;       /* How long they took, all in all. */
};
void store_metrics(struct store *store, struct store_metrics *ret_metrics);

#endif
