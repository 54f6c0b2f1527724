#include "generate/entity.h"

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

static bool is_array_or_map(const struct member *member)
{
    return member->kind == TYPE_OBJECTS || member->kind == TYPE_STRINGS || member->kind == TYPE_MAP;
}

/* What the tags of a field say must fit together, and its type. */
static void check_tags(struct generator *generator, const struct member *member)
{
    struct diagnostics *diagnostics = &generator->diagnostics;
    bool is_joined = member->join.table != NULL;

    if (is_joined != (member->joinon.table != NULL)) {
        report(diagnostics, member->at, "`%s` has only one of `join` and `joinon`", member->name);
        report_note(diagnostics, "join=T.C says where the value is, joinon=T.C which column holds "
                                 "the id of that row");
    }
    if (is_joined && member->is_primary) {
        report(diagnostics, member->at, "`%s` can't be joined and part of the natural key",
               member->name);
        report_note(diagnostics, "the column that `joinon` names can");
    }
    if (member->is_ignored && (member->is_primary || is_joined || member->is_marshalled ||
                               member->references.text != NULL)) {
        report(diagnostics, member->at, "`%s` is ignored, its other tags mean nothing",
               member->name);
    }
    if (member->references.text != NULL && member->kind != TYPE_MAP) {
        report(diagnostics, member->at, "`%s` has `references`, but is not a string map",
               member->name);
        report_note(diagnostics, "use `struct string_map`");
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
                                             : "tag it with marshal=json or ignore");
    }
    if (member->is_primary && strcmp(member->name, "id") == 0) {
        report(diagnostics, member->at, "`id` can't be part of the natural key");
        report_note(diagnostics, "the key is what people know a row by");
    } else if (member->is_primary && (member->optional || is_array_or_map(member) ||
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

/* A table is joined once, by a column of the entity's own table. */
static void check_joins(struct generator *generator, const struct entity *entity)
{
    for (size_t i = 1 + entity->n_stored; i < entity->n_columns; i++) {
        const struct member *member = entity->columns[i];

        if (member->joinon.table == NULL) {
            continue;
        }
        if (strcmp(member->joinon.table, entity->table) != 0) {
            report(&generator->diagnostics, member->joinon.at, "`joinon` names another table");
            report_note(&generator->diagnostics, "write it as joinon=%s.COLUMN", entity->table);
        }
        for (size_t j = 1 + entity->n_stored; j < i; j++) {
            const struct member *other = entity->columns[j];

            if (other->joinon.table != NULL && strcmp(other->join.table, member->join.table) == 0 &&
                strcmp(other->joinon.column, member->joinon.column) != 0) {
                report(&generator->diagnostics, member->join.at, "`%s` is joined already, by `%s`",
                       member->join.table, other->joinon.column);
            }
        }
    }
}

/* id first, joined columns last: create and update then write what is between. */
static void collect_columns(struct generator *generator, struct entity *entity)
{
    struct record *record = entity->record;
    struct member *id = record_find_member(record, "id");

    if (id == NULL || id->kind != TYPE_INTEGER || id->optional || !is_column(id) ||
        id->join.table != NULL) {
        if (!record->is_broken) {
            report(&generator->diagnostics, record->at, "`struct %s` has no `int64_t id`",
                   record->name);
            report_note(&generator->diagnostics, "each table has one: an INTEGER PRIMARY KEY");
        }
    } else {
        append_column(generator, entity, id);
    }
    for (size_t i = 0; i < record->n_members; i++) {
        struct member *member = &record->members[i];

        if (is_column(member) && member != id && member->join.table == NULL) {
            append_column(generator, entity, member);
            entity->n_stored++;
        }
    }
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

static void collect_references(struct generator *generator, struct entity *entity)
{
    for (size_t i = 0; i < entity->record->n_members; i++) {
        struct member *member = &entity->record->members[i];
        const char *text = member->references.text;
        struct reference reference = {.member = member, .at = member->references.at};

        if (text == NULL) {
            continue;
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

static void collect_json(struct generator *generator, struct source *source, struct entity *entity,
                         const struct directive *directive)
{
    struct diagnostics *diagnostics = &generator->diagnostics;

    for (size_t i = 0; i < directive->n_parameters; i++) {
        report(diagnostics, directive->parameters[i].at, "unknown parameter `%s`",
               directive->parameters[i].name);
        report_note(diagnostics, "json takes names of members only");
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
        if (member->kind == TYPE_BYTES) {
            report(diagnostics, word->at, "`%s` can't be a member of JSON", word->text);
            report_note(diagnostics, "JSON has no bytes");
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
        collect_references(generator, entity);
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
}
