/* The codec of Raft's requests, against bytes written out by hand. */
#include "db/wire_raft.h"
#include "test/lib/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#define assert_encoded(BUFFER, LITERAL)                                                            \
    do {                                                                                           \
        assert_false(buffer_failed(BUFFER));                                                       \
        assert_int_equal((BUFFER)->size, sizeof(LITERAL) - 1);                                     \
        assert_memory_equal((BUFFER)->data, LITERAL, sizeof(LITERAL) - 1);                         \
        buffer_close(BUFFER);                                                                      \
    } while (0)

static void requests_are_encoded(void **state)
{
    struct buffer out = {0};

    (void)state;
    wire_encode_assign(&out, 0x0102, 2);
    assert_encoded(&out, "\2\0\0\0\15\0\0\0"
                         "\2\1\0\0\0\0\0\0"
                         "\2\0\0\0\0\0\0\0");
    wire_encode_remove(&out, 3);
    assert_encoded(&out, "\1\0\0\0\16\0\0\0"
                         "\3\0\0\0\0\0\0\0");
    wire_encode_cluster(&out);
    assert_encoded(&out, "\1\0\0\0\20\0\0\0"
                         "\1\0\0\0\0\0\0\0");
    wire_encode_transfer(&out, 5);
    assert_encoded(&out, "\1\0\0\0\21\0\0\0"
                         "\5\0\0\0\0\0\0\0");
    /* Seven bytes and the NUL fill a word, eight take another. */
    wire_encode_add(&out, 4, "@234567");
    assert_encoded(&out, "\2\0\0\0\14\0\0\0"
                         "\4\0\0\0\0\0\0\0"
                         "@234567\0");
    wire_encode_add(&out, 4, "@2345678");
    assert_encoded(&out, "\3\0\0\0\14\0\0\0"
                         "\4\0\0\0\0\0\0\0"
                         "@2345678\0\0\0\0\0\0\0\0");
}

#define TWO_SERVERS                                                                                \
    "\2\0\0\0\0\0\0\0"                                                                             \
    "\1\0\0\0\0\0\0\0"                                                                             \
    "@234567\0"                                                                                    \
    "\0\0\0\0\0\0\0\0"                                                                             \
    "\7\0\0\0\0\0\0\0"                                                                             \
    "@2345678\0\0\0\0\0\0\0\0"                                                                     \
    "\2\0\0\0\0\0\0\0"

static void servers_are_decoded(void **state)
{
    static const char body[] = TWO_SERVERS;
    const struct wire_message message = {
        .type = WIRE_SERVERS, .body = (const uint8_t *)body, .body_size = sizeof body - 1};
    struct wire_servers servers;
    struct wire_cluster_server server;
    struct error error = ERROR_INIT;

    (void)state;
    assert_int_equal(wire_servers_begin(&message, &servers, &error), ERROR_NONE);
    assert_int_equal(servers.n_servers, 2);
    assert_int_equal(wire_servers_next(&servers, &server, &error), ERROR_NONE);
    assert_int_equal(server.id, 1);
    assert_string_equal(server.address, "@234567");
    assert_int_equal(server.role, 0);
    assert_int_equal(wire_servers_next(&servers, &server, &error), ERROR_NONE);
    assert_int_equal(server.id, 7);
    assert_string_equal(server.address, "@2345678");
    assert_int_equal(server.role, 2);
    assert_int_equal(servers.n_servers, 0);
}

/* Reads all of BODY, which must end in ERROR_PROTOCOL. Each body is in memory of just its size,
 * so that the address sanitizer sees what is read behind it. */
static void assert_malformed(uint8_t type, const void *body, size_t size)
{
    uint8_t *copy = malloc(size);
    const struct wire_message message = {.type = type, .body = copy, .body_size = size};
    struct wire_servers servers;
    struct wire_cluster_server server;
    struct error error = ERROR_INIT;
    int code;

    assert_non_null(copy);
    memcpy(copy, body, size);
    code = wire_servers_begin(&message, &servers, &error);
    while (code == ERROR_NONE && servers.n_servers > 0) {
        code = wire_servers_next(&servers, &server, &error);
    }
    assert_int_equal(code, ERROR_PROTOCOL);
    free(copy);
}

static void malformed_servers_are_refused(void **state)
{
    static const char whole[] = TWO_SERVERS;
    static const char followed[] = TWO_SERVERS "\0\0\0\0\0\0\0\0";
    static const char many[] = "\377\377\377\377\377\377\377\377";
    static const char none[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    char changed[sizeof whole];

    (void)state;
    for (size_t size = 8; size < sizeof whole - 1; size += 8) {
        assert_malformed(WIRE_SERVERS, whole, size);
    }
    assert_malformed(WIRE_SERVERS, followed, sizeof followed - 1);
    assert_malformed(WIRE_SERVERS, many, sizeof many - 1);
    assert_malformed(WIRE_SERVERS, none, sizeof none - 1);
    assert_malformed(WIRE_EMPTY, whole, sizeof whole - 1);
    memcpy(changed, whole, sizeof whole);
    changed[24] = 3; /* A role that isn't one. */
    assert_malformed(WIRE_SERVERS, changed, sizeof whole - 1);
    memcpy(changed, whole, sizeof whole);
    memset(changed + 16, 'x', sizeof whole - 1 - 16); /* An address without an end. */
    assert_malformed(WIRE_SERVERS, changed, sizeof whole - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_encoded),
        cmocka_unit_test(servers_are_decoded),
        cmocka_unit_test(malformed_servers_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
