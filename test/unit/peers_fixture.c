#include "test/unit/peers_fixture.h"

#include "api/http_server.h"
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

int pool_set_up(void **state)
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

void pool_close(struct pool *pool)
{
    peers_close(pool->peers, on_closed, pool);
    assert_false(pool->closed);
    while (!pool->closed) {
        uv_run(&pool->fixture->loop, UV_RUN_ONCE);
    }
    pool->peers = NULL;
}

int pool_tear_down(void **state)
{
    struct pool *pool = *state;
    void *fixture = pool->fixture;
    int code;

    if (pool->peers != NULL) {
        pool_close(pool);
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

void call_note_done(struct peer_request *request)
{
    struct call *call = request->data;

    assert_false(call->done);
    call->done = true;
    call->order = ++call->pool->n_done;
}

void call_init(struct call *call, struct pool *pool, const char *method, const char *target)
{
    *call = (struct call){.pool = pool};
    peer_request_init(&call->request);
    call->request.data = call;
    call->request.member_id = 1;
    call->request.method = method;
    call->request.target = target;
    call->request.done = call_note_done;
    call->request.deadline_us = clock_monotonic_us() + TIMEOUT_MS * UINT64_C(1000);
}

void call_submit(struct call *call)
{
    peers_submit(call->pool->peers, &call->request);
    assert_false(call->done);
}

void call_await(struct call *call)
{
    fixture_wait(call->pool->fixture, &call->pool->n_done, call->pool->n_done + !call->done);
    assert_true(call->done);
}

void call_close(struct call *call)
{
    assert_true(call->done);
    arena_close(&call->request.arena);
}

void call_assert_ended(struct call *call, enum error_code code, bool sent)
{
    if (call->request.error.code != code) {
        fail_msg("%s: %s", error_name(call->request.error.code), call->request.error.message);
    }
    assert_int_equal(call->request.sent, sent);
}

void pool_get(struct pool *pool, const char *target, const char *body)
{
    struct call call;

    call_init(&call, pool, "GET", target);
    call_submit(&call);
    call_await(&call);
    call_assert_ended(&call, ERROR_NONE, true);
    assert_int_equal(call.request.status, 200);
    assert_string_equal(call.request.response_body, body);
    assert_int_equal(call.request.response_size, strlen(body));
    call_close(&call);
}

size_t pool_take(struct pool *pool, unsigned n, char *text, size_t size)
{
    ssize_t got = recv(pool->fds[n], text, size - 1, 0);

    text[got < 0 ? 0 : got] = '\0';
    return got < 0 ? 0 : (size_t)got;
}

void pool_reply(struct pool *pool, unsigned n, const char *text)
{
    assert_int_equal(send(pool->fds[n], text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

void pool_hang_up(struct pool *pool, unsigned n)
{
    close(pool->fds[n]);
    pool->fds[n] = -1;
}

bool pool_is_closed(struct pool *pool, unsigned n)
{
    char byte[1];

    return recv(pool->fds[n], byte, sizeof byte, MSG_PEEK) == 0;
}
