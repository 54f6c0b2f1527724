#include "test/golden/behaviour.h"
#include "test/golden/right/delete/expect.mapper.h"

static int64_t create(const char *name, const char *author)
{
    const struct note note = {.name = name, .author = author};
    int64_t id = 0;

    golden_succeed(note_create(&golden.tx, &note, &id, &golden.error));
    return id;
}

void golden_delete(void **state)
{
    struct note_selector selector = note_by_name("c");
    struct note_list list;
    uint64_t n_deleted = 0;
    int64_t id;

    (void)state;
    id = create("a", "x");
    create("b", "x");
    create("c", "y");
    create("d", "x");
    golden_succeed(note_delete_by_id(&golden.tx, id, &golden.error));
    golden_fails(note_delete_by_id(&golden.tx, id, &golden.error), ERROR_NOT_FOUND,
                 "Note not found");
    golden_succeed(note_delete_many_by_author(&golden.tx, "x", &n_deleted, &golden.error));
    assert_int_equal(n_deleted, 2);
    golden_succeed(note_get_many(&golden.tx, &selector, 1, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 1);
    golden_succeed(note_delete_by_name(&golden.tx, "c", &golden.error));
    golden_succeed(note_delete_many_by_author(&golden.tx, "y", NULL, &golden.error));
    assert_int_equal(golden_integer("SELECT count(*) FROM notes"), 0);
}
