/* What answers look like, and how requests are looked into. */
#include "api/http_response.h"
#include "test/lib/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

static void dates_are_written_in_english(void **state)
{
    char text[HTTP_DATE_SIZE];

    (void)state;
    http_date_text(784111777, text);
    assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    http_date_text(1709164800, text);
    assert_string_equal(text, "Thu, 29 Feb 2024 00:00:00 GMT");
}

static void statuses_have_texts(void **state)
{
    (void)state;
    assert_string_equal(http_status_text(200), "OK");
    assert_string_equal(http_status_text(404), "Not Found");
    assert_string_equal(http_status_text(412), "Precondition Failed");
    assert_string_equal(http_status_text(505), "HTTP Version Not Supported");
    assert_string_equal(http_status_text(599), "Unknown");
}

/* Cuts the value of Date out of the head. */
static char *head_without_date(struct buffer *out)
{
    const char *head = buffer_string(out);
    char *result = strdup(head);
    char *date = strstr(result, "Date: ");
    char *end = strchr(date, '\r');

    memmove(date + strlen("Date: "), end, strlen(end) + 1);
    return result;
}

static void headers_stand_in_the_order_of_incus(void **state)
{
    static const struct http_header headers[] = {{"Content-Type", "application/json"},
                                                 {"Etag", "\"abc\""}};
    static const struct {
        unsigned status;
        enum http_persistence persistence;
        const char *head;
    } cases[] = {
        {200, HTTP_KEEP,
         "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nEtag: \"abc\"\r\nDate: \r\n"
         "Content-Length: 12\r\n\r\n"},
        {200, HTTP_KEEP_ALIVE,
         "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nEtag: \"abc\"\r\nDate: \r\n"
         "Content-Length: 12\r\nConnection: keep-alive\r\n\r\n"},
        {412, HTTP_CLOSE,
         "HTTP/1.1 412 Precondition Failed\r\nContent-Type: application/json\r\nEtag: \"abc\"\r\n"
         "Date: \r\nContent-Length: 12\r\nConnection: close\r\n\r\n"},
        {204, HTTP_KEEP,
         "HTTP/1.1 204 No Content\r\nContent-Type: application/json\r\nEtag: \"abc\"\r\n"
         "Date: \r\n\r\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out = {0};
        char *head;

        assert_true(
            http_response_head(&out, cases[i].status, headers, 2, 12, cases[i].persistence));
        head = head_without_date(&out);
        assert_string_equal(head, cases[i].head);
        free(head);
        buffer_close(&out);
    }
}

static void headers_can_not_break_the_framing(void **state)
{
    static const struct http_header cases[] = {
        {"Location", "/a\r\nX: y"},
        {"Location", "/a\nX: y"},
        {"Location", "a\x7f"},
        {"A b", "c"},
        {"A\r\nB", "c"},
        {"", "c"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out = {0};

        assert_false(http_response_head(&out, 200, &cases[i], 1, 0, HTTP_KEEP));
        assert_int_equal(out.size, 0);
    }
}

static void escapes_are_decoded(void **state)
{
    static const struct {
        const char *text;
        bool plus_is_blank;
        const char *decoded; /* NULL: it is malformed. */
    } cases[] = {
        {"", false, ""},
        {"2001%3Adb8%3a:1", false, "2001:db8::1"},
        {"a+b", false, "a+b"},
        {"a+b%2B", true, "a b+"},
        {"%C3%A4", false, "\xc3\xa4"},
        {"%25%", false, NULL},
        {"%2", false, NULL},
        {"%", false, NULL},
        {"%g0", false, NULL},
        {"%0g", false, NULL},
        {"a%00b", false, NULL},
    };
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *decoded = http_percent_decode(&arena, cases[i].text, strlen(cases[i].text),
                                                  cases[i].plus_is_blank);

        if (cases[i].decoded == NULL) {
            assert_null(decoded);
        } else {
            assert_non_null(decoded);
            assert_string_equal(decoded, cases[i].decoded);
        }
    }
    /* SIZE ends the text, not a NUL. */
    assert_string_equal(http_percent_decode(&arena, "ab%41", 2, false), "ab");
    assert_null(http_percent_decode(&arena, "ab%41", 4, false));
    arena_close(&arena);
}

static void query_parameters_are_found(void **state)
{
    static const struct {
        const char *query;
        const char *name;
        const char *value;
    } cases[] = {
        {"", "a", NULL},
        {"a=1", "a", "1"},
        {"a", "a", ""},
        {"a=", "a", ""},
        {"ab=1&a=2", "a", "2"},
        {"a=1&a=2", "a", "1"},
        {"&&b=2&", "b", "2"},
        {"filter=", "filter", ""},
        {"all%2Dprojects=true", "all-projects", "true"},
        {"filter=a+eq+%22b%26c%22&x=1", "filter", "a eq \"b&c\""},
        {"a==b=", "a", "=b="},
        {"a=%zz", "a", NULL},
        {"a=%00", "a", NULL},
        {"=1", "", "1"},
        {"b=1", "a", NULL},
        {"A=1", "a", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_request request = {.query = cases[i].query};
        const char *value = http_query_get(&request, cases[i].name);

        if (cases[i].value == NULL) {
            assert_null(value);
        } else {
            assert_non_null(value);
            assert_string_equal(value, cases[i].value);
        }
        arena_close(&request.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_written_in_english),
        cmocka_unit_test(statuses_have_texts),
        cmocka_unit_test(headers_stand_in_the_order_of_incus),
        cmocka_unit_test(headers_can_not_break_the_framing),
        cmocka_unit_test(escapes_are_decoded),
        cmocka_unit_test(query_parameters_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
