/* wal.h - brings the image of a database up to date with its write-ahead log, by the format
 * that SQLite documents ("The WAL File Format"). Pure.
 *
 * A log on disk may end in garbage, which SQLite takes for its end. This one comes from the
 * engine's memory, which keeps whole transactions only: anything that doesn't check out is
 * damage. */
#ifndef LBSTATE_DB_WAL_H
#define LBSTATE_DB_WAL_H

#include "base/error.h"

#include <stddef.h>

/* A database file in memory. */
struct db_image {
    char *data; /* malloc()'s. */
    size_t size;
};

/* IMAGE becomes what a checkpoint of all of the log would make of it; it may move. No log
 * (SIZE is 0) changes nothing.
 * ERROR_CORRUPT: one of the two isn't what it has to be, or they don't belong together.
 * ERROR_TOO_LARGE: the database would exceed IMAGE_SIZE_MAX bytes. ERROR_NO_MEMORY. After an error
 * IMAGE is as it was. */
int wal_apply(struct db_image *image, const void *log, size_t size, size_t image_size_max,
              struct error *error);

#endif
