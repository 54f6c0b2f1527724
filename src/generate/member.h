/* member.h - whether what the tags of a field say fits together, and its type. */
#ifndef LBSTATE_GENERATE_MEMBER_H
#define LBSTATE_GENERATE_MEMBER_H

#include "generate/model.h"

/* Of a struct that lies in a table. */
void member_check_tags(struct generator *generator, const struct member *member);

/* What can't be a column as it is. */
bool member_is_array_or_map(const struct member *member);

#endif
