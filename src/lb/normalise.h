/* normalise.h - the one form of a field that can be written in several.
 *
 * Each puts the new text into ARENA, if it isn't the old one, and sets *TEXT; NULL
 * becomes "". They return false if memory is lacking. */
#ifndef LBSTATE_LB_NORMALISE_H
#define LBSTATE_LB_NORMALISE_H

#include "base/arena.h"

#include <stdbool.h>

/* Without the white space around it. */
bool normalise_text(const char **text, struct arena *arena);

/* The same, and canonical if it is an address. */
bool normalise_address(const char **text, struct arena *arena);

/* Without the white space around the elements of a list that commas separate. */
bool normalise_list(const char **text, struct arena *arena);

/* As it is, but never NULL. */
void normalise_or_empty(const char **text);

#endif
