/* One connection to a member: one request at a time, from its head to its answer. */
#include "cluster/peers_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void on_closed(uv_handle_t *handle)
{
    struct peer_connection *connection = handle->data;
    struct peers *peers = connection->member->peers;

    peer_response_close(&connection->response);
    buffer_close(&connection->head);
    free(connection);
    peers_handle_closed(peers);
}

void peer_connection_close(struct peer_connection *connection)
{
    assert(!connection->closed);
    connection->closed = true;
    if (connection->request != NULL) {
        connection->request->connection = NULL;
        connection->request = NULL;
    }
    queue_remove(&connection->link);
    connection->member->n_connections--;
    uv_close((uv_handle_t *)&connection->pipe, on_closed);
}

static void fail(struct peer_connection *connection, enum error_code code, const char *message)
{
    struct error error;

    error_set(&error, code, "%s", message);
    peers_broken(connection, &error);
}

static void fail_uv(struct peer_connection *connection, const char *what, int code)
{
    struct error error;

    error_errno(&error, ERROR_IO, -code, "%s", what);
    peers_broken(connection, &error);
}

/* Reading. */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buf)
{
    struct peer_connection *connection = handle->data;

    (void)suggested;
    ret_buf->base = connection->member->peers->read_buffer;
    ret_buf->len = PEER_READ_SIZE;
}

static void on_bytes(struct peer_connection *connection, const char *data, size_t size)
{
    struct peer_response *response = &connection->response;
    struct error error;
    size_t used;

    if (connection->request == NULL) {
        fail(connection, ERROR_PROTOCOL, "The member sent what it wasn't asked for");
    } else if (peer_response_feed(response, data, size, &used, &error) != ERROR_NONE) {
        peers_broken(connection, &error);
    } else if (response->complete) {
        /* Who answers before it has read all of the request doesn't read on. */
        peers_answered(connection, response->keep_alive && used == size && !connection->writing);
    }
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct peer_connection *connection = stream->data;

    if (n > 0) {
        on_bytes(connection, buf->base, (size_t)n);
    } else if (n == UV_EOF && connection->response.begun) {
        fail(connection, ERROR_IO, "The member closed the connection within its answer");
    } else if (n == UV_EOF) {
        fail(connection, ERROR_IO, "The member closed the connection without an answer");
    } else if (n < 0) {
        fail_uv(connection, "Failed receiving from the member", (int)n);
    }
}

/* Writing. */

static void on_written(uv_write_t *write, int status)
{
    struct peer_connection *connection = write->data;

    connection->writing = false;
    /* If it failed, an answer may have come before, and is still to be read; else what is
     * read next is the end. */
    (void)status;
}

static bool is_one_line(const char *text)
{
    return text[strcspn(text, "\r\n")] == '\0';
}

static int write_head(const struct peer_request *request, struct buffer *head, struct error *error)
{
    bool sound = is_one_line(request->method) && is_one_line(request->target);

    buffer_reset(head);
    buffer_printf(head, "%s %s HTTP/1.1\r\nHost: lbstate\r\n", request->method, request->target);
    for (size_t i = 0; i < request->n_headers; i++) {
        const struct peer_header *header = &request->headers[i];

        sound = sound && is_one_line(header->name) && is_one_line(header->value);
        buffer_printf(head, "%s: %s\r\n", header->name, header->value);
    }
    if (request->body_size > 0) {
        buffer_printf(head, "Content-Length: %zu\r\n", request->body_size);
    }
    buffer_append_string(head, "\r\n");
    if (!sound) {
        return error_set(error, ERROR_INVALID, "A header field must not have a line break");
    }
    return buffer_failed(head) ? error_no_memory(error) : ERROR_NONE;
}

void peer_connection_send(struct peer_connection *connection, struct peer_request *request)
{
    uv_stream_t *stream = (uv_stream_t *)&connection->pipe;
    struct buffer *head = &connection->head;
    uv_buf_t parts[2];
    struct error error;
    size_t n_sent = 0;
    int rv;

    assert(connection->request == NULL && !connection->writing);
    connection->request = request;
    request->connection = connection;
    peer_response_begin(&connection->response, request);
    if (write_head(request, head, &error) != ERROR_NONE) {
        peers_broken(connection, &error);
        return;
    }
    parts[0] = uv_buf_init(head->data, (unsigned)head->size);
    parts[1] = uv_buf_init((char *)(uintptr_t)request->body, (unsigned)request->body_size);
    /* Tried first, because this tells whether any byte went off at all. */
    rv = uv_try_write(stream, parts, request->body_size > 0 ? 2 : 1);
    if (rv < 0 && rv != UV_EAGAIN) {
        fail_uv(connection, "Failed sending to the member", rv);
        return;
    }
    if (rv > 0) {
        request->sent = true;
        n_sent = (size_t)rv;
    }
    if (n_sent == head->size + request->body_size) {
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        size_t n = n_sent < parts[i].len ? n_sent : parts[i].len;

        parts[i].base += n;
        parts[i].len -= n;
        n_sent -= n;
    }
    request->sent = true;
    connection->write.data = connection;
    rv = uv_write(&connection->write, stream, parts, 2, on_written);
    if (rv != 0) {
        fail_uv(connection, "Failed sending to the member", rv);
        return;
    }
    connection->writing = true;
}

int peer_connection_open(struct peer_member *member, struct peer_connection **ret_connection,
                         struct error *error)
{
    struct peers *peers = member->peers;
    struct peer_connection *connection = calloc(1, sizeof *connection);
    int code;
    int fd;

    if (connection == NULL) {
        return error_no_memory(error);
    }
    connection->member = member;
    code = peers->options.connect(peers->options.data, member->id, &fd, error);
    if (code != ERROR_NONE) {
        goto err_after_alloc;
    }
    uv_pipe_init(peers->options.loop, &connection->pipe, 0);
    connection->pipe.data = connection;
    peers->n_handles++;
    queue_push(&member->idle, &connection->link);
    member->n_connections++;
    code = uv_pipe_open(&connection->pipe, fd);
    if (code != 0) {
        close(fd);
        goto err_after_init;
    }
    code = uv_read_start((uv_stream_t *)&connection->pipe, on_alloc, on_read);
    if (code != 0) {
        goto err_after_init;
    }
    *ret_connection = connection;
    return ERROR_NONE;

err_after_init:
    code = error_errno(error, ERROR_IO, -code, "Failed using a connection to a member");
    peer_connection_close(connection);
    return code;

err_after_alloc:
    free(connection);
    return code;
}
