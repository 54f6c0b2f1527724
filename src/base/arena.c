#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A first block holds a small request without a second allocation. */
#define FIRST_BLOCK_SIZE   2000
#define LARGEST_BLOCK_SIZE (256 * 1024)

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t capacity;
    alignas(max_align_t) unsigned char data[];
};

void arena_init(struct arena *arena)
{
    arena->blocks = NULL;
    arena->size = 0;
}

void arena_close(struct arena *arena)
{
    struct arena_block *block = arena->blocks;

    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena_init(arena);
}

void arena_take(struct arena *to, struct arena *from)
{
    struct arena_block **tail = &from->blocks;

    while (*tail != NULL) {
        tail = &(*tail)->next;
    }
    *tail = to->blocks;
    to->blocks = from->blocks;
    to->size += from->size;
    arena_init(from);
}

static struct arena_block *add_block(struct arena *arena, size_t size)
{
    size_t capacity = arena->blocks == NULL ? FIRST_BLOCK_SIZE : arena->blocks->capacity * 2;
    struct arena_block *block;

    if (capacity > LARGEST_BLOCK_SIZE) {
        capacity = LARGEST_BLOCK_SIZE;
    }
    if (capacity < size) {
        capacity = size;
    }
    if (capacity > SIZE_MAX - sizeof *block) {
        return NULL;
    }
    block = malloc(sizeof *block + capacity);
    if (block == NULL) {
        return NULL;
    }
    block->next = arena->blocks;
    block->used = 0;
    block->capacity = capacity;
    arena->blocks = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t alignment = alignof(max_align_t);
    struct arena_block *block = arena->blocks;
    void *result;

    if (size > SIZE_MAX - alignment) {
        return NULL;
    }
    size = (size + alignment - 1) / alignment * alignment;
    if (block == NULL || block->capacity - block->used < size) {
        block = add_block(arena, size);
        if (block == NULL) {
            return NULL;
        }
    }
    result = block->data + block->used;
    block->used += size;
    arena->size += size;
    return result;
}

void *arena_calloc(struct arena *arena, size_t count, size_t size)
{
    void *result;

    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    result = arena_alloc(arena, count * size);
    if (result != NULL) {
        memset(result, 0, count * size);
    }
    return result;
}

char *arena_memdup(struct arena *arena, const void *data, size_t size)
{
    char *result = size == SIZE_MAX ? NULL : arena_alloc(arena, size + 1);

    if (result != NULL) {
        if (size > 0) {
            memcpy(result, data, size);
        }
        result[size] = '\0';
    }
    return result;
}

char *arena_strdup(struct arena *arena, const char *string)
{
    return arena_memdup(arena, string, strlen(string));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    char *result;
    int size;

    va_copy(again, args);
    size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0) {
        return NULL;
    }
    result = arena_alloc(arena, (size_t)size + 1);
    if (result != NULL) {
        vsnprintf(result, (size_t)size + 1, format, args);
    }
    return result;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    char *result;

    va_start(args, format);
    result = arena_vprintf(arena, format, args);
    va_end(args);
    return result;
}
