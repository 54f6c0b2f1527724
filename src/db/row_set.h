/* row_set.h - gathers the rows of a query from the messages they come in. */
#ifndef LBSTATE_DB_ROW_SET_H
#define LBSTATE_DB_ROW_SET_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "db/conn.h"
#include "db/wire.h"

#include <stdbool.h>
#include <stddef.h>

struct row_set {
    struct arena *arena;  /* Where all that the rows need goes. */
    size_t arena_start;   /* Its size at the start, for the limit. */
    const char **columns; /* NULL before the first message. */
    size_t n_columns;
    struct buffer values; /* Of struct db_value; grows, so it can't be in the arena yet. */
    size_t n_rows;
    size_t n_rows_max;
};

void row_set_init(struct row_set *set, struct arena *arena, size_t n_rows_max);
void row_set_close(struct row_set *set);

/* Takes a ROWS message; *ret_done says whether it was the last one.
 * ERROR_TOO_LARGE: more than n_rows_max rows, or than DB_RESULT_SIZE_MAX. */
int row_set_add(struct row_set *set, const struct wire_message *message, bool *ret_done,
                struct error *error);

/* For rows that come from elsewhere: the columns first, then row by row. The place has n_columns
 * values and is valid until the next call; what is put there lives in the arena. ERROR_TOO_LARGE
 * as above. */
int row_set_begin(struct row_set *set, size_t n_columns, struct error *error);
int row_set_next(struct row_set *set, struct db_value **ret_row, struct error *error);

/* After the last row: moves the rows to the arena. */
int row_set_finish(struct row_set *set, struct db_rows *ret_rows, struct error *error);

#endif
