/* journal.h - the store's own few statements: its revision, the tombstones, the
 * ids of requests.
 *
 * All run in the transaction of a batch. What writes is deferred: its error
 * comes with the next call that waits. */
#ifndef LBSTATE_STORE_JOURNAL_H
#define LBSTATE_STORE_JOURNAL_H

#include "base/arena.h"
#include "base/error.h"
#include "db/tx.h"

#include <stdbool.h>
#include <stdint.h>

/* The revision of the last change. ERROR_CORRUPT: there is none. */
int journal_get_revision(struct db_tx *tx, int64_t *ret_revision, struct error *error);
int journal_set_revision(struct db_tx *tx, int64_t revision, struct error *error);

int journal_add_tombstone(struct db_tx *tx, int64_t revision, const char *kind, const char *project,
                          const char *network, const char *name, struct error *error);

/* RET_RESULT lives in ARENA; revision and result are set if it was found. */
int journal_find_request(struct db_tx *tx, struct arena *arena, const char *id, bool *ret_found,
                         int64_t *ret_revision, const char **ret_result, struct error *error);
int journal_add_request(struct db_tx *tx, const char *id, int64_t revision, const char *result,
                        struct error *error);

/* Removes up to MAX ids and MAX tombstones, the oldest first, that were kept
 * longer than STORE_REQUEST_KEPT_S and STORE_TOMBSTONE_KEPT_S at NOW_S. */
int journal_prune(struct db_tx *tx, int64_t now_s, int64_t max, struct error *error);

#endif
