#include "lb/json_text.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define REPLACEMENT         "\xef\xbf\xbd"
#define REPLACEMENT_ESCAPED "\\ufffd"
#define ESCAPE_SIZE         6 /* Of \uXXXX. */

struct scan {
    const char *text;
    size_t size;
    size_t at;
    unsigned depth;
    bool in_string;
    size_t line; /* From 1, as jansson counts them. */
    size_t line_start;
};

/* The code unit of the escape \uXXXX that begins at AT, or -1 if none does. */
static int32_t unicode_escape(const struct scan *scan, size_t at)
{
    int32_t unit = 0;

    if (at > scan->size || scan->size - at < ESCAPE_SIZE || scan->text[at] != '\\' ||
        scan->text[at + 1] != 'u') {
        return -1;
    }
    for (size_t i = at + 2; i < at + ESCAPE_SIZE; i++) {
        static const char digits[] = "0123456789abcdef";
        char c = scan->text[i];
        const char *digit;

        c = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
        digit = c == '\0' ? NULL : strchr(digits, c);
        if (digit == NULL) {
            return -1;
        }
        unit = unit * 16 + (int32_t)(digit - digits);
    }
    return unit;
}

static bool is_high_surrogate(int32_t unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low_surrogate(int32_t unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

/* Copies one escape of a string, or a pair of them that makes one character. */
static void copy_escape(struct scan *scan, struct buffer *out)
{
    int32_t unit = unicode_escape(scan, scan->at);
    size_t size = unit < 0 ? 2 : ESCAPE_SIZE;

    if (is_high_surrogate(unit) && is_low_surrogate(unicode_escape(scan, scan->at + ESCAPE_SIZE))) {
        size = 2 * ESCAPE_SIZE;
    } else if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
        buffer_append_string(out, REPLACEMENT_ESCAPED);
        scan->at += size;
        return;
    }
    if (size > scan->size - scan->at) {
        size = scan->size - scan->at;
    }
    buffer_append(out, scan->text + scan->at, size);
    scan->at += size;
}

static void copy_character(struct scan *scan, struct buffer *out)
{
    uint32_t character;
    size_t size = utf8_decode(scan->text + scan->at, scan->size - scan->at, &character);

    if (size == 0) {
        buffer_append_string(out, REPLACEMENT);
        scan->at++;
    } else {
        buffer_append(out, scan->text + scan->at, size);
        scan->at += size;
    }
}

/* What the next byte means for the nesting. */
static void track(struct scan *scan)
{
    char c = scan->text[scan->at];

    if (c == '"') {
        scan->in_string = !scan->in_string;
    } else if (c == '\n') {
        scan->line++;
        scan->line_start = scan->at + 1;
    } else if (!scan->in_string && (c == '{' || c == '[')) {
        scan->depth++;
    } else if (!scan->in_string && (c == '}' || c == ']') && scan->depth > 0) {
        scan->depth--;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

int json_text_repair(const char *text, size_t size, unsigned depth_max, struct buffer *out,
                     struct error *error)
{
    struct scan scan = {.text = text, .size = size, .line = 1};
    bool ended = false;
    size_t blanks = 0;

    while (blanks < size && is_blank(text[blanks])) {
        blanks++;
    }
    if (blanks == size) {
        return error_set(error, ERROR_INVALID, "EOF");
    }
    while (scan.at < size && !ended) {
        char c = text[scan.at];

        if (scan.in_string && c == '\\') {
            copy_escape(&scan, out);
            continue;
        }
        track(&scan);
        if (scan.depth > depth_max) {
            return error_set(error, ERROR_INVALID,
                             "Invalid JSON: nested more than %u deep at line %zu, column %zu",
                             depth_max, scan.line, scan.at - scan.line_start + 1);
        }
        copy_character(&scan, out);
        ended = scan.depth == 0 && !scan.in_string && (c == '}' || c == ']');
    }
    return buffer_failed(out) ? error_no_memory(error) : ERROR_NONE;
}
