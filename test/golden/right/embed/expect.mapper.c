/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/embed/expect.mapper.h"

static const struct field shelf_members[] = {
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct shelf, common.name),
    },
    {
        .name = "description",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct shelf, common.description),
    },
    {
        .name = "tags",
        .kind = FIELD_STRINGS,
        .offset = offsetof(struct shelf, common.tags),
        .count_offset = offsetof(struct shelf, common.n_tags),
        .max = 3,
    },
    {
        .name = "width",
        .kind = FIELD_INTEGER,
        .optional = true,
        .offset = offsetof(struct shelf, width),
    },
};

static const struct json_type shelf_json = {
    .name = "shelf",
    .size = sizeof(struct shelf),
    .fields = shelf_members,
    .n_fields = 4,
};

static const struct field crate_members[] = {
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct crate, shared.name),
    },
    {
        .name = "tags",
        .kind = FIELD_STRINGS,
        .offset = offsetof(struct crate, shared.tags),
        .count_offset = offsetof(struct crate, shared.n_tags),
        .max = 3,
    },
};

static const struct json_type crate_json = {
    .name = "crate",
    .size = sizeof(struct crate),
    .fields = crate_members,
    .n_fields = 2,
};

static const struct db_stmt stmt_shelf_objects_by_name = {
    .name = "shelf.objects_by_name",
    .sql = "SELECT shelves.id, shelves.width, shelves.name, shelves.description, "
           "shelves.tags, shelves.created_at, shelves.changed_at "
           "FROM shelves "
           "WHERE shelves.name = ? "
           "ORDER BY shelves.name",
    .n_params = 1,
    .n_columns = 7,
};

static const struct db_stmt stmt_shelf_objects_by_name_any = {
    .name = "shelf.objects_by_name_any",
    .sql = "SELECT shelves.id, shelves.width, shelves.name, shelves.description, "
           "shelves.tags, shelves.created_at, shelves.changed_at "
           "FROM json_each(?) AS selector "
           "CROSS JOIN shelves "
           "WHERE shelves.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 7,
};

static const struct db_stmt stmt_shelf_create = {
    .name = "shelf.create",
    .sql = "INSERT INTO shelves (width, name, description, tags, created_at, changed_at) "
           "VALUES (?, ?, ?, ?, ?, ?)",
    .n_params = 6,
};

static const struct db_stmt stmt_shelf_update = {
    .name = "shelf.update",
    .sql = "UPDATE shelves "
           "SET width = ?, name = ?, description = ?, tags = ?, changed_at = ? "
           "WHERE shelves.name = ?",
    .n_params = 6,
};

static const struct field shelf_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct shelf, common.id),
    },
    {
        .name = "width",
        .kind = FIELD_INTEGER,
        .optional = true,
        .offset = offsetof(struct shelf, width),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct shelf, common.name),
    },
    {
        .name = "description",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct shelf, common.description),
    },
    {
        .name = "tags",
        .kind = FIELD_STRINGS,
        .offset = offsetof(struct shelf, common.tags),
        .count_offset = offsetof(struct shelf, common.n_tags),
        .max = 3,
    },
    {
        .name = "created_at",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct shelf, common.times.created_at),
        .omit = FIELD_OMIT_UPDATE,
    },
    {
        .name = "changed_at",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct shelf, common.times.changed_at),
    },
};

static const unsigned shelf_keys[] = {2};

static const struct mapper shelf_mapper = {
    .table = "shelves",
    .title = "Shelf",
    .object_size = sizeof(struct shelf),
    .columns = shelf_columns,
    .n_columns = 7,
    .n_stored = 6,
    .keys = shelf_keys,
    .n_keys = 1,
    .create = &stmt_shelf_create,
    .update = &stmt_shelf_update,
};

static const struct mapper_selection shelf_selection_by_name = {
    .one = &stmt_shelf_objects_by_name,
    .any = &stmt_shelf_objects_by_name_any,
};

struct shelf_selector shelf_by_name(const char *name)
{
    return (struct shelf_selector){
        .base.selection = &shelf_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int shelf_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct shelf *ret_object,
                  struct error *error)
{
    struct shelf_selector selector = shelf_by_name(name);

    return mapper_get_one(tx, &shelf_mapper, &selector.base, arena, ret_object, error);
}

int shelf_create(struct db_tx *tx, const struct shelf *object, int64_t now, int64_t *ret_id,
                 struct error *error)
{
    struct shelf stamped = *object;

    stamped.common.times.created_at = now;
    stamped.common.times.changed_at = now;
    return mapper_create(tx, &shelf_mapper, &stamped, ret_id, error);
}

int shelf_update(struct db_tx *tx, const char *name, const struct shelf *object, int64_t now,
                 struct error *error)
{
    struct shelf stamped = *object;
    const struct db_value params[] = {db_text(name)};

    stamped.common.times.changed_at = now;
    return mapper_update(tx, &shelf_mapper, params, &stamped, error);
}

void shelf_to_json(struct json_writer *w, const struct shelf *object)
{
    json_type_write(w, &shelf_json, object);
}

int shelf_from_json(struct json_t *json, const char *path, struct arena *arena,
                    struct shelf *ret_object, struct error *error)
{
    return json_type_read(&shelf_json, json, path, arena, ret_object, error);
}

static const struct db_stmt stmt_crate_objects_by_name = {
    .name = "crate.objects_by_name",
    .sql = "SELECT crates.id, crates.name, crates.description, crates.tags, "
           "crates.created_at, crates.changed_at, crates.is_open "
           "FROM crates "
           "WHERE crates.name = ? "
           "ORDER BY crates.name",
    .n_params = 1,
    .n_columns = 7,
};

static const struct db_stmt stmt_crate_objects_by_name_any = {
    .name = "crate.objects_by_name_any",
    .sql = "SELECT crates.id, crates.name, crates.description, crates.tags, "
           "crates.created_at, crates.changed_at, crates.is_open "
           "FROM json_each(?) AS selector "
           "CROSS JOIN crates "
           "WHERE crates.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 7,
};

static const struct db_stmt stmt_crate_create = {
    .name = "crate.create",
    .sql = "INSERT INTO crates (name, description, tags, created_at, changed_at, is_open) "
           "VALUES (?, ?, ?, ?, ?, ?)",
    .n_params = 6,
};

static const struct field crate_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct crate, shared.id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct crate, shared.name),
    },
    {
        .name = "description",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct crate, shared.description),
    },
    {
        .name = "tags",
        .kind = FIELD_STRINGS,
        .offset = offsetof(struct crate, shared.tags),
        .count_offset = offsetof(struct crate, shared.n_tags),
        .max = 3,
    },
    {
        .name = "created_at",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct crate, shared.times.created_at),
        .omit = FIELD_OMIT_UPDATE,
    },
    {
        .name = "changed_at",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct crate, shared.times.changed_at),
    },
    {
        .name = "is_open",
        .kind = FIELD_BOOL,
        .offset = offsetof(struct crate, is_open),
    },
};

static const unsigned crate_keys[] = {1};

static const struct mapper crate_mapper = {
    .table = "crates",
    .title = "Crate",
    .object_size = sizeof(struct crate),
    .columns = crate_columns,
    .n_columns = 7,
    .n_stored = 6,
    .keys = crate_keys,
    .n_keys = 1,
    .create = &stmt_crate_create,
};

static const struct mapper_selection crate_selection_by_name = {
    .one = &stmt_crate_objects_by_name,
    .any = &stmt_crate_objects_by_name_any,
};

struct crate_selector crate_by_name(const char *name)
{
    return (struct crate_selector){
        .base.selection = &crate_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int crate_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct crate *ret_object,
                  struct error *error)
{
    struct crate_selector selector = crate_by_name(name);

    return mapper_get_one(tx, &crate_mapper, &selector.base, arena, ret_object, error);
}

int crate_create(struct db_tx *tx, const struct crate *object, int64_t now, int64_t *ret_id,
                 struct error *error)
{
    struct crate stamped = *object;

    stamped.shared.times.created_at = now;
    stamped.shared.times.changed_at = now;
    return mapper_create(tx, &crate_mapper, &stamped, ret_id, error);
}

void crate_to_json(struct json_writer *w, const struct crate *object)
{
    json_type_write(w, &crate_json, object);
}

int crate_from_json(struct json_t *json, const char *path, struct arena *arena,
                    struct crate *ret_object, struct error *error)
{
    return json_type_read(&crate_json, json, path, arena, ret_object, error);
}
