/* http_server.h - what the server and its connections know of each other. */
#ifndef LBSTATE_API_HTTP_SERVER_H
#define LBSTATE_API_HTTP_SERVER_H

#include "api/http.h"
#include "api/http_socket.h"
#include "base/queue.h"

/* What one read takes at most, and what a connection keeps of bytes that came
 * before their turn. */
#define HTTP_READ_SIZE (64 * 1024)

struct http_server {
    struct http_server_options options; /* Without its strings, which start borrows. */
    char *path;
    struct http_socket_file file;
    uv_pipe_t listener;
    uv_timer_t drain_timer;
    uv_pipe_t dropped;  /* A client that there is no room for, while it is closed. */
    bool dropping;      /* It is open. */
    bool client_waits;  /* Another one is to be taken after it. */
    unsigned n_handles; /* Open ones of the three above. */
    bool stopping;
    void (*stopped)(void *data);
    void *stopped_data;
    struct queue connections;
    unsigned n_connections; /* Without the refused ones. */
    unsigned n_refused;
    struct http_metrics metrics;
    char read_buffer[HTTP_READ_SIZE]; /* A read is dealt with before the next one. */
};

/* The last of a connection: it was freed. */
void http_server_connection_gone(struct http_server *server, bool was_refused);

#endif
