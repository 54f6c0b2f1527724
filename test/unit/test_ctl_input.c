/* Values from standard input (`key=-`), and the project that was chosen. */
#include "ctl/input_value.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/ctl_run.h"
#include "test/lib/fake_incus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LB "/1.0/networks/ovn0/load-balancers/192.0.2.1"

static struct fake_incus incus;
static const char *socket_path;

static int start(void **state)
{
    (void)state;
    incus = (struct fake_incus){0};
    fake_incus_start(&incus);
    fake_incus_add(&incus, "default", "/1.0/networks/ovn0",
                   "{\"managed\":true,\"config\":{\"user.old\":\"o\"}}");
    fake_incus_add(&incus, "default", LB, "{\"description\":\"d\",\"config\":{}}");
    socket_path = fake_daemon_socket(incus.daemon);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    ctl_run_end();
    fake_incus_stop(&incus);
    return 0;
}

static void assert_last(const char *expected)
{
    assert_string_equal(fake_daemon_request(incus.daemon, fake_daemon_n_requests(incus.daemon) - 1),
                        expected);
}

static void a_value_is_read_from_standard_input(void **state)
{
    (void)state;
    assert_int_equal(lbctl_with("two\nlines\n", socket_path, "lb", "set", "ovn0", "192.0.2.1",
                                "user.b=x", "user.a=-"),
                     0);
    assert_last("PUT " LB " {\"description\":\"d\",\"config\":{\"user.b\":\"x\",\"user.a\":"
                "\"two\\nlines\\n\"}}");
    assert_int_equal(
        lbctl_with("a=b", socket_path, "lb", "set", "ovn0", "192.0.2.1", "user.c", "-"), 0);
    assert_last("PUT " LB " {\"description\":\"d\",\"config\":{\"user.b\":\"x\",\"user.a\":"
                "\"two\\nlines\\n\",\"user.c\":\"a=b\"}}");
    assert_int_equal(
        lbctl_with("text", socket_path, "lb", "set", "ovn0", "192.0.2.1", "-p", "description=-"),
        0);
    assert_int_equal(
        lbctl_with("", socket_path, "lb", "set", "ovn0", "192.0.2.1", "user.b=-", "user.c="), 0);
    assert_last("PUT " LB " {\"description\":\"text\",\"config\":{\"user.a\":\"two\\nlines\\n\"}}");
    /* Only a value that is no more than the dash. */
    assert_int_equal(
        lbctl_with("x", socket_path, "lb", "set", "ovn0", "192.0.2.1", "user.a=--", "user.b==-"),
        0);
    assert_last("PUT " LB " {\"description\":\"text\",\"config\":{\"user.a\":\"--\",\"user.b\":"
                "\"=-\"}}");
}

static void a_change_that_is_repeated_reads_once(void **state)
{
    (void)state;
    incus.n_interferences = 1;
    assert_int_equal(
        lbctl_with("value", socket_path, "network", "set", "ovn0", "user.a=-", "user.old="), 0);
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 4);
    assert_last("PUT /1.0/networks/ovn0 {\"description\":\"somebody else's\",\"config\":{"
                "\"user.a\":\"value\"}}");
}

/* The value takes what would be the YAML. */
static void create_reads_a_value_or_a_record(void **state)
{
    (void)state;
    assert_int_equal(
        lbctl_with("description: y\n", socket_path, "network", "create", "n1", "user.a=-"), 0);
    assert_last("POST /1.0/networks {\"description\":\"\",\"config\":{\"user.a\":\"description: "
                "y\\n\"},\"name\":\"n1\",\"type\":\"\"}");
    assert_int_equal(
        lbctl_with("description: y\n", socket_path, "network", "create", "n2", "user.a=b"), 0);
    assert_last("POST /1.0/networks {\"description\":\"y\",\"config\":{\"user.a\":\"b\"},\"name\":"
                "\"n2\",\"type\":\"\"}");
    assert_int_equal(lbctl_with("v", socket_path, "project", "create", "p", "user.a=-"), 0);
    assert_last("POST /1.0/projects {\"description\":\"\",\"config\":{\"user.a\":\"v\"},\"name\":"
                "\"p\"}");
    assert_int_equal(lbctl_with("v", socket_path, "lb", "create", "ovn0", "192.0.2.2", "user.a=-"),
                     0);
    assert_int_equal(lbctl_with("10.0.0.1", socket_path, "network", "forward", "create", "ovn0",
                                "192.0.2.3", "target_address=-"),
                     0);
    assert_last("POST /1.0/networks/ovn0/forwards {\"description\":\"\",\"config\":{"
                "\"target_address\":\"10.0.0.1\"},\"ports\":[],\"listen_address\":\"192.0.2.3\"}");
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    assert_int_equal(lbctl_with("\xff", socket_path, "network", "set", "ovn0", "user.a=-"), 2);
    assert_string_equal(ctl_printed.err, "Error: Standard input isn't a text in UTF-8\n");
    assert_int_equal(lbctl_with("x", socket_path, "network", "set", "ovn0", "user.a=-", "user.b=-"),
                     2);
    assert_string_equal(ctl_printed.err, "Error: Cannot read the stdin twice\n");
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 0);
}

static void a_value_has_a_limit(void **state)
{
    char *text = malloc(INPUT_VALUE_SIZE_MAX + 2);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', INPUT_VALUE_SIZE_MAX + 1);
    text[INPUT_VALUE_SIZE_MAX + 1] = '\0';
    assert_int_equal(lbctl_with(text, socket_path, "network", "set", "ovn0", "user.a=-"), 2);
    assert_string_equal(ctl_printed.err, "Error: Standard input has more than 1048576 bytes\n");
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 0);
    /* One less is read, and found too long for a body with all that is around it. */
    text[INPUT_VALUE_SIZE_MAX] = '\0';
    assert_int_equal(lbctl_with(text, socket_path, "network", "set", "ovn0", "user.a=-"), 1);
    assert_non_null(strstr(ctl_printed.err, "larger than the 1048576 bytes that the daemon takes"));
    text[INPUT_VALUE_SIZE_MAX - 1000] = '\0';
    assert_int_equal(lbctl_with(text, socket_path, "network", "set", "ovn0", "user.a=-"), 0);
    free(text);
}

static void assert_switch_says(const char *folder, const char *name)
{
    char path[300];
    char line[100] = "";
    FILE *file;

    snprintf(path, sizeof path, "%s/lbctl/project", folder);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    fclose(file);
    assert_string_equal(line, name);
}

static void a_project_is_chosen(void **state)
{
    char folder[] = "/tmp/lbstate-switch-XXXXXX";
    char config[100];
    char path[200];
    FILE *file;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(config, sizeof config, "%s/a/b", folder);
    ctl_run_config_home = config;
    fake_incus_add(&incus, "-", "/1.0/projects/web", "{}");
    fake_incus_add(&incus, "web", "/1.0/networks/ovn0", "{\"config\":{\"user.a\":\"of web\"}}");
    assert_int_equal(lbctl(socket_path, "project", "get-current"), 0);
    assert_string_equal(ctl_printed.out, "default\n");

    assert_int_equal(lbctl(socket_path, "project", "switch", "nope"), 1);
    assert_int_equal(access(config, F_OK), -1);
    assert_int_equal(lbctl(socket_path, "project", "switch", "web"), 0);
    assert_switch_says(config, "web\n");
    assert_int_equal(lbctl(socket_path, "project", "get-current"), 0);
    assert_string_equal(ctl_printed.out, "web\n");
    assert_int_equal(lbctl(socket_path, "network", "get", "ovn0", "user.a"), 0);
    assert_string_equal(ctl_printed.out, "of web\n");
    assert_int_equal(lbctl(socket_path, "network", "get", "ovn0", "user.old", "--project=default"),
                     0);
    assert_string_equal(ctl_printed.out, "o\n");

    /* Commands that work in no project don't name it. */
    assert_int_equal(lbctl(socket_path, "project", "list"), 0);
    assert_last("GET /1.0/projects?recursion=1 ");
    assert_int_equal(lbctl(socket_path, "network", "list", "--all-projects"), 0);
    assert_last("GET /1.0/networks?recursion=1&all-projects=true ");
    assert_int_equal(lbctl(socket_path, "query", "/1.0"), 0);
    assert_last("GET /1.0 ");

    /* What can't be read isn't taken for the default. */
    snprintf(path, sizeof path, "%s/lbctl/project", config);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("a\nb\n", file);
    fclose(file);
    assert_int_equal(lbctl(socket_path, "network", "list"), 2);
    assert_non_null(strstr(ctl_printed.err, "doesn't hold the name of a project. Remove it, or "
                                            "give --project\n"));
    assert_int_equal(lbctl(socket_path, "network", "list", "--project", "web"), 0);
    ctl_run_config_home = NULL;

    unlink(path);
    snprintf(path, sizeof path, "%s/lbctl", config);
    rmdir(path);
    rmdir(config);
    snprintf(path, sizeof path, "%s/a", folder);
    rmdir(path);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_value_is_read_from_standard_input, start, stop),
        cmocka_unit_test_setup_teardown(a_change_that_is_repeated_reads_once, start, stop),
        cmocka_unit_test_setup_teardown(create_reads_a_value_or_a_record, start, stop),
        cmocka_unit_test_setup_teardown(what_is_no_text_is_refused, start, stop),
        cmocka_unit_test_setup_teardown(a_value_has_a_limit, start, stop),
        cmocka_unit_test_setup_teardown(a_project_is_chosen, start, stop),
    };

    return cmocka_run_group_tests_name("ctl input", tests, NULL, NULL);
}
