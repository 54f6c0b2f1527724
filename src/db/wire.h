/* wire.h - the engine's wire protocol as a pure codec: bytes in, messages out.
 *
 * Requests are appended to a buffer, so that several can be sent at once. A
 * response is decoded from its header and its body; what comes out of a body is
 * borrowed from it: names, text and blobs stay valid as long as the body does.
 * Every length of the peer is checked against what is there; a body that isn't
 * exactly what its type says gets ERROR_PROTOCOL.
 *
 * The layout of the messages is told in doc/engine.md. */
#ifndef LBSTATE_DB_WIRE_H
#define LBSTATE_DB_WIRE_H

#include "base/buffer.h"
#include "base/error.h"
#include "db/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_HEADER_SIZE 8
#define WIRE_PARAMS_MAX  255   /* The engine aborts the process on more. */
#define WIRE_COLUMNS_MAX 32767 /* As SQLite. */
#define WIRE_NAME_MAX    64    /* Bytes in the name of a database. */

/* The one database that a connection can open has this number. */
#define WIRE_DB_ID 0

/* -- Requests ------------------------------------------------------------ */

/* These can't fail but for memory, which is told by the buffer. Text must not
 * be longer than a message may be; whoever sends it checks the buffer's size. */
void wire_encode_handshake(struct buffer *out);
void wire_encode_client(struct buffer *out, uint64_t client_id);
void wire_encode_leader(struct buffer *out);
void wire_encode_prepare(struct buffer *out, const char *sql);
void wire_encode_finalize(struct buffer *out, uint32_t stmt_id);
void wire_encode_exec_sql(struct buffer *out, const char *sql);
void wire_encode_query_sql(struct buffer *out, const char *sql);
void wire_encode_interrupt(struct buffer *out);

/* ERROR_INVALID: NAME is empty, too long, or not of letters, digits, '_', '-'
 * and '.': the engine crashes on some other names. */
int wire_encode_open(struct buffer *out, const char *name, struct error *error);

/* ERROR_INVALID: more than WIRE_PARAMS_MAX parameters, or text with a NUL
 * within (it can't be told from the end). Nothing is appended then. */
int wire_encode_exec(struct buffer *out, uint32_t stmt_id, const struct db_value *params,
                     size_t n_params, struct error *error);
int wire_encode_query(struct buffer *out, uint32_t stmt_id, const struct db_value *params,
                      size_t n_params, struct error *error);

/* -- Responses ----------------------------------------------------------- */

enum wire_type {
    WIRE_FAILURE = 0,
    WIRE_SERVER = 1,
    WIRE_WELCOME = 2,
    WIRE_DB = 4,
    WIRE_STMT = 5,
    WIRE_RESULT = 6,
    WIRE_ROWS = 7,
    WIRE_EMPTY = 8,
};

struct wire_header {
    uint8_t type;
    uint8_t schema;
    size_t body_size; /* Not zero; a multiple of 8. */
};

struct wire_message {
    uint8_t type;
    const uint8_t *body; /* Of any alignment. */
    size_t body_size;
};

/* ERROR_PROTOCOL: the body would be empty or longer than BODY_SIZE_MAX, or the
 * schema isn't 0, the only one that this client asks for. */
int wire_decode_header(const uint8_t header[WIRE_HEADER_SIZE], size_t body_size_max,
                       struct wire_header *ret_header, struct error *error);

struct wire_failure {
    uint64_t code;
    const char *message;
};

/* The code and the message are taken from the end of the body: when a query
 * fails in the middle, the engine puts them behind the rows that it had
 * gathered already. */
int wire_decode_failure(const struct wire_message *message, struct wire_failure *ret_failure,
                        struct error *error);

struct wire_server {
    uint64_t id; /* 0 if there is no leader. */
    const char *address;
};

int wire_decode_server(const struct wire_message *message, struct wire_server *ret_server,
                       struct error *error);
int wire_decode_welcome(const struct wire_message *message, uint64_t *ret_heartbeat_ms,
                        struct error *error);
int wire_decode_db(const struct wire_message *message, uint32_t *ret_db_id, struct error *error);

struct wire_stmt {
    uint32_t id;
    uint64_t n_params;
};

int wire_decode_stmt(const struct wire_message *message, struct wire_stmt *ret_stmt,
                     struct error *error);

struct wire_result {
    uint64_t last_insert_id;
    uint64_t rows_affected;
};

int wire_decode_result(const struct wire_message *message, struct wire_result *ret_result,
                       struct error *error);
int wire_decode_empty(const struct wire_message *message, struct error *error);

/* A ROWS message: first wire_rows_begin(), then n_columns times
 * wire_rows_column(), then wire_rows_next() until it gives no row. */
struct wire_rows {
    const uint8_t *next; /* Private. */
    size_t size;         /* Private: bytes left. */
    size_t n_columns;
};

enum wire_rows_state {
    WIRE_ROWS_ROW,  /* The values were set. */
    WIRE_ROWS_PART, /* Another message follows. */
    WIRE_ROWS_DONE,
};

int wire_rows_begin(const struct wire_message *message, struct wire_rows *ret_rows,
                    struct error *error);
int wire_rows_column(struct wire_rows *rows, const char **ret_name, struct error *error);

/* VALUES has room for n_columns. The types that the engine makes of a column's
 * declaration become plain ones: UNIXTIME and BOOLEAN are integers, ISO8601 is
 * text, or NULL if empty (the engine sends NULL so). */
int wire_rows_next(struct wire_rows *rows, struct db_value *values, enum wire_rows_state *ret_state,
                   struct error *error);

#endif
