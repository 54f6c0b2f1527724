/* statement.h - the statements and methods of an entity, from their directives:
 * `objects-by-NetworkID` and `GetMany`, and what each needs of the others. */
#ifndef LBSTATE_GENERATE_STATEMENT_H
#define LBSTATE_GENERATE_STATEMENT_H

#include "generate/model.h"

/* Fills statements, methods and the use of references of all entities. N_ERRORS
 * is how many there were before this source: what only follows from its own is
 * not told. */
void statement_resolve_all(struct generator *generator, struct source *source, size_t n_errors);

/* The statement objects-by that names the natural key, or NULL. */
struct statement *statement_by_key(struct entity *entity);

#endif
