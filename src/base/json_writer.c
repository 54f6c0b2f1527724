#include "base/json_writer.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void json_writer_init(struct json_writer *w, struct buffer *buffer, bool escape_html)
{
    *w = (struct json_writer){.buffer = buffer, .escape_html = escape_html};
}

static void before_value(struct json_writer *w)
{
    if (w->need_comma) {
        buffer_append_char(w->buffer, ',');
    }
    w->need_comma = true;
}

void json_write_object_begin(struct json_writer *w)
{
    before_value(w);
    buffer_append_char(w->buffer, '{');
    w->need_comma = false;
}

void json_write_object_end(struct json_writer *w)
{
    buffer_append_char(w->buffer, '}');
    w->need_comma = true;
}

void json_write_array_begin(struct json_writer *w)
{
    before_value(w);
    buffer_append_char(w->buffer, '[');
    w->need_comma = false;
}

void json_write_array_end(struct json_writer *w)
{
    buffer_append_char(w->buffer, ']');
    w->need_comma = true;
}

void json_write_key(struct json_writer *w, const char *key)
{
    json_write_string(w, key);
    buffer_append_char(w->buffer, ':');
    w->need_comma = false;
}

static void append_escape(struct json_writer *w, uint32_t c)
{
    static const char digits[] = "0123456789abcdef";
    char text[6] = {
        '\\', 'u', digits[c >> 12 & 15], digits[c >> 8 & 15], digits[c >> 4 & 15], digits[c & 15]};

    switch (c) {
    case '"':
    case '\\':
        text[1] = (char)c;
        buffer_append(w->buffer, text, 2);
        break;
    case '\n':
        buffer_append(w->buffer, "\\n", 2);
        break;
    case '\r':
        buffer_append(w->buffer, "\\r", 2);
        break;
    case '\t':
        buffer_append(w->buffer, "\\t", 2);
        break;
    case '\b':
        buffer_append(w->buffer, "\\b", 2);
        break;
    case '\f':
        buffer_append(w->buffer, "\\f", 2);
        break;
    default:
        buffer_append(w->buffer, text, sizeof text);
        break;
    }
}

void json_write_string_n(struct json_writer *w, const char *value, size_t size)
{
    size_t plain = 0; /* Start of what is copied as it is. */
    size_t i = 0;

    before_value(w);
    buffer_append_char(w->buffer, '"');
    while (i < size) {
        unsigned char byte = (unsigned char)value[i];
        uint32_t c;
        size_t step = 1;
        bool escape;

        if (byte < 0x80) {
            c = byte;
            escape = byte < 0x20 || byte == '"' || byte == '\\' ||
                     (w->escape_html && (byte == '<' || byte == '>' || byte == '&'));
        } else {
            step = utf8_decode(value + i, size - i, &c);
            escape = step == 0 || c == 0x2028 || c == 0x2029;
            if (step == 0) {
                c = 0xfffd;
                step = 1;
            }
        }
        if (escape) {
            buffer_append(w->buffer, value + plain, i - plain);
            append_escape(w, c);
            plain = i + step;
        }
        i += step;
    }
    buffer_append(w->buffer, value + plain, size - plain);
    buffer_append_char(w->buffer, '"');
}

void json_write_string(struct json_writer *w, const char *value)
{
    json_write_string_n(w, value == NULL ? "" : value, value == NULL ? 0 : strlen(value));
}

void json_write_integer(struct json_writer *w, int64_t value)
{
    before_value(w);
    buffer_printf(w->buffer, "%" PRId64, value);
}

void json_write_double(struct json_writer *w, double value)
{
    before_value(w);
    if (isfinite(value)) {
        buffer_printf(w->buffer, "%.17g", value);
    } else {
        buffer_append(w->buffer, "null", 4);
    }
}

void json_write_bool(struct json_writer *w, bool value)
{
    before_value(w);
    buffer_append_string(w->buffer, value ? "true" : "false");
}

void json_write_null(struct json_writer *w)
{
    before_value(w);
    buffer_append(w->buffer, "null", 4);
}

void json_write_raw(struct json_writer *w, const char *json, size_t size)
{
    before_value(w);
    buffer_append(w->buffer, json, size);
}
