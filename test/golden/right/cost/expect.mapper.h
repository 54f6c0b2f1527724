/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_COST_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_COST_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/cost/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct entry_list {
    struct entry *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct entry_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct entry_selector entry_by_name(const char *name);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int entry_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct entry *ret_object,
                  struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int entry_create(struct db_tx *tx, const struct entry *object, int64_t *ret_id,
                 struct error *error);

#endif
