/* tag.h - the comment behind a field: `//db: primary=yes`. */
#ifndef LBSTATE_GENERATE_TAG_H
#define LBSTATE_GENERATE_TAG_H

#include "generate/lexer.h"
#include "generate/model.h"

/* True for a comment that is a tag, or is meant to be one. */
bool tag_is_one(const struct token *comment);

/* Takes a comment over into MEMBER; one that is no tag is left alone. False if
 * it is wrong, which is reported. */
bool tag_read(struct generator *generator, const struct token *comment, struct member *member);

#endif
