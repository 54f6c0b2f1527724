/* Texts, ports, names and the checks of single config values. */
#include "lb/config_address.h"
#include "lb/config_key.h"
#include "lb/name.h"
#include "lb/number.h"
#include "lb/port.h"
#include "lb/text.h"
#include "test/lib/cmocka_all.h"

#include <stdbool.h>
#include <string.h>

static void texts_are_quoted_as_go_does(void **state)
{
    static const struct {
        const char *text;
        const char *quoted;
    } cases[] = {
        {"", "\"\""},
        {"abc", "\"abc\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\a\b\t\n\v\f\r", "\"\\a\\b\\t\\n\\v\\f\\r\""},
        {"\x01\x1f\x7f", "\"\\x01\\x1f\\x7f\""},
        {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\""},
        {"\xc2\xa0\xe2\x80\xa8\xef\xbb\xbf", "\"\\u00a0\\u2028\\ufeff\""},
        {"\xf3\xa0\x80\x81", "\"\\U000e0001\""},
        {"\xff\xc3", "\"\\xff\\xc3\""},
    };
    char longer[3000];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(TEXT_QUOTED(cases[i].text), cases[i].quoted);
    }
    /* What doesn't fit a message is cut, and so is the message. */
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_in_range(strlen(TEXT_QUOTED(longer)), ERROR_MESSAGE_SIZE, TEXT_QUOTED_SIZE - 1);
    memset(longer, '\x01', sizeof longer - 1);
    assert_in_range(strlen(TEXT_QUOTED(longer)), ERROR_MESSAGE_SIZE, TEXT_QUOTED_SIZE - 1);
}

static void white_space_is_that_of_unicode(void **state)
{
    static const struct {
        const char *text;
        const char *trimmed;
        bool has_space;
    } cases[] = {
        {"", "", false},
        {"a", "a", false},
        {" \t\n\v\f\ra b\r ", "a b", true},
        {"\xc2\xa0"
         "a\xe3\x80\x80",
         "a", true},
        {"\xc2\x85\xe1\x9a\x80\xe2\x80\x80\xe2\x80\x8a\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaf"
         "\xe2\x81\x9f",
         "", true},
        {"\xe2\x80\x8b", "\xe2\x80\x8b", false}, /* Zero width: none. */
        {"\xff ", "\xff", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t size;
        const char *start = text_trim(cases[i].text, &size);

        assert_int_equal(size, strlen(cases[i].trimmed));
        assert_memory_equal(start, cases[i].trimmed, size);
        assert_int_equal(text_has_space(cases[i].text), cases[i].has_space);
    }
}

static void lists_are_cut_and_trimmed(void **state)
{
    struct text_list list;

    (void)state;
    assert_true(text_list_init(&list, " a ,,b c,"));
    assert_string_equal(text_list_next(&list), "a");
    assert_string_equal(text_list_next(&list), "");
    assert_string_equal(text_list_next(&list), "b c");
    assert_string_equal(text_list_next(&list), "");
    assert_null(text_list_next(&list));
    text_list_close(&list);
    assert_true(text_list_init(&list, ""));
    assert_string_equal(text_list_next(&list), "");
    assert_null(text_list_next(&list));
    text_list_close(&list);
}

static void numbers_are_printed_as_go_does(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {5, "5"},
        {-7, "-7"},
        {1.50, "1.5"},
        {0.1, "0.1"},
        {-0.25, "-0.25"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {2.5e-7, "2.5e-07"},
        {999999.5, "999999.5"},
        {1234567.5, "1.2345675e+06"},
        {1e15, "1000000000000000"},
        {9007199254740993.0, "9007199254740992"},
        {9223372036854774784.0, "9223372036854774784"},
        {9223372036854775808.0, "9.223372036854776e+18"},
        {-9223372036854775808.0, "-9223372036854775808"},
        {1e20, "1e+20"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {5e-324, "5e-324"},
        {1.0 / 3, "0.3333333333333333"},
    };
    char text[NUMBER_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        number_format(cases[i].value, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void ports_are_read(void **state)
{
    static const struct {
        const char *text;
        unsigned first;
        unsigned last;
        const char *message; /* NULL: it is right. */
    } cases[] = {
        {"80", 80, 80, NULL},
        {"1", 1, 1, NULL},
        {"65535", 65535, 65535, NULL},
        {"1-65535", 1, 65535, NULL},
        {"8080-8082", 8080, 8082, NULL},
        {"+80", 80, 80, NULL},
        {"080", 80, 80, NULL},
        {"000000000000000000000000080", 80, 80, NULL},
        {"0", 0, 0, "Port 0 isn't between 1 and 65535"},
        {"65536", 0, 0, "Port 65536 isn't between 1 and 65535"},
        {"70000-70002", 0, 0, "Port 70000 isn't between 1 and 65535"},
        {"1-100000", 0, 0, "Port 100000 isn't between 1 and 65535"},
        {"0-5", 0, 0, "Port 0 isn't between 1 and 65535"},
        {"9223372036854775808", 0, 0, "Port 9223372036854775808 isn't between 1 and 65535"},
        {"80-81-82", 0, 0, "Invalid port range \"80-81-82\""},
        {"80--81", 0, 0, "Invalid port range \"80--81\""},
        {"80-80", 0, 0, "End port should be higher than start port"},
        {"90-80", 0, 0, "End port should be higher than start port"},
        {"", 0, 0, "\"\" isn't a port number"},
        {"-80", 0, 0, "\"\" isn't a port number"},
        {"80-", 0, 0, "\"\" isn't a port number"},
        {"+", 0, 0, "\"+\" isn't a port number"},
        {"abc", 0, 0, "\"abc\" isn't a port number"},
        {"80 - 90", 0, 0, "\"80 \" isn't a port number"},
        {"0x50", 0, 0, "\"0x50\" isn't a port number"},
        {"80;81", 0, 0, "\"80;81\" isn't a port number"},
        {"1_000", 0, 0, "\"1_000\" isn't a port number"},
        {"1.5", 0, 0, "\"1.5\" isn't a port number"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        struct port_range range = {0};
        int rv = port_range_parse(cases[i].text, &range, &error);

        assert_string_equal(error.message, cases[i].message == NULL ? "" : cases[i].message);
        assert_int_equal(rv, cases[i].message == NULL ? ERROR_NONE : ERROR_INVALID);
        assert_int_equal(range.first, cases[i].first);
        assert_int_equal(range.last, cases[i].last);
    }
}

static void names_are_checked(void **state)
{
    static const struct {
        const char *name;
        const char *message; /* NULL: it is right. */
    } cases[] = {
        {"a", NULL},
        {"ovn0", NULL},
        {"a_b.c-d:e9", NULL},
        {"a\xc3\xa4z", NULL},
        {"", "Names must start and end with an alphanumeric character"},
        {"-a", "Names must start and end with an alphanumeric character"},
        {"a.", "Names must start and end with an alphanumeric character"},
        {"\xc3\xa4", "Names must start and end with an alphanumeric character"},
        {"a/b", "Name contains invalid character \"/\""},
        {"a\"b", "Name contains invalid character \"\\\"\""},
        {"a$?b", "Name contains invalid character \"$\""},
        {"a*", "Name contains invalid character \"*\""},
        {"a b", "Name cannot contain white space"},
        {"a\xc2\xa0z", "Name cannot contain white space"},
        {"0123456789012345678901234567890123456789012345678901234567890123", NULL},
        {"01234567890123456789012345678901234567890123456789012345678901234",
         "Maximum name length is 64 characters"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        int rv = name_validate(cases[i].name, &error);

        assert_string_equal(error.message, cases[i].message == NULL ? "" : cases[i].message);
        assert_int_equal(rv, cases[i].message == NULL ? ERROR_NONE : ERROR_INVALID);
    }
}

#define BOOL                                                                                       \
    {                                                                                              \
        .key = "k", .check = config_check_bool                                                     \
    }
#define UINT32                                                                                     \
    {                                                                                              \
        .key = "k", .check = config_check_uint32, .required = true                                 \
    }
#define CHECK(F)                                                                                   \
    {                                                                                              \
        .key = "k", .check = (F), .required = true                                                 \
    }
#define LIST(F)                                                                                    \
    {                                                                                              \
        .key = "k", .check = (F), .list = true                                                     \
    }

static void values_are_checked(void **state)
{
    static const struct {
        struct config_rule rule;
        const char *value;
        const char *message; /* NULL: it is right. */
    } cases[] = {
        {{.key = "k"}, "anything", NULL},
        {{.key = "k", .words = "managed none"}, "none", NULL},
        {{.key = "k", .words = "managed none"}, "", NULL},
        {{.key = "k", .words = "managed none"},
         "non",
         "Invalid value \"non\" (not one of [managed none])"},
        {{.key = "k", .words = "managed none"},
         "managed none",
         "Invalid value \"managed none\" (not one of [managed none])"},
        {{.key = "k", .words = "none auto", .check = config_check_cidr_v4}, "auto", NULL},
        {{.key = "k", .words = "none auto", .check = config_check_cidr_v4},
         "foo",
         "\"foo\" isn't an address with a prefix length"},
        {BOOL, "", NULL},
        {BOOL, "true", NULL},
        {BOOL, "TRUE", NULL},
        {BOOL, "Yes", NULL},
        {BOOL, "1", NULL},
        {BOOL, "on", NULL},
        {BOOL, "false", NULL},
        {BOOL, "no", NULL},
        {BOOL, "0", NULL},
        {BOOL, "oFf", NULL},
        {BOOL, "maybe", "Invalid value for a boolean \"maybe\""},
        {BOOL, "2", "Invalid value for a boolean \"2\""},
        {BOOL, "t", "Invalid value for a boolean \"t\""},
        {BOOL, " true", "Invalid value for a boolean \" true\""},
        {UINT32, "0", NULL},
        {UINT32, "010", NULL},
        {UINT32, "4294967295", NULL},
        {UINT32, "", "Invalid value for uint32 \"\": not a whole number from 0 to 4294967295"},
        {UINT32, "-1", "Invalid value for uint32 \"-1\": not a whole number from 0 to 4294967295"},
        {UINT32, "4294967296",
         "Invalid value for uint32 \"4294967296\": not a whole number from 0 to 4294967295"},
        {UINT32, "99999999999999999999999",
         "Invalid value for uint32 \"99999999999999999999999\": not a whole number from 0 to "
         "4294967295"},
        {UINT32, "1.5",
         "Invalid value for uint32 \"1.5\": not a whole number from 0 to 4294967295"},
        {UINT32, "0x10",
         "Invalid value for uint32 \"0x10\": not a whole number from 0 to 4294967295"},
        {UINT32, "1_000",
         "Invalid value for uint32 \"1_000\": not a whole number from 0 to 4294967295"},
        {UINT32, "+5", "Invalid value for uint32 \"+5\": not a whole number from 0 to 4294967295"},
        {UINT32, " 5", "Invalid value for uint32 \" 5\": not a whole number from 0 to 4294967295"},
        {CHECK(config_check_int64), "-9223372036854775808", NULL},
        {CHECK(config_check_int64), "+9223372036854775807", NULL},
        {CHECK(config_check_int64), "9223372036854775808",
         "Invalid value for an integer \"9223372036854775808\""},
        {CHECK(config_check_int64), "-9223372036854775809",
         "Invalid value for an integer \"-9223372036854775809\""},
        {CHECK(config_check_int64), "--1", "Invalid value for an integer \"--1\""},
        {CHECK(config_check_uint8), "255", NULL},
        {CHECK(config_check_uint8), "256",
         "Invalid value for an integer \"256\". Must be between 0 and 255"},
        {CHECK(config_check_uint32_range), "1000", NULL},
        {CHECK(config_check_uint32_range), "1000-2000", NULL},
        {CHECK(config_check_uint32_range), "x", "Invalid number \"x\""},
        {CHECK(config_check_uint32_range), "1-y", "Invalid end number \"1-y\""},
        {CHECK(config_check_uint32_range), "2-2", "Start number 2 must be lower than end number 2"},
        {{.key = "k", .check = config_check_range, .low = 9, .high = 65535}, "9", NULL},
        {{.key = "k", .check = config_check_range, .low = 9, .high = 65535},
         "8",
         "Value isn't within valid range. Must be between 9 and 65535"},
        {{.key = "k", .check = config_check_range, .low = 9, .high = 65535},
         "65536",
         "Value isn't within valid range. Must be between 9 and 65535"},
        {{.key = "k", .check = config_check_range, .low = 9, .high = 65535},
         "x",
         "Invalid value for an integer \"x\""},
        {CHECK(config_check_size), "512", NULL},
        {CHECK(config_check_size), "512B", NULL},
        {CHECK(config_check_size), "5 bytes", NULL},
        {CHECK(config_check_size), "1kB", NULL},
        {CHECK(config_check_size), "10GiB", NULL},
        {CHECK(config_check_size), "7EiB", NULL},
        {CHECK(config_check_size), "8EiB", "Invalid integer: 8EiB"},
        {CHECK(config_check_size), "9223372036854775807", NULL},
        {CHECK(config_check_size), "9223372036854775808", "Invalid integer: 9223372036854775808"},
        {CHECK(config_check_size), "1KB", "Invalid value: 1KB"},
        {CHECK(config_check_size), "1kiB", "Invalid value: 1kiB"},
        {CHECK(config_check_size), "1GiBs", "Invalid value: 1GiBs"},
        {CHECK(config_check_size), "GiB", "Invalid value: GiB"},
        {CHECK(config_check_size), "-1", "Invalid value: -1"},
        {CHECK(config_check_duration), "1h30m", NULL},
        {CHECK(config_check_duration), "-1.5s", NULL},
        {CHECK(config_check_duration), "0", NULL},
        {CHECK(config_check_duration), ".5ms", NULL},
        {CHECK(config_check_duration), "1\xc2\xb5s", NULL},
        {CHECK(config_check_duration), "3", "\"3\" isn't a duration, such as 1h30m"},
        {CHECK(config_check_duration), "", "\"\" isn't a duration, such as 1h30m"},
        {CHECK(config_check_duration), "1d", "\"1d\" isn't a duration, such as 1h30m"},
        {CHECK(config_check_duration), ".s", "\".s\" isn't a duration, such as 1h30m"},
        {CHECK(config_check_absolute_path), "/a", NULL},
        {CHECK(config_check_absolute_path), "a", "Must be absolute file path"},
        {CHECK(config_check_compression), "none", NULL},
        {CHECK(config_check_compression), "zstd", NULL},
        {CHECK(config_check_compression), "gzip -9 --rsyncable", NULL},
        {CHECK(config_check_compression), "", "Invalid compressor provided"},
        {CHECK(config_check_compression), "rm",
         "Compression algorithm \"rm\" isn't currently supported"},
        {CHECK(config_check_compression), "zstd -22",
         "Compression algorithm argument \"-22\" isn't allowed"},
        {CHECK(config_check_address), "::1", NULL},
        {CHECK(config_check_address), "x", "Not an IP address \"x\""},
        {LIST(config_check_address), "192.0.2.1, 2001:db8::1", NULL},
        {LIST(config_check_address), "192.0.2.1,x", "Item \"x\": Not an IP address \"x\""},
        {LIST(config_check_address), "192.0.2.1,", "Item \"\": Not an IP address \"\""},
        {CHECK(config_check_address_v4), "192.0.2.1", NULL},
        {CHECK(config_check_address_v4), "::1", "Not an IPv4 address \"::1\""},
        {CHECK(config_check_address_v6), "192.0.2.1", "Not an IPv6 address \"192.0.2.1\""},
        {CHECK(config_check_cidr_v4), "192.0.2.1/24", NULL},
        {CHECK(config_check_cidr_v4), "192.0.2.0/24", "Not a usable IPv4 address \"192.0.2.0/24\""},
        {CHECK(config_check_cidr_v4), "192.0.2.1/32", "Not a usable IPv4 address \"192.0.2.1/32\""},
        {CHECK(config_check_cidr_v4), "::1/64", "Not an IPv4 address \"::1/64\""},
        {CHECK(config_check_cidr_or_single_v4), "192.0.2.1/32", NULL},
        {CHECK(config_check_cidr_v6), "fd42::1/64", NULL},
        {CHECK(config_check_cidr_v6), "fd42::/64", "Not a usable IPv6 address \"fd42::/64\""},
        {CHECK(config_check_cidr_or_single_v6), "fd42::/128", NULL},
        {CHECK(config_check_cidr_or_network_v6), "fd42::/64", NULL},
        {CHECK(config_check_cidr_or_network_v6), "10.0.0.1/8",
         "\"10.0.0.1/8\" isn't a valid value"},
        {CHECK(config_check_network_v4), "198.51.100.0/24", NULL},
        {CHECK(config_check_network_v4), "198.51.100.1/24",
         "Not an IPv4 network address \"198.51.100.1/24\""},
        {CHECK(config_check_network_v4), "fd42::/64", "Not an IPv4 network \"fd42::/64\""},
        {CHECK(config_check_network_v6), "2001:db8:5::/48", NULL},
        {CHECK(config_check_network_v6), "10.0.0.0/8", "Not an IPv6 network \"10.0.0.0/8\""},
        {CHECK(config_check_range_v4), "192.0.2.100-192.0.2.254", NULL},
        {CHECK(config_check_range_v4), "192.0.2.100",
         "IP range must contain start and end IP addresses"},
        {CHECK(config_check_range_v4), "192.0.2.100-::1", "Not an IPv4 address \"::1\""},
        {CHECK(config_check_range_v6), "::1-::2", NULL},
        {CHECK(config_check_range_v6), "1.1.1.1-::2", "Not an IPv6 address \"1.1.1.1\""},
        {CHECK(config_check_dhcp_routes), "10.1.0.0/16,10.0.0.1,10.2.0.0/16,10.0.0.2", NULL},
        {CHECK(config_check_dhcp_routes), "10.1.0.0/16", "missing gateway for route 10.1.0.0/16"},
        {CHECK(config_check_dhcp_routes), "10.1.0.0/16,x", "Not an IPv4 address \"x\""},
        {CHECK(config_check_interface), "br-ext", NULL},
        {CHECK(config_check_interface), "a",
         "Network interface is too short (minimum 2 characters)"},
        {CHECK(config_check_interface), "0123456789abcdef",
         "Network interface is too long (maximum 15 characters)"},
        {CHECK(config_check_interface), "a/b", "Network interface contains invalid characters"},
        {CHECK(config_check_external_interface), "eth1", NULL},
        {CHECK(config_check_external_interface), "eth1.5/eth1/5", NULL},
        {CHECK(config_check_external_interface), "e",
         "Invalid interface name \"e\": Network interface is too short (minimum 2 characters)"},
        {CHECK(config_check_external_interface), "eth1.5/eth1/0", "Invalid VLAN ID \"0\""},
        {CHECK(config_check_external_interface), "eth1.5/eth1/4095", "Invalid VLAN ID \"4095\""},
        {CHECK(config_check_external_interface), "eth1/5",
         "Invalid interface name \"eth1/5\": Network interface contains invalid characters"},
        {CHECK(config_check_mac), "10:66:6a:33:C6:2f", NULL},
        {CHECK(config_check_mac), "10-66-6a-33-c6-2f",
         "Invalid MAC address, must be 6 bytes of hex separated by colons"},
        {CHECK(config_check_mac), "10:66:6a:33:c6",
         "Invalid MAC address, must be 6 bytes of hex separated by colons"},
        {CHECK(config_check_mac_pattern), "10:66:6a:xx:xX:xx", NULL},
        {CHECK(config_check_mac_pattern), "10:66:6a:yy:xx:xx",
         "Invalid MAC address pattern, must be 6 bytes (hex characters or `x` to denote a "
         "wildcard) separated by colons"},
        {CHECK(config_check_mtu), "1280", NULL},
        {CHECK(config_check_mtu), "16384", NULL},
        {CHECK(config_check_mtu), "1279", "Out of MTU range (1280-16384) \"1279\""},
        {CHECK(config_check_mtu), "16385", "Out of MTU range (1280-16384) \"16385\""},
        {CHECK(config_check_mtu), "x", "Invalid MTU \"x\""},
        {CHECK(config_check_vlan), "0", NULL},
        {CHECK(config_check_vlan), "4094", NULL},
        {CHECK(config_check_vlan), "4095", "Out of VLAN ID range (0-4094) \"4095\""},
        {CHECK(config_check_vlan), "x", "Invalid VLAN ID \"x\""},
        {CHECK(config_check_vlan_range), "5", NULL},
        {CHECK(config_check_vlan_range), "5-9", NULL},
        {CHECK(config_check_vlan_range), "9-5",
         "Invalid VLAN range boundary. start:9 is higher than end:5"},
        {CHECK(config_check_vlan_range), "x", "Invalid VLAN range input: x"},
        {CHECK(config_check_vlan_range), "1-2-3", "Invalid VLAN range input: 1-2-3"},
        {CHECK(config_check_vlan_range), "1-4095",
         "Invalid VLAN range boundary. start:1, end:4095"},
        {CHECK(config_check_tunnel_port), "4789", NULL},
        {CHECK(config_check_tunnel_port), "0", "Invalid port number: 0"},
        {CHECK(config_check_tunnel_port), "65536", "Invalid port number: 65536"},
        {CHECK(config_check_tunnel_port), "x", "Invalid value for an integer: x"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        int rv = config_rule_check(&cases[i].rule, cases[i].value, &error);

        assert_string_equal(error.message, cases[i].message == NULL ? "" : cases[i].message);
        assert_int_equal(rv, cases[i].message == NULL ? ERROR_NONE : ERROR_INVALID);
    }
}

static void empty_values_are_dropped(void **state)
{
    struct string_pair pairs[] = {{"a", ""}, {"b", "1"}, {"c", ""}, {"d", "2"}};
    struct string_map map = {.pairs = pairs, .n_pairs = 4, .capacity = 4};

    (void)state;
    config_drop_empty(&map);
    assert_int_equal(map.n_pairs, 2);
    assert_string_equal(string_map_get(&map, "b"), "1");
    assert_string_equal(string_map_get(&map, "d"), "2");
}

static void configs_are_put_and_patched(void **state)
{
    struct string_pair current_pairs[] = {{"a", "1"}, {"b", "2"}};
    struct string_pair body_pairs[] = {{"b", ""}, {"c", "3"}};
    const struct string_map current = {.pairs = current_pairs, .n_pairs = 2, .capacity = 2};
    const struct string_map body = {.pairs = body_pairs, .n_pairs = 2, .capacity = 2};
    struct error error = ERROR_INIT;
    struct arena arena = {0};
    struct string_map map;

    (void)state;
    assert_int_equal(config_merge(&current, &body, false, &arena, &map, &error), ERROR_NONE);
    assert_true(string_map_equal(&map, &body));
    assert_int_equal(config_merge(&current, &body, true, &arena, &map, &error), ERROR_NONE);
    assert_int_equal(map.n_pairs, 3);
    assert_string_equal(string_map_get(&map, "a"), "1");
    assert_string_equal(string_map_get(&map, "b"), "");
    assert_string_equal(string_map_get(&map, "c"), "3");
    assert_string_equal(string_map_get(&current, "b"), "2");
    arena_close(&arena);
}

static void lists_hold_words(void **state)
{
    (void)state;
    assert_true(text_list_has("a", "a"));
    assert_true(text_list_has("b, a ,c", "a"));
    assert_true(text_list_has("b,\xc2\xa0"
                              "a",
                              "a"));
    assert_false(text_list_has("", ""));
    assert_false(text_list_has("", "a"));
    assert_false(text_list_has("aa,A,a b", "a"));
}

static void sizes_are_bytes(void **state)
{
    static const struct {
        const char *text;
        uint64_t size;
    } cases[] = {
        {"0", 0},
        {"12", 12},
        {"12B", 12},
        {"3 bytes", 3},
        {"5kB", 5000},
        {"5KiB", 5120},
        {"2GiB", UINT64_C(2147483648)},
        {"9223372036854775807", INT64_MAX},
        {"7EiB", UINT64_C(7) << 60},
    };
    static const char *const wrong[] = {"",    "B", "-1", "1.5GB", "1kiB", "9223372036854775808",
                                        "8EiB"};
    uint64_t size;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(config_parse_size(cases[i].text, &size));
        assert_int_equal(size, cases[i].size);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(config_parse_size(wrong[i], &size));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_hold_words),
        cmocka_unit_test(sizes_are_bytes),
        cmocka_unit_test(texts_are_quoted_as_go_does),
        cmocka_unit_test(white_space_is_that_of_unicode),
        cmocka_unit_test(lists_are_cut_and_trimmed),
        cmocka_unit_test(numbers_are_printed_as_go_does),
        cmocka_unit_test(ports_are_read),
        cmocka_unit_test(names_are_checked),
        cmocka_unit_test(values_are_checked),
        cmocka_unit_test(empty_values_are_dropped),
        cmocka_unit_test(configs_are_put_and_patched),
    };

    return cmocka_run_group_tests_name("lb value", tests, NULL, NULL);
}
