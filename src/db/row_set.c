#include "db/row_set.h"

#include <string.h>

void row_set_init(struct row_set *set, struct arena *arena, size_t n_rows_max)
{
    *set = (struct row_set){
        .arena = arena,
        .arena_start = arena->size,
        .n_rows_max = n_rows_max,
    };
    buffer_init(&set->values);
}

void row_set_close(struct row_set *set)
{
    buffer_close(&set->values);
}

/* Every part names the columns again; the first one counts. */
static int take_columns(struct row_set *set, struct wire_rows *rows, struct error *error)
{
    bool first = set->columns == NULL;
    const char *name;
    int rv;

    if (first) {
        /* One more, so that no columns at all don't look like no message yet. */
        set->columns = arena_calloc(set->arena, rows->n_columns + 1, sizeof *set->columns);
        if (set->columns == NULL) {
            return error_no_memory(error);
        }
        set->n_columns = rows->n_columns;
    } else if (rows->n_columns != set->n_columns) {
        return error_set(error, ERROR_PROTOCOL, "The engine changed the columns of a result");
    }
    for (size_t i = 0; i < rows->n_columns; i++) {
        rv = wire_rows_column(rows, &name, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
        if (first) {
            set->columns[i] = name;
        }
    }
    return ERROR_NONE;
}

static int take_rows(struct row_set *set, struct wire_rows *rows, bool *ret_done,
                     struct error *error)
{
    size_t row_size = set->n_columns * sizeof(struct db_value);
    enum wire_rows_state state;
    char *end;
    int rv;

    for (;;) {
        end = buffer_reserve(&set->values, row_size);
        if (end == NULL) {
            return error_no_memory(error);
        }
        /* The buffer is malloc()'s, and whole rows stand before. */
        rv = wire_rows_next(rows, (struct db_value *)(void *)end, &state, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
        if (state != WIRE_ROWS_ROW) {
            *ret_done = state == WIRE_ROWS_DONE;
            return ERROR_NONE;
        }
        if (set->n_rows == set->n_rows_max) {
            return error_set(error, ERROR_TOO_LARGE, "The result has more than %zu rows",
                             set->n_rows_max);
        }
        set->values.size += row_size;
        set->n_rows++;
    }
}

int row_set_add(struct row_set *set, const struct wire_message *message, bool *ret_done,
                struct error *error)
{
    struct wire_message kept = *message;
    struct wire_rows rows;
    int rv;

    if (set->arena->size - set->arena_start + set->values.size + message->body_size >
        DB_RESULT_SIZE_MAX) {
        return error_set(error, ERROR_TOO_LARGE, "The result exceeds %d bytes", DB_RESULT_SIZE_MAX);
    }
    /* The values point into their message, which therefore moves to the arena. */
    kept.body = (const uint8_t *)arena_memdup(set->arena, message->body, message->body_size);
    if (kept.body == NULL) {
        return error_no_memory(error);
    }
    rv = wire_rows_begin(&kept, &rows, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = take_columns(set, &rows, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return take_rows(set, &rows, ret_done, error);
}

int row_set_begin(struct row_set *set, size_t n_columns, struct error *error)
{
    set->columns = arena_calloc(set->arena, n_columns + 1, sizeof *set->columns);
    if (set->columns == NULL) {
        return error_no_memory(error);
    }
    set->n_columns = n_columns;
    return ERROR_NONE;
}

int row_set_next(struct row_set *set, struct db_value **ret_row, struct error *error)
{
    size_t row_size = set->n_columns * sizeof(struct db_value);
    char *end;

    if (set->n_rows == set->n_rows_max) {
        return error_set(error, ERROR_TOO_LARGE, "The result has more than %zu rows",
                         set->n_rows_max);
    }
    if (set->arena->size - set->arena_start + set->values.size + row_size > DB_RESULT_SIZE_MAX) {
        return error_set(error, ERROR_TOO_LARGE, "The result exceeds %d bytes", DB_RESULT_SIZE_MAX);
    }
    end = buffer_reserve(&set->values, row_size);
    if (end == NULL) {
        return error_no_memory(error);
    }
    set->values.size += row_size;
    set->n_rows++;
    *ret_row = (struct db_value *)(void *)end;
    return ERROR_NONE;
}

int row_set_finish(struct row_set *set, struct db_rows *ret_rows, struct error *error)
{
    struct db_value *values = NULL;

    if (set->n_rows > 0) {
        values = arena_alloc(set->arena, set->values.size);
        if (values == NULL) {
            return error_no_memory(error);
        }
        memcpy(values, set->values.data, set->values.size);
    }
    ret_rows->columns = set->columns;
    ret_rows->n_columns = set->n_columns;
    ret_rows->values = values;
    ret_rows->n_rows = set->n_rows;
    return ERROR_NONE;
}
