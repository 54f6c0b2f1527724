/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/join/expect.mapper.h"

static const struct db_stmt stmt_door_objects = {
    .name = "door.objects",
    .sql = "SELECT doors.id, doors.house_id, doors.number, doors.colour, doors.material_id, "
           "houses.name, houses.street, materials.name "
           "FROM doors "
           "JOIN houses ON houses.id = doors.house_id "
           "JOIN materials ON materials.id = doors.material_id "
           "ORDER BY doors.house_id, doors.number",
    .n_columns = 8,
};

static const struct db_stmt stmt_door_objects_by_house_id_and_number = {
    .name = "door.objects_by_house_id_and_number",
    .sql = "SELECT doors.id, doors.house_id, doors.number, doors.colour, doors.material_id, "
           "houses.name, houses.street, materials.name "
           "FROM doors "
           "JOIN houses ON houses.id = doors.house_id "
           "JOIN materials ON materials.id = doors.material_id "
           "WHERE doors.house_id = ? AND doors.number = ? "
           "ORDER BY doors.house_id, doors.number",
    .n_params = 2,
    .n_columns = 8,
};

static const struct db_stmt stmt_door_objects_by_house_id_and_number_any = {
    .name = "door.objects_by_house_id_and_number_any",
    .sql = "SELECT doors.id, doors.house_id, doors.number, doors.colour, doors.material_id, "
           "houses.name, houses.street, materials.name "
           "FROM json_each(?) AS selector "
           "CROSS JOIN doors "
           "JOIN houses ON houses.id = doors.house_id "
           "JOIN materials ON materials.id = doors.material_id "
           "WHERE doors.house_id = selector.value ->> 0 "
           "AND doors.number = selector.value ->> 1",
    .n_params = 1,
    .n_columns = 8,
};

static const struct db_stmt stmt_door_create = {
    .name = "door.create",
    .sql = "INSERT INTO doors (house_id, number, colour, material_id) "
           "VALUES (?, ?, ?, ?)",
    .n_params = 4,
};

static const struct db_stmt stmt_door_update = {
    .name = "door.update",
    .sql = "UPDATE doors "
           "SET house_id = ?, number = ?, colour = ?, material_id = ? "
           "WHERE doors.house_id = ? AND doors.number = ?",
    .n_params = 6,
};

static const struct field door_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct door, id),
    },
    {
        .name = "house_id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct door, house_id),
    },
    {
        .name = "number",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct door, number),
    },
    {
        .name = "colour",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct door, colour),
    },
    {
        .name = "material_id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct door, material_id),
    },
    {
        .name = "house_name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct door, house_name),
    },
    {
        .name = "house_street",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct door, house_street),
    },
    {
        .name = "material_name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct door, material_name),
    },
};

static const unsigned door_keys[] = {1, 2};

static const struct mapper door_mapper = {
    .table = "doors",
    .title = "Door",
    .object_size = sizeof(struct door),
    .columns = door_columns,
    .n_columns = 8,
    .n_stored = 4,
    .keys = door_keys,
    .n_keys = 2,
    .objects = &stmt_door_objects,
    .create = &stmt_door_create,
    .update = &stmt_door_update,
};

static const struct mapper_selection door_selection_by_house_id_and_number = {
    .one = &stmt_door_objects_by_house_id_and_number,
    .any = &stmt_door_objects_by_house_id_and_number_any,
};

struct door_selector door_by_house_id_and_number(int64_t house_id, int64_t number)
{
    return (struct door_selector){
        .base.selection = &door_selection_by_house_id_and_number,
        .base.values[0] = db_integer(house_id),
        .base.values[1] = db_integer(number),
    };
}

int door_get_many(struct db_tx *tx, const struct door_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct door_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &door_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int door_get_one(struct db_tx *tx, int64_t house_id, int64_t number, struct arena *arena,
                 struct door *ret_object, struct error *error)
{
    struct door_selector selector =
        door_by_house_id_and_number(house_id, number);

    return mapper_get_one(tx, &door_mapper, &selector.base, arena, ret_object, error);
}

int door_create(struct db_tx *tx, const struct door *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &door_mapper, object, ret_id, error);
}

int door_update(struct db_tx *tx, int64_t house_id, int64_t number, const struct door *object,
                struct error *error)
{
    const struct db_value params[] = {db_integer(house_id), db_integer(number)};

    return mapper_update(tx, &door_mapper, params, object, error);
}
