#include "api/event_sockets.h"

#include "api/websocket_handshake.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

struct event_socket {
    struct events_listener listener;
    struct event_sockets *sockets;
    struct websocket *websocket;
    struct queue link;
    char project[]; /* "": all. */
};

void event_sockets_init(struct event_sockets *sockets, uv_loop_t *loop, struct events *hub,
                        const struct event_socket_limits *limits)
{
    *sockets = (struct event_sockets){.loop = loop, .hub = hub, .limits = *limits};
    queue_init(&sockets->sockets);
}

/* A listener that misses an event must know: it is closed, and may look at the
 * state itself. */
static void on_event(struct events_listener *listener, const struct event *event, const char *text,
                     size_t size)
{
    struct event_socket *socket =
        (struct event_socket *)(void *)((char *)listener - offsetof(struct event_socket, listener));

    (void)event;
    if (text == NULL) {
        websocket_close(socket->websocket, WEBSOCKET_INTERNAL, "An event was lost");
    } else {
        websocket_send(socket->websocket, text, size);
    }
}

static void on_closed(void *data)
{
    struct event_socket *socket = data;
    struct event_sockets *sockets = socket->sockets;

    events_remove(&socket->listener);
    queue_remove(&socket->link);
    free(socket);
    sockets->n_sockets--;
    if (sockets->n_sockets == 0 && sockets->stopped != NULL) {
        sockets->stopped(sockets->stopped_data);
    }
}

static struct event_socket *new_socket(struct event_sockets *sockets, unsigned types,
                                       const char *project)
{
    size_t size = project == NULL ? 1 : strlen(project) + 1;
    struct event_socket *socket = calloc(1, sizeof *socket + size);

    if (socket != NULL) {
        socket->sockets = sockets;
        memcpy(socket->project, project == NULL ? "" : project, size);
        socket->listener.types = types;
        socket->listener.project = project == NULL ? NULL : socket->project;
        socket->listener.deliver = on_event;
    }
    return socket;
}

int event_sockets_add(struct event_sockets *sockets, struct http_request *request, unsigned types,
                      const char *project, struct error *error)
{
    struct websocket_options options = {
        .loop = sockets->loop,
        .queue_size = sockets->limits.queue_size,
        .ping_interval_ms = sockets->limits.ping_interval_ms,
        .close_timeout_ms = sockets->limits.close_timeout_ms,
        .closed = on_closed,
    };
    char accept[WEBSOCKET_ACCEPT_SIZE];
    struct event_socket *socket;
    struct buffer input = {0};
    struct error open_error;
    int fd;
    int rv;

    if (sockets->n_sockets >= sockets->limits.listeners) {
        return error_set(error, ERROR_UNAVAILABLE, "Too many event listeners");
    }
    if (!websocket_accept(http_header_get(request, "Sec-WebSocket-Key"), accept)) {
        return error_set(error, ERROR_INTERNAL, "libcrypto can't compute a SHA-1");
    }
    socket = new_socket(sockets, types, project);
    if (socket == NULL) {
        return error_no_memory(error);
    }
    rv = http_take_socket(request, &fd, &input, error);
    if (rv != ERROR_NONE) {
        free(socket);
        return rv;
    }
    options.data = socket;
    if (websocket_open(&options, fd, accept, &input, &socket->websocket, &open_error) ==
        ERROR_NONE) {
        queue_push(&sockets->sockets, &socket->link);
        events_add(sockets->hub, &socket->listener);
        sockets->n_sockets++;
    } else {
        /* The client sees that its connection ends. */
        log_event(LOG_LEVEL_WARNING, "api", "Failed opening a WebSocket",
                  LOG_TEXT("error", open_error.message));
        free(socket);
    }
    buffer_close(&input);
    return ERROR_NONE;
}

void event_sockets_stop(struct event_sockets *sockets, void (*stopped)(void *data), void *data)
{
    if (sockets->n_sockets == 0) {
        stopped(data);
        return;
    }
    sockets->stopped = stopped;
    sockets->stopped_data = data;
    for (struct queue *link = sockets->sockets.next; link != &sockets->sockets; link = link->next) {
        websocket_close(queue_object(link, struct event_socket, link)->websocket,
                        WEBSOCKET_GOING_AWAY, "lbstate is shutting down");
    }
}
