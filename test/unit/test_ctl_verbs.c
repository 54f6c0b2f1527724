/* lbctl's command line and its verbs, against a daemon in memory. */
#include "ctl/ctl.h"
#include "lbstate/lbstate.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/ctl_run.h"
#include "test/lib/fake_incus.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LB      "/1.0/networks/ovn0/load-balancers/192.0.2.1"
#define NOWHERE "/nonexistent/lbstate.socket"

static const char record_text[] =
    "{\"description\":\"d\",\"config\":{\"user.foo\":\"bar\"},\"backends\":[{\"name\":\"b1\","
    "\"description\":\"\",\"target_port\":\"80\",\"target_address\":\"10.10.10.10\"}],\"ports\":"
    "[{\"description\":\"\",\"protocol\":\"tcp\",\"listen_port\":\"80\",\"target_backend\":"
    "[\"b1\"]},{\"description\":\"\",\"protocol\":\"udp\",\"listen_port\":\"53\","
    "\"target_backend\":[]}],\"listen_address\":\"192.0.2.1\",\"location\":\"\"}";

static const char network_text[] =
    "{\"config\":{\"ipv4.address\":\"10.10.10.1/24\"},\"description\":\"\",\"name\":\"ovn0\","
    "\"type\":\"ovn\",\"used_by\":[\"a\",\"b\"],\"managed\":true,\"status\":\"Created\","
    "\"locations\":[\"none\"],\"project\":\"default\"}";

/* A daemon with one network and one load balancer. */
static void start(struct fake_incus *incus)
{
    fake_incus_start(incus);
    fake_incus_add(incus, "default", "/1.0/networks/ovn0", network_text);
    fake_incus_add(incus, "default", LB, record_text);
}

static void stop(struct fake_incus *incus)
{
    ctl_run_end();
    fake_incus_stop(incus);
}

static void assert_body(struct fake_incus *incus, size_t i, const char *expected)
{
    assert_string_equal(fake_daemon_request(incus->daemon, i), expected);
}

static void wrong_usage_sends_nothing(void **state)
{
    static const struct {
        const char *const argv[10];
        const char *message;
    } cases[] = {
        {{"lbctl"}, "A command is missing"},
        {{"lbctl", "nope"}, "Unknown command: nope. See `lbctl --help`"},
        {{"lbctl", "lb", "nope"}, "Unknown command: nope. See `lbctl load-balancer --help`"},
        {{"lbctl", "--nope"}, "Unknown option: --nope. See `lbctl --help`"},
        {{"lbctl", "-x"}, "Unknown option: -x. See `lbctl --help`"},
        {{"lbctl", "network", "list", "--force"},
         "Unknown option: --force. See `lbctl network list --help`"},
        {{"lbctl", "network", "list", "--socket"},
         "This option needs a value: --socket. See `lbctl network list --help`"},
        {{"lbctl", "network", "show", "x", "y"},
         "Too many arguments, starting with y. See `lbctl network show --help`"},
        {{"lbctl", "network", "list", "=x"}, "\"=x\" is no filter: give NAME or key=value"},
        {{"lbctl", "network", "list", "a b=x"}, "\"a b=x\" is no filter: give NAME or key=value"},
        {{"lbctl", "project", "list", "name=\""},
         "\"name=\"\" is no filter: give NAME or key=value"},
        {{"lbctl", "lb", "show", "ovn0"},
         "Arguments are missing, wanted: NETWORK LISTEN_ADDRESS. See `lbctl load-balancer show "
         "--help`"},
        {{"lbctl", "lb", "show", "", "192.0.2.1"}, "A name is empty"},
        {{"lbctl", "lb", "show", "ovn0", "x", "-f", "table"},
         "A single record is shown as yaml or json only"},
        {{"lbctl", "network", "list", "--format", "xml"},
         "--format must be table, compact, csv, markdown, json or yaml (with \",header\" or "
         "\",noheader\" behind it), not \"xml\""},
        {{"lbctl", "network", "list", "--format", "csv,headers"},
         "--format must be table, compact, csv, markdown, json or yaml (with \",header\" or "
         "\",noheader\" behind it), not \"csv,headers\""},
        {{"lbctl", "network", "list", "-c", "nx"},
         "--columns takes 1 to 64 of the letters entm46dus, not \"nx\""},
        {{"lbctl", "network", "list", "-c", ""},
         "--columns takes 1 to 64 of the letters entm46dus, not \"\""},
        {{"lbctl", "network", "list", "-c", "n,,t"},
         "--columns takes 1 to 64 of the letters entm46dus, not \"n,,t\""},
        {{"lbctl", "network", "list", "-c", "n,"},
         "--columns takes 1 to 64 of the letters entm46dus, not \"n,\""},
        {{"lbctl", "project", "create", "p", "-c", "x"}, "\"x\" is no key=value"},
        {{"lbctl", "network", "create", "n", "a", "b"}, "\"a\" is no key=value"},
        {{"lbctl", "query", "x"}, "The path must start with /"},
        {{"lbctl", "query", "/1.0", "-X", "get"},
         "--request must be GET, POST, PUT, PATCH or DELETE, not \"get\""},
        {{"lbctl", "query", "/1.0", "-X", "PUT", "-d", "{"},
         "The data isn't JSON: line 1: string or '}' expected near end of file"},
        {{"lbctl", "query", "/1.0", "-d", "{}", "--data-file", "-"},
         "Give either --data or --data-file"},
        {{"lbctl", "query", "/1.0", "--project", "p"},
         "Write the project into the path: ?project=NAME, not --project"},
        {{"lbctl", "--timeout", "0", "network", "list"},
         "--timeout must be a whole number from 1 to 86400, not \"0\""},
        {{"lbctl", "--timeout", "86401", "network", "list"},
         "--timeout must be a whole number from 1 to 86400, not \"86401\""},
        {{"lbctl", "--timeout", "1s", "network", "list"},
         "--timeout must be a whole number from 1 to 86400, not \"1s\""},
        {{"lbctl", "import", "x", "--connections", "257"},
         "--connections must be a whole number from 1 to 256, not \"257\""},
        {{"lbctl", "import", "x", "--connections", "18446744073709551617"},
         "--connections must be a whole number from 1 to 256, not \"18446744073709551617\""},
        {{"lbctl", "network", "create", "n", "key"}, "\"key\" is no key=value"},
        {{"lbctl", "network", "create", "n", "=v"}, "\"=v\" is no key=value"},
        {{"lbctl", "network", "create", "\xff"}, "Argument 3 isn't valid UTF-8"},
        {{"lbctl", "network", "list", "--project", ""}, "The name of the project is empty"},
        {{"lbctl", "network", "list", "--project", "p", "--all-projects"},
         "Give either --project or --all-projects"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char expected[400];
        char *line;

        assert_int_equal(setenv("LBSTATE_SOCKET", NOWHERE, 1), 0);
        assert_int_equal(ctl_run(NULL, cases[i].argv), 2);
        snprintf(expected, sizeof expected, "Error: %s\n", cases[i].message);
        line = strstr(ctl_printed.err, "Error: ");
        assert_non_null(line);
        assert_string_equal(line, expected);
        assert_string_equal(ctl_printed.out, "");
    }
    ctl_run_end();
}

static void help_goes_to_standard_output(void **state)
{
    (void)state;
    assert_int_equal(lbctl(NOWHERE, "--help"), 0);
    assert_non_null(strstr(ctl_printed.out, "Exit codes:\n  0  it was done\n"));
    assert_int_equal(lbctl(NOWHERE, "lb", "port", "remove", "-h"), 0);
    assert_non_null(strstr(ctl_printed.out, "Usage: lbctl load-balancer port remove NETWORK "
                                            "LISTEN_ADDRESS [PROTOCOL [LISTEN_PORT]] [OPTIONS]\n"));
    assert_non_null(strstr(ctl_printed.out, "  -f, --force "));
    assert_non_null(strstr(ctl_printed.out, "      --format FORMAT"));
    assert_string_equal(ctl_printed.err, "");
    ctl_run_end();
}

static void exit_codes_tell_what_happened(void **state)
{
    struct fake_incus incus = {0};

    (void)state;
    assert_int_equal(lbctl(NOWHERE, "network", "list"), 3);
    assert_string_equal(ctl_printed.err,
                        "Error: Can't reach lbstated on " NOWHERE
                        ": No such file or directory. Is it running? Start it with `systemctl "
                        "start lbstated`, or name its socket with --socket\n");
    start(&incus);
    assert_int_equal(lbctl(fake_daemon_socket(incus.daemon), "lb", "show", "ovn0", "x"), 1);
    assert_string_equal(ctl_printed.err,
                        "Error: Network load balancer not found. `lbctl load-balancer "
                        "list ovn0` shows those there are\n");
    stop(&incus);

    incus = (struct fake_incus){.hold = 2};
    start(&incus);
    assert_int_equal(lbctl(fake_daemon_socket(incus.daemon), "lb", "create", "ovn0", "192.0.2.9",
                           "--timeout", "1"),
                     4);
    assert_string_equal(ctl_printed.err,
                        "Error: Whether the change was made is unknown: no answer in time. Look at "
                        "the record before you repeat the command\n");
    stop(&incus);
}

static void output_that_is_lost_is_an_error(void **state)
{
    struct fake_incus incus = {0};
    FILE *full = fopen("/dev/full", "w");
    char *argv[5] = {"lbctl", "--socket", NULL, "version", NULL};
    char *text = NULL;
    size_t size;
    FILE *err = open_memstream(&text, &size);

    (void)state;
    assert_non_null(full);
    assert_non_null(err);
    start(&incus);
    argv[2] = (char *)(size_t)fake_daemon_socket(incus.daemon);
    assert_int_equal(ctl_main(4, argv, stdin, full, err), CTL_EXIT_REFUSED);
    fclose(full);
    fclose(err);
    assert_string_equal(text, "Error: Can't write the output: No space left on device\n");
    free(text);
    assert_int_equal(lbctl(fake_daemon_socket(incus.daemon), "version"), 0);
    assert_string_equal(ctl_printed.out, "Client version: 0.1.0\nServer version: \"9.9\"\n");
    stop(&incus);
}

static void lists_and_records_are_shown(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl(socket, "net", "list"), 0);
    assert_string_equal(
        ctl_printed.out,
        "+------+------+---------+---------------+------+-------------+---------+---------+\n"
        "| NAME | TYPE | MANAGED |     IPV4      | IPV6 | DESCRIPTION | USED BY |  STATE  |\n"
        "+------+------+---------+---------------+------+-------------+---------+---------+\n"
        "| ovn0 | ovn  | YES     | 10.10.10.1/24 |      |             | 2       | CREATED |\n"
        "+------+------+---------+---------------+------+-------------+---------+---------+\n");
    assert_int_equal(lbctl(socket, "network", "list", "--all-projects"), 0);
    assert_body(&incus, 1, "GET /1.0/networks?recursion=1&all-projects=true ");
    assert_non_null(strstr(ctl_printed.out, "| default | ovn0 | ovn "));
    assert_int_equal(lbctl(socket, "lb", "list", "ovn0"), 0);
    assert_string_equal(ctl_printed.out, "+----------------+-------------+-------+\n"
                                         "| LISTEN ADDRESS | DESCRIPTION | PORTS |\n"
                                         "+----------------+-------------+-------+\n"
                                         "| 192.0.2.1      | d           | 2     |\n"
                                         "+----------------+-------------+-------+\n");
    assert_int_equal(lbctl(socket, "lb", "list", "ovn0", "-f", "json"), 0);
    assert_int_equal(ctl_printed.out[0], '[');
    assert_memory_equal(ctl_printed.out + 1, record_text, strlen(record_text));
    assert_int_equal(lbctl(socket, "lb", "show", "ovn0", "192.0.2.1", "--format=json"), 0);
    assert_memory_equal(ctl_printed.out, record_text, strlen(record_text));
    assert_int_equal(lbctl(socket, "network", "show", "ovn0"), 0);
    assert_string_equal(ctl_printed.out, "config:\n"
                                         "  ipv4.address: 10.10.10.1/24\n"
                                         "description: \"\"\n"
                                         "name: ovn0\n"
                                         "type: ovn\n"
                                         "used_by:\n"
                                         "- a\n"
                                         "- b\n"
                                         "managed: true\n"
                                         "status: Created\n"
                                         "locations:\n"
                                         "- none\n"
                                         "project: default\n");
    assert_int_equal(lbctl(socket, "--project", "p x", "lb", "list", "a/b"), 0);
    assert_body(&incus, 6, "GET /1.0/networks/a%2Fb/load-balancers?recursion=1&project=p%20x ");
    stop(&incus);
}

static void json_does_not_act_on_a_terminal(void **state)
{
    struct fake_incus incus = {0};

    (void)state;
    start(&incus);
    fake_incus_add(
        &incus, "-", "/1.0/projects/p",
        "{\"name\":\"p\",\"description\":\"\xc2\x9b\xe2\x80\xae\\u001b\xf3\xbf\xbf\xbe\"}");
    assert_int_equal(
        lbctl(fake_daemon_socket(incus.daemon), "project", "show", "p", "--format", "json"), 0);
    assert_string_equal(ctl_printed.out, "{\"name\":\"p\",\"description\":\"\\u009B\\u202E\\u001B"
                                         "\\uDBBF\\uDFFE\"}\n");
    stop(&incus);
}

static void records_are_created_and_deleted(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl(socket, "project", "create", "p1", "features.networks=true"), 0);
    assert_string_equal(ctl_printed.out, "Project p1 created\n");
    assert_int_equal(lbctl(socket, "network", "create", "ovn1", "--type=ovn", "network=UPLINK",
                           "user.x=a=b", "--description", "de"),
                     0);
    assert_string_equal(ctl_printed.out, "Network ovn1 created\n");
    assert_int_equal(
        lbctl(socket, "lb", "create", "ovn1", "192.0.2.7", "--description=x", "healthcheck=true"),
        0);
    assert_string_equal(ctl_printed.out, "Network load balancer 192.0.2.7 created\n");
    assert_int_equal(lbctl(socket, "lb", "create", "ovn1", "192.0.2.7"), 1);
    assert_string_equal(ctl_printed.err,
                        "Error: It already exists. The commands set and edit change "
                        "what exists\n");
    assert_int_equal(lbctl(socket, "lb", "delete", "ovn1", "192.0.2.7"), 0);
    assert_string_equal(ctl_printed.out, "Network load balancer 192.0.2.7 deleted\n");
    assert_int_equal(lbctl(socket, "network", "delete", "ovn1"), 0);
    assert_string_equal(ctl_printed.out, "Network ovn1 deleted\n");
    assert_int_equal(lbctl(socket, "project", "rm", "p1"), 0);
    assert_string_equal(ctl_printed.out, "Project p1 deleted\n");
    assert_body(&incus, 0,
                "POST /1.0/projects {\"description\":\"\",\"config\":{\"features.networks\":"
                "\"true\"},\"name\":\"p1\"}");
    assert_body(&incus, 1,
                "POST /1.0/networks {\"description\":\"de\",\"config\":{\"network\":\"UPLINK\","
                "\"user.x\":\"a=b\"},\"name\":\"ovn1\",\"type\":\"ovn\"}");
    assert_body(&incus, 2,
                "POST /1.0/networks/ovn1/load-balancers {\"description\":\"x\",\"config\":{"
                "\"healthcheck\":\"true\"},\"backends\":[],\"ports\":[],\"listen_address\":"
                "\"192.0.2.7\"}");
    assert_int_equal(fake_incus_n_records(&incus), 2);
    stop(&incus);
}

static void set_changes_keys_and_properties(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl(socket, "lb", "set", "ovn0", "192.0.2.1", "user.foo=", "user.x=y z"), 0);
    assert_string_equal(ctl_printed.out, "");
    assert_int_equal(lbctl(socket, "lb", "set", "ovn0", "192.0.2.1", "-p", "description="), 0);
    assert_body(&incus, 3,
                "PUT " LB " {\"description\":\"\",\"config\":{\"user.x\":\"y z\"},\"backends\":[{"
                "\"name\":\"b1\",\"description\":\"\",\"target_port\":\"80\",\"target_address\":"
                "\"10.10.10.10\"}],\"ports\":[{\"description\":\"\",\"protocol\":\"tcp\","
                "\"listen_port\":\"80\",\"target_backend\":[\"b1\"]},{\"description\":\"\","
                "\"protocol\":\"udp\",\"listen_port\":\"53\",\"target_backend\":[]}]}");
    assert_int_equal(lbctl(socket, "network", "set", "ovn0", "user.a=b"), 0);
    assert_body(&incus, 5,
                "PUT /1.0/networks/ovn0 {\"description\":\"\",\"config\":{\"ipv4.address\":"
                "\"10.10.10.1/24\",\"user.a\":\"b\"}}");
    assert_int_equal(lbctl(socket, "lb", "set", "ovn0", "192.0.2.1", "-p", "ports=x"), 2);
    assert_string_equal(ctl_printed.err,
                        "Error: The property \"ports\" can't be changed, only description\n");
    assert_int_equal(lbctl(socket, "lb", "set", "ovn0", "192.0.2.1", "-p", "ports"), 2);
    fake_incus_add(&incus, "default", "/1.0/networks/lo", "{\"managed\":false}");
    assert_int_equal(lbctl(socket, "network", "set", "lo", "a=b"), 1);
    assert_string_equal(ctl_printed.err, "Error: Only managed networks can be modified\n");
    stop(&incus);
}

static void pairs_have_a_limit(void **state)
{
    const char *argv[1100] = {"lbctl", "--socket", NOWHERE, "network", "create", "n"};
    size_t first = 6;

    (void)state;
    for (size_t i = 0; i < 1000; i++) {
        argv[first + i] = "k=v";
    }
    assert_int_equal(ctl_run(NULL, argv), 3);
    argv[first + 1000] = "k=v";
    assert_int_equal(ctl_run(NULL, argv), 2);
    assert_string_equal(ctl_printed.err, "Error: More than 1000 key=value pairs\n");
    ctl_run_end();
}

static void a_body_over_the_limit_is_not_sent(void **state)
{
    struct fake_incus incus = {0};
    char *value = malloc(LBSTATE_BODY_SIZE_MAX + 3);

    (void)state;
    assert_non_null(value);
    memset(value, 'x', LBSTATE_BODY_SIZE_MAX + 2);
    memcpy(value, "k=", 2);
    value[LBSTATE_BODY_SIZE_MAX + 2] = '\0';
    start(&incus);
    assert_int_equal(lbctl(fake_daemon_socket(incus.daemon), "network", "create", "n", value), 1);
    assert_string_equal(ctl_printed.err,
                        "Error: The request is larger than the 1048576 bytes that the daemon "
                        "takes\n");
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 0);
    stop(&incus);
    free(value);
}

/* A change that others overtook is computed anew from what they left. */
static void a_change_is_tried_twice(void **state)
{
    struct fake_incus incus = {.n_interferences = 1};
    char *record;

    (void)state;
    start(&incus);
    assert_int_equal(
        lbctl(fake_daemon_socket(incus.daemon), "lb", "set", "ovn0", "192.0.2.1", "user.x=y"), 0);
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 4);
    record = fake_incus_record(&incus, "default", LB);
    assert_non_null(strstr(record, "\"description\":\"somebody else's\""));
    assert_non_null(strstr(record, "\"user.x\":\"y\""));
    free(record);
    stop(&incus);

    incus = (struct fake_incus){.n_interferences = 2};
    start(&incus);
    assert_int_equal(
        lbctl(fake_daemon_socket(incus.daemon), "lb", "set", "ovn0", "192.0.2.1", "user.x=y"), 1);
    assert_string_equal(ctl_printed.err, "Error: Others keep changing this record, nothing was "
                                         "changed here. Try again\n");
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 4);
    stop(&incus);
}

static void backends_and_ports_are_edited(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;
    char *record;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl(socket, "lb", "backend", "add", "ovn0", "192.0.2.1", "b2", "10.10.10.3",
                           "80,81-82", "--description", "x"),
                     0);
    assert_int_equal(lbctl(socket, "lb", "backend", "add", "ovn0", "192.0.2.1", "b3", "10.10.10.4"),
                     0);
    assert_int_equal(lbctl(socket, "lb", "backend", "remove", "ovn0", "192.0.2.1", "b1"), 0);
    assert_int_equal(lbctl(socket, "lb", "backend", "remove", "ovn0", "192.0.2.1", "b1"), 1);
    assert_string_equal(ctl_printed.err, "Error: No matching backend found\n");
    assert_int_equal(
        lbctl(socket, "lb", "port", "add", "ovn0", "192.0.2.1", "tcp", "443,444", "b2,b3"), 0);
    assert_int_equal(lbctl(socket, "lb", "port", "remove", "ovn0", "192.0.2.1", "udp", "54"), 1);
    assert_string_equal(ctl_printed.err, "Error: No matching port(s) found\n");
    assert_int_equal(lbctl(socket, "lb", "port", "remove", "ovn0", "192.0.2.1", "tcp"), 1);
    assert_string_equal(ctl_printed.err,
                        "Error: Multiple ports match. Use --force to remove them all\n");
    assert_int_equal(lbctl(socket, "lb", "port", "remove", "ovn0", "192.0.2.1", "udp", "53"), 0);
    record = fake_incus_record(&incus, "default", LB);
    assert_non_null(strstr(
        record, "\"backends\":[{\"description\":\"x\",\"name\":\"b2\",\"target_address\":"
                "\"10.10.10.3\",\"target_port\":\"80,81-82\"},{\"description\":\"\",\"name\":"
                "\"b3\",\"target_address\":\"10.10.10.4\",\"target_port\":\"\"}]"));
    assert_non_null(strstr(
        record, "\"ports\":[{\"description\":\"\",\"listen_port\":\"80\",\"protocol\":\"tcp\","
                "\"target_backend\":[\"b1\"]},{\"description\":\"\",\"listen_port\":\"443,444\","
                "\"protocol\":\"tcp\",\"target_backend\":[\"b2\",\"b3\"]}]"));
    free(record);
    assert_int_equal(lbctl(socket, "lb", "port", "remove", "ovn0", "192.0.2.1", "--force"), 0);
    record = fake_incus_record(&incus, "default", LB);
    assert_non_null(strstr(record, "\"ports\":[]"));
    free(record);
    stop(&incus);
}

#define FORWARD "/1.0/networks/ovn0/forwards/192.0.2.9"

static void forwards_have_the_same_verbs(void **state)
{
    static const char forward_text[] =
        "{\"description\":\"f\",\"config\":{\"target_address\":\"10.10.10.5\"},\"ports\":[{"
        "\"description\":\"\",\"protocol\":\"udp\",\"listen_port\":\"53\",\"target_port\":\"\","
        "\"target_address\":\"10.10.10.6\",\"snat\":false}],\"listen_address\":\"192.0.2.9\","
        "\"location\":\"\"}";
    struct fake_incus incus = {0};
    const char *socket;
    char *record;

    (void)state;
    start(&incus);
    fake_incus_add(&incus, "default", FORWARD, forward_text);
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl(socket, "network", "forward", "list", "ovn0"), 0);
    assert_string_equal(ctl_printed.out,
                        "+----------------+-------------+------------------------+-------+\n"
                        "| LISTEN ADDRESS | DESCRIPTION | DEFAULT TARGET ADDRESS | PORTS |\n"
                        "+----------------+-------------+------------------------+-------+\n"
                        "| 192.0.2.9      | f           | 10.10.10.5             | 1     |\n"
                        "+----------------+-------------+------------------------+-------+\n");
    assert_int_equal(lbctl(socket, "net", "fwd", "show", "ovn0", "192.0.2.9"), 0);
    assert_non_null(strstr(ctl_printed.out, "  target_address: 10.10.10.5\n"));
    assert_int_equal(
        lbctl(socket, "network", "forward", "create", "ovn0", "192.0.2.8", "target_address=x"), 0);
    assert_string_equal(ctl_printed.out, "Network forward 192.0.2.8 created\n");
    assert_body(&incus, 2,
                "POST /1.0/networks/ovn0/forwards {\"description\":\"\",\"config\":{"
                "\"target_address\":\"x\"},\"ports\":[],\"listen_address\":\"192.0.2.8\"}");
    assert_int_equal(lbctl(socket, "network", "forward", "set", "ovn0", "192.0.2.9", "user.a=b",
                           "target_address="),
                     0);
    assert_int_equal(lbctl(socket, "network", "forward", "port", "add", "ovn0", "192.0.2.9", "tcp",
                           "80-81", "10.10.10.7", "8080", "--description", "x"),
                     0);
    assert_int_equal(lbctl(socket, "network", "fwd", "port", "add", "ovn0", "192.0.2.9", "tcp",
                           "82", "10.0.0.1"),
                     0);
    assert_int_equal(lbctl(socket, "network", "fwd", "port", "rm", "ovn0", "192.0.2.9", "tcp"), 1);
    assert_string_equal(ctl_printed.err,
                        "Error: Multiple ports match. Use --force to remove them all\n");
    assert_int_equal(lbctl(socket, "network", "fwd", "port", "rm", "ovn0", "192.0.2.9", "udp"), 0);
    record = fake_incus_record(&incus, "default", FORWARD);
    assert_string_equal(
        record, "{\"config\":{\"user.a\":\"b\"},\"description\":\"f\",\"listen_address\":"
                "\"192.0.2.9\",\"location\":\"\",\"ports\":[{\"description\":\"x\",\"listen_port\":"
                "\"80-81\",\"protocol\":\"tcp\",\"target_address\":\"10.10.10.7\",\"target_port\":"
                "\"8080\"},{\"description\":\"\",\"listen_port\":\"82\",\"protocol\":\"tcp\","
                "\"target_address\":\"10.0.0.1\",\"target_port\":\"\"}]}");
    free(record);
    assert_int_equal(lbctl(socket, "network", "forward", "delete", "ovn0", "192.0.2.9"), 0);
    assert_string_equal(ctl_printed.out, "Network forward 192.0.2.9 deleted\n");
    assert_null(fake_incus_record(&incus, "default", FORWARD));
    stop(&incus);
}

static void a_project_is_renamed(void **state)
{
    struct fake_incus incus = {0};

    (void)state;
    start(&incus);
    assert_int_equal(lbctl(fake_daemon_socket(incus.daemon), "project", "rename", "a b", "c"), 0);
    assert_string_equal(ctl_printed.out, "Project a b renamed to c\n");
    assert_body(&incus, 0, "POST /1.0/projects/a%20b {\"name\":\"c\"}");
    stop(&incus);
}

static void the_database_is_dumped(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    fake_incus_add(&incus, "default", "/internal/sql", "{\"text\":\"one;\\n\\ttwo\\u001b;\\n\"}");
    assert_int_equal(lbctl(socket, "sql", ".dump"), 0);
    assert_string_equal(ctl_printed.out, "one;\n\ttwo\x1b;\n");
    assert_body(&incus, 0, "GET /internal/sql?database=global ");
    assert_int_equal(lbctl(socket, "sql", ".schema", "--format", "json"), 0);
    assert_string_equal(ctl_printed.out, "{\"text\":\"one;\\n\\ttwo\\u001B;\\n\"}\n");
    assert_body(&incus, 1, "GET /internal/sql?database=global&dump=1 ");
    fake_incus_add(&incus, "default", "/internal/sql", "{\"text\":null}");
    assert_int_equal(lbctl(socket, "sql", ".tables"), 1);
    assert_string_equal(ctl_printed.err, "Error: The answer isn't a dump\n");
    assert_body(&incus, 2, "GET /internal/sql?database=global&dump=2 ");
    stop(&incus);
}

static void states_are_shown_for_people(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    fake_incus_add(&incus, "default", "/1.0/networks/ovn0/state",
                   "{\"addresses\":[{\"family\":\"inet\",\"address\":\"10.10.10.1\",\"netmask\":"
                   "\"24\",\"scope\":\"link\"}],\"counters\":null,\"hwaddr\":\"\",\"mtu\":1442,"
                   "\"state\":\"up\",\"type\":\"broadcast\",\"ovn\":{\"chassis\":\"\","
                   "\"uplink_ipv4\":\"192.0.2.200\"}}");
    assert_int_equal(lbctl(socket, "network", "info", "ovn0"), 0);
    assert_string_equal(ctl_printed.out, "Name: ovn0\n"
                                         "MTU: 1442\n"
                                         "State: up\n"
                                         "Type: broadcast\n"
                                         "\n"
                                         "IP addresses:\n"
                                         "  inet\t10.10.10.1/24 (link)\n"
                                         "\n"
                                         "OVN:\n"
                                         "  IPv4 uplink address: 192.0.2.200\n");
    assert_int_equal(lbctl(socket, "network", "info", "ovn0", "-f", "csv"), 2);
    fake_incus_add(&incus, "-", "/1.0/projects/p/state",
                   "{\"resources\":{\"cpu\":{\"Limit\":-1,\"Usage\":0},\"disk.pool\":{\"Limit\":"
                   "1023,\"Usage\":1024},\"memory\":{\"Limit\":1610612736,\"Usage\":0},"
                   "\"networks\":{\"Limit\":5000,\"Usage\":2}}}");
    assert_int_equal(lbctl(socket, "project", "info", "p", "--format", "csv"), 0);
    assert_string_equal(ctl_printed.out, "CPU,UNLIMITED,0\n"
                                         "DISK (POOL),1023B,1.00KiB\n"
                                         "MEMORY,1.50GiB,0B\n"
                                         "NETWORKS,5000,2\n");
    assert_int_equal(lbctl(socket, "project", "info", "p", "--format", "yaml"), 0);
    assert_non_null(strstr(ctl_printed.out, "    Limit: 5000\n"));
    stop(&incus);
}

static void answer_leases(void *data, const struct fake_request *request,
                          struct fake_answer *answer)
{
    (void)data;
    (void)request;
    answer->body = fake_sync("[{\"hostname\":\"ovn0.gw\",\"hwaddr\":\"\",\"address\":"
                             "\"10.10.10.1\",\"type\":\"gateway\",\"location\":\"\"}]");
}

static void leases_are_listed(void **state)
{
    struct fake_daemon *daemon = fake_daemon_start(answer_leases, NULL);
    const char *socket = fake_daemon_socket(daemon);

    (void)state;
    assert_int_equal(lbctl(socket, "network", "list-leases", "ovn0", "-f", "csv"), 0);
    assert_string_equal(ctl_printed.out, "ovn0.gw,,10.10.10.1,GATEWAY\n");
    assert_string_equal(fake_daemon_request(daemon, 0), "GET /1.0/networks/ovn0/leases ");
    assert_int_equal(lbctl(socket, "network", "list-leases", "ovn0", "-c", "x"), 2);
    assert_int_equal(fake_daemon_n_requests(daemon), 1);
    ctl_run_end();
    fake_daemon_stop(daemon);
}

static void one_that_fails_does_not_keep_the_others(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    fake_incus_add(&incus, "default", "/1.0/networks/ovn1", "{}");
    fake_incus_add(&incus, "default", "/1.0/networks/ovn2", "{}");
    assert_int_equal(lbctl(socket, "network", "delete", "ovn1", ""), 2);
    assert_string_equal(ctl_printed.err, "Error: A name is empty\n");
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 0);
    assert_int_equal(lbctl(socket, "network", "delete", "gone", "ovn1", "away", "ovn2"), 1);
    assert_string_equal(ctl_printed.out, "Network ovn1 deleted\nNetwork ovn2 deleted\n");
    assert_non_null(strstr(ctl_printed.err, "Error: gone: Network load balancer not found"));
    assert_non_null(strstr(ctl_printed.err, "\nError: away: Network load balancer not found"));
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 4);
    assert_int_equal(fake_incus_n_records(&incus), 2);
    stop(&incus);
}

static void listeners_are_deleted_together(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    fake_incus_add(&incus, "default", "/1.0/networks/ovn0/load-balancers/192.0.2.2", "{}");
    fake_incus_add(&incus, "default", "/1.0/networks/ovn0/forwards/192.0.2.3", "{}");
    fake_incus_add(&incus, "default", "/1.0/networks/ovn0/forwards/192.0.2.4", "{}");
    assert_int_equal(lbctl(socket, "lb", "delete", "ovn0", "192.0.2.1", "192.0.2.2"), 0);
    assert_string_equal(ctl_printed.out, "Network load balancer 192.0.2.1 deleted\n"
                                         "Network load balancer 192.0.2.2 deleted\n");
    assert_int_equal(lbctl(socket, "net", "fwd", "rm", "ovn0", "192.0.2.3", "192.0.2.4", "-q"), 0);
    assert_string_equal(ctl_printed.out, "");
    assert_int_equal(fake_incus_n_records(&incus), 1);
    stop(&incus);
}

/* The exit code is the highest; what a daemon that is gone makes hopeless isn't
 * tried. */
static void the_worst_of_several_is_told(void **state)
{
    struct fake_incus incus = {.vanish_after = 2};
    const char *socket;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(
        lbctl(socket, "lb", "delete", "ovn0", "192.0.2.9", "192.0.2.1", "192.0.2.2", "192.0.2.3"),
        4);
    assert_non_null(strstr(ctl_printed.err, "Error: 192.0.2.9: Network load balancer not found."));
    assert_non_null(strstr(ctl_printed.err, "Error: 192.0.2.1: Whether the change was made is "));
    assert_non_null(strstr(ctl_printed.err, "Error: 192.0.2.2: Can't reach lbstated on "));
    assert_non_null(strstr(ctl_printed.err, "Error: 192.0.2.3: Not tried"));
    assert_string_equal(ctl_printed.out, "");
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 2);
    stop(&incus);
}

static void a_target_goes_with_every_request(void **state)
{
    static const char *const verbs[][10] = {
        {"network", "create", "n1"},
        {"network", "get", "ovn0", "a"},
        {"network", "info", "ovn0"},
        {"network", "set", "ovn0", "a=b"},
        {"network", "show", "ovn0"},
        {"network", "unset", "ovn0", "a"},
        {"lb", "create", "ovn0", "192.0.2.2"},
        {"lb", "edit", "ovn0", "192.0.2.1"},
        {"lb", "get", "ovn0", "192.0.2.1", "a"},
        {"lb", "set", "ovn0", "192.0.2.1", "a=b"},
        {"lb", "show", "ovn0", "192.0.2.1"},
        {"lb", "unset", "ovn0", "192.0.2.1", "a"},
        {"lb", "backend", "add", "ovn0", "192.0.2.1", "b9", "10.0.0.1"},
        {"lb", "backend", "remove", "ovn0", "192.0.2.1", "b9"},
        {"lb", "port", "add", "ovn0", "192.0.2.1", "tcp", "80", "b"},
        {"lb", "port", "remove", "ovn0", "192.0.2.1", "tcp"},
        {"lb", "delete", "ovn0", "192.0.2.1"},
        {"network", "forward", "create", "ovn0", "192.0.2.2"},
        {"network", "forward", "edit", "ovn0", "192.0.2.1"},
        {"network", "forward", "get", "ovn0", "192.0.2.1", "a"},
        {"network", "forward", "set", "ovn0", "192.0.2.1", "a=b"},
        {"network", "forward", "show", "ovn0", "192.0.2.1"},
        {"network", "forward", "unset", "ovn0", "192.0.2.1", "a"},
        {"network", "forward", "port", "add", "ovn0", "192.0.2.1", "tcp", "80", "10.0.0.1"},
        {"network", "forward", "port", "remove", "ovn0", "192.0.2.1", "tcp"},
        {"network", "forward", "delete", "ovn0", "192.0.2.1"},
    };
    struct fake_incus incus = {0};

    (void)state;
    start(&incus);
    fake_incus_add(&incus, "default", "/1.0/networks/ovn0/state", "{}");
    fake_incus_add(&incus, "default", "/1.0/networks/ovn0/forwards/192.0.2.1", "{}");
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        const char *argv[16] = {"lbctl", "--socket", fake_daemon_socket(incus.daemon)};
        size_t n_before = fake_daemon_n_requests(incus.daemon);
        size_t n = 3;

        for (const char *const *word = verbs[i]; *word != NULL; word++) {
            argv[n++] = *word;
        }
        argv[n] = "--target=n 2";
        /* What edit and create read. */
        if (ctl_run("{}", argv) != 0) {
            fail_msg("%s %s %s: %s", argv[3], argv[4], argv[5], ctl_printed.err);
        }
        assert_true(fake_daemon_n_requests(incus.daemon) > n_before);
        for (size_t j = n_before; j < fake_daemon_n_requests(incus.daemon); j++) {
            assert_non_null(strstr(fake_daemon_request(incus.daemon, j), "?target=n%202 "));
        }
    }
    assert_int_equal(
        lbctl(fake_daemon_socket(incus.daemon), "lb", "show", "ovn0", "192.0.2.1", "--target="), 2);
    assert_string_equal(ctl_printed.err,
                        "Error: The name of the member must have 1 to 1024 bytes\n");
    stop(&incus);
}

static void words_of_incus_are_understood(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl(socket, "--version"), 0);
    assert_non_null(strstr(ctl_printed.out, lbstate_version()));
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 0);
    assert_int_equal(lbctl(socket, "network", "load-balancer", "list", "ovn0", "-f", "csv"), 0);
    assert_string_equal(ctl_printed.out, "192.0.2.1,d,2\n");
    assert_int_equal(lbctl(socket, "network", "lb", "backend", "remove", "ovn0", "192.0.2.1", "b1"),
                     0);
    assert_int_equal(lbctl(socket, "network", "forward", "list", "ovn0", "-c", "ldDpL"), 0);
    assert_int_equal(
        lbctl(socket, "lb", "set", "ovn0", "192.0.2.1", "-p", "description", "two words"), 0);
    assert_int_equal(lbctl(socket, "lb", "get", "ovn0", "192.0.2.1", "-p", "description"), 0);
    assert_string_equal(ctl_printed.out, "two words\n");
    stop(&incus);
}

static void lists_are_filtered_by_the_daemon(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl(socket, "network", "list", "o.n", "state=created", "type=ovn"), 0);
    assert_body(&incus, 0,
                "GET /1.0/networks?recursion=1&filter=name%20eq%20%22%5Eo%5C.n%22%20and%20"
                "status%20eq%20%22created%22%20and%20type%20eq%20%22ovn%22 ");
    assert_int_equal(lbctl(socket, "project", "list", "user.a=b c&d", "config.x=y"), 0);
    assert_body(&incus, 1,
                "GET /1.0/projects?recursion=1&filter=config.user.a%20eq%20%22b%20c%26d%22%20and"
                "%20config.x%20eq%20%22y%22 ");
    stop(&incus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_usage_sends_nothing),
        cmocka_unit_test(help_goes_to_standard_output),
        cmocka_unit_test(exit_codes_tell_what_happened),
        cmocka_unit_test(output_that_is_lost_is_an_error),
        cmocka_unit_test(lists_and_records_are_shown),
        cmocka_unit_test(json_does_not_act_on_a_terminal),
        cmocka_unit_test(records_are_created_and_deleted),
        cmocka_unit_test(set_changes_keys_and_properties),
        cmocka_unit_test(pairs_have_a_limit),
        cmocka_unit_test(a_body_over_the_limit_is_not_sent),
        cmocka_unit_test(a_change_is_tried_twice),
        cmocka_unit_test(backends_and_ports_are_edited),
        cmocka_unit_test(forwards_have_the_same_verbs),
        cmocka_unit_test(a_project_is_renamed),
        cmocka_unit_test(the_database_is_dumped),
        cmocka_unit_test(states_are_shown_for_people),
        cmocka_unit_test(leases_are_listed),
        cmocka_unit_test(lists_are_filtered_by_the_daemon),
        cmocka_unit_test(one_that_fails_does_not_keep_the_others),
        cmocka_unit_test(listeners_are_deleted_together),
        cmocka_unit_test(the_worst_of_several_is_told),
        cmocka_unit_test(a_target_goes_with_every_request),
        cmocka_unit_test(words_of_incus_are_understood),
    };

    (void)setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
