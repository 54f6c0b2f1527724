/* GET /internal/sql: a dump that SQLite loads is the database, value by value. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/http_client.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DUMP "/internal/sql?database=global"

/* Values that a dump can spoil, in columns that let them be what they are. */
static const char *const hard[] = {
    "CREATE TABLE hard (id INTEGER PRIMARY KEY AUTOINCREMENT, v)",
    "INSERT INTO hard (v) VALUES (NULL), (0), (9223372036854775807), (-9223372036854775807 - 1),"
    " (0.1), (2.0), (-1.5e300), (5e-324), (9e999), (-9e999), (123456789012345678.0),"
    " (''), ('a'), ('it''s'), ('\"'), ('\\n'), ('\\'), ('12'), ('1.5'), ('NULL'), ('a;b --c /*')",
    "INSERT INTO hard (v) VALUES (char(10)), ('a' || char(10) || '.quit' || char(10) || 'go'),"
    " ('\\n' || char(10)), ('\\r' || char(13, 10) || '\\n'), (char(13)), (char(9)), (char(0)),"
    " ('a' || char(0) || 'b'), (char(1, 127)), (char(8232, 128640, 65279)),"
    " (CAST(X'FF41C3' AS TEXT)), (X''), (X'00FF'), (X'61')",
    "CREATE TABLE \"odd \"\"name\" (\"a b\" TEXT, \"select\" INTEGER, c AS (\"select\" + 1))",
    "INSERT INTO \"odd \"\"name\" VALUES ('x', 1), (X'41', 'text'), (NULL, 1.5)",
    "CREATE TABLE no_rowid (a TEXT PRIMARY KEY, b) WITHOUT ROWID",
    "INSERT INTO no_rowid VALUES ('b', 1), ('a', 2)",
    "CREATE TABLE empty (a)",
    "CREATE TRIGGER twice AFTER INSERT ON no_rowid BEGIN DELETE FROM no_rowid; END",
    "CREATE VIEW shown AS SELECT v FROM hard -- all\n",
    "CREATE INDEX hard_v ON hard (v) WHERE v > 'a;'",
    "DELETE FROM hard WHERE id = 2",
};

static json_t *sql(const char *query)
{
    json_t *body = json_pack("{s:s, s:s}", "database", "global", "query", query);
    char *text = json_dumps(body, 0);
    struct http_answer answer = {0};
    json_t *root;
    json_t *results;

    assert_non_null(text);
    assert_int_equal(http_call(world_daemon.socket, "POST", "/internal/sql", text, &answer),
                     HTTP_ANSWERED);
    root = json_loads(answer.body, 0, NULL);
    assert_non_null(root);
    if (answer.status != 200) {
        fail_msg("%s: %s", query, answer.body);
    }
    results = json_incref(json_object_get(json_object_get(root, "metadata"), "Results"));
    json_decref(root);
    http_answer_close(&answer);
    free(text);
    json_decref(body);
    return results;
}

static char *dump(const char *path)
{
    json_t *metadata = world_get(world_daemon.socket, path);
    char *text = strdup(json_string_value(json_object_get(metadata, "text")));

    assert_non_null(text);
    json_decref(metadata);
    return text;
}

static sqlite3 *load(const char *text)
{
    sqlite3 *db;
    char *message = NULL;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s", message);
    }
    return db;
}

/* The first column of all rows of QUERY, a line each. */
static char *local_rows(sqlite3 *db, const char *query)
{
    sqlite3_stmt *stmt;
    char *rows = strdup("");

    if (sqlite3_prepare_v2(db, query, -1, &stmt, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", query, sqlite3_errmsg(db));
    }
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        char *longer;

        assert_true(asprintf(&longer, "%s%s\n", rows, sqlite3_column_text(stmt, 0)) >= 0);
        free(rows);
        rows = longer;
    }
    sqlite3_finalize(stmt);
    return rows;
}

static char *daemon_rows(const char *query)
{
    json_t *results = sql(query);
    json_t *rows = json_object_get(json_array_get(results, 0), "rows");
    char *text = strdup("");
    json_t *row;
    size_t i;

    json_array_foreach(rows, i, row)
    {
        char *longer;

        assert_true(asprintf(&longer, "%s%s\n", text, json_string_value(json_array_get(row, 0))) >=
                    0);
        free(text);
        text = longer;
    }
    json_decref(results);
    return text;
}

/* The answer to QUERY is the same in both; returns it. */
static char *assert_same(sqlite3 *db, const char *query)
{
    char *expected = daemon_rows(query);
    char *received = local_rows(db, query);

    assert_string_equal(received, expected);
    free(expected);
    return received;
}

/* Each value of TABLE with its type: texts byte by byte, the others as the
 * shortest literal that is exact. */
static void assert_same_table(sqlite3 *db, const char *table)
{
    char *columns_query =
        sqlite3_mprintf("SELECT name FROM pragma_table_xinfo(%Q) ORDER BY cid", table);
    char *columns = local_rows(db, columns_query);
    char *row = sqlite3_mprintf("''");
    char *query;

    for (char *name = strtok(columns, "\n"); name != NULL; name = strtok(NULL, "\n")) {
        char *longer = sqlite3_mprintf(
            "%s || typeof(\"%w\") || CASE typeof(\"%w\") WHEN 'text' THEN hex(CAST(\"%w\" AS BLOB))"
            " ELSE quote(\"%w\") END || ','",
            row, name, name, name, name);

        sqlite3_free(row);
        row = longer;
    }
    query = sqlite3_mprintf("SELECT %s FROM \"%w\"", row, table);
    free(assert_same(db, query));
    sqlite3_free(query);
    sqlite3_free(row);
    sqlite3_free(columns_query);
    free(columns);
}

static size_t assert_same_database(sqlite3 *db)
{
    static const char objects[] = "SELECT type || ' ' || name || ' ' || tbl_name FROM sqlite_master"
                                  " ORDER BY type, name";
    static const char tables_query[] =
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    char *rest = NULL;
    char *tables;
    size_t n = 0;

    free(assert_same(db, objects));
    tables = assert_same(db, tables_query);
    for (char *name = strtok_r(tables, "\n", &rest); name != NULL;
         name = strtok_r(NULL, "\n", &rest)) {
        assert_same_table(db, name);
        n++;
    }
    free(tables);
    return n;
}

static void a_loaded_dump_is_the_database(void **state)
{
    char *text;
    char *check;
    sqlite3 *db;

    (void)state;
    world_make(world_daemon.socket);
    assert_int_equal(world_status(world_daemon.socket, "POST", "/1.0/networks/ovn0/load-balancers",
                                  "{\"listen_address\": \"198.18.0.1\","
                                  " \"description\": \"a\\r\\nb\\\\n '\\\"\"}"),
                     201);
    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) {
        json_decref(sql(hard[i]));
    }
    text = dump(DUMP);
    db = load(text);
    assert_true(assert_same_database(db) >= 15);
    check = local_rows(db, "PRAGMA integrity_check");
    assert_string_equal(check, "ok\n");
    free(check);
    check = local_rows(db, "SELECT count(*) FROM hard");
    assert_string_equal(check, "34\n");
    free(check);
    sqlite3_close(db);
    free(text);
}

static void schema_and_names_have_no_rows(void **state)
{
    char *schema = dump(DUMP "&dump=1");
    char *old_schema = dump(DUMP "&schema=1");
    char *names = dump(DUMP "&dump=2");
    sqlite3 *db = load(schema);
    char *expected = local_rows(db, "SELECT name FROM sqlite_master"
                                    " WHERE name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY rowid");

    (void)state;
    assert_string_equal(schema, old_schema);
    assert_null(strstr(schema, "INSERT"));
    assert_string_equal(names, expected);
    assert_non_null(strstr(names, "networks_load_balancers\n"));
    free(expected);
    sqlite3_close(db);
    free(names);
    free(old_schema);
    free(schema);
}

static void assert_refused(const char *path, int status, const char *message)
{
    char *error = world_error(world_daemon.socket, "GET", path, NULL, status);

    assert_string_equal(error, message);
    free(error);
}

static void wrong_dumps_are_refused(void **state)
{
    (void)state;
    assert_refused("/internal/sql", 400, "Invalid database");
    assert_refused("/internal/sql?database=local", 400, "Invalid database");
    assert_refused(DUMP "&dump=3", 400, "dump must be 0 (all), 1 (the schema) or 2 (the names)");
    assert_refused(DUMP "&dump=-1", 400, "dump must be 0 (all), 1 (the schema) or 2 (the names)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_loaded_dump_is_the_database, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(schema_and_names_have_no_rows, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(wrong_dumps_are_refused, world_set_up, world_tear_down),
    };

    return cmocka_run_group_tests_name("dump", tests, NULL, NULL);
}
