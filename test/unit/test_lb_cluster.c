/* The rules of the server's configuration and of cluster members. */
#include "lb/cluster_member.h"
#include "lb/server_config.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <string.h>

struct value_case {
    const char *key;
    const char *value;
    const char *message; /* NULL: it is right. */
};

static void keys_hold_what_they_may(void **state)
{
    static const struct value_case cases[] = {
        {"user.a", "anything", NULL},
        {"user.", "x", "cannot set 'user.' to '': unknown key"},
        {"foo", "bar", "cannot set 'foo' to '': unknown key"},
        {"cluster.offline_threshold", "2", NULL},
        {"cluster.offline_threshold", "3600", NULL},
        {"cluster.offline_threshold", "", NULL},
        {"cluster.offline_threshold", "1",
         "cannot set 'cluster.offline_threshold' to '1': Value must be greater than '1'"},
        {"cluster.offline_threshold", "3601",
         "cannot set 'cluster.offline_threshold' to '3601': Value must not be greater than '3600'"},
        {"cluster.offline_threshold", "5s",
         "cannot set 'cluster.offline_threshold' to '5s': invalid integer"},
        {"cluster.max_voters", "1", NULL},
        {"cluster.max_voters", "9", NULL},
        {"cluster.max_voters", "4",
         "cannot set 'cluster.max_voters' to '4': Value must be an odd number between 1 and 9"},
        {"cluster.max_voters", "11",
         "cannot set 'cluster.max_voters' to '11': Value must be an odd number between 1 and 9"},
        {"cluster.max_voters", "-1",
         "cannot set 'cluster.max_voters' to '-1': Value must be an odd number between 1 and 9"},
        {"cluster.max_voters", "x", "cannot set 'cluster.max_voters' to 'x': invalid integer"},
        {"cluster.max_standby", "0", NULL},
        {"cluster.max_standby", "5", NULL},
        {"cluster.max_standby", "6",
         "cannot set 'cluster.max_standby' to '6': Value must be between 0 and 5"},
        {"cluster.max_standby", "x", "cannot set 'cluster.max_standby' to 'x': invalid integer"},
        {"cluster.join_token_expiry", "3H", NULL},
        {"cluster.join_token_expiry", "1d 12H", NULL},
        {"cluster.join_token_expiry", "3h",
         "cannot set 'cluster.join_token_expiry' to '3h': Invalid expiry expression"},
        {"cluster.https_address", "10.0.0.1:8443", NULL},
        {"cluster.https_address", "10.0.0.1", NULL},
        {"cluster.https_address", "[fd00::1]:8443", NULL},
        {"cluster.https_address", "[fd00::1]", NULL},
        {"cluster.https_address", "fd00::1", NULL},
        {"cluster.https_address", "host-1.example:8443", NULL},
        {"core.https_address", "host-1", NULL},
        {"core.https_address", "[::]:8443",
         "cannot set 'core.https_address' to '[::]:8443': Wildcard addresses aren't allowed"},
        {"cluster.https_address", "0.0.0.0",
         "cannot set 'cluster.https_address' to '0.0.0.0': Wildcard addresses aren't allowed"},
        {"cluster.https_address", ":8443",
         "cannot set 'cluster.https_address' to ':8443': Wildcard addresses aren't allowed"},
        {"cluster.https_address", "10.0.0.1:0",
         "cannot set 'cluster.https_address' to '10.0.0.1:0': Invalid address \"10.0.0.1:0\""},
        {"cluster.https_address", "10.0.0.1:65536",
         "cannot set 'cluster.https_address' to '10.0.0.1:65536': Invalid address "
         "\"10.0.0.1:65536\""},
        {"cluster.https_address", "[fd00::1",
         "cannot set 'cluster.https_address' to '[fd00::1': Invalid address \"[fd00::1\""},
        {"cluster.https_address", "[host]:1",
         "cannot set 'cluster.https_address' to '[host]:1': Invalid address \"[host]:1\""},
        {"cluster.https_address", "a b",
         "cannot set 'cluster.https_address' to 'a b': Invalid address \"a b\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        int rv = server_config_check(cases[i].key, cases[i].value, &error);

        if (cases[i].message == NULL) {
            if (rv != ERROR_NONE) {
                fail_msg("%s: %s", cases[i].value, error.message);
            }
        } else {
            assert_int_equal(rv, ERROR_INVALID);
            assert_string_equal(error.message, cases[i].message);
        }
    }
}

static void long_host_names_are_refused(void **state)
{
    char host[255];
    struct error error;

    (void)state;
    memset(host, 'a', sizeof host - 1);
    host[253] = '\0';
    assert_int_equal(server_config_check("cluster.https_address", host, &error), ERROR_NONE);
    host[253] = 'a';
    host[254] = '\0';
    assert_int_equal(server_config_check("cluster.https_address", host, &error), ERROR_INVALID);
}

static void spans_are_added_as_the_calendar_has_it(void **state)
{
    static const struct {
        const char *span;
        int64_t expires_s; /* -1: invalid. */
    } cases[] = {
        {"3H", 10800},
        {"1S", 1},
        {"2M", 120},
        {"1d", 86400},
        {"1w", 7 * 86400},
        {"1m", 31 * 86400},
        {"1y", 365 * 86400},
        {"1d 12H", 129600},
        {"0S", 0},
        {"", -1},
        {" 3H", -1},
        {"3H ", -1},
        {"3", -1},
        {"H", -1},
        {"-3H", -1},
        {"3H 3H", -1},
        {"3H  4M", -1},
        {"100001H", -1},
        {"99999999999999999999H", -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        int64_t expires_s = -1;
        int rv = server_config_expiry(cases[i].span, 0, &expires_s, &error);

        assert_int_equal(expires_s, cases[i].expires_s);
        assert_int_equal(rv, cases[i].expires_s < 0 ? ERROR_INVALID : ERROR_NONE);
    }
}

static void members_are_validated(void **state)
{
    const char *groups[CLUSTER_MEMBER_GROUPS_MAX + 1];
    static char names[CLUSTER_MEMBER_GROUPS_MAX + 1][8];
    char domain[CLUSTER_FAILURE_DOMAIN_MAX + 2];
    struct cluster_member member = {
        .failure_domain = domain, .groups = groups, .n_groups = CLUSTER_MEMBER_GROUPS_MAX};
    struct error error = ERROR_INIT;

    (void)state;
    for (size_t i = 0; i <= CLUSTER_MEMBER_GROUPS_MAX; i++) {
        snprintf(names[i], sizeof names[i], "g%zu", i);
        groups[i] = names[i];
    }
    memset(domain, 'd', sizeof domain);
    domain[CLUSTER_FAILURE_DOMAIN_MAX] = '\0';
    assert_int_equal(cluster_member_validate(&member, &error), ERROR_NONE);
    member.n_groups++;
    assert_int_equal(cluster_member_validate(&member, &error), ERROR_INVALID);
    assert_string_equal(error.message, "A cluster member belongs to at most 64 groups");
    member.n_groups = 2;
    groups[1] = groups[0];
    assert_int_equal(cluster_member_validate(&member, &error), ERROR_INVALID);
    assert_string_equal(error.message, "Cluster group \"g0\" is named twice");
    member.n_groups = 1;
    domain[CLUSTER_FAILURE_DOMAIN_MAX] = 'd';
    domain[CLUSTER_FAILURE_DOMAIN_MAX + 1] = '\0';
    assert_int_equal(cluster_member_validate(&member, &error), ERROR_INVALID);
    assert_string_equal(error.message, "A failure domain's name has 1 to 63 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_hold_what_they_may),
        cmocka_unit_test(long_host_names_are_refused),
        cmocka_unit_test(spans_are_added_as_the_calendar_has_it),
        cmocka_unit_test(members_are_validated),
    };

    return cmocka_run_group_tests_name("cluster rules", tests, NULL, NULL);
}
