/* conn_internal.h - the inside of a connection, in three layers: messages and
 * their failures (conn_io.c), statements that are prepared, sent ahead of their
 * answers and answered in order (conn_pipeline.c), and queries (conn_query.c). */
#ifndef LBSTATE_DB_CONN_INTERNAL_H
#define LBSTATE_DB_CONN_INTERNAL_H

#include "db/channel.h"
#include "db/conn.h"
#include "db/stmt_cache.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long the engine may take to answer once nobody wants the answer any more. */
#define CONN_GRACE_US (500 * 1000)

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
    struct copy *copy; /* NULL: the other end is the engine. Else the channel is closed, and
                             * whatever would be sent is executed here, at once. */
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
    unsigned savepoint;           /* In which the statement stands that failed; else as it was. */
    bool answered;                /* The engine itself said that it failed, */
    uint64_t code;                /* with this code. */
};

/* -- Messages and their failures (conn_io.c) -- */

void conn_observe(struct db_conn *conn, const char *name, int rv, uint64_t rows, uint64_t start_us);

/* From here on every call fails; WHY is kept for their messages. The socket is
 * closed, so that the engine rolls back now. */
void conn_break(struct db_conn *conn, const struct error *why);

int conn_check_usable(const struct db_conn *conn, struct error *error);

/* True for an error after which the engine's end isn't what this end thinks. */
bool conn_must_break(int code);

/* A copy that can't be canceled. */
struct db_context conn_deadline_only(const struct db_context *context);

/* Takes the request back that starts at START in the buffer for sending if it
 * is longer than DB_MESSAGE_SIZE_MAX. */
int conn_check_size(struct db_conn *conn, size_t start, struct error *error);

/* Sends what was encoded. A failure breaks the connection. */
int conn_send(struct db_conn *conn, const struct db_context *context, struct error *error);

/* The wait for one answer, or for several in a row. */
struct conn_wait {
    const struct db_context *context;
    uint64_t give_up_us; /* Once CONTEXT is canceled: when the last one must be there. */
};

/* The next message. Once the context is canceled it waits CONN_GRACE_US more at most:
 * most answers are on their way, and a connection that is broken takes the work of
 * others in the same transaction with it. ERROR_CANCELED if that wasn't enough: the
 * answer may still come, so that the connection is of no more use. */
int conn_await(struct db_conn *conn, struct conn_wait *wait, struct wire_message *ret_message,
               struct error *error);

/* Receives the answer to WHAT, of whatever type but FAILURE, which becomes an
 * error. A failure of the connection itself, or of the wait, breaks it. */
int conn_receive_next(struct db_conn *conn, struct conn_wait *wait, const char *what,
                      struct wire_message *ret_message, struct conn_report *ret_report,
                      struct error *error);

/* The same for a single answer. */
int conn_receive(struct db_conn *conn, const struct db_context *context, const char *what,
                 struct wire_message *ret_message, struct conn_report *ret_report,
                 struct error *error);

/* The error that a FAILURE about WHAT stands for. */
int conn_take_failure(struct db_conn *conn, const struct wire_message *message, const char *what,
                      struct conn_report *ret_report, struct error *error);

/* Passes on RV, what a decoder said about the answer to WHAT; a malformed one
 * breaks the connection. */
int conn_check_decoded(struct db_conn *conn, int rv, const char *what, struct error *error);

int conn_decode_result(struct db_conn *conn, const struct wire_message *message, const char *what,
                       struct db_exec_result *ret_result, struct error *error);

/* Whether a request that is no db_stmt may be sent now. */
int conn_check_idle(const struct db_conn *conn, const struct db_context *context,
                    struct error *error);

/* Sends SQL as ENCODE makes a request of it. */
int conn_send_sql(struct db_conn *conn, const struct db_context *context,
                  void (*encode)(struct buffer *out, const char *sql), const char *sql,
                  struct error *error);

/* -- The pipeline (conn_pipeline.c) -- */

/* Gives a statement of the engine back, with the next request that is sent. */
void conn_finalize(struct db_conn *conn, uint32_t stmt_id);

/* Sends STMT as an EXEC or a QUERY; *ret_id is the engine's number of it. As
 * conn_submit(), but for the context and for what is to be noted afterwards. */
int conn_send_stmt(struct db_conn *conn, const struct db_context *context,
                   const struct db_stmt *stmt, const struct db_value *params, bool query,
                   uint32_t *ret_id, struct conn_report *ret_report, struct error *error);

/* Sends STMT and doesn't wait for its answer, unless it has to be prepared first
 * or too many answers are outstanding: then it waits for all of them, and fails
 * with the first of their errors without sending STMT. */
int conn_submit(struct db_conn *conn, const struct db_context *context, enum pending_kind kind,
                const struct db_stmt *stmt, const struct db_value *params, unsigned savepoint,
                struct conn_report *ret_report, struct error *error);

/* Reads all answers that are outstanding; the first error, if any. */
int conn_collect(struct db_conn *conn, const struct db_context *context,
                 struct conn_report *ret_report, struct error *error);

/* -- Queries (conn_query.c) -- */

/* Also reads the answers that are outstanding; the first error, if any. */
int conn_query(struct db_conn *conn, const struct db_context *context, const struct db_stmt *stmt,
               const struct db_value *params, unsigned savepoint, struct arena *arena,
               struct db_rows *ret_rows, struct conn_report *ret_report, struct error *error);

#endif
