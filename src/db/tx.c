#include "db/tx.h"

#include "db/conn_internal.h"
#include "db/sql_error.h"

#include <stddef.h>

/* What is undone for somebody whose time is over still needs some time. */
#define UNDO_US (2 * 1000 * 1000)

static const struct db_stmt begin_read = {.name = "tx.begin", .sql = "BEGIN"};
static const struct db_stmt begin_write = {.name = "tx.begin_immediate", .sql = "BEGIN IMMEDIATE"};
static const struct db_stmt commit = {.name = "tx.commit", .sql = "COMMIT"};
static const struct db_stmt rollback = {.name = "tx.rollback", .sql = "ROLLBACK"};
static const struct db_stmt savepoint_begin = {.name = "savepoint.begin", .sql = "SAVEPOINT s"};
static const struct db_stmt savepoint_release = {.name = "savepoint.release", .sql = "RELEASE s"};
static const struct db_stmt savepoint_rollback = {.name = "savepoint.rollback",
                                                  .sql = "ROLLBACK TO s"};

static struct db_context undo_context(void)
{
    return (struct db_context){.deadline_us = clock_monotonic_us() + UNDO_US, .canceled = NULL};
}

/* The number of the savepoint that is open; 0 for none. */
static unsigned current_savepoint(const struct db_tx *tx)
{
    return tx->in_savepoint ? tx->savepoint : 0;
}

/* Whether the transaction can go on after an error of this kind. */
static bool is_mild(int code)
{
    return code == ERROR_NOT_FOUND || code == ERROR_CONFLICT || code == ERROR_INVALID;
}

/* Notes how a step failed, which stood in SAVEPOINT; returns RV. */
static int note_failure(struct db_tx *tx, int rv, unsigned savepoint, const struct error *error)
{
    tx->failed_savepoint = savepoint;
    if (savepoint != current_savepoint(tx)) {
        tx->lost = true;
    }
    if (tx->lost || !is_mild(rv)) {
        tx->failure = *error;
    }
    return rv;
}

static int note(struct db_tx *tx, int rv, const struct conn_report *went, const struct error *error)
{
    return rv == ERROR_NONE ? ERROR_NONE : note_failure(tx, rv, went->savepoint, error);
}

/* Whether the transaction can take another step at all. */
static int check_alive(const struct db_tx *tx, struct error *error)
{
    if (!tx->open) {
        return error_set(error, ERROR_INTERNAL, "The transaction has ended");
    }
    if (tx->failure.code != ERROR_NONE) {
        *error = tx->failure;
        return (int)tx->failure.code;
    }
    return ERROR_NONE;
}

/* The same, for whoever it works for at the moment. */
static int check_step(struct db_tx *tx, struct error *error)
{
    int rv = check_alive(tx, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = db_context_check(tx->context, error);
    return rv == ERROR_NONE ? ERROR_NONE : note_failure(tx, rv, current_savepoint(tx), error);
}

static int submit(struct db_tx *tx, const struct db_context *context, enum pending_kind kind,
                  const struct db_stmt *stmt, const struct db_value *params, struct error *error)
{
    struct conn_report went;
    int rv;

    rv = conn_submit(tx->conn, context, kind, stmt, params, current_savepoint(tx), &went, error);
    return note(tx, rv, &went, error);
}

static int collect(struct db_tx *tx, const struct db_context *context, struct conn_report *went,
                   struct error *error)
{
    *went = (struct conn_report){.savepoint = current_savepoint(tx)};
    return note(tx, conn_collect(tx->conn, context, went, error), went, error);
}

int db_tx_begin(struct db_tx *tx, struct db_conn *conn, enum db_mode mode,
                const struct db_context *context, struct error *error)
{
    const struct db_stmt *stmt = mode == DB_WRITE ? &begin_write : &begin_read;
    struct conn_report went;
    int rv;

    *tx = (struct db_tx){.conn = conn, .mode = mode, .context = context};
    if (conn->in_tx) {
        return error_set(error, ERROR_INTERNAL, "The connection has a transaction already");
    }
    rv = db_context_check(context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = submit(tx, context, PENDING_CONTROL, stmt, NULL, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = collect(tx, context, &went, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    tx->open = true;
    conn->in_tx = true;
    return ERROR_NONE;
}

void db_tx_set_context(struct db_tx *tx, const struct db_context *context)
{
    tx->context = context;
}

static void end(struct db_tx *tx)
{
    tx->open = false;
    tx->conn->in_tx = false;
}

void db_tx_rollback(struct db_tx *tx)
{
    const struct db_context brief = undo_context();
    struct conn_report went;
    struct error error = ERROR_INIT;
    int rv = ERROR_NONE;

    if (!tx->open) {
        return;
    }
    (void)conn_collect(tx->conn, &brief, &went, &error);
    if (!db_conn_broken(tx->conn)) {
        rv = conn_submit(tx->conn, &brief, PENDING_CONTROL, &rollback, NULL, 0, &went, &error);
    }
    if (rv == ERROR_NONE) {
        rv = conn_collect(tx->conn, &brief, &went, &error);
    }
    /* ERROR_INVALID: there is no transaction any more; SQLite ended it itself. */
    if (rv != ERROR_NONE && rv != ERROR_INVALID) {
        conn_break(tx->conn, &error);
    }
    end(tx);
}

/* Sends COMMIT, once all answers were read, and says how that ended. */
static int finish(struct db_tx *tx, enum db_outcome *ret_outcome, struct error *error)
{
    /* Who gives a commit up knows less than who waits for it. */
    const struct db_context deadline = conn_deadline_only(tx->context);
    struct conn_report went;
    int rv;

    rv = submit(tx, tx->context, PENDING_CONTROL, &commit, NULL, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = collect(tx, &deadline, &went, error);
    if (rv == ERROR_NONE) {
        *ret_outcome = DB_APPLIED;
        return ERROR_NONE;
    }
    if (tx->mode == DB_READ || (went.answered && sql_error_not_applied(went.code))) {
        return rv;
    }
    *ret_outcome = DB_UNKNOWN;
    error->code = ERROR_UNKNOWN_OUTCOME;
    return error_prefix(error, "The outcome of a commit is unknown: ");
}

int db_tx_commit(struct db_tx *tx, enum db_outcome *ret_outcome, struct error *error)
{
    struct conn_report went;
    int rv;

    *ret_outcome = DB_NOT_APPLIED;
    rv = check_step(tx, error);
    if (rv == ERROR_NONE) {
        rv = collect(tx, tx->context, &went, error);
    }
    if (rv == ERROR_NONE) {
        rv = finish(tx, ret_outcome, error);
    }
    if (rv == ERROR_UNKNOWN_OUTCOME) {
        /* Nobody knows in which state the engine's end is. */
        conn_break(tx->conn, error);
    }
    if (rv == ERROR_NONE) {
        end(tx);
    } else {
        db_tx_rollback(tx);
    }
    return rv;
}

int db_savepoint_begin(struct db_tx *tx, struct error *error)
{
    int rv = check_alive(tx, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (tx->in_savepoint) {
        return error_set(error, ERROR_INTERNAL, "Savepoints don't nest");
    }
    rv = db_context_check(tx->context, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = submit(tx, tx->context, PENDING_CONTROL, &savepoint_begin, NULL, error);
    if (rv == ERROR_NONE) {
        tx->in_savepoint = true;
        tx->savepoint++;
    }
    return rv;
}

int db_savepoint_release(struct db_tx *tx, struct error *error)
{
    int rv = check_step(tx, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!tx->in_savepoint) {
        return error_set(error, ERROR_INTERNAL, "There is no savepoint");
    }
    rv = submit(tx, tx->context, PENDING_CONTROL, &savepoint_release, NULL, error);
    if (rv == ERROR_NONE) {
        tx->in_savepoint = false;
    }
    return rv;
}

int db_savepoint_rollback(struct db_tx *tx, struct error *error)
{
    const struct db_context brief = undo_context();
    struct conn_report went;
    int rv;

    if (!tx->open || !tx->in_savepoint) {
        return error_set(error, ERROR_INTERNAL, "There is no savepoint");
    }
    (void)collect(tx, &brief, &went, error);
    if (tx->lost || db_conn_broken(tx->conn)) {
        *error = tx->failure;
        return (int)tx->failure.code;
    }
    error_clear(&tx->failure);
    rv = submit(tx, &brief, PENDING_CONTROL, &savepoint_rollback, NULL, error);
    if (rv == ERROR_NONE) {
        rv = submit(tx, &brief, PENDING_CONTROL, &savepoint_release, NULL, error);
    }
    if (rv == ERROR_NONE) {
        rv = collect(tx, &brief, &went, error);
    }
    if (rv != ERROR_NONE) {
        tx->lost = true;
        tx->failure = *error;
        return rv;
    }
    tx->in_savepoint = false;
    error_clear(error);
    return ERROR_NONE;
}

int db_query(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params,
             struct arena *arena, struct db_rows *ret_rows, struct error *error)
{
    struct conn_report went;
    int rv = check_step(tx, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = conn_query(tx->conn, tx->context, stmt, params, current_savepoint(tx), arena, ret_rows,
                    &went, error);
    return note(tx, rv, &went, error);
}

int db_exec(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params,
            struct db_exec_result *ret_result, struct error *error)
{
    struct conn_report went;
    int rv;

    rv = db_exec_deferred(tx, stmt, params, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = collect(tx, tx->context, &went, error);
    if (rv == ERROR_NONE && ret_result != NULL) {
        *ret_result = went.result;
    }
    return rv;
}

int db_exec_deferred(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params,
                     struct error *error)
{
    int rv = check_step(tx, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    return submit(tx, tx->context, PENDING_WRITE, stmt, params, error);
}

int db_tx_flush(struct db_tx *tx, struct error *error)
{
    struct conn_report went;
    int rv = check_alive(tx, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    return collect(tx, tx->context, &went, error);
}
