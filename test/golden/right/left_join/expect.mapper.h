/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_LEFT_JOIN_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_LEFT_JOIN_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/left_join/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct chore_list {
    struct chore *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct chore_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct chore_selector chore_by_name(const char *name);

/* The rows of chores that any of the selectors names, each once, ordered by the
 * natural key. Without selectors: all. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int chore_get_many(struct db_tx *tx, const struct chore_selector *selectors, size_t n_selectors,
                   struct arena *arena, struct chore_list *ret_list, struct error *error);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int chore_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct chore *ret_object,
                  struct error *error);

#endif
