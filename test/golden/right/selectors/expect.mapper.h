/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_SELECTORS_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_SELECTORS_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/selectors/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct task_list {
    struct task *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct task_selector {
    struct mapper_selector base; /* Private. */
};

struct task_selector task_by_id(int64_t id);

struct task_selector task_by_state(enum task_state state);

struct task_selector task_by_done_and_owner_id(bool done, int64_t owner_id);

/* Text must live until the call that the selector is passed to returned. */
struct task_selector task_by_title(const char *title);

/* The rows of tasks that any of the selectors names, each once, ordered by the
 * natural key. Without selectors: all. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int task_get_many(struct db_tx *tx, const struct task_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct task_list *ret_list, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int task_create(struct db_tx *tx, const struct task *object, int64_t *ret_id, struct error *error);

#endif
