/* The paths of the cluster that its users ask, with a real store, HTTP server and engine, and a
 * cluster that is as the test says. */
#include "test/unit/api_cluster_world.h"

static void a_server_that_stands_alone_says_so(void **state)
{
    struct world w;

    world_open(&w, *state, 0);
    world_expect_error(&w, "GET", "/1.0/cluster/members", NULL, 400, "Server is not clustered");
    world_expect_error(&w, "GET", "/1.0/cluster/members/n1", NULL, 400, "Server is not clustered");
    world_expect_error(&w, "GET", "/1.0/cluster/groups", NULL, 400, "This server is not clustered");
    world_expect_error(&w, "POST", "/1.0/cluster/members", "{\"server_name\":\"n4\"}", 400,
                       "This server is not clustered");
    world_expect_error(&w, "GET", "/internal/cluster/status", NULL, 400, "Server is not clustered");
    world_expect_error(&w, "POST", "/internal/cluster/transfer", "{}", 400,
                       "Server is not clustered");
    world_expect(
        &w, "GET", "/1.0/cluster", NULL, 200,
        "{\"type\":\"sync\",\"status\":\"Success\",\"status_code\":200,\"operation\":\"\","
        "\"error_code\":0,\"error\":\"\",\"metadata\":{\"server_name\":\"\",\"enabled\":false,"
        "\"member_config\":[]}}\n");
    /* A target is looked at in a cluster only. */
    world_expect(&w, "GET", "/1.0/networks?target=nope", NULL, 200, NULL);
    world_close(&w);
}

static void enabling_names_the_server(void **state)
{
    struct world w;
    json_t *operation;

    world_open(&w, *state, 0);
    world_expect_error(&w, "PUT", "/1.0/cluster", "{\"enabled\":true}", 400,
                       "ServerName is required when enabling clustering");
    world_expect_error(&w, "PUT", "/1.0/cluster", "{\"server_name\":\"n1\"}", 400,
                       "ServerName must be empty when disabling clustering");
    world_expect_error(
        &w, "PUT", "/1.0/cluster",
        "{\"server_name\":\"n1\",\"enabled\":true,\"cluster_token\":\"x\"}", 501,
        "A server joins a cluster when it is started, with an empty state directory: "
        "lbstated --join TOKEN");
    world_expect_error(
        &w, "PUT", "/1.0/cluster", "{\"server_name\":\"n1\",\"enabled\":true}", 400,
        "No cluster.https_address config is set on this member, and the request names "
        "no server_address");
    assert_null(w.cluster.last.what);

    operation = world_fetch(
        &w, "PUT", "/1.0/cluster",
        "{\"server_name\":\"n1\",\"enabled\":true,\"server_address\":\"10.0.0.1\"}", 202);
    assert_string_equal(json_text_at(operation, "status"), "Success");
    json_decref(operation);
    assert_string_equal(w.cluster.last.what, "enable");
    assert_string_equal(w.cluster.last.name, "n1");
    assert_string_equal(w.cluster.last.address, "10.0.0.1");

    /* The server's configuration may have the address. */
    world_expect(&w, "PATCH", "/1.0", "{\"config\":{\"core.https_address\":\"10.0.0.2:8443\"}}",
                 200, NULL);
    world_expect(&w, "PUT", "/1.0/cluster", "{\"server_name\":\"n1\",\"enabled\":true}", 202, NULL);
    assert_string_equal(w.cluster.last.address, "10.0.0.2:8443");
    world_expect(&w, "PATCH", "/1.0", "{\"config\":{\"cluster.https_address\":\"10.0.0.3\"}}", 200,
                 NULL);
    world_expect(&w, "PUT", "/1.0/cluster", "{\"server_name\":\"n1\",\"enabled\":true}", 202, NULL);
    assert_string_equal(w.cluster.last.address, "10.0.0.3");
    world_expect_error(
        &w, "PATCH", "/1.0", "{\"config\":{\"cluster.max_voters\":\"2\"}}", 400,
        "cannot set 'cluster.max_voters' to '2': Value must be an odd number between 1 "
        "and 9");

    error_set(&w.cluster.outcome, ERROR_CONFLICT, "This server is clustered already");
    world_expect_error(&w, "PUT", "/1.0/cluster", "{\"server_name\":\"n1\",\"enabled\":true}", 409,
                       "This server is clustered already");
    world_close(&w);
}

static void members_look_as_they_are(void **state)
{
    struct world w;
    json_t *member;

    world_open(&w, *state, 3);
    world_add_records(&w, 3);
    w.cluster.statuses[2].role = RAFT_STANDBY;
    w.cluster.statuses[3].online = false;
    w.cluster.statuses[3].silent_ms = 24600;
    member = world_fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_string_equal(json_string_value(json_array_get(json_object_get(member, "roles"), 0)),
                        "database-standby");
    json_decref(member);
    member = world_fetch(&w, "GET", "/1.0/cluster/members/n3", NULL, 200);
    assert_string_equal(json_text_at(member, "status"), "Offline");
    assert_int_equal(strncmp(json_text_at(member, "message"), "No heartbeat for 25s (", 22), 0);
    json_decref(member);
    w.cluster.statuses[3].known = false;
    member = world_fetch(&w, "GET", "/1.0/cluster/members/n3", NULL, 200);
    assert_string_equal(json_text_at(member, "message"),
                        "No heartbeat since the present leader was elected");
    json_decref(member);
    w.cluster.statuses[3].in_raft = false;
    member = world_fetch(&w, "GET", "/1.0/cluster/members/n3", NULL, 200);
    assert_string_equal(json_text_at(member, "status"), "Joining");
    assert_false(json_is_true(json_object_get(member, "database")));
    json_decref(member);
    w.cluster.statuses[1].schema_version = 2;
    member = world_fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_string_equal(json_text_at(member, "status"), "Blocked");
    assert_string_equal(json_text_at(member, "message"), "Needs updating to newer version");
    json_decref(member);
    world_close(&w);
}

static void members_are_changed(void **state)
{
    static const char *const stale[] = {"If-Match: \"x\"", NULL};
    struct world w;
    struct loop_answer answer;
    json_t *member;

    world_open(&w, *state, 3);
    world_add_records(&w, 3);
    world_expect(&w, "PATCH", "/1.0/cluster/members/n2", "{\"description\":\"d\"}", 200, NULL);
    assert_int_equal(w.cluster.n_refreshes, 1);
    member = world_fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_string_equal(json_text_at(member, "description"), "d");
    assert_int_equal(json_array_size(json_object_get(member, "roles")), 1);
    json_decref(member);
    answer = world_perform(&w, "PATCH", "/1.0/cluster/members/n2", "{}", stale);
    assert_int_equal(answer.status, 412);
    loop_answer_close(&answer);

    world_expect_error(&w, "POST", "/1.0/cluster/members/n2", "{\"server_name\":\"n/2\"}", 400,
                       "Invalid cluster member name: Name contains invalid character \"/\"");
    world_expect_error(&w, "POST", "/1.0/cluster/members/n2", "{\"server_name\":\"n3\"}", 409,
                       "The cluster already has a member with name: n3");
    world_expect(&w, "POST", "/1.0/cluster/members/n2", "{\"server_name\":\"n9\"}", 200, NULL);
    world_expect_error(&w, "GET", "/1.0/cluster/members/n2", NULL, 404, "Cluster member not found");

    world_expect(&w, "DELETE", "/1.0/cluster/members/n9", NULL, 200, NULL);
    assert_string_equal(w.cluster.last.what, "remove");
    assert_string_equal(w.cluster.last.name, "n9");
    assert_false(w.cluster.last.force);
    world_expect(&w, "DELETE", "/1.0/cluster/members/n9?force=1", NULL, 200, NULL);
    assert_true(w.cluster.last.force);
    error_set(&w.cluster.outcome, ERROR_FORBIDDEN, "It can't be reached");
    world_expect_error(&w, "DELETE", "/1.0/cluster/members/n9", NULL, 403, "It can't be reached");
    world_close(&w);
}

/* The leader that was asked first was the one to be removed, say, and ended with the answer. */
/* Who votes follows from them, from now on and not from the next election on. */
static void settings_are_looked_at_again(void **state)
{
    struct world w;

    world_open(&w, *state, 3);
    world_add_records(&w, 3);
    world_expect(&w, "PATCH", "/1.0", "{\"config\":{\"cluster.max_voters\":\"4\"}}", 400, NULL);
    assert_int_equal(w.cluster.n_refreshes, 0);
    world_expect(&w, "PATCH", "/1.0", "{\"config\":{\"cluster.max_voters\":\"5\"}}", 200, NULL);
    assert_int_equal(w.cluster.n_refreshes, 1);
    world_expect(&w, "PUT", "/1.0", "{\"config\":{}}", 200, NULL);
    assert_int_equal(w.cluster.n_refreshes, 2);
    world_close(&w);
}

static void removal_that_was_done_by_an_earlier_try_succeeds(void **state)
{
    static const char *const first[] = {"Lbstate-Request-Id: a-1", "Lbstate-Request-Fresh: 1",
                                        NULL};
    static const char *const again[] = {"Lbstate-Request-Id: a-1", NULL};
    struct loop_answer answer;
    struct world w;

    world_open(&w, *state, 3);
    world_add_records(&w, 3);
    w.peer = (struct http_peer){.kind = HTTP_PEER_MEMBER, .member_id = 2, .name = "n2"};
    error_set(&w.cluster.outcome, ERROR_NOT_FOUND, "Cluster member not found");
    answer = world_perform(&w, "DELETE", "/1.0/cluster/members/n9", NULL, first);
    assert_int_equal(answer.status, 404);
    loop_answer_close(&answer);
    error_set(&w.cluster.outcome, ERROR_NOT_FOUND, "Cluster member not found");
    answer = world_perform(&w, "DELETE", "/1.0/cluster/members/n9", NULL, again);
    assert_int_equal(answer.status, 200);
    loop_answer_close(&answer);
    error_set(&w.cluster.outcome, ERROR_FORBIDDEN, "It can't be reached");
    answer = world_perform(&w, "DELETE", "/1.0/cluster/members/n9", NULL, again);
    assert_int_equal(answer.status, 403);
    loop_answer_close(&answer);
    world_close(&w);
}

static void members_are_evacuated_and_restored(void **state)
{
    struct world w;
    json_t *json;

    world_open(&w, *state, 3);
    world_add_records(&w, 3);
    json =
        world_fetch(&w, "POST", "/1.0/cluster/members/n2/state", "{\"action\":\"evacuate\"}", 202);
    assert_string_equal(json_text_at(json, "location"), "n1");
    json_decref(json);
    json = world_fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_string_equal(json_text_at(json, "status"), "Evacuated");
    assert_string_equal(json_text_at(json, "message"), "Unavailable due to maintenance");
    json_decref(json);
    world_expect(&w, "POST", "/1.0/cluster/members/n2/state", "{\"action\":\"restore\"}", 202,
                 NULL);
    json = world_fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_string_equal(json_text_at(json, "status"), "Online");
    json_decref(json);
    world_expect_error(&w, "POST", "/1.0/cluster/members/n2/state", "{\"action\":\"jump\"}", 400,
                       "Unknown action \"jump\"");
    world_expect_error(&w, "POST", "/1.0/cluster/members/no/state", "{\"action\":\"restore\"}", 404,
                       "Cluster member not found");
    world_close(&w);
}

static void a_member_tells_how_it_is(void **state)
{
    struct world w;
    json_t *json;

    world_open(&w, *state, 3);
    json = world_fetch(&w, "GET", "/1.0/cluster/members/n1/state", NULL, 200);
    assert_true(json_integer_value(json_object_get(json_object_get(json, "sysinfo"), "total_ram")) >
                0);
    assert_int_equal(
        json_array_size(json_object_get(json_object_get(json, "sysinfo"), "load_averages")), 3);
    json_decref(json);
    world_expect_error(&w, "GET", "/1.0/cluster/members/no/state", NULL, 404,
                       "Cluster member not found");
    world_expect_error(&w, "GET", "/1.0/networks?target=no", NULL, 404, "Cluster member not found");
    world_expect(&w, "GET", "/1.0/networks?target=n3", NULL, 200, NULL);
    world_close(&w);
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

    world_open(&w, *state, 3);
    world_add_records(&w, 3);
    w.cluster.statuses[2].online = false;
    world_expect_error(&w, "POST", "/1.0/cluster/members", "{\"server_name\":\"n 4\"}", 400,
                       "Invalid cluster member name: Name cannot contain white space");
    world_expect_error(&w, "POST", "/1.0/cluster/members", "{\"server_name\":\"n3\"}", 409,
                       "The cluster already has a member with name: n3");
    operation = world_fetch(&w, "POST", "/1.0/cluster/members", "{\"server_name\":\"n4\"}", 202);
    assert_string_equal(json_text_at(operation, "class"), "token");
    assert_string_equal(json_text_at(operation, "status"), "Running");
    list = json_object_get(operation, "metadata");
    assert_string_equal(json_text_at(list, "serverName"), "n4");
    assert_string_equal(json_text_at(list, "fingerprint"), w.cluster.directory->fingerprint);
    assert_int_equal(json_array_size(json_object_get(list, "addresses")), 2);
    /* What is kept is what the secret makes, and not the secret. */
    assert_true(pin_parse(json_text_at(list, "secret"), secret));
    assert_int_equal(join_secret_pin(secret, pin, &error), ERROR_NONE);
    pin_format(pin, pin_text);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM cluster_tokens WHERE key_pin = '%s'", pin_text);
    assert_int_equal(store_fixture_integer(w.f, sql), 1);
    assert_int_equal(store_fixture_integer(w.f, "SELECT expires_at - created_at FROM "
                                                "cluster_tokens WHERE name = 'n4'"),
                     3 * 3600);

    snprintf(path, sizeof path, "/1.0/operations/%s", json_text_at(operation, "id"));
    json_decref(operation);
    list = world_fetch(&w, "GET", "/1.0/operations?project=default&recursion=1", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(list, "running")), 1);
    operation = json_array_get(json_object_get(list, "running"), 0);
    assert_string_equal(json_text_at(json_object_get(operation, "metadata"), "secret"), "");
    json_decref(list);
    list = world_fetch(&w, "GET", "/1.0/operations", NULL, 200);
    assert_string_equal(json_string_value(json_array_get(json_object_get(list, "running"), 0)),
                        path);
    json_decref(list);
    list = world_fetch(&w, "GET", "/1.0/operations?project=other", NULL, 200);
    assert_null(json_object_get(list, "running"));
    json_decref(list);

    operation = world_fetch(&w, "GET", path, NULL, 200);
    assert_string_equal(json_text_at(json_object_get(operation, "metadata"), "serverName"), "n4");
    json_decref(operation);
    world_expect(&w, "DELETE", path, NULL, 200, NULL);
    world_expect_error(&w, "DELETE", path, NULL, 404, "Operation not found");
    world_expect_error(&w, "GET", path, NULL, 404, "Operation not found");

    world_expect(&w, "PATCH", "/1.0", "{\"config\":{\"cluster.join_token_expiry\":\"2M\"}}", 200,
                 NULL);
    world_expect(&w, "POST", "/1.0/cluster/members", "{\"server_name\":\"n5\"}", 202, NULL);
    assert_int_equal(store_fixture_integer(w.f, "SELECT expires_at - created_at FROM "
                                                "cluster_tokens WHERE name = 'n5'"),
                     120);
    world_close(&w);
}

static void groups_gather_members(void **state)
{
    struct world w;
    json_t *json;

    world_open(&w, *state, 3);
    world_add_records(&w, 3);
    world_expect_error(&w, "POST", "/1.0/cluster/groups", "{\"name\":\"a b\"}", 400,
                       "Invalid cluster group name: Name cannot contain white space");
    world_expect(&w, "POST", "/1.0/cluster/groups",
                 "{\"name\":\"g1\",\"description\":\"d\",\"members\":[\"n2\"]}", 201, NULL);
    world_expect_error(&w, "POST", "/1.0/cluster/groups", "{\"name\":\"g1\"}", 409,
                       "Name \"g1\" already in use");
    world_expect_error(&w, "POST", "/1.0/cluster/groups", "{\"name\":\"g2\",\"members\":[\"n7\"]}",
                       400, "A member of the group isn't there, or named twice");
    json = world_fetch(&w, "GET", "/1.0/cluster/groups", NULL, 200);
    assert_int_equal(json_array_size(json), 2);
    assert_string_equal(json_string_value(json_array_get(json, 1)), "/1.0/cluster/groups/g1");
    json_decref(json);
    json = world_fetch(&w, "GET", "/1.0/cluster/groups/g1", NULL, 200);
    assert_string_equal(json_string_value(json_array_get(json_object_get(json, "members"), 0)),
                        "n2");
    json_decref(json);
    json = world_fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(json, "groups")), 2);
    json_decref(json);

    world_expect_error(
        &w, "PUT", "/1.0/cluster/groups/default", "{\"members\":[\"n1\"]}", 400,
        "Cannot remove n3 from group as member needs to belong to at least one group");
    world_expect_error(&w, "DELETE", "/1.0/cluster/groups/g1", NULL, 400,
                       "Only empty cluster groups can be removed");
    world_expect_error(&w, "DELETE", "/1.0/cluster/groups/default", NULL, 403,
                       "The 'default' cluster group cannot be deleted");
    world_expect_error(&w, "POST", "/1.0/cluster/groups/default", "{\"name\":\"x\"}", 403,
                       "The \"default\" group cannot be renamed");
    world_expect(&w, "POST", "/1.0/cluster/groups/g1", "{\"name\":\"g9\"}", 201, NULL);
    world_expect(&w, "PATCH", "/1.0/cluster/groups/g9", "{\"config\":{\"user.a\":\"1\"}}", 200,
                 NULL);
    json = world_fetch(&w, "GET", "/1.0/cluster/groups/g9", NULL, 200);
    assert_string_equal(json_text_at(json, "description"), "d");
    assert_string_equal(json_text_at(json_object_get(json, "config"), "user.a"), "1");
    assert_int_equal(json_array_size(json_object_get(json, "members")), 1);
    json_decref(json);
    world_expect(&w, "PUT", "/1.0/cluster/groups/g9", "{\"members\":[]}", 200, NULL);
    world_expect(&w, "DELETE", "/1.0/cluster/groups/g9", NULL, 200, NULL);
    world_expect_error(&w, "GET", "/1.0/cluster/groups/g9", NULL, 404, "Cluster group not found");
    world_close(&w);
}

static void the_status_tells_all(void **state)
{
    struct world w;
    json_t *json;
    const json_t *member;

    world_open(&w, *state, 3);
    world_add_records(&w, 3);
    w.cluster.statuses[2].revision =
        store_fixture_integer(w.f, "SELECT revision FROM store_revision") - 2;
    w.cluster.statuses[2].clock_skew_ms = -7;
    json = world_fetch(&w, "GET", "/internal/cluster/status", NULL, 200);
    assert_string_equal(w.cluster.last.what, "survey");
    assert_int_equal(json_array_size(json_object_get(json, "members")), 3);
    member = json_array_get(json_object_get(json, "members"), 1);
    assert_int_equal(json_integer_value(json_object_get(member, "lag")), 2);
    assert_int_equal(json_integer_value(json_object_get(member, "clock_skew_ms")), -7);
    assert_string_equal(json_text_at(member, "raft_role"), "voter");
    assert_string_equal(json_text_at(json_object_get(json, "health"), "message"),
                        "Survives 1 more failure.");
    json_decref(json);
    world_expect(&w, "POST", "/internal/cluster/transfer", "{\"server_name\":\"n2\"}", 200, NULL);
    assert_string_equal(w.cluster.last.what, "transfer");
    assert_string_equal(w.cluster.last.name, "n2");
    world_expect(&w, "POST", "/internal/cluster/rotate-key", NULL, 200, NULL);
    assert_string_equal(w.cluster.last.what, "rotate-key");
    world_expect(&w, "POST", "/internal/cluster/move", "{\"server_address\":\"10.0.0.9\"}", 200,
                 NULL);
    assert_string_equal(w.cluster.last.what, "move");
    assert_string_equal(w.cluster.last.address, "10.0.0.9");
    world_close(&w);
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
        TEST(settings_are_looked_at_again),
        TEST(removal_that_was_done_by_an_earlier_try_succeeds),
        TEST(members_are_evacuated_and_restored),
        TEST(a_member_tells_how_it_is),
        TEST(a_token_is_an_operation_that_runs),
        TEST(groups_gather_members),
        TEST(the_status_tells_all),
    };

    return cmocka_run_group_tests_name("api cluster", tests, NULL, NULL);
}
