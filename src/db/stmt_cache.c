#include "db/stmt_cache.h"

#include <assert.h>

static struct stmt_entry **slot_of(struct stmt_cache *cache, const struct db_stmt *stmt)
{
    /* Fibonacci hashing: addresses of one table differ in the middle bits. */
    uint64_t hash = (uint64_t)(uintptr_t)stmt * UINT64_C(0x9e3779b97f4a7c15);

    return &cache->slots[(hash >> 32) % STMT_CACHE_SLOTS];
}

/* The pointer that points to the entry of STMT, or to NULL. */
static struct stmt_entry **place_of(struct stmt_cache *cache, const struct db_stmt *stmt)
{
    struct stmt_entry **place = slot_of(cache, stmt);

    while (*place != NULL && (*place)->stmt != stmt) {
        place = &(*place)->next;
    }
    return place;
}

void stmt_cache_init(struct stmt_cache *cache)
{
    queue_init(&cache->used);
    queue_init(&cache->free);
    for (size_t i = 0; i < STMT_CACHE_SLOTS; i++) {
        cache->slots[i] = NULL;
    }
    for (size_t i = 0; i < DB_STATEMENTS_MAX; i++) {
        queue_push(&cache->free, &cache->entries[i].link);
    }
}

bool stmt_cache_find(struct stmt_cache *cache, const struct db_stmt *stmt, uint32_t *ret_id)
{
    struct stmt_entry *entry = *place_of(cache, stmt);

    if (entry == NULL) {
        return false;
    }
    queue_remove(&entry->link);
    queue_push(&cache->used, &entry->link);
    *ret_id = entry->id;
    return true;
}

bool stmt_cache_insert(struct stmt_cache *cache, const struct db_stmt *stmt, uint32_t id,
                       uint32_t *ret_evicted_id)
{
    bool evicted = false;
    struct stmt_entry *entry;
    struct stmt_entry **place;

    assert(*place_of(cache, stmt) == NULL);
    if (queue_empty(&cache->free)) {
        entry = queue_object(cache->used.next, struct stmt_entry, link);
        *ret_evicted_id = entry->id;
        evicted = true;
        stmt_cache_remove(cache, entry->stmt);
    }
    entry = queue_object(queue_pop(&cache->free), struct stmt_entry, link);
    place = slot_of(cache, stmt);
    entry->stmt = stmt;
    entry->id = id;
    entry->next = *place;
    *place = entry;
    queue_push(&cache->used, &entry->link);
    return evicted;
}

void stmt_cache_remove(struct stmt_cache *cache, const struct db_stmt *stmt)
{
    struct stmt_entry **place = place_of(cache, stmt);
    struct stmt_entry *entry = *place;

    if (entry != NULL) {
        *place = entry->next;
        queue_remove(&entry->link);
        queue_push(&cache->free, &entry->link);
    }
}
