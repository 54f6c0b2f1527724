/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_ROWS_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_ROWS_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/rows/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_writer;
struct json_t;

/* Writes the JSON object; text that is NULL is written as "". */
void wheel_to_json(struct json_writer *w, const struct wheel *object);

/* Reads the JSON object strictly; fields that are no members of it become zero.
 * PATH is how messages name it, "" for a whole document. All memory of the
 * result is ARENA's. ERROR_INVALID. */
int wheel_from_json(struct json_t *json, const char *path, struct arena *arena,
                    struct wheel *ret_object, struct error *error);

/* All memory of the objects is the arena's. */
struct cart_list {
    struct cart *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct cart_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct cart_selector cart_by_name(const char *name);

/* The rows of carts that any of the selectors names, each once, ordered by the
 * natural key. Without selectors: all. Filled in, by one query for all: wheels,
 * config. All memory of the result is ARENA's. ERROR_CORRUPT. */
int cart_get_many(struct db_tx *tx, const struct cart_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct cart_list *ret_list, struct error *error);

/* All memory of the result is ARENA's. Filled in: wheels, config.
 * ERROR_NOT_FOUND, ERROR_CORRUPT. */
int cart_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct cart *ret_object,
                 struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * Written with it, deferred: wheels, config. ERROR_CONFLICT. */
int cart_create(struct db_tx *tx, const struct cart *object, int64_t *ret_id, struct error *error);

/* Replaces all of the row but its id by OBJECT. Written where they differ,
 * deferred: wheels. ERROR_NOT_FOUND, ERROR_CONFLICT. */
int cart_update(struct db_tx *tx, const char *name, const struct cart *object, struct error *error);

/* Deletes the one row. ERROR_NOT_FOUND. */
int cart_delete_by_name(struct db_tx *tx, const char *name, struct error *error);

#endif
