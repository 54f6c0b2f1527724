/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_LABEL_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_LABEL_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/label/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct dns_zone_list {
    struct dns_zone *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct dns_zone_selector {
    struct mapper_selector base; /* Private. */
};

/* ERROR_NOT_FOUND. */
int dns_zone_id(struct db_tx *tx, const char *name, int64_t *ret_id, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int dns_zone_create(struct db_tx *tx, const struct dns_zone *object, int64_t *ret_id,
                    struct error *error);

#endif
