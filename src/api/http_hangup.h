/* http_hangup.h - whether a client is gone, as told from one that only sends no
 * more.
 *
 * A client that shut down its sending side after its request is entitled to the
 * answer; one that closed the socket is gone. read() returns 0 for both. But the
 * kernel reports POLLHUP for a Unix stream socket only when both directions are
 * shut down, which close() does and shutdown(SHUT_WR) doesn't. */
#ifndef LBSTATE_API_HTTP_HANGUP_H
#define LBSTATE_API_HTTP_HANGUP_H

#include <stdbool.h>
#include <uv.h>

/* Watches where no reads are left to tell: after the client shut down its side,
 * or sent so much ahead that we stopped reading. A zeroed one is valid and not
 * open. */
struct http_hangup {
    bool is_open; /* It has a handle that must be closed. */
    int fd;
    uv_poll_t poll; /* Its `data` is the caller's once it is open. */
    const uv_pipe_t *pipe;
    void (*hung_up)(struct http_hangup *hangup);
};

/* True if the client at the other end of PIPE is gone. */
bool http_hangup_is(const uv_pipe_t *pipe);

/* Calls HUNG_UP, once at most, when the client goes away. Nothing is watched if
 * there is no descriptor left: then the write of the answer will fail instead. */
void http_hangup_watch(struct http_hangup *hangup, const uv_pipe_t *pipe,
                       void (*hung_up)(struct http_hangup *hangup));
/* Until the next watch. */
void http_hangup_unwatch(struct http_hangup *hangup);

/* To be called only if it is open; CLOSED gets &hangup->poll. */
void http_hangup_close(struct http_hangup *hangup, uv_close_cb closed);

#endif
