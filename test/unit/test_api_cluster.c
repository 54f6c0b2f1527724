/* The paths of the cluster, with a real store, HTTP server and engine, and a cluster that is as
 * the test says. */
#include "api/api.h"
#include "cluster/join.h"
#include "store/members.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/fake_cluster.h"
#include "test/lib/http_on_loop.h"
#include "test/lib/leadership.h"
#include "test/lib/store_fixture.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL_TIMEOUT_MS 30000

struct world {
    struct store_fixture *f;
    struct api api;
    struct http_server *http;
    struct cluster cluster;
    struct leadership leadership;
    struct http_peer peer; /* Who asks, unless it is local. */
    char socket[128];
    bool stopped;
};

/* -- The world ------------------------------------------------------------------- */

static void handle(struct http_request *request, void *data)
{
    struct world *w = data;

    if (w->peer.kind != HTTP_PEER_LOCAL) {
        request->peer = w->peer;
    }
    api_handle(request, &w->api);
}

static void open_world(struct world *w, struct store_fixture *f, size_t n_members)
{
    struct http_server_options options = {
        .loop = &f->loop,
        .limits = HTTP_LIMITS_DEFAULT,
        .handler = handle,
        .error_body = api_error_body,
        .data = w,
    };
    struct error error;

    memset(w, 0, sizeof *w);
    w->f = f;
    store_fixture_open(f);
    fake_leadership_open(&w->leadership, &f->loop);
    fake_leadership_set(&w->leadership, LEADERSHIP_HERE, 1);
    fake_cluster_open(&w->cluster, &f->loop, n_members);
    w->cluster.leadership = &w->leadership;
    w->api = (struct api){
        .store = f->store,
        .cluster = &w->cluster,
        .leadership = &w->leadership,
        .loop = &f->loop,
        .engine = "test",
        .timeout_ms = CALL_TIMEOUT_MS,
        .ready = true,
    };
    events_init(&w->api.events, "n1");
    snprintf(w->socket, sizeof w->socket, "%s/socket", f->dir);
    options.path = w->socket;
    if (http_server_start(&options, &w->http, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
}

static void on_stopped(void *data)
{
    ((struct world *)data)->stopped = true;
}

static void close_world(struct world *w)
{
    http_server_stop(w->http, 1000, on_stopped, w);
    store_fixture_run_until(w->f, &w->stopped);
    fake_cluster_close(&w->cluster);
    fake_leadership_close(&w->leadership);
    store_fixture_close(w->f, 1000);
    uv_run(&w->f->loop, UV_RUN_DEFAULT);
}

/* -- Requests -------------------------------------------------------------------- */

static struct loop_answer perform(struct world *w, const char *method, const char *path,
                                  const char *body, const char *const *headers)
{
    struct loop_answer answer;

    http_on_loop(w->f, w->socket, method, path, body, headers, &answer);
    return answer;
}

/* The whole answer must be BODY, if it isn't NULL. */
static void expect(struct world *w, const char *method, const char *path, const char *body,
                   int status, const char *answer_body)
{
    struct loop_answer answer = perform(w, method, path, body, NULL);

    if (answer.status != status) {
        fail_msg("%s %s: %d %s", method, path, answer.status, answer.body);
    }
    if (answer_body != NULL) {
        assert_string_equal(answer.body, answer_body);
    }
    loop_answer_close(&answer);
}

/* The message of the error must be ERROR. */
static void expect_error(struct world *w, const char *method, const char *path, const char *body,
                         int status, const char *message)
{
    struct loop_answer answer = perform(w, method, path, body, NULL);
    json_t *root = json_loads(answer.body, 0, NULL);

    if (answer.status != status) {
        fail_msg("%s %s: %d %s", method, path, answer.status, answer.body);
    }
    assert_string_equal(json_string_value(json_object_get(root, "error")), message);
    json_decref(root);
    loop_answer_close(&answer);
}

/* The metadata of the answer, which must have STATUS; for json_decref(). */
static json_t *fetch(struct world *w, const char *method, const char *path, const char *body,
                     int status)
{
    struct loop_answer answer = perform(w, method, path, body, NULL);
    json_t *root = json_loads(answer.body, 0, NULL);
    json_t *metadata;

    if (answer.status != status) {
        fail_msg("%s %s: %d %s", method, path, answer.status, answer.body);
    }
    assert_non_null(root);
    metadata = json_incref(json_object_get(root, "metadata"));
    json_decref(root);
    loop_answer_close(&answer);
    return metadata;
}

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    assert_non_null(text);
    return text;
}

/* -- Records ---------------------------------------------------------------------- */

struct record_call {
    struct store_member_request request;
    bool done;
};

static void on_stored(struct store_request *request)
{
    struct record_call *call = (struct record_call *)request;

    if (request->error.code != ERROR_NONE) {
        fail_msg("%s", request->error.message);
    }
    call->done = true;
}

static void store_record(struct world *w, struct record_call *call, store_run run)
{
    store_request_init(&call->request.base);
    call->request.base.kind = STORE_WRITE;
    call->request.base.name = "test";
    call->request.base.run = run;
    call->request.base.done = on_stored;
    call->request.base.deadline_us = UINT64_MAX;
    store_submit(w->f->store, &call->request.base);
    store_fixture_run_until(w->f, &call->done);
    arena_close(&call->request.base.arena);
}

/* The records of n1 to nN, as the fake cluster has them. */
static void add_records(struct world *w, size_t n_members)
{
    for (size_t i = 0; i < n_members; i++) {
        const struct directory_member *from = &w->cluster.directory->members[i];
        char pin[PIN_TEXT_SIZE];
        char token_pin[PIN_TEXT_SIZE];
        struct cluster_member member = {
            .name = from->name,
            .address = from->address,
            .raft_address = from->raft_address,
            .key_pin = pin,
        };
        struct cluster_token token = {
            .name = from->name,
            .key_pin = token_pin,
            .proof_key = pin,
            .operation_id = from->name,
            .created_at = 1,
            .expires_at = 100,
        };
        struct record_call make = {.request = {.token = &token, .now_s = 1}};
        struct record_call call = {.request = {.member = &member,
                                               .token = &token,
                                               .now_s = 1,
                                               .fingerprint = w->cluster.directory->fingerprint}};

        pin_format(from->pin, pin);
        memset(token_pin, (int)('a' + i), sizeof token_pin - 1);
        token_pin[sizeof token_pin - 1] = '\0';
        if (i > 0) {
            store_record(w, &make, store_member_token_create);
        }
        store_record(w, &call, i == 0 ? store_member_enable : store_member_join);
    }
}

/* -- Tests ------------------------------------------------------------------------- */

static void a_server_that_stands_alone_says_so(void **state)
{
    struct world w;

    open_world(&w, *state, 0);
    expect_error(&w, "GET", "/1.0/cluster/members", NULL, 400, "Server is not clustered");
    expect_error(&w, "GET", "/1.0/cluster/members/n1", NULL, 400, "Server is not clustered");
    expect_error(&w, "GET", "/1.0/cluster/groups", NULL, 400, "This server is not clustered");
    expect_error(&w, "POST", "/1.0/cluster/members", "{\"server_name\":\"n4\"}", 400,
                 "This server is not clustered");
    expect_error(&w, "GET", "/internal/cluster/status", NULL, 400, "Server is not clustered");
    expect_error(&w, "POST", "/internal/cluster/transfer", "{}", 400, "Server is not clustered");
    expect(&w, "GET", "/1.0/cluster", NULL, 200,
           "{\"type\":\"sync\",\"status\":\"Success\",\"status_code\":200,\"operation\":\"\","
           "\"error_code\":0,\"error\":\"\",\"metadata\":{\"server_name\":\"\",\"enabled\":false,"
           "\"member_config\":[]}}\n");
    /* A target is looked at in a cluster only. */
    expect(&w, "GET", "/1.0/networks?target=nope", NULL, 200, NULL);
    close_world(&w);
}

static void enabling_names_the_server(void **state)
{
    struct world w;
    json_t *operation;

    open_world(&w, *state, 0);
    expect_error(&w, "PUT", "/1.0/cluster", "{\"enabled\":true}", 400,
                 "ServerName is required when enabling clustering");
    expect_error(&w, "PUT", "/1.0/cluster", "{\"server_name\":\"n1\"}", 400,
                 "ServerName must be empty when disabling clustering");
    expect_error(&w, "PUT", "/1.0/cluster",
                 "{\"server_name\":\"n1\",\"enabled\":true,\"cluster_token\":\"x\"}", 501,
                 "A server joins a cluster when it is started, with an empty state directory: "
                 "lbstated --join TOKEN");
    expect_error(&w, "PUT", "/1.0/cluster", "{\"server_name\":\"n1\",\"enabled\":true}", 400,
                 "No cluster.https_address config is set on this member, and the request names "
                 "no server_address");
    assert_null(w.cluster.last.what);

    operation =
        fetch(&w, "PUT", "/1.0/cluster",
              "{\"server_name\":\"n1\",\"enabled\":true,\"server_address\":\"10.0.0.1\"}", 202);
    assert_string_equal(text_at(operation, "status"), "Success");
    json_decref(operation);
    assert_string_equal(w.cluster.last.what, "enable");
    assert_string_equal(w.cluster.last.name, "n1");
    assert_string_equal(w.cluster.last.address, "10.0.0.1");

    /* The server's configuration may have the address. */
    expect(&w, "PATCH", "/1.0", "{\"config\":{\"core.https_address\":\"10.0.0.2:8443\"}}", 200,
           NULL);
    expect(&w, "PUT", "/1.0/cluster", "{\"server_name\":\"n1\",\"enabled\":true}", 202, NULL);
    assert_string_equal(w.cluster.last.address, "10.0.0.2:8443");
    expect(&w, "PATCH", "/1.0", "{\"config\":{\"cluster.https_address\":\"10.0.0.3\"}}", 200, NULL);
    expect(&w, "PUT", "/1.0/cluster", "{\"server_name\":\"n1\",\"enabled\":true}", 202, NULL);
    assert_string_equal(w.cluster.last.address, "10.0.0.3");
    expect_error(&w, "PATCH", "/1.0", "{\"config\":{\"cluster.max_voters\":\"2\"}}", 400,
                 "cannot set 'cluster.max_voters' to '2': Value must be an odd number between 1 "
                 "and 9");

    error_set(&w.cluster.outcome, ERROR_CONFLICT, "This server is clustered already");
    expect_error(&w, "PUT", "/1.0/cluster", "{\"server_name\":\"n1\",\"enabled\":true}", 409,
                 "This server is clustered already");
    close_world(&w);
}

static void members_look_as_they_are(void **state)
{
    struct world w;
    json_t *member;

    open_world(&w, *state, 3);
    add_records(&w, 3);
    w.cluster.statuses[2].role = RAFT_STANDBY;
    w.cluster.statuses[3].online = false;
    w.cluster.statuses[3].silent_ms = 24600;
    member = fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_string_equal(json_string_value(json_array_get(json_object_get(member, "roles"), 0)),
                        "database-standby");
    json_decref(member);
    member = fetch(&w, "GET", "/1.0/cluster/members/n3", NULL, 200);
    assert_string_equal(text_at(member, "status"), "Offline");
    assert_int_equal(strncmp(text_at(member, "message"), "No heartbeat for 25s (", 22), 0);
    json_decref(member);
    w.cluster.statuses[3].known = false;
    member = fetch(&w, "GET", "/1.0/cluster/members/n3", NULL, 200);
    assert_string_equal(text_at(member, "message"),
                        "No heartbeat since the present leader was elected");
    json_decref(member);
    w.cluster.statuses[3].in_raft = false;
    member = fetch(&w, "GET", "/1.0/cluster/members/n3", NULL, 200);
    assert_string_equal(text_at(member, "status"), "Joining");
    assert_false(json_is_true(json_object_get(member, "database")));
    json_decref(member);
    w.cluster.statuses[1].schema_version = 2;
    member = fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_string_equal(text_at(member, "status"), "Blocked");
    assert_string_equal(text_at(member, "message"), "Needs updating to newer version");
    json_decref(member);
    close_world(&w);
}

static void members_are_changed(void **state)
{
    static const char *const stale[] = {"If-Match: \"x\"", NULL};
    struct world w;
    struct loop_answer answer;
    json_t *member;

    open_world(&w, *state, 3);
    add_records(&w, 3);
    expect(&w, "PATCH", "/1.0/cluster/members/n2", "{\"description\":\"d\"}", 200, NULL);
    assert_int_equal(w.cluster.n_refreshes, 1);
    member = fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_string_equal(text_at(member, "description"), "d");
    assert_int_equal(json_array_size(json_object_get(member, "roles")), 1);
    json_decref(member);
    answer = perform(&w, "PATCH", "/1.0/cluster/members/n2", "{}", stale);
    assert_int_equal(answer.status, 412);
    loop_answer_close(&answer);

    expect_error(&w, "POST", "/1.0/cluster/members/n2", "{\"server_name\":\"n/2\"}", 400,
                 "Invalid cluster member name: Name contains invalid character \"/\"");
    expect_error(&w, "POST", "/1.0/cluster/members/n2", "{\"server_name\":\"n3\"}", 409,
                 "The cluster already has a member with name: n3");
    expect(&w, "POST", "/1.0/cluster/members/n2", "{\"server_name\":\"n9\"}", 200, NULL);
    expect_error(&w, "GET", "/1.0/cluster/members/n2", NULL, 404, "Cluster member not found");

    expect(&w, "DELETE", "/1.0/cluster/members/n9", NULL, 200, NULL);
    assert_string_equal(w.cluster.last.what, "remove");
    assert_string_equal(w.cluster.last.name, "n9");
    assert_false(w.cluster.last.force);
    expect(&w, "DELETE", "/1.0/cluster/members/n9?force=1", NULL, 200, NULL);
    assert_true(w.cluster.last.force);
    error_set(&w.cluster.outcome, ERROR_FORBIDDEN, "It can't be reached");
    expect_error(&w, "DELETE", "/1.0/cluster/members/n9", NULL, 403, "It can't be reached");
    close_world(&w);
}

/* The leader that was asked first was the one to be removed, say, and ended with the answer. */
static void removal_that_was_done_by_an_earlier_try_succeeds(void **state)
{
    static const char *const first[] = {"Lbstate-Request-Id: a-1", "Lbstate-Request-Fresh: 1",
                                        NULL};
    static const char *const again[] = {"Lbstate-Request-Id: a-1", NULL};
    struct loop_answer answer;
    struct world w;

    open_world(&w, *state, 3);
    add_records(&w, 3);
    w.peer = (struct http_peer){.kind = HTTP_PEER_MEMBER, .member_id = 2, .name = "n2"};
    error_set(&w.cluster.outcome, ERROR_NOT_FOUND, "Cluster member not found");
    answer = perform(&w, "DELETE", "/1.0/cluster/members/n9", NULL, first);
    assert_int_equal(answer.status, 404);
    loop_answer_close(&answer);
    error_set(&w.cluster.outcome, ERROR_NOT_FOUND, "Cluster member not found");
    answer = perform(&w, "DELETE", "/1.0/cluster/members/n9", NULL, again);
    assert_int_equal(answer.status, 200);
    loop_answer_close(&answer);
    error_set(&w.cluster.outcome, ERROR_FORBIDDEN, "It can't be reached");
    answer = perform(&w, "DELETE", "/1.0/cluster/members/n9", NULL, again);
    assert_int_equal(answer.status, 403);
    loop_answer_close(&answer);
    close_world(&w);
}

static void members_are_evacuated_and_restored(void **state)
{
    struct world w;
    json_t *json;

    open_world(&w, *state, 3);
    add_records(&w, 3);
    json = fetch(&w, "POST", "/1.0/cluster/members/n2/state", "{\"action\":\"evacuate\"}", 202);
    assert_string_equal(text_at(json, "location"), "n1");
    json_decref(json);
    json = fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_string_equal(text_at(json, "status"), "Evacuated");
    assert_string_equal(text_at(json, "message"), "Unavailable due to maintenance");
    json_decref(json);
    expect(&w, "POST", "/1.0/cluster/members/n2/state", "{\"action\":\"restore\"}", 202, NULL);
    json = fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_string_equal(text_at(json, "status"), "Online");
    json_decref(json);
    expect_error(&w, "POST", "/1.0/cluster/members/n2/state", "{\"action\":\"jump\"}", 400,
                 "Unknown action \"jump\"");
    expect_error(&w, "POST", "/1.0/cluster/members/no/state", "{\"action\":\"restore\"}", 404,
                 "Cluster member not found");
    close_world(&w);
}

static void a_member_tells_how_it_is(void **state)
{
    struct world w;
    json_t *json;

    open_world(&w, *state, 3);
    json = fetch(&w, "GET", "/1.0/cluster/members/n1/state", NULL, 200);
    assert_true(json_integer_value(json_object_get(json_object_get(json, "sysinfo"), "total_ram")) >
                0);
    assert_int_equal(
        json_array_size(json_object_get(json_object_get(json, "sysinfo"), "load_averages")), 3);
    json_decref(json);
    expect_error(&w, "GET", "/1.0/cluster/members/no/state", NULL, 404, "Cluster member not found");
    expect_error(&w, "GET", "/1.0/networks?target=no", NULL, 404, "Cluster member not found");
    expect(&w, "GET", "/1.0/networks?target=n3", NULL, 200, NULL);
    close_world(&w);
}

static void a_token_is_an_operation_that_runs(void **state)
{
    struct world w;
    json_t *operation;
    json_t *list;
    char path[128];
    uint8_t secret[JOIN_SECRET_SIZE];
    uint8_t pin[PIN_SIZE];
    char pin_text[PIN_TEXT_SIZE];
    char sql[256];
    struct error error;

    open_world(&w, *state, 3);
    add_records(&w, 3);
    w.cluster.statuses[2].online = false;
    expect_error(&w, "POST", "/1.0/cluster/members", "{\"server_name\":\"n 4\"}", 400,
                 "Invalid cluster member name: Name cannot contain white space");
    expect_error(&w, "POST", "/1.0/cluster/members", "{\"server_name\":\"n3\"}", 409,
                 "The cluster already has a member with name: n3");
    operation = fetch(&w, "POST", "/1.0/cluster/members", "{\"server_name\":\"n4\"}", 202);
    assert_string_equal(text_at(operation, "class"), "token");
    assert_string_equal(text_at(operation, "status"), "Running");
    list = json_object_get(operation, "metadata");
    assert_string_equal(text_at(list, "serverName"), "n4");
    assert_string_equal(text_at(list, "fingerprint"), w.cluster.directory->fingerprint);
    assert_int_equal(json_array_size(json_object_get(list, "addresses")), 2);
    /* What is kept is what the secret makes, and not the secret. */
    assert_true(pin_parse(text_at(list, "secret"), secret));
    assert_int_equal(join_secret_pin(secret, pin, &error), ERROR_NONE);
    pin_format(pin, pin_text);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM cluster_tokens WHERE key_pin = '%s'", pin_text);
    assert_int_equal(store_fixture_integer(w.f, sql), 1);
    assert_int_equal(store_fixture_integer(w.f, "SELECT expires_at - created_at FROM "
                                                "cluster_tokens WHERE name = 'n4'"),
                     3 * 3600);

    snprintf(path, sizeof path, "/1.0/operations/%s", text_at(operation, "id"));
    json_decref(operation);
    list = fetch(&w, "GET", "/1.0/operations?project=default&recursion=1", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(list, "running")), 1);
    operation = json_array_get(json_object_get(list, "running"), 0);
    assert_string_equal(text_at(json_object_get(operation, "metadata"), "secret"), "");
    json_decref(list);
    list = fetch(&w, "GET", "/1.0/operations", NULL, 200);
    assert_string_equal(json_string_value(json_array_get(json_object_get(list, "running"), 0)),
                        path);
    json_decref(list);
    list = fetch(&w, "GET", "/1.0/operations?project=other", NULL, 200);
    assert_null(json_object_get(list, "running"));
    json_decref(list);

    operation = fetch(&w, "GET", path, NULL, 200);
    assert_string_equal(text_at(json_object_get(operation, "metadata"), "serverName"), "n4");
    json_decref(operation);
    expect(&w, "DELETE", path, NULL, 200, NULL);
    expect_error(&w, "DELETE", path, NULL, 404, "Operation not found");
    expect_error(&w, "GET", path, NULL, 404, "Operation not found");

    expect(&w, "PATCH", "/1.0", "{\"config\":{\"cluster.join_token_expiry\":\"2M\"}}", 200, NULL);
    expect(&w, "POST", "/1.0/cluster/members", "{\"server_name\":\"n5\"}", 202, NULL);
    assert_int_equal(store_fixture_integer(w.f, "SELECT expires_at - created_at FROM "
                                                "cluster_tokens WHERE name = 'n5'"),
                     120);
    close_world(&w);
}

static void groups_gather_members(void **state)
{
    struct world w;
    json_t *json;

    open_world(&w, *state, 3);
    add_records(&w, 3);
    expect_error(&w, "POST", "/1.0/cluster/groups", "{\"name\":\"a b\"}", 400,
                 "Invalid cluster group name: Name cannot contain white space");
    expect(&w, "POST", "/1.0/cluster/groups",
           "{\"name\":\"g1\",\"description\":\"d\",\"members\":[\"n2\"]}", 201, NULL);
    expect_error(&w, "POST", "/1.0/cluster/groups", "{\"name\":\"g1\"}", 409,
                 "Name \"g1\" already in use");
    expect_error(&w, "POST", "/1.0/cluster/groups", "{\"name\":\"g2\",\"members\":[\"n7\"]}", 400,
                 "A member of the group isn't there, or named twice");
    json = fetch(&w, "GET", "/1.0/cluster/groups", NULL, 200);
    assert_int_equal(json_array_size(json), 2);
    assert_string_equal(json_string_value(json_array_get(json, 1)), "/1.0/cluster/groups/g1");
    json_decref(json);
    json = fetch(&w, "GET", "/1.0/cluster/groups/g1", NULL, 200);
    assert_string_equal(json_string_value(json_array_get(json_object_get(json, "members"), 0)),
                        "n2");
    json_decref(json);
    json = fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(json, "groups")), 2);
    json_decref(json);

    expect_error(&w, "PUT", "/1.0/cluster/groups/default", "{\"members\":[\"n1\"]}", 400,
                 "Cannot remove n3 from group as member needs to belong to at least one group");
    expect_error(&w, "DELETE", "/1.0/cluster/groups/g1", NULL, 400,
                 "Only empty cluster groups can be removed");
    expect_error(&w, "DELETE", "/1.0/cluster/groups/default", NULL, 403,
                 "The 'default' cluster group cannot be deleted");
    expect_error(&w, "POST", "/1.0/cluster/groups/default", "{\"name\":\"x\"}", 403,
                 "The \"default\" group cannot be renamed");
    expect(&w, "POST", "/1.0/cluster/groups/g1", "{\"name\":\"g9\"}", 201, NULL);
    expect(&w, "PATCH", "/1.0/cluster/groups/g9", "{\"config\":{\"user.a\":\"1\"}}", 200, NULL);
    json = fetch(&w, "GET", "/1.0/cluster/groups/g9", NULL, 200);
    assert_string_equal(text_at(json, "description"), "d");
    assert_string_equal(text_at(json_object_get(json, "config"), "user.a"), "1");
    assert_int_equal(json_array_size(json_object_get(json, "members")), 1);
    json_decref(json);
    expect(&w, "PUT", "/1.0/cluster/groups/g9", "{\"members\":[]}", 200, NULL);
    expect(&w, "DELETE", "/1.0/cluster/groups/g9", NULL, 200, NULL);
    expect_error(&w, "GET", "/1.0/cluster/groups/g9", NULL, 404, "Cluster group not found");
    close_world(&w);
}

static void the_status_tells_all(void **state)
{
    struct world w;
    json_t *json;
    const json_t *member;

    open_world(&w, *state, 3);
    add_records(&w, 3);
    w.cluster.statuses[2].revision =
        store_fixture_integer(w.f, "SELECT revision FROM store_revision") - 2;
    w.cluster.statuses[2].clock_skew_ms = -7;
    json = fetch(&w, "GET", "/internal/cluster/status", NULL, 200);
    assert_string_equal(w.cluster.last.what, "survey");
    assert_int_equal(json_array_size(json_object_get(json, "members")), 3);
    member = json_array_get(json_object_get(json, "members"), 1);
    assert_int_equal(json_integer_value(json_object_get(member, "lag")), 2);
    assert_int_equal(json_integer_value(json_object_get(member, "clock_skew_ms")), -7);
    assert_string_equal(text_at(member, "raft_role"), "voter");
    assert_string_equal(text_at(json_object_get(json, "health"), "message"),
                        "Survives 1 more failure.");
    json_decref(json);
    expect(&w, "POST", "/internal/cluster/transfer", "{\"server_name\":\"n2\"}", 200, NULL);
    assert_string_equal(w.cluster.last.what, "transfer");
    assert_string_equal(w.cluster.last.name, "n2");
    expect(&w, "POST", "/internal/cluster/rotate-key", NULL, 200, NULL);
    assert_string_equal(w.cluster.last.what, "rotate-key");
    expect(&w, "POST", "/internal/cluster/move", "{\"server_address\":\"10.0.0.9\"}", 200, NULL);
    assert_string_equal(w.cluster.last.what, "move");
    assert_string_equal(w.cluster.last.address, "10.0.0.9");
    close_world(&w);
}

static void a_path_between_members_is_for_members(void **state)
{
    static const struct {
        const char *method;
        const char *path;
    } paths[] = {
        {"POST", "/internal/cluster/heartbeat"}, {"POST", "/internal/cluster/leader"},
        {"POST", "/internal/cluster/join"},      {"POST", "/internal/cluster/removed"},
        {"PATCH", "/internal/cluster/member"},   {"GET", "/internal/cluster/state"},
    };
    struct world w;

    open_world(&w, *state, 3);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        expect_error(&w, paths[i].method, paths[i].path, "{}", 403,
                     "This is between members of a cluster");
    }
    w.peer = (struct http_peer){.kind = HTTP_PEER_TOKEN};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (i != 2) {
            expect_error(&w, paths[i].method, paths[i].path, "{}", 403,
                         "A join token is good for joining only");
        }
    }
    expect_error(&w, "GET", "/1.0", NULL, 403, "A join token is good for joining only");
    w.peer = (struct http_peer){.kind = HTTP_PEER_MEMBER, .member_id = 2};
    expect_error(&w, "POST", "/internal/cluster/join", "{}", 403,
                 "This is between members of a cluster");
    expect(&w, "POST", "/internal/cluster/heartbeat", "{\"a\":1}", 200, "{\"a\":1}");
    assert_int_equal(w.cluster.heartbeat_of, 2);
    expect(&w, "POST", "/internal/cluster/removed", "{}", 200, "{}");
    assert_int_equal(w.cluster.n_removals, 1);
    expect(&w, "GET", "/internal/cluster/state", NULL, 200, NULL);
    close_world(&w);
}

static void a_member_changes_its_own_record(void **state)
{
    struct world w;
    json_t *json;

    open_world(&w, *state, 3);
    add_records(&w, 3);
    w.peer = (struct http_peer){.kind = HTTP_PEER_MEMBER, .member_id = 2, .name = "n2"};
    expect(&w, "PATCH", "/internal/cluster/member", "{\"address\":\"10.0.0.2\"}", 200, NULL);
    json = fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_string_equal(text_at(json, "url"), "https://10.0.0.2:8443");
    json_decref(json);
    expect_error(&w, "PATCH", "/internal/cluster/member", "{\"key_pin\":\"ab\"}", 400,
                 "A pin has 64 hexadecimal digits");
    assert_null(w.cluster.last.what);
    expect(&w, "PATCH", "/internal/cluster/member",
           "{\"next_key_pin\":"
           "\"7777777777777777777777777777777777777777777777777777777777777777\"}",
           200, NULL);
    assert_string_equal(w.cluster.last.what, "spread");
    w.cluster.statuses[3].online = false;
    expect_error(&w, "PATCH", "/internal/cluster/member",
                 "{\"next_key_pin\":"
                 "\"8888888888888888888888888888888888888888888888888888888888888888\"}",
                 503, "A key is replaced while all members are online, and these aren't: n3");
    /* The old key is forgotten, whoever is offline. */
    expect(&w, "PATCH", "/internal/cluster/member",
           "{\"key_pin\":\"7777777777777777777777777777777777777777777777777777777777777777\","
           "\"next_key_pin\":\"\"}",
           200, NULL);
    fake_leadership_set(&w.leadership, LEADERSHIP_MEMBER, 3);
    expect(&w, "PATCH", "/internal/cluster/member", "{}", 421, NULL);
    close_world(&w);
}

static const char join_body[] =
    "{\"name\":\"n4\",\"fingerprint\":"
    "\"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\","
    "\"address\":\"\",\"raft_address\":\"@lbstate-4\",\"key_pin\":"
    "\"4444444444444444444444444444444444444444444444444444444444444444\",\"schema\":1}";

static void a_node_with_a_token_joins(void **state)
{
    struct world w;
    json_t *json;
    uint8_t secret[JOIN_SECRET_SIZE];
    uint8_t key[JOIN_PROOF_SIZE];
    uint8_t proof[JOIN_PROOF_SIZE];
    char proof_text[PIN_TEXT_SIZE];
    struct loop_answer answer;
    struct error error;

    open_world(&w, *state, 3);
    add_records(&w, 3);
    json = fetch(&w, "POST", "/1.0/cluster/members", "{\"server_name\":\"n4\"}", 202);
    assert_true(pin_parse(text_at(json_object_get(json, "metadata"), "secret"), secret));
    json_decref(json);

    w.peer = (struct http_peer){.kind = HTTP_PEER_TOKEN, .address = "10.0.0.4:50000"};
    assert_int_equal(join_secret_pin(secret, w.peer.pin, &error), ERROR_NONE);
    fake_leadership_set(&w.leadership, LEADERSHIP_MEMBER, 3);
    expect(&w, "POST", "/internal/cluster/join", join_body, 421,
           "{\"error\":\"Another member leads\",\"leader\":\"127.0.0.3:8443\"}");
    fake_leadership_set(&w.leadership, LEADERSHIP_NOWHERE, 0);
    expect(&w, "POST", "/internal/cluster/join", join_body, 421,
           "{\"error\":\"No member of the cluster leads at the moment\",\"leader\":\"\"}");
    fake_leadership_set(&w.leadership, LEADERSHIP_HERE, 1);

    /* The directory doesn't have it yet: it asks again. */
    expect_error(&w, "POST", "/internal/cluster/join", join_body, 503,
                 "The cluster doesn't list the new member yet");
    fake_cluster_set_members(&w.cluster, 4);
    answer = perform(&w, "POST", "/internal/cluster/join", join_body, NULL);
    assert_int_equal(answer.status, 200);
    json = json_loads(answer.body, 0, NULL);
    assert_int_equal(json_integer_value(json_object_get(json, "id")), 4);
    assert_int_equal(
        json_array_size(json_object_get(json_object_get(json, "directory"), "members")), 4);
    assert_int_equal(join_proof_key(secret, key, &error), ERROR_NONE);
    assert_int_equal(join_proof(key, w.cluster.directory->fingerprint,
                                w.cluster.directory->members[0].pin, proof, &error),
                     ERROR_NONE);
    pin_format(proof, proof_text);
    assert_string_equal(text_at(json, "proof"), proof_text);
    json_decref(json);
    loop_answer_close(&answer);
    assert_int_equal(store_fixture_integer(w.f, "SELECT count(*) FROM cluster_members WHERE "
                                                "address = '10.0.0.4:8443'"),
                     1);

    w.peer.pin[0] ^= 1;
    expect(&w, "POST", "/internal/cluster/join", join_body, 403, NULL);
    expect(&w, "POST", "/internal/cluster/join", "{}", 400, NULL);
    close_world(&w);
}

/* -- What Incus answered --------------------------------------------------------------- */

/* The transcript NAME of a cluster of three, replayed. STATUS and INSTEAD: a wanted deviation from
 * the status (0: none), and of a part of the body ("": none). */
static void replay(struct world *w, const char *name, int status, const char *part,
                   const char *instead)
{
    const char *top = getenv("srcdir");
    char path[512];
    json_error_t reason;
    json_t *transcript;
    const char *if_match = NULL;
    char if_match_line[128];
    const char *headers[] = {NULL, NULL};
    struct loop_answer answer;
    char *expected;
    char *found;
    const json_t *request;
    const json_t *response;
    const char *etag = NULL;
    json_t *list;
    const json_t *pair;
    size_t i;

    snprintf(path, sizeof path, "%s/test/data/golden/cluster/%s.json", top == NULL ? "." : top,
             name);
    transcript = json_load_file(path, 0, &reason);
    if (transcript == NULL) {
        fail_msg("%s: %s", path, reason.text);
    }
    request = json_object_get(transcript, "request");
    response = json_object_get(transcript, "response");
    if_match = json_string_value(json_object_get(json_object_get(request, "headers"), "If-Match"));
    list = json_object_get(response, "headers");
    json_array_foreach(list, i, pair)
    {
        if (strcmp(json_string_value(json_array_get(pair, 0)), "Etag") == 0) {
            etag = json_string_value(json_array_get(pair, 1));
        }
    }
    if (if_match != NULL) {
        snprintf(if_match_line, sizeof if_match_line, "If-Match: %s", if_match);
        headers[0] = if_match_line;
    }
    expected = strdup(text_at(response, "body"));
    assert_non_null(expected);
    found = *part == '\0' ? NULL : strstr(expected, part);
    if (*part != '\0') {
        assert_non_null(found);
        assert_int_equal(strlen(part), strlen(instead));
        memcpy(found, instead, strlen(instead));
    }
    answer = perform(w, text_at(request, "method"), text_at(request, "path"),
                     json_string_value(json_object_get(request, "body")), headers);
    assert_int_equal(answer.status, status == 0
                                        ? json_integer_value(json_object_get(response, "status"))
                                        : status);
    assert_string_equal(answer.body, expected);
    if (etag == NULL) {
        assert_null(answer.etag);
    } else {
        assert_non_null(answer.etag);
        assert_string_equal(answer.etag, etag);
    }
    free(expected);
    loop_answer_close(&answer);
    json_decref(transcript);
}

static void the_recorded_answers_are_given(void **state)
{
    struct world w;

    open_world(&w, *state, 3);
    add_records(&w, 3);
    replay(&w, "cluster-members", 0, "", "");
    replay(&w, "cluster-members-recursion1", 0, "", "");
    replay(&w, "cluster-members-filter", 0, "", "");
    replay(&w, "cluster-member-n1", 0, "", "");
    replay(&w, "cluster-member-missing", 0, "", "");
    replay(&w, "cluster-groups", 0, "", "");
    replay(&w, "lb-get-target-bad", 0, "", "");
    replay(&w, "member-put-roles", 0, "", "");
    replay(&w, "member-put-remove-db-role", 0, "", "");
    replay(&w, "member-put-stale", 0, "", "");
    /* What the client did wrong isn't the server's failure. */
    replay(&w, "member-put-badrole", 400, "\"error_code\":500", "\"error_code\":400");
    expect(&w, "POST", "/1.0/networks",
           "{\"name\":\"UPLINK\",\"type\":\"physical\",\"config\":{\"parent\":\"eth1\"}}", 201,
           NULL);
    replay(&w, "cluster", 0, "", "");
    close_world(&w);
}

/* The operation of a token, but for what is drawn: its id and secret, and times. */
static void a_token_looks_as_recorded(void **state)
{
    const char *top = getenv("srcdir");
    static const char *const drawn[] = {"id", "created_at", "updated_at"};
    static const char *const drawn_metadata[] = {"expiresAt", "fingerprint", "secret"};
    char path[512];
    struct world w;
    json_t *transcript;
    json_t *wanted;
    json_t *found;

    open_world(&w, *state, 3);
    add_records(&w, 3);
    snprintf(path, sizeof path, "%s/test/data/golden/cluster/join-token.json",
             top == NULL ? "." : top);
    transcript = json_load_file(path, 0, NULL);
    assert_non_null(transcript);
    wanted = json_loads(text_at(json_object_get(transcript, "response"), "body"), 0, NULL);
    assert_non_null(wanted);
    found = fetch(&w, "POST", "/1.0/cluster/members", "{\"server_name\": \"n4\"}", 202);
    for (size_t i = 0; i < 3; i++) {
        json_t *operation = json_object_get(wanted, "metadata");

        assert_int_equal(json_object_set(operation, drawn[i], json_object_get(found, drawn[i])), 0);
        assert_int_equal(
            json_object_set(json_object_get(operation, "metadata"), drawn_metadata[i],
                            json_object_get(json_object_get(found, "metadata"), drawn_metadata[i])),
            0);
    }
    assert_true(json_equal(json_object_get(wanted, "metadata"), found));
    json_decref(found);
    json_decref(wanted);
    json_decref(transcript);
    close_world(&w);
}

#define TEST(NAME)                                                                                 \
    cmocka_unit_test_setup_teardown(NAME, store_fixture_set_up, store_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_server_that_stands_alone_says_so),
        TEST(enabling_names_the_server),
        TEST(members_look_as_they_are),
        TEST(members_are_changed),
        TEST(removal_that_was_done_by_an_earlier_try_succeeds),
        TEST(members_are_evacuated_and_restored),
        TEST(a_member_tells_how_it_is),
        TEST(a_token_is_an_operation_that_runs),
        TEST(groups_gather_members),
        TEST(the_status_tells_all),
        TEST(a_path_between_members_is_for_members),
        TEST(a_member_changes_its_own_record),
        TEST(a_node_with_a_token_joins),
        TEST(the_recorded_answers_are_given),
        TEST(a_token_looks_as_recorded),
    };

    return cmocka_run_group_tests_name("api cluster", tests, NULL, NULL);
}
