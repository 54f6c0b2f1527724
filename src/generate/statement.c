#include "generate/statement.h"

#include "generate/memory.h"
#include "generate/method.h"
#include "generate/spelling.h"

#include <string.h>

static const struct kind statement_kinds[] = {
    {"objects", STATEMENT_OBJECTS, true, false, " scan sort "},
    {"names", STATEMENT_NAMES, true, false, " scan sort "},
    {"id", STATEMENT_ID, false, false, " "},
    {"create", STATEMENT_CREATE, false, false, " scan "},
    {"create-or-replace", STATEMENT_CREATE_OR_REPLACE, false, false, " scan "},
    {"update", STATEMENT_UPDATE, false, false, " scan "},
    {"rename", STATEMENT_RENAME, false, false, " scan "},
    {"delete", STATEMENT_DELETE, true, true, " scan "},
};

/* Fields become arguments, next to others. */
static bool is_reserved(const char *name)
{
    static const char *const reserved[] = {"objects",  "n_objects", "tx",     "arena",
                                           "error",    "object",    "now",    "new_name",
                                           "selector", "params",    "stamped"};

    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (strcmp(name, reserved[i]) == 0) {
            return true;
        }
    }
    return strncmp(name, "ret_", strlen("ret_")) == 0;
}

static bool read_exception(struct generator *generator, const struct directive *directive,
                           const char *name, struct exception *exception)
{
    for (size_t i = 0; i < directive->n_parameters; i++) {
        const struct parameter *parameter = &directive->parameters[i];

        if (strcmp(parameter->name, name) != 0) {
            continue;
        }
        if (strcmp(parameter->value, "allowed") != 0) {
            report(&generator->diagnostics, parameter->at, "unexpected value `%s` of `%s`",
                   parameter->value, name);
            report_note(&generator->diagnostics, "the only one is `%s=allowed`", name);
            return false;
        }
        exception->at = parameter->at;
        exception->is_allowed = true;
    }
    return true;
}

/* A field selects only if the filter has it, as in Incus. */
static bool check_selects(struct generator *generator, struct entity *entity,
                          const struct statement *statement)
{
    for (size_t i = 0; i < statement->n_fields; i++) {
        if (entity->filter == NULL ||
            record_find_member(entity->filter, statement->fields[i]->name) == NULL) {
            report(&generator->diagnostics, statement->at,
                   "`%s` is not a field of `struct %s_filter`", statement->fields[i]->name,
                   entity->name);
            report_note(&generator->diagnostics, "the filter says which fields may select");
            return false;
        }
    }
    return true;
}

/* Names say which row is meant, so with the fields they must make up the key. */
static bool find_output(struct generator *generator, const struct entity *entity,
                        struct statement *statement)
{
    size_t n_missing = 0;

    for (size_t i = 0; i < entity->n_keys; i++) {
        bool is_given = false;

        for (size_t j = 0; j < statement->n_fields; j++) {
            is_given |= statement->fields[j] == entity->keys[i];
        }
        if (!is_given) {
            statement->output = entity->keys[i];
            n_missing++;
        }
    }
    if (n_missing != 1 || statement->output->kind != TYPE_TEXT) {
        report(&generator->diagnostics, statement->at, "`%s` does not leave one name",
               statement->spelling);
        report_note(&generator->diagnostics, "its fields are all of the natural key but one, which "
                                             "is text");
        return false;
    }
    return true;
}

/* Rows are found through other tables by their id, which an association has not. */
static bool check_deletes(struct generator *generator, const struct entity *entity,
                          const struct statement *statement)
{
    for (size_t i = 0; entity_is_association(entity) && i < statement->n_fields; i++) {
        if (statement->fields[i]->join.table != NULL) {
            report(
                &generator->diagnostics, statement->at,
                "`%s` is a column of another table, which rows without an id can't be deleted by",
                statement->fields[i]->name);
            return false;
        }
    }
    return true;
}

static bool fits_association(enum statement_kind kind)
{
    return kind == STATEMENT_OBJECTS || kind == STATEMENT_CREATE || kind == STATEMENT_DELETE;
}

/* Its rows are written as JSON. */
static bool check_creates(struct generator *generator, const struct entity *entity,
                          const struct statement *statement)
{
    for (size_t i = 0; entity_is_association(entity) && i < entity_first_joined(entity); i++) {
        const struct member *member = entity->columns[i];

        if (member->kind == TYPE_BYTES && (member->omit & OMIT_CREATE) == 0) {
            report(&generator->diagnostics, member->at,
                   "`%s` of an association can't be bytes, `%s` writes JSON", member->name,
                   statement->spelling);
            report_note(&generator->diagnostics, "use text, or give the table an id");
            return false;
        }
    }
    return true;
}

static void read_statement(struct generator *generator, struct entity *entity,
                           const struct directive *directive)
{
    const struct word *word = &directive->words[0];
    struct statement statement = {.at = word->at, .spelling = word->text};
    struct spelling spelling;

    if (!spelling_read(generator, word, statement_kinds, N_KINDS(statement_kinds), "statement",
                       &spelling) ||
        !spelling_check_parameters(generator, directive, spelling.kind) ||
        !read_exception(generator, directive, "scan", &statement.scan) ||
        !read_exception(generator, directive, "sort", &statement.sort) ||
        !spelling_read_fields(generator, entity, word->at, spelling.fields, &statement.fields,
                              &statement.n_fields)) {
        return;
    }
    statement.kind = (enum statement_kind)spelling.kind->kind;
    statement.name =
        spelling_name(&generator->arena, spelling.kind->word, statement.fields, statement.n_fields);
    if (entity_is_association(entity) && !fits_association(statement.kind)) {
        report(&generator->diagnostics, word->at, "`%s` can't be had of an association",
               statement.spelling);
        report_note(&generator->diagnostics, "the kinds are: objects, objects-by-FIELD, create, "
                                             "delete-by-FIELD");
        return;
    }
    if ((statement.kind == STATEMENT_DELETE && !check_deletes(generator, entity, &statement)) ||
        (statement.kind == STATEMENT_CREATE && !check_creates(generator, entity, &statement))) {
        return;
    }
    if (statement.kind == STATEMENT_OBJECTS && !check_selects(generator, entity, &statement)) {
        return;
    }
    if (statement.kind == STATEMENT_NAMES &&
        (!check_selects(generator, entity, &statement) ||
         (entity->n_keys > 0 && !find_output(generator, entity, &statement)))) {
        return;
    }
    if (statement.kind == STATEMENT_RENAME) {
        const struct member *name = record_find_member(entity->record, "name");

        if (name == NULL || !name->is_primary || name->join.table != NULL ||
            name->kind != TYPE_TEXT) {
            report(&generator->diagnostics, word->at,
                   "`rename` needs a text `name` of its own in the natural key");
            return;
        }
    }
    if (entity_find_statement(entity, statement.name) != NULL) {
        report(&generator->diagnostics, word->at, "duplicate directive: stmt %s of `%s`",
               statement.spelling, entity->name);
        return;
    }
    *MEMORY_APPEND(&generator->arena, entity->statements, entity->n_statements) = statement;
}

struct statement *statement_by_key(struct entity *entity)
{
    for (size_t i = 0; i < entity->n_statements; i++) {
        struct statement *statement = &entity->statements[i];

        if (statement->kind == STATEMENT_OBJECTS && statement->n_fields > 0 &&
            statement->n_fields == entity->n_keys &&
            memcmp(statement->fields, entity->keys, entity->n_keys * sizeof *entity->keys) == 0) {
            return statement;
        }
    }
    return NULL;
}

static void check_arguments(struct generator *generator, const struct entity *entity)
{
    for (size_t i = 0; i < entity->n_columns; i++) {
        const struct member *member = entity->columns[i];
        bool is_argument = member->is_primary;

        for (size_t j = 0; j < entity->n_statements; j++) {
            for (size_t k = 0; k < entity->statements[j].n_fields; k++) {
                is_argument |= entity->statements[j].fields[k] == member;
            }
        }
        if (is_argument && is_reserved(member->name)) {
            report(&generator->diagnostics, member->at, "`%s` can't be an argument", member->name);
            report_note(&generator->diagnostics,
                        "the generated functions have one of that name already");
        }
    }
}

static void check_all_used(struct generator *generator, struct source *source)
{
    for (size_t i = 0; i < source->n_entities; i++) {
        struct entity *entity = &source->entities[i];

        for (size_t j = 0; j < entity->n_statements; j++) {
            if (!entity->statements[j].is_used) {
                report(&generator->diagnostics, entity->statements[j].at,
                       "no method uses the statement `%s`", entity->statements[j].spelling);
            }
        }
    }
}

static void read_all(struct generator *generator, struct source *source, enum command command)
{
    for (size_t i = 0; i < source->n_directives; i++) {
        const struct directive *directive = &source->directives[i];
        struct entity *entity = source_find_entity(source, directive->entity.text);

        if (directive->command != command || directive->n_words == 0 || entity->record == NULL) {
            continue;
        }
        if (command == COMMAND_STMT) {
            read_statement(generator, entity, directive);
        } else {
            method_read(generator, source, entity, directive);
        }
    }
}

void statement_resolve_all(struct generator *generator, struct source *source, size_t n_errors)
{
    /* All statements come first: methods point to them. */
    read_all(generator, source, COMMAND_STMT);
    source->is_consistent = generator->diagnostics.n_items == n_errors;
    read_all(generator, source, COMMAND_METHOD);
    for (size_t i = 0; i < source->n_entities; i++) {
        check_arguments(generator, &source->entities[i]);
    }
    /* A method that could not be read uses nothing: don't complain of that too. */
    if (generator->diagnostics.n_items == n_errors) {
        check_all_used(generator, source);
    }
}
