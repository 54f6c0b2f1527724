#include "ctl/fields.h"

#include "ctl/yaml_read.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Where a value stands: "backends[2].name". */
#define PLACE_SIZE 256

/* It is for messages: a long one is cut. */
static void make_place(char out[PLACE_SIZE], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void make_place(char out[PLACE_SIZE], const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (vsnprintf(out, PLACE_SIZE, format, args) < 0) {
        out[0] = '\0';
    }
    va_end(args);
}

static int wrong_type(const char *place, const char *wanted, struct lbstate_error *error)
{
    return ctl_fail(error, LBSTATE_INVALID, "%s must be %s", place, wanted);
}

/* Absent and null are the same: empty. */
static bool is_absent(const json_t *value)
{
    return value == NULL || json_is_null(value);
}

static int read_text(const json_t *value, const char *place, json_t **ret_copy,
                     struct lbstate_error *error)
{
    json_t *copy;

    if (!is_absent(value) && !json_is_string(value)) {
        return wrong_type(place, "a text", error);
    }
    copy = is_absent(value) ? json_string("") : json_copy((json_t *)value);
    if (copy == NULL) {
        return ctl_no_memory(error);
    }
    *ret_copy = copy;
    return LBSTATE_OK;
}

static int read_text_map(const json_t *value, const char *place, json_t *copy,
                         struct lbstate_error *error)
{
    const char *key;
    json_t *member;

    if (!json_is_object(value)) {
        return wrong_type(place, "a mapping of keys to texts", error);
    }
    json_object_foreach((json_t *)value, key, member)
    {
        char inner[PLACE_SIZE];
        json_t *text;
        int rv;

        make_place(inner, "%s.%s", place, key);
        rv = read_text(member, inner, &text, error);
        if (rv != LBSTATE_OK) {
            return rv;
        }
        if (json_object_set_new(copy, key, text) != 0) {
            return ctl_no_memory(error);
        }
    }
    return LBSTATE_OK;
}

static int read_record(const json_t *value, const char *place, const struct field *fields,
                       json_t **ret_copy, struct lbstate_error *error);

static int read_list(const json_t *value, const char *place, const struct field *field,
                     json_t *copy, struct lbstate_error *error)
{
    if (!json_is_array(value)) {
        return wrong_type(place, "a list", error);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *element = json_array_get(value, i);
        char inner[PLACE_SIZE];
        json_t *element_copy;
        int rv;

        make_place(inner, "%s[%zu]", place, i);
        rv = field->type == FIELD_TEXT_LIST
                 ? read_text(element, inner, &element_copy, error)
                 : read_record(element, inner, field->fields, &element_copy, error);
        if (rv != LBSTATE_OK) {
            return rv;
        }
        if (json_array_append_new(copy, element_copy) != 0) {
            return ctl_no_memory(error);
        }
    }
    return LBSTATE_OK;
}

/* YAML gives all scalars as texts. */
static int read_flag(const json_t *value, const char *place, json_t **ret_copy,
                     struct lbstate_error *error)
{
    const char *text = json_string_value(value);

    if (text == NULL || (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)) {
        return wrong_type(place, "true or false", error);
    }
    *ret_copy = json_boolean(text[0] == 't'); /* Can't fail: it is static. */
    return LBSTATE_OK;
}

static int read_field(const json_t *value, const char *place, const struct field *field,
                      json_t **ret_copy, struct lbstate_error *error)
{
    json_t *copy;
    int rv = LBSTATE_OK;

    if (field->type == FIELD_TEXT) {
        return read_text(value, place, ret_copy, error);
    }
    if (field->type == FIELD_FLAG) {
        return read_flag(value, place, ret_copy, error);
    }
    copy = field->type == FIELD_TEXT_MAP ? json_object() : json_array();
    if (copy == NULL) {
        return ctl_no_memory(error);
    }
    if (!is_absent(value)) {
        rv = field->type == FIELD_TEXT_MAP ? read_text_map(value, place, copy, error)
                                           : read_list(value, place, field, copy, error);
    }
    if (rv != LBSTATE_OK) {
        json_decref(copy);
        return rv;
    }
    *ret_copy = copy;
    return LBSTATE_OK;
}

static int check_names(const json_t *value, const char *place, const struct field *fields,
                       struct lbstate_error *error)
{
    const char *key;
    json_t *member;

    json_object_foreach((json_t *)value, key, member)
    {
        const struct field *field = fields;

        while (field->name != NULL && strcmp(field->name, key) != 0) {
            field++;
        }
        if (field->name == NULL) {
            return ctl_fail(error, LBSTATE_INVALID, "%s%s%s is no field of this record", place,
                            place[0] != '\0' ? "." : "", key);
        }
    }
    return LBSTATE_OK;
}

/* PLACE is "" for the record itself. */
static int read_record(const json_t *value, const char *place, const struct field *fields,
                       json_t **ret_copy, struct lbstate_error *error)
{
    json_t *copy;
    int rv;

    if (!json_is_object(value)) {
        return wrong_type(place[0] != '\0' ? place : "A record", "a mapping", error);
    }
    rv = check_names(value, place, fields, error);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    copy = json_object();
    if (copy == NULL) {
        return ctl_no_memory(error);
    }
    for (const struct field *field = fields; rv == LBSTATE_OK && field->name != NULL; field++) {
        char inner[PLACE_SIZE];
        json_t *member;

        member = json_object_get(value, field->name);
        if (field->type == FIELD_IGNORED || (field->type == FIELD_FLAG && is_absent(member))) {
            continue;
        }
        make_place(inner, "%s%s%s", place, place[0] != '\0' ? "." : "", field->name);
        rv = read_field(member, inner, field, &member, error);
        if (rv == LBSTATE_OK && json_object_set_new(copy, field->name, member) != 0) {
            rv = ctl_no_memory(error);
        }
    }
    if (rv != LBSTATE_OK) {
        json_decref(copy);
        return rv;
    }
    *ret_copy = copy;
    return LBSTATE_OK;
}

int fields_read(const char *text, size_t size, const struct field *fields, json_t **ret_record,
                struct lbstate_error *error)
{
    json_t *value;
    int rv = yaml_read(text, size, &value, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    if (json_is_null(value)) {
        value = json_object(); /* Nothing was written: all is empty. */
        if (value == NULL) {
            return ctl_no_memory(error);
        }
    }
    rv = read_record(value, "", fields, ret_record, error);
    json_decref(value);
    return rv;
}
