#include "daemon/daemon.h"

#include "api/api.h"
#include "base/clock.h"
#include "base/log.h"
#include "cluster/cluster.h"
#include "daemon/bring_up.h"
#include "daemon/endpoint.h"
#include "db/observer.h"
#include "store/store.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include <uv.h>

/* How long the parts may take to stop. Together, with the seconds that listeners to
 * events have, they stay below the 90 seconds
 * after which systemd kills a service. */
#define TRANSFER_MS    (5 * 1000)
#define HTTP_DRAIN_MS  (20 * 1000)
#define STORE_DRAIN_MS (20 * 1000)
#define NODE_STOP_MS   (20 * 1000)

struct daemon {
    uv_loop_t loop;
    uv_signal_t signals[2];
    size_t n_signals;      /* Initialised ones. */
    struct bring_up parts; /* What is there before the loop and after it. */
    struct endpoint *endpoint;
    struct db_observer *observer; /* Of statements. */
    struct db_observer *requests;
    struct store *store;
    struct cluster *cluster;
    struct cluster_task transfer; /* Of leadership, when it stops. */
    struct http_server *http;
    struct api api;
    uint64_t started_us;
    bool stopping;
    struct error error; /* Why it stops, if not by a signal. */
};

static void on_store_closed(void *data)
{
    struct daemon *d = data;

    d->store = NULL;
    for (size_t i = 0; i < d->n_signals; i++) {
        uv_close((uv_handle_t *)&d->signals[i], NULL);
    }
}

static void close_store(struct daemon *d)
{
    if (d->store != NULL) {
        store_close(d->store, STORE_DRAIN_MS, on_store_closed, d);
    } else {
        on_store_closed(d);
    }
}

static void on_cluster_closed(void *data)
{
    struct daemon *d = data;

    d->cluster = NULL;
    d->api.cluster = NULL;
    close_store(d);
}

static void on_events_stopped(void *data)
{
    struct daemon *d = data;

    if (d->cluster != NULL) {
        cluster_close(d->cluster, on_cluster_closed, d);
    } else {
        close_store(d);
    }
}

/* Listeners go after the last change was answered, so that they hear of it. */
static void on_http_stopped(void *data)
{
    struct daemon *d = data;

    d->http = NULL;
    event_sockets_stop(&d->api.event_sockets, on_events_stopped, d);
}

static void stop_serving(struct daemon *d)
{
    d->api.stopping = true;
    endpoint_set_server(d->endpoint, NULL);
    if (d->http != NULL) {
        http_server_stop(d->http, HTTP_DRAIN_MS, on_http_stopped, d);
    } else {
        on_http_stopped(d);
    }
}

static void on_transferred(struct cluster_task *task)
{
    struct daemon *d = task->data;

    if (task->error.code != ERROR_NONE && task->error.code != ERROR_NOT_LEADER) {
        log_event(LOG_LEVEL_INFO, "daemon", "Leadership stays until the end",
                  LOG_TEXT("reason", task->error.message));
    }
    stop_serving(d);
}

/* Stops from the outside to the inside: clients, cluster, store, and after the loop the node. But
 * first somebody else leads, while this node still passes on what its clients ask for: so nobody
 * notices. */
static void stop(struct daemon *d)
{
    if (d->stopping) {
        return;
    }
    d->stopping = true;
    sd_notify(0, "STOPPING=1");
    if (d->cluster == NULL || !cluster_enabled(d->cluster)) {
        stop_serving(d);
        return;
    }
    d->transfer = (struct cluster_task){
        .data = d,
        .deadline_us = clock_monotonic_us() + TRANSFER_MS * UINT64_C(1000),
        .done = on_transferred,
        .name = "",
    };
    cluster_transfer(d->cluster, &d->transfer);
}

/* What a member asks of the leader goes this way when it leads itself. */
static int connect_self(void *data, int *ret_fd, struct error *error)
{
    struct daemon *d = data;
    struct tunnel_peer peer = {.member_id = cluster_own_id(d->cluster)};
    int fds[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0) {
        return error_errno(error, ERROR_IO, errno, "Failed making a pair of sockets");
    }
    snprintf(peer.name, sizeof peer.name, "%s", cluster_own_name(d->cluster));
    cluster_own_pin(d->cluster, peer.pin);
    endpoint_accept(fds[1], &peer, d->endpoint);
    *ret_fd = fds[0];
    return ERROR_NONE;
}

static void on_removed(void *data)
{
    struct daemon *d = data;

    if (d->stopping) {
        return;
    }
    bring_up_mark_removed(&d->parts);
    error_set(&d->error, ERROR_FORBIDDEN, "This member was removed from its cluster");
    d->stopping = true;
    sd_notify(0, "STOPPING=1");
    stop_serving(d);
}

static void on_signal(uv_signal_t *handle, int signal_number)
{
    struct daemon *d = handle->data;

    if (d->stopping) {
        log_event(LOG_LEVEL_WARNING, "daemon", "Ending at once after a second signal",
                  LOG_INTEGER("signal", signal_number));
        _exit(EXIT_FAILURE);
    }
    log_event(LOG_LEVEL_INFO, "daemon", "Stopping", LOG_INTEGER("signal", signal_number));
    stop(d);
}

static void on_ready(struct store *store, const struct error *error, void *data)
{
    struct daemon *d = data;

    (void)store;
    if (error != NULL) {
        d->error = *error;
        stop(d);
        return;
    }
    d->api.ready = true;
    log_event(LOG_LEVEL_INFO, "daemon", "Serving");
    sd_notify(0, "READY=1");
}

/* Every client takes a descriptor. */
static void raise_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            log_event(LOG_LEVEL_WARNING, "daemon", "Can't raise the limit on open files",
                      LOG_INTEGER("soft_limit", limit.rlim_cur));
        }
    }
}

static int watch_signals(struct daemon *d, struct error *error)
{
    static const int numbers[] = {SIGTERM, SIGINT};

    for (size_t i = 0; i < 2; i++) {
        int rv = uv_signal_init(&d->loop, &d->signals[i]);

        if (rv != 0) {
            return error_set(error, ERROR_INTERNAL, "Can't watch signals: %s", uv_strerror(rv));
        }
        d->n_signals++;
        d->signals[i].data = d;
        rv = uv_signal_start(&d->signals[i], on_signal, numbers[i]);
        if (rv != 0) {
            return error_set(error, ERROR_INTERNAL, "Can't watch signals: %s", uv_strerror(rv));
        }
    }
    return ERROR_NONE;
}

static int start(struct daemon *d, const struct daemon_settings *settings, struct error *error)
{
    const struct event_socket_limits event_limits = EVENT_SOCKET_LIMITS_DEFAULT;
    struct store_options store_options = {.loop = &d->loop, .observer = d->observer};
    struct http_server_options http_options = {
        .loop = &d->loop,
        .path = settings->socket,
        .group = settings->group[0] == '\0' ? NULL : settings->group,
        .limits = HTTP_LIMITS_DEFAULT,
        .handler = api_handle,
        .error_body = api_error_body,
        .data = &d->api,
    };
    struct cluster_options cluster_options;
    int rv;

    d->api = (struct api){
        .observer = d->observer,
        .requests = d->requests,
        .loop = &d->loop,
        .state_dir = settings->state_dir,
        .started_us = d->started_us,
        .engine = node_engine_version(),
        .timeout_ms = settings->request_timeout_ms,
    };
    events_init(&d->api.events, "none");
    event_sockets_init(&d->api.event_sockets, &d->loop, &d->api.events, &event_limits);
    rv = watch_signals(d, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = endpoint_open(&d->loop, &d->endpoint, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = bring_up(&d->parts, settings, d->endpoint, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    store_options.engine_address = node_address(d->parts.node);
    rv = store_open(&store_options, on_ready, d, &d->store, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    cluster_options = (struct cluster_options){
        .loop = &d->loop,
        .state_dir = node_state_dir(d->parts.node),
        .directory = d->parts.directory,
        .tunnel = d->parts.tunnel,
        .certificate = d->parts.certificate,
        .store = d->store,
        .own_id = node_id(d->parts.node),
        .latency_ms = d->parts.latency_ms,
        .raft_address = node_raft_address(d->parts.node),
        .engine_address = node_address(d->parts.node),
        .connect_self = connect_self,
        .on_removed = on_removed,
        .data = d,
    };
    rv = cluster_open(&cluster_options, &d->cluster, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    d->api.store = d->store;
    d->api.cluster = d->cluster;
    d->api.leadership = cluster_leadership(d->cluster);
    d->api.peers = cluster_peers(d->cluster);
    rv = http_server_start(&http_options, &d->http, error);
    if (rv == ERROR_NONE) {
        d->api.http = d->http;
        endpoint_set_server(d->endpoint, d->http);
    }
    return rv;
}

int daemon_run(const struct daemon_settings *settings, struct error *error)
{
    struct daemon d = {.error = ERROR_INIT, .started_us = clock_monotonic_us()};
    int rv;

    signal(SIGPIPE, SIG_IGN);
    raise_file_limit();
    d.observer = db_observer_new();
    d.requests = db_observer_new();
    if (d.observer == NULL || d.requests == NULL) {
        rv = error_no_memory(error);
        goto err_after_observer_new;
    }
    rv = uv_loop_init(&d.loop);
    if (rv != 0) {
        rv = error_set(error, ERROR_INTERNAL, "Can't make an event loop: %s", uv_strerror(rv));
        goto err_after_observer_new;
    }
    rv = start(&d, settings, error);
    if (rv != ERROR_NONE) {
        d.error = *error;
        stop(&d);
    }
    uv_run(&d.loop, UV_RUN_DEFAULT);
    /* The engine goes before the tunnel that it connects through, and both before the endpoint,
     * which takes what the tunnel accepts. */
    bring_down(&d.parts, NODE_STOP_MS);
    if (d.endpoint != NULL) {
        endpoint_close(d.endpoint);
        uv_run(&d.loop, UV_RUN_DEFAULT);
    }
    rv = uv_loop_close(&d.loop);
    assert(rv == 0);
    rv = (int)d.error.code;
    if (rv != ERROR_NONE) {
        *error = d.error;
    }

err_after_observer_new:
    db_observer_free(d.requests);
    db_observer_free(d.observer);
    return rv;
}
