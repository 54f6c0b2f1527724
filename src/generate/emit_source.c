#include "generate/emit.h"

#include "generate/emit_text.h"
#include "generate/memory.h"
#include "generate/sql.h"

#include <string.h>

struct emitter {
    struct arena *arena;
    struct buffer *out;
};

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
    struct emit_list list = {
        .head = "    ",
        .items = enumeration->values,
        .n_items = enumeration->n_values,
        .tail = ",\n",
    };

    buffer_printf(e->out, "\nstatic const int %s_values[] = {\n", enumeration->name);
    emit_list(&list, e->out);
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

/* The initialiser of a struct field, INDENT blanks from the left. */
static void emit_field(struct emitter *e, const struct entity *entity, const struct member *member,
                       int indent)
{
    static const char *const kinds[] = {
        [TYPE_INTEGER] = "INTEGER", [TYPE_BOOL] = "BOOL",       [TYPE_DOUBLE] = "DOUBLE",
        [TYPE_TEXT] = "TEXT",       [TYPE_BYTES] = "BYTES",     [TYPE_ENUM] = "ENUM",
        [TYPE_OBJECTS] = "OBJECTS", [TYPE_STRINGS] = "STRINGS", [TYPE_MAP] = "MAP",
    };

    buffer_printf(e->out, "%*s    .name = \"%s\",\n", indent, "", member->name);
    buffer_printf(e->out, "%*s    .kind = FIELD_%s,\n", indent, "", kinds[member->kind]);
    if (member->optional) {
        buffer_printf(e->out, "%*s    .optional = true,\n", indent, "");
    }
    buffer_printf(e->out, "%*s    .offset = offsetof(struct %s, %s),\n", indent, "", entity->name,
                  member->name);
    if (member->kind == TYPE_OBJECTS || member->kind == TYPE_STRINGS) {
        buffer_printf(e->out, "%*s    .count_offset = offsetof(struct %s, n_%s),\n", indent, "",
                      entity->name, member->name);
    }
    if (member->kind == TYPE_OBJECTS) {
        buffer_printf(e->out, "%*s    .items = &%s_json,\n", indent, "", member->tag);
    }
    if (member->kind == TYPE_ENUM) {
        buffer_printf(e->out, "%*s    .enumerator = &%s_enum,\n", indent, "", member->tag);
    }
}

static void emit_fields(struct emitter *e, const struct entity *entity, const char *name,
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

static void emit_json_type(struct emitter *e, const struct entity *entity)
{
    emit_fields(e, entity, "members", entity->json, entity->n_json);
    buffer_printf(e->out,
                  "\nstatic const struct json_type %s_json = {\n"
                  "    .name = \"%s\",\n"
                  "    .size = sizeof(struct %s),\n"
                  "    .fields = %s_members,\n"
                  "    .n_fields = %zu,\n"
                  "};\n",
                  entity->name, entity->name, entity->name, entity->name, entity->n_json);
}

/* As literals, one for each line of it, broken further at blanks. */
static void emit_sql(struct emitter *e, const char *sql)
{
    const char *start = sql;

    buffer_append_string(e->out, "    .sql = \"");
    while (*start != '\0') {
        size_t size = strcspn(start, "\n");

        while (size > 80) {
            size_t cut = 80;

            while (cut > 0 && start[cut] != ' ') {
                cut--;
            }
            if (cut == 0) {
                break;
            }
            buffer_append(e->out, start, cut);
            buffer_append_string(e->out, " \"\n           \"");
            start += cut + 1;
            size -= cut + 1;
        }
        buffer_append(e->out, start, size);
        start += size;
        if (*start == '\n') {
            buffer_append_string(e->out, " \"\n           \"");
            start++;
        }
    }
    buffer_append_string(e->out, "\",\n");
}

static void emit_query(struct emitter *e, const struct entity *entity, const struct query *query)
{
    buffer_printf(e->out,
                  "\nstatic const struct db_stmt stmt_%s_%s = {\n"
                  "    .name = \"%s.%s\",\n",
                  entity->name, query->name, entity->name, query->name);
    emit_sql(e, query->sql);
    if (query->n_params > 0) {
        buffer_printf(e->out, "    .n_params = %u,\n", query->n_params);
    }
    if (query->n_columns > 0) {
        buffer_printf(e->out, "    .n_columns = %u,\n", query->n_columns);
    }
    buffer_append_string(e->out, "};\n");
}

static void emit_keys(struct emitter *e, const struct entity *entity)
{
    buffer_printf(e->out, "\nstatic const unsigned %s_keys[] = {", entity->name);
    for (size_t i = 0; i < entity->n_keys; i++) {
        for (unsigned j = 0; j < entity->n_columns; j++) {
            if (entity->columns[j] == entity->keys[i]) {
                buffer_printf(e->out, "%s%u", i == 0 ? "" : ", ", j);
            }
        }
    }
    buffer_append_string(e->out, "};\n");
}

static void emit_map_statement(struct emitter *e, const struct entity *entity,
                               const struct reference *reference, const char *verb)
{
    buffer_printf(e->out, "        .%s = &stmt_%s_%s_%s,\n", verb, entity->name, reference->name,
                  verb);
}

static void emit_references(struct emitter *e, const struct entity *entity)
{
    if (entity->n_references == 0) {
        return;
    }
    buffer_printf(e->out, "\nstatic const struct mapper_reference %s_references[] = {\n",
                  entity->name);
    for (size_t i = 0; i < entity->n_references; i++) {
        const struct reference *reference = &entity->references[i];

        buffer_printf(e->out, "    {\n        .table = \"%s\",\n        .field = {\n",
                      reference->table);
        emit_field(e, entity, reference->member, 8);
        buffer_append_string(e->out, "        },\n");
        if (reference->is_read) {
            emit_map_statement(e, entity, reference, "get");
        }
        if (reference->is_created) {
            emit_map_statement(e, entity, reference, "insert");
        }
        if (reference->is_updated) {
            emit_map_statement(e, entity, reference, "prune");
            emit_map_statement(e, entity, reference, "merge");
        }
        buffer_append_string(e->out, "    },\n");
    }
    buffer_append_string(e->out, "};\n");
}

static void emit_mapper(struct emitter *e, const struct entity *entity)
{
    static const char *const statements[] = {"objects", "id", "create", "update", "rename"};

    buffer_printf(e->out,
                  "\nstatic const struct mapper %s_mapper = {\n"
                  "    .table = \"%s\",\n"
                  "    .title = \"%s\",\n"
                  "    .object_size = sizeof(struct %s),\n"
                  "    .columns = %s_columns,\n"
                  "    .n_columns = %zu,\n"
                  "    .n_stored = %zu,\n"
                  "    .keys = %s_keys,\n"
                  "    .n_keys = %zu,\n",
                  entity->name, entity->table, entity->title, entity->name, entity->name,
                  entity->n_columns, entity->n_stored, entity->name, entity->n_keys);
    if (entity->n_references > 0) {
        buffer_printf(e->out, "    .references = %s_references,\n    .n_references = %zu,\n",
                      entity->name, entity->n_references);
    }
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        if (sql_find(entity, statements[i]) != NULL) {
            buffer_printf(e->out, "    .%s = &stmt_%s_%s,\n", statements[i], entity->name,
                          statements[i]);
        }
    }
    buffer_append_string(e->out, "};\n");
}

/* `db_text(name)`. */
static void emit_value(struct emitter *e, const struct member *field)
{
    const char *make = field->kind == TYPE_TEXT     ? "db_text"
                       : field->kind == TYPE_DOUBLE ? "db_float"
                                                    : "db_integer";

    buffer_printf(e->out, "%s(%s)", make, field->name);
}

/* `const struct db_value NAME[] = {...};` inside of a function. */
static void emit_values(struct emitter *e, const char *name, struct member *const *fields,
                        size_t n_fields)
{
    struct emit_list list = {
        .head = memory_printf(e->arena, "    const struct db_value %s[] = {", name),
        .tail = "};\n",
    };

    for (size_t i = 0; i < n_fields; i++) {
        struct buffer value = {0};
        struct emitter inner = {.arena = e->arena, .out = &value};

        emit_value(&inner, fields[i]);
        *MEMORY_APPEND(e->arena, list.items, list.n_items) = memory_from_buffer(e->arena, &value);
    }
    emit_list(&list, e->out);
}

static void emit_constructor(struct emitter *e, const struct entity *entity,
                             const struct statement *statement)
{
    const char *by = statement->name + strlen("objects_");

    buffer_printf(e->out,
                  "\nstatic const struct mapper_selection %s_selection_%s = {\n"
                  "    .one = &stmt_%s_%s,\n"
                  "    .any = &stmt_%s_%s_any,\n"
                  "};\n\n",
                  entity->name, by, entity->name, statement->name, entity->name, statement->name);
    emit_constructor_signature(e->arena, entity, statement, "\n", e->out);
    buffer_printf(e->out,
                  "{\n"
                  "    return (struct %s_selector){\n"
                  "        .base.selection = &%s_selection_%s,\n",
                  entity->name, entity->name, by);
    for (size_t i = 0; i < statement->n_fields; i++) {
        buffer_printf(e->out, "        .base.values[%zu] = ", i);
        emit_value(e, statement->fields[i]);
        buffer_append_string(e->out, ",\n");
    }
    buffer_append_string(e->out, "    };\n}\n");
}

static void emit_get_many(struct emitter *e, const struct entity *entity)
{
    buffer_printf(e->out,
                  "    void *objects;\n"
                  "    size_t n_objects;\n"
                  "    int rv = mapper_get_many(tx, &%s_mapper,\n"
                  "                             (const struct mapper_selector *)selectors, "
                  "n_selectors, arena,\n"
                  "                             &objects, &n_objects, error);\n\n"
                  "    if (rv == ERROR_NONE) {\n"
                  "        *ret_list = (struct %s_list){.objects = objects, "
                  ".n_objects = n_objects};\n"
                  "    }\n"
                  "    return rv;\n",
                  entity->name, entity->name);
}

static void emit_get_one(struct emitter *e, const struct entity *entity,
                         const struct method *method)
{
    struct buffer call = {0};
    struct emit_list list = {.tail = ");\n"};

    buffer_printf(&call, "    struct %s_selector selector = %s_%s(", entity->name, entity->name,
                  method->statement->name + strlen("objects_"));
    list.head = memory_from_buffer(e->arena, &call);
    for (size_t i = 0; i < entity->n_keys; i++) {
        *MEMORY_APPEND(e->arena, list.items, list.n_items) = entity->keys[i]->name;
    }
    emit_list(&list, e->out);
    buffer_printf(e->out,
                  "\n    return mapper_get_one(tx, &%s_mapper, &selector.base, arena, ret_object, "
                  "error);\n",
                  entity->name);
}

/* The methods whose first arguments are the natural key. */
static void emit_by_key(struct emitter *e, const struct entity *entity, const struct method *method,
                        const char *arguments)
{
    emit_values(e, "key", entity->keys, entity->n_keys);
    buffer_printf(e->out, "\n    return mapper_%s(tx, &%s_mapper, key, %s, error);\n", method->name,
                  entity->name, arguments);
}

static void emit_method(struct emitter *e, const struct entity *entity, const struct method *method)
{
    buffer_append_char(e->out, '\n');
    emit_method_signature(e->arena, entity, method, "\n{\n", e->out);
    switch (method->kind) {
    case METHOD_GET_MANY:
        emit_get_many(e, entity);
        break;
    case METHOD_GET_ONE:
        emit_get_one(e, entity, method);
        break;
    case METHOD_ID:
        emit_by_key(e, entity, method, "ret_id");
        break;
    case METHOD_EXISTS:
        emit_by_key(e, entity, method, "ret_exists");
        break;
    case METHOD_CREATE:
        buffer_printf(e->out, "    return mapper_create(tx, &%s_mapper, object, ret_id, error);\n",
                      entity->name);
        break;
    case METHOD_UPDATE:
        emit_by_key(e, entity, method, "object");
        break;
    case METHOD_RENAME:
        emit_by_key(e, entity, method, "new_name");
        break;
    case METHOD_DELETE_ONE:
        emit_values(e, "values", method->fields, method->n_fields);
        buffer_printf(e->out,
                      "\n    return mapper_delete_one(tx, &%s_mapper,\n"
                      "                             &stmt_%s_%s,\n"
                      "                             values, error);\n",
                      entity->name, entity->name, method->statement->name);
        break;
    case METHOD_DELETE_MANY:
        emit_values(e, "values", method->fields, method->n_fields);
        buffer_printf(e->out,
                      "\n    return mapper_delete_many(tx, &stmt_%s_%s, values,\n"
                      "                              ret_deleted, error);\n",
                      entity->name, method->statement->name);
        break;
    }
    buffer_append_string(e->out, "}\n");
}

static void emit_json_functions(struct emitter *e, const struct entity *entity)
{
    buffer_append_char(e->out, '\n');
    emit_to_json_signature(e->arena, entity, "\n", e->out);
    buffer_printf(e->out, "{\n    json_type_write(w, &%s_json, object);\n}\n\n", entity->name);
    emit_from_json_signature(e->arena, entity, "\n", e->out);
    buffer_printf(e->out,
                  "{\n    return json_type_read(&%s_json, json, path, arena, ret_object, error);\n"
                  "}\n",
                  entity->name);
}

static void emit_entity(struct emitter *e, const struct entity *entity)
{
    for (size_t i = 0; i < entity->n_queries; i++) {
        emit_query(e, entity, &entity->queries[i]);
    }
    emit_fields(e, entity, "columns", entity->columns, entity->n_columns);
    emit_keys(e, entity);
    emit_references(e, entity);
    emit_mapper(e, entity);
    for (size_t i = 0; i < entity->n_statements; i++) {
        if (emit_is_selection(&entity->statements[i])) {
            emit_constructor(e, entity, &entity->statements[i]);
        }
    }
    for (size_t i = 0; i < entity->n_methods; i++) {
        emit_method(e, entity, &entity->methods[i]);
    }
}

void emit_source(struct generator *generator, const struct source *source, const char *prefix,
                 struct buffer *out)
{
    struct emitter e = {.arena = &generator->arena, .out = out};

    buffer_printf(out,
                  "/* Written by generate-database from %s: don't edit. */\n"
                  "#include \"%s%s.h\"\n",
                  source->base, prefix, source->target.text);
    for (size_t i = 0; i < source->n_enumerations; i++) {
        if (is_enum_used(source, source->enumerations[i].name)) {
            emit_enumeration(&e, &source->enumerations[i]);
        }
    }
    /* In the order of their directives, so that what is used comes first. */
    for (size_t i = 0; i < source->n_directives; i++) {
        if (source->directives[i].command == COMMAND_JSON) {
            for (size_t j = 0; j < source->n_entities; j++) {
                if (strcmp(source->entities[j].name, source->directives[i].entity.text) == 0) {
                    emit_json_type(&e, &source->entities[j]);
                }
            }
        }
    }
    for (size_t i = 0; i < source->n_entities; i++) {
        if (source->entities[i].table != NULL) {
            emit_entity(&e, &source->entities[i]);
        }
        if (source->entities[i].n_json > 0) {
            emit_json_functions(&e, &source->entities[i]);
        }
    }
}
