#include "lb/filter_pattern.h"

#include "base/buffer.h"
#include "lb/filter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SPECIAL ".[]()*+?{}|^$\\"

/* The copy of a bracket expression, which a ']' ends unless it is its first. */
static const char *copy_bracket(struct buffer *out, const char *from)
{
    const char *first = from + (from[1] == '^' ? 2 : 1);
    const char *end = *first == '\0' ? NULL : strchr(first + 1, ']');

    /* [:alpha:] and its like have a ']' of their own. */
    while (end != NULL && strchr(":.=", end[-1]) != NULL && end[1] != '\0') {
        const char *next = strchr(end + 1, ']');

        if (next == NULL) {
            break;
        }
        end = next;
    }
    if (end == NULL) {
        buffer_append_string(out, from);
        return from + strlen(from);
    }
    buffer_append(out, from, (size_t)(end + 1 - from));
    return end + 1;
}

/* "{3}" at FROM multiplies what the pattern can grow to. (With a comma in it, it
 * wouldn't be a pattern.) */
static bool count_repeat(const char *from, unsigned long *total)
{
    unsigned long n = strtoul(from + 1, NULL, 10);

    if (n > FILTER_REPEAT_MAX) {
        return false;
    }
    *total *= n == 0 ? 1 : n;
    return *total <= FILTER_REPEAT_MAX;
}

/* From Go's dialect to POSIX; false: it can't, or mustn't, be compiled. */
static bool translate(struct buffer *out, const char *from)
{
    unsigned long total = 1;

    while (*from != '\0') {
        if (*from == '\\') {
            if (from[1] == '\0' || (from[1] >= '0' && from[1] <= '9')) {
                return false;
            }
            if (from[1] == 'd' || from[1] == 'D') {
                buffer_append_string(out, from[1] == 'd' ? "[0-9]" : "[^0-9]");
            } else {
                buffer_append(out, from, 2);
            }
            from += 2;
        } else if (*from == '[') {
            from = copy_bracket(out, from);
        } else if (strncmp(from, "(?:", 3) == 0) {
            buffer_append_char(out, '(');
            from += 3;
        } else {
            if (*from == '{' && !count_repeat(from, &total)) {
                return false;
            }
            buffer_append_char(out, *from);
            /* Greedy or not is the same where only the whole counts. */
            if (strchr("*+?}", *from) != NULL && from[1] == '?') {
                from++;
            }
            from++;
        }
    }
    return true;
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
        return regexec(&pattern->regexp, value, 0, NULL, 0) == 0;
    }
    return is_one_of(pattern->text, value);
}
