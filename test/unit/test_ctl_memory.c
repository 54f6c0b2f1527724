/* lbctl without memory: the n-th allocation fails, for every n until all goes
 * through. Each run either does all that it should, or says that memory lacked;
 * and leaves nothing behind. */
#include "test/lib/allocation.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/ctl_run.h"
#include "test/lib/fake_incus.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define ALLOCATIONS_MAX 20000

#define LB "/1.0/networks/ovn0/load-balancers/192.0.2.1"

static struct fake_incus incus;

static int start(void **state)
{
    (void)state;
    fake_incus_start(&incus);
    fake_incus_add(&incus, "-", "/1.0/projects/default", "{\"name\":\"default\"}");
    fake_incus_add(&incus, "default", "/1.0/networks/ovn0",
                   "{\"name\":\"ovn0\",\"type\":\"ovn\",\"managed\":true,\"config\":{\"a\":\"b\","
                   "\"ipv4.address\":\"10.0.0.1/24\"},\"description\":\"a \\u00e9\\u001b,\\\"b\"}");
    fake_incus_add(&incus, "default", LB,
                   "{\"listen_address\":\"192.0.2.1\",\"description\":\"two\\nlines\",\"config\":"
                   "{\"user.a\":\"yes\"},\"backends\":[{\"name\":\"b1\"}],\"ports\":[{\"protocol\":"
                   "\"tcp\",\"listen_port\":\"80\",\"target_backend\":[\"b1\",\"b2\"]}]}");
    fake_incus_add(&incus, "default", LB "/state",
                   "{\"backend_health\":{\"b1\":{\"address\":\"10.0.0.2\",\"ports\":[{\"protocol\":"
                   "\"tcp\",\"port\":80,\"status\":\"online\"}]}}}");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    ctl_run_end();
    fake_incus_stop(&incus);
    return 0;
}

/* What every record of the test has: a body that lost a member would show. */
static void assert_record_is_whole(void)
{
    char *record = fake_incus_record(&incus, "default", LB);

    assert_non_null(record);
    if (strstr(record, "\"backends\":[{") == NULL || strstr(record, "\"config\":{\"") == NULL ||
        strstr(record, "\"description\":\"") == NULL || strstr(record, "\"ports\":[") == NULL) {
        fail_msg("%s", record);
    }
    free(record);
}

/* Runs lbctl once and hands out all that it printed, for free(). */
static int run(const char *input, const char *const *words, char **ret_printed)
{
    const char *argv[16] = {"lbctl", "--socket", fake_daemon_socket(incus.daemon)};
    size_t n = 3;
    size_t size;
    int rv;

    for (; *words != NULL; words++) {
        argv[n++] = *words;
    }
    rv = ctl_run(input, argv);
    (void)allocation_end();
    size = strlen(ctl_printed.out) + strlen(ctl_printed.err) + 1;
    *ret_printed = malloc(size);
    assert_non_null(*ret_printed);
    strcpy(*ret_printed, ctl_printed.out);
    strcat(*ret_printed, ctl_printed.err);
    if (rv == 0) {
        assert_record_is_whole();
    }
    ctl_run_end();
    return rv;
}

/* Whether a failure is told as one. A write that was sent may have been made. */
static bool is_told(int rv, enum allocation_failure failure, const char *printed)
{
    if (failure == ALLOCATION_LIBRARY) {
        return strstr(printed, "Error: ") != NULL;
    }
    return (rv == 1 && strstr(printed, "Out of memory") != NULL) ||
           (rv != 0 && strstr(printed, "Whether the change was made is unknown") != NULL);
}

static void assert_survives(const char *input, const char *const *words)
{
    enum allocation_failure failure;
    char *expected;
    unsigned n = 0;
    long n_left; /* By a run that goes well: the test frees what glibc allocated. */

    /* What is kept for good is made by the first run, and what a repetition
     * changes isn't changed any more by the second. */
    assert_int_equal(run(input, words, &expected), 0);
    free(expected);
    n_left = -allocation_n_live();
    assert_int_equal(run(input, words, &expected), 0);
    n_left += allocation_n_live() - 1;
    do {
        long n_live = allocation_n_live();
        char *printed;
        int rv;

        assert_true(n < ALLOCATIONS_MAX);
        allocation_fail_after(n);
        rv = run(input, words, &printed);
        failure = allocation_end();
        if (rv != 0 ? !is_told(rv, failure, printed) : strcmp(printed, expected) != 0) {
            fail_msg("%s %s, allocation %u (%s): exit code %d: %s", words[0], words[1], n,
                     failure == ALLOCATION_OURS ? "ours" : "a library's", rv, printed);
        }
        free(printed);
        if (allocation_n_live() - n_live != n_left) {
            fail_msg("%s %s, allocation %u: %ld are left", words[0], words[1], n,
                     allocation_n_live() - n_live - n_left);
        }
        n++;
    } while (failure != ALLOCATION_NONE);
    assert_true(n > 10);
    free(expected);
}

#define ASSERT_SURVIVES(INPUT, ...)                                                                \
    assert_survives((INPUT), (const char *const[]){__VA_ARGS__, NULL})

static void lists(void **state)
{
    (void)state;
    ASSERT_SURVIVES(NULL, "network", "list");
    ASSERT_SURVIVES(NULL, "network", "list", "-f", "compact", "-c", "ndu", "o", "type=ovn");
    ASSERT_SURVIVES(NULL, "network", "list", "-f", "markdown,noheader");
    ASSERT_SURVIVES(NULL, "lb", "list", "ovn0", "-f", "csv,header");
    ASSERT_SURVIVES(NULL, "lb", "list", "ovn0", "-f", "json");
    ASSERT_SURVIVES(NULL, "project", "list", "-f", "yaml");
    ASSERT_SURVIVES(NULL, "project", "get-current");
}

static void records(void **state)
{
    (void)state;
    ASSERT_SURVIVES(NULL, "lb", "show", "ovn0", "192.0.2.1");
    ASSERT_SURVIVES(NULL, "lb", "show", "ovn0", "192.0.2.1", "-f", "json", "--project=default");
    ASSERT_SURVIVES(NULL, "lb", "get", "ovn0", "192.0.2.1", "user.a");
    ASSERT_SURVIVES(NULL, "lb", "info", "ovn0", "192.0.2.1");
    ASSERT_SURVIVES(NULL, "query", "/1.0/networks/ovn0");
    ASSERT_SURVIVES(NULL, "version");
}

static void changes(void **state)
{
    (void)state;
    ASSERT_SURVIVES(NULL, "lb", "set", "ovn0", "192.0.2.1", "user.a=c", "user.b=");
    ASSERT_SURVIVES("a\nvalue", "lb", "set", "ovn0", "192.0.2.1", "user.a=-");
    ASSERT_SURVIVES("value", "network", "set", "ovn0", "user.a", "-");
    ASSERT_SURVIVES(NULL, "lb", "unset", "ovn0", "192.0.2.1", "-p", "description");
    ASSERT_SURVIVES("description: \"x\\u00e9\"\nconfig: {a: b}\nbackends:\n- name: b1\nports: ~\n",
                    "lb", "edit", "ovn0", "192.0.2.1");
}

static void imports(void **state)
{
    static const char json[] =
        "{\"projects\":[{\"name\":\"p\",\"config\":{\"a\":1}}],\"networks\":[{\"name\":\"n\","
        "\"type\":"
        "\"ovn\"}],\"load_balancers\":{\"default/ovn0\":[{\"listen_address\":\"::1\",\"backends\":["
        "{\"name\":\"b\",\"target_address\":\"::2\"}],\"ports\":[{\"listen_port\":\"80, 81\","
        "\"target_backend\":[\"b\"]}]}]},\"forwards\":{\"default/"
        "ovn0\":[{\"listen_address\":\"::3\","
        "\"config\":{\"target_address\":\"::4\"},\"ports\":[{\"listen_port\":\"80\"}]}]}}";

    (void)state;
    ASSERT_SURVIVES(json, "import", "-", "--connections", "1", "-f", "json");
}

static void dumps(void **state)
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
        "INSERT INTO projects VALUES(3,'web',replace('a\\nb\\nc','\\n',char(10)));"
        "INSERT INTO projects_config VALUES(3,'k','v');"
        "INSERT INTO networks VALUES(1,3,'ovn0','',3);"
        "INSERT INTO networks_config VALUES(1,1,'k','v');"
        "INSERT INTO networks_config VALUES(1,2,'k','w');"
        "INSERT INTO networks_load_balancers VALUES(1,1,'192.0.2.1','','[{\"name\":\"b\"}]','[]');"
        "INSERT INTO networks_forwards VALUES(1,1,'192.0.2.2','','[]');"
        "INSERT INTO networks_forwards_config VALUES(1,'target_address','10.0.0.1');COMMIT;";

    (void)state;
    ASSERT_SURVIVES(dump, "import", "--incus-dump", "-", "--connections", "1", "-f", "json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lists, start, stop),
        cmocka_unit_test_setup_teardown(records, start, stop),
        cmocka_unit_test_setup_teardown(changes, start, stop),
        cmocka_unit_test_setup_teardown(imports, start, stop),
        cmocka_unit_test_setup_teardown(dumps, start, stop),
    };

    (void)setlocale(LC_CTYPE, "C.UTF-8");
    allocation_init();
    return cmocka_run_group_tests_name("ctl memory", tests, NULL, NULL);
}
