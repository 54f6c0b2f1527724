/* conn_internal.h - what tx.c needs of a connection: statements that are
 * prepared, sent ahead of their answers, and answered in order. */
#ifndef LBSTATE_DB_CONN_INTERNAL_H
#define LBSTATE_DB_CONN_INTERNAL_H

#include "db/channel.h"
#include "db/conn.h"
#include "db/stmt_cache.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pending_kind {
    PENDING_WRITE,
    PENDING_CONTROL,  /* BEGIN, SAVEPOINT, COMMIT, ..: it changes no rows. */
    PENDING_FINALIZE, /* Of a statement that made room; nobody asks how it went. */
};

/* A request that was sent and whose answer wasn't read. */
struct pending {
    enum pending_kind kind;
    const struct db_stmt *stmt; /* NULL for PENDING_FINALIZE. */
    uint64_t sent_us;
    unsigned savepoint; /* The number of the savepoint it stands in; 0 for none. */
};

struct db_conn {
    struct channel channel;
    struct stmt_cache statements;
    struct pending pendings[DB_PIPELINE_MAX]; /* A ring. */
    unsigned first_pending;
    unsigned n_pending;
    struct db_observer *observer;
    bool in_tx; /* A struct db_tx is open on it. */
    bool broken;
    struct error failure; /* Why it is broken. */
};

/* How a conn_ function went, beside its error. */
struct conn_report {
    struct db_exec_result result; /* Of the last statement that was answered. */
    unsigned savepoint;           /* In which the statement stands that failed. */
    bool answered;                /* The engine itself said that it failed, */
    uint64_t code;                /* with this code. */
};

/* From here on every call fails; WHY is kept for their messages. The socket is
 * closed, so that the engine rolls back now. */
void conn_break(struct db_conn *conn, const struct error *why);

/* Sends STMT and doesn't wait for its answer, unless it has to be prepared first
 * or too many answers are outstanding: then it waits for all of them, and fails
 * with the first of their errors without sending STMT. Only the deadline of
 * CONTEXT is heeded. */
int conn_submit(struct db_conn *conn, const struct db_context *context, enum pending_kind kind,
                const struct db_stmt *stmt, const struct db_value *params, unsigned savepoint,
                struct conn_report *ret_report, struct error *error);

/* Reads all answers that are outstanding; the first error, if any. Only the
 * deadline of CONTEXT is heeded. */
int conn_collect(struct db_conn *conn, const struct db_context *context,
                 struct conn_report *ret_report, struct error *error);

/* Also reads the answers that are outstanding; the first error, if any. */
int conn_query(struct db_conn *conn, const struct db_context *context, const struct db_stmt *stmt,
               const struct db_value *params, unsigned savepoint, struct arena *arena,
               struct db_rows *ret_rows, struct conn_report *ret_report, struct error *error);

#endif
