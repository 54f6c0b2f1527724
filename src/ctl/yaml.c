#include "ctl/yaml.h"

#include "base/utf8.h"
#include "ctl/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* YAML readers look for the colon of a key in this many characters at most;
 * a longer key needs the form with a question mark. */
#define SIMPLE_KEY_SIZE 1000

#define INDENT 2

enum style {
    STYLE_PLAIN,
    STYLE_SINGLE_QUOTES,
    STYLE_DOUBLE_QUOTES, /* The only one that can escape. */
};

static bool is_word_of_yaml(const char *text)
{
    static const char *const words[] = {"y",   "n",    "yes",   "no",  "on",
                                        "off", "true", "false", "null"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcasecmp(text, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* "80-90". A date has two of the signs in between. */
static bool is_range(const char *text, size_t size)
{
    size_t first = strspn(text, "0123456789");

    return first > 0 && text[first] == '-' && first + 1 < size &&
           first + 1 + strspn(text + first + 1, "0123456789") == size;
}

/* True for what may be a number or a time: integers in any base, numbers in
 * base 60 (1:20), dates. Addresses, versions and ranges of ports look alike, but no
 * reader takes them for it. */
static bool looks_like_number(const char *text, size_t size)
{
    unsigned char address[16];

    if (!isdigit((unsigned char)text[0]) ||
        strspn(text, "0123456789abcdefABCDEFxXoO_.:+- tTzZ") != size || is_range(text, size)) {
        return false;
    }
    if (strchr(text, ':') == NULL && strchr(text, '.') != strrchr(text, '.')) {
        return false;
    }
    return !(inet_pton(AF_INET6, text, address) == 1 && strstr(text, "::") != NULL);
}

static enum style choose_style(const char *text, size_t size)
{
    bool plain = true;

    if (size == 0 || is_word_of_yaml(text) || looks_like_number(text, size)) {
        return STYLE_DOUBLE_QUOTES;
    }
    for (size_t i = 0; i < size;) {
        uint32_t c;
        size_t n = utf8_decode(text + i, size - i, &c);

        if (n == 0 || text_acts(c)) {
            return STYLE_DOUBLE_QUOTES;
        }
        if (i == 0 && c < 0x80 && !isalnum((int)c) && c != '/' && c != '_') {
            plain = false;
        }
        if ((c == ':' && (i + 1 == size || text[i + 1] == ' ')) ||
            (c == ' ' && (i + 1 == size || text[i + 1] == '#'))) {
            plain = false;
        }
        i += n;
    }
    return plain ? STYLE_PLAIN : STYLE_SINGLE_QUOTES;
}

static void write_escaped(struct buffer *out, const char *text, size_t size)
{
    while (size > 0) {
        uint32_t c;
        size_t n = utf8_decode(text, size, &c);

        if (n == 0) {
            n = 1;
            c = 0xfffd; /* jansson gives valid UTF-8 only. */
        }
        if (c == '"' || c == '\\') {
            buffer_append_char(out, '\\');
            buffer_append(out, text, n);
        } else if (c == '\n') {
            buffer_append_string(out, "\\n");
        } else if (c == '\t') {
            buffer_append_string(out, "\\t");
        } else if (text_acts(c) || c == 0xfffd) {
            buffer_printf(out, c < 0x100 ? "\\x%02X" : c < 0x10000 ? "\\u%04X" : "\\U%08X", c);
        } else {
            buffer_append(out, text, n);
        }
        text += n;
        size -= n;
    }
}

static void write_string(struct buffer *out, const char *text, size_t size)
{
    switch (choose_style(text, size)) {
    case STYLE_PLAIN:
        buffer_append(out, text, size);
        break;
    case STYLE_SINGLE_QUOTES:
        buffer_append_char(out, '\'');
        for (size_t i = 0; i < size; i++) {
            buffer_append(out, "''", text[i] == '\'' ? 2 : 0);
            buffer_append(out, text + i, text[i] == '\'' ? 0 : 1);
        }
        buffer_append_char(out, '\'');
        break;
    case STYLE_DOUBLE_QUOTES:
        buffer_append_char(out, '"');
        write_escaped(out, text, size);
        buffer_append_char(out, '"');
        break;
    }
}

/* All that fits behind a key on its line; false for the rest. */
static bool write_scalar(struct buffer *out, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        write_string(out, json_string_value(value), json_string_length(value));
        return true;
    case JSON_INTEGER:
        buffer_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return true;
    case JSON_REAL:
        buffer_printf(out, "%.17g", json_real_value(value));
        return true;
    case JSON_TRUE:
        buffer_append_string(out, "true");
        return true;
    case JSON_FALSE:
        buffer_append_string(out, "false");
        return true;
    case JSON_NULL:
        buffer_append_string(out, "null");
        return true;
    case JSON_OBJECT:
        buffer_append_string(out, json_object_size(value) == 0 ? "{}" : "");
        return json_object_size(value) == 0;
    case JSON_ARRAY:
        buffer_append_string(out, json_array_size(value) == 0 ? "[]" : "");
        return json_array_size(value) == 0;
    }
    return true;
}

static void write_indent(struct buffer *out, size_t indent)
{
    while (indent-- > 0) {
        buffer_append_char(out, ' ');
    }
}

static void write_node(struct buffer *out, const json_t *value, size_t indent);

static void write_key(struct buffer *out, const char *key, size_t indent)
{
    size_t before = out->size;

    write_string(out, key, strlen(key));
    if (out->size - before > SIMPLE_KEY_SIZE) {
        struct buffer long_key = {0};

        buffer_append(&long_key, out->data + before, out->size - before);
        out->size = before;
        buffer_append_string(out, "? ");
        buffer_append(out, long_key.data, long_key.size);
        buffer_append_char(out, '\n');
        write_indent(out, indent);
        buffer_close(&long_key);
    }
    buffer_append_char(out, ':');
}

static void write_object(struct buffer *out, const json_t *object, size_t indent)
{
    bool first = true;
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        size_t deeper = json_is_array(value) ? indent : indent + INDENT;

        write_indent(out, first ? 0 : indent);
        first = false;
        write_key(out, key, indent);
        if ((json_is_object(value) && json_object_size(value) > 0) ||
            (json_is_array(value) && json_array_size(value) > 0)) {
            buffer_append_char(out, '\n');
            write_indent(out, deeper);
        } else {
            buffer_append_char(out, ' ');
        }
        write_node(out, value, deeper);
    }
}

/* The first line of VALUE goes where OUT ends, the others start at INDENT. */
static void write_node(struct buffer *out, const json_t *value, size_t indent)
{
    if (write_scalar(out, value)) {
        buffer_append_char(out, '\n');
    } else if (json_is_object(value)) {
        write_object(out, value, indent);
    } else {
        for (size_t i = 0; i < json_array_size(value); i++) {
            write_indent(out, i == 0 ? 0 : indent);
            buffer_append_string(out, "- ");
            write_node(out, json_array_get(value, i), indent + INDENT);
        }
    }
}

void yaml_write(struct buffer *out, const json_t *value)
{
    write_node(out, value, 0);
}
