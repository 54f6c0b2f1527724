/* lbctl with the real daemon: what people type, from the making of a network to its
 * end, and what they are told when it fails. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_WORDS 24

/* Runs `lbctl WORDS..`, with INPUT (unless it is NULL) on standard input, and returns
 * its output; fails the test unless it exits with CODE. */
static char *lbctl(int code, const char *input, const char *const words[])
{
    const char *argv[MAX_WORDS + 8] = {NULL};
    size_t n = 0;
    char *output = NULL;
    int status;

    if (input != NULL) {
        argv[n++] = "sh";
        argv[n++] = "-c";
        argv[n++] = "printf %s \"$0\" | \"$@\"";
        argv[n++] = input;
    }
    argv[n++] = daemon_lbctl();
    argv[n++] = "--socket";
    argv[n++] = world_daemon.socket;
    for (size_t i = 0; words[i] != NULL; i++) {
        assert_true(i < MAX_WORDS);
        argv[n++] = words[i];
    }
    status = daemon_run_program(argv, &output);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != code) {
        print_error("lbctl %s %s: wait status %#x: %s\n", words[0], words[1], status, output);
    }
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), code);
    return output;
}

#define LBCTL(code, ...)              lbctl(code, NULL, (const char *const[]){__VA_ARGS__, NULL})
#define LBCTL_INPUT(code, input, ...) lbctl(code, input, (const char *const[]){__VA_ARGS__, NULL})

static void assert_says(char *output, const char *expected)
{
    assert_string_equal(output, expected);
    free(output);
}

static void assert_holds(char *output, const char *text)
{
    if (strstr(output, text) == NULL) {
        print_error("no \"%s\" in:\n%s\n", text, output);
    }
    assert_non_null(strstr(output, text));
    free(output);
}

static void values_come_from_standard_input(void **state)
{
    (void)state;
    world_make(world_daemon.socket);
    assert_says(LBCTL_INPUT(0, "two\nlines", "lb", "create", "ovn0", "198.18.0.1", "user.a=-"),
                "Network load balancer 198.18.0.1 created\n");
    assert_says(LBCTL(0, "lb", "get", "ovn0", "198.18.0.1", "user.a"), "two\nlines\n");
    assert_says(LBCTL_INPUT(0, "other", "lb", "set", "ovn0", "198.18.0.1", "user.a=-"), "");
    assert_says(LBCTL(0, "lb", "get", "ovn0", "198.18.0.1", "user.a"), "other\n");
    assert_says(LBCTL_INPUT(0, "10.10.10.9", "network", "forward", "create", "ovn0", "198.18.0.2",
                            "target_address=-"),
                "Network forward 198.18.0.2 created\n");
    assert_holds(LBCTL(0, "network", "forward", "list", "ovn0", "-f", "csv"),
                 "198.18.0.2,,10.10.10.9,0\n");
}

/* What is shown can be edited, snat and all. */
static void a_forward_is_edited_as_it_is_shown(void **state)
{
    char *shown;

    (void)state;
    world_make(world_daemon.socket);
    free(LBCTL(0, "network", "forward", "create", "ovn0", "198.18.0.2"));
    free(LBCTL(0, "network", "forward", "port", "add", "ovn0", "198.18.0.2", "tcp", "80",
               "10.10.10.4"));
    shown = LBCTL(0, "network", "forward", "show", "ovn0", "198.18.0.2");
    assert_non_null(strstr(shown, "  snat: false\n"));
    assert_says(LBCTL_INPUT(0, shown, "network", "forward", "edit", "ovn0", "198.18.0.2"), "");
    assert_says(LBCTL(0, "network", "forward", "show", "ovn0", "198.18.0.2"), shown);
    free(shown);
    assert_holds(LBCTL_INPUT(1,
                             "ports: [{protocol: tcp, listen_port: 80, target_address: 10.10.10.4,"
                             " snat: true}]",
                             "network", "forward", "edit", "ovn0", "198.18.0.2"),
                 "Error: ");
    assert_holds(
        LBCTL_INPUT(2, "ports: [{snat: 1}]", "network", "forward", "edit", "ovn0", "198.18.0.2"),
        "ports[0].snat must be true or false");
}

static void several_are_deleted(void **state)
{
    char *output;

    (void)state;
    world_make(world_daemon.socket);
    free(LBCTL(0, "lb", "create", "ovn0", "198.18.0.1"));
    free(LBCTL(0, "lb", "create", "ovn0", "198.18.0.3"));
    free(LBCTL(0, "network", "forward", "create", "ovn0", "198.18.0.4"));
    free(LBCTL(0, "network", "forward", "create", "ovn0", "198.18.0.5"));
    output = LBCTL(1, "lb", "delete", "ovn0", "198.18.0.1", "198.18.0.2", "198.18.0.3");
    assert_non_null(strstr(output, "Network load balancer 198.18.0.1 deleted\n"));
    assert_non_null(strstr(
        output,
        "Error: 198.18.0.2: Failed deleting load balancer: Network load balancer not found. `lbctl "
        "load-balancer list ovn0` shows those there are\n"));
    assert_non_null(strstr(output, "Network load balancer 198.18.0.3 deleted\n"));
    free(output);
    output = LBCTL(1, "network", "delete", "ovn1", "ovn0");
    assert_non_null(strstr(output, "Network ovn1 deleted\nError: ovn0: The network is currently in "
                                   "use. `lbctl network show ovn0` tells by what"));
    free(output);
    free(LBCTL(0, "network", "forward", "delete", "ovn0", "198.18.0.4", "198.18.0.5"));
    assert_says(LBCTL(0, "network", "delete", "ovn0", "UPLINK"),
                "Network ovn0 deleted\nNetwork UPLINK deleted\n");
}

static void failures_say_what_to_do(void **state)
{
    (void)state;
    world_make(world_daemon.socket);
    free(LBCTL(0, "lb", "create", "ovn0", "198.18.0.1"));
    free(LBCTL(0, "project", "create", "web", "features.networks=true"));
    assert_holds(LBCTL(1, "lb", "list", "nope"), ". `lbctl network list --all-projects` shows");
    assert_holds(LBCTL(1, "network", "forward", "show", "ovn0", "198.18.0.1"),
                 ". `lbctl network forward list ovn0` shows those there are");
    assert_holds(LBCTL(1, "lb", "list", "ovn0", "--project", "nope"),
                 ". `lbctl project list` shows");
    assert_holds(LBCTL(1, "lb", "create", "ovn1", "198.18.0.1"), ". An address is given once on");
    assert_holds(LBCTL(1, "lb", "create", "ovn0", "198.18.0.1"), ". The commands set and edit");
    assert_holds(LBCTL(1, "network", "create", "ovn0"), ". The commands set and edit");
    assert_holds(LBCTL(1, "project", "create", "web"), ". The commands set and edit");
    assert_holds(LBCTL(1, "lb", "set", "ovn0", "198.18.0.1", "foo=bar"),
                 ". `lbctl load-balancer set --help` names the keys");
    assert_holds(LBCTL(1, "network", "set", "ovn0", "foo=bar"),
                 ". `lbctl network set --help` names the keys");
    assert_holds(LBCTL(1, "project", "set", "web", "foo=bar"),
                 ". `lbctl project set --help` names the keys");
    assert_holds(LBCTL(1, "lb", "create", "ovn0", "203.0.113.1"), ". ipv4.routes and ipv6.routes");
    assert_holds(LBCTL(1, "network", "delete", "ovn0"), ". `lbctl network show ovn0` tells by");
    assert_holds(LBCTL(1, "lb", "port", "add", "ovn0", "198.18.0.1", "tcp", "80", "b"),
                 ". `lbctl load-balancer backend add ovn0 ...` makes a backend");
    assert_holds(LBCTL_INPUT(0, "", "lb", "show", "ovn0", "198.18.0.1"), "198.18.0.1");
    free(LBCTL(0, "network", "create", "n", "--type=ovn", "network=UPLINK", "--project", "web"));
    assert_holds(LBCTL(1, "project", "delete", "web"), ". `lbctl project show web` tells what is");
    assert_int_equal(daemon_kill(&world_daemon), 0);
    assert_holds(LBCTL(3, "network", "list"), ". Is it running? Start it with `systemctl start");
}

static void a_project_is_switched(void **state)
{
    char config[DAEMON_PATH_SIZE + 16];

    (void)state;
    world_make(world_daemon.socket);
    snprintf(config, sizeof config, "%s/config", world_daemon.directory);
    assert_int_equal(setenv("XDG_CONFIG_HOME", config, 1), 0);
    free(LBCTL(0, "project", "create", "web", "features.networks=true"));
    free(LBCTL(0, "project", "switch", "web"));
    assert_says(LBCTL(0, "project", "get-current"), "web\n");
    assert_says(LBCTL(0, "project", "list", "-f", "csv", "-c", "n"), "default\nweb (current)\n");
    assert_says(LBCTL(0, "project", "list", "-f", "csv", "-c", "n", "name=default"), "default\n");
    assert_says(LBCTL(0, "network", "list", "-f", "csv"), "");
    free(LBCTL(0, "network", "create", "n", "--type=ovn", "network=UPLINK"));
    assert_says(LBCTL(0, "network", "list", "-f", "csv", "-c", "n"), "n\n");
    assert_holds(LBCTL(0, "network", "list", "-f", "csv", "--project", "default"), "ovn0,");
    assert_holds(LBCTL(0, "network", "list", "-f", "csv", "--all-projects"), "web,n,");
    free(LBCTL(0, "project", "switch", "default"));
    assert_holds(LBCTL(0, "network", "list", "-f", "csv"), "ovn0,");
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* The whole of it, less what each daemon makes up for itself. */
static json_t *everything(void)
{
    json_t *all = json_pack(
        "{s:o, s:o, s:o, s:o}", "projects",
        world_get(world_daemon.socket, "/1.0/projects?recursion=1"), "networks",
        world_get(world_daemon.socket, "/1.0/networks?recursion=1&all-projects=true"),
        "load-balancers",
        world_get(world_daemon.socket, "/1.0/networks/ovn0/load-balancers?recursion=1"), "forwards",
        world_get(world_daemon.socket, "/1.0/networks/ovn0/forwards?recursion=1"));

    assert_non_null(all);
    return all;
}

/* Forwards come from JSON, and all comes from the dump of another lbstate. */
static void imports_hold_forwards_and_own_dumps(void **state)
{
    static const char forwards[] =
        "{\"forwards\":{\"default/"
        "ovn0\":[{\"listen_address\":\"198.18.0.9\",\"description\":\"a\\nb"
        "\\\\nc\",\"config\":{\"target_address\":\"10.10.10.5\"},\"ports\":[{\"protocol\":\"tcp\","
        "\"listen_port\":\"80, 81\",\"target_address\":\"10.10.10.6\"}]},{\"listen_address\":"
        "\"203.0.113.1\"}]}}";
    char path[DAEMON_PATH_SIZE + 16];
    char *output;
    char *text;
    json_t *before;
    json_t *after;

    (void)state;
    world_make(world_daemon.socket);
    free(LBCTL(0, "project", "create", "web", "features.networks=true", "--description", "w"));
    free(LBCTL(0, "lb", "create", "ovn0", "2001:db8:5::1", "user.a=b"));
    free(LBCTL(0, "lb", "backend", "add", "ovn0", "2001:db8:5::1", "b1", "fd42:1:2:3::5", "80"));
    free(LBCTL(0, "lb", "port", "add", "ovn0", "2001:db8:5::1", "tcp", "80", "b1"));
    output = LBCTL_INPUT(1, forwards, "import", "-");
    assert_non_null(strstr(output, "Error: standard input: $.forwards[\"default/ovn0\"][1] "
                                   "(203.0.113.1): "));
    assert_non_null(
        strstr(output, "forwards:       1 created, 0 unchanged, 0 updated, 1 failed\n"));
    free(output);
    output = LBCTL_INPUT(1, forwards, "import", "-");
    assert_non_null(
        strstr(output, "forwards:       0 created, 1 unchanged, 0 updated, 1 failed\n"));
    free(output);
    before = everything();
    text = LBCTL(0, "sql", ".dump");

    daemon_close(&world_daemon, false);
    assert_int_equal(daemon_init(&world_daemon), 0);
    assert_int_equal(daemon_start(&world_daemon), 0);
    snprintf(path, sizeof path, "%s/dump.sql", world_daemon.directory);
    write_file(path, text);
    free(text);
    output = LBCTL(0, "import", "--incus-dump", path);
    /* Nothing is in doubt in it. */
    assert_string_equal(output, "projects:       1 created, 1 unchanged, 0 updated, 0 failed\n"
                                "uplinks:        1 created, 0 unchanged, 0 updated, 0 failed\n"
                                "networks:       2 created, 0 unchanged, 0 updated, 0 failed\n"
                                "load balancers: 1 created, 0 unchanged, 0 updated, 0 failed\n"
                                "forwards:       1 created, 0 unchanged, 0 updated, 0 failed\n");
    free(output);
    after = everything();
    if (!json_equal(before, after)) {
        char *a = json_dumps(before, JSON_SORT_KEYS);
        char *b = json_dumps(after, JSON_SORT_KEYS);

        print_error("%s\n%s\n", a, b);
        free(a);
        free(b);
    }
    assert_true(json_equal(before, after));
    json_decref(before);
    json_decref(after);
}

/* A daemon that stands alone is every member that there is. */
static void a_target_may_be_named(void **state)
{
    (void)state;
    world_make(world_daemon.socket);
    free(LBCTL(0, "network", "load-balancer", "create", "ovn0", "198.18.0.1", "--target=none"));
    assert_holds(LBCTL(0, "lb", "show", "ovn0", "198.18.0.1", "--target", "none"), "198.18.0.1");
    assert_holds(LBCTL(0, "network", "show", "ovn0", "--target", "none"), "name: ovn0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_come_from_standard_input, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(a_forward_is_edited_as_it_is_shown, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(several_are_deleted, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(failures_say_what_to_do, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(a_project_is_switched, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(imports_hold_forwards_and_own_dumps, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(a_target_may_be_named, world_set_up, world_tear_down),
    };

    return cmocka_run_group_tests_name("lbctl", tests, NULL, NULL);
}
