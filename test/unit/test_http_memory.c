/* The server when there is no memory: each of its allocations fails once. It may
 * refuse or close, but must not crash, leak, or stop serving. */
#include "test/unit/http_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define HOST "Host: unix.socket\r\n"

/* The linker sends the calls of our objects here (see --wrap), not those of libuv. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *string);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *string);

/* Counts down while it is positive; the allocation that it reaches 0 at fails. */
static unsigned fail_at;

static bool must_fail(void)
{
    return fail_at > 0 && --fail_at == 0;
}

void *__wrap_malloc(size_t size)
{
    return must_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return must_fail() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return must_fail() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *string)
{
    return must_fail() ? NULL : __real_strdup(string);
}

/* Runs the loop until all that came was dealt with, the Nth allocation failing;
 * returns false if there were fewer than N. */
static bool run_short_of_memory(struct fixture *fixture, unsigned n)
{
    bool failed;

    fail_at = n;
    for (unsigned turn = 0; turn < 8; turn++) {
        uv_run(&fixture->loop, UV_RUN_NOWAIT);
    }
    failed = fail_at == 0;
    fail_at = 0;
    return failed;
}

static void expect_still_serving(struct fixture *fixture)
{
    struct client client;

    client_connect(fixture, &client);
    client_send_text(&client, "GET /after HTTP/1.1\r\n" HOST "\r\n");
    client_expect(&client, 200, "GET /after ");
    client_close(&client);
}

static void any_allocation_of_a_request_may_fail(void **state)
{
    static const char *const requests[] = {
        "POST /status?200 HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc",
        "POST /status?200 HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n0\r\n\r\n",
        "GET /status?200 HTTP/1.1\r\n" HOST "\r\nGET /status?200 HTTP/1.1\r\n" HOST "\r\n",
        "GET / HTTP/1.1\r\n\r\n",
    };
    struct fixture *fixture = *state;

    fixture_start(fixture);
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        bool failed = true;

        for (unsigned n = 1; failed; n++) {
            struct client client;
            char byte;

            client_connect(fixture, &client);
            client_send_text(&client, requests[i]);
            failed = run_short_of_memory(fixture, n);
            /* Answered or closed: it isn't left waiting. */
            assert_true(recv(client.fd, &byte, 1, MSG_PEEK) >= 0 || errno == ECONNRESET);
            client_close(&client);
            expect_still_serving(fixture);
            assert_in_range(n, 1, 100);
        }
    }
}

/* Clients that come at once, all without memory: libuv must go on accepting. */
static void several_clients_may_find_no_memory(void **state)
{
    struct fixture *fixture = *state;
    struct client clients[3];
    char byte;

    fixture->limits.connections = 0;
    fixture_start(fixture);
    for (size_t i = 0; i < 3; i++) {
        client_connect(fixture, &clients[i]);
    }
    assert_true(run_short_of_memory(fixture, 1));
    assert_int_equal(recv(clients[0].fd, &byte, 1, 0), 0);
    for (size_t i = 1; i < 3; i++) {
        client_expect(&clients[i], 503, NULL);
    }
    for (size_t i = 0; i < 3; i++) {
        client_close(&clients[i]);
    }
}

static void any_allocation_of_the_start_may_fail(void **state)
{
    struct fixture *fixture = *state;
    int code = ERROR_NO_MEMORY;

    for (unsigned n = 1; code != ERROR_NONE; n++) {
        struct error error = ERROR_INIT;

        fail_at = n;
        code = fixture_try_start(fixture, fixture->path, "root", &error);
        if (fail_at > 0) {
            fail_at = 0;
            assert_int_equal(code, ERROR_NONE);
        } else {
            assert_int_equal(code, ERROR_NO_MEMORY);
        }
        assert_in_range(n, 1, 100);
    }
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(any_allocation_of_a_request_may_fail),
        TEST(several_clients_may_find_no_memory),
        TEST(any_allocation_of_the_start_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
