/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/cost/expect.mapper.h"

static const struct db_stmt stmt_entry_objects_by_name = {
    .name = "entry.objects_by_name",
    .sql = "SELECT entries.id, entries.name "
           "FROM entries "
           "WHERE entries.name = ? "
           "ORDER BY entries.name",
    .n_params = 1,
    .n_columns = 2,
};

static const struct db_stmt stmt_entry_objects_by_name_any = {
    .name = "entry.objects_by_name_any",
    .sql = "SELECT entries.id, entries.name "
           "FROM json_each(?) AS selector "
           "CROSS JOIN entries "
           "WHERE entries.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 2,
};

static const struct db_stmt stmt_entry_create = {
    .name = "entry.create",
    .sql = "INSERT INTO entries (name) "
           "VALUES (?)",
    .n_params = 1,
};

static const struct field entry_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct entry, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct entry, name),
    },
};

static const unsigned entry_keys[] = {1};

static const struct mapper entry_mapper = {
    .table = "entries",
    .title = "Entry",
    .object_size = sizeof(struct entry),
    .columns = entry_columns,
    .n_columns = 2,
    .n_stored = 1,
    .keys = entry_keys,
    .n_keys = 1,
    .create = &stmt_entry_create,
};

static const struct mapper_selection entry_selection_by_name = {
    .one = &stmt_entry_objects_by_name,
    .any = &stmt_entry_objects_by_name_any,
};

struct entry_selector entry_by_name(const char *name)
{
    return (struct entry_selector){
        .base.selection = &entry_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int entry_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct entry *ret_object,
                  struct error *error)
{
    struct entry_selector selector = entry_by_name(name);

    return mapper_get_one(tx, &entry_mapper, &selector.base, arena, ret_object, error);
}

int entry_create(struct db_tx *tx, const struct entry *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &entry_mapper, object, ret_id, error);
}
