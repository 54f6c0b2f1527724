#include "node/connect.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct target {
    struct sockaddr_storage address;
    socklen_t size;
};

static int parse_abstract(const char *name, struct target *target)
{
    struct sockaddr_un *un = (struct sockaddr_un *)&target->address;
    size_t size = strlen(name);

    if (size == 0 || size > sizeof un->sun_path - 1) {
        return EINVAL;
    }
    un->sun_family = AF_UNIX;
    /* sun_path[0] stays NUL, which is what makes it abstract. */
    memcpy(un->sun_path + 1, name, size);
    target->size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + size);
    return 0;
}

static int parse_tcp(const char *address, struct target *target)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *info;
    char host[NI_MAXHOST];
    const char *colon = strrchr(address, ':');
    size_t size;

    if (colon == NULL || colon == address || colon[1] == '\0') {
        return EINVAL;
    }
    size = (size_t)(colon - address);
    if (address[0] == '[' && colon[-1] == ']') {
        address++;
        size -= 2;
    }
    if (size == 0 || size >= sizeof host) {
        return EINVAL;
    }
    memcpy(host, address, size);
    host[size] = '\0';
    if (getaddrinfo(host, colon + 1, &hints, &info) != 0) {
        return EINVAL;
    }
    memcpy(&target->address, info->ai_addr, info->ai_addrlen);
    target->size = info->ai_addrlen;
    freeaddrinfo(info);
    return 0;
}

static int await_connected(int fd)
{
    uint64_t deadline_us = clock_monotonic_us() + CONNECT_TIMEOUT_MS * UINT64_C(1000);
    struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
    int reason = 0;
    socklen_t size = sizeof reason;
    int n;

    do {
        n = poll(&poll_fd, 1, clock_poll_timeout_ms(deadline_us));
    } while (n < 0 && errno == EINTR);
    if (n == 0) {
        return ETIMEDOUT;
    }
    if (n < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &size) != 0) {
        return errno;
    }
    return reason;
}

static int set_options(int fd, int family)
{
    int one = 1;
    int flags = fcntl(fd, F_GETFL);

    if (family != AF_UNIX && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0) {
        return errno;
    }
    if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) != 0) {
        return errno;
    }
    return 0;
}

int connect_to_node(void *arg, const char *address, int *ret_fd)
{
    struct target target = {0};
    int family;
    int fd;
    int reason;

    (void)arg;
    reason = address[0] == '@' ? parse_abstract(address + 1, &target) : parse_tcp(address, &target);
    if (reason != 0) {
        return reason;
    }
    family = target.address.ss_family;
    fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return errno;
    }
    if (connect(fd, (const struct sockaddr *)&target.address, target.size) != 0) {
        reason = errno == EINPROGRESS ? await_connected(fd) : errno;
    }
    if (reason == 0) {
        reason = set_options(fd, family);
    }
    if (reason != 0) {
        close(fd);
        return reason;
    }
    *ret_fd = fd;
    return 0;
}
