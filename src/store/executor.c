/* The write thread: takes what waits, runs it in one transaction, commits, and
 * finds out what became of a commit whose answer was lost. */
#include "base/clock.h"
#include "base/log.h"
#include "store/internal.h"
#include "store/journal.h"
#include "store/schema.h"

#include <string.h>

/* One transaction and the requests that are in it. */
struct store_batch {
    struct worker *worker;
    struct db_tx tx;
    bool revision_known;
    int64_t revision_before; /* The store's; both are set if it is known. */
    int64_t revision;        /* After the requests that ran so far. */

    /* Over all batches. */
    bool disk_full;       /* The last commit failed for lack of space. */
    int64_t pruned_s;     /* When was the last time. */
    int64_t n_kept;       /* Ids that were written since. */
    int64_t n_kept_batch; /* Of them, in this batch. */
};

/* At least this many ids and tombstones go at a time, and twice as many as came. */
#define PRUNE_MIN INT64_C(64)

static int know_revision(struct store_batch *batch, struct error *error)
{
    int code;

    if (batch->revision_known) {
        return ERROR_NONE;
    }
    code = journal_get_revision(&batch->tx, &batch->revision_before, error);
    if (code == ERROR_NONE) {
        batch->revision = batch->revision_before;
        batch->revision_known = true;
    }
    return code;
}

static bool has_changes(const struct store_batch *batch)
{
    return batch->revision_known && batch->revision != batch->revision_before;
}

int store_tx_revision(struct store_tx *tx, int64_t *ret_revision, struct error *error)
{
    int code;

    if (tx->batch == NULL) {
        return error_set(error, ERROR_INTERNAL, "%s is a read and can't change anything",
                         tx->request->name);
    }
    if (tx->revision == 0) {
        code = know_revision(tx->batch, error);
        if (code != ERROR_NONE) {
            return code;
        }
        tx->revision = ++tx->batch->revision;
    }
    *ret_revision = tx->revision;
    return ERROR_NONE;
}

int store_tx_tombstone(struct store_tx *tx, const char *kind, const char *project,
                       const char *network, const char *name, struct error *error)
{
    int64_t revision;
    int code = store_tx_revision(tx, &revision, error);

    if (code != ERROR_NONE) {
        return code;
    }
    if (tx->has_tombstone) {
        return error_set(error, ERROR_INTERNAL, "%s leaves more than one tombstone",
                         tx->request->name);
    }
    tx->has_tombstone = true;
    return journal_add_tombstone(tx->db, tx->revision, kind, project, network, name, error);
}

/* Answers REQUEST from its stored id, if it was committed before. An id that the
 * store made itself is known only after a commit whose answer was lost. */
static int look_up(struct store_batch *batch, struct store_request *request)
{
    struct db_context context = request->context;
    const char *result = NULL;
    bool was_in_doubt = request->in_doubt;
    int code;

    if (request->id_is_new) {
        return ERROR_NONE;
    }
    if (request->in_doubt) {
        context.canceled = NULL; /* It may be done already: too late to withdraw. */
    }
    db_tx_set_context(&batch->tx, &context);
    code = journal_find_request(&batch->tx, &request->arena, request->id, &request->replayed,
                                &request->revision, &result, &request->error);
    db_tx_set_context(&batch->tx, &request->context);
    if (code != ERROR_NONE) {
        return code;
    }
    request->in_doubt = request->in_doubt && request->replayed;
    if (!request->replayed && was_in_doubt && batch->disk_full) {
        return error_set(&request->error, ERROR_NO_SPACE,
                         "The disk of this node is full: nothing was changed");
    }
    if (request->replayed && result[0] != '\0') {
        request->result = result;
    }
    return ERROR_NONE;
}

/* Calls RUN and keeps the id with the result. All answers of the engine are read
 * before it returns: a failure is this request's and not its neighbour's. */
static int apply(struct store_batch *batch, struct store_request *request, struct store_tx *tx)
{
    struct error *error = &request->error;
    const char *result;
    int code = worker_run(request, tx);

    if (code == ERROR_NONE && tx->revision != 0) {
        result = request->result == NULL ? "" : request->result;
        code = strlen(result) > STORE_RESULT_SIZE_MAX
                   ? error_set(error, ERROR_TOO_LARGE, "The result of %s is over %d bytes",
                               request->name, STORE_RESULT_SIZE_MAX)
                   : journal_add_request(&batch->tx, request->id, tx->revision, result, error);
    }
    if (code == ERROR_NONE) {
        code = db_tx_flush(&batch->tx, error);
    }
    if (code == ERROR_NONE) {
        code = know_revision(batch, error);
    }
    if (code == ERROR_NONE) {
        request->changed = tx->revision != 0;
        request->revision = batch->revision;
    }
    return code;
}

static void add_to_batch(struct store_batch *batch, struct store_request *request)
{
    struct store *store = batch->worker->store;

    pthread_mutex_lock(&store->mutex);
    request->state = REQUEST_RAN;
    queue_push(&store->batch, &request->queue);
    pthread_mutex_unlock(&store->mutex);
}

/* REQUEST couldn't be run to its end, for CODE, and the batch can't go on. It
 * waits again, unless it is the reason. */
static void put_back(struct store_batch *batch, struct store_request *request, int code)
{
    bool own = code == ERROR_TIMEOUT || code == ERROR_CANCELED;

    if (own || (!store_is_passing(code) && ++request->breaks >= STORE_BREAKS_MAX)) {
        worker_finish(batch->worker, request);
    } else {
        worker_requeue(batch->worker, request);
    }
}

/* Runs REQUEST in its savepoint. ERROR_NONE: the batch can go on, whatever became
 * of the request. Else the transaction has to be rolled back. */
static int run_request(struct store_batch *batch, struct store_request *request,
                       struct error *error)
{
    struct store_tx tx = {
        .db = &batch->tx, .arena = &request->arena, .request = request, .batch = batch};
    int rollback_code;
    int code;

    request->changed = false;
    code = db_savepoint_begin(&batch->tx, error);
    if (code != ERROR_NONE) {
        worker_requeue(batch->worker, request);
        return code;
    }
    db_tx_set_context(&batch->tx, &request->context);
    code = look_up(batch, request);
    if (code == ERROR_NONE && !request->replayed) {
        code = apply(batch, request, &tx);
    }
    /* The request's context goes with the request. */
    worker_renew(batch->worker);
    db_tx_set_context(&batch->tx, &batch->worker->context);
    if (code == ERROR_NONE) {
        code = db_savepoint_release(&batch->tx, error);
        if (code != ERROR_NONE) {
            worker_requeue(batch->worker, request);
            return code;
        }
        batch->n_kept_batch += request->changed;
        add_to_batch(batch, request);
        return ERROR_NONE;
    }
    if (tx.revision != 0) {
        batch->revision--;
    }
    rollback_code = db_savepoint_rollback(&batch->tx, error);
    if (rollback_code == ERROR_NONE && (store_is_passing(code) || db_conn_broken(batch->tx.conn))) {
        *error = request->error;
        rollback_code = code;
    }
    if (rollback_code != ERROR_NONE) {
        put_back(batch, request, code);
        return rollback_code;
    }
    if (code == ERROR_TIMEOUT || code == ERROR_CANCELED) {
        worker_finish(batch->worker, request);
    } else {
        /* What it failed on may be a neighbour's change, which isn't committed. */
        add_to_batch(batch, request);
    }
    return ERROR_NONE;
}

/* The batch wasn't committed, or nobody knows: all of it waits again, in front
 * and in order. */
static void requeue_batch(struct store_batch *batch, bool in_doubt)
{
    struct worker *worker = batch->worker;
    struct store *store = worker->store;

    pthread_mutex_lock(&store->mutex);
    for (struct queue *link = store->batch.next; link != &store->batch; link = link->next) {
        struct store_request *request = queue_object(link, struct store_request, queue);

        request->state = REQUEST_WAITING;
        if (in_doubt && request->changed) {
            request->in_doubt = true;
            request->id_is_new = false; /* From now on it is looked up in each try. */
        }
        worker->n_waiting++;
    }
    queue_move(&store->batch, &worker->waiting);
    queue_move(&worker->waiting, &store->batch);
    pthread_mutex_unlock(&store->mutex);
}

/* The batch is committed; or it failed, for good, with ERROR. */
static void finish_batch(struct store_batch *batch, const struct error *error)
{
    struct store *store = batch->worker->store;
    struct queue *link;
    uint64_t n = 0;

    pthread_mutex_lock(&store->mutex);
    while ((link = queue_pop(&store->batch)) != NULL) {
        struct store_request *request = queue_object(link, struct store_request, queue);

        if (error != NULL) {
            request->error = *error;
        } else {
            store->metrics.replays += request->replayed;
        }
        store_finish_locked(store, request);
        n++;
    }
    if (error == NULL) {
        store->metrics.batches++;
        store->metrics.batch_requests += n;
        if (n > store->metrics.batch_largest) {
            store->metrics.batch_largest = n;
        }
    }
    pthread_mutex_unlock(&store->mutex);
}

/* Removes what was kept for long enough: at most once a second, and only where
 * there is something to commit anyway. */
static int prune(struct store_batch *batch, int64_t now_s, struct error *error)
{
    if (now_s == batch->pruned_s) {
        return ERROR_NONE;
    }
    return journal_prune(&batch->tx, now_s, PRUNE_MIN + 2 * (batch->n_kept + batch->n_kept_batch),
                         error);
}

/* A failure of the whole batch that another try may mend. Before the COMMIT was
 * sent a lost connection is one, too. */
static bool may_pass(int code)
{
    return store_is_passing(code) || code == ERROR_IO || code == ERROR_PROTOCOL ||
           code == ERROR_TIMEOUT || code == ERROR_CANCELED;
}

/* The COMMIT got no answer, or one that may mean either. The batch waits to be
 * looked up. A full disk is known to be the reason as long as it lasts: it is
 * logged once, and running a request again would only fail again. */
static void doubt(struct store_batch *batch, const struct error *error)
{
    struct store *store = batch->worker->store;
    bool full = batch->tx.failure.code == ERROR_NO_SPACE;

    if (!full) {
        log_event(LOG_LEVEL_WARNING, "store", "The outcome of a commit is unknown: looking it up",
                  LOG_TEXT("reason", error->message), LOG_INTEGER("revision", batch->revision));
    } else if (!batch->disk_full) {
        log_event(LOG_LEVEL_ERROR, "store", "The disk is full: writes fail until there is space",
                  LOG_TEXT("reason", error->message));
    }
    batch->disk_full = full;
    pthread_mutex_lock(&store->mutex);
    store->metrics.unknown_outcomes++;
    pthread_mutex_unlock(&store->mutex);
    requeue_batch(batch, true);
}

/* The COMMIT was confirmed. */
static void confirm(struct store_batch *batch, int64_t now_s)
{
    batch->n_kept += batch->n_kept_batch;
    if (has_changes(batch) && now_s != batch->pruned_s) {
        batch->pruned_s = now_s;
        batch->n_kept = 0;
    }
    if (has_changes(batch) && batch->disk_full) {
        log_event(LOG_LEVEL_INFO, "store", "There is space on the disk again");
        batch->disk_full = false;
    }
    finish_batch(batch, NULL);
}

static int commit(struct store_batch *batch, struct error *error)
{
    enum db_outcome outcome = DB_NOT_APPLIED;
    int64_t now_s = clock_wall_s();
    int code = ERROR_NONE;

    if (has_changes(batch)) {
        code = prune(batch, now_s, error);
        if (code == ERROR_NONE) {
            code = journal_set_revision(&batch->tx, batch->revision, error);
        }
    }
    if (code == ERROR_NONE) {
        worker_renew(batch->worker);
        code = db_tx_commit(&batch->tx, &outcome, error);
    } else {
        db_tx_rollback(&batch->tx);
    }
    if (outcome == DB_APPLIED) {
        confirm(batch, now_s);
    } else if (outcome == DB_UNKNOWN) {
        doubt(batch, error);
        code = batch->disk_full ? ERROR_NONE : code; /* Nothing to wait for. */
    } else if (may_pass(code)) {
        requeue_batch(batch, false);
    } else {
        log_event(LOG_LEVEL_ERROR, "store", "A commit failed",
                  LOG_TEXT("code", error_name(error->code)), LOG_TEXT("reason", error->message));
        finish_batch(batch, error);
        code = ERROR_NONE;
    }
    return code;
}

/* ERROR_NONE: those that waited when it began are answered, or can be looked up at
 * once. Else they wait on, but for those whose own time was up, and what failed
 * needs a pause. */
static int run_batch(struct store_batch *batch, struct error *error)
{
    struct worker *worker = batch->worker;
    struct store *store = worker->store;
    struct store_request *request;
    size_t n_left;
    int code;

    worker_renew(worker);
    batch->revision_known = false;
    batch->n_kept_batch = 0;
    code = db_tx_begin(&batch->tx, worker->conn, DB_WRITE, &worker->context, error);
    if (code != ERROR_NONE) {
        return code;
    }
    pthread_mutex_lock(&store->mutex);
    n_left = worker->n_waiting < STORE_BATCH_MAX ? worker->n_waiting : STORE_BATCH_MAX;
    pthread_mutex_unlock(&store->mutex);
    while (n_left-- > 0 && (request = worker_take(worker)) != NULL) {
        code = run_request(batch, request, error);
        if (code != ERROR_NONE) {
            db_tx_rollback(&batch->tx);
            requeue_batch(batch, false);
            return code;
        }
    }
    return commit(batch, error);
}

/* Brings the database to the program's schema, once for each time that this node leads. */
static int prepare(struct worker *worker, struct error *error)
{
    int code;

    worker_renew(worker);
    code = schema_apply(worker->conn, &worker->context, &schema_of_program, error);
    if (code == ERROR_NONE) {
        store_serve(worker->store, worker->epoch);
    } else if (!may_pass(code) && code != ERROR_UNKNOWN_OUTCOME && code != ERROR_NO_SPACE &&
               code != ERROR_NO_MEMORY) {
        store_fail(worker->store, worker->epoch, error);
        code = ERROR_NONE; /* There is nothing to try again. */
    }
    return code;
}

void *executor_main(void *arg)
{
    struct worker *worker = arg;
    struct store_batch batch = {.worker = worker};
    struct error error = ERROR_INIT;
    int code;

    while (worker_await_work(worker)) {
        code = worker_connect(worker, &error);
        if (code == ERROR_NONE) {
            code = store_is_serving(worker->store) ? run_batch(&batch, &error)
                                                   : prepare(worker, &error);
        }
        if (code == ERROR_NONE) {
            worker_recovered(worker);
        } else {
            worker_pause(worker, &error);
        }
    }
    worker_end(worker);
    return NULL;
}
