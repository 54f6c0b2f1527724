/* format.h - how a value from the daemon is printed. */
#ifndef LBSTATE_CTL_FORMAT_H
#define LBSTATE_CTL_FORMAT_H

#include "ctl/args.h"
#include "ctl/table.h"

#include <jansson.h>

/* VALUE as one line of JSON, in which nothing acts on a terminal. */
int format_json(FILE *out, const json_t *value, struct lbstate_error *error);

int format_yaml(FILE *out, const json_t *value, struct lbstate_error *error);

/* Fails with LBSTATE_INVALID if the format is one of tables, which suits lists only. */
int format_record_check(const struct arguments *arguments, struct lbstate_error *error);

/* One record: YAML or JSON. */
int format_record(struct ctl *ctl, const json_t *record, struct lbstate_error *error);

/* Draws TABLE in the format of the arguments, none being a grid, and closes it.
 * Must not be called for JSON and YAML. */
int format_table(struct ctl *ctl, struct table *table, struct lbstate_error *error);

/* Makes a table of HEADERS for table_add() and then format_table(). */
void format_table_init(const struct ctl *ctl, struct table *table, const char *const *headers,
                       size_t n_columns);

/* VALUE as JSON over many lines, for people. */
int format_json_lines(FILE *out, const json_t *value, struct lbstate_error *error);

/* TEXT and a line feed: as it is for a program, made harmless for a terminal. */
int format_text(struct ctl *ctl, const char *text, struct lbstate_error *error);

/* Prints "BEFORE NAME AFTER", the name made harmless, unless --quiet was given. */
int format_done(struct ctl *ctl, const char *before, const char *name, const char *after,
                struct lbstate_error *error);

/* The text of a member, "" if it is absent or no string. Borrowed. */
const char *member_text(const json_t *object, const char *key);

#endif
