#include "generate/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_SIZE 16384

bool output_read(const char *path, struct buffer *buffer)
{
    FILE *file = fopen(path, "rb");
    size_t size;
    int failure = 0;

    if (file == NULL) {
        return false;
    }
    do {
        char *chunk = buffer_reserve(buffer, CHUNK_SIZE);

        if (chunk == NULL) {
            failure = ENOMEM;
            break;
        }
        size = fread(chunk, 1, CHUNK_SIZE, file);
        buffer->size += size;
        if (ferror(file)) {
            failure = errno;
        }
    } while (size > 0 && failure == 0);
    fclose(file);
    errno = failure;
    return failure == 0;
}

static bool is_same(const char *path, const struct buffer *text)
{
    struct buffer old = {0};
    bool same = output_read(path, &old) && old.size == text->size &&
                (old.size == 0 || memcmp(old.data, text->data, old.size) == 0);

    buffer_close(&old);
    return same;
}

static bool write_new(const char *path, const struct buffer *text)
{
    FILE *file = fopen(path, "wb");
    bool good;

    if (file == NULL) {
        return false;
    }
    good = fwrite(text->data, 1, text->size, file) == text->size;
    return fclose(file) == 0 && good;
}

bool output_write(const char *path, const struct buffer *text)
{
    char *temporary;
    bool good;

    if (is_same(path, text)) {
        return true;
    }
    if (asprintf(&temporary, "%s.%ld.tmp", path, (long)getpid()) < 0) {
        fputs("generate-database: error: out of memory\n", stderr);
        return false;
    }
    good = write_new(temporary, text) && rename(temporary, path) == 0;
    if (!good) {
        fprintf(stderr, "generate-database: error: %s: %s\n", path, strerror(errno));
        unlink(temporary);
    }
    free(temporary);
    return good;
}
