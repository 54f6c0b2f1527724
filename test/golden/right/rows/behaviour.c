#include "test/golden/behaviour.h"
#include "test/golden/right/rows/expect.mapper.h"

void golden_rows(void **state)
{
    struct wheel wheels[] = {
        {.position = "left", .size = 20, .pressure = 2},
        {.position = "back", .size = 20, .spare = true, .note = SOME("worn"), .pressure = 1.5},
    };
    struct wheel others[] = {
        {.position = "left", .size = 20, .pressure = 2.5},
        {.position = "back", .size = 20, .spare = true, .note = SOME("worn"), .pressure = 1.5},
        {.position = "back", .size = 18, .pressure = 3},
    };
    struct cart cart = {.name = "c", .wheels = wheels, .n_wheels = 2};
    const struct cart bare = {.name = "bare"};
    struct cart_list list;
    struct cart got;
    int64_t id;

    (void)state;
    assert_true(string_map_set(&cart.config, &golden.arena, "colour", "red"));
    golden_succeed(cart_create(&golden.tx, &cart, &id, &golden.error));
    golden_succeed(cart_create(&golden.tx, &bare, &id, &golden.error));
    cart.name = "d";
    golden_succeed(cart_create(&golden.tx, &cart, &id, &golden.error));
    golden_succeed(cart_get_many(&golden.tx, NULL, 0, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 3);
    assert_int_equal(list.objects[0].n_wheels, 0);
    assert_int_equal(list.objects[2].n_wheels, 2);
    got = list.objects[1];
    assert_int_equal(got.n_wheels, 2);
    assert_string_equal(string_map_get(&got.config, "colour"), "red");
    assert_string_equal(got.wheels[0].position, "back");
    assert_true(got.wheels[0].spare);
    assert_string_equal(got.wheels[0].note.value, "worn");
    assert_true(got.wheels[0].pressure == 1.5);
    assert_string_equal(got.wheels[1].position, "left");
    assert_int_equal(got.wheels[1].size, 20);
    assert_false(got.wheels[1].spare);
    assert_false(got.wheels[1].note.set);
    assert_true(got.wheels[1].pressure == 2);

    /* One row changes, one comes, one is left as it is. */
    cart = (struct cart){.name = "c", .wheels = others, .n_wheels = 3};
    golden_succeed(cart_update(&golden.tx, "c", &cart, &golden.error));
    golden_succeed(cart_get_one(&golden.tx, "c", &golden.arena, &got, &golden.error));
    assert_int_equal(got.n_wheels, 3);
    assert_int_equal(got.wheels[0].size, 18);
    assert_true(got.wheels[2].pressure == 2.5);
    assert_int_equal(golden_integer("SELECT count(*) FROM changes WHERE position = 'left'"), 1);
    assert_int_equal(golden_integer("SELECT count(*) FROM changes"), 1);

    cart.n_wheels = 1;
    golden_succeed(cart_update(&golden.tx, "c", &cart, &golden.error));
    golden_succeed(cart_get_one(&golden.tx, "c", &golden.arena, &got, &golden.error));
    assert_int_equal(got.n_wheels, 1);
    assert_string_equal(got.wheels[0].position, "left");
    assert_int_equal(golden_integer("SELECT count(*) FROM carts_wheels"), 3);
    golden_succeed(cart_delete_by_name(&golden.tx, "c", &golden.error));
    assert_int_equal(golden_integer("SELECT count(*) FROM carts_wheels"), 2);
}
