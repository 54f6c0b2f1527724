/* lbctl cluster, against a daemon that a table stands in for. */
#include "ctl/ctl.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/ctl_run.h"
#include "test/lib/fake_daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMBER                                                                                     \
    "{\"roles\":[\"database-leader\",\"database\"],\"failure_domain\":\"default\","                \
    "\"description\":\"d\",\"config\":{\"user.a\":\"1\"},\"groups\":[\"default\"],"                \
    "\"server_name\":\"n1\",\"url\":\"https://127.0.0.1:8443\",\"database\":true,"                 \
    "\"status\":\"Online\",\"message\":\"Fully operational\",\"architecture\":\"x86_64\"}"

#define TOKEN                                                                                      \
    "{\"id\":\"u1\",\"class\":\"token\",\"metadata\":{\"addresses\":[\"127.0.0.1:8443\"],"         \
    "\"expiresAt\":\"2026-11-22T22:19:03Z\",\"fingerprint\":\"ff\",\"secret\":\"09\","             \
    "\"serverName\":\"n4\"}}"

static const struct {
    const char *request; /* "METHOD TARGET". */
    const char *metadata;
} answers[] = {
    {"GET /1.0/cluster/members?recursion=1", "[" MEMBER "]"},
    {"GET /1.0/cluster/members/n1", MEMBER},
    {"GET /1.0/cluster/members/n1/state", "{\"sysinfo\":{\"uptime\":5}}"},
    {"GET /internal/cluster/status",
     "{\"members\":[{\"server_name\":\"n1\",\"known\":true,\"silent_ms\":1250,\"lag\":3,"
     "\"clock_skew_ms\":-7}],\"health\":{\"message\":\"Survives 1 more failure.\"}}"},
    {"GET /1.0/operations?project=default&recursion=1", "{\"running\":[" TOKEN "]}"},
    {"POST /1.0/cluster/members", TOKEN},
    {"GET /1.0/cluster/groups?recursion=1",
     "[{\"name\":\"default\",\"description\":\"g\",\"members\":[\"n1\",\"n2\"]}]"},
};

static void answer(void *data, const struct fake_request *request, struct fake_answer *ret_answer)
{
    char line[512];

    (void)data;
    snprintf(line, sizeof line, "%s %s", request->method, request->target);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (strcmp(answers[i].request, line) == 0) {
            ret_answer->body = fake_sync(answers[i].metadata);
            snprintf(ret_answer->etag, sizeof ret_answer->etag, "\"e\"");
            return;
        }
    }
    if (strcmp(request->method, "GET") == 0) {
        fake_error(ret_answer, 404, "not found");
    } else {
        ret_answer->body = fake_sync("{}");
    }
}

static int set_up(void **state)
{
    *state = fake_daemon_start(answer, NULL);
    return 0;
}

static int tear_down(void **state)
{
    ctl_run_end();
    fake_daemon_stop(*state);
    return 0;
}

#define SOCKET (fake_daemon_socket(*state))

static void list_shows_how_members_are(void **state)
{
    assert_int_equal(lbctl(SOCKET, "cluster", "list", "--format", "compact,noheader"), 0);
    assert_string_equal(ctl_printed.out,
                        "  n1  https://127.0.0.1:8443  database-leader, database  x86_64  default"
                        "  d  ONLINE  Fully operational  1.2s  3  -7ms  \n"
                        "Survives 1 more failure.\n");
    assert_int_equal(
        lbctl(SOCKET, "cluster", "list", "--format", "csv,header", "--columns", "nslk"), 0);
    assert_string_equal(ctl_printed.out, "NAME,STATE,LAG,CLOCK SKEW\nn1,ONLINE,3,-7ms\n");
    assert_int_equal(lbctl(SOCKET, "cluster", "list", "--format", "json"), 0);
    assert_non_null(strstr(ctl_printed.out, "\"details\""));
    assert_null(strstr(ctl_printed.out, "Survives"));
    assert_int_equal(lbctl(SOCKET, "cluster", "list", "--columns", "X"), CTL_EXIT_USAGE);
}

static void a_token_is_printed_as_incus_writes_it(void **state)
{
    /* base64 of what the operation says. */
    static const char token[] =
        "eyJzZXJ2ZXJfbmFtZSI6Im40IiwiZmluZ2VycHJpbnQiOiJmZiIsImFkZHJlc3NlcyI6WyIxMjcuMC4wLjE6ODQ0"
        "MyJdLCJzZWNyZXQiOiIwOSIsImV4cGlyZXNfYXQiOiIyMDI2LTExLTIyVDIyOjE5OjAzWiJ9\n";

    assert_int_equal(lbctl(SOCKET, "cluster", "add", "n4", "--quiet"), 0);
    assert_string_equal(ctl_printed.out, token);
    assert_string_equal(fake_daemon_request(*state, 0),
                        "POST /1.0/cluster/members {\"server_name\":\"n4\"}");
    assert_int_equal(lbctl(SOCKET, "cluster", "add", "n4"), 0);
    assert_int_equal(strncmp(ctl_printed.out, "Member n4 join token:\n", 22), 0);
}

static void tokens_are_listed_and_revoked(void **state)
{
    assert_int_equal(lbctl(SOCKET, "cluster", "list-tokens", "--format", "csv"), 0);
    assert_string_equal(ctl_printed.out, "n4,2026-11-22T22:19:03Z\n");
    assert_int_equal(lbctl(SOCKET, "cluster", "token", "list", "--format", "csv"), 0);
    assert_string_equal(ctl_printed.out, "n4,2026-11-22T22:19:03Z\n");
    assert_int_equal(lbctl(SOCKET, "cluster", "revoke-token", "n4"), 0);
    assert_string_equal(fake_daemon_request(*state, 3), "DELETE /1.0/operations/u1 ");
    assert_int_equal(lbctl(SOCKET, "cluster", "token", "revoke", "n5"), CTL_EXIT_REFUSED);
    assert_non_null(strstr(ctl_printed.err, "No active join token for member n5 found"));
}

static void members_are_shown_and_changed(void **state)
{
    assert_int_equal(lbctl(SOCKET, "cluster", "get", "n1", "user.a"), 0);
    assert_string_equal(ctl_printed.out, "1\n");
    assert_int_equal(lbctl(SOCKET, "cluster", "info", "n1"), 0);
    assert_string_equal(ctl_printed.out, "sysinfo:\n  uptime: 5\n");
    assert_int_equal(lbctl(SOCKET, "cluster", "role", "add", "n1", "ovn-chassis,event-hub"), 0);
    assert_string_equal(
        fake_daemon_request(*state, 3),
        "PUT /1.0/cluster/members/n1 "
        "{\"roles\":[\"database-leader\",\"database\",\"ovn-chassis\",\"event-hub\"],"
        "\"failure_domain\":\"default\",\"description\":\"d\",\"config\":{\"user.a\":\"1\"},"
        "\"groups\":[\"default\"]}");
    assert_int_equal(lbctl(SOCKET, "cluster", "role", "remove", "n1", "event-hub"), CTL_EXIT_USAGE);
    assert_int_equal(lbctl(SOCKET, "cluster", "unset", "n1", "user.a"), 0);
    assert_non_null(strstr(fake_daemon_request(*state, 6), "\"config\":{}"));
    assert_int_equal(
        lbctl(SOCKET, "cluster", "set", "n1", "-p", "failure_domain=west", "description=e"), 0);
    assert_non_null(strstr(fake_daemon_request(*state, 8),
                           "\"failure_domain\":\"west\",\"description\":\"e\","
                           "\"config\":{\"user.a\":\"1\"}"));
    assert_int_equal(lbctl(SOCKET, "cluster", "unset", "n1", "--property", "failure_domain"), 0);
    assert_non_null(strstr(fake_daemon_request(*state, 10), "\"failure_domain\":\"\""));
    assert_int_equal(lbctl(SOCKET, "cluster", "set", "n1", "-p", "status=x"), CTL_EXIT_USAGE);
    assert_string_equal(
        ctl_printed.err,
        "Error: The property \"status\" can't be changed, only failure_domain, description\n");
}

static void orders_are_sent(void **state)
{
    static const struct {
        const char *const words[5];
        const char *request;
    } orders[] = {
        {{"enable", "n1", "10.0.0.1"},
         "PUT /1.0/cluster "
         "{\"server_name\":\"n1\",\"enabled\":true,\"server_address\":\"10.0.0.1\"}"},
        {{"rename", "n1", "n9"}, "POST /1.0/cluster/members/n1 {\"server_name\":\"n9\"}"},
        {{"remove", "n1"}, "DELETE /1.0/cluster/members/n1 "},
        {{"remove", "n1", "--force"}, "DELETE /1.0/cluster/members/n1?force=1 "},
        {{"evacuate", "n1"}, "POST /1.0/cluster/members/n1/state {\"action\":\"evacuate\"}"},
        {{"restore", "n1"}, "POST /1.0/cluster/members/n1/state {\"action\":\"restore\"}"},
        {{"transfer"}, "POST /internal/cluster/transfer {\"server_name\":\"\"}"},
        {{"transfer", "n2"}, "POST /internal/cluster/transfer {\"server_name\":\"n2\"}"},
        {{"rotate-key"}, "POST /internal/cluster/rotate-key "},
        {{"move", "10.0.0.2"}, "POST /internal/cluster/move {\"server_address\":\"10.0.0.2\"}"},
        {{"group", "rename", "a", "b"}, "POST /1.0/cluster/groups/a {\"name\":\"b\"}"},
        {{"group", "delete", "a"}, "DELETE /1.0/cluster/groups/a "},
    };

    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        const char *const *w = orders[i].words;

        assert_int_equal(lbctl(SOCKET, "cluster", w[0], w[1], w[2], w[3]), 0);
        assert_string_equal(fake_daemon_request(*state, i), orders[i].request);
    }
}

static void groups_are_listed(void **state)
{
    assert_int_equal(lbctl(SOCKET, "cluster", "group", "list", "--format", "csv"), 0);
    assert_string_equal(ctl_printed.out, "default,g,2\n");
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(list_shows_how_members_are),
        TEST(a_token_is_printed_as_incus_writes_it),
        TEST(tokens_are_listed_and_revoked),
        TEST(members_are_shown_and_changed),
        TEST(orders_are_sent),
        TEST(groups_are_listed),
    };

    return cmocka_run_group_tests_name("lbctl cluster", tests, NULL, NULL);
}
