#include "ctl/format.h"

#include "base/utf8.h"
#include "ctl/json_text.h"
#include "ctl/text.h"
#include "ctl/yaml.h"

#include <stdlib.h>
#include <string.h>

static int print(FILE *out, struct buffer *text, struct lbstate_error *error)
{
    int rv = LBSTATE_OK;

    if (buffer_failed(text)) {
        rv = ctl_no_memory(error);
    } else if (text->size > 0) {
        /* Whether it got out is seen at the end, by ferror(). */
        (void)fwrite(text->data, 1, text->size, out);
    }
    buffer_close(text);
    return rv;
}

/* Such characters stand inside of strings only, so their escapes may too. */
static void append_harmless(struct buffer *out, const char *json)
{
    size_t size = strlen(json);

    while (size > 0) {
        uint32_t c;
        size_t n = utf8_decode(json, size, &c);

        if (n == 0) {
            n = 1; /* jansson writes valid UTF-8 only. */
        } else if (c == '\n') {
            buffer_append_char(out, '\n'); /* Between values: in strings it is escaped. */
        } else if (text_acts(c) && c < 0x10000) {
            buffer_printf(out, "\\u%04X", c);
        } else if (text_acts(c)) {
            c -= 0x10000;
            buffer_printf(out, "\\u%04X\\u%04X", 0xd800 + (c >> 10), 0xdc00 + (c & 0x3ff));
        } else {
            buffer_append(out, json, n);
        }
        json += n;
        size -= n;
    }
}

static int print_json(FILE *out, const json_t *value, size_t flags, struct lbstate_error *error)
{
    char *json = json_text(value, flags | JSON_ENCODE_ANY);
    struct buffer text = {0};

    if (json == NULL) {
        return ctl_no_memory(error);
    }
    append_harmless(&text, json);
    buffer_append_char(&text, '\n');
    free(json);
    return print(out, &text, error);
}

int format_json(FILE *out, const json_t *value, struct lbstate_error *error)
{
    return print_json(out, value, JSON_COMPACT, error);
}

int format_json_lines(FILE *out, const json_t *value, struct lbstate_error *error)
{
    return print_json(out, value, JSON_INDENT(4), error);
}

int format_yaml(FILE *out, const json_t *value, struct lbstate_error *error)
{
    struct buffer text = {0};

    yaml_write(&text, value);
    return print(out, &text, error);
}

int format_record_check(const struct arguments *arguments, struct lbstate_error *error)
{
    if (arguments->format != FORMAT_DEFAULT && arguments->format != FORMAT_JSON &&
        arguments->format != FORMAT_YAML) {
        return ctl_fail(error, LBSTATE_INVALID, "A single record is shown as yaml or json only");
    }
    return LBSTATE_OK;
}

int format_record(struct ctl *ctl, const json_t *record, struct lbstate_error *error)
{
    return ctl->arguments->format == FORMAT_JSON ? format_json(ctl->out, record, error)
                                                 : format_yaml(ctl->out, record, error);
}

void format_table_init(const struct ctl *ctl, struct table *table, const char *const *headers,
                       size_t n_columns)
{
    const struct arguments *arguments = ctl->arguments;

    table_init(table, headers, n_columns);
    switch (arguments->format) {
    case FORMAT_CSV:
        table->style = TABLE_CSV;
        table->raw = !ctl_is_terminal(ctl->out);
        break;
    case FORMAT_COMPACT:
        table->style = TABLE_COMPACT;
        break;
    case FORMAT_MARKDOWN:
        table->style = TABLE_MARKDOWN;
        break;
    default:
        table->style = TABLE_GRID;
        break;
    }
    table->with_headers =
        arguments->headers == HEADERS_ON ||
        (arguments->headers == HEADERS_DEFAULT && arguments->format != FORMAT_CSV);
}

int format_table(struct ctl *ctl, struct table *table, struct lbstate_error *error)
{
    struct buffer text = {0};

    bool ok = table_draw(table, &text);

    table_close(table);
    if (!ok) {
        buffer_close(&text);
        return ctl_no_memory(error);
    }
    return print(ctl->out, &text, error);
}

int format_text(struct ctl *ctl, const char *text, struct lbstate_error *error)
{
    struct buffer line = {0};

    if (ctl_is_terminal(ctl->out)) {
        text_escape(&line, text, strlen(text));
    } else {
        buffer_append_string(&line, text);
    }
    buffer_append_char(&line, '\n');
    return print(ctl->out, &line, error);
}

int format_done(struct ctl *ctl, const char *before, const char *name, const char *after,
                struct lbstate_error *error)
{
    struct buffer text = {0};

    if (ctl->arguments->values[OPTION_QUIET] != NULL) {
        return LBSTATE_OK;
    }
    buffer_append_string(&text, before);
    text_escape(&text, name, strlen(name));
    buffer_append_string(&text, after);
    buffer_append_char(&text, '\n');
    return print(ctl->out, &text, error);
}

const char *member_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}
