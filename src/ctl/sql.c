/* lbctl sql: SQL of an administrator, past all rules of records. */
#include "ctl/record.h"
#include "ctl/text.h"

#include <stdlib.h>
#include <string.h>

/* The daemon takes no longer text. */
#define SQL_SIZE_MAX (256 * 1024)

static int make_body(struct ctl *ctl, json_t **ret_body, struct lbstate_error *error)
{
    const char *word = ctl->arguments->words[0];
    char *text = NULL;
    size_t size = strlen(word);
    json_t *query;

    if (strcmp(word, "-") == 0) {
        int rv = ctl_read_input(ctl, SQL_SIZE_MAX, &text, &size, error);

        if (rv != LBSTATE_OK) {
            return rv;
        }
    }
    query = json_stringn(text != NULL ? text : word, size);
    free(text);
    if (query == NULL) {
        return ctl_fail(error, LBSTATE_INVALID, "The SQL isn't valid UTF-8");
    }
    *ret_body = json_pack("{s:s, s:o}", "database", "global", "query", query);
    return *ret_body != NULL ? LBSTATE_OK : ctl_no_memory(error);
}

/* NULL is told apart from texts only where people read. */
static void append_value(const struct ctl *ctl, struct buffer *out, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_NULL:
        buffer_append_string(out, ctl->arguments->format == FORMAT_CSV ? "" : "NULL");
        break;
    case JSON_STRING:
        buffer_append_string(out, json_string_value(value));
        break;
    case JSON_INTEGER:
        buffer_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        buffer_printf(out, "%.17g", json_real_value(value));
        break;
    default:
        buffer_append_string(out, json_is_true(value) ? "true" : "false");
        break;
    }
}

/* Adds ROW; TEXTS has room for one pointer a column, CELLS for one buffer. */
static bool add_row(const struct ctl *ctl, struct table *table, const json_t *row,
                    const char **texts, struct buffer *cells)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        buffer_reset(&cells[i]);
        append_value(ctl, &cells[i], json_array_get(row, i));
        texts[i] = buffer_string(&cells[i]);
        if (texts[i] == NULL) {
            return false;
        }
    }
    return table_add(table, texts);
}

static bool is_select(const json_t *result)
{
    const json_t *columns = json_object_get(result, "columns");
    const json_t *rows = json_object_get(result, "rows");

    if (!json_is_array(columns) || !json_is_array(rows)) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(columns); i++) {
        if (!json_is_string(json_array_get(columns, i))) {
            return false;
        }
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        if (json_array_size(json_array_get(rows, i)) != json_array_size(columns)) {
            return false;
        }
    }
    return true;
}

static int print_rows(struct ctl *ctl, const json_t *result, struct lbstate_error *error)
{
    const json_t *columns = json_object_get(result, "columns");
    const json_t *rows = json_object_get(result, "rows");
    size_t n_columns = json_array_size(columns);
    const char **headers = calloc(n_columns + 1, sizeof *headers);
    const char **texts = calloc(n_columns + 1, sizeof *texts);
    struct buffer *cells = calloc(n_columns + 1, sizeof *cells);
    struct table table;
    bool ok = headers != NULL && texts != NULL && cells != NULL;
    int rv;

    for (size_t i = 0; ok && i < n_columns; i++) {
        headers[i] = json_string_value(json_array_get(columns, i));
    }
    if (ok) {
        format_table_init(ctl, &table, headers, n_columns);
        for (size_t i = 0; ok && i < json_array_size(rows); i++) {
            ok = add_row(ctl, &table, json_array_get(rows, i), texts, cells);
        }
        if (ok) {
            rv = format_table(ctl, &table, error);
        } else {
            table_close(&table);
            rv = ctl_no_memory(error);
        }
    } else {
        rv = ctl_no_memory(error);
    }
    for (size_t i = 0; cells != NULL && i < n_columns; i++) {
        buffer_close(&cells[i]);
    }
    free(cells);
    free(texts);
    free(headers);
    return rv;
}

static int print_result(struct ctl *ctl, const json_t *result, struct lbstate_error *error)
{
    if (strcmp(member_text(result, "type"), "select") != 0) {
        fprintf(ctl->out, "Rows affected: %" JSON_INTEGER_FORMAT "\n",
                json_integer_value(json_object_get(result, "rows_affected")));
        return LBSTATE_OK;
    }
    if (!is_select(result)) {
        return ctl_fail(error, LBSTATE_PROTOCOL, "The answer isn't the result of a query");
    }
    return print_rows(ctl, result, error);
}

static int print_results(struct ctl *ctl, const json_t *results, struct lbstate_error *error)
{
    size_t n = json_array_size(results);
    int rv = LBSTATE_OK;

    if (ctl->arguments->format == FORMAT_JSON) {
        return format_json(ctl->out, results, error);
    }
    if (ctl->arguments->format == FORMAT_YAML) {
        return format_yaml(ctl->out, results, error);
    }
    for (size_t i = 0; rv == LBSTATE_OK && i < n; i++) {
        if (n > 1) {
            fprintf(ctl->out, "=> Query %zu:\n\n", i);
        }
        rv = print_result(ctl, json_array_get(results, i), error);
        if (n > 1) {
            fputc('\n', ctl->out);
        }
    }
    return rv;
}

static int run_query(struct ctl *ctl, struct lbstate_error *error)
{
    struct lbstate_request request = {.method = "POST", .path = "/internal/sql"};
    struct lbstate_response response;
    json_t *answer;
    json_t *body = NULL;
    char *text;
    int rv = make_body(ctl, &body, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    text = record_text(body);
    json_decref(body);
    if (text == NULL) {
        return ctl_no_memory(error);
    }
    request.body = text;
    rv = lbstate_call(ctl->client, &request, &response, error);
    free(text);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = record_decode(&response, JSON_OBJECT, &answer, error);
    lbstate_response_close(&response);
    if (rv == LBSTATE_OK) {
        rv = print_results(ctl, json_object_get(answer, "Results"), error);
        json_decref(answer);
    }
    return rv;
}

/* As it is for a program; line by line made harmless for a terminal. */
static int print_dump(struct ctl *ctl, const json_t *dump, struct lbstate_error *error)
{
    const json_t *member = json_object_get(dump, "text");
    const char *text = json_string_value(member);
    size_t size = json_string_length(member);
    struct buffer lines = {0};
    int rv = LBSTATE_OK;

    if (text == NULL) {
        return ctl_fail(error, LBSTATE_PROTOCOL, "The answer isn't a dump");
    }
    if (!ctl_is_terminal(ctl->out)) {
        /* Whether it got out is seen at the end, by ferror(). */
        (void)fwrite(text, 1, size, ctl->out);
        return LBSTATE_OK;
    }
    while (size > 0) {
        const char *end = memchr(text, '\n', size);
        size_t line_size = end != NULL ? (size_t)(end - text) : size;
        size_t taken = line_size + (end != NULL);

        text_escape(&lines, text, line_size);
        buffer_append_char(&lines, '\n');
        text += taken;
        size -= taken;
    }
    if (buffer_string(&lines) != NULL) {
        (void)fputs(lines.data, ctl->out);
    } else {
        rv = ctl_no_memory(error);
    }
    buffer_close(&lines);
    return rv;
}

static int run_dump(struct ctl *ctl, const char *path, struct lbstate_error *error)
{
    json_t *dump;
    char *etag;
    int rv = format_record_check(ctl->arguments, error);

    if (rv == LBSTATE_OK) {
        rv = record_get(ctl, path, &dump, &etag, error);
    }
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = ctl->arguments->format == FORMAT_DEFAULT ? print_dump(ctl, dump, error)
                                                  : format_record(ctl, dump, error);
    json_decref(dump);
    free(etag);
    return rv;
}

int sql_run(struct ctl *ctl, struct lbstate_error *error)
{
    static const struct {
        const char *word;
        const char *path;
    } dumps[] = {
        {".dump", "/internal/sql?database=global"},
        {".schema", "/internal/sql?database=global&dump=1"},
        {".tables", "/internal/sql?database=global&dump=2"},
    };

    for (size_t i = 0; i < sizeof dumps / sizeof dumps[0]; i++) {
        if (strcmp(ctl->arguments->words[0], dumps[i].word) == 0) {
            return run_dump(ctl, dumps[i].path, error);
        }
    }
    return run_query(ctl, error);
}
