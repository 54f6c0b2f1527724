/* entity_json.h - the JSON of structs, from their directives: its members, the
 * versions of the API, and arrays of structs that have JSON. */
#ifndef LBSTATE_GENERATE_ENTITY_JSON_H
#define LBSTATE_GENERATE_ENTITY_JSON_H

#include "generate/model.h"

/* Fills json and versions of all entities; behind all else of entity.h. */
void entity_json_resolve(struct generator *generator, struct source *source);

/* If MEMBER is an array, its structs must have JSON, declared before the line where
 * it is needed; AT is what is wrong otherwise. */
void entity_json_check_items(struct generator *generator, struct source *source,
                             const struct member *member, struct location at,
                             unsigned needed_in_line);

#endif
