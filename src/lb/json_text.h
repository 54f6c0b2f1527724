/* json_text.h - makes JSON as clients write it fit for a strict parser.
 *
 * Go's decoder takes what jansson refuses: text that isn't UTF-8 and halves of
 * surrogate pairs, which both become U+FFFD, and anything after the value. */
#ifndef LBSTATE_LB_JSON_TEXT_H
#define LBSTATE_LB_JSON_TEXT_H

#include "base/buffer.h"
#include "base/error.h"

#include <stddef.h>

/* Appends the first value of TEXT to OUT, repaired, without checking that it is
 * JSON. ERROR_INVALID: `EOF` if there is nothing but white space, and objects or
 * arrays that are nested more than DEPTH_MAX deep. */
int json_text_repair(const char *text, size_t size, unsigned depth_max, struct buffer *out,
                     struct error *error);

#endif
