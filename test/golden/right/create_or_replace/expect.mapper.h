/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_CREATE_OR_REPLACE_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_CREATE_OR_REPLACE_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/create_or_replace/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct box_list {
    struct box *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct box_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct box_selector box_by_name(const char *name);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int box_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct box *ret_object,
                struct error *error);

/* Inserts OBJECT, or updates the row of its natural key, which keeps its id and
 * all that refers to it. ERROR_CONFLICT. */
int box_create_or_replace(struct db_tx *tx, const struct box *object, struct error *error);

/* All memory of the objects is the arena's. */
struct mark_list {
    struct mark *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct mark_selector {
    struct mapper_selector base; /* Private. */
};

/* Inserts OBJECT, or updates the row of its natural key, which keeps its id and
 * all that refers to it. ERROR_CONFLICT. */
int mark_create_or_replace(struct db_tx *tx, const struct mark *object, struct error *error);

/* Whether there is such a row; it is not an error if there is none. */
int mark_exists(struct db_tx *tx, int64_t box_id, bool *ret_exists, struct error *error);

#endif
