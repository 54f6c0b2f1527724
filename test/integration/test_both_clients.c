/* The stock `incus` client and lbctl with the same words, each on a daemon of its own: what
 * they do, print and refuse is the same. doc/incus-compatibility.md lists what isn't. Skipped,
 * and counted so, on a machine without the client. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum outcome {
    SAME,    /* Both do it and print the same. */
    REFUSED, /* Both fail; lbctl says the same, with a hint behind it or without. */
    WRONG,   /* Both fail, each in its own words. */
};

struct step {
    enum outcome outcome;
    const char *words; /* As for sh. */
    const char *input; /* NULL: none. */
};

struct result {
    int code; /* As it exits. */
    char *output;
};

#define UPLINK                                                                                     \
    {                                                                                              \
        SAME,                                                                                      \
            "network create UPLINK --type physical parent=br-ext ipv4.gateway=192.0.2.1/24 "       \
            "ipv4.ovn.ranges=192.0.2.100-192.0.2.254 ipv4.routes=198.18.0.0/15",                   \
            NULL                                                                                   \
    }

/* The addresses on the uplink are drawn unless they are given. */
#define OVN(NAME, N, MORE)                                                                         \
    {                                                                                              \
        SAME,                                                                                      \
            "network create " NAME " --type=ovn network=UPLINK ipv4.address=10." N ".0.1/24 "      \
            "ipv4.nat=true ipv6.address=none volatile.network.ipv4.address=192.0.2.1" N MORE,      \
            NULL                                                                                   \
    }

static const struct step networks[] = {
    UPLINK,
    OVN("ovn0", "10", ""),
    OVN("ovn1", "20", " --description 'second one'"),
    {REFUSED, "network create ovn0 --type=ovn network=UPLINK", NULL},
    {REFUSED, "network create bad/name --type=ovn network=UPLINK", NULL},
    {REFUSED, "network create x --type=nope", NULL},
    {REFUSED, "network create x --type=ovn network=NOPE", NULL},
    {REFUSED, "network create x --type=ovn foo=bar network=UPLINK", NULL},
    {WRONG, "network create x --type=ovn foo", NULL},
    {WRONG, "network create x --type", NULL},
    {REFUSED, "network create x --type=bridge --target nope", NULL},
    {SAME, "network create x --type=ovn",
     "description: from stdin\nconfig:\n  network: UPLINK\n  ipv4.address: 10.40.0.1/24\n"
     "  ipv6.address: none\n  ipv4.nat: \"true\"\n"
     "  volatile.network.ipv4.address: 192.0.2.140\n"},
    {WRONG, "network create y --type=ovn", "config: [\n"},
    {SAME, "network show x", NULL},
    {SAME, "network show UPLINK", NULL},
    {SAME, "network show ovn1 --target none", NULL},
    {REFUSED, "network show nope", NULL},
    {REFUSED, "network show ovn1 --project nope", NULL},
    {WRONG, "network show ovn1 extra", NULL},
    {SAME, "network list", NULL},
    {SAME, "network list -f csv,header", NULL},
    {SAME, "network list -f compact", NULL},
    {SAME, "network list -f json", NULL},
    {SAME, "network list -f yaml", NULL},
    {SAME, "network list -f csv -c nt", NULL},
    {SAME, "network list --all-projects -f csv", NULL},
    {WRONG, "network list -f nope", NULL},
    {WRONG, "network list -c ?", NULL},
    {SAME, "network get ovn1 network", NULL},
    {SAME, "network get ovn1 nope", NULL},
    {SAME, "network get ovn1 -p description", NULL},
    {REFUSED, "network get nope network", NULL},
    {SAME, "network set ovn1 user.a=b user.c=d", NULL},
    {SAME, "network set ovn1 user.e f", NULL},
    {SAME, "network set ovn1 user.c=", NULL},
    {SAME, "network set ovn1 user.g=-", "from stdin"},
    {SAME, "network set ovn1 -p description=new", NULL},
    {REFUSED, "network set ovn1 foo=bar", NULL},
    {REFUSED, "network set ovn1 ipv4.address=10.20.0.300/24", NULL},
    {REFUSED, "network set nope user.a=b", NULL},
    {WRONG, "network set ovn1 user.a", NULL},
    {SAME, "network unset ovn1 user.a", NULL},
    {SAME, "network unset ovn1 user.a", NULL},
    {WRONG, "network unset ovn1", NULL},
    {WRONG, "network unset ovn1 -p nope", NULL},
    {REFUSED, "network unset nope foo", NULL},
    {SAME, "network show ovn1", NULL},
    {SAME, "network edit x",
     "description: edited\nconfig:\n  network: UPLINK\n  ipv4.address: 10.40.0.1/24\n"
     "  ipv6.address: none\n  ipv4.nat: \"true\"\n"
     "  volatile.network.ipv4.address: 192.0.2.140\n"},
    {REFUSED, "network edit x", "config:\n  network: UPLINK\n  foo: bar\n"},
    {SAME, "network show x", NULL},
    {SAME, "network info ovn1", NULL},
    {REFUSED, "network info nope", NULL},
    {SAME, "network list-leases ovn1", NULL},
    {SAME, "network list-leases ovn1 -f csv", NULL},
    {SAME, "network rename x z", NULL},
    {REFUSED, "network rename z ovn0", NULL},
    {REFUSED, "network rename nope q", NULL},
    {WRONG, "network rename z", NULL},
    {REFUSED, "network delete UPLINK", NULL},
    {REFUSED, "network delete nope", NULL},
    {SAME, "network delete z", NULL},
    {SAME, "network list -f csv", NULL},
    {WRONG, "network frob", NULL},
    {WRONG, "network show ovn0 --nope", NULL},
};

#define LB "network load-balancer "

static const struct step load_balancers[] = {
    UPLINK,
    OVN("ovn0", "10", ""),
    OVN("ovn1", "20", ""),
    {SAME, LB "create ovn0 198.18.0.1", NULL},
    {SAME, LB "create ovn0 198.18.0.6 user.b=c --description six",
     "config:\n  user.a: b\nbackends:\n- name: b\n  target_address: 10.10.0.9\n"
     "  target_port: \"80\"\nports:\n- protocol: tcp\n  listen_port: \"80\"\n"
     "  target_backend: [b]\n"},
    {SAME, LB "create ovn0 198.18.0.3 --target none", NULL},
    {REFUSED, LB "create ovn0 198.18.0.1", NULL},
    {REFUSED, LB "create ovn0 nope", NULL},
    {REFUSED, LB "create ovn0 198.18.0.2/32", NULL},
    {REFUSED, LB "create nope 198.18.0.2", NULL},
    {REFUSED, LB "create UPLINK 198.18.0.2", NULL},
    {REFUSED, LB "create ovn0 203.0.113.1", NULL},
    {REFUSED, LB "create ovn1 198.18.0.1", NULL},
    {REFUSED, LB "create ovn0 192.0.2.120", NULL},
    {REFUSED, LB "create ovn0 198.18.0.2 foo=bar", NULL},
    {REFUSED, LB "create ovn0 198.18.0.2 healthcheck=maybe", NULL},
    {WRONG, LB "create ovn0 198.18.0.2 user.a", NULL},
    {WRONG, LB "create ovn0 198.18.0.2", "backends: 3\n"},
    {WRONG, LB "create ovn0", NULL},
    {SAME, LB "show ovn0 198.18.0.6", NULL},
    {REFUSED, LB "show ovn0 198.18.0.99", NULL},
    {REFUSED, LB "show nope 198.18.0.1", NULL},
    {SAME, LB "list ovn0", NULL},
    {SAME, LB "list ovn0 -f csv -c ldpL", NULL},
    {SAME, LB "list ovn0 -f json", NULL},
    {SAME, LB "list ovn0 -f yaml", NULL},
    {SAME, LB "list ovn0 -f compact", NULL},
    {SAME, LB "list ovn1", NULL},
    {SAME, LB "list ovn1 -f json", NULL},
    {REFUSED, LB "list nope", NULL},
    {WRONG, LB "list ovn0 -c x", NULL},
    {WRONG, LB "list", NULL},
    {SAME, LB "set ovn0 198.18.0.1 user.a=b user.c=d", NULL},
    {SAME, LB "set ovn0 198.18.0.1 user.e f", NULL},
    {SAME, LB "set ovn0 198.18.0.1 user.c=", NULL},
    {SAME, LB "set ovn0 198.18.0.1 user.g=-", "from stdin"},
    {SAME, LB "set ovn0 198.18.0.1 -p description=hello", NULL},
    {SAME, LB "get ovn0 198.18.0.1 user.a", NULL},
    {SAME, LB "get ovn0 198.18.0.1 nope", NULL},
    {SAME, LB "get ovn0 198.18.0.1 -p description", NULL},
    {REFUSED, LB "get ovn0 198.18.0.99 user.a", NULL},
    {REFUSED, LB "set ovn0 198.18.0.1 foo=bar", NULL},
    {REFUSED, LB "set ovn0 198.18.0.99 user.a=b", NULL},
    {WRONG, LB "set ovn0 198.18.0.1", NULL},
    {SAME, LB "unset ovn0 198.18.0.1 user.a", NULL},
    {SAME, LB "unset ovn0 198.18.0.1 -p description", NULL},
    {WRONG, LB "unset ovn0 198.18.0.1 -p nope", NULL},
    {SAME, LB "show ovn0 198.18.0.1", NULL},
    {SAME, LB "backend add ovn0 198.18.0.1 b1 10.10.0.10 8080", NULL},
    {SAME, LB "backend add ovn0 198.18.0.1 b2 10.10.0.11", NULL},
    {SAME, LB "backend add ovn0 198.18.0.1 b3 10.10.0.12 90-99 --description third", NULL},
    {REFUSED, LB "backend add ovn0 198.18.0.1 b1 10.10.0.10 8080", NULL},
    {REFUSED, LB "backend add ovn0 198.18.0.1 b4 10.99.0.12", NULL},
    {REFUSED, LB "backend add ovn0 198.18.0.1 b4 nope", NULL},
    {REFUSED, LB "backend add ovn0 198.18.0.1 b4 10.10.0.13 99-90", NULL},
    {REFUSED, LB "backend add ovn0 198.18.0.99 b4 10.10.0.13", NULL},
    {WRONG, LB "backend add ovn0 198.18.0.1 b4", NULL},
    {WRONG, LB "backend add ovn0 198.18.0.1 b4 10.10.0.13 80 90", NULL},
    {SAME, LB "port add ovn0 198.18.0.1 tcp 80 b1", NULL},
    {SAME, LB "port add ovn0 198.18.0.1 udp 53,54 b2 --description dns", NULL},
    {SAME, LB "port add ovn0 198.18.0.1 tcp 443,444 'b1, b2'", NULL},
    {SAME, LB "port add ovn0 198.18.0.1 tcp 100-109 b3", NULL},
    {REFUSED, LB "port add ovn0 198.18.0.1 tcp 80 b1", NULL},
    {REFUSED, LB "port add ovn0 198.18.0.1 sctp 445 b2", NULL},
    {REFUSED, LB "port add ovn0 198.18.0.1 tcp 445 nope", NULL},
    {REFUSED, LB "port add ovn0 198.18.0.1 tcp abc b2", NULL},
    {WRONG, LB "port add ovn0 198.18.0.1 tcp 445", NULL},
    {SAME, LB "show ovn0 198.18.0.1", NULL},
    {REFUSED, LB "info ovn0 198.18.0.1", NULL},
    {SAME, LB "set ovn0 198.18.0.6 healthcheck=true", NULL},
    {SAME, LB "info ovn0 198.18.0.6", NULL},
    {REFUSED, LB "backend remove ovn0 198.18.0.1 b1", NULL},
    {REFUSED, LB "backend remove ovn0 198.18.0.1 nope", NULL},
    {REFUSED, LB "port remove ovn0 198.18.0.1 tcp", NULL},
    {SAME, LB "port remove ovn0 198.18.0.1 tcp 80", NULL},
    {REFUSED, LB "port remove ovn0 198.18.0.1 tcp 80", NULL},
    {SAME, LB "port remove ovn0 198.18.0.1 tcp --force", NULL},
    {SAME, LB "port remove ovn0 198.18.0.1", NULL},
    {SAME, LB "backend remove ovn0 198.18.0.1 b1", NULL},
    {SAME, LB "show ovn0 198.18.0.1", NULL},
    {SAME, LB "edit ovn0 198.18.0.1", "description: edited\nconfig:\n  user.a: b\n"},
    {REFUSED, LB "edit ovn0 198.18.0.99", "description: edited\n"},
    {WRONG, LB "edit ovn0 198.18.0.1", "nope: 1\n"},
    {SAME, LB "show ovn0 198.18.0.1", NULL},
    {SAME, LB "delete ovn0 198.18.0.1", NULL},
    {REFUSED, LB "delete ovn0 198.18.0.1", NULL},
    {WRONG, LB "rename ovn0 198.18.0.6 198.18.0.7", NULL},
    {REFUSED, "network delete ovn0", NULL},
    {SAME, LB "list ovn0 -f csv", NULL},
};

#define FORWARD "network forward "

static const struct step forwards[] = {
    UPLINK,
    OVN("ovn0", "10", ""),
    OVN("ovn1", "20", ""),
    {SAME, FORWARD "create ovn0 198.18.0.1", NULL},
    {SAME, FORWARD "create ovn0 198.18.0.6 target_address=10.10.0.5 --description six",
     "config:\n  user.a: b\nports:\n- protocol: tcp\n  listen_port: \"80\"\n"
     "  target_address: 10.10.0.9\n"},
    {REFUSED, FORWARD "create ovn0 198.18.0.1", NULL},
    {REFUSED, FORWARD "create ovn1 198.18.0.1", NULL},
    {REFUSED, LB "create ovn1 198.18.0.1", NULL},
    {REFUSED, FORWARD "create nope 198.18.0.2", NULL},
    {REFUSED, FORWARD "create ovn0 203.0.113.1", NULL},
    {REFUSED, FORWARD "create ovn0 198.18.0.2 foo=bar", NULL},
    {REFUSED, FORWARD "create ovn0 198.18.0.2 target_address=10.99.0.1", NULL},
    {WRONG, FORWARD "create ovn0 198.18.0.2", "backends: []\n"},
    {WRONG, FORWARD "create ovn0", NULL},
    {SAME, FORWARD "list ovn0", NULL},
    {SAME, FORWARD "list ovn0 -f csv -c lDpL", NULL},
    {SAME, FORWARD "list ovn1 -f csv", NULL},
    {REFUSED, FORWARD "list nope", NULL},
    {SAME, FORWARD "set ovn0 198.18.0.1 user.a=b target_address=10.10.0.7", NULL},
    {SAME, FORWARD "set ovn0 198.18.0.1 -p description=hello", NULL},
    {SAME, FORWARD "get ovn0 198.18.0.1 target_address", NULL},
    {SAME, FORWARD "get ovn0 198.18.0.1 -p description", NULL},
    {REFUSED, FORWARD "set ovn0 198.18.0.1 target_address=10.99.0.7", NULL},
    {REFUSED, FORWARD "set ovn0 198.18.0.99 user.a=b", NULL},
    {SAME, FORWARD "unset ovn0 198.18.0.1 target_address", NULL},
    {SAME, FORWARD "port add ovn0 198.18.0.1 tcp 80 10.10.0.5", NULL},
    {SAME, FORWARD "port add ovn0 198.18.0.1 tcp 90-99 10.10.0.6 190-199 --description n", NULL},
    {SAME, FORWARD "port add ovn0 198.18.0.1 udp 53,54 10.10.0.6 153", NULL},
    {REFUSED, FORWARD "port add ovn0 198.18.0.1 tcp 80 10.10.0.5", NULL},
    {REFUSED, FORWARD "port add ovn0 198.18.0.1 tcp 100-101 10.10.0.6 1,2,3", NULL},
    {REFUSED, FORWARD "port add ovn0 198.18.0.1 sctp 81 10.10.0.5", NULL},
    {REFUSED, FORWARD "port add ovn0 198.18.0.1 tcp 81 10.99.0.1", NULL},
    {REFUSED, FORWARD "port add ovn0 198.18.0.99 tcp 81 10.10.0.5", NULL},
    {WRONG, FORWARD "port add ovn0 198.18.0.1 tcp 81", NULL},
    {SAME, FORWARD "list ovn0 -f csv", NULL},
    {REFUSED, FORWARD "port remove ovn0 198.18.0.1 tcp", NULL},
    {SAME, FORWARD "port remove ovn0 198.18.0.1 tcp 80", NULL},
    {REFUSED, FORWARD "port remove ovn0 198.18.0.1 tcp 80", NULL},
    {SAME, FORWARD "port remove ovn0 198.18.0.1 --force", NULL},
    {SAME, FORWARD "edit ovn0 198.18.0.1", "description: edited\nconfig:\n  user.a: b\n"},
    {WRONG, FORWARD "edit ovn0 198.18.0.1", "nope: 1\n"},
    {SAME, FORWARD "show ovn0 198.18.0.1", NULL},
    {REFUSED, FORWARD "show ovn0 198.18.0.99", NULL},
    {SAME, FORWARD "delete ovn0 198.18.0.1", NULL},
    {REFUSED, FORWARD "delete ovn0 198.18.0.1", NULL},
    {REFUSED, "network delete ovn0", NULL},
};

#define COLUMNS "-c nipvbwzdu"

static const struct step projects[] = {
    UPLINK,
    {SAME, "project create p1", NULL},
    {SAME, "project create p2 -c features.networks=true --description two", NULL},
    {SAME, "project create p3",
     "description: from stdin\nconfig:\n  features.networks: \"true\"\n  user.x: y\n"},
    {REFUSED, "project create p1", NULL},
    {REFUSED, "project create bad/name", NULL},
    {REFUSED, "project create p4 -c foo=bar", NULL},
    {WRONG, "project create p4 -c foo", NULL},
    {WRONG, "project create p4", "config: [\n"},
    {SAME, "project show p3", NULL},
    {REFUSED, "project show nope", NULL},
    {SAME, "project list " COLUMNS, NULL},
    {SAME, "project list -f csv " COLUMNS, NULL},
    {SAME, "project list -f compact " COLUMNS, NULL},
    {SAME, "project list -f json", NULL},
    {SAME, "project list -f yaml", NULL},
    {WRONG, "project list -c Z", NULL},
    {SAME, "project get p2 features.networks", NULL},
    {SAME, "project get p2 -p description", NULL},
    {REFUSED, "project get nope x", NULL},
    {SAME, "project set p2 user.a=b user.c=d limits.networks=3", NULL},
    {SAME, "project set p2 user.a=-", "from stdin"},
    {SAME, "project set p2 -p description=new", NULL},
    {REFUSED, "project set p2 foo=bar", NULL},
    {REFUSED, "project set p2 limits.networks=abc", NULL},
    {REFUSED, "project set nope a=b", NULL},
    {SAME, "project unset p2 user.c", NULL},
    {WRONG, "project unset p2", NULL},
    {SAME, "project info p2", NULL},
    {SAME, "project info p2 -f csv", NULL},
    {SAME, "project info p2 -f json", NULL},
    {REFUSED, "project info nope", NULL},
    {SAME, "project rename p1 q1", NULL},
    {REFUSED, "project rename p2 q1", NULL},
    {REFUSED, "project rename nope q2", NULL},
    {REFUSED, "project switch nope", NULL},
    {SAME, "project get-current", NULL},
    {SAME, "project switch p2", NULL},
    {SAME, "project get-current", NULL},
    {SAME, "project list " COLUMNS, NULL},
    {SAME, "project list -f csv -c n", NULL},
    {SAME, "project list -f json", NULL},
    OVN("n", "10", ""),
    {SAME, "network list -f csv", NULL},
    {SAME, "network list -f csv --project default", NULL},
    {SAME, LB "create n 198.18.0.1", NULL},
    {REFUSED, LB "list n --project default", NULL},
    {SAME, "project info p2 -f csv", NULL},
    {REFUSED, "project set p2 features.networks=false", NULL},
    {REFUSED, "project delete p2", NULL},
    {SAME, "project switch default", NULL},
    {SAME, "project edit p3", "description: edited\nconfig:\n  features.networks: \"true\"\n"},
    {REFUSED, "project edit p3", "config:\n  foo: bar\n"},
    {WRONG, "project edit p3", "config: 3\n"},
    {SAME, "project show p3", NULL},
    {REFUSED, "project delete nope", NULL},
    {REFUSED, "project delete default", NULL},
    {SAME, "project delete p3", NULL},
    {SAME, "project list -f csv " COLUMNS, NULL},
};

static struct result run(const char *client, const struct step *step)
{
    char sock[DAEMON_PATH_SIZE + 32];
    char lbctl_sock[DAEMON_PATH_SIZE + 32];
    char conf[DAEMON_PATH_SIZE + 32];
    char lbctl_conf[DAEMON_PATH_SIZE + 32];
    char script[2048];
    const char *argv[] = {"env", sock, conf,   lbctl_sock, lbctl_conf,
                          "sh",  "-c", script, client,     step->input != NULL ? step->input : "",
                          NULL};
    struct result result = {0};
    int status;

    snprintf(sock, sizeof sock, "INCUS_SOCKET=%s", world_daemon.socket);
    snprintf(conf, sizeof conf, "INCUS_CONF=%s/incus", world_daemon.directory);
    snprintf(lbctl_sock, sizeof lbctl_sock, "LBSTATE_SOCKET=%s", world_daemon.socket);
    snprintf(lbctl_conf, sizeof lbctl_conf, "XDG_CONFIG_HOME=%s/lbctl", world_daemon.directory);
    snprintf(script, sizeof script, "printf %%s \"$1\" | \"$0\" %s", step->words);
    status = daemon_run_program(argv, &result.output);
    if (!WIFEXITED(status)) {
        fail_msg("%s %s: wait status %#x", client, step->words, status);
    }
    result.code = WEXITSTATUS(status);
    return result;
}

/* Told to do nothing, the client prints its help and exits with 0; lbctl takes it for an error.
 * Where both fail, lbctl says by its exit code whether the daemon refused or the words did. */
static bool agree(const struct step *step, const struct result *incus, const struct result *lbctl)
{
    size_t size = strcspn(incus->output, "\n");

    switch (step->outcome) {
    case SAME:
        return incus->code == 0 && lbctl->code == 0 && strcmp(incus->output, lbctl->output) == 0;
    case REFUSED:
        return incus->code == 1 && lbctl->code == 1 && size > strlen("Error: ") &&
               strncmp(incus->output, lbctl->output, size) == 0;
    case WRONG:
        return (incus->code == 1 || strstr(incus->output, "Usage:") != NULL) && lbctl->code == 2 &&
               strncmp(lbctl->output, "Error: ", 7) == 0;
    }
    return false;
}

static void compare(const struct step *steps, size_t n_steps)
{
    struct result *by_incus = calloc(n_steps, sizeof *by_incus);
    size_t n_differ = 0;

    assert_non_null(by_incus);
    for (size_t i = 0; i < n_steps; i++) {
        by_incus[i] = run("incus", &steps[i]);
    }
    daemon_close(&world_daemon, false);
    assert_int_equal(daemon_init(&world_daemon), 0);
    assert_int_equal(daemon_start(&world_daemon), 0);
    for (size_t i = 0; i < n_steps; i++) {
        struct result by_lbctl = run(daemon_lbctl(), &steps[i]);

        if (!agree(&steps[i], &by_incus[i], &by_lbctl)) {
            print_error("%s\nincus: %d\n%s\nlbctl: %d\n%s\n", steps[i].words, by_incus[i].code,
                        by_incus[i].output, by_lbctl.code, by_lbctl.output);
            n_differ++;
        }
        free(by_lbctl.output);
        free(by_incus[i].output);
    }
    free(by_incus);
    assert_int_equal(n_differ, 0);
}

#define COMPARE(STEPS)                                                                             \
    static void STEPS##_are_alike(void **state)                                                    \
    {                                                                                              \
        (void)state;                                                                               \
        world_skip_without_incus();                                                                \
        compare(STEPS, sizeof STEPS / sizeof STEPS[0]);                                            \
    }

COMPARE(networks)
COMPARE(load_balancers)
COMPARE(forwards)
COMPARE(projects)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(networks_are_alike, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(load_balancers_are_alike, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(forwards_are_alike, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(projects_are_alike, world_set_up, world_tear_down),
    };

    return cmocka_run_group_tests_name("both clients", tests, NULL, NULL);
}
