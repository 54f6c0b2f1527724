#include "lb/network_rules.h"

#include "lb/config_address.h"

#include <string.h>

#define ACL_ACTIONS "allow allow-stateless drop reject"

static const struct config_rule physical_rules[] = {
    {.key = "parent", .check = config_check_interface, .required = true},
    {.key = "mtu", .check = config_check_mtu},
    {.key = "vlan", .check = config_check_vlan},
    {.key = "vlan.tagged", .check = config_check_vlan_range, .list = true},
    {.key = "gvrp", .check = config_check_bool},
    {.key = "ipv4.gateway", .check = config_check_cidr_v4},
    {.key = "ipv6.gateway", .check = config_check_cidr_v6},
    {.key = "ipv4.gateway.hwaddr", .check = config_check_mac},
    {.key = "ipv6.gateway.hwaddr", .check = config_check_mac},
    {.key = "ipv4.ovn.ranges", .check = config_check_range_v4, .list = true},
    {.key = "ipv6.ovn.ranges", .check = config_check_range_v6, .list = true},
    {.key = "ipv4.routes", .check = config_check_network_v4, .list = true},
    {.key = "ipv4.routes.anycast", .check = config_check_bool},
    {.key = "ipv6.routes", .check = config_check_network_v6, .list = true},
    {.key = "ipv6.routes.anycast", .check = config_check_bool},
    {.key = "dns.nameservers", .check = config_check_address, .list = true},
    {.key = "ovn.ingress_mode", .words = "l2proxy routed"},
    {.key = "volatile.last_state.created", .check = config_check_bool},
    {0},
};

static const struct config_rule ovn_rules[] = {
    {.key = "network"},
    {.key = "bridge.hwaddr", .check = config_check_mac},
    {.key = "bridge.mtu", .check = config_check_mtu},
    {.key = "bridge.external_interfaces", .check = config_check_external_interface, .list = true},
    {.key = "bridge.multicast_snooping", .check = config_check_bool},
    {.key = "bridge.multicast_relay", .check = config_check_bool},
    {.key = "ipv4.address", .check = config_check_cidr_or_single_v4, .words = "none auto"},
    {.key = "ipv4.dhcp", .check = config_check_bool},
    {.key = "ipv4.dhcp.gateway", .check = config_check_address_v4, .words = "none"},
    {.key = "ipv4.dhcp.expiry", .check = config_check_duration},
    {.key = "ipv4.dhcp.ranges", .check = config_check_range_v4, .list = true},
    {.key = "ipv4.dhcp.routes", .check = config_check_dhcp_routes},
    {.key = "ipv6.address", .check = config_check_cidr_or_single_v6, .words = "none auto"},
    {.key = "ipv6.dhcp", .check = config_check_bool},
    {.key = "ipv6.dhcp.stateful", .check = config_check_bool},
    {.key = "ipv6.ra", .check = config_check_bool},
    {.key = "ipv4.nat", .check = config_check_bool},
    {.key = "ipv4.nat.address", .check = config_check_address_v4},
    {.key = "ipv6.nat", .check = config_check_bool},
    {.key = "ipv6.nat.address", .check = config_check_address_v6},
    {.key = "ipv4.l3only", .check = config_check_bool},
    {.key = "ipv6.l3only", .check = config_check_bool},
    {.key = "dns.nameservers", .check = config_check_address, .list = true},
    {.key = "dns.domain"},
    {.key = "dns.mode", .words = "managed none"},
    {.key = "dns.search"},
    {.key = "dns.zone.forward"},
    {.key = "dns.zone.reverse.ipv4"},
    {.key = "dns.zone.reverse.ipv6"},
    {.key = "security.acls"},
    {.key = "security.acls.default.ingress.action", .words = ACL_ACTIONS},
    {.key = "security.acls.default.egress.action", .words = ACL_ACTIONS},
    {.key = "security.acls.default.ingress.logged", .check = config_check_bool},
    {.key = "security.acls.default.egress.logged", .check = config_check_bool},
    {.key = "volatile.network.ipv4.address", .check = config_check_address_v4},
    {.key = "volatile.network.ipv6.address", .check = config_check_address_v6},
    {0},
};

static const struct config_rule bridge_rules[] = {
    {.key = "bgp.ipv4.nexthop", .check = config_check_address_v4},
    {.key = "bgp.ipv6.nexthop", .check = config_check_address_v6},
    {.key = "bgp.ipv4.instances", .check = config_check_bool},
    {.key = "bgp.ipv6.instances", .check = config_check_bool},
    {.key = "bridge.driver", .words = "native openvswitch"},
    {.key = "bridge.external_interfaces", .check = config_check_external_interface, .list = true},
    {.key = "bridge.hwaddr", .check = config_check_mac},
    {.key = "bridge.mtu", .check = config_check_mtu},
    {.key = "bridge.multicast_snooping", .check = config_check_bool},
    {.key = "ipv4.address", .check = config_check_cidr_v4, .words = "none auto"},
    {.key = "ipv4.firewall", .check = config_check_bool},
    {.key = "ipv4.nat", .check = config_check_bool},
    {.key = "ipv4.nat.order", .words = "before after"},
    {.key = "ipv4.nat.address", .check = config_check_address_v4},
    {.key = "ipv4.dhcp", .check = config_check_bool},
    {.key = "ipv4.dhcp.gateway", .check = config_check_address_v4, .words = "none"},
    {.key = "ipv4.dhcp.expiry"},
    {.key = "ipv4.dhcp.ranges", .check = config_check_range_v4, .list = true},
    {.key = "ipv4.dhcp.routes", .check = config_check_dhcp_routes},
    {.key = "ipv4.routes", .check = config_check_network_v4, .list = true},
    {.key = "ipv4.routing", .check = config_check_bool},
    {.key = "ipv4.ovn.ranges", .check = config_check_range_v4, .list = true},
    {.key = "ipv6.address", .check = config_check_cidr_or_network_v6, .words = "none auto"},
    {.key = "ipv6.firewall", .check = config_check_bool},
    {.key = "ipv6.nat", .check = config_check_bool},
    {.key = "ipv6.nat.order", .words = "before after"},
    {.key = "ipv6.nat.address", .check = config_check_address_v6},
    {.key = "ipv6.dhcp", .check = config_check_bool},
    {.key = "ipv6.dhcp.expiry"},
    {.key = "ipv6.dhcp.stateful", .check = config_check_bool},
    {.key = "ipv6.dhcp.ranges", .check = config_check_range_v6, .list = true},
    {.key = "ipv6.ra", .check = config_check_bool},
    {.key = "ipv6.routes", .check = config_check_network_v6, .list = true},
    {.key = "ipv6.routing", .check = config_check_bool},
    {.key = "ipv6.ovn.ranges", .check = config_check_range_v6, .list = true},
    {.key = "dns.nameservers", .check = config_check_address, .list = true},
    {.key = "dns.domain"},
    {.key = "dns.mode", .words = "dynamic managed none"},
    {.key = "dns.search"},
    {.key = "dns.zone.forward"},
    {.key = "dns.zone.reverse.ipv4"},
    {.key = "dns.zone.reverse.ipv6"},
    {.key = "raw.dnsmasq"},
    {.key = "security.acls"},
    {.key = "security.acls.default.ingress.action", .words = ACL_ACTIONS},
    {.key = "security.acls.default.egress.action", .words = ACL_ACTIONS},
    {.key = "security.acls.default.ingress.logged", .check = config_check_bool},
    {.key = "security.acls.default.egress.logged", .check = config_check_bool},
    {0},
};

/* By what stands after "tunnel.NAME.". */
static const struct config_rule bridge_tunnel_rules[] = {
    {.key = "protocol", .words = "gre vxlan"},
    {.key = "local", .check = config_check_address},
    {.key = "remote", .check = config_check_address},
    {.key = "port", .check = config_check_tunnel_port},
    {.key = "id", .check = config_check_int64},
    {.key = "group", .check = config_check_address},
    {.key = "interface", .check = config_check_interface, .required = true},
    {.key = "ttl", .check = config_check_uint8},
    {0},
};

static const struct config_rule ovn_tunnel_rules[] = {
    {.key = "protocol", .words = "gre vxlan"},
    {.key = "local", .check = config_check_address},
    {.key = "remote", .check = config_check_address, .list = true},
    {.key = "port", .check = config_check_tunnel_port},
    {.key = "id", .check = config_check_int64},
    {.key = "group", .check = config_check_address},
    {.key = "interface", .check = config_check_interface, .required = true},
    {.key = "ttl", .check = config_check_uint8},
    {0},
};

/* By what stands after "bgp.peers.NAME.". */
static const struct config_rule bgp_peer_rules[] = {
    {.key = "address", .check = config_check_address},
    {.key = "asn", .check = config_check_range, .low = 1, .high = 4294967294},
    {.key = "password"},
    {.key = "holdtime", .check = config_check_range, .low = 9, .high = 65535},
    {.key = "interface", .check = config_check_interface},
    {0},
};

const struct config_rule *network_rules(enum network_type type)
{
    switch (type) {
    case NETWORK_BRIDGE:
        return bridge_rules;
    case NETWORK_OVN:
        return ovn_rules;
    case NETWORK_PHYSICAL:
        return physical_rules;
    }
    return NULL;
}

const struct config_rule *network_dynamic_rule(enum network_type type, const char *key)
{
    const char *last = strrchr(key, '.');

    if (strncmp(key, "tunnel.", 7) == 0 && type != NETWORK_PHYSICAL) {
        return config_rule_find(type == NETWORK_OVN ? ovn_tunnel_rules : bridge_tunnel_rules,
                                last + 1);
    }
    if (strncmp(key, "bgp.peers.", 10) == 0 && type != NETWORK_OVN) {
        return config_rule_find(bgp_peer_rules, last + 1);
    }
    return NULL;
}
