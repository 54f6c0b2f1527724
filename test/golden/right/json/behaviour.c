#include "test/golden/right/json/expect.mapper.h"
#include "base/buffer.h"
#include "base/json_writer.h"
#include "test/golden/behaviour.h"
#include "test/unit/parse_json.h"

void golden_json(void **state)
{
    static const char text[] = "{\"title\":\"t\",\"points\":[{\"y\":2,\"x\":1},{\"y\":-2,\"x\":0}],"
                               "\"colour\":1,\"tags\":[\"a\"],\"visible\":true,\"scale\":1.5,"
                               "\"attributes\":{\"k\":\"v\"},\"note\":null}";
    struct json_t *json = parse_json(text);
    struct buffer buffer = {0};
    struct json_writer w;
    struct shape shape;

    (void)state;
    golden_succeed(shape_from_json(json, "", &golden.arena, &shape, &golden.error));
    release_json(json);
    assert_int_equal(shape.n_points, 2);
    assert_int_equal(shape.points[1].y, -2);
    assert_int_equal(shape.colour, SHAPE_BLUE);
    assert_false(shape.note.set);
    assert_int_equal(shape.version, 0);
    json_writer_init(&w, &buffer, false);
    shape_to_json(&w, &shape);
    assert_string_equal(buffer_string(&buffer), text);

    json = parse_json("{\"points\":[{\"x\":1},{\"z\":1}]}");
    golden_fails(shape_from_json(json, "shape", &golden.arena, &shape, &golden.error),
                 ERROR_INVALID, "shape.points[1].z: unknown member");
    release_json(json);
    buffer_close(&buffer);
}
