/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_REFERENCES_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_REFERENCES_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/references/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct host_list {
    struct host *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct host_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct host_selector host_by_name(const char *name);

/* The rows of hosts that any of the selectors names, each once, ordered by the
 * natural key. Without selectors: all. Filled in, by one query for all: config,
 * labels. All memory of the result is ARENA's. ERROR_CORRUPT. */
int host_get_many(struct db_tx *tx, const struct host_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct host_list *ret_list, struct error *error);

/* All memory of the result is ARENA's. Filled in: config, labels.
 * ERROR_NOT_FOUND, ERROR_CORRUPT. */
int host_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct host *ret_object,
                 struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * Written with it, deferred: config, labels. ERROR_CONFLICT. */
int host_create(struct db_tx *tx, const struct host *object, int64_t *ret_id, struct error *error);

/* Replaces all of the row but its id by OBJECT. Written where they differ,
 * deferred: config. ERROR_NOT_FOUND, ERROR_CONFLICT. */
int host_update(struct db_tx *tx, const char *name, const struct host *object, struct error *error);

/* Deletes the one row. ERROR_NOT_FOUND. */
int host_delete_by_name(struct db_tx *tx, const char *name, struct error *error);

#endif
