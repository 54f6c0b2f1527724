/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/types/expect.mapper.h"

static const int sample_kind_values[] = {
    SAMPLE_SMALL,
    SAMPLE_LARGE,
    SAMPLE_OTHER,
};
static const struct field_enum sample_kind_enum = {
    .name = "sample_kind",
    .values = sample_kind_values,
    .n_values = 3,
};
_Static_assert(sizeof(enum sample_kind) == sizeof(int), "the runtime reads an int");

static const struct db_stmt stmt_sample_objects = {
    .name = "sample.objects",
    .sql = "SELECT samples.id, samples.name, samples.number, samples.flag, samples.real, "
           "samples.blob, samples.kind, samples.opt_number, samples.opt_flag, "
           "samples.opt_real, samples.opt_text "
           "FROM samples "
           "ORDER BY samples.name",
    .n_columns = 11,
};

static const struct db_stmt stmt_sample_objects_by_name = {
    .name = "sample.objects_by_name",
    .sql = "SELECT samples.id, samples.name, samples.number, samples.flag, samples.real, "
           "samples.blob, samples.kind, samples.opt_number, samples.opt_flag, "
           "samples.opt_real, samples.opt_text "
           "FROM samples "
           "WHERE samples.name = ? "
           "ORDER BY samples.name",
    .n_params = 1,
    .n_columns = 11,
};

static const struct db_stmt stmt_sample_objects_by_name_any = {
    .name = "sample.objects_by_name_any",
    .sql = "SELECT samples.id, samples.name, samples.number, samples.flag, samples.real, "
           "samples.blob, samples.kind, samples.opt_number, samples.opt_flag, "
           "samples.opt_real, samples.opt_text "
           "FROM json_each(?) AS selector "
           "CROSS JOIN samples "
           "WHERE samples.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 11,
};

static const struct db_stmt stmt_sample_create = {
    .name = "sample.create",
    .sql = "INSERT INTO samples (name, number, flag, real, blob, kind, opt_number, opt_flag, "
           "opt_real, opt_text) "
           "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    .n_params = 10,
};

static const struct db_stmt stmt_sample_update = {
    .name = "sample.update",
    .sql = "UPDATE samples "
           "SET name = ?, number = ?, flag = ?, real = ?, blob = ?, kind = ?, "
           "opt_number = ?, opt_flag = ?, opt_real = ?, opt_text = ? "
           "WHERE samples.name = ?",
    .n_params = 11,
};

static const struct field sample_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct sample, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct sample, name),
    },
    {
        .name = "number",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct sample, number),
    },
    {
        .name = "flag",
        .kind = FIELD_BOOL,
        .offset = offsetof(struct sample, flag),
    },
    {
        .name = "real",
        .kind = FIELD_DOUBLE,
        .offset = offsetof(struct sample, real),
    },
    {
        .name = "blob",
        .kind = FIELD_BYTES,
        .offset = offsetof(struct sample, blob),
    },
    {
        .name = "kind",
        .kind = FIELD_ENUM,
        .offset = offsetof(struct sample, kind),
        .enumeration = &sample_kind_enum,
    },
    {
        .name = "opt_number",
        .kind = FIELD_INTEGER,
        .optional = true,
        .offset = offsetof(struct sample, opt_number),
    },
    {
        .name = "opt_flag",
        .kind = FIELD_BOOL,
        .optional = true,
        .offset = offsetof(struct sample, opt_flag),
    },
    {
        .name = "opt_real",
        .kind = FIELD_DOUBLE,
        .optional = true,
        .offset = offsetof(struct sample, opt_real),
    },
    {
        .name = "opt_text",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct sample, opt_text),
    },
};

static const unsigned sample_keys[] = {1};

static const struct mapper sample_mapper = {
    .table = "samples",
    .title = "Sample",
    .object_size = sizeof(struct sample),
    .columns = sample_columns,
    .n_columns = 11,
    .n_stored = 10,
    .keys = sample_keys,
    .n_keys = 1,
    .objects = &stmt_sample_objects,
    .create = &stmt_sample_create,
    .update = &stmt_sample_update,
};

static const struct mapper_selection sample_selection_by_name = {
    .one = &stmt_sample_objects_by_name,
    .any = &stmt_sample_objects_by_name_any,
};

struct sample_selector sample_by_name(const char *name)
{
    return (struct sample_selector){
        .base.selection = &sample_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int sample_get_many(struct db_tx *tx, const struct sample_selector *selectors, size_t n_selectors,
                    struct arena *arena, struct sample_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &sample_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int sample_get_one(struct db_tx *tx, const char *name, struct arena *arena,
                   struct sample *ret_object, struct error *error)
{
    struct sample_selector selector = sample_by_name(name);

    return mapper_get_one(tx, &sample_mapper, &selector.base, arena, ret_object, error);
}

int sample_create(struct db_tx *tx, const struct sample *object, int64_t *ret_id,
                  struct error *error)
{
    return mapper_create(tx, &sample_mapper, object, ret_id, error);
}

int sample_update(struct db_tx *tx, const char *name, const struct sample *object,
                  struct error *error)
{
    const struct db_value params[] = {db_text(name)};

    return mapper_update(tx, &sample_mapper, params, object, error);
}
