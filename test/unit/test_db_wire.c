/* The wire codec, against bytes written out by hand. */
#include "db/wire.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_MAX (16 * 1024 * 1024)

/* A body as a literal, without the literal's NUL. */
#define MESSAGE(TYPE, LITERAL)                                                                     \
    {                                                                                              \
        .type = (TYPE), .body = (const uint8_t *)(LITERAL), .body_size = sizeof(LITERAL) - 1       \
    }

#define assert_encoded(BUFFER, LITERAL)                                                            \
    do {                                                                                           \
        assert_false(buffer_failed(BUFFER));                                                       \
        assert_int_equal((BUFFER)->size, sizeof(LITERAL) - 1);                                     \
        assert_memory_equal((BUFFER)->data, LITERAL, sizeof(LITERAL) - 1);                         \
        buffer_close(BUFFER);                                                                      \
    } while (0)

/* -- Requests ---------------------------------------------------------------- */

static void requests_of_one_word(void **state)
{
    struct buffer out = {0};

    (void)state;
    wire_encode_handshake(&out);
    assert_encoded(&out, "\1\0\0\0\0\0\0\0");
    wire_encode_client(&out, 0x0102);
    assert_encoded(&out, "\1\0\0\0\1\0\0\0"
                         "\2\1\0\0\0\0\0\0");
    wire_encode_leader(&out);
    assert_encoded(&out, "\1\0\0\0\0\0\0\0"
                         "\0\0\0\0\0\0\0\0");
    wire_encode_interrupt(&out);
    assert_encoded(&out, "\1\0\0\0\12\0\0\0"
                         "\0\0\0\0\0\0\0\0");
    wire_encode_finalize(&out, 0x11223344);
    assert_encoded(&out, "\1\0\0\0\7\0\0\0"
                         "\0\0\0\0\x44\x33\x22\x11");
}

static void requests_with_text(void **state)
{
    struct buffer out = {0};
    struct error error = ERROR_INIT;

    (void)state;
    assert_int_equal(wire_encode_open(&out, "db", &error), ERROR_NONE);
    assert_encoded(&out, "\3\0\0\0\3\0\0\0"
                         "db\0\0\0\0\0\0"
                         "\0\0\0\0\0\0\0\0"
                         "\0\0\0\0\0\0\0\0");
    wire_encode_prepare(&out, "BEGIN");
    assert_encoded(&out, "\2\0\0\0\4\0\0\0"
                         "\0\0\0\0\0\0\0\0"
                         "BEGIN\0\0\0");
    /* Seven bytes and the NUL fill a word, eight take another. */
    wire_encode_exec_sql(&out, "1234567");
    assert_encoded(&out, "\2\0\0\0\10\0\0\0"
                         "\0\0\0\0\0\0\0\0"
                         "1234567\0");
    wire_encode_query_sql(&out, "12345678");
    assert_encoded(&out, "\3\0\0\0\11\0\0\0"
                         "\0\0\0\0\0\0\0\0"
                         "12345678\0\0\0\0\0\0\0\0");
}

static void requests_with_parameters(void **state)
{
    const struct db_value params[] = {db_integer(-2), db_float(1.5),        db_text("hello"),
                                      db_null(),      db_blob("\0\1\2", 3), db_text(""),
                                      db_blob("", 0), db_integer(1)};
    struct buffer out = {0};
    struct error error = ERROR_INIT;

    (void)state;
    assert_int_equal(wire_encode_exec(&out, 9, NULL, 0, &error), ERROR_NONE);
    assert_encoded(&out, "\1\0\0\0\5\0\0\0"
                         "\0\0\0\0\11\0\0\0");
    assert_int_equal(wire_encode_query(&out, 9, params, 7, &error), ERROR_NONE);
    assert_encoded(&out, "\12\0\0\0\6\0\0\0"
                         "\0\0\0\0\11\0\0\0"
                         "\7\1\2\3\5\4\3\4"
                         "\xfe\xff\xff\xff\xff\xff\xff\xff"
                         "\0\0\0\0\0\0\xf8\x3f"
                         "hello\0\0\0"
                         "\0\0\0\0\0\0\0\0"
                         "\3\0\0\0\0\0\0\0"
                         "\0\1\2\0\0\0\0\0"
                         "\0\0\0\0\0\0\0\0"
                         "\0\0\0\0\0\0\0\0");
    /* The eighth type starts a second word. */
    assert_int_equal(wire_encode_exec(&out, 1, params, 8, &error), ERROR_NONE);
    assert_memory_equal(out.data + 16,
                        "\10\1\2\3\5\4\3\4"
                        "\1\0\0\0\0\0\0\0",
                        16);
    buffer_close(&out);
}

static void bad_requests_are_refused(void **state)
{
    static struct db_value params[WIRE_PARAMS_MAX + 1];
    const struct db_value nul = {.type = DB_TEXT, .bytes = {"a\0", 2}};
    char name[WIRE_NAME_MAX + 2];
    struct buffer out = {0};
    struct error error = ERROR_INIT;

    (void)state;
    assert_int_equal(wire_encode_exec(&out, 1, params, WIRE_PARAMS_MAX + 1, &error), ERROR_INVALID);
    assert_int_equal(wire_encode_query(&out, 1, &nul, 1, &error), ERROR_INVALID);
    assert_int_equal(wire_encode_open(&out, "", &error), ERROR_INVALID);
    assert_int_equal(wire_encode_open(&out, "file:x?y", &error), ERROR_INVALID);
    memset(name, 'n', sizeof name);
    name[WIRE_NAME_MAX + 1] = '\0';
    assert_int_equal(wire_encode_open(&out, name, &error), ERROR_INVALID);
    assert_int_equal(out.size, 0);
    name[WIRE_NAME_MAX] = '\0';
    assert_int_equal(wire_encode_open(&out, name, &error), ERROR_NONE);
    buffer_reset(&out);
    for (size_t i = 0; i < WIRE_PARAMS_MAX; i++) {
        params[i] = db_integer((int64_t)i);
    }
    assert_int_equal(wire_encode_exec(&out, 1, params, WIRE_PARAMS_MAX, &error), ERROR_NONE);
    assert_int_equal(out.size, 8 + 8 + 256 + 8 * WIRE_PARAMS_MAX);
    assert_int_equal((uint8_t)out.data[16], WIRE_PARAMS_MAX);
    buffer_close(&out);
}

/* -- Headers and fixed answers ------------------------------------------------ */

static void headers(void **state)
{
    struct wire_header header;
    struct error error = ERROR_INIT;

    (void)state;
    assert_int_equal(
        wire_decode_header((const uint8_t *)"\2\1\0\0\7\0\0\0", BODY_MAX, &header, &error),
        ERROR_NONE);
    assert_int_equal(header.type, WIRE_ROWS);
    assert_int_equal(header.body_size, 0x102 * 8);
    assert_int_equal(
        wire_decode_header((const uint8_t *)"\0\0\0\0\7\0\0\0", BODY_MAX, &header, &error),
        ERROR_PROTOCOL);
    assert_int_equal(
        wire_decode_header((const uint8_t *)"\1\0\0\0\7\1\0\0", BODY_MAX, &header, &error),
        ERROR_PROTOCOL);
    assert_int_equal(
        wire_decode_header((const uint8_t *)"\xff\xff\xff\xff\7\0\0\0", BODY_MAX, &header, &error),
        ERROR_PROTOCOL);
    assert_int_equal(wire_decode_header((const uint8_t *)"\2\0\0\0\7\0\0\0", 16, &header, &error),
                     ERROR_NONE);
    assert_int_equal(wire_decode_header((const uint8_t *)"\3\0\0\0\7\0\0\0", 16, &header, &error),
                     ERROR_PROTOCOL);
}

static void fixed_answers(void **state)
{
    const struct wire_message server = MESSAGE(WIRE_SERVER, "\3\0\0\0\0\0\0\0"
                                                            "1.2.3.4:9000\0\0\0\0");
    const struct wire_message welcome = MESSAGE(WIRE_WELCOME, "\x98\x3a\0\0\0\0\0\0");
    const struct wire_message db = MESSAGE(WIRE_DB, "\5\0\0\0\0\0\0\0");
    const struct wire_message stmt = MESSAGE(WIRE_STMT, "\0\0\0\0\7\0\0\0"
                                                        "\2\0\0\0\0\0\0\0");
    const struct wire_message result = MESSAGE(WIRE_RESULT, "\xff\xff\xff\xff\xff\xff\xff\xff"
                                                            "\3\0\0\0\0\0\0\0");
    const struct wire_message empty = MESSAGE(WIRE_EMPTY, "\0\0\0\0\0\0\0\0");
    struct wire_server got_server;
    struct wire_stmt got_stmt;
    struct wire_result got_result;
    uint64_t heartbeat_ms;
    uint32_t db_id;
    struct error error = ERROR_INIT;

    (void)state;
    assert_int_equal(wire_decode_server(&server, &got_server, &error), ERROR_NONE);
    assert_int_equal(got_server.id, 3);
    assert_string_equal(got_server.address, "1.2.3.4:9000");
    assert_int_equal(wire_decode_welcome(&welcome, &heartbeat_ms, &error), ERROR_NONE);
    assert_int_equal(heartbeat_ms, 15000);
    assert_int_equal(wire_decode_db(&db, &db_id, &error), ERROR_NONE);
    assert_int_equal(db_id, 5);
    assert_int_equal(wire_decode_stmt(&stmt, &got_stmt, &error), ERROR_NONE);
    assert_int_equal(got_stmt.id, 7);
    assert_int_equal(got_stmt.n_params, 2);
    assert_int_equal(wire_decode_result(&result, &got_result, &error), ERROR_NONE);
    assert_int_equal((int64_t)got_result.last_insert_id, -1);
    assert_int_equal(got_result.rows_affected, 3);
    assert_int_equal(wire_decode_empty(&empty, &error), ERROR_NONE);
}

static void failures(void **state)
{
    static const struct {
        struct wire_message message;
        uint64_t code;
        const char *text;
    } cases[] = {
        {MESSAGE(WIRE_FAILURE, "\x0a\x28\0\0\0\0\0\0"
                               "not lead"
                               "er\0\0\0\0\0\0"),
         10250, "not leader"},
        {MESSAGE(WIRE_FAILURE, "\1\0\0\0\0\0\0\0"
                               "\0\0\0\0\0\0\0\0"),
         1, ""},
        {MESSAGE(WIRE_FAILURE, "\1\0\0\0\0\0\0\0"
                               "1234567\0"),
         1, "1234567"},
        {MESSAGE(WIRE_FAILURE, "\1\0\0\0\0\0\0\0"
                               "12345678"
                               "\0\0\0\0\0\0\0\0"),
         1, "12345678"},
        /* Behind one column, "n", and a row of it. */
        {MESSAGE(WIRE_FAILURE, "\1\0\0\0\0\0\0\0"
                               "n\0\0\0\0\0\0\0"
                               "\1\0\0\0\0\0\0\0"
                               "\5\0\0\0\0\0\0\0"
                               "\1\0\0\0\0\0\0\0"
                               "integer "
                               "overflow"
                               "\0\0\0\0\0\0\0\0"),
         1, "integer overflow"},
    };
    static const struct wire_message bad[] = {
        MESSAGE(WIRE_FAILURE, "\1\0\0\0\0\0\0\0"),
        MESSAGE(WIRE_FAILURE, "\1\0\0\0\0\0\0\0"
                              "12345678"),
        MESSAGE(WIRE_FAILURE, "12345678"
                              "12345678"),
        MESSAGE(WIRE_RESULT, "\1\0\0\0\0\0\0\0"
                             "a\0\0\0\0\0\0\0"),
    };
    struct wire_failure failure;
    struct error error = ERROR_INIT;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(wire_decode_failure(&cases[i].message, &failure, &error), ERROR_NONE);
        assert_int_equal(failure.code, cases[i].code);
        assert_string_equal(failure.message, cases[i].text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(wire_decode_failure(&bad[i], &failure, &error), ERROR_PROTOCOL);
    }
}

/* -- Rows ---------------------------------------------------------------------- */

/* Two columns; a row of each pair of types; more to come. */
static const char rows_bytes[] = "\2\0\0\0\0\0\0\0"
                                 "id\0\0\0\0\0\0"
                                 "long nam"
                                 "e\0\0\0\0\0\0\0"
                                 "\x31\0\0\0\0\0\0\0"
                                 "\xff\xff\xff\xff\xff\xff\xff\xff"
                                 "abc\0\0\0\0\0"
                                 "\x24\0\0\0\0\0\0\0"
                                 "\11\0\0\0\0\0\0\0"
                                 "12345678"
                                 "9junk12\0"
                                 "\0\0\0\0\0\0\xf8\x3f"
                                 "\xb5\0\0\0\0\0\0\0"
                                 "\0\0\0\0\0\0\0\0"
                                 "\5\0\0\0\0\0\0\0"
                                 "\xa9\0\0\0\0\0\0\0"
                                 "\1\0\0\0\0\0\0\0"
                                 "2026\0\0\0\0"
                                 "\x3a\0\0\0\0\0\0\0"
                                 "\0\0\0\0\0\0\0\0"
                                 "\0\0\0\0\0\0\0\0"
                                 "\xee\xee\xee\xee\xee\xee\xee\xee";

static void rows_of_all_types(void **state)
{
    const struct wire_message message = MESSAGE(WIRE_ROWS, rows_bytes);
    struct db_value values[2];
    enum wire_rows_state rows_state;
    struct wire_rows rows;
    const char *name;
    struct error error = ERROR_INIT;

    (void)state;
    assert_int_equal(wire_rows_begin(&message, &rows, &error), ERROR_NONE);
    assert_int_equal(rows.n_columns, 2);
    assert_int_equal(wire_rows_column(&rows, &name, &error), ERROR_NONE);
    assert_string_equal(name, "id");
    assert_int_equal(wire_rows_column(&rows, &name, &error), ERROR_NONE);
    assert_string_equal(name, "long name");

    assert_int_equal(wire_rows_next(&rows, values, &rows_state, &error), ERROR_NONE);
    assert_int_equal(rows_state, WIRE_ROWS_ROW);
    assert_int_equal(values[0].type, DB_INTEGER);
    assert_int_equal(values[0].integer, -1);
    assert_int_equal(values[1].type, DB_TEXT);
    assert_string_equal(values[1].bytes.data, "abc");
    assert_int_equal(values[1].bytes.size, 3);

    assert_int_equal(wire_rows_next(&rows, values, &rows_state, &error), ERROR_NONE);
    assert_int_equal(values[0].type, DB_BLOB);
    assert_int_equal(values[0].bytes.size, 9);
    assert_memory_equal(values[0].bytes.data, "123456789", 9);
    assert_int_equal(values[1].type, DB_FLOAT);
    assert_true(values[1].real == 1.5);

    assert_int_equal(wire_rows_next(&rows, values, &rows_state, &error), ERROR_NONE);
    assert_int_equal(values[0].type, DB_NULL);
    assert_int_equal(values[1].type, DB_INTEGER); /* BOOLEAN */
    assert_int_equal(values[1].integer, 1);

    assert_int_equal(wire_rows_next(&rows, values, &rows_state, &error), ERROR_NONE);
    assert_int_equal(values[0].type, DB_INTEGER); /* UNIXTIME */
    assert_int_equal(values[0].integer, 1);
    assert_int_equal(values[1].type, DB_TEXT); /* ISO8601 */
    assert_string_equal(values[1].bytes.data, "2026");

    assert_int_equal(wire_rows_next(&rows, values, &rows_state, &error), ERROR_NONE);
    assert_int_equal(values[0].type, DB_NULL); /* ISO8601 of nothing */
    assert_int_equal(values[1].type, DB_TEXT);
    assert_int_equal(values[1].bytes.size, 0);

    assert_int_equal(wire_rows_next(&rows, values, &rows_state, &error), ERROR_NONE);
    assert_int_equal(rows_state, WIRE_ROWS_PART);
}

/* Decodes all of MESSAGE; the number of rows, or -1. At most four columns. */
static int decode_rows(const struct wire_message *message, enum wire_rows_state *ret_state)
{
    struct db_value values[4];
    struct wire_rows rows;
    const char *name;
    struct error error = ERROR_INIT;
    int n = 0;

    if (wire_rows_begin(message, &rows, &error) != ERROR_NONE) {
        return -1;
    }
    for (size_t i = 0; i < rows.n_columns; i++) {
        if (wire_rows_column(&rows, &name, &error) != ERROR_NONE) {
            return -1;
        }
    }
    assert_true(rows.n_columns <= 4);
    for (;;) {
        if (wire_rows_next(&rows, values, ret_state, &error) != ERROR_NONE) {
            assert_int_equal(error.code, ERROR_PROTOCOL);
            return -1;
        }
        if (*ret_state != WIRE_ROWS_ROW) {
            return n;
        }
        n++;
    }
}

static void rows_without_columns_or_rows(void **state)
{
    const struct wire_message nothing = MESSAGE(WIRE_ROWS, "\0\0\0\0\0\0\0\0"
                                                           "\xff\xff\xff\xff\xff\xff\xff\xff");
    const struct wire_message no_rows = MESSAGE(WIRE_ROWS, "\1\0\0\0\0\0\0\0"
                                                           "a\0\0\0\0\0\0\0"
                                                           "\xff\xff\xff\xff\xff\xff\xff\xff");
    enum wire_rows_state rows_state = WIRE_ROWS_ROW;

    (void)state;
    assert_int_equal(decode_rows(&nothing, &rows_state), 0);
    assert_int_equal(rows_state, WIRE_ROWS_DONE);
    rows_state = WIRE_ROWS_ROW;
    assert_int_equal(decode_rows(&no_rows, &rows_state), 0);
    assert_int_equal(rows_state, WIRE_ROWS_DONE);
}

static void malformed_rows_are_refused(void **state)
{
    static const struct wire_message bad[] = {
        /* More columns than there can be, than there are bytes for, and none for a row. */
        MESSAGE(WIRE_ROWS, "\xff\xff\xff\xff\xff\xff\xff\xff"
                           "a\0\0\0\0\0\0\0"),
        MESSAGE(WIRE_ROWS, "\xff\x7f\0\0\0\0\0\0"
                           "a\0\0\0\0\0\0\0"),
        MESSAGE(WIRE_ROWS, "\0\0\0\0\0\0\0\0"
                           "\1\0\0\0\0\0\0\0"),
        /* A type that doesn't exist: 0, 6 and 12. */
        MESSAGE(WIRE_ROWS, "\1\0\0\0\0\0\0\0"
                           "a\0\0\0\0\0\0\0"
                           "\0\0\0\0\0\0\0\0"
                           "\0\0\0\0\0\0\0\0"
                           "\xff\xff\xff\xff\xff\xff\xff\xff"),
        MESSAGE(WIRE_ROWS, "\1\0\0\0\0\0\0\0"
                           "a\0\0\0\0\0\0\0"
                           "\6\0\0\0\0\0\0\0"
                           "\0\0\0\0\0\0\0\0"
                           "\xff\xff\xff\xff\xff\xff\xff\xff"),
        MESSAGE(WIRE_ROWS, "\1\0\0\0\0\0\0\0"
                           "a\0\0\0\0\0\0\0"
                           "\14\0\0\0\0\0\0\0"
                           "\0\0\0\0\0\0\0\0"
                           "\xff\xff\xff\xff\xff\xff\xff\xff"),
        /* A blob that is longer than the message, nearly and by far; one whose
         * padding is missing, and text without an end. */
        MESSAGE(WIRE_ROWS, "\1\0\0\0\0\0\0\0"
                           "a\0\0\0\0\0\0\0"
                           "\4\0\0\0\0\0\0\0"
                           "\11\0\0\0\0\0\0\0"
                           "\xff\xff\xff\xff\xff\xff\xff\xff"),
        MESSAGE(WIRE_ROWS, "\1\0\0\0\0\0\0\0"
                           "a\0\0\0\0\0\0\0"
                           "\4\0\0\0\0\0\0\0"
                           "\xff\xff\xff\xff\xff\xff\xff\xff"
                           "\xff\xff\xff\xff\xff\xff\xff\xff"),
        MESSAGE(WIRE_ROWS, "\1\0\0\0\0\0\0\0"
                           "a\0\0\0\0\0\0\0"
                           "\4\0\0\0\0\0\0\0"
                           "\4\0\0\0\0\0\0\0"
                           "abcd"),
        MESSAGE(WIRE_ROWS, "\1\0\0\0\0\0\0\0"
                           "a\0\0\0\0\0\0\0"
                           "\3\0\0\0\0\0\0\0"
                           "\xff\xff\xff\xff\xff\xff\xff\xff"),
        /* Something behind the end, and no end. */
        MESSAGE(WIRE_ROWS, "\1\0\0\0\0\0\0\0"
                           "a\0\0\0\0\0\0\0"
                           "\xff\xff\xff\xff\xff\xff\xff\xff"
                           "\0\0\0\0\0\0\0\0"),
        MESSAGE(WIRE_ROWS, "\1\0\0\0\0\0\0\0"
                           "a\0\0\0\0\0\0\0"),
        MESSAGE(WIRE_EMPTY, "\0\0\0\0\0\0\0\0"
                            "\xff\xff\xff\xff\xff\xff\xff\xff"),
    };
    enum wire_rows_state rows_state;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (decode_rows(&bad[i], &rows_state) != -1) {
            fail_msg("case %zu was taken", i);
        }
    }
}

/* -- Truncation ------------------------------------------------------------------ */

/* Whether MESSAGE decodes as what its type says. */
static bool decodes(const struct wire_message *message)
{
    enum wire_rows_state rows_state;
    struct wire_failure failure;
    struct wire_server server;
    struct wire_stmt stmt;
    struct wire_result result;
    struct error error = ERROR_INIT;
    uint64_t word;
    uint32_t id;

    switch (message->type) {
    case WIRE_FAILURE:
        return wire_decode_failure(message, &failure, &error) == ERROR_NONE;
    case WIRE_SERVER:
        return wire_decode_server(message, &server, &error) == ERROR_NONE;
    case WIRE_WELCOME:
        return wire_decode_welcome(message, &word, &error) == ERROR_NONE;
    case WIRE_DB:
        return wire_decode_db(message, &id, &error) == ERROR_NONE;
    case WIRE_STMT:
        return wire_decode_stmt(message, &stmt, &error) == ERROR_NONE;
    case WIRE_RESULT:
        return wire_decode_result(message, &result, &error) == ERROR_NONE;
    case WIRE_ROWS:
        return decode_rows(message, &rows_state) >= 0;
    case WIRE_EMPTY:
        return wire_decode_empty(message, &error) == ERROR_NONE;
    default:
        return false;
    }
}

/* Each cut copy has memory of its own, so that a sanitizer sees an over-read. */
static void every_truncation_is_refused(void **state)
{
    static const struct wire_message messages[] = {
        MESSAGE(WIRE_FAILURE, "\1\0\0\0\0\0\0\0"
                              "no\0\0\0\0\0\0"),
        MESSAGE(WIRE_SERVER, "\3\0\0\0\0\0\0\0"
                             "1.2.3.4:9000\0\0\0\0"),
        MESSAGE(WIRE_WELCOME, "\x98\x3a\0\0\0\0\0\0"),
        MESSAGE(WIRE_DB, "\0\0\0\0\0\0\0\0"),
        MESSAGE(WIRE_STMT, "\0\0\0\0\7\0\0\0"
                           "\2\0\0\0\0\0\0\0"),
        MESSAGE(WIRE_RESULT, "\1\0\0\0\0\0\0\0"
                             "\3\0\0\0\0\0\0\0"),
        MESSAGE(WIRE_ROWS, rows_bytes),
        MESSAGE(WIRE_EMPTY, "\0\0\0\0\0\0\0\0"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        assert_true(decodes(&messages[i]));
        for (size_t size = 0; size < messages[i].body_size; size++) {
            uint8_t *copy = malloc(size == 0 ? 1 : size);
            struct wire_message cut = {.type = messages[i].type, .body = copy, .body_size = size};
            assert_non_null(copy);
            memcpy(copy, messages[i].body, size);
            if (decodes(&cut)) {
                fail_msg("type %u was taken with %zu bytes", cut.type, size);
            }
            free(copy);
        }
    }
}

static void wrong_types_are_refused(void **state)
{
    const struct wire_message message = MESSAGE(11, "\0\0\0\0\0\0\0\0"
                                                    "\0\0\0\0\0\0\0\0");
    struct wire_failure failure;
    struct wire_server server;
    struct wire_stmt stmt;
    struct wire_result result;
    struct wire_rows rows;
    struct error error = ERROR_INIT;
    uint64_t word;
    uint32_t id;

    (void)state;
    assert_int_equal(wire_decode_failure(&message, &failure, &error), ERROR_PROTOCOL);
    assert_string_equal(error.message, "The engine sent a message of type 11, not 0");
    assert_int_equal(wire_decode_server(&message, &server, &error), ERROR_PROTOCOL);
    assert_int_equal(wire_decode_welcome(&message, &word, &error), ERROR_PROTOCOL);
    assert_int_equal(wire_decode_db(&message, &id, &error), ERROR_PROTOCOL);
    assert_int_equal(wire_decode_stmt(&message, &stmt, &error), ERROR_PROTOCOL);
    assert_int_equal(wire_decode_result(&message, &result, &error), ERROR_PROTOCOL);
    assert_int_equal(wire_rows_begin(&message, &rows, &error), ERROR_PROTOCOL);
    assert_int_equal(wire_decode_empty(&message, &error), ERROR_PROTOCOL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_of_one_word),
        cmocka_unit_test(requests_with_text),
        cmocka_unit_test(requests_with_parameters),
        cmocka_unit_test(bad_requests_are_refused),
        cmocka_unit_test(headers),
        cmocka_unit_test(fixed_answers),
        cmocka_unit_test(failures),
        cmocka_unit_test(rows_of_all_types),
        cmocka_unit_test(rows_without_columns_or_rows),
        cmocka_unit_test(malformed_rows_are_refused),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(wrong_types_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
