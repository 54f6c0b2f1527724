#include "generate/statement.h"

#include "generate/memory.h"
#include "generate/naming.h"

#include <string.h>

#define BY  "-by-"
#define AND "-and-"

/* What a directive may be, whether it may have -by- (or must), and which
 * parameters it takes. */
struct kind {
    const char *word;
    int kind;
    bool may_have_fields;
    bool must_have_fields;
    const char *parameters; /* Each between blanks. */
};

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

#define N_KINDS(KINDS) (sizeof(KINDS) / sizeof *(KINDS))

/* Either half of a directive's first word: the kind, and what follows -by-. */
struct spelling {
    const struct kind *kind;
    const char *fields; /* NULL if there are none. */
};

static bool read_spelling(struct generator *generator, const struct word *word,
                          const struct kind *kinds, size_t n_kinds, const char *what,
                          struct spelling *spelling)
{
    const char *by = strstr(word->text, BY);
    size_t size = by == NULL ? strlen(word->text) : (size_t)(by - word->text);
    struct buffer names = {0};

    for (size_t i = 0; i < n_kinds; i++) {
        buffer_printf(&names, "%s%s%s", i == 0 ? "" : ", ", kinds[i].word,
                      kinds[i].must_have_fields ? "-by-FIELD" : "");
        if (strlen(kinds[i].word) != size || memcmp(kinds[i].word, word->text, size) != 0) {
            continue;
        }
        if (by != NULL ? !kinds[i].may_have_fields : kinds[i].must_have_fields) {
            report(&generator->diagnostics, word->at,
                   by != NULL ? "`%s` takes no fields" : "`%s` needs fields", kinds[i].word);
            if (by == NULL) {
                report_note(&generator->diagnostics, "such as `%s-by-ID`", kinds[i].word);
            }
            buffer_close(&names);
            return false;
        }
        spelling->kind = &kinds[i];
        spelling->fields = by == NULL ? NULL : by + strlen(BY);
        buffer_close(&names);
        return true;
    }
    report(&generator->diagnostics, word->at, "unknown %s `%s`", what, word->text);
    report_note(&generator->diagnostics, "the kinds are: %s",
                memory_from_buffer(&generator->arena, &names));
    return false;
}

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

/* `NetworkID-and-ListenAddress` -> members of the struct. */
static bool read_fields(struct generator *generator, struct entity *entity, struct location at,
                        const char *text, struct member ***ret_fields, size_t *ret_n_fields)
{
    struct diagnostics *diagnostics = &generator->diagnostics;
    bool good = true;

    while (text != NULL) {
        const char *and = strstr(text, AND);
        size_t size = and == NULL ? strlen(text) : (size_t)(and-text);
        const char *name = naming_snake(&generator->arena, text, size);
        struct member *member = name == NULL ? NULL : record_find_member(entity->record, name);

        if (name == NULL) {
            report(diagnostics, at, "malformed field `%.*s`", (int)size, text);
            report_note(diagnostics, "the field network_id is written as NetworkID");
            good = false;
        } else if (member == NULL) {
            if (!entity->record->is_broken) {
                report(diagnostics, at, "`struct %s` has no field `%s`", entity->name, name);
            }
            good = false;
        } else if (!entity_is_column(entity, member) || member->join.table != NULL ||
                   member->is_marshalled || member->kind == TYPE_BYTES ||
                   member->kind == TYPE_CUSTOM || member->coalesce.text != NULL) {
            report(diagnostics, at, "`%s` can't select: it is not a plain column of %s", name,
                   entity->table);
            good = false;
        } else {
            for (size_t i = 0; i < *ret_n_fields; i++) {
                if ((*ret_fields)[i] == member) {
                    report(diagnostics, at, "duplicate field `%s`", name);
                    good = false;
                }
            }
            *MEMORY_APPEND(&generator->arena, *ret_fields, *ret_n_fields) = member;
        }
        text = and == NULL ? NULL : and+strlen(AND);
    }
    if (*ret_n_fields > KEY_FIELDS_MAX) {
        report(diagnostics, at, "more than %d fields", KEY_FIELDS_MAX);
        good = false;
    }
    return good;
}

static bool knows_parameter(const struct kind *kind, const struct parameter *parameter,
                            struct arena *arena)
{
    return strcmp(parameter->name, "table") == 0 || strcmp(parameter->name, "label") == 0 ||
           strstr(kind->parameters, memory_printf(arena, " %s ", parameter->name)) != NULL;
}

static bool check_parameters(struct generator *generator, const struct directive *directive,
                             const struct kind *kind)
{
    bool good = true;

    for (size_t i = 0; i < directive->n_parameters; i++) {
        const struct parameter *parameter = &directive->parameters[i];

        if (!knows_parameter(kind, parameter, &generator->arena)) {
            report(&generator->diagnostics, parameter->at, "unknown parameter `%s` of %s",
                   parameter->name, kind->word);
            report_note(&generator->diagnostics, "it takes:%stable, label", kind->parameters);
            good = false;
        }
    }
    return good;
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

/* "objects", fields -> "objects_by_a_and_b". */
static const char *name_with_fields(struct arena *arena, const char *name,
                                    struct member *const *fields, size_t n_fields)
{
    struct buffer buffer = {0};

    for (const char *c = name; *c != '\0'; c++) {
        buffer_append_char(&buffer, *c == '-' ? '_' : *c);
    }
    for (size_t i = 0; i < n_fields; i++) {
        buffer_printf(&buffer, "_%s_%s", i == 0 ? "by" : "and", fields[i]->name);
    }
    return memory_from_buffer(arena, &buffer);
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

static bool fits_association(enum statement_kind kind)
{
    return kind == STATEMENT_OBJECTS || kind == STATEMENT_CREATE || kind == STATEMENT_DELETE;
}

static void read_statement(struct generator *generator, struct entity *entity,
                           const struct directive *directive)
{
    const struct word *word = &directive->words[0];
    struct statement statement = {.at = word->at, .spelling = word->text};
    struct spelling spelling;

    if (!read_spelling(generator, word, statement_kinds, N_KINDS(statement_kinds), "statement",
                       &spelling) ||
        !check_parameters(generator, directive, spelling.kind) ||
        !read_exception(generator, directive, "scan", &statement.scan) ||
        !read_exception(generator, directive, "sort", &statement.sort) ||
        !read_fields(generator, entity, word->at, spelling.fields, &statement.fields,
                     &statement.n_fields)) {
        return;
    }
    statement.kind = (enum statement_kind)spelling.kind->kind;
    statement.name = name_with_fields(&generator->arena, spelling.kind->word, statement.fields,
                                      statement.n_fields);
    if (entity_is_association(entity) && !fits_association(statement.kind)) {
        report(&generator->diagnostics, word->at, "`%s` can't be had of an association",
               statement.spelling);
        report_note(&generator->diagnostics, "the kinds are: objects, objects-by-FIELD, create, "
                                             "delete-by-FIELD");
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

        if (name == NULL || !name->is_primary || name->kind != TYPE_TEXT) {
            report(&generator->diagnostics, word->at,
                   "`rename` needs a text `name` in the "
                   "natural key");
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

/* "objects-by-ProjectID-and-Name", as its directive would be written. */
static const char *spell(struct arena *arena, const char *kind, struct member *const *fields,
                         size_t n_fields)
{
    struct buffer buffer = {0};

    buffer_append_string(&buffer, kind);
    for (size_t i = 0; i < n_fields; i++) {
        buffer_printf(&buffer, "%s%s", i == 0 ? BY : AND, naming_pascal(arena, fields[i]->name));
    }
    return memory_from_buffer(arena, &buffer);
}

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
            entity, name_with_fields(arena, "delete", method->fields, method->n_fields));
        needed = spell(arena, "delete", method->fields, method->n_fields);
        break;
    case METHOD_GET_MANY:
        if (!use_all_objects(entity)) {
            needed = "objects";
        }
        break;
    case METHOD_GET_ONE:
        method->statement = statement_by_key(entity);
        needed = spell(arena, "objects", entity->keys, entity->n_keys);
        break;
    case METHOD_GET_NAMES:
        method->statement = entity_find_statement(
            entity, name_with_fields(arena, "names", method->fields, method->n_fields));
        needed = spell(arena, "names", method->fields, method->n_fields);
        break;
    case METHOD_CREATE_OR_REPLACE:
        method->statement = entity_find_statement(entity, "create_or_replace");
        needed = "create-or-replace";
        break;
    case METHOD_DELETE_ONE:
    case METHOD_DELETE_MANY:
        method->statement = entity_find_statement(
            entity, name_with_fields(arena, "delete", method->fields, method->n_fields));
        needed = spell(arena, "delete", method->fields, method->n_fields);
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

static void read_method(struct generator *generator, const struct source *source,
                        struct entity *entity, const struct directive *directive)
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

    if (!read_spelling(generator, word, method_kinds, N_KINDS(method_kinds), "method", &spelling) ||
        !check_parameters(generator, directive, spelling.kind) ||
        !read_fields(generator, entity, word->at, spelling.fields, &method.fields,
                     &method.n_fields)) {
        return;
    }
    method.kind = (enum method_kind)spelling.kind->kind;
    method.name =
        name_with_fields(&generator->arena, names[method.kind], method.fields, method.n_fields);
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
            read_method(generator, source, entity, directive);
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
