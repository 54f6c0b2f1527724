/* table.h - a table as the incus client (6.0) draws it. */
#ifndef LBSTATE_CTL_TABLE_H
#define LBSTATE_CTL_TABLE_H

#include "base/arena.h"
#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define TABLE_COLUMNS_MAX 16

struct table_cell {
    const char *text;
    size_t size;
    size_t width; /* In columns of the terminal. */
};

struct table_row {
    struct table_row *next;
    struct table_cell cells[TABLE_COLUMNS_MAX];
};

/* A zeroed one with HEADERS set is a valid empty one. */
struct table {
    const char *const *headers;
    size_t n_columns; /* At most TABLE_COLUMNS_MAX. */
    struct arena arena;
    struct table_row *first;
    struct table_row **last; /* Private. */
};

void table_init(struct table *table, const char *const *headers, size_t n_columns);
void table_close(struct table *table);

/* Adds a row of copies of TEXTS, one a column, made harmless by text_escape().
 * Returns false if memory is lacking. */
bool table_add(struct table *table, const char *const *texts);

/* Appends the drawn table; what memory lacks is the buffer's to say. */
void table_draw(const struct table *table, struct buffer *out);

#endif
