/* conn.h - a connection to the engine: blocking calls with a deadline and a
 * cancellation, over the engine's wire protocol (wire.h). A copy of the database
 * in memory is read through the same calls (copy.h).
 *
 * One thread uses a connection at a time; only db_conn_wake() may be called
 * from another. A connection keeps each statement prepared that it has run.
 *
 * How a failure of the engine is told (doc/engine.md, "Failures"):
 *   ERROR_CONFLICT         a UNIQUE or PRIMARY KEY constraint (2067, 1555, 2579)
 *   ERROR_INVALID          other constraints (FOREIGN KEY 787, NOT NULL 1299, CHECK 275),
 *                          and SQL that doesn't parse or can't be evaluated
 *   ERROR_FORBIDDEN        SQL that the engine doesn't allow (23)
 *   ERROR_BUSY             SQLITE_BUSY, any kind: another writer
 *   ERROR_NOT_LEADER       10250: surely not executed. Also 10506 and 12, by which a
 *                          transaction that wasn't committed is gone: no trace is left
 *   ERROR_UNKNOWN_OUTCOME  from db_tx_commit(), see tx.h, and from db_conn_exec_sql()
 *                          outside of a transaction: it may or may not have been executed
 *   ERROR_NO_SPACE         SQLITE_FULL, and 778 (a write failed) of the engine
 *   ERROR_CORRUPT          SQLite found the database damaged (11, 26)
 *   ERROR_IO               the connection broke, or another i/o error of the engine
 *   ERROR_PROTOCOL         the answer was malformed
 *   ERROR_INTERNAL         a statement isn't what its struct db_stmt says
 *   ERROR_TOO_LARGE        see the limits below
 *   ERROR_TIMEOUT, ERROR_CANCELED   see context.h
 * After ERROR_NOT_LEADER, ERROR_IO and ERROR_PROTOCOL the connection is broken:
 * every call fails with ERROR_IO, and all that is left is to close it. After
 * ERROR_TIMEOUT and ERROR_CANCELED ask db_conn_broken(): a query is stopped, and
 * its connection lives if the engine ends the answer within half a second. The
 * answer to a write that is canceled has half a second as well: if it comes, the
 * write ends as if nothing had happened, and the next step is ERROR_CANCELED. Else,
 * and at the deadline, the connection is broken, by which the engine undoes what
 * its transaction did. Only a commit that was sent is awaited until the deadline. */
#ifndef LBSTATE_DB_CONN_H
#define LBSTATE_DB_CONN_H

#include "base/arena.h"
#include "base/error.h"
#include "db/context.h"
#include "db/observer.h"
#include "db/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db_conn;

/* A statement that is known when the program is built: always static const. */
struct db_stmt {
    const char *name; /* "network_load_balancer.objects_by_network_id"; for the observer. */
    const char *sql;  /* Exactly one statement. */
    unsigned n_params;
    unsigned n_columns; /* 0 for a statement that returns no rows. */
};

struct db_conn_options {
    /* The engine's address: "@name" is an abstract Unix socket, "/path" a Unix
     * socket, else "host:port" (IPv4, or IPv6 in brackets). */
    const char *address;
    const char *database;         /* "db" if NULL; letters, digits, '_', '-' and '.'. */
    bool no_database;             /* Open none: for db_conn_dump() and db_conn_leader() only. */
    struct db_observer *observer; /* May be NULL; outlives the connection. */
};

/* What a connection sends, receives and keeps. A statement whose text and
 * parameters are longer than a message gets ERROR_TOO_LARGE and isn't sent; a
 * peer that sends a longer one gets ERROR_PROTOCOL; a query that returns more
 * gets ERROR_TOO_LARGE. */
#define DB_MESSAGE_SIZE_MAX (16 * 1024 * 1024)
#define DB_RESULT_SIZE_MAX  (256 * 1024 * 1024)
#define DB_STATEMENTS_MAX   512 /* Prepared per connection; the least recently used goes. */
#define DB_PIPELINE_MAX     256 /* Requests sent whose answers were not read yet. */

/* Connects, shakes hands and opens the database. Nobody can wake it up, so give
 * it a short deadline. */
int db_conn_open(const struct db_conn_options *options, const struct db_context *context,
                 struct db_conn **ret_conn, struct error *error);

/* Takes NULL. The engine rolls back what was open. */
void db_conn_close(struct db_conn *conn);

/* True once the connection can't be used any more. */
bool db_conn_broken(const struct db_conn *conn);

/* Thread-safe, as long as CONN isn't closed: makes the call that is blocked in this connection, if any, look
 * at its context again. */
void db_conn_wake(struct db_conn *conn);

/* Asks the node at the other end who leads. Either output may be NULL.
 * ERROR_UNAVAILABLE: there is no leader now. The address lives in ARENA. */
int db_conn_leader(struct db_conn *conn, const struct db_context *context, struct arena *arena,
                   uint64_t *ret_id, const char **ret_address, struct error *error);

struct db_exec_result {
    int64_t last_insert_id;
    uint64_t rows_affected;
};

/* Rows of a query; all memory is in the arena that the query was given. */
struct db_rows {
    const char *const *columns; /* Names. */
    size_t n_columns;
    struct db_value *values; /* Row by row, n_rows * n_columns. */
    size_t n_rows;
};

/* Text that isn't known when the program is built (/internal/sql). It must be
 * one statement that sql_guard() let through; not cached, not pipelined (no
 * deferred write may be outstanding), and outside of a transaction its own one. A query stops with ERROR_TOO_LARGE
 * after MAX_ROWS rows. */
int db_conn_exec_sql(struct db_conn *conn, const struct db_context *context, const char *sql,
                     struct db_exec_result *ret_result, struct error *error);
int db_conn_query_sql(struct db_conn *conn, const struct db_context *context, const char *sql,
                      size_t max_rows, struct arena *arena, struct db_rows *ret_rows,
                      struct error *error);

#endif
