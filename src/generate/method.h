/* method.h - the methods of an entity, from their directives, and the statements
 * that each needs. */
#ifndef LBSTATE_GENERATE_METHOD_H
#define LBSTATE_GENERATE_METHOD_H

#include "generate/model.h"

/* Appends to the entity's methods; all of its statements are there already. */
void method_read(struct generator *generator, const struct source *source, struct entity *entity,
                 const struct directive *directive);

#endif
