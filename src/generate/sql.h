/* sql.h - the SQL of an entity: all of lbstate's but the store's own few
 * statements is written here. Every text is known when the program is built. */
#ifndef LBSTATE_GENERATE_SQL_H
#define LBSTATE_GENERATE_SQL_H

#include "generate/model.h"

/* Fills entity->queries. */
void sql_build(struct generator *generator, struct entity *entity);

/* "objects_by_id" -> the query of that name, or NULL. */
const struct query *sql_find(const struct entity *entity, const char *name);

#endif
