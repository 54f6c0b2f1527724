/* A store that is opened, as a daemon does at its start, on a database of the released version:
 * this program's schema is the next one. */
#include "base/clock.h"
#include "store/schema.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/schema_text.h"
#include "test/lib/store_fixture.h"

#include <stdlib.h>

static const struct schema_update updates[] = {
    {2, "ALTER TABLE networks ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue';\n"
        "-- It has what was there before; of that it speaks.\n"
        "CREATE TABLE colours (name TEXT PRIMARY KEY NOT NULL);\n"
        "INSERT INTO colours (name) SELECT value FROM config WHERE key = 'user.colour';\n"},
    {0, NULL},
};

/* Takes the place of the one that the build makes. The whole is for fresh databases only. */
const struct schema schema_of_program = {
    .version = 2, .sql = "CREATE TABLE fresh (x INTEGER);", .updates = updates};

/* The database that a program of the released version leaves. */
static void make_released(struct store_fixture *f)
{
    static const struct schema_update none = {0, NULL};
    const struct db_context context = {.deadline_us = clock_monotonic_us() + 30000000};
    const struct db_conn_options options = {.address = node_address(f->node)};
    char *sql = schema_text_released(SCHEMA_DIR, 1);
    const struct schema released = {.version = 1, .sql = sql, .updates = &none};
    struct error error = ERROR_INIT;
    struct db_conn *conn;
    int code;

    assert_non_null(sql);
    do { /* Until the node leads. */
        error_clear(&error);
        assert_int_equal(db_conn_open(&options, &context, &conn, &error), ERROR_NONE);
        code = schema_apply(conn, &context, &released, &error);
        if (code == ERROR_NONE) {
            assert_int_equal(
                db_conn_exec_sql(conn, &context,
                                 "INSERT INTO config (key, value) VALUES ('user.colour', 'red')",
                                 NULL, &error),
                ERROR_NONE);
        }
        db_conn_close(conn);
    } while (code == ERROR_NOT_LEADER);
    assert_int_equal(code, ERROR_NONE);
    free(sql);
}

static void released_database_is_updated_when_the_store_opens(void **state)
{
    struct store_fixture *f = *state;
    struct task task;

    make_released(f);
    /* The second time there is nothing left to do. */
    for (int round = 0; round < 2; round++) {
        store_fixture_open(f);
        assert_int_equal(store_fixture_integer(f, "SELECT MAX(version) FROM schema"), 2);
        assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM schema"), 2);
        assert_int_equal(
            store_fixture_integer(f, "SELECT COUNT(*) FROM colours WHERE name = 'red'"), 1);
        assert_int_equal(store_fixture_integer(f,
                                               "SELECT COUNT(*) FROM pragma_table_info('networks') "
                                               "WHERE name = 'colour'"),
                         1);
        assert_int_equal(
            store_fixture_integer(f, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'fresh'"), 0);
        store_fixture_close(f, 0);
    }
    store_fixture_open(f);
    task_init(&task, f, STORE_READ, task_read);
    task.key = "user.colour";
    task_perform(&task, ERROR_NONE);
    assert_string_equal(task.value, "red");
    task_close(&task);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(released_database_is_updated_when_the_store_opens,
                                        store_fixture_set_up, store_fixture_tear_down),
    };

    return cmocka_run_group_tests_name("store_update", tests, NULL, NULL);
}
