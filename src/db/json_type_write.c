#include "base/json_writer.h"
#include "base/string_map.h"
#include "db/entity.h"
#include "db/json_type.h"

static void write_field(struct json_writer *w, const struct field *field, const void *object);

static void write_map(struct json_writer *w, const struct string_map *map)
{
    json_write_object_begin(w);
    for (size_t i = 0; i < map->n_pairs; i++) {
        json_write_key(w, map->pairs[i].key);
        json_write_string(w, map->pairs[i].value);
    }
    json_write_object_end(w);
}

static void write_optional(struct json_writer *w, const struct field *field, const void *value)
{
    switch (field->kind) {
    case FIELD_INTEGER: {
        const struct opt_i64 *optional = value;
        optional->set ? json_write_integer(w, optional->value) : json_write_null(w);
        break;
    }
    case FIELD_BOOL: {
        const struct opt_bool *optional = value;
        optional->set ? json_write_bool(w, optional->value) : json_write_null(w);
        break;
    }
    case FIELD_DOUBLE: {
        const struct opt_double *optional = value;
        optional->set ? json_write_double(w, optional->value) : json_write_null(w);
        break;
    }
    default: {
        const struct opt_str *optional = value;
        optional->set ? json_write_string(w, optional->value) : json_write_null(w);
        break;
    }
    }
}

static void write_field(struct json_writer *w, const struct field *field, const void *object)
{
    const void *value = field_of(field, object);

    if (field->optional) {
        write_optional(w, field, value);
        return;
    }
    switch (field->kind) {
    case FIELD_INTEGER:
        json_write_integer(w, *(const int64_t *)value);
        break;
    case FIELD_BOOL:
        json_write_bool(w, *(const bool *)value);
        break;
    case FIELD_DOUBLE:
        json_write_double(w, *(const double *)value);
        break;
    case FIELD_TEXT:
        json_write_string(w, *(const char *const *)value);
        break;
    case FIELD_ENUM:
        json_write_integer(w, *(const int *)value);
        break;
    case FIELD_OBJECTS: {
        const char *items = *(const char *const *)value;

        json_write_array_begin(w);
        for (size_t i = 0; i < field_count(field, object); i++) {
            json_type_write(w, field->items, items + i * field->items->size);
        }
        json_write_array_end(w);
        break;
    }
    case FIELD_STRINGS: {
        const char *const *items = *(const char *const *const *)value;

        json_write_array_begin(w);
        for (size_t i = 0; i < field_count(field, object); i++) {
            json_write_string(w, items[i]);
        }
        json_write_array_end(w);
        break;
    }
    case FIELD_MAP:
        write_map(w, value);
        break;
    case FIELD_BYTES: /* Both are refused by generate-database. */
    case FIELD_CUSTOM:
        json_write_null(w);
        break;
    }
}

void json_type_write(struct json_writer *w, const struct json_type *type, const void *object)
{
    json_write_object_begin(w);
    for (size_t i = 0; i < type->n_fields; i++) {
        json_write_key(w, type->fields[i].name);
        write_field(w, &type->fields[i], object);
    }
    json_write_object_end(w);
}

const char *json_field_print(const struct field *field, const void *object, struct arena *arena)
{
    struct buffer buffer = {0};
    struct json_writer w;
    const char *text = NULL;

    json_writer_init(&w, &buffer, false);
    write_field(&w, field, object);
    if (!buffer_failed(&buffer)) {
        text = arena_memdup(arena, buffer.data, buffer.size);
    }
    buffer_close(&buffer);
    return text;
}
