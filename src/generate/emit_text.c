#include "generate/emit_text.h"

#include "generate/memory.h"

#include <string.h>

#define LINE_MAX_SIZE    100
#define COMMENT_MAX_SIZE 80

void emit_list(const struct emit_list *list, struct buffer *out)
{
    size_t indent = strlen(list->head);
    size_t column = indent;

    buffer_append_string(out, list->head);
    for (size_t i = 0; i < list->n_items; i++) {
        bool is_last = i + 1 == list->n_items;
        /* The comma, or what stands on the line behind the last item. */
        size_t behind = is_last ? strcspn(list->tail, "\n") : 1;
        size_t size = strlen(list->items[i]);

        if (i > 0 && column + 1 + size + behind > LINE_MAX_SIZE) {
            buffer_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (i > 0) {
            buffer_append_char(out, ' ');
            column++;
        }
        buffer_printf(out, "%s%s", list->items[i], is_last ? "" : ",");
        column += size + 1;
    }
    buffer_append_string(out, list->tail);
}

void emit_comment(const char *text, struct buffer *out)
{
    size_t column = strlen("/*");

    buffer_append_string(out, "/*");
    while (*text != '\0') {
        size_t size = strcspn(text, " ");
        bool is_last = text[size] == '\0';

        if (column + 1 + size + (is_last ? strlen(" */") : 0) > COMMENT_MAX_SIZE) {
            buffer_append_string(out, "\n *");
            column = strlen(" *");
        }
        buffer_append_char(out, ' ');
        buffer_append(out, text, size);
        column += 1 + size;
        text += size + !is_last;
    }
    buffer_append_string(out, " */\n");
}

const char *emit_argument(struct arena *arena, const struct member *member)
{
    switch (member->kind) {
    case TYPE_INTEGER:
        return memory_printf(arena, "int64_t %s", member->name);
    case TYPE_BOOL:
        return memory_printf(arena, "bool %s", member->name);
    case TYPE_DOUBLE:
        return memory_printf(arena, "double %s", member->name);
    case TYPE_ENUM:
        return memory_printf(arena, "enum %s %s", member->tag, member->name);
    case TYPE_TEXT:
    case TYPE_BYTES:
    case TYPE_OBJECTS:
    case TYPE_STRINGS:
    case TYPE_MAP:
    case TYPE_CUSTOM:
        break;
    }
    return memory_printf(arena, "const char *%s", member->name);
}

static void append(struct arena *arena, struct emit_list *list, const char *item)
{
    *MEMORY_APPEND(arena, list->items, list->n_items) = item;
}

static void append_fields(struct arena *arena, struct emit_list *list, struct member *const *fields,
                          size_t n_fields)
{
    for (size_t i = 0; i < n_fields; i++) {
        append(arena, list, emit_argument(arena, fields[i]));
    }
}

void emit_constructor_signature(struct arena *arena, const struct entity *entity,
                                const struct statement *statement, const char *tail,
                                struct buffer *out)
{
    /* objects_by_id -> by_id. */
    const char *by = statement->name + strlen("objects_");
    struct buffer line = {0};
    struct emit_list list = {
        .head = memory_printf(arena, "struct %s_selector %s_%s(", entity->name, entity->name, by),
        .tail = memory_printf(arena, ")%s", tail),
    };
    const char *text;

    append_fields(arena, &list, statement->fields, statement->n_fields);
    emit_list(&list, &line);
    text = memory_from_buffer(arena, &line);
    /* The line feed that ends it is the only one of a signature that fits. */
    if (strchr(text, '\n')[1] == '\0' && strlen(text) <= LINE_MAX_SIZE + 1) {
        buffer_append_string(out, text);
        return;
    }
    buffer_printf(out, "struct %s_selector\n", entity->name);
    list.head = memory_printf(arena, "%s_%s(", entity->name, by);
    emit_list(&list, out);
}

static void append_many_arguments(struct arena *arena, const struct entity *entity,
                                  struct emit_list *list)
{
    append(arena, list, memory_printf(arena, "const struct %s_selector *selectors", entity->name));
    append(arena, list, "size_t n_selectors");
    append(arena, list, "struct arena *arena");
    append(arena, list, memory_printf(arena, "struct %s_list *ret_list", entity->name));
}

static void append_object(struct arena *arena, const struct entity *entity,
                          const struct method *method, struct emit_list *list)
{
    append(arena, list, memory_printf(arena, "const struct %s *object", entity->name));
    if (emit_takes_time(entity, method->kind)) {
        append(arena, list, "int64_t now");
    }
}

static bool takes_key(enum method_kind kind)
{
    return kind == METHOD_GET_ONE || kind == METHOD_ID || kind == METHOD_EXISTS ||
           kind == METHOD_UPDATE || kind == METHOD_RENAME;
}

bool emit_takes_time(const struct entity *entity, enum method_kind kind)
{
    switch (kind) {
    case METHOD_CREATE:
    case METHOD_CREATE_OR_REPLACE:
        return entity_create_time(entity) != NULL || entity_update_time(entity) != NULL;
    case METHOD_UPDATE:
    case METHOD_RENAME:
        return entity_update_time(entity) != NULL;
    default:
        return false;
    }
}

void emit_method_signature(struct arena *arena, const struct entity *entity,
                           const struct method *method, const char *tail, struct buffer *out)
{
    struct emit_list list = {
        .head = memory_printf(arena, "int %s_%s(", entity->name, method->name),
        .tail = memory_printf(arena, ")%s", tail),
    };

    append(arena, &list, "struct db_tx *tx");
    if (takes_key(method->kind)) {
        append_fields(arena, &list, entity->keys, entity->n_keys);
    }
    switch (method->kind) {
    case METHOD_GET_MANY:
        append_many_arguments(arena, entity, &list);
        break;
    case METHOD_GET_ONE:
        append(arena, &list, "struct arena *arena");
        append(arena, &list, memory_printf(arena, "struct %s *ret_object", entity->name));
        break;
    case METHOD_UPDATE_MANY:
        append_fields(arena, &list, method->fields, method->n_fields);
        append(arena, &list, memory_printf(arena, "const struct %s *objects", entity->name));
        append(arena, &list, "size_t n_objects");
        break;
    case METHOD_CREATE_MANY:
        append(arena, &list, memory_printf(arena, "const struct %s *objects", entity->name));
        append(arena, &list, "size_t n_objects");
        break;
    case METHOD_GET_NAMES:
        append_fields(arena, &list, method->fields, method->n_fields);
        append(arena, &list, "struct arena *arena");
        append(arena, &list, "const char ***ret_names");
        append(arena, &list, "size_t *ret_n_names");
        break;
    case METHOD_ID:
        append(arena, &list, "int64_t *ret_id");
        break;
    case METHOD_EXISTS:
        append(arena, &list, "bool *ret_exists");
        break;
    case METHOD_CREATE:
        append_object(arena, entity, method, &list);
        append(arena, &list, "int64_t *ret_id");
        break;
    case METHOD_CREATE_OR_REPLACE:
    case METHOD_UPDATE:
        append_object(arena, entity, method, &list);
        break;
    case METHOD_RENAME:
        append(arena, &list, "const char *new_name");
        if (emit_takes_time(entity, method->kind)) {
            append(arena, &list, "int64_t now");
        }
        break;
    case METHOD_DELETE_ONE:
        append_fields(arena, &list, method->fields, method->n_fields);
        break;
    case METHOD_DELETE_MANY:
        append_fields(arena, &list, method->fields, method->n_fields);
        append(arena, &list, "uint64_t *ret_deleted");
        break;
    }
    append(arena, &list, "struct error *error");
    emit_list(&list, out);
}

void emit_to_json_signature(struct arena *arena, const char *name, const struct entity *entity,
                            const char *tail, struct buffer *out)
{
    struct emit_list list = {
        .head = memory_printf(arena, "void %s_to_json(", name),
        .tail = memory_printf(arena, ")%s", tail),
    };

    append(arena, &list, "struct json_writer *w");
    append(arena, &list, memory_printf(arena, "const struct %s *object", entity->name));
    emit_list(&list, out);
}

void emit_from_json_signature(struct arena *arena, const char *name, const struct entity *entity,
                              const char *tail, struct buffer *out)
{
    struct emit_list list = {
        .head = memory_printf(arena, "int %s_from_json(", name),
        .tail = memory_printf(arena, ")%s", tail),
    };

    append(arena, &list, "struct json_t *json");
    append(arena, &list, "const char *path");
    append(arena, &list, "struct arena *arena");
    append(arena, &list, memory_printf(arena, "struct %s *ret_object", entity->name));
    append(arena, &list, "struct error *error");
    emit_list(&list, out);
}

bool emit_is_selection(const struct statement *statement)
{
    return statement->kind == STATEMENT_OBJECTS && statement->n_fields > 0;
}

bool emit_needs_codec(const struct source *source, size_t entity, size_t column)
{
    const struct member *member = source->entities[entity].columns[column];

    if (member->kind != TYPE_CUSTOM) {
        return false;
    }
    for (size_t i = 0; i <= entity; i++) {
        const struct entity *before = &source->entities[i];
        size_t n = i == entity ? column : before->n_columns;

        for (size_t j = 0; j < n; j++) {
            if (before->columns[j]->kind == TYPE_CUSTOM &&
                strcmp(before->columns[j]->tag, member->tag) == 0) {
                return false;
            }
        }
    }
    return true;
}

const char *emit_json_name(struct arena *arena, const struct entity *entity, const char *version)
{
    char *name;

    if (version == NULL || entity->n_versions == 0) {
        return entity->name;
    }
    name = memory_printf(arena, "%s_v%s", entity->name, version);
    for (char *c = name; *c != '\0'; c++) {
        *c = *c == '.' ? '_' : *c;
    }
    return name;
}
