/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_COALESCE_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_COALESCE_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/coalesce/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct memo_list {
    struct memo *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct memo_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct memo_selector memo_by_name(const char *name);

/* The rows of memos that any of the selectors names, each once, ordered by the
 * natural key. Without selectors: all. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int memo_get_many(struct db_tx *tx, const struct memo_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct memo_list *ret_list, struct error *error);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int memo_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct memo *ret_object,
                 struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int memo_create(struct db_tx *tx, const struct memo *object, int64_t *ret_id, struct error *error);

#endif
