#include "node/tunnel_internal.h"

#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- The tunnel's thread --- */

static void check_each(struct link *link, const void *directory)
{
    link_check(link, directory);
}

static void apply_directory(struct tunnel *tunnel)
{
    const struct directory *directory = directory_get(tunnel->directory);

    link_for_each(tunnel, check_each, directory);
    route_sync(tunnel, directory);
    directory_free(directory);
}

static void begin(struct link *link)
{
    struct route *route;

    link_start(link);
    if (link->member_id == 0) {
        connect_begin(link);
        return;
    }
    route = tunnel_route_find(link->tunnel, link->member_id);
    if (route == NULL) {
        link_fail(link, ERROR_NOT_FOUND, "The member was removed");
        return;
    }
    route_admit(route, link);
}

static void close_each(struct link *link, const void *arg)
{
    (void)arg;
    link_close(link);
}

/* The loop ends when libuv has given everything back. */
static void stop(struct tunnel *tunnel)
{
    /* First, because it takes those that connected already. */
    (void)listener_set(tunnel, -1);
    link_for_each(tunnel, close_each, NULL);
    for (size_t i = 0; i < MEMBERS_MAX; i++) {
        route_close(&tunnel->routes[i]);
    }
    uv_close((uv_handle_t *)&tunnel->tick, NULL);
    uv_close((uv_handle_t *)&tunnel->wake, NULL);
}

/* For the next tick, unless another one was given meanwhile. */
static void put_back_listener(struct tunnel *tunnel, int fd)
{
    bool outdated;

    log_event(LOG_LEVEL_ERROR, "tunnel", "Out of memory for a listener");
    pthread_mutex_lock(&tunnel->lock);
    outdated = tunnel->has_new_listener;
    if (!outdated) {
        tunnel->has_new_listener = true;
        tunnel->new_listener = fd;
    }
    pthread_mutex_unlock(&tunnel->lock);
    if (outdated) {
        close(fd);
    }
}

static void on_wake(uv_async_t *wake)
{
    struct tunnel *tunnel = wake->data;
    struct queue new_links;
    struct queue *entry;
    bool directory_changed;
    bool has_new_listener;
    bool stopping;
    int new_listener;

    queue_init(&new_links);
    pthread_mutex_lock(&tunnel->lock);
    queue_move(&new_links, &tunnel->new_links);
    directory_changed = tunnel->directory_changed;
    has_new_listener = tunnel->has_new_listener;
    new_listener = tunnel->new_listener;
    stopping = tunnel->stopping;
    tunnel->directory_changed = false;
    tunnel->has_new_listener = false;
    pthread_mutex_unlock(&tunnel->lock);

    if (directory_changed) {
        apply_directory(tunnel);
    }
    if (has_new_listener && !listener_set(tunnel, new_listener)) {
        put_back_listener(tunnel, new_listener);
    }
    while ((entry = queue_pop(&new_links)) != NULL) {
        begin(queue_object(entry, struct link, queue));
    }
    if (stopping) {
        stop(tunnel);
    }
}

static void tick_each(struct link *link, const void *arg)
{
    (void)arg;
    if (link->state != LINK_OPEN) {
        return;
    }
    if (link->route != NULL) {
        route_measure(link->route, link->tcp->fd);
    }
    flow_tick(link);
}

static void on_tick(uv_timer_t *tick)
{
    struct tunnel *tunnel = tick->data;

    listener_tick(tunnel);
    link_for_each(tunnel, tick_each, NULL);
    /* For what was put back. */
    uv_async_send(&tunnel->wake);
}

static void *run(void *arg)
{
    struct tunnel *tunnel = arg;

    pthread_setname_np(pthread_self(), "tunnel");
    uv_run(&tunnel->loop, UV_RUN_DEFAULT);
    return NULL;
}

/* --- Any thread --- */

/* OpenSSL writes with write(2), so a peer that left would be a SIGPIPE; and signals are for the
 * main thread anyway. */
static int start_thread(struct tunnel *tunnel)
{
    sigset_t all;
    sigset_t before;
    int reason;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    reason = pthread_create(&tunnel->thread, NULL, run, tunnel);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return reason;
}

static void init(struct tunnel *tunnel, const struct tunnel_options *options)
{
    tunnel->directory = options->directory;
    tunnel->certificate = certificate_ref(options->certificate);
    tunnel->on_accept = options->on_accept;
    tunnel->data = options->data;
    tunnel->handshake_timeout_ms = options->handshake_timeout_ms > 0 ? options->handshake_timeout_ms
                                                                     : TUNNEL_HANDSHAKE_TIMEOUT_MS;
    tunnel->links_max = options->links_max > 0 ? options->links_max : TUNNEL_LINKS_MAX;
    tunnel->listen_fd = -1;
    tunnel->directory_changed = true;
    queue_init(&tunnel->links);
    queue_init(&tunnel->new_links);
    pthread_mutex_init(&tunnel->listen_lock, NULL);
    pthread_mutex_init(&tunnel->lock, NULL);
}

static void release(struct tunnel *tunnel)
{
    if (tunnel->has_new_listener && tunnel->new_listener >= 0) {
        close(tunnel->new_listener);
    }
    pthread_mutex_destroy(&tunnel->listen_lock);
    pthread_mutex_destroy(&tunnel->lock);
    SSL_CTX_free(tunnel->tls);
    certificate_free(tunnel->certificate);
    free(tunnel->engine_address);
    free(tunnel);
}

static int start_loop(struct tunnel *tunnel, struct error *error)
{
    int status = uv_loop_init(&tunnel->loop);

    if (status != 0) {
        return error_errno(error, ERROR_IO, -status, "Failed starting a loop");
    }
    status = uv_async_init(&tunnel->loop, &tunnel->wake, on_wake);
    if (status != 0) {
        uv_loop_close(&tunnel->loop);
        return error_errno(error, ERROR_IO, -status, "Failed starting a loop");
    }
    tunnel->wake.data = tunnel;
    uv_timer_init(&tunnel->loop, &tunnel->tick);
    tunnel->tick.data = tunnel;
    uv_timer_start(&tunnel->tick, on_tick, TUNNEL_TICK_MS, TUNNEL_TICK_MS);
    for (size_t i = 0; i < MEMBERS_MAX; i++) {
        route_init(tunnel, &tunnel->routes[i]);
    }
    /* Looks at the directory. */
    uv_async_send(&tunnel->wake);
    return ERROR_NONE;
}

int tunnel_start(const struct tunnel_options *options, struct tunnel **ret_tunnel,
                 struct error *error)
{
    struct tunnel *tunnel = calloc(1, sizeof *tunnel);
    int reason;
    int code;

    if (tunnel == NULL) {
        return error_no_memory(error);
    }
    init(tunnel, options);
    tunnel->engine_address = strdup(options->engine_address);
    if (tunnel->engine_address == NULL) {
        code = error_no_memory(error);
        goto err_after_init;
    }
    tunnel->tls = tls_context_new(tunnel, error);
    if (tunnel->tls == NULL) {
        code = ERROR_NO_MEMORY;
        goto err_after_init;
    }
    code = start_loop(tunnel, error);
    if (code != ERROR_NONE) {
        goto err_after_init;
    }
    reason = start_thread(tunnel);
    if (reason != 0) {
        code = error_errno(error, ERROR_IO, reason, "Failed starting a thread");
        goto err_after_loop;
    }
    *ret_tunnel = tunnel;
    return ERROR_NONE;

err_after_loop:
    stop(tunnel);
    uv_run(&tunnel->loop, UV_RUN_DEFAULT);
    uv_loop_close(&tunnel->loop);
err_after_init:
    release(tunnel);
    return code;
}

void tunnel_stop(struct tunnel *tunnel)
{
    int status;

    if (tunnel == NULL) {
        return;
    }
    pthread_mutex_lock(&tunnel->lock);
    tunnel->stopping = true;
    pthread_mutex_unlock(&tunnel->lock);
    uv_async_send(&tunnel->wake);
    pthread_join(tunnel->thread, NULL);
    status = uv_loop_close(&tunnel->loop);
    assert(status == 0);
    (void)status;
    release(tunnel);
}

int tunnel_listen(struct tunnel *tunnel, const char *address,
                  char ret_address[MEMBER_ADDRESS_MAX + 1], struct error *error)
{
    char unused[MEMBER_ADDRESS_MAX + 1];
    int fd;
    int code;

    pthread_mutex_lock(&tunnel->listen_lock);
    code = listener_open(address, tunnel->listen_fd, &fd,
                         ret_address == NULL ? unused : ret_address, error);
    if (code == ERROR_NONE) {
        pthread_mutex_lock(&tunnel->lock);
        if (tunnel->has_new_listener && tunnel->new_listener >= 0) {
            /* The thread didn't see it yet. */
            close(tunnel->new_listener);
        }
        tunnel->has_new_listener = true;
        tunnel->new_listener = fd;
        pthread_mutex_unlock(&tunnel->lock);
        tunnel->listen_fd = fd;
        uv_async_send(&tunnel->wake);
    }
    pthread_mutex_unlock(&tunnel->listen_lock);
    return code;
}

void tunnel_unlisten(struct tunnel *tunnel)
{
    pthread_mutex_lock(&tunnel->listen_lock);
    pthread_mutex_lock(&tunnel->lock);
    if (tunnel->has_new_listener && tunnel->new_listener >= 0) {
        /* The thread didn't see it yet. */
        close(tunnel->new_listener);
    }
    tunnel->has_new_listener = true;
    tunnel->new_listener = -1;
    pthread_mutex_unlock(&tunnel->lock);
    tunnel->listen_fd = -1;
    uv_async_send(&tunnel->wake);
    pthread_mutex_unlock(&tunnel->listen_lock);
}

void tunnel_set_certificate(struct tunnel *tunnel, struct certificate *certificate)
{
    struct certificate *old;

    pthread_mutex_lock(&tunnel->lock);
    old = tunnel->certificate;
    tunnel->certificate = certificate_ref(certificate);
    pthread_mutex_unlock(&tunnel->lock);
    certificate_free(old);
}

void tunnel_directory_changed(struct tunnel *tunnel)
{
    pthread_mutex_lock(&tunnel->lock);
    tunnel->directory_changed = true;
    pthread_mutex_unlock(&tunnel->lock);
    uv_async_send(&tunnel->wake);
}

/* A link and the end of its plain side that is given away; the link is to be submitted. */
static int prepare(struct tunnel *tunnel, struct link **ret_link, int *ret_fd, struct error *error)
{
    struct link *link;
    int fds[2];
    int code = link_new(tunnel, true, &link, error);

    if (code != ERROR_NONE) {
        return code;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
        code = error_errno(error, ERROR_IO, errno, "Failed making a pair of sockets");
        link_discard(link);
        return code;
    }
    link->plain_fd = fds[0];
    *ret_link = link;
    *ret_fd = fds[1];
    return ERROR_NONE;
}

static void submit(struct link *link)
{
    struct tunnel *tunnel = link->tunnel;

    pthread_mutex_lock(&tunnel->lock);
    queue_push(&tunnel->new_links, &link->queue);
    pthread_mutex_unlock(&tunnel->lock);
    uv_async_send(&tunnel->wake);
}

static int connect_member(struct tunnel *tunnel, uint64_t member_id, enum tunnel_protocol protocol,
                          int *ret_fd, struct error *error)
{
    struct link *link;
    int code = prepare(tunnel, &link, ret_fd, error);

    if (code == ERROR_NONE) {
        link->protocol = protocol;
        link->member_id = member_id;
        submit(link);
    }
    return code;
}

int tunnel_connect(struct tunnel *tunnel, uint64_t member_id, int *ret_fd, struct error *error)
{
    const struct directory *directory = directory_get(tunnel->directory);
    bool known = directory_by_id(directory, member_id) != NULL;

    directory_free(directory);
    if (!known) {
        return error_set(error, ERROR_NOT_FOUND, "There is no member with the id %llu",
                         (unsigned long long)member_id);
    }
    return connect_member(tunnel, member_id, TUNNEL_HTTP, ret_fd, error);
}

int tunnel_raft_connect(void *arg, const char *raft_address, int *ret_fd)
{
    struct tunnel *tunnel = arg;
    const struct directory *directory = directory_get(tunnel->directory);
    const struct directory_member *member = directory_by_raft_address(directory, raft_address);
    uint64_t id = member == NULL ? 0 : member->id;
    struct error error;

    directory_free(directory);
    if (id == 0) {
        return EHOSTUNREACH;
    }
    switch (connect_member(tunnel, id, TUNNEL_RAFT, ret_fd, &error)) {
    case ERROR_NONE:
        return 0;
    case ERROR_NO_MEMORY:
        return ENOMEM;
    case ERROR_UNAVAILABLE:
        return ENOBUFS;
    default:
        return EMFILE;
    }
}

static void await(struct link_answer *answer)
{
    pthread_mutex_lock(&answer->lock);
    while (!answer->is_given) {
        pthread_cond_wait(&answer->given, &answer->lock);
    }
    pthread_mutex_unlock(&answer->lock);
}

int tunnel_connect_unknown(struct tunnel *tunnel, const char *address,
                           struct certificate *certificate, unsigned timeout_ms,
                           uint8_t ret_pin[PIN_SIZE], int *ret_fd, struct error *error)
{
    struct link_answer answer = {
        .lock = PTHREAD_MUTEX_INITIALIZER, .given = PTHREAD_COND_INITIALIZER, .error = ERROR_INIT};
    struct link *link;
    int fd;
    int code;

    if (strlen(address) > MEMBER_ADDRESS_MAX) {
        return error_set(error, ERROR_INVALID, "An address has at most %d bytes",
                         MEMBER_ADDRESS_MAX);
    }
    code = prepare(tunnel, &link, &fd, error);
    if (code != ERROR_NONE) {
        return code;
    }
    link->protocol = TUNNEL_HTTP;
    link->certificate = certificate_ref(certificate);
    link->timeout_ms = timeout_ms;
    link->answer = &answer;
    snprintf(link->target, sizeof link->target, "%s", address);
    submit(link);
    await(&answer);
    if (answer.error.code != ERROR_NONE) {
        close(fd);
        *error = answer.error;
        return (int)answer.error.code;
    }
    memcpy(ret_pin, answer.pin, PIN_SIZE);
    *ret_fd = fd;
    return ERROR_NONE;
}

void tunnel_get_status(struct tunnel *tunnel, uint64_t member_id, struct tunnel_status *ret_status)
{
    *ret_status = (struct tunnel_status){0};
    pthread_mutex_lock(&tunnel->lock);
    for (size_t i = 0; i < MEMBERS_MAX; i++) {
        if (member_id != 0 && tunnel->routes[i].member_id == member_id) {
            *ret_status = tunnel->routes[i].status;
        }
    }
    pthread_mutex_unlock(&tunnel->lock);
}

void tunnel_get_metrics(struct tunnel *tunnel, struct tunnel_metrics *ret_metrics)
{
    *ret_metrics = (struct tunnel_metrics){
        .links = atomic_load(&tunnel->n_links),
        .accepted = atomic_load(&tunnel->accepted),
        .refused = atomic_load(&tunnel->refused),
        .connects = atomic_load(&tunnel->connects),
        .failures = atomic_load(&tunnel->failures),
        .bytes_in = atomic_load(&tunnel->bytes_in),
        .bytes_out = atomic_load(&tunnel->bytes_out),
    };
}
