#include "generate/judge_schema.h"

#include "generate/memory.h"

#include <sqlite3.h>
#include <string.h>

static void check_joined_column(const struct judge *judge, const struct member *member)
{
    struct diagnostics *diagnostics = &judge->generator->diagnostics;
    const char *name = member_join_column(member);
    struct location at = member->jointo.text == NULL ? member->join.at : member->jointo.at;
    struct column column;

    if (!schema_find_column(judge, member->join.table, name, &column)) {
        report(diagnostics, at, "table `%s` has no column `%s`", member->join.table, name);
    } else if (!schema_is_unique(judge, member->join.table, name)) {
        report(diagnostics, at, "column `%s.%s` is not unique", member->join.table, name);
        report_note(diagnostics, "a row that joins several would come several times");
    }
}

/* The table that JOIN is of; NULL is the entity's own. */
static const char *table_of(const struct judge *judge, const struct join *join)
{
    return join == NULL ? judge->entity->table : join->member->join.table;
}

void judge_join(const struct judge *judge, const struct member *member)
{
    struct diagnostics *diagnostics = &judge->generator->diagnostics;
    const char *table = table_of(judge, entity_join_of(judge->entity, member)->on);
    struct column column;

    if (!schema_find_column(judge, table, member->joinon.column, &column)) {
        report(diagnostics, member->joinon.at, "table `%s` has no column `%s`", table,
               member->joinon.column);
    } else if (!column.is_not_null && !column.is_row_id && !member->is_left_join) {
        report(diagnostics, member->joinon.at, "column `%s.%s` may be NULL", table,
               member->joinon.column);
        report_note(diagnostics, "rows where it is would not be found: join by a NOT NULL column, "
                                 "or use leftjoin");
    }
    if (schema_has_table(judge, member->join.table)) {
        check_joined_column(judge, member);
    }
}

typedef void (*column_fn)(void *data, const char *column);

/* The columns in JOIN that the natural key says something of: what parents are joined
 * by, and its fields there. */
static void for_each_key_column(const struct entity *entity, const struct join *join, column_fn act,
                                void *data)
{
    for (size_t i = 0; i < entity->n_joins; i++) {
        if (entity->joins[i]->is_key && entity->joins[i]->on == join) {
            act(data, entity->joins[i]->member->joinon.column);
        }
    }
    for (size_t i = 0; i < entity->n_keys; i++) {
        const struct member *key = entity->keys[i];

        if (entity_join_of(entity, key) == join) {
            act(data, member_column(key));
        }
    }
}

struct search {
    const char *name;
    bool found;
};

static void compare(void *data, const char *column)
{
    struct search *search = data;

    search->found |= sqlite3_stricmp(search->name, column) == 0;
}

static bool is_key_column(const struct entity *entity, const struct join *join, const char *name)
{
    struct search search = {.name = name};

    for_each_key_column(entity, join, compare, &search);
    return search.found;
}

/* Whether the index makes the key unique: all it has is part of the key. (That none
 * of the key's columns may be NULL was checked with their types.) */
static bool covers_key(const struct judge *judge, const struct join *join, const char *index)
{
    sqlite3_stmt *stmt = schema_ask(judge, "SELECT name FROM pragma_index_info(?)", index);
    bool covers = true;

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        covers &= is_key_column(judge->entity, join, schema_text_of(stmt, 0));
    }
    sqlite3_finalize(stmt);
    return covers;
}

static bool is_key_unique(const struct judge *judge, const struct join *join)
{
    sqlite3_stmt *stmt = schema_ask(judge,
                                    "SELECT name FROM pragma_index_list(?) "
                                    "WHERE \"unique\" = 1 AND partial = 0",
                                    table_of(judge, join));
    struct column id;
    bool is_unique = schema_find_column(judge, table_of(judge, join), "id", &id) && id.is_row_id &&
                     is_key_column(judge->entity, join, "id");

    while (!is_unique && sqlite3_step(stmt) == SQLITE_ROW) {
        is_unique = covers_key(judge, join, schema_text_of(stmt, 0));
    }
    sqlite3_finalize(stmt);
    return is_unique;
}

static void append_name(void *data, const char *column)
{
    struct buffer *names = data;

    buffer_printf(names, "%s%s", names->size == 0 ? "" : ", ", column);
}

/* The key names one row of each table that it leads through. */
static void check_unique(const struct judge *judge, const struct join *join)
{
    const struct entity *entity = judge->entity;
    struct buffer names = {0};

    if (is_key_unique(judge, join)) {
        return;
    }
    for_each_key_column(entity, join, append_name, &names);
    report(&judge->generator->diagnostics, join == NULL ? entity->keys[0]->at : join->member->at,
           "the natural key of `%s` is not unique", table_of(judge, join));
    report_note(&judge->generator->diagnostics, "add UNIQUE (%s) to the table",
                memory_from_buffer(&judge->generator->arena, &names));
}

void judge_key(const struct judge *judge)
{
    check_unique(judge, NULL);
    for (size_t i = 0; i < judge->entity->n_joins; i++) {
        if (judge->entity->joins[i]->is_key) {
            check_unique(judge, judge->entity->joins[i]);
        }
    }
}
