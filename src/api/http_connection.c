#include "api/http_connection.h"

#include "api/http_hangup.h"
#include "api/http_parse.h"
#include "api/http_response.h"
#include "base/clock.h"
#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How long a client that was told off may go on sending before we close, unless
 * the idle timeout is shorter. */
#define LINGER_MS 2000

enum phase {
    PHASE_READING,   /* A request, or waiting for one. Nothing waits in input. */
    PHASE_WORKING,   /* The handler has the request. */
    PHASE_ANSWERING, /* The answer is being written. */
    PHASE_LINGERING, /* Our side is shut down; what still comes is thrown away. */
    PHASE_CLOSED     /* The pipe is closed; only what must end by itself is left. */
};

struct http_connection {
    struct queue link;
    struct http_server *server;
    bool refused;
    enum phase phase;
    bool working;       /* The handler has the request: in PHASE_WORKING or _CLOSED. */
    bool begun;         /* The first byte of a request came. */
    bool keep_alive;    /* Read on after this answer. */
    bool old;           /* HTTP/1.0: wants to hear that the connection is kept. */
    bool discarding;    /* The framing is lost: what comes is thrown away. */
    bool reading;       /* Reads are started. */
    bool read_end;      /* The client sends no more. */
    unsigned n_handles; /* Open ones of the three below. */
    uv_pipe_t pipe;
    uv_timer_t timer;
    struct http_hangup hangup; /* Watched while the handler works. */
    uv_write_t write;
    uv_write_t write_continue;
    uv_shutdown_t shutdown;
    struct http_parser parser;
    struct http_request request;
    struct buffer input; /* Bytes that came before their turn, at most HTTP_READ_SIZE. */
    size_t input_used;   /* Of them. */
    struct buffer answer_head;
    struct buffer answer_body;
    size_t unsent;    /* Bytes of the answer when the timer ran last. */
    size_t discarded; /* Bytes thrown away. */
};

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);
static void fail(struct http_connection *connection, unsigned status, const char *message);
static void read_request(struct http_connection *connection);
static void start_reading(struct http_connection *connection);

struct http_connection *http_connection_of_link(struct queue *link)
{
    return queue_object(link, struct http_connection, link);
}

static const struct http_limits *limits_of(const struct http_connection *connection)
{
    return &connection->server->options.limits;
}

static size_t input_size(const struct http_connection *connection)
{
    return connection->input.size - connection->input_used;
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

static void close_connection(struct http_connection *connection)
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

static void client_is_gone(struct http_connection *connection)
{
    struct http_request *request = &connection->request;

    close_connection(connection);
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

/* Answering. */

static void on_timeout(uv_timer_t *timer);

static void start_timer(struct http_connection *connection, unsigned timeout_ms)
{
    uv_timer_start(&connection->timer, on_timeout, timeout_ms, 0);
}

static void on_shut_down(uv_shutdown_t *shutdown, int status)
{
    struct http_connection *connection = shutdown->data;

    if (connection->phase == PHASE_LINGERING && (status != 0 || !connection->reading)) {
        close_connection(connection);
    }
}

/* Closing a Unix socket with unread bytes in it makes the client's next write
 * fail, and many clients then never read our answer. So we say that we are done,
 * and take what still comes, for a while. */
static void linger(struct http_connection *connection)
{
    unsigned idle_ms = limits_of(connection)->idle_timeout_ms;

    connection->phase = PHASE_LINGERING;
    connection->discarding = true;
    if (connection->discarded <= limits_of(connection)->message_size) {
        start_reading(connection);
    }
    if (connection->phase == PHASE_CLOSED) {
        return;
    }
    connection->shutdown.data = connection;
    if (uv_shutdown(&connection->shutdown, (uv_stream_t *)&connection->pipe, on_shut_down) != 0) {
        close_connection(connection);
        return;
    }
    start_timer(connection, idle_ms < LINGER_MS ? idle_ms : LINGER_MS);
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
        close_connection(connection);
    } else if (connection->keep_alive) {
        read_request(connection);
    } else if (!connection->read_end && (connection->discarding || input_size(connection) > 0)) {
        linger(connection);
    } else {
        close_connection(connection);
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
        close_connection(connection);
        return;
    }
    connection->unsent = connection->pipe.write_queue_size;
    start_timer(connection, limits_of(connection)->idle_timeout_ms);
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
    connection->working = false;
    if (connection->phase == PHASE_CLOSED) {
        /* Nobody is there to read it. */
        arena_close(&request->arena);
        uv_close((uv_handle_t *)&connection->timer, on_closed);
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
        fail(connection, 500, "The answer could not be made");
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
    connection->working = false;
    arena_close(&request->arena);
    count_answer(connection, 101);
    close_connection(connection);
    return ERROR_NONE;
}

/* Answers in the handler's place; the connection ends with it. */
static void fail(struct http_connection *connection, unsigned status, const char *message)
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
        close_connection(connection);
        return;
    }
    write_answer(connection, status);
}

/* Timeouts. */

static void on_timeout(uv_timer_t *timer)
{
    struct http_connection *connection = timer->data;
    size_t unsent;

    switch (connection->phase) {
    case PHASE_READING:
        if (!connection->begun) {
            close_connection(connection);
        } else if (connection->parser.in_body) {
            fail(connection, 408, "The request's body did not come in time");
        } else {
            fail(connection, 408, "The request's header did not come in time");
        }
        break;
    case PHASE_ANSWERING:
        /* It may take long, as long as it goes on. All is written if the queue is
         * empty: then the callback is about to come. */
        unsent = connection->pipe.write_queue_size;
        if (unsent > 0 && unsent == connection->unsent) {
            close_connection(connection);
            break;
        }
        connection->unsent = unsent;
        start_timer(connection, limits_of(connection)->idle_timeout_ms);
        break;
    case PHASE_LINGERING:
        close_connection(connection);
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
        size -= input_size(connection);
    }
    ret_buf->base = connection->server->read_buffer;
    ret_buf->len = size;
}

static void start_reading(struct http_connection *connection)
{
    if (!connection->reading && !connection->read_end) {
        if (uv_read_start((uv_stream_t *)&connection->pipe, on_alloc, on_read) != 0) {
            close_connection(connection);
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
        close_connection(connection);
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
            start_timer(connection, limits_of(connection)->header_timeout_ms);
        }
        switch (http_parser_execute(parser, &connection->request, data + used, size - used, &n)) {
        case HTTP_PARSE_MORE:
            break;
        case HTTP_PARSE_HEADER:
            start_timer(connection, limits_of(connection)->body_timeout_ms);
            if (parser->expects_continue && used + n == size) {
                send_continue(connection);
            }
            break;
        case HTTP_PARSE_DONE:
            hand_over(connection);
            break;
        case HTTP_PARSE_FAILED:
            fail(connection, parser->status, parser->message);
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
        fail(connection, 400, "The request is incomplete");
    } else {
        close_connection(connection);
    }
}

/* Reads the next request, first from what came already. */
static void read_request(struct http_connection *connection)
{
    connection->phase = PHASE_READING;
    connection->begun = false;
    start_timer(connection, limits_of(connection)->idle_timeout_ms);
    if (input_size(connection) > 0) {
        connection->input_used += parse(connection, connection->input.data + connection->input_used,
                                        input_size(connection));
    }
    if (input_size(connection) == 0) {
        buffer_close(&connection->input);
        connection->input_used = 0;
    }
    if (connection->phase == PHASE_CLOSED) {
        return;
    }
    start_reading(connection);
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
    if (connection->discarded <= limits_of(connection)->message_size) {
        return;
    }
    if (connection->phase == PHASE_LINGERING) {
        close_connection(connection);
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
    read_request(connection);
    if (connection->refused && connection->phase == PHASE_READING) {
        fail(connection, 503, "Too many connections");
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
    close_connection(connection);
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
        close_connection(connection);
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
        fail(connection, 503, "The server is stopping");
    } else if (connection->phase == PHASE_READING) {
        close_connection(connection);
    } else {
        connection->keep_alive = false;
    }
}

void http_connection_cut(struct http_connection *connection)
{
    client_is_gone(connection);
}
