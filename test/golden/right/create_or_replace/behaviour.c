#include "test/golden/behaviour.h"
#include "test/golden/right/create_or_replace/expect.mapper.h"

void golden_create_or_replace(void **state)
{
    struct box box = {.name = "b", .size = 1, .serial = 70};
    struct mark mark;
    struct box got;
    int64_t id;
    bool exists;

    (void)state;
    golden_succeed(box_create_or_replace(&golden.tx, &box, &golden.error));
    golden_succeed(box_get_one(&golden.tx, "b", &golden.arena, &got, &golden.error));
    assert_int_equal(got.size, 1);
    id = got.id;
    mark = (struct mark){.box_id = id};
    golden_succeed(mark_create_or_replace(&golden.tx, &mark, &golden.error));
    golden_succeed(mark_create_or_replace(&golden.tx, &mark, &golden.error));

    box.size = 2;
    golden_succeed(box_create_or_replace(&golden.tx, &box, &golden.error));
    golden_succeed(box_get_one(&golden.tx, "b", &golden.arena, &got, &golden.error));
    assert_int_equal(got.size, 2);
    assert_int_equal(got.id, id);
    golden_succeed(mark_exists(&golden.tx, id, &exists, &golden.error));
    assert_true(exists);

    /* Another row that is in the way is not replaced. */
    box.name = "other";
    golden_fails(box_create_or_replace(&golden.tx, &box, &golden.error), ERROR_CONFLICT,
                 "This \"Box\" entry already exists");
    assert_int_equal(golden_integer("SELECT count(*) FROM boxes"), 1);
}
