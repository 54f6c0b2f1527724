/* directive.h - reads the lines that begin with `//generate-database:mapper `:
 * splits them into words, checks their form and knows the words that exist. What
 * they mean for an entity is entity.h's. */
#ifndef LBSTATE_GENERATE_DIRECTIVE_H
#define LBSTATE_GENERATE_DIRECTIVE_H

#include "generate/model.h"

/* Fills source->directives and source->target from its tokens. */
void directive_read_all(struct generator *generator, struct source *source);

#endif
