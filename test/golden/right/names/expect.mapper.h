/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_NAMES_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_NAMES_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/names/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct pet_list {
    struct pet *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct pet_selector {
    struct mapper_selector base; /* Private. */
};

/* The `name` of each row, in their order. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int pet_get_names_by_owner_id(struct db_tx *tx, int64_t owner_id, struct arena *arena,
                              const char ***ret_names, size_t *ret_n_names, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int pet_create(struct db_tx *tx, const struct pet *object, int64_t *ret_id, struct error *error);

/* All memory of the objects is the arena's. */
struct kind_list {
    struct kind *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct kind_selector {
    struct mapper_selector base; /* Private. */
};

/* The `latin` of each row, in their order. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int kind_get_names(struct db_tx *tx, struct arena *arena, const char ***ret_names,
                   size_t *ret_n_names, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int kind_create(struct db_tx *tx, const struct kind *object, int64_t *ret_id, struct error *error);

#endif
