/* copy_internal.h - what the functions of a connection do when it is a copy (conn->copy). */
#ifndef LBSTATE_DB_COPY_INTERNAL_H
#define LBSTATE_DB_COPY_INTERNAL_H

#include "db/conn_internal.h"

struct copy;

/* Takes NULL. */
void copy_close(struct copy *copy);

/* Executes a statement that returns no rows: BEGIN, ROLLBACK and the like. */
int copy_submit(struct db_conn *conn, const struct db_context *context, const struct db_stmt *stmt,
                const struct db_value *params, struct error *error);

int copy_query(struct db_conn *conn, const struct db_context *context, const struct db_stmt *stmt,
               const struct db_value *params, struct arena *arena, struct db_rows *ret_rows,
               struct error *error);

/* NAME is for the observer. */
int copy_query_sql(struct db_conn *conn, const struct db_context *context, const char *name,
                   const char *sql, size_t max_rows, struct arena *arena, struct db_rows *ret_rows,
                   struct error *error);

/* Returns ERROR_FORBIDDEN. */
int copy_refuse_write(const char *what, struct error *error);

#endif
