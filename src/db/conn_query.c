#include "db/conn_internal.h"
#include "db/copy_internal.h"
#include "db/row_set.h"
#include "db/wire.h"

#include <string.h>

static const char QUERY_SQL_NAME[] = "sql.query";

/* Has the engine stop the query whose rows come in, so that the connection can
 * be used on; it is broken with WHY if that takes too long. */
static void stop_query(struct db_conn *conn, const struct error *why)
{
    const struct db_context brief = {.deadline_us = clock_monotonic_us() + CONN_GRACE_US};
    struct wire_message message = {.type = WIRE_ROWS};
    struct error error;
    int rv;

    wire_encode_interrupt(&conn->channel.out);
    rv = channel_send(&conn->channel, &brief, &error);
    /* An engine that reads no requests while it sends rows sends them all first. */
    while (rv == ERROR_NONE && (message.type == WIRE_ROWS || message.type == WIRE_FAILURE)) {
        rv = channel_receive(&conn->channel, &brief, &message, &error);
        if (rv == ERROR_NONE) {
            rv = db_context_check(&brief, &error);
        }
    }
    if (rv == ERROR_NONE) {
        rv = wire_decode_empty(&message, &error);
    }
    if (rv != ERROR_NONE) {
        conn_break(conn, why);
    }
}

/* Receives all rows of the query WHAT. After a failure the query has ended: it
 * was stopped (*ret_stopped is set), or the connection is broken. */
static int receive_rows(struct db_conn *conn, const struct db_context *context, const char *what,
                        struct row_set *set, bool *ret_stopped, struct conn_report *ret_report,
                        struct error *error)
{
    struct wire_message message;
    bool done = false;
    int rv;

    *ret_stopped = false;
    while (!done) {
        rv = db_context_check(context, error);
        if (rv == ERROR_NONE) {
            rv = channel_receive(&conn->channel, context, &message, error);
        }
        if (rv == ERROR_NONE && message.type == WIRE_FAILURE) {
            return conn_take_failure(conn, &message, what, ret_report, error);
        }
        if (rv == ERROR_NONE) {
            rv = row_set_add(set, &message, &done, error);
        }
        if (rv == ERROR_NONE) {
            continue;
        }
        error_prefix(error, "%s: ", what);
        if (conn_must_break(rv)) {
            conn_break(conn, error);
        } else {
            stop_query(conn, error);
            *ret_stopped = true;
        }
        return rv;
    }
    return ERROR_NONE;
}

/* Receives the rows of STMT and checks that they are what it promises. */
static int receive_stmt_rows(struct db_conn *conn, const struct db_context *context,
                             const struct db_stmt *stmt, uint32_t id, struct arena *arena,
                             struct db_rows *ret_rows, struct conn_report *ret_report,
                             struct error *error)
{
    struct row_set set;
    bool stopped;
    int rv;

    row_set_init(&set, arena, SIZE_MAX);
    rv = receive_rows(conn, context, stmt->name, &set, &stopped, ret_report, error);
    if (stopped && !conn->broken) {
        /* It may stand in the middle of its rows and keep the snapshot alive. */
        stmt_cache_remove(&conn->statements, stmt);
        conn_finalize(conn, id);
    }
    if (rv == ERROR_NONE && set.n_columns != stmt->n_columns) {
        rv = error_set(error, ERROR_INTERNAL, "%s: the result has %zu columns, not %u", stmt->name,
                       set.n_columns, stmt->n_columns);
    }
    if (rv == ERROR_NONE) {
        rv = row_set_finish(&set, ret_rows, error);
    }
    row_set_close(&set);
    return rv;
}

int conn_query(struct db_conn *conn, const struct db_context *context, const struct db_stmt *stmt,
               const struct db_value *params, unsigned savepoint, struct arena *arena,
               struct db_rows *ret_rows, struct conn_report *ret_report, struct error *error)
{
    uint64_t start_us = clock_monotonic_us();
    struct conn_report own = {.savepoint = savepoint};
    struct error own_error = ERROR_INIT;
    struct db_rows rows = {.n_rows = 0};
    uint32_t id;
    int rv_own = ERROR_NONE;
    int rv;

    *ret_report = own;
    if (conn->copy != NULL) {
        return copy_query(conn, context, stmt, params, arena, ret_rows, error);
    }
    rv = conn_send_stmt(conn, context, stmt, params, true, &id, ret_report, error);
    if (rv == ERROR_NONE) {
        /* The writes that were sent before are answered first. If one of them
         * failed, the rows are of no interest, but they come nevertheless. */
        rv = conn_collect(conn, context, ret_report, error);
        if (!conn->broken) {
            rv_own = receive_stmt_rows(conn, context, stmt, id, arena, &rows, &own, &own_error);
        }
    }
    if (rv == ERROR_NONE && rv_own != ERROR_NONE) {
        rv = rv_own;
        *ret_report = own;
        *error = own_error;
    }
    conn_observe(conn, stmt->name, rv, rows.n_rows, start_us);
    if (rv == ERROR_NONE) {
        *ret_rows = rows;
    }
    return rv;
}

int db_conn_query_sql(struct db_conn *conn, const struct db_context *context, const char *sql,
                      size_t max_rows, struct arena *arena, struct db_rows *ret_rows,
                      struct error *error)
{
    uint64_t start_us = clock_monotonic_us();
    struct conn_report went;
    struct row_set set;
    bool stopped;
    int rv;

    rv = conn_check_idle(conn, context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (conn->copy != NULL) {
        return copy_query_sql(conn, context, QUERY_SQL_NAME, sql, max_rows, arena, ret_rows, error);
    }
    row_set_init(&set, arena, max_rows);
    rv = conn_send_sql(conn, context, wire_encode_query_sql, sql, error);
    if (rv == ERROR_NONE) {
        rv = receive_rows(conn, context, QUERY_SQL_NAME, &set, &stopped, &went, error);
    }
    if (rv == ERROR_NONE) {
        rv = row_set_finish(&set, ret_rows, error);
    }
    conn_observe(conn, QUERY_SQL_NAME, rv, rv == ERROR_NONE ? ret_rows->n_rows : 0, start_us);
    row_set_close(&set);
    return rv;
}
