#include "generate/sql_reference.h"

#include "generate/memory.h"
#include "generate/sql_clause.h"

static struct query *add_to_map(struct generator *generator, struct entity *entity,
                                const struct reference *reference, const char *verb,
                                struct buffer *sql)
{
    struct query *query = clause_finish(
        generator, entity, memory_printf(&generator->arena, "%s_%s", reference->name, verb), sql);

    query->at = reference->at;
    return query;
}

static void constrain_to_parent(struct generator *generator, struct query *query,
                                const struct reference *reference)
{
    *MEMORY_APPEND(&generator->arena, query->constraints, query->n_constraints) =
        (struct constraint){.table = reference->table, .column = reference->column};
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
            .name = member_column(member),
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

    buffer_printf(&sql, "DELETE FROM %s\nWHERE %s = (", reference->table, reference->column);
    clause_id(entity, &sql);
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
    buffer_printf(&sql, "\nFROM %s", entity->table);
    clause_joins(entity, entity->keys, entity->n_keys, &sql);
    buffer_printf(&sql, "\nCROSS JOIN json_each(?%zu) AS pair", entity->n_keys + 1);
    for (size_t i = 0; i < entity->n_keys; i++) {
        buffer_append_string(&sql, i == 0 ? "\nWHERE " : " AND ");
        clause_column(entity, entity->keys[i], &sql);
        buffer_printf(&sql, " = ?%zu", i + 1);
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
    clause_constrain(generator, entity, query, entity->keys, entity->n_keys);
}

void sql_build_references(struct generator *generator, struct entity *entity)
{
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
