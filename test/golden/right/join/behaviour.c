#include "test/golden/behaviour.h"
#include "test/golden/right/join/expect.mapper.h"

void golden_join(void **state)
{
    struct door door = {.house_id = 1, .number = 3, .colour = "red", .material_id = 7};
    struct door_list list;
    struct door got;
    int64_t id;

    (void)state;
    golden_succeed(door_create(&golden.tx, &door, &id, &golden.error));
    door.house_id = 2;
    door.house_name = "is not written";
    golden_succeed(door_create(&golden.tx, &door, &id, &golden.error));
    golden_succeed(door_get_one(&golden.tx, 1, 3, &golden.arena, &got, &golden.error));
    assert_string_equal(got.house_name, "Old Mill");
    assert_false(got.house_street.set);
    assert_string_equal(got.material_name, "oak");
    assert_int_equal(got.material_id, 7);
    golden_succeed(door_get_many(&golden.tx, NULL, 0, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 2);
    assert_string_equal(list.objects[1].house_name, "New Mill");
    assert_true(list.objects[1].house_street.set);
    assert_string_equal(list.objects[1].house_street.value, "Mill Road");

    /* To another house: the joined columns follow. */
    door.house_id = 2;
    door.number = 4;
    golden_succeed(door_update(&golden.tx, 1, 3, &door, &golden.error));
    golden_succeed(door_get_one(&golden.tx, 2, 4, &golden.arena, &got, &golden.error));
    assert_string_equal(got.house_name, "New Mill");
    door.house_id = 99;
    assert_int_equal(door_create(&golden.tx, &door, &id, &golden.error), ERROR_INVALID);
}
