/* schema.h - brings a database to the schema that this program was built with. */
#ifndef LBSTATE_STORE_SCHEMA_H
#define LBSTATE_STORE_SCHEMA_H

#include "base/error.h"
#include "db/conn.h"

#include <stdint.h>

/* What takes a database from version - 1 to VERSION. */
struct schema_update {
    int64_t version;
    const char *sql;
};

struct schema {
    int64_t version;
    const char *sql;                     /* The whole, for a fresh database. */
    const struct schema_update *updates; /* For an older one: by version, the last is {0, NULL}. */
};

/* Made by the build from src/schema. */
extern const struct schema schema_of_program;

/* A fresh database gets the whole schema, an older one the updates that it lacks,
 * each in one transaction; a current one is left alone. The SQL consists of
 * statements that end in a semicolon; triggers, which have such inside, aren't
 * possible.
 *
 * ERROR_INVALID: the database is newer than SCHEMA, or SCHEMA doesn't fit it.
 * ERROR_CORRUPT: there is a table `schema` without a version. After
 * ERROR_UNKNOWN_OUTCOME, or an error of the connection, do it again. */
int schema_apply(struct db_conn *conn, const struct db_context *context,
                 const struct schema *schema, struct error *error);

/* Whether CONN, which is only read, has SCHEMA. ERROR_UNAVAILABLE: it has none yet, or another
 * version. */
int schema_check(struct db_conn *conn, const struct db_context *context,
                 const struct schema *schema, struct error *error);

/* The next statement of SQL at *CURSOR, without its semicolon, and behind it; 0
 * at the end. Comments before it are skipped, comments inside it are kept. */
size_t schema_next_statement(const char **cursor, const char **ret_start);

#endif
