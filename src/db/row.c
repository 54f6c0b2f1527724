#include "db/row.h"

#include "db/entity.h"
#include "db/json_type.h"

#include <inttypes.h>
#include <string.h>

static struct db_value text_or_empty(const char *text)
{
    return db_text(text == NULL ? "" : text);
}

static struct db_value encode_optional(const struct field *field, const void *value)
{
    switch (field->kind) {
    case FIELD_INTEGER: {
        const struct opt_i64 *optional = value;
        return optional->set ? db_integer(optional->value) : db_null();
    }
    case FIELD_BOOL: {
        const struct opt_bool *optional = value;
        return optional->set ? db_integer(optional->value) : db_null();
    }
    case FIELD_DOUBLE: {
        const struct opt_double *optional = value;
        return optional->set ? db_float(optional->value) : db_null();
    }
    default: {
        const struct opt_str *optional = value;
        return optional->set ? text_or_empty(optional->value) : db_null();
    }
    }
}

static int encode_json(const struct field *field, const void *object, struct arena *arena,
                       struct db_value *ret_value, struct error *error)
{
    const char *text = json_field_print(field, object, arena);

    if (text == NULL) {
        return error_no_memory(error);
    }
    *ret_value = db_text(text);
    return ERROR_NONE;
}

static int encode_custom(const struct field *field, const void *value, struct arena *arena,
                         struct db_value *ret_value, struct error *error)
{
    const char *text;
    int rv = field->codec->marshal(value, arena, &text, error);

    if (rv == ERROR_NONE) {
        *ret_value = db_text(text);
    } else if (rv == ERROR_INVALID) {
        rv = error_prefix(error, "%s: ", field->name);
    }
    return rv;
}

int row_encode_field(const struct field *field, const void *object, struct arena *arena,
                     struct db_value *ret_value, struct error *error)
{
    const void *value = field_of(field, object);

    if (field->optional) {
        *ret_value = encode_optional(field, value);
        return ERROR_NONE;
    }
    switch (field->kind) {
    case FIELD_INTEGER:
        *ret_value = db_integer(*(const int64_t *)value);
        break;
    case FIELD_BOOL:
        *ret_value = db_integer(*(const bool *)value);
        break;
    case FIELD_DOUBLE:
        *ret_value = db_float(*(const double *)value);
        break;
    case FIELD_TEXT:
        *ret_value = text_or_empty(*(const char *const *)value);
        break;
    case FIELD_BYTES: {
        const struct bytes *bytes = value;
        *ret_value = db_blob(bytes->data, bytes->size);
        break;
    }
    case FIELD_ENUM:
        *ret_value = db_integer(*(const int *)value);
        break;
    case FIELD_OBJECTS:
    case FIELD_STRINGS:
    case FIELD_MAP:
        return encode_json(field, object, arena, ret_value, error);
    case FIELD_CUSTOM:
        return encode_custom(field, value, arena, ret_value, error);
    }
    return ERROR_NONE;
}

static int wrong_type(const struct field *field, const char *expected, const struct db_value *value,
                      struct error *error)
{
    static const char *const names[] = {
        [DB_NULL] = "NULL", [DB_INTEGER] = "an integer", [DB_FLOAT] = "a float",
        [DB_TEXT] = "text", [DB_BLOB] = "a blob",
    };

    return error_set(error, ERROR_CORRUPT, "%s: expected %s, found %s", field->name, expected,
                     names[value->type]);
}

static int decode_text(const struct field *field, const struct db_value *value,
                       const char **ret_text, struct error *error)
{
    if (value->type != DB_TEXT) {
        return wrong_type(field, "text", value, error);
    }
    if (memchr(value->bytes.data, '\0', value->bytes.size) != NULL) {
        return error_set(error, ERROR_CORRUPT, "%s: text holds the character U+0000", field->name);
    }
    *ret_text = value->bytes.data;
    return ERROR_NONE;
}

static int decode_bool(const struct field *field, const struct db_value *value, bool *ret_bool,
                       struct error *error)
{
    if (value->type != DB_INTEGER) {
        return wrong_type(field, "0 or 1", value, error);
    }
    if (value->integer != 0 && value->integer != 1) {
        return error_set(error, ERROR_CORRUPT, "%s: expected 0 or 1, found %" PRId64, field->name,
                         value->integer);
    }
    *ret_bool = value->integer != 0;
    return ERROR_NONE;
}

static int decode_enum(const struct field *field, const struct db_value *value, int *ret_enum,
                       struct error *error)
{
    if (value->type != DB_INTEGER) {
        return wrong_type(field, "an integer", value, error);
    }
    if (!field_enum_has(field->enumeration, value->integer)) {
        return error_set(error, ERROR_CORRUPT, "%s: %" PRId64 " is not a value of %s", field->name,
                         value->integer, field->enumeration->name);
    }
    *ret_enum = (int)value->integer;
    return ERROR_NONE;
}

static int decode_json(const struct field *field, const struct db_value *value, struct arena *arena,
                       void *object, struct error *error)
{
    int rv;

    if (value->type != DB_TEXT) {
        return wrong_type(field, "text", value, error);
    }
    rv = json_field_parse(field, value->bytes.data, value->bytes.size, arena, object, error);
    if (rv == ERROR_INVALID) {
        /* Whoever reads the row didn't write it. */
        error->code = ERROR_CORRUPT;
        rv = ERROR_CORRUPT;
    }
    return rv;
}

static int decode_custom(const struct field *field, const struct db_value *value,
                         struct arena *arena, void *place, struct error *error)
{
    const char *text;
    int rv = decode_text(field, value, &text, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = field->codec->unmarshal(text, arena, place, error);
    if (rv == ERROR_INVALID) {
        error->code = ERROR_CORRUPT;
        rv = error_prefix(error, "%s: ", field->name);
    }
    return rv;
}

static int decode_optional(const struct field *field, const struct db_value *value, void *object,
                           struct error *error)
{
    void *place = field_in(field, object);

    if (value->type == DB_NULL) {
        return ERROR_NONE;
    }
    switch (field->kind) {
    case FIELD_INTEGER:
        if (value->type != DB_INTEGER) {
            return wrong_type(field, "an integer or NULL", value, error);
        }
        *(struct opt_i64 *)place = (struct opt_i64)SOME(value->integer);
        return ERROR_NONE;
    case FIELD_BOOL: {
        struct opt_bool *optional = place;
        optional->set = true;
        return decode_bool(field, value, &optional->value, error);
    }
    case FIELD_DOUBLE:
        if (value->type != DB_FLOAT) {
            return wrong_type(field, "a float or NULL", value, error);
        }
        *(struct opt_double *)place = (struct opt_double)SOME(value->real);
        return ERROR_NONE;
    default: {
        struct opt_str *optional = place;
        optional->set = true;
        return decode_text(field, value, &optional->value, error);
    }
    }
}

int row_decode_field(const struct field *field, const struct db_value *value, struct arena *arena,
                     void *object, struct error *error)
{
    void *place = field_in(field, object);

    if (field->optional) {
        return decode_optional(field, value, object, error);
    }
    switch (field->kind) {
    case FIELD_INTEGER:
        if (value->type != DB_INTEGER) {
            return wrong_type(field, "an integer", value, error);
        }
        *(int64_t *)place = value->integer;
        break;
    case FIELD_BOOL:
        return decode_bool(field, value, place, error);
    case FIELD_DOUBLE:
        if (value->type != DB_FLOAT) {
            return wrong_type(field, "a float", value, error);
        }
        *(double *)place = value->real;
        break;
    case FIELD_TEXT:
        return decode_text(field, value, place, error);
    case FIELD_BYTES:
        if (value->type != DB_BLOB) {
            return wrong_type(field, "a blob", value, error);
        }
        *(struct bytes *)place =
            (struct bytes){.data = value->bytes.data, .size = value->bytes.size};
        break;
    case FIELD_ENUM:
        return decode_enum(field, value, place, error);
    case FIELD_OBJECTS:
    case FIELD_STRINGS:
    case FIELD_MAP:
        return decode_json(field, value, arena, object, error);
    case FIELD_CUSTOM:
        return decode_custom(field, value, arena, place, error);
    }
    return ERROR_NONE;
}
