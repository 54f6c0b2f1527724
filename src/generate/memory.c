#include "generate/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 8

void memory_exhausted(void)
{
    fputs("generate-database: error: out of memory\n", stderr);
    exit(1);
}

static void *or_exit(void *result)
{
    if (result == NULL) {
        memory_exhausted();
    }
    return result;
}

void *memory_calloc(struct arena *arena, size_t count, size_t size)
{
    return or_exit(arena_calloc(arena, count, size));
}

char *memory_copy(struct arena *arena, const char *text, size_t size)
{
    return or_exit(arena_memdup(arena, text, size));
}

char *memory_vprintf(struct arena *arena, const char *format, va_list args)
{
    return or_exit(arena_vprintf(arena, format, args));
}

char *memory_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    char *result;

    va_start(args, format);
    result = memory_vprintf(arena, format, args);
    va_end(args);
    return result;
}

char *memory_from_buffer(struct arena *arena, struct buffer *buffer)
{
    const char *text = buffer_string(buffer);
    char *result;

    if (text == NULL) {
        memory_exhausted();
    }
    result = memory_copy(arena, text, buffer->size);
    buffer_close(buffer);
    return result;
}

void *memory_grow(struct arena *arena, void *items, size_t n_items, size_t item_size)
{
    bool is_full = n_items == 0 || (n_items >= FIRST_CAPACITY && (n_items & (n_items - 1)) == 0);
    void *result;

    /* The capacity is the next power of two, so it needs no place of its own. */
    if (!is_full) {
        return items;
    }
    result = memory_calloc(arena, n_items == 0 ? FIRST_CAPACITY : n_items * 2, item_size);
    if (n_items > 0) {
        memcpy(result, items, n_items * item_size);
    }
    return result;
}
