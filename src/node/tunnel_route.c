#include "node/tunnel_internal.h"

#include "base/clock.h"
#include "base/log.h"

#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void on_retry(uv_timer_t *timer)
{
    struct route *route = timer->data;
    struct queue *entry = queue_pop(&route->waiting);

    if (entry != NULL) {
        route->probe = queue_object(entry, struct link, waiting);
        connect_begin(route->probe);
    }
}

void route_init(struct tunnel *tunnel, struct route *route)
{
    route->tunnel = tunnel;
    queue_init(&route->waiting);
    uv_timer_init(&tunnel->loop, &route->retry);
    route->retry.data = route;
}

void route_close(struct route *route)
{
    uv_close((uv_handle_t *)&route->retry, NULL);
}

static void forget_failures(struct route *route)
{
    route->failing = false;
    route->retry_ms = 0;
    route->probe = NULL;
    uv_timer_stop(&route->retry);
    pthread_mutex_lock(&route->tunnel->lock);
    route->status.failure[0] = '\0';
    route->status.refused = false;
    pthread_mutex_unlock(&route->tunnel->lock);
}

static void connect_waiting(struct route *route)
{
    struct queue *entry;

    while ((entry = queue_pop(&route->waiting)) != NULL) {
        connect_begin(queue_object(entry, struct link, waiting));
    }
}

/* Halfway to all of MS, so that members that lost each other don't knock in step. */
static unsigned with_jitter(unsigned ms)
{
    uint16_t random = 0;

    /* Without randomness it is only less well spread. */
    (void)RAND_bytes((unsigned char *)&random, sizeof random);
    return ms / 2 + random % (ms / 2 + 1);
}

void route_admit(struct route *route, struct link *link)
{
    bool may_probe = route->probe == NULL && !uv_is_active((uv_handle_t *)&route->retry);

    link->route = route;
    snprintf(link->target, sizeof link->target, "%s", route->address);
    if (route->failing && !may_probe) {
        queue_push(&route->waiting, &link->waiting);
        return;
    }
    if (route->failing) {
        route->probe = link;
    }
    connect_begin(link);
}

void route_opened(struct route *route, const struct link *link)
{
    pthread_mutex_lock(&route->tunnel->lock);
    route->status.n_links++;
    route->status.last_heard_us = clock_monotonic_us();
    pthread_mutex_unlock(&route->tunnel->lock);
    route_measure(route, link->tcp->fd);
    if (link->outgoing) {
        if (route->failing) {
            log_event(LOG_LEVEL_INFO, "tunnel", "Reached a member again",
                      LOG_INTEGER("member", route->member_id), LOG_TEXT("address", route->address));
        }
        forget_failures(route);
        connect_waiting(route);
    } else if (uv_is_active((uv_handle_t *)&route->retry)) {
        /* It is alive, so there is no reason to wait any longer. */
        uv_timer_start(&route->retry, on_retry, 0, 0);
    }
}

void route_failed(struct route *route, const struct link *link, const char *why, bool refused)
{
    struct queue *entry;
    unsigned wait_ms;

    pthread_mutex_lock(&route->tunnel->lock);
    snprintf(route->status.failure, sizeof route->status.failure, "%s", why);
    route->status.refused = refused;
    pthread_mutex_unlock(&route->tunnel->lock);
    if (route->failing && link != route->probe) {
        /* It began before the one whose failure is waited for already. */
        return;
    }
    if (!route->failing) {
        log_event(LOG_LEVEL_WARNING, "tunnel", "Failed reaching a member",
                  LOG_INTEGER("member", route->member_id), LOG_TEXT("reason", why));
    }
    wait_ms = 2 * route->retry_ms;
    wait_ms = wait_ms < TUNNEL_RETRY_MIN_MS ? TUNNEL_RETRY_MIN_MS : wait_ms;
    wait_ms = wait_ms > TUNNEL_RETRY_MAX_MS ? TUNNEL_RETRY_MAX_MS : wait_ms;
    route->failing = true;
    route->retry_ms = wait_ms;
    route->probe = NULL;
    uv_update_time(&route->tunnel->loop);
    uv_timer_start(&route->retry, on_retry, with_jitter(wait_ms), 0);
    while ((entry = queue_pop(&route->waiting)) != NULL) {
        atomic_fetch_add_explicit(&route->tunnel->failures, 1, memory_order_relaxed);
        link_close(queue_object(entry, struct link, waiting));
    }
}

void route_forget(struct route *route, const struct link *link)
{
    if (link->state == LINK_OPEN) {
        pthread_mutex_lock(&route->tunnel->lock);
        route->status.n_links--;
        if (route->status.n_links == 0) {
            route->status.rtt_us = 0;
        }
        pthread_mutex_unlock(&route->tunnel->lock);
    }
    if (route->probe == link) {
        route->probe = NULL;
    }
}

void route_heard(struct route *route)
{
    pthread_mutex_lock(&route->tunnel->lock);
    route->status.last_heard_us = clock_monotonic_us();
    pthread_mutex_unlock(&route->tunnel->lock);
}

void route_measure(struct route *route, int fd)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0) {
        pthread_mutex_lock(&route->tunnel->lock);
        route->status.rtt_us = info.tcpi_rtt;
        pthread_mutex_unlock(&route->tunnel->lock);
    }
}

static struct route *slot_of(struct tunnel *tunnel, uint64_t member_id)
{
    for (size_t i = 0; i < MEMBERS_MAX; i++) {
        if (tunnel->routes[i].member_id == member_id) {
            return &tunnel->routes[i];
        }
    }
    return NULL;
}

static void restart(struct link *link, const void *arg)
{
    const struct route *route = arg;

    if (link->outgoing && link->route == route && link->state < LINK_OPEN) {
        snprintf(link->target, sizeof link->target, "%s", route->address);
        queue_remove(&link->waiting);
        connect_restart(link);
    }
}

static void assign(struct route *route, uint64_t member_id, const char *address)
{
    forget_failures(route);
    snprintf(route->address, sizeof route->address, "%s", address);
    pthread_mutex_lock(&route->tunnel->lock);
    if (route->member_id != member_id) {
        route->member_id = member_id;
        route->status = (struct tunnel_status){0};
    }
    pthread_mutex_unlock(&route->tunnel->lock);
}

struct route *tunnel_route_find(struct tunnel *tunnel, uint64_t member_id)
{
    struct route *route = slot_of(tunnel, member_id);
    const struct directory *directory;
    const struct directory_member *member;

    if (route != NULL) {
        return route;
    }
    /* The directory may be newer than what was last synchronised. */
    directory = directory_get(tunnel->directory);
    member = directory_by_id(directory, member_id);
    if (member != NULL) {
        route = slot_of(tunnel, 0);
    }
    if (route != NULL) {
        assign(route, member->id, member->address);
    }
    directory_free(directory);
    return route;
}

void route_sync(struct tunnel *tunnel, const struct directory *directory)
{
    for (size_t i = 0; i < MEMBERS_MAX; i++) {
        struct route *route = &tunnel->routes[i];

        if (route->member_id != 0 && directory_by_id(directory, route->member_id) == NULL) {
            assert(queue_empty(&route->waiting));
            assign(route, 0, "");
        }
    }
    for (size_t i = 0; i < directory->n_members; i++) {
        const struct directory_member *member = &directory->members[i];
        struct route *route = slot_of(tunnel, member->id);

        if (route == NULL) {
            route = slot_of(tunnel, 0);
            assert(route != NULL);
            assign(route, member->id, member->address);
        } else if (strcmp(route->address, member->address) != 0) {
            assign(route, member->id, member->address);
            link_for_each(tunnel, restart, route);
        }
    }
}
