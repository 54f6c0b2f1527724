/* The stock `incus` command line against our socket. Skipped, and counted so, on
 * a machine that has no such client. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"
#include "test/lib/http_client.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define MAX_WORDS 16

/* Runs `incus WORDS..`, with INPUT (unless it is NULL) as its standard input, and
 * returns its output; fails the test unless it exits with CODE. */
static char *incus(int code, const char *input, const char *const words[])
{
    char socket[DAEMON_PATH_SIZE + 32];
    char conf[DAEMON_PATH_SIZE + 32];
    const char *argv[MAX_WORDS + 8] = {"env", socket, conf};
    size_t n = 3;
    char *output = NULL;
    int status;

    snprintf(socket, sizeof socket, "INCUS_SOCKET=%s", world_daemon.socket);
    snprintf(conf, sizeof conf, "INCUS_CONF=%s/client", world_daemon.directory);
    if (input != NULL) {
        argv[n++] = "sh";
        argv[n++] = "-c";
        argv[n++] = "printf %s \"$0\" | incus \"$@\"";
        argv[n++] = input;
    } else {
        argv[n++] = "incus";
    }
    for (size_t i = 0; words[i] != NULL; i++) {
        assert_true(i < MAX_WORDS);
        argv[n++] = words[i];
    }
    status = daemon_run_program(argv, &output);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != code) {
        print_error("incus %s %s: wait status %#x: %s\n", words[0], words[1], status, output);
    }
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), code);
    return output;
}

#define INCUS(code, ...)              incus(code, NULL, (const char *const[]){__VA_ARGS__, NULL})
#define INCUS_INPUT(code, input, ...) incus(code, input, (const char *const[]){__VA_ARGS__, NULL})

static void assert_holds(char *output, const char *text)
{
    if (strstr(output, text) == NULL) {
        print_error("no \"%s\" in:\n%s\n", text, output);
    }
    assert_non_null(strstr(output, text));
    free(output);
}

static void networks_are_made_listed_and_deleted(void **state)
{
    (void)state;
    world_skip_without_incus();
    world_make(world_daemon.socket);
    assert_holds(INCUS(0, "network", "list", "--format", "csv"), "ovn1");
    free(INCUS(0, "network", "create", "ovn2", "--type=ovn", "network=UPLINK",
               "ipv4.address=10.30.0.1/24", "ipv4.nat=true", "ipv6.address=none"));
    assert_holds(INCUS(0, "network", "show", "ovn2"), "ipv4.address: 10.30.0.1/24");
    assert_holds(INCUS(1, "network", "create", "ovn2", "--type=ovn", "network=UPLINK"),
                 "already exists");
    free(INCUS(0, "network", "set", "ovn2", "user.a=b"));
    assert_holds(INCUS(0, "network", "get", "ovn2", "user.a"), "b");
    free(INCUS(0, "network", "unset", "ovn2", "user.a"));
    free(INCUS_INPUT(0,
                     "description: edited\nconfig:\n  network: UPLINK\n"
                     "  ipv4.address: 10.30.0.1/24\n  ipv4.nat: \"true\"\n  ipv6.address: none\n",
                     "network", "edit", "ovn2"));
    assert_holds(INCUS(0, "network", "show", "ovn2", "--target", "n1"), "description: edited");
    assert_holds(INCUS(0, "network", "info", "ovn2"), "10.30.0.1/24 (link)");
    assert_holds(INCUS(0, "network", "list-leases", "ovn2", "--format", "csv"),
                 "ovn2.gw,,10.30.0.1,GATEWAY");
    assert_holds(INCUS(0, "network", "rename", "ovn2", "ovn3"), "Network ovn2 renamed to ovn3");
    assert_holds(INCUS(0, "network", "list", "--all-projects", "--format", "csv"),
                 "default,ovn3,ovn,YES");
    free(INCUS(0, "network", "delete", "ovn3"));
    assert_holds(INCUS(1, "network", "show", "ovn3"), "Network not found");
}

static void load_balancer_goes_its_way(void **state)
{
    (void)state;
    world_skip_without_incus();
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
    assert_holds(INCUS(1, "network", "load-balancer", "info", "ovn0", "198.18.0.7"),
                 "No load-balancer health information available");
    free(INCUS(0, "network", "load-balancer", "set", "ovn0", "198.18.0.7", "healthcheck=true"));
    assert_holds(INCUS(0, "network", "load-balancer", "info", "ovn0", "198.18.0.7"),
                 "tcp/8080: unknown");
    free(INCUS(0, "network", "load-balancer", "port", "add", "ovn0", "198.18.0.7", "tcp", "443,444",
               "b1", "--description", "p"));
    assert_holds(
        INCUS(1, "network", "load-balancer", "port", "remove", "ovn0", "198.18.0.7", "tcp"),
        "Multiple ports match");
    free(INCUS(0, "network", "load-balancer", "port", "remove", "ovn0", "198.18.0.7", "--force"));
    free(INCUS(0, "network", "load-balancer", "backend", "remove", "ovn0", "198.18.0.7", "b1"));
    assert_holds(
        INCUS(1, "network", "load-balancer", "backend", "remove", "ovn0", "198.18.0.7", "b1"),
        "No matching backend found");
    free(INCUS_INPUT(0, "description: edited\n", "network", "load-balancer", "edit", "ovn0",
                     "198.18.0.7"));
    assert_holds(
        INCUS(0, "network", "load-balancer", "get", "ovn0", "198.18.0.7", "-p", "description"),
        "edited");
    free(INCUS(0, "network", "load-balancer", "delete", "ovn0", "198.18.0.7"));
    assert_holds(INCUS(1, "network", "load-balancer", "show", "ovn0", "198.18.0.7"),
                 "Network load balancer not found");
}

static void forward_goes_its_way(void **state)
{
    (void)state;
    world_skip_without_incus();
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
    world_skip_without_incus();
    world_make(world_daemon.socket);
    assert_holds(INCUS(1, "network", "load-balancer", "create", "ovn0", "203.0.113.1"),
                 "Uplink network doesn't contain \"203.0.113.1/32\" in its routes");
    assert_holds(INCUS(1, "network", "load-balancer", "create", "ovn0", "198.18.0.1", "foo=bar"),
                 "Invalid option \"foo\"");
}

static void the_database_is_dumped(void **state)
{
    (void)state;
    world_skip_without_incus();
    world_make(world_daemon.socket);
    assert_holds(INCUS(0, "admin", "sql", "global", ".dump"), "'UPLINK'");
    assert_holds(INCUS(0, "admin", "sql", "global", ".schema"), "CREATE TABLE networks (");
}

static void projects_go_their_way(void **state)
{
    (void)state;
    world_skip_without_incus();
    free(INCUS(0, "project", "create", "p1", "-c", "features.networks=true"));
    assert_holds(INCUS(0, "project", "list", "--format", "csv"), "p1,YES,YES,YES,YES,YES,NO,,0");
    free(INCUS(0, "project", "set", "p1", "limits.networks=3"));
    assert_holds(INCUS(0, "project", "info", "p1", "--format", "csv"), "NETWORKS,3,0");
    free(INCUS(0, "project", "unset", "p1", "limits.networks"));
    /* The client listens to events before it asks. */
    assert_holds(INCUS(0, "project", "rename", "p1", "p2"), "Project p1 renamed to p2");
    assert_holds(INCUS(0, "operation", "list", "--format", "csv"), "Renaming project,SUCCESS,NO");
    assert_holds(INCUS(1, "project", "rename", "p2", "default"),
                 "A project named \"default\" already exists");
    free(INCUS(0, "project", "switch", "p2"));
    assert_holds(INCUS(0, "project", "get-current"), "p2");
    free(INCUS(0, "project", "switch", "default"));
    free(INCUS_INPUT(0, "description: edited\nconfig:\n  features.networks: \"true\"\n", "project",
                     "edit", "p2"));
    assert_holds(INCUS(0, "project", "show", "p2"), "description: edited");
    free(INCUS(0, "project", "delete", "p2"));
    assert_holds(INCUS(1, "project", "show", "p2"), "Project not found");
    assert_holds(INCUS(1, "network", "list", "--project", "p2"), "Project not found");
}

static void server_is_asked_and_set(void **state)
{
    (void)state;
    world_skip_without_incus();
    assert_holds(INCUS(0, "version"), "Server version: ");
    assert_holds(INCUS(0, "info"), "api_status: stable");
    free(INCUS(0, "config", "set", "user.a=b"));
    assert_holds(INCUS(0, "config", "get", "user.a"), "b");
    assert_holds(INCUS(0, "config", "show"), "user.a: b");
    free(INCUS(0, "config", "unset", "user.a"));
    assert_holds(INCUS(1, "config", "set", "foo=bar"), "unknown key");
    assert_holds(INCUS(0, "query", "/1.0/projects"), "/1.0/projects/default");
    assert_holds(INCUS(0, "query", "--raw", "/1.0/projects"), "\"status_code\": 200");
    assert_holds(INCUS(1, "query", "-X", "POST", "-d", "{\"a\":1}", "/1.0/networks"),
                 "No name provided");
    assert_holds(INCUS(1, "query", "--wait", "-X", "DELETE", "/1.0/projects/nope"),
                 "Project not found");
    assert_holds(INCUS(1, "query", "/1.0/nope"), "Error: not found");
    assert_holds(INCUS(0, "admin", "sql", "global", "SELECT name FROM projects"), "default");
    assert_holds(INCUS_INPUT(0, "SELECT 40 + 2;", "admin", "sql", "global", "-"), "42");
    free(INCUS(0, "admin", "waitready", "--timeout=3"));
}

static void *monitor(void *output)
{
    /* It ends with an error, as it does when a server of Incus goes. */
    *(char **)output = INCUS(1, "monitor", "--all-projects", "--format=json");
    return NULL;
}

/* The figure of metric NAME, or -1. */
static int metric(const char *name)
{
    struct http_answer answer = {0};
    int value = -1;
    const char *found;

    assert_int_equal(http_call(world_daemon.socket, "GET", "/1.0/metrics", NULL, &answer),
                     HTTP_ANSWERED);
    found = strstr(answer.body, name);
    if (found != NULL) {
        value = atoi(found + strlen(name));
    }
    http_answer_close(&answer);
    return value;
}

static void changes_are_monitored(void **state)
{
    char *output = NULL;
    pthread_t thread;
    int status;

    (void)state;
    world_skip_without_incus();
    assert_int_equal(pthread_create(&thread, NULL, monitor, &output), 0);
    while (metric("\nlbstate_event_listeners ") != 1) {
    }
    free(INCUS(0, "project", "create", "p1"));
    free(INCUS(0, "project", "rename", "p1", "p2"));
    assert_int_equal(daemon_stop(&world_daemon, &status), 0);
    pthread_join(thread, NULL);
    assert_int_equal(status, 0);
    assert_non_null(output);
    assert_non_null(strstr(output, "\"source\":\"/1.0/projects/p1\""));
    assert_non_null(strstr(output, "\"action\":\"project-renamed\""));
    assert_non_null(strstr(output, "\"old_name\":\"p1\""));
    assert_non_null(strstr(output, "\"type\":\"operation\""));
    assert_non_null(strstr(output, "lbstate is shutting down"));
    free(output);
}

static void what_is_not_there_is_told(void **state)
{
    (void)state;
    world_skip_without_incus();
    assert_holds(INCUS(0, "warning", "list"), "SEVERITY");
    assert_holds(INCUS(0, "operation", "list"), "DESCRIPTION");
    assert_holds(INCUS(1, "cluster", "list"), "Server isn't part of a cluster");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(networks_are_made_listed_and_deleted, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(load_balancer_goes_its_way, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(forward_goes_its_way, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(projects_go_their_way, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(server_is_asked_and_set, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(changes_are_monitored, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_there_is_told, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(mistakes_are_told, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(the_database_is_dumped, world_set_up, world_tear_down),
    };

    return cmocka_run_group_tests_name("incus client", tests, NULL, NULL);
}
