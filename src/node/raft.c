/* The loop's side: opening, submitting, deadlines, closing. */
#include "node/raft.h"

#include "base/clock.h"
#include "node/raft_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool is_question(const struct raft_request *request)
{
    return request->kind == RAFT_ASK_LEADER || request->kind == RAFT_SERVERS ||
           request->kind == RAFT_KNOWN_SERVERS;
}

void raft_finish_locked(struct raft *raft, struct raft_request *request)
{
    queue_push(&raft->finished, &request->queue);
    uv_async_send(&raft->async);
}

/* Ends those of QUEUE whose time is up; all of them with ERROR_CANCELED if the raft closes.
 * Returns how many, and when the next one is due. */
static size_t finish_late_locked(struct raft *raft, struct queue *queue, uint64_t now_us,
                                 uint64_t *next_us)
{
    struct queue *link = queue->next;
    size_t n = 0;

    while (link != queue) {
        struct raft_request *request = queue_object(link, struct raft_request, queue);

        link = link->next;
        if (!raft->closing && request->deadline_us > now_us) {
            *next_us = request->deadline_us < *next_us ? request->deadline_us : *next_us;
            continue;
        }
        if (raft->closing) {
            error_set(&request->error, ERROR_CANCELED, "The node is stopping");
        } else {
            error_set(&request->error, ERROR_TIMEOUT, "The engine didn't answer in time");
        }
        queue_remove(&request->queue);
        raft_finish_locked(raft, request);
        n++;
    }
    return n;
}

static uint64_t finish_late(struct raft *raft)
{
    struct raft_worker *workers[] = {&raft->asker, &raft->changer};
    uint64_t now_us = clock_monotonic_us();
    uint64_t next_us = CLOCK_NEVER_US;

    pthread_mutex_lock(&raft->mutex);
    for (size_t i = 0; i < sizeof workers / sizeof workers[0]; i++) {
        workers[i]->n_waiting -= finish_late_locked(raft, &workers[i]->waiting, now_us, &next_us);
        finish_late_locked(raft, &workers[i]->running, now_us, &next_us);
    }
    pthread_mutex_unlock(&raft->mutex);
    return next_us;
}

static void on_timer(uv_timer_t *timer);

/* Makes the timer fire at DUE_US at the latest. */
static void set_timer(struct raft *raft, uint64_t due_us)
{
    if (due_us < raft->timer_us) {
        raft->timer_us = due_us;
        uv_update_time(raft->loop);
        uv_timer_start(&raft->timer, on_timer, (uint64_t)clock_poll_timeout_ms(due_us), 0);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct raft *raft = timer->data;

    raft->timer_us = CLOCK_NEVER_US;
    set_timer(raft, finish_late(raft));
}

static void free_raft(struct raft *raft)
{
    raft_worker_close(&raft->asker);
    raft_worker_close(&raft->changer);
    pthread_mutex_destroy(&raft->mutex);
    free(raft->engine_address);
    free(raft);
}

/* False if there was nothing. */
static bool report_finished(struct raft *raft)
{
    struct queue finished;
    struct queue *link;
    bool any = false;

    queue_init(&finished);
    pthread_mutex_lock(&raft->mutex);
    queue_move(&finished, &raft->finished);
    pthread_mutex_unlock(&raft->mutex);
    while ((link = queue_pop(&finished)) != NULL) {
        struct raft_request *request = queue_object(link, struct raft_request, queue);

        request->done(request);
        any = true;
    }
    return any;
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct raft *raft = handle->data;

    if (--raft->n_handles > 0) {
        return;
    }
    /* What was submitted since the handles were about to close. */
    while (report_finished(raft)) {
    }
    if (!raft->failed_open) {
        raft->closed(raft->closed_data);
    }
    free_raft(raft);
}

static void close_handles(struct raft *raft)
{
    uv_close((uv_handle_t *)&raft->async, on_handle_closed);
    uv_close((uv_handle_t *)&raft->timer, on_handle_closed);
}

static void stop_threads(struct raft *raft)
{
    struct raft_worker *workers[] = {&raft->asker, &raft->changer};

    pthread_mutex_lock(&raft->mutex);
    atomic_store(&raft->stopping, true);
    for (size_t i = 0; i < sizeof workers / sizeof workers[0]; i++) {
        pthread_cond_signal(&workers[i]->wake_up);
        if (workers[i]->conn != NULL) {
            raft_conn_wake(workers[i]->conn);
        }
    }
    pthread_mutex_unlock(&raft->mutex);
}

static void join(struct raft_worker *worker)
{
    if (worker->started) {
        pthread_join(worker->thread, NULL);
        worker->started = false;
    }
}

static void advance_closing(struct raft *raft)
{
    bool ended;

    pthread_mutex_lock(&raft->mutex);
    ended = raft->asker.ended && raft->changer.ended;
    pthread_mutex_unlock(&raft->mutex);
    if (ended && raft->asker.started) {
        join(&raft->asker);
        join(&raft->changer);
        close_handles(raft);
    }
}

/* Before those who asked are answered, so that nobody knows more than who keeps watch. */
static void report_leader(struct raft *raft)
{
    uint64_t leader_id;

    pthread_mutex_lock(&raft->mutex);
    leader_id = raft->leader_id;
    pthread_mutex_unlock(&raft->mutex);
    if (leader_id != raft->told_leader_id) {
        raft->told_leader_id = leader_id;
        raft->on_leader(leader_id, raft->data);
    }
}

static void on_async(uv_async_t *async)
{
    struct raft *raft = async->data;

    if (!raft->closing) {
        report_leader(raft);
    }
    report_finished(raft);
    if (raft->closing) {
        advance_closing(raft);
    }
}

int raft_open(const struct raft_options *options, struct raft **ret_raft, struct error *error)
{
    struct raft *raft = calloc(1, sizeof *raft);
    int code;
    int rv;

    if (raft == NULL) {
        return error_no_memory(error);
    }
    raft->own_id = options->own_id;
    raft->on_leader = options->on_leader;
    raft->data = options->data;
    raft->loop = options->loop;
    raft->timer_us = CLOCK_NEVER_US;
    raft->alert_until_us = clock_monotonic_us() + RAFT_ALERT_FOR_MS * UINT64_C(1000);
    queue_init(&raft->finished);
    pthread_mutex_init(&raft->mutex, NULL);
    raft_worker_init(&raft->asker, raft, "lb-raft-ask");
    raft_worker_init(&raft->changer, raft, "lb-raft-change");
    raft->engine_address = strdup(options->engine_address);
    if (raft->engine_address == NULL) {
        code = error_no_memory(error);
        goto err_after_alloc;
    }
    rv = uv_async_init(raft->loop, &raft->async, on_async);
    if (rv != 0) {
        code = error_set(error, ERROR_IO, "Failed watching Raft: %s", uv_strerror(rv));
        goto err_after_alloc;
    }
    raft->async.data = raft;
    uv_timer_init(raft->loop, &raft->timer);
    raft->timer.data = raft;
    raft->n_handles = 2;
    code = raft_worker_start(&raft->asker, raft_asker_main, error);
    if (code != ERROR_NONE) {
        goto err_after_handles;
    }
    code = raft_worker_start(&raft->changer, raft_changer_main, error);
    if (code != ERROR_NONE) {
        goto err_after_asker;
    }
    *ret_raft = raft;
    return ERROR_NONE;

err_after_asker:
    stop_threads(raft);
    join(&raft->asker);
err_after_handles:
    /* Freed by the loop's next turn, once it let go of the handles. */
    raft->failed_open = true;
    close_handles(raft);
    return code;

err_after_alloc:
    free_raft(raft);
    return code;
}

void raft_close(struct raft *raft, void (*closed)(void *data), void *data)
{
    assert(!raft->closing);
    raft->closing = true;
    raft->closed = closed;
    raft->closed_data = data;
    finish_late(raft);
    stop_threads(raft);
    /* Goes on in the loop's next turn, so that nobody is called from here. */
    uv_async_send(&raft->async);
}

void raft_request_init(struct raft_request *request)
{
    memset(request, 0, sizeof *request);
    queue_init(&request->queue);
    request->deadline_us = CLOCK_NEVER_US;
}

/* Why REQUEST can't even wait. */
static int check_submitted(struct raft *raft, const struct raft_request *request,
                           struct error *error)
{
    if (raft->closing) {
        return error_set(error, ERROR_CANCELED, "The node is stopping");
    }
    if (is_question(request)) {
        return ERROR_NONE;
    }
    if (request->id == 0) {
        return error_set(error, ERROR_INVALID, "Raft has no server with the id 0");
    }
    if (request->kind == RAFT_ADD && (request->address == NULL || request->address[0] == '\0' ||
                                      strlen(request->address) >= RAFT_ADDRESS_SIZE)) {
        return error_set(error, ERROR_INVALID, "The address of server %llu in Raft is impossible",
                         (unsigned long long)request->id);
    }
    return ERROR_NONE;
}

static int enqueue_locked(struct raft *raft, struct raft_request *request, struct error *error)
{
    struct raft_worker *worker = is_question(request) ? &raft->asker : &raft->changer;

    if (worker->n_waiting >= RAFT_REQUESTS_MAX) {
        return error_set(error, ERROR_UNAVAILABLE,
                         "Too many questions or orders for Raft wait already (%d)",
                         RAFT_REQUESTS_MAX);
    }
    queue_push(&worker->waiting, &request->queue);
    worker->n_waiting++;
    pthread_cond_signal(&worker->wake_up);
    return ERROR_NONE;
}

void raft_submit(struct raft *raft, struct raft_request *request)
{
    int code;

    assert(queue_empty(&request->queue) && request->done != NULL);
    code = check_submitted(raft, request, &request->error);
    pthread_mutex_lock(&raft->mutex);
    if (code == ERROR_NONE) {
        code = enqueue_locked(raft, request, &request->error);
    }
    if (code != ERROR_NONE) {
        raft_finish_locked(raft, request);
    }
    pthread_mutex_unlock(&raft->mutex);
    if (code == ERROR_NONE) {
        set_timer(raft, request->deadline_us);
    }
}

void raft_suspect(struct raft *raft)
{
    pthread_mutex_lock(&raft->mutex);
    raft->alert_until_us = clock_monotonic_us() + RAFT_ALERT_FOR_MS * UINT64_C(1000);
    raft->look_now = true;
    pthread_cond_signal(&raft->asker.wake_up);
    pthread_mutex_unlock(&raft->mutex);
}
