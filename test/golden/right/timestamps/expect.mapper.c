/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/timestamps/expect.mapper.h"

static const struct db_stmt stmt_sheet_objects_by_name = {
    .name = "sheet.objects_by_name",
    .sql = "SELECT sheets.id, sheets.name, sheets.created_at, sheets.changed_at "
           "FROM sheets "
           "WHERE sheets.name = ? "
           "ORDER BY sheets.name",
    .n_params = 1,
    .n_columns = 4,
};

static const struct db_stmt stmt_sheet_objects_by_name_any = {
    .name = "sheet.objects_by_name_any",
    .sql = "SELECT sheets.id, sheets.name, sheets.created_at, sheets.changed_at "
           "FROM json_each(?) AS selector "
           "CROSS JOIN sheets "
           "WHERE sheets.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 4,
};

static const struct db_stmt stmt_sheet_create = {
    .name = "sheet.create",
    .sql = "INSERT INTO sheets (name, created_at, changed_at) "
           "VALUES (?, ?, ?)",
    .n_params = 3,
};

static const struct db_stmt stmt_sheet_create_or_replace = {
    .name = "sheet.create_or_replace",
    .sql = "INSERT INTO sheets (name, created_at, changed_at) "
           "VALUES (?, ?, ?) "
           "ON CONFLICT (name) DO UPDATE "
           "SET changed_at = excluded.changed_at",
    .n_params = 3,
};

static const struct db_stmt stmt_sheet_update = {
    .name = "sheet.update",
    .sql = "UPDATE sheets "
           "SET name = ?, changed_at = ? "
           "WHERE sheets.name = ?",
    .n_params = 3,
};

static const struct db_stmt stmt_sheet_rename = {
    .name = "sheet.rename",
    .sql = "UPDATE sheets "
           "SET name = ?, changed_at = ? "
           "WHERE sheets.name = ?",
    .n_params = 3,
};

static const struct field sheet_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct sheet, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct sheet, name),
    },
    {
        .name = "created_at",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct sheet, created_at),
        .omit = FIELD_OMIT_UPDATE,
    },
    {
        .name = "changed_at",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct sheet, changed_at),
    },
};

static const unsigned sheet_keys[] = {1};

static const struct mapper sheet_mapper = {
    .table = "sheets",
    .title = "Sheet",
    .object_size = sizeof(struct sheet),
    .columns = sheet_columns,
    .n_columns = 4,
    .n_stored = 3,
    .keys = sheet_keys,
    .n_keys = 1,
    .create = &stmt_sheet_create,
    .create_or_replace = &stmt_sheet_create_or_replace,
    .update = &stmt_sheet_update,
    .rename = &stmt_sheet_rename,
};

static const struct mapper_selection sheet_selection_by_name = {
    .one = &stmt_sheet_objects_by_name,
    .any = &stmt_sheet_objects_by_name_any,
};

struct sheet_selector sheet_by_name(const char *name)
{
    return (struct sheet_selector){
        .base.selection = &sheet_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int sheet_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct sheet *ret_object,
                  struct error *error)
{
    struct sheet_selector selector = sheet_by_name(name);

    return mapper_get_one(tx, &sheet_mapper, &selector.base, arena, ret_object, error);
}

int sheet_create(struct db_tx *tx, const struct sheet *object, int64_t now, int64_t *ret_id,
                 struct error *error)
{
    struct sheet stamped = *object;

    stamped.created_at = now;
    stamped.changed_at = now;
    return mapper_create(tx, &sheet_mapper, &stamped, ret_id, error);
}

int sheet_create_or_replace(struct db_tx *tx, const struct sheet *object, int64_t now,
                            struct error *error)
{
    struct sheet stamped = *object;

    stamped.created_at = now;
    stamped.changed_at = now;
    return mapper_create_or_replace(tx, &sheet_mapper, &stamped, error);
}

int sheet_update(struct db_tx *tx, const char *name, const struct sheet *object, int64_t now,
                 struct error *error)
{
    struct sheet stamped = *object;
    const struct db_value params[] = {db_text(name)};

    stamped.changed_at = now;
    return mapper_update(tx, &sheet_mapper, params, &stamped, error);
}

int sheet_rename(struct db_tx *tx, const char *name, const char *new_name, int64_t now,
                 struct error *error)
{
    const struct db_value params[] = {db_text(name)};

    return mapper_rename_at(tx, &sheet_mapper, params, new_name, now, error);
}
