/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_ORDER_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_ORDER_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/order/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct step_list {
    struct step *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct step_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct step_selector step_by_plan(const char *plan);

struct step_selector step_by_plan_and_name(const char *plan, const char *name);

/* The rows of steps that any of the selectors names, each once, ordered by
 * rank, then the natural key. Without selectors: all. All memory of the result
 * is ARENA's. ERROR_CORRUPT. */
int step_get_many(struct db_tx *tx, const struct step_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct step_list *ret_list, struct error *error);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int step_get_one(struct db_tx *tx, const char *plan, const char *name, struct arena *arena,
                 struct step *ret_object, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int step_create(struct db_tx *tx, const struct step *object, int64_t *ret_id, struct error *error);

#endif
