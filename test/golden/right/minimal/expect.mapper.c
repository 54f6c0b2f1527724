/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/minimal/expect.mapper.h"

static const struct db_stmt stmt_colour_objects = {
    .name = "colour.objects",
    .sql = "SELECT colours.id, colours.name "
           "FROM colours "
           "ORDER BY colours.name",
    .n_columns = 2,
};

static const struct db_stmt stmt_colour_create = {
    .name = "colour.create",
    .sql = "INSERT INTO colours (name) "
           "VALUES (?)",
    .n_params = 1,
};

static const struct field colour_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct colour, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct colour, name),
    },
};

static const unsigned colour_keys[] = {1};

static const struct mapper colour_mapper = {
    .table = "colours",
    .title = "Colour",
    .object_size = sizeof(struct colour),
    .columns = colour_columns,
    .n_columns = 2,
    .n_stored = 1,
    .keys = colour_keys,
    .n_keys = 1,
    .objects = &stmt_colour_objects,
    .create = &stmt_colour_create,
};

int colour_get_many(struct db_tx *tx, const struct colour_selector *selectors, size_t n_selectors,
                    struct arena *arena, struct colour_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &colour_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int colour_create(struct db_tx *tx, const struct colour *object, int64_t *ret_id,
                  struct error *error)
{
    return mapper_create(tx, &colour_mapper, object, ret_id, error);
}
