/* lbctl import: what files may hold, what is sent, and what is reported. */
#include "ctl/import.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/ctl_run.h"
#include "test/lib/fake_incus.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char everything[] =
    "{\"load_balancers\":{\"web/ovn0\":["
    "{\"listen_address\":\"192.0.2.1\",\"description\":\"one\",\"config\":{\"user.a\":\"b\"},"
    "\"backends\":null,\"ports\":null,\"location\":\"\"},"
    "{\"listen_address\":\"2001:DB8::00:1\",\"description\":\"\",\"config\":{},"
    "\"backends\":[{\"name\":\"b1\",\"target_address\":\"10.0.0.1\",\"target_port\":\"80, 81\"}],"
    "\"ports\":[{\"protocol\":\"tcp\",\"listen_port\":\"80,81\",\"target_backend\":[\"b1\"]}]}"
    "]},\"networks\":["
    "{\"name\":\"ovn0\",\"type\":\"ovn\",\"managed\":true,\"project\":\"web\",\"description\":\"\","
    "\"config\":{\"network\":\"UPLINK\",\"volatile.x\":\"y\"},\"used_by\":[],\"status\":"
    "\"Created\"},"
    "{\"name\":\"lo\",\"type\":\"loopback\",\"managed\":false,\"project\":\"default\"},"
    "{\"name\":\"UPLINK\",\"type\":\"physical\",\"managed\":true,\"project\":\"default\","
    "\"description\":\"up\",\"config\":{}}],"
    "\"projects\":[{\"name\":\"web\",\"description\":\"\",\"config\":{},\"used_by\":[\"x\"]}]}";

static void stop(struct fake_incus *incus)
{
    ctl_run_end();
    fake_incus_stop(incus);
}

static size_t find_request(struct fake_incus *incus, const char *start)
{
    for (size_t i = 0; i < fake_daemon_n_requests(incus->daemon); i++) {
        if (strncmp(fake_daemon_request(incus->daemon, i), start, strlen(start)) == 0) {
            return i;
        }
    }
    fail_msg("no request starts with %s", start);
    return 0;
}

static void kinds_go_in_order(void **state)
{
    struct fake_incus incus = {0};

    (void)state;
    fake_incus_start(&incus);
    assert_int_equal(lbctl_with(everything, fake_daemon_socket(incus.daemon), "import", "-"), 0);
    assert_string_equal(ctl_printed.out, "");
    assert_string_equal(ctl_printed.err,
                        "projects:       1 created, 0 unchanged, 0 updated, 0 failed\n"
                        "uplinks:        1 created, 0 unchanged, 0 updated, 0 failed\n"
                        "networks:       1 created, 0 unchanged, 0 updated, 0 failed\n"
                        "load balancers: 2 created, 0 unchanged, 0 updated, 0 failed\n"
                        "forwards:       0 created, 0 unchanged, 0 updated, 0 failed\n"
                        "unmanaged networks skipped: 1\n");
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 5);
    assert_string_equal(fake_daemon_request(incus.daemon, 0),
                        "POST /1.0/projects {\"description\":\"\",\"config\":{},\"name\":\"web\"}");
    assert_string_equal(fake_daemon_request(incus.daemon, 1),
                        "POST /1.0/networks?project=default {\"description\":\"up\",\"config\":{},"
                        "\"type\":\"physical\",\"name\":\"UPLINK\"}");
    assert_string_equal(fake_daemon_request(incus.daemon, 2),
                        "POST /1.0/networks?project=web {\"description\":\"\",\"config\":{"
                        "\"network\":\"UPLINK\",\"volatile.x\":\"y\"},\"type\":\"ovn\",\"name\":"
                        "\"ovn0\"}");
    find_request(&incus, "POST /1.0/networks/ovn0/load-balancers?project=web {\"description\":"
                         "\"one\",\"config\":{\"user.a\":\"b\"},\"listen_address\":\"192.0.2.1\"}");
    stop(&incus);
}

static void an_import_can_be_repeated(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    fake_incus_start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl_with(everything, socket, "import", "-"), 0);
    /* As the daemon would give it: canonical, trimmed, with lists for null. */
    fake_incus_add(&incus, "web", "/1.0/networks/ovn0/load-balancers/2001:DB8::00:1",
                   "{\"listen_address\":\"2001:db8::1\",\"description\":\"\",\"config\":{},"
                   "\"backends\":[{\"name\":\"b1\",\"description\":\"\",\"target_address\":"
                   "\"10.0.0.1\",\"target_port\":\"80,81\"}],\"ports\":[{\"description\":\"\","
                   "\"protocol\":\"tcp\",\"listen_port\":\"80,81\",\"target_backend\":[\"b1\"]}]}");
    assert_int_equal(lbctl_with(everything, socket, "import", "-"), 0);
    assert_string_equal(ctl_printed.err,
                        "projects:       0 created, 1 unchanged, 0 updated, 0 failed\n"
                        "uplinks:        0 created, 1 unchanged, 0 updated, 0 failed\n"
                        "networks:       0 created, 1 unchanged, 0 updated, 0 failed\n"
                        "load balancers: 0 created, 2 unchanged, 0 updated, 0 failed\n"
                        "forwards:       0 created, 0 unchanged, 0 updated, 0 failed\n"
                        "unmanaged networks skipped: 1\n");
    stop(&incus);
}

static void what_differs_is_left_unless_update_is_given(void **state)
{
    static const char changed[] =
        "{\"p/n\":[{\"listen_address\":\"192.0.2.1\",\"description\":\"new\"}]}";
    static const char path[] = "/1.0/networks/n/load-balancers/192.0.2.1";
    struct fake_incus incus = {0};
    const char *socket;
    char *record;

    (void)state;
    fake_incus_start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    fake_incus_add(&incus, "p", "/1.0/networks/n", "{}");
    fake_incus_add(&incus, "p", path,
                   "{\"listen_address\":\"192.0.2.1\",\"description\":\"old\",\"config\":{}}");
    assert_int_equal(lbctl_with(changed, socket, "import", "-"), 1);
    assert_non_null(strstr(ctl_printed.err,
                           "Error: standard input: $[\"p/n\"][0] (192.0.2.1): It exists and is "
                           "different. It was left as it is; --update replaces it\n"));
    assert_non_null(strstr(ctl_printed.err, "\nError: 1 of 1 records failed\n"));
    record = fake_incus_record(&incus, "p", path);
    assert_non_null(strstr(record, "\"old\""));
    free(record);
    assert_int_equal(lbctl_with(changed, socket, "import", "-", "--update"), 0);
    assert_non_null(strstr(ctl_printed.err,
                           "load balancers: 0 created, 0 unchanged, 1 updated, 0 failed\n"
                           "forwards:       0 created, 0 unchanged, 0 updated, 0 failed\n"));
    record = fake_incus_record(&incus, "p", path);
    assert_non_null(strstr(record, "\"new\""));
    free(record);
    stop(&incus);

    /* Somebody else changes it between the look and the update. */
    incus = (struct fake_incus){.n_interferences = 1};
    fake_incus_start(&incus);
    fake_incus_add(&incus, "p", "/1.0/networks/n", "{}");
    fake_incus_add(&incus, "p", path, "{\"listen_address\":\"192.0.2.1\"}");
    assert_int_equal(
        lbctl_with(changed, fake_daemon_socket(incus.daemon), "import", "-", "--update"), 1);
    assert_non_null(strstr(ctl_printed.err, "(192.0.2.1): ETag doesn't match\n"));
    stop(&incus);
}

static void a_failure_does_not_stop_the_others(void **state)
{
    struct fake_incus incus = {.refused_name = "192.0.2.1"};
    const char *socket;

    (void)state;
    fake_incus_start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl_with(everything, socket, "import", "-"), 1);
    assert_non_null(strstr(ctl_printed.err,
                           "Error: standard input: $.load_balancers[\"web/ovn0\"][0] (192.0.2.1): "
                           "Refused by the test\n"));
    assert_non_null(strstr(ctl_printed.err,
                           "load balancers: 1 created, 0 unchanged, 0 updated, 1 failed\n"
                           "forwards:       0 created, 0 unchanged, 0 updated, 0 failed\n"));
    assert_int_equal(fake_incus_n_records(&incus), 4);
    assert_int_equal(lbctl_with(everything, socket, "import", "-", "-f", "json"), 1);
    assert_string_equal(
        ctl_printed.out,
        "{\"projects\":{\"created\":0,\"unchanged\":1,\"updated\":0,\"failed\":0,\"unsent\":0},"
        "\"uplinks\":{\"created\":0,\"unchanged\":1,\"updated\":0,\"failed\":0,\"unsent\":0},"
        "\"networks\":{\"created\":0,\"unchanged\":1,\"updated\":0,\"failed\":0,\"unsent\":0},"
        "\"load_balancers\":{\"created\":0,\"unchanged\":1,\"updated\":0,\"failed\":1,\"unsent\":0}"
        ",\"forwards\":{\"created\":0,\"unchanged\":0,\"updated\":0,\"failed\":0,\"unsent\":0}"
        ",\"skipped\":1,\"failures\":[{\"place\":\"standard input: "
        "$.load_balancers[\\\"web/ovn0\\\"][0]\",\"name\":\"192.0.2.1\",\"error\":\"Refused by the "
        "test\"}]}\n");
    assert_string_equal(ctl_printed.err, "Error: 1 of 5 records failed\n");
    stop(&incus);
}

/* COUNT load balancers in p/n; for free(). */
static char *many(size_t count)
{
    char *text = malloc(64 + count * 64);
    size_t size;

    assert_non_null(text);
    size = (size_t)sprintf(text, "{\"p/n\":[");
    for (size_t i = 0; i < count; i++) {
        size += (size_t)sprintf(text + size, "%s{\"listen_address\":\"10.0.%zu.%zu\"}",
                                i == 0 ? "" : ",", i / 250, i % 250);
    }
    memcpy(text + size, "]}", 3);
    return text;
}

static void many_are_in_flight_at_once(void **state)
{
    struct fake_incus incus = {.hold = 7};
    char *text = many(700);

    (void)state;
    fake_incus_start(&incus);
    fake_incus_add(&incus, "p", "/1.0/networks/n", "{}");
    assert_int_equal(
        lbctl_with(text, fake_daemon_socket(incus.daemon), "import", "-", "--connections", "7"), 0);
    assert_int_equal(fake_incus_n_records(&incus), 701);
    assert_int_equal(fake_daemon_max_held(incus.daemon), 7);
    stop(&incus);
    free(text);
}

static void an_import_stops_when_the_daemon_is_gone(void **state)
{
    struct fake_incus incus = {.vanish_after = 11};
    char *text = many(100);

    (void)state;
    fake_incus_start(&incus);
    fake_incus_add(&incus, "p", "/1.0/networks/n", "{}");
    assert_int_equal(
        lbctl_with(text, fake_daemon_socket(incus.daemon), "import", "-", "--connections", "1"), 3);
    assert_non_null(strstr(ctl_printed.err,
                           "$[\"p/n\"][10] (10.0.0.10): Whether the change was made is unknown"));
    assert_non_null(
        strstr(ctl_printed.err,
               "load balancers: 10 created, 0 unchanged, 0 updated, 2 failed, 88 not sent\n"
               "forwards:       0 created, 0 unchanged, 0 updated, 0 failed\n"));
    assert_non_null(strstr(ctl_printed.err, "\nError: Can't reach lbstated on "));
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 11);
    stop(&incus);
    free(text);
}

static void malformed_files_send_nothing(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"", "is malformed at line 1, column 0: '[' or '{' expected near end of file"},
        {"[{}\n,\n x]", "is malformed at line 3, column 2: invalid token near 'x'"},
        {"[] []", "is malformed at line 1, column 4: end of file expected near '['"},
        {"{\"a\":1,\"a\":2}", "is malformed at line 1, column 10: duplicate object key"},
        {"[\"\xff\"]", "is malformed at line 1, column 2: unable to decode byte 0xff"},
        {"[1]", ": $[0]: expected an object"},
        {"[{\"name\":\"\"}]", ": $[0]: a project must have a name"},
        {"[{\"name\":\"p\"},{\"type\":\"ovn\"}]", ": $[1]: a network must have a name"},
        {"[{\"listen_address\":\"192.0.2.1\"}]",
         ": $[0]: load balancers and forwards must stand in an object under their PROJECT/NETWORK"},
        {"{\"p\":[]}", ": $[\"p\"]: expected a key of the form PROJECT/NETWORK"},
        {"{\"/n\":[]}", ": $[\"/n\"]: expected a key of the form PROJECT/NETWORK"},
        {"{\"a/b/c\":[]}", ": $[\"a/b/c\"]: expected a key of the form PROJECT/NETWORK"},
        {"{\"p/n\":{}}", ": $[\"p/n\"]: expected an array of load balancers"},
        {"{\"p/n\":[{}]}", ": $[\"p/n\"][0]: a load balancer must have a listen_address"},
        {"{\"p/n\":[{\"listen_address\":\"a\\u0000\"}]}",
         ": $[\"p/n\"][0]: a load balancer must have a listen_address"},
        {"{\"projects\":{}}", ": $.projects: expected an array"},
        {"{\"networks\":[{}]}", ": $.networks[0]: a network must have a name"},
        {"{\"forwards\":[]}", ": $.forwards: expected an object"},
        {"{\"forwards\":{\"p\":[]}}", ": $.forwards[\"p\"]: expected a key of the form "},
        {"{\"forwards\":{\"p/n\":1}}", ": $.forwards[\"p/n\"]: expected an array of forwards"},
        {"{\"forwards\":{\"p/n\":[{}]}}",
         ": $.forwards[\"p/n\"][0]: a forward must have a listen_address"},
        {"{\"load_balancers\":[]}", ": $.load_balancers: expected an object"},
        {"{\"projects\":[{\"name\":\"p\"}],\"other\":1}",
         ": $: next to projects, networks, load_balancers and forwards nothing else may stand"},
    };
    struct fake_incus incus = {0};

    (void)state;
    fake_incus_start(&incus);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(lbctl_with(cases[i].text, fake_daemon_socket(incus.daemon), "import", "-"),
                         1);
        if (strstr(ctl_printed.err, cases[i].message) == NULL ||
            strncmp(ctl_printed.err, "Error: standard input", 21) != 0 ||
            strstr(ctl_printed.err, ". Nothing was sent\n") == NULL) {
            fail_msg("%s: %s", cases[i].text, ctl_printed.err);
        }
    }
    assert_int_equal(lbctl(fake_daemon_socket(incus.daemon), "import", "/nonexistent"), 1);
    assert_string_equal(ctl_printed.err, "Error: /nonexistent: No such file or directory. Nothing "
                                         "was sent\n");
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 0);
    stop(&incus);
}

static void write_file(char *path, const char *text)
{
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

/* The order of the files doesn't matter, and one bad file spoils all. */
static void several_files_are_one_import(void **state)
{
    char projects[] = "/tmp/lbstate-test-XXXXXX";
    char networks[] = "/tmp/lbstate-test-XXXXXX";
    char broken[] = "/tmp/lbstate-test-XXXXXX";
    struct fake_incus incus = {0};

    (void)state;
    write_file(projects, "[{\"name\":\"p\"}]");
    write_file(networks, "[{\"name\":\"n\",\"type\":\"ovn\",\"project\":\"p\"}]");
    write_file(broken, "[");
    fake_incus_start(&incus);
    assert_int_equal(lbctl(fake_daemon_socket(incus.daemon), "import", projects, broken), 1);
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 0);
    assert_int_equal(lbctl_with("{\"p/n\":[{\"listen_address\":\"192.0.2.1\"}]}",
                                fake_daemon_socket(incus.daemon), "import", "-", networks,
                                projects),
                     0);
    assert_int_equal(fake_incus_n_records(&incus), 3);
    assert_int_equal(strncmp(fake_daemon_request(incus.daemon, 0), "POST /1.0/projects ", 19), 0);
    stop(&incus);
    unlink(projects);
    unlink(networks);
    unlink(broken);
}

static int read_text(struct import_data *data, const char *text, struct lbstate_error *error)
{
    FILE *in = fmemopen((void *)(size_t)text, strlen(text), "r");
    int rv;

    assert_non_null(in);
    rv = import_read(data, "-", in, error);
    fclose(in);
    return rv;
}

static void files_and_records_have_limits(void **state)
{
    static const char text[] = "[{\"name\":\"a\"},{\"name\":\"b\"}]";
    struct import_data data = {.file_size_max = sizeof text - 1, .records_max = 4};
    struct lbstate_error error;

    (void)state;
    assert_int_equal(read_text(&data, text, &error), LBSTATE_OK);
    assert_int_equal(read_text(&data, text, &error), LBSTATE_OK);
    assert_int_equal(data.n_records, 4);
    assert_int_equal(read_text(&data, text, &error), LBSTATE_TOO_LARGE);
    assert_string_equal(error.message,
                        "More than 4 records. Nothing was sent; import them in parts");
    import_data_close(&data);
    data.file_size_max = sizeof text - 2;
    assert_int_equal(read_text(&data, text, &error), LBSTATE_TOO_LARGE);
    assert_string_equal(error.message, "standard input is larger than 26 bytes. Nothing was sent; "
                                       "import it in parts");
    import_data_close(&data);
}

static void assert_same(enum import_kind kind, const char *ours, const char *existing,
                        bool expected)
{
    json_t *a = json_loads(ours, 0, NULL);
    json_t *b = json_loads(existing, 0, NULL);
    bool same = !expected;

    assert_non_null(a);
    assert_non_null(b);
    assert_true(import_same(kind, a, b, &same));
    if (same != expected) {
        fail_msg("%s %s %s", ours, expected ? "!=" : "==", existing);
    }
    json_decref(a);
    json_decref(b);
}

static void equal_records_may_be_spelled_differently(void **state)
{
    (void)state;
    assert_same(IMPORT_LOAD_BALANCER, "{\"listen_address\":\"::ffff:10.0.0.1\"}",
                "{\"listen_address\":\"10.0.0.1\",\"backends\":[],\"ports\":[],\"config\":{}}",
                true);
    assert_same(IMPORT_LOAD_BALANCER, "{\"description\":\" x\\n\"}", "{\"description\":\"x\"}",
                true);
    assert_same(IMPORT_LOAD_BALANCER, "{\"description\":\"x\"}", "{\"description\":\"y\"}", false);
    assert_same(IMPORT_LOAD_BALANCER, "{\"config\":{\"a\":5,\"b\":true,\"c\":null,\"d\":\"\"}}",
                "{\"config\":{\"a\":\"5\",\"b\":\"true\"}}", true);
    assert_same(IMPORT_LOAD_BALANCER, "{\"config\":{}}", "{\"config\":{\"volatile.x\":\"y\"}}",
                false);
    assert_same(IMPORT_LOAD_BALANCER,
                "{\"backends\":[{\"name\":\"b\",\"target_address\":\"2001:DB8::01\"}]}",
                "{\"backends\":[{\"name\":\"b\",\"target_address\":\"2001:db8::1\"}]}", true);
    assert_same(IMPORT_LOAD_BALANCER, "{\"backends\":[{\"name\":\"b\"},{\"name\":\"c\"}]}",
                "{\"backends\":[{\"name\":\"c\"},{\"name\":\"b\"}]}", false);
    assert_same(IMPORT_LOAD_BALANCER,
                "{\"ports\":[{\"listen_port\":\"80, 81\",\"protocol\":\"tcp \"}]}",
                "{\"ports\":[{\"listen_port\":\"80,81\",\"protocol\":\"tcp\",\"target_backend\":"
                "[]}]}",
                true);
    assert_same(IMPORT_LOAD_BALANCER, "{\"ports\":[{\"target_backend\":[\"a\"]}]}",
                "{\"ports\":[{\"target_backend\":[\"b\"]}]}", false);
    assert_same(IMPORT_FORWARD,
                "{\"listen_address\":\"2001:DB8::1\",\"config\":{\"target_address\":"
                "\"::ffff:10.0.0.1\"},\"ports\":[{\"protocol\":\"tcp \",\"listen_port\":\"80, 81\","
                "\"target_address\":\" 10.0.0.2\"}]}",
                "{\"listen_address\":\"2001:db8::1\",\"description\":\"\",\"config\":{"
                "\"target_address\":\"10.0.0.1\"},\"ports\":[{\"protocol\":\"tcp\","
                "\"listen_port\":\"80,81\",\"target_port\":\"\",\"target_address\":\"10.0.0.2\","
                "\"snat\":false}]}",
                true);
    assert_same(IMPORT_FORWARD, "{\"ports\":[{\"snat\":true}]}", "{\"ports\":[{\"snat\":false}]}",
                false);
    assert_same(IMPORT_FORWARD, "{\"ports\":[{\"target_port\":\"1\"}]}",
                "{\"ports\":[{\"target_port\":\"2\"}]}", false);
    assert_same(IMPORT_FORWARD, "{\"config\":{}}", "{\"config\":{\"target_address\":\"10.0.0.1\"}}",
                false);
    assert_same(IMPORT_NETWORK, "{\"type\":\"ovn\",\"config\":{\"network\":\"U\"}}",
                "{\"type\":\"ovn\",\"config\":{\"network\":\"U\",\"volatile.x\":\"y\","
                "\"ipv4.nat\":\"true\"}}",
                true);
    assert_same(IMPORT_NETWORK, "{\"config\":{\"volatile.x\":\"z\"}}",
                "{\"config\":{\"volatile.x\":\"y\"}}", false);
    assert_same(IMPORT_NETWORK, "{\"config\":{}}", "{\"config\":{\"user.x\":\"y\"}}", false);
    assert_same(IMPORT_UPLINK, "{\"type\":\"physical\"}", "{\"type\":\"bridge\"}", false);
    assert_same(IMPORT_PROJECT, "{\"config\":{}}", "{\"config\":{\"features.images\":\"true\"}}",
                true);
}

static void forwards_are_imported_last(void **state)
{
    static const char text[] =
        "{\"forwards\":{\"web/ovn0\":[{\"listen_address\":\"192.0.2.3\",\"description\":\"f\","
        "\"config\":{\"target_address\":\"10.0.0.9\"},\"ports\":[{\"protocol\":\"tcp\","
        "\"listen_port\":\"80\",\"target_address\":\"10.0.0.8\",\"snat\":false}],"
        "\"location\":\"\"}]},"
        "\"load_balancers\":{\"web/ovn0\":[{\"listen_address\":\"192.0.2.2\"}]}}";
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    fake_incus_start(&incus);
    fake_incus_add(&incus, "web", "/1.0/networks/ovn0", "{}");
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl_with(text, socket, "import", "-"), 0);
    assert_non_null(strstr(ctl_printed.err, "forwards:       1 created, 0 unchanged, 0 updated, 0 "
                                            "failed\n"));
    assert_true(find_request(&incus, "POST /1.0/networks/ovn0/load-balancers?project=web") <
                find_request(&incus, "POST /1.0/networks/ovn0/forwards?project=web"));
    assert_string_equal(
        fake_daemon_request(incus.daemon, 1),
        "POST /1.0/networks/ovn0/forwards?project=web {\"description\":\"f\",\"config\":{"
        "\"target_address\":\"10.0.0.9\"},\"ports\":[{\"protocol\":\"tcp\",\"listen_port\":"
        "\"80\",\"target_address\":\"10.0.0.8\",\"snat\":false}],\"listen_address\":"
        "\"192.0.2.3\"}");
    assert_int_equal(lbctl_with(text, socket, "import", "-", "-f", "json"), 0);
    assert_non_null(strstr(ctl_printed.out, "\"forwards\":{\"created\":0,\"unchanged\":1,"));
    stop(&incus);
}

static void what_a_dump_leaves_in_doubt_is_told(void **state)
{
    static const char dump[] =
        "BEGIN TRANSACTION;"
        "CREATE TABLE projects (id INTEGER, name TEXT, description TEXT);"
        "CREATE TABLE projects_config (project_id INTEGER, key TEXT, value TEXT);"
        "CREATE TABLE networks (id INTEGER, project_id INTEGER, name TEXT, description TEXT,"
        " type INTEGER);"
        "CREATE TABLE networks_config (network_id INTEGER, node_id INTEGER, key TEXT, value TEXT);"
        "CREATE TABLE networks_load_balancers (id INTEGER, network_id INTEGER,"
        " listen_address TEXT, description TEXT, backends TEXT, ports TEXT);"
        "CREATE TABLE networks_load_balancers_config (network_load_balancer_id INTEGER, key TEXT,"
        " value TEXT);"
        "CREATE TABLE networks_forwards (id INTEGER, network_id INTEGER, listen_address TEXT,"
        " description TEXT, ports TEXT);"
        "CREATE TABLE networks_forwards_config (network_forward_id INTEGER, key TEXT, value TEXT);"
        "INSERT INTO projects VALUES(3,'web',replace('a\\nb\\nc','\\n',char(10)));COMMIT;";
    static const char warning[] = "Warning: standard input: projects, id 3 (web): description may "
                                  "not be exact: ";
    struct fake_incus incus = {0};

    (void)state;
    fake_incus_start(&incus);
    assert_int_equal(
        lbctl_with(dump, fake_daemon_socket(incus.daemon), "import", "--incus-dump", "-"), 0);
    assert_int_equal(strncmp(ctl_printed.err, warning, sizeof warning - 1), 0);
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 1);
    assert_string_equal(
        fake_daemon_request(incus.daemon, 0),
        "POST /1.0/projects {\"description\":\"a\\nb\\nc\",\"config\":{},\"name\":\"web\"}");
    /* A dump is no JSON, and JSON no dump: nothing is sent. */
    assert_int_equal(lbctl_with(dump, fake_daemon_socket(incus.daemon), "import", "-"), 1);
    assert_int_equal(
        lbctl_with(everything, fake_daemon_socket(incus.daemon), "import", "--incus-dump", "-"), 1);
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 1);
    stop(&incus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forwards_are_imported_last),
        cmocka_unit_test(what_a_dump_leaves_in_doubt_is_told),
        cmocka_unit_test(kinds_go_in_order),
        cmocka_unit_test(an_import_can_be_repeated),
        cmocka_unit_test(what_differs_is_left_unless_update_is_given),
        cmocka_unit_test(a_failure_does_not_stop_the_others),
        cmocka_unit_test(many_are_in_flight_at_once),
        cmocka_unit_test(an_import_stops_when_the_daemon_is_gone),
        cmocka_unit_test(malformed_files_send_nothing),
        cmocka_unit_test(several_files_are_one_import),
        cmocka_unit_test(files_and_records_have_limits),
        cmocka_unit_test(equal_records_may_be_spelled_differently),
    };

    (void)setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
