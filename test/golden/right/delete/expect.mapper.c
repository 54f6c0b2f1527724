/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/delete/expect.mapper.h"

static const struct db_stmt stmt_note_objects_by_name = {
    .name = "note.objects_by_name",
    .sql = "SELECT notes.id, notes.name, notes.author "
           "FROM notes "
           "WHERE notes.name = ? "
           "ORDER BY notes.name",
    .n_params = 1,
    .n_columns = 3,
};

static const struct db_stmt stmt_note_objects_by_name_any = {
    .name = "note.objects_by_name_any",
    .sql = "SELECT notes.id, notes.name, notes.author "
           "FROM json_each(?) AS selector "
           "CROSS JOIN notes "
           "WHERE notes.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 3,
};

static const struct db_stmt stmt_note_create = {
    .name = "note.create",
    .sql = "INSERT INTO notes (name, author) "
           "VALUES (?, ?)",
    .n_params = 2,
};

static const struct db_stmt stmt_note_delete_by_id = {
    .name = "note.delete_by_id",
    .sql = "DELETE FROM notes "
           "WHERE notes.id = ?",
    .n_params = 1,
};

static const struct db_stmt stmt_note_delete_by_name = {
    .name = "note.delete_by_name",
    .sql = "DELETE FROM notes "
           "WHERE notes.name = ?",
    .n_params = 1,
};

static const struct db_stmt stmt_note_delete_by_author = {
    .name = "note.delete_by_author",
    .sql = "DELETE FROM notes "
           "WHERE notes.author = ?",
    .n_params = 1,
};

static const struct field note_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct note, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct note, name),
    },
    {
        .name = "author",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct note, author),
    },
};

static const unsigned note_keys[] = {1};

static const struct mapper note_mapper = {
    .table = "notes",
    .title = "Note",
    .object_size = sizeof(struct note),
    .columns = note_columns,
    .n_columns = 3,
    .n_stored = 2,
    .keys = note_keys,
    .n_keys = 1,
    .create = &stmt_note_create,
};

static const struct mapper_selection note_selection_by_name = {
    .one = &stmt_note_objects_by_name,
    .any = &stmt_note_objects_by_name_any,
};

struct note_selector note_by_name(const char *name)
{
    return (struct note_selector){
        .base.selection = &note_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int note_get_many(struct db_tx *tx, const struct note_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct note_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &note_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int note_create(struct db_tx *tx, const struct note *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &note_mapper, object, ret_id, error);
}

int note_delete_by_id(struct db_tx *tx, int64_t id, struct error *error)
{
    const struct db_value params[] = {db_integer(id)};

    return mapper_delete_one(tx, &note_mapper, &stmt_note_delete_by_id, params, error);
}

int note_delete_by_name(struct db_tx *tx, const char *name, struct error *error)
{
    const struct db_value params[] = {db_text(name)};

    return mapper_delete_one(tx, &note_mapper, &stmt_note_delete_by_name, params, error);
}

int note_delete_many_by_author(struct db_tx *tx, const char *author, uint64_t *ret_deleted,
                               struct error *error)
{
    const struct db_value params[] = {db_text(author)};

    return mapper_delete_many(tx, &stmt_note_delete_by_author, params, ret_deleted, error);
}
