#include "node/tunnel_internal.h"

#include "node/address.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A peer that vanished is noticed by keep-alive after 5 + 3 s if the link is idle, and by
 * TCP_USER_TIMEOUT if bytes are under way. */
#define KEEPALIVE_IDLE_S     5
#define KEEPALIVE_INTERVAL_S 1
#define KEEPALIVE_COUNT      3

static bool set_option(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

bool connect_set_options(int fd)
{
    return set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1) &&
           set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1) &&
           set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S) &&
           set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S) &&
           set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_COUNT) &&
           set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, TUNNEL_USER_TIMEOUT_MS);
}

/* A socket that connects to ADDRESS, or -1 and errno. */
static int open_socket(const struct addrinfo *address)
{
    int reason;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0) {
        return -1;
    }
    if (!connect_set_options(fd) ||
        (connect(fd, address->ai_addr, address->ai_addrlen) != 0 && errno != EINPROGRESS)) {
        reason = errno;
        close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

/* Until one connects, or none is left; REASON is why the last one failed. */
static void try_next(struct link *link, int reason)
{
    while (link->next_address != NULL) {
        const struct addrinfo *address = link->next_address;
        int fd = open_socket(address);

        link->next_address = address->ai_next;
        if (fd < 0) {
            reason = errno;
            continue;
        }
        link->tcp = watch_new(&link->tunnel->loop, fd, link_ready, link);
        if (link->tcp == NULL) {
            close(fd);
            reason = ENOMEM;
            break;
        }
        address_format(address->ai_addr, address->ai_addrlen, link->peer.address,
                       sizeof link->peer.address);
        link->state = LINK_CONNECTING;
        watch_set(link->tcp, UV_WRITABLE);
        return;
    }
    link_fail(link, ERROR_UNAVAILABLE, "%s: %s", link->target, strerror(reason));
}

void connect_ready(struct link *link)
{
    int reason = 0;
    socklen_t size = sizeof reason;

    if (getsockopt(link->tcp->fd, SOL_SOCKET, SO_ERROR, &reason, &size) != 0) {
        reason = errno;
    }
    if (reason == 0) {
        link_handshake(link);
        return;
    }
    watch_free(link->tcp);
    link->tcp = NULL;
    try_next(link, reason);
}

static void set_addresses(struct link *link, struct addrinfo *addresses)
{
    link->addresses = addresses;
    link->next_address = addresses;
    try_next(link, EADDRNOTAVAIL);
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *addresses)
{
    struct link *link = request->data;

    link->resolving = false;
    if (link->state == LINK_CLOSED) {
        uv_freeaddrinfo(addresses);
    } else if (link->restart) {
        uv_freeaddrinfo(addresses);
        connect_begin(link);
    } else if (status != 0) {
        link_fail(link, ERROR_UNAVAILABLE, "%s: %s", link->target, uv_strerror(status));
    } else {
        set_addresses(link, addresses);
    }
    link_release(link);
}

void connect_begin(struct link *link)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    char host[ADDRESS_HOST_SIZE];
    char port[ADDRESS_PORT_SIZE];
    struct addrinfo *addresses;
    int status;

    link->state = LINK_RESOLVING;
    link->restart = false;
    link_set_deadline(link, link->timeout_ms);
    if (!address_split(link->target, host, port)) {
        link_fail(link, ERROR_INVALID, "%s: not host:port", link->target);
        return;
    }
    /* Most are numeric, and need none of the threads that a name would wait for. */
    if (getaddrinfo(host, port, &hints, &addresses) == 0) {
        set_addresses(link, addresses);
        return;
    }
    hints.ai_flags = AI_NUMERICSERV;
    link->resolver.data = link;
    status = uv_getaddrinfo(&link->tunnel->loop, &link->resolver, on_resolved, host, port, &hints);
    if (status != 0) {
        link_fail(link, ERROR_UNAVAILABLE, "%s: %s", link->target, uv_strerror(status));
        return;
    }
    link->resolving = true;
    link->n_held++;
}

void connect_abandon(struct link *link)
{
    if (link->resolving) {
        /* One that runs already can't be stopped; it is waited for. */
        (void)uv_cancel((uv_req_t *)&link->resolver);
    }
    uv_freeaddrinfo(link->addresses);
    link->addresses = NULL;
    link->next_address = NULL;
    SSL_free(link->ssl);
    link->ssl = NULL;
    watch_free(link->tcp);
    link->tcp = NULL;
    link->peer_known = false;
    link->refusal = NULL;
}

void connect_restart(struct link *link)
{
    if (link->resolving) {
        link->restart = true;
        (void)uv_cancel((uv_req_t *)&link->resolver);
    } else {
        connect_abandon(link);
        connect_begin(link);
    }
}
