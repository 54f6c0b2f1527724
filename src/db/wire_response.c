#include "db/wire.h"

#include "db/wire_internal.h"

#include <endian.h>
#include <string.h>

/* Marks that end the rows of a message. No row starts so: 14 and 15 are no types. */
#define ROWS_PART UINT64_C(0xeeeeeeeeeeeeeeee)
#define ROWS_DONE UINT64_C(0xffffffffffffffff)

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
    padded = ((size_t)size + WIRE_WORD_SIZE - 1) / WIRE_WORD_SIZE * WIRE_WORD_SIZE;
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
    if (words > body_size_max / WIRE_WORD_SIZE) {
        return error_set(error, ERROR_PROTOCOL,
                         "The engine announced a message of %llu bytes, more than %zu",
                         (unsigned long long)words * WIRE_WORD_SIZE, body_size_max);
    }
    if (header[5] != 0) {
        return malformed(error, "unknown schema");
    }
    ret_header->type = header[4];
    ret_header->schema = header[5];
    ret_header->body_size = (size_t)words * WIRE_WORD_SIZE;
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
    if (message->body_size < 2 * WIRE_WORD_SIZE || message->body_size % WIRE_WORD_SIZE != 0) {
        return malformed(error, "a failure is cut");
    }
    /* The last word belongs to the message. The words of a message that come
     * before have no zero byte; the code always has one. */
    start = message->body_size - 2 * WIRE_WORD_SIZE;
    while (start > 0 && memchr(message->body + start, 0, WIRE_WORD_SIZE) == NULL) {
        start -= WIRE_WORD_SIZE;
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
    case WIRE_VALUE_INTEGER:
    case WIRE_VALUE_UNIXTIME:
    case WIRE_VALUE_BOOLEAN:
        if (!get_u64(cursor, &word)) {
            return false;
        }
        value.type = DB_INTEGER;
        value.integer = type == WIRE_VALUE_BOOLEAN ? word != 0 : (int64_t)word;
        break;
    case WIRE_VALUE_FLOAT:
        if (!get_u64(cursor, &word)) {
            return false;
        }
        value.type = DB_FLOAT;
        memcpy(&value.real, &word, sizeof value.real);
        break;
    case WIRE_VALUE_TEXT:
    case WIRE_VALUE_ISO8601:
        value.type = DB_TEXT;
        if (!get_text(cursor, &value.bytes.data, &value.bytes.size)) {
            return false;
        }
        if (type == WIRE_VALUE_ISO8601 && value.bytes.size == 0) {
            value = db_null();
        }
        break;
    case WIRE_VALUE_BLOB:
        if (!get_u64(cursor, &word) || !get_bytes(cursor, word, &data)) {
            return false;
        }
        value = db_blob(data, (size_t)word);
        break;
    case WIRE_VALUE_NULL:
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
