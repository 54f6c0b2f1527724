#include "api/http_connection.h"

#include "api/http_connection_state.h"
#include "base/clock.h"
#include "base/log.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);
static void on_timeout(uv_timer_t *timer);

struct http_connection *http_connection_of_link(struct queue *link)
{
    return queue_object(link, struct http_connection, link);
}

/* Closing. A connection is freed by the last close callback, never elsewhere, so
 * that no function loses it from under its feet. While the handler has the
 * request, the timer's handle is left open: it stands for the request. */

static void on_closed(uv_handle_t *handle)
{
    struct http_connection *connection = handle->data;
    struct http_server *server = connection->server;
    bool refused = connection->refused;

    connection->n_handles--;
    if (connection->n_handles > 0) {
        return;
    }
    assert(!connection->working);
    http_parser_close(&connection->parser);
    arena_close(&connection->request.arena);
    buffer_close(&connection->input);
    buffer_close(&connection->answer_head);
    buffer_close(&connection->answer_body);
    queue_remove(&connection->link);
    free(connection);
    http_server_connection_gone(server, refused);
}

void http_connection_close(struct http_connection *connection)
{
    if (connection->phase == PHASE_CLOSED) {
        return;
    }
    connection->phase = PHASE_CLOSED;
    uv_close((uv_handle_t *)&connection->pipe, on_closed);
    if (connection->hangup.is_open) {
        http_hangup_close(&connection->hangup, on_closed);
    }
    if (connection->working) {
        uv_timer_stop(&connection->timer);
    } else {
        uv_close((uv_handle_t *)&connection->timer, on_closed);
    }
}

void http_connection_request_done(struct http_connection *connection)
{
    connection->working = false;
    if (connection->phase == PHASE_CLOSED) {
        uv_close((uv_handle_t *)&connection->timer, on_closed);
    }
}

static void client_is_gone(struct http_connection *connection)
{
    struct http_request *request = &connection->request;

    http_connection_close(connection);
    if (connection->working && request->on_gone != NULL) {
        void (*on_gone)(struct http_request *) = request->on_gone;

        request->on_gone = NULL;
        on_gone(request);
    }
}

static void on_hangup(struct http_hangup *hangup)
{
    client_is_gone(hangup->poll.data);
}

static void watch_hangup(struct http_connection *connection)
{
    bool was_open = connection->hangup.is_open;

    http_hangup_watch(&connection->hangup, &connection->pipe, on_hangup);
    if (connection->hangup.is_open && !was_open) {
        connection->hangup.poll.data = connection;
        connection->n_handles++;
    }
}

/* Timeouts. */

void http_connection_start_timer(struct http_connection *connection, unsigned timeout_ms)
{
    uv_timer_start(&connection->timer, on_timeout, timeout_ms, 0);
}

static void on_timeout(uv_timer_t *timer)
{
    struct http_connection *connection = timer->data;
    size_t unsent;

    switch (connection->phase) {
    case PHASE_READING:
        if (!connection->begun) {
            http_connection_close(connection);
        } else if (connection->parser.in_body) {
            http_answer_fail(connection, 408, "The request's body did not come in time");
        } else {
            http_answer_fail(connection, 408, "The request's header did not come in time");
        }
        break;
    case PHASE_ANSWERING:
        /* It may take long, as long as it goes on. All is written if the queue is
         * empty: then the callback is about to come. */
        unsent = connection->pipe.write_queue_size;
        if (unsent > 0 && unsent == connection->unsent) {
            http_connection_close(connection);
            break;
        }
        connection->unsent = unsent;
        http_connection_start_timer(connection,
                                    http_connection_limits(connection)->idle_timeout_ms);
        break;
    case PHASE_LINGERING:
        http_connection_close(connection);
        break;
    case PHASE_WORKING:
    case PHASE_CLOSED:
        assert(false);
        break;
    }
}

/* Reading. */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buf)
{
    const struct http_connection *connection = handle->data;
    size_t size = HTTP_READ_SIZE;

    (void)suggested;
    if (!connection->discarding) {
        size -= http_connection_input_size(connection);
    }
    ret_buf->base = connection->server->read_buffer;
    ret_buf->len = size;
}

void http_connection_start_reading(struct http_connection *connection)
{
    if (!connection->reading && !connection->read_end) {
        if (uv_read_start((uv_stream_t *)&connection->pipe, on_alloc, on_read) != 0) {
            http_connection_close(connection);
            return;
        }
        connection->reading = true;
    }
}

static void stop_reading(struct http_connection *connection)
{
    uv_read_stop((uv_stream_t *)&connection->pipe);
    connection->reading = false;
}

static void on_continue_written(uv_write_t *write, int status)
{
    /* If it failed, so will the answer. */
    (void)write;
    (void)status;
}

static void send_continue(struct http_connection *connection)
{
    static char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    uv_buf_t part = {.base = text, .len = sizeof text - 1};

    if (uv_write(&connection->write_continue, (uv_stream_t *)&connection->pipe, &part, 1,
                 on_continue_written) != 0) {
        http_connection_close(connection);
    }
}

static void hand_over(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    struct http_request *request = &connection->request;

    uv_timer_stop(&connection->timer);
    connection->phase = PHASE_WORKING;
    connection->working = true;
    connection->keep_alive = connection->parser.keep_alive;
    connection->old = connection->parser.head.minor == 0;
    http_parser_reset(&connection->parser);
    if (connection->read_end) {
        watch_hangup(connection);
    }
    request->received_us = clock_monotonic_us();
    request->connection = connection;
    request->data = NULL;
    request->on_gone = NULL;
    server->options.handler(request, server->options.data);
}

/* Takes bytes until a request is complete; returns how many. */
static size_t parse(struct http_connection *connection, const char *data, size_t size)
{
    struct http_parser *parser = &connection->parser;
    size_t used = 0;

    while (connection->phase == PHASE_READING && used < size) {
        size_t n = 0;

        if (!connection->begun) {
            connection->begun = true;
            http_connection_start_timer(connection,
                                        http_connection_limits(connection)->header_timeout_ms);
        }
        switch (http_parser_execute(parser, &connection->request, data + used, size - used, &n)) {
        case HTTP_PARSE_MORE:
            break;
        case HTTP_PARSE_HEADER:
            http_connection_start_timer(connection,
                                        http_connection_limits(connection)->body_timeout_ms);
            if (parser->expects_continue && used + n == size) {
                send_continue(connection);
            }
            break;
        case HTTP_PARSE_DONE:
            hand_over(connection);
            break;
        case HTTP_PARSE_FAILED:
            http_answer_fail(connection, parser->status, parser->message);
            break;
        }
        used += n;
    }
    return used;
}

/* The client sends no more, and we are in the middle of reading, or before it. */
static void end_of_requests(struct http_connection *connection)
{
    if (connection->begun) {
        http_answer_fail(connection, 400, "The request is incomplete");
    } else {
        http_connection_close(connection);
    }
}

void http_connection_read_request(struct http_connection *connection)
{
    connection->phase = PHASE_READING;
    connection->begun = false;
    http_connection_start_timer(connection, http_connection_limits(connection)->idle_timeout_ms);
    if (http_connection_input_size(connection) > 0) {
        connection->input_used += parse(connection, connection->input.data + connection->input_used,
                                        http_connection_input_size(connection));
    }
    if (http_connection_input_size(connection) == 0) {
        buffer_close(&connection->input);
        connection->input_used = 0;
    }
    if (connection->phase == PHASE_CLOSED) {
        return;
    }
    http_connection_start_reading(connection);
    if (connection->phase == PHASE_READING && connection->read_end) {
        end_of_requests(connection);
    }
}

/* Keeps bytes for later. One buffer full is all that a client may send ahead. */
static void keep_input(struct http_connection *connection, const char *data, size_t size)
{
    if (connection->input_used > 0) {
        buffer_consume(&connection->input, connection->input_used);
        connection->input_used = 0;
    }
    buffer_append(&connection->input, data, size);
    if (buffer_failed(&connection->input)) {
        client_is_gone(connection);
        return;
    }
    if (connection->input.size >= HTTP_READ_SIZE) {
        stop_reading(connection);
        if (connection->phase == PHASE_WORKING) {
            watch_hangup(connection);
        }
    }
}

static void discard(struct http_connection *connection, size_t size)
{
    connection->discarded += size;
    if (connection->discarded <= http_connection_limits(connection)->message_size) {
        return;
    }
    if (connection->phase == PHASE_LINGERING) {
        http_connection_close(connection);
    } else {
        stop_reading(connection);
    }
}

static void on_bytes(struct http_connection *connection, const char *data, size_t size)
{
    size_t used = 0;

    if (connection->phase == PHASE_READING) {
        used = parse(connection, data, size);
    }
    if (used == size || connection->phase == PHASE_CLOSED) {
        return;
    }
    if (connection->discarding) {
        discard(connection, size - used);
    } else {
        keep_input(connection, data + used, size - used);
    }
}

static void on_end(struct http_connection *connection, bool hung_up)
{
    connection->reading = false;
    connection->read_end = true;
    if (hung_up || connection->phase == PHASE_LINGERING) {
        client_is_gone(connection);
    } else if (connection->phase == PHASE_READING) {
        end_of_requests(connection);
    } else if (connection->phase == PHASE_WORKING) {
        watch_hangup(connection);
    }
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct http_connection *connection = stream->data;

    if (n > 0) {
        on_bytes(connection, buf->base, (size_t)n);
    } else if (n < 0) {
        on_end(connection, n != UV_EOF || http_hangup_is(&connection->pipe));
    }
}

/* Beginning and end. */

/* Without a client yet. NULL: no memory. */
static struct http_connection *new_connection(struct http_server *server, bool refused)
{
    struct http_connection *connection = calloc(1, sizeof *connection);

    if (connection == NULL) {
        return NULL;
    }
    connection->server = server;
    connection->refused = refused;
    queue_push(&server->connections, &connection->link);
    http_parser_init(&connection->parser, &server->options.limits);
    uv_pipe_init(server->options.loop, &connection->pipe, 0);
    uv_timer_init(server->options.loop, &connection->timer);
    connection->n_handles = 2;
    connection->pipe.data = connection;
    connection->timer.data = connection;
    if (refused) {
        server->n_refused++;
    } else {
        server->n_connections++;
    }
    return connection;
}

static void begin(struct http_connection *connection)
{
    http_connection_read_request(connection);
    if (connection->refused && connection->phase == PHASE_READING) {
        http_answer_fail(connection, 503, "Too many connections");
    }
}

int http_connection_accept(struct http_server *server, bool refused, struct error *error)
{
    struct http_connection *connection = new_connection(server, refused);
    const struct http_peer *peer;
    int code;

    if (connection == NULL) {
        return error_no_memory(error);
    }
    code = uv_accept((uv_stream_t *)&server->listener, (uv_stream_t *)&connection->pipe);
    if (code != 0) {
        code = error_errno(error, ERROR_IO, -code, "Failed accepting a client");
        goto err_after_init;
    }
    code = http_socket_peer(&connection->pipe, &connection->request.peer, error);
    if (code != ERROR_NONE) {
        goto err_after_init;
    }
    peer = &connection->request.peer;
    log_event(LOG_LEVEL_DEBUG, "api", "A client connected", LOG_INTEGER("pid", peer->pid),
              LOG_INTEGER("uid", peer->uid), LOG_INTEGER("gid", peer->gid));
    begin(connection);
    return ERROR_NONE;

err_after_init:
    http_connection_close(connection);
    return code;
}

int http_connection_adopt(struct http_server *server, bool refused, int fd,
                          const struct http_peer *peer, struct error *error)
{
    struct http_connection *connection = new_connection(server, refused);
    int code;

    if (connection == NULL) {
        return error_no_memory(error);
    }
    code = uv_pipe_open(&connection->pipe, fd);
    if (code != 0) {
        close(fd);
        http_connection_close(connection);
        return error_errno(error, ERROR_IO, -code, "Failed adopting a connection");
    }
    connection->request.peer = *peer;
    log_event(LOG_LEVEL_DEBUG, "api", "A client was handed over", LOG_TEXT("name", peer->name),
              LOG_TEXT("address", peer->address));
    begin(connection);
    return ERROR_NONE;
}

void http_connection_stop(struct http_connection *connection)
{
    if (connection->phase == PHASE_READING && connection->begun) {
        http_answer_fail(connection, 503, "The server is stopping");
    } else if (connection->phase == PHASE_READING) {
        http_connection_close(connection);
    } else {
        connection->keep_alive = false;
    }
}

void http_connection_cut(struct http_connection *connection)
{
    client_is_gone(connection);
}
