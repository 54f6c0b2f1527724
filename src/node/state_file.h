/* state_file.h - small files of the state directory, read and replaced as a whole. */
#ifndef LBSTATE_NODE_STATE_FILE_H
#define LBSTATE_NODE_STATE_FILE_H

#include "base/buffer.h"
#include "base/error.h"
#include "node/state_dir.h"

#include <stddef.h>

/* Appends the file NAME to OUT. ERROR_NOT_FOUND; ERROR_CORRUPT: it has more than SIZE_MAX_BYTES;
 * ERROR_IO, ERROR_NO_MEMORY. */
int state_file_read(const struct state_dir *dir, const char *name, size_t size_max_bytes,
                    struct buffer *out, struct error *error);

/* Mode 0600; readers see the old file or the new one, and the new one is on disk when this
 * returns. ERROR_IO, ERROR_NO_SPACE. */
int state_file_replace(const struct state_dir *dir, const char *name, const char *data, size_t size,
                       struct error *error);

#endif
