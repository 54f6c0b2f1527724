#include "generate/emit_table.h"

#include "generate/emit_text.h"
#include "generate/memory.h"

#include <string.h>

static bool is_enum_used(const struct source *source, const char *name)
{
    for (size_t i = 0; i < source->n_entities; i++) {
        const struct entity *entity = &source->entities[i];

        for (size_t j = 0; j < entity->n_columns + entity->n_json; j++) {
            const struct member *member =
                j < entity->n_columns ? entity->columns[j] : entity->json[j - entity->n_columns];

            if (member->kind == TYPE_ENUM && strcmp(member->tag, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void emit_enumeration(struct emitter *e, const struct enumeration *enumeration)
{
    buffer_printf(e->out, "\nstatic const int %s_values[] = {\n", enumeration->name);
    for (size_t i = 0; i < enumeration->n_values; i++) {
        buffer_printf(e->out, "    %s,\n", enumeration->values[i]);
    }
    buffer_printf(e->out,
                  "};\n"
                  "static const struct field_enum %s_enum = {\n"
                  "    .name = \"%s\",\n"
                  "    .values = %s_values,\n"
                  "    .n_values = %zu,\n"
                  "};\n"
                  "_Static_assert(sizeof(enum %s) == sizeof(int), \"the runtime reads an int\");\n",
                  enumeration->name, enumeration->name, enumeration->name, enumeration->n_values,
                  enumeration->name);
}

static const struct entity *find_items(const struct source *source, const struct member *member)
{
    size_t i = 0;

    while (strcmp(source->entities[i].name, member->tag) != 0) {
        i++;
    }
    return &source->entities[i];
}

/* The runtime's table has functions of no type; the caller's are of their struct's. */
static void emit_codec(struct emitter *e, const char *tag)
{
    buffer_printf(e->out,
                  "\nstatic int marshal_%s(const void *value, struct arena *arena, "
                  "const char **ret_text,\n%*sstruct error *error)\n"
                  "{\n    return %s_marshal(value, arena, ret_text, error);\n}\n",
                  tag, (int)(strlen("static int marshal_(") + strlen(tag)), "", tag);
    buffer_printf(e->out,
                  "\nstatic int unmarshal_%s(const char *text, struct arena *arena, "
                  "void *ret_value,\n%*sstruct error *error)\n"
                  "{\n    return %s_unmarshal(text, arena, ret_value, error);\n}\n",
                  tag, (int)(strlen("static int unmarshal_(") + strlen(tag)), "", tag);
    buffer_printf(e->out,
                  "\nstatic const struct field_codec %s_codec = {\n"
                  "    .marshal = marshal_%s,\n"
                  "    .unmarshal = unmarshal_%s,\n"
                  "};\n",
                  tag, tag, tag);
}

/* `.omit = FIELD_OMIT_OBJECTS | FIELD_OMIT_UPDATE,`. */
static void emit_omissions(struct emitter *e, const struct member *member, int indent)
{
    static const struct {
        enum omission bit;
        const char *name;
    } known[] = {{OMIT_OBJECTS, "OBJECTS"}, {OMIT_CREATE, "CREATE"}, {OMIT_UPDATE, "UPDATE"}};
    const char *separator = "";

    if (member->omit == 0) {
        return;
    }
    buffer_printf(e->out, "%*s    .omit = ", indent, "");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if ((member->omit & known[i].bit) != 0) {
            buffer_printf(e->out, "%sFIELD_OMIT_%s", separator, known[i].name);
            separator = " | ";
        }
    }
    buffer_append_string(e->out, ",\n");
}

void emit_field(struct emitter *e, const struct entity *entity, const struct member *member,
                int indent)
{
    static const char *const kinds[] = {
        [TYPE_INTEGER] = "INTEGER", [TYPE_BOOL] = "BOOL",       [TYPE_DOUBLE] = "DOUBLE",
        [TYPE_TEXT] = "TEXT",       [TYPE_BYTES] = "BYTES",     [TYPE_ENUM] = "ENUM",
        [TYPE_OBJECTS] = "OBJECTS", [TYPE_STRINGS] = "STRINGS", [TYPE_MAP] = "MAP",
        [TYPE_CUSTOM] = "CUSTOM",
    };

    buffer_printf(e->out, "%*s    .name = \"%s\",\n", indent, "", member->name);
    buffer_printf(e->out, "%*s    .kind = FIELD_%s,\n", indent, "", kinds[member->kind]);
    if (member->optional) {
        buffer_printf(e->out, "%*s    .optional = true,\n", indent, "");
    }
    buffer_printf(e->out, "%*s    .offset = offsetof(struct %s, %s%s),\n", indent, "", entity->name,
                  member->prefix, member->name);
    if (member->kind == TYPE_OBJECTS || member->kind == TYPE_STRINGS) {
        buffer_printf(e->out, "%*s    .count_offset = offsetof(struct %s, %sn_%s),\n", indent, "",
                      entity->name, member->prefix, member->name);
    }
    if (member->kind == TYPE_OBJECTS) {
        buffer_printf(e->out, "%*s    .items = &%s_json,\n", indent, "",
                      emit_json_name(e->arena, find_items(e->source, member), e->version));
    }
    if (member->max.text != NULL) {
        buffer_printf(e->out, "%*s    .max = %s,\n", indent, "", member->max.text);
    }
    if (member->kind == TYPE_ENUM) {
        buffer_printf(e->out, "%*s    .enumeration = &%s_enum,\n", indent, "", member->tag);
    }
    if (member->kind == TYPE_CUSTOM) {
        buffer_printf(e->out, "%*s    .codec = &%s_codec,\n", indent, "", member->tag);
    }
    emit_omissions(e, member, indent);
}

void emit_fields(struct emitter *e, const struct entity *entity, const char *name,
                 struct member *const *members, size_t n_members)
{
    buffer_printf(e->out, "\nstatic const struct field %s_%s[] = {\n", entity->name, name);
    for (size_t i = 0; i < n_members; i++) {
        buffer_append_string(e->out, "    {\n");
        emit_field(e, entity, members[i], 4);
        buffer_append_string(e->out, "    },\n");
    }
    buffer_append_string(e->out, "};\n");
}

static void emit_json_type(struct emitter *e, const struct entity *entity,
                           struct member *const *members, size_t n_members)
{
    const char *name = emit_json_name(e->arena, entity, e->version);
    const char *suffix = name + strlen(entity->name);

    emit_fields(e, entity,
                *suffix == '\0' ? "members" : memory_printf(e->arena, "%s_members", suffix + 1),
                members, n_members);
    buffer_printf(e->out,
                  "\nstatic const struct json_type %s_json = {\n"
                  "    .name = \"%s\",\n"
                  "    .size = sizeof(struct %s),\n"
                  "    .fields = %s_members,\n"
                  "    .n_fields = %zu,\n"
                  "};\n",
                  name, entity->name, entity->name, name, n_members);
}

/* With all members, which is what columns hold, and for each version of the API. */
static void emit_json_types(struct emitter *e, const struct entity *entity)
{
    emit_json_type(e, entity, entity->json, entity->n_json);
    for (size_t i = 0; i < entity->n_versions; i++) {
        struct member **members = NULL;
        size_t n_members = 0;

        for (size_t j = 0; j < entity->n_json; j++) {
            if (entity_has_member_in(entity, entity->json[j], i)) {
                *MEMORY_APPEND(e->arena, members, n_members) = entity->json[j];
            }
        }
        e->version = entity->versions[i];
        emit_json_type(e, entity, members, n_members);
        e->version = NULL;
    }
}

void emit_tables(struct emitter *e)
{
    for (size_t i = 0; i < e->source->n_enumerations; i++) {
        if (is_enum_used(e->source, e->source->enumerations[i].name)) {
            emit_enumeration(e, &e->source->enumerations[i]);
        }
    }
    for (size_t i = 0; i < e->source->n_entities; i++) {
        for (size_t j = 0; j < e->source->entities[i].n_columns; j++) {
            if (emit_needs_codec(e->source, i, j)) {
                emit_codec(e, e->source->entities[i].columns[j]->tag);
            }
        }
    }
    /* In the order of their directives, so that what is used comes first. */
    for (size_t i = 0; i < e->source->n_directives; i++) {
        if (e->source->directives[i].command == COMMAND_JSON) {
            for (size_t j = 0; j < e->source->n_entities; j++) {
                if (strcmp(e->source->entities[j].name, e->source->directives[i].entity.text) ==
                    0) {
                    emit_json_types(e, &e->source->entities[j]);
                }
            }
        }
    }
}
