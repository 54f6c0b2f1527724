/* The node's own copy: dumped from the real engine, with what its log holds, and read. */
#include "db/copy.h"
#include "db/tx.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/engine.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 120000

static const struct db_stmt get_names = {.name = "item.names",
                                         .sql = "SELECT id, name, size, data FROM item "
                                                "WHERE id >= ? ORDER BY id",
                                         .n_params = 1,
                                         .n_columns = 4};
static const struct db_stmt echo = {
    .name = "echo", .sql = "SELECT ?, ?, ?, ?, ?", .n_params = 5, .n_columns = 5};
static const struct db_stmt insert_item = {.name = "item.insert",
                                           .sql = "INSERT INTO item (id, name) VALUES (9, 'z')"};
static const struct db_stmt wrong_columns = {.name = "wrong", .sql = "SELECT 1, 2", .n_columns = 1};
static const struct db_stmt endless = {
    .name = "endless",
    .sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n",
    .n_columns = 1};

static struct db_conn *engine;

static int set_up(void **state)
{
    (void)state;
    engine_start();
    engine = engine_connect(NULL);
    engine_exec(engine,
                "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, size REAL, data BLOB)",
                "INSERT INTO item VALUES (1, 'one', 1.5, x'00ff'), (2, '', NULL, x'')", NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    db_conn_close(engine);
    engine_stop();
    return 0;
}

/* As the store does it: without a database, on a connection of its own. */
static int dump_of(const char *name, size_t size_max, struct db_dump *dump, struct error *error)
{
    const struct db_context context = engine_deadline(TIMEOUT_MS);
    const struct db_conn_options options = {.address = engine_address(), .no_database = true};
    struct db_conn *conn;
    int rv = db_conn_open(&options, &context, &conn, error);

    if (rv == ERROR_NONE) {
        rv = db_conn_dump(conn, &context, name, size_max, dump, error);
        /* Only an answer that wasn't read to its end is a reason to break. */
        assert_int_equal(db_conn_broken(conn), rv == ERROR_TOO_LARGE);
        db_conn_close(conn);
    }
    return rv;
}

static struct db_conn *open_copy(void)
{
    struct db_dump dump = {.log = NULL};
    struct error error = ERROR_INIT;
    struct db_conn *copy = NULL;

    if (dump_of("db", 0, &dump, &error) != ERROR_NONE ||
        db_copy_open(&dump, NULL, &copy, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    assert_null(dump.image.data);
    return copy;
}

static void assert_values_equal(const struct db_rows *a, const struct db_rows *b)
{
    assert_int_equal(a->n_rows, b->n_rows);
    assert_int_equal(a->n_columns, b->n_columns);
    for (size_t i = 0; i < a->n_columns; i++) {
        assert_string_equal(a->columns[i], b->columns[i]);
    }
    for (size_t i = 0; i < a->n_rows * a->n_columns; i++) {
        assert_int_equal(a->values[i].type, b->values[i].type);
        if (a->values[i].type == DB_TEXT || a->values[i].type == DB_BLOB) {
            assert_int_equal(a->values[i].bytes.size, b->values[i].bytes.size);
            assert_memory_equal(a->values[i].bytes.data, b->values[i].bytes.data,
                                a->values[i].bytes.size);
        } else if (a->values[i].type != DB_NULL) {
            assert_memory_equal(&a->values[i].integer, &b->values[i].integer, sizeof(int64_t));
        }
    }
}

static void query(struct db_conn *conn, const struct db_stmt *stmt, const struct db_value *params,
                  struct arena *arena, struct db_rows *rows)
{
    const struct db_context context = engine_deadline(TIMEOUT_MS);
    struct error error = ERROR_INIT;
    struct db_tx tx;

    if (db_tx_begin(&tx, conn, DB_READ, &context, &error) != ERROR_NONE ||
        db_query(&tx, stmt, params, arena, rows, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    db_tx_rollback(&tx);
    assert_false(db_conn_broken(conn));
}

static void a_copy_answers_as_the_engine(void **state)
{
    const struct db_value first[] = {db_integer(1)};
    const struct db_value all[] = {db_null(), db_integer(-5), db_float(0.5), db_text("text"),
                                   db_blob("\0\1", 2)};
    struct db_conn *copy = open_copy();
    struct arena arena = {0};
    struct db_rows a;
    struct db_rows b;

    (void)state;
    for (int i = 0; i < 2; i++) { /* The second time they are prepared. */
        query(engine, &get_names, first, &arena, &a);
        query(copy, &get_names, first, &arena, &b);
        assert_int_equal(a.n_rows, 2);
        assert_values_equal(&a, &b);
        query(engine, &echo, all, &arena, &a);
        query(copy, &echo, all, &arena, &b);
        assert_values_equal(&a, &b);
    }
    arena_close(&arena);
    db_conn_close(copy);
}

/* What changes afterwards isn't in it; what stands in the log is, page by page, also when the
 * database grew, was checkpointed, and shrank. */
static void a_copy_is_of_one_moment(void **state)
{
    static const char big[] = "INSERT INTO item (name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                              "SELECT i + 1 FROM n WHERE i < 2000) SELECT hex(randomblob(500)) "
                              "FROM n";
    static const char sum[] = "SELECT IFNULL(SUM(length(name) * id), 0) FROM item";
    struct db_conn *copy = open_copy();
    int64_t before = engine_integer(engine, sum);

    (void)state;
    for (int i = 0; i < 5; i++) {
        engine_exec(engine, big, NULL);
        assert_int_equal(engine_integer(copy, sum), before);
        db_conn_close(copy);
        copy = open_copy();
        before = engine_integer(engine, sum);
        assert_int_equal(engine_integer(copy, sum), before);
    }
    engine_exec(engine, "DELETE FROM item WHERE id > 2", NULL);
    db_conn_close(copy);
    copy = open_copy();
    assert_int_equal(engine_integer(copy, sum), engine_integer(engine, sum));
    assert_int_equal(engine_integer(copy, "SELECT COUNT(*) FROM item"), 2);
    db_conn_close(copy);
}

static void assert_refused(int rv, const struct error *error, enum error_code code)
{
    if (rv != (int)code || error->code != code) {
        fail_msg("%s: %s", error_name(error->code), error->message);
    }
}

static void a_copy_is_only_read(void **state)
{
    const struct db_context context = engine_deadline(TIMEOUT_MS);
    struct db_conn *copy = open_copy();
    struct error error = ERROR_INIT;
    struct arena arena = {0};
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    assert_refused(db_tx_begin(&tx, copy, DB_WRITE, &context, &error), &error, ERROR_FORBIDDEN);
    assert_int_equal(db_tx_begin(&tx, copy, DB_READ, &context, &error), ERROR_NONE);
    assert_refused(db_exec(&tx, &insert_item, NULL, NULL, &error), &error, ERROR_FORBIDDEN);
    db_tx_rollback(&tx);
    assert_refused(db_conn_exec_sql(copy, &context, "DELETE FROM item", NULL, &error), &error,
                   ERROR_FORBIDDEN);
    assert_refused(db_conn_query_sql(copy, &context, "DELETE FROM item RETURNING id", 9, &arena,
                                     &rows, &error),
                   &error, ERROR_FORBIDDEN);
    assert_refused(
        db_conn_query_sql(copy, &context, "SELECT id FROM item", 1, &arena, &rows, &error), &error,
        ERROR_TOO_LARGE);
    assert_refused(db_conn_query_sql(copy, &context, "SELECT nothing", 1, &arena, &rows, &error),
                   &error, ERROR_INVALID);
    assert_refused(db_conn_query_sql(copy, &context, " ", 1, &arena, &rows, &error), &error,
                   ERROR_INVALID);
    assert_refused(db_conn_leader(copy, &context, &arena, NULL, NULL, &error), &error,
                   ERROR_UNAVAILABLE);
    assert_int_equal(db_tx_begin(&tx, copy, DB_READ, &context, &error), ERROR_NONE);
    assert_refused(db_query(&tx, &wrong_columns, NULL, &arena, &rows, &error), &error,
                   ERROR_INTERNAL);
    db_tx_rollback(&tx);
    assert_false(db_conn_broken(copy));
    assert_int_equal(engine_integer(copy, "SELECT COUNT(*) FROM item"), 2);
    arena_close(&arena);
    db_conn_close(copy);
}

static void *cancel_soon(void *arg)
{
    atomic_store((atomic_bool *)arg, true);
    return NULL;
}

static void deadline_and_cancellation_stop_a_query(void **state)
{
    struct db_conn *copy = open_copy();
    struct error error = ERROR_INIT;
    atomic_bool canceled = false;
    struct arena arena = {0};
    struct db_rows rows;
    struct db_context context = engine_deadline(20);
    pthread_t thread;
    struct db_tx tx;

    (void)state;
    assert_int_equal(db_tx_begin(&tx, copy, DB_READ, &context, &error), ERROR_NONE);
    assert_refused(db_query(&tx, &endless, NULL, &arena, &rows, &error), &error, ERROR_TIMEOUT);
    db_tx_rollback(&tx);
    context = (struct db_context){.deadline_us = CLOCK_NEVER_US, .canceled = &canceled};
    assert_int_equal(db_tx_begin(&tx, copy, DB_READ, &context, &error), ERROR_NONE);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &canceled), 0);
    assert_refused(db_query(&tx, &endless, NULL, &arena, &rows, &error), &error, ERROR_CANCELED);
    db_conn_wake(copy);
    pthread_join(thread, NULL);
    db_tx_rollback(&tx);
    assert_false(db_conn_broken(copy));
    assert_int_equal(engine_integer(copy, "SELECT COUNT(*) FROM item"), 2);
    arena_close(&arena);
    db_conn_close(copy);
}

/* More statements than are kept: each still gives its own answer. */
static void statements_make_room(void **state)
{
    enum { N = DB_STATEMENTS_MAX + 100 };
    static struct db_stmt stmts[N];
    static char texts[N][32];
    struct db_conn *copy = open_copy();
    struct arena arena = {0};
    struct db_rows rows;

    (void)state;
    for (unsigned pass = 0; pass < 2; pass++) {
        for (int i = 0; i < N; i++) {
            snprintf(texts[i], sizeof texts[i], "SELECT %d", i);
            stmts[i] = (struct db_stmt){.name = "n", .sql = texts[i], .n_columns = 1};
            query(copy, &stmts[i], NULL, &arena, &rows);
            assert_int_equal(rows.values[0].integer, i);
        }
    }
    arena_close(&arena);
    db_conn_close(copy);
}

static void dumps_have_limits(void **state)
{
    struct db_dump dump = {.log = NULL};
    struct error error = ERROR_INIT;
    size_t size;

    (void)state;
    assert_refused(dump_of("another", 0, &dump, &error), &error, ERROR_UNAVAILABLE);
    assert_int_equal(dump_of("db", 0, &dump, &error), ERROR_NONE);
    size = dump.image.size + dump.log_size;
    db_dump_close(&dump);
    assert_refused(dump_of("db", size, &dump, &error), &error, ERROR_TOO_LARGE);
    /* What stands around the files is short. */
    assert_int_equal(dump_of("db", size + 64, &dump, &error), ERROR_NONE);
    db_dump_close(&dump);
}

/* A byte that is changed in the log never goes unnoticed. */
static void a_damaged_log_is_refused(void **state)
{
    struct db_dump dump = {.log = NULL};
    struct error error = ERROR_INIT;
    struct db_image image;

    (void)state;
    assert_int_equal(dump_of("db", 0, &dump, &error), ERROR_NONE);
    assert_true(dump.log_size > 0);
    image.size = dump.image.size;
    for (size_t i = 0; i < dump.log_size; i += i < 100 ? 1 : 97) {
        image.data = malloc(image.size);
        assert_non_null(image.data);
        memcpy(image.data, dump.image.data, image.size);
        dump.log[i] = (char)(dump.log[i] ^ 0x10);
        assert_refused(wal_apply(&image, dump.log, dump.log_size, DB_DUMP_SIZE_MAX, &error), &error,
                       ERROR_CORRUPT);
        dump.log[i] = (char)(dump.log[i] ^ 0x10);
        assert_memory_equal(image.data, dump.image.data, image.size);
        assert_int_equal(image.size, dump.image.size);
        free(image.data);
    }
    assert_refused(wal_apply(&dump.image, dump.log, dump.log_size - 1, DB_DUMP_SIZE_MAX, &error),
                   &error, ERROR_CORRUPT);
    assert_refused(wal_apply(&dump.image, dump.log, dump.log_size, 4096, &error), &error,
                   ERROR_TOO_LARGE);
    assert_int_equal(wal_apply(&dump.image, dump.log, dump.log_size, DB_DUMP_SIZE_MAX, &error),
                     ERROR_NONE);
    db_dump_close(&dump);
}

static void damage_is_told(void **state)
{
    static const char *const texts[] = {"", "no database", "SQLite format 3"};
    struct error error = ERROR_INIT;
    struct db_conn *copy = NULL;
    struct arena arena = {0};
    struct db_dump dump;
    struct db_rows rows;
    const struct db_context context = engine_deadline(TIMEOUT_MS);
    int rv;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        dump = (struct db_dump){.image = {strdup(texts[i]), strlen(texts[i])}};
        assert_refused(db_copy_open(&dump, NULL, &copy, &error), &error, ERROR_CORRUPT);
    }
    assert_int_equal(dump_of("db", 0, &dump, &error), ERROR_NONE);
    assert_int_equal(wal_apply(&dump.image, dump.log, dump.log_size, DB_DUMP_SIZE_MAX, &error),
                     ERROR_NONE);
    dump.log_size = 0;
    memset(dump.image.data + 4096, 0x7f, dump.image.size - 4096);
    rv = db_copy_open(&dump, NULL, &copy, &error);
    if (rv == ERROR_NONE) {
        rv = db_conn_query_sql(copy, &context, "SELECT * FROM item", 9, &arena, &rows, &error);
        db_conn_close(copy);
    }
    assert_refused(rv, &error, ERROR_CORRUPT);
    arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_copy_answers_as_the_engine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_is_of_one_moment, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_is_only_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deadline_and_cancellation_stop_a_query, set_up, tear_down),
        cmocka_unit_test_setup_teardown(statements_make_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dumps_have_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_log_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damage_is_told, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("db copy", tests, NULL, NULL);
}
