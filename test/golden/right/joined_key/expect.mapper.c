/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/joined_key/expect.mapper.h"

static const struct db_stmt stmt_lantern_objects = {
    .name = "lantern.objects",
    .sql = "SELECT lanterns.id, lanterns.name, lanterns.watts, lanterns.changed_at, "
           "houses.name, rooms.name "
           "FROM lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "ORDER BY houses.name, rooms.name, lanterns.name",
    .n_columns = 6,
};

static const struct db_stmt stmt_lantern_objects_by_house = {
    .name = "lantern.objects_by_house",
    .sql = "SELECT lanterns.id, lanterns.name, lanterns.watts, lanterns.changed_at, "
           "houses.name, rooms.name "
           "FROM lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = ? "
           "ORDER BY houses.name, rooms.name, lanterns.name",
    .n_params = 1,
    .n_columns = 6,
};

static const struct db_stmt stmt_lantern_objects_by_house_any = {
    .name = "lantern.objects_by_house_any",
    .sql = "SELECT lanterns.id, lanterns.name, lanterns.watts, lanterns.changed_at, "
           "houses.name, rooms.name "
           "FROM json_each(?) AS selector "
           "CROSS JOIN lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 6,
};

static const struct db_stmt stmt_lantern_objects_by_house_and_room_and_name = {
    .name = "lantern.objects_by_house_and_room_and_name",
    .sql = "SELECT lanterns.id, lanterns.name, lanterns.watts, lanterns.changed_at, "
           "houses.name, rooms.name "
           "FROM lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = ? AND rooms.name = ? AND lanterns.name = ? "
           "ORDER BY houses.name, rooms.name, lanterns.name",
    .n_params = 3,
    .n_columns = 6,
};

static const struct db_stmt stmt_lantern_objects_by_house_and_room_and_name_any = {
    .name = "lantern.objects_by_house_and_room_and_name_any",
    .sql = "SELECT lanterns.id, lanterns.name, lanterns.watts, lanterns.changed_at, "
           "houses.name, rooms.name "
           "FROM json_each(?) AS selector "
           "CROSS JOIN lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = selector.value ->> 0 AND rooms.name = selector.value ->> 1 "
           "AND lanterns.name = selector.value ->> 2",
    .n_params = 1,
    .n_columns = 6,
};

static const struct db_stmt stmt_lantern_names_by_house_and_room = {
    .name = "lantern.names_by_house_and_room",
    .sql = "SELECT lanterns.name "
           "FROM lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = ? AND rooms.name = ? "
           "ORDER BY lanterns.name",
    .n_params = 2,
    .n_columns = 1,
};

static const struct db_stmt stmt_lantern_id = {
    .name = "lantern.id",
    .sql = "SELECT lanterns.id "
           "FROM lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = ? AND rooms.name = ? AND lanterns.name = ?",
    .n_params = 3,
    .n_columns = 1,
};

static const struct db_stmt stmt_lantern_create = {
    .name = "lantern.create",
    .sql = "INSERT INTO lanterns (name, watts, changed_at, room_id) "
           "VALUES (?, ?, ?, (SELECT rooms.id "
           "FROM rooms "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = ?4 AND rooms.name = ?5))",
    .n_params = 5,
};

static const struct db_stmt stmt_lantern_create_or_replace = {
    .name = "lantern.create_or_replace",
    .sql = "INSERT INTO lanterns (name, watts, changed_at, room_id) "
           "VALUES (?, ?, ?, (SELECT rooms.id "
           "FROM rooms "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = ?4 AND rooms.name = ?5)) "
           "ON CONFLICT (room_id, name) DO UPDATE "
           "SET watts = excluded.watts, changed_at = excluded.changed_at",
    .n_params = 5,
};

static const struct db_stmt stmt_lantern_update = {
    .name = "lantern.update",
    .sql = "UPDATE lanterns "
           "SET name = ?, watts = ?, changed_at = ?, room_id = (SELECT rooms.id "
           "FROM rooms "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = ?4 AND rooms.name = ?5) "
           "WHERE lanterns.id IN (SELECT lanterns.id "
           "FROM lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = ? AND rooms.name = ? AND lanterns.name = ?)",
    .n_params = 8,
};

static const struct db_stmt stmt_lantern_rename = {
    .name = "lantern.rename",
    .sql = "UPDATE lanterns "
           "SET name = ?, changed_at = ? "
           "WHERE lanterns.id IN (SELECT lanterns.id "
           "FROM lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = ? AND rooms.name = ? AND lanterns.name = ?)",
    .n_params = 5,
};

static const struct db_stmt stmt_lantern_delete_by_house_and_room_and_name = {
    .name = "lantern.delete_by_house_and_room_and_name",
    .sql = "DELETE FROM lanterns "
           "WHERE lanterns.id IN (SELECT lanterns.id "
           "FROM lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = ? AND rooms.name = ? AND lanterns.name = ?)",
    .n_params = 3,
};

static const struct db_stmt stmt_lantern_delete_by_house = {
    .name = "lantern.delete_by_house",
    .sql = "DELETE FROM lanterns "
           "WHERE lanterns.id IN (SELECT lanterns.id "
           "FROM lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = ?)",
    .n_params = 1,
};

static const struct db_stmt stmt_lantern_config_get = {
    .name = "lantern.config_get",
    .sql = "SELECT lantern_id, key, value "
           "FROM lanterns_config "
           "WHERE lantern_id IN (SELECT value FROM json_each(?)) "
           "ORDER BY lantern_id, key",
    .n_params = 1,
    .n_columns = 3,
};

static const struct db_stmt stmt_lantern_config_insert = {
    .name = "lantern.config_insert",
    .sql = "INSERT INTO lanterns_config (lantern_id, key, value) "
           "SELECT ?, key, value "
           "FROM json_each(?)",
    .n_params = 2,
};

static const struct db_stmt stmt_lantern_config_prune = {
    .name = "lantern.config_prune",
    .sql = "DELETE FROM lanterns_config "
           "WHERE lantern_id = (SELECT lanterns.id "
           "FROM lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "WHERE houses.name = ? AND rooms.name = ? AND lanterns.name = ?) "
           "AND key NOT IN (SELECT key FROM json_each(?))",
    .n_params = 4,
};

static const struct db_stmt stmt_lantern_config_merge = {
    .name = "lantern.config_merge",
    .sql = "INSERT INTO lanterns_config (lantern_id, key, value) "
           "SELECT lanterns.id, pair.key, pair.value "
           "FROM lanterns "
           "JOIN rooms ON rooms.id = lanterns.room_id "
           "JOIN houses ON houses.id = rooms.house_id "
           "CROSS JOIN json_each(?4) AS pair "
           "WHERE houses.name = ?1 AND rooms.name = ?2 AND lanterns.name = ?3 "
           "AND NOT EXISTS (SELECT 1 FROM lanterns_config AS old "
           "WHERE old.lantern_id = lanterns.id AND old.key = pair.key "
           "AND old.value = pair.value) "
           "ON CONFLICT (lantern_id, key) DO UPDATE SET value = excluded.value",
    .n_params = 4,
};

static const struct field lantern_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lantern, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct lantern, name),
    },
    {
        .name = "watts",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lantern, watts),
    },
    {
        .name = "changed_at",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lantern, changed_at),
    },
    {
        .name = "house",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct lantern, house),
    },
    {
        .name = "room",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct lantern, room),
    },
};

static const unsigned lantern_keys[] = {4, 5, 1};

static const unsigned lantern_order[] = {4, 5, 1};

static const struct mapper_reference lantern_references[] = {
    {
        .table = "lanterns_config",
        .field =
            {
                .name = "config",
                .kind = FIELD_MAP,
                .offset = offsetof(struct lantern, config),
            },
        .get = &stmt_lantern_config_get,
        .insert = &stmt_lantern_config_insert,
        .prune = &stmt_lantern_config_prune,
        .merge = &stmt_lantern_config_merge,
    },
};

static const struct mapper lantern_mapper = {
    .table = "lanterns",
    .title = "Lantern",
    .object_size = sizeof(struct lantern),
    .columns = lantern_columns,
    .n_columns = 6,
    .n_stored = 3,
    .keys = lantern_keys,
    .n_keys = 3,
    .order = lantern_order,
    .n_order = 3,
    .references = lantern_references,
    .n_references = 1,
    .objects = &stmt_lantern_objects,
    .id = &stmt_lantern_id,
    .create = &stmt_lantern_create,
    .create_or_replace = &stmt_lantern_create_or_replace,
    .update = &stmt_lantern_update,
    .rename = &stmt_lantern_rename,
};

static const struct mapper_selection lantern_selection_by_house = {
    .one = &stmt_lantern_objects_by_house,
    .any = &stmt_lantern_objects_by_house_any,
};

struct lantern_selector lantern_by_house(const char *house)
{
    return (struct lantern_selector){
        .base.selection = &lantern_selection_by_house,
        .base.values[0] = db_text(house),
    };
}

static const struct mapper_selection lantern_selection_by_house_and_room_and_name = {
    .one = &stmt_lantern_objects_by_house_and_room_and_name,
    .any = &stmt_lantern_objects_by_house_and_room_and_name_any,
};

struct lantern_selector
lantern_by_house_and_room_and_name(const char *house, const char *room, const char *name)
{
    return (struct lantern_selector){
        .base.selection = &lantern_selection_by_house_and_room_and_name,
        .base.values[0] = db_text(house),
        .base.values[1] = db_text(room),
        .base.values[2] = db_text(name),
    };
}

int lantern_get_many(struct db_tx *tx, const struct lantern_selector *selectors, size_t n_selectors,
                     struct arena *arena, struct lantern_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &lantern_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int lantern_get_one(struct db_tx *tx, const char *house, const char *room, const char *name,
                    struct arena *arena, struct lantern *ret_object, struct error *error)
{
    struct lantern_selector selector =
        lantern_by_house_and_room_and_name(house, room, name);

    return mapper_get_one(tx, &lantern_mapper, &selector.base, arena, ret_object, error);
}

int lantern_get_names_by_house_and_room(struct db_tx *tx, const char *house, const char *room,
                                        struct arena *arena, const char ***ret_names,
                                        size_t *ret_n_names, struct error *error)
{
    const struct db_value params[] = {db_text(house), db_text(room)};

    return mapper_get_names(tx, &lantern_mapper, &stmt_lantern_names_by_house_and_room, params,
                            arena, ret_names, ret_n_names, error);
}

int lantern_id(struct db_tx *tx, const char *house, const char *room, const char *name,
               int64_t *ret_id, struct error *error)
{
    const struct db_value params[] = {db_text(house), db_text(room), db_text(name)};

    return mapper_id(tx, &lantern_mapper, params, ret_id, error);
}

int lantern_exists(struct db_tx *tx, const char *house, const char *room, const char *name,
                   bool *ret_exists, struct error *error)
{
    const struct db_value params[] = {db_text(house), db_text(room), db_text(name)};

    return mapper_exists(tx, &lantern_mapper, params, ret_exists, error);
}

int lantern_create(struct db_tx *tx, const struct lantern *object, int64_t now, int64_t *ret_id,
                   struct error *error)
{
    struct lantern stamped = *object;

    stamped.changed_at = now;
    return mapper_create(tx, &lantern_mapper, &stamped, ret_id, error);
}

int lantern_create_or_replace(struct db_tx *tx, const struct lantern *object, int64_t now,
                              struct error *error)
{
    struct lantern stamped = *object;

    stamped.changed_at = now;
    return mapper_create_or_replace(tx, &lantern_mapper, &stamped, error);
}

int lantern_update(struct db_tx *tx, const char *house, const char *room, const char *name,
                   const struct lantern *object, int64_t now, struct error *error)
{
    struct lantern stamped = *object;
    const struct db_value params[] = {db_text(house), db_text(room), db_text(name)};

    stamped.changed_at = now;
    return mapper_update(tx, &lantern_mapper, params, &stamped, error);
}

int lantern_rename(struct db_tx *tx, const char *house, const char *room, const char *name,
                   const char *new_name, int64_t now, struct error *error)
{
    const struct db_value params[] = {db_text(house), db_text(room), db_text(name)};

    return mapper_rename_at(tx, &lantern_mapper, params, new_name, now, error);
}

int lantern_delete_by_house_and_room_and_name(struct db_tx *tx, const char *house, const char *room,
                                              const char *name, struct error *error)
{
    const struct db_value params[] = {db_text(house), db_text(room), db_text(name)};

    return mapper_delete_one(tx, &lantern_mapper, &stmt_lantern_delete_by_house_and_room_and_name,
                             params, error);
}

int lantern_delete_many_by_house(struct db_tx *tx, const char *house, uint64_t *ret_deleted,
                                 struct error *error)
{
    const struct db_value params[] = {db_text(house)};

    return mapper_delete_many(tx, &stmt_lantern_delete_by_house, params, ret_deleted, error);
}
