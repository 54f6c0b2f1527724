#include "db/conn.h"

#include "db/conn_internal.h"
#include "db/row_set.h"
#include "db/sql_error.h"
#include "db/wire.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How long an engine may take to stop a query that nobody wants any more. */
#define STOP_QUERY_US (500 * 1000)

static const char EXEC_SQL_NAME[] = "sql.exec";
static const char QUERY_SQL_NAME[] = "sql.query";

/* -- Sending and receiving ------------------------------------------------ */

static void report(struct db_conn *conn, const char *name, int rv, uint64_t rows, uint64_t start_us)
{
    db_observer_report(conn->observer, name, (enum error_code)rv, rows,
                       clock_monotonic_us() - start_us);
}

void conn_break(struct db_conn *conn, const struct error *why)
{
    if (conn->broken) {
        return;
    }
    conn->broken = true;
    conn->failure = *why;
    db_socket_disconnect(&conn->channel.socket);
    for (; conn->n_pending > 0; conn->n_pending--) {
        const struct pending *pending = &conn->pendings[conn->first_pending];
        if (pending->kind != PENDING_FINALIZE) {
            report(conn, pending->stmt->name, why->code, 0, pending->sent_us);
        }
        conn->first_pending = (conn->first_pending + 1) % DB_PIPELINE_MAX;
    }
}

static int check_usable(const struct db_conn *conn, struct error *error)
{
    if (conn->broken) {
        return error_set(error, ERROR_IO, "The connection is broken: %s", conn->failure.message);
    }
    return ERROR_NONE;
}

/* After one of these the engine's end isn't what this end thinks it is. */
static bool breaks(int code)
{
    return code == ERROR_NOT_LEADER || code == ERROR_IO || code == ERROR_PROTOCOL;
}

static struct db_context without_cancel(const struct db_context *context)
{
    return (struct db_context){.deadline_us = context->deadline_us, .canceled = NULL};
}

static int send_requests(struct db_conn *conn, const struct db_context *context,
                         struct error *error)
{
    int rv = channel_send(&conn->channel, context, error);

    if (rv != ERROR_NONE) {
        conn_break(conn, error);
    }
    return rv;
}

/* Takes the request back that starts at START if it is too long to be sent. */
static int check_request_size(struct db_conn *conn, size_t start, struct error *error)
{
    struct buffer *out = &conn->channel.out;

    if (!buffer_failed(out) && out->size - start > DB_MESSAGE_SIZE_MAX) {
        out->size = start;
        return error_set(error, ERROR_TOO_LARGE, "A statement and its parameters exceed %d bytes",
                         DB_MESSAGE_SIZE_MAX);
    }
    return ERROR_NONE;
}

/* Decodes a FAILURE about WHAT. */
static int take_failure(struct db_conn *conn, const struct wire_message *message, const char *what,
                        struct conn_report *ret_report, struct error *error)
{
    struct wire_failure failure;
    int rv;

    rv = wire_decode_failure(message, &failure, error);
    if (rv == ERROR_NONE) {
        ret_report->answered = true;
        ret_report->code = failure.code;
        rv = sql_error_set(error, failure.code, what, failure.message);
    }
    if (breaks(rv)) {
        conn_break(conn, error);
    }
    return rv;
}

/* Receives the answer to WHAT, of whatever type but FAILURE. */
static int receive_answer(struct db_conn *conn, const struct db_context *context, const char *what,
                          struct wire_message *ret_message, struct conn_report *ret_report,
                          struct error *error)
{
    int rv;

    rv = channel_receive(&conn->channel, context, ret_message, error);
    if (rv != ERROR_NONE) {
        error_prefix(error, "%s: ", what);
        conn_break(conn, error);
        return rv;
    }
    if (ret_message->type == WIRE_FAILURE) {
        return take_failure(conn, ret_message, what, ret_report, error);
    }
    return ERROR_NONE;
}

/* What a decoder said about an answer; a malformed one breaks the connection. */
static int check_decoded(struct db_conn *conn, int rv, const char *what, struct error *error)
{
    if (rv != ERROR_NONE) {
        error_prefix(error, "%s: ", what);
        conn_break(conn, error);
    }
    return rv;
}

/* -- The pipeline --------------------------------------------------------- */

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

static int decode_result(struct db_conn *conn, const struct wire_message *message, const char *what,
                         struct db_exec_result *ret_result, struct error *error)
{
    struct wire_result result;
    int rv;

    rv = check_decoded(conn, wire_decode_result(message, &result, error), what, error);
    if (rv == ERROR_NONE) {
        ret_result->last_insert_id = (int64_t)result.last_insert_id;
        ret_result->rows_affected = result.rows_affected;
    }
    return rv;
}

/* Reads the answer to the oldest request. */
static int collect_one(struct db_conn *conn, const struct db_context *context,
                       struct conn_report *ret_report, struct error *error)
{
    const struct pending pending = conn->pendings[conn->first_pending];
    bool finalize = pending.kind == PENDING_FINALIZE;
    const char *what = finalize ? "finalize" : pending.stmt->name;
    struct wire_message message;
    uint64_t rows = 0;
    int rv;

    conn->first_pending = (conn->first_pending + 1) % DB_PIPELINE_MAX;
    conn->n_pending--;
    ret_report->savepoint = pending.savepoint;
    rv = receive_answer(conn, context, what, &message, ret_report, error);
    if (rv == ERROR_NONE && finalize) {
        rv = check_decoded(conn, wire_decode_empty(&message, error), what, error);
    } else if (rv == ERROR_NONE) {
        rv = decode_result(conn, &message, what, &ret_report->result, error);
        rows = pending.kind == PENDING_WRITE && rv == ERROR_NONE ? ret_report->result.rows_affected
                                                                 : 0;
    }
    if (!finalize) {
        report(conn, what, rv, rows, pending.sent_us);
    }
    return rv;
}

int conn_collect(struct db_conn *conn, const struct db_context *context,
                 struct conn_report *ret_report, struct error *error)
{
    const struct db_context deadline = without_cancel(context);
    struct conn_report later;
    struct error ignored;
    int first = ERROR_NONE;

    if (conn->channel.out.size > 0 && !conn->broken) {
        first = send_requests(conn, &deadline, error);
    }
    while (conn->n_pending > 0) {
        if (first == ERROR_NONE) {
            first = collect_one(conn, &deadline, ret_report, error);
        } else {
            (void)collect_one(conn, &deadline, &later, &ignored);
        }
    }
    return first;
}

/* Gives a statement of the engine back, with the next request that is sent. */
static void finalize(struct db_conn *conn, uint32_t stmt_id)
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
    rv = check_request_size(conn, start, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = send_requests(conn, context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = receive_answer(conn, context, stmt->name, &message, ret_report, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = check_decoded(conn, wire_decode_stmt(&message, &prepared, error), stmt->name, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (prepared.n_params != stmt->n_params) {
        finalize(conn, prepared.id);
        return error_set(error, ERROR_INTERNAL, "%s: the statement has %llu parameters, not %u",
                         stmt->name, (unsigned long long)prepared.n_params, stmt->n_params);
    }
    if (stmt_cache_insert(&conn->statements, stmt, prepared.id, &evicted_id)) {
        finalize(conn, evicted_id);
    }
    *ret_id = prepared.id;
    return ERROR_NONE;
}

/* Sends STMT as an EXEC or a QUERY. */
static int send_stmt(struct db_conn *conn, const struct db_context *context,
                     const struct db_stmt *stmt, const struct db_value *params, bool query,
                     uint32_t *ret_id, struct conn_report *ret_report, struct error *error)
{
    struct buffer *out = &conn->channel.out;
    unsigned savepoint = ret_report->savepoint;
    size_t start;
    int rv;

    rv = check_usable(conn, error);
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
    ret_report->savepoint = savepoint;
    start = out->size;
    rv =
        (query ? wire_encode_query : wire_encode_exec)(out, *ret_id, params, stmt->n_params, error);
    if (rv == ERROR_NONE) {
        rv = check_request_size(conn, start, error);
    }
    if (rv != ERROR_NONE) {
        return error_prefix(error, "%s: ", stmt->name);
    }
    return send_requests(conn, context, error);
}

int conn_submit(struct db_conn *conn, const struct db_context *context, enum pending_kind kind,
                const struct db_stmt *stmt, const struct db_value *params, unsigned savepoint,
                struct conn_report *ret_report, struct error *error)
{
    const struct db_context deadline = without_cancel(context);
    uint64_t start_us = clock_monotonic_us();
    uint32_t id;
    int rv;

    *ret_report = (struct conn_report){.savepoint = savepoint};
    rv = send_stmt(conn, &deadline, stmt, params, false, &id, ret_report, error);
    if (rv != ERROR_NONE) {
        report(conn, stmt->name, rv, 0, start_us);
        return rv;
    }
    push_pending(conn, kind, stmt, savepoint);
    return ERROR_NONE;
}

/* -- Queries -------------------------------------------------------------- */

/* Has the engine stop the query whose rows come in, so that the connection can
 * be used on; it is broken with WHY if that takes too long. */
static void stop_query(struct db_conn *conn, const struct error *why)
{
    const struct db_context brief = {.deadline_us = clock_monotonic_us() + STOP_QUERY_US};
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
            return take_failure(conn, &message, what, ret_report, error);
        }
        if (rv == ERROR_NONE) {
            rv = row_set_add(set, &message, &done, error);
        }
        if (rv == ERROR_NONE) {
            continue;
        }
        error_prefix(error, "%s: ", what);
        if (breaks(rv)) {
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
        finalize(conn, id);
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
    const struct db_context deadline = without_cancel(context);
    uint64_t start_us = clock_monotonic_us();
    struct conn_report own = {.savepoint = savepoint};
    struct error own_error = ERROR_INIT;
    struct db_rows rows = {.n_rows = 0};
    uint32_t id;
    int rv_own = ERROR_NONE;
    int rv;

    *ret_report = own;
    rv = send_stmt(conn, &deadline, stmt, params, true, &id, ret_report, error);
    if (rv == ERROR_NONE) {
        /* The writes that were sent before are answered first. If one of them
         * failed, the rows are of no interest, but they come nevertheless. */
        rv = conn_collect(conn, &deadline, ret_report, error);
        if (!conn->broken) {
            rv_own = receive_stmt_rows(conn, context, stmt, id, arena, &rows, &own, &own_error);
        }
    }
    if (rv == ERROR_NONE && rv_own != ERROR_NONE) {
        rv = rv_own;
        *ret_report = own;
        *error = own_error;
    }
    report(conn, stmt->name, rv, rows.n_rows, start_us);
    if (rv == ERROR_NONE) {
        *ret_rows = rows;
    }
    return rv;
}

/* -- Text ----------------------------------------------------------------- */

/* Whether a statement that isn't known in advance may be run now. */
static int check_idle(const struct db_conn *conn, const struct db_context *context,
                      struct error *error)
{
    int rv = check_usable(conn, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (conn->n_pending > 0) {
        return error_set(error, ERROR_INTERNAL, "Answers to deferred writes are outstanding");
    }
    return db_context_check(context, error);
}

static int send_sql(struct db_conn *conn, const struct db_context *context,
                    void (*encode)(struct buffer *out, const char *sql), const char *sql,
                    struct error *error)
{
    size_t start = conn->channel.out.size;
    int rv;

    encode(&conn->channel.out, sql);
    rv = check_request_size(conn, start, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return send_requests(conn, context, error);
}

/* Whether a statement that is its own transaction failed without a trace. */
static bool surely_not_applied(const struct conn_report *went, int rv)
{
    return went->answered &&
           (rv == ERROR_INVALID || rv == ERROR_FORBIDDEN || sql_error_not_applied(went->code));
}

int db_conn_exec_sql(struct db_conn *conn, const struct db_context *context, const char *sql,
                     struct db_exec_result *ret_result, struct error *error)
{
    const struct db_context deadline = without_cancel(context);
    uint64_t start_us = clock_monotonic_us();
    struct conn_report went = {.answered = false};
    struct wire_message message;
    int rv;

    rv = check_idle(conn, context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = send_sql(conn, &deadline, wire_encode_exec_sql, sql, error);
    if (rv == ERROR_NONE) {
        rv = receive_answer(conn, &deadline, EXEC_SQL_NAME, &message, &went, error);
        if (rv == ERROR_NONE) {
            rv = decode_result(conn, &message, EXEC_SQL_NAME, &went.result, error);
        }
        if (rv != ERROR_NONE && !conn->in_tx && !surely_not_applied(&went, rv)) {
            error->code = ERROR_UNKNOWN_OUTCOME;
            rv = error_prefix(error, "The outcome is unknown: ");
        }
    }
    report(conn, EXEC_SQL_NAME, rv, rv == ERROR_NONE ? went.result.rows_affected : 0, start_us);
    if (rv == ERROR_NONE && ret_result != NULL) {
        *ret_result = went.result;
    }
    return rv;
}

int db_conn_query_sql(struct db_conn *conn, const struct db_context *context, const char *sql,
                      size_t max_rows, struct arena *arena, struct db_rows *ret_rows,
                      struct error *error)
{
    const struct db_context deadline = without_cancel(context);
    uint64_t start_us = clock_monotonic_us();
    struct conn_report went;
    struct row_set set;
    bool stopped;
    int rv;

    rv = check_idle(conn, context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    row_set_init(&set, arena, max_rows);
    rv = send_sql(conn, &deadline, wire_encode_query_sql, sql, error);
    if (rv == ERROR_NONE) {
        rv = receive_rows(conn, context, QUERY_SQL_NAME, &set, &stopped, &went, error);
    }
    if (rv == ERROR_NONE) {
        rv = row_set_finish(&set, ret_rows, error);
    }
    report(conn, QUERY_SQL_NAME, rv, rv == ERROR_NONE ? ret_rows->n_rows : 0, start_us);
    row_set_close(&set);
    return rv;
}

/* -- The connection itself ------------------------------------------------ */

/* The greeting, and the opening of the database, in one round trip. */
static int shake_hands(struct db_conn *conn, const char *database, const struct db_context *context,
                       struct error *error)
{
    struct buffer *out = &conn->channel.out;
    struct conn_report went;
    struct wire_message message;
    uint64_t heartbeat_ms;
    uint32_t db_id;
    int rv;

    wire_encode_handshake(out);
    wire_encode_client(out, (uint64_t)getpid());
    rv = wire_encode_open(out, database, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = send_requests(conn, context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = receive_answer(conn, context, "client", &message, &went, error);
    if (rv == ERROR_NONE) {
        rv = wire_decode_welcome(&message, &heartbeat_ms, error);
    }
    if (rv == ERROR_NONE) {
        rv = receive_answer(conn, context, "open", &message, &went, error);
    }
    if (rv == ERROR_NONE) {
        rv = wire_decode_db(&message, &db_id, error);
    }
    if (rv == ERROR_NONE && db_id != WIRE_DB_ID) {
        rv = error_set(error, ERROR_PROTOCOL, "The engine opened the database as number %u", db_id);
    }
    return rv;
}

int db_conn_open(const struct db_conn_options *options, const struct db_context *context,
                 struct db_conn **ret_conn, struct error *error)
{
    struct db_conn *conn;
    int rv;

    conn = calloc(1, sizeof *conn);
    if (conn == NULL) {
        return error_no_memory(error);
    }
    conn->observer = options->observer;
    stmt_cache_init(&conn->statements);
    rv = channel_init(&conn->channel, error);
    if (rv != ERROR_NONE) {
        goto err_after_calloc;
    }
    rv = db_socket_connect(&conn->channel.socket, options->address, context, error);
    if (rv != ERROR_NONE) {
        goto err_after_channel;
    }
    rv = shake_hands(conn, options->database == NULL ? "db" : options->database, context, error);
    if (rv != ERROR_NONE) {
        error_prefix(error, "Failed opening the engine at %s: ", options->address);
        goto err_after_channel;
    }
    *ret_conn = conn;
    return ERROR_NONE;

err_after_channel:
    channel_close(&conn->channel);
err_after_calloc:
    free(conn);
    return rv;
}

void db_conn_close(struct db_conn *conn)
{
    if (conn == NULL) {
        return;
    }
    channel_close(&conn->channel);
    free(conn);
}

bool db_conn_broken(const struct db_conn *conn)
{
    return conn->broken;
}

void db_conn_wake(struct db_conn *conn)
{
    db_socket_wake(&conn->channel.socket);
}

int db_conn_leader(struct db_conn *conn, const struct db_context *context, struct arena *arena,
                   uint64_t *ret_id, const char **ret_address, struct error *error)
{
    const struct db_context deadline = without_cancel(context);
    struct conn_report went;
    struct wire_message message;
    struct wire_server server;
    const char *address;
    int rv;

    rv = check_idle(conn, context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    wire_encode_leader(&conn->channel.out);
    rv = send_requests(conn, &deadline, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = receive_answer(conn, &deadline, "leader", &message, &went, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = check_decoded(conn, wire_decode_server(&message, &server, error), "leader", error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (server.id == 0 || server.address[0] == '\0') {
        return error_set(error, ERROR_UNAVAILABLE, "The cluster has no leader now");
    }
    address = ret_address == NULL ? "" : arena_strdup(arena, server.address);
    if (address == NULL) {
        return error_no_memory(error);
    }
    if (ret_id != NULL) {
        *ret_id = server.id;
    }
    if (ret_address != NULL) {
        *ret_address = address;
    }
    return ERROR_NONE;
}
