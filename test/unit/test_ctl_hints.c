/* Each failure that has a remedy comes with it, worded with the names that the user
 * gave. What the real daemon says is checked by test/integration/test_lbctl.c. */
#include "ctl/ctl.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/ctl_run.h"
#include "test/lib/fake_daemon.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

struct refusal {
    int status;
    const char *message;
    const char *hint; /* "": none. */
};

static void refuse(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    const struct refusal *const *refusal = data;
    json_t *envelope = json_pack("{s:s, s:s}", "type", "error", "error", (*refusal)->message);

    (void)request;
    answer->status = (*refusal)->status;
    answer->body = json_dumps(envelope, 0);
    json_decref(envelope);
}

static void refusals_have_hints(void **state)
{
    static const struct refusal refusals[] = {
        {404, "Failed to load project \"web\": Project not found",
         ". `lbctl project list` shows the projects"},
        {404, "Network load balancer not found",
         ". `lbctl load-balancer list ovn0 --project web` shows those there are"},
        {404, "Network forward not found",
         ". `lbctl network forward list ovn0 --project web` shows those there are"},
        {404, "Failed loading network: Network not found",
         ". `lbctl network list --all-projects` shows the networks"},
        {404, "not found", ""},
        {409, "Load balancer listen address \"192.0.2.1/32\" overlaps with another network or NIC",
         ". An address is given once on an uplink. `lbctl load-balancer list` and `lbctl network "
         "forward list` show those of a network"},
        {409, "A load balancer for that listen address already exists",
         ". The commands set and edit change what exists"},
        {412, "ETag doesn't match: a vs b",
         ". Somebody else changed it meanwhile: look at it with show, and repeat the change"},
        {400, "Failed updating load balancer: Invalid option \"foo\"",
         ". `lbctl load-balancer set --help` names the keys; those of your own start with "
         "\"user.\""},
        {400, "Invalid project configuration key \"foo\"",
         ". `lbctl load-balancer set --help` names the keys; those of your own start with "
         "\"user.\""},
        {400, "Uplink network doesn't contain \"203.0.113.1/32\" in its routes",
         ". ipv4.routes and ipv6.routes of the uplink say which addresses it has: `lbctl network "
         "list` and `lbctl network show` show them"},
        {400, "The network is currently in use",
         ". `lbctl network show ovn0 --project web` tells by what, under used_by"},
        {400, "Only empty projects can be removed",
         ". `lbctl project show ovn0` tells what is in it, under used_by"},
        {400, "Invalid target backend name \"b\" in port specification 0",
         ". `lbctl load-balancer backend add ovn0 --project web ...` makes a backend; `lbctl "
         "load-balancer show` shows those there are"},
        {400, "Invalid load balancer listen address foo", ""},
        {503, "No member leads the database",
         ". Nothing was changed. Try again in some seconds: the members of the cluster may be "
         "choosing a leader. If it lasts, most of them are down or can't be reached: see "
         "`journalctl -u lbstated`"},
        {500, "Something else", ""},
    };
    const struct refusal *refusal = NULL;
    struct fake_daemon *daemon = fake_daemon_start(refuse, &refusal);

    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        char expected[1000];

        refusal = &refusals[i];
        assert_int_equal(lbctl(fake_daemon_socket(daemon), "lb", "delete", "ovn0", "192.0.2.1",
                               "--project", "web"),
                         1);
        snprintf(expected, sizeof expected, "Error: %s%s\n", refusal->message, refusal->hint);
        assert_string_equal(ctl_printed.err, expected);
    }
    /* Names come from the command line, and act on no terminal. */
    refusal = &refusals[1];
    assert_int_equal(lbctl(fake_daemon_socket(daemon), "lb", "delete", "a\033b", "192.0.2.1"), 1);
    assert_non_null(strstr(ctl_printed.err, "`lbctl load-balancer list a\\x1bb` shows"));
    ctl_run_end();
    fake_daemon_stop(daemon);
}

/* A 503 whose change may have been made says so, and not that nothing was. */
static void lose(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    static const char text[] = "HTTP/1.1 503 Service Unavailable\r\nLbstate-Outcome: unknown\r\n"
                               "Content-Length: 54\r\nConnection: close\r\n\r\n"
                               "{\"type\":\"error\",\"error_code\":503,\"error\":\"It is lost\"}";

    (void)data;
    (void)request;
    answer->raw = true;
    answer->body = strdup(text);
    if (answer->body == NULL) {
        abort();
    }
}

static void an_unknown_outcome_has_a_hint(void **state)
{
    struct fake_daemon *daemon = fake_daemon_start(lose, NULL);

    (void)state;
    assert_int_equal(lbctl(fake_daemon_socket(daemon), "lb", "delete", "ovn0", "192.0.2.1"), 4);
    assert_string_equal(ctl_printed.err, "Error: It is lost. Look at the record before you repeat "
                                         "the command\n");
    ctl_run_end();
    fake_daemon_stop(daemon);
}

static void never_answer(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    (void)data;
    (void)request;
    answer->hold = (unsigned)-1;
}

static void silence_has_a_hint(void **state)
{
    struct fake_daemon *daemon = fake_daemon_start(never_answer, NULL);

    (void)state;
    assert_int_equal(
        lbctl(fake_daemon_socket(daemon), "lb", "show", "ovn0", "192.0.2.1", "--timeout", "1"), 4);
    assert_non_null(strstr(ctl_printed.err,
                           " didn't answer in time. Try again, or wait longer with --timeout\n"));
    ctl_run_end();
    fake_daemon_stop(daemon);
}

static void a_daemon_that_does_not_run_has_a_hint(void **state)
{
    (void)state;
    assert_int_equal(lbctl("/nonexistent/socket", "network", "list"), 3);
    assert_string_equal(ctl_printed.err,
                        "Error: Can't reach lbstated on /nonexistent/socket: No such file or "
                        "directory. Is it running? Start it with `systemctl start lbstated`, or "
                        "name its socket with --socket\n");
    ctl_run_end();
}

/* The user of the test may be root, whom nothing is forbidden. */
static void a_forbidden_socket_has_a_hint(void **state)
{
    bool is_root = geteuid() == 0;
    struct fake_daemon *daemon = fake_daemon_start(never_answer, NULL);
    int rv;

    (void)state;
    assert_int_equal(chmod(fake_daemon_socket(daemon), 0), 0);
    if (is_root) {
        assert_int_equal(setresuid(NOBODY, NOBODY, 0), 0);
    }
    rv = lbctl(fake_daemon_socket(daemon), "network", "list");
    if (is_root) {
        assert_int_equal(setresuid(0, 0, 0), 0);
    }
    assert_int_equal(rv, 3);
    assert_non_null(strstr(ctl_printed.err,
                           ": Permission denied. Your user may not use that socket: run lbctl as "
                           "root or as a member of the socket's group\n"));
    ctl_run_end();
    fake_daemon_stop(daemon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_have_hints),
        cmocka_unit_test(an_unknown_outcome_has_a_hint),
        cmocka_unit_test(silence_has_a_hint),
        cmocka_unit_test(a_daemon_that_does_not_run_has_a_hint),
        cmocka_unit_test(a_forbidden_socket_has_a_hint),
    };

    return cmocka_run_group_tests_name("ctl hints", tests, NULL, NULL);
}
