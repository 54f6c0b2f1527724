#include "generate/entity.h"

#include "generate/entity_json.h"
#include "generate/join.h"
#include "generate/member.h"
#include "generate/memory.h"
#include "generate/naming.h"

#include <limits.h>
#include <string.h>

/* True for a struct that lies in a table, not in JSON only. */
static bool has_table(const struct source *source, const struct entity *entity)
{
    for (size_t i = 0; i < source->n_directives; i++) {
        const struct directive *directive = &source->directives[i];

        if (directive->command != COMMAND_JSON &&
            strcmp(directive->entity.text, entity->name) == 0) {
            return true;
        }
    }
    return false;
}

static void find_structs(struct generator *generator, struct source *source, struct entity *entity)
{
    const char *filter_name = memory_printf(&generator->arena, "%s_filter", entity->name);

    entity->record = source_find_record(source, entity->name);
    entity->filter = source_find_record(source, filter_name);
    if (entity->record == NULL) {
        report(&generator->diagnostics, entity->at, "no declaration of `struct %s` was found",
               entity->name);
        report_note(&generator->diagnostics, "it must stand in the same file");
    }
}

/* Both end up in the text of a C string. */
static void read_name(struct generator *generator, const struct parameter *parameter,
                      struct entity *entity)
{
    static const char label_marks[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789 _-./";

    if (strcmp(parameter->name, "table") == 0) {
        entity->table = parameter->value;
        if (!naming_is_snake(parameter->value)) {
            report(&generator->diagnostics, parameter->at, "malformed table `%s`",
                   parameter->value);
            report_note(&generator->diagnostics, "names have small letters, digits and _");
        }
        return;
    }
    entity->title = parameter->value;
    if (parameter->value[strspn(parameter->value, label_marks)] != '\0') {
        report(&generator->diagnostics, parameter->at, "malformed label `%s`", parameter->value);
        report_note(&generator->diagnostics, "labels have letters, digits, blanks and _-./");
    }
}

/* table= and label= on the first directive that isn't about JSON. */
static void read_parameters(struct generator *generator, struct source *source,
                            struct entity *entity)
{
    const struct directive *first = NULL;

    for (size_t i = 0; i < source->n_directives; i++) {
        const struct directive *directive = &source->directives[i];

        if (directive->command == COMMAND_JSON ||
            strcmp(directive->entity.text, entity->name) != 0) {
            continue;
        }
        if (first == NULL) {
            first = directive;
        }
        for (size_t j = 0; j < directive->n_parameters; j++) {
            const struct parameter *parameter = &directive->parameters[j];

            if (strcmp(parameter->name, "table") != 0 && strcmp(parameter->name, "label") != 0) {
                continue;
            }
            if (directive != first) {
                report(&generator->diagnostics, parameter->at, "`%s` comes too late",
                       parameter->name);
                report_note(&generator->diagnostics,
                            "write it on the first directive of the entity, line %u, and only "
                            "there",
                            first->at.line);
            } else {
                read_name(generator, parameter, entity);
            }
        }
    }
}

static void check_enumeration(struct generator *generator, struct source *source,
                              const struct member *member)
{
    const struct enumeration *enumeration;

    if (member->kind != TYPE_ENUM) {
        return;
    }
    enumeration = source_find_enumeration(source, member->tag);
    if (enumeration == NULL) {
        report(&generator->diagnostics, member->at, "no declaration of `enum %s` was found",
               member->tag);
        report_note(&generator->diagnostics, "it must stand in the same file");
    }
}

static bool is_column(const struct member *member)
{
    return !member->is_ignored && member->references.text == NULL;
}

static void append_column(struct generator *generator, struct entity *entity, struct member *member)
{
    *MEMORY_APPEND(&generator->arena, entity->columns, entity->n_columns) = member;
}

/* Its natural key is two ids of rows that it says belong together. */
static bool is_association(const struct record *record)
{
    size_t n_ids = 0;
    size_t n_keys = 0;

    for (size_t i = 0; i < record->n_members; i++) {
        const struct member *member = &record->members[i];
        const char *end = strrchr(member->name, '_');

        n_keys += member->is_primary;
        n_ids += member->is_primary && member->join.table == NULL && member->kind == TYPE_INTEGER &&
                 end != NULL && strcmp(end, "_id") == 0;
    }
    return n_keys == 2 && n_ids == 2;
}

/* The stored columns that rows have, or those that they don't. */
static void append_stored(struct generator *generator, struct entity *entity, unsigned omit)
{
    for (size_t i = 0; i < entity->record->n_members; i++) {
        struct member *member = &entity->record->members[i];

        if (is_column(member) && member->join.table == NULL && strcmp(member->name, "id") != 0 &&
            (member->omit & OMIT_OBJECTS) == omit) {
            append_column(generator, entity, member);
            entity->n_stored++;
        }
    }
}

/* id first, joined columns last: create and update then write what is between. */
static void collect_columns(struct generator *generator, struct entity *entity)
{
    struct record *record = entity->record;
    struct member *id = record_find_member(record, "id");

    entity->first_stored = id == NULL && !record->is_broken && is_association(record) ? 0 : 1;
    if (entity_is_association(entity)) {
        /* It has no id, and needs none. */
    } else if (id == NULL || id->kind != TYPE_INTEGER || id->optional || !is_column(id) ||
               id->join.table != NULL) {
        if (!record->is_broken) {
            report(&generator->diagnostics, record->at, "`struct %s` has no `int64_t id`",
                   record->name);
            report_note(&generator->diagnostics,
                        "each table has one, an INTEGER PRIMARY KEY, but those whose natural key "
                        "is two ids of other tables");
        }
    } else {
        append_column(generator, entity, id);
    }
    append_stored(generator, entity, 0);
    append_stored(generator, entity, OMIT_OBJECTS);
    for (size_t i = 0; i < record->n_members; i++) {
        struct member *member = &record->members[i];

        if (is_column(member) && member->join.table != NULL) {
            append_column(generator, entity, member);
        }
    }
}

/* sql= gives a column of TABLE another name than the field has. */
static void check_sql_tag(struct generator *generator, const struct member *member,
                          const char *table)
{
    if (member->sql.table != NULL && strcmp(member->sql.table, table) != 0) {
        report(&generator->diagnostics, member->sql.at, "`sql` names another table than `%s`",
               table);
        report_note(&generator->diagnostics, "a column of another table comes by join=T.C");
    }
}

/* A column is one field's, or a statement would write it twice. */
static void check_columns(struct generator *generator, const struct entity *entity)
{
    for (size_t i = 0; i < entity_first_joined(entity) && i < entity->n_columns; i++) {
        check_sql_tag(generator, entity->columns[i], entity->table);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(member_column(entity->columns[i]), member_column(entity->columns[j])) == 0) {
                report(&generator->diagnostics, entity->columns[i]->at,
                       "`%s` and `%s` are the same column", entity->columns[j]->name,
                       entity->columns[i]->name);
            }
        }
    }
}

/* In the order of the struct, be they joined or not: people say a project first. */
static void collect_keys(struct generator *generator, struct entity *entity)
{
    for (size_t i = 0; i < entity->record->n_members; i++) {
        struct member *member = &entity->record->members[i];

        if (member->is_primary && entity_is_column(entity, member)) {
            *MEMORY_APPEND(&generator->arena, entity->keys, entity->n_keys) = member;
        }
    }
    if (entity->n_keys == 0 && !entity->record->is_broken) {
        report(&generator->diagnostics, entity->record->at, "`struct %s` has no natural key",
               entity->name);
        report_note(&generator->diagnostics, "tag its fields with `//db: primary=yes`");
    } else if (entity->n_keys > KEY_FIELDS_MAX) {
        report(&generator->diagnostics, entity->record->at,
               "the natural key of `struct %s` has more than %d fields", entity->name,
               KEY_FIELDS_MAX);
    }
}

/* Fields with order=yes, then the natural key: no two rows are equal in that. */
static void collect_order(struct generator *generator, struct entity *entity)
{
    for (size_t i = 0; i < entity->n_columns; i++) {
        if (entity->columns[i]->is_order) {
            *MEMORY_APPEND(&generator->arena, entity->order, entity->n_order) = entity->columns[i];
        }
    }
    for (size_t i = 0; i < entity->n_keys; i++) {
        if (!entity->keys[i]->is_order) {
            *MEMORY_APPEND(&generator->arena, entity->order, entity->n_order) = entity->keys[i];
        }
    }
}

/* One field of each kind: which of two would the caller's time be for? */
static void check_one_time(struct generator *generator, struct entity *entity)
{
    for (size_t i = 0; i < entity->n_columns; i++) {
        struct member *member = entity->columns[i];

        if ((member->is_create_time && member != entity_create_time(entity)) ||
            (member->is_update_time && member != entity_update_time(entity))) {
            report(&generator->diagnostics, member->at, "`struct %s` has two timestamps of a kind",
                   entity->name);
        }
        /* Whatever comes later leaves it as it was. */
        member->omit |= member->is_create_time ? OMIT_UPDATE : 0u;
    }
}

static void collect_references(struct generator *generator, struct source *source,
                               struct entity *entity)
{
    for (size_t i = 0; i < entity->record->n_members; i++) {
        struct member *member = &entity->record->members[i];
        const char *text = member->references.text;
        struct reference reference = {.member = member, .at = member->references.at};

        if (text == NULL) {
            continue;
        }
        if (entity_is_association(entity)) {
            report(&generator->diagnostics, member->references.at,
                   "an association has nothing that `%s` could belong to", member->name);
            continue;
        }
        if (member->kind == TYPE_OBJECTS) {
            entity_json_check_items(generator, source, member, member->at, UINT_MAX);
            reference.items = source_find_entity(source, member->tag);
        }
        reference.name = naming_snake(&generator->arena, text, strlen(text));
        if (reference.name == NULL) {
            report(&generator->diagnostics, member->references.at, "malformed value `%s` of `%s`",
                   text, "references");
            report_note(&generator->diagnostics, "write it as `references=Config`");
            continue;
        }
        reference.table = memory_printf(&generator->arena, "%s_%s", entity->table, reference.name);
        reference.column = memory_printf(&generator->arena, "%s_id", entity->name);
        *MEMORY_APPEND(&generator->arena, entity->references, entity->n_references) = reference;
    }
}

/* Which fields may select is said by the filter; it names them as they are. */
static void check_filter(struct generator *generator, const struct entity *entity)
{
    for (size_t i = 0; entity->filter != NULL && i < entity->filter->n_members; i++) {
        const struct member *field = &entity->filter->members[i];
        const struct member *member = record_find_member(entity->record, field->name);

        if (member == NULL) {
            if (!entity->record->is_broken) {
                report(&generator->diagnostics, field->at,
                       "filter field `%s` is not in `struct %s`", field->name, entity->name);
            }
        } else if (!entity_is_column(entity, member)) {
            report(&generator->diagnostics, field->at, "filter field `%s` is not a column",
                   field->name);
        } else if (!field->optional ||
                   field->kind != (member->kind == TYPE_ENUM ? TYPE_INTEGER : member->kind)) {
            report(&generator->diagnostics, field->at,
                   "the type of filter field `%s` doesn't fit `struct %s`", field->name,
                   entity->name);
            report_note(&generator->diagnostics, "use the opt_ type of the field's; opt_i64 for "
                                                 "an enum");
        }
    }
}

static void resolve(struct generator *generator, struct source *source, struct entity *entity)
{
    find_structs(generator, source, entity);
    read_parameters(generator, source, entity);
    if (entity->title == NULL) {
        entity->title = naming_title(&generator->arena, entity->name);
    }
    if (entity->record == NULL) {
        return;
    }
    for (size_t i = 0; i < entity->record->n_members; i++) {
        check_enumeration(generator, source, &entity->record->members[i]);
    }
    if (has_table(source, entity)) {
        if (entity->table == NULL) {
            entity->table = naming_plural(&generator->arena, entity->name);
        }
        for (size_t i = 0; i < entity->record->n_members; i++) {
            const struct member *member = &entity->record->members[i];

            member_check_tags(generator, member);
            if (member->is_marshalled) {
                entity_json_check_items(generator, source, member, member->at, UINT_MAX);
            }
        }
        collect_columns(generator, entity);
        check_columns(generator, entity);
        join_resolve(generator, entity);
        collect_keys(generator, entity);
        collect_order(generator, entity);
        check_one_time(generator, entity);
        collect_references(generator, source, entity);
        check_filter(generator, entity);
    }
}

/* The columns of an array's rows; when all structs were found. */
static void check_items(struct generator *generator, const struct entity *entity)
{
    for (size_t i = 0; i < entity->n_references; i++) {
        const struct entity *items = entity->references[i].items;

        for (size_t j = 0; items != NULL && items->record != NULL && j < items->record->n_members;
             j++) {
            check_sql_tag(generator, &items->record->members[j], entity->references[i].table);
        }
    }
}

void entity_resolve_all(struct generator *generator, struct source *source)
{
    for (size_t i = 0; i < source->n_directives; i++) {
        const struct word *name = &source->directives[i].entity;
        struct entity entity = {.at = name->at, .name = name->text};

        if (source_find_entity(source, name->text) == NULL) {
            *MEMORY_APPEND(&generator->arena, source->entities, source->n_entities) = entity;
        }
    }
    for (size_t i = 0; i < source->n_entities; i++) {
        resolve(generator, source, &source->entities[i]);
    }
    for (size_t i = 0; i < source->n_entities; i++) {
        check_items(generator, &source->entities[i]);
    }
    entity_json_resolve(generator, source);
}
