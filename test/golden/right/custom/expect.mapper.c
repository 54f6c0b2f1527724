/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/custom/expect.mapper.h"

static int marshal_version(const void *value, struct arena *arena, const char **ret_text,
                           struct error *error)
{
    return version_marshal(value, arena, ret_text, error);
}

static int unmarshal_version(const char *text, struct arena *arena, void *ret_value,
                             struct error *error)
{
    return version_unmarshal(text, arena, ret_value, error);
}

static const struct field_codec version_codec = {
    .marshal = marshal_version,
    .unmarshal = unmarshal_version,
};

static const struct db_stmt stmt_machine_objects_by_name = {
    .name = "machine.objects_by_name",
    .sql = "SELECT machines.id, machines.name, machines.installed, machines.wanted "
           "FROM machines "
           "WHERE machines.name = ? "
           "ORDER BY machines.name",
    .n_params = 1,
    .n_columns = 4,
};

static const struct db_stmt stmt_machine_objects_by_name_any = {
    .name = "machine.objects_by_name_any",
    .sql = "SELECT machines.id, machines.name, machines.installed, machines.wanted "
           "FROM json_each(?) AS selector "
           "CROSS JOIN machines "
           "WHERE machines.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 4,
};

static const struct db_stmt stmt_machine_create = {
    .name = "machine.create",
    .sql = "INSERT INTO machines (name, installed, wanted) "
           "VALUES (?, ?, ?)",
    .n_params = 3,
};

static const struct field machine_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct machine, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct machine, name),
    },
    {
        .name = "installed",
        .kind = FIELD_CUSTOM,
        .offset = offsetof(struct machine, installed),
        .codec = &version_codec,
    },
    {
        .name = "wanted",
        .kind = FIELD_CUSTOM,
        .offset = offsetof(struct machine, wanted),
        .codec = &version_codec,
    },
};

static const unsigned machine_keys[] = {1};

static const struct mapper machine_mapper = {
    .table = "machines",
    .title = "Machine",
    .object_size = sizeof(struct machine),
    .columns = machine_columns,
    .n_columns = 4,
    .n_stored = 3,
    .keys = machine_keys,
    .n_keys = 1,
    .create = &stmt_machine_create,
};

static const struct mapper_selection machine_selection_by_name = {
    .one = &stmt_machine_objects_by_name,
    .any = &stmt_machine_objects_by_name_any,
};

struct machine_selector machine_by_name(const char *name)
{
    return (struct machine_selector){
        .base.selection = &machine_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int machine_get_one(struct db_tx *tx, const char *name, struct arena *arena,
                    struct machine *ret_object, struct error *error)
{
    struct machine_selector selector = machine_by_name(name);

    return mapper_get_one(tx, &machine_mapper, &selector.base, arena, ret_object, error);
}

int machine_create(struct db_tx *tx, const struct machine *object, int64_t *ret_id,
                   struct error *error)
{
    return mapper_create(tx, &machine_mapper, object, ret_id, error);
}
