#include "generate/sql.h"

#include "generate/memory.h"

#include <string.h>

static struct query *add(struct generator *generator, struct entity *entity, const char *name,
                         struct buffer *sql)
{
    struct query *query = MEMORY_APPEND(&generator->arena, entity->queries, entity->n_queries);

    query->name = name;
    query->sql = memory_from_buffer(&generator->arena, sql);
    query->constraint_table = entity->table;
    return query;
}

/* The columns by which the plan must find its rows; the id is SQLite's rowid. */
static void constrain(struct generator *generator, struct query *query,
                      struct member *const *fields, size_t n_fields)
{
    for (size_t i = 0; i < n_fields; i++) {
        const char *name = fields[i]->name;

        *MEMORY_APPEND(&generator->arena, query->constraints, query->n_constraints) =
            strcmp(name, "id") == 0 ? "rowid" : name;
    }
}

static void append_column(const struct entity *entity, const struct member *member,
                          struct buffer *sql)
{
    if (member->join.table != NULL) {
        buffer_printf(sql, "%s.%s", member_join_name(member), member->join.column);
    } else {
        buffer_printf(sql, "%s.%s", entity->table, member->name);
    }
}

static void append_columns(const struct entity *entity, struct buffer *sql)
{
    const char *separator = "SELECT ";

    for (size_t i = 0; i < entity->n_columns; i++) {
        const struct member *member = entity->columns[i];

        if ((member->omit & OMIT_OBJECTS) != 0) {
            continue;
        }
        buffer_printf(sql, "%s%s", separator, member->coalesce.text == NULL ? "" : "coalesce(");
        append_column(entity, member, sql);
        if (member->coalesce.text != NULL) {
            buffer_printf(sql, ", %s)", member->coalesce.text);
        }
        separator = ", ";
    }
}

static bool is_joined_before(const struct entity *entity, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (entity->columns[j]->join.table != NULL &&
            strcmp(member_join_name(entity->columns[j]), member_join_name(entity->columns[i])) ==
                0) {
            return true;
        }
    }
    return false;
}

static void append_joins(const struct entity *entity, struct buffer *sql)
{
    for (size_t i = entity_first_joined(entity); i < entity->n_columns; i++) {
        const struct member *member = entity->columns[i];

        if (!is_joined_before(entity, i)) {
            buffer_printf(
                sql, "\n%sJOIN %s%s%s ON %s.%s = %s.%s", member->is_left_join ? "LEFT " : "",
                member->join.table, member->joinas.text == NULL ? "" : " AS ",
                member->joinas.text == NULL ? "" : member->joinas.text, member_join_name(member),
                member_join_column(member), entity->table, member->joinon.column);
        }
    }
}

/* `\nWHERE t.a = ? AND t.b = ?`. */
static void append_where(const struct entity *entity, struct member *const *fields, size_t n_fields,
                         struct buffer *sql)
{
    for (size_t i = 0; i < n_fields; i++) {
        buffer_printf(sql, "%s%s.%s = ?", i == 0 ? "\nWHERE " : " AND ", entity->table,
                      fields[i]->name);
    }
}

/* Rows come in an order that no two of them share a place in. */
static void append_order(const struct entity *entity, struct buffer *sql)
{
    for (size_t i = 0; i < entity->n_order; i++) {
        const struct member *member = entity->order[i];

        buffer_append_string(sql, i == 0 ? "\nORDER BY " : ", ");
        /* By what is selected, not by what NULL stands for. */
        if (member->coalesce.text != NULL) {
            buffer_append_string(sql, "coalesce(");
        }
        append_column(entity, member, sql);
        if (member->coalesce.text != NULL) {
            buffer_printf(sql, ", %s)", member->coalesce.text);
        }
    }
}

static void build_objects(struct generator *generator, struct entity *entity,
                          struct statement *statement)
{
    struct buffer sql = {0};
    struct query *query;

    append_columns(entity, &sql);
    buffer_printf(&sql, "\nFROM %s", entity->table);
    append_joins(entity, &sql);
    append_where(entity, statement->fields, statement->n_fields, &sql);
    append_order(entity, &sql);
    query = add(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)statement->n_fields;
    query->selects_columns = true;
    query->statement = statement;
    constrain(generator, query, statement->fields, statement->n_fields);
}

/* The same for several selectors at once: a JSON array with an array of values
 * for each. CROSS JOIN keeps the planner from starting at the table's side. The
 * rows are ordered where those of several kinds of selectors are merged. */
static void build_objects_any(struct generator *generator, struct entity *entity,
                              struct statement *statement)
{
    struct buffer sql = {0};
    struct query *query;

    append_columns(entity, &sql);
    buffer_printf(&sql, "\nFROM json_each(?) AS selector\nCROSS JOIN %s", entity->table);
    append_joins(entity, &sql);
    for (size_t i = 0; i < statement->n_fields; i++) {
        buffer_printf(&sql, "%s%s.%s = selector.value ->> %zu", i == 0 ? "\nWHERE " : " AND ",
                      entity->table, statement->fields[i]->name, i);
    }
    query =
        add(generator, entity, memory_printf(&generator->arena, "%s_any", statement->name), &sql);
    query->at = statement->at;
    query->n_params = 1;
    query->json_sample = "[[\"1\", \"1\", \"1\", \"1\"]]";
    query->selects_columns = true;
    query->statement = statement;
    constrain(generator, query, statement->fields, statement->n_fields);
}

static void build_id(struct generator *generator, struct entity *entity,
                     struct statement *statement)
{
    struct buffer sql = {0};
    struct query *query;

    buffer_printf(&sql, "SELECT %s.id\nFROM %s", entity->table, entity->table);
    append_where(entity, entity->keys, entity->n_keys, &sql);
    query = add(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)entity->n_keys;
    query->statement = statement;
    constrain(generator, query, entity->keys, entity->n_keys);
}

static void build_names(struct generator *generator, struct entity *entity,
                        struct statement *statement)
{
    const char *name = statement->output->name;
    struct buffer sql = {0};
    struct query *query;

    buffer_printf(&sql, "SELECT %s.%s\nFROM %s", entity->table, name, entity->table);
    append_where(entity, statement->fields, statement->n_fields, &sql);
    buffer_printf(&sql, "\nORDER BY %s.%s", entity->table, name);
    query = add(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)statement->n_fields;
    query->statement = statement;
    constrain(generator, query, statement->fields, statement->n_fields);
}

/* `INSERT INTO t (a, b)\nVALUES (?, ?)`. */
static void append_insert(const struct entity *entity, struct buffer *sql)
{
    size_t n_params = entity_count_written(entity, OMIT_CREATE);
    const char *separator = "(";

    buffer_printf(sql, "INSERT INTO %s ", entity->table);
    for (size_t i = entity->first_stored; i < entity_first_joined(entity); i++) {
        if ((entity->columns[i]->omit & OMIT_CREATE) == 0) {
            buffer_printf(sql, "%s%s", separator, entity->columns[i]->name);
            separator = ", ";
        }
    }
    buffer_append_string(sql, ")\nVALUES (");
    for (size_t i = 0; i < n_params; i++) {
        buffer_append_string(sql, i == 0 ? "?" : ", ?");
    }
    buffer_append_char(sql, ')');
}

/* INSERT OR REPLACE would delete the row that is there, and with it all that
 * refers to it; this keeps its id, and what neither writes. */
static void build_create_or_replace(struct generator *generator, struct entity *entity,
                                    struct statement *statement)
{
    const char *separator = ") DO UPDATE\nSET ";
    struct buffer sql = {0};
    struct query *query;

    append_insert(entity, &sql);
    for (size_t i = 0; i < entity->n_keys; i++) {
        buffer_printf(&sql, "%s%s", i == 0 ? "\nON CONFLICT (" : ", ", entity->keys[i]->name);
    }
    for (size_t i = entity->first_stored; i < entity_first_joined(entity); i++) {
        const struct member *member = entity->columns[i];

        if (!member->is_primary && (member->omit & (OMIT_CREATE | OMIT_UPDATE)) == 0) {
            buffer_printf(&sql, "%s%s = excluded.%s", separator, member->name, member->name);
            separator = ", ";
        }
    }
    if (separator[0] == ')') {
        buffer_append_string(&sql, ") DO NOTHING");
    }
    query = add(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)entity_count_written(entity, OMIT_CREATE);
    query->is_write = true;
    query->statement = statement;
}

static void build_create(struct generator *generator, struct entity *entity,
                         struct statement *statement)
{
    struct buffer sql = {0};
    struct query *query;

    append_insert(entity, &sql);
    query = add(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)entity_count_written(entity, OMIT_CREATE);
    query->is_write = true;
    query->statement = statement;
}

static void build_update(struct generator *generator, struct entity *entity,
                         struct statement *statement)
{
    const char *separator = "SET ";
    struct buffer sql = {0};
    struct query *query;

    buffer_printf(&sql, "UPDATE %s\n", entity->table);
    for (size_t i = entity->first_stored; i < entity_first_joined(entity); i++) {
        if ((entity->columns[i]->omit & OMIT_UPDATE) == 0) {
            buffer_printf(&sql, "%s%s = ?", separator, entity->columns[i]->name);
            separator = ", ";
        }
    }
    append_where(entity, entity->keys, entity->n_keys, &sql);
    query = add(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)(entity_count_written(entity, OMIT_UPDATE) + entity->n_keys);
    query->is_write = true;
    query->statement = statement;
    constrain(generator, query, entity->keys, entity->n_keys);
}

static void build_rename(struct generator *generator, struct entity *entity,
                         struct statement *statement)
{
    const struct member *time = entity_update_time(entity);
    struct buffer sql = {0};
    struct query *query;

    buffer_printf(&sql, "UPDATE %s\nSET name = ?", entity->table);
    if (time != NULL) {
        buffer_printf(&sql, ", %s = ?", time->name);
    }
    append_where(entity, entity->keys, entity->n_keys, &sql);
    query = add(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)(1 + (time == NULL ? 0u : 1u) + entity->n_keys);
    query->is_write = true;
    query->statement = statement;
    constrain(generator, query, entity->keys, entity->n_keys);
}

static void build_delete(struct generator *generator, struct entity *entity,
                         struct statement *statement)
{
    struct buffer sql = {0};
    struct query *query;

    buffer_printf(&sql, "DELETE FROM %s", entity->table);
    append_where(entity, statement->fields, statement->n_fields, &sql);
    query = add(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)statement->n_fields;
    query->is_write = true;
    query->statement = statement;
    constrain(generator, query, statement->fields, statement->n_fields);
}

static void build_statement(struct generator *generator, struct entity *entity,
                            struct statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_OBJECTS:
        build_objects(generator, entity, statement);
        if (statement->n_fields > 0) {
            build_objects_any(generator, entity, statement);
        }
        break;
    case STATEMENT_NAMES:
        build_names(generator, entity, statement);
        break;
    case STATEMENT_CREATE_OR_REPLACE:
        build_create_or_replace(generator, entity, statement);
        break;
    case STATEMENT_ID:
        build_id(generator, entity, statement);
        break;
    case STATEMENT_CREATE:
        build_create(generator, entity, statement);
        break;
    case STATEMENT_UPDATE:
        build_update(generator, entity, statement);
        break;
    case STATEMENT_RENAME:
        build_rename(generator, entity, statement);
        break;
    case STATEMENT_DELETE:
        build_delete(generator, entity, statement);
        break;
    }
}

static struct query *add_to_map(struct generator *generator, struct entity *entity,
                                const struct reference *reference, const char *verb,
                                struct buffer *sql)
{
    struct query *query = add(
        generator, entity, memory_printf(&generator->arena, "%s_%s", reference->name, verb), sql);

    query->at = reference->at;
    return query;
}

static void constrain_to_parent(struct generator *generator, struct query *query,
                                const struct reference *reference)
{
    query->constraint_table = reference->table;
    *MEMORY_APPEND(&generator->arena, query->constraints, query->n_constraints) = reference->column;
}

/* A column of a map table, or of an array's, and where its value is in the JSON. */
struct map_column {
    const char *name;
    const char *value; /* Of an element of json_each(). */
    bool is_key;
};

struct map_columns {
    struct map_column *items;
    size_t n_items;
    size_t n_keys;
};

static struct map_columns map_columns_of(struct generator *generator,
                                         const struct reference *reference)
{
    static struct map_column pair[] = {{"key", "key", true}, {"value", "value", false}};
    struct map_columns columns = {0};

    if (reference->items == NULL) {
        return (struct map_columns){.items = pair, .n_items = 2, .n_keys = 1};
    }
    for (size_t i = 0; i < reference->items->n_json; i++) {
        const struct member *member = reference->items->json[i];

        *MEMORY_APPEND(&generator->arena, columns.items, columns.n_items) = (struct map_column){
            .name = member->name,
            .value = memory_printf(&generator->arena, "value ->> '%s'", member->name),
            .is_key = member->is_primary,
        };
        columns.n_keys += member->is_primary;
    }
    return columns;
}

/* A map or an array with one row that isn't there (see judge_cost.c). */
static const char *map_sample(struct generator *generator, const struct reference *reference)
{
    struct buffer text = {0};

    if (reference->items == NULL) {
        return "{\"0\": \"0\"}";
    }
    for (size_t i = 0; i < reference->items->n_json; i++) {
        buffer_printf(&text, "%s\"%s\": \"0\"", i == 0 ? "[{" : ", ",
                      reference->items->json[i]->name);
    }
    buffer_append_string(&text, "}]");
    return memory_from_buffer(&generator->arena, &text);
}

/* `a, b`. */
static void append_names(const struct map_columns *columns, bool keys_only, struct buffer *sql)
{
    const char *separator = "";

    for (size_t i = 0; i < columns->n_items; i++) {
        if (!keys_only || columns->items[i].is_key) {
            buffer_printf(sql, "%s%s", separator, columns->items[i].name);
            separator = ", ";
        }
    }
}

/* `pair.value ->> 'a', pair.value ->> 'b'`. */
static void append_values(const struct map_columns *columns, bool keys_only, const char *prefix,
                          struct buffer *sql)
{
    const char *separator = "";

    for (size_t i = 0; i < columns->n_items; i++) {
        if (!keys_only || columns->items[i].is_key) {
            buffer_printf(sql, "%s%s%s", separator, prefix, columns->items[i].value);
            separator = ", ";
        }
    }
}

static void build_map_get(struct generator *generator, struct entity *entity,
                          const struct reference *reference)
{
    struct map_columns columns = map_columns_of(generator, reference);
    struct buffer sql = {0};
    struct query *query;

    buffer_printf(&sql, "SELECT %s, ", reference->column);
    append_names(&columns, false, &sql);
    buffer_printf(&sql, "\nFROM %s\nWHERE %s IN (SELECT value FROM json_each(?))\nORDER BY %s, ",
                  reference->table, reference->column, reference->column);
    append_names(&columns, true, &sql);
    query = add_to_map(generator, entity, reference, "get", &sql);
    query->json_sample = "[1]";
    query->n_params = 1;
    constrain_to_parent(generator, query, reference);
}

static void build_map_insert(struct generator *generator, struct entity *entity,
                             const struct reference *reference)
{
    struct map_columns columns = map_columns_of(generator, reference);
    struct buffer sql = {0};
    struct query *query;

    buffer_printf(&sql, "INSERT INTO %s (%s, ", reference->table, reference->column);
    append_names(&columns, false, &sql);
    buffer_append_string(&sql, ")\nSELECT ?, ");
    append_values(&columns, false, "", &sql);
    buffer_append_string(&sql, "\nFROM json_each(?)");
    query = add_to_map(generator, entity, reference, "insert", &sql);
    query->json_sample = map_sample(generator, reference);
    query->n_params = 2;
    query->is_write = true;
}

static void build_map_prune(struct generator *generator, struct entity *entity,
                            const struct reference *reference)
{
    struct map_columns columns = map_columns_of(generator, reference);
    struct buffer sql = {0};
    struct query *query;

    buffer_printf(&sql, "DELETE FROM %s\nWHERE %s = (SELECT %s.id FROM %s", reference->table,
                  reference->column, entity->table, entity->table);
    append_where(entity, entity->keys, entity->n_keys, &sql);
    buffer_append_string(&sql, columns.n_keys == 1 ? ")\nAND " : ")\nAND (");
    append_names(&columns, true, &sql);
    buffer_append_string(&sql, columns.n_keys == 1 ? " NOT IN (SELECT " : ") NOT IN (SELECT ");
    append_values(&columns, true, "", &sql);
    buffer_append_string(&sql, " FROM json_each(?))");
    query = add_to_map(generator, entity, reference, "prune", &sql);
    query->json_sample = map_sample(generator, reference);
    query->n_params = (unsigned)entity->n_keys + 1;
    query->is_write = true;
    constrain_to_parent(generator, query, reference);
}

/* `ON CONFLICT (parent, key) DO UPDATE SET value = excluded.value`. */
static void append_map_conflict(const struct reference *reference,
                                const struct map_columns *columns, struct buffer *sql)
{
    const char *separator = ") DO UPDATE SET ";

    buffer_printf(sql, ")\nON CONFLICT (%s, ", reference->column);
    append_names(columns, true, sql);
    for (size_t i = 0; i < columns->n_items; i++) {
        if (!columns->items[i].is_key) {
            buffer_printf(sql, "%s%s = excluded.%s", separator, columns->items[i].name,
                          columns->items[i].name);
            separator = ", ";
        }
    }
    if (separator[0] == ')') {
        buffer_append_string(sql, ") DO NOTHING");
    }
}

/* Rows that are there already are left alone: what isn't written need not be
 * replicated. */
static void build_map_merge(struct generator *generator, struct entity *entity,
                            const struct reference *reference)
{
    struct map_columns columns = map_columns_of(generator, reference);
    struct buffer sql = {0};
    struct query *query;

    buffer_printf(&sql, "INSERT INTO %s (%s, ", reference->table, reference->column);
    append_names(&columns, false, &sql);
    buffer_printf(&sql, ")\nSELECT %s.id, ", entity->table);
    append_values(&columns, false, "pair.", &sql);
    buffer_printf(&sql, "\nFROM %s\nCROSS JOIN json_each(?%zu) AS pair", entity->table,
                  entity->n_keys + 1);
    for (size_t i = 0; i < entity->n_keys; i++) {
        buffer_printf(&sql, "%s%s.%s = ?%zu", i == 0 ? "\nWHERE " : " AND ", entity->table,
                      entity->keys[i]->name, i + 1);
    }
    buffer_printf(&sql, "\nAND NOT EXISTS (SELECT 1 FROM %s AS old\nWHERE old.%s = %s.id",
                  reference->table, reference->column, entity->table);
    for (size_t i = 0; i < columns.n_items; i++) {
        /* A map's values are never NULL. */
        buffer_printf(&sql, " AND old.%s %s pair.%s", columns.items[i].name,
                      reference->items == NULL || columns.items[i].is_key ? "=" : "IS",
                      columns.items[i].value);
    }
    append_map_conflict(reference, &columns, &sql);
    query = add_to_map(generator, entity, reference, "merge", &sql);
    query->json_sample = map_sample(generator, reference);
    query->n_params = (unsigned)entity->n_keys + 1;
    query->is_write = true;
    constrain(generator, query, entity->keys, entity->n_keys);
}

void sql_build(struct generator *generator, struct entity *entity)
{
    for (size_t i = 0; i < entity->n_statements; i++) {
        build_statement(generator, entity, &entity->statements[i]);
    }
    for (size_t i = 0; i < entity->n_references; i++) {
        const struct reference *reference = &entity->references[i];

        if (reference->is_read) {
            build_map_get(generator, entity, reference);
        }
        if (reference->is_created) {
            build_map_insert(generator, entity, reference);
        }
        if (reference->is_updated) {
            build_map_prune(generator, entity, reference);
            build_map_merge(generator, entity, reference);
        }
    }
}

const struct query *sql_find(const struct entity *entity, const char *name)
{
    for (size_t i = 0; i < entity->n_queries; i++) {
        if (strcmp(entity->queries[i].name, name) == 0) {
            return &entity->queries[i];
        }
    }
    return NULL;
}
