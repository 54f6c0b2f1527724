#include "db/mapper.h"

#include "base/string_map.h"
#include "db/mapper_select.h"
#include "db/mapper_write.h"

#include <string.h>

static int not_found(const struct mapper *mapper, struct error *error)
{
    return error_set(error, ERROR_NOT_FOUND, "%s not found", mapper->title);
}

int mapper_get_many(struct db_tx *tx, const struct mapper *mapper,
                    const struct mapper_selector *selectors, size_t n_selectors,
                    struct arena *arena, void **ret_objects, size_t *ret_n_objects,
                    struct error *error)
{
    struct mapper_row_set rows;
    char *objects;
    int rv;

    rv = mapper_select(tx, mapper, selectors, n_selectors, arena, &rows, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    objects = arena_calloc(arena, rows.n_rows, mapper->object_size);
    if (objects == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < rows.n_rows; i++) {
        rv = mapper_decode(mapper, rows.rows[i], arena, objects + i * mapper->object_size, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    rv = mapper_fill_references(tx, mapper, objects, rows.n_rows, arena, error);
    if (rv == ERROR_NONE) {
        *ret_objects = objects;
        *ret_n_objects = rows.n_rows;
    }
    return rv;
}

int mapper_get_one(struct db_tx *tx, const struct mapper *mapper,
                   const struct mapper_selector *selector, struct arena *arena, void *ret_object,
                   struct error *error)
{
    void *objects;
    size_t n_objects;
    int rv = mapper_get_many(tx, mapper, selector, 1, arena, &objects, &n_objects, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (n_objects == 0) {
        return not_found(mapper, error);
    }
    if (n_objects > 1) {
        /* An index forbids it; generate-database made sure of that. */
        return error_set(error, ERROR_CORRUPT, "%s: more than one row has the same natural key",
                         mapper->table);
    }
    memcpy(ret_object, objects, mapper->object_size);
    return ERROR_NONE;
}

int mapper_get_names(struct db_tx *tx, const struct mapper *mapper, const struct db_stmt *stmt,
                     const struct db_value *values, struct arena *arena, const char ***ret_names,
                     size_t *ret_n_names, struct error *error)
{
    static const struct field name = {.name = "name", .kind = FIELD_TEXT};
    const char **names;
    struct db_rows rows;
    int rv;

    rv = db_query(tx, stmt, values, arena, &rows, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    names = arena_calloc(arena, rows.n_rows, sizeof *names);
    if (names == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < rows.n_rows; i++) {
        rv = row_decode_field(&name, &rows.values[i], arena, &names[i], error);
        if (rv == ERROR_CORRUPT) {
            return error_prefix(error, "%s: ", mapper->table);
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    *ret_names = names;
    *ret_n_names = rows.n_rows;
    return ERROR_NONE;
}

/* Outputs false if there is no such row. */
static int look_up(struct db_tx *tx, const struct mapper *mapper, const struct db_value *key,
                   bool *ret_exists, int64_t *ret_id, struct error *error)
{
    struct arena arena = {0};
    struct db_rows rows;
    int rv = db_query(tx, mapper->id, key, &arena, &rows, error);

    if (rv == ERROR_NONE && rows.n_rows > 0 && rows.values[0].type != DB_INTEGER) {
        rv = error_set(error, ERROR_CORRUPT, "%s: an id is not an integer", mapper->table);
    }
    if (rv == ERROR_NONE) {
        *ret_exists = rows.n_rows > 0;
        *ret_id = rows.n_rows > 0 ? rows.values[0].integer : 0;
    }
    arena_close(&arena);
    return rv;
}

int mapper_id(struct db_tx *tx, const struct mapper *mapper, const struct db_value *key,
              int64_t *ret_id, struct error *error)
{
    bool exists;
    int64_t id;
    int rv = look_up(tx, mapper, key, &exists, &id, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!exists) {
        return not_found(mapper, error);
    }
    *ret_id = id;
    return ERROR_NONE;
}

int mapper_exists(struct db_tx *tx, const struct mapper *mapper, const struct db_value *key,
                  bool *ret_exists, struct error *error)
{
    int64_t id;

    return look_up(tx, mapper, key, ret_exists, &id, error);
}

static bool is_empty(const struct field *field, const void *object)
{
    const struct string_map *map = field_of(field, object);

    return field->kind == FIELD_MAP ? map->n_pairs == 0 : field_count(field, object) == 0;
}

static int insert_references(struct db_tx *tx, const struct mapper *mapper, const void *object,
                             int64_t id, struct arena *arena, struct error *error)
{
    for (size_t i = 0; i < mapper->n_references; i++) {
        const struct mapper_reference *reference = &mapper->references[i];
        struct db_value params[2] = {db_integer(id)};
        int rv;

        if (reference->insert == NULL || is_empty(&reference->field, object)) {
            continue;
        }
        rv = row_encode_field(&reference->field, object, arena, &params[1], error);
        if (rv == ERROR_NONE) {
            rv = db_exec_deferred(tx, reference->insert, params, error);
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return ERROR_NONE;
}

int mapper_create(struct db_tx *tx, const struct mapper *mapper, const void *object,
                  int64_t *ret_id, struct error *error)
{
    struct arena arena = {0};
    struct db_exec_result result;
    struct db_value *values;
    size_t n_values;
    int rv;

    rv = mapper_encode(mapper, object, FIELD_OMIT_CREATE, &arena, &values, &n_values, error);
    if (rv != ERROR_NONE) {
        goto err_after_arena;
    }
    rv = mapper_map_conflict(mapper, db_exec(tx, mapper->create, values, &result, error), error);
    if (rv != ERROR_NONE) {
        goto err_after_arena;
    }
    rv = insert_references(tx, mapper, object, result.last_insert_id, &arena, error);
    if (rv == ERROR_NONE) {
        *ret_id = result.last_insert_id;
    }

err_after_arena:
    arena_close(&arena);
    return rv;
}

int mapper_create_or_replace(struct db_tx *tx, const struct mapper *mapper, const void *object,
                             struct error *error)
{
    struct arena arena = {0};
    struct db_value *values;
    size_t n_values;
    int rv;

    rv = mapper_encode(mapper, object, FIELD_OMIT_CREATE, &arena, &values, &n_values, error);
    if (rv == ERROR_NONE) {
        rv = db_exec(tx, mapper->create_or_replace, values, NULL, error);
        rv = mapper_map_conflict(mapper, rv, error);
    }
    arena_close(&arena);
    return rv;
}

static int update_references(struct db_tx *tx, const struct mapper *mapper, const void *object,
                             struct db_value *key, struct arena *arena, struct error *error)
{
    for (size_t i = 0; i < mapper->n_references; i++) {
        const struct mapper_reference *reference = &mapper->references[i];
        struct db_value params[MAPPER_KEY_MAX + 1];
        int rv;

        if (reference->merge == NULL) {
            continue;
        }
        memcpy(params, key, mapper->n_keys * sizeof *key);
        rv = row_encode_field(&reference->field, object, arena, &params[mapper->n_keys], error);
        if (rv == ERROR_NONE) {
            rv = db_exec_deferred(tx, reference->prune, params, error);
        }
        if (rv == ERROR_NONE) {
            rv = db_exec_deferred(tx, reference->merge, params, error);
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return ERROR_NONE;
}

/* Runs a statement that changes one row or none. */
static int exec_one(struct db_tx *tx, const struct mapper *mapper, const struct db_stmt *stmt,
                    const struct db_value *values, struct error *error)
{
    struct db_exec_result result;
    int rv = mapper_map_conflict(mapper, db_exec(tx, stmt, values, &result, error), error);

    if (rv == ERROR_NONE && result.rows_affected == 0) {
        rv = not_found(mapper, error);
    }
    return rv;
}

int mapper_update(struct db_tx *tx, const struct mapper *mapper, const struct db_value *key,
                  const void *object, struct error *error)
{
    struct arena arena = {0};
    struct db_value new_key[MAPPER_KEY_MAX];
    struct db_value *values;
    size_t n_values;
    int rv;

    rv = mapper_encode(mapper, object, FIELD_OMIT_UPDATE, &arena, &values, &n_values, error);
    if (rv != ERROR_NONE) {
        goto err_after_arena;
    }
    memcpy(values + n_values, key, mapper->n_keys * sizeof *key);
    rv = exec_one(tx, mapper, mapper->update, values, error);
    if (rv != ERROR_NONE) {
        goto err_after_arena;
    }
    /* From here on the row is found by the key that it got just now. */
    for (unsigned i = 0; i < mapper->n_keys && rv == ERROR_NONE; i++) {
        rv =
            row_encode_field(&mapper->columns[mapper->keys[i]], object, &arena, &new_key[i], error);
    }
    if (rv != ERROR_NONE) {
        goto err_after_arena;
    }
    rv = update_references(tx, mapper, object, new_key, &arena, error);

err_after_arena:
    arena_close(&arena);
    return rv;
}

int mapper_rename(struct db_tx *tx, const struct mapper *mapper, const struct db_value *key,
                  const char *new_name, struct error *error)
{
    struct db_value params[1 + MAPPER_KEY_MAX] = {db_text(new_name)};

    memcpy(params + 1, key, mapper->n_keys * sizeof *key);
    return exec_one(tx, mapper, mapper->rename, params, error);
}

int mapper_rename_at(struct db_tx *tx, const struct mapper *mapper, const struct db_value *key,
                     const char *new_name, int64_t now, struct error *error)
{
    struct db_value params[2 + MAPPER_KEY_MAX] = {db_text(new_name), db_integer(now)};

    memcpy(params + 2, key, mapper->n_keys * sizeof *key);
    return exec_one(tx, mapper, mapper->rename, params, error);
}

int mapper_delete_one(struct db_tx *tx, const struct mapper *mapper, const struct db_stmt *stmt,
                      const struct db_value *values, struct error *error)
{
    return exec_one(tx, mapper, stmt, values, error);
}

int mapper_delete_many(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *values,
                       uint64_t *ret_deleted, struct error *error)
{
    struct db_exec_result result;
    int rv;

    if (ret_deleted == NULL) {
        return db_exec_deferred(tx, stmt, values, error);
    }
    rv = db_exec(tx, stmt, values, &result, error);
    if (rv == ERROR_NONE) {
        *ret_deleted = result.rows_affected;
    }
    return rv;
}
