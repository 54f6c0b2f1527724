/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_SEVERAL_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_SEVERAL_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/several/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct ssh_key_list {
    struct ssh_key *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct ssh_key_selector {
    struct mapper_selector base; /* Private. */
};

/* The rows of sshes_keys that any of the selectors names, each once, ordered by
 * the natural key. Without selectors: all. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int ssh_key_get_many(struct db_tx *tx, const struct ssh_key_selector *selectors, size_t n_selectors,
                     struct arena *arena, struct ssh_key_list *ret_list, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int ssh_key_create(struct db_tx *tx, const struct ssh_key *object, int64_t *ret_id,
                   struct error *error);

/* All memory of the objects is the arena's. */
struct ssh_policy_list {
    struct ssh_policy *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct ssh_policy_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct ssh_policy_selector ssh_policy_by_name(const char *name);

struct ssh_policy_selector ssh_policy_by_rank(int64_t rank);

/* The rows of sshes_policies that any of the selectors names, each once,
 * ordered by the natural key. There must be one at least. All memory of the
 * result is ARENA's. ERROR_CORRUPT. */
int ssh_policy_get_many(struct db_tx *tx, const struct ssh_policy_selector *selectors,
                        size_t n_selectors, struct arena *arena, struct ssh_policy_list *ret_list,
                        struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int ssh_policy_create(struct db_tx *tx, const struct ssh_policy *object, int64_t *ret_id,
                      struct error *error);

#endif
