#include "generate/judge.h"

#include <sqlite3.h>

void judge_query(struct generator *generator, struct sqlite3 *db, const struct entity *entity,
                 struct query *query)
{
    sqlite3_stmt *stmt;

    (void)entity;
    if (sqlite3_prepare_v2(db, query->sql, -1, &stmt, NULL) != SQLITE_OK) {
        report(&generator->diagnostics, query->at, "%s: %s", query->name, sqlite3_errmsg(db));
        return;
    }
    query->n_columns = (unsigned)sqlite3_column_count(stmt);
    sqlite3_finalize(stmt);
}

void judge_exceptions(struct generator *generator, const struct entity *entity)
{
    (void)generator;
    (void)entity;
}
