/* How lbctl prints: tables, YAML, JSON, and nothing that acts on a terminal. */
#include "ctl/table.h"
#include "ctl/text.h"
#include "ctl/yaml.h"
#include "test/lib/cmocka_all.h"

#include <locale.h>
#include <string.h>

static void text_is_harmless(void **state)
{
    static const struct {
        const char *text;
        const char *shown;
        size_t width;
    } cases[] = {
        {"", "", 0},
        {"plain \\n", "plain \\n", 8},
        {"a\nb\tc\r", "a\\nb\\tc\\r", 9},
        {"\x1b[2J", "\\x1b[2J", 7},
        {"\x7f", "\\x7f", 4},
        {"\xc2\x9b", "\\x9b", 4},                                    /* CSI as a C1 character */
        {"\xe2\x80\xae", "\\u202e", 6},                              /* right-to-left override */
        {"\xe2\x80\xa8", "\\u2028", 6},                              /* line separator */
        {"\xff\xc3", "\\xff\\xc3", 8},                               /* no UTF-8 */
        {"K\xc3\xa4rnten", "K\xc3\xa4rnten", 7},                     /* one column */
        {"\xe5\x90\x8d\xe5\x89\x8d", "\xe5\x90\x8d\xe5\x89\x8d", 4}, /* two columns each */
        {"e\xcc\x81", "e\xcc\x81", 1},                               /* combining */
        {"\xf3\xbf\xbf\xbe", "\\U000ffffe", 10},                     /* a non-character */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out = {0};

        assert_int_equal(text_escape(&out, cases[i].text, strlen(cases[i].text)), cases[i].width);
        assert_string_equal(buffer_string(&out), cases[i].shown);
        buffer_close(&out);
    }
}

static void tables_look_as_those_of_incus(void **state)
{
    static const char *const headers[] = {"NAME", "IPV4", "USED BY"};
    struct table table;
    struct buffer out = {0};

    (void)state;
    table_init(&table, headers, 3);
    assert_true(table_draw(&table, &out));
    assert_string_equal(buffer_string(&out), "+------+------+---------+\n"
                                             "| NAME | IPV4 | USED BY |\n"
                                             "+------+------+---------+\n");
    buffer_reset(&out);
    assert_true(table_add(&table, (const char *const[]){"ovn0", "10.10.10.1/24", "0"}));
    assert_true(table_add(
        &table, (const char *const[]){"\xe5\x90\x8d\xe5\x89\x8d\xe5\x89\x8d", "", "x\ny"}));
    assert_true(table_draw(&table, &out));
    assert_string_equal(buffer_string(&out), "+--------+---------------+---------+\n"
                                             "|  NAME  |     IPV4      | USED BY |\n"
                                             "+--------+---------------+---------+\n"
                                             "| ovn0   | 10.10.10.1/24 | 0       |\n"
                                             "+--------+---------------+---------+\n"
                                             "| \xe5\x90\x8d\xe5\x89\x8d\xe5\x89\x8d |"
                                             "               | x\\ny    |\n"
                                             "+--------+---------------+---------+\n");
    buffer_close(&out);
    table_close(&table);
}

static void assert_yaml(json_t *value, const char *expected)
{
    struct buffer out = {0};

    assert_non_null(value);
    yaml_write(&out, value);
    assert_string_equal(buffer_string(&out), expected);
    buffer_close(&out);
    json_decref(value);
}

static void yaml_has_the_shape_of_incus(void **state)
{
    static const char text[] =
        "{\"description\":\"d\",\"config\":{\"user.foo\":\"bar\"},\"backends\":[{\"name\":\"b1\","
        "\"description\":\"\",\"target_port\":\"80\",\"target_address\":\"10.10.10.10\"}],"
        "\"ports\":[{\"listen_port\":\"80\",\"target_backend\":[\"b1\",\"b2\"]},{}],"
        "\"none\":[],\"empty\":{},\"managed\":true,\"n\":null,\"i\":5,\"deep\":[[1,[2]],{\"a\":{"
        "\"b\":false}}]}";

    (void)state;
    assert_yaml(json_loads(text, 0, NULL), "description: d\n"
                                           "config:\n"
                                           "  user.foo: bar\n"
                                           "backends:\n"
                                           "- name: b1\n"
                                           "  description: \"\"\n"
                                           "  target_port: \"80\"\n"
                                           "  target_address: 10.10.10.10\n"
                                           "ports:\n"
                                           "- listen_port: \"80\"\n"
                                           "  target_backend:\n"
                                           "  - b1\n"
                                           "  - b2\n"
                                           "- {}\n"
                                           "none: []\n"
                                           "empty: {}\n"
                                           "managed: true\n"
                                           "\"n\": null\n"
                                           "i: 5\n"
                                           "deep:\n"
                                           "- - 1\n"
                                           "  - - 2\n"
                                           "- a:\n"
                                           "    b: false\n");
}

static void yaml_quotes_what_could_be_misread(void **state)
{
    static const struct {
        const char *text;
        const char *yaml;
    } cases[] = {
        {"plain text", "plain text\n"},
        {"90-99", "90-99\n"},
        {"2026-11-30", "\"2026-11-30\"\n"},
        {"90-", "\"90-\"\n"},
        {"", "\"\"\n"},
        {"true", "\"true\"\n"},
        {"Yes", "\"Yes\"\n"},
        {"n", "\"n\"\n"},
        {"NULL", "\"NULL\"\n"},
        {"~", "'~'\n"},
        {"80", "\"80\"\n"},
        {"1.5", "\"1.5\"\n"},
        {"1e3", "\"1e3\"\n"},
        {"0x1F", "\"0x1F\"\n"},
        {"0o17", "\"0o17\"\n"},
        {"1_000", "\"1_000\"\n"},
        {"1:20", "\"1:20\"\n"},
        {"1:2:3:4:5:6:7:8", "\"1:2:3:4:5:6:7:8\"\n"},
        {"2026-11-22", "\"2026-11-22\"\n"},
        {"-5", "'-5'\n"},
        {".inf", "'.inf'\n"},
        {"10.0.0.1", "10.0.0.1\n"},
        {"10.0.0.1/24", "10.0.0.1/24\n"},
        {"2001:db8::1", "2001:db8::1\n"},
        {"fe80::", "'fe80::'\n"},
        {"::1", "'::1'\n"},
        {"80,443", "80,443\n"},
        {"key: value", "'key: value'\n"},
        {"#hash", "'#hash'\n"},
        {"a #b", "'a #b'\n"},
        {"a#b", "a#b\n"},
        {"O'Brien: x", "'O''Brien: x'\n"},
        {"O'Brien", "O'Brien\n"},
        {" x", "' x'\n"},
        {"x ", "'x '\n"},
        {"- x", "'- x'\n"},
        {"[x]", "'[x]'\n"},
        {"*x", "'*x'\n"},
        {"two\nlines", "\"two\\nlines\"\n"},
        {"tab\t\"q\"\\", "\"tab\\t\\\"q\\\"\\\\\"\n"},
        {"\x1b", "\"\\x1B\"\n"},
        {"\xe2\x80\xae", "\"\\u202E\"\n"},
        {"K\xc3\xa4rnten", "K\xc3\xa4rnten\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_yaml(json_string(cases[i].text), cases[i].yaml);
    }
    assert_yaml(json_stringn("a\0b", 3), "\"a\\x00b\"\n");
}

static void yaml_keys_may_be_long(void **state)
{
    char key[2000];
    char expected[2100];

    (void)state;
    memset(key, 'k', sizeof key);
    key[sizeof key - 1] = '\0';
    snprintf(expected, sizeof expected, "a:\n  ? %s\n  : v\n", key);
    assert_yaml(json_pack("{s:{s:s}}", "a", key, "v"), expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_harmless),
        cmocka_unit_test(tables_look_as_those_of_incus),
        cmocka_unit_test(yaml_has_the_shape_of_incus),
        cmocka_unit_test(yaml_quotes_what_could_be_misread),
        cmocka_unit_test(yaml_keys_may_be_long),
    };

    (void)setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
