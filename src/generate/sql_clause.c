#include "generate/sql_clause.h"

#include "generate/memory.h"

#include <string.h>

struct query *clause_finish(struct generator *generator, struct entity *entity, const char *name,
                            struct buffer *sql)
{
    struct query *query = MEMORY_APPEND(&generator->arena, entity->queries, entity->n_queries);

    query->name = name;
    query->sql = memory_from_buffer(&generator->arena, sql);
    return query;
}

/* What a field's column is called in SQL. */
static struct constraint column_of(const struct entity *entity, const struct member *member)
{
    return (struct constraint){
        .table = member->join.table == NULL ? entity->table : member_join_name(member),
        .column = member_column(member),
    };
}

void clause_constrain(struct generator *generator, const struct entity *entity, struct query *query,
                      struct member *const *fields, size_t n_fields)
{
    for (size_t i = 0; i < n_fields; i++) {
        struct constraint constraint = column_of(entity, fields[i]);

        /* The id is SQLite's rowid. */
        if (strcmp(constraint.column, "id") == 0) {
            constraint.column = "rowid";
        }
        *MEMORY_APPEND(&generator->arena, query->constraints, query->n_constraints) = constraint;
    }
}

void clause_column(const struct entity *entity, const struct member *member, struct buffer *sql)
{
    struct constraint column = column_of(entity, member);

    buffer_printf(sql, "%s.%s", column.table, column.column);
}

/* Whether the way to JOIN leads through THROUGH, or ends there. */
static bool leads_through(const struct join *join, const struct join *through)
{
    while (join != NULL && join != through) {
        join = join->on;
    }
    return join != NULL;
}

static bool is_needed(const struct entity *entity, const struct join *join,
                      struct member *const *fields, size_t n_fields)
{
    for (size_t i = 0; i < n_fields; i++) {
        if (leads_through(entity_join_of(entity, fields[i]), join)) {
            return true;
        }
    }
    return false;
}

/* `u`, or `u AS v`. */
static void append_table(const struct join *join, struct buffer *sql)
{
    const struct member *member = join->member;

    buffer_append_string(sql, member->join.table);
    if (member->joinas.text != NULL) {
        buffer_printf(sql, " AS %s", member->joinas.text);
    }
}

static void append_join(const struct join *join, struct buffer *sql)
{
    const struct member *member = join->member;

    buffer_append_string(sql, member->is_left_join ? "\nLEFT JOIN " : "\nJOIN ");
    append_table(join, sql);
    buffer_printf(sql, " ON %s.%s = %s.%s", join->name, member_join_column(member),
                  member->joinon.table, member->joinon.column);
}

void clause_joins(const struct entity *entity, struct member *const *fields, size_t n_fields,
                  struct buffer *sql)
{
    for (size_t i = 0; i < entity->n_joins; i++) {
        if (is_needed(entity, entity->joins[i], fields, n_fields)) {
            append_join(entity->joins[i], sql);
        }
    }
}

void clause_where(const struct entity *entity, struct member *const *fields, size_t n_fields,
                  struct buffer *sql)
{
    for (size_t i = 0; i < n_fields; i++) {
        buffer_append_string(sql, i == 0 ? "\nWHERE " : " AND ");
        clause_column(entity, fields[i], sql);
        buffer_append_string(sql, " = ?");
    }
}

static void append_ids(const struct entity *entity, struct member *const *fields, size_t n_fields,
                       struct buffer *sql)
{
    buffer_printf(sql, "SELECT %s.id\nFROM %s", entity->table, entity->table);
    clause_joins(entity, fields, n_fields, sql);
    clause_where(entity, fields, n_fields, sql);
}

void clause_where_row(const struct entity *entity, struct member *const *fields, size_t n_fields,
                      struct buffer *sql)
{
    bool is_joined = false;

    for (size_t i = 0; i < n_fields; i++) {
        is_joined |= fields[i]->join.table != NULL;
    }
    if (!is_joined) {
        clause_where(entity, fields, n_fields, sql);
        return;
    }
    buffer_printf(sql, "\nWHERE %s.id IN (", entity->table);
    append_ids(entity, fields, n_fields, sql);
    buffer_append_char(sql, ')');
}

void clause_id(const struct entity *entity, struct buffer *sql)
{
    append_ids(entity, entity->keys, entity->n_keys, sql);
}

void clause_look_up(const struct entity *entity, const struct join *parent, size_t first_param,
                    struct buffer *sql)
{
    const char *separator = "\nWHERE ";

    buffer_printf(sql, "(SELECT %s.%s\nFROM ", parent->name, member_join_column(parent->member));
    append_table(parent, sql);
    for (size_t i = 0; i < entity->n_joins; i++) {
        const struct join *join = entity->joins[i];

        if (join->is_key && join != parent && leads_through(join, parent)) {
            append_join(join, sql);
        }
    }
    for (size_t i = 0; i < entity->n_keys; i++) {
        const struct join *join = entity_join_of(entity, entity->keys[i]);

        if (leads_through(join, parent)) {
            buffer_append_string(sql, separator);
            clause_column(entity, entity->keys[i], sql);
            buffer_printf(sql, " = ?%zu", first_param);
            separator = " AND ";
        }
        first_param += join != NULL;
    }
    buffer_append_char(sql, ')');
}

size_t clause_count_joined_keys(const struct entity *entity)
{
    size_t n = 0;

    for (size_t i = 0; i < entity->n_keys; i++) {
        n += entity->keys[i]->join.table != NULL;
    }
    return n;
}
