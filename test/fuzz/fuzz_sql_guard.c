/* Runs what the guard lets through in SQLite itself, which must see one statement
 * where the guard saw one, rows where it promised rows, and nothing of what the
 * guard refuses. */
#include "lb/sql_guard.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define VALUE_SIZE_MAX 10000
#define STEPS_MAX      20   /* Rows that are read of one statement. */
#define WORK_MAX       5000 /* Operations of SQLite's machine for one statement. */

#define CHECK(CONDITION)                                                                           \
    do {                                                                                           \
        if (!(CONDITION)) {                                                                        \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #CONDITION);          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* SQLite tells here what it is about to do. */
static int authorize(void *unused, int action, const char *first, const char *second,
                     const char *database, const char *trigger)
{
    (void)unused;
    (void)database;
    (void)trigger;
    switch (action) {
    case SQLITE_PRAGMA:
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_CREATE_TEMP_INDEX:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_CREATE_TEMP_VIEW:
        fprintf(stderr, "action %d on %s\n", action, first == NULL ? "" : first);
        abort();
    case SQLITE_FUNCTION:
        CHECK(second == NULL || strcasecmp(second, "load_extension") != 0);
        break;
    default:
        break;
    }
    return SQLITE_OK;
}

static int stop(void *unused)
{
    (void)unused;
    return 1;
}

static void run(sqlite3 *db, const struct sql_statement *statement)
{
    const char *tail;
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(db, statement->text, -1, &stmt, &tail) != SQLITE_OK) {
        return; /* The guard isn't there to find what SQLite doesn't understand. */
    }
    CHECK(stmt != NULL);
    CHECK(*tail == '\0');
    CHECK(statement->returns_rows == (sqlite3_column_count(stmt) > 0));
    for (int i = 0; i < STEPS_MAX && sqlite3_step(stmt) == SQLITE_ROW; i++) {
    }
    sqlite3_finalize(stmt);
}

/* No column that exists now may have a type that ends the engine. */
static void check_types(sqlite3 *db)
{
    static const char *const fatal[] = {"BOOLEAN", "DATETIME", "DATE", "TIMESTAMP"};
    sqlite3_stmt *stmt;

    CHECK(sqlite3_prepare_v2(db,
                             "SELECT c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c "
                             "WHERE m.type = 'table'",
                             -1, &stmt, NULL) == SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *type = (const char *)sqlite3_column_text(stmt, 0);

        for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) {
            CHECK(type == NULL || strcasecmp(type, fatal[i]) != 0);
        }
    }
    sqlite3_finalize(stmt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = ERROR_INIT;
    struct sql_script script;
    struct arena arena = {0};
    char *text = arena_memdup(&arena, data, size);
    sqlite3 *db;

    CHECK(text != NULL);
    if (sql_guard(text, &arena, &script, &error) != ERROR_NONE) {
        CHECK(error.code == ERROR_INVALID && error.message[0] != '\0');
        goto out;
    }
    CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, "CREATE TABLE t (a, b); CREATE TABLE u (a)", NULL, NULL, NULL) ==
          SQLITE_OK);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_SIZE_MAX);
    sqlite3_set_authorizer(db, authorize, NULL);
    sqlite3_progress_handler(db, WORK_MAX, stop, NULL);
    for (size_t i = 0; i < script.n_statements; i++) {
        run(db, &script.statements[i]);
    }
    sqlite3_set_authorizer(db, NULL, NULL);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    check_types(db);
    sqlite3_close(db);

out:
    arena_close(&arena);
    return 0;
}
