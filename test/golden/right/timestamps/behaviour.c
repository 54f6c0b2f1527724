#include "test/golden/behaviour.h"
#include "test/golden/right/timestamps/expect.mapper.h"

static void expect(const char *name, int64_t created_at, int64_t changed_at)
{
    struct sheet got;

    golden_succeed(sheet_get_one(&golden.tx, name, &golden.arena, &got, &golden.error));
    assert_int_equal(got.created_at, created_at);
    assert_int_equal(got.changed_at, changed_at);
}

void golden_timestamps(void **state)
{
    const struct sheet sheet = {.name = "p", .created_at = -1, .changed_at = -1};
    int64_t id;

    (void)state;
    golden_succeed(sheet_create(&golden.tx, &sheet, 100, &id, &golden.error));
    expect("p", 100, 100);
    golden_succeed(sheet_update(&golden.tx, "p", &sheet, 200, &golden.error));
    expect("p", 100, 200);
    golden_succeed(sheet_create_or_replace(&golden.tx, &sheet, 300, &golden.error));
    expect("p", 100, 300);
    golden_succeed(sheet_rename(&golden.tx, "p", "q", 400, &golden.error));
    expect("q", 100, 400);
}
