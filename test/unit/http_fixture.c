#include "test/unit/http_fixture.h"

#include "api/http_server.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Long enough for the slowest machine: it only ends tests that hang. */
#define WATCHDOG_MS 60000

static void on_watchdog(uv_timer_t *timer)
{
    (void)timer;
    fprintf(stderr, "A test waited %d s for something that did not happen\n", WATCHDOG_MS / 1000);
    abort();
}

static void run_once(struct fixture *fixture)
{
    uv_timer_start(&fixture->watchdog, on_watchdog, WATCHDOG_MS, 0);
    uv_run(&fixture->loop, UV_RUN_ONCE);
}

static void on_gone(struct http_request *request)
{
    struct fixture *fixture = request->data;

    fixture->n_gone++;
    if (fixture->answer_when_gone) {
        fixture->n_pending--;
        http_respond(request, 200, NULL, 0, "late", 4);
    }
}

static void on_stopped(void *data)
{
    ((struct fixture *)data)->server = NULL;
}

static void respond_large(struct http_request *request)
{
    struct buffer body = {0};
    size_t size = strtoul(request->query, NULL, 10);
    char *end = buffer_reserve(&body, size);

    assert_non_null(end);
    for (size_t i = 0; i < size; i++) {
        end[i] = (char)('a' + i % 26);
    }
    body.size = size;
    http_respond_take(request, 200, NULL, 0, &body);
}

static void on_request(struct http_request *request, void *data)
{
    static const struct http_header text_header = {.name = "Content-Type", .value = "text/plain"};
    static const struct http_header forged = {.name = "Location", .value = "/\r\nSet-Cookie: a=b"};
    struct fixture *fixture = data;
    char *text;

    fixture->n_handled++;
    fixture->last_peer = request->peer;
    if (strcmp(request->path, "/wait") == 0) {
        assert_in_range(fixture->n_pending, 0, FIXTURE_PENDING_MAX - 1);
        request->data = fixture;
        request->on_gone = on_gone;
        fixture->pending[fixture->n_pending++] = request;
        return;
    }
    if (strcmp(request->path, "/large") == 0) {
        respond_large(request);
        return;
    }
    if (strcmp(request->path, "/status") == 0) {
        http_respond(request, (unsigned)strtoul(request->query, NULL, 10), NULL, 0, "", 0);
        return;
    }
    if (strcmp(request->path, "/forged") == 0) {
        http_respond(request, 200, &forged, 1, "", 0);
        return;
    }
    if (strcmp(request->path, "/stop") == 0) {
        http_server_stop(fixture->server, 0, on_stopped, fixture);
    }
    text =
        arena_printf(&request->arena, "%s %s %s", request->method, request->target, request->body);
    http_respond(request, 200, &text_header, 1, text, strlen(text));
}

static void write_error_body(unsigned status, const char *message, struct buffer *body)
{
    buffer_printf(body, "{\"error_code\":%u,\"error\":\"%s\"}\n", status, message);
}

int fixture_set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    if (fixture == NULL) {
        return -1;
    }
    signal(SIGPIPE, SIG_IGN);
    fixture->limits = (struct http_limits)HTTP_LIMITS_DEFAULT;
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/lbstate-http-XXXXXX");
    if (mkdtemp(fixture->folder) == NULL) {
        free(fixture);
        return -1;
    }
    snprintf(fixture->path, sizeof fixture->path, "%s/socket", fixture->folder);
    uv_loop_init(&fixture->loop);
    uv_timer_init(&fixture->loop, &fixture->watchdog);
    uv_unref((uv_handle_t *)&fixture->watchdog);
    *state = fixture;
    return 0;
}

int fixture_tear_down(void **state)
{
    struct fixture *fixture = *state;
    int code;

    if (fixture->server != NULL) {
        fixture_stop(fixture, 0);
    }
    uv_close((uv_handle_t *)&fixture->watchdog, NULL);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    /* EBUSY if a handle was left open. */
    code = uv_loop_close(&fixture->loop);
    unlink(fixture->path);
    rmdir(fixture->folder);
    free(fixture);
    return code;
}

int fixture_try_start(struct fixture *fixture, const char *path, const char *group,
                      struct error *error)
{
    struct http_server_options options = {
        .loop = &fixture->loop,
        .path = path,
        .group = group,
        .limits = fixture->limits,
        .handler = on_request,
        .error_body = fixture->plain_errors ? NULL : write_error_body,
        .data = fixture,
    };

    return http_server_start(&options, &fixture->server, error);
}

void fixture_start(struct fixture *fixture)
{
    struct error error = ERROR_INIT;

    assert_int_equal(fixture_try_start(fixture, fixture->path, NULL, &error), ERROR_NONE);
}

void fixture_set_idle_timeout(struct fixture *fixture, unsigned idle_timeout_ms)
{
    fixture->server->options.limits.idle_timeout_ms = idle_timeout_ms;
}

void fixture_begin_stop(struct fixture *fixture, unsigned drain_ms)
{
    http_server_stop(fixture->server, drain_ms, on_stopped, fixture);
}

void fixture_wait_stopped(struct fixture *fixture)
{
    while (fixture->server != NULL) {
        run_once(fixture);
    }
}

void fixture_stop(struct fixture *fixture, unsigned drain_ms)
{
    fixture_begin_stop(fixture, drain_ms);
    fixture_wait_stopped(fixture);
}

void fixture_wait(struct fixture *fixture, const unsigned *value, unsigned wanted)
{
    while (*value != wanted) {
        run_once(fixture);
    }
}

void fixture_wait_connections(struct fixture *fixture, unsigned wanted)
{
    struct http_metrics metrics;

    for (;;) {
        http_server_metrics(fixture->server, &metrics);
        if (metrics.connections == wanted) {
            return;
        }
        run_once(fixture);
    }
}

void fixture_answer(struct fixture *fixture, const char *text)
{
    struct http_request *request = fixture->pending[0];

    assert_int_not_equal(fixture->n_pending, 0);
    fixture->n_pending--;
    memmove(fixture->pending, fixture->pending + 1, fixture->n_pending * sizeof request);
    http_respond(request, 200, NULL, 0, text, strlen(text));
}

/* The client. */

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct client *client = poll->data;

    (void)status;
    (void)events;
    client->is_ready = true;
    uv_poll_stop(poll);
}

static void wait_for(struct client *client, int events)
{
    client->is_ready = false;
    uv_poll_start(&client->poll, events, on_ready);
    while (!client->is_ready) {
        run_once(client->fixture);
    }
}

void client_connect(struct fixture *fixture, struct client *client)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    *client = (struct client){.fixture = fixture};
    memcpy(address.sun_path, fixture->path, strlen(fixture->path) + 1);
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(client->fd >= 0);
    assert_int_equal(connect(client->fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(uv_poll_init(&fixture->loop, &client->poll, client->fd), 0);
    client->poll.data = client;
}

static void on_poll_closed(uv_handle_t *handle)
{
    ((struct client *)handle->data)->is_ready = true;
}

void client_close(struct client *client)
{
    client->is_ready = false;
    uv_close((uv_handle_t *)&client->poll, on_poll_closed);
    close(client->fd);
    client->fd = -1;
    while (!client->is_ready) {
        run_once(client->fixture);
    }
    buffer_close(&client->received);
}

ssize_t client_try_send(struct client *client, const char *data, size_t size)
{
    return send(client->fd, data, size, MSG_NOSIGNAL);
}

void client_send(struct client *client, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t n = client_try_send(client, data, size);

        if (n < 0 && errno == EAGAIN) {
            wait_for(client, UV_WRITABLE);
        } else {
            assert_true(n > 0);
            data += n;
            size -= (size_t)n;
        }
    }
}

void client_send_text(struct client *client, const char *text)
{
    client_send(client, text, strlen(text));
}

/* Returns false at the end of the stream. */
static bool receive(struct client *client)
{
    for (;;) {
        char *end = buffer_reserve(&client->received, 256 * 1024);
        ssize_t n;

        assert_non_null(end);
        n = recv(client->fd, end, 256 * 1024, 0);
        if (n > 0) {
            client->received.size += (size_t)n;
            return true;
        }
        if (n == 0 || errno == ECONNRESET) {
            return false;
        }
        assert_int_equal(errno, EAGAIN);
        wait_for(client, UV_READABLE | UV_DISCONNECT);
    }
}

static char *take(struct client *client, size_t size)
{
    char *bytes = malloc(size + 1);

    assert_non_null(bytes);
    while (client->received.size < size) {
        assert_true(receive(client));
    }
    if (size > 0) {
        memcpy(bytes, client->received.data, size);
    }
    bytes[size] = '\0';
    buffer_consume(&client->received, size);
    return bytes;
}

static size_t head_size(struct client *client)
{
    for (;;) {
        const char *end = client->received.size == 0
                              ? NULL
                              : memmem(client->received.data, client->received.size, "\r\n\r\n", 4);

        if (end != NULL) {
            return (size_t)(end - client->received.data) + 4;
        }
        assert_true(receive(client));
    }
}

void client_read(struct client *client, bool has_body, struct answer *ret_answer)
{
    const char *length;

    ret_answer->head = take(client, head_size(client));
    assert_memory_equal(ret_answer->head, "HTTP/1.1 ", 9);
    ret_answer->status = (unsigned)strtoul(ret_answer->head + 9, NULL, 10);
    length = strstr(ret_answer->head, "Content-Length: ");
    ret_answer->body_size = length == NULL || !has_body ? 0 : strtoul(length + 16, NULL, 10);
    ret_answer->body = take(client, ret_answer->body_size);
}

void client_read_line(struct client *client, const char *line)
{
    char *bytes = take(client, strlen(line));

    assert_string_equal(bytes, line);
    free(bytes);
}

void answer_close(struct answer *answer)
{
    free(answer->head);
    free(answer->body);
}

void client_expect(struct client *client, unsigned status, const char *body)
{
    struct answer answer;

    client_read(client, true, &answer);
    assert_int_equal(answer.status, status);
    if (body != NULL) {
        assert_string_equal(answer.body, body);
    }
    answer_close(&answer);
}

void client_expect_end(struct client *client)
{
    assert_int_equal(client->received.size, 0);
    assert_false(receive(client));
}
