#include "test/golden/behaviour.h"
#include "test/golden/right/ignore/expect.mapper.h"

void golden_ignore(void **state)
{
    const struct page page = {.name = "index", .rendered = "<p>", .lines = 3};
    struct page got;
    int64_t id;

    (void)state;
    golden_succeed(page_create(&golden.tx, &page, &id, &golden.error));
    golden_succeed(page_get_one(&golden.tx, "index", &golden.arena, &got, &golden.error));
    assert_int_equal(got.lines, 3);
    assert_null(got.rendered);
    assert_null(got.others);
    assert_string_equal(page_brace(), "struct page {");
}
