#include "generate/tag.h"

#include "generate/memory.h"
#include "generate/naming.h"

#include <string.h>

#define PREFIX "db:"

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

bool tag_is_one(const struct token *comment)
{
    return strncmp(skip_blanks(comment->text), PREFIX, strlen(PREFIX)) == 0;
}

/* `table.column`. */
static bool read_column_name(struct generator *generator, struct location at, const char *key,
                             const char *value, struct column_name *name)
{
    const char *dot = strchr(value, '.');

    if (dot == NULL || dot == value || dot[1] == '\0' || strchr(dot + 1, '.') != NULL) {
        report(&generator->diagnostics, at, "malformed value `%s` of `%s`", value, key);
        report_note(&generator->diagnostics, "write it as TABLE.COLUMN");
        return false;
    }
    name->at = at;
    name->table = memory_copy(&generator->arena, value, (size_t)(dot - value));
    name->column = dot + 1;
    if (!naming_is_snake(name->table) || !naming_is_snake(name->column)) {
        report(&generator->diagnostics, at, "malformed value `%s` of `%s`", value, key);
        report_note(&generator->diagnostics, "names have small letters, digits and _");
        return false;
    }
    return true;
}

static bool expect_value(struct generator *generator, struct location at, const char *key,
                         const char *value, const char *expected, bool *ret_flag)
{
    if (strcmp(value, expected) != 0) {
        report(&generator->diagnostics, at, "unexpected value `%s` of `%s`", value, key);
        report_note(&generator->diagnostics, "the only one is `%s=%s`", key, expected);
        return false;
    }
    *ret_flag = true;
    return true;
}

/* `objects,create`. */
static bool read_omissions(struct generator *generator, struct location at, const char *value,
                           struct member *member)
{
    static const struct {
        const char *name;
        enum omission bit;
    } known[] = {{"objects", OMIT_OBJECTS}, {"create", OMIT_CREATE}, {"update", OMIT_UPDATE}};

    member->omit_at = at;
    while (*value != '\0') {
        size_t size = strcspn(value, ",");
        unsigned bit = 0;

        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            if (strlen(known[i].name) == size && memcmp(known[i].name, value, size) == 0) {
                bit = known[i].bit;
            }
        }
        if (bit == 0 || (member->omit & bit) != 0) {
            report(&generator->diagnostics, at, "unexpected value `%.*s` of `omit`", (int)size,
                   value);
            report_note(&generator->diagnostics,
                        "the kinds are objects, create and update, each once: omit=create,update");
            return false;
        }
        member->omit |= bit;
        value += size;
        value += *value == ',';
    }
    return true;
}

static bool read_name(struct generator *generator, struct location at, const char *key,
                      const char *value, struct word *word)
{
    if (!naming_is_snake(value)) {
        report(&generator->diagnostics, at, "malformed value `%s` of `%s`", value, key);
        report_note(&generator->diagnostics, "names have small letters, digits and _");
        return false;
    }
    *word = (struct word){.at = at, .text = value};
    return true;
}

static bool read_max(struct generator *generator, struct location at, const char *value,
                     struct member *member)
{
    if (value[0] < '1' || value[0] > '9' || strlen(value) > 9 ||
        value[strspn(value, "0123456789")] != '\0') {
        report(&generator->diagnostics, at, "malformed value `%s` of `%s`", value, "max");
        report_note(&generator->diagnostics, "it is a number from 1 to 999999999");
        return false;
    }
    if (member->kind != TYPE_TEXT && member->kind != TYPE_OBJECTS && member->kind != TYPE_STRINGS &&
        member->kind != TYPE_MAP) {
        report(&generator->diagnostics, at, "`%s` has no size that `max` could limit",
               member->name);
        report_note(&generator->diagnostics, "it limits the bytes of text, the items of an array "
                                             "and the pairs of a map");
        return false;
    }
    member->max = (struct word){.at = at, .text = value};
    return true;
}

static bool read_marshal(struct generator *generator, struct location at, const char *value,
                         struct member *member)
{
    member->is_marshalled = strcmp(value, "json") == 0;
    member->is_custom = strcmp(value, "yes") == 0;
    if (!member->is_marshalled && !member->is_custom) {
        report(&generator->diagnostics, at, "unexpected value `%s` of `marshal`", value);
        report_note(&generator->diagnostics,
                    "marshal=json stores an array or a map as JSON; with marshal=yes a struct is "
                    "stored as the text that functions of yours make of it");
        return false;
    }
    return true;
}

static bool read_pair(struct generator *generator, struct location at, const char *key,
                      const char *value, struct member *member)
{
    if (strcmp(key, "primary") == 0) {
        return expect_value(generator, at, key, value, "yes", &member->is_primary);
    }
    if (strcmp(key, "order") == 0) {
        return expect_value(generator, at, key, value, "yes", &member->is_order);
    }
    if (strcmp(key, "embed") == 0) {
        return expect_value(generator, at, key, value, "yes", &member->is_embedded);
    }
    if (strcmp(key, "marshal") == 0) {
        return read_marshal(generator, at, value, member);
    }
    if (strcmp(key, "omit") == 0) {
        return read_omissions(generator, at, value, member);
    }
    if (strcmp(key, "max") == 0) {
        return read_max(generator, at, value, member);
    }
    if (strcmp(key, "since") == 0) {
        member->since = (struct word){.at = at, .text = value};
        return true;
    }
    if (strcmp(key, "until") == 0) {
        member->until = (struct word){.at = at, .text = value};
        return true;
    }
    if (strcmp(key, "coalesce") == 0) {
        member->coalesce = (struct word){.at = at, .text = value};
        return true;
    }
    if (strcmp(key, "jointo") == 0) {
        return read_name(generator, at, key, value, &member->jointo);
    }
    if (strcmp(key, "joinas") == 0) {
        return read_name(generator, at, key, value, &member->joinas);
    }
    if (strcmp(key, "join") == 0 || strcmp(key, "leftjoin") == 0) {
        if (member->join.table != NULL) {
            report(&generator->diagnostics, at, "`join` and `leftjoin` can't be had together");
            return false;
        }
        member->is_left_join = key[0] == 'l';
        return read_column_name(generator, at, key, value, &member->join);
    }
    if (strcmp(key, "sql") == 0) {
        return read_column_name(generator, at, key, value, &member->sql);
    }
    if (strcmp(key, "joinon") == 0) {
        return read_column_name(generator, at, key, value, &member->joinon);
    }
    if (strcmp(key, "references") == 0) {
        member->references = (struct word){.at = at, .text = value};
        return true;
    }
    report(&generator->diagnostics, at, "unknown tag `%s`", key);
    report_note(
        &generator->diagnostics,
        "the tags are: primary=yes, order=yes, marshal=json, marshal=yes, sql=T.C, join=T.C, "
        "leftjoin=T.C, joinon=T.C, jointo=C, joinas=NAME, coalesce=LITERAL, omit=KINDS, "
        "references=X, embed=yes, since=VERSION, until=VERSION, "
        "max=N, create_timestamp, update_timestamp, ignore");
    return false;
}

static bool read_word(struct generator *generator, struct location at, const char *word,
                      struct member *member)
{
    const char *equals = strchr(word, '=');

    if (strcmp(word, "ignore") == 0) {
        member->is_ignored = true;
        return true;
    }
    if (strcmp(word, "create_timestamp") == 0) {
        member->is_create_time = true;
        return true;
    }
    if (strcmp(word, "update_timestamp") == 0) {
        member->is_update_time = true;
        return true;
    }
    if (equals != NULL && equals[1] == '\0') {
        report(&generator->diagnostics, at, "the tag `%s` has no value", word);
        return false;
    }
    return read_pair(generator, at,
                     equals == NULL ? word
                                    : memory_copy(&generator->arena, word, (size_t)(equals - word)),
                     equals == NULL ? "" : equals + 1, member);
}

/* Whether two words have the same key. */
static bool is_same_key(const char *a, const char *b)
{
    size_t size = strcspn(a, "=");

    return size == strcspn(b, "=") && memcmp(a, b, size) == 0;
}

bool tag_read(struct generator *generator, const struct token *comment, struct member *member)
{
    const char *text = comment->text + strlen(PREFIX);
    const char **words = NULL;
    size_t n_words = 0;
    bool good = true;

    if (!tag_is_one(comment)) {
        return true;
    }
    if (strncmp(comment->text, PREFIX, strlen(PREFIX)) != 0) {
        report(&generator->diagnostics, comment->at, "malformed tag");
        report_note(&generator->diagnostics, "it must begin exactly with `//db:`");
        return false;
    }
    if (*skip_blanks(text) == '\0') {
        report(&generator->diagnostics, comment->at, "this tag is empty");
        return false;
    }
    for (text = skip_blanks(text); *text != '\0'; text = skip_blanks(text)) {
        struct location at = comment->at;
        size_t size = strcspn(text, " \t");
        const char *word = memory_copy(&generator->arena, text, size);

        /* The comment's two slashes are not part of its text. */
        at.column += (unsigned)(2 + (text - comment->text));
        for (size_t i = 0; i < n_words; i++) {
            if (is_same_key(words[i], word)) {
                report(&generator->diagnostics, at, "duplicate tag `%.*s`", (int)strcspn(word, "="),
                       word);
                good = false;
            }
        }
        good &= read_word(generator, at, word, member);
        *MEMORY_APPEND(&generator->arena, words, n_words) = word;
        text += size;
    }
    if (member->is_embedded && n_words > 1) {
        report(&generator->diagnostics, comment->at,
               "`%s` is embedded, its other tags mean nothing", member->name);
        report_note(&generator->diagnostics, "the fields in it have tags of their own");
        good = false;
    }
    return good;
}
