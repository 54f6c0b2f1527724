#include "node/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#define READ_SIZE 4096

int state_file_read(const struct state_dir *dir, const char *name, size_t size_max_bytes,
                    struct buffer *out, struct error *error)
{
    int code = ERROR_NONE;
    size_t before = out->size;
    ssize_t n;
    int fd = openat(dir->fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        return error_errno(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_IO, errno,
                           "Failed opening %s/%s", dir->path, name);
    }
    do {
        char *room = buffer_reserve(out, READ_SIZE);

        if (room == NULL) {
            code = error_no_memory(error);
            break;
        }
        n = read(fd, room, READ_SIZE);
        if (n > 0) {
            out->size += (size_t)n;
        }
        if (n < 0 && errno != EINTR) {
            code = error_errno(error, ERROR_IO, errno, "Failed reading %s/%s", dir->path, name);
        } else if (out->size - before > size_max_bytes) {
            code = error_set(error, ERROR_CORRUPT, "%s/%s has more than %zu bytes", dir->path, name,
                             size_max_bytes);
        }
    } while (code == ERROR_NONE && n != 0);
    close(fd);
    return code;
}

static int write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, data, size);

        if (n < 0 && errno != EINTR) {
            return -1;
        }
        if (n > 0) {
            data += n;
            size -= (size_t)n;
        }
    }
    return 0;
}

int state_file_replace(const struct state_dir *dir, const char *name, const char *data, size_t size,
                       struct error *error)
{
    char temporary[NAME_MAX + 1];
    int code = ERROR_NONE;
    int fd;

    snprintf(temporary, sizeof temporary, "%s.new", name);
    fd = openat(dir->fd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return error_errno(error, ERROR_IO, errno, "Failed opening %s/%s", dir->path, temporary);
    }
    if (write_all(fd, data, size) != 0 || fsync(fd) != 0) {
        code = error_errno(error, ERROR_IO, errno, "Failed writing %s/%s", dir->path, temporary);
        goto err_after_open;
    }
    if (renameat(dir->fd, temporary, dir->fd, name) != 0 || fsync(dir->fd) != 0) {
        code = error_errno(error, ERROR_IO, errno, "Failed replacing %s/%s", dir->path, name);
    }

err_after_open:
    close(fd);
    return code;
}
