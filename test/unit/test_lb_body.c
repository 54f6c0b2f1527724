/* Request bodies, as leniently as Go's decoder takes them. */
#include "lb/body.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The body of a record, printed in a form that tests can compare. */
static const char *print(struct arena *arena, const struct load_balancer_body *body)
{
    char *text = arena_printf(arena, "%s|%s%s|", body->lb.listen_address,
                              body->has_description ? "" : "-", body->lb.description);

    if (!body->has_config) {
        text = arena_printf(arena, "%s-", text);
    }
    for (size_t i = 0; i < body->lb.config.n_pairs; i++) {
        text = arena_printf(arena, "%s%s=%s,", text, body->lb.config.pairs[i].key,
                            body->lb.config.pairs[i].value);
    }
    text = arena_printf(arena, "%s|%s", text, body->has_backends ? "" : "-");
    for (size_t i = 0; i < body->lb.n_backends; i++) {
        const struct network_load_balancer_backend *b = &body->lb.backends[i];
        text = arena_printf(arena, "%s(%s,%s,%s,%s)", text, b->name, b->description, b->target_port,
                            b->target_address);
    }
    text = arena_printf(arena, "%s|%s", text, body->has_ports ? "" : "-");
    for (size_t i = 0; i < body->lb.n_ports; i++) {
        const struct network_load_balancer_port *p = &body->lb.ports[i];
        text =
            arena_printf(arena, "%s(%s,%s,%s:", text, p->description, p->protocol, p->listen_port);
        for (size_t j = 0; j < p->n_target_backend; j++) {
            text = arena_printf(arena, "%s%s,", text, p->target_backend[j]);
        }
        text = arena_printf(arena, "%s)", text);
    }
    return text;
}

static void bodies_are_read_leniently(void **state)
{
    static const struct {
        const char *text;
        const char *printed;
    } cases[] = {
        {"{}", "|-|-|-|-"},
        {"null", "|-|-|-|-"},
        {" \t\r\n{ } ", "|-|-|-|-"},
        {"{\"listen_address\": \"198.51.100.10\"}", "198.51.100.10|-|-|-|-"},
        {"{\"description\":\"\",\"config\":{},\"backends\":[],\"ports\":[]}", "||||"},
        {"{\"description\":null,\"config\":null,\"backends\":null,\"ports\":null,"
         "\"listen_address\":null}",
         "|-|-|-|-"},
        {"{\"listen_address\":\"a\",\"description\":\"  d \",\"config\":{\"user.b\":\"2\","
         "\"user.a\":\"1\"},\"backends\":[{\"name\":\"b1\",\"description\":\"c\",\"target_port\":"
         "\"80\",\"target_address\":\"10.0.0.1\"},{},null],\"ports\":[{\"description\":\"p\","
         "\"protocol\":\"tcp\",\"listen_port\":\"80\",\"target_backend\":[\"b1\",null,\"b2\"]},"
         "null]}",
         "a|  d |user.a=1,user.b=2,|(b1,c,80,10.0.0.1)(,,,)(,,,)|(p,tcp,80:b1,,b2,)(,,:)"},
        /* Unknown fields, case, duplicates, garbage. */
        {"{\"listen_address\":\"a\",\"bogus\":{\"x\":[1,{\"y\":null}]}}", "a|-|-|-|-"},
        {"{\"Listen_Address\":\"a\",\"DESCRIPTION\":\"d\",\"Config\":{\"User.A\":\"x\"}}",
         "a|d|User.A=x,|-|-"},
        {"{\"listen_address\":\"a\",\"listen_address\":\"b\"}", "b|-|-|-|-"},
        {"{\"listen_address\":\"a\",\"LISTEN_ADDRESS\":\"b\"}", "b|-|-|-|-"},
        {"{\"LISTEN_ADDRESS\":\"a\",\"listen_address\":\"b\"}", "b|-|-|-|-"},
        {"{\"listen_address\":\"a\",\"LISTEN_ADDRESS\":null}", "a|-|-|-|-"},
        {"{\"listen_address\":\"a\"} trailing } \" garbage", "a|-|-|-|-"},
        {"{\"listen_address\":\"a\"}{\"listen_address\":\"b\"}", "a|-|-|-|-"},
        /* Config values. */
        {"{\"config\":{\"a\":5,\"b\":1.50,\"c\":true,\"d\":false,\"e\":null,\"f\":\"\"}}",
         "|-|a=5,b=1.5,c=true,d=false,e=,f=,|-|-"},
        {"{\"config\":{\"a\":-0,\"b\":1e3,\"c\":18446744073709551616,\"d\":1e-7}}",
         "|-|a=0,b=1000,c=1.8446744073709552e+19,d=1e-07,|-|-"},
        /* Text. */
        {"{\"description\":\"<a>&\\u2028 \xc3\xa9 \\u00e9 \\\"\\\\\\/\\b\"}",
         "|<a>&\xe2\x80\xa8 \xc3\xa9 \xc3\xa9 \"\\/\b|-|-|-"},
        {"{\"description\":\"\xff\xfe\"}", "|\xef\xbf\xbd\xef\xbf\xbd|-|-|-"},
        {"{\"description\":\"\xe2\x82\"}", "|\xef\xbf\xbd\xef\xbf\xbd|-|-|-"},
        {"{\"description\":\"\xed\xa0\x80\"}", "|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|-|-|-"},
        {"{\"description\":\"\\ud83d\\ude00\"}", "|\xf0\x9f\x98\x80|-|-|-"},
        {"{\"description\":\"\\uD83D\\uDE00\"}", "|\xf0\x9f\x98\x80|-|-|-"},
        {"{\"description\":\"\\ud83dx\"}", "|\xef\xbf\xbdx|-|-|-"},
        {"{\"description\":\"\\ude00\\u0041\"}", "|\xef\xbf\xbd"
                                                 "A|-|-|-"},
        {"{\"description\":\"\\ud83d\\ud83d\\ude00\"}", "|\xef\xbf\xbd\xf0\x9f\x98\x80|-|-|-"},
        {"{\"description\":\"\\ud83d\\n\\\\ude00\"}", "|\xef\xbf\xbd\n\\ude00|-|-|-"},
        {"{\"\xff\":1,\"description\":\"{[\\\"}]\"}", "|{[\"}]|-|-|-"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error error = ERROR_INIT;
        struct load_balancer_body body;
        int rv = body_load_balancer(cases[i].text, strlen(cases[i].text), &arena, &body, &error);

        assert_string_equal(error.message, "");
        assert_int_equal(rv, ERROR_NONE);
        assert_string_equal(print(&arena, &body), cases[i].printed);
        arena_close(&arena);
    }
}

static void wrong_bodies_are_refused(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"", "EOF"},
        {" \r\n\t ", "EOF"},
        {"[]", "body: expected an object, found an array"},
        {"\"\"\n", "body: expected an object, found a string"},
        {"5", "body: expected an object, found a number"},
        {"true", "body: expected an object, found a boolean"},
        {"{\"listen_address\":5}", "listen_address: expected a string, found a number"},
        {"{\"description\":[]}", "description: expected a string, found an array"},
        {"{\"backends\":{}}", "backends: expected an array, found an object"},
        {"{\"backends\":[5]}", "backends[0]: expected an object, found a number"},
        {"{\"backends\":[{},{\"target_port\":80}]}",
         "backends[1].target_port: expected a string, found a number"},
        {"{\"backends\":[{\"Name\":true}]}",
         "backends[0].name: expected a string, found a boolean"},
        {"{\"ports\":\"80\"}", "ports: expected an array, found a string"},
        {"{\"ports\":[{\"target_backend\":\"b1\"}]}",
         "ports[0].target_backend: expected an array, found a string"},
        {"{\"ports\":[{\"target_backend\":[\"a\",{}]}]}",
         "ports[0].target_backend[1]: expected a string, found an object"},
        {"{\"config\":[]}",
         "JSON data not valid for ConfigMap: config: expected an object, found an array"},
        {"{\"config\":{\"user.a\":{}}}",
         "config.user.a: expected a string, a number or a boolean, found an object"},
        {"{\"config\":{\"user.a\":[1]}}",
         "config.user.a: expected a string, a number or a boolean, found an array"},
        {"{\"description\":\"a\\u0000b\"}",
         "description: a string can't hold the character \\u0000"},
        {"{\"config\":{\"user.a\":\"\\u0000\"}}",
         "config.user.a: a string can't hold the character \\u0000"},
        {"{\"backends\":[{\"name\":\"\\u0000\"}]}",
         "backends[0].name: a string can't hold the character \\u0000"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error error = ERROR_INIT;
        struct load_balancer_body body;
        int rv = body_load_balancer(cases[i].text, strlen(cases[i].text), &arena, &body, &error);

        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(rv, ERROR_INVALID);
        arena_close(&arena);
    }
}

/* The reason is jansson's; where it is wrong is what counts. */
static void broken_json_is_located(void **state)
{
    static const struct {
        const char *text;
        const char *place;
    } cases[] = {
        {"{\"listen_address\":", " at line 1, column 18"},
        {"{\n\"a\":1,\n\"b\" 2}", " at line 3, column 5"},
        {"{\"a\":tru}", " at line 1, column 8"},
        {"{\"a\":1,}", " at line 1, column 8"},
        {"{\"a\":01}", " at line 1, column 6"},
        {"{\"a\":\"\\x\"}", " at line 1, column 8"},
        {"{\"a\":\"\n\"}", " at line 1, column 6"},
        {"{\"a\":\"", " at line 1, column 6"},
        {"{\"a\":\"\\", " at line 1, column 7"},
        {"{\"a\":\"\\u12", " at line 1, column"},
        {"{\"a\":\"\\ud83d\\u", " at line 1, column"},
        {"{\"a\":\"\\ud83d\\u00", " at line 1, column"},
        {"{'a':1}", " at line 1, column 2"},
        {"{\"\\u0000\":1}", " at line 1, column"},
        {"{\"a\":1e999}", " at line 1, column"},
        {"]", " at line 1, column 1"},
        {"\xff", " at line 1, column 1"},
        {"\xef\xbb\xbf{}", " at line 1, column 1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error error = ERROR_INIT;
        struct sql_body body;
        int rv = body_sql(cases[i].text, strlen(cases[i].text), &arena, &body, &error);

        assert_int_equal(rv, ERROR_INVALID);
        assert_memory_equal(error.message, "Invalid JSON: ", 14);
        assert_true(utf8_valid(error.message, strlen(error.message)));
        if (strstr(error.message, cases[i].place) == NULL) {
            fail_msg("%s: %s", cases[i].text, error.message);
        }
        arena_close(&arena);
    }
}

static void nul_bytes_are_no_ends(void **state)
{
    static const char text[] = "{\"query\":\"a\"\0}";
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct sql_body body;

    (void)state;
    assert_int_equal(body_sql(text, sizeof text - 1, &arena, &body, &error), ERROR_INVALID);
    assert_non_null(strstr(error.message, "Invalid JSON: "));
    arena_close(&arena);
}

static void depth_is_limited(void **state)
{
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct sql_body body;
    char text[512];
    size_t used = 0;

    (void)state;
    used += (size_t)snprintf(text, sizeof text, "{\"query\":\"[[[[\",\"x\":");
    memset(text + used, '[', BODY_DEPTH_MAX - 1);
    used += BODY_DEPTH_MAX - 1;
    memset(text + used, ']', BODY_DEPTH_MAX - 1);
    used += BODY_DEPTH_MAX - 1;
    text[used++] = '}';
    assert_int_equal(body_sql(text, used, &arena, &body, &error), ERROR_NONE);
    assert_string_equal(body.query, "[[[[");
    text[1] = '\n';
    memmove(text + 2, "\"q\":", 4);
    used = 6;
    memset(text + used, '[', BODY_DEPTH_MAX);
    used += BODY_DEPTH_MAX;
    assert_int_equal(body_sql(text, used, &arena, &body, &error), ERROR_INVALID);
    assert_string_equal(error.message,
                        "Invalid JSON: nested more than 64 deep at line 2, column 68");
    arena_close(&arena);
}

/* A million brackets must not become a million frames on the stack. */
static void deep_nesting_is_cheap(void **state)
{
    const size_t size = 1024 * 1024;
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct sql_body body;
    char *text = malloc(size);

    (void)state;
    assert_non_null(text);
    memset(text, '[', size);
    assert_int_equal(body_sql(text, size, &arena, &body, &error), ERROR_INVALID);
    assert_string_equal(error.message,
                        "Invalid JSON: nested more than 64 deep at line 1, column 65");
    free(text);
    arena_close(&arena);
}

static void config_keys_are_limited(void **state)
{
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct string_map config;
    bool has_config;
    struct buffer text = {0};

    (void)state;
    for (int extra = 0; extra < 2; extra++) {
        buffer_reset(&text);
        buffer_append_string(&text, "{\"config\":{");
        for (int i = BODY_CONFIG_KEYS_MAX + extra; i > 0; i--) {
            buffer_printf(&text, "\"user.%d\":%d%s", i, i, i > 1 ? "," : "}}");
        }
        if (extra == 0) {
            assert_int_equal(
                body_config(text.data, text.size, &arena, &config, &has_config, &error),
                ERROR_NONE);
            assert_true(has_config);
            assert_int_equal(config.n_pairs, BODY_CONFIG_KEYS_MAX);
            assert_string_equal(string_map_get(&config, "user.77"), "77");
        } else {
            assert_int_equal(
                body_config(text.data, text.size, &arena, &config, &has_config, &error),
                ERROR_INVALID);
            assert_string_equal(error.message, "config: too many keys: 4097, at most 4096");
        }
    }
    buffer_close(&text);
    arena_close(&arena);
}

/* A key of any length fits a message. */
static void long_places_are_cut(void **state)
{
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct string_map config;
    bool has_config;
    struct buffer text = {0};

    (void)state;
    buffer_append_string(&text, "{\"config\":{\"");
    for (int i = 0; i < 5000; i++) {
        buffer_append_char(&text, 'x');
    }
    buffer_append_string(&text, "\":[]}}");
    assert_int_equal(body_config(text.data, text.size, &arena, &config, &has_config, &error),
                     ERROR_INVALID);
    assert_memory_equal(error.message, "config.xxxx", 11);
    assert_non_null(strstr(error.message, ": expected a string, a number or a boolean"));
    buffer_close(&text);
    arena_close(&arena);
}

static void other_bodies_are_read(void **state)
{
    static const char network_text[] =
        "{\"name\":\"ovn1\",\"type\":\"ovn\",\"config\":{\"network\":\"UPLINK\"},"
        "\"description\":\"second\"}";
    static const char project_text[] = "{\"name\":\"p1\",\"config\":{\"features.networks\":true}}";
    static const char sql_text[] = "{\"database\":\"global\",\"query\":\"SELECT 1\"}";
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct network_body network;
    struct project_body project;
    struct string_map config;
    struct sql_body sql;
    bool has_config;

    (void)state;
    assert_int_equal(body_network(network_text, sizeof network_text - 1, &arena, &network, &error),
                     ERROR_NONE);
    assert_string_equal(network.name, "ovn1");
    assert_string_equal(network.type, "ovn");
    assert_string_equal(network.description, "second");
    assert_string_equal(string_map_get(&network.config, "network"), "UPLINK");
    assert_true(network.has_config && network.has_description);
    assert_int_equal(body_network("{}", 2, &arena, &network, &error), ERROR_NONE);
    assert_null(network.name);
    assert_null(network.type);
    assert_string_equal(network.description, "");
    assert_false(network.has_config || network.has_description);

    assert_int_equal(body_project(project_text, sizeof project_text - 1, &arena, &project, &error),
                     ERROR_NONE);
    assert_string_equal(project.name, "p1");
    assert_string_equal(project.description, "");
    assert_string_equal(string_map_get(&project.config, "features.networks"), "true");
    assert_true(project.has_config && !project.has_description);

    assert_int_equal(
        body_config("{\"config\":{\"user.x\":\"y\"}}", 26, &arena, &config, &has_config, &error),
        ERROR_NONE);
    assert_true(has_config);
    assert_string_equal(string_map_get(&config, "user.x"), "y");
    assert_int_equal(body_config("{}", 2, &arena, &config, &has_config, &error), ERROR_NONE);
    assert_false(has_config);
    assert_int_equal(config.n_pairs, 0);

    assert_int_equal(body_sql(sql_text, sizeof sql_text - 1, &arena, &sql, &error), ERROR_NONE);
    assert_string_equal(sql.database, "global");
    assert_string_equal(sql.query, "SELECT 1");
    assert_int_equal(body_sql("{}", 2, &arena, &sql, &error), ERROR_NONE);
    assert_string_equal(sql.database, "");
    assert_string_equal(sql.query, "");
    arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_read_leniently), cmocka_unit_test(wrong_bodies_are_refused),
        cmocka_unit_test(broken_json_is_located),    cmocka_unit_test(nul_bytes_are_no_ends),
        cmocka_unit_test(depth_is_limited),          cmocka_unit_test(deep_nesting_is_cheap),
        cmocka_unit_test(config_keys_are_limited),   cmocka_unit_test(long_places_are_cut),
        cmocka_unit_test(other_bodies_are_read),
    };

    return cmocka_run_group_tests_name("lb body", tests, NULL, NULL);
}
