/* json_text.h - a JSON value as text. */
#ifndef LBSTATE_CTL_JSON_TEXT_H
#define LBSTATE_CTL_JSON_TEXT_H

#include <jansson.h>

/* What json_dumps() gives, for free(); NULL if memory is lacking. json_dumps() itself
 * leaves keys out then (jansson 2.14), and tells nobody. */
char *json_text(const json_t *value, size_t flags);

#endif
