/* Filters: what they match, and what is wrong with them. */
#include "lb/filter.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct filter_field backend_fields[] = {
    {.name = "name", .type = FILTER_STRING},
    {.name = "tags", .type = FILTER_STRINGS},
    {0},
};

static const struct filter_field fields[] = {
    {.name = "name", .type = FILTER_STRING},
    {.name = "description", .type = FILTER_STRING},
    {.name = "managed", .type = FILTER_BOOL},
    {.name = "weight", .type = FILTER_INTEGER},
    {.name = "used_by", .type = FILTER_STRINGS},
    {.name = "config", .type = FILTER_MAP},
    {.name = "backends", .type = FILTER_OBJECTS, .fields = backend_fields},
    {0},
};

static const char record[] =
    "{\"name\":\"198.51.100.11\",\"description\":\"full lb\",\"managed\":true,\"weight\":-12,"
    "\"used_by\":[\"a\",\"b\"],"
    "\"config\":{\"healthcheck\":\"false\",\"healthcheck.interval\":\"5\",\"user.foo\":\"bar\","
    "\"user.zoo\":\"ape\"},"
    "\"backends\":[{\"name\":\"b1\",\"tags\":[]},{\"name\":\"b2\",\"tags\":[\"x\"]}]}";

/* Whether the record passes FILTER, which is right. */
static bool passes(const char *text)
{
    struct error error = ERROR_INIT;
    struct filter *filter;
    bool matches;

    if (filter_parse(text, fields, &filter, &error) != ERROR_NONE) {
        fail_msg("%s: %s", text, error.message);
    }
    assert_int_equal(filter_match(filter, record, sizeof record - 1, &matches, &error), ERROR_NONE);
    filter_close(filter);
    return matches;
}

static void records_match(void **state)
{
    static const struct {
        const char *filter;
        bool matches;
    } cases[] = {
        {"name eq 198.51.100.11", true},
        {"name ne 198.51.100.11", false},
        {"name eq 198.51.100.1", false}, /* It must fit as a whole. */
        {"name eq 198.51.100.11 and managed eq true", true},
        {"name eq 198.51.100.11 and managed eq false", false},
        {"name eq 198.51.100.11\tand\u00a0managed\n eq 1", true}, /* Any white space. */
        {"not name eq 198.51.100.11", false},
        {"NoT name ne 198.51.100.11", true},
        /* From left to right: (true or true) and false. */
        {"name eq 198.* or managed eq true and weight eq 0", false},
        {"weight eq 0 and managed eq true or name eq 198.*", true},
        {"name eq a or name eq b or name eq 198.51.100.11", true},

        {"description eq \"full lb\"", true},
        {"description eq \"FULL lb\"", true},
        {"description eq \"full   lb\"", true}, /* Words are joined by one blank. */
        {"description eq \"full\"", false},
        {"description eq \"full.*\"", true},
        {"description ne \"\"", true},
        {"config.user.none eq \"\"", true},
        {"description eq full", false},

        /* Regular expressions. */
        {"name eq 198.*", true},
        {"name eq ^198", true},
        {"name eq 11$", true},
        {"name eq 1|11$", true},
        {"name eq (198|199)\\.51\\.100\\.\\d+", true},
        {"name eq \\d{3}(?:\\.\\d+){3}", true},
        {"name eq \\D+", false},
        {"description eq [a-z]+\\s[A-Z]{2}", true},
        {"description eq f.*?b", true},
        {"description eq fu+?ll\\slb", true},
        {"description eq fz+?ull\\slb", false},
        {"description eq \\w+[[:space:]][]b-l]+", true},
        {"name eq [", false},
        {"description eq [[:alpha:]]+.[^[:digit:]]+", true},
        {"description eq [[:alpha:]+", false},
        {"description eq [[.f.]].*", false},
        {"name eq (", false},
        {"config.user.foo eq (b)ar", true},
        {"config.user.foo eq (b)\\1", false}, /* No references: compared as it is. */
        {"config.user.foo eq bar**", false},  /* As in Go. */
        {"config.user.foo eq +bar", false},
        {"config.user.foo eq (|*bar)", false},
        {"config.user.foo eq (?i)bar", false},
        {"config.user.foo eq b(ar|{)", true},
        {"config.user.foo eq b{1}ar{1}", true},
        {"config.user.foo eq b{1}?ar", true},
        {"config.user.foo eq b{0}ar", false},

        /* With a comma it is a list. */
        {"config.user.foo eq foo,bar", true},
        {"config.user.foo eq foo,BAR,baz", true},
        {"config.user.foo eq foo,b.*", false},
        {"config.user.foo ne foo,bar", false},
        {"config.user.foo ne foo,baz", true},
        {"config.user.foo eq ,", false},
        {"config.user.none eq ,", true},

        /* Keys of a map. */
        {"config.healthcheck eq false", true},
        {"config.healthcheck.interval eq 5", true},
        {"config.u.foo eq bar", true},
        {"config.u.fo eq bar", false},
        {"config.h.interval eq 5", true},
        {"config.h eq false", true},
        {"config.x.foo eq bar", false},
        {"config.user.zoo eq ape", true},

        {"managed eq True", true},
        {"managed ne 1", false},
        {"managed eq f", false},
        {"weight eq -12", true},
        {"weight eq 12", false},
        {"weight ne +12", true},
        {"used_by eq [\"a\",\"b\"]", true},
        {"used_by eq [\"a\"]", false},
        {"used_by ne [\"b\",\"a\"]", true},

        /* Through a list, any element will do. */
        {"backends.name eq b1", true},
        {"backends.name eq b2", true},
        {"backends.name eq b3", false},
        {"backends.name ne b1", true},
        {"not backends.name eq b1", false},
        {"not backends.name eq b3", true},
        {"backends.tags eq [\"x\"]", true},
        {"backends.tags eq [\"y\"]", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (passes(cases[i].filter) != cases[i].matches) {
            fail_msg("%s", cases[i].filter);
        }
    }
}

static void no_clause_is_no_filter(void **state)
{
    static const char *const texts[] = {NULL, "", " ", "\t \u3000"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct filter *filter = (struct filter *)&texts;
        struct error error;

        assert_int_equal(filter_parse(texts[i], fields, &filter, &error), ERROR_NONE);
        assert_null(filter);
    }
}

static void wrong_filters_are_told_as_incus_does(void **state)
{
    static const struct {
        const char *filter;
        const char *message;
    } cases[] = {
        {"name", "Invalid filter: clause has no operator"},
        {"name=198.51.100.11", "Invalid filter: clause has no operator"},
        {"name eq", "Invalid filter: clause has no value"},
        {"not", "Invalid filter: incomplete not clause"},
        {"name eq a and not", "Invalid filter: incomplete not clause"},
        {"name eq \"a", "Invalid filter: unterminated quote"},
        {"name eq \"", "Invalid filter: unterminated quote"},
        {"name eq a and", "Invalid filter: unterminated compound clause"},
        {"description eq full lb", "Invalid filter: invalid clause composition"},
        {"name EQ a AND name EQ b", "Invalid filter: invalid clause composition"},
        {"name foo bar", "Unsupported operation"},
        {"name EQ a", "Unsupported operation"},
        {"weight gt 1", "Unsupported operation"},
        {"NAME eq a", "Invalid type \"invalid\" for field \"NAME\""},
        {"eq eq eq", "Invalid type \"invalid\" for field \"eq\""},
        {"name.x eq a", "Invalid type \"invalid\" for field \"name.x\""},
        {"used_by.0 eq a", "Invalid type \"invalid\" for field \"used_by.0\""},
        {"backends.nope eq a", "Invalid type \"invalid\" for field \"backends.nope\""},
        {". eq a", "Invalid type \"invalid\" for field \".\""},
        {"config eq a", "Invalid type \"map\" for field \"config\""},
        {"backends eq a", "Invalid slice type \"struct\" for field \"backends\""},
        {"managed eq maybe", "Failed to parse value: \"maybe\" is not a boolean"},
        {"weight eq 1.5", "Failed to parse value: \"1.5\" is not an integer"},
        {"weight eq +-1", "Failed to parse value: \"+-1\" is not an integer"},
        {"weight eq 9223372036854775808",
         "Failed to parse value: \"9223372036854775808\" is not an integer"},
        {"used_by eq a", "Failed to parse value: \"a\" is not a JSON array of strings"},
        {"used_by eq [1]", "Failed to parse value: \"[1]\" is not a JSON array of strings"},
        {"used_by eq {}", "Failed to parse value: \"{}\" is not a JSON array of strings"},
        /* The text is read to its end before any clause of it is judged. */
        {"nope eq a and", "Invalid filter: unterminated compound clause"},
        {"name eq a* and nope eq b", "Invalid type \"invalid\" for field \"nope\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct filter *filter = NULL;
        struct error error;

        if (filter_parse(cases[i].filter, fields, &filter, &error) != ERROR_INVALID) {
            fail_msg("%s: accepted", cases[i].filter);
        }
        assert_string_equal(error.message, cases[i].message);
        assert_null(filter);
    }
}

static void limits_hold(void **state)
{
    char text[FILTER_CLAUSES_MAX * 20 + 64];
    struct filter *filter;
    struct error error;
    size_t size = 0;

    (void)state;
    for (int i = 0; i < FILTER_CLAUSES_MAX; i++) {
        size +=
            (size_t)snprintf(text + size, sizeof text - size, "%sname eq a", i == 0 ? "" : " or ");
    }
    assert_int_equal(filter_parse(text, fields, &filter, &error), ERROR_NONE);
    filter_close(filter);
    snprintf(text + size, sizeof text - size, " or name eq b");
    assert_int_equal(filter_parse(text, fields, &filter, &error), ERROR_INVALID);
    assert_string_equal(error.message, "Invalid filter: more than 128 clauses");

    /* Only what may be a regular expression is limited. */
    memset(text, 'a', sizeof text);
    memcpy(text, "name eq ", 8);
    text[8 + FILTER_REGEXP_MAX + 1] = '\0';
    assert_int_equal(filter_parse(text, fields, &filter, &error), ERROR_NONE);
    filter_close(filter);
    text[8] = '.';
    assert_int_equal(filter_parse(text, fields, &filter, &error), ERROR_INVALID);
    assert_string_equal(error.message,
                        "Invalid filter: a regular expression may have 256 bytes at most");
    text[8 + FILTER_REGEXP_MAX] = '\0';
    assert_int_equal(filter_parse(text, fields, &filter, &error), ERROR_NONE);
    filter_close(filter);

    /* Repetitions that multiply to too much are none: compared as they are. */
    assert_true(passes("config.user.foo eq (b{10}){12}|bar"));
    assert_false(passes("config.user.foo eq (b{10}){14}|bar"));
    assert_true(passes("config.user.foo eq (((b+)+)+)+|bar"));
    assert_false(passes("config.user.foo eq (((((((b+)+)+)+)+)+)+)+|bar"));
    assert_false(passes("config.user.foo eq b{2049}|bar"));
    assert_false(passes("config.user.foo eq b{99999999999999999999}|bar"));
}

static void long_texts_fit_no_regular_expression(void **state)
{
    static char text[FILTER_TEXT_MAX + 32] = "{\"name\":\"";
    struct error error = ERROR_INIT;
    struct filter *filter;
    size_t start = strlen(text);
    bool matches;

    (void)state;
    assert_int_equal(filter_parse("name eq a+", fields, &filter, &error), ERROR_NONE);
    memset(text + start, 'a', FILTER_TEXT_MAX + 1);
    memcpy(text + start + FILTER_TEXT_MAX, "\"}", 3);
    assert_int_equal(filter_match(filter, text, strlen(text), &matches, &error), ERROR_NONE);
    assert_true(matches);
    memcpy(text + start + FILTER_TEXT_MAX, "a\"}", 4);
    assert_int_equal(filter_match(filter, text, strlen(text), &matches, &error), ERROR_NONE);
    assert_false(matches);
    filter_close(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_match),
        cmocka_unit_test(no_clause_is_no_filter),
        cmocka_unit_test(wrong_filters_are_told_as_incus_does),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(long_texts_fit_no_regular_expression),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
