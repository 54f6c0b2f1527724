/* The files of src/schema in SQLite: each released schema, with the updates since, is what
 * schema.sql makes, row by row. */
#include "store/schema.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/schema_text.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sqlite3_errmsg(db), sql);
    }
}

static sqlite3 *open_with(const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    run(db, sql);
    return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sqlite3_errmsg(db), sql);
    }
    return stmt;
}

static void append_rows(struct buffer *out, sqlite3 *db, const char *table)
{
    char *sql = sqlite3_mprintf("SELECT * FROM \"%w\" ORDER BY 1", table);
    sqlite3_stmt *stmt = prepare(db, sql);

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        buffer_printf(out, "row %s", table);
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const unsigned char *text = sqlite3_column_text(stmt, i);

            buffer_printf(out, "|%s", text != NULL ? (const char *)text : "NULL");
        }
        buffer_append_char(out, '\n');
    }
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    sqlite3_free(sql);
}

/* Closes DB and describes it: schema, then rows. For free(). */
static char *describe(sqlite3 *db)
{
    struct buffer out = {0};
    sqlite3_stmt *stmt;
    size_t size;

    for (size_t i = 0; schema_text_queries[i] != NULL; i++) {
        stmt = prepare(db, schema_text_queries[i]);
        while (sqlite3_step(stmt) == SQLITE_ROW) {
            schema_text_append(&out, (const char *)sqlite3_column_text(stmt, 0));
        }
        assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    }
    stmt = prepare(db, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        append_rows(&out, db, (const char *)sqlite3_column_text(stmt, 0));
    }
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_non_null(buffer_string(&out));
    return buffer_detach(&out, &size);
}

static void descriptions_differ_where_schemas_do(void **state)
{
    static const struct {
        const char *a;
        const char *b;
        bool same;
    } cases[] = {
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT);",
         "-- It's a comment.\nCREATE TABLE t(\n  a TEXT, -- and another\n  b TEXT , c TEXT\n);",
         true},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT);", "CREATE TABLE t (a TEXT, b TEXT, d TEXT);",
         false},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT);", "CREATE TABLE t (a TEXT, c TEXT, b TEXT);",
         false},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT);", "CREATE TABLE t (a TEXT, b TEXT, c INTEGER);",
         false},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT);",
         "CREATE TABLE t (a TEXT, b TEXT, c TEXT NOT NULL);", false},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT DEFAULT 'x y');",
         "CREATE TABLE t (a TEXT, b TEXT, c TEXT DEFAULT 'x  y');", false},
        {"CREATE TABLE t (a TEXT, b TEXT, c INTEGER CHECK (c > 1));",
         "CREATE TABLE t (a TEXT, b TEXT, c INTEGER CHECK (c > 2));", false},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT, UNIQUE (a));",
         "CREATE TABLE t (a TEXT, b TEXT, c TEXT);", false},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT); CREATE INDEX i ON t (a);",
         "CREATE TABLE t (a TEXT, b TEXT, c TEXT); CREATE INDEX i ON t (b);", false},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT); CREATE INDEX i ON t (a);",
         "CREATE TABLE t (a TEXT, b TEXT, c TEXT); CREATE UNIQUE INDEX i ON t (a);", false},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT);",
         "CREATE TABLE t (a TEXT, b TEXT, c TEXT); CREATE TRIGGER r AFTER INSERT ON t BEGIN "
         "DELETE FROM t; END;",
         false},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT);",
         "CREATE TABLE t (a TEXT, b TEXT, c TEXT); CREATE VIEW v AS SELECT a FROM t;", false},
        {"CREATE TABLE t (a TEXT, b TEXT REFERENCES t (a) ON DELETE CASCADE, c TEXT);",
         "CREATE TABLE t (a TEXT, b TEXT REFERENCES t (a), c TEXT);", false},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT); INSERT INTO t VALUES (1, 2, NULL);",
         "CREATE TABLE t (a TEXT, b TEXT, c TEXT); INSERT INTO t VALUES (1, 2, 3);", false},
        /* What updates write. */
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT NOT NULL DEFAULT 'x', UNIQUE (a, b));",
         "CREATE TABLE t (a TEXT, b TEXT, UNIQUE (a, b));"
         "ALTER TABLE t ADD COLUMN c TEXT NOT NULL DEFAULT 'x';",
         true},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT);",
         "CREATE TABLE old (a TEXT, b TEXT, c TEXT); ALTER TABLE old RENAME TO t;", true},
        {"CREATE TABLE t (a TEXT, b TEXT, c TEXT);",
         "CREATE TABLE t (a TEXT, b TEXT, c TEXT); CREATE INDEX i ON t (a); DROP INDEX i;", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *a = describe(open_with(cases[i].a));
        char *b = describe(open_with(cases[i].b));

        if ((strcmp(a, b) == 0) != cases[i].same) {
            fail_msg("%s:\n%s\n%s:\n%s", cases[i].a, a, cases[i].b, b);
        }
        free(a);
        free(b);
    }
}

static void released_schema_with_its_updates_is_the_present_one(void **state)
{
    char *present = describe(open_with(schema_of_program.sql));
    int64_t version = 1;
    char *sql;

    (void)state;
    assert_non_null(strstr(present, "\ntable networks networks: CREATE TABLE networks("));
    assert_non_null(strstr(present, "\nrow projects|1|default|"));
    for (; (sql = schema_text_released(SCHEMA_DIR, version)) != NULL; version++) {
        sqlite3 *db = open_with(sql);
        char *updated;

        for (const struct schema_update *u = schema_of_program.updates; u->sql != NULL; u++) {
            if (u->version > version) {
                run(db, u->sql);
            }
        }
        updated = describe(db);
        assert_string_equal(updated, present);
        free(updated);
        free(sql);
    }
    assert_in_range(version, 2, schema_of_program.version + 1);
    free(present);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptions_differ_where_schemas_do),
        cmocka_unit_test(released_schema_with_its_updates_is_the_present_one),
    };

    return cmocka_run_group_tests_name("schema_updates", tests, NULL, NULL);
}
