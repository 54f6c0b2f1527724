/* The thread that keeps watch over who leads, and answers questions. Several that wait at the
 * same time share one, which is asked after the last of them came. */
#include "base/clock.h"
#include "base/log.h"
#include "node/raft_internal.h"

#include <stdlib.h>
#include <string.h>

struct answer {
    struct error error; /* Of the question who leads, and so of all. */
    uint64_t leader_id;
    struct error servers_error;
    struct raft_server *servers; /* NULL: they weren't asked for, or an error. */
    size_t n_servers;
};

static bool is_about_servers(const struct raft_request *request)
{
    return request->kind == RAFT_SERVERS || request->kind == RAFT_KNOWN_SERVERS;
}

/* The leader first: if the own node led then, its configuration is the newest there is. */
static int ask_once(struct raft_worker *worker, bool servers, struct answer *answer)
{
    const struct db_context context = {.deadline_us = clock_monotonic_us() + RAFT_ENGINE_TIMEOUT_US,
                                       .canceled = &worker->raft->stopping};
    int code = raft_worker_connect(worker, &context, &answer->error);

    if (code == ERROR_NONE) {
        code = raft_conn_leader(worker->conn, &context, &answer->leader_id, &answer->error);
    }
    if (code == ERROR_NONE && servers) {
        code = raft_conn_servers(worker->conn, &context, &answer->servers, &answer->n_servers,
                                 &answer->servers_error);
    }
    return code;
}

static void ask(struct raft_worker *worker, bool servers, struct answer *ret_answer)
{
    bool reused = worker->conn != NULL;

    *ret_answer = (struct answer){.leader_id = 0};
    if (ask_once(worker, servers, ret_answer) == ERROR_IO && reused) {
        /* The engine closed it since the last question. */
        *ret_answer = (struct answer){.leader_id = 0};
        ask_once(worker, servers, ret_answer);
    }
}

static void copy_servers(const struct answer *answer, struct raft_request *request)
{
    size_t size = answer->n_servers * sizeof *answer->servers;

    if (answer->servers_error.code != ERROR_NONE) {
        request->error = answer->servers_error;
        return;
    }
    request->servers = malloc(size == 0 ? 1 : size);
    if (request->servers == NULL) {
        error_no_memory(&request->error);
        return;
    }
    memcpy(request->servers, answer->servers, size);
    request->n_servers = answer->n_servers;
}

static void finish_locked(struct raft *raft, const struct answer *answer,
                          struct raft_request *request)
{
    if (answer->error.code != ERROR_NONE) {
        request->error = answer->error;
    } else {
        request->leader_id = answer->leader_id;
        if (request->kind == RAFT_SERVERS && answer->leader_id != raft->own_id) {
            error_set(&request->error, ERROR_NOT_LEADER, "This node doesn't lead");
        } else if (is_about_servers(request)) {
            copy_servers(answer, request);
        }
    }
    raft_finish_locked(raft, request);
}

/* Passes ANSWER on to those who asked, unless the loop took them away, and notes who leads. */
static void report(struct raft_worker *worker, const struct answer *answer)
{
    struct raft *raft = worker->raft;
    struct queue *link;

    pthread_mutex_lock(&raft->mutex);
    if (answer->leader_id != raft->leader_id) {
        if (answer->leader_id == 0) {
            raft->alert_until_us = clock_monotonic_us() + RAFT_ALERT_FOR_MS * UINT64_C(1000);
        }
        raft->leader_id = answer->leader_id;
        uv_async_send(&raft->async);
    }
    while ((link = queue_pop(&worker->running)) != NULL) {
        finish_locked(raft, answer, queue_object(link, struct raft_request, queue));
    }
    pthread_mutex_unlock(&raft->mutex);
}

/* Waits until there is something to ask, but for PAUSE_UNTIL_US at least; false: the thread is
 * to end. All that wait are RUNNING then. */
static bool await_work(struct raft_worker *worker, uint64_t pause_until_us, bool *ret_servers)
{
    struct raft *raft = worker->raft;
    uint64_t asked_us = clock_monotonic_us();
    uint64_t now_us = asked_us;
    bool go_on;

    pthread_mutex_lock(&raft->mutex);
    for (;;) {
        bool alert = asked_us < raft->alert_until_us;
        uint64_t look_us =
            asked_us + (alert ? RAFT_WATCH_ALERT_MS : RAFT_WATCH_CALM_MS) * UINT64_C(1000);

        if (raft->look_now || !queue_empty(&worker->waiting)) {
            look_us = 0;
        }
        if (look_us < pause_until_us) {
            look_us = pause_until_us;
        }
        go_on = !atomic_load(&raft->stopping);
        if (!go_on || now_us >= look_us) {
            break;
        }
        raft_worker_wait_locked(worker, look_us);
        now_us = clock_monotonic_us();
    }
    raft->look_now = false;
    *ret_servers = false;
    for (struct queue *link = worker->waiting.next; link != &worker->waiting; link = link->next) {
        *ret_servers |= is_about_servers(queue_object(link, struct raft_request, queue));
    }
    queue_move(&worker->running, &worker->waiting);
    worker->n_waiting = 0;
    pthread_mutex_unlock(&raft->mutex);
    return go_on;
}

void *raft_asker_main(void *arg)
{
    struct raft_worker *worker = arg;
    struct answer answer;
    uint64_t pause_until_us = 0;
    bool servers = false;

    do {
        ask(worker, servers, &answer);
        report(worker, &answer);
        free(answer.servers);
        if (answer.error.code == ERROR_NONE) {
            raft_worker_recovered(worker);
            pause_until_us = 0;
        } else {
            pause_until_us = raft_worker_failed(worker, &answer.error);
        }
    } while (await_work(worker, pause_until_us, &servers));
    raft_worker_end(worker);
    return NULL;
}
