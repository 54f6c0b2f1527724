#include "base/buffer.h"
#include "base/string_map.h"
#include "db/entity.h"
#include "db/json_type.h"

#include <jansson.h>
#include <string.h>

/* Where in a document the reader is; a list on the stack, innermost first, that
 * becomes text only when there is something to complain about. */
struct path {
    const struct path *parent;
    const char *name; /* A member, or NULL for an item of an array. */
    size_t index;
    unsigned depth; /* Objects around it. */
    bool is_stored; /* A column's: limits don't hold. */
};

static void append_path(struct buffer *buffer, const struct path *path)
{
    if (path->parent != NULL) {
        append_path(buffer, path->parent);
    }
    if (path->name == NULL) {
        buffer_printf(buffer, "[%zu]", path->index);
    } else {
        buffer_printf(buffer, "%s%s", buffer->size == 0 || path->name[0] == '\0' ? "" : ".",
                      path->name);
    }
}

/* Prefixes the message that is in ERROR with where it happened. */
static int at_path(const struct path *path, struct error *error)
{
    struct buffer buffer = {0};
    const char *text;
    int rv = (int)error->code;

    append_path(&buffer, path);
    text = buffer_string(&buffer);
    if (text == NULL) {
        rv = error_no_memory(error);
    } else if (text[0] != '\0') {
        rv = error_prefix(error, "%s: ", text);
    }
    buffer_close(&buffer);
    return rv;
}

static const char *found(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "a boolean";
    case JSON_NULL:
        break;
    }
    return "null";
}

static int wrong_type(const struct path *path, const char *expected, const json_t *json,
                      struct error *error)
{
    const char *what = found(json);

    if (json_is_real(json) && strcmp(expected, "an integer") == 0) {
        what = "a number with a fraction";
    }
    error_set(error, ERROR_INVALID, "expected %s, found %s", expected, what);
    return at_path(path, error);
}

/* SIZE is a number of UNITS. */
static int check_size(const struct field *field, size_t size, const char *units,
                      const struct path *path, struct error *error)
{
    if (field->max == 0 || size <= field->max || path->is_stored) {
        return ERROR_NONE;
    }
    error_set(error, ERROR_INVALID, "more than %zu %s", field->max, units);
    return at_path(path, error);
}

static int read_string(json_t *json, const struct path *path, struct arena *arena,
                       const char **ret_value, struct error *error)
{
    const char *value;

    if (!json_is_string(json)) {
        return wrong_type(path, "a string", json, error);
    }
    if (strlen(json_string_value(json)) != json_string_length(json)) {
        error_set(error, ERROR_INVALID, "a string can't hold the character U+0000");
        return at_path(path, error);
    }
    value = arena_memdup(arena, json_string_value(json), json_string_length(json));
    if (value == NULL) {
        return error_no_memory(error);
    }
    *ret_value = value;
    return ERROR_NONE;
}

static int read_map(const struct field *field, json_t *json, const struct path *path,
                    struct arena *arena, struct string_map *ret_map, struct error *error)
{
    struct string_map map = {0};
    const char *key;
    json_t *item;
    int rv;

    if (!json_is_object(json)) {
        return wrong_type(path, "an object", json, error);
    }
    rv = check_size(field, json_object_size(json), "pairs", path, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    json_object_foreach(json, key, item)
    {
        struct path member = {
            .parent = path, .name = key, .depth = path->depth, .is_stored = path->is_stored};
        const char *copy;
        const char *value;

        rv = read_string(item, &member, arena, &value, error);

        if (rv != ERROR_NONE) {
            return rv;
        }
        copy = arena_strdup(arena, key);
        if (copy == NULL || !string_map_set(&map, arena, copy, value)) {
            return error_no_memory(error);
        }
    }
    *ret_map = map;
    return ERROR_NONE;
}

static int read_object(const struct json_type *type, json_t *json, const struct path *path,
                       struct arena *arena, void *object, struct error *error);

static int read_array(const struct field *field, json_t *json, const struct path *path,
                      struct arena *arena, void *object, struct error *error)
{
    size_t size = field->kind == FIELD_OBJECTS ? field->items->size : sizeof(const char *);
    size_t n = json_array_size(json);
    char *items;
    int rv;

    if (!json_is_array(json)) {
        return wrong_type(path, "an array", json, error);
    }
    rv = check_size(field, n, "items", path, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    items = arena_calloc(arena, n, size);
    if (items == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        struct path at = {
            .parent = path, .index = i, .depth = path->depth, .is_stored = path->is_stored};
        void *item = items + i * size;

        if (field->kind == FIELD_OBJECTS) {
            rv = read_object(field->items, json_array_get(json, i), &at, arena, item, error);
        } else {
            rv = read_string(json_array_get(json, i), &at, arena, item, error);
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    *(void **)field_in(field, object) = items;
    field_set_count(field, object, n);
    return ERROR_NONE;
}

static int read_enum(const struct field *field, json_t *json, const struct path *path, int *ret,
                     struct error *error)
{
    if (!json_is_integer(json)) {
        return wrong_type(path, "an integer", json, error);
    }
    if (!field_enum_has(field->enumeration, json_integer_value(json))) {
        error_set(error, ERROR_INVALID, "%lld is not a value of %s",
                  (long long)json_integer_value(json), field->enumeration->name);
        return at_path(path, error);
    }
    *ret = (int)json_integer_value(json);
    return ERROR_NONE;
}

static int read_field(const struct field *field, json_t *json, const struct path *path,
                      struct arena *arena, void *object, struct error *error)
{
    void *value = field_in(field, object);

    if (field->optional) {
        struct field plain = *field;
        /* In every opt_x the flag comes first. */
        bool *set = value;

        if (json_is_null(json)) {
            *set = false;
            return ERROR_NONE;
        }
        *set = true;
        plain.optional = false;
        switch (field->kind) {
        case FIELD_INTEGER:
            plain.offset += offsetof(struct opt_i64, value);
            break;
        case FIELD_BOOL:
            plain.offset += offsetof(struct opt_bool, value);
            break;
        case FIELD_DOUBLE:
            plain.offset += offsetof(struct opt_double, value);
            break;
        default:
            plain.offset += offsetof(struct opt_str, value);
            break;
        }
        return read_field(&plain, json, path, arena, object, error);
    }
    switch (field->kind) {
    case FIELD_INTEGER:
        if (!json_is_integer(json)) {
            return wrong_type(path, "an integer", json, error);
        }
        *(int64_t *)value = json_integer_value(json);
        return ERROR_NONE;
    case FIELD_BOOL:
        if (!json_is_boolean(json)) {
            return wrong_type(path, "a boolean", json, error);
        }
        *(bool *)value = json_is_true(json);
        return ERROR_NONE;
    case FIELD_DOUBLE:
        if (!json_is_number(json)) {
            return wrong_type(path, "a number", json, error);
        }
        *(double *)value = json_number_value(json);
        return ERROR_NONE;
    case FIELD_TEXT:
        if (json_is_string(json)) {
            int rv = check_size(field, json_string_length(json), "bytes", path, error);

            if (rv != ERROR_NONE) {
                return rv;
            }
        }
        return read_string(json, path, arena, value, error);
    case FIELD_ENUM:
        return read_enum(field, json, path, value, error);
    case FIELD_OBJECTS:
    case FIELD_STRINGS:
        return read_array(field, json, path, arena, object, error);
    case FIELD_MAP:
        return read_map(field, json, path, arena, value, error);
    case FIELD_BYTES:
    case FIELD_CUSTOM:
        break;
    }
    return wrong_type(path, "nothing", json, error);
}

static const struct field *find_field(const struct json_type *type, const char *name)
{
    for (size_t i = 0; i < type->n_fields; i++) {
        if (strcmp(type->fields[i].name, name) == 0) {
            return &type->fields[i];
        }
    }
    return NULL;
}

/* Text is never NULL, also when the document doesn't have it. */
static void set_missing_text(const struct json_type *type, void *object)
{
    for (size_t i = 0; i < type->n_fields; i++) {
        if (type->fields[i].kind == FIELD_TEXT && !type->fields[i].optional) {
            *(const char **)field_in(&type->fields[i], object) = "";
        }
    }
}

/* OBJECT is zeroed already. */
static int read_object(const struct json_type *type, json_t *json, const struct path *path,
                       struct arena *arena, void *object, struct error *error)
{
    const char *key;
    json_t *value;

    if (!json_is_object(json)) {
        return wrong_type(path, "an object", json, error);
    }
    if (path->depth >= JSON_TYPE_DEPTH_MAX) {
        error_set(error, ERROR_INVALID, "nested deeper than %d objects", JSON_TYPE_DEPTH_MAX);
        return at_path(path, error);
    }
    set_missing_text(type, object);
    json_object_foreach(json, key, value)
    {
        struct path member = {
            .parent = path, .name = key, .depth = path->depth + 1, .is_stored = path->is_stored};
        const struct field *field = find_field(type, key);
        int rv;

        if (field == NULL) {
            error_set(error, ERROR_INVALID, "unknown member");
            return at_path(&member, error);
        }
        rv = read_field(field, value, &member, arena, object, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return ERROR_NONE;
}

int json_type_read(const struct json_type *type, json_t *json, const char *path,
                   struct arena *arena, void *ret_object, struct error *error)
{
    struct path root = {.name = path};
    void *object = arena_calloc(arena, 1, type->size);
    int rv;

    if (object == NULL) {
        return error_no_memory(error);
    }
    rv = read_object(type, json, &root, arena, object, error);
    if (rv == ERROR_NONE) {
        memcpy(ret_object, object, type->size);
    }
    return rv;
}

/* Where memory is lacking jansson mostly says nothing at all, not even a code;
 * what is wrong with the text always has a message. */
static bool was_out_of_memory(const json_error_t *reason)
{
    return reason->text[0] == '\0' || json_error_code(reason) == json_error_out_of_memory;
}

int json_field_parse(const struct field *field, const char *text, size_t size, struct arena *arena,
                     void *object, struct error *error)
{
    struct path root = {.name = field->name, .is_stored = true};
    json_error_t reason;
    json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &reason);
    int rv;

    if (json == NULL && was_out_of_memory(&reason)) {
        return error_no_memory(error);
    }
    if (json == NULL) {
        return error_set(error, ERROR_INVALID, "%s: not JSON: %s at column %d", field->name,
                         reason.text, reason.column);
    }
    rv = read_field(field, json, &root, arena, object, error);
    json_decref(json);
    return rv;
}
