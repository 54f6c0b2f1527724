/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_MARSHAL_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_MARSHAL_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/marshal/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_writer;
struct json_t;

/* Writes the JSON object; text that is NULL is written as "". */
void rule_match_to_json(struct json_writer *w, const struct rule_match *object);

/* Reads the JSON object strictly; fields that are no members of it become zero.
 * PATH is how messages name it, "" for a whole document. All memory of the
 * result is ARENA's. ERROR_INVALID. */
int rule_match_from_json(struct json_t *json, const char *path, struct arena *arena,
                         struct rule_match *ret_object, struct error *error);

/* Writes the JSON object; text that is NULL is written as "". */
void rule_step_to_json(struct json_writer *w, const struct rule_step *object);

/* Reads the JSON object strictly; fields that are no members of it become zero.
 * PATH is how messages name it, "" for a whole document. All memory of the
 * result is ARENA's. ERROR_INVALID. */
int rule_step_from_json(struct json_t *json, const char *path, struct arena *arena,
                        struct rule_step *ret_object, struct error *error);

/* All memory of the objects is the arena's. */
struct rule_list {
    struct rule *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct rule_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct rule_selector rule_by_name(const char *name);

/* The rows of rules that any of the selectors names, each once, ordered by the
 * natural key. There must be one at least. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int rule_get_many(struct db_tx *tx, const struct rule_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct rule_list *ret_list, struct error *error);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int rule_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct rule *ret_object,
                 struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int rule_create(struct db_tx *tx, const struct rule *object, int64_t *ret_id, struct error *error);

/* Replaces all of the row but its id by OBJECT. ERROR_NOT_FOUND,
 * ERROR_CONFLICT. */
int rule_update(struct db_tx *tx, const char *name, const struct rule *object, struct error *error);

#endif
