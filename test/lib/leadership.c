#include "test/lib/leadership.h"

#include "base/clock.h"

#include <assert.h>
#include <string.h>

/* How long somebody who was tried in vain is let alone. */
#define PAUSE_MS 2

static void finish(struct leadership *leadership, struct leadership_waiter *waiter)
{
    queue_remove(&waiter->queue);
    leadership->n_waiters--;
    waiter->done(waiter);
}

static void advance_waiting(struct leadership *leadership)
{
    struct queue old;
    struct queue *link;

    queue_init(&old);
    queue_move(&old, &leadership->waiting);
    while ((link = queue_pop(&old)) != NULL) {
        struct leadership_waiter *waiter = queue_object(link, struct leadership_waiter, queue);

        if (leadership->view.place != LEADERSHIP_NOWHERE) {
            finish(leadership, waiter);
        } else if (waiter->deadline_us <= clock_monotonic_us()) {
            leadership_explain(leadership, &waiter->error);
            finish(leadership, waiter);
        } else {
            queue_push(&leadership->waiting, link);
        }
    }
}

static void advance_watching(struct leadership *leadership)
{
    struct queue old;
    struct queue *link;

    queue_init(&old);
    queue_move(&old, &leadership->watching);
    while ((link = queue_pop(&old)) != NULL) {
        struct leadership_waiter *waiter = queue_object(link, struct leadership_waiter, queue);

        if (leadership->view.place != LEADERSHIP_NOWHERE &&
            leadership->view.epoch != waiter->epoch) {
            finish(leadership, waiter);
        } else {
            queue_push(&leadership->watching, link);
        }
    }
}

static void advance_confirming(struct leadership *leadership)
{
    struct queue *link;

    while (!leadership->holds && (link = queue_pop(&leadership->confirming)) != NULL) {
        struct leadership_waiter *waiter = queue_object(link, struct leadership_waiter, queue);

        leadership->n_confirms++;
        if (leadership->view.place != LEADERSHIP_HERE) {
            error_set(&waiter->error, ERROR_NOT_LEADER, "This node doesn't lead");
        } else if (leadership->n_unconfirmed > 0) {
            leadership->n_unconfirmed--;
            error_set(&waiter->error, leadership->confirmation, "set by the test");
        }
        finish(leadership, waiter);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct leadership *leadership = timer->data;

    advance_waiting(leadership);
    advance_watching(leadership);
    advance_confirming(leadership);
    if (leadership->n_waiters == 0) {
        uv_timer_stop(timer);
    }
}

void fake_leadership_open(struct leadership *leadership, uv_loop_t *loop)
{
    memset(leadership, 0, sizeof *leadership);
    queue_init(&leadership->waiting);
    queue_init(&leadership->watching);
    queue_init(&leadership->confirming);
    leadership->view = (struct leadership_view){.place = LEADERSHIP_NOWHERE, .epoch = 1};
    uv_timer_init(loop, &leadership->timer);
    leadership->timer.data = leadership;
}

void fake_leadership_close(struct leadership *leadership)
{
    assert(leadership->n_waiters == 0);
    uv_close((uv_handle_t *)&leadership->timer, NULL);
}

void fake_leadership_set(struct leadership *leadership, enum leadership_place place,
                         uint64_t member_id)
{
    leadership->view.place = place;
    leadership->view.member_id = place == LEADERSHIP_NOWHERE ? 0 : member_id;
    leadership->view.epoch++;
}

void leadership_get(const struct leadership *leadership, struct leadership_view *ret_view)
{
    *ret_view = leadership->view;
}

static void add(struct leadership *leadership, struct queue *queue,
                struct leadership_waiter *waiter)
{
    queue_push(queue, &waiter->queue);
    leadership->n_waiters++;
    uv_timer_start(&leadership->timer, on_timer, PAUSE_MS, PAUSE_MS);
}

void leadership_await(struct leadership *leadership, struct leadership_waiter *waiter)
{
    add(leadership, &leadership->waiting, waiter);
}

void leadership_watch(struct leadership *leadership, struct leadership_waiter *waiter)
{
    add(leadership, &leadership->watching, waiter);
}

void leadership_confirm(struct leadership *leadership, struct leadership_waiter *waiter)
{
    add(leadership, &leadership->confirming, waiter);
}

void leadership_forget(struct leadership *leadership, struct leadership_waiter *waiter)
{
    queue_remove(&waiter->queue);
    leadership->n_waiters--;
}

void leadership_suspect(struct leadership *leadership)
{
    leadership->n_suspects++;
}

int leadership_explain(struct leadership *leadership, struct error *error)
{
    (void)leadership;
    return error_set(error, ERROR_UNAVAILABLE, "No member leads: set by the test");
}
