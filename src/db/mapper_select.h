/* mapper_select.h - from selectors to rows to objects: the reading half of
 * mapper.c, private to it. All memory is the arena's. */
#ifndef LBSTATE_DB_MAPPER_SELECT_H
#define LBSTATE_DB_MAPPER_SELECT_H

#include "db/mapper.h"

/* Rows of one or more results, as pointers to their first values. */
struct mapper_row_set {
    const struct db_value **rows;
    size_t n_rows;
};

/* The rows that SELECTORS name, each once, ordered by the natural key. */
int mapper_select(struct db_tx *tx, const struct mapper *mapper,
                  const struct mapper_selector *selectors, size_t n_selectors, struct arena *arena,
                  struct mapper_row_set *ret_rows, struct error *error);

/* OBJECT is zeroed. */
int mapper_decode(const struct mapper *mapper, const struct db_value *row, struct arena *arena,
                  void *object, struct error *error);

/* Reads the maps of all OBJECTS, with one query for each map table. */
int mapper_fill_references(struct db_tx *tx, const struct mapper *mapper, void *objects,
                           size_t n_objects, struct arena *arena, struct error *error);

#endif
