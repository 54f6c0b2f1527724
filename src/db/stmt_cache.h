/* stmt_cache.h - which statements a connection has prepared, under which number
 * of the engine; the least recently used one makes room. Pure. */
#ifndef LBSTATE_DB_STMT_CACHE_H
#define LBSTATE_DB_STMT_CACHE_H

#include "base/queue.h"
#include "db/conn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STMT_CACHE_SLOTS 1024 /* A power of two, more than DB_STATEMENTS_MAX. */

struct stmt_entry {
    const struct db_stmt *stmt;
    uint32_t id;
    struct queue link;       /* In the order of use, or among the free ones. */
    struct stmt_entry *next; /* In the same slot. */
};

struct stmt_cache {
    struct stmt_entry entries[DB_STATEMENTS_MAX];
    struct stmt_entry *slots[STMT_CACHE_SLOTS];
    struct queue used; /* Least recently used first. */
    struct queue free;
};

void stmt_cache_init(struct stmt_cache *cache);

/* Statements are told apart by address. A hit counts as a use. */
bool stmt_cache_find(struct stmt_cache *cache, const struct db_stmt *stmt, uint32_t *ret_id);

/* STMT must not be there. True if *ret_evicted_id has to be finalized for it. */
bool stmt_cache_insert(struct stmt_cache *cache, const struct db_stmt *stmt, uint32_t id,
                       uint32_t *ret_evicted_id);

/* Does nothing if it isn't there. */
void stmt_cache_remove(struct stmt_cache *cache, const struct db_stmt *stmt);

#endif
