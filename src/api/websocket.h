/* websocket.h - the server's end of one WebSocket (RFC 6455), for texts that go to
 * the client and nothing but control frames that come back.
 *
 * Bounded: a client that doesn't read is closed once `queue_size` bytes wait for
 * it, one that answers no pings after WEBSOCKET_PINGS_MAX of them, and one that
 * doesn't close its end after `close_timeout_ms`. What breaks the protocol closes
 * it with the code that the RFC has for it.
 *
 * All functions are called on the loop's thread. */
#ifndef LBSTATE_API_WEBSOCKET_H
#define LBSTATE_API_WEBSOCKET_H

#include "base/buffer.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#define WEBSOCKET_PINGS_MAX   3    /* Without an answer. */
#define WEBSOCKET_MESSAGE_MAX 4096 /* Bytes that a client may send in one; else 1009. */

enum websocket_code {
    WEBSOCKET_GOING_AWAY = 1001,
    WEBSOCKET_PROTOCOL = 1002,
    WEBSOCKET_UNSUPPORTED = 1003,
    WEBSOCKET_POLICY = 1008,
    WEBSOCKET_INTERNAL = 1011
};

struct websocket;

struct websocket_options {
    uv_loop_t *loop;
    size_t queue_size;         /* Bytes of texts that may wait for the client. */
    unsigned ping_interval_ms; /* The first ping goes out at once. */
    unsigned close_timeout_ms;
    /* Called from the loop, once, never from within a function of this header, when
     * all is closed; the WebSocket is gone when it returns. */
    void (*closed)(void *data);
    void *data;
};

/* Takes the socket FD, also if it fails, accepts with ACCEPT (what websocket_accept()
 * gave), and goes on with INPUT, the bytes that were read already. After an error
 * CLOSED isn't called, and the loop may have to run once more to free all. */
int websocket_open(const struct websocket_options *options, int fd, const char *accept,
                   const struct buffer *input, struct websocket **ret_websocket,
                   struct error *error);

/* Queues a text, which must be UTF-8. Where it can't, for want of room or memory,
 * the WebSocket is closed, and the client told why. Nothing is sent once it closes. */
void websocket_send(struct websocket *websocket, const char *text, size_t size);

/* Begins to close it: what is being sent is finished, the rest of the queue is
 * dropped. REASON has 123 bytes at most. */
void websocket_close(struct websocket *websocket, enum websocket_code code, const char *reason);

/* Closes it now, without a word. */
void websocket_cut(struct websocket *websocket);

#endif
