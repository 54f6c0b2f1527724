#include "node/tunnel_internal.h"

#include "base/log.h"
#include "node/connect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int link_new(struct tunnel *tunnel, bool outgoing, struct link **ret_link, struct error *error)
{
    struct link *link;

    if (atomic_fetch_add(&tunnel->n_links, 1) >= tunnel->links_max) {
        atomic_fetch_sub(&tunnel->n_links, 1);
        return error_set(error, ERROR_UNAVAILABLE, "There are %u links already", tunnel->links_max);
    }
    link = calloc(1, sizeof *link);
    if (link == NULL) {
        atomic_fetch_sub(&tunnel->n_links, 1);
        return error_no_memory(error);
    }
    link->tunnel = tunnel;
    link->outgoing = outgoing;
    link->plain_fd = -1;
    link->timeout_ms = tunnel->handshake_timeout_ms;
    queue_init(&link->queue);
    queue_init(&link->waiting);
    *ret_link = link;
    return ERROR_NONE;
}

void link_discard(struct link *link)
{
    if (link->plain_fd >= 0) {
        close(link->plain_fd);
    }
    certificate_free(link->certificate);
    atomic_fetch_sub(&link->tunnel->n_links, 1);
    free(link);
}

void link_release(struct link *link)
{
    link->n_held--;
    if (link->n_held == 0) {
        atomic_fetch_sub(&link->tunnel->n_links, 1);
        free(link);
    }
}

void link_start(struct link *link)
{
    struct tunnel *tunnel = link->tunnel;

    queue_push(&tunnel->links, &link->queue);
    uv_timer_init(&tunnel->loop, &link->deadline);
    link->deadline.data = link;
    link->n_held = 1;
    if (!link->outgoing) {
        tunnel->n_handshakes++;
    }
}

/* To the thread that waits in tunnel_connect_unknown(), if there is one. */
static void give_answer(struct link *link, enum error_code code, const char *text)
{
    struct link_answer *answer = link->answer;

    if (answer == NULL) {
        return;
    }
    link->answer = NULL;
    pthread_mutex_lock(&answer->lock);
    answer->is_given = true;
    memcpy(answer->pin, link->peer.pin, PIN_SIZE);
    if (code != ERROR_NONE) {
        error_set(&answer->error, code, "%s", text);
    }
    pthread_cond_signal(&answer->given);
    pthread_mutex_unlock(&answer->lock);
}

static void on_timer_closed(uv_handle_t *handle)
{
    link_release(handle->data);
}

void link_close(struct link *link)
{
    struct tunnel *tunnel = link->tunnel;

    if (link->state == LINK_CLOSED) {
        return;
    }
    if (link->state == LINK_OPEN) {
        if (!link->out.done) {
            /* A courtesy, without waiting. */
            (void)tls_close(link);
        }
    } else if (!link->outgoing) {
        tunnel->n_handshakes--;
    }
    if (link->route != NULL) {
        route_forget(link->route, link);
    }
    queue_remove(&link->waiting);
    queue_remove(&link->queue);
    connect_abandon(link);
    watch_free(link->plain);
    if (link->plain_fd >= 0) {
        close(link->plain_fd);
    }
    certificate_free(link->certificate);
    give_answer(link, ERROR_UNAVAILABLE, "The tunnel was stopped");
    link->state = LINK_CLOSED;
    uv_close((uv_handle_t *)&link->deadline, on_timer_closed);
}

void link_fail(struct link *link, enum error_code code, const char *format, ...)
{
    struct tunnel *tunnel = link->tunnel;
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (link->outgoing) {
        atomic_fetch_add_explicit(&tunnel->failures, 1, memory_order_relaxed);
        give_answer(link, code, text);
    } else {
        atomic_fetch_add_explicit(&tunnel->refused, 1, memory_order_relaxed);
        log_event(LOG_LEVEL_INFO, "tunnel", "Turned a connection away",
                  LOG_TEXT("address", link->peer.address), LOG_TEXT("reason", text));
    }
    if (link->outgoing && link->route != NULL) {
        route_failed(link->route, link, text, code == ERROR_FORBIDDEN);
    }
    link_close(link);
}

static void on_deadline(uv_timer_t *timer)
{
    struct link *link = timer->data;

    if (link->state == LINK_OPEN) {
        link_close(link);
    } else {
        link_fail(link, ERROR_UNAVAILABLE, "%s%snothing came of it for %u ms", link->target,
                  link->outgoing ? ": " : "", link->timeout_ms);
    }
}

void link_set_deadline(struct link *link, unsigned timeout_ms)
{
    /* The loop's time is that of its last round; a blocked thread mustn't cut a handshake short. */
    uv_update_time(&link->tunnel->loop);
    uv_timer_start(&link->deadline, on_deadline, timeout_ms, 0);
}

static void fail_of_tls(struct link *link)
{
    char why[128];
    bool refused;

    tls_failure(link, why, sizeof why, &refused);
    link_fail(link, refused ? ERROR_FORBIDDEN : ERROR_UNAVAILABLE, "%s%s%s", link->target,
              link->outgoing ? ": " : "", why);
}

static void on_plain_ready(void *owner)
{
    flow_pump(owner);
}

/* Takes PLAIN_FD over, also when it fails. */
static bool watch_plain(struct link *link, int plain_fd)
{
    link->plain = watch_new(&link->tunnel->loop, plain_fd, on_plain_ready, link);
    if (link->plain == NULL) {
        close(plain_fd);
        link_fail(link, ERROR_NO_MEMORY, "Out of memory");
    }
    return link->plain != NULL;
}

static void open_link(struct link *link)
{
    struct tunnel *tunnel = link->tunnel;

    uv_timer_stop(&link->deadline);
    atomic_fetch_add_explicit(link->outgoing ? &tunnel->connects : &tunnel->accepted, 1,
                              memory_order_relaxed);
    if (!link->outgoing) {
        tunnel->n_handshakes--;
    }
    link->state = LINK_OPEN;
    if (link->route != NULL) {
        route_opened(link->route, link);
    }
    give_answer(link, ERROR_NONE, NULL);
    flow_pump(link);
}

/* The other side let us in. */
static void open_outgoing(struct link *link)
{
    int plain_fd = link->plain_fd;

    link->plain_fd = -1;
    if (watch_plain(link, plain_fd)) {
        open_link(link);
    }
}

static bool accept_raft(struct link *link)
{
    int fd;
    int reason = connect_to_node(NULL, link->tunnel->engine_address, &fd);

    if (reason != 0) {
        link_fail(link, ERROR_UNAVAILABLE, "The engine takes no connection: %s", strerror(reason));
        return false;
    }
    return watch_plain(link, fd);
}

static bool accept_http(struct link *link)
{
    struct tunnel *tunnel = link->tunnel;
    int fds[2];

    if (tunnel->on_accept == NULL) {
        link_fail(link, ERROR_UNAVAILABLE, "Nobody takes requests here");
        return false;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0) {
        link_fail(link, ERROR_IO, "No socket: %m");
        return false;
    }
    if (!watch_plain(link, fds[0])) {
        close(fds[1]);
        return false;
    }
    tunnel->on_accept(fds[1], &link->peer, tunnel->data);
    return true;
}

/* The other side is let in. */
static void open_accepted(struct link *link)
{
    if (link->peer.member_id != 0) {
        /* NULL if the directory has just lost it: then it is closed in a moment. */
        link->route = tunnel_route_find(link->tunnel, link->peer.member_id);
    }
    if (link->protocol == TUNNEL_RAFT ? accept_raft(link) : accept_http(link)) {
        link->out.data[0] = TUNNEL_GREETING;
        link->out.end = 1;
        open_link(link);
    }
}

/* False if it is done or failed; true: to be called again when the socket is ready. */
static bool wait_for_tls(struct link *link, enum tls_result result)
{
    switch (result) {
    case TLS_WANT_READ:
        watch_set(link->tcp, UV_READABLE);
        return true;
    case TLS_WANT_WRITE:
        watch_set(link->tcp, UV_WRITABLE);
        return true;
    case TLS_DONE:
        return false;
    default:
        fail_of_tls(link);
        return true;
    }
}

static void read_greeting(struct link *link)
{
    char greeting;
    size_t size;

    if (wait_for_tls(link, tls_read(link, &greeting, 1, &size))) {
        return;
    }
    if (greeting != TUNNEL_GREETING) {
        link_fail(link, ERROR_UNAVAILABLE, "%s: it isn't a tunnel of ours", link->target);
        return;
    }
    open_outgoing(link);
}

static void go_on_with_handshake(struct link *link)
{
    if (wait_for_tls(link, tls_handshake(link))) {
        return;
    }
    if (!link->outgoing) {
        open_accepted(link);
        return;
    }
    link->state = LINK_GREETING;
    read_greeting(link);
}

void link_handshake(struct link *link)
{
    link->state = LINK_HANDSHAKE;
    if (!tls_start(link, link->tcp->fd)) {
        link_fail(link, ERROR_NO_MEMORY, "Out of memory");
        return;
    }
    go_on_with_handshake(link);
}

void link_ready(void *owner)
{
    struct link *link = owner;

    switch (link->state) {
    case LINK_CONNECTING:
        connect_ready(link);
        break;
    case LINK_HANDSHAKE:
        go_on_with_handshake(link);
        break;
    case LINK_GREETING:
        read_greeting(link);
        break;
    default:
        flow_pump(link);
    }
}

void link_for_each(struct tunnel *tunnel, void (*each)(struct link *link, const void *arg),
                   const void *arg)
{
    struct queue todo;
    struct queue *entry;

    queue_init(&todo);
    queue_move(&todo, &tunnel->links);
    while ((entry = queue_pop(&todo)) != NULL) {
        queue_push(&tunnel->links, entry);
        each(queue_object(entry, struct link, queue), arg);
    }
}

void link_check(struct link *link, const struct directory *directory)
{
    const struct directory_member *member;
    const struct directory_token *token;
    uint64_t id;
    bool allowed = true;

    if (link->peer_known) {
        allowed = directory_by_pin(directory, link->peer.pin, &member, &token);
        id = allowed && member != NULL ? member->id : 0;
        allowed = allowed && id == link->peer.member_id;
    } else if (link->member_id != 0) {
        allowed = directory_by_id(directory, link->member_id) != NULL;
    }
    if (!allowed) {
        log_event(LOG_LEVEL_INFO, "tunnel", "Closed a link whose key is no longer known",
                  LOG_TEXT("name", link->peer.name), LOG_TEXT("address", link->peer.address));
        link_close(link);
    }
}
