/* The limits of a dump, on the real engine. That a dump is exact is tested with
 * the daemon: test/integration/test_dump.c. */
#include "store/dump.h"

#include "base/clock.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/store_fixture.h"

#include <stdio.h>
#include <string.h>

struct dump_call {
    struct store_dump_request request;
    bool done;
};

static void on_done(struct store_request *request)
{
    struct dump_call *call = request->data;

    call->done = true;
}

/* Runs it; the caller closes the request's arena. */
static void dump(struct store_fixture *f, struct dump_call *call, size_t rows_max, size_t size_max)
{
    struct store_request *base = &call->request.base;

    memset(call, 0, sizeof *call);
    store_request_init(base);
    call->request.kind = STORE_DUMP_ALL;
    call->request.rows_max = rows_max;
    call->request.size_max = size_max;
    base->data = call;
    base->kind = STORE_READ;
    base->name = "sql_dump";
    base->run = store_dump;
    base->done = on_done;
    base->deadline_us = clock_monotonic_us() + 30 * UINT64_C(1000000);
    store_submit(f->store, base);
    store_fixture_run_until(f, &call->done);
}

static void assert_refused(struct store_fixture *f, size_t rows_max, size_t size_max,
                           const char *words)
{
    struct dump_call call;

    dump(f, &call, rows_max, size_max);
    assert_int_equal(call.request.base.error.code, ERROR_TOO_LARGE);
    if (strstr(call.request.base.error.message, words) == NULL) {
        fail_msg("%s", call.request.base.error.message);
    }
    arena_close(&call.request.base.arena);
}

static void assert_dumped(struct store_fixture *f, size_t rows_max, size_t size_max)
{
    struct dump_call call;

    dump(f, &call, rows_max, size_max);
    if (call.request.base.error.code != ERROR_NONE) {
        fail_msg("%s", call.request.base.error.message);
    }
    assert_non_null(strstr(call.request.base.result, "COMMIT;"));
    arena_close(&call.request.base.arena);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (const char *p = strstr(text, what); p != NULL; p = strstr(p + 1, what)) {
        n++;
    }
    return n;
}

static void limits_are_exact(void **state)
{
    struct store_fixture *f = *state;
    struct dump_call call;
    size_t n_rows;
    size_t size;

    store_fixture_open(f);
    dump(f, &call, 0, 0);
    assert_int_equal(call.request.base.error.code, ERROR_NONE);
    n_rows = count(call.request.base.result, "INSERT INTO \\\"");
    /* The text itself: without the envelope, and a backslash before each line feed
     * and quote less. */
    size = strlen(call.request.base.result) - strlen("{\"text\":\"\"}") -
           count(call.request.base.result, "\\n") - count(call.request.base.result, "\\\"");
    arena_close(&call.request.base.arena);

    assert_dumped(f, n_rows, size);
    assert_refused(f, n_rows - 1, 0, "rows");
    assert_refused(f, 0, size - 1, "bytes");
    assert_refused(f, 1, 0, "more than 1 rows");
    assert_refused(f, 0, 1, "larger than 1 bytes");
    /* The reader lives on. */
    assert_dumped(f, 0, 0);
    store_fixture_close(f, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(limits_are_exact, store_fixture_set_up,
                                        store_fixture_tear_down),
    };

    return cmocka_run_group_tests_name("store dump", tests, NULL, NULL);
}
