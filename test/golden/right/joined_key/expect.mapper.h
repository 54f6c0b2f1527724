/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_JOINED_KEY_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_JOINED_KEY_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/joined_key/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct lantern_list {
    struct lantern *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct lantern_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct lantern_selector lantern_by_house(const char *house);

struct lantern_selector
lantern_by_house_and_room_and_name(const char *house, const char *room, const char *name);

/* The rows of lanterns that any of the selectors names, each once, ordered by
 * the natural key. Without selectors: all. Filled in, by one query for all:
 * config. All memory of the result is ARENA's. ERROR_CORRUPT. */
int lantern_get_many(struct db_tx *tx, const struct lantern_selector *selectors, size_t n_selectors,
                     struct arena *arena, struct lantern_list *ret_list, struct error *error);

/* All memory of the result is ARENA's. Filled in: config. ERROR_NOT_FOUND,
 * ERROR_CORRUPT. */
int lantern_get_one(struct db_tx *tx, const char *house, const char *room, const char *name,
                    struct arena *arena, struct lantern *ret_object, struct error *error);

/* The `name` of each row, in their order. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int lantern_get_names_by_house_and_room(struct db_tx *tx, const char *house, const char *room,
                                        struct arena *arena, const char ***ret_names,
                                        size_t *ret_n_names, struct error *error);

/* ERROR_NOT_FOUND. */
int lantern_id(struct db_tx *tx, const char *house, const char *room, const char *name,
               int64_t *ret_id, struct error *error);

/* Whether there is such a row; it is not an error if there is none. */
int lantern_exists(struct db_tx *tx, const char *house, const char *room, const char *name,
                   bool *ret_exists, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * What it belongs to is found by house and room (ERROR_INVALID if it isn't).
 * NOW becomes changed_at. Written with it, deferred: config. ERROR_CONFLICT. */
int lantern_create(struct db_tx *tx, const struct lantern *object, int64_t now, int64_t *ret_id,
                   struct error *error);

/* Inserts OBJECT, or updates the row of its natural key, which keeps its id and
 * all that refers to it. What it belongs to is found by house and room
 * (ERROR_INVALID if it isn't). NOW becomes changed_at. ERROR_CONFLICT. */
int lantern_create_or_replace(struct db_tx *tx, const struct lantern *object, int64_t now,
                              struct error *error);

/* Replaces all of the row but its id by OBJECT. What it belongs to is found by
 * house and room (ERROR_INVALID if it isn't). NOW becomes changed_at. Written
 * where they differ, deferred: config. ERROR_NOT_FOUND, ERROR_CONFLICT. */
int lantern_update(struct db_tx *tx, const char *house, const char *room, const char *name,
                   const struct lantern *object, int64_t now, struct error *error);

/* NOW becomes its time. ERROR_NOT_FOUND, ERROR_CONFLICT. */
int lantern_rename(struct db_tx *tx, const char *house, const char *room, const char *name,
                   const char *new_name, int64_t now, struct error *error);

/* Deletes the one row. ERROR_NOT_FOUND. */
int lantern_delete_by_house_and_room_and_name(struct db_tx *tx, const char *house, const char *room,
                                              const char *name, struct error *error);

/* Deletes any number of rows. With RET_DELETED NULL it is deferred. */
int lantern_delete_many_by_house(struct db_tx *tx, const char *house, uint64_t *ret_deleted,
                                 struct error *error);

#endif
