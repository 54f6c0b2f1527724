/* The thread that reads this node's own copy: STORE_READ_LOCAL.
 *
 * The copy is dumped for all that wait, one at a time, and each request has a read transaction
 * on it. Requests stay WAITING while a dump is out, so that the loop can end them. */
#include "base/clock.h"
#include "base/log.h"
#include "db/copy.h"
#include "store/internal.h"
#include "store/journal.h"
#include "store/schema.h"

#include <time.h>

/* How long a dump may take; more only on a machine that is far too slow. */
#define DUMP_TIMEOUT_US UINT64_C(30000000)

/* A node that has just started learns what is committed from the leader, and has an empty copy until
 * then. So long after the first failure in a row requests wait for a copy; then they are told. */
#define PATIENCE_US UINT64_C(5000000)
#define PAUSE_US    UINT64_C(20000)

struct copy_holder {
    struct db_conn *conn; /* NULL: there is no copy. */
    uint64_t stale_us;    /* From when on it is too old for requests that it wasn't made for. */
    size_t n_due;         /* How many it was made for that weren't run yet. */
    uint64_t failing_us;  /* Since when there is none; 0: there was one last time. */
};

static void drop_copy(struct copy_holder *copy)
{
    db_conn_close(copy->conn);
    copy->conn = NULL;
}

/* Waits for requests, and gives the copy's memory back when none come. False: the thread is to
 * end. */
static bool await_requests(struct worker *worker, struct copy_holder *copy)
{
    struct store *store = worker->store;
    uint64_t idle_us = clock_monotonic_us() + STORE_LOCAL_IDLE_S * UINT64_C(1000000);
    const struct timespec idle = {.tv_sec = (time_t)(idle_us / 1000000),
                                  .tv_nsec = (long)(idle_us % 1000000) * 1000};
    bool work;

    pthread_mutex_lock(&store->mutex);
    while (!atomic_load(&store->stopping) && queue_empty(&worker->waiting)) {
        if (copy->conn == NULL) {
            pthread_cond_wait(&worker->wake_up, &store->mutex);
        } else if (clock_monotonic_us() < idle_us) {
            pthread_cond_timedwait(&worker->wake_up, &store->mutex, &idle);
        } else {
            pthread_mutex_unlock(&store->mutex);
            drop_copy(copy);
            pthread_mutex_lock(&store->mutex);
        }
    }
    work = !atomic_load(&store->stopping);
    pthread_mutex_unlock(&store->mutex);
    return work;
}

/* A connection for one dump: the engine keeps the memory of its answer as long as it is open. */
static int dump(struct worker *worker, struct db_dump *ret_dump, struct error *error)
{
    struct store *store = worker->store;
    const struct db_conn_options options = {
        .address = store->engine_address, .observer = store->observer, .no_database = true};
    struct db_conn *conn;
    int code;

    worker_renew(worker);
    code = db_conn_open(&options, &worker->context, &conn, error);
    if (code != ERROR_NONE) {
        return code;
    }
    pthread_mutex_lock(&store->mutex);
    worker->conn = conn; /* To be woken when the store closes. */
    pthread_mutex_unlock(&store->mutex);
    worker->context.deadline_us = clock_monotonic_us() + DUMP_TIMEOUT_US;
    code = db_conn_dump(conn, &worker->context, "db", 0, ret_dump, error);
    worker_disconnect(worker);
    return code;
}

/* What the engine didn't manage is no defect of a request. */
static int explain(struct error *error, int code)
{
    if (code == ERROR_IO || code == ERROR_TIMEOUT || code == ERROR_CANCELED ||
        code == ERROR_PROTOCOL || code == ERROR_NOT_LEADER) {
        error->code = ERROR_UNAVAILABLE;
        code = error_prefix(error, "This node's own copy can't be read now: ");
    }
    return code;
}

/* Replaces the copy: the old one goes first, so that there is one at a time. */
static int renew_copy(struct worker *worker, struct copy_holder *copy, struct error *error)
{
    struct store *store = worker->store;
    uint64_t start_us = clock_monotonic_us();
    uint64_t took_us;
    struct db_dump bytes;
    int code;

    drop_copy(copy);
    code = dump(worker, &bytes, error);
    took_us = clock_monotonic_us() - start_us;
    if (code == ERROR_NONE) {
        code = db_copy_open(&bytes, store->observer, &copy->conn, error);
    }
    if (code == ERROR_NONE) {
        worker_renew(worker);
        code = schema_check(copy->conn, &worker->context, &schema_of_program, error);
    }
    pthread_mutex_lock(&store->mutex);
    store->metrics.local_dumps++;
    store->metrics.local_dump_us += took_us;
    copy->n_due = worker->n_waiting;
    pthread_mutex_unlock(&store->mutex);
    if (code != ERROR_NONE) {
        drop_copy(copy);
        return explain(error, code);
    }
    copy->stale_us = start_us + STORE_LOCAL_AGE_FACTOR * took_us;
    return ERROR_NONE;
}

static void run_read(struct worker *worker, struct copy_holder *copy, struct store_request *request)
{
    struct db_tx db;
    struct store_tx tx = {.db = &db, .arena = &request->arena, .request = request};
    int code = db_tx_begin(&db, copy->conn, DB_READ, &request->context, &request->error);

    if (code == ERROR_NONE) {
        code = journal_get_revision(&db, &request->revision, &request->error);
        if (code == ERROR_NONE) {
            code = worker_run(request, &tx);
        }
        db_tx_rollback(&db);
    }
    if (code == ERROR_CORRUPT || db_conn_broken(copy->conn)) {
        drop_copy(copy); /* The next request needn't meet it. */
    }
    worker_finish(worker, request);
}

/* Without a copy all that wait end with ERROR: the next try is their owners' to make. */
static void fail_waiting(struct worker *worker, const struct error *error)
{
    struct store_request *request;

    while ((request = worker_take(worker)) != NULL) {
        request->error = *error;
        worker_finish(worker, request);
    }
}

/* Whether another try, after a pause, may come in time. */
static bool may_pause(struct worker *worker, struct copy_holder *copy)
{
    struct store *store = worker->store;
    uint64_t now_us = clock_monotonic_us();
    uint64_t until_us = now_us + PAUSE_US;
    const struct timespec until = {.tv_sec = (time_t)(until_us / 1000000),
                                   .tv_nsec = (long)(until_us % 1000000) * 1000};

    if (copy->failing_us == 0) {
        copy->failing_us = now_us;
    }
    if (now_us - copy->failing_us >= PATIENCE_US) {
        return false;
    }
    pthread_mutex_lock(&store->mutex);
    while (!atomic_load(&store->stopping) && clock_monotonic_us() < until_us) {
        pthread_cond_timedwait(&worker->wake_up, &store->mutex, &until);
    }
    pthread_mutex_unlock(&store->mutex);
    return true;
}

/* Whether the copy is there, and new enough for the next request: what waited when it came in is
 * served by it, however long that takes. */
static bool may_serve(const struct worker *worker, const struct copy_holder *copy)
{
    return copy->conn != NULL && !atomic_load(&worker->store->stopping) &&
           (copy->n_due > 0 || clock_monotonic_us() < copy->stale_us);
}

void *local_reader_main(void *arg)
{
    struct worker *worker = arg;
    struct copy_holder copy = {.conn = NULL};
    struct store_request *request;
    struct error error = ERROR_INIT;
    int code;

    while (await_requests(worker, &copy)) {
        code = ERROR_NONE;
        if (!may_serve(worker, &copy)) {
            code = renew_copy(worker, &copy, &error);
        }
        if (code != ERROR_NONE) {
            log_event(LOG_LEVEL_DEBUG, "store", "There is no own copy to read",
                      LOG_TEXT("code", error_name(error.code)), LOG_TEXT("reason", error.message));
            if (code == ERROR_UNAVAILABLE && may_pause(worker, &copy)) {
                continue;
            }
            fail_waiting(worker, &error);
        } else {
            copy.failing_us = 0;
        }
        while (may_serve(worker, &copy) && (request = worker_take(worker)) != NULL) {
            copy.n_due -= copy.n_due > 0 ? 1 : 0;
            run_read(worker, &copy, request);
        }
    }
    drop_copy(&copy);
    worker_end(worker);
    return NULL;
}
