/* Names and addresses of members, and join tokens as text. */
#include "base/buffer.h"
#include "cluster/join.h"
#include "cluster/names.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_names(void **state)
{
    static const char *const good[] = {"n1", "a", "lb-3", "Node7", "1a"};
    static const char *const bad[] = {"", "-a", "a-", "12", "a.b", "a b", "ä", "a/b", "a_b"};
    char longest[MEMBER_NAME_MAX + 2];
    struct error error;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(member_name_check(good[i], &error), ERROR_NONE);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(member_name_check(bad[i], &error), ERROR_INVALID);
        assert_non_null(strstr(error.message, "Invalid member name"));
    }
    memset(longest, 'a', sizeof longest);
    longest[MEMBER_NAME_MAX] = '\0';
    assert_int_equal(member_name_check(longest, &error), ERROR_NONE);
    longest[MEMBER_NAME_MAX] = 'a';
    longest[MEMBER_NAME_MAX + 1] = '\0';
    assert_int_equal(member_name_check(longest, &error), ERROR_INVALID);
}

static void test_addresses(void **state)
{
    static const struct {
        const char *text;
        const char *complete; /* NULL: refused. */
    } cases[] = {
        {"10.0.0.1", "10.0.0.1:8443"},
        {"10.0.0.1:7000", "10.0.0.1:7000"},
        {"2001:db8::1", "[2001:db8::1]:8443"},
        {"[2001:0db8:0::1]:7000", "[2001:db8::1]:7000"},
        {"[2001:db8::1]", "[2001:db8::1]:8443"},
        {"n1.example.org", "n1.example.org:8443"},
        {"n1:65535", "n1:65535"},
        {"n1:65536", NULL},
        {"n1:0", NULL},
        {"n1:", NULL},
        {"n1:80x", NULL},
        {"n1:-1", NULL},
        {"0.0.0.0", NULL},
        {"[::]:8443", NULL},
        {"[n1]:80", NULL},
        {"[::1", NULL},
        {"[::1]x", NULL},
        {"", NULL},
        {"a b", NULL},
        {"10.0.0.1/24", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char address[MEMBER_ADDRESS_MAX + 1];
        struct error error;
        int code = member_address_complete(cases[i].text, address, &error);

        if (cases[i].complete == NULL) {
            assert_int_equal(code, ERROR_INVALID);
        } else {
            assert_int_equal(code, ERROR_NONE);
            assert_string_equal(address, cases[i].complete);
        }
    }
}

static struct join_token make_token(void)
{
    struct join_token token = {
        .name = "n2", .n_addresses = 2, .expires_at = "2026-11-22T22:19:03Z"};

    memset(token.fingerprint, 'a', PIN_TEXT_SIZE - 1);
    for (size_t i = 0; i < sizeof token.secret; i++) {
        token.secret[i] = (uint8_t)(i * 7);
    }
    snprintf(token.addresses[0], sizeof token.addresses[0], "10.0.0.1:8443");
    snprintf(token.addresses[1], sizeof token.addresses[1], "[2001:db8::1]:8443");
    return token;
}

static void test_token_round_trip(void **state)
{
    struct join_token token = make_token();
    struct join_token back;
    struct buffer text = {0};
    struct error error;

    (void)state;
    join_token_encode(&token, &text);
    assert_int_equal(join_token_decode(buffer_string(&text), &back, &error), ERROR_NONE);
    assert_string_equal(back.name, "n2");
    assert_string_equal(back.fingerprint, token.fingerprint);
    assert_memory_equal(back.secret, token.secret, sizeof token.secret);
    assert_int_equal(back.n_addresses, 2);
    assert_string_equal(back.addresses[1], "[2001:db8::1]:8443");
    assert_string_equal(back.expires_at, token.expires_at);

    /* As it comes out of a file. */
    buffer_append_string(&text, "\n");
    assert_int_equal(join_token_decode(buffer_string(&text), &back, &error), ERROR_NONE);
    buffer_close(&text);
}

static void test_token_cut_or_changed(void **state)
{
    struct join_token token = make_token();
    struct join_token back;
    struct buffer text = {0};
    struct error error;

    (void)state;
    join_token_encode(&token, &text);
    for (size_t size = 0; size < text.size; size++) {
        char *part = strndup(text.data, size);

        assert_int_equal(join_token_decode(part, &back, &error), ERROR_INVALID);
        assert_non_null(strstr(error.message, "This is no join token"));
        free(part);
    }
    buffer_close(&text);
}

static void test_token_of_others(void **state)
{
    static const char *const bad[] = {
        "not base64!!",
        "e30=",                                     /* {} */
        "W10=",                                     /* [] */
        "eyJzZXJ2ZXJfbmFtZSI6Im4yIn0=",             /* {"server_name":"n2"} */
        "eyJzZXJ2ZXJfbmFtZSI6Im4yIn0geCI6IngifQ==", /* More behind it. */
    };
    char *big = malloc(JOIN_TOKEN_SIZE_MAX + 5);
    struct join_token back;
    struct error error;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(join_token_decode(bad[i], &back, &error), ERROR_INVALID);
    }
    memset(big, 'A', JOIN_TOKEN_SIZE_MAX + 4);
    big[JOIN_TOKEN_SIZE_MAX + 4] = '\0';
    assert_int_equal(join_token_decode(big, &back, &error), ERROR_INVALID);
    free(big);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_token_round_trip),
        cmocka_unit_test(test_token_cut_or_changed),
        cmocka_unit_test(test_token_of_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
