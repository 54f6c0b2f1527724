/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_OMIT_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_OMIT_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/omit/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct user_list {
    struct user *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct user_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct user_selector user_by_name(const char *name);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int user_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct user *ret_object,
                 struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int user_create(struct db_tx *tx, const struct user *object, int64_t *ret_id, struct error *error);

/* Replaces all of the row but its id, origin, logins by OBJECT.
 * ERROR_NOT_FOUND, ERROR_CONFLICT. */
int user_update(struct db_tx *tx, const char *name, const struct user *object, struct error *error);

#endif
