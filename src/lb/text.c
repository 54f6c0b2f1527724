#include "lb/text.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The longest escape is that of a character outside the basic plane: \U0001f600. */
#define LONGEST_ESCAPE 10

/* The invisible characters that matter in practice: controls, blanks other than
 * the plain one, formatting marks, private and unassigned areas. */
static bool is_printable(uint32_t c)
{
    return c >= 0x20 && c != 0x7f && !(c >= 0x80 && c <= 0xa0) && c != 0xad &&
           !(c >= 0x2000 && c <= 0x200f) && !(c >= 0x2028 && c <= 0x202f) &&
           !(c >= 0x205f && c <= 0x206f) && c != 0x1680 && c != 0x3000 && c != 0xfeff &&
           !(c >= 0xfff0 && c <= 0xfffb) && (c & 0xfffe) != 0xfffe &&
           !(c >= 0xe000 && c <= 0xf8ff) && c < 0xe0000;
}

/* Writes at most LONGEST_ESCAPE characters and a NUL; SIZE is 0 for a stray byte. */
static size_t escape(uint32_t c, const char *bytes, size_t size, char out[LONGEST_ESCAPE + 1])
{
    static const char names[] = "abtnvfr"; /* U+0007 to U+000D. */
    int length;

    if (size == 0) {
        length = snprintf(out, LONGEST_ESCAPE + 1, "\\x%02x", (unsigned char)bytes[0]);
    } else if (c == '"' || c == '\\') {
        length = snprintf(out, LONGEST_ESCAPE + 1, "\\%c", (char)c);
    } else if (is_printable(c)) {
        memcpy(out, bytes, size);
        length = (int)size;
    } else if (c >= 0x07 && c <= 0x0d) {
        length = snprintf(out, LONGEST_ESCAPE + 1, "\\%c", names[c - 0x07]);
    } else if (c < 0x80) {
        length = snprintf(out, LONGEST_ESCAPE + 1, "\\x%02x", c);
    } else {
        length = snprintf(out, LONGEST_ESCAPE + 1, c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
    }
    return (size_t)length;
}

const char *text_quote(struct text_quoted *quoted, const char *text)
{
    size_t left = strlen(text);
    size_t used = 0;

    quoted->text[used++] = '"';
    while (left > 0 && used + LONGEST_ESCAPE + 2 <= sizeof quoted->text) {
        uint32_t c = 0;
        size_t size = utf8_decode(text, left, &c);
        char escaped[LONGEST_ESCAPE + 1];
        size_t length = escape(c, text, size, escaped);

        memcpy(quoted->text + used, escaped, length);
        used += length;
        size = size == 0 ? 1 : size;
        text += size;
        left -= size;
    }
    quoted->text[used++] = '"';
    quoted->text[used] = '\0';
    return quoted->text;
}

bool text_equal(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

bool text_is_space(uint32_t c)
{
    return (c >= 0x09 && c <= 0x0d) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000;
}

bool text_has_space(const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        uint32_t c;
        size_t size = utf8_decode(text, left, &c);

        if (size > 0 && text_is_space(c)) {
            return true;
        }
        size = size == 0 ? 1 : size;
        text += size;
        left -= size;
    }
    return false;
}

static const char *trim(const char *text, size_t left, size_t *ret_size)
{
    size_t start = 0;
    size_t end = 0; /* After the last character that isn't white space. */
    bool begun = false;
    size_t i = 0;

    while (i < left) {
        uint32_t c;
        size_t size = utf8_decode(text + i, left - i, &c);
        bool space = size > 0 && text_is_space(c);

        size = size == 0 ? 1 : size;
        if (!space) {
            start = begun ? start : i;
            begun = true;
            end = i + size;
        }
        i += size;
    }
    *ret_size = end - start;
    return text + start;
}

const char *text_trim(const char *text, size_t *ret_size)
{
    return trim(text, strlen(text), ret_size);
}

bool text_list_has(const char *list, const char *word)
{
    while (*list != '\0') {
        size_t size = strcspn(list, ",");
        size_t length;
        const char *element = trim(list, size, &length);

        if (strlen(word) == length && memcmp(element, word, length) == 0) {
            return true;
        }
        list += size + (list[size] == ',');
    }
    return false;
}

bool text_list_init(struct text_list *list, const char *text)
{
    list->copy = strdup(text);
    list->rest = list->copy;
    return list->copy != NULL;
}

void text_list_close(struct text_list *list)
{
    free(list->copy);
    *list = (struct text_list){0};
}

const char *text_list_next(struct text_list *list)
{
    char *element = strsep(&list->rest, ",");
    size_t size;

    if (element == NULL) {
        return NULL;
    }
    element += text_trim(element, &size) - element;
    element[size] = '\0';
    return element;
}

bool text_in_words(const char *word, const char *words)
{
    size_t size = strlen(word);

    while (size > 0 && *words != '\0') {
        size_t length = strcspn(words, " ");

        if (length == size && memcmp(word, words, size) == 0) {
            return true;
        }
        words += length;
        words += strspn(words, " ");
    }
    return false;
}
