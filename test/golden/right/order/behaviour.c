#include "test/golden/behaviour.h"
#include "test/golden/right/order/expect.mapper.h"

static void create(const char *plan, const char *name, int64_t rank)
{
    const struct step step = {.plan = plan, .name = name, .rank = rank};
    int64_t id;

    golden_succeed(step_create(&golden.tx, &step, &id, &golden.error));
}

/* The names of the rows in their order, one letter each. */
static void expect(const struct step_selector *selectors, size_t n_selectors, const char *names)
{
    struct step_list list;

    golden_succeed(
        step_get_many(&golden.tx, selectors, n_selectors, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, strlen(names));
    for (size_t i = 0; i < list.n_objects; i++) {
        assert_int_equal(list.objects[i].name[0], names[i]);
    }
}

void golden_order(void **state)
{
    struct step_selector selectors[3];

    (void)state;
    create("p", "a", 3);
    create("p", "c", 1);
    create("p", "b", 1);
    create("q", "d", 2);
    expect(NULL, 0, "bcda");
    selectors[0] = step_by_plan("p");
    expect(selectors, 1, "bca");
    selectors[1] = step_by_plan_and_name("q", "d");
    selectors[2] = step_by_plan_and_name("p", "c");
    expect(selectors, 3, "bcda");
}
