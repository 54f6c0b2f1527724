/* The server's end of a WebSocket, on a loop in a thread of its own; the test is the
 * client, at the other end of a socket pair. */
#include "api/websocket.h"

#include "api/websocket_handshake.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/ws_client.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

/* Longer than any test takes. */
#define NEVER_MS (600 * 1000)

struct fixture {
    struct websocket_options options;
    const char *early; /* Came with the handshake; "": nothing. */
    uv_loop_t loop;
    uv_async_t async;
    pthread_t thread;
    void (*act)(struct websocket *websocket); /* To be called on the loop. */
    struct websocket *websocket;              /* NULL once it is closed. */
    int server_fd;
    int fd; /* Ours. */
};

static void on_closed(void *data)
{
    struct fixture *f = data;

    f->websocket = NULL;
    uv_close((uv_handle_t *)&f->async, NULL);
}

static void on_async(uv_async_t *async)
{
    struct fixture *f = async->data;

    if (f->websocket != NULL) {
        f->act(f->websocket);
    }
}

static void *run(void *data)
{
    struct fixture *f = data;

    uv_run(&f->loop, UV_RUN_DEFAULT);
    return NULL;
}

/* Opens it with F's options and early input, and reads the head of the handshake. */
static void open_pair(struct fixture *f)
{
    static const char head[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                               "Connection: Upgrade\r\nSec-WebSocket-Accept: " ACCEPT "\r\n\r\n";
    struct buffer input = {0};
    char received[sizeof head] = "";
    struct error error;
    int fds[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    f->fd = fds[0];
    assert_int_equal(uv_loop_init(&f->loop), 0);
    assert_int_equal(uv_async_init(&f->loop, &f->async, on_async), 0);
    f->async.data = f;
    f->options.loop = &f->loop;
    f->options.closed = on_closed;
    f->options.data = f;
    buffer_append_string(&input, f->early == NULL ? "" : f->early);
    assert_int_equal(websocket_open(&f->options, fds[1], ACCEPT, &input, &f->websocket, &error),
                     ERROR_NONE);
    buffer_close(&input);
    assert_int_equal(pthread_create(&f->thread, NULL, run, f), 0);
    assert_int_equal(recv(f->fd, received, sizeof head - 1, MSG_WAITALL), sizeof head - 1);
    assert_string_equal(received, head);
}

static void tell(struct fixture *f, void (*act)(struct websocket *websocket))
{
    f->act = act;
    assert_int_equal(uv_async_send(&f->async), 0);
}

/* The server closes the socket, and says so to its owner. */
static void expect_end(struct fixture *f)
{
    struct ws_frame frame;

    ws_read(f->fd, &frame);
    assert_null(frame.data);
    close(f->fd);
    pthread_join(f->thread, NULL);
    assert_null(f->websocket);
    assert_int_equal(uv_loop_close(&f->loop), 0);
}

static void expect_frame(int fd, enum ws_opcode opcode, const char *text)
{
    struct ws_frame frame;

    ws_read(fd, &frame);
    assert_int_equal(frame.opcode, opcode);
    assert_non_null(frame.data);
    assert_string_equal(frame.data, text);
    free(frame.data);
}

static struct fixture new_fixture(void)
{
    return (struct fixture){.options = {.queue_size = 1024 * 1024,
                                        .ping_interval_ms = NEVER_MS,
                                        .close_timeout_ms = NEVER_MS}};
}

static void send_hello(struct websocket *websocket)
{
    websocket_send(websocket, "hello", 5);
}

static void go_away(struct websocket *websocket)
{
    websocket_close(websocket, WEBSOCKET_GOING_AWAY, "bye");
    /* Nothing is sent any more. */
    websocket_send(websocket, "hello", 5);
    websocket_close(websocket, WEBSOCKET_INTERNAL, "again");
}

static void pings_first_then_sends_texts(void **state)
{
    struct fixture f = new_fixture();

    (void)state;
    open_pair(&f);
    expect_frame(f.fd, WS_PING, "keepalive");
    tell(&f, send_hello);
    expect_frame(f.fd, WS_TEXT, "hello");
    ws_send(f.fd, WS_PING, "are you there?", 14);
    expect_frame(f.fd, WS_PONG, "are you there?");
    ws_send(f.fd, WS_CLOSE, "\x03\xe8", 2);
    ws_expect_close(f.fd, 1000, "");
    assert_int_equal(shutdown(f.fd, SHUT_WR), 0);
    expect_end(&f);
}

static void input_that_came_early_counts(void **state)
{
    struct fixture f = new_fixture();

    (void)state;
    f.early = "\x89\x82\x01\x02\x03\x04hk"; /* A ping of "ii", masked. */
    open_pair(&f);
    expect_frame(f.fd, WS_PING, "keepalive");
    expect_frame(f.fd, WS_PONG, "ii");
    close(f.fd);
    pthread_join(f.thread, NULL);
    assert_null(f.websocket);
    assert_int_equal(uv_loop_close(&f.loop), 0);
}

static void server_closes_and_waits_for_the_client(void **state)
{
    struct fixture f = new_fixture();

    (void)state;
    open_pair(&f);
    expect_frame(f.fd, WS_PING, "keepalive");
    tell(&f, go_away);
    ws_expect_close(f.fd, 1001, "bye");
    ws_send(f.fd, WS_CLOSE, "\x03\xe9", 2);
    assert_int_equal(shutdown(f.fd, SHUT_WR), 0);
    expect_end(&f);
}

static void client_that_does_not_close_is_cut(void **state)
{
    struct fixture f = new_fixture();

    (void)state;
    f.options.close_timeout_ms = 20;
    open_pair(&f);
    tell(&f, go_away);
    ws_expect_close(f.fd, 1001, "bye");
    expect_end(&f);
}

static void client_that_does_not_answer_pings_is_closed(void **state)
{
    struct fixture f = new_fixture();

    (void)state;
    f.options.ping_interval_ms = 5;
    open_pair(&f);
    for (int i = 0; i < WEBSOCKET_PINGS_MAX; i++) {
        expect_frame(f.fd, WS_PING, "keepalive");
    }
    ws_expect_close(f.fd, 1008, "No answer to pings");
    assert_int_equal(shutdown(f.fd, SHUT_WR), 0);
    expect_end(&f);
}

static void client_that_answers_pings_stays(void **state)
{
    struct fixture f = new_fixture();

    (void)state;
    f.options.ping_interval_ms = 100;
    open_pair(&f);
    for (int i = 0; i < 2 * WEBSOCKET_PINGS_MAX; i++) {
        expect_frame(f.fd, WS_PING, "keepalive");
        ws_send(f.fd, WS_PONG, "keepalive", 9);
    }
    ws_send(f.fd, WS_CLOSE, "", 0);
    assert_int_equal(shutdown(f.fd, SHUT_WR), 0);
    for (;;) {
        struct ws_frame frame;

        ws_read(f.fd, &frame);
        free(frame.data);
        if (frame.opcode == WS_CLOSE) {
            break;
        }
        assert_int_equal(frame.opcode, WS_PING);
    }
    expect_end(&f);
}

static void send_too_much(struct websocket *websocket)
{
    static char text[1000];

    memset(text, 'x', sizeof text);
    for (int i = 0; i < 2000; i++) {
        websocket_send(websocket, text, sizeof text);
    }
}

/* What it may find in its buffer is what fits, and then why there is no more. */
static void slow_client_is_told_why_it_is_closed(void **state)
{
    struct fixture f = new_fixture();
    struct ws_frame frame;
    unsigned n_texts = 0;

    (void)state;
    f.options.queue_size = 50 * 1000;
    open_pair(&f);
    expect_frame(f.fd, WS_PING, "keepalive");
    tell(&f, send_too_much);
    for (;;) {
        ws_read(f.fd, &frame);
        if (frame.opcode != WS_TEXT) {
            break;
        }
        assert_int_equal(frame.size, 1000);
        free(frame.data);
        n_texts++;
    }
    assert_int_equal(frame.opcode, WS_CLOSE);
    assert_non_null(frame.data);
    assert_memory_equal(frame.data, "\x03\xf0Too slow: more waited than is kept", frame.size);
    free(frame.data);
    /* Nothing was read while it sent, so that no more than the limit was taken, and of
     * that only what was on its way already is sent before the reason. */
    assert_true(n_texts > 0);
    assert_true(n_texts <= 50);
    assert_int_equal(shutdown(f.fd, SHUT_WR), 0);
    expect_end(&f);
}

static void broken_frames_close_with_the_right_code(void **state)
{
    static char large[WEBSOCKET_MESSAGE_MAX + 1];
    static const struct {
        const char *name;
        const char *bytes;
        size_t size;
        unsigned code;
    } raw[] = {
        {"unmasked", "\x89\x00", 2, 1002},
        {"reserved bit", "\xc9\x80\0\0\0\0", 6, 1002},
        {"reserved opcode", "\x83\x80\0\0\0\0", 6, 1002},
        {"reserved control opcode", "\x8b\x80\0\0\0\0", 6, 1002},
        {"ping in pieces", "\x09\x80\0\0\0\0", 6, 1002},
        {"long ping", "\x89\xfe\0\x7e\0\0\0\0", 8, 1002},
        {"continuation of nothing", "\x80\x80\0\0\0\0", 6, 1002},
        {"text within a text", "\x01\x80\0\0\0\0\x01\x80\0\0\0\0", 12, 1002},
        {"long form of a short length", "\x89\xfe\0\x01\0\0\0\0x", 9, 1002},
        {"close with a code that isn't one", "\x88\x82\0\0\0\0\x03\xed", 8, 1002},
        {"text that isn't UTF-8", "\x81\x82\0\0\0\0\xc3\x28", 8, 1007},
        {"reason that isn't UTF-8", "\x88\x84\0\0\0\0\x03\xe8\xc3\x28", 10, 1007},
        {"length over any", "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14, 1002},
        {"a text", "\x81\x81\0\0\0\0x", 7, 1003},
        {"bytes", "\x82\x81\0\0\0\0x", 7, 1003},
    };

    (void)state;
    for (size_t i = 0; i <= sizeof raw / sizeof *raw; i++) {
        struct fixture f = new_fixture();

        open_pair(&f);
        expect_frame(f.fd, WS_PING, "keepalive");
        if (i == sizeof raw / sizeof *raw) {
            memset(large, 'x', sizeof large);
            ws_send(f.fd, WS_TEXT, large, sizeof large);
            ws_expect_close(f.fd, 1009, NULL);
        } else {
            print_message("%s\n", raw[i].name);
            ws_send_raw(f.fd, raw[i].bytes, raw[i].size);
            ws_expect_close(f.fd, raw[i].code, NULL);
        }
        assert_int_equal(shutdown(f.fd, SHUT_WR), 0);
        expect_end(&f);
    }
}

/* All pings at once, so that the server reads them at once. */
static void send_pings(int fd, size_t n)
{
    char bytes[6 * 128];

    for (size_t i = 0; i < n; i++) {
        memcpy(bytes + 6 * i, "\x89\x80\0\0\0\0", 6);
    }
    ws_send_raw(fd, bytes, 6 * n);
}

static void too_many_pings_at_once_close(void **state)
{
    struct fixture f = new_fixture();

    (void)state;
    open_pair(&f);
    expect_frame(f.fd, WS_PING, "keepalive");
    send_pings(f.fd, 64);
    for (int i = 0; i < 64; i++) {
        expect_frame(f.fd, WS_PONG, "");
    }
    send_pings(f.fd, 65);
    ws_expect_close(f.fd, 1008, "Too many pings");
    assert_int_equal(shutdown(f.fd, SHUT_WR), 0);
    expect_end(&f);
}

static void handshake_is_known_by_its_headers(void **state)
{
    static const struct {
        const char *method;
        const char *connection;
        const char *upgrade;
        const char *version;
        const char *key;
        bool asked;
    } cases[] = {
        {"GET", "Upgrade", "websocket", "13", "dGhlIHNhbXBsZSBub25jZQ==", true},
        {"GET", "keep-alive, uPGRADE", "h2c , WebSocket", "13", "dGhlIHNhbXBsZSBub25jZQ==", true},
        {"POST", "Upgrade", "websocket", "13", "dGhlIHNhbXBsZSBub25jZQ==", false},
        {"GET", "close", "websocket", "13", "dGhlIHNhbXBsZSBub25jZQ==", false},
        {"GET", "Upgraded", "websocket", "13", "dGhlIHNhbXBsZSBub25jZQ==", false},
        {"GET", "Upgrade", "h2c", "13", "dGhlIHNhbXBsZSBub25jZQ==", false},
        {"GET", "Upgrade", "websocket", "8", "dGhlIHNhbXBsZSBub25jZQ==", false},
        {"GET", "Upgrade", "websocket", "13", "dGhlIHNhbXBsZSBub25jZQ", false},
        {"GET", "Upgrade", "websocket", "13", "dGhlIHNhbXBsZSBub25jZQ===", false},
        {"GET", "Upgrade", "websocket", "13", "dGhlIHNhbXBsZSBub25j=Q==", false},
        {"GET", "Upgrade", "websocket", "13", "dGhlIHNhbXBsZSBub25jZQAA", false},
        {"GET", "Upgrade", "websocket", "13", "", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct http_header headers[] = {{"connection", cases[i].connection},
                                              {"UPGRADE", cases[i].upgrade},
                                              {"Sec-WebSocket-Version", cases[i].version},
                                              {"Sec-WebSocket-Key", cases[i].key}};
        struct http_request request = {
            .method = cases[i].method, .headers = headers, .n_headers = 4};

        assert_int_equal(websocket_is_asked(&request), cases[i].asked);
        for (size_t n = 0; n < 4; n++) {
            request.n_headers = n;
            assert_false(websocket_is_asked(&request));
        }
    }
}

/* The example of RFC 6455, section 1.3. */
static void accept_proves_that_the_key_was_read(void **state)
{
    char accept[WEBSOCKET_ACCEPT_SIZE];

    (void)state;
    assert_true(websocket_accept("dGhlIHNhbXBsZSBub25jZQ==", accept));
    assert_string_equal(accept, ACCEPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pings_first_then_sends_texts),
        cmocka_unit_test(input_that_came_early_counts),
        cmocka_unit_test(server_closes_and_waits_for_the_client),
        cmocka_unit_test(client_that_does_not_close_is_cut),
        cmocka_unit_test(client_that_does_not_answer_pings_is_closed),
        cmocka_unit_test(client_that_answers_pings_stays),
        cmocka_unit_test(slow_client_is_told_why_it_is_closed),
        cmocka_unit_test(broken_frames_close_with_the_right_code),
        cmocka_unit_test(too_many_pings_at_once_close),
        cmocka_unit_test(handshake_is_known_by_its_headers),
        cmocka_unit_test(accept_proves_that_the_key_was_read),
    };

    return cmocka_run_group_tests_name("api_websocket", tests, NULL, NULL);
}
