#include "lb/filter_pattern.h"

#include "base/buffer.h"
#include "lb/filter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SPECIAL ".[]()*+?{}|^$\\"

/* Where the bracket expression at FROM ends, or NULL: it doesn't, or has [. or [= in it.
 * A ']' that is its first doesn't end it, nor that of [:alpha:]. */
static const char *bracket_end(const char *from)
{
    const char *p = from + (from[1] == '^' ? 2 : 1);

    p += *p == ']' ? 1 : 0;
    while (*p != '\0' && *p != ']') {
        if (*p == '[' && (p[1] == '.' || p[1] == '=')) {
            return NULL;
        }
        if (*p == '[' && p[1] == ':') {
            p = strstr(p + 2, ":]");
            if (p == NULL) {
                return NULL;
            }
            p += 2;
        } else {
            p++;
        }
    }
    return *p == '\0' ? NULL : p + 1;
}

/* From Go's dialect to POSIX. glibc makes a copy of what is repeated for each time, and
 * two for a +, and what it needs grows with the square of all that. So what groups are
 * repeated is multiplied here, with the most that a single character is: no part of the
 * pattern is copied more often. */
struct translation {
    struct buffer *out;
    const char *from;
    unsigned long groups;
    unsigned long characters;
    bool repeatable;  /* What comes before can be repeated. */
    bool after_group; /* It is a group. */
};

static void append(struct translation *t, const char *text, size_t n_read)
{
    buffer_append_string(t->out, text);
    t->from += n_read;
    t->repeatable = true;
    t->after_group = false;
}

/* The operator at t->from, which repeats TIMES; false: as in Go, nothing to repeat, or
 * too much. */
static bool repeat(struct translation *t, size_t size, unsigned long times)
{
    if (!t->repeatable || times > FILTER_EXPANDED_MAX) {
        return false;
    }
    if (t->after_group) {
        t->groups *= times == 0 ? 1 : times;
    } else if (times > t->characters) {
        t->characters = times;
    }
    buffer_append(t->out, t->from, size);
    t->from += size;
    /* Greedy or not is the same where only the whole counts. */
    t->from += *t->from == '?' ? 1 : 0;
    t->repeatable = false;
    return t->groups * t->characters <= FILTER_EXPANDED_MAX;
}

/* A brace that isn't that of {3} is one like any other character. (Between the two
 * numbers of {3,5} is a comma, so that it is no pattern.) */
static bool translate_brace(struct translation *t)
{
    size_t digits = strspn(t->from + 1, "0123456789");

    if (digits == 0 || t->from[1 + digits] != '}') {
        append(t, "\\{", 1);
        return true;
    }
    return repeat(t, digits + 2, strtoul(t->from + 1, NULL, 10));
}

static bool translate_escape(struct translation *t)
{
    const char escape[] = {'\\', t->from[1], '\0'};

    if (t->from[1] == '\0' || (t->from[1] >= '0' && t->from[1] <= '9')) {
        return false; /* A reference is none in Go. */
    }
    append(t, t->from[1] == 'd' ? "[0-9]" : t->from[1] == 'D' ? "[^0-9]" : escape, 2);
    return true;
}

static bool translate_bracket(struct translation *t)
{
    const char *end = bracket_end(t->from);

    if (end == NULL) {
        return false;
    }
    buffer_append(t->out, t->from, (size_t)(end - t->from));
    append(t, "", (size_t)(end - t->from));
    return true;
}

static bool translate_open(struct translation *t)
{
    bool plain = strncmp(t->from, "(?:", 3) == 0;

    if (!plain && t->from[1] == '?') {
        return false; /* Flags and names, which POSIX doesn't have. */
    }
    append(t, "(", plain ? 3 : 1);
    t->repeatable = false;
    return true;
}

static bool translate_next(struct translation *t)
{
    const char character[] = {*t->from, '\0'};

    switch (*t->from) {
    case '\\':
        return translate_escape(t);
    case '[':
        return translate_bracket(t);
    case '(':
        return translate_open(t);
    case '{':
        return translate_brace(t);
    case '*':
    case '?':
        return repeat(t, 1, 1);
    case '+':
        return repeat(t, 1, 2);
    case '|':
        append(t, character, 1);
        t->repeatable = false;
        return true;
    default:
        append(t, character, 1);
        t->after_group = character[0] == ')';
        return true;
    }
}

/* False: it can't, or mustn't, be compiled. */
static bool translate(struct buffer *out, const char *from)
{
    struct translation t = {.out = out, .from = from, .groups = 1, .characters = 1};

    while (*t.from != '\0') {
        if (!translate_next(&t)) {
            return false;
        }
    }
    return t.groups * t.characters * strlen(from) <= FILTER_EXPANDED_MAX;
}

/* What has no special character is compared as it is, which is the same. */
int filter_pattern_init(struct filter_pattern *pattern, const char *text, struct error *error)
{
    bool anchored = strpbrk(text, "^$") != NULL;
    struct buffer regexp = {0};
    bool translated;
    int code;

    *pattern = (struct filter_pattern){.text = text};
    if (strchr(text, ',') != NULL || strpbrk(text, SPECIAL) == NULL) {
        return ERROR_NONE;
    }
    if (strlen(text) > FILTER_REGEXP_MAX) {
        return error_set(error, ERROR_INVALID,
                         "Invalid filter: a regular expression may have %d bytes at most",
                         FILTER_REGEXP_MAX);
    }
    buffer_append_string(&regexp, anchored ? "" : "^");
    translated = translate(&regexp, text);
    buffer_append_string(&regexp, anchored ? "" : "$");
    if (buffer_string(&regexp) == NULL) {
        buffer_close(&regexp);
        return error_no_memory(error);
    }
    code = translated ? regcomp(&pattern->regexp, regexp.data, REG_EXTENDED | REG_ICASE | REG_NOSUB)
                      : REG_BADPAT;
    buffer_close(&regexp);
    if (code == REG_ESPACE) {
        return error_no_memory(error);
    }
    pattern->is_regexp = code == 0;
    return ERROR_NONE;
}

void filter_pattern_close(struct filter_pattern *pattern)
{
    if (pattern->is_regexp) {
        regfree(&pattern->regexp);
    }
}

/* Whether VALUE is one of the words between LIST's commas, or LIST as a whole. */
static bool is_one_of(const char *list, const char *value)
{
    size_t size = strlen(value);

    for (const char *word = list;; word++) {
        size_t length = strcspn(word, ",");

        if (length == size && strncasecmp(word, value, size) == 0) {
            return true;
        }
        word += length;
        if (*word == '\0') {
            return strcasecmp(list, value) == 0;
        }
    }
}

bool filter_pattern_matches(const struct filter_pattern *pattern, const char *value)
{
    if (pattern->is_regexp) {
        return strlen(value) <= FILTER_TEXT_MAX &&
               regexec(&pattern->regexp, value, 0, NULL, 0) == 0;
    }
    return is_one_of(pattern->text, value);
}
