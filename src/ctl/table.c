#include "ctl/table.h"

#include "ctl/text.h"

#include <stdlib.h>
#include <string.h>

void table_init(struct table *table, const char *const *headers, size_t n_columns)
{
    memset(table, 0, sizeof *table);
    table->style = TABLE_GRID;
    table->with_headers = true;
    table->headers = headers;
    table->n_columns = n_columns;
    table->last = &table->first;
}

void table_close(struct table *table)
{
    arena_close(&table->arena);
}

/* What stands for TEXT in the drawn table; SCRATCH is emptied first. */
static bool make_cell(struct table *table, const char *text, struct buffer *scratch,
                      struct table_cell *cell)
{
    buffer_reset(scratch);
    if (table->raw) {
        cell->width = strlen(text); /* No style that needs it is raw. */
        buffer_append_string(scratch, text);
    } else {
        cell->width = text_escape(scratch, text, strlen(text));
    }
    cell->size = scratch->size;
    cell->text =
        buffer_failed(scratch)
            ? NULL
            : arena_memdup(&table->arena, scratch->size > 0 ? scratch->data : "", scratch->size);
    return cell->text != NULL;
}

static bool make_row(struct table *table, const char *const *texts, struct table_row **ret_row)
{
    struct table_row *row =
        arena_calloc(&table->arena, 1, sizeof *row + table->n_columns * sizeof(struct table_cell));
    struct buffer scratch = {0};
    bool ok = row != NULL;

    for (size_t i = 0; ok && i < table->n_columns; i++) {
        ok = make_cell(table, texts[i], &scratch, &row->cells[i]);
    }
    buffer_close(&scratch);
    if (ok) {
        *ret_row = row;
    }
    return ok;
}

bool table_add(struct table *table, const char *const *texts)
{
    struct table_row *row;

    if (!make_row(table, texts, &row)) {
        return false;
    }
    *table->last = row;
    table->last = &row->next;
    return true;
}

static void draw_repeated(struct buffer *out, char c, size_t n)
{
    while (n-- > 0) {
        buffer_append_char(out, c);
    }
}

static void draw_line(struct buffer *out, const size_t *widths, size_t n_columns)
{
    for (size_t i = 0; i < n_columns; i++) {
        buffer_append_char(out, '+');
        draw_repeated(out, '-', widths[i] + 2);
    }
    buffer_append_string(out, "+\n");
}

/* OUTER stands at both ends. A centred cell has the odd blank to its right. */
static void draw_row(const struct table *table, struct buffer *out, const size_t *widths,
                     const struct table_row *row, const char *outer, const char *between,
                     bool centred)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct table_cell *cell = &row->cells[i];
        size_t left = centred ? (widths[i] - cell->width) / 2 : 0;

        buffer_append_string(out, i == 0 ? outer : between);
        buffer_append_char(out, ' ');
        draw_repeated(out, ' ', left);
        buffer_append(out, cell->text, cell->size);
        draw_repeated(out, ' ', widths[i] - cell->width - left + 1);
    }
    buffer_append_string(out, outer);
    buffer_append_char(out, '\n');
}

static void draw_grid(const struct table *table, struct buffer *out, const size_t *widths,
                      const struct table_row *headers)
{
    draw_line(out, widths, table->n_columns);
    if (table->with_headers) {
        draw_row(table, out, widths, headers, "|", "|", true);
        draw_line(out, widths, table->n_columns);
    }
    for (const struct table_row *row = table->first; row != NULL; row = row->next) {
        draw_row(table, out, widths, row, "|", "|", false);
        draw_line(out, widths, table->n_columns);
    }
}

static void draw_compact(const struct table *table, struct buffer *out, const size_t *widths,
                         const struct table_row *headers)
{
    if (table->with_headers) {
        draw_row(table, out, widths, headers, " ", "", true);
    }
    for (const struct table_row *row = table->first; row != NULL; row = row->next) {
        draw_row(table, out, widths, row, " ", "", false);
    }
}

static void draw_markdown_row(const struct table *table, struct buffer *out,
                              const struct table_row *row)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct table_cell *cell = &row->cells[i];

        buffer_append_string(out, "| ");
        for (size_t j = 0; j < cell->size; j++) {
            if (cell->text[j] == '|') {
                buffer_append_char(out, '\\');
            }
            buffer_append_char(out, cell->text[j]);
        }
        buffer_append_char(out, ' ');
    }
    buffer_append_string(out, "|\n");
}

/* There is no such table without headers. */
static void draw_markdown(const struct table *table, struct buffer *out,
                          const struct table_row *headers)
{
    draw_markdown_row(table, out, headers);
    for (size_t i = 0; i < table->n_columns; i++) {
        buffer_append_string(out, "|---");
    }
    buffer_append_string(out, "|\n");
    for (const struct table_row *row = table->first; row != NULL; row = row->next) {
        draw_markdown_row(table, out, row);
    }
}

static bool needs_quotes(const struct table_cell *cell)
{
    return memchr(cell->text, ',', cell->size) != NULL ||
           memchr(cell->text, '"', cell->size) != NULL ||
           memchr(cell->text, '\n', cell->size) != NULL ||
           memchr(cell->text, '\r', cell->size) != NULL || cell->text[0] == ' ';
}

static void draw_csv_row(const struct table *table, struct buffer *out, const struct table_row *row)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct table_cell *cell = &row->cells[i];

        buffer_append_string(out, i > 0 ? "," : "");
        if (!needs_quotes(cell)) {
            buffer_append(out, cell->text, cell->size);
            continue;
        }
        buffer_append_char(out, '"');
        for (size_t j = 0; j < cell->size; j++) {
            if (cell->text[j] == '"') {
                buffer_append_char(out, '"');
            }
            buffer_append_char(out, cell->text[j]);
        }
        buffer_append_char(out, '"');
    }
    buffer_append_char(out, '\n');
}

static void draw_csv(const struct table *table, struct buffer *out, const struct table_row *headers)
{
    if (table->with_headers) {
        draw_csv_row(table, out, headers);
    }
    for (const struct table_row *row = table->first; row != NULL; row = row->next) {
        draw_csv_row(table, out, row);
    }
}

static void measure(const struct table *table, const struct table_row *headers, size_t *widths)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        widths[i] = table->with_headers ? headers->cells[i].width : 0;
        for (const struct table_row *row = table->first; row != NULL; row = row->next) {
            if (row->cells[i].width > widths[i]) {
                widths[i] = row->cells[i].width;
            }
        }
    }
}

bool table_draw(const struct table *table, struct buffer *out)
{
    /* Headers may be names of columns from a query: they need the same care. */
    struct table own = {.raw = table->raw, .n_columns = table->n_columns};
    struct table_row *headers;
    size_t *widths = calloc(table->n_columns + 1, sizeof *widths);
    bool ok = widths != NULL && make_row(&own, table->headers, &headers);

    if (ok) {
        measure(table, headers, widths);
        switch (table->style) {
        case TABLE_GRID:
            draw_grid(table, out, widths, headers);
            break;
        case TABLE_COMPACT:
            draw_compact(table, out, widths, headers);
            break;
        case TABLE_MARKDOWN:
            draw_markdown(table, out, headers);
            break;
        case TABLE_CSV:
            draw_csv(table, out, headers);
            break;
        }
    }
    arena_close(&own.arena);
    free(widths);
    return ok && !buffer_failed(out);
}
