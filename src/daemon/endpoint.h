/* endpoint.h - from the tunnel's thread to the HTTP server: the connections of other members. */
#ifndef LBSTATE_DAEMON_ENDPOINT_H
#define LBSTATE_DAEMON_ENDPOINT_H

#include "api/http.h"
#include "base/error.h"
#include "node/tunnel.h"

#include <uv.h>

#define ENDPOINT_WAITING_MAX 256 /* Connections that the loop didn't take yet; more are closed. */

struct endpoint;

/* ERROR_NO_MEMORY, ERROR_IO. */
int endpoint_open(uv_loop_t *loop, struct endpoint **ret_endpoint, struct error *error);

/* For tunnel_options.on_accept, with the endpoint as data. Thread-safe. */
void endpoint_accept(int fd, const struct tunnel_peer *peer, void *endpoint);

/* Where connections go from now on; NULL: they are closed, as before the first call. */
void endpoint_set_server(struct endpoint *endpoint, struct http_server *server);

/* The tunnel must be stopped. Frees it in the loop's next turns. */
void endpoint_close(struct endpoint *endpoint);

#endif
