/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/key/expect.mapper.h"

static const struct db_stmt stmt_room_objects_by_house_and_floor_and_name = {
    .name = "room.objects_by_house_and_floor_and_name",
    .sql = "SELECT rooms.id, rooms.house, rooms.floor, rooms.name, rooms.seats "
           "FROM rooms "
           "WHERE rooms.house = ? AND rooms.floor = ? AND rooms.name = ? "
           "ORDER BY rooms.house, rooms.floor, rooms.name",
    .n_params = 3,
    .n_columns = 5,
};

static const struct db_stmt stmt_room_objects_by_house_and_floor_and_name_any = {
    .name = "room.objects_by_house_and_floor_and_name_any",
    .sql = "SELECT rooms.id, rooms.house, rooms.floor, rooms.name, rooms.seats "
           "FROM json_each(?) AS selector "
           "CROSS JOIN rooms "
           "WHERE rooms.house = selector.value ->> 0 AND rooms.floor = selector.value ->> 1 "
           "AND rooms.name = selector.value ->> 2",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_room_id = {
    .name = "room.id",
    .sql = "SELECT rooms.id "
           "FROM rooms "
           "WHERE rooms.house = ? AND rooms.floor = ? AND rooms.name = ?",
    .n_params = 3,
    .n_columns = 1,
};

static const struct db_stmt stmt_room_create = {
    .name = "room.create",
    .sql = "INSERT INTO rooms (house, floor, name, seats) "
           "VALUES (?, ?, ?, ?)",
    .n_params = 4,
};

static const struct db_stmt stmt_room_update = {
    .name = "room.update",
    .sql = "UPDATE rooms "
           "SET house = ?, floor = ?, name = ?, seats = ? "
           "WHERE rooms.house = ? AND rooms.floor = ? AND rooms.name = ?",
    .n_params = 7,
};

static const struct db_stmt stmt_room_rename = {
    .name = "room.rename",
    .sql = "UPDATE rooms "
           "SET name = ? "
           "WHERE rooms.house = ? AND rooms.floor = ? AND rooms.name = ?",
    .n_params = 4,
};

static const struct field room_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct room, id),
    },
    {
        .name = "house",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct room, house),
    },
    {
        .name = "floor",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct room, floor),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct room, name),
    },
    {
        .name = "seats",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct room, seats),
    },
};

static const unsigned room_keys[] = {1, 2, 3};

static const struct mapper room_mapper = {
    .table = "rooms",
    .title = "Room",
    .object_size = sizeof(struct room),
    .columns = room_columns,
    .n_columns = 5,
    .n_stored = 4,
    .keys = room_keys,
    .n_keys = 3,
    .id = &stmt_room_id,
    .create = &stmt_room_create,
    .update = &stmt_room_update,
    .rename = &stmt_room_rename,
};

static const struct mapper_selection room_selection_by_house_and_floor_and_name = {
    .one = &stmt_room_objects_by_house_and_floor_and_name,
    .any = &stmt_room_objects_by_house_and_floor_and_name_any,
};

struct room_selector
room_by_house_and_floor_and_name(const char *house, int64_t floor, const char *name)
{
    return (struct room_selector){
        .base.selection = &room_selection_by_house_and_floor_and_name,
        .base.values[0] = db_text(house),
        .base.values[1] = db_integer(floor),
        .base.values[2] = db_text(name),
    };
}

int room_get_one(struct db_tx *tx, const char *house, int64_t floor, const char *name,
                 struct arena *arena, struct room *ret_object, struct error *error)
{
    struct room_selector selector =
        room_by_house_and_floor_and_name(house, floor, name);

    return mapper_get_one(tx, &room_mapper, &selector.base, arena, ret_object, error);
}

int room_id(struct db_tx *tx, const char *house, int64_t floor, const char *name, int64_t *ret_id,
            struct error *error)
{
    const struct db_value params[] = {db_text(house), db_integer(floor), db_text(name)};

    return mapper_id(tx, &room_mapper, params, ret_id, error);
}

int room_exists(struct db_tx *tx, const char *house, int64_t floor, const char *name,
                bool *ret_exists, struct error *error)
{
    const struct db_value params[] = {db_text(house), db_integer(floor), db_text(name)};

    return mapper_exists(tx, &room_mapper, params, ret_exists, error);
}

int room_create(struct db_tx *tx, const struct room *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &room_mapper, object, ret_id, error);
}

int room_update(struct db_tx *tx, const char *house, int64_t floor, const char *name,
                const struct room *object, struct error *error)
{
    const struct db_value params[] = {db_text(house), db_integer(floor), db_text(name)};

    return mapper_update(tx, &room_mapper, params, object, error);
}

int room_rename(struct db_tx *tx, const char *house, int64_t floor, const char *name,
                const char *new_name, struct error *error)
{
    const struct db_value params[] = {db_text(house), db_integer(floor), db_text(name)};

    return mapper_rename(tx, &room_mapper, params, new_name, error);
}

int room_get_many(struct db_tx *tx, const struct room_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct room_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &room_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}
