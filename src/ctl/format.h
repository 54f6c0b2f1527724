/* format.h - how a value from the daemon is printed. */
#ifndef LBSTATE_CTL_FORMAT_H
#define LBSTATE_CTL_FORMAT_H

#include "ctl/args.h"
#include "ctl/table.h"

#include <jansson.h>

/* VALUE as one line of JSON, in which nothing acts on a terminal. */
int format_json(FILE *out, const json_t *value, struct lbstate_error *error);

int format_yaml(FILE *out, const json_t *value, struct lbstate_error *error);

/* Fails with LBSTATE_INVALID if the format is a table, which suits lists only. */
int format_record_check(const struct arguments *arguments, struct lbstate_error *error);

/* One record: YAML or JSON. */
int format_record(struct ctl *ctl, const json_t *record, struct lbstate_error *error);

/* A list: JSON, YAML, or the table that ADD_ROW makes, called for each element
 * of LIST (all are objects); it returns false if memory is lacking. */
int format_list(struct ctl *ctl, const json_t *list, const char *const *headers, size_t n_columns,
                bool (*add_row)(struct table *table, const json_t *record),
                struct lbstate_error *error);

/* Prints "BEFORE NAME AFTER", the name made harmless. */
int format_done(struct ctl *ctl, const char *before, const char *name, const char *after,
                struct lbstate_error *error);

/* The text of a member, "" if it is absent or no string. Borrowed. */
const char *member_text(const json_t *object, const char *key);

#endif
