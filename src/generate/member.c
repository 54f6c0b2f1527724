#include "generate/member.h"

#include <string.h>

bool member_is_array_or_map(const struct member *member)
{
    return member->kind == TYPE_OBJECTS || member->kind == TYPE_STRINGS || member->kind == TYPE_MAP;
}

/* A join without what makes it one, and the other way round. */
static void check_join_tags(struct generator *generator, const struct member *member)
{
    struct diagnostics *diagnostics = &generator->diagnostics;
    bool is_joined = member->join.table != NULL;

    if (!is_joined && member->joinon.table != NULL) {
        report(diagnostics, member->at, "`%s` has `joinon`, but no `join`", member->name);
        report_note(diagnostics, "join=T.C says where the value is, joinon=T.C which column holds "
                                 "the id of that row");
    } else if (!is_joined && (member->jointo.text != NULL || member->joinas.text != NULL)) {
        report(diagnostics, member->at, "`%s` is not joined, `jointo` and `joinas` mean nothing",
               member->name);
    }
    if (member->is_left_join && member->is_primary) {
        report(diagnostics, member->at,
               "`%s` can't be part of the natural key: there may be no row to join", member->name);
        report_note(diagnostics, "use join=T.C");
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

/* What has a column of its own table, and not always of the same name. */
static void check_sql(struct generator *generator, const struct member *member)
{
    if (member->sql.table != NULL &&
        (strcmp(member->name, "id") == 0 || member->join.table != NULL || member->is_ignored ||
         member->references.text != NULL)) {
        report(&generator->diagnostics, member->sql.at, "`%s` has no column that `sql` could name",
               member->name);
        report_note(&generator->diagnostics, "the id's is `id`; join=T.C and references=X say "
                                             "themselves where the value is");
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

void member_check_tags(struct generator *generator, const struct member *member)
{
    struct diagnostics *diagnostics = &generator->diagnostics;
    bool is_joined = member->join.table != NULL;

    check_join_tags(generator, member);
    check_sql(generator, member);
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
    if (member->is_marshalled &&
        (!member_is_array_or_map(member) || member->references.text != NULL)) {
        report(diagnostics, member->at, "`%s` can't be stored as JSON", member->name);
        report_note(diagnostics, "`marshal=json` is for arrays, and for maps without a table");
    }
    if (member_is_array_or_map(member) && !member->is_marshalled && !member->is_ignored &&
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
               (member->optional || member_is_array_or_map(member) || member->kind == TYPE_CUSTOM ||
                member->kind == TYPE_BYTES || member->kind == TYPE_DOUBLE)) {
        report(diagnostics, member->at, "`%s` can't be part of the natural key", member->name);
        report_note(diagnostics, "a key is made of integers, booleans, enums and text that are "
                                 "always set");
    }
}
