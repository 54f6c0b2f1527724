/* The thread that carries out orders, one at a time. */
#include "base/clock.h"
#include "base/log.h"
#include "node/raft_internal.h"
#include "node/raft_order.h"

#include <stdio.h>

/* Waits for the next order, but until PAUSE_UNTIL_US at least. False: the thread is to end. */
static bool take(struct raft_worker *worker, uint64_t pause_until_us, struct raft_order *ret_order,
                 uint64_t *ret_deadline_us)
{
    struct raft *raft = worker->raft;
    const struct raft_request *request;
    bool go_on;

    pthread_mutex_lock(&raft->mutex);
    for (;;) {
        bool paused = clock_monotonic_us() < pause_until_us;

        go_on = !atomic_load(&raft->stopping);
        if (!go_on || (!paused && !queue_empty(&worker->waiting))) {
            break;
        }
        raft_worker_wait_locked(worker, paused ? pause_until_us : CLOCK_NEVER_US);
    }
    if (go_on) {
        struct queue *link = queue_pop(&worker->waiting);

        worker->n_waiting--;
        queue_push(&worker->running, link);
        request = queue_object(link, struct raft_request, queue);
        *ret_order =
            (struct raft_order){.kind = request->kind, .id = request->id, .role = request->role};
        if (request->kind == RAFT_ADD) {
            snprintf(ret_order->address, sizeof ret_order->address, "%s", request->address);
        }
        *ret_deadline_us = request->deadline_us;
    }
    pthread_mutex_unlock(&raft->mutex);
    return go_on;
}

static int run_once(struct raft_worker *worker, const struct raft_order *order,
                    uint64_t deadline_us, struct error *error)
{
    struct raft *raft = worker->raft;
    struct db_context context = {.deadline_us = clock_monotonic_us() + RAFT_ENGINE_TIMEOUT_US,
                                 .canceled = &raft->stopping};
    int code;

    if (deadline_us < context.deadline_us) {
        context.deadline_us = deadline_us;
    }
    code = raft_worker_connect(worker, &context, error);
    if (code == ERROR_NONE) {
        context.deadline_us = deadline_us;
        code = raft_order_run(order, worker->conn, raft->own_id, &context, error);
    }
    return code;
}

static int run(struct raft_worker *worker, const struct raft_order *order, uint64_t deadline_us,
               struct error *error)
{
    bool reused = worker->conn != NULL;
    int code = run_once(worker, order, deadline_us, error);

    if (code == ERROR_IO && reused && worker->conn != NULL && raft_conn_broken(worker->conn)) {
        /* The engine closed it, most likely before the order was sent; and what is ordered
         * twice is done once. */
        error_clear(error);
        code = run_once(worker, order, deadline_us, error);
    }
    return code;
}

/* The order is done, with ERROR; its request is there, unless the loop took it away. */
static void report(struct raft_worker *worker, const struct error *error)
{
    struct raft *raft = worker->raft;
    struct queue *link;

    pthread_mutex_lock(&raft->mutex);
    link = queue_pop(&worker->running);
    if (link != NULL) {
        struct raft_request *request = queue_object(link, struct raft_request, queue);

        request->error = *error;
        raft_finish_locked(raft, request);
    }
    pthread_mutex_unlock(&raft->mutex);
}

void *raft_changer_main(void *arg)
{
    struct raft_worker *worker = arg;
    struct raft_order order;
    uint64_t deadline_us;
    uint64_t pause_until_us = 0;

    while (take(worker, pause_until_us, &order, &deadline_us)) {
        struct error error = ERROR_INIT;
        int code = run(worker, &order, deadline_us, &error);

        report(worker, &error);
        pause_until_us = 0;
        if (worker->conn == NULL) {
            pause_until_us = raft_worker_failed(worker, &error);
        } else if (code == ERROR_NONE) {
            raft_worker_recovered(worker);
        }
    }
    raft_worker_end(worker);
    return NULL;
}
