/* sql_guard.h - which SQL of a person may reach the engine.
 *
 * Splits a text into statements as SQL does (strings, quoted names, comments and
 * trigger bodies may hold semicolons) and refuses what would kill the engine or
 * step around the store: PRAGMA, VACUUM, ATTACH, DETACH, RETURNING, BEGIN and the
 * other transaction statements, TEMP objects, load_extension(), and columns that are
 * declared BOOLEAN, DATETIME, DATE or TIMESTAMP; and statements that change something
 * and name a table of the store itself (store_*, schema). What it doesn't know it refuses. */
#ifndef LBSTATE_LB_SQL_GUARD_H
#define LBSTATE_LB_SQL_GUARD_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define SQL_STATEMENTS_MAX 100
#define SQL_TEXT_SIZE_MAX  (256 * 1024)

struct sql_statement {
    const char *text;  /* Without the semicolon. */
    bool returns_rows; /* SELECT, VALUES, EXPLAIN, or WITH that ends in a SELECT. */
};

struct sql_script {
    struct sql_statement *statements;
    size_t n_statements;
};

/* ERROR_INVALID names the statement's number and what is refused, and why. */
int sql_guard(const char *text, struct arena *arena, struct sql_script *ret_script,
              struct error *error);

#endif
