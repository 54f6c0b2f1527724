/* Addresses, subnets and ranges as Go's net package takes them. */
#include "lb/ip.h"
#include "test/lib/cmocka_all.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void addresses_are_read_and_printed(void **state)
{
    static const struct {
        const char *text;
        const char *printed; /* NULL: it is none. */
        int family;
    } cases[] = {
        {"0.0.0.0", "0.0.0.0", 4},
        {"198.51.100.10", "198.51.100.10", 4},
        {"255.255.255.255", "255.255.255.255", 4},
        {"::ffff:198.51.100.23", "198.51.100.23", 4},
        {"::ffff:c633:6417", "198.51.100.23", 4},
        {"0:0:0:0:0:FFFF:1.2.3.4", "1.2.3.4", 4},
        {"::", "::", 6},
        {"::1", "::1", 6},
        {"1::", "1::", 6},
        {"2001:DB8:5:0::11", "2001:db8:5::11", 6},
        {"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1", 6},
        {"FD42:1:2:3:0::10", "fd42:1:2:3::10", 6},
        {"1:0:0:2:0:0:0:3", "1:0:0:2::3", 6},
        {"1:0:0:2:3:0:0:4", "1::2:3:0:0:4", 6},
        {"1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7", 6},
        {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", 6},
        {"0:0:1::", "0:0:1::", 6},
        {"::1.2.3.4", "::102:304", 6},
        {"64:ff9b::192.0.2.1", "64:ff9b::c000:201", 6},
        {"", NULL, 0},
        {"foo", NULL, 0},
        {" 1.2.3.4", NULL, 0},
        {"1.2.3.4 ", NULL, 0},
        {"1.2.3", NULL, 0},
        {"1.2.3.4.5", NULL, 0},
        {"1.2.3.256", NULL, 0},
        {"1.2.3.-4", NULL, 0},
        {"1.2.3.4/32", NULL, 0},
        {"198.51.100.020", NULL, 0},
        {"00.1.2.3", NULL, 0},
        {"0x1.2.3.4", NULL, 0},
        {"fe80::1%eth0", NULL, 0},
        {"[::1]", NULL, 0},
        {":::", NULL, 0},
        {"1::2::3", NULL, 0},
        {"1:2:3:4:5:6:7", NULL, 0},
        {"1:2:3:4:5:6:7:8:9", NULL, 0},
        {"1:2:3:4:5:6:7:8::", NULL, 0},
        {"12345::", NULL, 0},
        {"00001::", NULL, 0},
        {"g::", NULL, 0},
        {"1:", NULL, 0},
        {":1", NULL, 0},
        {"::1.2.3.04", NULL, 0},
        {"1.2.3.4::", NULL, 0},
    };
    char text[IP_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip ip;

        if (ip_parse(cases[i].text, &ip) != (cases[i].printed != NULL)) {
            fail_msg("%s", cases[i].text);
        }
        if (cases[i].printed != NULL) {
            ip_format(&ip, text);
            assert_string_equal(text, cases[i].printed);
            assert_int_equal(ip.family, cases[i].family);
        }
    }
}

/* A small generator, so that the addresses are the same in each run. */
static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 16;
}

/* Whatever the address, it is read back as it is, and printed as inet_ntop(3) does
 * but for those that it takes for embedded IPv4 addresses. */
static void any_address_survives(void **state)
{
    uint32_t seed = 7;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct ip ip = {.family = i % 4 == 0 ? 4 : 6};
        struct ip again;
        char text[IP_TEXT_SIZE];
        char reference[INET6_ADDRSTRLEN];
        char upper[IP_TEXT_SIZE];

        for (int j = 0; j < (ip.family == 4 ? 4 : 16); j += 2) {
            uint32_t group = next(&seed) % 3 == 0 ? next(&seed) : next(&seed) % 2;

            ip.bytes[j] = (uint8_t)(group >> 8);
            ip.bytes[j + 1] = (uint8_t)group;
        }
        if (ip.family == 6 && memcmp(ip.bytes, (const uint8_t[10]){0}, 10) == 0) {
            continue;
        }
        ip_format(&ip, text);
        inet_ntop(ip.family == 4 ? AF_INET : AF_INET6, ip.bytes, reference, sizeof reference);
        assert_string_equal(text, reference);
        for (size_t j = 0; j < sizeof text; j++) {
            upper[j] = text[j] >= 'a' && text[j] <= 'f' ? (char)(text[j] - 'a' + 'A') : text[j];
        }
        assert_true(ip_parse(upper, &again));
        assert_int_equal(ip_compare(&ip, &again), 0);
        assert_int_equal(ip.family, again.family);
    }
}

static struct ip ip_of(const char *text)
{
    struct ip ip;

    assert_true(ip_parse(text, &ip));
    return ip;
}

static void addresses_are_ordered(void **state)
{
    static const char *const sorted[] = {
        "0.0.0.0",       "9.255.255.255",  "10.0.0.1", "192.0.2.105",
        "198.51.100.5",  "198.51.100.10",  "::",       "::1",
        "2001:db8:5::9", "2001:db8:5::10", "ffff::"};
    const size_t n = sizeof sorted / sizeof sorted[0];

    (void)state;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            struct ip a = ip_of(sorted[i]);
            struct ip b = ip_of(sorted[j]);
            int order = ip_compare(&a, &b);

            assert_int_equal(order < 0 ? -1 : order > 0, i < j ? -1 : i > j);
        }
    }
}

static void the_next_address_carries(void **state)
{
    static const struct {
        const char *text;
        const char *next; /* NULL: it is the last one. */
    } cases[] = {
        {"192.0.2.100", "192.0.2.101"},
        {"192.0.2.255", "192.0.3.0"},
        {"255.255.255.255", NULL},
        {"::ffff:ffff", "::1:0:0"},
        {"2001:db8::", "2001:db8::1"},
        {"fffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff::"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip ip = ip_of(cases[i].text);
        char text[IP_TEXT_SIZE];

        assert_int_equal(ip_next(&ip, &ip), cases[i].next != NULL);
        if (cases[i].next != NULL) {
            ip_format(&ip, text);
            assert_string_equal(text, cases[i].next);
        }
    }
}

static void hosts_are_printed_with_a_prefix(void **state)
{
    char text[IP_TEXT_SIZE];
    struct ip v4 = ip_of("198.51.100.10");
    struct ip v6 = ip_of("2001:db8::1");

    (void)state;
    ip_format_host(&v4, text);
    assert_string_equal(text, "198.51.100.10/32");
    ip_format_host(&v6, text);
    assert_string_equal(text, "2001:db8::1/128");
}

static void subnets_are_read(void **state)
{
    static const struct {
        const char *text;
        const char *printed; /* NULL: it is none. */
        const char *first;
        const char *last;
    } cases[] = {
        {"10.10.10.1/24", "10.10.10.1/24", "10.10.10.0", "10.10.10.255"},
        {"198.51.100.0/24", "198.51.100.0/24", "198.51.100.0", "198.51.100.255"},
        {"10.1.2.3/0", "10.1.2.3/0", "0.0.0.0", "255.255.255.255"},
        {"10.1.2.3/32", "10.1.2.3/32", "10.1.2.3", "10.1.2.3"},
        {"10.1.2.3/13", "10.1.2.3/13", "10.0.0.0", "10.7.255.255"},
        {"10.1.2.3/024", "10.1.2.3/24", "10.1.2.0", "10.1.2.255"},
        {"2001:DB8:5::/48", "2001:db8:5::/48",
         "2001:db8:5::", "2001:db8:5:ffff:ffff:ffff:ffff:ffff"},
        {"fd42::1/128", "fd42::1/128", "fd42::1", "fd42::1"},
        {"::ffff:192.0.2.7/120", "192.0.2.7/24", "192.0.2.0", "192.0.2.255"},
        {"::ffff:192.0.2.7/95", NULL, NULL, NULL},
        {"10.0.0.1", NULL, NULL, NULL},
        {"10.0.0.1/", NULL, NULL, NULL},
        {"10.0.0.1/33", NULL, NULL, NULL},
        {"::1/129", NULL, NULL, NULL},
        {"10.0.0.1/-1", NULL, NULL, NULL},
        {"10.0.0.1/+8", NULL, NULL, NULL},
        {"10.0.0.1/8 ", NULL, NULL, NULL},
        {"10.0.0.1/8/8", NULL, NULL, NULL},
        {"10.0.0.1/99999999999999999999", NULL, NULL, NULL},
        {"/8", NULL, NULL, NULL},
        {"", NULL, NULL, NULL},
        {"0000000000000000000000000000000000000000000000000000000000000000::1/64", NULL, NULL,
         NULL},
        {"none", NULL, NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_subnet subnet;
        char text[IP_TEXT_SIZE];
        struct ip ip;

        if (ip_subnet_parse(cases[i].text, &subnet) != (cases[i].printed != NULL)) {
            fail_msg("%s", cases[i].text);
        }
        if (cases[i].printed == NULL) {
            continue;
        }
        ip_subnet_format(&subnet, text);
        assert_string_equal(text, cases[i].printed);
        ip = ip_subnet_first(&subnet);
        ip_format(&ip, text);
        assert_string_equal(text, cases[i].first);
        assert_true(ip_subnet_contains(&subnet, &ip));
        ip = ip_subnet_last(&subnet);
        ip_format(&ip, text);
        assert_string_equal(text, cases[i].last);
        assert_true(ip_subnet_contains(&subnet, &ip));
        if (ip_next(&ip, &ip)) {
            assert_false(ip_subnet_contains(&subnet, &ip));
        }
    }
}

static void subnets_contain_and_overlap(void **state)
{
    static const struct {
        const char *a;
        const char *b;
        bool contains; /* All of b in a. */
        bool overlaps;
    } cases[] = {
        {"10.0.0.0/8", "10.1.2.3/32", true, true},
        {"10.1.2.3/32", "10.0.0.0/8", false, true},
        {"10.0.0.0/9", "10.128.0.0/9", false, false},
        {"10.0.0.9/24", "10.0.0.1/24", true, true},
        {"0.0.0.0/0", "::/0", false, false},
        {"::/0", "fd42::/16", true, true},
        {"fd42::/15", "fd43::/16", true, true},
        {"fd42::/16", "fd43::/16", false, false},
        {"10.0.0.0/24", "10.0.1.0/24", false, false},
        {"10.0.0.0/25", "10.0.0.127/32", true, true},
        {"10.0.0.0/25", "10.0.0.128/32", false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_subnet a;
        struct ip_subnet b;

        assert_true(ip_subnet_parse(cases[i].a, &a));
        assert_true(ip_subnet_parse(cases[i].b, &b));
        assert_int_equal(ip_subnet_contains_subnet(&a, &b), cases[i].contains);
        assert_int_equal(ip_subnet_overlaps(&a, &b), cases[i].overlaps);
        assert_int_equal(ip_subnet_overlaps(&b, &a), cases[i].overlaps);
    }
}

static void ranges_are_read(void **state)
{
    static const struct {
        const char *text;
        const char *in; /* NULL: it is no range. */
        const char *out;
    } cases[] = {
        {"192.0.2.100-192.0.2.254", "192.0.2.100", "192.0.2.99"},
        {"192.0.2.100-192.0.2.254", "192.0.2.254", "192.0.2.255"},
        {"192.0.2.1", "192.0.2.1", "192.0.2.2"},
        {"192.0.2.1-192.0.2.1", "192.0.2.1", "::1"},
        {"fd42::1-fd42::ff", "fd42::80", "fd42::100"},
        {"192.0.2.2-192.0.2.1", NULL, NULL},
        {"192.0.2.1-fd42::1", NULL, NULL},
        {"192.0.2.1-", NULL, NULL},
        {"-192.0.2.1", NULL, NULL},
        {"192.0.2.1 - 192.0.2.2", NULL, NULL},
        {"192.0.2.1-192.0.2.2-192.0.2.3", NULL, NULL},
        {"", NULL, NULL},
        {"1111111111111111111111111111111111111111111111-1", NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_range range;

        if (ip_range_parse(cases[i].text, &range) != (cases[i].in != NULL)) {
            fail_msg("%s", cases[i].text);
        }
        if (cases[i].in != NULL) {
            struct ip in = ip_of(cases[i].in);
            struct ip out = ip_of(cases[i].out);

            assert_true(ip_range_contains(&range, &in));
            assert_false(ip_range_contains(&range, &out));
        }
    }
}

static void ranges_overlap(void **state)
{
    static const struct {
        const char *a;
        const char *b;
        bool overlaps;
    } cases[] = {
        {"10.0.0.1-10.0.0.5", "10.0.0.5-10.0.0.9", true},
        {"10.0.0.1-10.0.0.5", "10.0.0.6-10.0.0.9", false},
        {"10.0.0.1-10.0.0.9", "10.0.0.3-10.0.0.4", true},
        {"0.0.0.0-255.255.255.255", "::1-::2", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_range a;
        struct ip_range b;

        assert_true(ip_range_parse(cases[i].a, &a));
        assert_true(ip_range_parse(cases[i].b, &b));
        assert_int_equal(ip_range_overlaps(&a, &b), cases[i].overlaps);
        assert_int_equal(ip_range_overlaps(&b, &a), cases[i].overlaps);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_and_printed),
        cmocka_unit_test(any_address_survives),
        cmocka_unit_test(addresses_are_ordered),
        cmocka_unit_test(the_next_address_carries),
        cmocka_unit_test(hosts_are_printed_with_a_prefix),
        cmocka_unit_test(subnets_are_read),
        cmocka_unit_test(subnets_contain_and_overlap),
        cmocka_unit_test(ranges_are_read),
        cmocka_unit_test(ranges_overlap),
    };

    return cmocka_run_group_tests_name("lb ip", tests, NULL, NULL);
}
