#include "node/tunnel_internal.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

/* What has to become possible before a link goes on. */
struct wants {
    int tcp;
    int plain;
};

/* True if the step was done and the next one may be tried. */
static bool go_on(enum tls_result result, struct wants *wants)
{
    if (result == TLS_WANT_READ) {
        wants->tcp |= UV_READABLE;
    } else if (result == TLS_WANT_WRITE) {
        wants->tcp |= UV_WRITABLE;
    }
    return result == TLS_DONE;
}

/* Nothing more can be sent: the other side sees an end that TLS doesn't know of. What it sent
 * before may still be there to be read. */
static void break_off(struct link *link)
{
    shutdown(link->tcp->fd, SHUT_WR);
    link->out.ended = true;
    link->out.done = true;
}

static bool is_hung_up(int fd)
{
    struct pollfd poll_fd = {.fd = fd};

    return poll(&poll_fd, 1, 0) == 1 && (poll_fd.revents & (POLLHUP | POLLERR)) != 0;
}

static bool fill_from_tls(struct link *link, struct wants *wants)
{
    struct flow *flow = &link->in;
    size_t size;
    enum tls_result result = tls_read(link, flow->data, sizeof flow->data, &size);

    switch (result) {
    case TLS_DONE:
        flow->start = 0;
        flow->end = size;
        atomic_fetch_add_explicit(&link->tunnel->bytes_in, size, memory_order_relaxed);
        if (link->route != NULL) {
            route_heard(link->route);
        }
        return true;
    case TLS_CLOSED:
        flow->ended = true;
        return true;
    case TLS_FAILED:
        flow->ended = true;
        break_off(link);
        return true;
    default:
        return go_on(result, wants);
    }
}

static bool empty_to_plain(struct link *link, struct wants *wants)
{
    struct flow *flow = &link->in;
    ssize_t n = link->plain_gone ? (ssize_t)(flow->end - flow->start)
                                 : send(link->plain->fd, flow->data + flow->start,
                                        flow->end - flow->start, MSG_NOSIGNAL);

    if (n >= 0) {
        flow->start += (size_t)n;
    } else if (errno == EAGAIN) {
        wants->plain |= UV_WRITABLE;
        return false;
    } else if (errno != EINTR) {
        link->plain_gone = true;
    }
    return true;
}

static void pump_in(struct link *link, struct wants *wants)
{
    struct flow *flow = &link->in;

    for (unsigned round = 0; !flow->done; round++) {
        if (round == 2 * FLOW_ROUNDS) {
            /* It is writable, so that this goes on after other links had their turn. */
            wants->plain |= UV_WRITABLE;
            return;
        }
        if (flow->start < flow->end) {
            if (!empty_to_plain(link, wants)) {
                return;
            }
        } else if (flow->ended) {
            /* Of a link of Raft, a sender that only writes must see the end as well. */
            shutdown(link->plain->fd, link->protocol == TUNNEL_RAFT ? SHUT_RDWR : SHUT_WR);
            flow->done = true;
        } else if (!fill_from_tls(link, wants)) {
            return;
        }
    }
}

static bool fill_from_plain(struct link *link, struct wants *wants)
{
    struct flow *flow = &link->out;
    ssize_t n = recv(link->plain->fd, flow->data, sizeof flow->data, 0);

    if (n > 0) {
        flow->start = 0;
        flow->end = (size_t)n;
        atomic_fetch_add_explicit(&link->tunnel->bytes_out, (uint64_t)n, memory_order_relaxed);
    } else if (n == 0) {
        flow->ended = true;
        link->plain_gone = link->plain_gone || is_hung_up(link->plain->fd);
    } else if (errno == EAGAIN) {
        wants->plain |= UV_READABLE;
        return false;
    } else if (errno != EINTR) {
        /* It was closed before all was read that we wrote to it. */
        flow->ended = true;
        link->plain_gone = true;
    }
    return true;
}

static bool empty_to_tls(struct link *link, struct wants *wants)
{
    struct flow *flow = &link->out;
    size_t size;
    enum tls_result result =
        tls_write(link, flow->data + flow->start, flow->end - flow->start, &size);

    if (result == TLS_DONE) {
        flow->start += size;
    } else if (result == TLS_FAILED || result == TLS_CLOSED) {
        break_off(link);
    }
    return go_on(result, wants);
}

static bool end_tls(struct link *link, struct wants *wants)
{
    enum tls_result result = tls_close(link);

    if (result == TLS_FAILED || result == TLS_CLOSED) {
        break_off(link);
    } else if (result == TLS_DONE) {
        shutdown(link->tcp->fd, SHUT_WR);
        link->out.done = true;
    }
    return go_on(result, wants);
}

static void pump_out(struct link *link, struct wants *wants)
{
    struct flow *flow = &link->out;

    for (unsigned round = 0; !flow->done; round++) {
        if (flow->start < flow->end) {
            if (!empty_to_tls(link, wants)) {
                return;
            }
        } else if (flow->ended) {
            if (!end_tls(link, wants)) {
                return;
            }
        } else if (round >= 2 * FLOW_ROUNDS) {
            wants->plain |= UV_READABLE;
            return;
        } else if (!fill_from_plain(link, wants)) {
            return;
        }
    }
}

/* A link of Raft is a stream one way, whose sender never reads: that the other end is gone shows
 * only if all ends with the first direction. Requests have their answers still to come. */
static bool is_over(const struct link *link)
{
    return link->protocol == TUNNEL_RAFT ? link->in.done || link->out.done
                                         : link->in.done && link->out.done;
}

void flow_pump(struct link *link)
{
    struct wants wants = {0};

    pump_out(link, &wants);
    pump_in(link, &wants);
    if (is_over(link)) {
        link_close(link);
        return;
    }
    watch_set(link->tcp, wants.tcp);
    watch_set(link->plain, wants.plain);
    if (link->plain_gone && link->out.done && !uv_is_active((uv_handle_t *)&link->deadline)) {
        /* Closing now, with bytes unread, would be a reset, which may destroy what we sent. */
        link_set_deadline(link, link->tunnel->handshake_timeout_ms);
    }
}

void flow_tick(struct link *link)
{
    if (link->out.ended && !link->plain_gone && is_hung_up(link->plain->fd)) {
        link->plain_gone = true;
        flow_pump(link);
    }
}
