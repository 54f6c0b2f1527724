#include "generate/join.h"

#include "generate/memory.h"
#include "generate/naming.h"

#include <string.h>

/* The first field whose join has the name. */
static const struct member *find_first(const struct entity *entity, const char *name)
{
    for (size_t i = entity_first_joined(entity); i < entity->n_columns; i++) {
        if (strcmp(member_join_name(entity->columns[i]), name) == 0) {
            return entity->columns[i];
        }
    }
    return NULL;
}

/* Two fields that name the same joined table must mean the same row of it. */
static bool is_same_join(const struct member *a, const struct member *b)
{
    return strcmp(a->join.table, b->join.table) == 0 &&
           strcmp(a->joinon.table, b->joinon.table) == 0 &&
           strcmp(a->joinon.column, b->joinon.column) == 0 &&
           strcmp(member_join_column(a), member_join_column(b)) == 0 &&
           a->is_left_join == b->is_left_join;
}

/* Words that the statements have for something else. */
static bool is_taken(const struct entity *entity, const char *name)
{
    return strcmp(name, entity->table) == 0 || strcmp(name, "selector") == 0 ||
           strcmp(name, "pair") == 0 || strcmp(name, "old") == 0 || strcmp(name, "excluded") == 0;
}

/* A join hangs on the entity's own table, or on what another field joins. */
static void check_on(struct generator *generator, const struct entity *entity,
                     const struct member *member)
{
    const struct member *on;

    if (strcmp(member->joinon.table, entity->table) == 0) {
        return;
    }
    on = find_first(entity, member->joinon.table);
    if (on == NULL) {
        report(&generator->diagnostics, member->joinon.at,
               "`joinon` names `%s`, which isn't joined", member->joinon.table);
        report_note(&generator->diagnostics,
                    "write it as joinon=%s.COLUMN, or as the name of what another field joins",
                    entity->table);
    } else if (on->is_left_join && !member->is_left_join) {
        report(&generator->diagnostics, member->join.at,
               "`join` behind a `leftjoin`: there may be no row of `%s`", member->joinon.table);
        report_note(&generator->diagnostics,
                    "rows without one would not be found: use leftjoin here too");
    }
}

static void check(struct generator *generator, const struct entity *entity,
                  const struct member *member)
{
    const char *name = member_join_name(member);
    const struct member *first = find_first(entity, name);

    if (is_taken(entity, name)) {
        report(&generator->diagnostics, member->join.at, "`%s` can't be the name of a join", name);
        report_note(&generator->diagnostics, "give it another one by joinas=NAME");
    } else if (!is_same_join(first, member)) {
        report(&generator->diagnostics, member->join.at, "`%s` is joined already, by `%s.%s`", name,
               first->joinon.table, first->joinon.column);
        report_note(&generator->diagnostics, "give this one a name by joinas=NAME");
    } else {
        check_on(generator, entity, member);
    }
}

/* Joins that hang on what is there already; true if there was one. */
static bool append_ready(struct generator *generator, struct entity *entity)
{
    bool found = false;

    for (size_t i = entity_first_joined(entity); i < entity->n_columns; i++) {
        const struct member *member = entity->columns[i];
        const struct join *on;
        struct join *join;

        if (entity_join_of(entity, member) != NULL) {
            continue;
        }
        on = entity_find_join(entity, member->joinon.table);
        if (on == NULL && strcmp(member->joinon.table, entity->table) != 0) {
            continue;
        }
        join = memory_calloc(&generator->arena, 1, sizeof *join);
        *join = (struct join){.member = member, .name = member_join_name(member), .on = on};
        *MEMORY_APPEND(&generator->arena, entity->joins, entity->n_joins) = join;
        found = true;
    }
    return found;
}

/* In whatever order the fields stand, a join comes behind what it hangs on. */
static void put_in_order(struct generator *generator, struct entity *entity)
{
    while (append_ready(generator, entity)) {
    }
    for (size_t i = entity_first_joined(entity); i < entity->n_columns; i++) {
        const struct member *member = entity->columns[i];

        if (entity_join_of(entity, member) == NULL) {
            report(&generator->diagnostics, member->joinon.at,
                   "`%s` is joined by what hangs on it itself", member_join_name(member));
            report_note(&generator->diagnostics, "one join must be by a column of `%s`",
                        entity->table);
            return;
        }
    }
}

/* What the fields of the natural key are in, and all that leads there. */
static void mark_keys(struct entity *entity)
{
    for (size_t i = entity->n_joins; i-- > 0;) {
        struct join *join = entity->joins[i];

        for (size_t j = entity_first_joined(entity); j < entity->n_columns; j++) {
            join->is_key |= entity->columns[j]->is_primary &&
                            entity_join_of(entity, entity->columns[j]) == join;
        }
        for (size_t j = i + 1; j < entity->n_joins; j++) {
            join->is_key |= entity->joins[j]->is_key && entity->joins[j]->on == join;
        }
    }
}

/* The field whose column of the own table is called so; NULL if there is none. */
static const struct member *find_own(const struct entity *entity, const char *column)
{
    for (size_t i = 0; i < entity_first_joined(entity) && i < entity->n_columns; i++) {
        if (strcmp(member_column(entity->columns[i]), column) == 0) {
            return entity->columns[i];
        }
    }
    return NULL;
}

/* The column that says what a row belongs to is looked up by one join only, and not
 * written by a field as well. */
static void check_parents(struct generator *generator, const struct entity *entity)
{
    for (size_t i = 0; i < entity->n_joins; i++) {
        const struct column_name *on = &entity->joins[i]->member->joinon;
        const struct member *field = find_own(entity, on->column);

        if (!join_is_parent(entity->joins[i])) {
            continue;
        }
        if (strcmp(on->column, "id") == 0) {
            report(&generator->diagnostics, on->at,
                   "`%s` can't be part of the natural key by the id of `%s`",
                   entity->joins[i]->member->name, entity->table);
            report_note(&generator->diagnostics, "the id is what a row gets when it is created");
        } else if (field != NULL && (~field->omit & (OMIT_CREATE | OMIT_UPDATE)) != 0) {
            report(&generator->diagnostics, field->at,
                   "`%s` is written by itself and by the natural key", field->name);
            report_note(&generator->diagnostics,
                        "the key's `%s` says which row it is: add omit=create,update here",
                        entity->joins[i]->member->name);
        }
        for (size_t j = 0; j < i; j++) {
            if (join_is_parent(entity->joins[j]) &&
                strcmp(entity->joins[j]->member->joinon.column, on->column) == 0) {
                report(&generator->diagnostics, on->at,
                       "two joins of the natural key say what "
                       "`%s` is",
                       on->column);
            }
        }
    }
}

/* As in Incus `join=projects.name` alone is by the entity's own `project_id`. */
static void say_on(struct generator *generator, const struct entity *entity, struct member *member)
{
    if (member->joinon.table != NULL) {
        return;
    }
    member->joinon = (struct column_name){
        .at = member->join.at,
        .table = entity->table,
        .column = memory_printf(&generator->arena, "%s_id",
                                naming_singular(&generator->arena, member->join.table)),
    };
}

void join_resolve(struct generator *generator, struct entity *entity)
{
    size_t n_errors = generator->diagnostics.n_items;

    for (size_t i = entity_first_joined(entity); i < entity->n_columns; i++) {
        say_on(generator, entity, entity->columns[i]);
    }
    for (size_t i = entity_first_joined(entity); i < entity->n_columns; i++) {
        check(generator, entity, entity->columns[i]);
    }
    if (generator->diagnostics.n_items > n_errors) {
        return;
    }
    put_in_order(generator, entity);
    mark_keys(entity);
    check_parents(generator, entity);
}
