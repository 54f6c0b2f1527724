/* string_map.h - a small map from string to string, as the config of a record.
 *
 * The pairs are kept sorted by key (bytewise, as Go sorts map keys), so that
 * two equal maps look equal. Keys, values and the array live in the arena that
 * the caller passes; nothing has to be freed. A zeroed one is empty. */
#ifndef LBSTATE_BASE_STRING_MAP_H
#define LBSTATE_BASE_STRING_MAP_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct string_pair {
    const char *key;
    const char *value;
};

struct string_map {
    struct string_pair *pairs; /* Sorted by key, each key once. */
    size_t n_pairs;
    size_t capacity; /* Private. */
};

/* NULL if KEY isn't there. */
const char *string_map_get(const struct string_map *map, const char *key);

/* As string_map_get(), but "" if KEY isn't there. */
const char *string_map_get_or_empty(const struct string_map *map, const char *key);

/* Sets or replaces; KEY and VALUE are borrowed: they must live as long as the
 * map. Returns false if memory is lacking (the map is as it was). */
bool string_map_set(struct string_map *map, struct arena *arena, const char *key,
                    const char *value);

/* Returns whether KEY was there. */
bool string_map_remove(struct string_map *map, const char *key);

bool string_map_equal(const struct string_map *a, const struct string_map *b);

/* A copy that shares nothing with FROM. */
bool string_map_copy(struct string_map *to, struct arena *arena, const struct string_map *from);

#endif
