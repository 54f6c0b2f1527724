/* lbctl cluster with the real daemon: a server becomes a cluster of one. */
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_WORDS 8

static struct daemon lbstated;

/* Runs `lbctl WORDS..`; fails the test unless it exits with CODE and says TEXT. */
static void lbctl(int code, const char *text, const char *const words[])
{
    const char *argv[MAX_WORDS + 4] = {daemon_lbctl(), "--socket", lbstated.socket};
    char *output = NULL;
    int status;

    for (size_t i = 0; words[i] != NULL; i++) {
        assert_true(i < MAX_WORDS);
        argv[3 + i] = words[i];
    }
    status = daemon_run_program(argv, &output);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != code || strstr(output, text) == NULL) {
        fail_msg("lbctl %s %s: wait status %#x: %s", words[0], words[1], (unsigned)status, output);
    }
    free(output);
}

#define LBCTL(code, text, ...) lbctl(code, text, (const char *const[]){__VA_ARGS__, NULL})

/* An address of the loopback network for this run of the test. */
static const char *own_address(void)
{
    static char address[32];

    snprintf(address, sizeof address, "127.%d.%d.1:18443", 64 + getpid() / 256 % 128,
             getpid() % 256);
    return address;
}

static void a_server_becomes_a_cluster_of_one(void **state)
{
    char row[128];
    int status;

    (void)state;
    snprintf(row, sizeof row, "n1,https://%s,\"database-leader, database\",ONLINE", own_address());
    LBCTL(1, "Server is not clustered", "cluster", "list");
    LBCTL(1, "Invalid address", "cluster", "enable", "n1", "0.0.0.0");
    LBCTL(1, "Invalid member name", "cluster", "enable", "n_1", own_address());
    LBCTL(0, "this server is member n1", "cluster", "enable", "n1", own_address());
    LBCTL(1, "clustered already", "cluster", "enable", "n1", own_address());
    LBCTL(0, row, "cluster", "list", "--format", "csv", "--columns", "nurs");
    LBCTL(0, "Survives no failure", "cluster", "list");
    LBCTL(0, "n2 join token:", "cluster", "add", "n2");
    LBCTL(0, "n2,", "cluster", "list-tokens", "--format", "csv");
    LBCTL(0, "n2 revoked", "cluster", "revoke-token", "n2");
    LBCTL(0, "", "cluster", "role", "add", "n1", "ovn-chassis");
    LBCTL(0, "- ovn-chassis\n- database-leader\n- database\n", "cluster", "show", "n1");
    LBCTL(1, "last member", "cluster", "remove", "n1");
    LBCTL(0, "renamed to m1", "cluster", "rename", "n1", "m1");

    /* It is what it was after kill -9. */
    assert_int_equal(daemon_kill(&lbstated), 0);
    assert_int_equal(daemon_start(&lbstated), 0);
    LBCTL(0, "m1,ONLINE", "cluster", "list", "--format", "csv", "--columns", "ns");
    LBCTL(0, "m1", "cluster", "group", "show", "default");
    assert_int_equal(daemon_stop(&lbstated, &status), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int set_up(void **state)
{
    (void)state;
    return daemon_init(&lbstated) == 0 && daemon_start(&lbstated) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    daemon_close(&lbstated, false);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_server_becomes_a_cluster_of_one, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("cluster of one", tests, NULL, NULL);
}
