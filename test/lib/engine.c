#include "test/lib/engine.h"

#include "node/node.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/temp_dir.h"

#include <stdarg.h>
#include <stddef.h>

/* A test that lasts longer has failed. */
#define PATIENCE_MS 120000

static struct node *node;
static char *dir;

struct db_context engine_deadline(unsigned ms)
{
    return (struct db_context){.deadline_us = clock_monotonic_us() + (uint64_t)ms * 1000};
}

static void wait_for_leader(void)
{
    const struct db_context context = engine_deadline(PATIENCE_MS);
    struct db_conn *conn = engine_connect(NULL);
    struct error error = ERROR_INIT;
    uint64_t id = 0;
    int rv;

    do {
        rv = db_conn_leader(conn, &context, NULL, &id, NULL, &error);
    } while (rv == ERROR_UNAVAILABLE);
    if (rv != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(id, node_id(node));
    db_conn_close(conn);
}

void engine_start(void)
{
    struct node_options options = {.latency_ms = NODE_LATENCY_MS_MIN};
    struct error error = ERROR_INIT;

    assert_null(node);
    dir = temp_dir_new();
    options.state_dir = dir;
    if (node_start(&options, &node, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    wait_for_leader();
}

void engine_stop(void)
{
    if (node != NULL) {
        node_stop(node, PATIENCE_MS);
        node = NULL;
    }
    temp_dir_remove(dir);
    dir = NULL;
}

const char *engine_address(void)
{
    return node_address(node);
}

struct db_conn *engine_connect(struct db_observer *observer)
{
    const struct db_context context = engine_deadline(PATIENCE_MS);
    const struct db_conn_options options = {.address = engine_address(), .observer = observer};
    struct db_conn *conn;
    struct error error = ERROR_INIT;

    if (db_conn_open(&options, &context, &conn, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    return conn;
}

void engine_exec(struct db_conn *conn, const char *sql, ...)
{
    const struct db_context context = engine_deadline(PATIENCE_MS);
    struct error error = ERROR_INIT;
    va_list list;

    va_start(list, sql);
    for (; sql != NULL; sql = va_arg(list, const char *)) {
        if (db_conn_exec_sql(conn, &context, sql, NULL, &error) != ERROR_NONE) {
            fail_msg("%s: %s", sql, error.message);
        }
    }
    va_end(list);
}

int64_t engine_integer(struct db_conn *conn, const char *sql)
{
    const struct db_context context = engine_deadline(PATIENCE_MS);
    struct error error = ERROR_INIT;
    struct arena arena = {0};
    struct db_rows rows;
    int64_t result;

    if (db_conn_query_sql(conn, &context, sql, 1, &arena, &rows, &error) != ERROR_NONE) {
        fail_msg("%s: %s", sql, error.message);
    }
    assert_int_equal(rows.n_rows, 1);
    assert_int_equal(rows.n_columns, 1);
    assert_int_equal(rows.values[0].type, DB_INTEGER);
    result = rows.values[0].integer;
    arena_close(&arena);
    return result;
}
