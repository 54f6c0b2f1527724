#include "generate/spelling.h"

#include "generate/memory.h"
#include "generate/naming.h"

#include <string.h>

#define BY  "-by-"
#define AND "-and-"

bool spelling_read(struct generator *generator, const struct word *word, const struct kind *kinds,
                   size_t n_kinds, const char *what, struct spelling *spelling)
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

bool spelling_read_fields(struct generator *generator, struct entity *entity, struct location at,
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
        } else if (!entity_is_column(entity, member) || member->is_marshalled ||
                   member->kind == TYPE_BYTES || member->kind == TYPE_CUSTOM ||
                   member->coalesce.text != NULL) {
            report(diagnostics, at, "`%s` can't select: it is not a plain column", name);
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

bool spelling_check_parameters(struct generator *generator, const struct directive *directive,
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

const char *spelling_name(struct arena *arena, const char *name, struct member *const *fields,
                          size_t n_fields)
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

const char *spelling_write(struct arena *arena, const char *kind, struct member *const *fields,
                           size_t n_fields)
{
    struct buffer buffer = {0};

    buffer_append_string(&buffer, kind);
    for (size_t i = 0; i < n_fields; i++) {
        buffer_printf(&buffer, "%s%s", i == 0 ? BY : AND, naming_pascal(arena, fields[i]->name));
    }
    return memory_from_buffer(arena, &buffer);
}
