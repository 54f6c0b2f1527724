#include "generate/reader.h"

#include "generate/lexer.h"
#include "generate/memory.h"
#include "generate/tag.h"

#include <string.h>

/* How deep structs may be embedded in each other. */
#define EMBEDDED_MAX 8

struct reader {
    struct generator *generator;
    struct source *source;
    const struct token *next;
    const struct token *start; /* The name of the struct that is read. */
    const char *prefix;        /* "common.", where that struct is embedded; else "". */
    unsigned depth;            /* 0: not embedded. */
};

/* Types that people write by habit, and what to write for them. */
static const struct {
    const char *name;
    const char *instead;
} refused_types[] = {
    {"int", "int64_t"},      {"long", "int64_t"},     {"short", "int64_t"},
    {"unsigned", "int64_t"}, {"signed", "int64_t"},   {"int8_t", "int64_t"},
    {"int16_t", "int64_t"},  {"int32_t", "int64_t"},  {"uint8_t", "int64_t"},
    {"uint16_t", "int64_t"}, {"uint32_t", "int64_t"}, {"uint64_t", "int64_t"},
    {"intptr_t", "int64_t"}, {"ssize_t", "int64_t"},  {"time_t", "int64_t"},
    {"float", "double"},     {"_Bool", "bool"},       {"char", "const char *"},
};

static const struct token *take(struct reader *reader)
{
    const struct token *token = reader->next;

    if (token->kind != TOKEN_END) {
        reader->next++;
    }
    return token;
}

static bool take_if(struct reader *reader, const char *text)
{
    if (!token_is(reader->next, text)) {
        return false;
    }
    reader->next++;
    return true;
}

/* Behind a mistake: goes on behind the declaration, or stops at the brace that
 * ends the struct. */
static void skip_declaration(struct reader *reader)
{
    unsigned depth = 0;

    while (reader->next->kind != TOKEN_END) {
        if (depth == 0 && (token_is(reader->next, ";") || token_is(reader->next, "}"))) {
            take_if(reader, ";");
            return;
        }
        depth += token_is(reader->next, "{");
        depth -= token_is(reader->next, "}");
        reader->next++;
    }
}

static bool unsupported(struct reader *reader, const struct token *token, const char *spelling)
{
    struct diagnostics *diagnostics = &reader->generator->diagnostics;

    report(diagnostics, token->at, "unsupported type `%s`", spelling);
    for (size_t i = 0; i < sizeof refused_types / sizeof *refused_types; i++) {
        if (strcmp(token->text, refused_types[i].name) == 0) {
            report_note(diagnostics, "use `%s`", refused_types[i].instead);
            return false;
        }
    }
    report_note(diagnostics, "the types are: int64_t, bool, double, const char *, enum E, "
                             "struct bytes, struct string_map, struct opt_i64, opt_bool, "
                             "opt_double, opt_str, and arrays `struct T *xs; size_t n_xs;`, "
                             "`const char **xs; size_t n_xs;`; and any struct with marshal=yes");
    return false;
}

/* `struct TAG` or `struct TAG *`. */
static bool read_struct_type(struct reader *reader, struct member *member)
{
    static const struct {
        const char *tag;
        enum type_kind kind;
        bool optional;
    } known[] = {
        {"opt_i64", TYPE_INTEGER, true},   {"opt_bool", TYPE_BOOL, true},
        {"opt_double", TYPE_DOUBLE, true}, {"opt_str", TYPE_TEXT, true},
        {"bytes", TYPE_BYTES, false},      {"string_map", TYPE_MAP, false},
    };
    const struct token *tag = take(reader);

    if (tag->kind != TOKEN_NAME) {
        return unsupported(reader, tag, "struct");
    }
    if (take_if(reader, "*")) {
        member->kind = TYPE_OBJECTS;
        member->tag = tag->text;
        return true;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(tag->text, known[i].tag) == 0) {
            member->kind = known[i].kind;
            member->optional = known[i].optional;
            return true;
        }
    }
    /* A struct of the caller's: right only with a tag, which is still to come. */
    member->kind = TYPE_CUSTOM;
    member->tag = tag->text;
    return true;
}

static bool read_type(struct reader *reader, struct member *member)
{
    const struct token *type = take(reader);

    if (token_is(type, "const")) {
        type = take(reader);
        if (token_is(type, "char") && take_if(reader, "*")) {
            member->kind = take_if(reader, "*") ? TYPE_STRINGS : TYPE_TEXT;
            return true;
        }
        return unsupported(reader, type,
                           memory_printf(&reader->generator->arena, "const %s", type->text));
    }
    if (token_is(type, "struct")) {
        return read_struct_type(reader, member);
    }
    if (token_is(type, "enum") && reader->next->kind == TOKEN_NAME) {
        member->kind = TYPE_ENUM;
        member->tag = take(reader)->text;
        return true;
    }
    if (token_is(type, "int64_t")) {
        member->kind = TYPE_INTEGER;
        return true;
    }
    if (token_is(type, "bool")) {
        member->kind = TYPE_BOOL;
        return true;
    }
    if (token_is(type, "double")) {
        member->kind = TYPE_DOUBLE;
        return true;
    }
    if (token_is(type, "size_t")) {
        report(&reader->generator->diagnostics, type->at, "unsupported type `size_t`");
        report_note(&reader->generator->diagnostics,
                    "use `int64_t`; the number of an array's items stands directly behind it, "
                    "as n_ and its name");
        return false;
    }
    return unsupported(reader, type, type->text);
}

/* The `size_t n_xs;` that follows an array. */
static bool read_count(struct reader *reader, const struct member *member)
{
    const char *name = memory_printf(&reader->generator->arena, "n_%s", member->name);

    if (token_is(reader->next, "size_t") && token_is(reader->next + 1, name) &&
        token_is(reader->next + 2, ";")) {
        reader->next += 3;
        return true;
    }
    report(&reader->generator->diagnostics, member->at, "the array `%s` has no number of items",
           member->name);
    report_note(&reader->generator->diagnostics, "write `size_t %s;` directly behind it", name);
    return false;
}

/* The `//db:` comment behind the declaration that ended at END. */
static bool read_tag_behind(struct reader *reader, const struct token *end, struct member *member)
{
    if (reader->next->kind != TOKEN_COMMENT || reader->next->at.line != end->at.line) {
        return true;
    }
    return tag_read(reader->generator, take(reader), member);
}

/* Comments between members; a tag among them belongs to none. */
static bool skip_comments(struct reader *reader)
{
    bool good = true;

    while (reader->next->kind == TOKEN_COMMENT) {
        const struct token *comment = take(reader);

        if (tag_is_one(comment)) {
            report(&reader->generator->diagnostics, comment->at, "this tag belongs to no field");
            report_note(&reader->generator->diagnostics,
                        "it stands behind its field, in the same line");
            good = false;
        }
    }
    return good;
}

static bool read_embedded(struct reader *reader, struct record *record,
                          const struct member *holder);

/* Returns false if it can't be had; that was reported. */
static bool check_embedded(struct reader *reader, const struct member *member)
{
    struct diagnostics *diagnostics = &reader->generator->diagnostics;

    if (member->kind != TYPE_CUSTOM) {
        report(diagnostics, member->at, "`%s` is no struct whose fields could be embedded",
               member->name);
        report_note(diagnostics, "embed=yes is for `struct T x;`, with a struct of yours");
        return false;
    }
    if (reader->depth == EMBEDDED_MAX) {
        report(diagnostics, member->at, "too many structs are embedded in each other");
        report_note(diagnostics, "%d are possible", EMBEDDED_MAX);
        return false;
    }
    return true;
}

static bool read_member(struct reader *reader, struct record *record)
{
    struct diagnostics *diagnostics = &reader->generator->diagnostics;
    const struct token *type = reader->next;
    struct member member = {0};
    const struct token *name;
    const struct token *end;

    if (!read_type(reader, &member)) {
        skip_declaration(reader);
        return false;
    }
    name = reader->next;
    end = name->kind == TOKEN_NAME ? name + 1 : name;
    if (name->kind != TOKEN_NAME || !token_is(end, ";")) {
        report(diagnostics, end->at, "unsupported declaration: expected %s, found `%s`",
               name->kind == TOKEN_NAME ? "`;`" : "a name",
               end->kind == TOKEN_END ? "the end of the file" : end->text);
        report_note(diagnostics, "write each field as `TYPE NAME;`, without arrays, bit-fields, "
                                 "lists and functions");
        skip_declaration(reader);
        return false;
    }
    reader->next += 2;
    member.at = name->at;
    member.name = name->text;
    member.prefix = reader->prefix;
    if (record_find_member(record, member.name) != NULL) {
        report(diagnostics, member.at, "duplicate field `%s`", member.name);
        if (reader->depth > 0) {
            report_note(diagnostics, "`%s` has it as `%s%s`, too", record->name, reader->prefix,
                        member.name);
        }
        return false;
    }
    if (!read_tag_behind(reader, end, &member)) {
        return false;
    }
    if (member.is_embedded) {
        return check_embedded(reader, &member) && read_embedded(reader, record, &member);
    }
    if (member.kind == TYPE_CUSTOM && !member.is_custom) {
        return unsupported(reader, type + 1,
                           memory_printf(&reader->generator->arena, "struct %s", member.tag));
    }
    if ((member.kind == TYPE_OBJECTS || member.kind == TYPE_STRINGS) &&
        (!skip_comments(reader) || !read_count(reader, &member))) {
        return false;
    }
    *MEMORY_APPEND(&reader->generator->arena, record->members, record->n_members) = member;
    return true;
}

/* The name in `struct TAG {`, in front of the struct that is read: so that none is embedded
 * in itself. NULL if there is none. */
static const struct token *find_struct(const struct reader *reader, const char *tag)
{
    for (const struct token *token = reader->source->tokens; token + 1 < reader->start; token++) {
        if (token_is(token, "struct") && token_is(token + 1, tag) && token_is(token + 2, "{")) {
            return token + 1;
        }
    }
    return NULL;
}

/* The fields of the struct of HOLDER, as if they were the record's own. The first mistake is the
 * last that is looked for: a struct may be embedded in many places. */
static bool read_embedded(struct reader *reader, struct record *record, const struct member *holder)
{
    struct diagnostics *diagnostics = &reader->generator->diagnostics;
    const struct token *name = find_struct(reader, holder->tag);
    size_t before = record->n_members;
    struct reader inner = *reader;

    if (name == NULL) {
        report(diagnostics, holder->at, "there is no `struct %s { ... };` in front of this struct",
               holder->tag);
        report_note(diagnostics, "what is embedded stands in the same header");
        return false;
    }
    inner.next = name + 2;
    inner.start = name;
    inner.prefix = memory_printf(&reader->generator->arena, "%s%s.", reader->prefix, holder->name);
    inner.depth++;
    while (skip_comments(&inner) && inner.next->kind != TOKEN_END) {
        if (take_if(&inner, "}")) {
            if (record->n_members == before) {
                report(diagnostics, holder->at, "`struct %s` has no fields", holder->tag);
                return false;
            }
            return true;
        }
        if (!read_member(&inner, record)) {
            return false;
        }
    }
    return false;
}

/* Behind the `{`. */
static void read_record(struct reader *reader, const struct token *name)
{
    struct record record = {.at = name->at, .name = name->text};

    reader->start = name;
    reader->prefix = "";
    for (;;) {
        record.is_broken |= !skip_comments(reader);
        if (reader->next->kind == TOKEN_END || take_if(reader, "}")) {
            break;
        }
        record.is_broken |= !read_member(reader, &record);
    }
    if (source_find_record(reader->source, record.name) != NULL) {
        report(&reader->generator->diagnostics, record.at, "duplicate struct `%s`", record.name);
        return;
    }
    *MEMORY_APPEND(&reader->generator->arena, reader->source->records, reader->source->n_records) =
        record;
}

/* Behind the `{`; which values they have is left to the compiler. */
static void read_enumeration(struct reader *reader, const struct token *name)
{
    struct enumeration enumeration = {.at = name->at, .name = name->text};
    bool expect_name = true;

    while (reader->next->kind != TOKEN_END && !take_if(reader, "}")) {
        const struct token *token = take(reader);

        if (token->kind == TOKEN_NAME && expect_name) {
            *MEMORY_APPEND(&reader->generator->arena, enumeration.values, enumeration.n_values) =
                token->text;
            expect_name = false;
        } else if (token_is(token, ",")) {
            expect_name = true;
        }
    }
    *MEMORY_APPEND(&reader->generator->arena, reader->source->enumerations,
                   reader->source->n_enumerations) = enumeration;
}

/* Behind a `{`: to behind the `}` that closes it. */
static void skip_block(struct reader *reader)
{
    unsigned depth = 1;

    while (reader->next->kind != TOKEN_END && depth > 0) {
        depth += token_is(reader->next, "{");
        depth -= token_is(reader->next, "}");
        reader->next++;
    }
}

static bool is_wanted(const struct source *source, const char *name)
{
    for (size_t i = 0; i < source->n_directives; i++) {
        const char *entity = source->directives[i].entity.text;
        size_t size = strlen(entity);

        if (strncmp(name, entity, size) == 0 &&
            (name[size] == '\0' || strcmp(name + size, "_filter") == 0)) {
            return true;
        }
    }
    return false;
}

void reader_run(struct generator *generator, struct source *source)
{
    struct reader reader = {.generator = generator, .source = source, .next = source->tokens};

    while (reader.next->kind != TOKEN_END) {
        const struct token *token = take(&reader);
        const struct token *name = reader.next;
        bool is_struct = token_is(token, "struct");

        if ((is_struct || token_is(token, "enum")) && name->kind == TOKEN_NAME &&
            token_is(name + 1, "{")) {
            reader.next += 2;
            if (!is_struct) {
                read_enumeration(&reader, name);
            } else if (is_wanted(source, name->text)) {
                read_record(&reader, name);
            } else {
                skip_block(&reader);
            }
        } else if (token_is(token, "{")) {
            skip_block(&reader);
        }
    }
}
