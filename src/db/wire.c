#include "db/wire.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

#define WORD_SIZE        8
#define PROTOCOL_VERSION 1

/* Marks that end the rows of a message. No row starts so: 14 and 15 are no types. */
#define ROWS_PART UINT64_C(0xeeeeeeeeeeeeeeee)
#define ROWS_DONE UINT64_C(0xffffffffffffffff)

enum request_type {
    REQUEST_LEADER = 0,
    REQUEST_CLIENT = 1,
    REQUEST_OPEN = 3,
    REQUEST_PREPARE = 4,
    REQUEST_EXEC = 5,
    REQUEST_QUERY = 6,
    REQUEST_FINALIZE = 7,
    REQUEST_EXEC_SQL = 8,
    REQUEST_QUERY_SQL = 9,
    REQUEST_INTERRUPT = 10,
};

enum value_type {
    VALUE_INTEGER = 1,
    VALUE_FLOAT = 2,
    VALUE_TEXT = 3,
    VALUE_BLOB = 4,
    VALUE_NULL = 5,
    VALUE_UNIXTIME = 9,
    VALUE_ISO8601 = 10,
    VALUE_BOOLEAN = 11,
};

/* -- Requests ------------------------------------------------------------ */

static void put_u32(struct buffer *out, uint32_t value)
{
    value = htole32(value);
    buffer_append(out, &value, sizeof value);
}

static void put_u64(struct buffer *out, uint64_t value)
{
    value = htole64(value);
    buffer_append(out, &value, sizeof value);
}

/* Zeros up to the next word; SIZE is that of what stands before. */
static void put_padding(struct buffer *out, size_t size)
{
    static const char zeros[WORD_SIZE];

    if (size % WORD_SIZE != 0) {
        buffer_append(out, zeros, WORD_SIZE - size % WORD_SIZE);
    }
}

static void put_text(struct buffer *out, const char *text, size_t size)
{
    buffer_append(out, text, size);
    buffer_append_char(out, '\0');
    put_padding(out, size + 1);
}

static void put_blob(struct buffer *out, const void *data, size_t size)
{
    put_u64(out, size);
    buffer_append(out, data, size);
    put_padding(out, size);
}

/* Starts a message; returns where, for end_message(). */
static size_t begin_message(struct buffer *out, enum request_type type)
{
    const uint8_t header[WIRE_HEADER_SIZE] = {[4] = (uint8_t)type};
    size_t start = out->size;

    buffer_append(out, header, sizeof header);
    return start;
}

/* Writes the length into the header, now that it is known. */
static void end_message(struct buffer *out, size_t start)
{
    size_t body_size;
    uint32_t words;

    if (buffer_failed(out)) {
        return;
    }
    body_size = out->size - start - WIRE_HEADER_SIZE;
    assert(body_size > 0 && body_size % WORD_SIZE == 0);
    words = htole32((uint32_t)(body_size / WORD_SIZE));
    memcpy(out->data + start, &words, sizeof words);
}

static void put_word_message(struct buffer *out, enum request_type type, uint64_t word)
{
    size_t start = begin_message(out, type);

    put_u64(out, word);
    end_message(out, start);
}

static void put_sql_message(struct buffer *out, enum request_type type, const char *sql)
{
    size_t start = begin_message(out, type);

    put_u64(out, WIRE_DB_ID);
    put_text(out, sql, strlen(sql));
    end_message(out, start);
}

void wire_encode_handshake(struct buffer *out)
{
    put_u64(out, PROTOCOL_VERSION);
}

void wire_encode_client(struct buffer *out, uint64_t client_id)
{
    put_word_message(out, REQUEST_CLIENT, client_id);
}

void wire_encode_leader(struct buffer *out)
{
    put_word_message(out, REQUEST_LEADER, 0);
}

void wire_encode_prepare(struct buffer *out, const char *sql)
{
    put_sql_message(out, REQUEST_PREPARE, sql);
}

void wire_encode_finalize(struct buffer *out, uint32_t stmt_id)
{
    size_t start = begin_message(out, REQUEST_FINALIZE);

    put_u32(out, WIRE_DB_ID);
    put_u32(out, stmt_id);
    end_message(out, start);
}

void wire_encode_exec_sql(struct buffer *out, const char *sql)
{
    put_sql_message(out, REQUEST_EXEC_SQL, sql);
}

void wire_encode_query_sql(struct buffer *out, const char *sql)
{
    put_sql_message(out, REQUEST_QUERY_SQL, sql);
}

void wire_encode_interrupt(struct buffer *out)
{
    put_word_message(out, REQUEST_INTERRUPT, WIRE_DB_ID);
}

int wire_encode_open(struct buffer *out, const char *name, struct error *error)
{
    const char *allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    size_t size = strlen(name);
    size_t start;

    if (size == 0 || size > WIRE_NAME_MAX || strspn(name, allowed) != size) {
        return error_set(error, ERROR_INVALID, "Invalid database name \"%s\"", name);
    }
    start = begin_message(out, REQUEST_OPEN);
    put_text(out, name, size);
    put_u64(out, 0);      /* Flags; not used. */
    put_text(out, "", 0); /* A VFS; not used. */
    end_message(out, start);
    return ERROR_NONE;
}

static uint8_t type_of(const struct db_value *value)
{
    switch (value->type) {
    case DB_INTEGER:
        return VALUE_INTEGER;
    case DB_FLOAT:
        return VALUE_FLOAT;
    case DB_TEXT:
        return VALUE_TEXT;
    case DB_BLOB:
        return VALUE_BLOB;
    case DB_NULL:
        break;
    }
    return VALUE_NULL;
}

static void put_value(struct buffer *out, const struct db_value *value)
{
    uint64_t bits;

    switch (value->type) {
    case DB_INTEGER:
        put_u64(out, (uint64_t)value->integer);
        break;
    case DB_FLOAT:
        memcpy(&bits, &value->real, sizeof bits);
        put_u64(out, bits);
        break;
    case DB_TEXT:
        put_text(out, value->bytes.data, value->bytes.size);
        break;
    case DB_BLOB:
        put_blob(out, value->bytes.data, value->bytes.size);
        break;
    case DB_NULL:
        put_u64(out, 0);
        break;
    }
}

static int check_params(const struct db_value *params, size_t n_params, struct error *error)
{
    if (n_params > WIRE_PARAMS_MAX) {
        return error_set(error, ERROR_INVALID, "%zu parameters are more than %d", n_params,
                         WIRE_PARAMS_MAX);
    }
    for (size_t i = 0; i < n_params; i++) {
        if (params[i].type == DB_TEXT && params[i].bytes.size > 0 &&
            memchr(params[i].bytes.data, '\0', params[i].bytes.size) != NULL) {
            return error_set(error, ERROR_INVALID, "Parameter %zu has a NUL within its text",
                             i + 1);
        }
    }
    return ERROR_NONE;
}

static int encode_run(struct buffer *out, enum request_type type, uint32_t stmt_id,
                      const struct db_value *params, size_t n_params, struct error *error)
{
    size_t start;
    int rv;

    rv = check_params(params, n_params, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    start = begin_message(out, type);
    put_u32(out, WIRE_DB_ID);
    put_u32(out, stmt_id);
    if (n_params > 0) {
        buffer_append_char(out, (char)n_params);
        for (size_t i = 0; i < n_params; i++) {
            buffer_append_char(out, (char)type_of(&params[i]));
        }
        put_padding(out, 1 + n_params);
        for (size_t i = 0; i < n_params; i++) {
            put_value(out, &params[i]);
        }
    }
    end_message(out, start);
    return ERROR_NONE;
}

int wire_encode_exec(struct buffer *out, uint32_t stmt_id, const struct db_value *params,
                     size_t n_params, struct error *error)
{
    return encode_run(out, REQUEST_EXEC, stmt_id, params, n_params, error);
}

int wire_encode_query(struct buffer *out, uint32_t stmt_id, const struct db_value *params,
                      size_t n_params, struct error *error)
{
    return encode_run(out, REQUEST_QUERY, stmt_id, params, n_params, error);
}

/* -- Responses ----------------------------------------------------------- */

/* What is left of a body. Each get_ returns false if that isn't there. */
struct cursor {
    const uint8_t *next;
    size_t size;
};

static bool get_u32(struct cursor *cursor, uint32_t *ret_value)
{
    uint32_t value;

    if (cursor->size < sizeof value) {
        return false;
    }
    memcpy(&value, cursor->next, sizeof value);
    cursor->next += sizeof value;
    cursor->size -= sizeof value;
    *ret_value = le32toh(value);
    return true;
}

static bool get_u64(struct cursor *cursor, uint64_t *ret_value)
{
    uint64_t value;

    if (cursor->size < sizeof value) {
        return false;
    }
    memcpy(&value, cursor->next, sizeof value);
    cursor->next += sizeof value;
    cursor->size -= sizeof value;
    *ret_value = le64toh(value);
    return true;
}

/* SIZE bytes and what pads them to a word. */
static bool get_bytes(struct cursor *cursor, uint64_t size, const uint8_t **ret_data)
{
    size_t padded;

    if (size > cursor->size) {
        return false;
    }
    padded = ((size_t)size + WORD_SIZE - 1) / WORD_SIZE * WORD_SIZE;
    if (padded > cursor->size) {
        return false;
    }
    *ret_data = cursor->next;
    cursor->next += padded;
    cursor->size -= padded;
    return true;
}

static bool get_text(struct cursor *cursor, const char **ret_text, size_t *ret_size)
{
    size_t size = strnlen((const char *)cursor->next, cursor->size);
    const uint8_t *data;

    if (size == cursor->size || !get_bytes(cursor, (uint64_t)size + 1, &data)) {
        return false;
    }
    *ret_text = (const char *)data;
    *ret_size = size;
    return true;
}

static struct cursor body_of(const struct wire_message *message)
{
    return (struct cursor){.next = message->body, .size = message->body_size};
}

static int malformed(struct error *error, const char *what)
{
    return error_set(error, ERROR_PROTOCOL, "The engine sent a malformed message: %s", what);
}

static int expect_type(const struct wire_message *message, enum wire_type type, struct error *error)
{
    if (message->type != type) {
        return error_set(error, ERROR_PROTOCOL, "The engine sent a message of type %u, not %u",
                         message->type, (unsigned)type);
    }
    return ERROR_NONE;
}

int wire_decode_header(const uint8_t header[WIRE_HEADER_SIZE], size_t body_size_max,
                       struct wire_header *ret_header, struct error *error)
{
    uint32_t words;

    memcpy(&words, header, sizeof words);
    words = le32toh(words);
    if (words == 0) {
        return malformed(error, "it is empty");
    }
    if (words > body_size_max / WORD_SIZE) {
        return error_set(error, ERROR_PROTOCOL,
                         "The engine announced a message of %llu bytes, more than %zu",
                         (unsigned long long)words * WORD_SIZE, body_size_max);
    }
    if (header[5] != 0) {
        return malformed(error, "unknown schema");
    }
    ret_header->type = header[4];
    ret_header->schema = header[5];
    ret_header->body_size = (size_t)words * WORD_SIZE;
    return ERROR_NONE;
}

int wire_decode_failure(const struct wire_message *message, struct wire_failure *ret_failure,
                        struct error *error)
{
    struct cursor cursor;
    size_t start;
    uint64_t code;
    const char *text;
    size_t size;
    int rv;

    rv = expect_type(message, WIRE_FAILURE, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (message->body_size < 2 * WORD_SIZE || message->body_size % WORD_SIZE != 0) {
        return malformed(error, "a failure is cut");
    }
    /* The last word belongs to the message. The words of a message that come
     * before have no zero byte; the code always has one. */
    start = message->body_size - 2 * WORD_SIZE;
    while (start > 0 && memchr(message->body + start, 0, WORD_SIZE) == NULL) {
        start -= WORD_SIZE;
    }
    cursor.next = message->body + start;
    cursor.size = message->body_size - start;
    if (!get_u64(&cursor, &code) || !get_text(&cursor, &text, &size) || cursor.size != 0) {
        return malformed(error, "a failure without an end");
    }
    ret_failure->code = code;
    ret_failure->message = text;
    return ERROR_NONE;
}

int wire_decode_server(const struct wire_message *message, struct wire_server *ret_server,
                       struct error *error)
{
    struct cursor cursor = body_of(message);
    uint64_t id;
    const char *address;
    size_t size;
    int rv;

    rv = expect_type(message, WIRE_SERVER, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!get_u64(&cursor, &id) || !get_text(&cursor, &address, &size) || cursor.size != 0) {
        return malformed(error, "a server is cut");
    }
    ret_server->id = id;
    ret_server->address = address;
    return ERROR_NONE;
}

int wire_decode_welcome(const struct wire_message *message, uint64_t *ret_heartbeat_ms,
                        struct error *error)
{
    struct cursor cursor = body_of(message);
    uint64_t heartbeat_ms;
    int rv;

    rv = expect_type(message, WIRE_WELCOME, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!get_u64(&cursor, &heartbeat_ms) || cursor.size != 0) {
        return malformed(error, "a welcome is cut");
    }
    *ret_heartbeat_ms = heartbeat_ms;
    return ERROR_NONE;
}

int wire_decode_db(const struct wire_message *message, uint32_t *ret_db_id, struct error *error)
{
    struct cursor cursor = body_of(message);
    uint32_t db_id;
    uint32_t padding;
    int rv;

    rv = expect_type(message, WIRE_DB, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!get_u32(&cursor, &db_id) || !get_u32(&cursor, &padding) || cursor.size != 0) {
        return malformed(error, "a database is cut");
    }
    *ret_db_id = db_id;
    return ERROR_NONE;
}

int wire_decode_stmt(const struct wire_message *message, struct wire_stmt *ret_stmt,
                     struct error *error)
{
    struct cursor cursor = body_of(message);
    uint32_t db_id;
    uint32_t id;
    uint64_t n_params;
    int rv;

    rv = expect_type(message, WIRE_STMT, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!get_u32(&cursor, &db_id) || !get_u32(&cursor, &id) || !get_u64(&cursor, &n_params) ||
        cursor.size != 0) {
        return malformed(error, "a statement is cut");
    }
    if (db_id != WIRE_DB_ID) {
        return malformed(error, "a statement of an unknown database");
    }
    ret_stmt->id = id;
    ret_stmt->n_params = n_params;
    return ERROR_NONE;
}

int wire_decode_result(const struct wire_message *message, struct wire_result *ret_result,
                       struct error *error)
{
    struct cursor cursor = body_of(message);
    uint64_t last_insert_id;
    uint64_t rows_affected;
    int rv;

    rv = expect_type(message, WIRE_RESULT, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!get_u64(&cursor, &last_insert_id) || !get_u64(&cursor, &rows_affected) ||
        cursor.size != 0) {
        return malformed(error, "a result is cut");
    }
    ret_result->last_insert_id = last_insert_id;
    ret_result->rows_affected = rows_affected;
    return ERROR_NONE;
}

int wire_decode_empty(const struct wire_message *message, struct error *error)
{
    struct cursor cursor = body_of(message);
    uint64_t word;
    int rv;

    rv = expect_type(message, WIRE_EMPTY, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!get_u64(&cursor, &word) || cursor.size != 0) {
        return malformed(error, "an empty answer is cut");
    }
    return ERROR_NONE;
}

int wire_rows_begin(const struct wire_message *message, struct wire_rows *ret_rows,
                    struct error *error)
{
    struct cursor cursor = body_of(message);
    uint64_t n_columns;
    int rv;

    rv = expect_type(message, WIRE_ROWS, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!get_u64(&cursor, &n_columns)) {
        return malformed(error, "rows without columns");
    }
    if (n_columns > WIRE_COLUMNS_MAX) {
        return malformed(error, "too many columns");
    }
    ret_rows->next = cursor.next;
    ret_rows->size = cursor.size;
    ret_rows->n_columns = (size_t)n_columns;
    return ERROR_NONE;
}

int wire_rows_column(struct wire_rows *rows, const char **ret_name, struct error *error)
{
    struct cursor cursor = {.next = rows->next, .size = rows->size};
    const char *name;
    size_t size;

    if (!get_text(&cursor, &name, &size)) {
        return malformed(error, "a column's name is cut");
    }
    rows->next = cursor.next;
    rows->size = cursor.size;
    *ret_name = name;
    return ERROR_NONE;
}

/* Returns false if the value isn't there or its type is unknown. */
static bool get_value(struct cursor *cursor, unsigned type, struct db_value *ret_value)
{
    struct db_value value = {.type = DB_NULL};
    const uint8_t *data;
    uint64_t word = 0;

    switch (type) {
    case VALUE_INTEGER:
    case VALUE_UNIXTIME:
    case VALUE_BOOLEAN:
        if (!get_u64(cursor, &word)) {
            return false;
        }
        value.type = DB_INTEGER;
        value.integer = type == VALUE_BOOLEAN ? word != 0 : (int64_t)word;
        break;
    case VALUE_FLOAT:
        if (!get_u64(cursor, &word)) {
            return false;
        }
        value.type = DB_FLOAT;
        memcpy(&value.real, &word, sizeof value.real);
        break;
    case VALUE_TEXT:
    case VALUE_ISO8601:
        value.type = DB_TEXT;
        if (!get_text(cursor, &value.bytes.data, &value.bytes.size)) {
            return false;
        }
        if (type == VALUE_ISO8601 && value.bytes.size == 0) {
            value = db_null();
        }
        break;
    case VALUE_BLOB:
        if (!get_u64(cursor, &word) || !get_bytes(cursor, word, &data)) {
            return false;
        }
        value = db_blob(data, (size_t)word);
        break;
    case VALUE_NULL:
        if (!get_u64(cursor, &word)) {
            return false;
        }
        break;
    default:
        return false;
    }
    *ret_value = value;
    return true;
}

int wire_rows_next(struct wire_rows *rows, struct db_value *values, enum wire_rows_state *ret_state,
                   struct error *error)
{
    struct cursor cursor = {.next = rows->next, .size = rows->size};
    struct cursor mark = cursor;
    const uint8_t *types;
    uint64_t word;

    if (!get_u64(&mark, &word)) {
        return malformed(error, "rows without an end");
    }
    if (word == ROWS_PART || word == ROWS_DONE) {
        if (mark.size != 0) {
            return malformed(error, "something stands behind the last row");
        }
        *ret_state = word == ROWS_PART ? WIRE_ROWS_PART : WIRE_ROWS_DONE;
        return ERROR_NONE;
    }
    if (rows->n_columns == 0) {
        return malformed(error, "a row without columns");
    }
    /* Two types a byte, the first in the low half. */
    if (!get_bytes(&cursor, (rows->n_columns + 1) / 2, &types)) {
        return malformed(error, "a row's types are cut");
    }
    for (size_t i = 0; i < rows->n_columns; i++) {
        unsigned type = i % 2 == 0 ? types[i / 2] & 0x0fU : types[i / 2] >> 4U;
        if (!get_value(&cursor, type, &values[i])) {
            return malformed(error, "a value is cut, or of an unknown type");
        }
    }
    rows->next = cursor.next;
    rows->size = cursor.size;
    *ret_state = WIRE_ROWS_ROW;
    return ERROR_NONE;
}
