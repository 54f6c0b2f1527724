/* The stock `incus` command line against our socket. Skipped, and counted so, on
 * a machine that has no such client. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define MAX_WORDS 16

/* Runs `incus WORDS..` and returns its output; fails the test unless it exits
 * with CODE. */
static char *incus(int code, const char *const words[])
{
    char socket[DAEMON_PATH_SIZE + 32];
    char conf[DAEMON_PATH_SIZE + 32];
    const char *argv[MAX_WORDS + 5] = {"env", socket, conf, "incus"};
    char *output = NULL;
    int status;

    snprintf(socket, sizeof socket, "INCUS_SOCKET=%s", world_daemon.socket);
    snprintf(conf, sizeof conf, "INCUS_CONF=%s/client", world_daemon.directory);
    for (size_t i = 0; words[i] != NULL; i++) {
        assert_true(i < MAX_WORDS);
        argv[4 + i] = words[i];
    }
    status = daemon_run_program(argv, &output);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != code) {
        print_error("incus %s %s: wait status %#x: %s\n", words[0], words[1], status, output);
    }
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), code);
    return output;
}

#define INCUS(code, ...) incus(code, (const char *const[]){__VA_ARGS__, NULL})

static void assert_holds(char *output, const char *text)
{
    if (strstr(output, text) == NULL) {
        print_error("no \"%s\" in:\n%s\n", text, output);
    }
    assert_non_null(strstr(output, text));
    free(output);
}

static void skip_without_client(void)
{
    static const char *const argv[] = {"incus", "--version", NULL};
    char *output = NULL;
    int status = daemon_run_program(argv, &output);

    free(output);
    if (status < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        print_message("There is no `incus` here: install the Debian package incus-client.\n");
        skip();
    }
}

static void networks_are_made_listed_and_deleted(void **state)
{
    (void)state;
    skip_without_client();
    world_make(world_daemon.socket);
    assert_holds(INCUS(0, "network", "list", "--format", "csv"), "ovn1");
    free(INCUS(0, "network", "create", "ovn2", "--type=ovn", "network=UPLINK",
               "ipv4.address=10.30.0.1/24", "ipv6.address=none"));
    assert_holds(INCUS(0, "network", "show", "ovn2"), "ipv4.address: 10.30.0.1/24");
    assert_holds(INCUS(1, "network", "create", "ovn2", "--type=ovn", "network=UPLINK"),
                 "already exists");
    free(INCUS(0, "network", "delete", "ovn2"));
    assert_holds(INCUS(1, "network", "show", "ovn2"), "Network not found");
}

static void load_balancer_goes_its_way(void **state)
{
    (void)state;
    skip_without_client();
    world_make(world_daemon.socket);
    free(INCUS(0, "network", "load-balancer", "create", "ovn0", "198.18.0.7", "user.owner=me"));
    assert_holds(INCUS(0, "network", "load-balancer", "list", "ovn0", "--format", "csv"),
                 "198.18.0.7");
    assert_holds(INCUS(0, "network", "load-balancer", "show", "ovn0", "198.18.0.7"),
                 "user.owner: me");

    free(INCUS(0, "network", "load-balancer", "set", "ovn0", "198.18.0.7", "user.owner=you"));
    assert_holds(INCUS(0, "network", "load-balancer", "get", "ovn0", "198.18.0.7", "user.owner"),
                 "you");
    free(INCUS(0, "network", "load-balancer", "backend", "add", "ovn0", "198.18.0.7", "b1",
               "10.10.10.10", "8080"));
    free(INCUS(0, "network", "load-balancer", "port", "add", "ovn0", "198.18.0.7", "tcp", "80",
               "b1"));
    assert_holds(INCUS(0, "network", "load-balancer", "show", "ovn0", "198.18.0.7"),
                 "target_address: 10.10.10.10");
    free(INCUS(0, "network", "load-balancer", "unset", "ovn0", "198.18.0.7", "user.owner"));

    free(INCUS(0, "network", "load-balancer", "delete", "ovn0", "198.18.0.7"));
    assert_holds(INCUS(1, "network", "load-balancer", "show", "ovn0", "198.18.0.7"),
                 "Network load balancer not found");
}

static void forward_goes_its_way(void **state)
{
    (void)state;
    skip_without_client();
    world_make(world_daemon.socket);
    free(INCUS(0, "network", "forward", "create", "ovn0", "198.18.0.7",
               "target_address=10.10.10.5"));
    assert_holds(INCUS(0, "network", "forward", "list", "ovn0", "--format", "csv"), "10.10.10.5");
    free(INCUS(0, "network", "forward", "set", "ovn0", "198.18.0.7", "user.owner=you"));
    assert_holds(INCUS(0, "network", "forward", "get", "ovn0", "198.18.0.7", "user.owner"), "you");
    free(INCUS(0, "network", "forward", "port", "add", "ovn0", "198.18.0.7", "tcp", "80,90-99",
               "10.10.10.6", "8080"));
    assert_holds(INCUS(0, "network", "forward", "show", "ovn0", "198.18.0.7"),
                 "target_address: 10.10.10.6");
    free(INCUS(0, "network", "forward", "port", "remove", "ovn0", "198.18.0.7", "tcp"));
    assert_holds(INCUS(0, "network", "forward", "show", "ovn0", "198.18.0.7"), "ports: []");
    assert_holds(INCUS(1, "network", "load-balancer", "create", "ovn1", "198.18.0.7"),
                 "Load balancer listen address \"198.18.0.7/32\" overlaps with another network or "
                 "NIC");
    free(INCUS(0, "network", "forward", "delete", "ovn0", "198.18.0.7"));
    assert_holds(INCUS(1, "network", "forward", "show", "ovn0", "198.18.0.7"),
                 "Network forward not found");
}

static void mistakes_are_told(void **state)
{
    (void)state;
    skip_without_client();
    world_make(world_daemon.socket);
    assert_holds(INCUS(1, "network", "load-balancer", "create", "ovn0", "203.0.113.1"),
                 "Uplink network doesn't contain \"203.0.113.1/32\" in its routes");
    assert_holds(INCUS(1, "network", "load-balancer", "create", "ovn0", "198.18.0.1", "foo=bar"),
                 "Invalid option \"foo\"");
}

static void the_database_is_dumped(void **state)
{
    (void)state;
    skip_without_client();
    world_make(world_daemon.socket);
    assert_holds(INCUS(0, "admin", "sql", "global", ".dump"), "'UPLINK'");
    assert_holds(INCUS(0, "admin", "sql", "global", ".schema"), "CREATE TABLE networks (");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(networks_are_made_listed_and_deleted, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(load_balancer_goes_its_way, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(forward_goes_its_way, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(mistakes_are_told, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(the_database_is_dumped, world_set_up, world_tear_down),
    };

    return cmocka_run_group_tests_name("incus client", tests, NULL, NULL);
}
