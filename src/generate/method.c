#include "generate/method.h"

#include "generate/memory.h"
#include "generate/spelling.h"
#include "generate/statement.h"

#include <string.h>

static const struct kind method_kinds[] = {
    {"GetMany", METHOD_GET_MANY, false, false, " references "},
    {"GetOne", METHOD_GET_ONE, false, false, " "},
    {"GetNames", METHOD_GET_NAMES, true, false, " "},
    {"ID", METHOD_ID, false, false, " "},
    {"Exists", METHOD_EXISTS, false, false, " "},
    {"Create", METHOD_CREATE, false, false, " references "},
    {"CreateOrReplace", METHOD_CREATE_OR_REPLACE, false, false, " "},
    {"Update", METHOD_UPDATE, true, false, " references "},
    {"Rename", METHOD_RENAME, false, false, " "},
    {"DeleteOne", METHOD_DELETE_ONE, true, true, " "},
    {"DeleteMany", METHOD_DELETE_MANY, true, true, " "},
};

/* Several may select; each is used by GetMany. */
static bool use_all_objects(struct entity *entity)
{
    bool found = false;

    for (size_t i = 0; i < entity->n_statements; i++) {
        if (entity->statements[i].kind == STATEMENT_OBJECTS) {
            entity->statements[i].is_used = true;
            found = true;
        }
    }
    return found;
}

static void find_statement(struct generator *generator, const struct source *source,
                           struct entity *entity, struct method *method)
{
    static const char *const names[] = {
        [METHOD_ID] = "id",         [METHOD_EXISTS] = "id",     [METHOD_CREATE] = "create",
        [METHOD_UPDATE] = "update", [METHOD_RENAME] = "rename",
    };
    struct arena *arena = &generator->arena;
    const char *needed = NULL;

    switch (method->kind) {
    case METHOD_CREATE_MANY:
        method->statement = entity_find_statement(entity, "create");
        needed = "create";
        break;
    case METHOD_UPDATE_MANY:
        /* It also needs what puts the new rows there. */
        if (entity_find_statement(entity, "create") == NULL) {
            needed = "create";
            break;
        }
        entity_find_statement(entity, "create")->is_used = true;
        method->statement = entity_find_statement(
            entity, spelling_name(arena, "delete", method->fields, method->n_fields));
        needed = spelling_write(arena, "delete", method->fields, method->n_fields);
        break;
    case METHOD_GET_MANY:
        if (!use_all_objects(entity)) {
            needed = "objects";
        }
        break;
    case METHOD_GET_ONE:
        method->statement = statement_by_key(entity);
        needed = spelling_write(arena, "objects", entity->keys, entity->n_keys);
        break;
    case METHOD_GET_NAMES:
        method->statement = entity_find_statement(
            entity, spelling_name(arena, "names", method->fields, method->n_fields));
        needed = spelling_write(arena, "names", method->fields, method->n_fields);
        break;
    case METHOD_CREATE_OR_REPLACE:
        method->statement = entity_find_statement(entity, "create_or_replace");
        needed = "create-or-replace";
        break;
    case METHOD_DELETE_ONE:
    case METHOD_DELETE_MANY:
        method->statement = entity_find_statement(
            entity, spelling_name(arena, "delete", method->fields, method->n_fields));
        needed = spelling_write(arena, "delete", method->fields, method->n_fields);
        break;
    case METHOD_ID:
    case METHOD_EXISTS:
    case METHOD_CREATE:
    case METHOD_UPDATE:
    case METHOD_RENAME:
        needed = names[method->kind];
        method->statement = entity_find_statement(entity, needed);
        break;
    }
    if (method->statement != NULL) {
        method->statement->is_used = true;
    } else if (needed != NULL && source->is_consistent) {
        report(&generator->diagnostics, method->at, "`%s` has no statement", method->spelling);
        report_note(&generator->diagnostics, "declare it: //generate-database:mapper stmt -e %s %s",
                    entity->name, needed);
    }
}

/* An association has few kinds, because its rows are known by what they join. */
static bool check_kind(struct generator *generator, const struct entity *entity,
                       struct method *method)
{
    struct diagnostics *diagnostics = &generator->diagnostics;

    if (!entity_is_association(entity)) {
        if (method->kind == METHOD_UPDATE && method->n_fields > 0) {
            report(diagnostics, method->at, "`Update` takes no fields");
            return false;
        }
        return true;
    }
    switch (method->kind) {
    case METHOD_GET_MANY:
    case METHOD_DELETE_MANY:
        return true;
    case METHOD_CREATE:
        method->kind = METHOD_CREATE_MANY;
        return true;
    case METHOD_UPDATE:
        method->kind = METHOD_UPDATE_MANY;
        if (method->n_fields == 1 && method->fields[0]->is_primary) {
            return true;
        }
        report(diagnostics, method->at, "`%s` does not say whose rows are replaced",
               method->spelling);
        report_note(diagnostics, "write Update-by-X, where X is one of its two ids");
        return false;
    default:
        report(diagnostics, method->at, "`%s` can't be had of an association", method->spelling);
        report_note(diagnostics, "the kinds are: GetMany, Create, Update-by-FIELD, "
                                 "DeleteMany-by-FIELD");
        return false;
    }
}

/* A delete that may hit several rows must not be called DeleteOne. */
static void check_deletes_one(struct generator *generator, struct entity *entity,
                              const struct method *method)
{
    size_t n_keys = 0;

    for (size_t i = 0; i < method->n_fields; i++) {
        if (strcmp(method->fields[i]->name, "id") == 0) {
            return;
        }
        n_keys += method->fields[i]->is_primary;
    }
    if (n_keys < entity->n_keys) {
        report(&generator->diagnostics, method->at, "`%s` may delete several rows",
               method->spelling);
        report_note(&generator->diagnostics,
                    "its fields must include ID or the natural key; or use DeleteMany");
    }
}

static void use_reference(struct generator *generator, struct entity *entity, struct location at,
                          const char *name, enum method_kind kind)
{
    for (size_t i = 0; i < entity->n_references; i++) {
        struct reference *reference = &entity->references[i];

        if (strcmp(reference->member->references.text, name) == 0) {
            reference->is_read |= kind == METHOD_GET_MANY;
            reference->is_created |= kind == METHOD_CREATE;
            reference->is_updated |= kind == METHOD_UPDATE;
            return;
        }
    }
    report(&generator->diagnostics, at, "`struct %s` has no map `%s`", entity->name, name);
    report_note(&generator->diagnostics,
                "tag a `struct string_map`, or an array, with `//db: references=%s`", name);
}

/* `references=Config,Devices`. */
static void use_references(struct generator *generator, struct entity *entity,
                           const struct directive *directive, enum method_kind kind)
{
    for (size_t i = 0; i < directive->n_parameters; i++) {
        const struct parameter *parameter = &directive->parameters[i];
        const char *name = parameter->value;

        while (strcmp(parameter->name, "references") == 0 && *name != '\0') {
            size_t size = strcspn(name, ",");

            use_reference(generator, entity, parameter->at,
                          memory_copy(&generator->arena, name, size), kind);
            name += size;
            name += *name == ',';
        }
    }
}

static bool is_declared(const struct entity *entity, const struct method *method)
{
    for (size_t i = 0; i < entity->n_methods; i++) {
        if (strcmp(entity->methods[i].name, method->name) == 0) {
            return true;
        }
    }
    return false;
}

void method_read(struct generator *generator, const struct source *source, struct entity *entity,
                 const struct directive *directive)
{
    static const char *const names[] = {
        [METHOD_GET_MANY] = "get_many",
        [METHOD_GET_ONE] = "get_one",
        [METHOD_GET_NAMES] = "get_names",
        [METHOD_ID] = "id",
        [METHOD_EXISTS] = "exists",
        [METHOD_CREATE] = "create",
        [METHOD_CREATE_OR_REPLACE] = "create_or_replace",
        [METHOD_UPDATE] = "update",
        [METHOD_RENAME] = "rename",
        [METHOD_DELETE_ONE] = "delete",
        [METHOD_DELETE_MANY] = "delete_many",
    };
    const struct word *word = &directive->words[0];
    struct method method = {.at = word->at, .spelling = word->text};
    struct spelling spelling;

    if (!spelling_read(generator, word, method_kinds, N_KINDS(method_kinds), "method", &spelling) ||
        !spelling_check_parameters(generator, directive, spelling.kind) ||
        !spelling_read_fields(generator, entity, word->at, spelling.fields, &method.fields,
                              &method.n_fields)) {
        return;
    }
    method.kind = (enum method_kind)spelling.kind->kind;
    method.name =
        spelling_name(&generator->arena, names[method.kind], method.fields, method.n_fields);
    if (is_declared(entity, &method)) {
        report(&generator->diagnostics, word->at, "duplicate directive: method %s of `%s`",
               method.spelling, entity->name);
        return;
    }
    if (!check_kind(generator, entity, &method)) {
        return;
    }
    find_statement(generator, source, entity, &method);
    if (method.kind == METHOD_DELETE_ONE && source->is_consistent) {
        check_deletes_one(generator, entity, &method);
    }
    use_references(generator, entity, directive, method.kind);
    *MEMORY_APPEND(&generator->arena, entity->methods, entity->n_methods) = method;
}
