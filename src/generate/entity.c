#include "generate/entity.h"

#include "generate/memory.h"
#include "generate/naming.h"

#include <limits.h>
#include <stdlib.h>
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

static bool is_array_or_map(const struct member *member)
{
    return member->kind == TYPE_OBJECTS || member->kind == TYPE_STRINGS || member->kind == TYPE_MAP;
}

/* A join without what makes it one, and the other way round. */
static void check_join_tags(struct generator *generator, const struct member *member)
{
    struct diagnostics *diagnostics = &generator->diagnostics;
    bool is_joined = member->join.table != NULL;

    if (is_joined != (member->joinon.table != NULL)) {
        report(diagnostics, member->at, "`%s` has only one of `join` and `joinon`", member->name);
        report_note(diagnostics, "join=T.C says where the value is, joinon=T.C which column holds "
                                 "the id of that row");
    } else if (!is_joined && (member->jointo.text != NULL || member->joinas.text != NULL)) {
        report(diagnostics, member->at, "`%s` is not joined, `jointo` and `joinas` mean nothing",
               member->name);
    }
    if (is_joined && member->is_primary) {
        report(diagnostics, member->at, "`%s` can't be joined and part of the natural key",
               member->name);
        report_note(diagnostics, "the column that `joinon` names can");
    }
    if (member->is_left_join && !member->optional && member->coalesce.text == NULL) {
        report(diagnostics, member->at, "`%s` can't be NULL, but there may be no row to join",
               member->name);
        report_note(diagnostics, "use an opt_ type or coalesce=LITERAL; or join=T.C");
    }
}

/* Numbers, and text in single quotes: it ends up in SQL that stands in C. */
static bool is_literal(const struct member *member, const char *text)
{
    static const char marks[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_-./:,";
    size_t size = strlen(text);

    switch (member->kind) {
    case TYPE_TEXT:
        return size >= 2 && text[0] == '\'' && text[size - 1] == '\'' &&
               1 + strspn(text + 1, marks) == size - 1;
    case TYPE_BOOL:
        return strcmp(text, "0") == 0 || strcmp(text, "1") == 0;
    case TYPE_DOUBLE:
        text += text[0] == '-';
        size = strspn(text, "0123456789");
        return size > 0 && text[size] == '.' && text[size + 1] != '\0' &&
               text[size + 1 + strspn(text + size + 1, "0123456789")] == '\0';
    case TYPE_INTEGER:
    case TYPE_ENUM:
        text += text[0] == '-';
        return text[0] != '\0' && strlen(text) < 19 && text[strspn(text, "0123456789")] == '\0';
    default:
        return false;
    }
}

static void check_coalesce(struct generator *generator, const struct member *member)
{
    struct diagnostics *diagnostics = &generator->diagnostics;

    if (member->coalesce.text == NULL) {
        return;
    }
    if (member->optional || member->is_primary) {
        report(diagnostics, member->coalesce.at, "`%s` %s, it has no use for `coalesce`",
               member->name,
               member->optional ? "may be unset" : "is part of the natural key, never NULL");
    } else if (!is_literal(member, member->coalesce.text)) {
        report(diagnostics, member->coalesce.at, "malformed value `%s` of `coalesce`",
               member->coalesce.text);
        report_note(diagnostics, "it is a number such as -1 or 2.5, or text such as 'none', as the "
                                 "field's type is");
    }
}

static void check_omissions(struct generator *generator, const struct member *member)
{
    if (member->omit == 0) {
        return;
    }
    if (member->is_primary || member->join.table != NULL || strcmp(member->name, "id") == 0 ||
        member->references.text != NULL) {
        report(&generator->diagnostics, member->omit_at, "`%s` can't be omitted", member->name);
        report_note(&generator->diagnostics,
                    "the id and the natural key are part of all, joined columns are never written, "
                    "and maps are named by references=X of a method");
    } else if (member->omit == (OMIT_OBJECTS | OMIT_CREATE | OMIT_UPDATE)) {
        report(&generator->diagnostics, member->omit_at, "`%s` is omitted everywhere",
               member->name);
        report_note(&generator->diagnostics, "tag it with `ignore`");
    }
}

static void check_times(struct generator *generator, const struct member *member)
{
    struct diagnostics *diagnostics = &generator->diagnostics;

    if (!member->is_create_time && !member->is_update_time) {
        return;
    }
    if (member->kind != TYPE_INTEGER || member->optional || member->is_primary ||
        member->join.table != NULL || strcmp(member->name, "id") == 0) {
        report(diagnostics, member->at, "`%s` can't be a timestamp", member->name);
        report_note(diagnostics, "it is an int64_t in a column of its own table, outside of the "
                                 "natural key");
    } else if ((member->is_create_time && member->is_update_time) || member->omit != 0) {
        report(diagnostics, member->at, "`%s` is written by two rules", member->name);
        report_note(diagnostics, "a field has one of create_timestamp, update_timestamp and omit");
    }
}

static void check_order(struct generator *generator, const struct member *member)
{
    if (member->is_order && (member->is_marshalled || member->is_custom ||
                             member->kind == TYPE_BYTES || (member->omit & OMIT_OBJECTS) != 0)) {
        report(&generator->diagnostics, member->at, "rows can't be ordered by `%s`", member->name);
        report_note(&generator->diagnostics,
                    "they can by numbers, booleans, enums and text that are selected");
    }
}

/* What the tags of a field say must fit together, and its type. */
static void check_tags(struct generator *generator, const struct member *member)
{
    struct diagnostics *diagnostics = &generator->diagnostics;
    bool is_joined = member->join.table != NULL;

    check_join_tags(generator, member);
    check_coalesce(generator, member);
    check_omissions(generator, member);
    check_times(generator, member);
    check_order(generator, member);
    if (member->is_ignored && (member->is_primary || is_joined || member->is_marshalled ||
                               member->is_custom || member->is_order || member->omit != 0 ||
                               member->is_create_time || member->is_update_time ||
                               member->coalesce.text != NULL || member->references.text != NULL)) {
        report(diagnostics, member->at, "`%s` is ignored, its other tags mean nothing",
               member->name);
    }
    if (member->is_custom && member->kind != TYPE_CUSTOM) {
        report(diagnostics, member->at, "`%s` is not a struct of yours", member->name);
        report_note(diagnostics, "marshal=yes is for `struct T x;`, which T_marshal() and "
                                 "T_unmarshal() turn into text and back");
    }
    if (member->references.text != NULL && member->kind != TYPE_MAP &&
        member->kind != TYPE_OBJECTS) {
        report(diagnostics, member->at, "`%s` has `references`, but is not a string map",
               member->name);
        report_note(diagnostics, "use `struct string_map`, or `struct T *xs; size_t n_xs;`");
    }
    if (member->is_marshalled && (!is_array_or_map(member) || member->references.text != NULL)) {
        report(diagnostics, member->at, "`%s` can't be stored as JSON", member->name);
        report_note(diagnostics, "`marshal=json` is for arrays, and for maps without a table");
    }
    if (is_array_or_map(member) && !member->is_marshalled && !member->is_ignored &&
        member->references.text == NULL) {
        report(diagnostics, member->at, "`%s` does not fit into a column", member->name);
        report_note(diagnostics, "%s",
                    member->kind == TYPE_MAP ? "tag it with references=X, marshal=json or ignore"
                    : member->kind == TYPE_OBJECTS
                        ? "tag it with references=X, marshal=json or ignore"
                        : "tag it with marshal=json or ignore");
    }
    if (member->is_primary && strcmp(member->name, "id") == 0) {
        report(diagnostics, member->at, "`id` can't be part of the natural key");
        report_note(diagnostics, "the key is what people know a row by");
    } else if (member->is_primary &&
               (member->optional || is_array_or_map(member) || member->kind == TYPE_CUSTOM ||
                member->kind == TYPE_BYTES || member->kind == TYPE_DOUBLE)) {
        report(diagnostics, member->at, "`%s` can't be part of the natural key", member->name);
        report_note(diagnostics, "a key is made of integers, booleans, enums and text that are "
                                 "always set");
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

/* Two fields that name the same joined table must mean the same row of it. */
static bool is_same_join(const struct member *a, const struct member *b)
{
    return strcmp(a->join.table, b->join.table) == 0 &&
           strcmp(a->joinon.column, b->joinon.column) == 0 &&
           strcmp(member_join_column(a), member_join_column(b)) == 0 &&
           a->is_left_join == b->is_left_join;
}

/* Joins are by a column of the entity's own table; under one name there is one. */
static void check_joins(struct generator *generator, const struct entity *entity)
{
    for (size_t i = entity_first_joined(entity); i < entity->n_columns; i++) {
        const struct member *member = entity->columns[i];

        if (member->joinon.table == NULL) {
            continue;
        }
        if (strcmp(member->joinon.table, entity->table) != 0) {
            report(&generator->diagnostics, member->joinon.at, "`joinon` names another table");
            report_note(&generator->diagnostics, "write it as joinon=%s.COLUMN", entity->table);
        }
        if (strcmp(member_join_name(member), entity->table) == 0 ||
            strcmp(member_join_name(member), "selector") == 0) {
            report(&generator->diagnostics, member->join.at, "`%s` can't be the name of a join",
                   member_join_name(member));
            report_note(&generator->diagnostics, "give it another one by joinas=NAME");
        }
        for (size_t j = entity_first_joined(entity); j < i; j++) {
            const struct member *other = entity->columns[j];

            if (other->joinon.table != NULL &&
                strcmp(member_join_name(other), member_join_name(member)) == 0 &&
                !is_same_join(other, member)) {
                report(&generator->diagnostics, member->join.at, "`%s` is joined already, by `%s`",
                       member_join_name(member), other->joinon.column);
                report_note(&generator->diagnostics, "give this one a name by joinas=NAME");
                break;
            }
        }
    }
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
        n_ids += member->is_primary && member->kind == TYPE_INTEGER && end != NULL &&
                 strcmp(end, "_id") == 0;
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

static void collect_keys(struct generator *generator, struct entity *entity)
{
    for (size_t i = 0; i < entity->n_columns; i++) {
        if (entity->columns[i]->is_primary) {
            *MEMORY_APPEND(&generator->arena, entity->keys, entity->n_keys) = entity->columns[i];
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

static struct directive *find_json(struct source *source, const char *name)
{
    for (size_t i = 0; i < source->n_directives; i++) {
        if (source->directives[i].command == COMMAND_JSON &&
            strcmp(source->directives[i].entity.text, name) == 0) {
            return &source->directives[i];
        }
    }
    return NULL;
}

/* An array's structs must have JSON, declared before it is needed. */
static void check_items(struct generator *generator, struct source *source,
                        const struct member *member, struct location at, unsigned needed_in_line)
{
    const struct directive *json;

    if (member->kind != TYPE_OBJECTS) {
        return;
    }
    json = find_json(source, member->tag);
    if (json == NULL) {
        report(&generator->diagnostics, at, "`struct %s` has no JSON", member->tag);
        report_note(&generator->diagnostics,
                    "declare it: //generate-database:mapper json -e %s MEMBER...", member->tag);
    } else if (json->at.line >= needed_in_line) {
        report(&generator->diagnostics, at, "the JSON of `struct %s` is declared too late",
               member->tag);
        report_note(&generator->diagnostics, "move line %u before this one", json->at.line);
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
            check_items(generator, source, member, member->at, UINT_MAX);
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
        } else if (member->join.table != NULL) {
            report(&generator->diagnostics, field->at,
                   "filter field `%s` is a column of another table", field->name);
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

/* "2.1" -> 2001, so that versions compare as numbers; 0 if it is none. */
static unsigned version_number(const char *text, size_t size)
{
    size_t major = strspn(text, "0123456789");
    size_t minor = major < size && text[major] == '.' ? strspn(text + major + 1, "0123456789") : 0;

    if (major == 0 || major > 3 || minor == 0 || minor > 3 || major + 1 + minor != size) {
        return 0;
    }
    return (unsigned)(strtoul(text, NULL, 10) * 1000 + strtoul(text + major + 1, NULL, 10));
}

/* `versions=1.0,2.0`. */
static void read_versions(struct generator *generator, const struct parameter *parameter,
                          struct entity *entity)
{
    const char *text = parameter->value;
    unsigned last = 0;

    while (*text != '\0') {
        size_t size = strcspn(text, ",");
        unsigned number = version_number(text, size);

        if (number <= last) {
            report(&generator->diagnostics, parameter->at, "malformed value `%s` of `%s`",
                   parameter->value, parameter->name);
            report_note(&generator->diagnostics,
                        "versions are numbers such as 1.0,1.1,2.0, in ascending order");
            return;
        }
        *MEMORY_APPEND(&generator->arena, entity->versions, entity->n_versions) =
            memory_copy(&generator->arena, text, size);
        last = number;
        text += size;
        text += *text == ',';
    }
}

static void check_version(struct generator *generator, const struct entity *entity,
                          const struct word *version)
{
    if (version->text != NULL && entity_find_version(entity, version->text) == entity->n_versions) {
        report(&generator->diagnostics, version->at, "`struct %s` has no version `%s`",
               entity->name, version->text);
        report_note(&generator->diagnostics, "its versions are named by versions= of its json");
    }
}

static bool is_member(const struct entity *entity, const struct member *member)
{
    for (size_t i = 0; i < entity->n_json; i++) {
        if (entity->json[i] == member) {
            return true;
        }
    }
    return false;
}

/* The structs of an array are told in the version of what they are in. */
static void check_item_versions(struct generator *generator, struct source *source,
                                const struct entity *entity, const struct member *member)
{
    const struct entity *items =
        member->kind == TYPE_OBJECTS ? source_find_entity(source, member->tag) : NULL;

    for (size_t i = 0; items != NULL && items->n_versions > 0 && i < entity->n_versions; i++) {
        if (entity_find_version(items, entity->versions[i]) == items->n_versions) {
            report(&generator->diagnostics, member->at, "`struct %s` has no version `%s`",
                   items->name, entity->versions[i]);
            report_note(&generator->diagnostics, "`struct %s` has it: give both the same versions",
                        entity->name);
        }
    }
}

/* Each version has members, and they are told of versions that are there. */
static void check_versions(struct generator *generator, struct source *source,
                           const struct entity *entity)
{
    for (size_t i = 0; entity->record != NULL && i < entity->record->n_members; i++) {
        const struct member *member = &entity->record->members[i];
        const struct word *tag = member->since.text != NULL   ? &member->since
                                 : member->until.text != NULL ? &member->until
                                                              : &member->max;

        if (!is_member(entity, member)) {
            if (tag->text != NULL) {
                report(&generator->diagnostics, tag->at, "`%s` is not a member of JSON",
                       member->name);
                report_note(&generator->diagnostics, "only that has versions and limits");
            }
            continue;
        }
        check_version(generator, entity, &member->since);
        check_version(generator, entity, &member->until);
        if (member->since.text != NULL && member->until.text != NULL &&
            entity_find_version(entity, member->since.text) >=
                entity_find_version(entity, member->until.text)) {
            report(&generator->diagnostics, member->at, "`%s` is in no version", member->name);
            report_note(&generator->diagnostics, "`until` is the first version without it");
        }
        check_item_versions(generator, source, entity, member);
    }
    for (size_t i = 0; i < entity->n_versions; i++) {
        size_t n_members = 0;

        for (size_t j = 0; j < entity->n_json; j++) {
            n_members += entity_has_member_in(entity, entity->json[j], i);
        }
        if (n_members == 0) {
            report(&generator->diagnostics, entity->at,
                   "version `%s` of `struct %s` has no members", entity->versions[i], entity->name);
        }
    }
}

static void collect_json(struct generator *generator, struct source *source, struct entity *entity,
                         const struct directive *directive)
{
    struct diagnostics *diagnostics = &generator->diagnostics;

    for (size_t i = 0; i < directive->n_parameters; i++) {
        const struct parameter *parameter = &directive->parameters[i];

        if (strcmp(parameter->name, "versions") == 0) {
            read_versions(generator, parameter, entity);
            continue;
        }
        report(diagnostics, parameter->at, "unknown parameter `%s`", parameter->name);
        report_note(diagnostics, "json takes versions=V,W and names of members only");
    }
    for (size_t i = 0; i < directive->n_words; i++) {
        const struct word *word = &directive->words[i];
        struct member *member = record_find_member(entity->record, word->text);

        if (member == NULL) {
            if (!entity->record->is_broken) {
                report(diagnostics, word->at, "`struct %s` has no field `%s`", entity->name,
                       word->text);
            }
            continue;
        }
        for (size_t j = 0; j < entity->n_json; j++) {
            if (entity->json[j] == member) {
                report(diagnostics, word->at, "duplicate member `%s`", word->text);
            }
        }
        if (member->kind == TYPE_BYTES || member->kind == TYPE_CUSTOM) {
            report(diagnostics, word->at, "`%s` can't be a member of JSON", word->text);
            report_note(diagnostics, member->kind == TYPE_BYTES
                                         ? "JSON has no bytes"
                                         : "only its columns' text is known of it");
        }
        check_items(generator, source, member, word->at, directive->at.line);
        *MEMORY_APPEND(&generator->arena, entity->json, entity->n_json) = member;
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

            check_tags(generator, member);
            if (member->is_marshalled) {
                check_items(generator, source, member, member->at, UINT_MAX);
            }
        }
        collect_columns(generator, entity);
        check_joins(generator, entity);
        collect_keys(generator, entity);
        collect_order(generator, entity);
        check_one_time(generator, entity);
        collect_references(generator, source, entity);
        check_filter(generator, entity);
    }
}

static void resolve_json(struct generator *generator, struct source *source)
{
    for (size_t i = 0; i < source->n_directives; i++) {
        const struct directive *directive = &source->directives[i];
        struct entity *entity = source_find_entity(source, directive->entity.text);

        if (directive->command != COMMAND_JSON || entity->record == NULL) {
            continue;
        }
        if (entity->n_json > 0) {
            report(&generator->diagnostics, directive->at, "duplicate directive: json of `%s`",
                   entity->name);
            continue;
        }
        collect_json(generator, source, entity, directive);
    }
}

/* The structs of an array that has a table: their members are its columns. */
static void check_rows(struct generator *generator, const struct reference *reference)
{
    const struct entity *items = reference->items;
    size_t n_keys = 0;

    for (size_t i = 0; items != NULL && i < items->n_json; i++) {
        const struct member *member = items->json[i];

        n_keys += member->is_primary;
        if (is_array_or_map(member) || (member->is_primary && member->optional)) {
            report(&generator->diagnostics, member->at, "`%s` can't be a column of `%s`",
                   member->name, reference->table);
            report_note(&generator->diagnostics, "rows of an array hold integers, booleans, "
                                                 "numbers, enums and text; their key is always "
                                                 "set");
        }
    }
    if (items != NULL && items->n_json > 0 && n_keys == 0) {
        report(&generator->diagnostics, reference->at, "the rows of `%s` have no key",
               reference->table);
        report_note(&generator->diagnostics,
                    "tag members of `struct %s` with `//db: primary=yes`: it tells the rows of a "
                    "parent apart",
                    items->name);
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
    resolve_json(generator, source);
    for (size_t i = 0; i < source->n_entities; i++) {
        check_versions(generator, source, &source->entities[i]);
        for (size_t j = 0; j < source->entities[i].n_references; j++) {
            check_rows(generator, &source->entities[i].references[j]);
        }
    }
}
