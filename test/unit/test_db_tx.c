/* Transactions, savepoints and deferred writes on a real engine. */
#include "db/tx.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/engine.h"

#include <stdio.h>
#include <string.h>

#include "config.h"

static const struct db_stmt insert_item = {
    .name = "item.insert",
    .sql = "INSERT INTO item (id, name) VALUES (?, ?)",
    .n_params = 2,
};
static const struct db_stmt insert_part = {
    .name = "part.insert",
    .sql = "INSERT INTO part (item_id) VALUES (?)",
    .n_params = 1,
};
static const struct db_stmt update_names = {
    .name = "item.update",
    .sql = "UPDATE item SET name = name || ?",
    .n_params = 1,
};
static const struct db_stmt count_items = {
    .name = "item.count",
    .sql = "SELECT count(*) FROM item",
    .n_columns = 1,
};
static const struct db_stmt count_to = {
    .name = "count.to",
    .sql = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) "
           "SELECT n, 'row ' || n FROM c",
    .n_params = 1,
    .n_columns = 2,
};

static struct db_context context;
static struct db_observer *observer;
static struct db_conn *conn;
static struct db_conn *other;
static struct arena arena;

static int start(void **state)
{
    (void)state;
    engine_start();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    engine_stop();
    return 0;
}

static int connect_both(void **state)
{
    (void)state;
    context = engine_deadline(30000);
    observer = db_observer_new();
    assert_non_null(observer);
    conn = engine_connect(observer);
    other = engine_connect(NULL);
    engine_exec(conn, "DROP TABLE IF EXISTS part", "DROP TABLE IF EXISTS item",
                "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, "
                "CHECK (name <> 'bad'))",
                "CREATE TABLE part (item_id INTEGER NOT NULL REFERENCES item (id), "
                "late INTEGER REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED)",
                NULL);
    return 0;
}

static int close_both(void **state)
{
    (void)state;
    db_conn_close(conn);
    db_conn_close(other);
    db_observer_free(observer);
    arena_close(&arena);
    return 0;
}

/* -- Short forms of the steps ---------------------------------------------- */

static void begin(struct db_tx *tx, enum db_mode mode)
{
    struct error error = ERROR_INIT;

    if (db_tx_begin(tx, conn, mode, &context, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
}

static void commit_applied(struct db_tx *tx)
{
    struct error error = ERROR_INIT;
    enum db_outcome outcome;

    if (db_tx_commit(tx, &outcome, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(outcome, DB_APPLIED);
}

static int insert(struct db_tx *tx, int64_t id, const char *name, struct error *error)
{
    const struct db_value params[] = {db_integer(id), db_text(name)};

    return db_exec(tx, &insert_item, params, NULL, error);
}

static int defer(struct db_tx *tx, int64_t id, const char *name, struct error *error)
{
    const struct db_value params[] = {db_integer(id), db_text(name)};

    return db_exec_deferred(tx, &insert_item, params, error);
}

static int64_t count_in_tx(struct db_tx *tx)
{
    struct error error = ERROR_INIT;
    struct db_rows rows;

    if (db_query(tx, &count_items, NULL, &arena, &rows, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(rows.n_rows, 1);
    assert_string_equal(rows.columns[0], "count(*)");
    return rows.values[0].integer;
}

static int64_t count_outside(void)
{
    return engine_integer(other, "SELECT count(*) FROM item");
}

/* -- Writes and queries ----------------------------------------------------- */

static void write_is_applied_by_commit(void **state)
{
    const struct db_value params[] = {db_integer(7), db_text("seven")};
    struct error error = ERROR_INIT;
    struct db_exec_result result = {0};
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(db_exec(&tx, &insert_item, params, &result, &error), ERROR_NONE);
    assert_int_equal(result.last_insert_id, 7);
    assert_int_equal(result.rows_affected, 1);
    assert_int_equal(count_in_tx(&tx), 1);
    assert_int_equal(count_outside(), 0);
    commit_applied(&tx);
    assert_int_equal(count_outside(), 1);
    assert_int_equal(insert(&tx, 8, "eight", &error), ERROR_INTERNAL);
    assert_string_equal(error.message, "The transaction has ended");
}

static void rollback_leaves_no_trace(void **state)
{
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(insert(&tx, 1, "a", &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 2, "b", &error), ERROR_NONE);
    db_tx_rollback(&tx);
    db_tx_rollback(&tx);
    assert_false(db_conn_broken(conn));
    assert_int_equal(count_outside(), 0);
    begin(&tx, DB_WRITE);
    db_tx_rollback(&tx);
}

static void one_transaction_a_connection(void **state)
{
    struct error error = ERROR_INIT;
    struct db_tx tx;
    struct db_tx second;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(db_tx_begin(&second, conn, DB_READ, &context, &error), ERROR_INTERNAL);
    db_tx_rollback(&second);
    assert_int_equal(insert(&tx, 1, "a", &error), ERROR_NONE);
    commit_applied(&tx);
}

static void read_sees_one_snapshot(void **state)
{
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_READ);
    assert_int_equal(count_in_tx(&tx), 0);
    engine_exec(other, "INSERT INTO item VALUES (1, 'a')", NULL);
    assert_int_equal(count_in_tx(&tx), 0);
    commit_applied(&tx);
    begin(&tx, DB_READ);
    assert_int_equal(count_in_tx(&tx), 1);
    db_tx_rollback(&tx);
}

static void second_writer_is_busy(void **state)
{
    struct error error = ERROR_INIT;
    struct db_tx tx;
    struct db_tx second;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(db_tx_begin(&second, other, DB_WRITE, &context, &error), ERROR_BUSY);
    assert_non_null(strstr(error.message, "tx.begin_immediate: database is locked (code 5)"));
    assert_false(db_conn_broken(other));
    commit_applied(&tx);
    assert_int_equal(db_tx_begin(&second, other, DB_WRITE, &context, &error), ERROR_NONE);
    db_tx_rollback(&second);
}

static void stale_reader_that_writes_is_busy(void **state)
{
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_READ);
    assert_int_equal(count_in_tx(&tx), 0);
    engine_exec(other, "INSERT INTO item VALUES (1, 'a')", NULL);
    assert_int_equal(insert(&tx, 2, "b", &error), ERROR_BUSY);
    assert_non_null(strstr(error.message, "(code 517)"));
    db_tx_rollback(&tx);
    assert_false(db_conn_broken(conn));
}

/* -- Failures --------------------------------------------------------------- */

static void constraints_have_classes(void **state)
{
    struct error error = ERROR_INIT;
    const struct db_value no_item[] = {db_integer(99)};
    const struct db_value no_name[] = {db_integer(3), db_null()};
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(insert(&tx, 1, "a", &error), ERROR_NONE);
    assert_int_equal(insert(&tx, 2, "a", &error), ERROR_CONFLICT);
    assert_string_equal(error.message,
                        "item.insert: UNIQUE constraint failed: item.name (code 2067)");
    assert_int_equal(insert(&tx, 1, "b", &error), ERROR_CONFLICT);
    assert_string_equal(error.message,
                        "item.insert: UNIQUE constraint failed: item.id (code 1555)");
    assert_int_equal(insert(&tx, 2, "bad", &error), ERROR_INVALID);
    assert_non_null(strstr(error.message, "(code 275)"));
    assert_int_equal(db_exec(&tx, &insert_item, no_name, NULL, &error), ERROR_INVALID);
    assert_non_null(strstr(error.message, "(code 1299)"));
    assert_int_equal(db_exec(&tx, &insert_part, no_item, NULL, &error), ERROR_INVALID);
    assert_non_null(strstr(error.message, "(code 787)"));
    /* None of them ended the transaction. */
    assert_int_equal(insert(&tx, 2, "b", &error), ERROR_NONE);
    commit_applied(&tx);
    assert_int_equal(count_outside(), 2);
}

static void commit_that_violates_is_not_applied(void **state)
{
    static const struct db_stmt stmt = {
        .name = "part.late",
        .sql = "INSERT INTO part (item_id, late) VALUES (1, 99)",
    };
    struct error error = ERROR_INIT;
    enum db_outcome outcome = DB_APPLIED;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(insert(&tx, 1, "a", &error), ERROR_NONE);
    assert_int_equal(db_exec(&tx, &stmt, NULL, NULL, &error), ERROR_NONE);
    assert_int_equal(db_tx_commit(&tx, &outcome, &error), ERROR_INVALID);
    assert_int_equal(outcome, DB_NOT_APPLIED);
    assert_non_null(strstr(error.message, "(code 787)"));
    assert_false(db_conn_broken(conn));
    assert_int_equal(count_outside(), 0);
    begin(&tx, DB_WRITE);
    commit_applied(&tx);
}

static void query_that_fails_midway_tells_why(void **state)
{
    static const struct db_stmt stmt = {
        .name = "overflow",
        .sql = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100) "
               "SELECT CASE WHEN n < 50 THEN n ELSE abs(-9223372036854775807 - 1) END FROM c",
        .n_columns = 1,
    };
    struct error error = ERROR_INIT;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_READ);
    assert_int_equal(db_query(&tx, &stmt, NULL, &arena, &rows, &error), ERROR_INVALID);
    assert_string_equal(error.message, "overflow: integer overflow (code 1)");
    assert_int_equal(count_in_tx(&tx), 0);
    commit_applied(&tx);
}

static void statement_must_be_what_it_promises(void **state)
{
    static const struct db_stmt params = {
        .name = "params", .sql = "SELECT ? + ?", .n_params = 1, .n_columns = 1};
    static const struct db_stmt columns = {.name = "columns", .sql = "SELECT 1, 2", .n_columns = 1};
    static const struct db_stmt syntax = {.name = "syntax", .sql = "SELEKT"};
    static const struct db_stmt blank = {.name = "blank", .sql = "-- nothing"};
    static const struct db_stmt two = {.name = "two", .sql = "SELECT 1; SELECT 2", .n_columns = 1};
    static const struct db_stmt rows_of_exec = {.name = "exec", .sql = "SELECT 1"};
    const struct db_value one[] = {db_integer(1)};
    struct error error = ERROR_INIT;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_READ);
    assert_int_equal(db_query(&tx, &params, one, &arena, &rows, &error), ERROR_INTERNAL);
    assert_string_equal(error.message, "params: the statement has 2 parameters, not 1");
    db_tx_rollback(&tx);
    begin(&tx, DB_READ);
    assert_int_equal(db_query(&tx, &columns, NULL, &arena, &rows, &error), ERROR_INTERNAL);
    assert_string_equal(error.message, "columns: the result has 2 columns, not 1");
    db_tx_rollback(&tx);
    begin(&tx, DB_READ);
    assert_int_equal(db_exec(&tx, &syntax, NULL, NULL, &error), ERROR_INVALID);
    assert_string_equal(error.message, "syntax: near \"SELEKT\": syntax error (code 1)");
    assert_int_equal(db_exec(&tx, &blank, NULL, NULL, &error), ERROR_INVALID);
#ifdef LBSTATE_ENGINE_UNSOUND_RAFT
    /* dqlite before 1.18 takes the first statement and says nothing of the second. */
    assert_int_equal(db_query(&tx, &two, NULL, &arena, &rows, &error), ERROR_NONE);
#else
    assert_int_equal(db_query(&tx, &two, NULL, &arena, &rows, &error), ERROR_INVALID);
#endif
    assert_int_equal(db_exec(&tx, &rows_of_exec, NULL, NULL, &error), ERROR_INVALID);
    assert_int_equal(count_in_tx(&tx), 0);
    commit_applied(&tx);
    assert_false(db_conn_broken(conn));
}

/* -- Deferred writes and savepoints ----------------------------------------- */

static void deferred_writes_are_applied_in_order(void **state)
{
    const struct db_value suffix[] = {db_text("-x")};
    struct error error = ERROR_INIT;
    struct db_tx tx;
    char name[32];

    (void)state;
    begin(&tx, DB_WRITE);
    /* More than fit into the pipeline. */
    for (int i = 0; i < 3 * DB_PIPELINE_MAX + 1; i++) {
        snprintf(name, sizeof name, "name %d", i);
        assert_int_equal(defer(&tx, i, name, &error), ERROR_NONE);
    }
    assert_int_equal(count_in_tx(&tx), 3 * DB_PIPELINE_MAX + 1);
    assert_int_equal(db_exec_deferred(&tx, &update_names, suffix, &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 5000, "last", &error), ERROR_NONE);
    assert_int_equal(db_tx_flush(&tx, &error), ERROR_NONE);
    commit_applied(&tx);
    assert_int_equal(engine_integer(other, "SELECT count(*) FROM item WHERE name LIKE '%-x'"),
                     3 * DB_PIPELINE_MAX + 1);
    assert_int_equal(engine_integer(other, "SELECT id FROM item WHERE name = 'last'"), 5000);
}

static void first_deferred_failure_is_told_once(void **state)
{
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(insert(&tx, 1, "a", &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 2, "b", &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 3, "bad", &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 1, "c", &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 4, "d", &error), ERROR_NONE);
    assert_int_equal(db_tx_flush(&tx, &error), ERROR_INVALID);
    assert_non_null(strstr(error.message, "(code 275)"));
    assert_int_equal(tx.failed_savepoint, 0);
    assert_int_equal(db_tx_flush(&tx, &error), ERROR_NONE);
    assert_int_equal(count_in_tx(&tx), 3);
    db_tx_rollback(&tx);
}

static void deferred_failure_makes_a_query_fail(void **state)
{
    struct error error = ERROR_INIT;
    struct db_rows rows = {.n_rows = 77};
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(count_in_tx(&tx), 0);
    assert_int_equal(insert(&tx, 1, "a", &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 2, "a", &error), ERROR_NONE);
    assert_int_equal(db_query(&tx, &count_items, NULL, &arena, &rows, &error), ERROR_CONFLICT);
    assert_non_null(strstr(error.message, "item.insert: UNIQUE"));
    assert_int_equal(rows.n_rows, 77);
    assert_int_equal(count_in_tx(&tx), 1);
    db_tx_rollback(&tx);
}

static void deferred_failure_makes_commit_roll_back(void **state)
{
    struct error error = ERROR_INIT;
    enum db_outcome outcome = DB_APPLIED;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(insert(&tx, 1, "a", &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 1, "b", &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 3, "c", &error), ERROR_NONE);
    assert_int_equal(db_tx_commit(&tx, &outcome, &error), ERROR_CONFLICT);
    assert_int_equal(outcome, DB_NOT_APPLIED);
    assert_false(db_conn_broken(conn));
    assert_int_equal(count_outside(), 0);
}

static void savepoint_undoes_its_part_only(void **state)
{
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(db_savepoint_begin(&tx, &error), ERROR_NONE);
    assert_int_equal(db_savepoint_begin(&tx, &error), ERROR_INTERNAL);
    assert_int_equal(defer(&tx, 1, "a", &error), ERROR_NONE);
    assert_int_equal(db_savepoint_release(&tx, &error), ERROR_NONE);
    assert_int_equal(db_savepoint_release(&tx, &error), ERROR_INTERNAL);
    assert_int_equal(db_savepoint_rollback(&tx, &error), ERROR_INTERNAL);

    assert_int_equal(db_savepoint_begin(&tx, &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 2, "b", &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 3, "a", &error), ERROR_NONE); /* The conflict. */
    assert_int_equal(defer(&tx, 4, "d", &error), ERROR_NONE);
    assert_int_equal(db_tx_flush(&tx, &error), ERROR_CONFLICT);
    assert_int_equal(tx.failed_savepoint, 2);
    assert_int_equal(tx.savepoint, 2);
    assert_int_equal(db_savepoint_rollback(&tx, &error), ERROR_NONE);

    assert_int_equal(db_savepoint_begin(&tx, &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 5, "e", &error), ERROR_NONE);
    assert_int_equal(db_savepoint_release(&tx, &error), ERROR_NONE);
    commit_applied(&tx);
    assert_int_equal(count_outside(), 2);
    assert_int_equal(engine_integer(other, "SELECT sum(id) FROM item"), 6);
}

static void savepoint_rollback_drops_what_was_not_told(void **state)
{
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(db_savepoint_begin(&tx, &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 1, "a", &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 1, "a", &error), ERROR_NONE);
    assert_int_equal(db_savepoint_rollback(&tx, &error), ERROR_NONE);
    assert_int_equal(error.code, ERROR_NONE);
    assert_int_equal(count_in_tx(&tx), 0);
    commit_applied(&tx);
}

static void failure_behind_a_release_fails_the_transaction(void **state)
{
    struct error error = ERROR_INIT;
    enum db_outcome outcome = DB_APPLIED;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(insert(&tx, 1, "a", &error), ERROR_NONE);
    /* Once the statements are prepared, a release reads no answer. */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(db_savepoint_begin(&tx, &error), ERROR_NONE);
        assert_int_equal(db_savepoint_release(&tx, &error), ERROR_NONE);
    }
    assert_int_equal(count_in_tx(&tx), 1);
    assert_int_equal(db_savepoint_begin(&tx, &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 2, "a", &error), ERROR_NONE);
    assert_int_equal(db_savepoint_release(&tx, &error), ERROR_NONE);
    assert_int_equal(db_savepoint_begin(&tx, &error), ERROR_NONE);
    assert_int_equal(db_query(&tx, &count_items, NULL, &arena, &rows, &error), ERROR_CONFLICT);
    assert_int_equal(tx.failed_savepoint, 4);
    assert_int_equal(tx.savepoint, 5);
    assert_int_equal(db_savepoint_rollback(&tx, &error), ERROR_CONFLICT);
    assert_int_equal(insert(&tx, 9, "i", &error), ERROR_CONFLICT);
    assert_int_equal(db_tx_commit(&tx, &outcome, &error), ERROR_CONFLICT);
    assert_int_equal(outcome, DB_NOT_APPLIED);
    assert_int_equal(count_outside(), 0);
}

/* An answer that is read in passing must not look like the one that failed. */
static void failure_is_told_of_the_right_savepoint(void **state)
{
    static const struct db_stmt syntax = {.name = "syntax", .sql = "SELEKT"};
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(db_savepoint_begin(&tx, &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 1, "a", &error), ERROR_NONE);
    assert_int_equal(db_savepoint_release(&tx, &error), ERROR_NONE);
    assert_int_equal(db_savepoint_begin(&tx, &error), ERROR_NONE);
    assert_int_equal(db_exec_deferred(&tx, &syntax, NULL, &error), ERROR_INVALID);
    assert_int_equal(tx.failed_savepoint, 2);
    assert_int_equal(db_savepoint_rollback(&tx, &error), ERROR_NONE);
    commit_applied(&tx);
    assert_int_equal(count_outside(), 1);
}

/* -- Limits ----------------------------------------------------------------- */

static void result_comes_in_many_parts(void **state)
{
    const struct db_value limit[] = {db_integer(10000)};
    struct error error = ERROR_INIT;
    struct db_rows rows;
    struct db_tx tx;
    char text[32];

    (void)state;
    begin(&tx, DB_READ);
    assert_int_equal(db_query(&tx, &count_to, limit, &arena, &rows, &error), ERROR_NONE);
    assert_int_equal(rows.n_rows, 10000);
    assert_int_equal(rows.n_columns, 2);
    for (size_t i = 0; i < rows.n_rows; i++) {
        assert_int_equal(rows.values[2 * i].integer, i + 1);
        snprintf(text, sizeof text, "row %zu", i + 1);
        assert_string_equal(rows.values[2 * i + 1].bytes.data, text);
        assert_int_equal(rows.values[2 * i + 1].bytes.size, strlen(text));
    }
    commit_applied(&tx);
}

struct seen {
    const char *name;
    struct db_statement_metrics metrics;
    unsigned n;
};

static void see(const struct db_statement_metrics *metrics, void *data)
{
    struct seen *seen = data;

    if (strcmp(metrics->name, seen->name) == 0) {
        seen->metrics = *metrics;
        seen->n++;
    }
}

static struct db_statement_metrics metrics_of(const char *name)
{
    struct seen seen = {.name = name};

    db_observer_each(observer, see, &seen);
    assert_int_equal(seen.n, 1);
    return seen.metrics;
}

static void all_statements_are_reported(void **state)
{
    const struct db_value limit[] = {db_integer(3)};
    const struct db_value suffix[] = {db_text("-x")};
    struct error error = ERROR_INIT;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    assert_int_equal(defer(&tx, 1, "a", &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 2, "b", &error), ERROR_NONE);
    assert_int_equal(defer(&tx, 3, "b", &error), ERROR_NONE);
    assert_int_equal(db_tx_flush(&tx, &error), ERROR_CONFLICT);
    assert_int_equal(db_exec(&tx, &update_names, suffix, NULL, &error), ERROR_NONE);
    assert_int_equal(db_query(&tx, &count_to, limit, &arena, &rows, &error), ERROR_NONE);
    db_tx_rollback(&tx);

    assert_int_equal(metrics_of("item.insert").errors[ERROR_NONE], 2);
    assert_int_equal(metrics_of("item.insert").errors[ERROR_CONFLICT], 1);
    assert_int_equal(metrics_of("item.insert").rows, 2);
    assert_int_equal(metrics_of("item.update").rows, 2);
    assert_int_equal(metrics_of("count.to").rows, 3);
    assert_int_equal(metrics_of("count.to").errors[ERROR_NONE], 1);
    assert_true(metrics_of("count.to").total_us > 0);
    assert_int_equal(metrics_of("tx.begin_immediate").errors[ERROR_NONE], 1);
    assert_int_equal(metrics_of("tx.rollback").errors[ERROR_NONE], 1);
    assert_int_equal(metrics_of("tx.rollback").rows, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, connect_both, close_both)
        TEST(write_is_applied_by_commit),
        TEST(rollback_leaves_no_trace),
        TEST(one_transaction_a_connection),
        TEST(read_sees_one_snapshot),
        TEST(second_writer_is_busy),
        TEST(stale_reader_that_writes_is_busy),
        TEST(constraints_have_classes),
        TEST(commit_that_violates_is_not_applied),
        TEST(query_that_fails_midway_tells_why),
        TEST(statement_must_be_what_it_promises),
        TEST(deferred_writes_are_applied_in_order),
        TEST(first_deferred_failure_is_told_once),
        TEST(deferred_failure_makes_a_query_fail),
        TEST(deferred_failure_makes_commit_roll_back),
        TEST(savepoint_undoes_its_part_only),
        TEST(savepoint_rollback_drops_what_was_not_told),
        TEST(failure_behind_a_release_fails_the_transaction),
        TEST(failure_is_told_of_the_right_savepoint),
        TEST(result_comes_in_many_parts),
        TEST(all_statements_are_reported),
#undef TEST
    };

    return cmocka_run_group_tests(tests, start, stop);
}
