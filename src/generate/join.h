/* join.h - the tables that an entity's fields are joined by. */
#ifndef LBSTATE_GENERATE_JOIN_H
#define LBSTATE_GENERATE_JOIN_H

#include "generate/model.h"

/* Fills entity->joins; the columns must be there. */
void join_resolve(struct generator *generator, struct entity *entity);

#endif
