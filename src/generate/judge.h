/* judge.h - checks what was built against the schema, on an in-memory SQLite:
 * the columns of each entity, and each statement with its plan. */
#ifndef LBSTATE_GENERATE_JUDGE_H
#define LBSTATE_GENERATE_JUDGE_H

#include "generate/model.h"

struct sqlite3;

/* Opens a database with the schema in PATH; NULL, and reported, if that fails. */
struct sqlite3 *judge_open(struct generator *generator, const char *path);
void judge_close(struct sqlite3 *db);

/* The columns and keys of ENTITY as the schema has them (judge_table.c). */
void judge_table(struct generator *generator, struct sqlite3 *db, const struct entity *entity);

/* One statement: prepares it, and judges its result, effects and plan
 * (judge_query.c). Fills query->n_columns. */
void judge_query(struct generator *generator, struct sqlite3 *db, const struct entity *entity,
                 struct query *query);

/* How many rows each table has when the cost of a statement is judged. */
#define JUDGE_ROWS_FEW  32
#define JUDGE_ROWS_MANY (8 * JUDGE_ROWS_FEW)

/* What the statements cost among few and among many rows (judge_cost.c), on
 * databases of its own with the schema in PATH; behind all of judge_query(). */
void judge_cost(struct generator *generator, const char *path, struct entity *entity);

/* Exceptions that no statement needed; behind all of the above. */
void judge_exceptions(struct generator *generator, const struct entity *entity);

#endif
