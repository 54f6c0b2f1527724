#include "generate/sql.h"

#include "generate/memory.h"
#include "generate/sql_clause.h"
#include "generate/sql_reference.h"

#include <string.h>

/* A column as it is selected. */
static void append_value(const struct entity *entity, const struct member *member,
                         struct buffer *sql)
{
    if (member->coalesce.text != NULL) {
        buffer_append_string(sql, "coalesce(");
    }
    clause_column(entity, member, sql);
    if (member->coalesce.text != NULL) {
        buffer_printf(sql, ", %s)", member->coalesce.text);
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
        buffer_append_string(sql, separator);
        append_value(entity, member, sql);
        separator = ", ";
    }
}

/* Rows come in an order that no two of them share a place in. */
static void append_order(const struct entity *entity, struct buffer *sql)
{
    for (size_t i = 0; i < entity->n_order; i++) {
        buffer_append_string(sql, i == 0 ? "\nORDER BY " : ", ");
        /* By what is selected, not by what NULL stands for. */
        append_value(entity, entity->order[i], sql);
    }
}

static void build_objects(struct generator *generator, struct entity *entity,
                          struct statement *statement)
{
    struct buffer sql = {0};
    struct query *query;

    append_columns(entity, &sql);
    buffer_printf(&sql, "\nFROM %s", entity->table);
    clause_joins(entity, entity->columns, entity->n_columns, &sql);
    clause_where(entity, statement->fields, statement->n_fields, &sql);
    append_order(entity, &sql);
    query = clause_finish(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)statement->n_fields;
    query->selects_columns = true;
    query->statement = statement;
    clause_constrain(generator, entity, query, statement->fields, statement->n_fields);
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
    clause_joins(entity, entity->columns, entity->n_columns, &sql);
    for (size_t i = 0; i < statement->n_fields; i++) {
        buffer_append_string(&sql, i == 0 ? "\nWHERE " : " AND ");
        clause_column(entity, statement->fields[i], &sql);
        buffer_printf(&sql, " = selector.value ->> %zu", i);
    }
    query = clause_finish(generator, entity,
                          memory_printf(&generator->arena, "%s_any", statement->name), &sql);
    query->at = statement->at;
    query->n_params = 1;
    query->json_sample = "[[\"1\", \"1\", \"1\", \"1\"]]";
    query->selects_columns = true;
    query->statement = statement;
    clause_constrain(generator, entity, query, statement->fields, statement->n_fields);
}

static void build_id(struct generator *generator, struct entity *entity,
                     struct statement *statement)
{
    struct buffer sql = {0};
    struct query *query;

    clause_id(entity, &sql);
    query = clause_finish(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)entity->n_keys;
    query->statement = statement;
    clause_constrain(generator, entity, query, entity->keys, entity->n_keys);
}

static void build_names(struct generator *generator, struct entity *entity,
                        struct statement *statement)
{
    struct member **fields = NULL; /* All that must be reached. */
    size_t n_fields = 0;
    struct buffer sql = {0};
    struct query *query;

    *MEMORY_APPEND(&generator->arena, fields, n_fields) = statement->output;
    for (size_t i = 0; i < statement->n_fields; i++) {
        *MEMORY_APPEND(&generator->arena, fields, n_fields) = statement->fields[i];
    }
    buffer_append_string(&sql, "SELECT ");
    clause_column(entity, statement->output, &sql);
    buffer_printf(&sql, "\nFROM %s", entity->table);
    clause_joins(entity, fields, n_fields, &sql);
    clause_where(entity, statement->fields, statement->n_fields, &sql);
    buffer_append_string(&sql, "\nORDER BY ");
    clause_column(entity, statement->output, &sql);
    query = clause_finish(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)statement->n_fields;
    query->statement = statement;
    clause_constrain(generator, entity, query, statement->fields, statement->n_fields);
}

/* `INSERT INTO t (a, b, parent_id)`. */
static void append_insert_columns(const struct entity *entity, struct buffer *sql)
{
    const char *separator = "(";

    buffer_printf(sql, "INSERT INTO %s ", entity->table);
    for (size_t i = entity->first_stored; i < entity_first_joined(entity); i++) {
        if ((entity->columns[i]->omit & OMIT_CREATE) == 0) {
            buffer_printf(sql, "%s%s", separator, member_column(entity->columns[i]));
            separator = ", ";
        }
    }
    for (size_t i = 0; i < entity->n_joins; i++) {
        if (join_is_parent(entity->joins[i])) {
            buffer_printf(sql, "%s%s", separator, entity->joins[i]->member->joinon.column);
            separator = ", ";
        }
    }
    buffer_append_char(sql, ')');
}

/* `INSERT INTO t (a, b, parent_id)\nVALUES (?, ?, (SELECT ...))`. */
static void append_insert(const struct entity *entity, struct buffer *sql)
{
    size_t n_written = entity_count_written(entity, OMIT_CREATE);
    const char *separator = "\nVALUES (";

    append_insert_columns(entity, sql);
    for (size_t i = 0; i < n_written; i++) {
        buffer_printf(sql, "%s?", separator);
        separator = ", ";
    }
    for (size_t i = 0; i < entity->n_joins; i++) {
        if (join_is_parent(entity->joins[i])) {
            buffer_append_string(sql, separator);
            clause_look_up(entity, entity->joins[i], n_written + 1, sql);
            separator = ", ";
        }
    }
    buffer_append_char(sql, ')');
}

/* What the natural key is in the entity's own table, for ON CONFLICT. */
static void append_own_key(const struct entity *entity, struct buffer *sql)
{
    const char *separator = "\nON CONFLICT (";

    for (size_t i = 0; i < entity->n_joins; i++) {
        if (join_is_parent(entity->joins[i])) {
            buffer_printf(sql, "%s%s", separator, entity->joins[i]->member->joinon.column);
            separator = ", ";
        }
    }
    for (size_t i = 0; i < entity->n_keys; i++) {
        if (entity->keys[i]->join.table == NULL) {
            buffer_printf(sql, "%s%s", separator, member_column(entity->keys[i]));
            separator = ", ";
        }
    }
}

/* Of create and create-or-replace. */
static struct query *finish_insert(struct generator *generator, struct entity *entity,
                                   struct statement *statement, struct buffer *sql)
{
    struct query *query = clause_finish(generator, entity, statement->name, sql);

    query->at = statement->at;
    query->n_params =
        (unsigned)(entity_count_written(entity, OMIT_CREATE) + clause_count_joined_keys(entity));
    query->is_write = true;
    query->statement = statement;
    for (size_t i = 0; i < entity->n_keys; i++) {
        if (entity->keys[i]->join.table != NULL) {
            clause_constrain(generator, entity, query, &entity->keys[i], 1);
        }
    }
    return query;
}

/* INSERT OR REPLACE would delete the row that is there, and with it all that
 * refers to it; this keeps its id, and what neither writes. */
static void build_create_or_replace(struct generator *generator, struct entity *entity,
                                    struct statement *statement)
{
    const char *separator = ") DO UPDATE\nSET ";
    struct buffer sql = {0};

    append_insert(entity, &sql);
    append_own_key(entity, &sql);
    for (size_t i = entity->first_stored; i < entity_first_joined(entity); i++) {
        const struct member *member = entity->columns[i];

        if (!member->is_primary && (member->omit & (OMIT_CREATE | OMIT_UPDATE)) == 0) {
            buffer_printf(&sql, "%s%s = excluded.%s", separator, member_column(member),
                          member_column(member));
            separator = ", ";
        }
    }
    if (separator[0] == ')') {
        buffer_append_string(&sql, ") DO NOTHING");
    }
    finish_insert(generator, entity, statement, &sql);
}

/* All rows at once, [[value, ...], ...]: an association is written by the dozen. */
static void build_create_many(struct generator *generator, struct entity *entity,
                              struct statement *statement)
{
    size_t n_written = entity_count_written(entity, OMIT_CREATE);
    struct buffer sample = {0};
    struct buffer sql = {0};
    struct query *query;

    append_insert_columns(entity, &sql);
    for (size_t i = 0; i < n_written; i++) {
        buffer_printf(&sql, "%svalue ->> %zu", i == 0 ? "\nSELECT " : ", ", i);
        buffer_append_string(&sample, i == 0 ? "[[\"0\"" : ", \"0\"");
    }
    buffer_append_string(&sql, "\nFROM json_each(?)");
    buffer_append_string(&sample, "]]");
    query = clause_finish(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = 1;
    query->json_sample = memory_from_buffer(&generator->arena, &sample);
    query->is_write = true;
    query->statement = statement;
}

static void build_create(struct generator *generator, struct entity *entity,
                         struct statement *statement)
{
    struct buffer sql = {0};

    append_insert(entity, &sql);
    finish_insert(generator, entity, statement, &sql);
}

static void build_update(struct generator *generator, struct entity *entity,
                         struct statement *statement)
{
    size_t n_written = entity_count_written(entity, OMIT_UPDATE);
    const char *separator = "SET ";
    struct buffer sql = {0};
    struct query *query;

    buffer_printf(&sql, "UPDATE %s\n", entity->table);
    for (size_t i = entity->first_stored; i < entity_first_joined(entity); i++) {
        if ((entity->columns[i]->omit & OMIT_UPDATE) == 0) {
            buffer_printf(&sql, "%s%s = ?", separator, member_column(entity->columns[i]));
            separator = ", ";
        }
    }
    for (size_t i = 0; i < entity->n_joins; i++) {
        if (join_is_parent(entity->joins[i])) {
            buffer_printf(&sql, "%s%s = ", separator, entity->joins[i]->member->joinon.column);
            clause_look_up(entity, entity->joins[i], n_written + 1, &sql);
            separator = ", ";
        }
    }
    clause_where_row(entity, entity->keys, entity->n_keys, &sql);
    query = clause_finish(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)(n_written + clause_count_joined_keys(entity) + entity->n_keys);
    query->is_write = true;
    query->statement = statement;
    clause_constrain(generator, entity, query, entity->keys, entity->n_keys);
}

static void build_rename(struct generator *generator, struct entity *entity,
                         struct statement *statement)
{
    const struct member *time = entity_update_time(entity);
    struct buffer sql = {0};
    struct query *query;

    buffer_printf(&sql, "UPDATE %s\nSET %s = ?", entity->table,
                  member_column(record_find_member(entity->record, "name")));
    if (time != NULL) {
        buffer_printf(&sql, ", %s = ?", member_column(time));
    }
    clause_where_row(entity, entity->keys, entity->n_keys, &sql);
    query = clause_finish(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)(1 + (time == NULL ? 0u : 1u) + entity->n_keys);
    query->is_write = true;
    query->statement = statement;
    clause_constrain(generator, entity, query, entity->keys, entity->n_keys);
}

static void build_delete(struct generator *generator, struct entity *entity,
                         struct statement *statement)
{
    struct buffer sql = {0};
    struct query *query;

    buffer_printf(&sql, "DELETE FROM %s", entity->table);
    clause_where_row(entity, statement->fields, statement->n_fields, &sql);
    query = clause_finish(generator, entity, statement->name, &sql);
    query->at = statement->at;
    query->n_params = (unsigned)statement->n_fields;
    query->is_write = true;
    query->statement = statement;
    clause_constrain(generator, entity, query, statement->fields, statement->n_fields);
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
        if (entity_is_association(entity)) {
            build_create_many(generator, entity, statement);
        } else {
            build_create(generator, entity, statement);
        }
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

void sql_build(struct generator *generator, struct entity *entity)
{
    for (size_t i = 0; i < entity->n_statements; i++) {
        build_statement(generator, entity, &entity->statements[i]);
    }
    sql_build_references(generator, entity);
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
