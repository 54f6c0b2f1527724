/* From paths to handlers, and from objects to URLs. */
#include "api/route.h"
#include "api/url.h"
#include "test/lib/cmocka_all.h"

#include <string.h>

static void get_one(struct api_call *call)
{
    (void)call;
}

static void get_two(struct api_call *call)
{
    (void)call;
}

static const struct route routes[] = {
    {.pattern = "/", .get = get_one},
    {.pattern = "/1.0/things", .get = get_one, .post = get_two},
    {.pattern = "/1.0/things/{}", .get = get_two},
    {.pattern = "/1.0/things/{}/parts/{}", .get = get_one},
};

#define N_ROUTES (sizeof routes / sizeof routes[0])

static void paths_find_their_handlers(void **state)
{
    static const struct {
        const char *method;
        const char *path;
        enum route_result result;
        api_handler handler;
        const char *params[2];
    } cases[] = {
        {"GET", "/", ROUTE_FOUND, get_one, {NULL, NULL}},
        {"GET", "/1.0/things", ROUTE_FOUND, get_one, {NULL, NULL}},
        {"POST", "/1.0/things", ROUTE_FOUND, get_two, {NULL, NULL}},
        {"GET", "/1.0/things/a", ROUTE_FOUND, get_two, {"a", NULL}},
        {"GET", "/1.0/things/2001:db8::1", ROUTE_FOUND, get_two, {"2001:db8::1", NULL}},
        {"GET", "/1.0/things/2001%3adb8%3A%3a1", ROUTE_FOUND, get_two, {"2001:db8::1", NULL}},
        {"GET", "/1.0/things/a%2Fb/parts/c+d", ROUTE_FOUND, get_one, {"a/b", "c+d"}},
        {"PUT", "/1.0/things", ROUTE_NOT_IMPLEMENTED, NULL, {NULL, NULL}},
        {"HEAD", "/1.0/things", ROUTE_NOT_IMPLEMENTED, NULL, {NULL, NULL}},
        {"GET", "/1.0/things/", ROUTE_NOT_FOUND, NULL, {NULL, NULL}},
        {"GET", "/1.0/thing", ROUTE_NOT_FOUND, NULL, {NULL, NULL}},
        {"GET", "/1.0/things/a/parts", ROUTE_NOT_FOUND, NULL, {NULL, NULL}},
        {"GET", "/1.0/things/a/parts/b/c", ROUTE_NOT_FOUND, NULL, {NULL, NULL}},
        {"GET", "/1.0/things/%zz", ROUTE_BAD_PATH, NULL, {NULL, NULL}},
        {"GET", "/1.0/things/%00", ROUTE_BAD_PATH, NULL, {NULL, NULL}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *params[API_PARAMS_MAX] = {NULL};
        struct arena arena = {0};
        api_handler handler = NULL;

        assert_int_equal(
            route_find(routes, N_ROUTES, cases[i].method, cases[i].path, &arena, params, &handler),
            cases[i].result);
        assert_true(handler == cases[i].handler);
        for (size_t j = 0; j < 2 && cases[i].result == ROUTE_FOUND; j++) {
            if (cases[i].params[j] == NULL) {
                assert_null(params[j]);
            } else {
                assert_string_equal(params[j], cases[i].params[j]);
            }
        }
        arena_close(&arena);
    }
}

/* Two routes that one path fits would make the order of the table matter. */
static void no_two_routes_fit_one_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < api_n_routes; i++) {
        for (size_t j = i + 1; j < api_n_routes; j++) {
            assert_string_not_equal(api_routes[i].pattern, api_routes[j].pattern);
        }
    }
}

static void urls_are_escaped(void **state)
{
    struct buffer url = {0};

    (void)state;
    url_append_network(&url, "default", "ovn0");
    assert_string_equal(buffer_string(&url), "/1.0/networks/ovn0");
    buffer_reset(&url);
    url_append_network(&url, "p 1&", "a/b?c%");
    assert_string_equal(buffer_string(&url), "/1.0/networks/a%2Fb%3Fc%25?project=p%201%26");
    buffer_reset(&url);
    url_append_load_balancer(&url, "web", "ovn0", "2001:db8::1");
    assert_string_equal(buffer_string(&url),
                        "/1.0/networks/ovn0/load-balancers/2001:db8::1?project=web");
    buffer_reset(&url);
    url_append_project(&url, "S\xc3\xb6hne");
    assert_string_equal(buffer_string(&url), "/1.0/projects/S%C3%B6hne");
    buffer_close(&url);
}

static void paths_are_cleaned_as_go_does(void **state)
{
    static const struct {
        const char *path;
        const char *clean;
    } cases[] = {
        {"/", "/"},
        {"//", "/"},
        {"/1.0", "/1.0"},
        {"/1.0/", "/1.0/"},
        {"//1.0///networks", "/1.0/networks"},
        {"/1.0/./networks/.", "/1.0/networks"},
        {"/1.0/a/../networks", "/1.0/networks"},
        {"/1.0/..", "/"},
        {"/../../1.0/../..", "/"},
        {"/1.0/a/../", "/1.0/"},
        {"/1.0/.a/..b/...", "/1.0/.a/..b/..."},
        {"/1.0/%2e%2e/a", "/1.0/%2e%2e/a"},
        {"", "/"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};

        assert_string_equal(url_clean_path(&arena, cases[i].path), cases[i].clean);
        arena_close(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_find_their_handlers),
        cmocka_unit_test(no_two_routes_fit_one_path),
        cmocka_unit_test(urls_are_escaped),
        cmocka_unit_test(paths_are_cleaned_as_go_does),
    };

    return cmocka_run_group_tests_name("api_route", tests, NULL, NULL);
}
