/* Requests to other members, against our own server over socket pairs. */
#include "api/http_server.h"
#include "base/clock.h"
#include "test/unit/peers_fixture.h"

#include <stdlib.h>
#include <string.h>

static void request_and_answer_go_through(void **state)
{
    static const struct peer_header headers[] = {{"Content-Type", "text/x"}, {"If-Match", "\"a\""}};
    struct pool *pool = *state;
    struct call call;

    call_init(&call, pool, "PUT", "/a?b=c");
    call.request.headers = headers;
    call.request.n_headers = 2;
    call.request.body = "the body";
    call.request.body_size = strlen("the body");
    call_submit(&call);
    call_await(&call);
    call_assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.status, 200);
    assert_string_equal(call.request.response_body, "PUT /a?b=c the body");
    assert_string_equal(peer_header_get(&call.request, "content-type"), "text/plain");
    assert_null(peer_header_get(&call.request, "Etag"));
    assert_int_equal(pool->fixture->last_peer.kind, HTTP_PEER_MEMBER);
    assert_int_equal(pool->fixture->last_peer.member_id, 7);
    call_close(&call);
}

static void connection_is_used_again(void **state)
{
    struct pool *pool = *state;
    struct http_metrics metrics;

    pool_get(pool, "/a", "GET /a ");
    pool_get(pool, "/b", "GET /b ");
    http_server_metrics(pool->fixture->server, &metrics);
    assert_int_equal(metrics.connections, 1);
    assert_int_equal(metrics.requests, 2);
    peers_forget(pool->peers, 1);
    fixture_wait_connections(pool->fixture, 0);
    pool_get(pool, "/c", "GET /c ");
}

static void large_bodies_go_both_ways(void **state)
{
    enum { SIZE = 1000 * 1000 };
    struct pool *pool = *state;
    char *body = malloc(SIZE);
    struct call call;

    assert_non_null(body);
    memset(body, 'x', SIZE);
    call_init(&call, pool, "POST", "/a");
    call.request.body = body;
    call.request.body_size = SIZE;
    call_submit(&call);
    call_await(&call);
    call_assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.response_size, SIZE + strlen("POST /a "));
    assert_memory_equal(call.request.response_body + strlen("POST /a "), body, SIZE);
    call_close(&call);
    call_init(&call, pool, "GET", "/large?20000000");
    call_submit(&call);
    call_await(&call);
    call_assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.response_size, 20000000);
    assert_int_equal(call.request.response_body[19999999], 'a' + 19999999 % 26);
    call_close(&call);
    free(body);
}

static void head_and_empty_answers_have_no_body(void **state)
{
    struct pool *pool = *state;
    struct call call;

    call_init(&call, pool, "HEAD", "/large?100");
    call_submit(&call);
    call_await(&call);
    call_assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.response_size, 0);
    assert_string_equal(peer_header_get(&call.request, "Content-Length"), "100");
    call_close(&call);
    call_init(&call, pool, "GET", "/status?204");
    call_submit(&call);
    call_await(&call);
    call_assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.status, 204);
    call_close(&call);
    pool_get(pool, "/b", "GET /b ");
}

/* Of the server: what it adopts is under its limit, and has no place in one that stops. */
static void adopted_connections_count_as_others(void **state)
{
    struct pool *pool = *state;
    struct call waits;
    struct call call;

    pool->fixture->server->options.limits.connections = 1;
    call_init(&waits, pool, "GET", "/wait");
    call_submit(&waits);
    fixture_wait(pool->fixture, &pool->fixture->n_pending, 1);
    call_init(&call, pool, "GET", "/");
    call_submit(&call);
    call_await(&call);
    call_assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.status, 503);
    assert_non_null(strstr(call.request.response_body, "Too many connections"));
    call_close(&call);
    fixture_begin_stop(pool->fixture, TIMEOUT_MS);
    call_init(&call, pool, "GET", "/");
    call_submit(&call);
    call_await(&call);
    assert_int_equal(call.request.error.code, ERROR_IO);
    call_close(&call);
    fixture_answer(pool->fixture, "done");
    call_await(&waits);
    assert_string_equal(waits.request.response_body, "done");
    call_close(&waits);
    fixture_wait_stopped(pool->fixture);
}

/* More than there may be connections: the rest waits for its turn, in order. */
static void connections_are_limited(void **state)
{
    enum { N = PEER_CONNECTIONS_MAX + 3 };
    struct pool *pool = *state;
    struct call calls[N];

    pool->where = AT_THE_TEST;
    for (unsigned i = 0; i < N; i++) {
        call_init(&calls[i], pool, "GET", "/");
        call_submit(&calls[i]);
    }
    assert_int_equal(pool->n_connects, PEER_CONNECTIONS_MAX);
    for (unsigned i = 0; i < 4; i++) {
        pool_reply(pool, 5, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        call_await(&calls[i == 0 ? 5 : PEER_CONNECTIONS_MAX + i - 1]);
    }
    assert_int_equal(pool->n_connects, PEER_CONNECTIONS_MAX);
    assert_int_equal(pool->n_done, 4);
    pool_close(pool);
    for (unsigned i = 0; i < N; i++) {
        call_close(&calls[i]);
    }
    assert_int_equal(calls[0].request.error.code, ERROR_CANCELED);
}

static void waiting_requests_are_limited(void **state)
{
    enum { N = PEER_CONNECTIONS_MAX + PEER_WAITING_MAX };
    struct pool *pool = *state;
    struct call *calls = calloc(N + 1, sizeof *calls);

    assert_non_null(calls);
    pool->where = AT_THE_TEST;
    for (unsigned i = 0; i <= N; i++) {
        call_init(&calls[i], pool, "GET", "/");
        call_submit(&calls[i]);
    }
    call_await(&calls[N]);
    call_assert_ended(&calls[N], ERROR_UNAVAILABLE, false);
    assert_int_equal(pool->n_done, 1);
    pool_close(pool);
    for (unsigned i = 0; i <= N; i++) {
        call_close(&calls[i]);
    }
    assert_int_equal(calls[N - 1].request.error.code, ERROR_CANCELED);
    assert_false(calls[N - 1].request.sent);
    free(calls);
}

/* The other side learns of it: that is how a request is canceled there, too. */
static void cancel_closes_the_connection(void **state)
{
    struct pool *pool = *state;
    struct call call;

    call_init(&call, pool, "GET", "/wait");
    call_submit(&call);
    fixture_wait(pool->fixture, &pool->fixture->n_pending, 1);
    pool->fixture->answer_when_gone = true;
    peer_cancel(pool->peers, &call.request);
    peer_cancel(pool->peers, &call.request);
    assert_false(call.done);
    call_await(&call);
    call_assert_ended(&call, ERROR_CANCELED, true);
    fixture_wait(pool->fixture, &pool->fixture->n_gone, 1);
    call_close(&call);
}

static void cancel_takes_out_what_waits(void **state)
{
    struct pool *pool = *state;
    struct call calls[PEER_CONNECTIONS_MAX + 1];
    struct call *last = &calls[PEER_CONNECTIONS_MAX];

    pool->where = AT_THE_TEST;
    for (unsigned i = 0; i <= PEER_CONNECTIONS_MAX; i++) {
        call_init(&calls[i], pool, "GET", "/");
        call_submit(&calls[i]);
    }
    peer_cancel(pool->peers, &last->request);
    call_await(last);
    call_assert_ended(last, ERROR_CANCELED, false);
    pool_close(pool);
    for (unsigned i = 0; i <= PEER_CONNECTIONS_MAX; i++) {
        call_close(&calls[i]);
    }
}

static void deadline_ends_a_request(void **state)
{
    struct pool *pool = *state;
    struct call call;

    call_init(&call, pool, "GET", "/wait");
    call.request.deadline_us = clock_monotonic_us() + 100 * 1000;
    pool->fixture->answer_when_gone = true;
    call_submit(&call);
    call_await(&call);
    call_assert_ended(&call, ERROR_TIMEOUT, true);
    assert_true(clock_monotonic_us() >= call.request.deadline_us);
    fixture_wait(pool->fixture, &pool->fixture->n_gone, 1);
    call_close(&call);
}

static void deadline_ends_what_waits(void **state)
{
    struct pool *pool = *state;
    struct call calls[PEER_CONNECTIONS_MAX + 1];
    struct call *last = &calls[PEER_CONNECTIONS_MAX];

    pool->where = AT_THE_TEST;
    for (unsigned i = 0; i <= PEER_CONNECTIONS_MAX; i++) {
        call_init(&calls[i], pool, "GET", "/");
        if (&calls[i] == last) {
            last->request.deadline_us = clock_monotonic_us() + 50 * 1000;
        }
        call_submit(&calls[i]);
    }
    call_await(last);
    call_assert_ended(last, ERROR_TIMEOUT, false);
    pool_close(pool);
    for (unsigned i = 0; i <= PEER_CONNECTIONS_MAX; i++) {
        call_close(&calls[i]);
    }
}

static void without_a_way_there_is_no_request(void **state)
{
    struct pool *pool = *state;
    struct call call;

    pool->where = NOWHERE;
    call_init(&call, pool, "GET", "/");
    call_submit(&call);
    call_await(&call);
    call_assert_ended(&call, ERROR_UNAVAILABLE, false);
    assert_string_equal(call.request.error.message, "There is no member 1");
    call_close(&call);
}

static void line_break_in_a_header_is_refused(void **state)
{
    static const struct peer_header forged = {"A", "b\r\nC: d"};
    struct pool *pool = *state;
    struct call call;

    call_init(&call, pool, "GET", "/");
    call.request.headers = &forged;
    call.request.n_headers = 1;
    call_submit(&call);
    call_await(&call);
    call_assert_ended(&call, ERROR_INVALID, false);
    call_close(&call);
}

static void submit_again(struct peer_request *request)
{
    struct call *call = request->data;

    call_note_done(request);
    call->done = false;
    arena_close(&request->arena);
    peer_request_init(request);
    request->data = call;
    request->method = "GET";
    request->target = "/";
    request->done = call_note_done;
    peers_submit(call->pool->peers, request);
}

static void closing_ends_all_that_comes(void **state)
{
    struct pool *pool = *state;
    struct call call;

    pool->where = AT_THE_TEST;
    call_init(&call, pool, "GET", "/");
    call.request.done = submit_again;
    call_submit(&call);
    pool_close(pool);
    assert_int_equal(pool->n_done, 2);
    call_assert_ended(&call, ERROR_CANCELED, false);
    call_close(&call);
}

#define pool_test(TEST) cmocka_unit_test_setup_teardown(TEST, pool_set_up, pool_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        pool_test(request_and_answer_go_through),
        pool_test(connection_is_used_again),
        pool_test(large_bodies_go_both_ways),
        pool_test(head_and_empty_answers_have_no_body),
        pool_test(adopted_connections_count_as_others),
        pool_test(connections_are_limited),
        pool_test(waiting_requests_are_limited),
        pool_test(cancel_closes_the_connection),
        pool_test(cancel_takes_out_what_waits),
        pool_test(deadline_ends_a_request),
        pool_test(deadline_ends_what_waits),
        pool_test(without_a_way_there_is_no_request),
        pool_test(line_break_in_a_header_is_refused),
        pool_test(closing_ends_all_that_comes),
    };

    return cmocka_run_group_tests_name("peers", tests, NULL, NULL);
}
