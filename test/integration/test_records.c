/* Records live, change and die as they are told, and outlive the daemon. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"
#include "test/lib/http_client.h"

#include <stdlib.h>
#include <string.h>

#define LIST "/1.0/networks/ovn0/load-balancers"

static const char *const sock = world_daemon.socket;

static void kill_and_restart(void)
{
    assert_int_equal(daemon_kill(&world_daemon), 0);
    assert_int_equal(daemon_start(&world_daemon), 0);
}

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

static void server_says_what_it_is(void **state)
{
    json_t *server = world_get(sock, "/1.0");
    json_t *extensions = json_object_get(server, "api_extensions");
    bool has_load_balancers = false;
    json_t *extension;
    size_t i;

    (void)state;
    assert_string_equal(json_string_value(json_object_get(server, "api_version")), "1.0");
    assert_string_equal(json_string_value(json_object_get(server, "auth")), "trusted");
    json_array_foreach(extensions, i, extension)
    {
        if (strcmp(json_string_value(extension), "network_load_balancer") == 0) {
            has_load_balancers = true;
        }
    }
    assert_true(has_load_balancers);
    json_decref(server);
}

static void record_is_stored_read_changed_and_deleted(void **state)
{
    static const char create[] =
        "{\"listen_address\": \"198.18.0.1\", \"description\": \"web\","
        "\"config\": {\"user.owner\": \"me\"},"
        "\"backends\": [{\"name\": \"b1\", \"target_address\": \"10.10.10.10\","
        "\"target_port\": \"8080\"}],"
        "\"ports\": [{\"protocol\": \"tcp\", \"listen_port\": \"80\","
        "\"target_backend\": [\"b1\"]}]}";
    static const char created[] =
        "{\"listen_address\": \"198.18.0.1\", \"description\": \"web\", \"location\": \"\","
        "\"config\": {\"user.owner\": \"me\"},"
        "\"backends\": [{\"name\": \"b1\", \"description\": \"\","
        "\"target_address\": \"10.10.10.10\", \"target_port\": \"8080\"}],"
        "\"ports\": [{\"description\": \"\", \"protocol\": \"tcp\", \"listen_port\": \"80\","
        "\"target_backend\": [\"b1\"]}]}";
    static const char changed[] =
        "{\"listen_address\": \"198.18.0.1\", \"description\": \"gone dark\", \"location\": \"\","
        "\"config\": {}, \"backends\": [], \"ports\": []}";
    char *error;

    (void)state;
    world_make(sock);
    assert_int_equal(world_status(sock, "POST", LIST, create), 201);
    assert_record(LIST "/198.18.0.1", created);
    kill_and_restart();
    assert_record(LIST "/198.18.0.1", created);

    assert_int_equal(
        world_status(sock, "PUT", LIST "/198.18.0.1", "{\"description\": \"gone dark\"}"), 200);
    assert_record(LIST "/198.18.0.1", changed);
    kill_and_restart();
    assert_record(LIST "/198.18.0.1", changed);

    assert_int_equal(world_status(sock, "DELETE", LIST "/198.18.0.1", NULL), 200);
    kill_and_restart();
    error = world_error(sock, "GET", LIST "/198.18.0.1", NULL, 404);
    assert_string_equal(error, "Network load balancer not found");
    free(error);
}

static void patch_changes_only_what_it_names(void **state)
{
    static const char create[] = "{\"listen_address\": \"198.18.0.1\", \"description\": \"kept\","
                                 "\"config\": {\"user.a\": \"1\", \"user.b\": \"2\"}}";

    (void)state;
    world_make(sock);
    assert_int_equal(world_status(sock, "POST", LIST, create), 201);
    assert_int_equal(world_status(sock, "PATCH", LIST "/198.18.0.1",
                                  "{\"config\": {\"user.a\": \"\", \"user.c\": \"3\"}}"),
                     200);
    assert_record(LIST "/198.18.0.1",
                  "{\"listen_address\": \"198.18.0.1\", \"description\": \"kept\","
                  "\"config\": {\"user.b\": \"2\", \"user.c\": \"3\"}, \"backends\": [],"
                  "\"ports\": [], \"location\": \"\"}");
}

static void any_spelling_finds_the_record(void **state)
{
    static const char *const spellings[] = {"2001:db8:5::a", "2001:DB8:5:0:0::A",
                                            "2001%3Adb8%3A5%3A%3Aa"};

    (void)state;
    world_make(sock);
    assert_int_equal(
        world_status(sock, "POST", LIST, "{\"listen_address\": \"2001:0DB8:5::000a\"}"), 201);
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        char path[128];

        snprintf(path, sizeof path, LIST "/%s", spellings[i]);
        assert_record(path, "{\"listen_address\": \"2001:db8:5::a\", \"description\": \"\","
                            "\"config\": {}, \"backends\": [], \"ports\": [], \"location\": \"\"}");
    }
    assert_int_equal(world_status(sock, "POST", LIST, "{\"listen_address\": \"2001:db8:5::a\"}"),
                     409);
}

static void bytes_that_are_no_text_are_replaced(void **state)
{
    (void)state;
    world_make(sock);
    assert_int_equal(world_status(sock, "POST", LIST,
                                  "{\"listen_address\": \"198.18.0.1\","
                                  "\"description\": \"a\xff\xfe z\"}"),
                     201);
    assert_record(LIST "/198.18.0.1",
                  "{\"listen_address\": \"198.18.0.1\","
                  "\"description\": \"a\xef\xbf\xbd\xef\xbf\xbd z\","
                  "\"config\": {}, \"backends\": [], \"ports\": [], \"location\": \"\"}");
}

static void lists_are_in_order(void **state)
{
    static const char *const addresses[] = {"2001:db8:5::10", "198.18.0.10", "198.18.0.9",
                                            "2001:db8:5::9", "198.19.0.1"};
    static const char *const ordered[] = {"198.18.0.9", "198.18.0.10", "198.19.0.1",
                                          "2001:db8:5::9", "2001:db8:5::10"};
    json_t *links;
    json_t *records;

    (void)state;
    world_make(sock);
    for (size_t i = 0; i < 5; i++) {
        char body[128];

        snprintf(body, sizeof body, "{\"listen_address\": \"%s\"}", addresses[i]);
        assert_int_equal(world_status(sock, "POST", LIST, body), 201);
    }
    links = world_get(sock, LIST);
    records = world_get(sock, LIST "?recursion=1");
    assert_int_equal(json_array_size(links), 5);
    assert_int_equal(json_array_size(records), 5);
    for (size_t i = 0; i < 5; i++) {
        char link[128];

        snprintf(link, sizeof link, LIST "/%s", ordered[i]);
        assert_string_equal(json_string_value(json_array_get(links, i)), link);
        assert_string_equal(
            json_string_value(json_object_get(json_array_get(records, i), "listen_address")),
            ordered[i]);
    }
    json_decref(links);
    json_decref(records);
}

/* Asked for the port that backends listen on, not the one clients connect to. */
static void state_is_that_of_the_target_port(void **state)
{
    static const char create[] =
        "{\"listen_address\": \"198.18.0.1\", \"config\": {\"healthcheck\": \"true\"},"
        "\"backends\": [{\"name\": \"b1\", \"target_address\": \"10.10.10.10\","
        "\"target_port\": \"8080\"}],"
        "\"ports\": [{\"protocol\": \"tcp\", \"listen_port\": \"80\","
        "\"target_backend\": [\"b1\"]}]}";

    (void)state;
    world_make(sock);
    assert_int_equal(world_status(sock, "POST", LIST, "{\"listen_address\": \"198.18.0.2\"}"), 201);
    assert_record(LIST "/198.18.0.2/state", "{\"backend_health\": null}");
    assert_int_equal(world_status(sock, "POST", LIST, create), 201);
    assert_record(LIST "/198.18.0.1/state",
                  "{\"backend_health\": {\"b1\": {\"address\": \"10.10.10.10\", \"ports\": ["
                  "{\"protocol\": \"tcp\", \"port\": 8080, \"status\": \"unknown\"}]}}}");
}

static void stale_change_is_refused(void **state)
{
    static const char *const stale[] = {"Content-Type: application/json", "If-Match: \"stale\"",
                                        NULL};
    static const char body[] = "{\"description\": \"lost update\"}";
    static const char *const methods[] = {"PUT", "PATCH"};
    char fresh[160];
    const char *headers[] = {"Content-Type: application/json", fresh, NULL};
    struct http_answer answer = {0};
    char *etag;

    (void)state;
    world_make(sock);
    assert_int_equal(world_status(sock, "POST", LIST,
                                  "{\"listen_address\": \"198.18.0.1\","
                                  "\"description\": \"first\"}"),
                     201);
    for (size_t i = 0; i < 2; i++) {
        const struct http_request request = {.method = methods[i],
                                             .path = LIST "/198.18.0.1",
                                             .headers = stale,
                                             .body = body,
                                             .body_size = sizeof body - 1};

        assert_int_equal(http_send(sock, &request, 60000, &answer), HTTP_ANSWERED);
        assert_int_equal(answer.status, 412);
        http_answer_close(&answer);
        assert_int_equal(http_call(sock, "GET", LIST "/198.18.0.1", NULL, &answer), HTTP_ANSWERED);
        assert_non_null(strstr(answer.body, "\"description\":\"first\""));
        http_answer_close(&answer);
    }

    assert_int_equal(http_call(sock, "GET", LIST "/198.18.0.1", NULL, &answer), HTTP_ANSWERED);
    etag = http_answer_header(&answer, "ETag");
    assert_non_null(etag);
    snprintf(fresh, sizeof fresh, "If-Match: %s", etag);
    free(etag);
    http_answer_close(&answer);
    {
        const struct http_request request = {.method = "PUT",
                                             .path = LIST "/198.18.0.1",
                                             .headers = headers,
                                             .body = body,
                                             .body_size = sizeof body - 1};

        assert_int_equal(http_send(sock, &request, 60000, &answer), HTTP_ANSWERED);
        assert_int_equal(answer.status, 200);
        http_answer_close(&answer);
    }
}

/* A project without networks of its own uses those of "default", and what it makes
 * there is named so. */
static void location_names_the_project_that_has_the_network(void **state)
{
    static const char lab[] = "{\"name\": \"lab\", \"config\": {\"features.networks\": \"false\"}}";
    static const char body[] = "{\"listen_address\": \"198.18.0.9\"}";
    struct http_answer answer;
    char *location;

    (void)state;
    world_make(sock);
    assert_int_equal(world_status(sock, "POST", "/1.0/projects", lab), 201);
    assert_int_equal(http_call(sock, "POST", LIST "?project=lab", body, &answer), HTTP_ANSWERED);
    assert_int_equal(answer.status, 201);
    location = http_answer_header(&answer, "Location");
    assert_string_equal(location, LIST "/198.18.0.9");
    free(location);
    http_answer_close(&answer);
    assert_int_equal(world_status(sock, "GET", LIST "/198.18.0.9", NULL), 200);
}

static void assert_lbctl(const char *first, const char *second, const char *third,
                         const char *fourth, const char *expected)
{
    const char *const argv[] = {daemon_lbctl(), "--socket", sock,   first,
                                second,         third,      fourth, NULL};
    char *output = NULL;

    assert_int_equal(daemon_run_program(argv, &output), 0);
    if (strstr(output, expected) == NULL) {
        print_error("%s %s printed %s\n", first, second, output);
    }
    assert_non_null(strstr(output, expected));
    free(output);
}

static void the_client_shows_what_the_daemon_knows_besides_records(void **state)
{
    (void)state;
    world_make(sock);
    assert_int_equal(world_status(sock, "POST", "/1.0/projects", "{\"name\": \"p1\"}"), 201);
    assert_lbctl("project", "rename", "p1", "p2", "Project p1 renamed to p2\n");
    assert_lbctl("project", "info", "p2", NULL, "| CPU              | UNLIMITED | 0     |\n");
    assert_lbctl("network", "info", "ovn0", NULL, "\n  inet\t10.10.10.1/24 (link)\n");
    assert_lbctl("network", "list-leases", "ovn0", NULL, "| 10.10.10.1 ");
    assert_lbctl("network", "list", "ov", "type=ovn", "| ovn0 ");
    assert_lbctl("network", "list", "--format=json", "vn", "[]\n");
    assert_lbctl("network", "list", "--format=json", "network=UPLIN", "[]\n");
    assert_lbctl("network", "list", "ovn0", "network=UPLINK", "| ovn0 ");
    assert_lbctl("project", "list", "p2", "--format=csv", "p2,");
    assert_lbctl("project", "list", "description=", "--format=csv", "p2,");
    assert_lbctl("sql", ".dump", NULL, NULL, "INSERT INTO ");
    assert_lbctl("sql", ".schema", NULL, NULL, "CREATE TABLE ");
    assert_lbctl("sql", ".tables", NULL, NULL, "networks_load_balancers\n");
    assert_lbctl("project", "delete", "p2", NULL, "Project p2 deleted\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_client_shows_what_the_daemon_knows_besides_records,
                                        world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(server_says_what_it_is, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(record_is_stored_read_changed_and_deleted, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(patch_changes_only_what_it_names, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(any_spelling_finds_the_record, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(bytes_that_are_no_text_are_replaced, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(lists_are_in_order, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(state_is_that_of_the_target_port, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(stale_change_is_refused, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(location_names_the_project_that_has_the_network,
                                        world_set_up, world_tear_down),
    };

    return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
