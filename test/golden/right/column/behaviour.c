#include "test/golden/behaviour.h"
#include "test/golden/right/column/expect.mapper.h"

void golden_column(void **state)
{
    struct ticket ticket = {.name = "a", .price = 5, .remark = SOME("new")};
    struct ticket got;
    int64_t id;

    (void)state;
    golden_succeed(ticket_create(&golden.tx, &ticket, 1, &id, &golden.error));
    assert_int_equal(golden_integer("SELECT cents FROM tickets WHERE code = 'a'"), 5);
    ticket.price = 6;
    golden_succeed(ticket_update(&golden.tx, "a", &ticket, 2, &golden.error));
    golden_succeed(ticket_rename(&golden.tx, "a", "b", 3, &golden.error));
    golden_succeed(ticket_get_one(&golden.tx, "b", &golden.arena, &got, &golden.error));
    assert_int_equal(got.id, id);
    assert_int_equal(got.price, 6);
    assert_int_equal(got.changed_at, 3);
    assert_string_equal(got.remark.value, "new");
    got.price = 7;
    golden_succeed(ticket_create_or_replace(&golden.tx, &got, 4, &golden.error));
    assert_int_equal(golden_integer("SELECT sum(cents) + sum(changed) FROM tickets"), 7 + 4);
}
