/* event_sockets.h - the clients of /1.0/events: WebSockets that listen to the hub. */
#ifndef LBSTATE_API_EVENT_SOCKETS_H
#define LBSTATE_API_EVENT_SOCKETS_H

#include "api/events.h"
#include "api/http.h"
#include "api/websocket.h"

struct event_socket_limits {
    unsigned listeners;        /* At once. */
    size_t queue_size;         /* Bytes of events that may wait for one. */
    unsigned ping_interval_ms; /* As in Incus. */
    unsigned close_timeout_ms; /* How long a client may take to close its end. */
};

#define EVENT_SOCKET_LIMITS_DEFAULT                                                                \
    {                                                                                              \
        .listeners = 128, .queue_size = 512 * 1024, .ping_interval_ms = 10 * 1000,                 \
        .close_timeout_ms = 5 * 1000,                                                              \
    }

struct event_sockets {
    uv_loop_t *loop;
    struct events *hub;
    struct event_socket_limits limits;
    unsigned n_sockets;   /* Now. */
    struct queue sockets; /* Private. */
    void (*stopped)(void *data);
    void *stopped_data;
};

/* All is borrowed but LIMITS. */
void event_sockets_init(struct event_sockets *sockets, uv_loop_t *loop, struct events *hub,
                        const struct event_socket_limits *limits);

/* Makes a listener of the client of REQUEST, which asked for a WebSocket; the request
 * is answered and ended. PROJECT is NULL for all. On an error it must still be
 * answered: ERROR_UNAVAILABLE if there are too many. */
int event_sockets_add(struct event_sockets *sockets, struct http_request *request, unsigned types,
                      const char *project, struct error *error);

/* Tells all clients that the server goes away. STOPPED is called from the loop when
 * they are gone; at once if there are none. None may be added any more. */
void event_sockets_stop(struct event_sockets *sockets, void (*stopped)(void *data), void *data);

#endif
