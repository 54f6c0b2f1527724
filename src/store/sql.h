/* sql.h - SQL of an administrator: POST /internal/sql. */
#ifndef LBSTATE_STORE_SQL_H
#define LBSTATE_STORE_SQL_H

#include "db/conn.h"
#include "lb/sql_guard.h"
#include "store/store.h"

#define STORE_SQL_ROWS_MAX 100000 /* Of one query. */

struct store_sql_request {
    struct store_request base;

    /* Inputs; borrowed until DONE. */
    const struct sql_script *script; /* What sql_guard() let through. */

    /* The answer is base.result: {"Results":[...]}, as Incus has it. */
};

/* For store_request.run: all statements or none. A script of queries only runs
 * as a read, any other as a write. ERROR_INVALID, ERROR_CONFLICT: a statement is
 * wrong or breaks a constraint (the engine's words); ERROR_TOO_LARGE: too many
 * rows, or a result of a write that is too large to be kept with its id. */
int store_sql(struct store_request *request, struct store_tx *tx, struct error *error);

/* True if no statement of it writes. */
bool store_sql_is_read(const struct sql_script *script);

#endif
