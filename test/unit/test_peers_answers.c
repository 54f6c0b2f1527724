/* Peers that answer what they shouldn't, which the test plays itself at the other end. */
#include "test/unit/peers_fixture.h"

#include <stdlib.h>
#include <string.h>

/* What becomes of a GET that is answered with TEXT, after which the peer hangs up if CUT. */
static void expect_answered(struct pool *pool, const char *text, bool cut, enum error_code code)
{
    struct call call;

    pool->where = AT_THE_TEST;
    call_init(&call, pool, "GET", "/");
    call_submit(&call);
    pool_reply(pool, pool->n_connects - 1, text);
    if (cut) {
        char request[1000];

        pool_take(pool, pool->n_connects - 1, request, sizeof request);
        pool_hang_up(pool, pool->n_connects - 1);
    }
    call_await(&call);
    if (call.request.error.code != code) {
        fail_msg("%s: %s", text, call.request.error.message);
    }
    call_close(&call);
    /* So that the next one has its own. */
    peers_forget(pool->peers, 1);
}

static void malformed_answers_are_refused(void **state)
{
    static const char *const texts[] = {
        "garbage",
        "\r\n\r\n\1\2\3\4",
        "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nContent Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\n\r\nuntil the end",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        "HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    };
    struct pool *pool = *state;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        expect_answered(pool, texts[i], false, ERROR_PROTOCOL);
    }
}

static void answers_that_are_cut_are_told(void **state)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
    struct pool *pool = *state;
    char text[sizeof answer];

    for (size_t size = 0; size < sizeof answer - 1; size++) {
        snprintf(text, sizeof text, "%.*s", (int)size, answer);
        expect_answered(pool, text, true, ERROR_IO);
    }
    expect_answered(pool, answer, true, ERROR_NONE);
    expect_answered(pool, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", true,
                    ERROR_IO);
}

static void answer_may_come_byte_by_byte(void **state)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nA:  b \t\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n";
    struct pool *pool = *state;
    struct call call;

    pool->where = AT_THE_TEST;
    call_init(&call, pool, "GET", "/");
    call_submit(&call);
    for (const char *c = answer; *c != '\0'; c++) {
        assert_false(call.done);
        assert_int_equal(send(pool->fds[0], c, 1, 0), 1);
        uv_run(&pool->fixture->loop, UV_RUN_NOWAIT);
    }
    call_await(&call);
    call_assert_ended(&call, ERROR_NONE, true);
    assert_string_equal(call.request.response_body, "abcde");
    assert_string_equal(peer_header_get(&call.request, "A"), "b");
    assert_null(peer_header_get(&call.request, "Trailer"));
    call_close(&call);
}

/* The length that was announced counts; what comes after it costs the connection. */
static void surplus_costs_the_connection(void **state)
{
    struct pool *pool = *state;
    struct call call;

    pool->where = AT_THE_TEST;
    call_init(&call, pool, "GET", "/");
    call_submit(&call);
    pool_reply(pool, 0, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\n");
    call_await(&call);
    call_assert_ended(&call, ERROR_NONE, true);
    assert_string_equal(call.request.response_body, "abc");
    call_close(&call);
    call_init(&call, pool, "GET", "/");
    call_submit(&call);
    assert_int_equal(pool->n_connects, 2);
    pool_reply(pool, 1, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    call_await(&call);
    call_close(&call);
    call_init(&call, pool, "GET", "/");
    call_submit(&call);
    assert_int_equal(pool->n_connects, 3);
    pool_reply(pool, 2, EMPTY_ANSWER);
    call_await(&call);
    call_close(&call);
    /* Unasked. */
    pool_reply(pool, 2, EMPTY_ANSWER);
    while (!pool_is_closed(pool, 2)) {
        uv_run(&pool->fixture->loop, UV_RUN_NOWAIT);
        pool_take(pool, 2, (char[1000]){0}, 1000);
    }
    call_init(&call, pool, "GET", "/");
    call_submit(&call);
    assert_int_equal(pool->n_connects, 4);
    pool_reply(pool, 3, EMPTY_ANSWER);
    call_await(&call);
    call_close(&call);
}

/* Sends START and then PIECE again and again, until the client has had enough. */
static void flood(struct pool *pool, const char *start, const char *piece, enum error_code code)
{
    struct call call;
    size_t sent = 0;

    pool->where = AT_THE_TEST;
    call_init(&call, pool, "GET", "/");
    call_submit(&call);
    pool_reply(pool, pool->n_connects - 1, start);
    while (!call.done) {
        const char *rest = piece + sent % strlen(piece);
        ssize_t n = send(pool->fds[pool->n_connects - 1], rest, strlen(rest), MSG_NOSIGNAL);

        sent += n < 0 ? 0 : (size_t)n;
        assert_in_range(sent, 0, 2 * (size_t)PEER_RESPONSE_SIZE_MAX);
        if (n < (ssize_t)strlen(rest)) {
            uv_run(&pool->fixture->loop, UV_RUN_NOWAIT);
        }
    }
    call_assert_ended(&call, code, true);
    call_close(&call);
}

static void answers_without_end_are_cut(void **state)
{
    enum { CHUNK = 0x10000 };
    struct pool *pool = *state;
    char *chunk = malloc(CHUNK + 20);
    int n;

    assert_non_null(chunk);
    flood(pool, "HTTP/1.1 200 OK\r\n", "A: b\r\n", ERROR_TOO_LARGE);
    flood(pool, "HTTP/1.1 200 OK\r\nA: ", "bbbbbbbbbbbbbbbb", ERROR_TOO_LARGE);
    flood(pool, "HTTP/1.1 200 ", "OK OK OK OK ", ERROR_TOO_LARGE);
    n = snprintf(chunk, CHUNK, "%x\r\n", CHUNK);
    memset(chunk + n, 'x', CHUNK);
    memcpy(chunk + n + CHUNK, "\r\n", 3);
    flood(pool, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, ERROR_TOO_LARGE);
    flood(pool, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", chunk + n,
          ERROR_PROTOCOL);
    expect_answered(pool, "HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n", false,
                    ERROR_TOO_LARGE);
    free(chunk);
}

static void answer_before_the_end_of_the_request_counts(void **state)
{
    enum { SIZE = 8 * 1024 * 1024 };
    struct pool *pool = *state;
    char *body = calloc(1, SIZE);
    struct call call;

    assert_non_null(body);
    pool->where = AT_THE_TEST;
    call_init(&call, pool, "POST", "/");
    call.request.body = body;
    call.request.body_size = SIZE;
    call_submit(&call);
    pool_reply(pool, 0, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    call_await(&call);
    call_assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.status, 413);
    call_close(&call);
    call_init(&call, pool, "GET", "/");
    call_submit(&call);
    assert_int_equal(pool->n_connects, 2);
    pool_reply(pool, 1, EMPTY_ANSWER);
    call_await(&call);
    call_close(&call);
    free(body);
}

#define pool_test(TEST) cmocka_unit_test_setup_teardown(TEST, pool_set_up, pool_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        pool_test(malformed_answers_are_refused),
        pool_test(answers_that_are_cut_are_told),
        pool_test(answer_may_come_byte_by_byte),
        pool_test(surplus_costs_the_connection),
        pool_test(answers_without_end_are_cut),
        pool_test(answer_before_the_end_of_the_request_counts),
    };

    return cmocka_run_group_tests_name("peers_answers", tests, NULL, NULL);
}
