#include "test/golden/behaviour.h"
#include "test/golden/right/embed/expect.mapper.h"

#include <jansson.h>

void golden_embed(void **state)
{
    const char *tags[] = {"red", "old"};
    struct shelf shelf = {
        .width = SOME(80),
        .common = {.name = "s", .description = "by the wall", .tags = tags, .n_tags = 2},
    };
    const struct crate crate = {.shared = {.name = "c", .description = ""}, .is_open = true};
    struct shelf got;
    struct crate got_crate;
    json_t *json;
    int64_t id;

    (void)state;
    golden_succeed(shelf_create(&golden.tx, &shelf, 100, &id, &golden.error));
    shelf.width.set = false;
    golden_succeed(shelf_update(&golden.tx, "s", &shelf, 200, &golden.error));
    golden_succeed(shelf_get_one(&golden.tx, "s", &golden.arena, &got, &golden.error));
    assert_int_equal(got.common.id, id);
    assert_string_equal(got.common.name, "s");
    assert_string_equal(got.common.description, "by the wall");
    assert_int_equal(got.common.n_tags, 2);
    assert_string_equal(got.common.tags[1], "old");
    assert_int_equal(got.common.times.created_at, 100);
    assert_int_equal(got.common.times.changed_at, 200);
    assert_false(got.width.set);

    golden_succeed(crate_create(&golden.tx, &crate, 300, &id, &golden.error));
    golden_succeed(crate_get_one(&golden.tx, "c", &golden.arena, &got_crate, &golden.error));
    assert_string_equal(got_crate.shared.name, "c");
    assert_int_equal(got_crate.shared.times.changed_at, 300);
    assert_true(got_crate.is_open);

    /* JSON has the members of both in one object, with the limits of each. */
    json = json_pack("{s:s, s:s, s:[s], s:i}", "name", "j", "description", "d", "tags", "t",
                     "width", 7);
    golden_succeed(shelf_from_json(json, "", &golden.arena, &got, &golden.error));
    assert_string_equal(got.common.name, "j");
    assert_int_equal(got.common.n_tags, 1);
    assert_int_equal(got.width.value, 7);
    json_object_set_new(json, "tags", json_pack("[s, s, s, s]", "1", "2", "3", "4"));
    golden_fails(shelf_from_json(json, "", &golden.arena, &got, &golden.error), ERROR_INVALID,
                 "tags: more than 3 items");
    json_decref(json);
}
