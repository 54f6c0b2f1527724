#include "test/golden/behaviour.h"
#include "test/golden/right/omit/expect.mapper.h"

void golden_omit(void **state)
{
    struct user user = {
        .secret = "s", .name = "ada", .origin = "web", .logins = 99, .town = "London"};
    struct user got;
    int64_t id;

    (void)state;
    golden_succeed(user_create(&golden.tx, &user, &id, &golden.error));
    golden_succeed(user_get_one(&golden.tx, "ada", &golden.arena, &got, &golden.error));
    assert_null(got.secret);
    assert_string_equal(got.origin, "web");
    assert_int_equal(got.logins, 5);
    assert_string_equal(got.town, "London");
    assert_int_equal(golden_integer("SELECT secret = 's' FROM users"), 1);

    user = (struct user){.secret = "t", .name = "ada", .origin = "cli", .town = "Paris"};
    golden_succeed(user_update(&golden.tx, "ada", &user, &golden.error));
    golden_succeed(user_get_one(&golden.tx, "ada", &golden.arena, &got, &golden.error));
    assert_string_equal(got.origin, "web");
    assert_int_equal(got.logins, 5);
    assert_string_equal(got.town, "Paris");
    assert_int_equal(golden_integer("SELECT secret = 't' FROM users"), 1);
}
