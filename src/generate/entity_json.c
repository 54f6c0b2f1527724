#include "generate/entity_json.h"

#include "generate/member.h"
#include "generate/memory.h"

#include <stdlib.h>
#include <string.h>

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

void entity_json_check_items(struct generator *generator, struct source *source,
                             const struct member *member, struct location at,
                             unsigned needed_in_line)
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
        entity_json_check_items(generator, source, member, word->at, directive->at.line);
        *MEMORY_APPEND(&generator->arena, entity->json, entity->n_json) = member;
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
        if (member_is_array_or_map(member) || (member->is_primary && member->optional)) {
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

void entity_json_resolve(struct generator *generator, struct source *source)
{
    resolve_json(generator, source);
    for (size_t i = 0; i < source->n_entities; i++) {
        check_versions(generator, source, &source->entities[i]);
        for (size_t j = 0; j < source->entities[i].n_references; j++) {
            check_rows(generator, &source->entities[i].references[j]);
        }
    }
}
