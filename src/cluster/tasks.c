/* What takes several steps: a list that is gone through after each event. */
#include "base/clock.h"
#include "cluster/cluster_internal.h"

#include <jansson.h>
#include <stdlib.h>

void task_end(struct task_state *state, const struct error *error)
{
    struct cluster_task *task = state->task;

    if (error == NULL) {
        error_clear(&task->error);
    } else {
        task->error = *error;
    }
    if (state->clean_up != NULL) {
        state->clean_up(state);
    }
    queue_remove(&state->queue);
    free(state);
    task->done(task);
}

static void take_message(const char *body, size_t size, struct error *error)
{
    json_t *root = json_loadb(body, size, 0, NULL);
    const char *message;

    if (root != NULL && json_unpack(root, "{s:s}", "error", &message) == 0) {
        error_set(error, error->code, "%s", message);
    }
    json_decref(root);
}

static enum error_code code_of_status(unsigned status)
{
    switch (status) {
    case 400:
        return ERROR_INVALID;
    case 403:
        return ERROR_FORBIDDEN;
    case 409:
        return ERROR_CONFLICT;
    case 503:
        return ERROR_UNAVAILABLE;
    default:
        return ERROR_IO;
    }
}

void task_read_answer(const struct peer_request *request, struct error *error)
{
    *error = request->error;
    if (error->code == ERROR_NONE && request->status != 200) {
        error_set(error, code_of_status(request->status), "The leader answers with status %u",
                  request->status);
        take_message(request->response_body, request->response_size, error);
    }
}

static void on_soon(uv_idle_t *idle)
{
    uv_idle_stop(idle);
    tasks_advance(idle->data);
}

void tasks_advance_soon(struct cluster *c)
{
    if (!uv_is_closing((uv_handle_t *)&c->soon)) {
        uv_idle_start(&c->soon, on_soon);
    }
}

void *task_begin(struct cluster *c, struct cluster_task *task, size_t size,
                 void (*advance)(struct task_state *state))
{
    /* A task without memory ends in the next turn, too: by a state that needs none. */
    struct task_state *state = calloc(1, size);

    task->cluster = c;
    error_clear(&task->error);
    if (state == NULL) {
        error_no_memory(&task->error);
        queue_push(&c->failed_tasks, &task->queue);
    } else {
        state->task = task;
        state->advance = advance;
        queue_push(&c->tasks, &state->queue);
    }
    tasks_advance_soon(c);
    return state;
}

static void end_failed(struct cluster *c)
{
    struct queue *link;

    while ((link = queue_pop(&c->failed_tasks)) != NULL) {
        struct cluster_task *task = queue_object(link, struct cluster_task, queue);

        task->done(task);
    }
}

static void advance(struct cluster *c, struct task_state *state)
{
    struct error error;

    if (c->closing) {
        error_set(&error, ERROR_CANCELED, "The daemon is stopping");
        task_end(state, &error);
    } else if (state->task->deadline_us <= clock_monotonic_us()) {
        error_set(&error, ERROR_TIMEOUT, "%s",
                  state->waits_for[0] == '\0' ? "The time for it is up" : state->waits_for);
        task_end(state, &error);
    } else {
        state->advance(state);
    }
}

/* A task that ends may begin another one, or end a third: so each turn begins anew, and goes only
 * over those that were there when it began. */
void tasks_advance(struct cluster *c)
{
    struct queue old;
    struct queue *link;

    end_failed(c);
    queue_init(&old);
    queue_move(&old, &c->tasks);
    while ((link = queue_pop(&old)) != NULL) {
        struct task_state *state = queue_object(link, struct task_state, queue);

        queue_push(&c->tasks, link);
        if (!state->busy) {
            advance(c, state);
        }
    }
    cluster_advance_closing(c);
}
