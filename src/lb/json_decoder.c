#include "lb/json_decoder.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "lb/json_text.h"
#include "lb/number.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PLACE_TEXT_SIZE 512

static void fail_no_memory(struct json_decoder *d)
{
    d->rv = error_no_memory(d->error);
}

/* Returns how much of OUT is used; places that are too long are cut. */
static size_t format_place(const struct json_place *place, char out[PLACE_TEXT_SIZE])
{
    size_t used = 0;
    int size;

    if (place->parent != NULL) {
        used = format_place(place->parent, out);
    }
    if (place->key == NULL) {
        size = snprintf(out + used, PLACE_TEXT_SIZE - used, "[%zu]", place->index);
    } else {
        size =
            snprintf(out + used, PLACE_TEXT_SIZE - used, "%s%s", used > 0 ? "." : "", place->key);
    }
    used += (size_t)size;
    return used < PLACE_TEXT_SIZE ? used : PLACE_TEXT_SIZE - 1;
}

static void fail(struct json_decoder *d, const struct json_place *place, const char *message)
{
    char where[PLACE_TEXT_SIZE] = "body";

    if (place != NULL) {
        format_place(place, where);
    }
    d->rv = error_set(d->error, ERROR_INVALID, "%s: %s", where, message);
}

static void fail_type(struct json_decoder *d, const struct json_place *place, const char *expected,
                      const json_t *found)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_STRING] = "a string",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a number",  [JSON_TRUE] = "a boolean",
        [JSON_FALSE] = "a boolean",  [JSON_NULL] = "null",
    };
    char message[128];

    snprintf(message, sizeof message, "expected %s, found %s", expected, names[json_typeof(found)]);
    fail(d, place, message);
}

/* The reason may end in a piece of the text that was cut within a character. */
static void drop_broken_context(char *reason)
{
    char *context = strstr(reason, " near ");

    if (context != NULL && !utf8_valid(reason, strlen(reason))) {
        *context = '\0';
    }
}

static json_t *parse(struct json_decoder *d, const struct buffer *text)
{
    /* As Go: all numbers are doubles; what follows the value is ignored. */
    const size_t flags =
        JSON_DECODE_INT_AS_REAL | JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY | JSON_ALLOW_NUL;
    json_error_t reason;
    json_t *root = json_loadb(text->data, text->size, flags, &reason);

    /* Whatever is wrong with the text has a reason; a lack of memory has none. */
    if (root == NULL && reason.text[0] == '\0') {
        fail_no_memory(d);
    } else if (root == NULL) {
        drop_broken_context(reason.text);
        d->rv = error_set(d->error, ERROR_INVALID, "Invalid JSON: %s at line %d, column %d",
                          reason.text, reason.line, reason.column);
    }
    return root;
}

void json_decoder_init(struct json_decoder *d, const char *text, size_t size, unsigned depth_max,
                       struct arena *arena, struct error *error)
{
    struct buffer repaired = {0};
    json_t *root = NULL;

    *d = (struct json_decoder){.arena = arena, .error = error};
    d->rv = json_text_repair(text, size, depth_max, &repaired, error);
    if (d->rv == ERROR_NONE) {
        root = parse(d, &repaired);
    }
    buffer_close(&repaired);
    if (root != NULL && json_is_null(root)) {
        root = json_object();
        if (root == NULL) {
            fail_no_memory(d);
        }
    }
    if (root != NULL && !json_is_object(root)) {
        fail_type(d, NULL, "an object", root);
        json_decref(root);
        root = NULL;
    }
    d->root = root;
}

int json_decoder_close(struct json_decoder *d)
{
    json_decref(d->root);
    d->root = NULL;
    return d->rv;
}

json_t *json_member(json_t *object, const char *name)
{
    json_t *found = NULL;
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        if (strcasecmp(key, name) == 0 && !json_is_null(value)) {
            found = value;
        }
    }
    return found;
}

void json_read_string(struct json_decoder *d, const json_t *value, const struct json_place *place,
                      const char **ret_string)
{
    const char *copy;
    size_t size;

    if (d->rv != ERROR_NONE || value == NULL || json_is_null(value)) {
        return;
    }
    if (!json_is_string(value)) {
        fail_type(d, place, "a string", value);
        return;
    }
    size = json_string_length(value);
    if (memchr(json_string_value(value), '\0', size) != NULL) {
        fail(d, place, "a string can't hold the character \\u0000");
        return;
    }
    copy = arena_memdup(d->arena, json_string_value(value), size);
    if (copy == NULL) {
        fail_no_memory(d);
        return;
    }
    *ret_string = copy;
}

void json_read_member(struct json_decoder *d, json_t *object, const struct json_place *place,
                      const char *name, const char **ret_string)
{
    struct json_place at = {.parent = place, .key = name};

    json_read_string(d, json_member(object, name), &at, ret_string);
}

void json_read_bool_member(struct json_decoder *d, json_t *object, const struct json_place *place,
                           const char *name, bool *ret_bool)
{
    struct json_place at = {.parent = place, .key = name};
    json_t *value = d->rv == ERROR_NONE ? json_member(object, name) : NULL;

    if (value == NULL) {
        return;
    }
    if (!json_is_boolean(value)) {
        fail_type(d, &at, "a boolean", value);
        return;
    }
    *ret_bool = json_is_true(value);
}

json_t *json_read_object(struct json_decoder *d, json_t *object, const struct json_place *place)
{
    json_t *value = d->rv == ERROR_NONE ? json_member(object, place->key) : NULL;

    if (value != NULL && !json_is_object(value)) {
        fail_type(d, place, "an object", value);
        return NULL;
    }
    return value;
}

json_t *json_read_array(struct json_decoder *d, json_t *object, const struct json_place *place)
{
    json_t *value = d->rv == ERROR_NONE ? json_member(object, place->key) : NULL;

    if (value != NULL && !json_is_array(value)) {
        fail_type(d, place, "an array", value);
        return NULL;
    }
    return value;
}

json_t *json_read_element(struct json_decoder *d, json_t *array, const struct json_place *place)
{
    json_t *value = d->rv == ERROR_NONE ? json_array_get(array, place->index) : NULL;

    if (value == NULL || json_is_null(value)) {
        return NULL;
    }
    if (!json_is_object(value)) {
        fail_type(d, place, "an object", value);
        return NULL;
    }
    return value;
}

/* Any scalar as text. */
static void read_scalar(struct json_decoder *d, const json_t *value, const struct json_place *place,
                        const char **ret_text)
{
    char number[NUMBER_TEXT_SIZE];

    switch (json_typeof(value)) {
    case JSON_STRING:
        json_read_string(d, value, place, ret_text);
        break;
    case JSON_TRUE:
        *ret_text = "true";
        break;
    case JSON_FALSE:
        *ret_text = "false";
        break;
    case JSON_NULL:
        *ret_text = "";
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        number_format(json_number_value(value), number);
        *ret_text = arena_strdup(d->arena, number);
        if (*ret_text == NULL) {
            fail_no_memory(d);
        }
        break;
    case JSON_OBJECT:
    case JSON_ARRAY:
        fail_type(d, place, "a string, a number or a boolean", value);
        break;
    }
}

void json_read_map(struct json_decoder *d, json_t *object, const struct json_place *place,
                   size_t n_max, struct string_map *ret_map)
{
    struct string_map map = {0};
    const char *key;
    json_t *value;

    if (d->rv != ERROR_NONE) {
        return;
    }
    if (json_object_size(object) > n_max) {
        char message[64];

        snprintf(message, sizeof message, "too many keys: %zu, at most %zu",
                 json_object_size(object), n_max);
        fail(d, place, message);
        return;
    }
    json_object_foreach(object, key, value)
    {
        struct json_place at = {.parent = place, .key = key};
        const char *name = arena_strdup(d->arena, key);
        const char *text = "";

        read_scalar(d, value, &at, &text);
        if (d->rv != ERROR_NONE) {
            return;
        }
        if (name == NULL || !string_map_set(&map, d->arena, name, text)) {
            fail_no_memory(d);
            return;
        }
    }
    *ret_map = map;
}

void *json_read_calloc(struct json_decoder *d, size_t count, size_t size)
{
    void *memory = NULL;

    if (d->rv == ERROR_NONE) {
        memory = arena_calloc(d->arena, count, size);
        if (memory == NULL) {
            fail_no_memory(d);
        }
    }
    return memory;
}
