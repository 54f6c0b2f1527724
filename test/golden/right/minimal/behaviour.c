#include "test/golden/behaviour.h"
#include "test/golden/right/minimal/expect.mapper.h"

void golden_minimal(void **state)
{
    const struct colour red = {.name = "red"};
    const struct colour blue = {.id = 99, .name = "blue"};
    struct colour_list list;
    int64_t id = 0;

    (void)state;
    golden_succeed(colour_get_many(&golden.tx, NULL, 0, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 0);
    golden_succeed(colour_create(&golden.tx, &red, &id, &golden.error));
    assert_int_equal(id, 1);
    golden_succeed(colour_create(&golden.tx, &blue, &id, &golden.error));
    assert_int_equal(id, 2);
    golden_fails(colour_create(&golden.tx, &red, &id, &golden.error), ERROR_CONFLICT,
                 "This \"Colour\" entry already exists");
    golden_succeed(colour_get_many(&golden.tx, NULL, 0, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 2);
    assert_string_equal(list.objects[0].name, "blue");
    assert_int_equal(list.objects[0].id, 2);
    assert_string_equal(list.objects[1].name, "red");
}
