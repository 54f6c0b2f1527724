/* The rules of forwards, in Incus' words; their bodies, and their ETags. */
#include "lb/body.h"
#include "lb/etag.h"
#include "lb/forward.h"
#include "lb/listener.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct string_pair ovn_config[] = {
    {"ipv4.address", "10.10.10.1/24"},
    {"ipv6.address", "fd42:1:2:3::1/64"},
};
static const struct network ovn = {
    .name = "ovn0", .type = NETWORK_OVN, .config = {.pairs = ovn_config, .n_pairs = 2}};

/* Normalises, validates, and compares the message ("" if it is right). */
static void expect_on(const struct network *network, struct network_forward *forward,
                      const char *message)
{
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct ip listen;
    int rv;

    assert_int_equal(forward_normalise(forward, &arena, &error), ERROR_NONE);
    assert_int_equal(forward_parse_listen_address(forward->listen_address, &listen, &error),
                     ERROR_NONE);
    rv = forward_validate(forward, &listen, network, &error);
    assert_string_equal(error.message, message);
    assert_int_equal(rv, *message == '\0' ? ERROR_NONE : ERROR_INVALID);
    arena_close(&arena);
}

static void expect(struct network_forward *forward, const char *message)
{
    expect_on(&ovn, forward, message);
}

static void listen_addresses_are_parsed(void **state)
{
    static const struct {
        const char *raw;
        bool valid;
    } cases[] = {
        {"198.51.100.10", true}, {"2001:DB8:5:0::11", true},  {"", false},
        {"foo", false},          {"198.51.100.20/32", false}, {"198.51.100.020", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        char message[100] = "";
        struct ip ip;
        int rv = forward_parse_listen_address(cases[i].raw, &ip, &error);

        if (!cases[i].valid) {
            snprintf(message, sizeof message, "Invalid forward listen address %s", cases[i].raw);
        }
        assert_string_equal(error.message, message);
        assert_int_equal(rv, cases[i].valid ? ERROR_NONE : ERROR_INVALID);
    }
}

static void unspecified_addresses_are_refused(void **state)
{
    struct network_forward v4 = {.listen_address = "0.0.0.0"};
    struct network_forward v6 = {.listen_address = "0::0"};

    (void)state;
    expect(&v4, "Cannot use unspecified address: \"0.0.0.0\"");
    expect(&v6, "Cannot use unspecified address: \"::\"");
}

static void config_and_default_target_are_validated(void **state)
{
    static const struct {
        const char *listen;
        const char *key;
        const char *value;
        const char *message;
    } cases[] = {
        {"198.51.100.41", "user.foo", "bar", ""},
        {"198.51.100.41", "foo", "bar", "Invalid option \"foo\""},
        {"198.51.100.41", "foo", "", "Invalid option \"foo\""},
        {"198.51.100.41", "healthcheck", "true", "Invalid option \"healthcheck\""},
        {"198.51.100.41", "target_address", "", ""},
        {"198.51.100.41", "target_address", "10.10.10.5", ""},
        {"198.51.100.41", "target_address", "10.10.10.1", ""},
        {"198.51.100.41", "target_address", "::ffff:10.10.10.5", ""},
        {"198.51.100.41", "target_address", "nope", "Invalid default target address"},
        {"198.51.100.41", "target_address", " 10.10.10.5", "Invalid default target address"},
        {"198.51.100.41", "target_address", "fd42:1:2:3::5",
         "Cannot mix IP versions in listen address and default target address"},
        {"198.51.100.41", "target_address", "10.10.11.5",
         "Default target address is not within the network subnet"},
        {"198.51.100.41", "target_address", "10.10.10.255",
         "Default target address cannot be a broadcast address"},
        {"198.51.100.41", "target_address", "10.10.10.0",
         "Default target address cannot be a network ID address"},
        {"2001:db8:5::41", "target_address", "fd42:1:2:3::5", ""},
        {"2001:db8:5::41", "target_address", "fd42:1:2:3:ffff:ffff:ffff:ffff", ""},
        {"2001:db8:5::41", "target_address",
         "fd42:1:2:3::", "Default target address cannot be a network ID address"},
        {"2001:db8:5::41", "target_address", "10.10.10.5",
         "Cannot mix IP versions in listen address and default target address"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct string_pair pairs[] = {{cases[i].key, cases[i].value}};
        struct network_forward forward = {.listen_address = cases[i].listen,
                                          .config = {.pairs = pairs, .n_pairs = 1}};

        expect(&forward, cases[i].message);
    }
}

static void ports_are_validated(void **state)
{
    static const struct {
        struct network_forward_port ports[2];
        const char *message;
    } cases[] = {
        {{{"", "tcp", "80", "", "10.10.10.6", false}, {"", "udp", "80", "", "10.10.10.6", false}},
         ""},
        {{{"", "tcp", "80,90-99", "8080", "10.10.10.6", false},
          {"", "tcp", "100-102", "1,7-8", "10.10.10.7", false}},
         ""},
        {{{"", "sctp", "80", "", "10.10.10.6", false}},
         "Invalid port protocol in port specification 0, protocol must be one of: tcp, udp"},
        {{{"", "tcp", "80", "", "", false}}, "Invalid target address in port specification 0"},
        {{{"", "tcp", "80", "", "nope", false}}, "Invalid target address in port specification 0"},
        {{{"", "tcp", "80", "", "10.10.10.5", false}},
         "Target address is same as default target address in port specification 0"},
        {{{"", "tcp", "80", "", "10.10.10.6", false}, {"", "tcp", "81", "", "::1", false}},
         "Cannot mix IP versions in listen address and port specification 1 target address"},
        {{{"", "tcp", "80", "", "10.20.0.5", false}},
         "Target address is not within the network subnet in port specification 0"},
        {{{"", "tcp", "80", "", "10.10.10.255", false}},
         "Default target address cannot be a broadcast address"},
        {{{"", "tcp", "", "", "10.10.10.6", false}}, "Missing listen port in port specification 0"},
        {{{"", "tcp", "0", "", "10.10.10.6", false}},
         "Invalid listen port in port specification 0: Port 0 isn't between 1 and 65535"},
        {{{"", "tcp", "80-79", "", "10.10.10.6", false}},
         "Invalid listen port in port specification 0: End port should be higher than start port"},
        {{{"", "tcp", "80-90", "", "10.10.10.6", false},
          {"", "tcp", "85", "", "10.10.10.7", false}},
         "Duplicate listen port 85 for protocol \"tcp\" in port specification 1"},
        {{{"", "tcp", "80", "", "10.10.10.6", true}}, "SNAT can only be used with bridge networks"},
        {{{"", "tcp", "80", "x", "10.10.10.6", false}},
         "Invalid target port in port specification 0"},
        {{{"", "tcp", "80", "65536", "10.10.10.6", false}},
         "Invalid target port in port specification 0"},
        {{{"", "tcp", "80-82", "1-2", "10.10.10.6", false}},
         "Mismatch of listen port(s) and target port(s) count in port specification 0"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct string_pair pairs[] = {{"target_address", "10.10.10.5"}};
        struct network_forward_port ports[2] = {cases[i].ports[0], cases[i].ports[1]};
        struct network_forward forward = {
            .listen_address = "198.51.100.41",
            .config = {.pairs = pairs, .n_pairs = 1},
            .ports = ports,
            .n_ports = cases[i].ports[1].protocol == NULL ? 1 : 2,
        };

        expect(&forward, cases[i].message);
    }
}

static void networks_differ_in_what_they_bound(void **state)
{
    struct string_pair none_config[] = {{"ipv4.address", "none"}};
    const struct network bridge = {.type = NETWORK_BRIDGE};
    const struct network without = {.type = NETWORK_OVN,
                                    .config = {.pairs = none_config, .n_pairs = 1}};
    struct network_forward_port port = {"", "tcp", "80", "", "10.77.0.255", true};
    struct network_forward forward = {
        .listen_address = "198.51.100.41", .ports = &port, .n_ports = 1};

    (void)state;
    expect_on(&bridge, &forward, "");
    expect_on(&without, &forward,
              "The network has no subnet for the targets, its ipv4.address: \"none\" isn't an "
              "address with a prefix length");
}

static void limits_hold(void **state)
{
    struct arena arena = {0};
    struct network_forward_port *ports =
        arena_calloc(&arena, LISTENER_PORTS_MAX + 1, sizeof *ports);
    struct string_pair *pairs = arena_calloc(&arena, LISTENER_CONFIG_KEYS_MAX + 1, sizeof *pairs);
    struct network_forward forward = {
        .listen_address = "198.51.100.41",
        .ports = ports,
        .n_ports = LISTENER_PORTS_MAX,
        .config = {.pairs = pairs, .n_pairs = LISTENER_CONFIG_KEYS_MAX},
    };

    (void)state;
    assert_non_null(ports);
    assert_non_null(pairs);
    for (unsigned i = 0; i <= LISTENER_PORTS_MAX; i++) {
        ports[i] = (struct network_forward_port){
            "", "udp", arena_printf(&arena, "%u", i + 1), "", "10.10.10.6", false};
    }
    for (unsigned i = 0; i <= LISTENER_CONFIG_KEYS_MAX; i++) {
        pairs[i].key = arena_printf(&arena, "user.%04u", i);
        pairs[i].value = "";
    }
    expect(&forward, "");
    forward.n_ports++;
    expect(&forward, "Too many ports: 1025, at most 1024");
    forward.config.n_pairs++;
    expect(&forward, "Too many options: 1025, at most 1024");
    arena_close(&arena);
}

static void fields_are_normalised(void **state)
{
    struct string_pair pairs[] = {{"target_address", "FD42:1:2:3:0::5"}};
    struct network_forward_port ports[] = {
        {" d\t", " tcp ", " 80 , 90-99 ", "1 ,2", " 10.10.10.6 ", false}, {0}};
    struct network_forward forward = {
        .description = " x ",
        .config = {.pairs = pairs, .n_pairs = 1, .capacity = 1},
        .ports = ports,
        .n_ports = 2,
    };
    struct network_forward again;
    struct arena arena = {0};
    struct error error = ERROR_INIT;

    (void)state;
    assert_int_equal(forward_normalise(&forward, &arena, &error), ERROR_NONE);
    assert_string_equal(forward.listen_address, "");
    assert_string_equal(forward.location, "");
    assert_string_equal(forward.description, "x");
    assert_string_equal(string_map_get(&forward.config, "target_address"), "fd42:1:2:3::5");
    assert_string_equal(ports[0].description, "d");
    assert_string_equal(ports[0].protocol, "tcp");
    assert_string_equal(ports[0].listen_port, "80,90-99");
    assert_string_equal(ports[0].target_port, "1,2");
    assert_string_equal(ports[0].target_address, "10.10.10.6");
    assert_string_equal(ports[1].target_address, "");
    assert_string_equal(ports[1].target_port, "");
    again = forward;
    assert_int_equal(forward_normalise(&again, &arena, &error), ERROR_NONE);
    assert_true(forward_equal(&forward, &again));
    arena_close(&arena);
}

static void each_field_makes_a_difference(void **state)
{
    struct string_pair pairs[] = {{"user.a", "b"}};
    struct network_forward_port port = {"d", "tcp", "80", "81", "10.10.10.6", false};
    const struct network_forward forward = {
        .listen_address = "198.51.100.41",
        .description = "x",
        .config = {.pairs = pairs, .n_pairs = 1},
        .ports = &port,
        .n_ports = 1,
    };
    struct network_forward_port others[] = {
        {"e", "tcp", "80", "81", "10.10.10.6", false},
        {"d", "udp", "80", "81", "10.10.10.6", false},
        {"d", "tcp", "82", "81", "10.10.10.6", false},
        {"d", "tcp", "80", "", "10.10.10.6", false},
        {"d", "tcp", "80", "81", "10.10.10.7", false},
        {"d", "tcp", "80", "81", "10.10.10.6", true},
    };
    struct network_forward other = forward;

    (void)state;
    other.id = 7;
    other.revision = 8;
    assert_true(forward_equal(&forward, &other));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        other = forward;
        other.ports = &others[i];
        assert_false(forward_equal(&forward, &other));
    }
    other = forward;
    other.n_ports = 0;
    assert_false(forward_equal(&forward, &other));
    other = forward;
    other.config.n_pairs = 0;
    assert_false(forward_equal(&forward, &other));
    other = forward;
    other.description = "y";
    assert_false(forward_equal(&forward, &other));
    other = forward;
    other.listen_address = "198.51.100.42";
    assert_false(forward_equal(&forward, &other));
}

static void lists_are_in_the_order_of_addresses(void **state)
{
    struct network_forward forwards[] = {
        {.listen_address = "2001:db8::2"},
        {.listen_address = "198.51.100.10"},
        {.listen_address = "198.51.100.9"},
        {.listen_address = "2001:db8::1"},
    };

    (void)state;
    qsort(forwards, 4, sizeof forwards[0], forward_compare);
    assert_string_equal(forwards[0].listen_address, "198.51.100.9");
    assert_string_equal(forwards[1].listen_address, "198.51.100.10");
    assert_string_equal(forwards[2].listen_address, "2001:db8::1");
    assert_string_equal(forwards[3].listen_address, "2001:db8::2");
}

static void bodies_are_read(void **state)
{
    static const char text[] =
        "{\"listen_address\":\"198.51.100.41\",\"Description\":\"x\",\"config\":{\"target_"
        "address\":"
        "\"10.10.10.5\"},\"ports\":[{\"description\":\"d\",\"protocol\":\"tcp\",\"listen_port\":"
        "\"80\","
        "\"target_port\":\"81\",\"target_address\":\"10.10.10.6\",\"snat\":true},{\"snat\":null}]}";
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct forward_body body;

    (void)state;
    assert_int_equal(body_forward(text, sizeof text - 1, &arena, &body, &error), ERROR_NONE);
    assert_true(body.has_description && body.has_config && body.has_ports);
    assert_string_equal(body.forward.listen_address, "198.51.100.41");
    assert_string_equal(body.forward.description, "x");
    assert_string_equal(string_map_get(&body.forward.config, "target_address"), "10.10.10.5");
    assert_int_equal(body.forward.n_ports, 2);
    assert_string_equal(body.forward.ports[0].description, "d");
    assert_string_equal(body.forward.ports[0].protocol, "tcp");
    assert_string_equal(body.forward.ports[0].listen_port, "80");
    assert_string_equal(body.forward.ports[0].target_port, "81");
    assert_string_equal(body.forward.ports[0].target_address, "10.10.10.6");
    assert_true(body.forward.ports[0].snat);
    assert_string_equal(body.forward.ports[1].target_address, "");
    assert_false(body.forward.ports[1].snat);
    assert_int_equal(body_forward("{\"ports\":null}", 14, &arena, &body, &error), ERROR_NONE);
    assert_false(body.has_description || body.has_config || body.has_ports);
    arena_close(&arena);
}

static void wrong_bodies_are_refused(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"", "EOF"},
        {"{\"ports\":{}}", "ports: expected an array, found an object"},
        {"{\"ports\":[7]}", "ports[0]: expected an object, found a number"},
        {"{\"ports\":[{},{\"target_port\":80}]}",
         "ports[1].target_port: expected a string, found a number"},
        {"{\"ports\":[{\"snat\":\"true\"}]}", "ports[0].snat: expected a boolean, found a string"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error error = ERROR_INIT;
        struct forward_body body;

        assert_int_equal(body_forward(cases[i].text, strlen(cases[i].text), &arena, &body, &error),
                         ERROR_INVALID);
        assert_string_equal(error.message, cases[i].message);
        arena_close(&arena);
    }
}

static void tags_are_those_of_incus(void **state)
{
    struct string_pair pairs[] = {{"target_address", "10.10.10.5"}, {"user.a", "b"}};
    struct network_forward_port ports[] = {
        {"d", "tcp", "80,90-99", "8080", "10.10.10.6", false},
        {"", "udp", "53", "", "10.10.10.7", true},
    };
    /* As it was recorded. */
    struct network_forward forward = {.listen_address = "198.51.100.41",
                                      .description = "",
                                      .config = {.pairs = pairs, .n_pairs = 1}};
    struct error error = ERROR_INIT;
    char etag[ETAG_SIZE];

    (void)state;
    assert_int_equal(etag_forward(&forward, etag, &error), ERROR_NONE);
    assert_string_equal(etag, "b4385eaadc238323eae95e10e0d900fc24ad6a9d2005d5eb6b323e497f8aa107");
    /* ["198.51.100.42","\u003cweb\u003e",{"target_address":"10.10.10.5","user.a":"b"},
     * [{"description":"d","protocol":"tcp","listen_port":"80,90-99","target_port":"8080",
     * "target_address":"10.10.10.6","snat":false},{...,"snat":true}]] */
    forward.listen_address = "198.51.100.42";
    forward.description = "<web>";
    forward.config.n_pairs = 2;
    forward.ports = ports;
    forward.n_ports = 2;
    assert_int_equal(etag_forward(&forward, etag, &error), ERROR_NONE);
    assert_string_equal(etag, "8c45ceccf026bcd9a081e9938a1395f0904eb56e5147cd003edb36a1c488ea9e");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listen_addresses_are_parsed),
        cmocka_unit_test(unspecified_addresses_are_refused),
        cmocka_unit_test(config_and_default_target_are_validated),
        cmocka_unit_test(ports_are_validated),
        cmocka_unit_test(networks_differ_in_what_they_bound),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(fields_are_normalised),
        cmocka_unit_test(each_field_makes_a_difference),
        cmocka_unit_test(lists_are_in_the_order_of_addresses),
        cmocka_unit_test(bodies_are_read),
        cmocka_unit_test(wrong_bodies_are_refused),
        cmocka_unit_test(tags_are_those_of_incus),
    };

    return cmocka_run_group_tests_name("lb forward", tests, NULL, NULL);
}
