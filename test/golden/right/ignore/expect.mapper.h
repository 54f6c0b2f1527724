/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_IGNORE_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_IGNORE_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/ignore/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct page_list {
    struct page *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct page_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct page_selector page_by_name(const char *name);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int page_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct page *ret_object,
                 struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int page_create(struct db_tx *tx, const struct page *object, int64_t *ret_id, struct error *error);

#endif
