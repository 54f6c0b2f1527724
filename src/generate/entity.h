/* entity.h - from directives and structs to entities: which fields are columns,
 * what the natural key is, what belongs together. Only the header is looked at
 * here; what the schema says is judge.h's. */
#ifndef LBSTATE_GENERATE_ENTITY_H
#define LBSTATE_GENERATE_ENTITY_H

#include "generate/model.h"

/* Fills source->entities, all but statements, methods and queries. */
void entity_resolve_all(struct generator *generator, struct source *source);

#endif
