#include "ctl/format.h"

#include "base/utf8.h"
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

int format_json(FILE *out, const json_t *value, struct lbstate_error *error)
{
    char *json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    struct buffer text = {0};

    if (json == NULL) {
        return ctl_no_memory(error);
    }
    append_harmless(&text, json);
    buffer_append_char(&text, '\n');
    free(json);
    return print(out, &text, error);
}

int format_yaml(FILE *out, const json_t *value, struct lbstate_error *error)
{
    struct buffer text = {0};

    yaml_write(&text, value);
    return print(out, &text, error);
}

int format_record_check(const struct arguments *arguments, struct lbstate_error *error)
{
    if (arguments->format == FORMAT_TABLE) {
        return ctl_fail(error, LBSTATE_INVALID, "A single record is shown as yaml or json only");
    }
    return LBSTATE_OK;
}

int format_record(struct ctl *ctl, const json_t *record, struct lbstate_error *error)
{
    return ctl->arguments->format == FORMAT_JSON ? format_json(ctl->out, record, error)
                                                 : format_yaml(ctl->out, record, error);
}

int format_list(struct ctl *ctl, const json_t *list, const char *const *headers, size_t n_columns,
                bool (*add_row)(struct table *table, const json_t *record),
                struct lbstate_error *error)
{
    struct table table;
    struct buffer text = {0};
    bool ok = true;

    if (ctl->arguments->format == FORMAT_JSON) {
        return format_json(ctl->out, list, error);
    }
    if (ctl->arguments->format == FORMAT_YAML) {
        return format_yaml(ctl->out, list, error);
    }
    table_init(&table, headers, n_columns);
    for (size_t i = 0; ok && i < json_array_size(list); i++) {
        ok = add_row(&table, json_array_get(list, i));
    }
    if (ok) {
        table_draw(&table, &text);
    }
    table_close(&table);
    if (!ok) {
        return ctl_no_memory(error);
    }
    return print(ctl->out, &text, error);
}

int format_done(struct ctl *ctl, const char *before, const char *name, const char *after,
                struct lbstate_error *error)
{
    struct buffer text = {0};

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
