/* Requests to other members: against our own server over socket pairs, and against peers that
 * answer what they shouldn't, which the test plays itself at the other end. */
#include "api/http_server.h"
#include "base/clock.h"
#include "cluster/peers.h"
#include "test/unit/http_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TIMEOUT_MS 30000
#define FDS_MAX    (2 * PEER_CONNECTIONS_MAX)

enum where { AT_THE_SERVER, AT_THE_TEST, NOWHERE };

struct pool {
    struct fixture *fixture;
    struct peers *peers;
    enum where where;
    int fds[FDS_MAX]; /* AT_THE_TEST: the other ends, -1 where closed. */
    unsigned n_connects;
    unsigned n_done;
    bool closed;
};

struct call {
    struct peer_request request;
    struct pool *pool;
    bool done;
    unsigned order; /* Of DONE, from 1. */
};

static int give_connection(void *data, uint64_t member_id, int *ret_fd, struct error *error)
{
    const struct http_peer peer = {.kind = HTTP_PEER_MEMBER, .member_id = 7, .name = "n7"};
    struct pool *pool = data;
    int fds[2];

    if (pool->where == NOWHERE) {
        return error_set(error, ERROR_NOT_FOUND, "There is no member %d", (int)member_id);
    }
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), 0);
    *ret_fd = fds[0];
    if (pool->where == AT_THE_SERVER) {
        return http_server_adopt(pool->fixture->server, fds[1], &peer, error);
    }
    assert_in_range(pool->n_connects, 0, FDS_MAX - 1);
    pool->fds[pool->n_connects++] = fds[1];
    return ERROR_NONE;
}

static int set_up(void **state)
{
    struct pool *pool = calloc(1, sizeof *pool);
    struct peers_options options = {.connect = give_connection, .data = pool};
    struct error error;
    void *fixture;

    if (pool == NULL || fixture_set_up(&fixture) != 0) {
        return -1;
    }
    pool->fixture = fixture;
    options.loop = &pool->fixture->loop;
    fixture_start(pool->fixture);
    *state = pool;
    return peers_open(&options, &pool->peers, &error);
}

static void on_closed(void *data)
{
    ((struct pool *)data)->closed = true;
}

static void close_pool(struct pool *pool)
{
    peers_close(pool->peers, on_closed, pool);
    assert_false(pool->closed);
    while (!pool->closed) {
        uv_run(&pool->fixture->loop, UV_RUN_ONCE);
    }
    pool->peers = NULL;
}

static int tear_down(void **state)
{
    struct pool *pool = *state;
    void *fixture = pool->fixture;
    int code;

    if (pool->peers != NULL) {
        close_pool(pool);
    }
    for (unsigned i = 0; i < pool->n_connects; i++) {
        if (pool->fds[i] >= 0) {
            close(pool->fds[i]);
        }
    }
    code = fixture_tear_down(&fixture);
    free(pool);
    return code;
}

static void on_done(struct peer_request *request)
{
    struct call *call = request->data;

    assert_false(call->done);
    call->done = true;
    call->order = ++call->pool->n_done;
}

static void call_init(struct call *call, struct pool *pool, const char *method, const char *target)
{
    *call = (struct call){.pool = pool};
    peer_request_init(&call->request);
    call->request.data = call;
    call->request.member_id = 1;
    call->request.method = method;
    call->request.target = target;
    call->request.done = on_done;
    call->request.deadline_us = clock_monotonic_us() + TIMEOUT_MS * UINT64_C(1000);
}

static void submit(struct call *call)
{
    peers_submit(call->pool->peers, &call->request);
    assert_false(call->done);
}

static void await(struct call *call)
{
    fixture_wait(call->pool->fixture, &call->pool->n_done, call->pool->n_done + !call->done);
    assert_true(call->done);
}

static void call_close(struct call *call)
{
    assert_true(call->done);
    arena_close(&call->request.arena);
}

static void assert_ended(struct call *call, enum error_code code, bool sent)
{
    if (call->request.error.code != code) {
        fail_msg("%s: %s", error_name(call->request.error.code), call->request.error.message);
    }
    assert_int_equal(call->request.sent, sent);
}

/* GETs TARGET from the server. */
static void get(struct pool *pool, const char *target, const char *body)
{
    struct call call;

    call_init(&call, pool, "GET", target);
    submit(&call);
    await(&call);
    assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.status, 200);
    assert_string_equal(call.request.response_body, body);
    assert_int_equal(call.request.response_size, strlen(body));
    call_close(&call);
}

/* Takes what the client sent on connection N, up to SIZE bytes, and returns how much. */
static size_t take(struct pool *pool, unsigned n, char *text, size_t size)
{
    ssize_t got = recv(pool->fds[n], text, size - 1, 0);

    text[got < 0 ? 0 : got] = '\0';
    return got < 0 ? 0 : (size_t)got;
}

static void reply(struct pool *pool, unsigned n, const char *text)
{
    assert_int_equal(send(pool->fds[n], text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void hang_up(struct pool *pool, unsigned n)
{
    close(pool->fds[n]);
    pool->fds[n] = -1;
}

static bool is_closed(struct pool *pool, unsigned n)
{
    char byte[1];

    return recv(pool->fds[n], byte, sizeof byte, MSG_PEEK) == 0;
}

/* With our own server. */

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
    submit(&call);
    await(&call);
    assert_ended(&call, ERROR_NONE, true);
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

    get(pool, "/a", "GET /a ");
    get(pool, "/b", "GET /b ");
    http_server_metrics(pool->fixture->server, &metrics);
    assert_int_equal(metrics.connections, 1);
    assert_int_equal(metrics.requests, 2);
    peers_forget(pool->peers, 1);
    fixture_wait_connections(pool->fixture, 0);
    get(pool, "/c", "GET /c ");
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
    submit(&call);
    await(&call);
    assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.response_size, SIZE + strlen("POST /a "));
    assert_memory_equal(call.request.response_body + strlen("POST /a "), body, SIZE);
    call_close(&call);
    call_init(&call, pool, "GET", "/large?20000000");
    submit(&call);
    await(&call);
    assert_ended(&call, ERROR_NONE, true);
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
    submit(&call);
    await(&call);
    assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.response_size, 0);
    assert_string_equal(peer_header_get(&call.request, "Content-Length"), "100");
    call_close(&call);
    call_init(&call, pool, "GET", "/status?204");
    submit(&call);
    await(&call);
    assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.status, 204);
    call_close(&call);
    get(pool, "/b", "GET /b ");
}

/* Of the server: what it adopts is under its limit, and has no place in one that stops. */
static void adopted_connections_count_as_others(void **state)
{
    struct pool *pool = *state;
    struct call waits;
    struct call call;

    pool->fixture->server->options.limits.connections = 1;
    call_init(&waits, pool, "GET", "/wait");
    submit(&waits);
    fixture_wait(pool->fixture, &pool->fixture->n_pending, 1);
    call_init(&call, pool, "GET", "/");
    submit(&call);
    await(&call);
    assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.status, 503);
    assert_non_null(strstr(call.request.response_body, "Too many connections"));
    call_close(&call);
    fixture_begin_stop(pool->fixture, TIMEOUT_MS);
    call_init(&call, pool, "GET", "/");
    submit(&call);
    await(&call);
    assert_int_equal(call.request.error.code, ERROR_IO);
    call_close(&call);
    fixture_answer(pool->fixture, "done");
    await(&waits);
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
        submit(&calls[i]);
    }
    assert_int_equal(pool->n_connects, PEER_CONNECTIONS_MAX);
    for (unsigned i = 0; i < 4; i++) {
        reply(pool, 5, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await(&calls[i == 0 ? 5 : PEER_CONNECTIONS_MAX + i - 1]);
    }
    assert_int_equal(pool->n_connects, PEER_CONNECTIONS_MAX);
    assert_int_equal(pool->n_done, 4);
    close_pool(pool);
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
        submit(&calls[i]);
    }
    await(&calls[N]);
    assert_ended(&calls[N], ERROR_UNAVAILABLE, false);
    assert_int_equal(pool->n_done, 1);
    close_pool(pool);
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
    submit(&call);
    fixture_wait(pool->fixture, &pool->fixture->n_pending, 1);
    pool->fixture->answer_when_gone = true;
    peer_cancel(pool->peers, &call.request);
    peer_cancel(pool->peers, &call.request);
    assert_false(call.done);
    await(&call);
    assert_ended(&call, ERROR_CANCELED, true);
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
        submit(&calls[i]);
    }
    peer_cancel(pool->peers, &last->request);
    await(last);
    assert_ended(last, ERROR_CANCELED, false);
    close_pool(pool);
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
    submit(&call);
    await(&call);
    assert_ended(&call, ERROR_TIMEOUT, true);
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
        submit(&calls[i]);
    }
    await(last);
    assert_ended(last, ERROR_TIMEOUT, false);
    close_pool(pool);
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
    submit(&call);
    await(&call);
    assert_ended(&call, ERROR_UNAVAILABLE, false);
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
    submit(&call);
    await(&call);
    assert_ended(&call, ERROR_INVALID, false);
    call_close(&call);
}

static void submit_again(struct peer_request *request)
{
    struct call *call = request->data;

    on_done(request);
    call->done = false;
    arena_close(&request->arena);
    peer_request_init(request);
    request->data = call;
    request->method = "GET";
    request->target = "/";
    request->done = on_done;
    peers_submit(call->pool->peers, request);
}

static void closing_ends_all_that_comes(void **state)
{
    struct pool *pool = *state;
    struct call call;

    pool->where = AT_THE_TEST;
    call_init(&call, pool, "GET", "/");
    call.request.done = submit_again;
    submit(&call);
    close_pool(pool);
    assert_int_equal(pool->n_done, 2);
    assert_ended(&call, ERROR_CANCELED, false);
    call_close(&call);
}

/* Kept connections. */

#define EMPTY_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

/* A connection that has answered already, as number 0. */
static void keep_one(struct pool *pool)
{
    char text[1000];
    struct call call;

    pool->where = AT_THE_TEST;
    call_init(&call, pool, "GET", "/first");
    submit(&call);
    assert_true(take(pool, 0, text, sizeof text) > 0);
    reply(pool, 0, EMPTY_ANSWER);
    await(&call);
    assert_ended(&call, ERROR_NONE, true);
    call_close(&call);
}

static void kept_connection_that_was_closed_is_made_anew(void **state)
{
    struct pool *pool = *state;
    char text[1000];
    struct call call;

    keep_one(pool);
    call_init(&call, pool, "POST", "/second");
    submit(&call);
    assert_int_equal(pool->n_connects, 1);
    assert_true(take(pool, 0, text, sizeof text) > 0);
    hang_up(pool, 0);
    while (pool->n_connects < 2) {
        uv_run(&pool->fixture->loop, UV_RUN_ONCE);
    }
    assert_true(take(pool, 1, text, sizeof text) > 0);
    assert_non_null(strstr(text, "POST /second HTTP/1.1\r\n"));
    reply(pool, 1, EMPTY_ANSWER);
    await(&call);
    assert_ended(&call, ERROR_NONE, true);
    call_close(&call);
}

/* It may have been carried out before the connection was closed: that must not get lost. */
static void first_try_on_a_kept_connection_counts_as_sent(void **state)
{
    struct pool *pool = *state;
    char text[1000];
    struct call call;

    keep_one(pool);
    call_init(&call, pool, "POST", "/second");
    submit(&call);
    assert_true(take(pool, 0, text, sizeof text) > 0);
    pool->where = NOWHERE;
    hang_up(pool, 0);
    await(&call);
    assert_ended(&call, ERROR_UNAVAILABLE, true);
    call_close(&call);
}

static void first_try_that_must_be_the_only_one_is(void **state)
{
    struct pool *pool = *state;
    char text[1000];
    struct call call;

    keep_one(pool);
    call_init(&call, pool, "POST", "/second");
    call.request.send_once = true;
    submit(&call);
    assert_true(take(pool, 0, text, sizeof text) > 0);
    hang_up(pool, 0);
    await(&call);
    assert_ended(&call, ERROR_IO, true);
    assert_int_equal(pool->n_connects, 1);
    call_close(&call);
}

/* The kernel knows of the end before the loop does: nothing was sent. */
static void try_that_sent_nothing_does_not_count(void **state)
{
    struct pool *pool = *state;
    struct call call;

    keep_one(pool);
    hang_up(pool, 0);
    pool->where = NOWHERE;
    call_init(&call, pool, "POST", "/second");
    submit(&call);
    await(&call);
    assert_ended(&call, ERROR_UNAVAILABLE, false);
    call_close(&call);
}

static void new_connection_that_is_closed_is_not_tried_again(void **state)
{
    struct pool *pool = *state;
    char text[1000];
    struct call call;

    pool->where = AT_THE_TEST;
    call_init(&call, pool, "POST", "/");
    submit(&call);
    assert_true(take(pool, 0, text, sizeof text) > 0);
    hang_up(pool, 0);
    await(&call);
    assert_ended(&call, ERROR_IO, true);
    assert_int_equal(pool->n_connects, 1);
    call_close(&call);
}

static void idle_connection_that_is_closed_is_forgotten(void **state)
{
    struct pool *pool = *state;

    keep_one(pool);
    hang_up(pool, 0);
    uv_run(&pool->fixture->loop, UV_RUN_ONCE);
    pool->where = AT_THE_SERVER;
    get(pool, "/", "GET / ");
}

/* Peers that answer what they shouldn't. */

/* What becomes of a GET that is answered with TEXT, after which the peer hangs up if CUT. */
static void expect_answered(struct pool *pool, const char *text, bool cut, enum error_code code)
{
    struct call call;

    pool->where = AT_THE_TEST;
    call_init(&call, pool, "GET", "/");
    submit(&call);
    reply(pool, pool->n_connects - 1, text);
    if (cut) {
        char request[1000];

        take(pool, pool->n_connects - 1, request, sizeof request);
        hang_up(pool, pool->n_connects - 1);
    }
    await(&call);
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
    submit(&call);
    for (const char *c = answer; *c != '\0'; c++) {
        assert_false(call.done);
        assert_int_equal(send(pool->fds[0], c, 1, 0), 1);
        uv_run(&pool->fixture->loop, UV_RUN_NOWAIT);
    }
    await(&call);
    assert_ended(&call, ERROR_NONE, true);
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
    submit(&call);
    reply(pool, 0, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\n");
    await(&call);
    assert_ended(&call, ERROR_NONE, true);
    assert_string_equal(call.request.response_body, "abc");
    call_close(&call);
    call_init(&call, pool, "GET", "/");
    submit(&call);
    assert_int_equal(pool->n_connects, 2);
    reply(pool, 1, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    await(&call);
    call_close(&call);
    call_init(&call, pool, "GET", "/");
    submit(&call);
    assert_int_equal(pool->n_connects, 3);
    reply(pool, 2, EMPTY_ANSWER);
    await(&call);
    call_close(&call);
    /* Unasked. */
    reply(pool, 2, EMPTY_ANSWER);
    while (!is_closed(pool, 2)) {
        uv_run(&pool->fixture->loop, UV_RUN_NOWAIT);
        take(pool, 2, (char[1000]){0}, 1000);
    }
    call_init(&call, pool, "GET", "/");
    submit(&call);
    assert_int_equal(pool->n_connects, 4);
    reply(pool, 3, EMPTY_ANSWER);
    await(&call);
    call_close(&call);
}

/* Sends START and then PIECE again and again, until the client has had enough. */
static void flood(struct pool *pool, const char *start, const char *piece, enum error_code code)
{
    struct call call;
    size_t sent = 0;

    pool->where = AT_THE_TEST;
    call_init(&call, pool, "GET", "/");
    submit(&call);
    reply(pool, pool->n_connects - 1, start);
    while (!call.done) {
        const char *rest = piece + sent % strlen(piece);
        ssize_t n = send(pool->fds[pool->n_connects - 1], rest, strlen(rest), MSG_NOSIGNAL);

        sent += n < 0 ? 0 : (size_t)n;
        assert_in_range(sent, 0, 2 * (size_t)PEER_RESPONSE_SIZE_MAX);
        if (n < (ssize_t)strlen(rest)) {
            uv_run(&pool->fixture->loop, UV_RUN_NOWAIT);
        }
    }
    assert_ended(&call, code, true);
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
    submit(&call);
    reply(pool, 0, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    await(&call);
    assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.status, 413);
    call_close(&call);
    call_init(&call, pool, "GET", "/");
    submit(&call);
    assert_int_equal(pool->n_connects, 2);
    reply(pool, 1, EMPTY_ANSWER);
    await(&call);
    call_close(&call);
    free(body);
}

#define pool_test(TEST) cmocka_unit_test_setup_teardown(TEST, set_up, tear_down)

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
        pool_test(kept_connection_that_was_closed_is_made_anew),
        pool_test(first_try_on_a_kept_connection_counts_as_sent),
        pool_test(first_try_that_must_be_the_only_one_is),
        pool_test(try_that_sent_nothing_does_not_count),
        pool_test(new_connection_that_is_closed_is_not_tried_again),
        pool_test(idle_connection_that_is_closed_is_forgotten),
        pool_test(malformed_answers_are_refused),
        pool_test(answers_that_are_cut_are_told),
        pool_test(answer_may_come_byte_by_byte),
        pool_test(surplus_costs_the_connection),
        pool_test(answers_without_end_are_cut),
        pool_test(answer_before_the_end_of_the_request_counts),
    };

    return cmocka_run_group_tests_name("peers", tests, NULL, NULL);
}
