/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_JSON_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_JSON_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/json/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_writer;
struct json_t;

/* Writes the JSON object; text that is NULL is written as "". */
void point_to_json(struct json_writer *w, const struct point *object);

/* Reads the JSON object strictly; fields that are no members of it become zero.
 * PATH is how messages name it, "" for a whole document. All memory of the
 * result is ARENA's. ERROR_INVALID. */
int point_from_json(struct json_t *json, const char *path, struct arena *arena,
                    struct point *ret_object, struct error *error);

/* Writes the JSON object; text that is NULL is written as "". */
void shape_to_json(struct json_writer *w, const struct shape *object);

/* Reads the JSON object strictly; fields that are no members of it become zero.
 * PATH is how messages name it, "" for a whole document. All memory of the
 * result is ARENA's. ERROR_INVALID. */
int shape_from_json(struct json_t *json, const char *path, struct arena *arena,
                    struct shape *ret_object, struct error *error);

#endif
