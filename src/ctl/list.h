/* list.h - lists of records: their columns, and how they are printed. */
#ifndef LBSTATE_CTL_LIST_H
#define LBSTATE_CTL_LIST_H

#include "ctl/fields.h"
#include "ctl/format.h"

struct list_column {
    char letter; /* For --columns; '\0' ends a list of columns. */
    const char *header;

    /* Appends the cell of RECORD, an object. */
    void (*write)(struct buffer *out, const json_t *record);
};

/* Gets the list at PATH and prints it: as JSON, YAML, or the columns that
 * --columns (without it, DEFAULTS) names by their letters. A letter that isn't in
 * COLUMNS is LBSTATE_INVALID before anything is sent. */
int list_show(struct ctl *ctl, const char *path, const struct list_column *columns,
              const char *defaults, struct lbstate_error *error);

/* Whether --columns has letters of COLUMNS only, before anything is sent. LBSTATE_INVALID. */
int list_check(struct ctl *ctl, const struct list_column *columns, struct lbstate_error *error);

/* The same as list_show() with RECORDS, which were fetched. */
int list_print(struct ctl *ctl, const json_t *records, const struct list_column *columns,
               const char *defaults, struct lbstate_error *error);

/* Appends to the empty RET_PATH, for buffer_close() whatever comes of it, PATH (which
 * has a query) and the filter that the words ask for: NAME alone for names that begin
 * so, key=value for what the daemon's filters know; a key that isn't one of FIELDS is
 * of the config. All must hold. What is no filter is LBSTATE_INVALID. */
int list_filter(struct ctl *ctl, const char *path, const struct field *fields,
                struct buffer *ret_path, struct lbstate_error *error);

/* "YES" for a boolean config key that is true, else "NO". */
void list_write_feature(struct buffer *out, const json_t *record, const char *key);

/* How many elements the member, an array, has. */
void list_write_count(struct buffer *out, const json_t *record, const char *member);

/* Cells that more than one kind has. */
void list_write_name(struct buffer *out, const json_t *record);
void list_write_description(struct buffer *out, const json_t *record);
void list_write_used_by(struct buffer *out, const json_t *record);

#endif
