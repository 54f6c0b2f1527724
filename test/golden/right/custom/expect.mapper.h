/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_CUSTOM_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_CUSTOM_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/custom/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* To be written by hand: the value as the text of its column, and back. Memory
 * is ARENA's. ERROR_INVALID (of a row: told as ERROR_CORRUPT),
 * ERROR_NO_MEMORY. */
int version_marshal(const struct version *value, struct arena *arena, const char **ret_text,
                    struct error *error);
int version_unmarshal(const char *text, struct arena *arena, struct version *ret_value,
                      struct error *error);

/* All memory of the objects is the arena's. */
struct machine_list {
    struct machine *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct machine_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct machine_selector machine_by_name(const char *name);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int machine_get_one(struct db_tx *tx, const char *name, struct arena *arena,
                    struct machine *ret_object, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int machine_create(struct db_tx *tx, const struct machine *object, int64_t *ret_id,
                   struct error *error);

#endif
