/* The paths of the cluster that its members ask, and a node that joins. */
#include "cluster/join.h"
#include "test/unit/api_cluster_world.h"

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

    world_open(&w, *state, 3);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        world_expect_error(&w, paths[i].method, paths[i].path, "{}", 403,
                           "This is between members of a cluster");
    }
    w.peer = (struct http_peer){.kind = HTTP_PEER_TOKEN};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (i != 2) {
            world_expect_error(&w, paths[i].method, paths[i].path, "{}", 403,
                               "A join token is good for joining only");
        }
    }
    world_expect_error(&w, "GET", "/1.0", NULL, 403, "A join token is good for joining only");
    w.peer = (struct http_peer){.kind = HTTP_PEER_MEMBER, .member_id = 2};
    world_expect_error(&w, "POST", "/internal/cluster/join", "{}", 403,
                       "This is between members of a cluster");
    world_expect(&w, "POST", "/internal/cluster/heartbeat", "{\"a\":1}", 200, "{\"a\":1}");
    assert_int_equal(w.cluster.heartbeat_of, 2);
    world_expect(&w, "POST", "/internal/cluster/removed", "{}", 200, "{}");
    assert_int_equal(w.cluster.n_removals, 1);
    world_expect(&w, "GET", "/internal/cluster/state", NULL, 200, NULL);
    world_close(&w);
}

static void a_member_changes_its_own_record(void **state)
{
    struct world w;
    json_t *json;

    world_open(&w, *state, 3);
    world_add_records(&w, 3);
    w.peer = (struct http_peer){.kind = HTTP_PEER_MEMBER, .member_id = 2, .name = "n2"};
    world_expect(&w, "PATCH", "/internal/cluster/member", "{\"address\":\"10.0.0.2\"}", 200, NULL);
    json = world_fetch(&w, "GET", "/1.0/cluster/members/n2", NULL, 200);
    assert_string_equal(json_text_at(json, "url"), "https://10.0.0.2:8443");
    json_decref(json);
    world_expect_error(&w, "PATCH", "/internal/cluster/member", "{\"key_pin\":\"ab\"}", 400,
                       "A pin has 64 hexadecimal digits");
    assert_null(w.cluster.last.what);
    world_expect(&w, "PATCH", "/internal/cluster/member",
                 "{\"next_key_pin\":"
                 "\"7777777777777777777777777777777777777777777777777777777777777777\"}",
                 200, NULL);
    assert_string_equal(w.cluster.last.what, "spread");
    w.cluster.statuses[3].online = false;
    world_expect_error(&w, "PATCH", "/internal/cluster/member",
                       "{\"next_key_pin\":"
                       "\"8888888888888888888888888888888888888888888888888888888888888888\"}",
                       503, "A key is replaced while all members are online, and these aren't: n3");
    /* The old key is forgotten, whoever is offline. */
    world_expect(
        &w, "PATCH", "/internal/cluster/member",
        "{\"key_pin\":\"7777777777777777777777777777777777777777777777777777777777777777\","
        "\"next_key_pin\":\"\"}",
        200, NULL);
    fake_leadership_set(&w.leadership, LEADERSHIP_MEMBER, 3);
    world_expect(&w, "PATCH", "/internal/cluster/member", "{}", 421, NULL);
    world_close(&w);
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

    world_open(&w, *state, 3);
    world_add_records(&w, 3);
    json = world_fetch(&w, "POST", "/1.0/cluster/members", "{\"server_name\":\"n4\"}", 202);
    assert_true(pin_parse(json_text_at(json_object_get(json, "metadata"), "secret"), secret));
    json_decref(json);

    w.peer = (struct http_peer){.kind = HTTP_PEER_TOKEN, .address = "10.0.0.4:50000"};
    assert_int_equal(join_secret_pin(secret, w.peer.pin, &error), ERROR_NONE);
    fake_leadership_set(&w.leadership, LEADERSHIP_MEMBER, 3);
    world_expect(&w, "POST", "/internal/cluster/join", join_body, 421,
                 "{\"error\":\"Another member leads\",\"leader\":\"127.0.0.3:8443\"}");
    fake_leadership_set(&w.leadership, LEADERSHIP_NOWHERE, 0);
    world_expect(&w, "POST", "/internal/cluster/join", join_body, 421,
                 "{\"error\":\"No member of the cluster leads at the moment\",\"leader\":\"\"}");
    fake_leadership_set(&w.leadership, LEADERSHIP_HERE, 1);

    /* The directory doesn't have it yet: it asks again. */
    world_expect_error(&w, "POST", "/internal/cluster/join", join_body, 503,
                       "The cluster doesn't list the new member yet");
    fake_cluster_set_members(&w.cluster, 4);
    answer = world_perform(&w, "POST", "/internal/cluster/join", join_body, NULL);
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
    assert_string_equal(json_text_at(json, "proof"), proof_text);
    json_decref(json);
    loop_answer_close(&answer);
    assert_int_equal(store_fixture_integer(w.f, "SELECT count(*) FROM cluster_members WHERE "
                                                "address = '10.0.0.4:8443'"),
                     1);

    w.peer.pin[0] ^= 1;
    world_expect(&w, "POST", "/internal/cluster/join", join_body, 403, NULL);
    world_expect(&w, "POST", "/internal/cluster/join", "{}", 400, NULL);
    world_close(&w);
}

#define TEST(NAME)                                                                                 \
    cmocka_unit_test_setup_teardown(NAME, store_fixture_set_up, store_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_path_between_members_is_for_members),
        TEST(a_member_changes_its_own_record),
        TEST(a_node_with_a_token_joins),
    };

    return cmocka_run_group_tests_name("api cluster peers", tests, NULL, NULL);
}
