#include "test/lib/api_cluster.h"

#include "base/clock.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/engine.h"
#include "test/lib/temp_dir.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define WATCHDOG_MS 300000
#define TIMEOUT_MS  120000

static void on_watchdog(uv_timer_t *timer)
{
    (void)timer;
    fprintf(stderr, "A test waited for something that did not happen\n");
    abort();
}

void api_cluster_turn(struct api_cluster *cluster)
{
    uv_timer_start(&cluster->watchdog, on_watchdog, WATCHDOG_MS, 0);
    uv_run(&cluster->loop, UV_RUN_ONCE);
}

/* What a member's pool asks for: a connection to another one. */
static int connect_to_member(void *data, uint64_t id, int *ret_fd, struct error *error)
{
    const struct member *self = data;
    struct member *member = &self->cluster->members[id];
    struct http_peer peer = {.kind = HTTP_PEER_MEMBER, .member_id = self->id};
    int fds[2];

    if (member->unreachable) {
        return error_set(error, ERROR_UNAVAILABLE, "Member %d can't be reached", (int)id);
    }
    if (self->is_joining) {
        peer = (struct http_peer){.kind = HTTP_PEER_TOKEN};
    }
    snprintf(peer.name, sizeof peer.name, "n%d", (int)self->id);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    if (member->last_fd >= 0) {
        close(member->last_fd);
    }
    member->last_fd = fcntl(fds[1], F_DUPFD_CLOEXEC, 0);
    member->n_accepted++;
    *ret_fd = fds[0];
    return http_server_adopt(member->api.http, fds[1], &peer, error);
}

/* What the clients' pool asks for: a connection to a member's socket. */
static int connect_to_socket(void *data, uint64_t id, int *ret_fd, struct error *error)
{
    const struct api_cluster *cluster = data;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)error;
    strcpy(address.sun_path, cluster->members[id].path);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    *ret_fd = fd;
    return ERROR_NONE;
}

void member_cut(struct member *member)
{
    assert_true(member->last_fd >= 0);
    shutdown(member->last_fd, SHUT_RDWR);
    close(member->last_fd);
    member->last_fd = -1;
}

uint64_t member_waiting_writes(struct member *member)
{
    struct store_metrics metrics;

    store_metrics(member->api.store, &metrics);
    return metrics.waiting_writes;
}

static void on_ready(struct store *store, const struct error *error, void *data)
{
    struct member *member = data;

    (void)store;
    assert_null(error);
    member->api.ready = true;
}

static void member_start(struct member *member, struct api_cluster *cluster, uint64_t id)
{
    struct store_options store_options = {.loop = &cluster->loop};
    const struct peers_options peers_options = {
        .loop = &cluster->loop, .connect = connect_to_member, .data = member};
    struct http_server_options http_options = {
        .loop = &cluster->loop,
        .path = member->path,
        .limits = HTTP_LIMITS_DEFAULT,
        .handler = api_handle,
        .error_body = api_error_body,
        .data = &member->api,
    };
    struct error error;

    member->cluster = cluster;
    member->id = id;
    member->last_fd = -1;
    snprintf(member->path, sizeof member->path, "%s/%d", cluster->dir, (int)id);
    snprintf(member->engine_name, sizeof member->engine_name, "engine %d", (int)id);
    member->proxy = proxy_start(node_address(cluster->node));
    store_options.engine_address = proxy_address(member->proxy);
    fake_leadership_open(&member->leadership, &cluster->loop);
    member->api = (struct api){.loop = &cluster->loop,
                               .leadership = &member->leadership,
                               .engine = member->engine_name,
                               .state_dir = cluster->dir,
                               .observer = db_observer_new(),
                               .requests = db_observer_new(),
                               .timeout_ms = TIMEOUT_MS};
    events_init(&member->api.events, "none");
    assert_int_equal(store_open(&store_options, on_ready, member, &member->api.store, &error), 0);
    store_set_leads(member->api.store, id == 1);
    assert_int_equal(peers_open(&peers_options, &member->api.peers, &error), 0);
    assert_int_equal(http_server_start(&http_options, &member->api.http, &error), 0);
}

int api_cluster_set_up(void **state)
{
    struct api_cluster *cluster = calloc(1, sizeof *cluster);
    struct peers_options options = {.connect = connect_to_socket, .data = cluster};
    struct error error = ERROR_INIT;

    assert_non_null(cluster);
    signal(SIGPIPE, SIG_IGN);
    cluster->dir = temp_dir_new();
    if (node_start(&(struct node_options){.state_dir = cluster->dir}, &cluster->node, &error) !=
        ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    uv_loop_init(&cluster->loop);
    uv_timer_init(&cluster->loop, &cluster->watchdog);
    uv_unref((uv_handle_t *)&cluster->watchdog);
    options.loop = &cluster->loop;
    assert_int_equal(peers_open(&options, &cluster->clients, &error), 0);
    for (uint64_t id = 1; id <= CLUSTER_SIZE; id++) {
        member_start(&cluster->members[id], cluster, id);
    }
    api_cluster_lead(cluster, 1);
    for (uint64_t id = 1; id <= CLUSTER_SIZE; id++) {
        while (!cluster->members[id].api.ready) {
            api_cluster_turn(cluster);
        }
    }
    *state = cluster;
    return 0;
}

static void set_flag(void *data)
{
    *(bool *)data = true;
}

static void await_flag(struct api_cluster *cluster, const bool *flag)
{
    while (!*flag) {
        api_cluster_turn(cluster);
    }
}

static void member_stop(struct member *member)
{
    struct api_cluster *cluster = member->cluster;

    peers_close(member->api.peers, set_flag, &member->peers_closed);
    http_server_stop(member->api.http, 0, set_flag, &member->stopped);
    await_flag(cluster, &member->peers_closed);
    await_flag(cluster, &member->stopped);
    store_close(member->api.store, 0, set_flag, &member->store_closed);
    await_flag(cluster, &member->store_closed);
    fake_leadership_close(&member->leadership);
    db_observer_free(member->api.requests);
    db_observer_free(member->api.observer);
    proxy_stop(member->proxy);
    if (member->last_fd >= 0) {
        close(member->last_fd);
    }
}

int api_cluster_tear_down(void **state)
{
    struct api_cluster *cluster = *state;

    peers_close(cluster->clients, set_flag, &cluster->clients_closed);
    await_flag(cluster, &cluster->clients_closed);
    for (uint64_t id = 1; id <= CLUSTER_SIZE; id++) {
        member_stop(&cluster->members[id]);
    }
    uv_close((uv_handle_t *)&cluster->watchdog, NULL);
    uv_run(&cluster->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&cluster->loop), 0);
    node_stop(cluster->node, 20000);
    temp_dir_remove(cluster->dir);
    free(cluster);
    return 0;
}

void api_cluster_lead(struct api_cluster *cluster, uint64_t leader)
{
    for (uint64_t id = 1; id <= CLUSTER_SIZE; id++) {
        struct member *member = &cluster->members[id];
        enum leadership_place place = leader == 0    ? LEADERSHIP_NOWHERE
                                      : leader == id ? LEADERSHIP_HERE
                                                     : LEADERSHIP_MEMBER;

        store_set_leads(member->api.store, leader == id);
        fake_leadership_set(&member->leadership, place, leader);
    }
}

static void on_done(struct peer_request *request)
{
    ((struct client_call *)request->data)->done = true;
}

void member_call_init(struct client_call *call, struct api_cluster *cluster, uint64_t from,
                      uint64_t id, const char *method, const char *target, const char *body)
{
    *call = (struct client_call){.cluster = cluster};
    call->peers = from == 0 ? cluster->clients : cluster->members[from].api.peers;
    peer_request_init(&call->request);
    call->request.data = call;
    call->request.member_id = id;
    call->request.method = method;
    call->request.target = target;
    call->request.headers = call->headers;
    call->request.body = body;
    call->request.body_size = body == NULL ? 0 : strlen(body);
    call->request.deadline_us = clock_monotonic_us() + 2 * TIMEOUT_MS * UINT64_C(1000);
    call->request.done = on_done;
}

void client_call_init(struct client_call *call, struct api_cluster *cluster, uint64_t id,
                      const char *method, const char *target, const char *body)
{
    member_call_init(call, cluster, 0, id, method, target, body);
}

void client_call_header(struct client_call *call, const char *name, const char *value)
{
    assert_in_range(call->request.n_headers, 0, REQUEST_HEADERS_MAX - 1);
    call->headers[call->request.n_headers++] = (struct peer_header){name, value};
}

void client_call_submit(struct client_call *call)
{
    peers_submit(call->peers, &call->request);
}

void client_call_await(struct client_call *call)
{
    await_flag(call->cluster, &call->done);
}

void client_call_close(struct client_call *call)
{
    assert_true(call->done);
    arena_close(&call->request.arena);
}

void client_call_perform(struct client_call *call, unsigned status)
{
    client_call_submit(call);
    client_call_await(call);
    if (call->request.error.code != ERROR_NONE) {
        fail_msg("%s", call->request.error.message);
    }
    if (call->request.status != status) {
        fail_msg("%s %s: %u: %s", call->request.method, call->request.target, call->request.status,
                 call->request.response_body);
    }
}

const char *client_call_answer_header(const struct client_call *call, const char *name)
{
    const char *value = peer_header_get(&call->request, name);

    return value == NULL ? "" : value;
}

void client_call_assert_contains(const struct client_call *call, const char *piece)
{
    if (strstr(call->request.response_body, piece) == NULL) {
        fail_msg("%s isn't in %s", piece, call->request.response_body);
    }
}

void api_cluster_await_writes(struct api_cluster *cluster, uint64_t id, uint64_t n)
{
    while (member_waiting_writes(&cluster->members[id]) != n) {
        uv_run(&cluster->loop, UV_RUN_NOWAIT);
    }
}

int64_t api_cluster_integer(struct api_cluster *cluster, const char *sql)
{
    const struct db_context context = engine_deadline(TIMEOUT_MS);
    const struct db_conn_options options = {.address = node_address(cluster->node)};
    struct error error = ERROR_INIT;
    struct db_conn *conn;
    int64_t result;

    assert_int_equal(db_conn_open(&options, &context, &conn, &error), ERROR_NONE);
    result = engine_integer(conn, sql);
    db_conn_close(conn);
    return result;
}

void api_cluster_call(struct api_cluster *cluster, uint64_t id, const char *method,
                      const char *target, const char *body, unsigned status)
{
    struct client_call call;

    client_call_init(&call, cluster, id, method, target, body);
    client_call_perform(&call, status);
    client_call_close(&call);
}
