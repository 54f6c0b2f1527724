/* row.h - one row of a table as a struct, and back, by a table of its columns.
 *
 * Decoding is strict: NULL where the struct has no place for it, a value of
 * another type, an enum's number that is none, JSON that doesn't fit: each is
 * ERROR_CORRUPT and named by the column. */
#ifndef LBSTATE_DB_ROW_H
#define LBSTATE_DB_ROW_H

#include "base/arena.h"
#include "base/error.h"
#include "db/field.h"
#include "db/value.h"

/* The SQL value of a field; text is borrowed from OBJECT (NULL is written as
 * ""), JSON is made in ARENA. ERROR_NO_MEMORY, and what a codec says. */
int row_encode_field(const struct field *field, const void *object, struct arena *arena,
                     struct db_value *ret_value, struct error *error);

/* Sets the field in OBJECT, which is zeroed. Text and blobs stay where VALUE has
 * them; what is made of JSON lives in ARENA. ERROR_CORRUPT (the message starts
 * with the column's name), ERROR_NO_MEMORY. */
int row_decode_field(const struct field *field, const struct db_value *value, struct arena *arena,
                     void *object, struct error *error);

#endif
