#include "cluster/leadership.h"

#include "base/clock.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A question that was sent to the voters, and who waits for what comes of it. */
struct question {
    struct leadership *leadership;
    struct queue queue;   /* Of all that are out. */
    struct queue waiters; /* Empty once it is settled. */
    size_t n_voters;
    size_t n_yes;
    size_t n_no;  /* Or no answer. */
    size_t n_out; /* Requests whose DONE wasn't called yet. */
    bool settled;
    struct raft_request own;
    struct peer_request *others; /* n_voters of them; as many as voters that aren't this node. */
};

struct leadership {
    struct leadership_options options;
    struct leadership_view view;
    uint64_t *voters;
    size_t n_voters;
    bool knows_voters;
    struct queue awaiting;   /* Waiters of leadership_await(). */
    struct queue confirming; /* Waiters of leadership_confirm() for the next question. */
    struct queue questions;
    uv_timer_t timer;
    uv_idle_t soon; /* Runs advance() in the loop's next turn. */
    unsigned n_handles;
    bool closing;
    void (*closed)(void *data);
    void *closed_data;
};

static void advance(struct leadership *l);

static void finish(struct leadership_waiter *waiter)
{
    queue_remove(&waiter->queue);
    waiter->done(waiter);
}

static void on_soon(uv_idle_t *idle)
{
    uv_idle_stop(idle);
    advance(idle->data);
}

static void advance_soon(struct leadership *l)
{
    uv_idle_start(&l->soon, on_soon);
}

/* -- Awaiting a leader ---------------------------------------------------- */

static void on_timer(uv_timer_t *timer)
{
    advance(timer->data);
}

/* When WAITER is to be looked at again. */
static uint64_t due_us(const struct leadership *l, const struct leadership_waiter *waiter)
{
    if (l->view.place == LEADERSHIP_NOWHERE || waiter->retry_us > waiter->deadline_us) {
        return waiter->deadline_us;
    }
    return waiter->retry_us;
}

static bool is_answered(const struct leadership *l, const struct leadership_waiter *waiter,
                        uint64_t now_us)
{
    return l->view.place != LEADERSHIP_NOWHERE &&
           (l->view.epoch != waiter->epoch || waiter->retry_us <= now_us);
}

/* Ends those that can go on and those whose time is up. DONE may add others, which are looked at
 * in the next turn. */
static void advance_awaiting(struct leadership *l)
{
    uint64_t now_us = clock_monotonic_us();
    uint64_t next_us = CLOCK_NEVER_US;
    struct queue ended;
    struct queue *link;

    queue_init(&ended);
    for (link = l->awaiting.next; link != &l->awaiting;) {
        struct leadership_waiter *waiter = queue_object(link, struct leadership_waiter, queue);

        link = link->next;
        if (l->closing) {
            error_set(&waiter->error, ERROR_CANCELED, "The daemon is stopping");
        } else if (is_answered(l, waiter, now_us)) {
            error_clear(&waiter->error);
        } else if (waiter->deadline_us <= now_us) {
            leadership_explain(l, &waiter->error);
        } else {
            uint64_t due = due_us(l, waiter);

            next_us = due < next_us ? due : next_us;
            continue;
        }
        queue_remove(&waiter->queue);
        queue_push(&ended, &waiter->queue);
    }
    if (next_us != CLOCK_NEVER_US) {
        uv_timer_start(&l->timer, on_timer, (uint64_t)clock_poll_timeout_ms(next_us), 0);
    }
    while (!queue_empty(&ended)) {
        finish(queue_object(ended.next, struct leadership_waiter, queue));
    }
}

void leadership_await(struct leadership *l, struct leadership_waiter *waiter)
{
    waiter->retry_us = clock_monotonic_us() + LEADERSHIP_RETRY_MS * UINT64_C(1000);
    error_clear(&waiter->error);
    queue_push(&l->awaiting, &waiter->queue);
    advance_soon(l);
}

void leadership_watch(struct leadership *l, struct leadership_waiter *waiter)
{
    waiter->retry_us = CLOCK_NEVER_US;
    waiter->deadline_us = CLOCK_NEVER_US;
    error_clear(&waiter->error);
    queue_push(&l->awaiting, &waiter->queue);
    if (l->closing || l->view.epoch != waiter->epoch) {
        advance_soon(l);
    }
}

/* -- Confirming ----------------------------------------------------------- */

static void free_question(struct question *question)
{
    queue_remove(&question->queue);
    free(question->others);
    free(question);
}

static void end_waiters(struct queue *waiters, const struct error *error)
{
    while (!queue_empty(waiters)) {
        struct leadership_waiter *waiter =
            queue_object(waiters->next, struct leadership_waiter, queue);

        waiter->error = *error;
        finish(waiter);
    }
}

/* One voter more has answered, or won't. */
static void count(struct question *question, bool yes)
{
    struct error error = ERROR_INIT;
    size_t majority = question->n_voters / 2 + 1;

    if (yes) {
        question->n_yes++;
    } else {
        question->n_no++;
    }
    if (question->settled) {
        return;
    }
    if (question->n_yes >= majority) {
        question->settled = true;
        end_waiters(&question->waiters, &error);
    } else if (question->n_no > question->n_voters - majority) {
        question->settled = true;
        error_set(&error, ERROR_NOT_LEADER,
                  "Only %zu of %zu voters confirm that this member still leads; %zu are needed",
                  question->n_yes, question->n_voters, majority);
        end_waiters(&question->waiters, &error);
    }
}

static void one_less(struct question *question)
{
    struct leadership *l = question->leadership;

    if (--question->n_out == 0) {
        free_question(question);
        if (l->closing) {
            advance_soon(l);
        }
    }
}

static void on_own(struct raft_request *request)
{
    struct question *question = request->data;

    count(question, request->error.code == ERROR_NONE &&
                        request->leader_id == question->leadership->options.own_id);
    one_less(question);
}

static bool names_us(const struct peer_request *request, uint64_t own_id)
{
    json_t *root;
    json_int_t leader;
    bool yes;

    if (request->error.code != ERROR_NONE || request->status != 200) {
        return false;
    }
    root = json_loadb(request->response_body, request->response_size, 0, NULL);
    yes = root != NULL && json_unpack(root, "{s:I}", "leader", &leader) == 0 &&
          (uint64_t)leader == own_id;
    json_decref(root);
    return yes;
}

static void on_other(struct peer_request *request)
{
    struct question *question = request->data;

    count(question, names_us(request, question->leadership->options.own_id));
    arena_close(&request->arena);
    one_less(question);
}

static void ask_own(struct question *question, uint64_t deadline_us)
{
    raft_request_init(&question->own);
    question->own.data = question;
    question->own.kind = RAFT_ASK_LEADER;
    question->own.deadline_us = deadline_us;
    question->own.done = on_own;
    question->n_out++;
    raft_submit(question->leadership->options.raft, &question->own);
}

static void ask_other(struct question *question, struct peer_request *request, uint64_t id,
                      uint64_t deadline_us)
{
    peer_request_init(request);
    request->data = question;
    request->member_id = id;
    request->method = "POST";
    request->target = "/internal/cluster/leader";
    request->body = "{}";
    request->body_size = 2;
    request->deadline_us = deadline_us;
    request->done = on_other;
    question->n_out++;
    peers_submit(question->leadership->options.peers, request);
}

/* Sends one question for all who wait. */
static int ask(struct leadership *l)
{
    uint64_t deadline_us = clock_monotonic_us() + LEADERSHIP_QUESTION_MS * UINT64_C(1000);
    struct question *question = calloc(1, sizeof *question);
    size_t n_others = 0;

    if (question == NULL) {
        return ERROR_NO_MEMORY;
    }
    question->others = calloc(l->n_voters, sizeof *question->others);
    if (question->others == NULL) {
        free(question);
        return ERROR_NO_MEMORY;
    }
    question->leadership = l;
    question->n_voters = l->n_voters;
    queue_init(&question->waiters);
    queue_move(&question->waiters, &l->confirming);
    queue_push(&l->questions, &question->queue);
    for (size_t i = 0; i < l->n_voters; i++) {
        if (l->voters[i] == l->options.own_id) {
            ask_own(question, deadline_us);
        } else {
            ask_other(question, &question->others[n_others++], l->voters[i], deadline_us);
        }
    }
    return ERROR_NONE;
}

/* Answers all that wait to be confirmed at once where no question is needed or possible. */
static void advance_confirming(struct leadership *l)
{
    struct error error = ERROR_INIT;
    struct queue waiters;

    if (queue_empty(&l->confirming)) {
        return;
    }
    if (l->closing) {
        error_set(&error, ERROR_CANCELED, "The daemon is stopping");
    } else if (l->view.place != LEADERSHIP_HERE) {
        error_set(&error, ERROR_NOT_LEADER, "This member doesn't lead");
    } else if (l->options.raft != NULL && !l->knows_voters) {
        error_set(&error, ERROR_NOT_LEADER, "This member leads since a moment only");
    } else if (l->options.raft != NULL && (l->n_voters > 1 || l->voters[0] != l->options.own_id)) {
        if (ask(l) == ERROR_NONE) {
            return;
        }
        error_no_memory(&error);
    }
    queue_init(&waiters);
    queue_move(&waiters, &l->confirming);
    end_waiters(&waiters, &error);
}

void leadership_confirm(struct leadership *l, struct leadership_waiter *waiter)
{
    error_clear(&waiter->error);
    queue_push(&l->confirming, &waiter->queue);
    advance_soon(l);
}

/* -- The whole ------------------------------------------------------------ */

static void on_handle_closed(uv_handle_t *handle)
{
    struct leadership *l = handle->data;
    void (*closed)(void *data) = l->closed;
    void *data = l->closed_data;

    if (--l->n_handles > 0) {
        return;
    }
    free(l->voters);
    free(l);
    if (closed != NULL) {
        closed(data);
    }
}

static void close_handles(struct leadership *l)
{
    uv_close((uv_handle_t *)&l->timer, on_handle_closed);
    uv_close((uv_handle_t *)&l->soon, on_handle_closed);
}

static void advance(struct leadership *l)
{
    advance_awaiting(l);
    advance_confirming(l);
    if (l->closing && queue_empty(&l->questions) && queue_empty(&l->awaiting) &&
        queue_empty(&l->confirming) && !uv_is_closing((uv_handle_t *)&l->timer)) {
        close_handles(l);
    }
}

int leadership_open(const struct leadership_options *options, struct leadership **ret_leadership,
                    struct error *error)
{
    struct leadership *l = calloc(1, sizeof *l);

    if (l == NULL) {
        return error_no_memory(error);
    }
    l->options = *options;
    l->view = (struct leadership_view){
        .place = LEADERSHIP_HERE, .member_id = options->own_id, .epoch = 1};
    queue_init(&l->awaiting);
    queue_init(&l->confirming);
    queue_init(&l->questions);
    uv_timer_init(options->loop, &l->timer);
    uv_idle_init(options->loop, &l->soon);
    l->timer.data = l;
    l->soon.data = l;
    l->n_handles = 2;
    *ret_leadership = l;
    return ERROR_NONE;
}

void leadership_close(struct leadership *l, void (*closed)(void *data), void *data)
{
    assert(!l->closing);
    l->closing = true;
    l->closed = closed;
    l->closed_data = data;
    advance_soon(l);
}

void leadership_get(const struct leadership *l, struct leadership_view *ret_view)
{
    *ret_view = l->view;
}

void leadership_forget(struct leadership *l, struct leadership_waiter *waiter)
{
    queue_remove(&waiter->queue);
    if (l->closing) {
        advance_soon(l);
    }
}

void leadership_suspect(struct leadership *l)
{
    if (l->options.raft != NULL) {
        raft_suspect(l->options.raft);
        l->options.on_suspect(l->options.data);
    }
}

int leadership_explain(struct leadership *l, struct error *error)
{
    error_set(error, ERROR_UNAVAILABLE, "No member leads");
    if (l->options.explain != NULL) {
        l->options.explain(l->options.data, error);
    }
    return (int)error->code;
}

void leadership_set_leader(struct leadership *l, uint64_t leader_id)
{
    if (l->view.member_id == leader_id) {
        return;
    }
    l->view.member_id = leader_id;
    l->view.place = leader_id == 0                   ? LEADERSHIP_NOWHERE
                    : leader_id == l->options.own_id ? LEADERSHIP_HERE
                                                     : LEADERSHIP_MEMBER;
    l->view.epoch++;
    /* Another leader may have changed the configuration since it was read. */
    l->knows_voters = false;
    advance_soon(l);
}

int leadership_set_voters(struct leadership *l, const uint64_t *ids, size_t n_ids,
                          struct error *error)
{
    uint64_t *voters;

    assert(n_ids > 0);
    voters = malloc(n_ids * sizeof *voters);
    if (voters == NULL) {
        return error_no_memory(error);
    }
    memcpy(voters, ids, n_ids * sizeof *voters);
    free(l->voters);
    l->voters = voters;
    l->n_voters = n_ids;
    l->knows_voters = true;
    return ERROR_NONE;
}

void leadership_set_means(struct leadership *l, struct peers *peers, struct raft *raft)
{
    l->options.peers = peers;
    l->options.raft = raft;
}
