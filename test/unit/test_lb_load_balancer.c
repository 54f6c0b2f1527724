/* The rules of load balancers, against what a real Incus answered. */
#include "lb/listener.h"
#include "lb/load_balancer.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The networks of the recorded world. */
static struct string_pair uplink_config[] = {
    {"dns.nameservers", "192.0.2.1"},
    {"ipv4.gateway", "192.0.2.1/24"},
    {"ipv4.ovn.ranges", "192.0.2.100-192.0.2.254"},
    {"ipv4.routes", "198.51.100.0/24"},
    {"ipv6.gateway", "2001:db8:1:2::1/64"},
    {"ipv6.routes", "2001:db8:5::/48"},
    {"parent", "br-ext"},
};
static const struct network uplink = {
    .name = "UPLINK", .type = NETWORK_PHYSICAL, .config = {.pairs = uplink_config, .n_pairs = 7}};

static struct string_pair ovn_config[] = {
    {"ipv4.address", "10.10.10.1/24"},
    {"ipv4.nat", "true"},
    {"ipv6.address", "fd42:1:2:3::1/64"},
    {"ipv6.nat", "true"},
    {"network", "UPLINK"},
};
static const struct network ovn = {
    .name = "ovn0", .type = NETWORK_OVN, .config = {.pairs = ovn_config, .n_pairs = 5}};

/* Normalises, validates, and compares the message ("" if it is right). */
static void expect(struct network_load_balancer *lb, const struct network *network,
                   const char *message)
{
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct ip listen;
    int rv;

    assert_int_equal(load_balancer_normalise(lb, &arena, &error), ERROR_NONE);
    assert_int_equal(load_balancer_parse_listen_address(lb->listen_address, &listen, &error),
                     ERROR_NONE);
    rv = load_balancer_validate(lb, &listen, network, &error);
    assert_string_equal(error.message, message);
    assert_int_equal(rv, *message == '\0' ? ERROR_NONE : ERROR_INVALID);
    arena_close(&arena);
}

static void listen_addresses_are_parsed(void **state)
{
    static const struct {
        const char *raw;
        bool valid;
    } cases[] = {
        {"198.51.100.10", true},
        {"::ffff:198.51.100.23", true},
        {"2001:DB8:5:0::11", true},
        {"", false},
        {"foo", false},
        {"198.51.100.20/32", false},
        {" 198.51.100.20", false},
        {"198.51.100.20 ", false},
        {"198.51.100.020", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        char message[100] = "";
        struct ip ip;
        int rv = load_balancer_parse_listen_address(cases[i].raw, &ip, &error);

        if (!cases[i].valid) {
            snprintf(message, sizeof message, "Invalid load balancer listen address %s",
                     cases[i].raw);
        }
        assert_string_equal(error.message, message);
        assert_int_equal(rv, cases[i].valid ? ERROR_NONE : ERROR_INVALID);
    }
}

static void config_is_validated(void **state)
{
    static const struct {
        const char *key;
        const char *value;
        const char *message;
    } cases[] = {
        {"user.foo", "bar", ""},
        {"user.", "", ""},
        {"foo", "bar", "Invalid option \"foo\""},
        {"foo", "", "Invalid option \"foo\""},
        {"user", "bar", "Invalid option \"user\""},
        {"healthcheck", "", ""},
        {"healthcheck", "TRUE", ""},
        {"healthcheck", "maybe", "Invalid value for a boolean \"maybe\""},
        {"healthcheck.interval", "010", ""},
        {"healthcheck.interval", "4294967295", ""},
        {"healthcheck.interval", "",
         "Invalid value for uint32 \"\": not a whole number from 0 to 4294967295"},
        {"healthcheck.success_count", "-1",
         "Invalid value for uint32 \"-1\": not a whole number from 0 to 4294967295"},
        {"healthcheck.failure_count", "4294967296",
         "Invalid value for uint32 \"4294967296\": not a whole number from 0 to 4294967295"},
        {"healthcheck.timeout", "abc",
         "Invalid value for uint32 \"abc\": not a whole number from 0 to 4294967295"},
        {"healthcheck.other", "1", "Invalid option \"healthcheck.other\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct string_pair pairs[] = {{cases[i].key, cases[i].value}};
        struct network_load_balancer lb = {.listen_address = "198.51.100.20",
                                           .config = {.pairs = pairs, .n_pairs = 1}};

        expect(&lb, &ovn, cases[i].message);
    }
}

#define V4 "198.51.100.20"
#define V6 "2001:db8:5::10"

static void backends_are_validated(void **state)
{
    static const struct {
        const char *listen;
        const char *name;
        const char *address;
        const char *ports;
        const char *message;
    } cases[] = {
        {V4, "b1", "10.10.10.10", "80", ""},
        {V4, "b1", " 10.10.10.10\t", " 80 ", ""},
        {V4, "", "10.10.10.10", "80", ""},
        {V4, NULL, "10.10.10.10", NULL, ""},
        {V4, "b1", "::ffff:10.10.10.10", "80", ""},
        {V4, "b1", "10.10.10.0", "80", ""},
        {V4, "b1", "10.10.10.1", "80", ""},
        {V4, "b1", "10.10.10.255", "80", ""},
        {V6, "b1", "FD42:1:2:3:0::10", "80", ""},
        {V4, "b 1", "10.10.10.10", "80",
         "Name cannot contain white space in backend specification 0"},
        {V4, "b\t1", "10.10.10.10", "80",
         "Name cannot contain white space in backend specification 0"},
        {V4,
         "b\xc2\xa0"
         "1",
         "10.10.10.10", "80", "Name cannot contain white space in backend specification 0"},
        {V4, "b1", "", "80", "Invalid target address for backend \"b1\""},
        {V4, "b1", NULL, "80", "Invalid target address for backend \"b1\""},
        {V4, "b\"1", "foo", "80", "Invalid target address for backend \"b\\\"1\""},
        {V4, "b1", "fd42:1:2:3::10", "80",
         "Cannot mix IP versions in listen address and backend \"b1\" target address"},
        {V6, "b1", "10.10.10.10", "80",
         "Cannot mix IP versions in listen address and backend \"b1\" target address"},
        {V4, "b1", "10.99.0.1", "80",
         "Target address is not within the network subnet for backend \"b1\""},
        {V6, "b1", "fd42:1:2:4::1", "80",
         "Target address is not within the network subnet for backend \"b1\""},
        {V4, "b1", "10.10.10.10", "65535", ""},
        {V4, "b1", "10.10.10.10", "80,80", ""},
        {V4, "b1", "10.10.10.10", "80, 81 ,8080-8082", ""},
        {V4, "b1", "10.10.10.10", "80,65536",
         "Invalid backend port specification 1 in backend specification 0: Port 65536 isn't "
         "between 1 and 65535"},
        {V4, "b1", "10.10.10.10", "0",
         "Invalid backend port specification 0 in backend specification 0: Port 0 isn't between 1 "
         "and 65535"},
        {V4, "b1", "10.10.10.10", "80-80",
         "Invalid backend port specification 0 in backend specification 0: End port should be "
         "higher than start port"},
        {V4, "b1", "10.10.10.10", "80-81-82",
         "Invalid backend port specification 0 in backend specification 0: Invalid port range "
         "\"80-81-82\""},
        {V4, "b1", "10.10.10.10", "80 - 90",
         "Invalid backend port specification 0 in backend specification 0: \"80 \" isn't a port "
         "number"},
        {V4, "b1", "10.10.10.10", "80,,81",
         "Invalid backend port specification 1 in backend specification 0: \"\" isn't a port "
         "number"},
        {V4, "b1", "10.10.10.10", "1-9223372036854775807",
         "Invalid backend port specification 0 in backend specification 0: Port "
         "9223372036854775807 isn't between 1 and 65535"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct network_load_balancer_backend backend = {.name = cases[i].name,
                                                        .target_address = cases[i].address,
                                                        .target_port = cases[i].ports};
        struct network_load_balancer lb = {
            .listen_address = cases[i].listen, .backends = &backend, .n_backends = 1};

        expect(&lb, &ovn, cases[i].message);
    }
}

static void ports_are_validated(void **state)
{
    static const struct {
        const char *target_port;  /* Of the backend b1. */
        const char *protocols[2]; /* The second NULL: there is one port. */
        const char *listen_ports[2];
        const char *backend; /* Of both; NULL: none. */
        const char *message;
    } cases[] = {
        {"", {"tcp"}, {"80"}, "b1", ""},
        {"", {" tcp "}, {" 80 , 81 "}, "b1", ""},
        {"", {"udp"}, {"1-65535"}, "b1", ""},
        {"", {"tcp"}, {"+80,081"}, NULL, ""},
        {"80", {"tcp", "udp"}, {"80", "80"}, "b1", ""},
        {"80", {"tcp"}, {"80-90"}, "b1", ""},
        {"90-100", {"tcp"}, {"80-90"}, "b1", ""},
        {"80,80", {"tcp"}, {"80,90"}, "b1", ""},
        {"",
         {"sctp"},
         {"80"},
         "b1",
         "Invalid port protocol in port specification 0, protocol must be one of: tcp, udp"},
        {"",
         {"TCP"},
         {"80"},
         "b1",
         "Invalid port protocol in port specification 0, protocol must be one of: tcp, udp"},
        {"",
         {""},
         {"80"},
         "b1",
         "Invalid port protocol in port specification 0, protocol must be one of: tcp, udp"},
        {"",
         {"tcp", "x"},
         {"80", "81"},
         "b1",
         "Invalid port protocol in port specification 1, protocol must be one of: tcp, udp"},
        {"", {"tcp"}, {""}, "b1", "Missing listen port in port specification 0"},
        {"", {"tcp"}, {" "}, "b1", "Missing listen port in port specification 0"},
        {"", {"tcp"}, {NULL}, "b1", "Missing listen port in port specification 0"},
        {"",
         {"tcp"},
         {"0"},
         "b1",
         "Invalid listen port in port specification 0: Port 0 isn't between 1 and 65535"},
        {"",
         {"tcp"},
         {"70000-70002"},
         "b1",
         "Invalid listen port in port specification 0: Port 70000 isn't between 1 and 65535"},
        {"",
         {"tcp"},
         {"80-"},
         "b1",
         "Invalid listen port in port specification 0: \"\" isn't a port number"},
        {"",
         {"tcp"},
         {"80,,81"},
         "b1",
         "Invalid listen port in port specification 0: \"\" isn't a port number"},
        {"",
         {"tcp"},
         {"90-80"},
         "b1",
         "Invalid listen port in port specification 0: End port should be higher than start port"},
        {"",
         {"tcp"},
         {"80,80"},
         "b1",
         "Duplicate listen port 80 for protocol \"tcp\" in port specification 0"},
        {"80",
         {"tcp", "tcp"},
         {"80", "79-81"},
         "b1",
         "Duplicate listen port 80 for protocol \"tcp\" in port specification 1"},
        {"",
         {"udp", "udp"},
         {"1-65535", "65535"},
         "b1",
         "Duplicate listen port 65535 for protocol \"udp\" in port specification 1"},
        {"",
         {"tcp"},
         {"80"},
         "nope",
         "Invalid target backend name \"nope\" in port specification 0"},
        {"80-82",
         {"tcp"},
         {"80"},
         "b1",
         "Mismatch of listen port(s) and target port(s) count for backend \"b1\" in port "
         "specification 0"},
        {"80,80",
         {"tcp"},
         {"80-82"},
         "b1",
         "Mismatch of listen port(s) and target port(s) count for backend \"b1\" in port "
         "specification 0"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct network_load_balancer_backend backend = {
            .name = "b1", .target_address = "10.10.10.10", .target_port = cases[i].target_port};
        const char *names[2][1] = {{cases[i].backend}, {cases[i].backend}};
        struct network_load_balancer_port ports[2];
        struct network_load_balancer lb = {.listen_address = V4,
                                           .backends = &backend,
                                           .n_backends = 1,
                                           .ports = ports,
                                           .n_ports = cases[i].protocols[1] == NULL ? 1 : 2};

        for (int j = 0; j < 2; j++) {
            ports[j] = (struct network_load_balancer_port){
                .protocol = cases[i].protocols[j],
                .listen_port = cases[i].listen_ports[j],
                .target_backend = names[j],
                .n_target_backend = cases[i].backend == NULL ? 0 : 1,
            };
        }
        expect(&lb, &ovn, cases[i].message);
    }
}

static void backends_are_named_once(void **state)
{
    struct network_load_balancer_backend backends[] = {
        {.name = "m", .target_address = "10.10.10.10"},
        {.name = "z", .target_address = "10.10.10.10"},
        {.name = "a", .target_address = "10.10.10.10"},
        {.name = "m", .target_address = "10.10.10.10"},
    };
    const char *names[] = {"a", "m", "z", "a"};
    struct network_load_balancer_port port = {
        .protocol = "tcp", .listen_port = "80", .target_backend = names, .n_target_backend = 4};
    struct network_load_balancer lb = {
        .listen_address = V4, .backends = backends, .n_backends = 4, .ports = &port, .n_ports = 1};

    (void)state;
    expect(&lb, &ovn, "Duplicate name \"m\" in backend specification 3");
    lb.n_backends = 3;
    expect(&lb, &ovn, "");
}

/* The first error in Incus' order wins: config, backends, ports. */
static void the_order_of_checks_is_fixed(void **state)
{
    struct string_pair pairs[] = {{"foo", "bar"}};
    struct network_load_balancer_backend backend = {.name = "b 1"};
    struct network_load_balancer_port port = {.protocol = "x"};
    struct network_load_balancer lb = {.listen_address = V4,
                                       .config = {.pairs = pairs, .n_pairs = 1},
                                       .backends = &backend,
                                       .n_backends = 1,
                                       .ports = &port,
                                       .n_ports = 1};

    (void)state;
    expect(&lb, &ovn, "Invalid option \"foo\"");
    lb.config.n_pairs = 0;
    expect(&lb, &ovn, "Name cannot contain white space in backend specification 0");
    lb.n_backends = 0;
    expect(&lb, &ovn,
           "Invalid port protocol in port specification 0, protocol must be one of: tcp, udp");
}

static void the_network_bounds_the_targets(void **state)
{
    struct string_pair none[] = {{"ipv4.address", "none"}};
    struct network network = {.name = "n", .config = {.pairs = none, .n_pairs = 1}};
    struct network_load_balancer_backend backend = {.name = "b1", .target_address = "192.168.1.1"};
    struct network_load_balancer lb = {.listen_address = V4, .backends = &backend, .n_backends = 1};

    (void)state;
    expect(&lb, &network,
           "The network has no subnet for the backends, its ipv4.address: \"none\" isn't an "
           "address with a prefix length");
    network.config.n_pairs = 0;
    expect(&lb, &network, "");
}

static void limits_hold(void **state)
{
    struct arena arena = {0};
    struct network_load_balancer_backend *backends;
    struct network_load_balancer_port *ports;
    struct string_map config = {0};
    struct network_load_balancer lb = {.listen_address = V4};

    (void)state;
    backends = arena_calloc(&arena, LB_BACKENDS_MAX + 1, sizeof *backends);
    ports = arena_calloc(&arena, LISTENER_PORTS_MAX + 1, sizeof *ports);
    for (unsigned i = 0; i <= LB_BACKENDS_MAX; i++) {
        backends[i].name = arena_printf(&arena, "b%u", i);
        backends[i].target_address = "10.10.10.10";
    }
    for (unsigned i = 0; i <= LISTENER_PORTS_MAX; i++) {
        ports[i].protocol = "tcp";
        ports[i].listen_port = arena_printf(&arena, "%u", i + 1);
        ports[i].target_backend = arena_calloc(&arena, 1, sizeof(const char *));
        ports[i].target_backend[0] = backends[i % LB_BACKENDS_MAX].name;
        ports[i].n_target_backend = 1;
    }
    for (unsigned i = 0; i <= LISTENER_CONFIG_KEYS_MAX; i++) {
        assert_true(string_map_set(&config, &arena, arena_printf(&arena, "user.%04u", i), "v"));
    }
    lb.backends = backends;
    lb.ports = ports;
    lb.config = config;
    lb.n_backends = LB_BACKENDS_MAX;
    lb.n_ports = LISTENER_PORTS_MAX;
    lb.config.n_pairs = LISTENER_CONFIG_KEYS_MAX;
    expect(&lb, &ovn, "");
    lb.n_ports = LISTENER_PORTS_MAX + 1;
    expect(&lb, &ovn, "Too many ports: 1025, at most 1024");
    lb.n_backends = LB_BACKENDS_MAX + 1;
    expect(&lb, &ovn, "Too many backends: 1025, at most 1024");
    lb.config.n_pairs = LISTENER_CONFIG_KEYS_MAX + 1;
    expect(&lb, &ovn, "Too many options: 1025, at most 1024");
    arena_close(&arena);
}

static void the_uplink_bounds_the_listen_address(void **state)
{
    static const struct {
        const char *listen;
        const char *message;
    } cases[] = {
        {"198.51.100.10", ""},
        {"198.51.100.0", ""},
        {"198.51.100.255", ""},
        {"192.0.2.105", ""},
        {"192.0.2.255", ""},
        {"192.0.2.100", ""},
        {"2001:db8:5::10", ""},
        {"2001:db8:1:2::99", ""},
        {"203.0.113.9", "Uplink network doesn't contain \"203.0.113.9/32\" in its routes"},
        {"10.10.10.20", "Uplink network doesn't contain \"10.10.10.20/32\" in its routes"},
        {"2001:db8:6::1", "Uplink network doesn't contain \"2001:db8:6::1/128\" in its routes"},
        {"192.0.2.1", "Requested subnet \"192.0.2.1/32\" would mask the uplink gateway"},
        {"2001:db8:1:2::1",
         "Requested subnet \"2001:db8:1:2::1/128\" would mask the uplink gateway"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        struct ip listen;
        int rv;

        assert_true(ip_parse(cases[i].listen, &listen));
        rv = listener_check_uplink(&listen, &uplink, &error);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(rv, *cases[i].message == '\0' ? ERROR_NONE : ERROR_INVALID);
    }
}

/* A route comes before the gateway, and a bridge has an address instead of one. */
static void uplinks_differ(void **state)
{
    struct string_pair routed[] = {{"ipv4.gateway", "192.0.2.1/24"},
                                   {"ipv4.routes", "198.51.100.0/24, 192.0.2.0/29"}};
    struct string_pair bridge[] = {{"ipv4.address", "10.5.0.1/24"}};
    struct network network = {.config = {.pairs = routed, .n_pairs = 2}};
    struct error error = ERROR_INIT;
    struct ip listen;

    (void)state;
    assert_true(ip_parse("192.0.2.1", &listen));
    assert_int_equal(listener_check_uplink(&listen, &network, &error), ERROR_NONE);
    network.config = (struct string_map){.pairs = bridge, .n_pairs = 1};
    assert_true(ip_parse("10.5.0.9", &listen));
    assert_int_equal(listener_check_uplink(&listen, &network, &error), ERROR_NONE);
    assert_true(ip_parse("10.5.0.1", &listen));
    assert_int_equal(listener_check_uplink(&listen, &network, &error), ERROR_INVALID);
    assert_string_equal(error.message,
                        "Requested subnet \"10.5.0.1/32\" would mask the uplink gateway");
}

static void projects_restrict_the_listen_address(void **state)
{
    static const struct {
        const char *restricted;
        const char *subnets; /* NULL: not set. */
        const char *message;
    } cases[] = {
        {"true", NULL, ""},
        {"true", "UPLINK:198.51.100.0/28", ""},
        {"true", "other:10.0.0.0/8, UPLINK:198.51.100.10/32", ""},
        {"false", "UPLINK:198.51.100.64/28", ""},
        {"", "UPLINK:198.51.100.64/28", ""},
        {"true", "UPLINK:198.51.100.64/28",
         "Project doesn't contain \"198.51.100.10/32\" in its restricted uplink subnets"},
        {"true", "other:198.51.100.0/24",
         "Project doesn't contain \"198.51.100.10/32\" in its restricted uplink subnets"},
        {"true", "UPLIN:198.51.100.0/24",
         "Project doesn't contain \"198.51.100.10/32\" in its restricted uplink subnets"},
        {"true", "x",
         "Project restricted.networks.subnets: Subnet \"x\" invalid, must be in the format of "
         "\"<uplink network>:<subnet>\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct string_pair pairs[] = {{"restricted", cases[i].restricted},
                                      {"restricted.networks.subnets", cases[i].subnets}};
        struct string_map config = {.pairs = pairs, .n_pairs = cases[i].subnets == NULL ? 1 : 2};
        struct error error = ERROR_INIT;
        struct ip listen;
        int rv;

        assert_true(ip_parse("198.51.100.10", &listen));
        rv = listener_check_project(&listen, "UPLINK", &config, &error);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(rv, *cases[i].message == '\0' ? ERROR_NONE : ERROR_INVALID);
    }
}

/* lb-create-full-nohc and lb-get-full of the transcripts. */
static void records_are_normalised(void **state)
{
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct string_pair pairs[] = {
        {"healthcheck", ""}, {"healthcheck.interval", "5"}, {"user.a", ""}, {"user.foo", " bar "}};
    struct network_load_balancer_backend backends[] = {
        {" b1 ", " c1 ", "80, 81,8080-8082", "  10.10.10.10 "},
        {NULL, NULL, NULL, NULL},
        {"b3", "", " , 80,", "FD42:1:2:3:0::10"},
        {"b4", "", "80 - 90", "nonsense "},
    };
    const char *names[] = {" b1 ", NULL};
    struct network_load_balancer_port ports[] = {
        {"\tweb\n", " tcp ", " 80 ,81", names, 2},
        {NULL, NULL, NULL, NULL, 0},
    };
    struct network_load_balancer lb = {.listen_address = " 2001:DB8::1",
                                       .description = "  full lb  ",
                                       .config = {.pairs = pairs, .n_pairs = 4, .capacity = 4},
                                       .backends = backends,
                                       .n_backends = 4,
                                       .ports = ports,
                                       .n_ports = 2};

    (void)state;
    assert_int_equal(load_balancer_normalise(&lb, &arena, &error), ERROR_NONE);
    assert_string_equal(lb.listen_address, " 2001:DB8::1");
    assert_string_equal(lb.description, "full lb");
    assert_string_equal(lb.location, "");
    assert_int_equal(lb.config.n_pairs, 2);
    assert_string_equal(string_map_get(&lb.config, "healthcheck.interval"), "5");
    assert_string_equal(string_map_get(&lb.config, "user.foo"), " bar ");
    assert_string_equal(backends[0].name, " b1 ");
    assert_string_equal(backends[0].description, "c1");
    assert_string_equal(backends[0].target_port, "80,81,8080-8082");
    assert_string_equal(backends[0].target_address, "10.10.10.10");
    assert_string_equal(backends[1].name, "");
    assert_string_equal(backends[1].description, "");
    assert_string_equal(backends[1].target_port, "");
    assert_string_equal(backends[1].target_address, "");
    assert_string_equal(backends[2].target_port, ",80,");
    assert_string_equal(backends[2].target_address, "fd42:1:2:3::10");
    assert_string_equal(backends[3].target_port, "80 - 90");
    assert_string_equal(backends[3].target_address, "nonsense");
    assert_string_equal(ports[0].description, "web");
    assert_string_equal(ports[0].protocol, "tcp");
    assert_string_equal(ports[0].listen_port, "80,81");
    assert_string_equal(ports[0].target_backend[0], " b1 ");
    assert_string_equal(ports[0].target_backend[1], "");
    assert_string_equal(ports[1].protocol, "");
    assert_string_equal(ports[1].listen_port, "");
    arena_close(&arena);
}

/* A record with every field set, from the arena. */
static struct network_load_balancer record(struct arena *arena)
{
    struct network_load_balancer lb = {
        .listen_address = V4, .description = "d", .n_backends = 1, .n_ports = 1};

    assert_true(string_map_set(&lb.config, arena, "user.a", "b"));
    lb.backends = arena_calloc(arena, 1, sizeof *lb.backends);
    lb.backends[0] = (struct network_load_balancer_backend){"b1", "", "80", "10.10.10.10"};
    lb.ports = arena_calloc(arena, 1, sizeof *lb.ports);
    lb.ports[0] = (struct network_load_balancer_port){
        .description = "", .protocol = "tcp", .listen_port = "80", .n_target_backend = 1};
    lb.ports[0].target_backend = arena_calloc(arena, 1, sizeof(const char *));
    lb.ports[0].target_backend[0] = "b1";
    return lb;
}

static void records_are_compared_by_content(void **state)
{
    struct arena arena = {0};
    struct network_load_balancer a = record(&arena);
    struct network_load_balancer b;

    (void)state;
    b = record(&arena);
    b.id = 7; /* Not content. */
    b.revision = 9;
    assert_true(load_balancer_equal(&a, &b));
    for (int change = 0; change < 13; change++) {
        b = record(&arena);
        switch (change) {
        case 0:
            b.listen_address = V6;
            break;
        case 1:
            b.description = "";
            break;
        case 2:
            b.config.pairs[0].value = "c";
            break;
        case 3:
            b.config.n_pairs = 0;
            break;
        case 4:
            b.n_backends = 0;
            break;
        case 5:
            b.backends[0].name = "b2";
            break;
        case 6:
            b.backends[0].description = "x";
            break;
        case 7:
            b.backends[0].target_port = "81";
            break;
        case 8:
            b.backends[0].target_address = "10.10.10.11";
            break;
        case 9:
            b.n_ports = 0;
            break;
        case 10:
            b.ports[0].protocol = "udp";
            break;
        case 11:
            b.ports[0].listen_port = "81";
            break;
        case 12:
            b.ports[0].target_backend[0] = "b2";
            break;
        }
        assert_false(load_balancer_equal(&a, &b));
    }
    arena_close(&arena);
}

static void records_are_sorted_by_number(void **state)
{
    static const char *const sorted[] = {"192.0.2.105",   "198.51.100.5",   "198.51.100.10",
                                         "2001:db8:5::9", "2001:db8:5::10", "bad",
                                         "worse"};
    struct network_load_balancer lbs[7] = {{0}};

    (void)state;
    for (size_t i = 0; i < 7; i++) {
        lbs[i].listen_address = sorted[(i * 3 + 2) % 7];
    }
    qsort(lbs, 7, sizeof lbs[0], load_balancer_compare);
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(lbs[i].listen_address, sorted[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listen_addresses_are_parsed),
        cmocka_unit_test(config_is_validated),
        cmocka_unit_test(backends_are_validated),
        cmocka_unit_test(ports_are_validated),
        cmocka_unit_test(backends_are_named_once),
        cmocka_unit_test(the_order_of_checks_is_fixed),
        cmocka_unit_test(the_network_bounds_the_targets),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(the_uplink_bounds_the_listen_address),
        cmocka_unit_test(uplinks_differ),
        cmocka_unit_test(projects_restrict_the_listen_address),
        cmocka_unit_test(records_are_normalised),
        cmocka_unit_test(records_are_compared_by_content),
        cmocka_unit_test(records_are_sorted_by_number),
    };

    return cmocka_run_group_tests_name("lb load balancer", tests, NULL, NULL);
}
