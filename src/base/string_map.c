#include "base/string_map.h"

#include <string.h>

/* Where KEY is, or where it belongs. */
static size_t find(const struct string_map *map, const char *key, bool *ret_found)
{
    size_t low = 0;
    size_t high = map->n_pairs;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(map->pairs[middle].key, key);

        if (order == 0) {
            *ret_found = true;
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_found = false;
    return low;
}

const char *string_map_get(const struct string_map *map, const char *key)
{
    bool found;
    size_t i = find(map, key, &found);

    return found ? map->pairs[i].value : NULL;
}

const char *string_map_get_or_empty(const struct string_map *map, const char *key)
{
    const char *value = string_map_get(map, key);

    return value == NULL ? "" : value;
}

bool string_map_set(struct string_map *map, struct arena *arena, const char *key, const char *value)
{
    bool found;
    size_t i = find(map, key, &found);

    if (found) {
        map->pairs[i].value = value;
        return true;
    }
    if (map->n_pairs == map->capacity) {
        size_t capacity = map->capacity == 0 ? 8 : map->capacity * 2;
        struct string_pair *pairs = arena_calloc(arena, capacity, sizeof *pairs);

        if (pairs == NULL) {
            return false;
        }
        if (map->n_pairs > 0) {
            memcpy(pairs, map->pairs, map->n_pairs * sizeof *pairs);
        }
        map->pairs = pairs;
        map->capacity = capacity;
    }
    memmove(map->pairs + i + 1, map->pairs + i, (map->n_pairs - i) * sizeof *map->pairs);
    map->pairs[i] = (struct string_pair){.key = key, .value = value};
    map->n_pairs++;
    return true;
}

bool string_map_remove(struct string_map *map, const char *key)
{
    bool found;
    size_t i = find(map, key, &found);

    if (found) {
        map->n_pairs--;
        memmove(map->pairs + i, map->pairs + i + 1, (map->n_pairs - i) * sizeof *map->pairs);
    }
    return found;
}

bool string_map_equal(const struct string_map *a, const struct string_map *b)
{
    if (a->n_pairs != b->n_pairs) {
        return false;
    }
    for (size_t i = 0; i < a->n_pairs; i++) {
        if (strcmp(a->pairs[i].key, b->pairs[i].key) != 0 ||
            strcmp(a->pairs[i].value, b->pairs[i].value) != 0) {
            return false;
        }
    }
    return true;
}

bool string_map_copy(struct string_map *to, struct arena *arena, const struct string_map *from)
{
    struct string_map copy = {0};

    for (size_t i = 0; i < from->n_pairs; i++) {
        const char *key = arena_strdup(arena, from->pairs[i].key);
        const char *value = arena_strdup(arena, from->pairs[i].value);

        if (key == NULL || value == NULL || !string_map_set(&copy, arena, key, value)) {
            return false;
        }
    }
    *to = copy;
    return true;
}
