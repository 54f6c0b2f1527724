#include "api/http_connection_state.h"
#include "api/http_response.h"
#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* How long a client that was told off may go on sending before we close, unless
 * the idle timeout is shorter. */
#define LINGER_MS 2000

static void on_shut_down(uv_shutdown_t *shutdown, int status)
{
    struct http_connection *connection = shutdown->data;

    if (connection->phase == PHASE_LINGERING && (status != 0 || !connection->reading)) {
        http_connection_close(connection);
    }
}

/* Closing a Unix socket with unread bytes in it makes the client's next write
 * fail, and many clients then never read our answer. So we say that we are done,
 * and take what still comes, for a while. */
static void linger(struct http_connection *connection)
{
    unsigned idle_ms = http_connection_limits(connection)->idle_timeout_ms;

    connection->phase = PHASE_LINGERING;
    connection->discarding = true;
    if (connection->discarded <= http_connection_limits(connection)->message_size) {
        http_connection_start_reading(connection);
    }
    if (connection->phase == PHASE_CLOSED) {
        return;
    }
    connection->shutdown.data = connection;
    if (uv_shutdown(&connection->shutdown, (uv_stream_t *)&connection->pipe, on_shut_down) != 0) {
        http_connection_close(connection);
        return;
    }
    http_connection_start_timer(connection, idle_ms < LINGER_MS ? idle_ms : LINGER_MS);
}

static void on_written(uv_write_t *write, int status)
{
    struct http_connection *connection = write->data;

    buffer_close(&connection->answer_head);
    buffer_close(&connection->answer_body);
    if (connection->phase == PHASE_CLOSED) {
        return;
    }
    if (status != 0) {
        http_connection_close(connection);
    } else if (connection->keep_alive) {
        http_connection_read_request(connection);
    } else if (!connection->read_end &&
               (connection->discarding || http_connection_input_size(connection) > 0)) {
        linger(connection);
    } else {
        http_connection_close(connection);
    }
}

static void count_answer(struct http_connection *connection, unsigned status)
{
    struct http_metrics *metrics = &connection->server->metrics;

    metrics->requests++;
    if (status / 100 < 6) {
        metrics->responses[status / 100]++;
    }
}

/* Writes what stands in answer_head and answer_body. */
static void write_answer(struct http_connection *connection, unsigned status)
{
    uv_buf_t parts[2];
    unsigned n_parts = 1;

    count_answer(connection, status);
    parts[0].base = connection->answer_head.data;
    parts[0].len = connection->answer_head.size;
    if (connection->answer_body.size > 0) {
        parts[1].base = connection->answer_body.data;
        parts[1].len = connection->answer_body.size;
        n_parts = 2;
    }
    connection->phase = PHASE_ANSWERING;
    connection->write.data = connection;
    if (uv_write(&connection->write, (uv_stream_t *)&connection->pipe, parts, n_parts,
                 on_written) != 0) {
        http_connection_close(connection);
        return;
    }
    connection->unsent = connection->pipe.write_queue_size;
    http_connection_start_timer(connection, http_connection_limits(connection)->idle_timeout_ms);
}

static enum http_persistence persistence_of(const struct http_connection *connection)
{
    if (!connection->keep_alive) {
        return HTTP_CLOSE;
    }
    return connection->old ? HTTP_KEEP_ALIVE : HTTP_KEEP;
}

/* Both ways of answering end here: takes BODY, if it is wanted, or the COPY bytes. */
static void respond(struct http_request *request, unsigned status,
                    const struct http_header *headers, size_t n_headers, const char *copy,
                    size_t copy_size, struct buffer *body)
{
    struct http_connection *connection = request->connection;
    bool has_body = strcmp(request->method, "HEAD") != 0 && !http_response_is_bodiless(status);
    struct buffer *head = &connection->answer_head;
    size_t body_size = body == NULL ? copy_size : body->size;
    bool failed = body != NULL && buffer_failed(body);

    assert(connection->working);
    http_connection_request_done(connection);
    if (connection->phase == PHASE_CLOSED) {
        /* Nobody is there to read it. */
        arena_close(&request->arena);
        return;
    }
    http_hangup_unwatch(&connection->hangup);
    if (!failed && !http_response_head(head, status, headers, n_headers, body_size,
                                       persistence_of(connection))) {
        log_event(LOG_LEVEL_ERROR, "api", "A header of an answer is malformed",
                  LOG_TEXT("method", request->method), LOG_TEXT("path", request->path));
        failed = true;
    }
    if (has_body && body == NULL) {
        buffer_append(head, copy, copy_size);
    }
    if (failed || buffer_failed(head)) {
        http_answer_fail(connection, 500, "The answer could not be made");
        return;
    }
    if (has_body && body != NULL) {
        connection->answer_body = *body;
        buffer_init(body);
    }
    /* Last, since headers and body may lie in it. */
    arena_close(&request->arena);
    write_answer(connection, status);
}

void http_respond(struct http_request *request, unsigned status, const struct http_header *headers,
                  size_t n_headers, const char *body, size_t body_size)
{
    respond(request, status, headers, n_headers, body, body_size, NULL);
}

void http_respond_take(struct http_request *request, unsigned status,
                       const struct http_header *headers, size_t n_headers, struct buffer *body)
{
    respond(request, status, headers, n_headers, NULL, 0, body);
    buffer_close(body);
}

/* The pipe's own descriptor is libuv's to close, so a second one is given away. */
int http_take_socket(struct http_request *request, int *ret_fd, struct buffer *ret_input,
                     struct error *error)
{
    struct http_connection *connection = request->connection;
    uv_os_fd_t fd;

    assert(connection->working);
    if (connection->phase == PHASE_CLOSED ||
        uv_fileno((const uv_handle_t *)&connection->pipe, &fd) != 0) {
        return error_set(error, ERROR_CANCELED, "The client is gone");
    }
    fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) {
        return error_errno(error, ERROR_IO, errno, "Failed taking a client's socket");
    }
    buffer_consume(&connection->input, connection->input_used);
    connection->input_used = 0;
    *ret_input = connection->input;
    buffer_init(&connection->input);
    *ret_fd = fd;
    http_connection_request_done(connection);
    arena_close(&request->arena);
    count_answer(connection, 101);
    http_connection_close(connection);
    return ERROR_NONE;
}

void http_answer_fail(struct http_connection *connection, unsigned status, const char *message)
{
    const struct http_server_options *options = &connection->server->options;
    struct http_header headers[] = {{"Content-Type", "application/json"},
                                    {"X-Content-Type-Options", "nosniff"}};
    struct buffer *body = &connection->answer_body;

    log_event(LOG_LEVEL_DEBUG, "api", "Refused a request", LOG_INTEGER("status", status),
              LOG_TEXT("reason", message), LOG_INTEGER("pid", connection->request.peer.pid));
    arena_close(&connection->request.arena);
    buffer_reset(&connection->answer_head);
    buffer_reset(body);
    connection->keep_alive = false;
    connection->discarding = true;
    if (options->error_body != NULL) {
        options->error_body(status, message, body);
    } else {
        headers[0].value = "text/plain";
        buffer_printf(body, "%s\n", message);
    }
    http_response_head(&connection->answer_head, status, headers, 2, body->size, HTTP_CLOSE);
    if (buffer_failed(&connection->answer_head) || buffer_failed(body)) {
        http_connection_close(connection);
        return;
    }
    write_answer(connection, status);
}
