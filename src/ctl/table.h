/* table.h - a table, drawn as the incus client (6.0) does. */
#ifndef LBSTATE_CTL_TABLE_H
#define LBSTATE_CTL_TABLE_H

#include "base/arena.h"
#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

enum table_style {
    TABLE_GRID,     /* Lines around every cell. */
    TABLE_COMPACT,  /* Blanks between columns. */
    TABLE_MARKDOWN, /* GitHub's tables; a bar in a cell is escaped. */
    TABLE_CSV       /* RFC 4180, but for the line feed that ends a line. */
};

struct table_cell {
    const char *text;
    size_t size;
    size_t width; /* In columns of the terminal. */
};

struct table_row {
    struct table_row *next;
    struct table_cell cells[]; /* One a column. */
};

struct table {
    enum table_style style;
    bool with_headers;
    bool raw; /* Keep the texts as they are: not for a terminal. */

    const char *const *headers; /* Borrowed. */
    size_t n_columns;
    struct arena arena;
    struct table_row *first;
    struct table_row **last; /* Private. */
};

/* A grid with headers, whose texts are made harmless by text_escape(). */
void table_init(struct table *table, const char *const *headers, size_t n_columns);
void table_close(struct table *table);

/* Adds a row of copies of TEXTS, one a column. Returns false if memory is
 * lacking. */
bool table_add(struct table *table, const char *const *texts);

/* Appends the drawn table. Returns false if memory is lacking. */
bool table_draw(const struct table *table, struct buffer *out);

#endif
