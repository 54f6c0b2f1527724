/* yaml_read.h - reads the YAML that people write for records.
 *
 * Records hold nothing but text, so every scalar is read as the text that stands
 * there (80 as "80", true as "true"), except a plain null, ~ or nothing. What
 * could surprise is refused: anchors, aliases, tags, more than one document, a
 * key that stands twice, and keys that aren't text. */
#ifndef LBSTATE_CTL_YAML_READ_H
#define LBSTATE_CTL_YAML_READ_H

#include "ctl/ctl.h"

#include <jansson.h>

#define YAML_DEPTH_MAX 16                /* Mappings and sequences within each other. */
#define YAML_SIZE_MAX  (4 * 1024 * 1024) /* Bytes; a body of the API has less. */

/* RET_VALUE is for json_decref(); of text without a document it is null. What is
 * wrong is LBSTATE_INVALID and tells the line. */
int yaml_read(const char *text, size_t size, json_t **ret_value, struct lbstate_error *error);

#endif
