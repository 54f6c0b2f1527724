#include "test/golden/behaviour.h"
#include "test/golden/right/joined_key/expect.mapper.h"

#include <stdio.h>

static int create(const char *house, const char *room, const char *name, int64_t *ret_id)
{
    struct lantern lantern = {.house = house, .room = room, .name = name, .watts = 40};

    if (!string_map_set(&lantern.config, &golden.arena, "colour", house)) {
        return ERROR_NO_MEMORY;
    }
    return lantern_create(&golden.tx, &lantern, 5, ret_id, &golden.error);
}

static struct lantern get(const char *house, const char *room, const char *name)
{
    struct lantern lantern;

    golden_succeed(
        lantern_get_one(&golden.tx, house, room, name, &golden.arena, &lantern, &golden.error));
    assert_string_equal(lantern.house, house);
    assert_string_equal(lantern.room, room);
    assert_string_equal(lantern.name, name);
    return lantern;
}

/* The lanterns in the order in which they come, as "house/room/name ...". */
static void expect(const struct lantern_selector *selectors, size_t n_selectors, const char *words)
{
    struct lantern_list list;
    char got[256] = "";
    size_t size = 0;

    golden_succeed(
        lantern_get_many(&golden.tx, selectors, n_selectors, &golden.arena, &list, &golden.error));
    for (size_t i = 0; i < list.n_objects; i++) {
        const struct lantern *lantern = &list.objects[i];

        size += (size_t)snprintf(got + size, sizeof got - size, "%s%s/%s/%s", i == 0 ? "" : " ",
                                 lantern->house, lantern->room, lantern->name);
        assert_true(size < sizeof got);
    }
    assert_string_equal(got, words);
}

static void check_reads(void)
{
    struct lantern_selector selectors[2];
    const char **names;
    size_t n_names;

    expect(NULL, 0, "inn/hall/a mill/attic/a mill/hall/a mill/hall/b");
    selectors[0] = lantern_by_house("mill");
    expect(selectors, 1, "mill/attic/a mill/hall/a mill/hall/b");
    selectors[0] = lantern_by_house_and_room_and_name("mill", "hall", "b");
    selectors[1] = lantern_by_house_and_room_and_name("inn", "hall", "a");
    expect(selectors, 2, "inn/hall/a mill/hall/b");
    selectors[1] = lantern_by_house("mill");
    expect(selectors, 2, "mill/attic/a mill/hall/a mill/hall/b");
    golden_succeed(lantern_get_names_by_house_and_room(&golden.tx, "mill", "hall", &golden.arena,
                                                       &names, &n_names, &golden.error));
    assert_int_equal(n_names, 2);
    assert_string_equal(names[0], "a");
    assert_string_equal(names[1], "b");
}

static void check_changes(int64_t mill_hall_a)
{
    struct lantern lantern = get("mill", "hall", "a");
    int64_t id;

    assert_int_equal(lantern.id, mill_hall_a);
    assert_string_equal(string_map_get(&lantern.config, "colour"), "mill");

    /* To another room of another house; its maps go with it. */
    lantern.house = "inn";
    lantern.name = "moved";
    lantern.watts = 60;
    assert_true(string_map_set(&lantern.config, &golden.arena, "colour", "blue"));
    assert_true(string_map_set(&lantern.config, &golden.arena, "shade", "yes"));
    golden_succeed(lantern_update(&golden.tx, "mill", "hall", "a", &lantern, 6, &golden.error));
    lantern = get("inn", "hall", "moved");
    assert_int_equal(lantern.id, mill_hall_a);
    assert_int_equal(lantern.watts, 60);
    assert_int_equal(lantern.changed_at, 6);
    assert_int_equal(lantern.config.n_pairs, 2);
    assert_string_equal(string_map_get(&lantern.config, "colour"), "blue");
    lantern = get("inn", "hall", "a");
    assert_string_equal(string_map_get(&lantern.config, "colour"), "inn");
    lantern = get("inn", "hall", "moved");
    lantern.room = "cellar";
    assert_int_equal(lantern_update(&golden.tx, "inn", "hall", "moved", &lantern, 7, &golden.error),
                     ERROR_INVALID);
    lantern = get("inn", "hall", "moved");
    lantern.name = "a";
    golden_fails(lantern_update(&golden.tx, "inn", "hall", "moved", &lantern, 7, &golden.error),
                 ERROR_CONFLICT, "This \"Lantern\" entry already exists");
    golden_fails(lantern_update(&golden.tx, "mill", "hall", "moved", &lantern, 7, &golden.error),
                 ERROR_NOT_FOUND, "Lantern not found");

    golden_succeed(lantern_rename(&golden.tx, "inn", "hall", "moved", "c", 8, &golden.error));
    assert_int_equal(get("inn", "hall", "c").changed_at, 8);
    golden_fails(lantern_rename(&golden.tx, "inn", "hall", "moved", "d", 8, &golden.error),
                 ERROR_NOT_FOUND, "Lantern not found");

    /* The row of the same key in the same room, and in no other. */
    lantern = (struct lantern){.house = "inn", .room = "hall", .name = "c", .watts = 75};
    golden_succeed(lantern_create_or_replace(&golden.tx, &lantern, 9, &golden.error));
    assert_int_equal(get("inn", "hall", "c").id, mill_hall_a);
    assert_int_equal(get("inn", "hall", "c").watts, 75);
    lantern.house = "mill";
    golden_succeed(lantern_create_or_replace(&golden.tx, &lantern, 9, &golden.error));
    golden_succeed(lantern_id(&golden.tx, "mill", "hall", "c", &id, &golden.error));
    assert_int_not_equal(id, mill_hall_a);
    expect(NULL, 0, "inn/hall/a inn/hall/c mill/attic/a mill/hall/b mill/hall/c");
}

static void check_deletes(void)
{
    uint64_t n_deleted;
    bool exists;

    golden_succeed(
        lantern_delete_by_house_and_room_and_name(&golden.tx, "mill", "hall", "b", &golden.error));
    golden_fails(
        lantern_delete_by_house_and_room_and_name(&golden.tx, "mill", "hall", "b", &golden.error),
        ERROR_NOT_FOUND, "Lantern not found");
    golden_succeed(lantern_exists(&golden.tx, "mill", "hall", "b", &exists, &golden.error));
    assert_false(exists);
    golden_succeed(lantern_exists(&golden.tx, "mill", "hall", "c", &exists, &golden.error));
    assert_true(exists);
    golden_succeed(lantern_delete_many_by_house(&golden.tx, "mill", &n_deleted, &golden.error));
    assert_int_equal(n_deleted, 2);
    expect(NULL, 0, "inn/hall/a inn/hall/c");
    assert_int_equal(golden_integer("SELECT count(*) FROM rooms"), 3);
}

void golden_joined_key(void **state)
{
    int64_t mill_hall_a;
    int64_t id;

    (void)state;
    golden_succeed(create("mill", "hall", "b", &id));
    golden_succeed(create("mill", "hall", "a", &mill_hall_a));
    golden_succeed(create("mill", "attic", "a", &id));
    golden_succeed(create("inn", "hall", "a", &id));
    golden_fails(create("mill", "hall", "a", &id), ERROR_CONFLICT,
                 "This \"Lantern\" entry already exists");
    assert_int_equal(create("inn", "attic", "a", &id), ERROR_INVALID);
    assert_int_equal(create("barn", "hall", "a", &id), ERROR_INVALID);
    golden_succeed(lantern_id(&golden.tx, "mill", "hall", "a", &id, &golden.error));
    assert_int_equal(id, mill_hall_a);
    golden_fails(lantern_id(&golden.tx, "inn", "attic", "a", &id, &golden.error), ERROR_NOT_FOUND,
                 "Lantern not found");
    assert_int_equal(golden_integer("SELECT count(*) FROM lanterns WHERE room_id = 11"), 2);
    check_reads();
    check_changes(mill_hall_a);
    check_deletes();
}
