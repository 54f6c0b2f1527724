/* Forwards live, change and die as they are told. That load balancers and forwards
 * exclude each other is in test_conflict.c. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"
#include "test/lib/http_client.h"

#include <stdlib.h>
#include <string.h>

#define LIST "/1.0/networks/ovn0/forwards"

static const char *const sock = world_daemon.socket;

static void assert_record(const char *path, const char *expected)
{
    json_t *left = json_loads(expected, 0, NULL);
    json_t *right = world_get(sock, path);

    assert_non_null(left);
    if (!json_equal(left, right)) {
        char *text = json_dumps(right, 0);

        print_error("%s is %s\n", path, text);
        free(text);
    }
    assert_true(json_equal(left, right));
    json_decref(left);
    json_decref(right);
}

static void assert_error(const char *method, const char *path, const char *body, int status,
                         const char *expected)
{
    char *error = world_error(sock, method, path, body, status);

    assert_string_equal(error, expected);
    free(error);
}

static void create(const char *body)
{
    assert_int_equal(world_status(sock, "POST", LIST, body), 201);
}

static void record_is_stored_read_changed_and_deleted(void **state)
{
    static const char body[] =
        "{\"listen_address\": \"198.18.0.1\", \"description\": \" web \","
        "\"config\": {\"target_address\": \"10.10.10.5\", \"user.owner\": \"me\"},"
        "\"ports\": [{\"protocol\": \"tcp\", \"listen_port\": \"80, 90-99\","
        "\"target_port\": \"8080\", \"target_address\": \"10.10.10.6\"}]}";
    static const char created[] =
        "{\"listen_address\": \"198.18.0.1\", \"description\": \"web\", \"location\": \"\","
        "\"config\": {\"target_address\": \"10.10.10.5\", \"user.owner\": \"me\"},"
        "\"ports\": [{\"description\": \"\", \"protocol\": \"tcp\", \"listen_port\": \"80,90-99\","
        "\"target_port\": \"8080\", \"target_address\": \"10.10.10.6\", \"snat\": false}]}";
    static const char changed[] =
        "{\"listen_address\": \"198.18.0.1\", \"description\": \"gone dark\", \"location\": \"\","
        "\"config\": {}, \"ports\": []}";

    (void)state;
    world_make(sock);
    create(body);
    assert_record(LIST "/198.18.0.1", created);
    assert_int_equal(daemon_kill(&world_daemon), 0);
    assert_int_equal(daemon_start(&world_daemon), 0);
    assert_record(LIST "/198.18.0.1", created);

    assert_int_equal(
        world_status(sock, "PUT", LIST "/198.18.0.1", "{\"description\": \"gone dark\"}"), 200);
    assert_record(LIST "/198.18.0.1", changed);

    assert_int_equal(world_status(sock, "DELETE", LIST "/198.18.0.1", NULL), 200);
    assert_error("GET", LIST "/198.18.0.1", NULL, 404, "Network forward not found");
    assert_error("PATCH", LIST "/198.18.0.1", "{}", 404, "Network forward not found");
    assert_error("PUT", LIST "/198.18.0.1", "{}", 404,
                 "Failed updating forward: Network forward not found");
    assert_error("DELETE", LIST "/nonsense", NULL, 404,
                 "Failed deleting forward: Network forward not found");
}

static void patch_changes_only_what_it_names(void **state)
{
    static const char kept[] =
        "{\"listen_address\": \"198.18.0.1\", \"description\": \"kept\","
        "\"config\": {\"target_address\": \"10.10.10.5\", \"user.b\": \"2\"},"
        "\"ports\": [{\"description\": \"\", \"protocol\": \"udp\", \"listen_port\": \"53\","
        "\"target_port\": \"\", \"target_address\": \"10.10.10.6\", \"snat\": false}],"
        "\"location\": \"\"}";

    (void)state;
    world_make(sock);
    create("{\"listen_address\": \"198.18.0.1\", \"description\": \"kept\","
           "\"config\": {\"user.a\": \"1\", \"target_address\": \"10.10.10.5\"},"
           "\"ports\": [{\"protocol\": \"udp\", \"listen_port\": \"53\","
           "\"target_address\": \"10.10.10.6\"}]}");
    assert_int_equal(world_status(sock, "PATCH", LIST "/198.18.0.1",
                                  "{\"config\": {\"user.a\": \"\", \"user.b\": \"2\"}}"),
                     200);
    assert_record(LIST "/198.18.0.1", kept);
    assert_error("PATCH", LIST "/198.18.0.1",
                 "{\"config\": {\"target_address\": \"10.10.10.6\"}, \"description\": \"lost\"}",
                 400,
                 "Failed updating forward: Target address is same as default target address in "
                 "port specification 0");
    assert_record(LIST "/198.18.0.1", kept);
}

static void stale_change_is_refused(void **state)
{
    static const char *const headers[] = {"Content-Type: application/json", "If-Match: \"stale\"",
                                          NULL};
    static const char body[] = "{\"description\": \"lost update\"}";
    const struct http_request request = {.method = "PUT",
                                         .path = LIST "/198.18.0.1",
                                         .headers = headers,
                                         .body = body,
                                         .body_size = sizeof body - 1};
    struct http_answer answer = {0};

    (void)state;
    world_make(sock);
    create("{\"listen_address\": \"198.18.0.1\", \"description\": \"first\"}");
    assert_int_equal(http_send(sock, &request, 60000, &answer), HTTP_ANSWERED);
    assert_int_equal(answer.status, 412);
    http_answer_close(&answer);
    assert_record(LIST "/198.18.0.1", "{\"listen_address\": \"198.18.0.1\", \"description\":"
                                      "\"first\", \"config\": {}, \"ports\": [],"
                                      "\"location\": \"\"}");
}

static void lists_are_in_order_and_any_spelling_finds_the_record(void **state)
{
    static const char *const ordered[] = {"198.18.0.9", "198.18.0.10", "2001:db8:5::a"};
    json_t *links;
    json_t *records;

    (void)state;
    world_make(sock);
    create("{\"listen_address\": \"2001:0DB8:5::000A\"}");
    create("{\"listen_address\": \"198.18.0.10\"}");
    create("{\"listen_address\": \"::ffff:198.18.0.9\"}");
    links = world_get(sock, LIST);
    records = world_get(sock, LIST "?recursion=1");
    assert_int_equal(json_array_size(links), 3);
    assert_int_equal(json_array_size(records), 3);
    for (size_t i = 0; i < 3; i++) {
        char link[128];

        snprintf(link, sizeof link, LIST "/%s", ordered[i]);
        assert_string_equal(json_string_value(json_array_get(links, i)), link);
        assert_string_equal(
            json_string_value(json_object_get(json_array_get(records, i), "listen_address")),
            ordered[i]);
    }
    json_decref(links);
    json_decref(records);
    assert_record(LIST "/2001:DB8:5:0::a",
                  "{\"listen_address\": \"2001:db8:5::a\", \"description\": \"\","
                  "\"config\": {}, \"ports\": [], \"location\": \"\"}");
}

static void wrong_places_are_refused(void **state)
{
    static const struct {
        const char *path;
        const char *body;
        int status;
        const char *error;
    } cases[] = {
        {LIST, "{}", 400, "Failed creating forward: Invalid forward listen address "},
        {LIST, "{\"listen_address\": \"203.0.113.9\"}", 400,
         "Failed creating forward: Uplink network doesn't contain \"203.0.113.9/32\" in its "
         "routes"},
        {LIST, "{\"listen_address\": \"192.0.2.1\"}", 400,
         "Failed creating forward: Requested subnet \"192.0.2.1/32\" would mask the uplink "
         "gateway"},
        {LIST, "{\"listen_address\": \"198.18.0.1\", \"config\": {\"foo\": \"\"}}", 400,
         "Failed creating forward: Invalid option \"foo\""},
        {"/1.0/networks/lonely/forwards", "{\"listen_address\": \"198.18.0.1\"}", 400,
         "Failed creating forward: Isolated OVN network cannot use network forwards"},
        {"/1.0/networks/UPLINK/forwards", "{\"listen_address\": \"198.18.0.1\"}", 400,
         "Network driver \"physical\" does not support forwards"},
        {"/1.0/networks/nope/forwards", "{\"listen_address\": \"198.18.0.1\"}", 404,
         "Failed loading network: Network not found"},
    };

    (void)state;
    world_make(sock);
    assert_int_equal(world_status(sock, "POST", "/1.0/networks",
                                  "{\"name\": \"lonely\", \"type\": \"ovn\", \"config\": {"
                                  "\"network\": \"none\", \"ipv4.address\": \"10.30.0.1/24\","
                                  "\"ipv6.address\": \"none\"}}"),
                     201);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_error("POST", cases[i].path, cases[i].body, cases[i].status, cases[i].error);
    }
}

/* The address of a network on its uplink. */
static char *own_address(const char *network)
{
    json_t *record = world_get(sock, network);
    json_t *config = json_object_get(record, "config");
    char *address =
        strdup(json_string_value(json_object_get(config, "volatile.network.ipv4.address")));

    assert_non_null(address);
    json_decref(record);
    return address;
}

static void a_networks_own_address_has_one_listener(void **state)
{
    char *ours;
    char *theirs;
    char body[128];
    char path[128];
    char expected[256];

    (void)state;
    world_make(sock);
    ours = own_address("/1.0/networks/ovn0");
    theirs = own_address("/1.0/networks/ovn1");
    snprintf(body, sizeof body, "{\"listen_address\": \"%s\"}", theirs);
    snprintf(expected, sizeof expected,
             "Failed creating forward: Forward listen address \"%s\" overlaps with another network "
             "or NIC",
             theirs);
    assert_error("POST", LIST, body, 409, expected);

    snprintf(body, sizeof body, "{\"listen_address\": \"%s\"}", ours);
    create(body);
    snprintf(expected, sizeof expected,
             "Failed creating load balancer: Load balancer listen address \"%s/32\" overlaps with "
             "another network or NIC",
             ours);
    assert_error("POST", "/1.0/networks/ovn0/load-balancers", body, 409, expected);
    /* The address isn't free once the forward is gone: the network has it again. */
    snprintf(path, sizeof path, LIST "/%s", ours);
    assert_int_equal(world_status(sock, "DELETE", path, NULL), 200);
    snprintf(expected, sizeof expected,
             "Failed creating load balancer: Load balancer listen address \"%s\" overlaps with "
             "another network or NIC",
             ours);
    assert_error("POST", "/1.0/networks/ovn1/load-balancers", body, 409, expected);
    assert_int_equal(world_status(sock, "POST", "/1.0/networks/ovn0/load-balancers", body), 201);

    /* Nor when the network gives it up while something listens on it. */
    assert_int_equal(world_status(sock, "PATCH", "/1.0/networks/ovn0",
                                  "{\"config\": {\"volatile.network.ipv4.address\":"
                                  "\"192.0.2.200\"}}"),
                     200);
    snprintf(expected, sizeof expected,
             "Failed creating forward: Forward listen address \"%s/32\" overlaps with another "
             "network or NIC",
             ours);
    assert_error("POST", "/1.0/networks/ovn1/forwards", body, 409, expected);
    snprintf(path, sizeof path, "/1.0/networks/ovn0/load-balancers/%s", ours);
    assert_int_equal(world_status(sock, "DELETE", path, NULL), 200);
    assert_int_equal(world_status(sock, "POST", "/1.0/networks/ovn1/forwards", body), 201);
    free(ours);
    free(theirs);
}

static void a_network_that_has_forwards_stays(void **state)
{
    static const char tombstone[] = "{\"database\": \"global\", \"query\": \"SELECT kind, network, "
                                    "name FROM store_tombstones ORDER BY revision\"}";
    struct http_answer answer = {0};
    json_t *network;
    json_t *used_by;

    (void)state;
    world_make(sock);
    create("{\"listen_address\": \"198.18.0.1\"}");
    network = world_get(sock, "/1.0/networks/ovn0");
    used_by = json_object_get(network, "used_by");
    assert_int_equal(json_array_size(used_by), 1);
    assert_string_equal(json_string_value(json_array_get(used_by, 0)), LIST "/198.18.0.1");
    json_decref(network);
    assert_error("DELETE", "/1.0/networks/ovn0", NULL, 400, "The network is currently in use");
    assert_error("PATCH", "/1.0/networks/ovn0", "{\"config\": {\"network\": \"none\"}}", 400,
                 "The uplink of a network that has forwards can't be changed");
    assert_int_equal(world_status(sock, "DELETE", LIST "/198.18.0.1", NULL), 200);
    assert_int_equal(world_status(sock, "DELETE", "/1.0/networks/ovn0", NULL), 200);

    assert_int_equal(http_call(sock, "POST", "/internal/sql", tombstone, &answer), HTTP_ANSWERED);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.body, "[[\"network-forward\",\"ovn0\",\"198.18.0.1\"],"
                                        "[\"network\",\"ovn0\",\"ovn0\"]]"));
    http_answer_close(&answer);
}

#define TEST(FUNCTION) cmocka_unit_test_setup_teardown(FUNCTION, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(record_is_stored_read_changed_and_deleted),
        TEST(patch_changes_only_what_it_names),
        TEST(stale_change_is_refused),
        TEST(lists_are_in_order_and_any_spelling_finds_the_record),
        TEST(wrong_places_are_refused),
        TEST(a_networks_own_address_has_one_listener),
        TEST(a_network_that_has_forwards_stays),
    };

    return cmocka_run_group_tests_name("forwards", tests, NULL, NULL);
}
