#include "generate/emit.h"

#include "generate/emit_text.h"
#include "generate/memory.h"
#include "generate/naming.h"

#include <string.h>

static bool has_json(const struct source *source)
{
    for (size_t i = 0; i < source->n_entities; i++) {
        if (source->entities[i].n_json > 0) {
            return true;
        }
    }
    return false;
}

static void emit_types(const struct entity *entity, struct buffer *out)
{
    buffer_printf(out,
                  "\n/* All memory of the objects is the arena's. */\n"
                  "struct %s_list {\n    struct %s *objects;\n    size_t n_objects;\n};\n",
                  entity->name, entity->name);
    buffer_printf(out,
                  "\n/* Which rows to get: made by the functions below only. */\n"
                  "struct %s_selector {\n    struct mapper_selector base; /* Private. */\n};\n",
                  entity->name);
}

static void emit_constructors(struct arena *arena, const struct entity *entity, struct buffer *out)
{
    bool is_first = true;

    for (size_t i = 0; i < entity->n_statements; i++) {
        const struct statement *statement = &entity->statements[i];
        bool has_text = false;

        if (!emit_is_selection(statement)) {
            continue;
        }
        buffer_append_char(out, '\n');
        for (size_t j = 0; j < statement->n_fields; j++) {
            has_text |= statement->fields[j]->kind == TYPE_TEXT;
        }
        if (is_first && has_text) {
            emit_comment("Text must live until the call that the selector is passed to returned.",
                         out);
            is_first = false;
        }
        emit_constructor_signature(arena, entity, statement, ";\n", out);
    }
}

static const char *maps_of(struct arena *arena, const struct entity *entity, const char *words,
                           bool (*uses)(const struct reference *reference))
{
    struct buffer names = {0};

    for (size_t i = 0; i < entity->n_references; i++) {
        if (uses(&entity->references[i])) {
            buffer_printf(&names, "%s%s", names.size == 0 ? "" : ", ",
                          entity->references[i].member->name);
        }
    }
    if (names.size == 0) {
        return "";
    }
    return memory_printf(arena, " %s: %s.", words, memory_from_buffer(arena, &names));
}

static bool is_read(const struct reference *reference)
{
    return reference->is_read;
}

static bool is_created(const struct reference *reference)
{
    return reference->is_created;
}

static bool is_updated(const struct reference *reference)
{
    return reference->is_updated;
}

/* What rows are ordered by before the natural key: "size, then ". */
static const char *order_of(struct arena *arena, const struct entity *entity)
{
    struct buffer names = {0};

    for (size_t i = 0; i < entity->n_order && entity->order[i]->is_order; i++) {
        buffer_printf(&names, "%s, ", entity->order[i]->name);
    }
    if (names.size > 0) {
        buffer_append_string(&names, "then ");
    }
    return memory_from_buffer(arena, &names);
}

/* " NOW becomes created_at and updated_at." */
static const char *times_of(struct arena *arena, const struct entity *entity, enum method_kind kind)
{
    const struct member *made = kind == METHOD_UPDATE ? NULL : entity_create_time(entity);
    const struct member *changed = entity_update_time(entity);

    if (made == NULL && changed == NULL) {
        return "";
    }
    return memory_printf(
        arena, " NOW becomes %s%s%s%s.", made == NULL ? "" : made->name,
        made != NULL && changed != NULL ? " and " : "", changed == NULL ? "" : changed->name,
        made != NULL && kind == METHOD_CREATE_OR_REPLACE
            ? memory_printf(arena, "; a row that is there keeps its %s", made->name)
            : "");
}

/* "its id and secret": what update leaves alone. */
static const char *kept_of(struct arena *arena, const struct entity *entity)
{
    struct buffer names = {0};

    buffer_append_string(&names, "its id");
    for (size_t i = entity->first_stored; i < entity_first_joined(entity); i++) {
        if ((entity->columns[i]->omit & OMIT_UPDATE) != 0 &&
            !entity_looks_up(entity, member_column(entity->columns[i]))) {
            buffer_printf(&names, ", %s", entity->columns[i]->name);
        }
    }
    return memory_from_buffer(arena, &names);
}

/* " What it belongs to is found by house_name (ERROR_INVALID)." */
static const char *parents_of(struct arena *arena, const struct entity *entity)
{
    struct buffer names = {0};

    for (size_t i = 0; i < entity->n_keys; i++) {
        if (entity->keys[i]->join.table != NULL) {
            buffer_printf(&names, "%s%s", names.size == 0 ? "" : " and ", entity->keys[i]->name);
        }
    }
    if (names.size == 0) {
        return "";
    }
    return memory_printf(arena, " What it belongs to is found by %s (ERROR_INVALID if it isn't).",
                         memory_from_buffer(arena, &names));
}

static const char *describe(struct arena *arena, struct entity *entity, const struct method *method)
{
    switch (method->kind) {
    case METHOD_GET_MANY:
        return memory_printf(
            arena,
            "The rows of %s that any of the selectors names, each once, ordered by %s"
            "%s.%s%s All memory of the result is ARENA's. ERROR_CORRUPT.",
            entity->table, order_of(arena, entity), "the natural key",
            entity_find_statement(entity, "objects") != NULL ? " Without selectors: all."
                                                             : " There must be one at least.",
            maps_of(arena, entity, "Filled in, by one query for all", is_read));
    case METHOD_GET_ONE:
        return memory_printf(arena,
                             "All memory of the result is ARENA's.%s ERROR_NOT_FOUND, "
                             "ERROR_CORRUPT.",
                             maps_of(arena, entity, "Filled in", is_read));
    case METHOD_GET_NAMES:
        return memory_printf(arena,
                             "The `%s` of each row, in their order. All memory of the "
                             "result is ARENA's. ERROR_CORRUPT.",
                             method->statement->output->name);
    case METHOD_ID:
        return "ERROR_NOT_FOUND.";
    case METHOD_EXISTS:
        return "Whether there is such a row; it is not an error if there is none.";
    case METHOD_CREATE:
        return memory_printf(arena,
                             "Inserts OBJECT and outputs the id that it got; object->id is not "
                             "looked at.%s%s%s ERROR_CONFLICT.",
                             parents_of(arena, entity), times_of(arena, entity, method->kind),
                             maps_of(arena, entity, "Written with it, deferred", is_created));
    case METHOD_CREATE_OR_REPLACE:
        return memory_printf(arena,
                             "Inserts OBJECT, or updates the row of its natural key, which keeps "
                             "its id and all that refers to it.%s%s ERROR_CONFLICT.",
                             parents_of(arena, entity), times_of(arena, entity, method->kind));
    case METHOD_UPDATE:
        return memory_printf(
            arena,
            "Replaces all of the row but %s by OBJECT.%s%s%s "
            "ERROR_NOT_FOUND, ERROR_CONFLICT.",
            kept_of(arena, entity), parents_of(arena, entity),
            times_of(arena, entity, method->kind),
            maps_of(arena, entity, "Written where they differ, deferred", is_updated));
    case METHOD_RENAME:
        return memory_printf(arena, "%sERROR_NOT_FOUND, ERROR_CONFLICT.",
                             entity_update_time(entity) == NULL ? "" : "NOW becomes its time. ");
    case METHOD_CREATE_MANY:
        return "Inserts the rows by one statement (by several if they are megabytes). "
               "ERROR_CONFLICT, ERROR_INVALID (text that isn't UTF-8).";
    case METHOD_UPDATE_MANY:
        return memory_printf(arena,
                             "Makes OBJECTS all the rows of that %s, which is theirs too "
                             "(ERROR_INTERNAL). ERROR_CONFLICT.",
                             method->fields[0]->name);
    case METHOD_DELETE_ONE:
        return "Deletes the one row. ERROR_NOT_FOUND.";
    case METHOD_DELETE_MANY:
        break;
    }
    return "Deletes any number of rows. With RET_DELETED NULL it is deferred.";
}

/* The functions that the struct of a field with marshal=yes must have. */
static void emit_codec(const char *tag, struct buffer *out)
{
    buffer_append_char(out, '\n');
    emit_comment("To be written by hand: the value as the text of its column, and back. Memory is "
                 "ARENA's. ERROR_INVALID (of a row: told as ERROR_CORRUPT), ERROR_NO_MEMORY.",
                 out);
    buffer_printf(out,
                  "int %s_marshal(const struct %s *value, struct arena *arena, "
                  "const char **ret_text,\n%*sstruct error *error);\n",
                  tag, tag, (int)strlen("int _marshal(") + (int)strlen(tag), "");
    buffer_printf(out,
                  "int %s_unmarshal(const char *text, struct arena *arena, "
                  "struct %s *ret_value,\n%*sstruct error *error);\n",
                  tag, tag, (int)strlen("int _unmarshal(") + (int)strlen(tag), "");
}

static void emit_json(struct arena *arena, const struct entity *entity, struct buffer *out)
{
    buffer_append_char(out, '\n');
    emit_comment(entity->n_versions == 0
                     ? "Writes the JSON object; text that is NULL is written as \"\"."
                     : "Writes the JSON object with the members of all versions; text that is NULL "
                       "is written as \"\".",
                 out);
    emit_to_json_signature(arena, entity->name, entity, ";\n", out);
    buffer_append_char(out, '\n');
    emit_comment("Reads the JSON object strictly; fields that are no members of it become zero. "
                 "PATH is how messages name it, \"\" for a whole document. All memory of the "
                 "result is ARENA's. ERROR_INVALID.",
                 out);
    emit_from_json_signature(arena, entity->name, entity, ";\n", out);
    for (size_t i = 0; i < entity->n_versions; i++) {
        const char *name = emit_json_name(arena, entity, entity->versions[i]);

        buffer_append_char(out, '\n');
        emit_comment(memory_printf(arena,
                                   "The same in version %s of the API, which has no other "
                                   "members than its own.",
                                   entity->versions[i]),
                     out);
        emit_to_json_signature(arena, name, entity, ";\n", out);
        emit_from_json_signature(arena, name, entity, ";\n", out);
    }
}

void emit_header(struct generator *generator, const struct source *source, const char *prefix,
                 struct buffer *out)
{
    struct arena *arena = &generator->arena;
    const char *guard =
        naming_macro(arena, memory_printf(arena, "%s%s_h", prefix, source->target.text));

    buffer_printf(out, "/* Written by generate-database from %s: don't edit. */\n", source->base);
    buffer_printf(out, "#ifndef LBSTATE_%s\n#define LBSTATE_%s\n\n", guard, guard);
    buffer_printf(out, "#include \"db/mapper.h\"\n#include \"%s%s\"\n\n", prefix, source->base);
    buffer_append_string(out, "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n");
    if (has_json(source)) {
        buffer_append_string(out, "\nstruct json_writer;\nstruct json_t;\n");
    }
    for (size_t i = 0; i < source->n_entities; i++) {
        for (size_t j = 0; j < source->entities[i].n_columns; j++) {
            if (emit_needs_codec(source, i, j)) {
                emit_codec(source->entities[i].columns[j]->tag, out);
            }
        }
    }
    for (size_t i = 0; i < source->n_entities; i++) {
        struct entity *entity = &source->entities[i];

        if (entity->table != NULL) {
            emit_types(entity, out);
            emit_constructors(arena, entity, out);
        }
        for (size_t j = 0; j < entity->n_methods; j++) {
            buffer_append_char(out, '\n');
            emit_comment(describe(arena, entity, &entity->methods[j]), out);
            emit_method_signature(arena, entity, &entity->methods[j], ";\n", out);
        }
        if (entity->n_json > 0) {
            emit_json(arena, entity, out);
        }
    }
    buffer_append_string(out, "\n#endif\n");
}
