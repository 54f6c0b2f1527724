/* What lbctl prints: formats and columns of lists, single keys, health, SQL,
 * requests as the user words them. */
#include "test/lib/cmocka_all.h"
#include "test/lib/ctl_run.h"
#include "test/lib/fake_incus.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define NETWORK "/1.0/networks/ovn0"
#define LB      NETWORK "/load-balancers/192.0.2.1"

static void start(struct fake_incus *incus)
{
    fake_incus_start(incus);
    fake_incus_add(incus, "default", NETWORK,
                   "{\"name\":\"ovn0\",\"type\":\"ovn\",\"managed\":true,\"status\":\"Created\","
                   "\"description\":\"a|b, \\\"c\\\"\\n\",\"used_by\":[],\"project\":\"default\","
                   "\"config\":{\"user.x\":\"y\\u001bz\"}}");
    fake_incus_add(incus, "default", "/1.0/networks/up",
                   "{\"name\":\"up\",\"type\":\"physical\",\"description\":\" x\",\"config\":{}}");
}

static void stop(struct fake_incus *incus)
{
    ctl_run_end();
    fake_incus_stop(incus);
}

static void lists_have_formats(void **state)
{
    static const struct {
        const char *format;
        const char *printed;
    } cases[] = {
        {"table,noheader", "+------+------------+\n"
                           "| ovn0 | a|b, \"c\"\\n |\n"
                           "+------+------------+\n"
                           "| up   |  x         |\n"
                           "+------+------------+\n"},
        {"compact", "  NAME  DESCRIPTION  \n"
                    "  ovn0  a|b, \"c\"\\n   \n"
                    "  up     x           \n"},
        {"compact,noheader", "  ovn0  a|b, \"c\"\\n  \n"
                             "  up     x          \n"},
        {"markdown", "| NAME | DESCRIPTION |\n"
                     "|---|---|\n"
                     "| ovn0 | a\\|b, \"c\"\\n |\n"
                     "| up |  x |\n"},
        {"csv", "ovn0,\"a|b, \"\"c\"\"\n\"\nup,\" x\"\n"},
        {"csv,header", "NAME,DESCRIPTION\novn0,\"a|b, \"\"c\"\"\n\"\nup,\" x\"\n"},
    };
    struct fake_incus incus = {0};

    (void)state;
    start(&incus);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(lbctl(fake_daemon_socket(incus.daemon), "network", "list", "-c", "nd",
                               "-f", cases[i].format),
                         0);
        assert_string_equal(ctl_printed.out, cases[i].printed);
    }
    stop(&incus);
}

static void columns_are_chosen(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    fake_incus_add(&incus, "default", LB,
                   "{\"listen_address\":\"192.0.2.1\",\"location\":\"n1\",\"ports\":[{},{}]}");
    fake_incus_add(&incus, "-", "/1.0/projects/p",
                   "{\"name\":\"p\",\"description\":\"d\",\"used_by\":[\"x\"],\"config\":{"
                   "\"features.networks\":\"TRUE\",\"features.images\":\"no\","
                   "\"features.networks.zones\":\"1\"}}");
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl(socket, "network", "list", "-c", "e,tn,m46,us", "-f", "csv"), 0);
    assert_string_equal(ctl_printed.out, "default,ovn,ovn0,YES,,,0,CREATED\n"
                                         ",physical,up,NO,,,0,\n");
    assert_int_equal(lbctl(socket, "lb", "list", "ovn0", "--columns", "Lpl", "-f", "csv"), 0);
    assert_string_equal(ctl_printed.out, "n1,2,192.0.2.1\n");
    assert_int_equal(lbctl(socket, "project", "list", "-c", "nipvbwzdu", "-f", "csv"), 0);
    assert_string_equal(ctl_printed.out, "p,NO,NO,NO,NO,YES,YES,d,1\n");
    assert_int_equal(lbctl(socket, "project", "list", "-f", "csv"), 0);
    assert_string_equal(ctl_printed.out, "p,YES,d,1\n");
    stop(&incus);
}

static void single_keys_are_printed_and_unset(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl(socket, "network", "get", "ovn0", "user.x"), 0);
    assert_string_equal(ctl_printed.out, "y\x1bz\n"); /* No terminal: exact. */
    assert_int_equal(lbctl(socket, "network", "get", "ovn0", "user.x", "-f", "json"), 0);
    assert_string_equal(ctl_printed.out, "\"y\\u001Bz\"\n");
    assert_int_equal(lbctl(socket, "network", "get", "ovn0", "user.nope"), 0);
    assert_string_equal(ctl_printed.out, "");
    assert_int_equal(lbctl(socket, "network", "get", "ovn0", "-p", "type"), 0);
    assert_string_equal(ctl_printed.out, "ovn\n");
    assert_int_equal(lbctl(socket, "network", "get", "ovn0", "-p", "nope"), 1);
    assert_string_equal(ctl_printed.err, "Error: The property \"nope\" does not exist\n");
    assert_int_equal(lbctl(socket, "network", "set", "ovn0", "user.y", "a b"), 0);
    assert_int_equal(lbctl(socket, "network", "unset", "ovn0", "user.x", "user.nope"), 0);
    assert_string_equal(fake_daemon_request(incus.daemon, 8),
                        "PUT " NETWORK " {\"description\":\"a|b, \\\"c\\\"\\n\",\"config\":{"
                        "\"user.y\":\"a b\"}}");
    assert_int_equal(lbctl(socket, "network", "unset", "ovn0", "-p", "description"), 0);
    assert_string_equal(fake_daemon_request(incus.daemon, 10),
                        "PUT " NETWORK " {\"description\":\"\",\"config\":{\"user.y\":\"a b\"}}");
    assert_int_equal(lbctl(socket, "network", "unset", "ovn0", "-p", "type"), 2);
    assert_string_equal(ctl_printed.err,
                        "Error: The property \"type\" can't be changed, only description\n");
    stop(&incus);
}

static void projects_take_config_options(void **state)
{
    struct fake_incus incus = {0};

    (void)state;
    start(&incus);
    assert_int_equal(lbctl(fake_daemon_socket(incus.daemon), "project", "create", "p", "-c", "a=1",
                           "--config=b=2", "c=3", "-q"),
                     0);
    assert_string_equal(ctl_printed.out, "");
    assert_string_equal(fake_daemon_request(incus.daemon, 0),
                        "POST /1.0/projects {\"description\":\"\",\"config\":{\"a\":\"1\",\"b\":"
                        "\"2\",\"c\":\"3\"},\"name\":\"p\"}");
    stop(&incus);
}

static void a_network_is_renamed(void **state)
{
    struct fake_incus incus = {0};

    (void)state;
    start(&incus);
    assert_int_equal(lbctl(fake_daemon_socket(incus.daemon), "network", "mv", "ovn0", "ovn9"), 0);
    assert_string_equal(ctl_printed.out, "Network ovn0 renamed to ovn9\n");
    assert_string_equal(fake_daemon_request(incus.daemon, 0),
                        "POST " NETWORK " {\"name\":\"ovn9\"}");
    stop(&incus);
}

static void health_is_printed(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    fake_incus_add(&incus, "default", LB "/state",
                   "{\"backend_health\":{\"b1\":{\"address\":\"10.0.0.1\",\"ports\":[{\"protocol\":"
                   "\"tcp\",\"port\":80,\"status\":\"online\"},{\"protocol\":\"udp\",\"port\":53,"
                   "\"status\":\"off\\u001b\"}]},\"b2\":{\"address\":\"10.0.0.2\",\"ports\":[]}}}");
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl(socket, "lb", "info", "ovn0", "192.0.2.1"), 0);
    assert_string_equal(ctl_printed.out, "Backend health:\n"
                                         "  b1 (10.0.0.1):\n"
                                         "    - tcp/80: online\n"
                                         "    - udp/53: off\\x1b\n"
                                         "\n");
    fake_incus_add(&incus, "default", LB "/state", "{\"backend_health\":null}");
    assert_int_equal(lbctl(socket, "lb", "info", "ovn0", "192.0.2.1"), 1);
    assert_string_equal(ctl_printed.err,
                        "Error: No load-balancer health information available. `lbctl "
                        "load-balancer set ... healthcheck=true` asks for it\n");
    stop(&incus);
}

/* A daemon that gives DATA, the metadata, to every request. */
static void answer_with(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    (void)request;
    answer->body = fake_sync(data);
}

static void sql_prints_results(void **state)
{
    static char one[] = "{\"Results\":[{\"type\":\"select\",\"columns\":[\"id\",\"x\\u001b\"],"
                        "\"rows\":[[1,null],[-2.5,\"a,b\"]],\"rows_affected\":0}]}";
    static char two[] = "{\"Results\":[{\"type\":\"exec\",\"columns\":null,\"rows\":null,"
                        "\"rows_affected\":3},{\"type\":\"select\",\"columns\":[\"n\"],\"rows\":[],"
                        "\"rows_affected\":0}]}";
    static char broken[] =
        "{\"Results\":[{\"type\":\"select\",\"columns\":[\"id\"],\"rows\":[[1,2]]}]}";
    struct fake_daemon *daemon = fake_daemon_start(answer_with, one);

    (void)state;
    assert_int_equal(lbctl_with("SELECT 1;\n", fake_daemon_socket(daemon), "sql", "-"), 0);
    assert_string_equal(fake_daemon_request(daemon, 0),
                        "POST /internal/sql {\"database\":\"global\",\"query\":\"SELECT 1;\\n\"}");
    assert_string_equal(ctl_printed.out, "+------+-------+\n"
                                         "|  id  | x\\x1b |\n"
                                         "+------+-------+\n"
                                         "| 1    | NULL  |\n"
                                         "+------+-------+\n"
                                         "| -2.5 | a,b   |\n"
                                         "+------+-------+\n");
    assert_int_equal(lbctl(fake_daemon_socket(daemon), "sql", "x", "-f", "csv"), 0);
    assert_string_equal(ctl_printed.out, "1,\n-2.5,\"a,b\"\n");
    assert_int_equal(lbctl(fake_daemon_socket(daemon), "sql", "x", "-f", "json"), 0);
    assert_string_equal(
        ctl_printed.out,
        "[{\"type\":\"select\",\"columns\":[\"id\",\"x\\u001B\"],\"rows\":[[1,null],"
        "[-2.5,\"a,b\"]],\"rows_affected\":0}]\n");
    fake_daemon_stop(daemon);

    daemon = fake_daemon_start(answer_with, two);
    assert_int_equal(lbctl(fake_daemon_socket(daemon), "sql", "x"), 0);
    assert_string_equal(ctl_printed.out, "=> Query 0:\n\nRows affected: 3\n\n"
                                         "=> Query 1:\n\n+---+\n| n |\n+---+\n\n");
    fake_daemon_stop(daemon);

    daemon = fake_daemon_start(answer_with, broken);
    assert_int_equal(lbctl(fake_daemon_socket(daemon), "sql", "x"), 1);
    assert_string_equal(ctl_printed.err, "Error: The answer isn't the result of a query\n");
    fake_daemon_stop(daemon);
    ctl_run_end();
}

static void sql_has_a_limit(void **state)
{
    size_t size = 256 * 1024;
    char *text = malloc(size + 2);
    static char none[] = "{\"Results\":[]}";
    struct fake_daemon *daemon = fake_daemon_start(answer_with, none);

    (void)state;
    assert_non_null(text);
    memset(text, ' ', size + 1);
    text[size + 1] = '\0';
    assert_int_equal(lbctl_with(text, fake_daemon_socket(daemon), "sql", "-"), 2);
    assert_string_equal(ctl_printed.err, "Error: Standard input has more than 262144 bytes\n");
    text[size] = '\0';
    assert_int_equal(lbctl_with(text, fake_daemon_socket(daemon), "sql", "-"), 0);
    fake_daemon_stop(daemon);
    free(text);
    ctl_run_end();
}

static void requests_are_sent_as_worded(void **state)
{
    static char answer[] = "{\"a\":[1,\"\\u009b\"]}";
    static char empty[] = "{}";
    struct fake_daemon *daemon = fake_daemon_start(answer_with, answer);

    (void)state;
    assert_int_equal(lbctl(fake_daemon_socket(daemon), "query", "/1.0?x=%20y"), 0);
    assert_string_equal(fake_daemon_request(daemon, 0), "GET /1.0?x=%20y ");
    assert_string_equal(ctl_printed.out,
                        "{\n    \"a\": [\n        1,\n        \"\\u009B\"\n    ]\n}\n");
    assert_int_equal(
        lbctl(fake_daemon_socket(daemon), "query", "-X", "PATCH", "-d", "{\"b\": 1}", "/1.0"), 0);
    assert_string_equal(fake_daemon_request(daemon, 1), "PATCH /1.0 {\"b\": 1}");
    assert_int_equal(lbctl_with("[]", fake_daemon_socket(daemon), "query", "--request=PUT",
                                "--data-file=-", "/1.0"),
                     0);
    assert_string_equal(fake_daemon_request(daemon, 2), "PUT /1.0 []");
    fake_daemon_stop(daemon);
    daemon = fake_daemon_start(answer_with, empty);
    assert_int_equal(lbctl(fake_daemon_socket(daemon), "query", "-X", "DELETE", "/1.0/x"), 0);
    assert_string_equal(ctl_printed.out, "");
    fake_daemon_stop(daemon);
    ctl_run_end();
}

static void refuse(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    (void)data;
    (void)request;
    fake_error(answer, 404, "not there");
}

static void raw_answers_are_whole(void **state)
{
    static char empty[] = "{}";
    struct fake_daemon *daemon = fake_daemon_start(answer_with, empty);

    (void)state;
    assert_int_equal(lbctl(fake_daemon_socket(daemon), "query", "--raw", "--wait", "/1.0"), 0);
    assert_non_null(strstr(ctl_printed.out, "\n    \"type\": \"sync\",\n"));
    assert_non_null(strstr(ctl_printed.out, "\n    \"metadata\": {}\n"));
    assert_string_equal(fake_daemon_request(daemon, 0), "GET /1.0 ");
    fake_daemon_stop(daemon);
    /* A refusal is an answer, too. */
    daemon = fake_daemon_start(refuse, NULL);
    assert_int_equal(lbctl(fake_daemon_socket(daemon), "query", "--raw", "-f", "json", "/1.0/x"),
                     0);
    assert_non_null(strstr(ctl_printed.out, "\"not there\""));
    assert_non_null(strstr(ctl_printed.out, "\"error_code\""));
    assert_string_equal(ctl_printed.err, "");
    assert_int_equal(lbctl(fake_daemon_socket(daemon), "query", "/1.0/x"), 1);
    assert_string_equal(ctl_printed.out, "");
    fake_daemon_stop(daemon);
    ctl_run_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_have_formats),
        cmocka_unit_test(columns_are_chosen),
        cmocka_unit_test(single_keys_are_printed_and_unset),
        cmocka_unit_test(projects_take_config_options),
        cmocka_unit_test(a_network_is_renamed),
        cmocka_unit_test(health_is_printed),
        cmocka_unit_test(sql_prints_results),
        cmocka_unit_test(sql_has_a_limit),
        cmocka_unit_test(requests_are_sent_as_worded),
        cmocka_unit_test(raw_answers_are_whole),
    };

    (void)setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
