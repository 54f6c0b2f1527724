/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_MINIMAL_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_MINIMAL_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/minimal/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct colour_list {
    struct colour *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct colour_selector {
    struct mapper_selector base; /* Private. */
};

/* The rows of colours that any of the selectors names, each once, ordered by
 * the natural key. Without selectors: all. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int colour_get_many(struct db_tx *tx, const struct colour_selector *selectors, size_t n_selectors,
                    struct arena *arena, struct colour_list *ret_list, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int colour_create(struct db_tx *tx, const struct colour *object, int64_t *ret_id,
                  struct error *error);

#endif
