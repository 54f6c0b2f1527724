#include "test/golden/behaviour.h"
#include "test/golden/right/left_join/expect.mapper.h"

void golden_left_join(void **state)
{
    struct chore_list list;

    (void)state;
    golden_succeed(chore_get_many(&golden.tx, NULL, 0, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 2);
    assert_string_equal(list.objects[0].owner_name.value, "Ada");
    assert_string_equal(list.objects[0].owner_town, "London");
    assert_string_equal(list.objects[0].reviewer_name.value, "Grace");
    assert_string_equal(list.objects[0].label_colour, "red");
    assert_false(list.objects[1].owner_name.set);
    assert_string_equal(list.objects[1].owner_town, "nowhere");
    assert_false(list.objects[1].reviewer_name.set);
    assert_string_equal(list.objects[1].label_colour, "red");
}
