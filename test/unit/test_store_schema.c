/* Bringing a database to a schema, on the real engine. */
#include "base/clock.h"
#include "store/schema.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/schema_text.h"
#include "test/lib/store_fixture.h"

#include <stdlib.h>
#include <string.h>

static struct db_context deadline(void)
{
    return (struct db_context){.deadline_us = clock_monotonic_us() + 30000000};
}

/* Waits until the node leads, by asking for a write transaction. */
static struct db_conn *connect_to_leader(struct store_fixture *f)
{
    const struct db_conn_options options = {.address = node_address(f->node)};
    const struct db_context context = deadline();
    struct error error = ERROR_INIT;
    struct db_conn *conn = NULL;
    struct db_tx tx;
    int code;

    do {
        db_conn_close(conn);
        assert_int_equal(db_conn_open(&options, &context, &conn, &error), ERROR_NONE);
        code = db_tx_begin(&tx, conn, DB_WRITE, &context, &error);
    } while (code == ERROR_NOT_LEADER);
    assert_int_equal(code, ERROR_NONE);
    db_tx_rollback(&tx);
    return conn;
}

static int64_t integer(struct db_conn *conn, const char *sql)
{
    const struct db_context context = deadline();
    struct error error = ERROR_INIT;
    struct arena arena = {0};
    struct db_rows rows;
    int64_t value;

    if (db_conn_query_sql(conn, &context, sql, 1, &arena, &rows, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(rows.n_rows, 1);
    value = rows.values[0].integer;
    arena_close(&arena);
    return value;
}

/* Fails the test unless it ends with CODE and a message with PIECE in it. */
static void apply(struct db_conn *conn, const struct schema *schema, enum error_code code,
                  const char *piece)
{
    const struct db_context context = deadline();
    struct error error = ERROR_INIT;

    schema_apply(conn, &context, schema, &error);
    if (error.code != code || strstr(error.message, piece) == NULL) {
        fail_msg("%s: %s", error_name(error.code), error.message);
    }
}

#define MAKE_SCHEMA_TABLE                                                                          \
    "CREATE TABLE schema (version INTEGER PRIMARY KEY NOT NULL, updated_at TEXT NOT NULL);"

static const struct schema_update updates[] = {
    {2, "CREATE TABLE b (x INTEGER);\nINSERT INTO b (x) VALUES (2);\n"},
    {3, "-- The last.\nALTER TABLE b ADD COLUMN y INTEGER NOT NULL DEFAULT 3;"},
    {0, NULL},
};
static const struct schema_update broken_updates[] = {
    {2, "CREATE TABLE b (x INTEGER); INSERT INTO b (x) VALUES (2);"},
    {3, "CREATE TABLE c (x INTEGER); INSERT INTO nowhere (x) VALUES (2);"},
    {0, NULL},
};
static const struct schema_update gap[] = {
    {3, "CREATE TABLE c (x INTEGER);"},
    {0, NULL},
};
static const struct schema first = {
    .version = 1, .sql = MAKE_SCHEMA_TABLE "CREATE TABLE a (x INTEGER);", .updates = updates + 2};
static const struct schema third = {.version = 3,
                                    .sql = MAKE_SCHEMA_TABLE
                                    "CREATE TABLE a (x INTEGER);"
                                    "CREATE TABLE b (x INTEGER, y INTEGER NOT NULL DEFAULT 3);",
                                    .updates = updates};

static void statements_are_told_apart(void **state)
{
    static const struct {
        const char *sql;
        const char *statements[4];
    } cases[] = {
        {"", {NULL}},
        {" \n\t;; ; -- nothing; at all", {NULL}},
        {"A", {"A", NULL}},
        {"A;B ;\n C", {"A", "B ", "C", NULL}},
        {"A ';' B; C", {"A ';' B", "C", NULL}},
        {"A 'it''s; so'; \"b;c\";", {"A 'it''s; so'", "\"b;c\"", NULL}},
        {"A -- it's; so\n B; C", {"A -- it's; so\n B", "C", NULL}},
        {"-- before; it's\n A;", {"A", NULL}},
        {"A - 1; B", {"A - 1", "B", NULL}},
        {"A 'open; B", {"A 'open; B", NULL}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *cursor = cases[i].sql;
        const char *start;
        size_t size;

        for (size_t n = 0; cases[i].statements[n] != NULL; n++) {
            size = schema_next_statement(&cursor, &start);
            assert_int_equal(size, strlen(cases[i].statements[n]));
            assert_memory_equal(start, cases[i].statements[n], size);
        }
        assert_int_equal(schema_next_statement(&cursor, &start), 0);
        assert_int_equal(schema_next_statement(&cursor, &start), 0);
    }
}

static void fresh_database_gets_the_whole(void **state)
{
    struct store_fixture *f = *state;
    struct db_conn *conn = connect_to_leader(f);

    for (int round = 0; round < 2; round++) {
        apply(conn, &schema_of_program, ERROR_NONE, "");
        assert_int_equal(integer(conn, "SELECT version FROM schema"), schema_of_program.version);
        assert_int_equal(integer(conn, "SELECT COUNT(*) FROM schema"), 1);
        assert_int_equal(integer(conn, "SELECT COUNT(*) FROM projects"), 1);
        assert_int_equal(integer(conn, "SELECT COUNT(*) FROM projects_config"), 6);
        assert_int_equal(integer(conn, "SELECT revision FROM store_revision"), 0);
    }
    db_conn_close(conn);
}

static void older_database_is_updated(void **state)
{
    struct store_fixture *f = *state;
    struct db_conn *conn = connect_to_leader(f);

    apply(conn, &first, ERROR_NONE, "");
    apply(conn, &third, ERROR_NONE, "");
    assert_int_equal(integer(conn, "SELECT MAX(version) FROM schema"), 3);
    assert_int_equal(integer(conn, "SELECT y FROM b WHERE x = 2"), 3);
    apply(conn, &third, ERROR_NONE, "");
    assert_int_equal(integer(conn, "SELECT COUNT(*) FROM b"), 1);
    db_conn_close(conn);
}

/* For free(). */
static char *describe(struct db_conn *conn)
{
    const struct db_context context = deadline();
    struct error error = ERROR_INIT;
    struct buffer out = {0};
    size_t size;

    for (size_t i = 0; schema_text_queries[i] != NULL; i++) {
        struct arena arena = {0};
        struct db_rows rows;

        if (db_conn_query_sql(conn, &context, schema_text_queries[i], 1000, &arena, &rows,
                              &error) != ERROR_NONE) {
            fail_msg("%s", error.message);
        }
        for (size_t j = 0; j < rows.n_rows; j++) {
            assert_int_equal(rows.values[j].type, DB_TEXT);
            schema_text_append(&out, rows.values[j].bytes.data);
        }
        arena_close(&arena);
    }
    assert_non_null(buffer_string(&out));
    return buffer_detach(&out, &size);
}

/* On an engine of its own: the schema after what BEFORE (unless it is NULL) and then the
 * program's schema were applied, and a record was written between them. */
static char *describe_applied(const struct schema *before)
{
    const struct db_context context = deadline();
    struct error error = ERROR_INIT;
    struct db_conn *conn;
    void *state;
    char *text;

    assert_int_equal(store_fixture_set_up(&state), 0);
    conn = connect_to_leader(state);
    if (before != NULL) {
        apply(conn, before, ERROR_NONE, "");
        assert_int_equal(integer(conn, "SELECT MAX(version) FROM schema"), before->version);
        assert_int_equal(db_conn_exec_sql(conn, &context,
                                          "INSERT INTO projects_config (project_id, key, value) "
                                          "VALUES (1, 'user.a', 'b')",
                                          NULL, &error),
                         ERROR_NONE);
    }
    apply(conn, &schema_of_program, ERROR_NONE, "");
    assert_int_equal(integer(conn, "SELECT MAX(version) FROM schema"), schema_of_program.version);
    assert_int_equal(integer(conn, "SELECT COUNT(*) FROM projects_config WHERE value = 'b'"),
                     before != NULL);
    text = describe(conn);
    db_conn_close(conn);
    assert_int_equal(store_fixture_tear_down(&state), 0);
    return text;
}

/* As a database that has come through all programs since. */
static void released_versions_become_the_present_one(void **state)
{
    static const struct schema_update none = {0, NULL};
    char *present = describe_applied(NULL);
    int64_t version = 1;
    char *sql;

    (void)state;
    assert_non_null(strstr(present, "\ntable networks networks: CREATE TABLE networks("));
    for (; (sql = schema_text_released(SCHEMA_DIR, version)) != NULL; version++) {
        const struct schema released = {.version = version, .sql = sql, .updates = &none};
        char *updated = describe_applied(&released);

        assert_string_equal(updated, present);
        free(updated);
        free(sql);
    }
    assert_in_range(version, 2, schema_of_program.version + 1);
    free(present);
}

static void update_that_fails_leaves_no_trace(void **state)
{
    const struct schema broken = {.version = 3, .sql = third.sql, .updates = broken_updates};
    struct store_fixture *f = *state;
    struct db_conn *conn = connect_to_leader(f);

    apply(conn, &first, ERROR_NONE, "");
    apply(conn, &broken, ERROR_INVALID,
          "Failed updating the schema to version 3: Statement "
          "\"INSERT INTO nowhere");
    assert_int_equal(integer(conn, "SELECT MAX(version) FROM schema"), 1);
    assert_int_equal(integer(conn, "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('b', 'c')"),
                     0);
    apply(conn, &third, ERROR_NONE, "");
    db_conn_close(conn);
}

static void missing_update_is_told(void **state)
{
    const struct schema gappy = {.version = 3, .sql = third.sql, .updates = gap};
    struct store_fixture *f = *state;
    struct db_conn *conn = connect_to_leader(f);

    apply(conn, &first, ERROR_NONE, "");
    apply(conn, &gappy, ERROR_INVALID,
          "has schema version 1, which this program can't update to 3");
    assert_int_equal(integer(conn, "SELECT MAX(version) FROM schema"), 1);
    db_conn_close(conn);
}

static void newer_database_is_refused(void **state)
{
    struct store_fixture *f = *state;
    struct db_conn *conn = connect_to_leader(f);

    apply(conn, &third, ERROR_NONE, "");
    apply(conn, &first, ERROR_INVALID,
          "has schema version 3, and this program knows up to 1: start a newer program");
    assert_int_equal(integer(conn, "SELECT MAX(version) FROM schema"), 3);
    db_conn_close(conn);
}

static void database_without_a_version_is_corrupt(void **state)
{
    const struct db_context context = deadline();
    struct store_fixture *f = *state;
    struct db_conn *conn = connect_to_leader(f);
    struct error error = ERROR_INIT;

    assert_int_equal(db_conn_exec_sql(conn, &context, MAKE_SCHEMA_TABLE, NULL, &error), ERROR_NONE);
    apply(conn, &first, ERROR_CORRUPT, "doesn't say which schema");
    db_conn_close(conn);
}

#define schema_test(TEST)                                                                          \
    cmocka_unit_test_setup_teardown(TEST, store_fixture_set_up, store_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_are_told_apart),
        schema_test(fresh_database_gets_the_whole),
        schema_test(older_database_is_updated),
        cmocka_unit_test(released_versions_become_the_present_one),
        schema_test(update_that_fails_leaves_no_trace),
        schema_test(missing_update_is_told),
        schema_test(newer_database_is_refused),
        schema_test(database_without_a_version_is_corrupt),
    };

    return cmocka_run_group_tests_name("store_schema", tests, NULL, NULL);
}
