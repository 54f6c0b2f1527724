#include "lb/filter.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "lb/filter_pattern.h"
#include "lb/text.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct clause {
    bool is_or;   /* How it is joined to what stands before it. */
    bool negated; /* `not`: holds if no element of a list that the path leads through does. */
    bool differs; /* `ne`: holds if any element does. */
    const char *path;
    const struct filter_field *field; /* At the end of the path. */

    /* What it is compared with, by the field's type. */
    struct filter_pattern pattern;
    bool boolean;
    int64_t integer;
    json_t *strings;
};

struct filter {
    struct arena arena;
    const struct filter_field *fields;
    struct clause *clauses;
    size_t n_clauses;
};

/* The words of a text, and how far the parser is. */
struct words {
    char **words;
    size_t n_words;
    size_t next;
};

static int split(const char *text, struct arena *arena, struct words *words, struct error *error)
{
    size_t size = strlen(text);
    char *copy = arena_memdup(arena, text, size);
    bool in_word = false;
    size_t i = 0;

    *words = (struct words){.words = arena_calloc(arena, size / 2 + 1, sizeof *words->words)};
    if (copy == NULL || words->words == NULL) {
        return error_no_memory(error);
    }
    while (i < size) {
        uint32_t c;
        size_t width = utf8_decode(text + i, size - i, &c);

        if (width > 0 && text_is_space(c)) {
            copy[i] = '\0';
            in_word = false;
        } else if (!in_word) {
            words->words[words->n_words++] = copy + i;
            in_word = true;
        }
        i += width == 0 ? 1 : width;
    }
    return ERROR_NONE;
}

static int invalid(struct error *error, const char *reason)
{
    return error_set(error, ERROR_INVALID, "Invalid filter: %s", reason);
}

static bool at_end(const struct words *words)
{
    return words->next == words->n_words;
}

/* The value, whose words are joined by single blanks if it is quoted. */
static int read_value(struct words *words, struct arena *arena, const char **ret_value,
                      struct error *error)
{
    char *word = words->words[words->next++];
    size_t size = strlen(word);
    char *value;

    if (word[0] != '"') {
        *ret_value = word;
        return ERROR_NONE;
    }
    value = ++word;
    size--;
    while (size == 0 || value[size - 1] != '"') {
        if (at_end(words)) {
            return invalid(error, "unterminated quote");
        }
        value = arena_printf(arena, "%s %s", value, words->words[words->next++]);
        if (value == NULL) {
            return error_no_memory(error);
        }
        size = strlen(value);
    }
    value[size - 1] = '\0';
    *ret_value = value;
    return ERROR_NONE;
}

static const struct filter_field *find_field(const struct filter_field *fields, const char *path)
{
    size_t size = strcspn(path, ".");

    for (; fields->name != NULL; fields++) {
        if (strlen(fields->name) == size && strncmp(fields->name, path, size) == 0) {
            return fields;
        }
    }
    return NULL;
}

/* What stands behind the first dot of PATH, or NULL. */
static const char *path_rest(const char *path)
{
    const char *dot = strchr(path, '.');

    return dot == NULL ? NULL : dot + 1;
}

/* The field at the end of PATH. */
static int resolve(const struct filter_field *fields, const char *path,
                   const struct filter_field **ret_field, struct error *error)
{
    const char *rest = path;
    const struct filter_field *field;

    do {
        field = find_field(fields, rest);
        if (field == NULL) {
            break;
        }
        rest = path_rest(rest);
        fields = field->fields;
    } while (rest != NULL && field->type == FILTER_OBJECTS);

    if (field == NULL || (rest != NULL && field->type != FILTER_MAP)) {
        return error_set(error, ERROR_INVALID, "Invalid type \"invalid\" for field %s",
                         TEXT_QUOTED(path));
    }
    if (field->type == FILTER_OBJECTS) {
        return error_set(error, ERROR_INVALID, "Invalid slice type \"struct\" for field %s",
                         TEXT_QUOTED(path));
    }
    if (field->type == FILTER_MAP && rest == NULL) {
        return error_set(error, ERROR_INVALID, "Invalid type \"map\" for field %s",
                         TEXT_QUOTED(path));
    }
    *ret_field = field;
    return ERROR_NONE;
}

static int parse_boolean(const char *value, bool *ret_boolean, struct error *error)
{
    if (text_in_words(value, "1 t T TRUE true True")) {
        *ret_boolean = true;
    } else if (text_in_words(value, "0 f F FALSE false False")) {
        *ret_boolean = false;
    } else {
        return error_set(error, ERROR_INVALID, "Failed to parse value: %s is not a boolean",
                         TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

static int parse_integer(const char *value, int64_t *ret_integer, struct error *error)
{
    const char *digits = value + strspn(value, "+-");
    long long integer;
    char *end;

    errno = 0;
    integer = strtoll(value, &end, 10);
    if (digits > value + 1 || *digits < '0' || *digits > '9' || *end != '\0' || errno != 0) {
        return error_set(error, ERROR_INVALID, "Failed to parse value: %s is not an integer",
                         TEXT_QUOTED(value));
    }
    *ret_integer = integer;
    return ERROR_NONE;
}

static int parse_strings(const char *value, json_t **ret_strings, struct error *error)
{
    json_error_t reason;
    json_t *strings = json_loads(value, 0, &reason);
    bool are_strings = json_is_array(strings);
    json_t *element;
    size_t i;

    if (strings == NULL && json_error_code(&reason) == json_error_out_of_memory) {
        return error_no_memory(error);
    }
    json_array_foreach(strings, i, element)
    {
        are_strings = are_strings && json_is_string(element);
    }
    if (!are_strings) {
        json_decref(strings);
        return error_set(error, ERROR_INVALID,
                         "Failed to parse value: %s is not a JSON array of strings",
                         TEXT_QUOTED(value));
    }
    *ret_strings = strings;
    return ERROR_NONE;
}

static int parse_value(struct clause *clause, const char *value, struct error *error)
{
    switch (clause->field->type) {
    case FILTER_BOOL:
        return parse_boolean(value, &clause->boolean, error);
    case FILTER_INTEGER:
        return parse_integer(value, &clause->integer, error);
    case FILTER_STRINGS:
        return parse_strings(value, &clause->strings, error);
    case FILTER_STRING:
    case FILTER_MAP:
    case FILTER_OBJECTS: /* Not at the end of a path. */
        break;
    }
    return filter_pattern_init(&clause->pattern, value, error);
}

/* A clause as it is written. */
struct spelled {
    bool is_or;
    bool negated;
    const char *path;
    const char *operator;
    const char *value;
};

/* Reads a clause and the word that joins the next one to it, for which *RET_OR is. */
static int read_clause(struct words *words, struct arena *arena, struct spelled *ret_clause,
                       bool *ret_or, struct error *error)
{
    struct spelled clause = {.is_or = *ret_or};
    int rv;

    if (strcasecmp(words->words[words->next], "not") == 0) {
        clause.negated = true;
        words->next++;
        if (at_end(words)) {
            return invalid(error, "incomplete not clause");
        }
    }
    clause.path = words->words[words->next++];
    if (at_end(words)) {
        return invalid(error, "clause has no operator");
    }
    clause.operator= words->words[words->next++];
    if (at_end(words)) {
        return invalid(error, "clause has no value");
    }
    rv = read_value(words, arena, &clause.value, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!at_end(words)) {
        const char *word = words->words[words->next++];

        if (!text_in_words(word, "and or")) {
            return invalid(error, "invalid clause composition");
        }
        if (at_end(words)) {
            return invalid(error, "unterminated compound clause");
        }
        *ret_or = strcmp(word, "or") == 0;
    }
    *ret_clause = clause;
    return ERROR_NONE;
}

/* Adds what SPELLED means; what is half made is filter_close()'s. */
static int add_clause(struct filter *filter, const struct spelled *spelled, struct error *error)
{
    struct clause *clause = &filter->clauses[filter->n_clauses];
    int rv;

    clause->is_or = spelled->is_or;
    clause->negated = spelled->negated;
    clause->differs = strcmp(spelled->operator, "ne") == 0;
    clause->path = spelled->path;
    rv = resolve(filter->fields, spelled->path, &clause->field, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = parse_value(clause, spelled->value, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    filter->n_clauses++;
    if (!text_in_words(spelled->operator, "eq ne")) {
        return error_set(error, ERROR_INVALID, "Unsupported operation");
    }
    return ERROR_NONE;
}

/* The whole is read before any of it is judged, as Incus does it. */
static int parse(struct filter *filter, struct words *words, struct error *error)
{
    struct spelled spelled[FILTER_CLAUSES_MAX];
    size_t n_spelled = 0;
    bool is_or = false;
    int rv;

    while (!at_end(words)) {
        if (n_spelled == FILTER_CLAUSES_MAX) {
            return error_set(error, ERROR_INVALID, "Invalid filter: more than %d clauses",
                             FILTER_CLAUSES_MAX);
        }
        rv = read_clause(words, &filter->arena, &spelled[n_spelled], &is_or, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
        n_spelled++;
    }
    filter->clauses = arena_calloc(&filter->arena, n_spelled, sizeof *filter->clauses);
    if (filter->clauses == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < n_spelled; i++) {
        rv = add_clause(filter, &spelled[i], error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return ERROR_NONE;
}

int filter_parse(const char *text, const struct filter_field *fields, struct filter **ret_filter,
                 struct error *error)
{
    struct filter *filter;
    struct words words;
    int rv;

    filter = calloc(1, sizeof *filter);
    if (filter == NULL) {
        return error_no_memory(error);
    }
    filter->fields = fields;
    rv = split(text == NULL ? "" : text, &filter->arena, &words, error);
    if (rv == ERROR_NONE && words.n_words > 0) {
        rv = parse(filter, &words, error);
    }
    if (rv != ERROR_NONE || words.n_words == 0) {
        filter_close(filter);
        filter = NULL;
    }
    if (rv == ERROR_NONE) {
        *ret_filter = filter;
    }
    return rv;
}

void filter_close(struct filter *filter)
{
    if (filter == NULL) {
        return;
    }
    for (size_t i = 0; i < filter->n_clauses; i++) {
        filter_pattern_close(&filter->clauses[i].pattern);
        json_decref(filter->clauses[i].strings);
    }
    arena_close(&filter->arena);
    free(filter);
}

/* Whether SHORT names the key FULL: equal but for the end of the first part. */
static bool abbreviates(const char *key, const char *full)
{
    size_t size = strcspn(key, ".");

    return strncmp(key, full, size) == 0 && strcmp(key + size, full + strcspn(full, ".")) == 0;
}

/* The value of KEY or, if MAP doesn't have it, of the first key that it abbreviates. */
static const char *map_get(json_t *map, const char *key)
{
    const char *value = json_string_value(json_object_get(map, key));
    const char *first = NULL;
    const char *name;
    json_t *member;

    if (value != NULL) {
        return value;
    }
    json_object_foreach(map, name, member)
    {
        if (abbreviates(key, name) && (first == NULL || strcmp(name, first) < 0)) {
            first = name;
            value = json_string_value(member);
        }
    }
    return value == NULL ? "" : value;
}

static bool match_string(const struct clause *clause, const char *value)
{
    return filter_pattern_matches(&clause->pattern, value == NULL ? "" : value);
}

static bool match_object(const struct clause *clause, const struct filter_field *fields,
                         const char *path, json_t *object)
{
    const struct filter_field *field = find_field(fields, path);
    json_t *value = json_object_get(object, field->name);
    bool equal = false;
    json_t *element;
    size_t i;

    switch (field->type) {
    case FILTER_STRING:
        equal = match_string(clause, json_string_value(value));
        break;
    case FILTER_MAP:
        equal = match_string(clause, map_get(value, path_rest(path)));
        break;
    case FILTER_BOOL:
        equal = json_is_true(value) == clause->boolean;
        break;
    case FILTER_INTEGER:
        equal = json_integer_value(value) == clause->integer;
        break;
    case FILTER_STRINGS:
        equal = json_equal(value, clause->strings) != 0;
        break;
    case FILTER_OBJECTS:
        json_array_foreach(value, i, element)
        {
            if (match_object(clause, field->fields, path_rest(path), element)) {
                return true;
            }
        }
        return false;
    }
    return equal != clause->differs;
}

int filter_match(const struct filter *filter, const char *text, size_t size, bool *ret_matches,
                 struct error *error)
{
    bool matches = true;
    json_error_t reason;
    json_t *record = json_loadb(text, size, 0, &reason);

    if (record == NULL) {
        if (json_error_code(&reason) == json_error_out_of_memory) {
            return error_no_memory(error);
        }
        return error_set(error, ERROR_INTERNAL, "A record doesn't read as JSON: %s", reason.text);
    }
    for (size_t i = 0; i < filter->n_clauses; i++) {
        const struct clause *clause = &filter->clauses[i];

        if (matches == clause->is_or) {
            continue; /* The clause can't change it. */
        }
        matches = match_object(clause, filter->fields, clause->path, record) != clause->negated;
    }
    json_decref(record);
    *ret_matches = matches;
    return ERROR_NONE;
}
