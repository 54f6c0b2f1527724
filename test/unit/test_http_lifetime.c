/* How connections end: timeouts, limits, vanished clients, stopping. */
#include "test/unit/http_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOST "Host: unix.socket\r\n"

static void slow_clients_time_out(void **state)
{
    static const struct {
        const char *request;
        const char *body;
    } cases[] = {
        {"GET / HTTP/1.1\r\nHo",
         "{\"error_code\":408,\"error\":\"The request's header did not come in time\"}\n"},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nx",
         "{\"error_code\":408,\"error\":\"The request's body did not come in time\"}\n"},
    };
    struct fixture *fixture = *state;

    fixture->limits.header_timeout_ms = 20;
    fixture->limits.body_timeout_ms = 20;
    fixture_start(fixture);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct client client;

        client_connect(fixture, &client);
        client_send_text(&client, cases[i].request);
        client_expect(&client, 408, cases[i].body);
        client_expect_end(&client);
        client_close(&client);
    }
}

static void idle_clients_are_closed(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    fixture_wait_connections(fixture, 1);
    fixture_set_idle_timeout(fixture, 20);
    client_send_text(&client, "GET /a HTTP/1.1\r\n" HOST "\r\n");
    client_expect(&client, 200, "GET /a ");
    client_expect_end(&client);
    client_close(&client);
    client_connect(fixture, &client);
    client_expect_end(&client);
    client_close(&client);
}

/* A byte now and then must not keep a header open for ever. */
static void a_header_that_trickles_times_out(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture->limits.header_timeout_ms = 20;
    fixture->limits.header_size = SIZE_MAX;
    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET / HTTP/1.1\r\nA: ");
    while (client_try_send(&client, "b", 1) == 1 && client.received.size == 0) {
        struct http_metrics metrics;

        uv_run(&fixture->loop, UV_RUN_NOWAIT);
        http_server_metrics(fixture->server, &metrics);
        if (metrics.responses[4] == 1) {
            break;
        }
    }
    client_expect(&client, 408, NULL);
    client_close(&client);
}

static void a_working_handler_is_not_timed_out(void **state)
{
    struct fixture *fixture = *state;
    struct client slow;
    struct client waiting;

    fixture->limits.header_timeout_ms = 20;
    fixture->limits.body_timeout_ms = 20;
    fixture_start(fixture);
    client_connect(fixture, &waiting);
    client_send_text(&waiting, "POST /wait HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx");
    fixture_wait(fixture, &fixture->n_pending, 1);
    /* Once this one timed out, the time of the other would be over, too. */
    client_connect(fixture, &slow);
    client_send_text(&slow, "GET");
    client_expect(&slow, 408, NULL);
    fixture_answer(fixture, "at last");
    client_expect(&waiting, 200, "at last");
    client_close(&slow);
    client_close(&waiting);
}

static void a_client_that_does_not_read_is_cut(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    fixture_wait_connections(fixture, 1);
    fixture_set_idle_timeout(fixture, 20);
    client_send_text(&client, "GET /large?10000000 HTTP/1.1\r\n" HOST "\r\n");
    fixture_wait(fixture, &fixture->n_handled, 1);
    fixture_wait_connections(fixture, 0);
    client_close(&client);
}

/* Reads an answer of 2 MB, a socket's buffer at a time and with pauses, so that it
 * takes longer than the idle timeout; returns how many bytes came. */
static size_t read_slowly(struct fixture *fixture)
{
    static char bytes[64 * 1024];
    struct client client;
    size_t size = 0;
    ssize_t n;

    client_connect(fixture, &client);
    client_send_text(&client, "GET /large?2000000 HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
    do {
        uint64_t end = uv_hrtime() + fixture->limits.idle_timeout_ms * 1000 * 1000 / 4;

        while (uv_hrtime() < end) {
        }
        uv_run(&fixture->loop, UV_RUN_NOWAIT);
        while ((n = recv(client.fd, bytes, sizeof bytes, 0)) > 0) {
            size += (size_t)n;
        }
    } while (n < 0 && errno == EAGAIN);
    client_close(&client);
    return size;
}

static void a_client_that_reads_slowly_is_not_cut(void **state)
{
    struct fixture *fixture = *state;
    unsigned attempts = 0;
    size_t size;

    fixture->limits.idle_timeout_ms = 100;
    fixture_start(fixture);
    /* On a busy machine this thread may be held up before its first request is
     * read, or its first bytes are written: so once is enough. */
    do {
        size = read_slowly(fixture);
    } while (size < 2000000 && ++attempts < 50);
    assert_true(size >= 2000000);
}

static void a_client_that_takes_no_answer_is_closed(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    fixture_wait(fixture, &fixture->n_pending, 1);
    assert_int_equal(shutdown(client.fd, SHUT_RD), 0);
    fixture_answer(fixture, "into the void");
    fixture_wait_connections(fixture, 0);
    client_close(&client);
}

static void connections_are_limited(void **state)
{
    struct fixture *fixture = *state;
    struct client clients[2];
    struct client refused;

    fixture->limits.connections = 2;
    fixture_start(fixture);
    for (size_t i = 0; i < 2; i++) {
        client_connect(fixture, &clients[i]);
        client_send_text(&clients[i], "GET /a HTTP/1.1\r\n" HOST "\r\n");
        client_expect(&clients[i], 200, NULL);
    }
    client_connect(fixture, &refused);
    client_expect(&refused, 503, "{\"error_code\":503,\"error\":\"Too many connections\"}\n");
    client_expect_end(&refused);
    client_close(&refused);
    client_close(&clients[0]);
    fixture_wait_connections(fixture, 1);
    client_connect(fixture, &clients[0]);
    client_send_text(&clients[0], "GET /b HTTP/1.1\r\n" HOST "\r\n");
    client_expect(&clients[0], 200, "GET /b ");
    client_close(&clients[0]);
    client_close(&clients[1]);
}

/* Those that are being refused cost memory as well, and are limited in turn. */
static void a_flood_of_connections_is_survived(void **state)
{
    enum { N = 200 };
    struct fixture *fixture = *state;
    struct client *clients = calloc(N, sizeof *clients);
    unsigned n_answered = 0;

    assert_non_null(clients);
    fixture->limits.connections = 0;
    fixture_start(fixture);
    for (size_t i = 0; i < N; i++) {
        client_connect(fixture, &clients[i]);
    }
    for (size_t i = 0; i < N; i++) {
        char byte;

        /* Each is closed; those that came first are told why. */
        if (i < 64) {
            client_expect(&clients[i], 503, NULL);
            n_answered++;
        } else {
            while (recv(clients[i].fd, &byte, 1, 0) > 0) {
            }
        }
    }
    assert_int_equal(n_answered, 64);
    for (size_t i = 0; i < N; i++) {
        client_close(&clients[i]);
    }
    free(clients);
}

static void a_vanished_client_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    struct client client;
    struct http_metrics metrics;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    fixture_wait(fixture, &fixture->n_pending, 1);
    client_close(&client);
    fixture_wait(fixture, &fixture->n_gone, 1);
    /* The request is the handler's until it answered. */
    http_server_metrics(fixture->server, &metrics);
    assert_int_equal(metrics.connections, 1);
    assert_string_equal(fixture->pending[0]->path, "/wait");
    fixture_answer(fixture, "nobody hears it");
    fixture_wait_connections(fixture, 0);
    assert_int_equal(fixture->n_gone, 1);
    http_server_metrics(fixture->server, &metrics);
    assert_int_equal(metrics.requests, 0);
}

static void a_vanished_client_may_be_answered_at_once(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture->answer_when_gone = true;
    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    fixture_wait(fixture, &fixture->n_pending, 1);
    client_close(&client);
    fixture_wait(fixture, &fixture->n_gone, 1);
    fixture_wait_connections(fixture, 0);
}

/* Also if it sent so much ahead that the server stopped reading. */
static void a_vanished_client_is_noticed_behind_unread_bytes(void **state)
{
    struct fixture *fixture = *state;
    struct client client;
    char bytes[1000];

    memset(bytes, 'x', sizeof bytes);
    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    fixture_wait(fixture, &fixture->n_pending, 1);
    while (client_try_send(&client, bytes, sizeof bytes) > 0) {
        uv_run(&fixture->loop, UV_RUN_NOWAIT);
    }
    assert_int_equal(errno, EAGAIN);
    client_close(&client);
    fixture_wait(fixture, &fixture->n_gone, 1);
    fixture_answer(fixture, "");
    fixture_wait_connections(fixture, 0);
}

static void a_half_closed_client_gets_its_answers(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /wait HTTP/1.1\r\n" HOST "\r\nGET /wait HTTP/1.1\r\n" HOST
                              "\r\nGET /3 HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(shutdown(client.fd, SHUT_WR), 0);
    for (unsigned i = 0; i < 2; i++) {
        fixture_wait(fixture, &fixture->n_pending, 1);
        /* The server had its chance to take it for gone. */
        uv_run(&fixture->loop, UV_RUN_NOWAIT);
        uv_run(&fixture->loop, UV_RUN_NOWAIT);
        assert_int_equal(fixture->n_gone, 0);
        fixture_answer(fixture, "here");
        client_expect(&client, 200, "here");
    }
    client_expect(&client, 200, "GET /3 ");
    client_expect_end(&client);
    assert_int_equal(fixture->n_gone, 0);
    client_close(&client);
}

static void a_half_closed_client_that_vanishes_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(shutdown(client.fd, SHUT_WR), 0);
    fixture_wait(fixture, &fixture->n_pending, 1);
    uv_run(&fixture->loop, UV_RUN_NOWAIT);
    assert_int_equal(fixture->n_gone, 0);
    client_close(&client);
    fixture_wait(fixture, &fixture->n_gone, 1);
    fixture_answer(fixture, "");
    fixture_wait_connections(fixture, 0);
}

static void a_stop_waits_for_running_requests(void **state)
{
    struct fixture *fixture = *state;
    struct client idle;
    struct client begun;
    struct client running;

    fixture_start(fixture);
    client_connect(fixture, &idle);
    client_send_text(&idle, "GET /a HTTP/1.1\r\n" HOST "\r\n");
    client_expect(&idle, 200, NULL);
    client_connect(fixture, &begun);
    client_send_text(&begun, "GET /b HTTP/1.1\r\n");
    client_connect(fixture, &running);
    client_send_text(&running, "GET /wait HTTP/1.1\r\n" HOST "\r\nGET /c HTTP/1.1\r\n" HOST "\r\n");
    fixture_wait(fixture, &fixture->n_pending, 1);
    fixture_begin_stop(fixture, 1000 * 1000);
    assert_int_equal(access(fixture->path, F_OK), -1);
    client_expect_end(&idle);
    client_expect(&begun, 503, "{\"error_code\":503,\"error\":\"The server is stopping\"}\n");
    client_expect_end(&begun);
    client_close(&idle);
    client_close(&begun);
    assert_non_null(fixture->server);
    assert_int_equal(fixture->n_gone, 0);
    fixture_answer(fixture, "last words");
    client_expect(&running, 200, "last words");
    client_expect_end(&running);
    client_close(&running);
    fixture_wait_stopped(fixture);
    assert_int_equal(fixture->n_handled, 2);
}

static void a_stop_cuts_what_does_not_end(void **state)
{
    struct fixture *fixture = *state;
    struct client running;
    struct client unread;

    fixture_start(fixture);
    client_connect(fixture, &running);
    client_send_text(&running, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    client_connect(fixture, &unread);
    client_send_text(&unread, "GET /large?10000000 HTTP/1.1\r\n" HOST "\r\n");
    fixture_wait(fixture, &fixture->n_handled, 2);
    fixture_begin_stop(fixture, 20);
    fixture_wait(fixture, &fixture->n_gone, 1);
    client_expect_end(&running);
    /* The server lives until the handler answered. */
    assert_non_null(fixture->server);
    fixture_answer(fixture, "dropped");
    fixture_wait_stopped(fixture);
    client_close(&running);
    client_close(&unread);
}

static void a_handler_may_stop_the_server(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /stop HTTP/1.1\r\n" HOST "\r\n");
    client_expect(&client, 200, "GET /stop ");
    client_expect_end(&client);
    fixture_wait_stopped(fixture);
    client_close(&client);
}

/* Whatever is under way when the server is stopped, nothing leaks or is used
 * after it was freed: the sanitizers and the tear-down tell. */
static void a_stop_may_come_at_any_time(void **state)
{
    static const char *const requests[] = {
        "",
        "G",
        "GET /a HTTP/1.1\r\n" HOST "\r\n",
        "GET / HTTP/1.1\r\n\r\nxxx",
        "POST / HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nx",
        "GET /large?1000000 HTTP/1.1\r\n" HOST "\r\n",
    };
    struct fixture *fixture = *state;

    for (unsigned n_turns = 0; n_turns < 6; n_turns++) {
        for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
            struct client client;

            fixture_start(fixture);
            client_connect(fixture, &client);
            client_send_text(&client, requests[i]);
            for (unsigned turn = 0; turn < n_turns; turn++) {
                uv_run(&fixture->loop, UV_RUN_NOWAIT);
            }
            fixture_stop(fixture, 0);
            client_close(&client);
        }
    }
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(slow_clients_time_out),
        TEST(idle_clients_are_closed),
        TEST(a_header_that_trickles_times_out),
        TEST(a_working_handler_is_not_timed_out),
        TEST(a_client_that_does_not_read_is_cut),
        TEST(a_client_that_reads_slowly_is_not_cut),
        TEST(a_client_that_takes_no_answer_is_closed),
        TEST(connections_are_limited),
        TEST(a_flood_of_connections_is_survived),
        TEST(a_vanished_client_is_noticed),
        TEST(a_vanished_client_may_be_answered_at_once),
        TEST(a_vanished_client_is_noticed_behind_unread_bytes),
        TEST(a_half_closed_client_gets_its_answers),
        TEST(a_half_closed_client_that_vanishes_is_noticed),
        TEST(a_stop_waits_for_running_requests),
        TEST(a_stop_cuts_what_does_not_end),
        TEST(a_handler_may_stop_the_server),
        TEST(a_stop_may_come_at_any_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
