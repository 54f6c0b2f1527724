/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_COLUMN_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_COLUMN_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/column/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct ticket_list {
    struct ticket *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct ticket_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct ticket_selector ticket_by_name(const char *name);

/* The rows of tickets that any of the selectors names, each once, ordered by
 * the natural key. Without selectors: all. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int ticket_get_many(struct db_tx *tx, const struct ticket_selector *selectors, size_t n_selectors,
                    struct arena *arena, struct ticket_list *ret_list, struct error *error);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int ticket_get_one(struct db_tx *tx, const char *name, struct arena *arena,
                   struct ticket *ret_object, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * NOW becomes changed_at. ERROR_CONFLICT. */
int ticket_create(struct db_tx *tx, const struct ticket *object, int64_t now, int64_t *ret_id,
                  struct error *error);

/* Inserts OBJECT, or updates the row of its natural key, which keeps its id and
 * all that refers to it. NOW becomes changed_at. ERROR_CONFLICT. */
int ticket_create_or_replace(struct db_tx *tx, const struct ticket *object, int64_t now,
                             struct error *error);

/* Replaces all of the row but its id by OBJECT. NOW becomes changed_at.
 * ERROR_NOT_FOUND, ERROR_CONFLICT. */
int ticket_update(struct db_tx *tx, const char *name, const struct ticket *object, int64_t now,
                  struct error *error);

/* NOW becomes its time. ERROR_NOT_FOUND, ERROR_CONFLICT. */
int ticket_rename(struct db_tx *tx, const char *name, const char *new_name, int64_t now,
                  struct error *error);

#endif
