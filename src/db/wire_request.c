#include "db/wire.h"

#include "db/wire_internal.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

#define PROTOCOL_VERSION 1

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
    static const char zeros[WIRE_WORD_SIZE];

    if (size % WIRE_WORD_SIZE != 0) {
        buffer_append(out, zeros, WIRE_WORD_SIZE - size % WIRE_WORD_SIZE);
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
    assert(body_size > 0 && body_size % WIRE_WORD_SIZE == 0);
    words = htole32((uint32_t)(body_size / WIRE_WORD_SIZE));
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
        return WIRE_VALUE_INTEGER;
    case DB_FLOAT:
        return WIRE_VALUE_FLOAT;
    case DB_TEXT:
        return WIRE_VALUE_TEXT;
    case DB_BLOB:
        return WIRE_VALUE_BLOB;
    case DB_NULL:
        break;
    }
    return WIRE_VALUE_NULL;
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
