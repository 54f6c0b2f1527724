/* output.h - writes a file as a whole or not at all, and only if it would change:
 * an untouched time of change spares the build what depends on it. */
#ifndef LBSTATE_GENERATE_OUTPUT_H
#define LBSTATE_GENERATE_OUTPUT_H

#include "base/buffer.h"

#include <stdbool.h>

/* False, with a message on the standard error, if it can't be written. */
bool output_write(const char *path, const struct buffer *text);

/* Reads a whole file into BUFFER; errno is set if it returns false. */
bool output_read(const char *path, struct buffer *buffer);

#endif
