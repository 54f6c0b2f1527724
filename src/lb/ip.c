#include "lb/ip.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static unsigned bits_of(const struct ip *ip)
{
    return ip->family == 4 ? 32 : 128;
}

/* As inet_pton(3), which refuses what Go's parser refuses. Returns the bits of
 * the notation: 128 for an IPv4-mapped address, though it becomes an IPv4 one. */
static unsigned parse(const char *text, struct ip *ret_ip)
{
    struct ip ip = {.family = 4};

    if (inet_pton(AF_INET, text, ip.bytes) == 1) {
        *ret_ip = ip;
        return 32;
    }
    if (inet_pton(AF_INET6, text, ip.bytes) != 1) {
        return 0;
    }
    ip.family = 6;
    if (memcmp(ip.bytes, mapped_prefix, sizeof mapped_prefix) == 0) {
        uint8_t v4[4];

        memcpy(v4, ip.bytes + sizeof mapped_prefix, sizeof v4);
        ip = (struct ip){.family = 4};
        memcpy(ip.bytes, v4, sizeof v4);
    }
    *ret_ip = ip;
    return 128;
}

bool ip_parse(const char *text, struct ip *ret_ip)
{
    return parse(text, ret_ip) != 0;
}

/* inet_ntop(3) isn't used: it writes ::102:304 as ::1.2.3.4, which RFC 5952
 * allows for addresses that are known to embed an IPv4 one, and Go never does. */
static void format_v6(const uint8_t bytes[16], char out[IP_TEXT_SIZE])
{
    unsigned groups[8];
    int zeros_at = -1; /* The first of the longest runs of two zero groups or more. */
    int n_zeros = 1;
    size_t used = 0;

    for (int i = 0; i < 8; i++) {
        groups[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
    }
    for (int i = 0, run = 0; i < 8; i++) {
        run = groups[i] == 0 ? run + 1 : 0;
        if (run > n_zeros) {
            n_zeros = run;
            zeros_at = i - run + 1;
        }
    }
    for (int i = 0; i < 8; i++) {
        if (i == zeros_at) {
            used += (size_t)snprintf(out + used, IP_TEXT_SIZE - used, "::");
            i += n_zeros - 1;
        } else {
            bool colon = i > 0 && out[used - 1] != ':';
            used += (size_t)snprintf(out + used, IP_TEXT_SIZE - used, "%s%x", colon ? ":" : "",
                                     groups[i]);
        }
    }
}

void ip_format(const struct ip *ip, char out[IP_TEXT_SIZE])
{
    if (ip->family == 4) {
        snprintf(out, IP_TEXT_SIZE, "%u.%u.%u.%u", ip->bytes[0], ip->bytes[1], ip->bytes[2],
                 ip->bytes[3]);
    } else {
        format_v6(ip->bytes, out);
    }
}

void ip_format_host(const struct ip *ip, char out[IP_TEXT_SIZE])
{
    struct ip_subnet subnet = {.address = *ip, .prefix = bits_of(ip)};

    ip_subnet_format(&subnet, out);
}

int ip_compare(const struct ip *a, const struct ip *b)
{
    if (a->family != b->family) {
        return a->family < b->family ? -1 : 1;
    }
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

bool ip_next(const struct ip *ip, struct ip *ret_ip)
{
    struct ip next = *ip;

    for (unsigned i = bits_of(ip) / 8; i > 0; i--) {
        next.bytes[i - 1]++;
        if (next.bytes[i - 1] != 0) {
            *ret_ip = next;
            return true;
        }
    }
    return false;
}

static bool parse_prefix(const char *text, unsigned *ret_prefix)
{
    unsigned prefix = 0;

    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') {
            return false;
        }
        prefix = prefix * 10 + (unsigned)(*text - '0');
        if (prefix > 128) {
            return false;
        }
    }
    *ret_prefix = prefix;
    return true;
}

bool ip_subnet_parse(const char *text, struct ip_subnet *ret_subnet)
{
    const char *slash = strchr(text, '/');
    char address[INET6_ADDRSTRLEN];
    struct ip_subnet subnet;
    unsigned bits;

    if (slash == NULL || (size_t)(slash - text) >= sizeof address) {
        return false;
    }
    memcpy(address, text, (size_t)(slash - text));
    address[slash - text] = '\0';
    bits = parse(address, &subnet.address);
    if (bits == 0 || !parse_prefix(slash + 1, &subnet.prefix) || subnet.prefix > bits) {
        return false;
    }
    if (bits == 128 && subnet.address.family == 4) {
        /* ::ffff:192.0.2.0/120 is 192.0.2.0/24; less than /96 is no IPv4 subnet. */
        if (subnet.prefix < 96) {
            return false;
        }
        subnet.prefix -= 96;
    }
    *ret_subnet = subnet;
    return true;
}

bool ip_subnet_contains(const struct ip_subnet *subnet, const struct ip *ip)
{
    unsigned whole = subnet->prefix / 8;
    unsigned rest = subnet->prefix % 8;
    uint8_t mask = (uint8_t)(0xff << (8 - rest));

    if (subnet->address.family != ip->family ||
        memcmp(subnet->address.bytes, ip->bytes, whole) != 0) {
        return false;
    }
    return rest == 0 || ((subnet->address.bytes[whole] ^ ip->bytes[whole]) & mask) == 0;
}

bool ip_subnet_contains_subnet(const struct ip_subnet *outer, const struct ip_subnet *inner)
{
    return outer->prefix <= inner->prefix && ip_subnet_contains(outer, &inner->address);
}

bool ip_subnet_overlaps(const struct ip_subnet *a, const struct ip_subnet *b)
{
    return ip_subnet_contains_subnet(a, b) || ip_subnet_contains_subnet(b, a);
}

void ip_subnet_format(const struct ip_subnet *subnet, char out[IP_TEXT_SIZE])
{
    size_t used;

    ip_format(&subnet->address, out);
    used = strlen(out);
    snprintf(out + used, IP_TEXT_SIZE - used, "/%u", subnet->prefix);
}

/* Clears the host bits, or sets them all. */
static struct ip with_host_bits(const struct ip_subnet *subnet, bool set)
{
    struct ip ip = subnet->address;

    for (unsigned i = subnet->prefix; i < bits_of(&ip); i++) {
        uint8_t bit = (uint8_t)(0x80 >> (i % 8));

        ip.bytes[i / 8] =
            set ? (uint8_t)(ip.bytes[i / 8] | bit) : (uint8_t)(ip.bytes[i / 8] & ~bit);
    }
    return ip;
}

struct ip ip_subnet_first(const struct ip_subnet *subnet)
{
    return with_host_bits(subnet, false);
}

struct ip ip_subnet_last(const struct ip_subnet *subnet)
{
    return with_host_bits(subnet, true);
}

bool ip_range_parse(const char *text, struct ip_range *ret_range)
{
    const char *dash = strchr(text, '-');
    char first[INET6_ADDRSTRLEN];
    struct ip_range range;
    size_t size = dash == NULL ? strlen(text) : (size_t)(dash - text);

    if (size >= sizeof first) {
        return false;
    }
    memcpy(first, text, size);
    first[size] = '\0';
    if (!ip_parse(first, &range.first)) {
        return false;
    }
    range.last = range.first;
    if (dash != NULL && !ip_parse(dash + 1, &range.last)) {
        return false;
    }
    if (range.first.family != range.last.family || ip_compare(&range.first, &range.last) > 0) {
        return false;
    }
    *ret_range = range;
    return true;
}

bool ip_range_contains(const struct ip_range *range, const struct ip *ip)
{
    return ip->family == range->first.family && ip_compare(&range->first, ip) <= 0 &&
           ip_compare(ip, &range->last) <= 0;
}

bool ip_range_overlaps(const struct ip_range *a, const struct ip_range *b)
{
    return a->first.family == b->first.family && ip_compare(&a->first, &b->last) <= 0 &&
           ip_compare(&b->first, &a->last) <= 0;
}
