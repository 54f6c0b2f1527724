/* statement.h - the statements and methods of an entity, from their directives:
 * `objects-by-NetworkID` and `GetMany`, and what each needs of the others. */
#ifndef LBSTATE_GENERATE_STATEMENT_H
#define LBSTATE_GENERATE_STATEMENT_H

#include "generate/model.h"

/* Fills statements, methods and the use of references of all entities. */
void statement_resolve_all(struct generator *generator, struct source *source);

/* The statement objects-by that names the natural key, or NULL. */
struct statement *statement_by_key(struct entity *entity);

#endif
