/* Backup and restore, with the very commands of doc/operations.md. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"

#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define LIST          "/1.0/networks/ovn0/load-balancers"
#define FORWARDS      "/1.0/networks/ovn0/forwards"
#define WEB_FORWARDS  "/1.0/networks/ovnweb/forwards"
#define N_REAL        267
#define N_BEFORE      100  /* Records that are there when the writing begins. */
#define N_RECORDS_MAX 5000 /* More than are written during a backup. */

/* Runs the indented lines of section $3 of the document, for the daemon with
 * socket $1, in directory $2. */
static const char run_section[] =
    "lbctl() { \"$LBCTL_OF_TEST\" --socket \"$socket\" \"$@\"; }\n"
    "socket=$1\n"
    "commands=$(awk -v section=\"## $3\" '/^## / { on = $0 == section }\n"
    "    on && /^    / { said = 1; print; next }\n"
    "    said { exit }' \"$OPERATIONS\")\n"
    "[ -n \"$commands\" ] || exit 99\n"
    "cd \"$2\" && eval \"$commands\"\n";

/* The second daemon: the one that a backup is restored on. */
static struct daemon other;

static int set_up(void **state)
{
    char lbctl[PATH_MAX];

    if (realpath(daemon_lbctl(), lbctl) == NULL || setenv("LBCTL_OF_TEST", lbctl, 1) != 0 ||
        setenv("OPERATIONS", TEST_OPERATIONS, 1) != 0) {
        return -1;
    }
    if (world_set_up(state) != 0) {
        return -1;
    }
    if (daemon_init(&other) != 0) {
        world_tear_down(state);
        return -1;
    }
    return 0;
}

static int tear_down(void **state)
{
    daemon_close(&other, false);
    return world_tear_down(state);
}

static void assert_runs(const char *const argv[])
{
    char *output = NULL;
    int status = daemon_run_program(argv, &output);

    if (status != 0) {
        print_error("%s: wait status %#x: %s\n", argv[0], (unsigned)status, output);
    }
    assert_int_equal(status, 0);
    free(output);
}

/* The commands of SECTION, which use lbstate.json in the first daemon's directory. */
static void run_commands_of(const char *section, const struct daemon *daemon)
{
    const char *const argv[] = {
        "sh", "-c", run_section, "sh", daemon->socket, world_daemon.directory, section, NULL};

    assert_runs(argv);
}

static void import_real(void)
{
    const char *const argv[] = {daemon_lbctl(),
                                "--socket",
                                world_daemon.socket,
                                "import",
                                TEST_DATA_DIR "/real/projects.json",
                                TEST_DATA_DIR "/real/networks.json",
                                TEST_DATA_DIR "/real/load-balancers.json",
                                NULL};

    assert_runs(argv);
}

/* Both daemons give the same for PATH; returns how much it is. */
static size_t assert_equal_lists(const char *path)
{
    json_t *left = world_get(world_daemon.socket, path);
    json_t *right = world_get(other.socket, path);
    size_t n = json_array_size(left);

    assert_int_equal(json_array_size(right), n);
    for (size_t i = 0; i < n; i++) {
        if (!json_equal(json_array_get(left, i), json_array_get(right, i))) {
            print_error("%s: entry %zu differs\n", path, i);
        }
        assert_true(json_equal(json_array_get(left, i), json_array_get(right, i)));
    }
    json_decref(left);
    json_decref(right);
    return n;
}

static void assert_real_records_are_equal(void)
{
    size_t n = 0;

    assert_true(assert_equal_lists("/1.0/projects?recursion=1") > 1);
    assert_true(assert_equal_lists("/1.0/networks?recursion=1&all-projects=true") > 4);
    n += assert_equal_lists("/1.0/networks/ovn0/load-balancers?recursion=1");
    n += assert_equal_lists("/1.0/networks/ovn1/load-balancers?recursion=1");
    n += assert_equal_lists("/1.0/networks/ovnmail/load-balancers?recursion=1&project=mail");
    n += assert_equal_lists("/1.0/networks/ovnweb/load-balancers?recursion=1&project=web");
    assert_int_equal(n, N_REAL);
}

/* Two kinds of forwards in two projects: with a default target and ports, and with nothing. */
static void create_forwards(void)
{
    assert_int_equal(
        world_status(world_daemon.socket, "POST", FORWARDS,
                     "{\"listen_address\": \"192.0.2.90\", \"description\": \"a \\\"<b>\\\"\\n\","
                     " \"config\": {\"target_address\": \"10.10.10.11\", \"user.a\": \"b\"},"
                     " \"ports\": [{\"protocol\": \"udp\", \"listen_port\": \"53,80-82\","
                     " \"target_port\": \"153,180-182\", \"target_address\": \"10.10.10.12\"}]}"),
        201);
    assert_int_equal(world_status(world_daemon.socket, "POST", WEB_FORWARDS "?project=web",
                                  "{\"listen_address\": \"2001:db8:5:1::7\"}"),
                     201);
}

static void assert_forwards_are_equal(void)
{
    assert_int_equal(assert_equal_lists(FORWARDS "?recursion=1"), 1);
    assert_int_equal(assert_equal_lists(WEB_FORWARDS "?recursion=1&project=web"), 1);
}

static void records_are_equal_where_they_are_restored(void **state)
{
    (void)state;
    import_real();
    create_forwards();
    run_commands_of("Backup", &world_daemon);
    assert_int_equal(daemon_start(&other), 0);
    run_commands_of("Restore", &other);
    assert_real_records_are_equal();
    assert_forwards_are_equal();

    /* Once more changes nothing. */
    run_commands_of("Restore", &other);
    assert_real_records_are_equal();
    assert_forwards_are_equal();
}

static void a_backup_of_a_daemon_that_is_gone_fails(void **state)
{
    const char *const argv[] = {
        "sh", "-c", run_section, "sh", world_daemon.socket, world_daemon.directory, "Backup", NULL};
    char *output = NULL;
    int status;

    (void)state;
    assert_int_equal(daemon_kill(&world_daemon), 0);
    status = daemon_run_program(argv, &output);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3);
    free(output);
}

/* As /var/lib/lbstate with tar, of a daemon that was stopped. */
static void the_state_directory_is_taken_elsewhere(void **state)
{
    const char *const argv[] = {"sh",
                                "-ec",
                                "tar -C \"$1\" -czf \"$1/state.tar.gz\" state\n"
                                "tar -C \"$2\" -xzf \"$1/state.tar.gz\"",
                                "sh",
                                world_daemon.directory,
                                other.directory,
                                NULL};
    int status = -1;

    (void)state;
    import_real();
    assert_int_equal(daemon_stop(&world_daemon, &status), 0);
    assert_int_equal(status, 0);
    assert_runs(argv);
    assert_int_equal(daemon_start(&world_daemon), 0);
    assert_int_equal(daemon_start(&other), 0);
    assert_real_records_are_equal();

    /* They share nothing from here on. */
    assert_int_equal(world_status(other.socket, "DELETE", LIST "/192.0.2.77", NULL), 200);
    assert_int_equal(world_status(world_daemon.socket, "GET", LIST "/192.0.2.77", NULL), 200);
    assert_int_equal(world_status(other.socket, "GET", LIST "/192.0.2.77", NULL), 404);
}

static atomic_bool enough;
static atomic_uint n_written;
static sem_t is_writing;

static int write_one(unsigned number)
{
    char body[512];

    snprintf(body, sizeof body,
             "{\"listen_address\": \"198.18.%u.%u\", \"description\": \"number %u\","
             " \"config\": {\"user.number\": \"%u\"},"
             " \"backends\": [{\"name\": \"b\", \"target_address\": \"10.10.10.11\","
             " \"target_port\": \"%u\"}],"
             " \"ports\": [{\"protocol\": \"tcp\", \"listen_port\": \"%u\","
             " \"target_backend\": [\"b\"]}]}",
             number / 250, number % 250 + 1, number, number, number + 1, number + 1);
    return world_status(world_daemon.socket, "POST", LIST, body);
}

static void *write_on(void *data)
{
    unsigned number = N_BEFORE;

    (void)data;
    while (!atomic_load(&enough) && number < N_RECORDS_MAX && write_one(number) == 201) {
        number++;
        atomic_fetch_add(&n_written, 1);
        if (number == N_BEFORE + 1) {
            sem_post(&is_writing);
        }
    }
    if (number == N_BEFORE) {
        sem_post(&is_writing); /* Nothing was; the test sees that by the count. */
    }
    return NULL;
}

/* Every record of FEWER is one of MORE, byte for byte in the same order. */
static void assert_is_part(const json_t *fewer, const json_t *more)
{
    size_t next = 0;

    for (size_t i = 0; i < json_array_size(fewer); i++) {
        const json_t *record = json_array_get(fewer, i);

        while (next < json_array_size(more) && !json_equal(json_array_get(more, next), record)) {
            next++;
        }
        if (next == json_array_size(more)) {
            print_error("%s is not in the other list as it is in the first\n",
                        json_string_value(json_object_get(record, "listen_address")));
        }
        assert_true(next < json_array_size(more));
    }
}

static void a_backup_during_writes_has_what_was_there_and_nothing_torn(void **state)
{
    pthread_t thread;
    json_t *before;
    json_t *restored;
    json_t *after;
    unsigned n_at_start;
    unsigned n_at_end;

    (void)state;
    world_make(world_daemon.socket);
    for (unsigned i = 0; i < N_BEFORE; i++) {
        assert_int_equal(write_one(i), 201);
    }
    assert_int_equal(sem_init(&is_writing, 0, 0), 0);
    assert_int_equal(pthread_create(&thread, NULL, write_on, NULL), 0);
    assert_int_equal(sem_wait(&is_writing), 0);
    before = world_get(world_daemon.socket, LIST "?recursion=1");
    n_at_start = atomic_load(&n_written);
    run_commands_of("Backup", &world_daemon);
    n_at_end = atomic_load(&n_written);
    atomic_store(&enough, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    sem_destroy(&is_writing);
    assert_true(n_at_end > n_at_start);
    after = world_get(world_daemon.socket, LIST "?recursion=1");

    assert_int_equal(daemon_start(&other), 0);
    run_commands_of("Restore", &other);
    restored = world_get(other.socket, LIST "?recursion=1");
    assert_true(json_array_size(before) > N_BEFORE);
    assert_is_part(before, restored);
    assert_is_part(restored, after);
    json_decref(before);
    json_decref(restored);
    json_decref(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(records_are_equal_where_they_are_restored, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_backup_of_a_daemon_that_is_gone_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_state_directory_is_taken_elsewhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_backup_during_writes_has_what_was_there_and_nothing_torn,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
