/* mapper_write.h - how objects become parameters, for the files of the mapper. */
#ifndef LBSTATE_DB_MAPPER_WRITE_H
#define LBSTATE_DB_MAPPER_WRITE_H

#include "db/mapper.h"

struct json_writer;

/* The engine's words for a conflict name columns; people know entries. Returns RV. */
int mapper_map_conflict(const struct mapper *mapper, int rv, struct error *error);

/* What a statement writes of OBJECT: its stored columns but the id and those that
 * have OMIT, then the fields of the natural key that are of other tables. There is
 * room for a key behind them. */
int mapper_encode(const struct mapper *mapper, const void *object, enum field_omission omit,
                  struct arena *arena, struct db_value **ret_values, size_t *ret_n_values,
                  struct error *error);

/* Returns what is wrong with a value that JSON can't hold as it is, or NULL. */
const char *mapper_write_value(struct json_writer *w, const struct db_value *value);

#endif
