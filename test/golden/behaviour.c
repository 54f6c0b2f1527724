#include "test/golden/behaviour.h"

#include "test/lib/engine.h"
#include "test/lib/sql_file.h"

struct golden golden;

static struct db_conn *conn;
static struct db_context context;

void golden_succeed(int rv)
{
    if (rv != ERROR_NONE) {
        fail_msg("%s: %s", error_name((enum error_code)rv), golden.error.message);
    }
}

void golden_fails(int rv, enum error_code code, const char *message)
{
    assert_int_equal(rv, code);
    assert_int_equal(golden.error.code, code);
    assert_string_equal(golden.error.message, message);
}

int64_t golden_integer(const char *sql)
{
    golden_succeed(db_tx_flush(&golden.tx, &golden.error));
    return engine_integer(conn, sql);
}

static int start(void **state)
{
    (void)state;
    engine_start();
    conn = engine_connect(NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    db_conn_close(conn);
    engine_stop();
    return 0;
}

/* The test's initial state is the path of its schema. */
static int begin(void **state)
{
    const char *schema = *state;

    error_clear(&golden.error);
    context = engine_deadline(30000);
    golden_succeed(db_tx_begin(&golden.tx, conn, DB_WRITE, &context, &golden.error));
    sql_file_run(conn, schema);
    return 0;
}

static int undo(void **state)
{
    (void)state;
    db_tx_rollback(&golden.tx);
    arena_close(&golden.arena);
    return 0;
}

#define TEST(CASE)                                                                                 \
    {.name = #CASE,                                                                                \
     .test_func = golden_##CASE,                                                                   \
     .setup_func = begin,                                                                          \
     .teardown_func = undo,                                                                        \
     .initial_state = CASES_DIR "/" #CASE "/schema.sql"},

int main(void)
{
    const struct CMUnitTest tests[] = {GOLDEN_CASES(TEST)};

    return cmocka_run_group_tests(tests, start, stop);
}
