/* reader.h - reads the structs and enums of a header that the directives name: a
 * subset of C, so that nothing of what is declared there can be overlooked. What
 * stands outside of these structs is skipped; inside, all that isn't understood
 * is an error. */
#ifndef LBSTATE_GENERATE_READER_H
#define LBSTATE_GENERATE_READER_H

#include "generate/model.h"

/* Fills source->records and source->enumerations; needs the directives. */
void reader_run(struct generator *generator, struct source *source);

#endif
