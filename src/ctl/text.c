#include "ctl/text.h"

#include "base/utf8.h"

#include <wchar.h>

bool text_acts(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
           (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

static size_t append_escaped(struct buffer *out, uint32_t c)
{
    size_t before = out->size;

    switch (c) {
    case '\n':
        buffer_append_string(out, "\\n");
        break;
    case '\r':
        buffer_append_string(out, "\\r");
        break;
    case '\t':
        buffer_append_string(out, "\\t");
        break;
    default:
        buffer_printf(out, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
        break;
    }
    return out->size - before;
}

size_t text_escape(struct buffer *out, const char *text, size_t size)
{
    size_t width = 0;

    while (size > 0) {
        uint32_t character;
        size_t n = utf8_decode(text, size, &character);

        if (n == 0) {
            n = 1;
            width += append_escaped(out, (unsigned char)*text);
        } else if (text_acts(character)) {
            width += append_escaped(out, character);
        } else {
            int columns = wcwidth((wchar_t)character);

            /* The C library may be older than the character. */
            width += columns >= 0 ? (size_t)columns : 1;
            buffer_append(out, text, n);
        }
        text += n;
        size -= n;
    }
    return width;
}
