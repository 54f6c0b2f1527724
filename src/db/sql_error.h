/* sql_error.h - what a failure that the engine answered means. Pure. */
#ifndef LBSTATE_DB_SQL_ERROR_H
#define LBSTATE_DB_SQL_ERROR_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* Sets the class that conn.h names for an extended SQLite code or a code of the
 * engine itself, and "WHAT: MESSAGE (code N)". WHAT is a statement's name. */
int sql_error_set(struct error *error, uint64_t code, const char *what, const char *message);

/* True if a COMMIT, or a statement that is its own transaction, surely wasn't
 * executed when it was answered with CODE. False for all that may come after
 * the engine handed the pages to Raft. */
bool sql_error_not_applied(uint64_t code);

#endif
