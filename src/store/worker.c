#include "base/clock.h"
#include "base/log.h"
#include "store/internal.h"

#include <assert.h>
#include <signal.h>
#include <time.h>

#define PAUSE_MIN_US UINT64_C(2000)
#define PAUSE_MAX_US UINT64_C(250000)

void worker_init(struct worker *worker, struct store *store, const char *name)
{
    pthread_condattr_t attributes;

    worker->store = store;
    worker->name = name;
    queue_init(&worker->waiting);
    worker->context.canceled = &store->stopping;
    worker->random = clock_monotonic_us() | 1;
    /* On Linux none of these fails: they allocate nothing. */
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&worker->wake_up, &attributes);
    pthread_condattr_destroy(&attributes);
}

void worker_close(struct worker *worker)
{
    pthread_cond_destroy(&worker->wake_up);
}

int worker_start(struct worker *worker, void *(*main)(void *worker), struct error *error)
{
    sigset_t all;
    sigset_t before;
    int reason;

    /* Signals are the loop's. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    reason = pthread_create(&worker->thread, NULL, main, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (reason != 0) {
        return error_errno(error, ERROR_IO, reason, "Failed starting the %s", worker->name);
    }
    worker->started = true;
    pthread_setname_np(worker->thread, worker->name);
    return ERROR_NONE;
}

static bool has_work_locked(const struct worker *worker)
{
    const struct store *store = worker->store;

    if (store->serving) {
        return !queue_empty(&worker->waiting);
    }
    return worker->prepares && store->failure.code == ERROR_NONE;
}

bool worker_await_work(struct worker *worker)
{
    struct store *store = worker->store;
    bool work;

    pthread_mutex_lock(&store->mutex);
    while (!atomic_load(&store->stopping)) {
        if (!store->leads) {
            /* What the thread still had when leadership was lost. */
            store_refuse_waiting_locked(store);
        } else if (has_work_locked(worker)) {
            break;
        }
        pthread_cond_wait(&worker->wake_up, &store->mutex);
    }
    work = !atomic_load(&store->stopping);
    pthread_mutex_unlock(&store->mutex);
    return work;
}

void worker_end(struct worker *worker)
{
    struct store *store = worker->store;

    worker_disconnect(worker);
    pthread_mutex_lock(&store->mutex);
    worker->ended = true;
    /* Under the mutex: the loop frees the store once it saw both threads ended. */
    uv_async_send(&store->async);
    pthread_mutex_unlock(&store->mutex);
}

void worker_renew(struct worker *worker)
{
    worker->context.deadline_us = clock_monotonic_us() + STORE_ENGINE_TIMEOUT_US;
}

int worker_connect(struct worker *worker, struct error *error)
{
    struct store *store = worker->store;
    const struct db_conn_options options = {.address = store->engine_address,
                                            .observer = store->observer};
    struct db_conn *conn;
    uint64_t epoch;
    int code;

    pthread_mutex_lock(&store->mutex);
    epoch = store->epoch;
    pthread_mutex_unlock(&store->mutex);
    if (worker->conn != NULL && worker->epoch == epoch && !db_conn_broken(worker->conn)) {
        return ERROR_NONE;
    }
    worker_disconnect(worker);
    worker->epoch = epoch;
    worker_renew(worker);
    code = db_conn_open(&options, &worker->context, &conn, error);
    if (code != ERROR_NONE) {
        return code;
    }
    pthread_mutex_lock(&store->mutex);
    worker->conn = conn;
    if (worker->n_connects > 0) {
        store->metrics.reconnects++;
    }
    pthread_mutex_unlock(&store->mutex);
    worker->n_connects++;
    /* Without a failure before it a new connection is of no interest: a request
     * that was canceled cost the old one, or the disk is full. */
    log_event(worker->n_connects == 1 || worker->n_failures > 0 ? LOG_LEVEL_INFO : LOG_LEVEL_DEBUG,
              "store", "Connected to the engine", LOG_TEXT("thread", worker->name),
              LOG_INTEGER("connects", worker->n_connects));
    return ERROR_NONE;
}

void worker_disconnect(struct worker *worker)
{
    struct db_conn *conn = worker->conn;

    /* store_cancel() may be about to wake it. */
    pthread_mutex_lock(&worker->store->mutex);
    worker->conn = NULL;
    pthread_mutex_unlock(&worker->store->mutex);
    db_conn_close(conn);
}

/* Somewhere between half of the pause that is due and all of it, so that those
 * who failed together don't come back together. */
static uint64_t next_pause_us(struct worker *worker)
{
    unsigned doublings = worker->n_failures < 16 ? worker->n_failures : 16;
    uint64_t pause_us = PAUSE_MIN_US << doublings;

    if (pause_us > PAUSE_MAX_US) {
        pause_us = PAUSE_MAX_US;
    }
    /* xorshift: all that jitter needs. */
    worker->random ^= worker->random << 13;
    worker->random ^= worker->random >> 7;
    worker->random ^= worker->random << 17;
    return pause_us / 2 + worker->random % (pause_us / 2);
}

void worker_pause(struct worker *worker, const struct error *error)
{
    struct store *store = worker->store;
    uint64_t until_us = clock_monotonic_us() + next_pause_us(worker);
    const struct timespec until = {.tv_sec = (time_t)(until_us / 1000000),
                                   .tv_nsec = (long)(until_us % 1000000) * 1000};

    if (worker->n_failures == 0 && !atomic_load(&store->stopping)) {
        log_event(LOG_LEVEL_WARNING, "store", "The engine failed: trying again",
                  LOG_TEXT("thread", worker->name), LOG_TEXT("code", error_name(error->code)),
                  LOG_TEXT("reason", error->message));
    }
    worker->n_failures++;
    pthread_mutex_lock(&store->mutex);
    if (store->told && error->code == ERROR_NOT_LEADER) {
        store_refuse_waiting_locked(store);
    }
    while (!atomic_load(&store->stopping) && worker->epoch == store->epoch &&
           clock_monotonic_us() < until_us) {
        pthread_cond_timedwait(&worker->wake_up, &store->mutex, &until);
    }
    pthread_mutex_unlock(&store->mutex);
}

void worker_recovered(struct worker *worker)
{
    if (worker->n_failures > 0) {
        log_event(LOG_LEVEL_INFO, "store", "The engine works again",
                  LOG_TEXT("thread", worker->name), LOG_INTEGER("failures", worker->n_failures));
    }
    worker->n_failures = 0;
}

static void reset_outputs(struct store_request *request)
{
    arena_close(&request->arena);
    error_clear(&request->error);
    request->revision = 0;
    request->replayed = false;
    request->result = NULL;
}

struct store_request *worker_take(struct worker *worker)
{
    struct store *store = worker->store;
    struct store_request *request = NULL;
    struct db_context context;
    struct queue *link;

    pthread_mutex_lock(&store->mutex);
    /* What came since leadership was lost and won again needs another connection. */
    while (request == NULL && (worker->is_local || worker->epoch == store->epoch) &&
           (link = queue_pop(&worker->waiting)) != NULL) {
        request = queue_object(link, struct store_request, queue);
        worker->n_waiting--;
        reset_outputs(request);
        context = request->context;
        if (request->in_doubt) {
            context.canceled = NULL; /* It may be done already: too late to withdraw. */
        }
        if (db_context_check(&context, &request->error) != ERROR_NONE) {
            store_finish_locked(store, request);
            request = NULL;
        } else {
            request->state = REQUEST_RUNNING;
        }
    }
    pthread_mutex_unlock(&store->mutex);
    return request;
}

void worker_requeue(struct worker *worker, struct store_request *request)
{
    struct store *store = worker->store;

    pthread_mutex_lock(&store->mutex);
    request->state = REQUEST_WAITING;
    queue_push(worker->waiting.next, &request->queue);
    worker->n_waiting++;
    pthread_mutex_unlock(&store->mutex);
}

int worker_run(struct store_request *request, struct store_tx *tx)
{
    int code = request->run(request, tx, &request->error);

    if (code == ERROR_NONE) {
        error_clear(&request->error);
    }
    assert(request->error.code == (enum error_code)code);
    return code;
}

void worker_finish(struct worker *worker, struct store_request *request)
{
    pthread_mutex_lock(&worker->store->mutex);
    store_finish_locked(worker->store, request);
    pthread_mutex_unlock(&worker->store->mutex);
}
