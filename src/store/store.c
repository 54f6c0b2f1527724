/* The loop's side of the store: opening, submitting, deadlines, closing. */
#include "store/store.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/internal.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* How soon a request whose time is up is looked at again, while its thread has
 * it: the thread notices by itself, and this is for what follows. */
#define RECHECK_US UINT64_C(10000)

static struct worker *worker_of(struct store *store, const struct store_request *request)
{
    switch (request->kind) {
    case STORE_WRITE:
        return &store->executor;
    case STORE_READ_LOCAL:
        return &store->local_reader;
    case STORE_READ:
    default:
        return &store->reader;
    }
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void store_finish_locked(struct store *store, struct store_request *request)
{
    struct error *error = &request->error;

    if (error->code != ERROR_NONE) {
        request->revision = 0;
        request->result = NULL;
        if (request->in_doubt) {
            error_set(error, ERROR_UNKNOWN_OUTCOME,
                      "The connection was lost during the commit, and whether it was applied "
                      "couldn't be found out in time");
        }
    }
    request->state = REQUEST_FINISHED;
    queue_push(&store->finished, &request->queue);
    uv_async_send(&store->async);
}

bool store_is_passing(int code)
{
    return code == ERROR_BUSY || code == ERROR_NOT_LEADER;
}

static void wake_workers_locked(struct store *store)
{
    pthread_cond_signal(&store->executor.wake_up);
    pthread_cond_signal(&store->reader.wake_up);
    pthread_cond_signal(&store->local_reader.wake_up);
}

bool store_is_serving(struct store *store)
{
    bool serving;

    pthread_mutex_lock(&store->mutex);
    serving = store->serving;
    pthread_mutex_unlock(&store->mutex);
    return serving;
}

void store_serve(struct store *store, uint64_t epoch)
{
    pthread_mutex_lock(&store->mutex);
    if (epoch == store->epoch) {
        store->serving = true;
        wake_workers_locked(store);
        uv_async_send(&store->async);
    }
    pthread_mutex_unlock(&store->mutex);
}

static void fail_waiting_locked(struct worker *worker, const struct error *error)
{
    struct queue *link;

    while ((link = queue_pop(&worker->waiting)) != NULL) {
        struct store_request *request = queue_object(link, struct store_request, queue);

        worker->n_waiting--;
        request->error = *error;
        store_finish_locked(worker->store, request);
    }
}

static int set_not_leader(struct error *error)
{
    return error_set(error, ERROR_NOT_LEADER, "This node doesn't lead");
}

void store_refuse_waiting_locked(struct store *store)
{
    struct error error;

    set_not_leader(&error);
    fail_waiting_locked(&store->executor, &error);
    fail_waiting_locked(&store->reader, &error);
}

void store_fail(struct store *store, uint64_t epoch, const struct error *error)
{
    pthread_mutex_lock(&store->mutex);
    if (epoch == store->epoch) {
        store->failure = *error;
        fail_waiting_locked(&store->executor, error);
        fail_waiting_locked(&store->reader, error);
        uv_async_send(&store->async);
    }
    pthread_mutex_unlock(&store->mutex);
}

void store_set_leads(struct store *store, bool leads)
{
    pthread_mutex_lock(&store->mutex);
    store->told = true;
    if (leads != store->leads) {
        store->leads = leads;
        store->epoch++;
        store->serving = false; /* Others led meanwhile, with what schema ever. */
        error_clear(&store->failure);
        if (!leads) {
            store_refuse_waiting_locked(store);
        }
        wake_workers_locked(store);
        uv_async_send(&store->async);
    }
    pthread_mutex_unlock(&store->mutex);
}

/* Removes a WAITING request from its queue; CODE is what it ends with. */
static void finish_waiting_locked(struct store *store, struct store_request *request,
                                  enum error_code code)
{
    queue_remove(&request->queue);
    worker_of(store, request)->n_waiting--;
    if (code == ERROR_CANCELED) {
        error_set(&request->error, code, "The request was canceled");
    } else {
        error_set(&request->error, code, "The time of the request was up before its turn came");
    }
    store_finish_locked(store, request);
}

/* Takes a RAN request out of its batch: the COMMIT takes too long for it. */
static void finish_ran_locked(struct store *store, struct store_request *request)
{
    queue_remove(&request->queue);
    if (request->changed || request->replayed) {
        error_set(&request->error, ERROR_UNKNOWN_OUTCOME,
                  "The time of the request was up before its commit was confirmed");
    } else {
        error_set(&request->error, ERROR_TIMEOUT, "The time of the request was up");
    }
    store_finish_locked(store, request);
}

static void cancel_running_locked(struct store *store, struct store_request *request)
{
    struct worker *worker = worker_of(store, request);

    atomic_store(&request->canceled, true);
    if (worker->conn != NULL) {
        db_conn_wake(worker->conn);
    }
}

static void on_timer(uv_timer_t *timer);

/* Makes the timer fire at DUE_US at the latest. */
static void set_timer(struct store *store, uint64_t due_us)
{
    if (due_us < store->timer_us) {
        store->timer_us = due_us;
        uv_update_time(store->loop);
        uv_timer_start(&store->timer, on_timer, (uint64_t)clock_poll_timeout_ms(due_us), 0);
    }
}

/* Ends what is late. Each deadline sets the timer when it comes in, and none
 * unsets it when its request ends: so the timer fires in vain now and then, and
 * finds the next deadline by looking at all. */
static void on_timer(uv_timer_t *timer)
{
    struct store *store = timer->data;
    uint64_t now_us = clock_monotonic_us();
    uint64_t next_us = CLOCK_NEVER_US;
    bool drained = store->closing && store->drain_us <= now_us;

    store->timer_us = CLOCK_NEVER_US;
    pthread_mutex_lock(&store->mutex);
    for (struct queue *link = store->outstanding.next; link != &store->outstanding;
         link = link->next) {
        struct store_request *request = queue_object(link, struct store_request, outstanding);
        bool late = request->deadline_us <= now_us;

        if (!late && !drained) {
            next_us = earlier(next_us, request->deadline_us);
        } else if (request->state == REQUEST_WAITING) {
            finish_waiting_locked(store, request, late ? ERROR_TIMEOUT : ERROR_CANCELED);
        } else if (request->state == REQUEST_RAN) {
            finish_ran_locked(store, request);
        } else if (request->state == REQUEST_RUNNING) {
            if (drained) {
                cancel_running_locked(store, request);
            }
            next_us = earlier(next_us, now_us + RECHECK_US);
        }
    }
    pthread_mutex_unlock(&store->mutex);
    if (store->closing && !drained) {
        next_us = earlier(next_us, store->drain_us);
    }
    set_timer(store, next_us);
}

static void free_store(struct store *store)
{
    worker_close(&store->executor);
    worker_close(&store->reader);
    worker_close(&store->local_reader);
    pthread_mutex_destroy(&store->mutex);
    free(store->engine_address);
    free(store);
}

static void report_finished(struct store *store)
{
    struct queue finished;
    struct queue *link;

    queue_init(&finished);
    pthread_mutex_lock(&store->mutex);
    queue_move(&finished, &store->finished);
    pthread_mutex_unlock(&store->mutex);
    while ((link = queue_pop(&finished)) != NULL) {
        struct store_request *request = queue_object(link, struct store_request, queue);

        queue_remove(&request->outstanding);
        request->done(request);
    }
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct store *store = handle->data;

    if (--store->n_handles > 0) {
        return;
    }
    /* What was submitted since the handles were about to close. */
    while (!queue_empty(&store->outstanding)) {
        report_finished(store);
    }
    if (!store->failed_open) {
        store->closed(store->closed_data);
    }
    free_store(store);
}

static void close_handles(struct store *store)
{
    uv_close((uv_handle_t *)&store->async, on_handle_closed);
    uv_close((uv_handle_t *)&store->timer, on_handle_closed);
}

static void stop_threads(struct store *store)
{
    pthread_mutex_lock(&store->mutex);
    atomic_store(&store->stopping, true);
    wake_workers_locked(store);
    if (store->executor.conn != NULL) {
        db_conn_wake(store->executor.conn);
    }
    if (store->reader.conn != NULL) {
        db_conn_wake(store->reader.conn);
    }
    if (store->local_reader.conn != NULL) {
        db_conn_wake(store->local_reader.conn);
    }
    pthread_mutex_unlock(&store->mutex);
}

static void join(struct worker *worker)
{
    if (worker->started) {
        pthread_join(worker->thread, NULL);
        worker->started = false;
    }
}

static void advance_closing(struct store *store)
{
    bool ended;

    if (!queue_empty(&store->outstanding)) {
        return;
    }
    if (!atomic_load(&store->stopping)) {
        stop_threads(store);
    }
    pthread_mutex_lock(&store->mutex);
    ended = store->executor.ended && store->reader.ended && store->local_reader.ended;
    pthread_mutex_unlock(&store->mutex);
    if (ended && store->executor.started) {
        join(&store->executor);
        join(&store->reader);
        join(&store->local_reader);
        close_handles(store);
    }
}

static void report_ready(struct store *store)
{
    struct error failure;
    store_ready ready = store->ready;
    bool settled;

    pthread_mutex_lock(&store->mutex);
    failure = store->failure;
    settled = store->serving || !store->leads || failure.code != ERROR_NONE;
    pthread_mutex_unlock(&store->mutex);
    if (settled) {
        store->ready = NULL;
        ready(store, failure.code == ERROR_NONE ? NULL : &failure, store->ready_data);
    }
}

/* Something happened on a thread. */
static void on_async(uv_async_t *async)
{
    struct store *store = async->data;

    if (store->ready != NULL && !store->closing) {
        report_ready(store);
    }
    report_finished(store);
    if (store->closing) {
        advance_closing(store);
    }
}

int store_open(const struct store_options *options, store_ready ready, void *data,
               struct store **ret_store, struct error *error)
{
    struct store *store = calloc(1, sizeof *store);
    int code;
    int rv;

    if (store == NULL) {
        return error_no_memory(error);
    }
    store->observer = options->observer;
    store->loop = options->loop;
    store->ready = ready;
    store->ready_data = data;
    store->timer_us = CLOCK_NEVER_US;
    queue_init(&store->outstanding);
    queue_init(&store->finished);
    queue_init(&store->batch);
    pthread_mutex_init(&store->mutex, NULL);
    store->leads = true;
    worker_init(&store->executor, store, "lb-executor");
    store->executor.prepares = true;
    worker_init(&store->reader, store, "lb-reader");
    worker_init(&store->local_reader, store, "lb-local");
    store->local_reader.is_local = true;
    store->engine_address = strdup(options->engine_address);
    if (store->engine_address == NULL) {
        code = error_no_memory(error);
        goto err_after_alloc;
    }
    if (getrandom(&store->id_prefix, sizeof store->id_prefix, 0) !=
        (ssize_t)sizeof store->id_prefix) {
        code = error_errno(error, ERROR_IO, errno, "Failed getting random numbers");
        goto err_after_alloc;
    }
    rv = uv_async_init(store->loop, &store->async, on_async);
    if (rv != 0) {
        code = error_set(error, ERROR_IO, "Failed watching the store: %s", uv_strerror(rv));
        goto err_after_alloc;
    }
    store->async.data = store;
    uv_timer_init(store->loop, &store->timer);
    store->timer.data = store;
    store->n_handles = 2;
    code = worker_start(&store->executor, executor_main, error);
    if (code != ERROR_NONE) {
        goto err_after_handles;
    }
    code = worker_start(&store->reader, reader_main, error);
    if (code != ERROR_NONE) {
        goto err_after_executor;
    }
    code = worker_start(&store->local_reader, local_reader_main, error);
    if (code != ERROR_NONE) {
        goto err_after_reader;
    }
    *ret_store = store;
    return ERROR_NONE;

err_after_reader:
    stop_threads(store);
    join(&store->reader);
err_after_executor:
    stop_threads(store);
    join(&store->executor);
err_after_handles:
    /* Freed by the loop's next turn, once it let go of the handles. */
    store->failed_open = true;
    close_handles(store);
    return code;

err_after_alloc:
    free_store(store);
    return code;
}

void store_request_init(struct store_request *request)
{
    memset(request, 0, sizeof *request);
    queue_init(&request->queue);
    queue_init(&request->outstanding);
    request->deadline_us = CLOCK_NEVER_US;
}

/* Why REQUEST can't even wait. */
static int check_submitted(struct store *store, const struct store_request *request,
                           struct error *error)
{
    if (store->closing) {
        return error_set(error, ERROR_UNAVAILABLE, "The store is closing");
    }
    if (memchr(request->id, '\0', sizeof request->id) == NULL) {
        return error_set(error, ERROR_INVALID, "The id of a request has at most %d characters",
                         STORE_REQUEST_ID_MAX);
    }
    for (const char *c = request->id; *c != '\0'; c++) {
        if (*c < '!' || *c > '~') {
            return error_set(error, ERROR_INVALID,
                             "The id of a request can't have spaces, control characters or "
                             "characters beyond ASCII");
        }
    }
    return ERROR_NONE;
}

static int enqueue_locked(struct store *store, struct store_request *request, struct error *error)
{
    struct worker *worker = worker_of(store, request);

    if (request->kind != STORE_READ_LOCAL && !store->leads) {
        return set_not_leader(error);
    }
    if (store->failure.code != ERROR_NONE && request->kind != STORE_READ_LOCAL) {
        *error = store->failure;
        return (int)error->code;
    }
    if (worker->n_waiting >= STORE_QUEUE_MAX) {
        return error_set(error, ERROR_UNAVAILABLE, "Too many requests wait already (%d)",
                         STORE_QUEUE_MAX);
    }
    request->state = REQUEST_WAITING;
    queue_push(&worker->waiting, &request->queue);
    worker->n_waiting++;
    pthread_cond_signal(&worker->wake_up);
    return ERROR_NONE;
}

void store_submit(struct store *store, struct store_request *request)
{
    assert(request->state == REQUEST_IDLE && request->run != NULL && request->done != NULL);
    request->store = store;
    request->context =
        (struct db_context){.deadline_us = request->deadline_us, .canceled = &request->canceled};
    queue_push(&store->outstanding, &request->outstanding);
    check_submitted(store, request, &request->error);
    request->id_is_new = request->id_is_fresh && request->id[0] != '\0';
    if (request->error.code == ERROR_NONE && request->kind == STORE_WRITE &&
        request->id[0] == '\0') {
        request->id_is_new = true;
        snprintf(request->id, sizeof request->id, "%016llx-%llu",
                 (unsigned long long)store->id_prefix, (unsigned long long)++store->n_ids);
    }
    pthread_mutex_lock(&store->mutex);
    if (request->error.code != ERROR_NONE ||
        enqueue_locked(store, request, &request->error) != ERROR_NONE) {
        store_finish_locked(store, request);
    }
    pthread_mutex_unlock(&store->mutex);
    set_timer(store, request->deadline_us);
}

void store_cancel(struct store_request *request)
{
    struct store *store = request->store;

    pthread_mutex_lock(&store->mutex);
    if (request->state == REQUEST_WAITING && !request->in_doubt) {
        finish_waiting_locked(store, request, ERROR_CANCELED);
    } else if (request->state == REQUEST_RUNNING) {
        cancel_running_locked(store, request);
    }
    pthread_mutex_unlock(&store->mutex);
}

void store_close(struct store *store, unsigned drain_ms, store_closed closed, void *data)
{
    assert(!store->closing);
    store->closing = true;
    store->closed = closed;
    store->closed_data = data;
    store->drain_us = clock_monotonic_us() + drain_ms * UINT64_C(1000);
    set_timer(store, store->drain_us);
    /* Goes on in the loop's next turn, so that CLOSED isn't called from here. */
    uv_async_send(&store->async);
}

void store_metrics(struct store *store, struct store_metrics *ret_metrics)
{
    pthread_mutex_lock(&store->mutex);
    *ret_metrics = store->metrics;
    ret_metrics->waiting_writes = store->executor.n_waiting;
    ret_metrics->waiting_reads = store->reader.n_waiting;
    ret_metrics->waiting_local_reads = store->local_reader.n_waiting;
    pthread_mutex_unlock(&store->mutex);
}
