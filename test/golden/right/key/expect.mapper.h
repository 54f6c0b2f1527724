/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_KEY_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_KEY_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/key/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct room_list {
    struct room *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct room_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct room_selector
room_by_house_and_floor_and_name(const char *house, int64_t floor, const char *name);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int room_get_one(struct db_tx *tx, const char *house, int64_t floor, const char *name,
                 struct arena *arena, struct room *ret_object, struct error *error);

/* ERROR_NOT_FOUND. */
int room_id(struct db_tx *tx, const char *house, int64_t floor, const char *name, int64_t *ret_id,
            struct error *error);

/* Whether there is such a row; it is not an error if there is none. */
int room_exists(struct db_tx *tx, const char *house, int64_t floor, const char *name,
                bool *ret_exists, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int room_create(struct db_tx *tx, const struct room *object, int64_t *ret_id, struct error *error);

/* Replaces all of the row but its id by OBJECT. ERROR_NOT_FOUND,
 * ERROR_CONFLICT. */
int room_update(struct db_tx *tx, const char *house, int64_t floor, const char *name,
                const struct room *object, struct error *error);

/* ERROR_NOT_FOUND, ERROR_CONFLICT. */
int room_rename(struct db_tx *tx, const char *house, int64_t floor, const char *name,
                const char *new_name, struct error *error);

/* The rows of rooms that any of the selectors names, each once, ordered by the
 * natural key. There must be one at least. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int room_get_many(struct db_tx *tx, const struct room_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct room_list *ret_list, struct error *error);

#endif
