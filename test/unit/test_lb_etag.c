/* ETags, byte for byte those of a real Incus. */
#include "lb/etag.h"
#include "test/lib/cmocka_all.h"

#include <string.h>

static struct string_pair health_config[] = {
    {"healthcheck", "false"},
    {"healthcheck.failure_count", "4"},
    {"healthcheck.interval", "5"},
    {"healthcheck.success_count", "2"},
    {"healthcheck.timeout", "7"},
    {"user.foo", "bar"},
    {"user.new", "1"},
};

static struct network_load_balancer_backend full_backends[] = {
    {"b1", "c1", "80,81,8080-8082", "10.10.10.10"},
    {"b2", "", "80", "10.10.10.11"},
    {"b3", "", "", "10.10.10.12"},
};
static const char *all_backends[] = {"b1", "b2", "b3"};
static struct network_load_balancer_port full_ports[] = {
    {"web", "tcp", "80,81,8080-8082", all_backends, 3},
    {"", "udp", "53", all_backends + 2, 1},
};
static struct network_load_balancer_backend v6_backend[] = {{"b1", "", "80", "fd42:1:2:3::10"}};
static struct network_load_balancer_port v6_port[] = {{"", "tcp", "80", all_backends, 1}};
static struct network_load_balancer_port bare_port[] = {{"", "udp", "53", NULL, 0}};

static void load_balancers_have_the_tags_of_incus(void **state)
{
    static const struct {
        struct network_load_balancer lb;
        size_t n_config; /* Of health_config. */
        const char *etag;
    } cases[] = {
        /* From the transcripts. */
        {{.listen_address = "198.51.100.11",
          .description = "full lb",
          .backends = full_backends,
          .n_backends = 3,
          .ports = full_ports,
          .n_ports = 2},
         6,
         "c7ade4c77d0ceb5226d6dcb38bd124186768c36ec8af73dfe74a0efcea7a34ef"},
        {{.listen_address = "198.51.100.11",
          .description = "stale accepted?",
          .backends = full_backends,
          .n_backends = 3,
          .ports = full_ports,
          .n_ports = 2},
         6,
         "3971f72afcc015bf16bff864d1a506c8ff48392d8f07179da221cd827548f328"},
        {{.listen_address = "198.51.100.11",
          .description = "v3",
          .backends = full_backends,
          .n_backends = 3,
          .ports = full_ports,
          .n_ports = 2},
         6,
         "f8d189ae3d86fcd3b8aa811ab65928a786c866e189852c1a28df4d6baad921d5"},
        {{.listen_address = "198.51.100.11",
          .description = "patched",
          .backends = full_backends,
          .n_backends = 3,
          .ports = full_ports,
          .n_ports = 2},
         6,
         "1d778a87afaf00f75fb3091b9d19cbaf6fed7a73485244af26ddd0006afc65dd"},
        {{.listen_address = "198.51.100.11",
          .description = "patched",
          .backends = full_backends,
          .n_backends = 3,
          .ports = full_ports,
          .n_ports = 2},
         7,
         "cd4440eebbd77c2d0367cdb7ca0f676758d3658464b4c60fcf1b0028ebb8b978"},
        {{.listen_address = "198.51.100.11",
          .description = "",
          .backends = full_backends,
          .n_backends = 3,
          .ports = full_ports,
          .n_ports = 2},
         6,
         "eb0a30410bd332ad0d07b6f4c9a18abc73e6e89d724e54696e6d35721807d87c"},
        {{.listen_address = "198.51.100.11", .description = ""},
         6,
         "f7ca18d78488db38a1861030c561a040529eee0c3b7a40c8c9e4028f1bb66b36"},
        {{.listen_address = "2001:db8:5::10",
          .description = "",
          .backends = v6_backend,
          .n_backends = 1,
          .ports = v6_port,
          .n_ports = 1},
         0,
         "345c8c15d20c57bec8f8af49a98a32c91a6fa3e6de997c00fe98e82ba38158b4"},
        /* sha256sum of ["198.51.100.10","",{},[],[]] and a line feed, and so on. */
        {{.listen_address = "198.51.100.10"},
         0,
         "63bc2f658188786b681a36f31a2a145945d8798dfc26e954cd2373e467ccf8f9"},
        /* ["198.51.100.20","\u003ca\u003e\u0026\u2028 é",{},[],[]] */
        {{.listen_address = "198.51.100.20", .description = "<a>&\xe2\x80\xa8 \xc3\xa9"},
         0,
         "57a3eb746815dcfa007dec3d6e9ab4ea1edb9b86ca301ee333019b19eff34ab3"},
        /* ["198.51.100.9","",{},[],[{"description":"","protocol":"udp","listen_port":"53",
         * "target_backend":[]}]] */
        {{.listen_address = "198.51.100.9", .ports = bare_port, .n_ports = 1},
         0,
         "fb73f262d5c213e547f9ed877e5e2bb8e7ec47d1e40cb2145114d228e34d2f99"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct network_load_balancer lb = cases[i].lb;
        struct error error = ERROR_INIT;
        char etag[ETAG_SIZE];

        lb.config = (struct string_map){.pairs = health_config, .n_pairs = cases[i].n_config};
        lb.id = (int64_t)i; /* What a client can't change isn't part of it. */
        lb.revision = 5;
        assert_int_equal(etag_load_balancer(&lb, etag, &error), ERROR_NONE);
        assert_string_equal(etag, cases[i].etag);
    }
}

static struct string_pair ovn1_config[] = {
    {"bridge.mtu", "1500"},
    {"ipv4.address", "10.20.0.1/24"},
    {"ipv4.nat", "true"},
    {"ipv6.address", "fd42:9:9:9::1/64"},
    {"ipv6.nat", "true"},
    {"network", "UPLINK"},
    {"volatile.network.ipv4.address", "192.0.2.101"},
    {"volatile.network.ipv6.address", "2001:db8:1:2:1266:6aff:fec8:de7b"},
};
static struct string_pair ovn0_config[] = {
    {"bridge.mtu", "1500"},
    {"ipv4.address", "10.10.10.1/24"},
    {"ipv4.nat", "true"},
    {"ipv6.address", "fd42:1:2:3::1/64"},
    {"ipv6.nat", "true"},
    {"network", "UPLINK"},
    {"volatile.network.ipv4.address", "192.0.2.100"},
    {"volatile.network.ipv6.address", "2001:db8:1:2:1266:6aff:fe33:c62f"},
};

static void networks_have_the_tags_of_incus(void **state)
{
    static const struct {
        struct network network;
        const char *etag;
    } cases[] = {
        {{.name = "ovn1",
          .type = NETWORK_OVN,
          .description = "second",
          .config = {.pairs = ovn1_config, .n_pairs = 8}},
         "4f9e3201e5d465499379811989e51aa193e6fa62a35c903a621b6f02c5fbad97"},
        {{.name = "ovn0",
          .type = NETWORK_OVN,
          .description = "",
          .config = {.pairs = ovn0_config, .n_pairs = 8}},
         "a89515ceda45685481234acd17c2378034711d0990183438bea7105a17ba9519"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        char etag[ETAG_SIZE];

        assert_int_equal(etag_network(&cases[i].network, etag, &error), ERROR_NONE);
        assert_string_equal(etag, cases[i].etag);
    }
}

static void projects_have_the_tags_of_incus(void **state)
{
    struct string_pair pairs[] = {
        {"features.images", "true"},          {"features.networks", "true"},
        {"features.networks.zones", "true"},  {"features.profiles", "true"},
        {"features.storage.buckets", "true"}, {"features.storage.volumes", "true"}};
    struct project project = {.name = "default",
                              .description = "Default Incus project",
                              .config = {.pairs = pairs, .n_pairs = 6}};
    struct error error = ERROR_INIT;
    char etag[ETAG_SIZE];

    (void)state;
    assert_int_equal(etag_project(&project, etag, &error), ERROR_NONE);
    assert_string_equal(etag, "9289efd089a9cba50849c2e637cb098a19fee6941aa263e8c358c4ca89df700d");
    project = (struct project){.name = "p1"};
    assert_int_equal(etag_project(&project, etag, &error), ERROR_NONE); /* ["",{}] */
    assert_string_equal(etag, "b8759a0f062bcaac6bd99f405081c3b7ca1c9c96609ff91c75ab0a129205d6be");
}

static void the_tag_of_a_config_is_that_of_its_object(void **state)
{
    struct string_pair pairs[] = {{"cluster.offline_threshold", "20"}, {"user.x", "y"}};
    struct string_map config = {0};
    struct error error = ERROR_INIT;
    char etag[ETAG_SIZE];

    (void)state;
    assert_int_equal(etag_config(&config, etag, &error), ERROR_NONE); /* {} */
    assert_string_equal(etag, "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356");
    config = (struct string_map){.pairs = pairs, .n_pairs = 2};
    assert_int_equal(etag_config(&config, etag, &error), ERROR_NONE);
    assert_string_equal(etag, "da935a0bfcb005d16f24b6607a2dd057d62c47113228f7776559909a012a6195");
}

static void if_match_is_checked(void **state)
{
    static const struct {
        const char *if_match;
        const char *message;
    } cases[] = {
        {NULL, ""},
        {"", ""},
        {"abc", ""},
        {"\"abc\"", ""},
        {"\"\"abc", ""},
        {"bad", "ETag doesn't match: abc vs bad"},
        {"\"ab\"", "ETag doesn't match: abc vs ab"},
        {"ABC", "ETag doesn't match: abc vs ABC"},
        {"\"", "ETag doesn't match: abc vs "},
        {"*", "ETag doesn't match: abc vs *"},
        {"W/\"abc\"", "ETag doesn't match: abc vs W/\"abc"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        int rv = etag_check("abc", cases[i].if_match, &error);

        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(rv, *cases[i].message == '\0' ? ERROR_NONE : ERROR_PRECONDITION);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(load_balancers_have_the_tags_of_incus),
        cmocka_unit_test(networks_have_the_tags_of_incus),
        cmocka_unit_test(projects_have_the_tags_of_incus),
        cmocka_unit_test(the_tag_of_a_config_is_that_of_its_object),
        cmocka_unit_test(if_match_is_checked),
    };

    return cmocka_run_group_tests_name("lb etag", tests, NULL, NULL);
}
