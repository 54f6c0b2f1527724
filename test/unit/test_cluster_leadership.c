/* Waiting for a leader, and asking the voters whether there is still the same. The engine and the
 * other members are stand-ins, so that each answer comes when the test wants it. */
#include "base/clock.h"
#include "cluster/leadership.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OWN 1

/* -- Stand-ins ----------------------------------------------------------------- */

struct world {
    uv_loop_t loop;
    struct leadership *leadership;
    bool closed;
    struct raft_request *own[8];
    size_t n_own;
    struct peer_request *others[16];
    size_t n_others;
    unsigned n_suspected;
};

static struct world *world; /* The calls below have no other way to it. */

void raft_request_init(struct raft_request *request)
{
    memset(request, 0, sizeof *request);
}

void raft_submit(struct raft *raft, struct raft_request *request)
{
    assert_ptr_equal(raft, world);
    assert_int_equal(request->kind, RAFT_ASK_LEADER);
    world->own[world->n_own++] = request;
}

void raft_suspect(struct raft *raft)
{
    assert_ptr_equal(raft, world);
    world->n_suspected++;
}

void peer_request_init(struct peer_request *request)
{
    memset(request, 0, sizeof *request);
}

void peers_submit(struct peers *peers, struct peer_request *request)
{
    assert_ptr_equal(peers, world);
    assert_string_equal(request->target, "/internal/cluster/leader");
    world->others[world->n_others++] = request;
}

static void answer_own(size_t i, uint64_t leader)
{
    world->own[i]->leader_id = leader;
    world->own[i]->done(world->own[i]);
}

/* LEADER 0: it can't be reached. */
static void answer_other(size_t i, uint64_t leader)
{
    struct peer_request *request = world->others[i];
    static char body[64];

    if (leader == 0) {
        error_set(&request->error, ERROR_UNAVAILABLE, "connection refused");
    } else {
        snprintf(body, sizeof body, "{\"leader\":%llu}", (unsigned long long)leader);
        request->status = 200;
        request->response_body = body;
        request->response_size = strlen(body);
    }
    request->done(request);
}

/* -- The fixture ---------------------------------------------------------------- */

struct waiting {
    struct leadership_waiter waiter;
    unsigned n_done;
};

static void on_done(struct leadership_waiter *waiter)
{
    struct waiting *waiting = waiter->data;

    waiting->n_done++;
}

static void waiting_init(struct waiting *waiting, uint64_t epoch, unsigned patience_ms)
{
    *waiting = (struct waiting){0};
    waiting->waiter.data = waiting;
    waiting->waiter.epoch = epoch;
    waiting->waiter.deadline_us = clock_monotonic_us() + patience_ms * UINT64_C(1000);
    waiting->waiter.done = on_done;
}

static void explain(void *data, struct error *error)
{
    assert_ptr_equal(data, world);
    error_set(error, ERROR_UNAVAILABLE, "1 of 3 answers");
}

static void on_suspect(void *data)
{
    assert_ptr_equal(data, world);
}

static int set_up(void **state)
{
    struct leadership_options options = {
        .own_id = OWN, .explain = explain, .on_suspect = on_suspect};
    struct error error;

    world = calloc(1, sizeof *world);
    uv_loop_init(&world->loop);
    options.loop = &world->loop;
    options.data = world;
    assert_int_equal(leadership_open(&options, &world->leadership, &error), ERROR_NONE);
    *state = world;
    return 0;
}

static void on_closed(void *data)
{
    ((struct world *)data)->closed = true;
}

static void close_leadership(void)
{
    leadership_close(world->leadership, on_closed, world);
    world->leadership = NULL;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    if (w->leadership != NULL) {
        close_leadership();
    }
    uv_run(&w->loop, UV_RUN_DEFAULT);
    assert_true(w->closed);
    assert_int_equal(uv_loop_close(&w->loop), 0);
    free(w);
    return 0;
}

static void turn(void)
{
    uv_run(&world->loop, UV_RUN_NOWAIT);
    uv_run(&world->loop, UV_RUN_NOWAIT);
}

/* Three voters, of which this one leads. */
static void form_cluster(void)
{
    const uint64_t voters[] = {1, 2, 3};
    struct error error;

    leadership_set_means(world->leadership, (struct peers *)world, (struct raft *)world);
    leadership_set_leader(world->leadership, 0);
    leadership_set_leader(world->leadership, OWN);
    assert_int_equal(leadership_set_voters(world->leadership, voters, 3, &error), ERROR_NONE);
}

static void confirm(struct waiting *waiting)
{
    waiting_init(waiting, 0, 60000);
    leadership_confirm(world->leadership, &waiting->waiter);
}

/* -- Waiting --------------------------------------------------------------------- */

static void test_alone(void **state)
{
    struct leadership_view view;
    struct waiting w;

    (void)state;
    leadership_get(world->leadership, &view);
    assert_int_equal(view.place, LEADERSHIP_HERE);
    assert_int_equal(view.member_id, OWN);
    confirm(&w);
    assert_int_equal(w.n_done, 0);
    turn();
    assert_int_equal(w.n_done, 1);
    assert_int_equal(w.waiter.error.code, ERROR_NONE);
}

static void test_await_another_leader(void **state)
{
    struct leadership_view view;
    struct waiting w;

    (void)state;
    form_cluster();
    leadership_set_leader(world->leadership, 0);
    leadership_get(world->leadership, &view);
    assert_int_equal(view.place, LEADERSHIP_NOWHERE);
    waiting_init(&w, view.epoch, 60000);
    leadership_await(world->leadership, &w.waiter);
    turn();
    assert_int_equal(w.n_done, 0);
    leadership_set_leader(world->leadership, 2);
    turn();
    assert_int_equal(w.n_done, 1);
    assert_int_equal(w.waiter.error.code, ERROR_NONE);
    leadership_get(world->leadership, &view);
    assert_int_equal(view.place, LEADERSHIP_MEMBER);
    assert_int_equal(view.member_id, 2);
    assert_true(view.epoch > w.waiter.epoch);
}

static void test_await_same_leader_again(void **state)
{
    struct leadership_view view;
    struct waiting w;

    (void)state;
    form_cluster();
    leadership_get(world->leadership, &view);
    waiting_init(&w, view.epoch, 60000);
    leadership_await(world->leadership, &w.waiter);
    turn();
    assert_int_equal(w.n_done, 0);
    while (w.n_done == 0) {
        uv_run(&world->loop, UV_RUN_ONCE);
    }
    assert_int_equal(w.waiter.error.code, ERROR_NONE);
    assert_true(clock_monotonic_us() >= w.waiter.retry_us - 1000);
}

static void test_await_in_vain(void **state)
{
    struct waiting w;

    (void)state;
    form_cluster();
    leadership_set_leader(world->leadership, 0);
    waiting_init(&w, 0, 1);
    leadership_await(world->leadership, &w.waiter);
    while (w.n_done == 0) {
        uv_run(&world->loop, UV_RUN_ONCE);
    }
    assert_int_equal(w.waiter.error.code, ERROR_UNAVAILABLE);
    assert_string_equal(w.waiter.error.message, "1 of 3 answers");
}

static void test_forget(void **state)
{
    struct waiting w;

    (void)state;
    form_cluster();
    leadership_set_leader(world->leadership, 0);
    waiting_init(&w, 0, 60000);
    leadership_await(world->leadership, &w.waiter);
    leadership_forget(world->leadership, &w.waiter);
    leadership_set_leader(world->leadership, 2);
    turn();
    assert_int_equal(w.n_done, 0);
    leadership_suspect(world->leadership);
    assert_int_equal(world->n_suspected, 1);
}

/* -- Confirming ------------------------------------------------------------------- */

static void test_majority_confirms(void **state)
{
    struct waiting a;
    struct waiting b;

    (void)state;
    form_cluster();
    confirm(&a);
    confirm(&b);
    turn();
    /* One question for both. */
    assert_int_equal(world->n_own, 1);
    assert_int_equal(world->n_others, 2);
    answer_own(0, OWN);
    assert_int_equal(a.n_done, 0);
    answer_other(1, OWN);
    assert_int_equal(a.n_done, 1);
    assert_int_equal(b.n_done, 1);
    assert_int_equal(a.waiter.error.code, ERROR_NONE);
    assert_int_equal(b.waiter.error.code, ERROR_NONE);
    answer_other(0, 0);
    assert_int_equal(a.n_done, 1);
}

/* An answer to a question that was sent before the read began says nothing about it. */
static void test_later_reads_ask_anew(void **state)
{
    struct waiting a;
    struct waiting b;

    (void)state;
    form_cluster();
    confirm(&a);
    turn();
    confirm(&b);
    answer_own(0, OWN);
    answer_other(0, OWN);
    answer_other(1, OWN);
    assert_int_equal(a.n_done, 1);
    assert_int_equal(b.n_done, 0);
    turn();
    assert_int_equal(world->n_own, 2);
    assert_int_equal(world->n_others, 4);
    answer_own(1, OWN);
    answer_other(2, OWN);
    assert_int_equal(b.n_done, 1);
    answer_other(3, OWN);
}

static void test_majority_denies(void **state)
{
    struct waiting w;

    (void)state;
    form_cluster();
    confirm(&w);
    turn();
    answer_own(0, OWN);
    answer_other(0, 2);
    assert_int_equal(w.n_done, 0);
    answer_other(1, 0);
    assert_int_equal(w.n_done, 1);
    assert_int_equal(w.waiter.error.code, ERROR_NOT_LEADER);
    assert_string_equal(w.waiter.error.message,
                        "Only 1 of 3 voters confirm that this member still leads; 2 are needed");
}

static void test_nothing_to_confirm(void **state)
{
    struct waiting w;

    (void)state;
    form_cluster();
    leadership_set_leader(world->leadership, 2);
    confirm(&w);
    turn();
    assert_int_equal(w.n_done, 1);
    assert_int_equal(w.waiter.error.code, ERROR_NOT_LEADER);

    /* It leads anew: who votes has to be read anew. */
    leadership_set_leader(world->leadership, OWN);
    confirm(&w);
    turn();
    assert_int_equal(w.waiter.error.code, ERROR_NOT_LEADER);
    assert_int_equal(world->n_own, 0);
}

static void test_single_voter(void **state)
{
    const uint64_t voters[] = {OWN};
    struct error error;
    struct waiting w;

    (void)state;
    form_cluster();
    assert_int_equal(leadership_set_voters(world->leadership, voters, 1, &error), ERROR_NONE);
    confirm(&w);
    turn();
    assert_int_equal(w.n_done, 1);
    assert_int_equal(w.waiter.error.code, ERROR_NONE);
    assert_int_equal(world->n_own, 0);
}

static void test_closing(void **state)
{
    struct waiting awaiting;
    struct waiting confirming;
    struct waiting asked;

    (void)state;
    form_cluster();
    confirm(&asked);
    turn();
    confirm(&confirming);
    waiting_init(&awaiting, 0, 60000);
    leadership_set_leader(world->leadership, 0);
    leadership_await(world->leadership, &awaiting.waiter);
    close_leadership();
    turn();
    assert_int_equal(awaiting.n_done, 1);
    assert_int_equal(awaiting.waiter.error.code, ERROR_CANCELED);
    assert_int_equal(confirming.n_done, 1);
    assert_int_equal(confirming.waiter.error.code, ERROR_CANCELED);
    /* What was asked comes back before it is closed. */
    assert_false(world->closed);
    answer_own(0, 0);
    answer_other(0, 0);
    answer_other(1, 0);
    assert_int_equal(asked.n_done, 1);
    turn();
    assert_true(world->closed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_await_another_leader, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_await_same_leader_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_await_in_vain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_forget, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_majority_confirms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_later_reads_ask_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_majority_denies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_to_confirm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_single_voter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_closing, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
