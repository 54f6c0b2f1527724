#include "api/http_hangup.h"

#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <unistd.h>

bool http_hangup_is(const uv_pipe_t *pipe)
{
    struct pollfd poll_fd = {.events = 0};
    uv_os_fd_t fd;

    if (uv_fileno((const uv_handle_t *)pipe, &fd) != 0) {
        return true;
    }
    poll_fd.fd = fd;
    return poll(&poll_fd, 1, 0) == 1 && (poll_fd.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

static void on_event(uv_poll_t *poll, int status, int events)
{
    struct http_hangup *hangup =
        (struct http_hangup *)(void *)((char *)poll - offsetof(struct http_hangup, poll));

    (void)status;
    (void)events;
    uv_poll_stop(poll);
    if (http_hangup_is(hangup->pipe)) {
        hangup->hung_up(hangup);
    }
}

/* The pipe's descriptor is libuv's own, so that a second one must be watched. */
static bool open_watch(struct http_hangup *hangup)
{
    uv_os_fd_t fd;

    if (uv_fileno((const uv_handle_t *)hangup->pipe, &fd) != 0) {
        return false;
    }
    hangup->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (hangup->fd < 0) {
        return false;
    }
    if (uv_poll_init(hangup->pipe->loop, &hangup->poll, hangup->fd) != 0) {
        close(hangup->fd);
        return false;
    }
    hangup->is_open = true;
    return true;
}

void http_hangup_watch(struct http_hangup *hangup, const uv_pipe_t *pipe,
                       void (*hung_up)(struct http_hangup *hangup))
{
    hangup->pipe = pipe;
    hangup->hung_up = hung_up;
    if (hangup->is_open || open_watch(hangup)) {
        /* Urgent data: a client that behaves never sends any, and the watch tells
         * of a hang-up besides. Asking for anything else would wake us at once,
         * and ever again. */
        uv_poll_start(&hangup->poll, UV_PRIORITIZED, on_event);
    }
}

void http_hangup_unwatch(struct http_hangup *hangup)
{
    if (hangup->is_open) {
        uv_poll_stop(&hangup->poll);
    }
}

void http_hangup_close(struct http_hangup *hangup, uv_close_cb closed)
{
    uv_close((uv_handle_t *)&hangup->poll, closed);
    close(hangup->fd);
}
