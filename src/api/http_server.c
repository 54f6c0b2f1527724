#include "api/http_server.h"

#include "api/http_connection.h"
#include "base/log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Clients beyond the limit that are being told so; more are just closed. */
#define REFUSED_MAX 64

static void on_closed(uv_handle_t *handle)
{
    struct http_server *server = handle->data;
    void (*stopped)(void *) = server->stopped;
    void *stopped_data = server->stopped_data;

    server->n_handles--;
    if (server->n_handles > 0) {
        return;
    }
    free(server->path);
    free(server);
    if (stopped != NULL) {
        stopped(stopped_data);
    }
}

static void on_connection(uv_stream_t *listener, int status);

static void on_dropped(uv_handle_t *handle)
{
    struct http_server *server = handle->data;

    server->dropping = false;
    if (server->client_waits && !server->stopping) {
        server->client_waits = false;
        on_connection((uv_stream_t *)&server->listener, 0);
    }
    on_closed(handle);
}

/* A client that is not accepted would stop libuv from taking further ones. So it
 * is accepted, with memory that surely is there, and closed; one at a time. */
static void drop_client(struct http_server *server)
{
    if (server->dropping) {
        server->client_waits = true;
        return;
    }
    server->dropping = true;
    server->n_handles++;
    uv_pipe_init(server->options.loop, &server->dropped, 0);
    server->dropped.data = server;
    uv_accept((uv_stream_t *)&server->listener, (uv_stream_t *)&server->dropped);
    uv_close((uv_handle_t *)&server->dropped, on_dropped);
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct http_server *server = listener->data;
    struct error error = ERROR_INIT;
    bool full = server->n_connections >= server->options.limits.connections;

    if (status != 0) {
        error_errno(&error, ERROR_IO, -status, "Failed accepting a client");
    } else if (full && server->n_refused >= REFUSED_MAX) {
        drop_client(server);
    } else if (http_connection_accept(server, full, &error) == ERROR_NO_MEMORY) {
        drop_client(server);
    }
    if (error.code != ERROR_NONE) {
        log_event(LOG_LEVEL_WARNING, "api", "Failed taking a client",
                  LOG_TEXT("error", error.message));
    }
}

int http_server_start(const struct http_server_options *options, struct http_server **ret_server,
                      struct error *error)
{
    struct http_server *server = calloc(1, sizeof *server);
    int code;
    int fd;

    if (server == NULL) {
        return error_no_memory(error);
    }
    server->options = *options;
    server->options.path = NULL;
    server->options.group = NULL;
    queue_init(&server->connections);
    server->path = strdup(options->path);
    if (server->path == NULL) {
        code = error_no_memory(error);
        goto err_after_alloc;
    }
    code = http_socket_listen(options->path, options->group, &fd, &server->file, error);
    if (code != ERROR_NONE) {
        goto err_after_path;
    }
    uv_pipe_init(options->loop, &server->listener, 0);
    uv_timer_init(options->loop, &server->drain_timer);
    server->listener.data = server;
    server->drain_timer.data = server;
    server->n_handles = 2;
    code = uv_pipe_open(&server->listener, fd);
    if (code != 0) {
        close(fd);
        goto err_after_init;
    }
    code = uv_listen((uv_stream_t *)&server->listener, SOMAXCONN, on_connection);
    if (code != 0) {
        goto err_after_init;
    }
    *ret_server = server;
    return ERROR_NONE;

err_after_init:
    code = error_errno(error, ERROR_IO, -code, "Failed listening on %s", options->path);
    http_socket_remove(server->path, &server->file);
    /* The rest goes when the loop has closed them. */
    uv_close((uv_handle_t *)&server->listener, on_closed);
    uv_close((uv_handle_t *)&server->drain_timer, on_closed);
    return code;
err_after_path:
    free(server->path);
err_after_alloc:
    free(server);
    return code;
}

int http_server_adopt(struct http_server *server, int fd, const struct http_peer *peer,
                      struct error *error)
{
    bool full = server->n_connections >= server->options.limits.connections;
    int code;

    if (server->stopping || (full && server->n_refused >= REFUSED_MAX)) {
        close(fd);
        return ERROR_NONE;
    }
    code = http_connection_adopt(server, full, fd, peer, error);
    if (code == ERROR_NO_MEMORY) {
        close(fd);
    }
    return code;
}

/* The timer's handle stands for the connections: closed, and so STOPPED called,
 * when there are none left. */
static void close_if_drained(struct http_server *server)
{
    if (server->stopping && queue_empty(&server->connections)) {
        uv_close((uv_handle_t *)&server->drain_timer, on_closed);
    }
}

void http_server_connection_gone(struct http_server *server, bool was_refused)
{
    if (was_refused) {
        server->n_refused--;
    } else {
        server->n_connections--;
    }
    close_if_drained(server);
}

/* No connection is freed while one walks: that is for close callbacks. */
static void for_each_connection(struct http_server *server, void (*act)(struct http_connection *))
{
    struct queue *link = server->connections.next;

    while (link != &server->connections) {
        struct http_connection *connection = http_connection_of_link(link);

        link = link->next;
        act(connection);
    }
}

static void on_drain_timeout(uv_timer_t *timer)
{
    for_each_connection(timer->data, http_connection_cut);
}

void http_server_stop(struct http_server *server, unsigned drain_ms, void (*stopped)(void *data),
                      void *data)
{
    assert(!server->stopping);
    server->stopping = true;
    server->stopped = stopped;
    server->stopped_data = data;
    http_socket_remove(server->path, &server->file);
    uv_close((uv_handle_t *)&server->listener, on_closed);
    uv_timer_start(&server->drain_timer, on_drain_timeout, drain_ms, 0);
    for_each_connection(server, http_connection_stop);
    close_if_drained(server);
}

void http_server_metrics(const struct http_server *server, struct http_metrics *ret_metrics)
{
    *ret_metrics = server->metrics;
    ret_metrics->connections = server->n_connections;
}
