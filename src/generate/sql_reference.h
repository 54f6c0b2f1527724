/* sql_reference.h - the SQL of the maps and arrays that have tables of their own. */
#ifndef LBSTATE_GENERATE_SQL_REFERENCE_H
#define LBSTATE_GENERATE_SQL_REFERENCE_H

#include "generate/model.h"

/* Adds what the methods use of them to entity->queries. */
void sql_build_references(struct generator *generator, struct entity *entity);

#endif
