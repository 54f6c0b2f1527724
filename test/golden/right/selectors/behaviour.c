#include "test/golden/behaviour.h"
#include "test/golden/right/selectors/expect.mapper.h"

static void create(const char *title, enum task_state state, bool done, struct opt_i64 owner_id)
{
    const struct task task = {.title = title, .state = state, .done = done, .owner_id = owner_id};
    int64_t id;

    golden_succeed(task_create(&golden.tx, &task, &id, &golden.error));
}

/* The first letters of the titles of what is selected, in order. */
static void assert_selected(const struct task_selector *selectors, size_t n_selectors,
                            const char *letters)
{
    struct task_list list;
    char found[16] = "";

    golden_succeed(
        task_get_many(&golden.tx, selectors, n_selectors, &golden.arena, &list, &golden.error));
    assert_true(list.n_objects < sizeof found);
    for (size_t i = 0; i < list.n_objects; i++) {
        found[i] = list.objects[i].title[0];
    }
    assert_string_equal(found, letters);
}

void golden_selectors(void **state)
{
    struct task_selector selectors[5];

    (void)state;
    create("d", TASK_NEW, false, (struct opt_i64){0});
    create("c", TASK_NEW, true, some_i64(7));
    create("b", TASK_RUNNING, true, some_i64(7));
    create("a", TASK_FAILED, true, some_i64(8));
    create("e", TASK_FAILED, false, some_i64(7));
    assert_selected(NULL, 0, "abcde");
    selectors[0] = task_by_state(TASK_NEW);
    selectors[1] = task_by_done_and_owner_id(true, 7);
    selectors[2] = task_by_title("e");
    selectors[3] = task_by_id(4);
    selectors[4] = task_by_state(TASK_FAILED);
    assert_selected(&selectors[0], 1, "cd");
    assert_selected(&selectors[1], 1, "bc");
    assert_selected(&selectors[2], 1, "e");
    assert_selected(&selectors[3], 1, "a");
    assert_selected(&selectors[0], 2, "bcd");
    assert_selected(&selectors[2], 2, "ae");
    assert_selected(&selectors[3], 2, "ae");
    assert_selected(&selectors[0], 5, "abcde");
    selectors[0] = task_by_state(TASK_RUNNING);
    selectors[1] = task_by_state(TASK_NEW);
    assert_selected(&selectors[0], 2, "bcd");
}
