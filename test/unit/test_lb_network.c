/* The rules of networks. */
#include "lb/network.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void words_name_types_and_states(void **state)
{
    static const struct {
        const char *word;
        enum network_type type;
    } cases[] = {{"bridge", NETWORK_BRIDGE}, {"ovn", NETWORK_OVN}, {"physical", NETWORK_PHYSICAL}};
    enum network_type type = NETWORK_OVN;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(network_type_parse(cases[i].word, &type));
        assert_int_equal(type, cases[i].type);
        assert_string_equal(network_type_name(type), cases[i].word);
    }
    assert_false(network_type_parse("macvlan", &type));
    assert_false(network_type_parse("", &type));
    assert_false(network_type_parse("OVN", &type));
    assert_string_equal(network_type_name((enum network_type)77), "unknown");
    assert_string_equal(network_state_name(NETWORK_PENDING), "Pending");
    assert_string_equal(network_state_name(NETWORK_CREATED), "Created");
    assert_string_equal(network_state_name(NETWORK_ERRORED), "Errored");
    assert_string_equal(network_state_name((enum network_state)77), "Unknown");
}

static void names_are_validated(void **state)
{
    static const struct {
        const char *name;
        const char *message;
    } cases[] = {
        {"ovn0", ""},
        {"a", ""},
        {"a-network-with-a-long-name", ""},
        {"", "No name provided"},
        {"none", "Invalid network name: 'none' is a reserved name"},
        {"a/b", "Invalid network name: Name contains invalid character \"/\""},
        {"a b", "Invalid network name: Name cannot contain white space"},
        {"a:b", "Invalid network name: Cannot contain \":\""},
        {"-a", "Invalid network name: Names must start and end with an alphanumeric character"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        int rv = network_validate_name(cases[i].name, &error);

        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(rv, *cases[i].message == '\0' ? ERROR_NONE : ERROR_INVALID);
    }
}

/* Reads "key=value;key=value" into a config. */
static struct string_map config_of(struct arena *arena, const char *text)
{
    struct string_map config = {0};
    char *rest = arena_strdup(arena, text);
    char *pair;

    while ((pair = strsep(&rest, ";")) != NULL) {
        char *key = strsep(&pair, "=");

        if (*key != '\0') {
            assert_true(string_map_set(&config, arena, key, pair));
        }
    }
    return config;
}

#define OVN "network=UPLINK;"
#define PHY "parent=br-ext;"

static void configs_are_validated(void **state)
{
    static const struct {
        enum network_type type;
        const char *name;
        const char *config;
        const char *message;
    } cases[] = {
        /* The recorded networks. */
        {NETWORK_PHYSICAL, "UPLINK",
         "parent=br-ext;ipv4.ovn.ranges=192.0.2.100-192.0.2.254;ipv4.gateway=192.0.2.1/24;"
         "ipv4.routes=198.51.100.0/24;ipv6.gateway=2001:db8:1:2::1/64;ipv6.routes=2001:db8:5::/48;"
         "dns.nameservers=192.0.2.1;volatile.last_state.created=false",
         ""},
        {NETWORK_OVN, "ovn0",
         "network=UPLINK;ipv4.address=10.10.10.1/24;ipv4.nat=true;ipv6.address=fd42:1:2:3::1/64;"
         "ipv6.nat=true;bridge.mtu=1500;volatile.network.ipv4.address=192.0.2.100;"
         "volatile.network.ipv6.address=2001:db8:1:2:1266:6aff:fe33:c62f",
         ""},
        {NETWORK_OVN, "iso", "network=none;ipv4.address=10.30.0.1/24;ipv6.address=none", ""},
        {NETWORK_BRIDGE, "br0",
         "ipv4.address=10.77.0.1/24;ipv6.address=none;dns.mode=none;ipv4.dhcp=false;ipv4.nat=false",
         ""},
        /* Keys. */
        {NETWORK_OVN, "x1", OVN "foo=bar", "Invalid option for network \"x1\" option \"foo\""},
        {NETWORK_OVN, "x1", OVN "foo=", "Invalid option for network \"x1\" option \"foo\""},
        {NETWORK_OVN, "x1", OVN "parent=eth0",
         "Invalid option for network \"x1\" option \"parent\""},
        {NETWORK_PHYSICAL, "x1", PHY "ipv4.nat=true",
         "Invalid option for network \"x1\" option \"ipv4.nat\""},
        {NETWORK_BRIDGE, "x1", "network=UPLINK",
         "Invalid option for network \"x1\" option \"network\""},
        {NETWORK_OVN, "x1", OVN "user.a=b;volatile.other=1", ""},
        {NETWORK_OVN, "x1", "", "Option \"network\" is required"},
        {NETWORK_OVN, "x1", "foo=bar", "Invalid option for network \"x1\" option \"foo\""},
        {NETWORK_PHYSICAL, "x1", "",
         "Invalid value for network \"x1\" option \"parent\": Network interface is too short "
         "(minimum 2 characters)"},
        {(enum network_type)77, "x1", "", "Unknown driver"},
        /* A bridge is an interface. */
        {NETWORK_BRIDGE, "b", "",
         "Invalid network name: Network interface is too short (minimum 2 characters)"},
        {NETWORK_BRIDGE, "0123456789abcde", "", ""},
        {NETWORK_BRIDGE, "0123456789abcdef", "",
         "Invalid network name: Network interface is too long (maximum 15 characters)"},
        /* Values: one of each check, for each type. */
        {NETWORK_PHYSICAL, "x1", PHY "mtu=100",
         "Invalid value for network \"x1\" option \"mtu\": Out of MTU range (1280-16384) \"100\""},
        {NETWORK_PHYSICAL, "x1", PHY "vlan=5000",
         "Invalid value for network \"x1\" option \"vlan\": Out of VLAN ID range (0-4094) "
         "\"5000\""},
        {NETWORK_PHYSICAL, "x1", PHY "vlan.tagged=1,5-9", ""},
        {NETWORK_PHYSICAL, "x1", PHY "vlan.tagged=1,x",
         "Invalid value for network \"x1\" option \"vlan.tagged\": Item \"x\": Invalid VLAN range "
         "input: x"},
        {NETWORK_PHYSICAL, "x1", PHY "gvrp=maybe",
         "Invalid value for network \"x1\" option \"gvrp\": Invalid value for a boolean \"maybe\""},
        {NETWORK_PHYSICAL, "x1", PHY "ipv4.gateway=192.0.2.0/24",
         "Invalid value for network \"x1\" option \"ipv4.gateway\": Not a usable IPv4 address "
         "\"192.0.2.0/24\""},
        {NETWORK_PHYSICAL, "x1", PHY "ipv4.gateway=192.0.2.1",
         "Invalid value for network \"x1\" option \"ipv4.gateway\": \"192.0.2.1\" isn't an address "
         "with a prefix length"},
        {NETWORK_PHYSICAL, "x1", PHY "ipv4.gateway.hwaddr=x",
         "Invalid value for network \"x1\" option \"ipv4.gateway.hwaddr\": Invalid MAC address, "
         "must be 6 bytes of hex separated by colons"},
        {NETWORK_PHYSICAL, "x1", PHY "ipv4.routes=10.0.0.0/8, 10.0.0.1/8",
         "Invalid value for network \"x1\" option \"ipv4.routes\": Item \"10.0.0.1/8\": Not an "
         "IPv4 network address \"10.0.0.1/8\""},
        {NETWORK_PHYSICAL, "x1", PHY "ipv6.ovn.ranges=1.1.1.1-1.1.1.2",
         "Invalid value for network \"x1\" option \"ipv6.ovn.ranges\": Item \"1.1.1.1-1.1.1.2\": "
         "Not an IPv6 address \"1.1.1.1\""},
        {NETWORK_PHYSICAL, "x1", PHY "ovn.ingress_mode=l3",
         "Invalid value for network \"x1\" option \"ovn.ingress_mode\": Invalid value \"l3\" (not "
         "one of [l2proxy routed])"},
        {NETWORK_PHYSICAL, "x1", PHY "bgp.peers.a.asn=65000;bgp.peers.a.address=192.0.2.9", ""},
        {NETWORK_PHYSICAL, "x1", PHY "bgp.peers.a.asn=0",
         "Invalid value for network \"x1\" option \"bgp.peers.a.asn\": Value isn't within valid "
         "range. Must be between 1 and 4294967294"},
        {NETWORK_PHYSICAL, "x1", PHY "bgp.peers.a=x",
         "Invalid network configuration key: \"bgp.peers.a\""},
        {NETWORK_PHYSICAL, "x1", PHY "bgp.peers.a.b.asn=1",
         "Invalid network configuration key: \"bgp.peers.a.b.asn\""},
        {NETWORK_PHYSICAL, "x1", PHY "bgp.peers.a.foo=1",
         "Invalid option for network \"x1\" option \"bgp.peers.a.foo\""},
        {NETWORK_PHYSICAL, "x1", PHY "bgp.peers.a.interface=eth0", ""},
        {NETWORK_PHYSICAL, "x1", PHY "bgp.peers.a.interface=eth0;bgp.peers.b.address=192.0.2.9",
         ""},
        {NETWORK_PHYSICAL, "x1", PHY "bgp.peers.a.interface=eth0;bgp.peers.a.address=192.0.2.9",
         "Invalid value for network \"x1\" option \"bgp.peers.a.interface\": Cannot use both "
         "\"bgp.peers.a.address\" and \"bgp.peers.a.interface\""},
        {NETWORK_OVN, "x1", OVN "bgp.peers.a.asn=1",
         "Invalid option for network \"x1\" option \"bgp.peers.a.asn\""},
        {NETWORK_OVN, "x1", OVN "ipv4.address=auto;ipv6.address=auto", ""},
        {NETWORK_OVN, "x1", OVN "ipv4.address=10.0.0.1/32", ""},
        {NETWORK_OVN, "x1", OVN "ipv4.address=10.0.0.0/24",
         "Invalid value for network \"x1\" option \"ipv4.address\": Not a usable IPv4 address "
         "\"10.0.0.0/24\""},
        {NETWORK_OVN, "x1", OVN "ipv4.address=10.0.0.254/24",
         "'ipv4.address' cannot be set to 10.0.0.254 because it is reserved for OVN load-balancer "
         "health checks"},
        {NETWORK_OVN, "x1", OVN "ipv6.address=fd42::1/65", "IPv6 subnet must be at least a /64"},
        {NETWORK_OVN, "x1", OVN "ipv4.dhcp.gateway=none;ipv4.dhcp.expiry=1h", ""},
        {NETWORK_OVN, "x1", OVN "ipv4.dhcp.expiry=soon",
         "Invalid value for network \"x1\" option \"ipv4.dhcp.expiry\": \"soon\" isn't a duration, "
         "such as 1h30m"},
        {NETWORK_OVN, "x1", OVN "ipv4.dhcp.routes=10.1.0.0/16",
         "Invalid value for network \"x1\" option \"ipv4.dhcp.routes\": missing gateway for route "
         "10.1.0.0/16"},
        {NETWORK_OVN, "x1", OVN "ipv6.l3only=true",
         "The ipv6.dhcp.stateful setting must be enabled when using ipv6.l3only mode with "
         "ipv6.dhcp enabled"},
        {NETWORK_OVN, "x1", OVN "ipv6.l3only=true;ipv6.dhcp=false", ""},
        {NETWORK_OVN, "x1", OVN "ipv6.l3only=true;ipv6.dhcp.stateful=true", ""},
        {NETWORK_OVN, "x1", OVN "dns.mode=dynamic",
         "Invalid value for network \"x1\" option \"dns.mode\": Invalid value \"dynamic\" (not one "
         "of [managed none])"},
        {NETWORK_OVN, "x1", OVN "security.acls.default.ingress.action=pass",
         "Invalid value for network \"x1\" option \"security.acls.default.ingress.action\": "
         "Invalid value \"pass\" (not one of [allow allow-stateless drop reject])"},
        {NETWORK_OVN, "x1", OVN "volatile.network.ipv4.address=x",
         "Invalid value for network \"x1\" option \"volatile.network.ipv4.address\": Not an IPv4 "
         "address \"x\""},
        {NETWORK_OVN, "x1",
         OVN "tunnel.a.protocol=vxlan;tunnel.a.id=5;tunnel.a.remote=192.0.2.1,192.0.2.2;tunnel.a."
             "ttl=3;tunnel.a.port=4789",
         ""},
        {NETWORK_OVN, "x1", OVN "tunnel.a=b", "Invalid network configuration key: tunnel.a"},
        {NETWORK_OVN, "x1", OVN "tunnel.a.foo=b",
         "Invalid option for network \"x1\" option \"tunnel.a.foo\""},
        {NETWORK_OVN, "x1", OVN "tunnel.a.ttl=300",
         "Invalid value for network \"x1\" option \"tunnel.a.ttl\": Invalid value for an integer "
         "\"300\". Must be between 0 and 255"},
        {NETWORK_OVN, "ovnname", OVN "tunnel.abcde.id=1", ""},
        {NETWORK_OVN, "ovnname", OVN "tunnel.abcdef.id=1",
         "Network name too long for tunnel interface: ovnname-abcdef-xx"},
        {NETWORK_BRIDGE, "brname0", "tunnel.abcdefg.id=1", ""},
        {NETWORK_BRIDGE, "brname0", "tunnel.abcdefgh.id=1",
         "Network name too long for tunnel interface: brname0-abcdefgh"},
        {NETWORK_BRIDGE, "x1", "tunnel.a.remote=192.0.2.1,192.0.2.2",
         "Invalid value for network \"x1\" option \"tunnel.a.remote\": Not an IP address "
         "\"192.0.2.1,192.0.2.2\""},
        {NETWORK_BRIDGE, "x1", "tunnel.a.interface=",
         "Invalid value for network \"x1\" option \"tunnel.a.interface\": Network interface is too "
         "short (minimum 2 characters)"},
        {NETWORK_BRIDGE, "x1", "bridge.driver=linux",
         "Invalid value for network \"x1\" option \"bridge.driver\": Invalid value \"linux\" (not "
         "one of [native openvswitch])"},
        {NETWORK_BRIDGE, "x1", "ipv6.address=fd42::/64", ""},
        {NETWORK_BRIDGE, "x1", "ipv6.address=10.0.0.1/8",
         "Invalid value for network \"x1\" option \"ipv6.address\": \"10.0.0.1/8\" isn't a valid "
         "value"},
        /* Ranges of a bridge that OVN networks take addresses from. */
        {NETWORK_BRIDGE, "x1", "ipv4.address=10.0.0.1/24;ipv4.ovn.ranges=10.0.0.100-10.0.0.200",
         "\"ipv4.ovn.ranges\" must be used in conjunction with non-overlapping "
         "\"ipv4.dhcp.ranges\" when DHCPv4 is enabled"},
        {NETWORK_BRIDGE, "x1",
         "ipv4.address=10.0.0.1/24;ipv4.dhcp=false;ipv4.ovn.ranges=10.0.0.100-10.0.0.200", ""},
        {NETWORK_BRIDGE, "x1",
         "ipv4.address=10.0.0.1/"
         "24;ipv4.dhcp.ranges=10.0.0.2-10.0.0.99;ipv4.ovn.ranges=10.0.0.100-10.0.0.200",
         ""},
        {NETWORK_BRIDGE, "x1",
         "ipv4.address=10.0.0.1/"
         "24;ipv4.dhcp.ranges=10.0.0.2-10.0.0.99;ipv4.ovn.ranges=0.0.0.100-0.0.0.200",
         ""},
        {NETWORK_BRIDGE, "x1",
         "ipv4.address=10.0.0.1/"
         "24;ipv4.dhcp.ranges=10.0.0.2-10.0.0.100;ipv4.ovn.ranges=10.0.0.100-10.0.0.200",
         "The range specified in \"ipv4.ovn.ranges\" (\"10.0.0.100-10.0.0.200\") cannot overlap "
         "with \"ipv4.dhcp.ranges\""},
        {NETWORK_BRIDGE, "x1",
         "ipv4.address=10.0.0.1/"
         "24;ipv4.dhcp.ranges=10.0.0.2-10.0.0.9;ipv4.ovn.ranges=10.0.1.100-10.0.1.200",
         "Failed parsing ipv4.ovn.ranges: IP range \"10.0.1.100-10.0.1.200\" does not fall within "
         "any of the allowed networks [10.0.0.0/24]"},
        {NETWORK_BRIDGE, "x1", "ipv6.address=fd42::1/64;ipv6.ovn.ranges=fd42::100-fd42::200", ""},
        {NETWORK_BRIDGE, "x1",
         "ipv6.address=fd42::1/64;ipv6.dhcp.stateful=true;ipv6.ovn.ranges=fd42::100-fd42::200",
         "\"ipv6.ovn.ranges\" must be used in conjunction with non-overlapping "
         "\"ipv6.dhcp.ranges\" when stateful DHCPv6 is enabled"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error error = ERROR_INIT;
        struct network network = {.name = cases[i].name, .type = cases[i].type};
        int rv;

        network.config = config_of(&arena, cases[i].config);
        rv = network_validate(&network, &error);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(rv, *cases[i].message == '\0' ? ERROR_NONE : ERROR_INVALID);
        arena_close(&arena);
    }
}

/* DATA is a list of addresses as text, ended by NULL. */
static bool is_taken(const struct ip *ip, void *data)
{
    const char *const *taken = data;
    char text[IP_TEXT_SIZE];

    ip_format(ip, text);
    for (; *taken != NULL; taken++) {
        if (strcmp(*taken, text) == 0) {
            return true;
        }
    }
    return false;
}

#define HWADDR "10:66:6a:33:c6:2f"

static void uplink_addresses_are_chosen(void **state)
{
    static const struct {
        const char *config;
        int family;
        const char *hwaddr;
        const char *taken[4];
        const char *chosen; /* NULL: none. */
        const char *message;
    } cases[] = {
        {"ipv4.gateway=192.0.2.1/24;ipv4.ovn.ranges=192.0.2.100-192.0.2.254",
         4,
         HWADDR,
         {NULL},
         "192.0.2.100",
         ""},
        {"ipv4.gateway=192.0.2.1/24;ipv4.ovn.ranges=192.0.2.100-192.0.2.254",
         4,
         HWADDR,
         {"192.0.2.100", NULL},
         "192.0.2.101",
         ""},
        {"ipv4.gateway=192.0.2.1/24;ipv4.ovn.ranges=192.0.2.100-192.0.2.101",
         4,
         HWADDR,
         {"192.0.2.101", "192.0.2.100", NULL},
         NULL,
         "Failed to allocate uplink IPv4 address: No free IPs available"},
        {"ipv4.gateway=192.0.2.1/24;ipv4.ovn.ranges=192.0.2.8-192.0.2.8, 192.0.2.1-192.0.2.9",
         4,
         HWADDR,
         {"192.0.2.8", NULL},
         "192.0.2.2",
         ""},
        {"ipv4.gateway=192.0.2.1/24;ipv4.ovn.ranges=0.0.0.7-0.0.0.9",
         4,
         HWADDR,
         {NULL},
         "192.0.2.7",
         ""},
        {"ipv4.address=10.5.0.1/24;ipv4.ovn.ranges=10.5.0.9-10.5.0.9",
         4,
         HWADDR,
         {NULL},
         "10.5.0.9",
         ""},
        {"ipv4.gateway=255.255.255.1/24;ipv4.ovn.ranges=255.255.255.255-255.255.255.255",
         4,
         HWADDR,
         {"255.255.255.255", NULL},
         NULL,
         "Failed to allocate uplink IPv4 address: No free IPs available"},
        {"ipv4.gateway=192.0.2.1/24;ipv4.ovn.ranges=10.0.0.1-10.0.0.2",
         4,
         HWADDR,
         {NULL},
         NULL,
         "Failed to parse uplink IPv4 OVN ranges: IP range \"10.0.0.1-10.0.0.2\" does not fall "
         "within any of the allowed networks [192.0.2.0/24]"},
        {"ipv4.gateway=192.0.2.1/24",
         4,
         HWADDR,
         {NULL},
         NULL,
         "Missing required \"ipv4.ovn.ranges\" config key on uplink network"},
        {"", 4, HWADDR, {NULL}, NULL, "Uplink network doesn't have IPv4 configured"},
        {"ipv4.gateway=192.0.2.1/24",
         6,
         HWADDR,
         {NULL},
         NULL,
         "Uplink network doesn't have IPv6 configured"},
        {"ipv6.gateway=2001:db8:1:2::1/64",
         6,
         HWADDR,
         {NULL},
         "2001:db8:1:2:1266:6aff:fe33:c62f",
         ""},
        {"ipv6.gateway=2001:db8:1:2::1/64",
         6,
         "10:66:6A:C8:DE:7B",
         {NULL},
         "2001:db8:1:2:1266:6aff:fec8:de7b",
         ""},
        {"ipv6.gateway=2001:db8:1:2::1/64",
         6,
         HWADDR,
         {"2001:db8:1:2:1266:6aff:fe33:c62f", NULL},
         NULL,
         "Failed to allocate uplink IPv6 address: No free IPs available"},
        {"ipv6.gateway=2001:db8:1:2::1/120",
         6,
         HWADDR,
         {NULL},
         NULL,
         "Failed to allocate uplink IPv6 address: No free IPs available"},
        {"ipv6.gateway=2001:db8:1:2::1/64",
         6,
         "x",
         {NULL},
         NULL,
         "Invalid MAC address, must be 6 bytes of hex separated by colons"},
        {"ipv6.gateway=2001:db8:1:2::1/64;ipv6.ovn.ranges=2001:db8:1:2::f-2001:db8:1:2::ff",
         6,
         HWADDR,
         {"2001:db8:1:2::f", NULL},
         "2001:db8:1:2::10",
         ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error error = ERROR_INIT;
        struct network uplink = {.name = "UPLINK", .type = NETWORK_PHYSICAL};
        char text[IP_TEXT_SIZE];
        struct ip ip;
        int rv;

        uplink.config = config_of(&arena, cases[i].config);
        rv = network_choose_uplink_address(&uplink, cases[i].family, cases[i].hwaddr, is_taken,
                                           (void *)(uintptr_t)cases[i].taken, &ip, &error);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(rv, *cases[i].message == '\0' ? ERROR_NONE : ERROR_INVALID);
        if (cases[i].chosen != NULL) {
            ip_format(&ip, text);
            assert_string_equal(text, cases[i].chosen);
        }
        arena_close(&arena);
    }
}

static void the_own_address_is_found(void **state)
{
    struct arena arena = {0};
    struct network network = {.type = NETWORK_OVN};
    char text[IP_TEXT_SIZE];
    struct ip ip;

    (void)state;
    assert_false(network_uplink_address(&network, 4, &ip));
    network.config = config_of(&arena, "volatile.network.ipv4.address=192.0.2.100;"
                                       "volatile.network.ipv6.address=192.0.2.101");
    assert_true(network_uplink_address(&network, 4, &ip));
    ip_format(&ip, text);
    assert_string_equal(text, "192.0.2.100");
    assert_false(network_uplink_address(&network, 6, &ip));
    arena_close(&arena);
}

static void configs_are_filled(void **state)
{
    static const struct {
        enum network_type type;
        const char *config;
        /* What it must be afterwards; "?" is any subnet, NULL: not there. */
        const char *v4;
        const char *v4_nat;
        const char *v6;
        const char *v6_nat;
        const char *mtu;
    } cases[] = {
        {NETWORK_OVN, "network=UPLINK", "?", "true", "?", "true", "1500"},
        {NETWORK_OVN, "ipv4.address=auto;ipv6.address=none", "?", "true", "none", NULL, "1500"},
        {NETWORK_OVN, "ipv4.address=auto;ipv4.nat=false", "?", "false", "?", "true", "1500"},
        {NETWORK_OVN, "ipv4.address=10.20.0.1/24;ipv6.address=fd42:9:9:9::1/64;bridge.mtu=1442",
         "10.20.0.1/24", NULL, "fd42:9:9:9::1/64", NULL, "1442"},
        {NETWORK_BRIDGE, "ipv6.address=none", "?", "true", "none", NULL, NULL},
        {NETWORK_PHYSICAL, "parent=br-ext", NULL, NULL, NULL, NULL, NULL},
    };
    static const char *const keys[] = {"ipv4.address", "ipv4.nat", "ipv6.address", "ipv6.nat",
                                       "bridge.mtu"};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const wanted[] = {cases[i].v4, cases[i].v4_nat, cases[i].v6, cases[i].v6_nat,
                                      cases[i].mtu};
        struct arena arena = {0};
        struct error error = ERROR_INIT;
        struct network network = {.name = "x1", .type = cases[i].type};

        network.config = config_of(&arena, cases[i].config);
        assert_int_equal(network_fill_config(&network, 5, &arena, &error), ERROR_NONE);
        for (size_t j = 0; j < sizeof keys / sizeof keys[0]; j++) {
            const char *value = string_map_get(&network.config, keys[j]);

            if (wanted[j] == NULL) {
                assert_null(value);
            } else if (strcmp(wanted[j], "?") == 0) {
                struct ip_subnet subnet;

                assert_true(ip_subnet_parse(value, &subnet));
                assert_int_equal(subnet.address.family, keys[j][3] == '4' ? 4 : 6);
                assert_int_equal(subnet.prefix, keys[j][3] == '4' ? 24 : 64);
                assert_int_equal(subnet.address.bytes[keys[j][3] == '4' ? 3 : 15], 1);
            } else {
                assert_string_equal(value, wanted[j]);
            }
        }
        arena_close(&arena);
    }
}

static void subnets_come_from_the_seed(void **state)
{
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct network first = {.name = "x1", .type = NETWORK_OVN};
    size_t n_different = 0;

    (void)state;
    assert_int_equal(network_fill_config(&first, 1, &arena, &error), ERROR_NONE);
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct network network = {.name = "x1", .type = NETWORK_OVN};

        assert_int_equal(network_fill_config(&network, seed, &arena, &error), ERROR_NONE);
        assert_memory_equal(string_map_get(&network.config, "ipv4.address"), "10.", 3);
        assert_memory_equal(string_map_get(&network.config, "ipv6.address"), "fd42:", 5);
        n_different += string_map_equal(&network.config, &first.config) ? 0 : 1;
        assert_true(string_map_set(&network.config, &arena, "network", "UPLINK"));
        assert_int_equal(network_validate(&network, &error), ERROR_NONE);
    }
    assert_int_equal(n_different, 199);
    arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_name_types_and_states),
        cmocka_unit_test(names_are_validated),
        cmocka_unit_test(configs_are_validated),
        cmocka_unit_test(uplink_addresses_are_chosen),
        cmocka_unit_test(the_own_address_is_found),
        cmocka_unit_test(configs_are_filled),
        cmocka_unit_test(subnets_come_from_the_seed),
    };

    return cmocka_run_group_tests_name("lb network", tests, NULL, NULL);
}
