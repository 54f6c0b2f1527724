/* tx.h - a transaction on a connection, and the statements within it.
 *
 * Straight-line code: each call returns when it is done. A transaction carries
 * the context of whoever it works for at the moment, so that the functions that
 * generate-database writes need no further argument.
 *
 * Writes may be deferred: db_exec_deferred() sends the statement and returns;
 * its answer is read by the next call that has to wait anyway (as in libpq's
 * pipeline mode). A deferred write that failed makes that next call fail with
 * its error: db_tx_flush(), a query, a write that isn't deferred, the commit, or
 * a deferred write whose statement has to be prepared or that finds the pipeline
 * full. What was sent after it was executed nevertheless: undo it all, by the
 * savepoint that it stands in or by the transaction.
 *
 * tx->failed_savepoint says where it stood. If that isn't the savepoint that is
 * open now, then a part of something finished is missing and nothing but
 * db_tx_rollback() helps: the transaction is failed, whatever the error.
 *
 * After any error but ERROR_NOT_FOUND, ERROR_CONFLICT and ERROR_INVALID the
 * transaction is failed: every call returns the first error again, until
 * db_tx_rollback() (or db_savepoint_rollback(), if the connection lives). */
#ifndef LBSTATE_DB_TX_H
#define LBSTATE_DB_TX_H

#include "db/conn.h"

enum db_mode {
    DB_READ,  /* BEGIN: one snapshot for all queries. */
    DB_WRITE, /* BEGIN IMMEDIATE: the only writer from here on. */
};

enum db_outcome {
    DB_APPLIED,
    DB_NOT_APPLIED, /* Surely not. */
    DB_UNKNOWN,     /* The answer to COMMIT was lost, or leadership was. */
};

struct db_tx {
    struct db_conn *conn;             /* Read-only. */
    enum db_mode mode;                /* Read-only. */
    const struct db_context *context; /* Read-only; see db_tx_set_context(). */
    unsigned savepoint;               /* Read-only: how many were begun; the number of the last. */
    unsigned failed_savepoint;        /* Read-only: the number of the one that the last error
                                       * comes from; 0 if it comes from outside of any. */
    bool open;                        /* Private. */
    bool in_savepoint;                /* Private. */
    bool lost;                        /* Private: only a rollback of it all helps. */
    struct error failure;             /* Read-only: why it is failed, if it is. */
};

/* CONTEXT is borrowed until it is replaced or the transaction ended.
 * BEGIN IMMEDIATE is sent at once; ERROR_BUSY if another connection writes. */
int db_tx_begin(struct db_tx *tx, struct db_conn *conn, enum db_mode mode,
                const struct db_context *context, struct error *error);

/* From here on the transaction works for somebody else. */
void db_tx_set_context(struct db_tx *tx, const struct db_context *context);

/* Ends the transaction, whatever it returns. ERROR_NONE goes with DB_APPLIED,
 * ERROR_UNKNOWN_OUTCOME with DB_UNKNOWN, any other with DB_NOT_APPLIED. Once
 * COMMIT is sent only the deadline is heeded, not the cancellation: who gives up
 * waiting would never know.
 * RET_OUTCOME is always set. */
int db_tx_commit(struct db_tx *tx, enum db_outcome *ret_outcome, struct error *error);

/* Ends the transaction and leaves no trace of it; a connection on which the
 * ROLLBACK fails is broken, which undoes as well. Heeds no context, but takes
 * two seconds at most. Does nothing after the end. */
void db_tx_rollback(struct db_tx *tx);

/* A part of a write transaction that can be undone by itself. Savepoints don't
 * nest. The begin and the release are deferred, so they cost no round trip: to
 * be sure of the writes within, call db_tx_flush() before the release. A begin
 * that fails because of its context leaves the transaction as it was. */
int db_savepoint_begin(struct db_tx *tx, struct error *error);
int db_savepoint_release(struct db_tx *tx, struct error *error);

/* Undoes what came after the begin and makes the transaction usable again.
 * Reads the answers that are outstanding; the errors of this savepoint are
 * dropped. Heeds no context, but takes two seconds at most. Fails, and leaves
 * the transaction failed, only if the connection is broken, the engine gave the
 * transaction up, or a deferred write from before the savepoint failed. */
int db_savepoint_rollback(struct db_tx *tx, struct error *error);

/* PARAMS has stmt->n_params values. */
int db_query(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params,
             struct arena *arena, struct db_rows *ret_rows, struct error *error);

/* RET_RESULT may be NULL. */
int db_exec(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params,
            struct db_exec_result *ret_result, struct error *error);
int db_exec_deferred(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params,
                     struct error *error);

/* Reads the answers of all deferred writes; the first error, if any. */
int db_tx_flush(struct db_tx *tx, struct error *error);

#endif
