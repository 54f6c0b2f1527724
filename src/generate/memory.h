/* memory.h - memory of the generator: one arena, given back when the program
 * ends. It is a short-lived program that writes its output last, so without
 * memory it says so and exits with status 1; none of these returns NULL. */
#ifndef LBSTATE_GENERATE_MEMORY_H
#define LBSTATE_GENERATE_MEMORY_H

#include "base/arena.h"
#include "base/buffer.h"

#include <stddef.h>

void *memory_calloc(struct arena *arena, size_t count, size_t size); /* Zeroed. */
char *memory_copy(struct arena *arena, const char *text, size_t size);
char *memory_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *memory_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Moves what was appended to BUFFER into ARENA, as a string. */
char *memory_from_buffer(struct arena *arena, struct buffer *buffer);

/* Returns an array with room for one item more than N_ITEMS; the items are
 * copied when it grows. */
void *memory_grow(struct arena *arena, void *items, size_t n_items, size_t item_size);

/* Appends a zeroed item to the array ITEMS of N items and returns its address,
 * which holds until the next one is appended. */
#define MEMORY_APPEND(ARENA, ITEMS, N)                                                             \
    ((ITEMS) = memory_grow((ARENA), (ITEMS), (N), sizeof *(ITEMS)), &(ITEMS)[(N)++])

_Noreturn void memory_exhausted(void);

#endif
