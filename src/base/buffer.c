#include "base/buffer.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST_CAPACITY 256

void buffer_init(struct buffer *buffer)
{
    *buffer = (struct buffer){0};
}

void buffer_close(struct buffer *buffer)
{
    free(buffer->data);
    buffer_init(buffer);
}

void buffer_reset(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = false;
}

char *buffer_reserve(struct buffer *buffer, size_t size)
{
    size_t capacity = buffer->capacity < SMALLEST_CAPACITY ? SMALLEST_CAPACITY : buffer->capacity;
    char *data;

    if (buffer->failed) {
        return NULL;
    }
    if (buffer->data != NULL && buffer->capacity - buffer->size >= size) {
        return buffer->data + buffer->size;
    }
    while (capacity - buffer->size < size) {
        if (capacity > SIZE_MAX / 2) {
            buffer->failed = true;
            return NULL;
        }
        capacity *= 2;
    }
    data = realloc(buffer->data, capacity);
    if (data == NULL) {
        buffer->failed = true;
        return NULL;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return data + buffer->size;
}

void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
    char *end = buffer_reserve(buffer, size);

    if (end != NULL && size > 0) {
        memcpy(end, data, size);
        buffer->size += size;
    }
}

void buffer_append_string(struct buffer *buffer, const char *string)
{
    buffer_append(buffer, string, strlen(string));
}

void buffer_append_char(struct buffer *buffer, char c)
{
    buffer_append(buffer, &c, 1);
}

void buffer_vprintf(struct buffer *buffer, const char *format, va_list args)
{
    va_list again;
    char *end;
    int size;

    va_copy(again, args);
    size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0) {
        buffer->failed = true;
        return;
    }
    end = buffer_reserve(buffer, (size_t)size + 1);
    if (end != NULL) {
        vsnprintf(end, (size_t)size + 1, format, args);
        buffer->size += (size_t)size;
    }
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    buffer_vprintf(buffer, format, args);
    va_end(args);
}

void buffer_consume(struct buffer *buffer, size_t size)
{
    assert(size <= buffer->size);
    if (size > 0) {
        memmove(buffer->data, buffer->data + size, buffer->size - size);
        buffer->size -= size;
    }
}

bool buffer_failed(const struct buffer *buffer)
{
    return buffer->failed;
}

const char *buffer_string(struct buffer *buffer)
{
    char *end = buffer_reserve(buffer, 1);

    if (end == NULL) {
        return NULL;
    }
    *end = '\0';
    return buffer->data;
}

char *buffer_detach(struct buffer *buffer, size_t *ret_size)
{
    char *data = buffer->data;

    *ret_size = buffer->size;
    buffer_init(buffer);
    return data;
}
