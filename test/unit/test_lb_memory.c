/* Each function that can run out of memory says so, wherever that happens. The
 * linker sends the allocations of liblb and libbase here (--wrap, lb.mk); those of
 * jansson aren't ours to check: it may take a lack of memory for broken JSON. */
#include "lb/body.h"
#include "lb/etag.h"
#include "lb/forward.h"
#include "lb/listener.h"
#include "lb/filter.h"
#include "lb/load_balancer.h"
#include "lb/network.h"
#include "lb/project.h"
#include "lb/sql_guard.h"
#include "test/lib/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *string);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *string);

/* So many allocations succeed; all after them fail. */
static unsigned n_left;

static bool may_allocate(void)
{
    if (n_left == 0) {
        return false;
    }
    n_left--;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_realloc(void *memory, size_t size)
{
    return may_allocate() ? __real_realloc(memory, size) : NULL;
}

char *__wrap_strdup(const char *string)
{
    return may_allocate() ? __real_strdup(string) : NULL;
}

#define ALWAYS 1000000

static bool no_address_is_taken(const struct ip *ip, void *data)
{
    (void)ip;
    (void)data;
    return false;
}

static int make_load_balancer(struct arena *arena, struct error *error)
{
    static const char text[] =
        "{\"listen_address\":\"198.51.100.11\",\"description\":\" d \",\"config\":{\"user.a\":5,"
        "\"user.b\":\"c\"},\"backends\":[{\"name\":\"b1\",\"target_port\":\"80, 81\","
        "\"target_address\":\" 10.10.10.10\"}],\"ports\":[{\"protocol\":\" tcp\",\"listen_port\":"
        "\"80 ,81\",\"target_backend\":[\"b1\"]}]}";
    struct string_pair pairs[] = {{"ipv4.address", "10.10.10.1/24"},
                                  {"ipv4.routes", "198.51.100.0/24"}};
    const struct network network = {.config = {.pairs = pairs, .n_pairs = 2}};
    struct string_pair project_pairs[] = {
        {"restricted", "true"}, {"restricted.networks.subnets", "UPLINK:198.51.100.0/24"}};
    const struct string_map project_config = {.pairs = project_pairs, .n_pairs = 2};
    struct load_balancer_body body;
    char etag[ETAG_SIZE];
    struct ip listen;
    int rv;

    rv = body_load_balancer(text, sizeof text - 1, arena, &body, error);
    if (rv == ERROR_NONE) {
        rv = load_balancer_normalise(&body.lb, arena, error);
    }
    if (rv == ERROR_NONE) {
        rv = load_balancer_parse_listen_address(body.lb.listen_address, &listen, error);
    }
    if (rv == ERROR_NONE) {
        rv = load_balancer_validate(&body.lb, &listen, &network, error);
    }
    if (rv == ERROR_NONE) {
        rv = listener_check_uplink(&listen, &network, error);
    }
    if (rv == ERROR_NONE) {
        rv = listener_check_project(&listen, "UPLINK", &project_config, error);
    }
    if (rv == ERROR_NONE) {
        rv = etag_load_balancer(&body.lb, etag, error);
    }
    return rv;
}

static int make_forward(struct arena *arena, struct error *error)
{
    static const char text[] =
        "{\"listen_address\":\"198.51.100.11\",\"description\":\" d "
        "\",\"config\":{\"target_address\":"
        "\"::ffff:10.10.10.5\"},\"ports\":[{\"protocol\":\" tcp\",\"listen_port\":\"80 ,81\","
        "\"target_port\":\"80, 81\",\"target_address\":\" 10.10.10.10\"}]}";
    struct string_pair pairs[] = {{"ipv4.address", "10.10.10.1/24"}};
    const struct network network = {.config = {.pairs = pairs, .n_pairs = 1}};
    struct forward_body body;
    char etag[ETAG_SIZE];
    struct ip listen;
    int rv;

    rv = body_forward(text, sizeof text - 1, arena, &body, error);
    if (rv == ERROR_NONE) {
        rv = forward_normalise(&body.forward, arena, error);
    }
    if (rv == ERROR_NONE) {
        rv = forward_parse_listen_address(body.forward.listen_address, &listen, error);
    }
    if (rv == ERROR_NONE) {
        rv = forward_validate(&body.forward, &listen, &network, error);
    }
    if (rv == ERROR_NONE) {
        rv = etag_forward(&body.forward, etag, error);
    }
    return rv;
}

static int make_network(struct arena *arena, struct error *error)
{
    static const char text[] =
        "{\"name\":\"br0\",\"config\":{\"ipv4.address\":\"10.0.0.1/24\",\"ipv4.dhcp.ranges\":"
        "\"10.0.0.2-10.0.0.9\",\"ipv4.ovn.ranges\":\"10.0.0.100-10.0.0.200\"}}";
    struct network network = {.type = NETWORK_BRIDGE};
    struct network_body body;
    struct ip ip;
    int rv;

    rv = body_network(text, sizeof text - 1, arena, &body, error);
    if (rv == ERROR_NONE) {
        network.name = body.name;
        network.config = body.config;
        rv = network_fill_config(&network, 7, arena, error);
    }
    if (rv == ERROR_NONE) {
        rv = network_validate(&network, error);
    }
    if (rv == ERROR_NONE) {
        rv = network_choose_uplink_address(&network, 4, "", no_address_is_taken, NULL, &ip, error);
    }
    return rv;
}

static int make_project(struct arena *arena, struct error *error)
{
    static const char text[] = "{\"name\":\"p1\",\"config\":{\"restricted.idmap.uid\":\"1,2\","
                               "\"restricted.networks.subnets\":\"UPLINK:198.51.100.0/24\"}}";
    struct project project = {0};
    struct project_body body;
    int rv;

    rv = body_project(text, sizeof text - 1, arena, &body, error);
    if (rv == ERROR_NONE) {
        project.name = body.name;
        project.config = body.config;
        rv = project_fill_config(&project, arena, error);
    }
    if (rv == ERROR_NONE) {
        rv = project_validate(&project, error);
    }
    return rv;
}

static int split_sql(struct arena *arena, struct error *error)
{
    struct sql_script script;

    return sql_guard("SELECT 1; SELECT 2", arena, &script, error);
}

static int filter_record(struct arena *arena, struct error *error)
{
    static const struct filter_field fields[] = {{.name = "name", .type = FILTER_STRING}, {0}};
    static const char record[] = "{\"name\":\"two words\"}";
    struct filter *filter;
    bool matches;
    int rv;

    (void)arena;
    rv = filter_parse("name eq \"two words\" or name eq t.*", fields, &filter, error);
    if (rv == ERROR_NONE) {
        rv = filter_match(filter, record, sizeof record - 1, &matches, error);
        filter_close(filter);
    }
    return rv;
}

/* Lets the first allocation fail, then the second, and so on until none does. */
static void expect_errors(int (*make)(struct arena *arena, struct error *error))
{
    int rv = ERROR_NO_MEMORY;
    unsigned n = 0;

    for (; rv != ERROR_NONE; n++) {
        struct error error = ERROR_INIT;
        struct arena arena = {0};

        n_left = n;
        rv = make(&arena, &error);
        n_left = ALWAYS;
        if (rv != ERROR_NONE) {
            assert_string_equal(error.message, "Out of memory");
            assert_int_equal(rv, ERROR_NO_MEMORY);
        }
        arena_close(&arena);
    }
    assert_true(n > 1);
}

static void a_lack_of_memory_is_reported(void **state)
{
    (void)state;
    expect_errors(make_load_balancer);
    expect_errors(make_forward);
    expect_errors(make_network);
    expect_errors(make_project);
    expect_errors(split_sql);
    expect_errors(filter_record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lack_of_memory_is_reported),
    };

    n_left = ALWAYS;
    return cmocka_run_group_tests_name("lb memory", tests, NULL, NULL);
}
