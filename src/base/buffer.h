/* buffer.h - bytes that grow at the end.
 *
 * Appending never has to be checked one by one: once memory was lacking, the
 * buffer is failed, drops all that follows, and buffer_failed() says so at the
 * end. A zeroed struct buffer is a valid empty one. */
#ifndef LBSTATE_BASE_BUFFER_H
#define LBSTATE_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data;      /* NULL when nothing was appended yet; no NUL at the end. */
    size_t size;     /* Bytes in use. */
    size_t capacity; /* Private. */
    bool failed;     /* Private: memory was lacking. */
};

void buffer_init(struct buffer *buffer);
void buffer_close(struct buffer *buffer);

/* Empties it, keeps its memory and forgets a failure. */
void buffer_reset(struct buffer *buffer);

/* Makes room for SIZE more bytes and returns where they start, or NULL (and
 * the buffer is failed). The caller then adds what it wrote to buffer->size. */
char *buffer_reserve(struct buffer *buffer, size_t size);

void buffer_append(struct buffer *buffer, const void *data, size_t size);
void buffer_append_string(struct buffer *buffer, const char *string);
void buffer_append_char(struct buffer *buffer, char c);
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_vprintf(struct buffer *buffer, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Drops the first SIZE bytes, which must be there. */
void buffer_consume(struct buffer *buffer, size_t size);

bool buffer_failed(const struct buffer *buffer);

/* Ends it with a NUL (not counted in size) and returns the data, which stays
 * the buffer's; NULL if the buffer is failed. */
const char *buffer_string(struct buffer *buffer);

/* Hands the memory over, for free(); the buffer is empty afterwards. */
char *buffer_detach(struct buffer *buffer, size_t *ret_size);

#endif
