#include "ctl/table.h"

#include "ctl/text.h"

#include <assert.h>
#include <string.h>

void table_init(struct table *table, const char *const *headers, size_t n_columns)
{
    assert(n_columns <= TABLE_COLUMNS_MAX);
    memset(table, 0, sizeof *table);
    table->headers = headers;
    table->n_columns = n_columns;
    table->last = &table->first;
}

void table_close(struct table *table)
{
    arena_close(&table->arena);
}

bool table_add(struct table *table, const char *const *texts)
{
    struct table_row *row = arena_calloc(&table->arena, 1, sizeof *row);
    struct buffer escaped = {0};

    if (row == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        struct table_cell *cell = &row->cells[i];

        buffer_reset(&escaped);
        cell->width = text_escape(&escaped, texts[i], strlen(texts[i]));
        cell->size = escaped.size;
        cell->text =
            buffer_failed(&escaped)
                ? NULL
                : arena_memdup(&table->arena, escaped.size > 0 ? escaped.data : "", escaped.size);
        if (cell->text == NULL) {
            buffer_close(&escaped);
            return false;
        }
    }
    buffer_close(&escaped);
    *table->last = row;
    table->last = &row->next;
    return true;
}

static void draw_spaces(struct buffer *out, size_t n)
{
    while (n-- > 0) {
        buffer_append_char(out, ' ');
    }
}

static void draw_line(struct buffer *out, const size_t *widths, size_t n_columns)
{
    for (size_t i = 0; i < n_columns; i++) {
        buffer_append_char(out, '+');
        for (size_t j = 0; j < widths[i] + 2; j++) {
            buffer_append_char(out, '-');
        }
    }
    buffer_append_string(out, "+\n");
}

/* Headers are centred, the odd blank to the right. */
static void draw_headers(const struct table *table, struct buffer *out, const size_t *widths)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        size_t size = strlen(table->headers[i]);
        size_t left = (widths[i] - size) / 2;

        buffer_append_string(out, "| ");
        draw_spaces(out, left);
        buffer_append_string(out, table->headers[i]);
        draw_spaces(out, widths[i] - size - left + 1);
    }
    buffer_append_string(out, "|\n");
}

static void draw_row(const struct table *table, struct buffer *out, const size_t *widths,
                     const struct table_row *row)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct table_cell *cell = &row->cells[i];

        buffer_append_string(out, "| ");
        buffer_append(out, cell->text, cell->size);
        draw_spaces(out, widths[i] - cell->width + 1);
    }
    buffer_append_string(out, "|\n");
}

void table_draw(const struct table *table, struct buffer *out)
{
    size_t widths[TABLE_COLUMNS_MAX];

    for (size_t i = 0; i < table->n_columns; i++) {
        widths[i] = strlen(table->headers[i]);
        for (const struct table_row *row = table->first; row != NULL; row = row->next) {
            if (row->cells[i].width > widths[i]) {
                widths[i] = row->cells[i].width;
            }
        }
    }
    draw_line(out, widths, table->n_columns);
    draw_headers(table, out, widths);
    draw_line(out, widths, table->n_columns);
    for (const struct table_row *row = table->first; row != NULL; row = row->next) {
        draw_row(table, out, widths, row);
        draw_line(out, widths, table->n_columns);
    }
}
