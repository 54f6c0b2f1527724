/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_JOIN_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_JOIN_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/join/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct door_list {
    struct door *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct door_selector {
    struct mapper_selector base; /* Private. */
};

struct door_selector door_by_house_id_and_number(int64_t house_id, int64_t number);

/* The rows of doors that any of the selectors names, each once, ordered by the
 * natural key. Without selectors: all. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int door_get_many(struct db_tx *tx, const struct door_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct door_list *ret_list, struct error *error);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int door_get_one(struct db_tx *tx, int64_t house_id, int64_t number, struct arena *arena,
                 struct door *ret_object, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int door_create(struct db_tx *tx, const struct door *object, int64_t *ret_id, struct error *error);

/* Replaces all of the row but its id by OBJECT. ERROR_NOT_FOUND,
 * ERROR_CONFLICT. */
int door_update(struct db_tx *tx, int64_t house_id, int64_t number, const struct door *object,
                struct error *error);

#endif
