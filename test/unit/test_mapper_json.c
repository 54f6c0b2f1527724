/* JSON by tables of fields: what the API and columns with marshal=json share. */
#include "base/buffer.h"
#include "base/json_writer.h"
#include "base/string_map.h"
#include "db/entity.h"
#include "db/json_type.h"
#include "entity/network_load_balancer.mapper.h"
#include "test/lib/cmocka_all.h"
#include "test/unit/parse_json.h"

#include <math.h>
#include <string.h>

enum colour { RED = 1, BLUE = -2 };

/* One field of each kind, and a type within itself. */
struct sample {
    int64_t integer;
    bool flag;
    double real;
    const char *text;
    enum colour colour;
    struct opt_i64 opt_integer;
    struct opt_bool opt_flag;
    struct opt_double opt_real;
    struct opt_str opt_text;
    const char **words;
    size_t n_words;
    struct string_map map;
    struct sample *children;
    size_t n_children;
};

static const int colour_values[] = {RED, BLUE};
static const struct field_enum colour_enum = {
    .name = "colour", .values = colour_values, .n_values = 2};
static const struct json_type sample_json;

#define FIELD(NAME, KIND, ...)                                                                     \
    {                                                                                              \
        .name = #NAME, .kind = KIND, .offset = offsetof(struct sample, NAME), __VA_ARGS__          \
    }

static const struct field sample_fields[] = {
    FIELD(integer, FIELD_INTEGER, ),
    FIELD(flag, FIELD_BOOL, ),
    FIELD(real, FIELD_DOUBLE, ),
    FIELD(text, FIELD_TEXT, ),
    FIELD(colour, FIELD_ENUM, .enumeration = &colour_enum),
    FIELD(opt_integer, FIELD_INTEGER, .optional = true),
    FIELD(opt_flag, FIELD_BOOL, .optional = true),
    FIELD(opt_real, FIELD_DOUBLE, .optional = true),
    FIELD(opt_text, FIELD_TEXT, .optional = true),
    FIELD(words, FIELD_STRINGS, .count_offset = offsetof(struct sample, n_words)),
    FIELD(map, FIELD_MAP, ),
    FIELD(children, FIELD_OBJECTS, .count_offset = offsetof(struct sample, n_children),
          .items = &sample_json),
};

static const struct json_type sample_json = {
    .name = "sample",
    .size = sizeof(struct sample),
    .fields = sample_fields,
    .n_fields = sizeof sample_fields / sizeof *sample_fields,
};

static struct arena arena;
static struct buffer buffer;
static struct error error;

static int clean(void **state)
{
    (void)state;
    arena_close(&arena);
    buffer_close(&buffer);
    error_clear(&error);
    return 0;
}

static const char *written(const struct sample *sample)
{
    struct json_writer w;

    buffer_reset(&buffer);
    json_writer_init(&w, &buffer, false);
    json_type_write(&w, &sample_json, sample);
    return buffer_string(&buffer);
}

static int read_sample(const char *text, struct sample *ret_sample)
{
    struct json_t *json = parse_json(text);
    int rv = json_type_read(&sample_json, json, "", &arena, ret_sample, &error);

    release_json(json);
    return rv;
}

static void all_kinds_go_there_and_back(void **state)
{
    static const char text[] =
        "{\"integer\":-9223372036854775808,\"flag\":true,\"real\":0.5,\"text\":\"a\\\"\\n\","
        "\"colour\":-2,\"opt_integer\":7,\"opt_flag\":false,\"opt_real\":-2,\"opt_text\":\"\","
        "\"words\":[\"x\",\"\"],\"map\":{\"a\":\"1\",\"b\":\"\"},\"children\":["
        "{\"integer\":1,\"flag\":false,\"real\":0,\"text\":\"\",\"colour\":1,\"opt_integer\":null,"
        "\"opt_flag\":null,\"opt_real\":null,\"opt_text\":null,\"words\":[],\"map\":{},"
        "\"children\":[]}]}";
    struct sample sample;

    (void)state;
    assert_int_equal(read_sample(text, &sample), ERROR_NONE);
    assert_true(sample.integer == INT64_MIN);
    assert_true(sample.flag);
    assert_true(fabs(sample.real - 0.5) < 1e-9);
    assert_string_equal(sample.text, "a\"\n");
    assert_int_equal(sample.colour, BLUE);
    assert_true(sample.opt_integer.set && sample.opt_integer.value == 7);
    assert_true(sample.opt_flag.set && !sample.opt_flag.value);
    assert_true(sample.opt_real.set && sample.opt_real.value < -1.5);
    assert_true(sample.opt_text.set);
    assert_int_equal(sample.n_words, 2);
    assert_int_equal(sample.map.n_pairs, 2);
    assert_int_equal(sample.n_children, 1);
    assert_false(sample.children[0].opt_integer.set);
    assert_false(sample.children[0].opt_text.set);
    assert_string_equal(written(&sample), text);
}

static void what_is_missing_is_zero_and_text_is_empty(void **state)
{
    struct sample sample;

    (void)state;
    memset(&sample, 0xff, sizeof sample);
    assert_int_equal(read_sample("{}", &sample), ERROR_NONE);
    assert_string_equal(sample.text, "");
    assert_int_equal(sample.integer, 0);
    assert_false(sample.opt_text.set);
    assert_int_equal(sample.n_children, 0);
    assert_int_equal(sample.map.n_pairs, 0);
}

static void assert_refused(const char *text, const char *message)
{
    struct sample sample = {.integer = 42};

    assert_int_equal(read_sample(text, &sample), ERROR_INVALID);
    assert_string_equal(error.message, message);
    assert_int_equal(sample.integer, 42);
}

static void what_does_not_fit_is_told_with_its_path(void **state)
{
    (void)state;
    assert_refused("[]", "expected an object, found an array");
    assert_refused("{\"integer\":\"1\"}", "integer: expected an integer, found a string");
    assert_refused("{\"integer\":1.5}",
                   "integer: expected an integer, found a number with a fraction");
    assert_refused("{\"integer\":null}", "integer: expected an integer, found null");
    assert_refused("{\"flag\":1}", "flag: expected a boolean, found a number");
    assert_refused("{\"real\":true}", "real: expected a number, found a boolean");
    assert_refused("{\"text\":{}}", "text: expected a string, found an object");
    assert_refused("{\"text\":\"a\\u0000b\"}", "text: a string can't hold the character U+0000");
    assert_refused("{\"colour\":2}", "colour: 2 is not a value of colour");
    assert_refused("{\"colour\":\"red\"}", "colour: expected an integer, found a string");
    assert_refused("{\"opt_integer\":\"\"}", "opt_integer: expected an integer, found a string");
    assert_refused("{\"words\":{}}", "words: expected an array, found an object");
    assert_refused("{\"words\":[\"a\",1]}", "words[1]: expected a string, found a number");
    assert_refused("{\"map\":[]}", "map: expected an object, found an array");
    assert_refused("{\"map\":{\"a.b\":1}}", "map.a.b: expected a string, found a number");
    assert_refused("{\"children\":[{},{\"children\":[{\"integer\":[]}]}]}",
                   "children[1].children[0].integer: expected an integer, found an array");
    assert_refused("{\"children\":[1]}", "children[0]: expected an object, found a number");
    assert_refused("{\"other\":1}", "other: unknown member");
    assert_refused("{\"Text\":\"\"}", "Text: unknown member");
}

/* DEPTH objects within each other. */
static const char *nested(unsigned depth)
{
    buffer_reset(&buffer);
    for (unsigned i = 1; i < depth; i++) {
        buffer_append_string(&buffer, "{\"children\":[");
    }
    buffer_append_string(&buffer, "{}");
    for (unsigned i = 1; i < depth; i++) {
        buffer_append_string(&buffer, "]}");
    }
    return buffer_string(&buffer);
}

static void the_depth_is_limited(void **state)
{
    struct sample sample;
    char message[512] = "";

    (void)state;
    assert_int_equal(read_sample(nested(JSON_TYPE_DEPTH_MAX), &sample), ERROR_NONE);
    for (unsigned i = 0; i < JSON_TYPE_DEPTH_MAX; i++) {
        strcat(message, i == 0 ? "children[0]" : ".children[0]");
    }
    strcat(message, ": nested deeper than 16 objects");
    assert_refused(nested(JSON_TYPE_DEPTH_MAX + 1), message);
}

static void generated_functions_keep_the_directives_order(void **state)
{
    const char *targets[] = {"b"};
    struct network_load_balancer_backend backend = {.name = "b", .target_address = "::1"};
    struct network_load_balancer_port port = {
        .protocol = "tcp", .listen_port = "80", .target_backend = targets, .n_target_backend = 1};
    struct network_load_balancer balancer = {
        .id = 7,
        .listen_address = "203.0.113.7",
        .backends = &backend,
        .n_backends = 1,
        .ports = &port,
        .n_ports = 1,
    };
    static const char expected[] =
        "{\"description\":\"\",\"config\":{\"user.a\":\"<1>\"},\"backends\":[{\"name\":\"b\","
        "\"description\":\"\",\"target_port\":\"\",\"target_address\":\"::1\"}],\"ports\":["
        "{\"description\":\"\",\"protocol\":\"tcp\",\"listen_port\":\"80\",\"target_backend\":"
        "[\"b\"]}],\"listen_address\":\"203.0.113.7\",\"location\":\"\"}";
    struct network_load_balancer got;
    struct json_writer w;
    struct json_t *json;

    (void)state;
    assert_true(string_map_set(&balancer.config, &arena, "user.a", "<1>"));
    json_writer_init(&w, &buffer, false);
    network_load_balancer_to_json(&w, &balancer);
    assert_string_equal(buffer_string(&buffer), expected);

    json = parse_json(expected);
    assert_int_equal(network_load_balancer_from_json(json, "", &arena, &got, &error), ERROR_NONE);
    release_json(json);
    assert_int_equal(got.id, 0);
    assert_string_equal(got.listen_address, "203.0.113.7");
    assert_string_equal(got.location, "");
    assert_string_equal(got.ports[0].target_backend[0], "b");

    json = parse_json("{\"backends\":[{\"target_port\":80}]}");
    assert_int_equal(network_load_balancer_from_json(json, "", &arena, &got, &error),
                     ERROR_INVALID);
    assert_string_equal(error.message,
                        "backends[0].target_port: expected a string, found a number");
    assert_int_equal(network_load_balancer_from_json(json, "metadata", &arena, &got, &error),
                     ERROR_INVALID);
    assert_string_equal(error.message,
                        "metadata.backends[0].target_port: expected a string, found a number");
    release_json(json);
}

int main(void)
{
#define TEST(FUNCTION) cmocka_unit_test_teardown(FUNCTION, clean)
    const struct CMUnitTest tests[] = {
        TEST(all_kinds_go_there_and_back),
        TEST(what_is_missing_is_zero_and_text_is_empty),
        TEST(what_does_not_fit_is_told_with_its_path),
        TEST(the_depth_is_limited),
        TEST(generated_functions_keep_the_directives_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
