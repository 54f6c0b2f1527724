/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_JOIN_CHAIN_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_JOIN_CHAIN_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/join_chain/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct parcel_list {
    struct parcel *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct parcel_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct parcel_selector parcel_by_code(const char *code);

struct parcel_selector parcel_by_country(const char *country);

/* The rows of parcels that any of the selectors names, each once, ordered by
 * the natural key. Without selectors: all. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int parcel_get_many(struct db_tx *tx, const struct parcel_selector *selectors, size_t n_selectors,
                    struct arena *arena, struct parcel_list *ret_list, struct error *error);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int parcel_get_one(struct db_tx *tx, const char *code, struct arena *arena,
                   struct parcel *ret_object, struct error *error);

/* The `code` of each row, in their order. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int parcel_get_names_by_town(struct db_tx *tx, const char *town, struct arena *arena,
                             const char ***ret_names, size_t *ret_n_names, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int parcel_create(struct db_tx *tx, const struct parcel *object, int64_t *ret_id,
                  struct error *error);

/* Deletes any number of rows. With RET_DELETED NULL it is deferred. */
int parcel_delete_many_by_country(struct db_tx *tx, const char *country, uint64_t *ret_deleted,
                                  struct error *error);

#endif
