/* sql_clause.h - the clauses that statements are made of. Each appends to SQL and
 * begins with a line feed, which is where a statement is broken for the reader. */
#ifndef LBSTATE_GENERATE_SQL_CLAUSE_H
#define LBSTATE_GENERATE_SQL_CLAUSE_H

#include "base/buffer.h"
#include "generate/model.h"

/* Adds the statement to those of ENTITY. */
struct query *clause_finish(struct generator *generator, struct entity *entity, const char *name,
                            struct buffer *sql);

/* The plan must find its rows by each of the fields. */
void clause_constrain(struct generator *generator, const struct entity *entity, struct query *query,
                      struct member *const *fields, size_t n_fields);

/* `t.a`, or `joined.a`. */
void clause_column(const struct entity *entity, const struct member *member, struct buffer *sql);

/* `JOIN u ON u.id = t.u_id`, for all that the fields are reached through. */
void clause_joins(const struct entity *entity, struct member *const *fields, size_t n_fields,
                  struct buffer *sql);

/* `WHERE t.a = ? AND u.b = ?`; the joins must stand before it. */
void clause_where(const struct entity *entity, struct member *const *fields, size_t n_fields,
                  struct buffer *sql);

/* The same for a statement that can't join, such as DELETE. */
void clause_where_row(const struct entity *entity, struct member *const *fields, size_t n_fields,
                      struct buffer *sql);

/* The id of the row that the natural key names: `SELECT t.id FROM t ... WHERE ...`. */
void clause_id(const struct entity *entity, struct buffer *sql);

/* `(SELECT parent.id FROM parent ... WHERE ...)`: the row that the fields of the
 * natural key in PARENT, and behind it, name. The first of the key's joined fields
 * is parameter FIRST_PARAM. */
void clause_look_up(const struct entity *entity, const struct join *parent, size_t first_param,
                    struct buffer *sql);

/* How many fields of the natural key are of other tables. */
size_t clause_count_joined_keys(const struct entity *entity);

#endif
