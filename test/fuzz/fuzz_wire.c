/* Decodes the input as what an engine sends: messages of a header and a body.
 * What comes out must lie within the body it came from, and text must end. */
#include "base/arena.h"
#include "db/row_set.h"
#include "db/sql_error.h"
#include "db/wire.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_SIZE_MAX 4096
#define ROWS_MAX      64

#define CHECK(CONDITION)                                                                           \
    do {                                                                                           \
        if (!(CONDITION)) {                                                                        \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #CONDITION);          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether SIZE bytes at DATA lie within MESSAGE. */
static bool is_within(const struct wire_message *message, const void *data, size_t size)
{
    const uint8_t *start = data;

    return start >= message->body && size <= message->body_size &&
           (size_t)(start - message->body) <= message->body_size - size;
}

static void check_text(const struct wire_message *message, const char *text)
{
    CHECK(is_within(message, text, strlen(text) + 1));
}

static void check_value(const struct wire_message *message, const struct db_value *value)
{
    if (value->type == DB_TEXT) {
        check_text(message, value->bytes.data);
        CHECK(strlen(value->bytes.data) == value->bytes.size);
    } else if (value->type == DB_BLOB) {
        CHECK(is_within(message, value->bytes.data, value->bytes.size));
    }
}

static void decode_failure(const struct wire_message *message, struct error *error)
{
    struct wire_failure failure;

    if (wire_decode_failure(message, &failure, error) == ERROR_NONE) {
        check_text(message, failure.message);
        CHECK(sql_error_set(error, failure.code, "fuzz", failure.message) != ERROR_NONE);
    }
}

static void decode_server(const struct wire_message *message, struct error *error)
{
    struct wire_server server;

    if (wire_decode_server(message, &server, error) == ERROR_NONE) {
        check_text(message, server.address);
    }
}

static void decode_rows(const struct wire_message *message, struct error *error)
{
    struct db_value *values;
    enum wire_rows_state state = WIRE_ROWS_ROW;
    struct wire_rows rows;
    const char *name;
    int rv = wire_rows_begin(message, &rows, error);

    if (rv != ERROR_NONE) {
        return;
    }
    values = calloc(rows.n_columns + 1, sizeof *values);
    for (size_t i = 0; values != NULL && i < rows.n_columns && rv == ERROR_NONE; i++) {
        rv = wire_rows_column(&rows, &name, error);
        if (rv == ERROR_NONE) {
            check_text(message, name);
        }
    }
    while (values != NULL && rv == ERROR_NONE && state == WIRE_ROWS_ROW) {
        rv = wire_rows_next(&rows, values, &state, error);
        for (size_t i = 0; rv == ERROR_NONE && state == WIRE_ROWS_ROW && i < rows.n_columns; i++) {
            check_value(message, &values[i]);
        }
    }
    free(values);
}

/* Decodes a body, of whatever type; returns false if that isn't known. */
static bool decode_body(const struct wire_message *message, struct error *error)
{
    struct wire_stmt stmt;
    struct wire_result result;
    uint64_t word;
    uint32_t id;

    switch (message->type) {
    case WIRE_FAILURE:
        decode_failure(message, error);
        return true;
    case WIRE_SERVER:
        decode_server(message, error);
        return true;
    case WIRE_WELCOME:
        (void)wire_decode_welcome(message, &word, error);
        return true;
    case WIRE_DB:
        (void)wire_decode_db(message, &id, error);
        return true;
    case WIRE_STMT:
        (void)wire_decode_stmt(message, &stmt, error);
        return true;
    case WIRE_RESULT:
        (void)wire_decode_result(message, &result, error);
        return true;
    case WIRE_ROWS:
        decode_rows(message, error);
        return true;
    case WIRE_EMPTY:
        (void)wire_decode_empty(message, error);
        return true;
    default:
        return false;
    }
}

/* Gathers the rows of all ROWS messages, as a query does. */
static void gather(struct row_set *set, const struct wire_message *message, bool *gathering,
                   struct error *error)
{
    struct db_rows rows;
    bool done = false;

    if (!*gathering || message->type != WIRE_ROWS) {
        return;
    }
    *gathering = row_set_add(set, message, &done, error) == ERROR_NONE && !done;
    if (done && row_set_finish(set, &rows, error) == ERROR_NONE) {
        CHECK(rows.n_rows <= ROWS_MAX);
        for (size_t i = 0; i < rows.n_rows * rows.n_columns; i++) {
            if (rows.values[i].type == DB_TEXT) {
                CHECK(strlen(rows.values[i].bytes.data) == rows.values[i].bytes.size);
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = ERROR_INIT;
    struct wire_header header;
    struct wire_message message;
    struct arena arena = {0};
    struct row_set set;
    bool gathering = true;

    row_set_init(&set, &arena, ROWS_MAX);
    while (size >= WIRE_HEADER_SIZE &&
           wire_decode_header(data, BODY_SIZE_MAX, &header, &error) == ERROR_NONE) {
        CHECK(header.body_size > 0 && header.body_size <= BODY_SIZE_MAX);
        data += WIRE_HEADER_SIZE;
        size -= WIRE_HEADER_SIZE;
        /* A body that is cut is decoded as well: it must be refused, not over-read. */
        message.type = header.type;
        message.body = data;
        message.body_size = header.body_size < size ? header.body_size : size;
        if (!decode_body(&message, &error)) {
            break;
        }
        gather(&set, &message, &gathering, &error);
        data += message.body_size;
        size -= message.body_size;
    }
    row_set_close(&set);
    arena_close(&arena);
    return 0;
}
