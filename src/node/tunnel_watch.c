#include "node/tunnel_internal.h"

#include <stdlib.h>
#include <unistd.h>

struct watch *watch_new(uv_loop_t *loop, int fd, void (*ready)(void *owner), void *owner)
{
    struct watch *watch = malloc(sizeof *watch);

    if (watch == NULL || uv_poll_init(loop, &watch->poll, fd) != 0) {
        free(watch);
        return NULL;
    }
    watch->poll.data = watch;
    watch->fd = fd;
    watch->events = 0;
    watch->ready = ready;
    watch->owner = owner;
    return watch;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct watch *watch = poll->data;

    (void)events;
    if (status != 0) {
        /* libuv has stopped it. */
        watch->events = 0;
    }
    watch->ready(watch->owner);
}

void watch_set(struct watch *watch, int events)
{
    if (watch->events == events) {
        return;
    }
    watch->events = events;
    if (events == 0) {
        uv_poll_stop(&watch->poll);
    } else {
        /* It fails only for a handle that is being closed. */
        (void)uv_poll_start(&watch->poll, events, on_poll);
    }
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void watch_free(struct watch *watch)
{
    if (watch == NULL) {
        return;
    }
    uv_close((uv_handle_t *)&watch->poll, on_closed);
    close(watch->fd);
}
