#include "node/tunnel_internal.h"

#include "base/log.h"
#include "node/address.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 128

/* How many are accepted before the links have their turn. */
#define ACCEPTS_AT_ONCE 16

static int resolve(const char *address, struct addrinfo **ret_addresses, struct error *error)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    char host[ADDRESS_HOST_SIZE];
    char port[ADDRESS_PORT_SIZE];
    int status;

    if (!address_split(address, host, port)) {
        return error_set(error, ERROR_INVALID, "\"%s\" is not host:port", address);
    }
    status = getaddrinfo(host, port, &hints, ret_addresses);
    if (status == EAI_MEMORY) {
        return error_no_memory(error);
    }
    if (status != 0) {
        return error_set(error, ERROR_INVALID, "Failed resolving \"%s\": %s", host,
                         gai_strerror(status));
    }
    return ERROR_NONE;
}

static bool set_option(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

static bool bind_and_listen(int fd, const struct addrinfo *address)
{
    return bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0;
}

/* The kernel doesn't let an address and "all addresses" be listened on with the same port, which
 * is what moving from one to the other takes. That both sockets allow it is enough, and as both
 * are ours, no other process can slip in. */
static bool listen_beside(int fd, int old_fd, const struct addrinfo *address)
{
    bool done = set_option(old_fd, SOL_SOCKET, SO_REUSEPORT, 1) &&
                set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1) && bind_and_listen(fd, address);
    int reason = errno;

    (void)set_option(old_fd, SOL_SOCKET, SO_REUSEPORT, 0);
    (void)set_option(fd, SOL_SOCKET, SO_REUSEPORT, 0);
    errno = reason;
    return done;
}

/* A socket that listens on ADDRESS, or -1 and errno. */
static int open_socket(const struct addrinfo *address, int old_fd)
{
    int reason;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0) {
        return -1;
    }
    if (!set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) ||
        (address->ai_family == AF_INET6 && !set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0))) {
        goto err_after_socket;
    }
    if (bind_and_listen(fd, address) ||
        (errno == EADDRINUSE && old_fd >= 0 && listen_beside(fd, old_fd, address))) {
        return fd;
    }

err_after_socket:
    reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

int listener_open(const char *address, int old_fd, int *ret_fd,
                  char ret_address[MEMBER_ADDRESS_MAX + 1], struct error *error)
{
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    struct addrinfo *addresses;
    int reason = 0;
    int fd = -1;
    int code = resolve(address, &addresses, error);

    if (code != ERROR_NONE) {
        return code;
    }
    for (const struct addrinfo *i = addresses; i != NULL && fd < 0; i = i->ai_next) {
        fd = open_socket(i, old_fd);
        reason = errno;
    }
    freeaddrinfo(addresses);
    if (fd < 0) {
        return error_errno(error,
                           reason == EADDRINUSE      ? ERROR_CONFLICT
                           : reason == EADDRNOTAVAIL ? ERROR_INVALID
                                                     : ERROR_IO,
                           reason, "Failed listening on %s", address);
    }
    if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0) {
        code = error_errno(error, ERROR_IO, errno, "Failed listening on %s", address);
        close(fd);
        return code;
    }
    address_format((const struct sockaddr *)&bound, size, ret_address, MEMBER_ADDRESS_MAX + 1);
    *ret_fd = fd;
    return ERROR_NONE;
}

static void refuse(struct tunnel *tunnel, int fd, const char *address, const char *reason)
{
    atomic_fetch_add_explicit(&tunnel->refused, 1, memory_order_relaxed);
    log_event(LOG_LEVEL_INFO, "tunnel", "Turned a connection away", LOG_TEXT("address", address),
              LOG_TEXT("reason", reason));
    close(fd);
}

static void take(struct tunnel *tunnel, int fd, const char *address)
{
    struct link *link;
    struct error error;

    if (tunnel->n_handshakes >= TUNNEL_HANDSHAKES_MAX) {
        refuse(tunnel, fd, address, "Too many don't say who they are");
        return;
    }
    if (link_new(tunnel, false, &link, &error) != ERROR_NONE) {
        refuse(tunnel, fd, address, error.message);
        return;
    }
    link_start(link);
    memcpy(link->peer.address, address, strlen(address) + 1);
    if (!connect_set_options(fd)) {
        close(fd);
        link_fail(link, ERROR_IO, "Failed setting up its socket: %m");
        return;
    }
    link->tcp = watch_new(&tunnel->loop, fd, link_ready, link);
    if (link->tcp == NULL) {
        close(fd);
        link_fail(link, ERROR_NO_MEMORY, "Out of memory");
        return;
    }
    link_set_deadline(link, link->timeout_ms);
    link_handshake(link);
}

static bool is_of_the_connection(int reason)
{
    return reason == ECONNABORTED || reason == EINTR || reason == EPROTO || reason == EPERM;
}

static void accept_up_to(struct tunnel *tunnel, unsigned n)
{
    struct sockaddr_storage peer;
    char address[MEMBER_ADDRESS_MAX + 1];

    for (unsigned i = 0; i < n; i++) {
        socklen_t size = sizeof peer;
        int fd = accept4(tunnel->listener->fd, (struct sockaddr *)&peer, &size,
                         SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (fd >= 0) {
            address_format((const struct sockaddr *)&peer, size, address, sizeof address);
            take(tunnel, fd, address);
        } else if (errno == EAGAIN) {
            return;
        } else if (!is_of_the_connection(errno)) {
            /* It would fail again at once, and again, until something is freed. */
            log_event(LOG_LEVEL_ERROR, "tunnel", "Failed accepting a connection",
                      LOG_TEXT("reason", strerror(errno)));
            watch_set(tunnel->listener, 0);
            return;
        }
    }
}

static void accept_some(void *owner)
{
    accept_up_to(owner, ACCEPTS_AT_ONCE);
}

bool listener_set(struct tunnel *tunnel, int fd)
{
    struct watch *listener = NULL;

    if (fd >= 0) {
        listener = watch_new(&tunnel->loop, fd, accept_some, tunnel);
        if (listener == NULL) {
            return false;
        }
    }
    if (tunnel->listener != NULL) {
        /* Those that connected already, all that the kernel holds. TCP can't hand over the one
         * that comes between this and the close: it is reset, and tries again. */
        accept_up_to(tunnel, BACKLOG + 1);
    }
    watch_free(tunnel->listener);
    tunnel->listener = listener;
    listener_tick(tunnel);
    return true;
}

void listener_tick(struct tunnel *tunnel)
{
    if (tunnel->listener != NULL) {
        watch_set(tunnel->listener, UV_READABLE);
    }
}
