/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_VERSIONS_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_VERSIONS_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/versions/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_writer;
struct json_t;

/* Writes the JSON object with the members of all versions; text that is NULL is
 * written as "". */
void lamp_part_to_json(struct json_writer *w, const struct lamp_part *object);

/* Reads the JSON object strictly; fields that are no members of it become zero.
 * PATH is how messages name it, "" for a whole document. All memory of the
 * result is ARENA's. ERROR_INVALID. */
int lamp_part_from_json(struct json_t *json, const char *path, struct arena *arena,
                        struct lamp_part *ret_object, struct error *error);

/* The same in version 1.0 of the API, which has no other members than its
 * own. */
void lamp_part_v1_0_to_json(struct json_writer *w, const struct lamp_part *object);
int lamp_part_v1_0_from_json(struct json_t *json, const char *path, struct arena *arena,
                             struct lamp_part *ret_object, struct error *error);

/* The same in version 1.1 of the API, which has no other members than its
 * own. */
void lamp_part_v1_1_to_json(struct json_writer *w, const struct lamp_part *object);
int lamp_part_v1_1_from_json(struct json_t *json, const char *path, struct arena *arena,
                             struct lamp_part *ret_object, struct error *error);

/* The same in version 2.0 of the API, which has no other members than its
 * own. */
void lamp_part_v2_0_to_json(struct json_writer *w, const struct lamp_part *object);
int lamp_part_v2_0_from_json(struct json_t *json, const char *path, struct arena *arena,
                             struct lamp_part *ret_object, struct error *error);

/* All memory of the objects is the arena's. */
struct lamp_list {
    struct lamp *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct lamp_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct lamp_selector lamp_by_name(const char *name);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int lamp_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct lamp *ret_object,
                 struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int lamp_create(struct db_tx *tx, const struct lamp *object, int64_t *ret_id, struct error *error);

/* Writes the JSON object with the members of all versions; text that is NULL is
 * written as "". */
void lamp_to_json(struct json_writer *w, const struct lamp *object);

/* Reads the JSON object strictly; fields that are no members of it become zero.
 * PATH is how messages name it, "" for a whole document. All memory of the
 * result is ARENA's. ERROR_INVALID. */
int lamp_from_json(struct json_t *json, const char *path, struct arena *arena,
                   struct lamp *ret_object, struct error *error);

/* The same in version 1.0 of the API, which has no other members than its
 * own. */
void lamp_v1_0_to_json(struct json_writer *w, const struct lamp *object);
int lamp_v1_0_from_json(struct json_t *json, const char *path, struct arena *arena,
                        struct lamp *ret_object, struct error *error);

/* The same in version 1.1 of the API, which has no other members than its
 * own. */
void lamp_v1_1_to_json(struct json_writer *w, const struct lamp *object);
int lamp_v1_1_from_json(struct json_t *json, const char *path, struct arena *arena,
                        struct lamp *ret_object, struct error *error);

/* The same in version 2.0 of the API, which has no other members than its
 * own. */
void lamp_v2_0_to_json(struct json_writer *w, const struct lamp *object);
int lamp_v2_0_from_json(struct json_t *json, const char *path, struct arena *arena,
                        struct lamp *ret_object, struct error *error);

#endif
