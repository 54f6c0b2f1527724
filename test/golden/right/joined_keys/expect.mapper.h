/* Written by generate-database from input.h: don't edit. */
#ifndef LBSTATE_TEST_GOLDEN_RIGHT_JOINED_KEYS_EXPECT_MAPPER_H
#define LBSTATE_TEST_GOLDEN_RIGHT_JOINED_KEYS_EXPECT_MAPPER_H

#include "db/mapper.h"
#include "test/golden/right/joined_keys/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory of the objects is the arena's. */
struct price_list {
    struct price *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct price_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct price_selector
price_by_shop_and_season_and_town(const char *shop, enum season season, const char *town);

/* The rows of prices that any of the selectors names, each once, ordered by the
 * natural key. Without selectors: all. All memory of the result is ARENA's.
 * ERROR_CORRUPT. */
int price_get_many(struct db_tx *tx, const struct price_selector *selectors, size_t n_selectors,
                   struct arena *arena, struct price_list *ret_list, struct error *error);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int price_get_one(struct db_tx *tx, const char *shop, enum season season, const char *town,
                  struct arena *arena, struct price *ret_object, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * What it belongs to is found by shop and season and town (ERROR_INVALID if it
 * isn't). ERROR_CONFLICT. */
int price_create(struct db_tx *tx, const struct price *object, int64_t *ret_id,
                 struct error *error);

/* Inserts OBJECT, or updates the row of its natural key, which keeps its id and
 * all that refers to it. What it belongs to is found by shop and season and
 * town (ERROR_INVALID if it isn't). ERROR_CONFLICT. */
int price_create_or_replace(struct db_tx *tx, const struct price *object, struct error *error);

/* Replaces all of the row but its id by OBJECT. What it belongs to is found by
 * shop and season and town (ERROR_INVALID if it isn't). ERROR_NOT_FOUND,
 * ERROR_CONFLICT. */
int price_update(struct db_tx *tx, const char *shop, enum season season, const char *town,
                 const struct price *object, struct error *error);

/* Deletes any number of rows. With RET_DELETED NULL it is deferred. */
int price_delete_many_by_shop_id(struct db_tx *tx, int64_t shop_id, uint64_t *ret_deleted,
                                 struct error *error);

/* All memory of the objects is the arena's. */
struct folder_list {
    struct folder *objects;
    size_t n_objects;
};

/* Which rows to get: made by the functions below only. */
struct folder_selector {
    struct mapper_selector base; /* Private. */
};

/* Text must live until the call that the selector is passed to returned. */
struct folder_selector folder_by_parent_and_name(const char *parent, const char *name);

/* All memory of the result is ARENA's. ERROR_NOT_FOUND, ERROR_CORRUPT. */
int folder_get_one(struct db_tx *tx, const char *parent, const char *name, struct arena *arena,
                   struct folder *ret_object, struct error *error);

/* The rows of folders that any of the selectors names, each once, ordered by
 * the natural key. There must be one at least. All memory of the result is
 * ARENA's. ERROR_CORRUPT. */
int folder_get_many(struct db_tx *tx, const struct folder_selector *selectors, size_t n_selectors,
                    struct arena *arena, struct folder_list *ret_list, struct error *error);

/* Inserts OBJECT and outputs the id that it got; object->id is not looked at.
 * What it belongs to is found by parent (ERROR_INVALID if it isn't).
 * ERROR_CONFLICT. */
int folder_create(struct db_tx *tx, const struct folder *object, int64_t *ret_id,
                  struct error *error);

#endif
