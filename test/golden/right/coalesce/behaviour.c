#include "test/golden/behaviour.h"
#include "test/golden/right/coalesce/expect.mapper.h"

void golden_coalesce(void **state)
{
    const struct memo full = {.name = "full", .text = "t", .size = 7, .weight = 0.5};
    struct memo_selector selectors[2];
    struct memo_list list;
    struct memo got;
    int64_t id;

    (void)state;
    golden_succeed(memo_get_one(&golden.tx, "empty", &golden.arena, &got, &golden.error));
    assert_string_equal(got.text, "none");
    assert_int_equal(got.size, -1);
    assert_true(got.flag);
    assert_true(got.weight == 2.5);
    assert_int_equal(got.kind, MEMO_LOUD);

    golden_succeed(memo_create(&golden.tx, &full, &id, &golden.error));
    selectors[0] = memo_by_name("full");
    selectors[1] = memo_by_name("empty");
    golden_succeed(memo_get_many(&golden.tx, selectors, 2, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 2);
    assert_string_equal(list.objects[0].text, "none");
    assert_string_equal(list.objects[1].text, "t");
    assert_int_equal(list.objects[1].size, 7);
    assert_false(list.objects[1].flag);
}
