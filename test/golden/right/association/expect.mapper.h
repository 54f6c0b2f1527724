/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_ASSOCIATION_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_ASSOCIATION_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/association/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct group_member_list {
    struct group_member *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct group_member_selector {
    struct mapper_selector base; /* Private. */
};

struct group_member_selector group_member_by_group_id(int64_t group_id);

struct group_member_selector group_member_by_person_id(int64_t person_id);

/* The rows of group_members that any of the selectors names, each once, ordered
 * by the natural key. Without selectors: all. All memory of the result is
 * ARENA's. ERROR_CORRUPT. */
int group_member_get_many(struct db_tx *tx, const struct group_member_selector *selectors,
                          size_t n_selectors, struct arena *arena,
                          struct group_member_list *ret_list, struct error *error);

/* Inserts the rows by one statement (by several if they are megabytes).
 * ERROR_CONFLICT, ERROR_INVALID (text that isn't UTF-8). */
int group_member_create(struct db_tx *tx, const struct group_member *objects, size_t n_objects,
                        struct error *error);

/* Makes OBJECTS all the rows of that group_id, which is theirs too
 * (ERROR_INTERNAL). ERROR_CONFLICT. */
int group_member_update_by_group_id(struct db_tx *tx, int64_t group_id,
                                    const struct group_member *objects, size_t n_objects,
                                    struct error *error);

/* Deletes any number of rows. With RET_DELETED NULL it is deferred. */
int group_member_delete_many_by_person_id(struct db_tx *tx, int64_t person_id,
                                          uint64_t *ret_deleted, struct error *error);

#endif
