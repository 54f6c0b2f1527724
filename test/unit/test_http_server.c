/* Requests and answers on connections: keep-alive, pipelining, refusals. */
#include "test/unit/http_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOST "Host: unix.socket\r\n"

static void a_request_is_answered(void **state)
{
    struct fixture *fixture = *state;
    struct client client;
    struct answer answer;
    struct http_metrics metrics;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "POST /echo?a=b HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello");
    client_read(&client, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "POST /echo?a=b hello");
    assert_ptr_equal(strstr(answer.head, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: "),
                     answer.head);
    assert_null(strstr(answer.head, "Connection"));
    answer_close(&answer);
    assert_int_equal(fixture->last_peer.pid, getpid());
    assert_int_equal(fixture->last_peer.uid, getuid());
    assert_int_equal(fixture->last_peer.gid, getgid());
    http_server_metrics(fixture->server, &metrics);
    assert_int_equal(metrics.connections, 1);
    assert_int_equal(metrics.requests, 1);
    assert_int_equal(metrics.responses[2], 1);
    client_close(&client);
}

static void a_connection_is_used_again(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    for (unsigned i = 0; i < 20; i++) {
        char request[100];
        char body[100];

        snprintf(request, sizeof request, "GET /%u HTTP/1.1\r\n" HOST "\r\n", i);
        snprintf(body, sizeof body, "GET /%u ", i);
        client_send_text(&client, request);
        client_expect(&client, 200, body);
    }
    client_send_text(&client, "GET /last HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
    client_expect(&client, 200, "GET /last ");
    client_expect_end(&client);
    client_close(&client);
}

static void http_1_0_closes_unless_asked(void **state)
{
    struct fixture *fixture = *state;
    struct client client;
    struct answer answer;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    client_read(&client, true, &answer);
    assert_non_null(strstr(answer.head, "\r\nConnection: keep-alive\r\n"));
    answer_close(&answer);
    client_send_text(&client, "GET /b HTTP/1.0\r\n\r\n");
    client_read(&client, true, &answer);
    assert_non_null(strstr(answer.head, "\r\nConnection: close\r\n"));
    assert_string_equal(answer.body, "GET /b ");
    answer_close(&answer);
    client_expect_end(&client);
    client_close(&client);
}

static void a_request_may_come_byte_by_byte(void **state)
{
    static const char request[] =
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\n\r\n";
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    for (size_t i = 0; i < sizeof request - 1; i++) {
        client_send(&client, request + i, 1);
        /* One turn for each, so that the server gets them one by one. */
        uv_run(&fixture->loop, UV_RUN_NOWAIT);
        assert_int_equal(fixture->n_handled, i < sizeof request - 2 ? 0 : 1);
    }
    client_expect(&client, 200, "POST /a hello");
    client_close(&client);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /wait HTTP/1.1\r\n" HOST "\r\n"
                              "POST /2 HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
                              "GET /wait HTTP/1.1\r\n" HOST "\r\n"
                              "\r\nGET /4 HTTP/1.1\r\n" HOST "\r\n"
                              "GET /5 HTTP/1.1\r\nHo");
    fixture_wait(fixture, &fixture->n_pending, 1);
    client_send_text(&client, "st: a\r\n\r\n");
    uv_run(&fixture->loop, UV_RUN_NOWAIT);
    assert_int_equal(fixture->n_handled, 1);
    fixture_answer(fixture, "first");
    fixture_wait(fixture, &fixture->n_pending, 1);
    assert_int_equal(fixture->n_handled, 3);
    fixture_answer(fixture, "third");
    client_expect(&client, 200, "first");
    client_expect(&client, 200, "POST /2 abc");
    client_expect(&client, 200, "third");
    client_expect(&client, 200, "GET /4 ");
    client_expect(&client, 200, "GET /5 ");
    client_close(&client);
}

/* More than the server reads ahead, so that it must stop and go on reading. */
static void many_pipelined_requests_are_answered(void **state)
{
    enum { N = 5000 };
    struct fixture *fixture = *state;
    struct client client;
    unsigned n_sent = 0;
    char request[100];

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    fixture_wait(fixture, &fixture->n_pending, 1);
    for (;;) {
        ssize_t size =
            snprintf(request, sizeof request, "GET /%u HTTP/1.1\r\n" HOST "\r\n", n_sent);
        ssize_t n = client_try_send(&client, request, (size_t)size);

        if (n < 0) {
            assert_int_equal(errno, EAGAIN);
            break;
        }
        assert_int_equal(n, size);
        n_sent++;
        uv_run(&fixture->loop, UV_RUN_NOWAIT);
    }
    assert_int_equal(fixture->n_handled, 1);
    fixture_answer(fixture, "go");
    client_expect(&client, 200, "go");
    assert_in_range(n_sent, 64 * 1024 / sizeof request, UINT32_MAX);
    for (unsigned i = 0; i < n_sent; i++) {
        snprintf(request, sizeof request, "GET /%u ", i);
        client_expect(&client, 200, request);
    }
    client_close(&client);
}

static void head_gets_no_body(void **state)
{
    struct fixture *fixture = *state;
    struct client client;
    struct answer answer;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client,
                     "HEAD /a HTTP/1.1\r\n" HOST "\r\nHEAD /large?70000 HTTP/1.1\r\n" HOST
                     "\r\nGET /status?204 HTTP/1.1\r\n" HOST "\r\nGET /b HTTP/1.1\r\n" HOST "\r\n");
    client_read(&client, false, &answer);
    assert_non_null(strstr(answer.head, "\r\nContent-Length: 8\r\n"));
    answer_close(&answer);
    client_read(&client, false, &answer);
    assert_non_null(strstr(answer.head, "\r\nContent-Length: 70000\r\n"));
    answer_close(&answer);
    client_read(&client, true, &answer);
    assert_int_equal(answer.status, 204);
    assert_null(strstr(answer.head, "Content-Length"));
    answer_close(&answer);
    client_expect(&client, 200, "GET /b ");
    client_close(&client);
}

static void continue_is_said_when_the_body_is_awaited(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "POST /a HTTP/1.1\r\n" HOST
                              "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    client_read_line(&client, "HTTP/1.1 100 Continue\r\n\r\n");
    client_send_text(&client, "ok");
    client_expect(&client, 200, "POST /a ok");
    /* Not when the body is here already, nor when there is none. */
    client_send_text(&client, "POST /b HTTP/1.1\r\n" HOST
                              "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nok");
    client_expect(&client, 200, "POST /b ok");
    client_send_text(&client, "GET /c HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n\r\n");
    client_expect(&client, 200, "GET /c ");
    client_send_text(&client, "POST /d HTTP/1.1\r\n" HOST
                              "Expect: 100-continue\r\nContent-Length: 9999999\r\n\r\n");
    client_expect(&client, 413, NULL);
    client_expect_end(&client);
    client_close(&client);
}

/* test_http_parse.c has the list of what is refused; here is what follows. */
static void a_refusal_closes_the_connection(void **state)
{
    static const struct {
        const char *request;
        unsigned status;
        const char *body;
    } cases[] = {
        {"GET / HTTP/1.1\r\n\r\nGET /next HTTP/1.1\r\n" HOST "\r\n", 400,
         "{\"error_code\":400,\"error\":\"Missing Host\"}\n"},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400,
         NULL},
        {"GET / HTTP/2.0\r\n", 505,
         "{\"error_code\":505,\"error\":\"HTTP version not supported\"}\n"},
        {"POST / HTTP/1.1\r\n" HOST "Expect: x\r\n\r\n", 417, NULL},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 1048577\r\n\r\n", 413,
         "{\"error_code\":413,\"error\":\"Request body too large\"}\n"},
        {"\x16\x03\x01", 400, NULL},
    };
    struct fixture *fixture = *state;
    struct http_metrics metrics;

    fixture_start(fixture);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct client client;
        struct answer answer;

        client_connect(fixture, &client);
        client_send_text(&client, cases[i].request);
        client_read(&client, true, &answer);
        assert_int_equal(answer.status, cases[i].status);
        assert_non_null(strstr(answer.head, "\r\nConnection: close\r\n"));
        assert_non_null(strstr(answer.head, "\r\nContent-Type: application/json\r\n"));
        if (cases[i].body != NULL) {
            assert_string_equal(answer.body, cases[i].body);
        }
        answer_close(&answer);
        client_expect_end(&client);
        client_close(&client);
    }
    assert_int_equal(fixture->n_handled, 0);
    http_server_metrics(fixture->server, &metrics);
    assert_int_equal(metrics.responses[4], 5);
    assert_int_equal(metrics.responses[5], 1);
}

static void a_refusal_may_be_plain(void **state)
{
    struct fixture *fixture = *state;
    struct client client;
    struct answer answer;

    fixture->plain_errors = true;
    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET / HTTP/1.1\r\n\r\n");
    client_read(&client, true, &answer);
    assert_int_equal(answer.status, 400);
    assert_non_null(strstr(answer.head, "\r\nContent-Type: text/plain\r\n"));
    assert_string_equal(answer.body, "Missing Host\n");
    answer_close(&answer);
    client_close(&client);
}

static void a_refused_client_that_does_not_close_is_cut(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    fixture_wait_connections(fixture, 1);
    fixture_set_idle_timeout(fixture, 20);
    client_send_text(&client, "GET / HTTP/1.1\r\n\r\n");
    client_expect(&client, 400, NULL);
    client_expect_end(&client);
    fixture_wait_connections(fixture, 0);
    client_close(&client);
}

/* A client that first sends all, and then reads, must get to its answer. */
static void a_refused_body_is_drained(void **state)
{
    enum { SIZE = 1500 * 1000 };
    struct fixture *fixture = *state;
    struct client client;
    char *body = calloc(1, SIZE);
    char head[100];

    assert_non_null(body);
    fixture_start(fixture);
    client_connect(fixture, &client);
    snprintf(head, sizeof head, "POST / HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n", SIZE);
    client_send_text(&client, head);
    client_send(&client, body, SIZE);
    client_expect(&client, 413, NULL);
    client_expect_end(&client);
    client_close(&client);
    free(body);
}

static void a_client_that_never_stops_sending_is_cut(void **state)
{
    struct fixture *fixture = *state;
    struct client client;
    char bytes[4096] = {0};
    ssize_t n;

    fixture->limits.message_size = 100 * 1000;
    fixture_start(fixture);
    client_connect(fixture, &client);
    do {
        n = client_try_send(&client, bytes, sizeof bytes);
        uv_run(&fixture->loop, UV_RUN_NOWAIT);
    } while (n > 0 || errno == EAGAIN);
    assert_int_equal(errno, EPIPE);
    client_expect(&client, 400, NULL);
    client_close(&client);
}

static void an_upgrade_request_is_a_request(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /events HTTP/1.1\r\n" HOST
                              "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                              "GET /h2c HTTP/1.1\r\n" HOST
                              "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n"
                              "GET /after HTTP/1.1\r\n" HOST "\r\n");
    client_expect(&client, 200, "GET /events ");
    client_expect(&client, 200, "GET /h2c ");
    client_expect(&client, 200, "GET /after ");
    client_close(&client);
}

static void a_forged_header_is_not_sent(void **state)
{
    struct fixture *fixture = *state;
    struct client client;
    struct answer answer;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /forged HTTP/1.1\r\n" HOST "\r\n");
    client_read(&client, true, &answer);
    assert_int_equal(answer.status, 500);
    assert_null(strstr(answer.head, "Cookie"));
    answer_close(&answer);
    client_expect_end(&client);
    client_close(&client);
}

static void a_large_answer_arrives_whole(void **state)
{
    enum { SIZE = 100 * 1000 * 1000 };
    struct fixture *fixture = *state;
    struct client client;
    struct answer answer;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /large?100000000 HTTP/1.1\r\n" HOST "\r\n"
                              "GET /next HTTP/1.1\r\n" HOST "\r\n");
    client_read(&client, true, &answer);
    assert_int_equal(answer.body_size, SIZE);
    for (size_t i = 0; i < SIZE; i += 9999) {
        assert_int_equal(answer.body[i], 'a' + i % 26);
    }
    answer_close(&answer);
    client_expect(&client, 200, "GET /next ");
    client_close(&client);
}

static void an_unfinished_request_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhell");
    assert_int_equal(shutdown(client.fd, SHUT_WR), 0);
    client_expect(&client, 400, "{\"error_code\":400,\"error\":\"The request is incomplete\"}\n");
    client_expect_end(&client);
    client_close(&client);
    assert_int_equal(fixture->n_handled, 0);
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_request_is_answered),
        TEST(a_connection_is_used_again),
        TEST(http_1_0_closes_unless_asked),
        TEST(a_request_may_come_byte_by_byte),
        TEST(pipelined_requests_are_answered_in_order),
        TEST(many_pipelined_requests_are_answered),
        TEST(head_gets_no_body),
        TEST(continue_is_said_when_the_body_is_awaited),
        TEST(a_refusal_closes_the_connection),
        TEST(a_refusal_may_be_plain),
        TEST(a_refused_client_that_does_not_close_is_cut),
        TEST(a_refused_body_is_drained),
        TEST(a_client_that_never_stops_sending_is_cut),
        TEST(a_large_answer_arrives_whole),
        TEST(an_unfinished_request_is_refused),
        TEST(an_upgrade_request_is_a_request),
        TEST(a_forged_header_is_not_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
