/* yaml.h - writes a JSON value as YAML, in the style of the incus client.
 *
 * Strings are quoted wherever a YAML 1.1 or 1.2 reader could take them for
 * something else, and never span lines. */
#ifndef LBSTATE_CTL_YAML_H
#define LBSTATE_CTL_YAML_H

#include "base/buffer.h"

#include <jansson.h>

/* Appends VALUE with a line feed at the end; a failure is the buffer's. */
void yaml_write(struct buffer *out, const json_t *value);

#endif
