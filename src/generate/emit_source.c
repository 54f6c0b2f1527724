#include "generate/emit.h"

#include "generate/emit_table.h"
#include "generate/emit_text.h"
#include "generate/memory.h"
#include "generate/sql.h"
#include "generate/sql_clause.h"

#include <string.h>

#define SQL_LINE_SIZE 80

/* Where to break a clause that is longer than a line: behind a comma, before an
 * AND, or at any blank. SIZE if it can't be broken. */
static size_t find_break(const char *clause, size_t size)
{
    size_t blank = size;
    size_t and = size;

    for (size_t i = SQL_LINE_SIZE; i > 0; i--) {
        if (clause[i] == ' ' && clause[i - 1] == ',') {
            return i;
        }
        if (clause[i] == ' ' && and == size && strncmp(clause + i, " AND ", strlen(" AND ")) == 0) {
            and = i;
        }
        if (clause[i] == ' ' && blank == size) {
            blank = i;
        }
    }
    return and < size ? and : blank;
}

/* As literals, one for each clause. */
static void emit_sql(struct emitter *e, const char *sql)
{
    const char *start = sql;

    buffer_append_string(e->out, "    .sql = \"");
    while (*start != '\0') {
        size_t size = strcspn(start, "\n");
        size_t part = size > SQL_LINE_SIZE ? find_break(start, size) : size;

        buffer_append(e->out, start, part);
        start += part;
        if (*start != '\0') {
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

/* Whether the order of rows has to be told: it is not that of the natural key alone,
 * or the places of columns in a row are not those in the table. */
static bool has_order(const struct entity *entity)
{
    return entity->order[0]->is_order || clause_count_joined_keys(entity) > 0;
}

/* Which values of a row its place is made of. */
static void emit_order(struct emitter *e, const struct entity *entity)
{
    if (!has_order(entity)) {
        return;
    }
    buffer_printf(e->out, "\nstatic const unsigned %s_order[] = {", entity->name);
    for (size_t i = 0; i < entity->n_order; i++) {
        unsigned place = 0;

        for (size_t j = 0; entity->columns[j] != entity->order[i]; j++) {
            place += (entity->columns[j]->omit & OMIT_OBJECTS) == 0;
        }
        buffer_printf(e->out, "%s%u", i == 0 ? "" : ", ", place);
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

        buffer_printf(e->out, "    {\n        .table = \"%s\",\n        .field =\n            {\n",
                      reference->table);
        emit_field(e, entity, reference->member, 12);
        buffer_append_string(e->out, "            },\n");
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
    static const char *const statements[] = {"objects",           "id",     "create",
                                             "create_or_replace", "update", "rename"};

    buffer_printf(e->out,
                  "\nstatic const struct mapper %s_mapper = {\n"
                  "    .table = \"%s\",\n"
                  "    .title = \"%s\",\n"
                  "    .object_size = sizeof(struct %s),\n"
                  "    .columns = %s_columns,\n"
                  "    .n_columns = %zu,\n"
                  "    .n_stored = %zu,\n"
                  "    .keys = %s_keys,\n"
                  "    .n_keys = %zu,\n%s",
                  entity->name, entity->table, entity->title, entity->name, entity->name,
                  entity->n_columns, entity->n_stored, entity->name, entity->n_keys,
                  entity_is_association(entity) ? "    .has_no_id = true,\n" : "");
    if (has_order(entity)) {
        buffer_printf(e->out, "    .order = %s_order,\n    .n_order = %zu,\n", entity->name,
                      entity->n_order);
    }
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

/* `const struct db_value params[] = {...};` inside of a function. */
static void emit_params(struct emitter *e, struct member *const *fields, size_t n_fields)
{
    struct emit_list list = {.head = "    const struct db_value params[] = {", .tail = "};\n\n"};

    for (size_t i = 0; i < n_fields; i++) {
        struct buffer value = {0};
        struct emitter inner = {.arena = e->arena, .source = e->source, .out = &value};

        emit_value(&inner, fields[i]);
        *MEMORY_APPEND(e->arena, list.items, list.n_items) = memory_from_buffer(e->arena, &value);
    }
    emit_list(&list, e->out);
}

/* `    return FUNCTION(tx, ...);`, the arguments end with a NULL. */
static void emit_call(struct emitter *e, const char *function, const char *const *arguments)
{
    struct emit_list list = {
        .head = memory_printf(e->arena, "    return %s(", function),
        .tail = ");\n",
    };

    *MEMORY_APPEND(e->arena, list.items, list.n_items) = "tx";
    for (size_t i = 0; arguments[i] != NULL; i++) {
        *MEMORY_APPEND(e->arena, list.items, list.n_items) = arguments[i];
    }
    *MEMORY_APPEND(e->arena, list.items, list.n_items) = "error";
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
                  "    const struct mapper_selector *bases = (const struct mapper_selector "
                  "*)selectors;\n"
                  "    void *objects;\n"
                  "    size_t n_objects;\n"
                  "    int rv;\n\n"
                  "    rv = mapper_get_many(tx, &%s_mapper, bases, n_selectors, arena, &objects,\n"
                  "                         &n_objects, error);\n"
                  "    if (rv == ERROR_NONE) {\n"
                  "        ret_list->objects = objects;\n"
                  "        ret_list->n_objects = n_objects;\n"
                  "    }\n"
                  "    return rv;\n",
                  entity->name);
}

/* `struct E_selector selector = E_by_...(...);`. */
static void emit_key_selector(struct emitter *e, const struct entity *entity,
                              const struct statement *statement)
{
    struct emit_list list = {
        .head = memory_printf(e->arena, "    struct %s_selector selector = %s_%s(", entity->name,
                              entity->name, statement->name + strlen("objects_")),
        .tail = ");\n\n",
    };

    for (size_t i = 0; i < entity->n_keys; i++) {
        *MEMORY_APPEND(e->arena, list.items, list.n_items) = entity->keys[i]->name;
    }
    if (strlen(list.head) > 60) {
        buffer_printf(e->out, "    struct %s_selector selector =\n", entity->name);
        list.head = memory_printf(e->arena, "        %s_%s(", entity->name,
                                  statement->name + strlen("objects_"));
    }
    emit_list(&list, e->out);
}

/* A copy of the object with the time in it. */
static void emit_stamps(struct emitter *e, const struct entity *entity, enum method_kind kind)
{
    const struct member *made = kind == METHOD_UPDATE ? NULL : entity_create_time(entity);
    const struct member *changed = entity_update_time(entity);

    buffer_printf(e->out, "    struct %s stamped = *object;\n", entity->name);
    if (kind == METHOD_UPDATE) {
        emit_params(e, entity->keys, entity->n_keys);
    } else {
        buffer_append_char(e->out, '\n');
    }
    if (made != NULL) {
        buffer_printf(e->out, "    stamped.%s%s = now;\n", made->prefix, made->name);
    }
    if (changed != NULL) {
        buffer_printf(e->out, "    stamped.%s%s = now;\n", changed->prefix, changed->name);
    }
}

/* `&E_columns[0]`. */
static const char *column_of(struct emitter *e, const struct entity *entity,
                             const struct member *member)
{
    size_t i = 0;

    while (entity->columns[i] != member) {
        i++;
    }
    return memory_printf(e->arena, "&%s_columns[%zu]", entity->name, i);
}

static void emit_method(struct emitter *e, const struct entity *entity, const struct method *method)
{
    const char *mapper = memory_printf(e->arena, "&%s_mapper", entity->name);
    const char *stmt =
        method->statement == NULL
            ? NULL
            : memory_printf(e->arena, "&stmt_%s_%s", entity->name, method->statement->name);
    const char *runtime = memory_printf(e->arena, "mapper_%s", method->name);
    const char *object = "object";

    buffer_append_char(e->out, '\n');
    emit_method_signature(e->arena, entity, method, "\n{\n", e->out);
    if (method->kind != METHOD_RENAME && emit_takes_time(entity, method->kind)) {
        emit_stamps(e, entity, method->kind);
        object = "&stamped";
    }
    switch (method->kind) {
    case METHOD_GET_MANY:
        emit_get_many(e, entity);
        break;
    case METHOD_GET_ONE:
        emit_key_selector(e, entity, method->statement);
        emit_call(e, runtime,
                  (const char *[]){mapper, "&selector.base", "arena", "ret_object", NULL});
        break;
    case METHOD_CREATE_MANY:
        emit_call(e, "mapper_create_many", (const char *[]){mapper, "objects", "n_objects", NULL});
        break;
    case METHOD_UPDATE_MANY:
        emit_params(e, method->fields, method->n_fields);
        emit_call(e, "mapper_update_many",
                  (const char *[]){mapper, stmt, column_of(e, entity, method->fields[0]), "params",
                                   "objects", "n_objects", NULL});
        break;
    case METHOD_GET_NAMES:
        if (method->n_fields > 0) {
            emit_params(e, method->fields, method->n_fields);
        }
        emit_call(e, "mapper_get_names",
                  (const char *[]){mapper, stmt, method->n_fields > 0 ? "params" : "NULL", "arena",
                                   "ret_names", "ret_n_names", NULL});
        break;
    case METHOD_ID:
        emit_params(e, entity->keys, entity->n_keys);
        emit_call(e, runtime, (const char *[]){mapper, "params", "ret_id", NULL});
        break;
    case METHOD_EXISTS:
        emit_params(e, entity->keys, entity->n_keys);
        emit_call(e, runtime, (const char *[]){mapper, "params", "ret_exists", NULL});
        break;
    case METHOD_CREATE:
        emit_call(e, runtime, (const char *[]){mapper, object, "ret_id", NULL});
        break;
    case METHOD_CREATE_OR_REPLACE:
        emit_call(e, runtime, (const char *[]){mapper, object, NULL});
        break;
    case METHOD_UPDATE:
        if (!emit_takes_time(entity, method->kind)) {
            emit_params(e, entity->keys, entity->n_keys);
        }
        emit_call(e, runtime, (const char *[]){mapper, "params", object, NULL});
        break;
    case METHOD_RENAME:
        emit_params(e, entity->keys, entity->n_keys);
        if (emit_takes_time(entity, method->kind)) {
            emit_call(e, "mapper_rename_at",
                      (const char *[]){mapper, "params", "new_name", "now", NULL});
        } else {
            emit_call(e, runtime, (const char *[]){mapper, "params", "new_name", NULL});
        }
        break;
    case METHOD_DELETE_ONE:
        emit_params(e, method->fields, method->n_fields);
        emit_call(e, "mapper_delete_one", (const char *[]){mapper, stmt, "params", NULL});
        break;
    case METHOD_DELETE_MANY:
        emit_params(e, method->fields, method->n_fields);
        emit_call(e, "mapper_delete_many", (const char *[]){stmt, "params", "ret_deleted", NULL});
        break;
    }
    buffer_append_string(e->out, "}\n");
}

static void emit_json_functions(struct emitter *e, const struct entity *entity, const char *version)
{
    const char *name = emit_json_name(e->arena, entity, version);

    buffer_append_char(e->out, '\n');
    emit_to_json_signature(e->arena, name, entity, "\n", e->out);
    buffer_printf(e->out, "{\n    json_type_write(w, &%s_json, object);\n}\n\n", name);
    emit_from_json_signature(e->arena, name, entity, "\n", e->out);
    buffer_printf(e->out,
                  "{\n    return json_type_read(&%s_json, json, path, arena, ret_object, error);\n"
                  "}\n",
                  name);
}

static void emit_entity(struct emitter *e, const struct entity *entity)
{
    for (size_t i = 0; i < entity->n_queries; i++) {
        emit_query(e, entity, &entity->queries[i]);
    }
    emit_fields(e, entity, "columns", entity->columns, entity->n_columns);
    emit_keys(e, entity);
    emit_order(e, entity);
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
    struct emitter e = {.arena = &generator->arena, .source = source, .out = out};

    buffer_printf(out,
                  "/* Written by generate-database from %s: don't edit. */\n"
                  "#include \"%s%s.h\"\n",
                  source->base, prefix, source->target.text);
    emit_tables(&e);
    for (size_t i = 0; i < source->n_entities; i++) {
        if (source->entities[i].table != NULL) {
            emit_entity(&e, &source->entities[i]);
        }
        if (source->entities[i].n_json > 0) {
            emit_json_functions(&e, &source->entities[i], NULL);
        }
        for (size_t j = 0; j < source->entities[i].n_versions; j++) {
            emit_json_functions(&e, &source->entities[i], source->entities[i].versions[j]);
        }
    }
}
