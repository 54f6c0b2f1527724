/* ip.h - addresses, subnets and ranges.
 *
 * Text is read as Go's net.ParseIP and net.ParseCIDR read it: no leading zeros,
 * no zone, no blanks; an IPv4-mapped IPv6 address is the IPv4 address. It is
 * printed in the canonical form (RFC 5952). */
#ifndef LBSTATE_LB_IP_H
#define LBSTATE_LB_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Holds any address, subnet or range as text, with its NUL. */
#define IP_TEXT_SIZE 100

struct ip {
    int family;        /* 4 or 6. */
    uint8_t bytes[16]; /* Network order; 4 of them are used for IPv4, the rest are 0. */
};

struct ip_subnet {
    struct ip address; /* As it was written: "10.0.0.1/24" keeps the .1. */
    unsigned prefix;
};

struct ip_range {
    struct ip first;
    struct ip last; /* The same family, not below first. */
};

bool ip_parse(const char *text, struct ip *ret_ip);
void ip_format(const struct ip *ip, char out[IP_TEXT_SIZE]);

/* "198.51.100.10/32" or ".../128". */
void ip_format_host(const struct ip *ip, char out[IP_TEXT_SIZE]);

/* IPv4 before IPv6, then by number: the order of lists. */
int ip_compare(const struct ip *a, const struct ip *b);

/* One more; false at the last address of the family. */
bool ip_next(const struct ip *ip, struct ip *ret_ip);

bool ip_subnet_parse(const char *text, struct ip_subnet *ret_subnet);
bool ip_subnet_contains(const struct ip_subnet *subnet, const struct ip *ip);
/* Whether all of INNER lies in OUTER. */
bool ip_subnet_contains_subnet(const struct ip_subnet *outer, const struct ip_subnet *inner);
bool ip_subnet_overlaps(const struct ip_subnet *a, const struct ip_subnet *b);
void ip_subnet_format(const struct ip_subnet *subnet, char out[IP_TEXT_SIZE]);

/* The network's address, and the last one (for IPv4: the broadcast address). */
struct ip ip_subnet_first(const struct ip_subnet *subnet);
struct ip ip_subnet_last(const struct ip_subnet *subnet);

/* "192.0.2.100-192.0.2.254" or a single address. */
bool ip_range_parse(const char *text, struct ip_range *ret_range);
bool ip_range_contains(const struct ip_range *range, const struct ip *ip);
bool ip_range_overlaps(const struct ip_range *a, const struct ip_range *b);

#endif
