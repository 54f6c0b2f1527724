/* The rules of projects. */
#include "lb/project.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <string.h>

static void names_are_validated(void **state)
{
    static const struct {
        const char *name;
        const char *message;
    } cases[] = {
        {"p1", ""},
        {"default", ""},
        {"user-1000", ""},
        {"", "Invalid project name: Names must start and end with an alphanumeric character"},
        {"a/b", "Invalid project name: Name contains invalid character \"/\""},
        {"a'b", "Invalid project name: Name contains invalid character \"'\""},
        {"*", "Invalid project name: Name contains invalid character \"*\""},
        {"..", "Invalid project name: Names must start and end with an alphanumeric character"},
        {"a b", "Invalid project name: Name cannot contain white space"},
        {"a_b", "Project names may not contain underscores"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        int rv = project_validate_name(cases[i].name, &error);

        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(rv, *cases[i].message == '\0' ? ERROR_NONE : ERROR_INVALID);
    }
}

#define BAD(KEY) "Invalid project configuration key \"" KEY "\" value: "

static void keys_and_values_are_validated(void **state)
{
    static const struct {
        const char *key;
        const char *value;
        const char *message;
    } cases[] = {
        {"user.foo", "bar", ""},
        {"features.networks", "true", ""},
        {"features.networks", "", ""},
        {"features.networks", "maybe",
         BAD("features.networks") "Invalid value for a boolean \"maybe\""},
        {"features.foo", "true", "Invalid project configuration key \"features.foo\""},
        {"foo", "", "Invalid project configuration key \"foo\""},
        {"limits.disk.pool.a", "1GiB", "Invalid project configuration key \"limits.disk.pool.a\""},
        {"limits.networks", "5", ""},
        {"limits.networks", "-1",
         BAD("limits.networks") "Invalid value for uint32 \"-1\": not a whole number from 0 to "
                                "4294967295"},
        {"limits.memory", "10GiB", ""},
        {"limits.memory", "10 potatoes", BAD("limits.memory") "Invalid value: 10 potatoes"},
        {"images.auto_update_interval", "x",
         BAD("images.auto_update_interval") "Invalid value for an integer \"x\""},
        {"images.default_architecture", "aarch64", ""},
        {"images.default_architecture", "z80",
         BAD("images.default_architecture") "Invalid value \"z80\" (not one of [i686 x86_64 armv6l "
                                            "armv7l armv8l aarch64 ppc ppc64 ppc64le s390x mips "
                                            "mips64 riscv32 riscv64 loongarch64])"},
        {"backups.compression_algorithm", "zstd", ""},
        {"backups.compression_algorithm", "",
         BAD("backups.compression_algorithm") "Invalid compressor provided"},
        {"network.hwaddr_pattern", "10:66:6a:xx:xx:xx", ""},
        {"restricted", "true", ""},
        {"restricted.backups", "allow", ""},
        {"restricted.backups", "managed",
         BAD("restricted.backups") "Invalid value \"managed\" (not one of [block allow])"},
        {"restricted.devices.nic", "managed", ""},
        {"restricted.devices.disk.paths", "/a,b",
         BAD("restricted.devices.disk.paths") "Item \"b\": Must be absolute file path"},
        {"restricted.idmap.uid", "1000,2000-3000", ""},
        {"restricted.idmap.uid", "3000-2000",
         BAD("restricted.idmap.uid") "Item \"3000-2000\": Start number 3000 must be lower than end "
                                     "number 2000"},
        {"restricted.networks.subnets", "", ""},
        {"restricted.networks.subnets", "UPLINK:198.51.100.0/28, UPLINK:2001:db8:5::/64", ""},
        {"restricted.networks.subnets", "198.51.100.0/28",
         BAD("restricted.networks.subnets") "Subnet \"198.51.100.0/28\" invalid, must be in the "
                                            "format of \"<uplink network>:<subnet>\""},
        {"restricted.networks.subnets", "UPLINK:198.51.100.1/28",
         BAD("restricted.networks.subnets") "Not an IP network address \"198.51.100.1/28\""},
        {"restricted.networks.subnets", "UPLINK:x",
         BAD("restricted.networks.subnets") "\"x\" isn't an address with a prefix length"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct string_pair pairs[] = {{cases[i].key, cases[i].value}};
        struct project project = {.name = "p1", .config = {.pairs = pairs, .n_pairs = 1}};
        struct error error = ERROR_INIT;
        int rv = project_validate(&project, &error);

        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(rv, *cases[i].message == '\0' ? ERROR_NONE : ERROR_INVALID);
    }
}

static void a_restricted_project_has_profiles(void **state)
{
    struct string_pair pairs[] = {{"features.profiles", "false"}, {"restricted", "true"}};
    struct project project = {.name = "p1", .config = {.pairs = pairs, .n_pairs = 2}};
    struct error error = ERROR_INIT;

    (void)state;
    assert_int_equal(project_validate(&project, &error), ERROR_INVALID);
    assert_string_equal(error.message, "Projects without their own profiles cannot be restricted");
    pairs[0].value = "true";
    assert_int_equal(project_validate(&project, &error), ERROR_NONE);
}

/* project-create of the transcripts. */
static void features_are_filled_in(void **state)
{
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct project project = {.name = "p1"};

    (void)state;
    assert_true(string_map_set(&project.config, &arena, "features.images", "false"));
    assert_true(string_map_set(&project.config, &arena, "features.networks", "true"));
    assert_true(string_map_set(&project.config, &arena, "features.profiles", ""));
    assert_int_equal(project_fill_config(&project, &arena, &error), ERROR_NONE);
    assert_int_equal(project.config.n_pairs, 5);
    assert_string_equal(string_map_get(&project.config, "features.images"), "false");
    assert_string_equal(string_map_get(&project.config, "features.networks"), "true");
    assert_string_equal(string_map_get(&project.config, "features.profiles"), "");
    assert_string_equal(string_map_get(&project.config, "features.storage.buckets"), "true");
    assert_string_equal(string_map_get(&project.config, "features.storage.volumes"), "true");
    arena_close(&arena);
}

static void networks_are_a_feature(void **state)
{
    static const struct {
        const char *value;
        bool has;
    } cases[] = {{"true", true}, {"YES", true}, {"false", false}, {"", false}, {"x", false}};
    struct project project = {.name = "p1"};

    (void)state;
    assert_false(project_has_networks(&project));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct string_pair pairs[] = {{"features.networks", cases[i].value}};

        project.config = (struct string_map){.pairs = pairs, .n_pairs = 1};
        assert_int_equal(project_has_networks(&project), cases[i].has);
    }
}

/* Sets the config of PROJECT to what "key=value key=value" says. */
static void set_config(struct project *project, struct string_pair pairs[8], char *text)
{
    size_t n = 0;

    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        char *value = strchr(word, '=');

        *value = '\0';
        pairs[n++] = (struct string_pair){word, value + 1};
    }
    project->config = (struct string_map){.pairs = pairs, .n_pairs = n};
}

/* The keys are sorted, as those of a map are. */
static void restrictions_bind_the_restricted(void **state)
{
    static const struct {
        const char *config;
        bool allows;
        bool shares;
        bool allows_uplink;
    } cases[] = {
        {"", true, false, true},
        {"restricted=false restricted.networks.access=b restricted.networks.uplinks=b", true, false,
         true},
        {"restricted=true", true, false, false},
        {"restricted=true restricted.networks.access=a", true, false, false},
        {"restricted=true restricted.networks.access=b,a", true, false, false},
        {"restricted=true restricted.networks.access=b,aa", false, false, false},
        {"restricted=true restricted.networks.uplinks=b,a", true, false, true},
        {"restricted=true restricted.networks.uplinks=A", true, false, false},
        {"restricted=true restricted.devices.nic=block", false, false, false},
        {"restricted=true restricted.devices.nic=allow", true, false, false},
        {"features.networks=true restricted=true restricted.networks.access=b", true, false, false},
        {"features.networks=true restricted=true restricted.networks.access=a", true, true, false},
        {"features.networks=true restricted.networks.access=a", true, false, true},
        {"features.networks=true restricted=true restricted.devices.nic=block "
         "restricted.networks.access=a",
         false, true, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct project project = {.name = "p1"};
        struct string_pair pairs[8];
        char text[200];

        snprintf(text, sizeof text, "%s", cases[i].config);
        set_config(&project, pairs, text);
        if (project_allows_network(&project, "a") != cases[i].allows ||
            project_shares_network(&project, "a") != cases[i].shares ||
            project_allows_uplink(&project, "a") != cases[i].allows_uplink) {
            fail_msg("%s", cases[i].config);
        }
        project.name = PROJECT_DEFAULT;
        assert_false(project_shares_network(&project, "a"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_validated),
        cmocka_unit_test(keys_and_values_are_validated),
        cmocka_unit_test(a_restricted_project_has_profiles),
        cmocka_unit_test(features_are_filled_in),
        cmocka_unit_test(networks_are_a_feature),
        cmocka_unit_test(restrictions_bind_the_restricted),
    };

    return cmocka_run_group_tests_name("lb project", tests, NULL, NULL);
}
