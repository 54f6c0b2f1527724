#include "db/mapper_write.h"

#include "base/buffer.h"
#include "base/json_writer.h"
#include "base/utf8.h"

#include <math.h>

/* How much JSON goes with one statement; far less than a message may have. */
#define BATCH_SIZE (1024 * 1024)

int mapper_map_conflict(const struct mapper *mapper, int rv, struct error *error)
{
    if (rv == ERROR_CONFLICT) {
        return error_set(error, ERROR_CONFLICT, "This \"%s\" entry already exists", mapper->title);
    }
    return rv;
}

int mapper_encode(const struct mapper *mapper, const void *object, enum field_omission omit,
                  struct arena *arena, struct db_value **ret_values, size_t *ret_n_values,
                  struct error *error)
{
    unsigned first_stored = mapper->has_no_id ? 0 : 1;
    size_t n = 0;
    struct db_value *values =
        arena_calloc(arena, mapper->n_stored + 2 * MAPPER_KEY_MAX, sizeof *values);

    if (values == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < mapper->n_stored; i++) {
        const struct field *column = &mapper->columns[first_stored + i];
        int rv;

        if ((column->omit & omit) != 0) {
            continue;
        }
        rv = row_encode_field(column, object, arena, &values[n++], error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    /* Fields of the key behind the stored columns are those of other tables. */
    for (unsigned i = 0; i < mapper->n_keys; i++) {
        int rv;

        if (mapper->keys[i] < first_stored + mapper->n_stored) {
            continue;
        }
        rv =
            row_encode_field(&mapper->columns[mapper->keys[i]], object, arena, &values[n++], error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    *ret_values = values;
    *ret_n_values = n;
    return ERROR_NONE;
}

const char *mapper_write_value(struct json_writer *w, const struct db_value *value)
{
    switch (value->type) {
    case DB_INTEGER:
        json_write_integer(w, value->integer);
        return NULL;
    case DB_FLOAT:
        json_write_double(w, value->real);
        return isfinite(value->real) ? NULL : "not a finite number";
    case DB_TEXT:
        json_write_string_n(w, value->bytes.data, value->bytes.size);
        return utf8_valid(value->bytes.data, value->bytes.size) ? NULL : "not UTF-8";
    case DB_NULL:
        break;
    case DB_BLOB:
        json_write_null(w);
        return "not text";
    }
    json_write_null(w);
    return NULL;
}

/* `[value, ...]`: what create writes of OBJECT. */
static int write_row(const struct mapper *mapper, const void *object, struct json_writer *w,
                     struct error *error)
{
    struct arena arena = {0};
    struct db_value *values;
    size_t n_values;
    int rv;

    rv = mapper_encode(mapper, object, FIELD_OMIT_CREATE, &arena, &values, &n_values, error);
    if (rv != ERROR_NONE) {
        goto err_after_arena;
    }
    json_write_array_begin(w);
    for (size_t i = 0; i < n_values && rv == ERROR_NONE; i++) {
        const char *problem = mapper_write_value(w, &values[i]);

        if (problem != NULL) {
            rv = error_set(error, ERROR_INVALID, "%s can't be written: %s", mapper->title, problem);
        }
    }
    json_write_array_end(w);

err_after_arena:
    arena_close(&arena);
    return rv;
}

/* As many of the objects as go with one statement, but one at least. */
static int create_batch(struct db_tx *tx, const struct mapper *mapper, const char *objects,
                        size_t n_objects, struct buffer *buffer, size_t *ret_n_created,
                        struct error *error)
{
    struct json_writer w;
    struct db_value param;
    size_t n = 0;
    int rv = ERROR_NONE;

    buffer_reset(buffer);
    json_writer_init(&w, buffer, false);
    json_write_array_begin(&w);
    while (n < n_objects && buffer->size < BATCH_SIZE && rv == ERROR_NONE) {
        rv = write_row(mapper, objects + n * mapper->object_size, &w, error);
        n++;
    }
    json_write_array_end(&w);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (buffer_string(buffer) == NULL) {
        return error_no_memory(error);
    }
    param = db_text(buffer_string(buffer));
    *ret_n_created = n;
    return mapper_map_conflict(mapper, db_exec(tx, mapper->create, &param, NULL, error), error);
}

int mapper_create_many(struct db_tx *tx, const struct mapper *mapper, const void *objects,
                       size_t n_objects, struct error *error)
{
    struct buffer buffer = {0};
    size_t n_done = 0;
    int rv = ERROR_NONE;

    while (n_done < n_objects && rv == ERROR_NONE) {
        size_t n_created = 0;

        rv = create_batch(tx, mapper, (const char *)objects + n_done * mapper->object_size,
                          n_objects - n_done, &buffer, &n_created, error);
        n_done += n_created;
    }
    buffer_close(&buffer);
    return rv;
}

int mapper_update_many(struct db_tx *tx, const struct mapper *mapper, const struct db_stmt *remove,
                       const struct field *parent, const struct db_value *value,
                       const void *objects, size_t n_objects, struct error *error)
{
    int rv;

    for (size_t i = 0; i < n_objects; i++) {
        const char *object = (const char *)objects + i * mapper->object_size;

        if (*(const int64_t *)field_of(parent, object) != value->integer) {
            return error_set(error, ERROR_INTERNAL, "%s: object %zu has another %s", mapper->table,
                             i, parent->name);
        }
    }
    rv = db_exec_deferred(tx, remove, value, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return mapper_create_many(tx, mapper, objects, n_objects, error);
}
