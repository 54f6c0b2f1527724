#include "test/golden/behaviour.h"
#include "test/golden/right/key/expect.mapper.h"

void golden_key(void **state)
{
    struct room room = {.house = "east", .floor = -1, .name = "cellar", .seats = 2};
    struct room_selector selector;
    struct room_list list;
    struct room got;
    bool exists = true;
    int64_t id;
    int64_t same;

    (void)state;
    golden_succeed(room_exists(&golden.tx, "east", -1, "cellar", &exists, &golden.error));
    assert_false(exists);
    golden_succeed(room_create(&golden.tx, &room, &id, &golden.error));
    golden_succeed(room_exists(&golden.tx, "east", -1, "cellar", &exists, &golden.error));
    assert_true(exists);
    golden_succeed(room_id(&golden.tx, "east", -1, "cellar", &same, &golden.error));
    assert_int_equal(same, id);
    golden_fails(room_id(&golden.tx, "east", 1, "cellar", &same, &golden.error), ERROR_NOT_FOUND,
                 "Room not found");

    golden_succeed(room_rename(&golden.tx, "east", -1, "cellar", "vault", &golden.error));
    golden_fails(room_rename(&golden.tx, "east", -1, "cellar", "x", &golden.error), ERROR_NOT_FOUND,
                 "Room not found");
    golden_succeed(room_create(&golden.tx, &room, &same, &golden.error));
    golden_fails(room_rename(&golden.tx, "east", -1, "cellar", "vault", &golden.error),
                 ERROR_CONFLICT, "This \"Room\" entry already exists");
    room.name = "vault";
    golden_fails(room_update(&golden.tx, "east", -1, "cellar", &room, &golden.error),
                 ERROR_CONFLICT, "This \"Room\" entry already exists");
    room.floor = 2;
    room.seats = 9;
    golden_succeed(room_update(&golden.tx, "east", -1, "vault", &room, &golden.error));
    golden_succeed(
        room_get_one(&golden.tx, "east", 2, "vault", &golden.arena, &got, &golden.error));
    assert_int_equal(got.id, id);
    assert_int_equal(got.seats, 9);
    golden_fails(room_get_one(&golden.tx, "east", -1, "vault", &golden.arena, &got, &golden.error),
                 ERROR_NOT_FOUND, "Room not found");
    selector = room_by_house_and_floor_and_name("east", -1, "cellar");
    golden_succeed(room_get_many(&golden.tx, &selector, 1, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 1);
    golden_fails(room_get_many(&golden.tx, NULL, 0, &golden.arena, &list, &golden.error),
                 ERROR_INTERNAL, "rooms: no statement selects all of them");
}
