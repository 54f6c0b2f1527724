/* Names: from Incus' directives to C and SQL. */
#include "generate/naming.h"
#include "test/lib/cmocka_all.h"

#include <string.h>

static struct arena arena;

static int clean(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

static const char *snake(const char *text)
{
    return naming_snake(&arena, text, strlen(text));
}

static void fields_become_snake_case(void **state)
{
    (void)state;
    assert_string_equal(snake("Name"), "name");
    assert_string_equal(snake("ID"), "id");
    assert_string_equal(snake("NetworkID"), "network_id");
    assert_string_equal(snake("ListenAddress"), "listen_address");
    assert_string_equal(snake("HTTPServer"), "http_server");
    assert_string_equal(snake("IPv4Gateway"), "i_pv4_gateway");
    assert_string_equal(snake("K0"), "k0");
    assert_null(snake(""));
    assert_null(snake("name"));
    assert_null(snake("Network_ID"));
    assert_null(snake("Stra\xc3\x9f"
                      "e"));
    assert_string_equal(naming_snake(&arena, "NameAndMore", 4), "name");
}

static void snake_case_becomes_fields(void **state)
{
    static const char *const names[] = {"name", "id", "network_id", "listen_address", "k0"};

    (void)state;
    assert_string_equal(naming_pascal(&arena, "network_id"), "NetworkID");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_string_equal(snake(naming_pascal(&arena, names[i])), names[i]);
    }
}

static void entities_have_plurals(void **state)
{
    static const struct {
        const char *one;
        const char *many;
    } names[] = {
        {"network", "networks"},
        {"network_acl", "networks_acls"},
        {"server_config", "servers_config"},
        {"identity", "identity"},
        {"policy", "policies"},
        {"key", "keys"},
        {"address", "addresses"},
        {"patch", "patches"},
        {"hash", "hashes"},
        {"assembly", "assembly"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_string_equal(naming_plural(&arena, names[i].one), names[i].many);
    }
}

/* The name of the column by which a table is joined. */
static void tables_have_singulars(void **state)
{
    static const struct {
        const char *many;
        const char *one;
    } names[] = {
        {"networks", "network"}, {"networks_acls", "networks_acl"},
        {"policies", "policy"},  {"addresses", "address"},
        {"patches", "patch"},    {"hashes", "hash"},
        {"houses", "house"},     {"servers_config", "servers_config"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_string_equal(naming_singular(&arena, names[i].many), names[i].one);
    }
}

static void entities_have_titles_and_files_have_guards(void **state)
{
    (void)state;
    assert_string_equal(naming_title(&arena, "network_load_balancer"), "Network load balancer");
    assert_string_equal(naming_macro(&arena, "entity/network.mapper_h"), "ENTITY_NETWORK_MAPPER_H");
    assert_true(naming_is_snake("network_2"));
    assert_false(naming_is_snake("Network"));
    assert_false(naming_is_snake("2network"));
    assert_false(naming_is_snake(""));
    assert_false(naming_is_snake("a-b"));
}

int main(void)
{
#define TEST(FUNCTION) cmocka_unit_test_teardown(FUNCTION, clean)
    const struct CMUnitTest tests[] = {
        TEST(fields_become_snake_case),
        TEST(snake_case_becomes_fields),
        TEST(entities_have_plurals),
        TEST(tables_have_singulars),
        TEST(entities_have_titles_and_files_have_guards),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
