#include "ctl/yaml_read.h"

#include <stdbool.h>
#include <string.h>
#include <yaml.h>

struct reader {
    yaml_parser_t parser;
    struct lbstate_error *error;
};

static int fail(struct reader *reader, const yaml_event_t *event, const char *what)
{
    return ctl_fail(reader->error, LBSTATE_INVALID, "Line %zu: %s", event->start_mark.line + 1,
                    what);
}

static int next_event(struct reader *reader, yaml_event_t *ret_event)
{
    if (yaml_parser_parse(&reader->parser, ret_event) == 1) {
        return LBSTATE_OK;
    }
    if (reader->parser.error == YAML_MEMORY_ERROR) {
        return ctl_no_memory(reader->error);
    }
    return ctl_fail(reader->error, LBSTATE_INVALID, "Line %zu: %s%s%s",
                    reader->parser.problem_mark.line + 1,
                    reader->parser.problem != NULL ? reader->parser.problem : "not YAML",
                    reader->parser.context != NULL ? ", " : "",
                    reader->parser.context != NULL ? reader->parser.context : "");
}

/* Anchors are refused where they are made; so are tags, which say that text is
 * something else. */
static bool is_marked(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor != NULL || event->data.sequence_start.tag != NULL;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor != NULL || event->data.mapping_start.tag != NULL;
    default:
        return false;
    }
}

static bool is_null(const yaml_event_t *event)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    const char *text = (const char *)event->data.scalar.value;

    for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++) {
        if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && strcmp(text, nulls[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_nul(const yaml_event_t *event)
{
    return strlen((const char *)event->data.scalar.value) != event->data.scalar.length;
}

static int read_scalar(struct reader *reader, const yaml_event_t *event, json_t **ret_value)
{
    json_t *value;

    if (has_nul(event)) {
        return fail(reader, event, "A NUL can't stand in a text");
    }
    value = is_null(event)
                ? json_null()
                : json_stringn((const char *)event->data.scalar.value, event->data.scalar.length);
    if (value == NULL) {
        return ctl_no_memory(reader->error);
    }
    *ret_value = value;
    return LBSTATE_OK;
}

static int read_node(struct reader *reader, const yaml_event_t *event, unsigned depth,
                     json_t **ret_value);

/* The elements up to the end of the sequence, into LIST. */
static int read_elements(struct reader *reader, unsigned depth, json_t *list)
{
    for (;;) {
        yaml_event_t event;
        json_t *element;
        int rv = next_event(reader, &event);

        if (rv != LBSTATE_OK) {
            return rv;
        }
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            return LBSTATE_OK;
        }
        rv = read_node(reader, &event, depth, &element);
        yaml_event_delete(&event);
        if (rv == LBSTATE_OK && json_array_append_new(list, element) != 0) {
            rv = ctl_no_memory(reader->error);
        }
        if (rv != LBSTATE_OK) {
            return rv;
        }
    }
}

/* The value that belongs to the scalar KEY, into OBJECT. */
static int read_member(struct reader *reader, const yaml_event_t *key, unsigned depth,
                       json_t *object)
{
    const char *name = (const char *)key->data.scalar.value;
    yaml_event_t event;
    json_t *value;
    int rv;

    if (json_object_get(object, name) != NULL) {
        return ctl_fail(reader->error, LBSTATE_INVALID, "Line %zu: the key \"%s\" stands twice",
                        key->start_mark.line + 1, name);
    }
    rv = next_event(reader, &event);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = read_node(reader, &event, depth, &value);
    yaml_event_delete(&event);
    if (rv == LBSTATE_OK && json_object_set_new(object, name, value) != 0) {
        rv = ctl_no_memory(reader->error);
    }
    return rv;
}

/* The members up to the end of the mapping, into OBJECT. */
static int read_members(struct reader *reader, unsigned depth, json_t *object)
{
    for (;;) {
        yaml_event_t event;
        int rv = next_event(reader, &event);

        if (rv != LBSTATE_OK) {
            return rv;
        }
        if (event.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&event);
            return LBSTATE_OK;
        }
        if (event.type != YAML_SCALAR_EVENT || is_marked(&event) || has_nul(&event)) {
            rv = fail(reader, &event, "A key must be a plain text");
        } else {
            rv = read_member(reader, &event, depth, object);
        }
        yaml_event_delete(&event);
        if (rv != LBSTATE_OK) {
            return rv;
        }
    }
}

/* The node that starts with EVENT; DEPTH is how deep it lies. */
static int read_node(struct reader *reader, const yaml_event_t *event, unsigned depth,
                     json_t **ret_value)
{
    json_t *value;
    int rv;

    if (event->type == YAML_ALIAS_EVENT || is_marked(event)) {
        return fail(reader, event, "Anchors (&), aliases (*) and tags (!) aren't taken");
    }
    if (event->type == YAML_SCALAR_EVENT) {
        return read_scalar(reader, event, ret_value);
    }
    if (depth == YAML_DEPTH_MAX) {
        return fail(reader, event, "It is nested too deeply");
    }
    value = event->type == YAML_MAPPING_START_EVENT ? json_object() : json_array();
    if (value == NULL) {
        return ctl_no_memory(reader->error);
    }
    rv = event->type == YAML_MAPPING_START_EVENT ? read_members(reader, depth + 1, value)
                                                 : read_elements(reader, depth + 1, value);
    if (rv != LBSTATE_OK) {
        json_decref(value);
        return rv;
    }
    *ret_value = value;
    return LBSTATE_OK;
}

/* All documents, of which one may be there. */
static int read_stream(struct reader *reader, json_t **ret_value)
{
    json_t *value = NULL;
    bool at_end = false;
    int rv = LBSTATE_OK;

    while (rv == LBSTATE_OK && !at_end) {
        yaml_event_t event;

        rv = next_event(reader, &event);
        if (rv != LBSTATE_OK) {
            break;
        }
        switch (event.type) {
        case YAML_STREAM_END_EVENT:
            at_end = true;
            break;
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            break;
        default:
            rv = value != NULL ? fail(reader, &event, "There is more than one document")
                               : read_node(reader, &event, 0, &value);
            break;
        }
        yaml_event_delete(&event);
    }
    if (rv != LBSTATE_OK) {
        json_decref(value);
        return rv;
    }
    *ret_value = value != NULL ? value : json_null();
    return LBSTATE_OK;
}

int yaml_read(const char *text, size_t size, json_t **ret_value, struct lbstate_error *error)
{
    struct reader reader = {.error = error};
    int rv;

    if (size > YAML_SIZE_MAX) {
        return ctl_fail(error, LBSTATE_INVALID, "The YAML has more than %d bytes", YAML_SIZE_MAX);
    }
    if (yaml_parser_initialize(&reader.parser) != 1) {
        return ctl_no_memory(error);
    }
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, size);
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    rv = read_stream(&reader, ret_value);
    yaml_parser_delete(&reader.parser);
    return rv;
}
