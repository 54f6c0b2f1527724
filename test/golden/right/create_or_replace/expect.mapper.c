/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/create_or_replace/expect.mapper.h"

static const struct db_stmt stmt_box_objects_by_name = {
    .name = "box.objects_by_name",
    .sql = "SELECT boxes.id, boxes.name, boxes.size, boxes.serial "
           "FROM boxes "
           "WHERE boxes.name = ? "
           "ORDER BY boxes.name",
    .n_params = 1,
    .n_columns = 4,
};

static const struct db_stmt stmt_box_objects_by_name_any = {
    .name = "box.objects_by_name_any",
    .sql = "SELECT boxes.id, boxes.name, boxes.size, boxes.serial "
           "FROM json_each(?) AS selector "
           "CROSS JOIN boxes "
           "WHERE boxes.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 4,
};

static const struct db_stmt stmt_box_create_or_replace = {
    .name = "box.create_or_replace",
    .sql = "INSERT INTO boxes (name, size, serial) "
           "VALUES (?, ?, ?) "
           "ON CONFLICT (name) DO UPDATE "
           "SET size = excluded.size, serial = excluded.serial",
    .n_params = 3,
};

static const struct field box_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct box, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct box, name),
    },
    {
        .name = "size",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct box, size),
    },
    {
        .name = "serial",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct box, serial),
    },
};

static const unsigned box_keys[] = {1};

static const struct mapper box_mapper = {
    .table = "boxes",
    .title = "Box",
    .object_size = sizeof(struct box),
    .columns = box_columns,
    .n_columns = 4,
    .n_stored = 3,
    .keys = box_keys,
    .n_keys = 1,
    .create_or_replace = &stmt_box_create_or_replace,
};

static const struct mapper_selection box_selection_by_name = {
    .one = &stmt_box_objects_by_name,
    .any = &stmt_box_objects_by_name_any,
};

struct box_selector box_by_name(const char *name)
{
    return (struct box_selector){
        .base.selection = &box_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int box_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct box *ret_object,
                struct error *error)
{
    struct box_selector selector = box_by_name(name);

    return mapper_get_one(tx, &box_mapper, &selector.base, arena, ret_object, error);
}

int box_create_or_replace(struct db_tx *tx, const struct box *object, struct error *error)
{
    return mapper_create_or_replace(tx, &box_mapper, object, error);
}

static const struct db_stmt stmt_mark_create_or_replace = {
    .name = "mark.create_or_replace",
    .sql = "INSERT INTO marks (box_id) "
           "VALUES (?) "
           "ON CONFLICT (box_id) DO NOTHING",
    .n_params = 1,
};

static const struct db_stmt stmt_mark_id = {
    .name = "mark.id",
    .sql = "SELECT marks.id "
           "FROM marks "
           "WHERE marks.box_id = ?",
    .n_params = 1,
    .n_columns = 1,
};

static const struct field mark_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct mark, id),
    },
    {
        .name = "box_id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct mark, box_id),
    },
};

static const unsigned mark_keys[] = {1};

static const struct mapper mark_mapper = {
    .table = "marks",
    .title = "Mark",
    .object_size = sizeof(struct mark),
    .columns = mark_columns,
    .n_columns = 2,
    .n_stored = 1,
    .keys = mark_keys,
    .n_keys = 1,
    .id = &stmt_mark_id,
    .create_or_replace = &stmt_mark_create_or_replace,
};

int mark_create_or_replace(struct db_tx *tx, const struct mark *object, struct error *error)
{
    return mapper_create_or_replace(tx, &mark_mapper, object, error);
}

int mark_exists(struct db_tx *tx, int64_t box_id, bool *ret_exists, struct error *error)
{
    const struct db_value params[] = {db_integer(box_id)};

    return mapper_exists(tx, &mark_mapper, params, ret_exists, error);
}
