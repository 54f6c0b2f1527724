/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_DELETE_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_DELETE_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/delete/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct note_list {
    struct note *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct note_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct note_selector note_by_name(const char *name);

/* The rows of notes that any of the selectors names, each once, ordered by the
 * natural key. There must be one at least. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int note_get_many(struct db_tx *tx, const struct note_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct note_list *ret_list, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * ERROR_CONFLICT. */
int note_create(struct db_tx *tx, const struct note *object, int64_t *ret_id, struct error *error);

/* Deletes the one row. ERROR_NOT_FOUND. */
int note_delete_by_id(struct db_tx *tx, int64_t id, struct error *error);

/* Deletes the one row. ERROR_NOT_FOUND. */
int note_delete_by_name(struct db_tx *tx, const char *name, struct error *error);

/* Deletes any number of rows. With RET_DELETED NULL it is deferred. */
int note_delete_many_by_author(struct db_tx *tx, const char *author, uint64_t *ret_deleted,
                               struct error *error);

#endif
