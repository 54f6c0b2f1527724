/* arena.h - memory that is allocated piece by piece and freed at once.
 *
 * Everything that belongs to one request (its decoded body, the rows that its
 * queries return, the text it answers with) lives in one arena and goes with
 * it. An arena belongs to one thread at a time.
 *
 * A zeroed struct arena is a valid empty one. */
#ifndef LBSTATE_BASE_ARENA_H
#define LBSTATE_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* Newest first; private. */
    size_t size;                /* Bytes handed out so far; read-only. */
};

void arena_init(struct arena *arena);

/* Frees all that was allocated; the arena is empty and usable afterwards. */
void arena_close(struct arena *arena);

/* Moves all memory of FROM to TO: pointers into it stay valid as long as TO. */
void arena_take(struct arena *to, struct arena *from);

/* Each returns memory aligned for any type, or NULL if there is none. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_calloc(struct arena *arena, size_t count, size_t size); /* Zeroed; checks overflow. */
char *arena_strdup(struct arena *arena, const char *string);
char *arena_memdup(struct arena *arena, const void *data, size_t size); /* A NUL is added. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

#endif
