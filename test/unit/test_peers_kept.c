/* Connections to other members that are kept, and that the other side closes meanwhile. */
#include "test/unit/peers_fixture.h"

#include <string.h>

/* A connection that has answered already, as number 0. */
static void keep_one(struct pool *pool)
{
    char text[1000];
    struct call call;

    pool->where = AT_THE_TEST;
    call_init(&call, pool, "GET", "/first");
    call_submit(&call);
    assert_true(pool_take(pool, 0, text, sizeof text) > 0);
    pool_reply(pool, 0, EMPTY_ANSWER);
    call_await(&call);
    call_assert_ended(&call, ERROR_NONE, true);
    call_close(&call);
}

/* A second request on it, which the client has sent. */
static void submit_second(struct pool *pool, struct call *call, bool once)
{
    char text[1000];

    keep_one(pool);
    call_init(call, pool, "POST", "/second");
    call->request.send_once = once;
    call_submit(call);
    assert_true(pool_take(pool, 0, text, sizeof text) > 0);
}

static void kept_connection_that_was_closed_is_made_anew(void **state)
{
    struct pool *pool = *state;
    char text[1000];
    struct call call;

    submit_second(pool, &call, false);
    assert_int_equal(pool->n_connects, 1);
    pool_hang_up(pool, 0);
    while (pool->n_connects < 2) {
        uv_run(&pool->fixture->loop, UV_RUN_ONCE);
    }
    assert_true(pool_take(pool, 1, text, sizeof text) > 0);
    assert_non_null(strstr(text, "POST /second HTTP/1.1\r\n"));
    pool_reply(pool, 1, EMPTY_ANSWER);
    call_await(&call);
    call_assert_ended(&call, ERROR_NONE, true);
    call_close(&call);
}

/* It may have been carried out before the connection was closed: that must not get lost. */
static void first_try_on_a_kept_connection_counts_as_sent(void **state)
{
    struct pool *pool = *state;
    struct call call;

    submit_second(pool, &call, false);
    pool->where = NOWHERE;
    pool_hang_up(pool, 0);
    call_await(&call);
    call_assert_ended(&call, ERROR_UNAVAILABLE, true);
    call_close(&call);
}

static void first_try_that_must_be_the_only_one_is(void **state)
{
    struct pool *pool = *state;
    struct call call;

    submit_second(pool, &call, true);
    pool_hang_up(pool, 0);
    call_await(&call);
    call_assert_ended(&call, ERROR_IO, true);
    assert_int_equal(pool->n_connects, 1);
    call_close(&call);
}

/* The kernel knows of the end before the loop does: nothing was sent. */
static void try_that_sent_nothing_does_not_count(void **state)
{
    struct pool *pool = *state;
    struct call call;

    keep_one(pool);
    pool_hang_up(pool, 0);
    pool->where = NOWHERE;
    call_init(&call, pool, "POST", "/second");
    call_submit(&call);
    call_await(&call);
    call_assert_ended(&call, ERROR_UNAVAILABLE, false);
    call_close(&call);
}

static void new_connection_that_is_closed_is_not_tried_again(void **state)
{
    struct pool *pool = *state;
    char text[1000];
    struct call call;

    pool->where = AT_THE_TEST;
    call_init(&call, pool, "POST", "/");
    call_submit(&call);
    assert_true(pool_take(pool, 0, text, sizeof text) > 0);
    pool_hang_up(pool, 0);
    call_await(&call);
    call_assert_ended(&call, ERROR_IO, true);
    assert_int_equal(pool->n_connects, 1);
    call_close(&call);
}

static void idle_connection_that_is_closed_is_forgotten(void **state)
{
    struct pool *pool = *state;

    keep_one(pool);
    pool_hang_up(pool, 0);
    uv_run(&pool->fixture->loop, UV_RUN_ONCE);
    pool->where = AT_THE_SERVER;
    pool_get(pool, "/", "GET / ");
}

#define pool_test(TEST) cmocka_unit_test_setup_teardown(TEST, pool_set_up, pool_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        pool_test(kept_connection_that_was_closed_is_made_anew),
        pool_test(first_try_on_a_kept_connection_counts_as_sent),
        pool_test(first_try_that_must_be_the_only_one_is),
        pool_test(try_that_sent_nothing_does_not_count),
        pool_test(new_connection_that_is_closed_is_not_tried_again),
        pool_test(idle_connection_that_is_closed_is_forgotten),
    };

    return cmocka_run_group_tests_name("peers_kept", tests, NULL, NULL);
}
