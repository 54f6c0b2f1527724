/* websocket_handshake.h - from an HTTP request to a WebSocket (RFC 6455, 4.2);
 * pure. */
#ifndef LBSTATE_API_WEBSOCKET_HANDSHAKE_H
#define LBSTATE_API_WEBSOCKET_HANDSHAKE_H

#include "api/http.h"

#define WEBSOCKET_ACCEPT_SIZE 29 /* A SHA-1 in base64, and a NUL. */

/* True if REQUEST asks for a WebSocket of version 13, as it must be asked for. */
bool websocket_is_asked(const struct http_request *request);

/* What proves to the client that its Sec-WebSocket-Key was understood. False:
 * libcrypto can't. */
bool websocket_accept(const char *key, char out[WEBSOCKET_ACCEPT_SIZE]);

#endif
