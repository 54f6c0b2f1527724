/* http_connection.h - one client: reads requests, hands them to the handler one
 * by one, writes the answers. */
#ifndef LBSTATE_API_HTTP_CONNECTION_H
#define LBSTATE_API_HTTP_CONNECTION_H

#include "api/http_server.h"

/* Accepts the client that waits; one that is REFUSED is told 503 and closed. The
 * client was not accepted if this returns ERROR_NO_MEMORY. */
int http_connection_accept(struct http_server *server, bool refused, struct error *error);

/* The same for one that somebody else accepted: FD becomes the connection's unless memory is
 * lacking, and PEER is at its other end. */
int http_connection_adopt(struct http_server *server, bool refused, int fd,
                          const struct http_peer *peer, struct error *error);

/* Takes no further request: closed at once if it is idle, else after its answer. */
void http_connection_stop(struct http_connection *connection);

/* Closed now; its handler is told. */
void http_connection_cut(struct http_connection *connection);

struct http_connection *http_connection_of_link(struct queue *link);

#endif
