#include "db/conn.h"

#include "db/conn_internal.h"
#include "db/copy_internal.h"
#include "db/sql_error.h"
#include "db/wire.h"

#include <stdlib.h>
#include <unistd.h>

static const char EXEC_SQL_NAME[] = "sql.exec";

/* The greeting, and the opening of the database (NULL: none), in one round trip. */
static int shake_hands(struct db_conn *conn, const char *database, const struct db_context *context,
                       struct error *error)
{
    struct buffer *out = &conn->channel.out;
    struct conn_report went;
    struct wire_message message;
    uint64_t heartbeat_ms;
    uint32_t db_id = WIRE_DB_ID;
    int rv = ERROR_NONE;

    wire_encode_handshake(out);
    wire_encode_client(out, (uint64_t)getpid());
    if (database != NULL) {
        rv = wire_encode_open(out, database, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = conn_send(conn, context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = conn_receive(conn, context, "client", &message, &went, error);
    if (rv == ERROR_NONE) {
        rv = wire_decode_welcome(&message, &heartbeat_ms, error);
    }
    if (rv == ERROR_NONE && database != NULL) {
        rv = conn_receive(conn, context, "open", &message, &went, error);
    }
    if (rv == ERROR_NONE && database != NULL) {
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
    const char *database = options->database == NULL ? "db" : options->database;
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
    rv = shake_hands(conn, options->no_database ? NULL : database, context, error);
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
    copy_close(conn->copy);
    channel_close(&conn->channel);
    free(conn);
}

bool db_conn_broken(const struct db_conn *conn)
{
    return conn->broken;
}

void db_conn_wake(struct db_conn *conn)
{
    if (conn->copy == NULL) {
        db_socket_wake(&conn->channel.socket);
    }
}

int db_conn_leader(struct db_conn *conn, const struct db_context *context, struct arena *arena,
                   uint64_t *ret_id, const char **ret_address, struct error *error)
{
    struct conn_report went;
    struct wire_message message;
    struct wire_server server;
    const char *address;
    int rv;

    rv = conn_check_idle(conn, context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (conn->copy != NULL) {
        return error_set(error, ERROR_UNAVAILABLE, "A copy of the database doesn't know who leads");
    }
    wire_encode_leader(&conn->channel.out);
    rv = conn_send(conn, context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = conn_receive(conn, context, "leader", &message, &went, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = conn_check_decoded(conn, wire_decode_server(&message, &server, error), "leader", error);
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

/* Whether a statement that is its own transaction failed without a trace. */
static bool surely_not_applied(const struct conn_report *went, int rv)
{
    return went->answered &&
           (rv == ERROR_INVALID || rv == ERROR_FORBIDDEN || sql_error_not_applied(went->code));
}

int db_conn_exec_sql(struct db_conn *conn, const struct db_context *context, const char *sql,
                     struct db_exec_result *ret_result, struct error *error)
{
    /* Outside of a transaction it is its own commit: see db_tx_commit(). */
    const struct db_context own = conn->in_tx ? *context : conn_deadline_only(context);
    uint64_t start_us = clock_monotonic_us();
    struct conn_report went = {.answered = false};
    struct wire_message message;
    int rv;

    rv = conn_check_idle(conn, context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (conn->copy != NULL) {
        return copy_refuse_write(EXEC_SQL_NAME, error);
    }
    rv = conn_send_sql(conn, &own, wire_encode_exec_sql, sql, error);
    if (rv == ERROR_NONE) {
        rv = conn_receive(conn, &own, EXEC_SQL_NAME, &message, &went, error);
        if (rv == ERROR_NONE) {
            rv = conn_decode_result(conn, &message, EXEC_SQL_NAME, &went.result, error);
        }
        if (rv != ERROR_NONE && !conn->in_tx && !surely_not_applied(&went, rv)) {
            error->code = ERROR_UNKNOWN_OUTCOME;
            rv = error_prefix(error, "The outcome is unknown: ");
        }
    }
    conn_observe(conn, EXEC_SQL_NAME, rv, rv == ERROR_NONE ? went.result.rows_affected : 0,
                 start_us);
    if (rv == ERROR_NONE && ret_result != NULL) {
        *ret_result = went.result;
    }
    return rv;
}
