#include "test/golden/behaviour.h"
#include "test/golden/right/versions/expect.mapper.h"

#include "base/buffer.h"
#include "base/json_writer.h"
#include "test/unit/parse_json.h"

typedef int (*read_fn)(struct json_t *json, const char *path, struct arena *arena,
                       struct lamp *ret_object, struct error *error);
typedef void (*write_fn)(struct json_writer *w, const struct lamp *object);

static struct lamp read_lamp(read_fn read, const char *text)
{
    struct json_t *json = parse_json(text);
    struct lamp lamp;

    golden_succeed(read(json, "", &golden.arena, &lamp, &golden.error));
    release_json(json);
    return lamp;
}

static void refuse(read_fn read, const char *text, const char *message)
{
    struct json_t *json = parse_json(text);
    struct lamp lamp;

    golden_fails(read(json, "", &golden.arena, &lamp, &golden.error), ERROR_INVALID, message);
    release_json(json);
}

static void expect(write_fn write, const struct lamp *lamp, const char *text)
{
    struct buffer buffer = {0};
    struct json_writer w;

    json_writer_init(&w, &buffer, false);
    write(&w, lamp);
    assert_string_equal(buffer_string(&buffer), text);
    buffer_close(&buffer);
}

void golden_versions(void **state)
{
    struct lamp_part parts[] = {{"a", 1}, {"b", 2}, {"c", 3}};
    struct lamp lamp = {.name = "far too long a name", .watts = 7, .lumens = 90, .parts = parts};
    struct lamp got;
    int64_t id;

    (void)state;
    /* What only 2.0 has is in 2.0 only, also in the structs of an array. */
    got = read_lamp(lamp_v1_0_from_json,
                    "{\"name\":\"l\",\"watts\":60,\"parts\":[{\"name\":\"p\"}]}");
    assert_int_equal(got.watts, 60);
    assert_int_equal(got.lumens, 0);
    got.lumens = 800;
    got.parts[0].weight = 5;
    expect(lamp_v1_0_to_json, &got,
           "{\"name\":\"l\",\"watts\":60,\"parts\":[{\"name\":\"p\"}],\"labels\":{},\"tags\":[]}");
    expect(lamp_v2_0_to_json, &got,
           "{\"name\":\"l\",\"lumens\":800,\"parts\":[{\"name\":\"p\",\"weight\":5}],\"labels\":{},"
           "\"tags\":[],\"mood\":null}");
    got = read_lamp(lamp_v2_0_from_json,
                    "{\"lumens\":1,\"parts\":[{\"weight\":9}],\"mood\":\"calm\"}");
    assert_int_equal(got.lumens, 1);
    assert_int_equal(got.parts[0].weight, 9);
    assert_string_equal(got.mood.value, "calm");
    refuse(lamp_v1_0_from_json, "{\"lumens\":1}", "lumens: unknown member");
    refuse(lamp_v1_0_from_json, "{\"parts\":[{},{\"weight\":1}]}",
           "parts[1].weight: unknown member");
    refuse(lamp_v2_0_from_json, "{\"watts\":1}", "watts: unknown member");
    refuse(lamp_v2_0_from_json, "{\"parts\":[{\"weight\":\"1\"}]}",
           "parts[0].weight: expected an integer, found a string");
    got = read_lamp(lamp_from_json, "{\"watts\":1,\"lumens\":2}");
    assert_int_equal(got.watts + got.lumens, 3);

    /* What only the version between has. */
    got = read_lamp(lamp_v1_1_from_json, "{\"hue\":true,\"watts\":3,\"parts\":[{}]}");
    assert_true(got.hue);
    assert_int_equal(got.watts, 3);
    got.lumens = 4;
    expect(lamp_v1_1_to_json, &got,
           "{\"name\":\"\",\"watts\":3,\"hue\":true,\"parts\":[{\"name\":\"\"}],\"labels\":{},"
           "\"tags\":[]}");
    refuse(lamp_v1_0_from_json, "{\"hue\":true}", "hue: unknown member");
    refuse(lamp_v2_0_from_json, "{\"hue\":true}", "hue: unknown member");
    refuse(lamp_v1_1_from_json, "{\"lumens\":1}", "lumens: unknown member");
    refuse(lamp_v1_1_from_json, "{\"parts\":[{\"weight\":1}]}", "parts[0].weight: unknown member");
    refuse(lamp_v1_1_from_json, "{\"hue\":1}", "hue: expected a boolean, found a number");
    refuse(lamp_v2_0_from_json, "{\"lumens\":1.5}",
           "lumens: expected an integer, found a number with a fraction");
    refuse(lamp_v1_1_from_json, "{\"labels\":{\"a\":null}}",
           "labels.a: expected a string, found null");
    refuse(lamp_v2_0_from_json, "{\"tags\":[\"a\",{}]}",
           "tags[1]: expected a string, found an object");

    /* At each limit, and one more. */
    got = read_lamp(lamp_v2_0_from_json, "{\"name\":\"12345678\",\"parts\":[{},{}],"
                                         "\"labels\":{\"a\":\"\"},\"tags\":[\"a\",\"b\"]}");
    assert_int_equal(got.n_parts + got.labels.n_pairs + got.n_tags, 5);
    refuse(lamp_v2_0_from_json, "{\"name\":\"123456789\"}", "name: more than 8 bytes");
    refuse(lamp_v2_0_from_json, "{\"mood\":\"weird\"}", "mood: more than 4 bytes");
    refuse(lamp_v2_0_from_json, "{\"parts\":[{},{},{}]}", "parts: more than 2 items");
    refuse(lamp_v1_0_from_json, "{\"parts\":[{\"name\":\"123\"},{\"name\":\"1234\"}]}",
           "parts[1].name: more than 3 bytes");
    refuse(lamp_v2_0_from_json, "{\"labels\":{\"a\":\"\",\"b\":\"\"}}",
           "labels: more than 1 pairs");
    refuse(lamp_v1_0_from_json, "{\"tags\":[\"a\",\"b\",\"c\"]}", "tags: more than 2 items");

    /* A column holds the members of all versions, and what was let in before. */
    lamp.n_parts = 3;
    golden_succeed(lamp_create(&golden.tx, &lamp, &id, &golden.error));
    golden_succeed(lamp_get_one(&golden.tx, lamp.name, &golden.arena, &got, &golden.error));
    assert_int_equal(got.n_parts, 3);
    assert_int_equal(got.parts[2].weight, 3);
    assert_int_equal(got.watts, 7);
    assert_int_equal(got.lumens, 90);
}
