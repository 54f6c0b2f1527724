#include "test/conformance/go_json.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_string(FILE *out, const char *text, bool escape_html)
{
    static const char named[] = "\"\\\n\r\t\b\f";
    static const char letters[] = "\"\\nrtbf";

    fputc('"', out);
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        const char *name = strchr(named, *at);

        if (name != NULL) {
            fprintf(out, "\\%c", letters[name - named]);
        } else if (byte < 0x20 || (escape_html && strchr("<>&", *at) != NULL)) {
            fprintf(out, "\\u%04x", (unsigned)byte);
        } else if (strncmp(at, "\xe2\x80\xa8", 3) == 0 || strncmp(at, "\xe2\x80\xa9", 3) == 0) {
            fprintf(out, "\\u202%c", at[2] == '\xa8' ? '8' : '9');
            at += 2;
        } else {
            fputc(*at, out);
        }
    }
    fputc('"', out);
}

static void write_value(FILE *out, const json_t *value, bool escape_html)
{
    const char *separator = "";
    const char *key;
    json_t *member;
    size_t i;

    switch (json_typeof(value)) {
    case JSON_OBJECT:
        fputc('{', out);
        json_object_foreach((json_t *)(uintptr_t)value, key, member)
        {
            fputs(separator, out);
            write_string(out, key, escape_html);
            fputc(':', out);
            write_value(out, member, escape_html);
            separator = ",";
        }
        fputc('}', out);
        break;
    case JSON_ARRAY:
        fputc('[', out);
        json_array_foreach(value, i, member)
        {
            fputs(separator, out);
            write_value(out, member, escape_html);
            separator = ",";
        }
        fputc(']', out);
        break;
    case JSON_STRING:
        write_string(out, json_string_value(value), escape_html);
        break;
    case JSON_INTEGER:
        fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        fprintf(out, "%.17g", json_real_value(value));
        break;
    case JSON_TRUE:
        fputs("true", out);
        break;
    case JSON_FALSE:
        fputs("false", out);
        break;
    case JSON_NULL:
        fputs("null", out);
        break;
    }
}

char *go_json_encode(const json_t *value, bool escape_html)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL) {
        abort();
    }
    write_value(out, value, escape_html);
    if (fclose(out) != 0) {
        abort();
    }
    return text;
}
