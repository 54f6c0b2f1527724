#include "db/conn_internal.h"
#include "db/sql_error.h"
#include "db/wire.h"

void conn_observe(struct db_conn *conn, const char *name, int rv, uint64_t rows, uint64_t start_us)
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
            conn_observe(conn, pending->stmt->name, (int)why->code, 0, pending->sent_us);
        }
        conn->first_pending = (conn->first_pending + 1) % DB_PIPELINE_MAX;
    }
}

int conn_check_usable(const struct db_conn *conn, struct error *error)
{
    if (conn->broken) {
        return error_set(error, ERROR_IO, "The connection is broken: %s", conn->failure.message);
    }
    return ERROR_NONE;
}

bool conn_must_break(int code)
{
    return code == ERROR_NOT_LEADER || code == ERROR_IO || code == ERROR_PROTOCOL;
}

struct db_context conn_deadline_only(const struct db_context *context)
{
    return (struct db_context){.deadline_us = context->deadline_us, .canceled = NULL};
}

int conn_send(struct db_conn *conn, const struct db_context *context, struct error *error)
{
    int rv = channel_send(&conn->channel, context, error);

    if (rv != ERROR_NONE) {
        conn_break(conn, error);
    }
    return rv;
}

int conn_check_size(struct db_conn *conn, size_t start, struct error *error)
{
    struct buffer *out = &conn->channel.out;

    if (!buffer_failed(out) && out->size - start > DB_MESSAGE_SIZE_MAX) {
        out->size = start;
        return error_set(error, ERROR_TOO_LARGE, "A statement and its parameters exceed %d bytes",
                         DB_MESSAGE_SIZE_MAX);
    }
    return ERROR_NONE;
}

int conn_take_failure(struct db_conn *conn, const struct wire_message *message, const char *what,
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
    if (conn_must_break(rv)) {
        conn_break(conn, error);
    }
    return rv;
}

int conn_await(struct db_conn *conn, struct conn_wait *wait, struct wire_message *ret_message,
               struct error *error)
{
    const struct db_context *context = wait->context;
    struct db_context grace = conn_deadline_only(context);
    int rv;

    /* It is asked for here, too: an earlier wait may have taken the wake-up. */
    if (wait->give_up_us == 0 && !db_context_canceled(context)) {
        rv = channel_receive(&conn->channel, context, ret_message, error);
        if (rv != ERROR_CANCELED) {
            return rv;
        }
    }
    if (wait->give_up_us == 0) {
        wait->give_up_us = clock_monotonic_us() + CONN_GRACE_US;
    }
    if (grace.deadline_us > wait->give_up_us) {
        grace.deadline_us = wait->give_up_us;
    }
    rv = channel_receive(&conn->channel, &grace, ret_message, error);
    if (rv == ERROR_TIMEOUT && grace.deadline_us == wait->give_up_us) {
        rv = error_set(error, ERROR_CANCELED, "The request was canceled");
    } else if (rv == ERROR_NONE) {
        error_clear(error); /* The first wait may have ended with the cancellation. */
    }
    return rv;
}

int conn_receive_next(struct db_conn *conn, struct conn_wait *wait, const char *what,
                      struct wire_message *ret_message, struct conn_report *ret_report,
                      struct error *error)
{
    int rv;

    rv = conn_await(conn, wait, ret_message, error);
    if (rv != ERROR_NONE) {
        error_prefix(error, "%s: ", what);
        conn_break(conn, error);
        return rv;
    }
    if (ret_message->type == WIRE_FAILURE) {
        return conn_take_failure(conn, ret_message, what, ret_report, error);
    }
    return ERROR_NONE;
}

int conn_receive(struct db_conn *conn, const struct db_context *context, const char *what,
                 struct wire_message *ret_message, struct conn_report *ret_report,
                 struct error *error)
{
    struct conn_wait wait = {.context = context};

    return conn_receive_next(conn, &wait, what, ret_message, ret_report, error);
}

int conn_check_decoded(struct db_conn *conn, int rv, const char *what, struct error *error)
{
    if (rv != ERROR_NONE) {
        error_prefix(error, "%s: ", what);
        conn_break(conn, error);
    }
    return rv;
}

int conn_decode_result(struct db_conn *conn, const struct wire_message *message, const char *what,
                       struct db_exec_result *ret_result, struct error *error)
{
    struct wire_result result;
    int rv;

    rv = conn_check_decoded(conn, wire_decode_result(message, &result, error), what, error);
    if (rv == ERROR_NONE) {
        ret_result->last_insert_id = (int64_t)result.last_insert_id;
        ret_result->rows_affected = result.rows_affected;
    }
    return rv;
}

int conn_check_idle(const struct db_conn *conn, const struct db_context *context,
                    struct error *error)
{
    int rv = conn_check_usable(conn, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (conn->n_pending > 0) {
        return error_set(error, ERROR_INTERNAL, "Answers to deferred writes are outstanding");
    }
    return db_context_check(context, error);
}

int conn_send_sql(struct db_conn *conn, const struct db_context *context,
                  void (*encode)(struct buffer *out, const char *sql), const char *sql,
                  struct error *error)
{
    size_t start = conn->channel.out.size;
    int rv;

    encode(&conn->channel.out, sql);
    rv = conn_check_size(conn, start, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return conn_send(conn, context, error);
}
