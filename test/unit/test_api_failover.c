/* Requests when who leads changes, or isn't known: what is in doubt is found out, what was refused
 * is tried elsewhere. Real API servers and stores on a real engine, with who leads as the test
 * says. */
#include "test/lib/api_cluster.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define P1       "/1.0/projects/p1"
#define COUNT_P1 "SELECT COUNT(*) FROM projects WHERE name = 'p1'"
#define LOOK_UP  "SELECT revision, result FROM store_requests WHERE id = ?"

static const char create_p1[] = "{\"name\":\"p1\"}";

static void await_fault(struct api_cluster *cluster, uint64_t id)
{
    while (!proxy_fault_happened(cluster->members[id].proxy)) {
        uv_run(&cluster->loop, UV_RUN_NOWAIT);
    }
}

static void first_try_is_not_looked_up(void **state)
{
    struct api_cluster *cluster = *state;

    proxy_set_fault(cluster->members[1].proxy, PROXY_CUT_BEFORE, LOOK_UP, 0);
    api_cluster_call(cluster, 2, "POST", "/1.0/projects", create_p1, 201);
    assert_false(proxy_fault_happened(cluster->members[1].proxy));
}

/* The leader's commit is done; its answer gets lost, on the way to it or from it. */

static void begin_in_doubt(struct api_cluster *cluster, struct client_call *call, const char *ms)
{
    proxy_set_fault(cluster->members[1].proxy, PROXY_HOLD, "COMMIT", 0);
    client_call_init(call, cluster, 2, "POST", "/1.0/projects", create_p1);
    client_call_header(call, "Lbstate-Timeout-Ms", ms);
    client_call_submit(call);
    await_fault(cluster, 1);
}

/* Member 3 leads, and is asked once: it was applied already. */
static void end_at_the_next_leader(struct api_cluster *cluster, struct client_call *call)
{
    client_call_await(call);
    assert_int_equal(call->request.status, 201);
    assert_string_equal(client_call_answer_header(call, "Location"), P1);
    assert_string_equal(client_call_answer_header(call, "Lbstate-Revision"), "1");
    client_call_close(call);
    proxy_cut(cluster->members[1].proxy, false);
    assert_int_equal(cluster->members[3].n_accepted, 1);
    assert_int_equal(api_cluster_integer(cluster, COUNT_P1), 1);
    assert_int_equal(api_cluster_integer(cluster, "SELECT COUNT(*) FROM store_requests"), 1);
}

/* Its answer reaches the leader of before after all; it was applied once. */
static void end_with_the_late_answer(struct api_cluster *cluster, struct client_call *call)
{
    proxy_cut(cluster->members[1].proxy, false);
    client_call_await(call);
    assert_int_equal(call->request.status, 201);
    client_call_close(call);
    assert_int_equal(api_cluster_integer(cluster, COUNT_P1), 1);
    assert_int_equal(api_cluster_integer(cluster, "SELECT revision FROM store_revision"), 1);
}

static void write_in_doubt_is_found_by_the_next_leader(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    begin_in_doubt(cluster, &call, "30000");
    api_cluster_lead(cluster, 3);
    member_cut(&cluster->members[1]);
    end_at_the_next_leader(cluster, &call);
}

/* It is cut off, and keeps its connections: nobody waits until it is back. */
static void leader_that_is_silent_is_not_awaited(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    begin_in_doubt(cluster, &call, "30000");
    api_cluster_lead(cluster, 0);
    api_cluster_lead(cluster, 3);
    end_at_the_next_leader(cluster, &call);
}

/* The leader lost a kept connection after it had the request, and goes on leading: what comes
 * on the next connection is looked up. */
static void second_try_at_the_same_leader_is_not_the_first(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    api_cluster_call(cluster, 2, "GET", P1, NULL, 404);
    begin_in_doubt(cluster, &call, "30000");
    assert_int_equal(cluster->members[1].n_accepted, 1);
    member_cut(&cluster->members[1]);
    while (cluster->members[1].n_accepted == 1) {
        api_cluster_turn(cluster);
    }
    api_cluster_await_writes(cluster, 1, 1);
    end_with_the_late_answer(cluster, &call);
}

/* It says so itself: 421, and that it may have been applied. */
static void leader_that_is_deposed_tells_what_it_does_not_know(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    begin_in_doubt(cluster, &call, "30000");
    api_cluster_lead(cluster, 3);
    end_with_the_late_answer(cluster, &call);
}

/* What the leader's own client sent is tried on at the next one, too. */
static void write_of_the_leaders_own_client_goes_on_elsewhere(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    proxy_set_fault(cluster->members[1].proxy, PROXY_HOLD, "COMMIT", 0);
    client_call_init(&call, cluster, 1, "POST", "/1.0/projects", create_p1);
    client_call_submit(&call);
    await_fault(cluster, 1);
    api_cluster_lead(cluster, 3);
    end_with_the_late_answer(cluster, &call);
    assert_int_equal(cluster->members[3].n_accepted, 1);
}

static void outcome_that_nobody_finds_out_is_unknown(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    begin_in_doubt(cluster, &call, "500");
    api_cluster_lead(cluster, 0);
    member_cut(&cluster->members[1]);
    client_call_await(&call);
    assert_int_equal(call.request.status, 500);
    assert_string_equal(client_call_answer_header(&call, "Lbstate-Outcome"), "unknown");
    client_call_close(&call);
    proxy_cut(cluster->members[1].proxy, false);
    assert_int_equal(api_cluster_integer(cluster, COUNT_P1), 1);
}

/* Found by the look-up, a verdict of the transaction is one on the earlier try, too. */
static void verdict_after_a_lost_try_is_believed(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    proxy_set_fault(cluster->members[1].proxy, PROXY_HOLD, "BEGIN IMMEDIATE", 0);
    client_call_init(&call, cluster, 2, "DELETE", P1, NULL);
    client_call_submit(&call);
    await_fault(cluster, 1);
    api_cluster_lead(cluster, 3);
    proxy_cut(cluster->members[1].proxy, false);
    member_cut(&cluster->members[1]);
    client_call_await(&call);
    assert_int_equal(call.request.status, 404);
    client_call_close(&call);
}

/* Who leads isn't known, or wrongly. */

static void without_a_leader_the_client_is_told_why(void **state)
{
    struct api_cluster *cluster = *state;
    uint64_t before_us = clock_monotonic_us();
    struct client_call call;

    api_cluster_lead(cluster, 0);
    client_call_init(&call, cluster, 2, "POST", "/1.0/projects", create_p1);
    client_call_header(&call, "Lbstate-Timeout-Ms", "200");
    client_call_perform(&call, 503);
    client_call_assert_contains(&call, "No member leads: set by the test");
    assert_string_equal(client_call_answer_header(&call, "Retry-After"), "1");
    assert_string_equal(client_call_answer_header(&call, "Lbstate-Outcome"), "");
    assert_true(clock_monotonic_us() - before_us >= 200 * 1000);
    client_call_close(&call);
}

static void leader_is_awaited(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call calls[2];

    api_cluster_lead(cluster, 0);
    client_call_init(&calls[0], cluster, 2, "POST", "/1.0/projects", create_p1);
    client_call_init(&calls[1], cluster, 3, "GET", "/1.0/projects", NULL);
    for (size_t i = 0; i < 2; i++) {
        client_call_submit(&calls[i]);
        while (cluster->members[2 + i].leadership.n_waiters == 0) {
            api_cluster_turn(cluster);
        }
    }
    api_cluster_lead(cluster, 3);
    client_call_await(&calls[0]);
    assert_int_equal(calls[0].request.status, 201);
    client_call_await(&calls[1]);
    assert_int_equal(calls[1].request.status, 200);
    client_call_close(&calls[0]);
    client_call_close(&calls[1]);
}

static void refused_request_is_tried_elsewhere(void **state)
{
    struct api_cluster *cluster = *state;
    struct member *first = &cluster->members[2];

    api_cluster_lead(cluster, 3);
    fake_leadership_set(&first->leadership, LEADERSHIP_MEMBER, 1); /* Doesn't know it yet. */
    proxy_set_fault(cluster->members[3].proxy, PROXY_CUT_BEFORE, LOOK_UP, 0);
    {
        struct client_call call;

        client_call_init(&call, cluster, 2, "POST", "/1.0/projects", create_p1);
        client_call_submit(&call);
        while (first->leadership.n_suspects == 0) {
            api_cluster_turn(cluster);
        }
        fake_leadership_set(&first->leadership, LEADERSHIP_MEMBER, 3);
        client_call_await(&call);
        assert_int_equal(call.request.status, 201);
        client_call_close(&call);
    }
    assert_int_equal(cluster->members[1].n_accepted, 1);
    /* Who refused it surely didn't apply it. */
    assert_false(proxy_fault_happened(cluster->members[3].proxy));
}

/* How many lines of FILE hold WORDS. */
static unsigned count_lines(FILE *file, const char *words)
{
    char line[1024];
    unsigned n = 0;

    rewind(file);
    while (fgets(line, sizeof line, file) != NULL) {
        n += strstr(line, words) != NULL;
    }
    return n;
}

static void refusals_of_one_request_are_told_once(void **state)
{
    struct api_cluster *cluster = *state;
    struct member *first = &cluster->members[2];
    FILE *told = tmpfile();
    int standard_error = dup(STDERR_FILENO);
    struct client_call call;

    assert_non_null(told);
    api_cluster_lead(cluster, 3);
    fake_leadership_set(&first->leadership, LEADERSHIP_MEMBER, 1); /* Doesn't know it for long. */
    dup2(fileno(told), STDERR_FILENO);
    client_call_init(&call, cluster, 2, "POST", "/1.0/projects", create_p1);
    client_call_submit(&call);
    for (unsigned n = 1; n <= 3; n++) {
        while (first->leadership.n_suspects < n) {
            api_cluster_turn(cluster);
        }
        fake_leadership_set(&first->leadership, LEADERSHIP_MEMBER, n < 3 ? 1 : 3);
    }
    client_call_await(&call);
    dup2(standard_error, STDERR_FILENO);
    close(standard_error);
    assert_int_equal(call.request.status, 201);
    client_call_close(&call);
    assert_int_equal(cluster->members[1].n_accepted, 1);
    assert_int_equal(count_lines(told, "The member that should lead didn't take a request"), 1);
    fclose(told);
}

static void store_that_was_deposed_sends_its_requests_elsewhere(void **state)
{
    struct api_cluster *cluster = *state;
    struct member *first = &cluster->members[1];
    struct client_call call;

    /* The engine knows before leadership does. */
    store_set_leads(first->api.store, false);
    store_set_leads(cluster->members[3].api.store, true);
    fake_leadership_set(&cluster->members[3].leadership, LEADERSHIP_HERE, 3);
    client_call_init(&call, cluster, 1, "POST", "/1.0/projects", create_p1);
    client_call_submit(&call);
    while (first->leadership.n_suspects == 0) {
        api_cluster_turn(cluster);
    }
    fake_leadership_set(&first->leadership, LEADERSHIP_MEMBER, 3);
    client_call_await(&call);
    assert_int_equal(call.request.status, 201);
    client_call_close(&call);
}

static void read_that_is_not_confirmed_is_tried_again(void **state)
{
    struct api_cluster *cluster = *state;
    struct member *leader = &cluster->members[1];

    leader->leadership.confirmation = ERROR_TIMEOUT;
    leader->leadership.n_unconfirmed = 2;
    api_cluster_call(cluster, 1, "GET", "/1.0/projects", NULL, 200);
    assert_int_equal(leader->leadership.n_suspects, 2);
    leader->leadership.n_unconfirmed = 2;
    leader->leadership.confirmation = ERROR_NOT_LEADER;
    api_cluster_call(cluster, 2, "GET", "/1.0/projects", NULL, 200);
    assert_int_equal(cluster->members[2].leadership.n_suspects, 2);
    assert_int_equal(leader->leadership.n_confirms, 6);
}

static void unreachable_leader_did_nothing(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    cluster->members[1].unreachable = true;
    client_call_init(&call, cluster, 2, "POST", "/1.0/projects", create_p1);
    client_call_header(&call, "Lbstate-Timeout-Ms", "200");
    client_call_perform(&call, 503);
    assert_string_equal(client_call_answer_header(&call, "Lbstate-Outcome"), "");
    client_call_close(&call);
    assert_true(cluster->members[2].leadership.n_suspects > 1);
}

/* Each takes the other for the leader: nobody passes on what was passed on. */
static void requests_do_not_go_round(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    api_cluster_lead(cluster, 0);
    fake_leadership_set(&cluster->members[1].leadership, LEADERSHIP_MEMBER, 2);
    fake_leadership_set(&cluster->members[2].leadership, LEADERSHIP_MEMBER, 1);
    client_call_init(&call, cluster, 2, "POST", "/1.0/projects", create_p1);
    client_call_submit(&call);
    while (cluster->members[2].leadership.n_suspects < 3) {
        api_cluster_turn(cluster);
    }
    assert_int_equal(api_cluster_integer(cluster, COUNT_P1), 0);
    api_cluster_lead(cluster, 3);
    client_call_await(&call);
    assert_int_equal(call.request.status, 201);
    client_call_close(&call);
    assert_int_equal(cluster->members[2].n_accepted, 0);
    assert_int_equal(api_cluster_integer(cluster, COUNT_P1), 1);
}

#define failover_test(TEST)                                                                        \
    cmocka_unit_test_setup_teardown(TEST, api_cluster_set_up, api_cluster_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        failover_test(first_try_is_not_looked_up),
        failover_test(write_in_doubt_is_found_by_the_next_leader),
        failover_test(leader_that_is_silent_is_not_awaited),
        failover_test(second_try_at_the_same_leader_is_not_the_first),
        failover_test(leader_that_is_deposed_tells_what_it_does_not_know),
        failover_test(write_of_the_leaders_own_client_goes_on_elsewhere),
        failover_test(outcome_that_nobody_finds_out_is_unknown),
        failover_test(verdict_after_a_lost_try_is_believed),
        failover_test(without_a_leader_the_client_is_told_why),
        failover_test(leader_is_awaited),
        failover_test(refused_request_is_tried_elsewhere),
        failover_test(refusals_of_one_request_are_told_once),
        failover_test(store_that_was_deposed_sends_its_requests_elsewhere),
        failover_test(read_that_is_not_confirmed_is_tried_again),
        failover_test(unreachable_leader_did_nothing),
        failover_test(requests_do_not_go_round),
    };

    return cmocka_run_group_tests_name("api_failover", tests, NULL, NULL);
}
