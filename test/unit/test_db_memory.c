/* Connections and transactions without memory: the n-th allocation fails, for
 * every n until all goes through. Each failure must be ERROR_NO_MEMORY, at once,
 * and leave nothing behind.
 *
 * malloc(), calloc(), realloc() and strdup() of our own code are wrapped by the
 * linker, and fail on this thread only. */
#include "base/clock.h"
#include "db/tx.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/engine.h"

#include <stdlib.h>
#include <string.h>

#define NEVER           (-1)
#define ALLOCATIONS_MAX 1000

/* Nothing here waits for anything. What did would take as long as its deadline, which no machine
 * is slow enough to reach otherwise. */
#define TIMEOUT_MS 120000

/* Longer than what a connection receives at a time, and keeps. */
#define LONG_SIZE (2 * 1024 * 1024)

/* How many allocations of this thread succeed before one fails. */
static _Thread_local int n_left = NEVER;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static bool fails_now(void)
{
    return n_left != NEVER && n_left-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    return fails_now() ? NULL : __real_strdup(text);
}

static const struct db_stmt insert_item = {
    .name = "item.insert",
    .sql = "INSERT INTO item (id, name) VALUES (?, ?)",
    .n_params = 2,
};
static const struct db_stmt get_names = {
    .name = "item.names",
    .sql = "SELECT id, name FROM item ORDER BY id",
    .n_columns = 2,
};

static char *long_name;
static struct db_conn *witness; /* Its calls never lack memory. */

static int start(void **state)
{
    (void)state;
    engine_start();
    witness = engine_connect(NULL);
    engine_exec(witness, "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL)", NULL);
    long_name = malloc(LONG_SIZE + 1);
    assert_non_null(long_name);
    memset(long_name, 'x', LONG_SIZE);
    long_name[LONG_SIZE] = '\0';
    return 0;
}

static int stop(void **state)
{
    (void)state;
    free(long_name);
    db_conn_close(witness);
    engine_stop();
    return 0;
}

/* The calls in question, on a connection of their own that has nothing prepared. */
typedef int attempt_fn(struct db_conn *conn, const struct db_context *context, struct arena *arena,
                       struct error *error);

static int open_only(struct db_conn *conn, const struct db_context *context, struct arena *arena,
                     struct error *error)
{
    (void)conn;
    (void)context;
    (void)arena;
    (void)error;
    return ERROR_NONE;
}

static int insert_long(struct db_tx *tx, int64_t id, struct error *error)
{
    const struct db_value params[] = {db_integer(id), db_text(long_name)};

    return db_exec_deferred(tx, &insert_item, params, error);
}

static int query_names(struct db_tx *tx, struct arena *arena, size_t n, struct error *error)
{
    struct db_rows rows = {.n_rows = 77};
    int rv = db_query(tx, &get_names, NULL, arena, &rows, error);

    assert_int_equal(rows.n_rows, rv == ERROR_NONE ? n : 77);
    if (rv == ERROR_NONE && n > 0) {
        assert_int_equal(rows.values[1].bytes.size, LONG_SIZE);
        assert_string_equal(rows.values[1].bytes.data, long_name);
    }
    return rv;
}

/* Commits two of three: the savepoint in the middle is undone. What lacks memory
 * in there is undone as well, if the connection lived through it. */
static int write_in_savepoints(struct db_conn *conn, const struct db_context *context,
                               struct arena *arena, struct error *error)
{
    enum db_outcome outcome;
    struct db_tx tx;
    int rv = db_tx_begin(&tx, conn, DB_WRITE, context, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    for (int64_t id = 1; rv == ERROR_NONE && id <= 3; id++) {
        rv = db_savepoint_begin(&tx, error);
        if (rv == ERROR_NONE) {
            rv = insert_long(&tx, id, error);
        }
        if (rv == ERROR_NONE) {
            rv = query_names(&tx, arena, id == 3 ? 2 : (size_t)id, error);
        }
        if (rv == ERROR_NONE) {
            rv = id == 2 ? db_savepoint_rollback(&tx, error) : db_savepoint_release(&tx, error);
        }
    }
    if (rv != ERROR_NONE) {
        db_tx_rollback(&tx);
        return rv;
    }
    rv = db_tx_commit(&tx, &outcome, error);
    assert_true((rv == ERROR_NONE) == (outcome == DB_APPLIED));
    assert_true((rv == ERROR_UNKNOWN_OUTCOME) == (outcome == DB_UNKNOWN));
    return rv;
}

/* How often a savepoint was undone by itself. */
static unsigned n_undone;

/* A savepoint that lacks memory is undone, and its neighbours are committed. */
static int write_around_the_lack(struct db_conn *conn, const struct db_context *context,
                                 struct arena *arena, struct error *error)
{
    const int n = n_left;
    enum db_outcome outcome;
    struct error lack = ERROR_INIT;
    struct db_tx tx;
    int rv_lack;

    n_left = NEVER;
    assert_int_equal(db_tx_begin(&tx, conn, DB_WRITE, context, error), ERROR_NONE);
    assert_int_equal(insert_long(&tx, 1, error), ERROR_NONE);
    n_left = n;
    rv_lack = db_savepoint_begin(&tx, &lack);
    if (rv_lack == ERROR_NONE) {
        rv_lack = insert_long(&tx, 2, &lack);
        if (rv_lack == ERROR_NONE) {
            rv_lack = query_names(&tx, arena, 2, &lack);
        }
        n_left = rv_lack == ERROR_NONE ? n_left : NEVER;
        if (rv_lack != ERROR_NONE && db_savepoint_rollback(&tx, error) == ERROR_NONE) {
            assert_int_equal(rv_lack, ERROR_NO_MEMORY);
            assert_int_equal(insert_long(&tx, 3, error), ERROR_NONE);
            assert_int_equal(db_tx_commit(&tx, &outcome, error), ERROR_NONE);
            assert_int_equal(engine_integer(witness, "SELECT sum(id) FROM item"), 4);
            engine_exec(witness, "DELETE FROM item", NULL);
            n_undone++;
            return error_no_memory(error);
        }
    }
    if (rv_lack == ERROR_NONE) {
        rv_lack = db_savepoint_release(&tx, &lack);
    }
    if (rv_lack == ERROR_NONE) {
        rv_lack = db_tx_commit(&tx, &outcome, &lack);
    } else {
        db_tx_rollback(&tx);
    }
    *error = lack;
    return rv_lack;
}

static int read_all(struct db_conn *conn, const struct db_context *context, struct arena *arena,
                    struct error *error)
{
    struct db_tx tx;
    int rv = db_tx_begin(&tx, conn, DB_READ, context, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = query_names(&tx, arena, 0, error);
    db_tx_rollback(&tx);
    return rv;
}

static int write_waiting(struct db_conn *conn, const struct db_context *context,
                         struct arena *arena, struct error *error)
{
    const struct db_value params[] = {db_integer(1), db_text("short")};
    struct db_exec_result result = {.rows_affected = 77};
    enum db_outcome outcome;
    struct db_tx tx;
    int rv = db_tx_begin(&tx, conn, DB_WRITE, context, error);

    (void)arena;
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = db_exec(&tx, &insert_item, params, &result, error);
    assert_int_equal(result.rows_affected, rv == ERROR_NONE ? 1 : 77);
    if (rv != ERROR_NONE) {
        db_tx_rollback(&tx);
        return rv;
    }
    return db_tx_commit(&tx, &outcome, error);
}

static int run_text(struct db_conn *conn, const struct db_context *context, struct arena *arena,
                    struct error *error)
{
    struct db_rows rows = {.n_rows = 77};
    int rv = db_conn_exec_sql(conn, context, "INSERT INTO item VALUES (1, 'a')", NULL, error);

    if (rv == ERROR_NONE) {
        rv = db_conn_query_sql(conn, context, "SELECT * FROM item", 10, arena, &rows, error);
        assert_int_equal(rows.n_rows, rv == ERROR_NONE ? 1 : 77);
    }
    return rv;
}

/* Whether it went through although the n-th allocation fails. */
static bool succeeds(attempt_fn *attempt, int n, int64_t n_items)
{
    const struct db_context context = engine_deadline(TIMEOUT_MS);
    const struct db_conn_options options = {.address = engine_address()};
    const uint64_t start_us = clock_monotonic_us();
    struct error error = ERROR_INIT;
    struct arena arena = {0};
    struct db_conn *conn = NULL;
    int64_t there;
    int rv;

    n_left = n;
    rv = db_conn_open(&options, &context, &conn, &error);
    assert_true((rv == ERROR_NONE) == (conn != NULL));
    if (rv == ERROR_NONE) {
        rv = attempt(conn, &context, &arena, &error);
    }
    n_left = NEVER;
    assert_int_equal(error.code, rv);
    if (rv != ERROR_NONE && rv != ERROR_NO_MEMORY && rv != ERROR_UNKNOWN_OUTCOME) {
        fail_msg("allocation %d: %s", n, error.message);
    }
    assert_true(clock_monotonic_us() - start_us < TIMEOUT_MS * UINT64_C(1000) / 2);
    /* A connection that lived through it is as good as a new one. */
    if (conn != NULL && !db_conn_broken(conn)) {
        assert_int_equal(engine_integer(conn, "SELECT 7"), 7);
    }
    db_conn_close(conn);
    arena_close(&arena);
    there = engine_integer(witness, "SELECT count(*) FROM item");
    /* Text outside of a transaction: its first half may be done, the second not. */
    if (rv != ERROR_UNKNOWN_OUTCOME && !(attempt == run_text && rv == ERROR_NO_MEMORY)) {
        assert_int_equal(there, rv == ERROR_NONE ? n_items : 0);
    } else {
        assert_true(there == 0 || there == n_items);
    }
    engine_exec(witness, "DELETE FROM item", NULL);
    return rv == ERROR_NONE;
}

static void fail_each_allocation(attempt_fn *attempt, int64_t n_items)
{
    int n = 0;

    while (!succeeds(attempt, n, n_items)) {
        assert_true(++n < ALLOCATIONS_MAX);
    }
    assert_true(n > 0);
}

static void opening_lacks_memory(void **state)
{
    (void)state;
    fail_each_allocation(open_only, 0);
}

static void savepoints_lack_memory(void **state)
{
    (void)state;
    fail_each_allocation(write_in_savepoints, 2);
}

static void savepoint_that_lacks_memory_is_undone_alone(void **state)
{
    (void)state;
    fail_each_allocation(write_around_the_lack, 2);
    assert_true(n_undone > 0);
}

static void reading_lacks_memory(void **state)
{
    (void)state;
    fail_each_allocation(read_all, 0);
}

static void writing_lacks_memory(void **state)
{
    (void)state;
    fail_each_allocation(write_waiting, 1);
}

static void text_lacks_memory(void **state)
{
    (void)state;
    fail_each_allocation(run_text, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_lacks_memory),
        cmocka_unit_test(savepoints_lack_memory),
        cmocka_unit_test(savepoint_that_lacks_memory_is_undone_alone),
        cmocka_unit_test(reading_lacks_memory),
        cmocka_unit_test(writing_lacks_memory),
        cmocka_unit_test(text_lacks_memory),
    };

    return cmocka_run_group_tests_name("db_memory", tests, start, stop);
}
