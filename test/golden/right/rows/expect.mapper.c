/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/rows/expect.mapper.h"

static const struct field wheel_members[] = {
    {
        .name = "position",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct wheel, position),
    },
    {
        .name = "size",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct wheel, size),
    },
    {
        .name = "spare",
        .kind = FIELD_BOOL,
        .offset = offsetof(struct wheel, spare),
    },
    {
        .name = "note",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct wheel, note),
    },
    {
        .name = "pressure",
        .kind = FIELD_DOUBLE,
        .offset = offsetof(struct wheel, pressure),
    },
};

static const struct json_type wheel_json = {
    .name = "wheel",
    .size = sizeof(struct wheel),
    .fields = wheel_members,
    .n_fields = 5,
};

void wheel_to_json(struct json_writer *w, const struct wheel *object)
{
    json_type_write(w, &wheel_json, object);
}

int wheel_from_json(struct json_t *json, const char *path, struct arena *arena,
                    struct wheel *ret_object, struct error *error)
{
    return json_type_read(&wheel_json, json, path, arena, ret_object, error);
}

static const struct db_stmt stmt_cart_objects = {
    .name = "cart.objects",
    .sql = "SELECT carts.id, carts.name "
           "FROM carts "
           "ORDER BY carts.name",
    .n_columns = 2,
};

static const struct db_stmt stmt_cart_objects_by_name = {
    .name = "cart.objects_by_name",
    .sql = "SELECT carts.id, carts.name "
           "FROM carts "
           "WHERE carts.name = ? "
           "ORDER BY carts.name",
    .n_params = 1,
    .n_columns = 2,
};

static const struct db_stmt stmt_cart_objects_by_name_any = {
    .name = "cart.objects_by_name_any",
    .sql = "SELECT carts.id, carts.name "
           "FROM json_each(?) AS selector "
           "CROSS JOIN carts "
           "WHERE carts.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 2,
};

static const struct db_stmt stmt_cart_create = {
    .name = "cart.create",
    .sql = "INSERT INTO carts (name) "
           "VALUES (?)",
    .n_params = 1,
};

static const struct db_stmt stmt_cart_update = {
    .name = "cart.update",
    .sql = "UPDATE carts "
           "SET name = ? "
           "WHERE carts.name = ?",
    .n_params = 2,
};

static const struct db_stmt stmt_cart_delete_by_name = {
    .name = "cart.delete_by_name",
    .sql = "DELETE FROM carts "
           "WHERE carts.name = ?",
    .n_params = 1,
};

static const struct db_stmt stmt_cart_wheels_get = {
    .name = "cart.wheels_get",
    .sql = "SELECT cart_id, position, size, is_spare, note, pressure "
           "FROM carts_wheels "
           "WHERE cart_id IN (SELECT value FROM json_each(?)) "
           "ORDER BY cart_id, position, size",
    .n_params = 1,
    .n_columns = 6,
};

static const struct db_stmt stmt_cart_wheels_insert = {
    .name = "cart.wheels_insert",
    .sql = "INSERT INTO carts_wheels (cart_id, position, size, is_spare, note, pressure) "
           "SELECT ?, value ->> 'position', value ->> 'size', value ->> 'spare', "
           "value ->> 'note', value ->> 'pressure' "
           "FROM json_each(?)",
    .n_params = 2,
};

static const struct db_stmt stmt_cart_wheels_prune = {
    .name = "cart.wheels_prune",
    .sql = "DELETE FROM carts_wheels "
           "WHERE cart_id = (SELECT carts.id "
           "FROM carts "
           "WHERE carts.name = ?) "
           "AND (position, size) NOT IN (SELECT value ->> 'position', "
           "value ->> 'size' FROM json_each(?))",
    .n_params = 2,
};

static const struct db_stmt stmt_cart_wheels_merge = {
    .name = "cart.wheels_merge",
    .sql = "INSERT INTO carts_wheels (cart_id, position, size, is_spare, note, pressure) "
           "SELECT carts.id, pair.value ->> 'position', pair.value ->> 'size', "
           "pair.value ->> 'spare', pair.value ->> 'note', pair.value ->> 'pressure' "
           "FROM carts "
           "CROSS JOIN json_each(?2) AS pair "
           "WHERE carts.name = ?1 "
           "AND NOT EXISTS (SELECT 1 FROM carts_wheels AS old "
           "WHERE old.cart_id = carts.id AND old.position = pair.value ->> 'position' "
           "AND old.size = pair.value ->> 'size' AND old.is_spare IS pair.value ->> 'spare' "
           "AND old.note IS pair.value ->> 'note' "
           "AND old.pressure IS pair.value ->> 'pressure') "
           "ON CONFLICT (cart_id, position, "
           "size) DO UPDATE SET is_spare = excluded.is_spare, note = excluded.note, "
           "pressure = excluded.pressure",
    .n_params = 2,
};

static const struct db_stmt stmt_cart_config_get = {
    .name = "cart.config_get",
    .sql = "SELECT cart_id, key, value "
           "FROM carts_config "
           "WHERE cart_id IN (SELECT value FROM json_each(?)) "
           "ORDER BY cart_id, key",
    .n_params = 1,
    .n_columns = 3,
};

static const struct db_stmt stmt_cart_config_insert = {
    .name = "cart.config_insert",
    .sql = "INSERT INTO carts_config (cart_id, key, value) "
           "SELECT ?, key, value "
           "FROM json_each(?)",
    .n_params = 2,
};

static const struct field cart_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct cart, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct cart, name),
    },
};

static const unsigned cart_keys[] = {1};

static const struct mapper_reference cart_references[] = {
    {
        .table = "carts_wheels",
        .field =
            {
                .name = "wheels",
                .kind = FIELD_OBJECTS,
                .offset = offsetof(struct cart, wheels),
                .count_offset = offsetof(struct cart, n_wheels),
                .items = &wheel_json,
            },
        .get = &stmt_cart_wheels_get,
        .insert = &stmt_cart_wheels_insert,
        .prune = &stmt_cart_wheels_prune,
        .merge = &stmt_cart_wheels_merge,
    },
    {
        .table = "carts_config",
        .field =
            {
                .name = "config",
                .kind = FIELD_MAP,
                .offset = offsetof(struct cart, config),
            },
        .get = &stmt_cart_config_get,
        .insert = &stmt_cart_config_insert,
    },
};

static const struct mapper cart_mapper = {
    .table = "carts",
    .title = "Cart",
    .object_size = sizeof(struct cart),
    .columns = cart_columns,
    .n_columns = 2,
    .n_stored = 1,
    .keys = cart_keys,
    .n_keys = 1,
    .references = cart_references,
    .n_references = 2,
    .objects = &stmt_cart_objects,
    .create = &stmt_cart_create,
    .update = &stmt_cart_update,
};

static const struct mapper_selection cart_selection_by_name = {
    .one = &stmt_cart_objects_by_name,
    .any = &stmt_cart_objects_by_name_any,
};

struct cart_selector cart_by_name(const char *name)
{
    return (struct cart_selector){
        .base.selection = &cart_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int cart_get_many(struct db_tx *tx, const struct cart_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct cart_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &cart_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int cart_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct cart *ret_object,
                 struct error *error)
{
    struct cart_selector selector = cart_by_name(name);

    return mapper_get_one(tx, &cart_mapper, &selector.base, arena, ret_object, error);
}

int cart_create(struct db_tx *tx, const struct cart *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &cart_mapper, object, ret_id, error);
}

int cart_update(struct db_tx *tx, const char *name, const struct cart *object, struct error *error)
{
    const struct db_value params[] = {db_text(name)};

    return mapper_update(tx, &cart_mapper, params, object, error);
}

int cart_delete_by_name(struct db_tx *tx, const char *name, struct error *error)
{
    const struct db_value params[] = {db_text(name)};

    return mapper_delete_one(tx, &cart_mapper, &stmt_cart_delete_by_name, params, error);
}
