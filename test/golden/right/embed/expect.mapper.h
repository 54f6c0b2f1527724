/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_EMBED_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_EMBED_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/embed/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_writer;
struct json_t;

/* All memory of the objects is the arena's. */
struct shelf_list {
    struct shelf *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct shelf_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct shelf_selector shelf_by_name(const char *name);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int shelf_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct shelf *ret_object,
                  struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * NOW becomes created_at and changed_at. ERROR_CONFLICT. */
int shelf_create(struct db_tx *tx, const struct shelf *object, int64_t now, int64_t *ret_id,
                 struct error *error);

/* Replaces all of the row but its id, created_at by OBJECT. NOW becomes
 * changed_at. ERROR_NOT_FOUND, ERROR_CONFLICT. */
int shelf_update(struct db_tx *tx, const char *name, const struct shelf *object, int64_t now,
                 struct error *error);

/* Writes the JSON object; text that is NULL is written as "". */
void shelf_to_json(struct json_writer *w, const struct shelf *object);

/* Reads the JSON object strictly; fields that are no members of it become zero.
 * PATH is how messages name it, "" for a whole document. All memory of the
 * result is ARENA's. ERROR_INVALID. */
int shelf_from_json(struct json_t *json, const char *path, struct arena *arena,
                    struct shelf *ret_object, struct error *error);

/* All memory of the objects is the arena's. */
struct crate_list {
    struct crate *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct crate_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct crate_selector crate_by_name(const char *name);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int crate_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct crate *ret_object,
                  struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * NOW becomes created_at and changed_at. ERROR_CONFLICT. */
int crate_create(struct db_tx *tx, const struct crate *object, int64_t now, int64_t *ret_id,
                 struct error *error);

/* Writes the JSON object; text that is NULL is written as "". */
void crate_to_json(struct json_writer *w, const struct crate *object);

/* Reads the JSON object strictly; fields that are no members of it become zero.
 * PATH is how messages name it, "" for a whole document. All memory of the
 * result is ARENA's. ERROR_INVALID. */
int crate_from_json(struct json_t *json, const char *path, struct arena *arena,
                    struct crate *ret_object, struct error *error);

#endif
