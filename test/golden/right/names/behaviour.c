#include "test/golden/behaviour.h"
#include "test/golden/right/names/expect.mapper.h"

static void create_pet(int64_t owner_id, const char *name)
{
    const struct pet pet = {.owner_id = owner_id, .name = name};
    int64_t id;

    golden_succeed(pet_create(&golden.tx, &pet, &id, &golden.error));
}

void golden_names(void **state)
{
    const struct kind kind = {.latin = "felis catus"};
    const char **names;
    size_t n_names;
    int64_t id;

    (void)state;
    create_pet(1, "tom");
    create_pet(2, "spike");
    create_pet(1, "jerry");
    golden_succeed(
        pet_get_names_by_owner_id(&golden.tx, 1, &golden.arena, &names, &n_names, &golden.error));
    assert_int_equal(n_names, 2);
    assert_string_equal(names[0], "jerry");
    assert_string_equal(names[1], "tom");
    golden_succeed(
        pet_get_names_by_owner_id(&golden.tx, 3, &golden.arena, &names, &n_names, &golden.error));
    assert_int_equal(n_names, 0);

    golden_succeed(kind_create(&golden.tx, &kind, &id, &golden.error));
    golden_succeed(kind_get_names(&golden.tx, &golden.arena, &names, &n_names, &golden.error));
    assert_int_equal(n_names, 1);
    assert_string_equal(names[0], "felis catus");
}
