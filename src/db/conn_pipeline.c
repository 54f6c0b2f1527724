#include "db/conn_internal.h"
#include "db/copy_internal.h"
#include "db/wire.h"

#include <assert.h>

static void push_pending(struct db_conn *conn, enum pending_kind kind, const struct db_stmt *stmt,
                         unsigned savepoint)
{
    unsigned i = (conn->first_pending + conn->n_pending) % DB_PIPELINE_MAX;

    assert(conn->n_pending < DB_PIPELINE_MAX);
    conn->pendings[i] = (struct pending){
        .kind = kind,
        .stmt = stmt,
        .sent_us = clock_monotonic_us(),
        .savepoint = savepoint,
    };
    conn->n_pending++;
}

/* Reads the answer to a FINALIZE. That it failed says nothing about any other
 * request, and the engine's end will show in the next answer. */
static int collect_finalize(struct db_conn *conn, struct conn_wait *wait, struct error *error)
{
    struct wire_message message;
    int rv;

    rv = conn_await(conn, wait, &message, error);
    if (rv == ERROR_NONE && message.type != WIRE_FAILURE) {
        rv = wire_decode_empty(&message, error);
    }
    return conn_check_decoded(conn, rv, "finalize", error);
}

/* Reads the answer to what PENDING stands for. */
static int collect_stmt(struct db_conn *conn, struct conn_wait *wait, const struct pending *pending,
                        struct conn_report *ret_report, struct error *error)
{
    const char *what = pending->stmt->name;
    struct wire_message message;
    uint64_t rows = 0;
    int rv;

    rv = conn_receive_next(conn, wait, what, &message, ret_report, error);
    if (rv == ERROR_NONE) {
        rv = conn_decode_result(conn, &message, what, &ret_report->result, error);
    }
    if (rv == ERROR_NONE && pending->kind == PENDING_WRITE) {
        rows = ret_report->result.rows_affected;
    }
    conn_observe(conn, what, rv, rows, pending->sent_us);
    return rv;
}

/* Reads the answer to the oldest request. */
static int collect_one(struct db_conn *conn, struct conn_wait *wait, struct conn_report *ret_report,
                       struct error *error)
{
    const struct pending pending = conn->pendings[conn->first_pending];
    int rv;

    conn->first_pending = (conn->first_pending + 1) % DB_PIPELINE_MAX;
    conn->n_pending--;
    if (pending.kind == PENDING_FINALIZE) {
        return collect_finalize(conn, wait, error);
    }
    rv = collect_stmt(conn, wait, &pending, ret_report, error);
    if (rv != ERROR_NONE) {
        ret_report->savepoint = pending.savepoint;
    }
    return rv;
}

int conn_collect(struct db_conn *conn, const struct db_context *context,
                 struct conn_report *ret_report, struct error *error)
{
    struct conn_wait wait = {.context = context};
    struct conn_report later;
    struct error ignored;
    int first = ERROR_NONE;

    if (conn->channel.out.size > 0 && !conn->broken) {
        first = conn_send(conn, context, error);
    }
    while (conn->n_pending > 0) {
        if (first == ERROR_NONE) {
            first = collect_one(conn, &wait, ret_report, error);
        } else {
            (void)collect_one(conn, &wait, &later, &ignored);
        }
    }
    return first;
}

void conn_finalize(struct db_conn *conn, uint32_t stmt_id)
{
    wire_encode_finalize(&conn->channel.out, stmt_id);
    push_pending(conn, PENDING_FINALIZE, NULL, 0);
}

/* Looks up the engine's number of STMT. Has it prepared if there is none: that
 * takes a round trip, and the answers that are outstanding come before it. */
static int prepare(struct db_conn *conn, const struct db_context *context,
                   const struct db_stmt *stmt, uint32_t *ret_id, struct conn_report *ret_report,
                   struct error *error)
{
    size_t start;
    struct wire_message message;
    struct wire_stmt prepared;
    uint32_t evicted_id;
    int rv;

    if (stmt_cache_find(&conn->statements, stmt, ret_id)) {
        return ERROR_NONE;
    }
    rv = conn_collect(conn, context, ret_report, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    start = conn->channel.out.size;
    wire_encode_prepare(&conn->channel.out, stmt->sql);
    rv = conn_check_size(conn, start, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = conn_send(conn, context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = conn_receive(conn, context, stmt->name, &message, ret_report, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = conn_check_decoded(conn, wire_decode_stmt(&message, &prepared, error), stmt->name, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (prepared.n_params != stmt->n_params) {
        conn_finalize(conn, prepared.id);
        return error_set(error, ERROR_INTERNAL, "%s: the statement has %llu parameters, not %u",
                         stmt->name, (unsigned long long)prepared.n_params, stmt->n_params);
    }
    if (stmt_cache_insert(&conn->statements, stmt, prepared.id, &evicted_id)) {
        conn_finalize(conn, evicted_id);
    }
    *ret_id = prepared.id;
    return ERROR_NONE;
}

int conn_send_stmt(struct db_conn *conn, const struct db_context *context,
                   const struct db_stmt *stmt, const struct db_value *params, bool query,
                   uint32_t *ret_id, struct conn_report *ret_report, struct error *error)
{
    struct buffer *out = &conn->channel.out;
    size_t start;
    int rv;

    rv = conn_check_usable(conn, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (conn->n_pending == DB_PIPELINE_MAX) {
        rv = conn_collect(conn, context, ret_report, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    rv = prepare(conn, context, stmt, ret_id, ret_report, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    start = out->size;
    rv =
        (query ? wire_encode_query : wire_encode_exec)(out, *ret_id, params, stmt->n_params, error);
    if (rv == ERROR_NONE) {
        rv = conn_check_size(conn, start, error);
    }
    if (rv != ERROR_NONE) {
        return error_prefix(error, "%s: ", stmt->name);
    }
    return conn_send(conn, context, error);
}

int conn_submit(struct db_conn *conn, const struct db_context *context, enum pending_kind kind,
                const struct db_stmt *stmt, const struct db_value *params, unsigned savepoint,
                struct conn_report *ret_report, struct error *error)
{
    uint64_t start_us = clock_monotonic_us();
    uint32_t id;
    int rv;

    *ret_report = (struct conn_report){.savepoint = savepoint};
    if (conn->copy != NULL) {
        return copy_submit(conn, context, stmt, params, error);
    }
    rv = conn_send_stmt(conn, context, stmt, params, false, &id, ret_report, error);
    if (rv != ERROR_NONE) {
        conn_observe(conn, stmt->name, rv, 0, start_us);
        return rv;
    }
    push_pending(conn, kind, stmt, savepoint);
    return ERROR_NONE;
}
