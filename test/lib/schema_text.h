/* schema_text.h - a database's schema as text, so that two can be compared. */
#ifndef LBSTATE_TEST_LIB_SCHEMA_TEXT_H
#define LBSTATE_TEST_LIB_SCHEMA_TEXT_H

#include "base/buffer.h"

#include <stdint.h>

/* What sqlite_master holds, and what the pragmas say of tables, indexes and foreign keys:
 * queries of one column of text each, for SQLite and the engine alike; NULL ends them. */
extern const char *const schema_text_queries[];

/* Appends a line with what such a query gave: without comments, spaces that mean nothing, and
 * quotes around names, which ALTER TABLE adds. Texts in '..' stay as they are. */
void schema_text_append(struct buffer *out, const char *text);

/* The schema that VERSION was released with, from FOLDER, which is src/schema; for free().
 * NULL: VERSION wasn't released. */
char *schema_text_released(const char *folder, int64_t version);

#endif
