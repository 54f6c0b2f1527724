/* 267 load balancers of a real Incus server, imported by lbctl. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define N_RECORDS 267

static json_t *load(const char *file)
{
    char path[4096];
    json_error_t error;
    json_t *value;

    snprintf(path, sizeof path, TEST_DATA_DIR "/real/%s", file);
    value = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (value == NULL) {
        print_error("%s: line %d: %s\n", path, error.line, error.text);
    }
    assert_non_null(value);
    return value;
}

static void assert_lbctl(const char *const argv[])
{
    char *output = NULL;
    int status = daemon_run_program(argv, &output);

    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        print_error("%s %s: wait status %#x: %s\n", argv[0], argv[3], status, output);
    }
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    free(output);
}

static void import(void)
{
    const char *const argv[] = {daemon_lbctl(),
                                "--socket",
                                world_daemon.socket,
                                "import",
                                TEST_DATA_DIR "/real/projects.json",
                                TEST_DATA_DIR "/real/networks.json",
                                TEST_DATA_DIR "/real/load-balancers.json",
                                NULL};

    assert_lbctl(argv);
}

/* IPv4 before IPv6, then by number: the order of lists. */
static void sort_key(const char *address, char key[2 * 16 + 2])
{
    unsigned char bytes[16] = {0};
    int family = strchr(address, ':') == NULL ? AF_INET : AF_INET6;

    assert_int_equal(inet_pton(family, address, bytes), 1);
    key[0] = family == AF_INET ? '4' : '6';
    for (size_t i = 0; i < 16; i++) {
        snprintf(key + 1 + 2 * i, 3, "%02x", bytes[i]);
    }
}

/* What lbstate makes of a record of Incus: a canonical listen address, and []
 * for null. */
static void adapt(json_t *record)
{
    static const char *const lists[] = {"backends", "ports"};
    const char *address = json_string_value(json_object_get(record, "listen_address"));
    int family = strchr(address, ':') == NULL ? AF_INET : AF_INET6;
    unsigned char bytes[16];
    char canonical[INET6_ADDRSTRLEN];

    assert_int_equal(inet_pton(family, address, bytes), 1);
    assert_non_null(inet_ntop(family, bytes, canonical, sizeof canonical));
    json_object_set_new(record, "listen_address", json_string(canonical));
    for (size_t i = 0; i < 2; i++) {
        if (json_is_null(json_object_get(record, lists[i]))) {
            json_object_set_new(record, lists[i], json_array());
        }
    }
}

static json_t *list(const char *project_and_network)
{
    const char *slash = strchr(project_and_network, '/');
    char path[256];

    assert_non_null(slash);
    snprintf(path, sizeof path, "/1.0/networks/%s/load-balancers?recursion=1&project=%.*s",
             slash + 1, (int)(slash - project_and_network), project_and_network);
    return world_get(world_daemon.socket, path);
}

/* The lists hold what EXPECTED says, no less and no more, in order. */
static void assert_lists(json_t *expected)
{
    size_t n = 0;
    const char *network;
    json_t *records;

    json_object_foreach(expected, network, records)
    {
        json_t *received = list(network);
        char before[2 * 16 + 2] = "";
        size_t i;
        json_t *record;

        assert_int_equal(json_array_size(received), json_array_size(records));
        n += json_array_size(received);
        json_array_foreach(received, i, record)
        {
            const char *address = json_string_value(json_object_get(record, "listen_address"));
            char key[2 * 16 + 2];
            bool found = false;
            size_t j;
            json_t *candidate;

            sort_key(address, key);
            assert_true(strcmp(before, key) < 0);
            memcpy(before, key, sizeof before);
            json_array_foreach(records, j, candidate)
            {
                found = found || json_equal(record, candidate);
            }
            if (!found) {
                print_error("%s/%s is not as it was imported\n", network, address);
            }
            assert_true(found);
        }
        json_decref(received);
    }
    assert_int_equal(n, N_RECORDS);
}

static void assert_same_members(const json_t *expected, const json_t *received)
{
    static const char *const members[] = {"name", "description", "config", "type"};

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        json_t *left = json_object_get(expected, members[i]);

        if (left != NULL && !json_equal(left, json_object_get(received, members[i]))) {
            print_error("%s: %s differs\n", json_string_value(json_object_get(expected, "name")),
                        members[i]);
        }
        assert_true(left == NULL || json_equal(left, json_object_get(received, members[i])));
    }
}

static void assert_projects_and_networks(void)
{
    json_t *projects = load("projects.json");
    json_t *networks = load("networks.json");
    json_t *entry;
    size_t i;

    json_array_foreach(projects, i, entry)
    {
        char path[256];
        json_t *received;

        snprintf(path, sizeof path, "/1.0/projects/%s",
                 json_string_value(json_object_get(entry, "name")));
        received = world_get(world_daemon.socket, path);
        assert_same_members(entry, received);
        json_decref(received);
    }
    json_array_foreach(networks, i, entry)
    {
        char path[256];
        json_t *received;

        if (!json_is_true(json_object_get(entry, "managed"))) {
            continue; /* An interface of the server's host. */
        }
        snprintf(path, sizeof path, "/1.0/networks/%s?project=%s",
                 json_string_value(json_object_get(entry, "name")),
                 json_string_value(json_object_get(entry, "project")));
        received = world_get(world_daemon.socket, path);
        assert_same_members(entry, received);
        json_decref(received);
    }
    json_decref(projects);
    json_decref(networks);
}

static json_t *adapted_records(void)
{
    json_t *expected = load("load-balancers.json");
    const char *network;
    json_t *records;
    json_t *record;
    size_t i;

    json_object_foreach(expected, network, records)
    {
        json_array_foreach(records, i, record)
        {
            adapt(record);
        }
    }
    return expected;
}

static json_t *find(json_t *expected, const char *network, const char *address)
{
    json_t *record;
    size_t i;

    json_array_foreach(json_object_get(expected, network), i, record)
    {
        if (strcmp(json_string_value(json_object_get(record, "listen_address")), address) == 0) {
            return record;
        }
    }
    fail_msg("%s/%s is not in the data", network, address);
    return NULL;
}

static void real_records_survive_import_change_and_kill(void **state)
{
    json_t *expected = adapted_records();
    const char *const set[] = {daemon_lbctl(), "--socket",   world_daemon.socket, "lb", "set",
                               "ovn0",         "192.0.2.77", "user.changed=yes",  NULL};

    (void)state;
    import();
    assert_lists(expected);
    assert_projects_and_networks();

    assert_lbctl(set);
    json_object_set_new(json_object_get(find(expected, "default/ovn0", "192.0.2.77"), "config"),
                        "user.changed", json_string("yes"));
    assert_lists(expected);

    assert_int_equal(daemon_kill(&world_daemon), 0);
    assert_int_equal(daemon_start(&world_daemon), 0);
    assert_lists(expected);
    assert_projects_and_networks();
    json_decref(expected);
}

/* The database of the server that answered the other files. Its dump is exact but
 * for descriptions with several line ends, which are named. */
static void a_dump_of_the_database_gives_the_same(void **state)
{
    const char *const argv[] = {daemon_lbctl(),
                                "--socket",
                                world_daemon.socket,
                                "import",
                                "--format",
                                "json",
                                "--incus-dump",
                                TEST_DATA_DIR "/real/global.sql",
                                NULL};
    json_t *expected = adapted_records();
    char *output = NULL;
    json_t *report;

    (void)state;
    assert_int_equal(daemon_run_program(argv, &output), 0);
    report = json_loads(output, 0, NULL);
    assert_non_null(report);
    assert_int_equal(json_array_size(json_object_get(report, "failures")), 0);
    assert_int_equal(json_array_size(json_object_get(report, "inexact")), 8);
    json_decref(report);
    free(output);

    assert_lists(expected);
    assert_projects_and_networks();
    /* What the API had answered is nothing new to it. */
    import();
    assert_lists(expected);
    json_decref(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_dump_of_the_database_gives_the_same, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(real_records_survive_import_change_and_kill, world_set_up,
                                        world_tear_down),
    };

    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
