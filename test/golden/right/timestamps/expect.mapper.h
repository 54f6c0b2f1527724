/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_TIMESTAMPS_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_TIMESTAMPS_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/timestamps/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct sheet_list {
    struct sheet *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct sheet_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct sheet_selector sheet_by_name(const char *name);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int sheet_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct sheet *ret_object,
                  struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * NOW becomes created_at and changed_at. ERROR_CONFLICT. */
int sheet_create(struct db_tx *tx, const struct sheet *object, int64_t now, int64_t *ret_id,
                 struct error *error);

/* Inserts OBJECT, or updates the row of its natural key, which keeps its id and
 * all that refers to it. NOW becomes created_at and changed_at; a row that is
 * there keeps its created_at. ERROR_CONFLICT. */
int sheet_create_or_replace(struct db_tx *tx, const struct sheet *object, int64_t now,
                            struct error *error);

/* Replaces all of the row but its id, created_at by OBJECT. NOW becomes
 * changed_at. ERROR_NOT_FOUND, ERROR_CONFLICT. */
int sheet_update(struct db_tx *tx, const char *name, const struct sheet *object, int64_t now,
                 struct error *error);

/* NOW becomes its time. ERROR_NOT_FOUND, ERROR_CONFLICT. */
int sheet_rename(struct db_tx *tx, const char *name, const char *new_name, int64_t now,
                 struct error *error);

#endif
