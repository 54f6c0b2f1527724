/* config_address.h - checks (config_key.h) of addresses, subnets and interfaces. */
#ifndef LBSTATE_LB_CONFIG_ADDRESS_H
#define LBSTATE_LB_CONFIG_ADDRESS_H

#include "lb/config_key.h"

/* Reads a subnet for a check; `"x" isn't an address with a prefix length`. */
struct ip_subnet;
int config_parse_subnet(const char *value, struct ip_subnet *ret_subnet, struct error *error);

int config_check_address(const struct config_rule *rule, const char *value, struct error *error);
int config_check_address_v4(const struct config_rule *rule, const char *value, struct error *error);
int config_check_address_v6(const struct config_rule *rule, const char *value, struct error *error);

/* An address with its prefix length that isn't the network's own address. */
int config_check_cidr_v4(const struct config_rule *rule, const char *value, struct error *error);
int config_check_cidr_v6(const struct config_rule *rule, const char *value, struct error *error);
/* As before, but one whole address (/32, /128) is right too. */
int config_check_cidr_or_single_v4(const struct config_rule *rule, const char *value,
                                   struct error *error);
int config_check_cidr_or_single_v6(const struct config_rule *rule, const char *value,
                                   struct error *error);
/* Any subnet of IPv6, host bits or not. */
int config_check_cidr_or_network_v6(const struct config_rule *rule, const char *value,
                                    struct error *error);

/* A subnet without host bits. */
int config_check_network_v4(const struct config_rule *rule, const char *value, struct error *error);
int config_check_network_v6(const struct config_rule *rule, const char *value, struct error *error);

/* "first-last". */
int config_check_range_v4(const struct config_rule *rule, const char *value, struct error *error);
int config_check_range_v6(const struct config_rule *rule, const char *value, struct error *error);

/* "subnet,gateway,subnet,gateway". */
int config_check_dhcp_routes(const struct config_rule *rule, const char *value,
                             struct error *error);

int config_check_interface(const struct config_rule *rule, const char *value, struct error *error);
/* "eth1" or "eth1.5/eth1/5" (a VLAN interface to be made). */
int config_check_external_interface(const struct config_rule *rule, const char *value,
                                    struct error *error);
int config_check_mac(const struct config_rule *rule, const char *value, struct error *error);
int config_check_mac_pattern(const struct config_rule *rule, const char *value,
                             struct error *error);
int config_check_mtu(const struct config_rule *rule, const char *value, struct error *error);
int config_check_vlan(const struct config_rule *rule, const char *value, struct error *error);
int config_check_vlan_range(const struct config_rule *rule, const char *value, struct error *error);
int config_check_tunnel_port(const struct config_rule *rule, const char *value,
                             struct error *error);

#endif
