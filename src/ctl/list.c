#include "ctl/list.h"

#include "ctl/record.h"

#include <string.h>
#include <strings.h>

/* Of --columns, in which each may be repeated. */
#define COLUMNS_MAX 64

struct selection {
    const struct list_column *columns[COLUMNS_MAX];
    const char *headers[COLUMNS_MAX];
    size_t n_columns;
};

static const struct list_column *find(const struct list_column *columns, char letter)
{
    while (columns->letter != '\0' && columns->letter != letter) {
        columns++;
    }
    return columns->letter != '\0' ? columns : NULL;
}

/* Letters, with single commas between them where the user likes. */
static int select_columns(const struct list_column *columns, const char *letters,
                          struct selection *ret_selection, struct lbstate_error *error)
{
    bool may_end = false;

    ret_selection->n_columns = 0;
    for (const char *p = letters; *p != '\0'; p++) {
        const struct list_column *column;

        if (*p == ',' && may_end) {
            may_end = false;
            continue;
        }
        column = find(columns, *p);
        if (column == NULL || ret_selection->n_columns == COLUMNS_MAX) {
            may_end = false;
            break;
        }
        ret_selection->headers[ret_selection->n_columns] = column->header;
        ret_selection->columns[ret_selection->n_columns++] = column;
        may_end = true;
    }
    if (!may_end) {
        char known[COLUMNS_MAX + 1];
        size_t n = 0;

        while (columns[n].letter != '\0' && n < COLUMNS_MAX) {
            known[n] = columns[n].letter;
            n++;
        }
        known[n] = '\0';
        return ctl_fail(error, LBSTATE_INVALID,
                        "--columns takes 1 to %d of the letters %s, not \"%s\"", COLUMNS_MAX, known,
                        letters);
    }
    return LBSTATE_OK;
}

static bool add_row(struct table *table, const struct selection *selection, const json_t *record)
{
    struct buffer cells[COLUMNS_MAX] = {{0}};
    const char *texts[COLUMNS_MAX];
    bool ok = true;

    for (size_t i = 0; ok && i < selection->n_columns; i++) {
        selection->columns[i]->write(&cells[i], record);
        texts[i] = buffer_string(&cells[i]);
        ok = texts[i] != NULL;
    }
    ok = ok && table_add(table, texts);
    for (size_t i = 0; i < selection->n_columns; i++) {
        buffer_close(&cells[i]);
    }
    return ok;
}

static int print_selected(struct ctl *ctl, const json_t *records, const struct selection *selection,
                          struct lbstate_error *error)
{
    struct table table;

    if (ctl->arguments->format == FORMAT_JSON) {
        return format_json(ctl->out, records, error);
    }
    if (ctl->arguments->format == FORMAT_YAML) {
        return format_yaml(ctl->out, records, error);
    }
    format_table_init(ctl, &table, selection->headers, selection->n_columns);
    for (size_t i = 0; i < json_array_size(records); i++) {
        if (!add_row(&table, selection, json_array_get(records, i))) {
            table_close(&table);
            return ctl_no_memory(error);
        }
    }
    return format_table(ctl, &table, error);
}

int list_check(struct ctl *ctl, const struct list_column *columns, struct lbstate_error *error)
{
    const char *letters = ctl->arguments->values[OPTION_COLUMNS];
    struct selection selection;

    return letters != NULL ? select_columns(columns, letters, &selection, error) : LBSTATE_OK;
}

int list_print(struct ctl *ctl, const json_t *records, const struct list_column *columns,
               const char *defaults, struct lbstate_error *error)
{
    const char *letters = ctl->arguments->values[OPTION_COLUMNS];
    struct selection selection;
    int rv = select_columns(columns, letters != NULL ? letters : defaults, &selection, error);

    return rv == LBSTATE_OK ? print_selected(ctl, records, &selection, error) : rv;
}

int list_show(struct ctl *ctl, const char *path, const struct list_column *columns,
              const char *defaults, struct lbstate_error *error)
{
    const char *letters = ctl->arguments->values[OPTION_COLUMNS];
    struct selection selection;
    json_t *records;
    int rv = select_columns(columns, letters != NULL ? letters : defaults, &selection, error);

    if (rv == LBSTATE_OK) {
        rv = record_list(ctl, path, &records, error);
    }
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = print_selected(ctl, records, &selection, error);
    json_decref(records);
    return rv;
}

void list_write_feature(struct buffer *out, const json_t *record, const char *key)
{
    static const char *const truths[] = {"true", "1", "yes", "on"};
    const char *value = member_text(json_object_get(record, "config"), key);
    bool is_true = false;

    for (size_t i = 0; i < sizeof truths / sizeof truths[0]; i++) {
        is_true = is_true || strcasecmp(value, truths[i]) == 0;
    }
    buffer_append_string(out, is_true ? "YES" : "NO");
}

void list_write_count(struct buffer *out, const json_t *record, const char *member)
{
    buffer_printf(out, "%zu", json_array_size(json_object_get(record, member)));
}

void list_write_name(struct buffer *out, const json_t *record)
{
    buffer_append_string(out, member_text(record, "name"));
}

void list_write_description(struct buffer *out, const json_t *record)
{
    buffer_append_string(out, member_text(record, "description"));
}

void list_write_used_by(struct buffer *out, const json_t *record)
{
    list_write_count(out, record, "used_by");
}
