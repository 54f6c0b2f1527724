#include "test/golden/behaviour.h"
#include "test/golden/right/cost/expect.mapper.h"

void golden_cost(void **state)
{
    const struct entry entry = {.name = "e"};
    struct entry got;
    int64_t id;

    (void)state;
    golden_succeed(entry_create(&golden.tx, &entry, &id, &golden.error));
    golden_succeed(entry_get_one(&golden.tx, "e", &golden.arena, &got, &golden.error));
    assert_int_equal(got.id, id);
    assert_int_equal(golden_integer("SELECT n FROM entries_count"), 1);
}
