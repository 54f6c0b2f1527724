#include "node/state_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_FILE "lock"

/* A new entry is safe from a power failure once the directory it stands in is
 * written. A parent that we may not read is left to the kernel. */
static int sync_parent(int fd, const char *path, struct error *error)
{
    int parent = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int code = ERROR_NONE;

    if (parent < 0) {
        return ERROR_NONE;
    }
    if (fsync(parent) != 0) {
        code = error_errno(error, ERROR_IO, errno, "Failed syncing the parent of %s", path);
    }
    close(parent);
    return code;
}

static int check_owner_and_mode(int fd, const char *path, struct error *error)
{
    struct stat st;

    if (fstat(fd, &st) != 0) {
        return error_errno(error, ERROR_IO, errno, "Failed reading the mode of %s", path);
    }
    if (st.st_uid != geteuid()) {
        return error_set(error, ERROR_INVALID,
                         "State directory %s belongs to user %u, but this process runs as user %u",
                         path, (unsigned)st.st_uid, (unsigned)geteuid());
    }
    if ((st.st_mode & 0077) != 0) {
        return error_set(error, ERROR_INVALID,
                         "State directory %s has mode %04o, which lets other users in: "
                         "run chmod 0700 %s",
                         path, (unsigned)(st.st_mode & 07777), path);
    }
    return ERROR_NONE;
}

/* Who holds the lock wrote its id into the file; it may be about to. */
static int report_holder(int lock_fd, const char *path, struct error *error)
{
    char holder[32];
    ssize_t size = pread(lock_fd, holder, sizeof holder - 1, 0);

    if (size <= 0) {
        return error_set(error, ERROR_CONFLICT, "State directory %s is in use by another process",
                         path);
    }
    holder[size] = '\0';
    holder[strcspn(holder, "\n")] = '\0';
    return error_set(error, ERROR_CONFLICT, "State directory %s is in use by process %s", path,
                     holder);
}

static int lock(int fd, const char *path, int *ret_lock_fd, struct error *error)
{
    char holder[32];
    int size;
    int code;
    int lock_fd = openat(fd, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (lock_fd < 0) {
        return error_errno(error, ERROR_IO, errno, "Failed opening %s/" LOCK_FILE, path);
    }
    if (flock(lock_fd, LOCK_EX | LOCK_NB) != 0) {
        code = errno == EWOULDBLOCK
                   ? report_holder(lock_fd, path, error)
                   : error_errno(error, ERROR_IO, errno, "Failed locking %s/" LOCK_FILE, path);
        goto err_after_open;
    }
    /* For people and for the message of a second daemon: the lock itself is the
     * kernel's, and a stale number here means nothing. */
    size = snprintf(holder, sizeof holder, "%ld\n", (long)getpid());
    if (ftruncate(lock_fd, 0) != 0 || pwrite(lock_fd, holder, (size_t)size, 0) != size) {
        code = error_errno(error, ERROR_IO, errno, "Failed writing %s/" LOCK_FILE, path);
        goto err_after_open;
    }
    *ret_lock_fd = lock_fd;
    return ERROR_NONE;

err_after_open:
    close(lock_fd);
    return code;
}

static int open_directory(const char *path, int *ret_fd, struct error *error)
{
    *ret_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *ret_fd >= 0 ? ERROR_NONE
                        : error_errno(error, errno == ENOTDIR ? ERROR_INVALID : ERROR_IO, errno,
                                      "Failed opening state directory %s", path);
}

/* Makes PATH, which has no slash at its end, unless it is there, and with the mode of any other
 * directory what is missing above it. All of it is on the disk then. Changes PATH meanwhile. */
static int make(char *path, mode_t mode, struct error *error)
{
    char *slash = strrchr(path, '/');
    bool made = mkdir(path, mode) == 0;
    int code = ERROR_NONE;
    int fd;

    if (!made && errno == ENOENT && slash != NULL && slash != path) {
        *slash = '\0';
        code = make(path, 0777, error);
        *slash = '/';
        made = code == ERROR_NONE && mkdir(path, mode) == 0;
    }
    if (code != ERROR_NONE) {
        return code;
    }
    if (!made) {
        return errno == EEXIST
                   ? ERROR_NONE
                   : error_errno(error, ERROR_IO, errno, "Failed making state directory %s", path);
    }
    code = open_directory(path, &fd, error);
    if (code == ERROR_NONE) {
        code = sync_parent(fd, path, error);
        close(fd);
    }
    return code;
}

static int make_all(const char *path, struct error *error)
{
    char *copy = strdup(path);
    size_t size;
    int code;

    if (copy == NULL) {
        return error_no_memory(error);
    }
    size = strlen(copy);
    while (size > 1 && copy[size - 1] == '/') {
        copy[--size] = '\0';
    }
    code = make(copy, 0700, error);
    free(copy);
    return code;
}

int state_dir_open(const char *path, struct state_dir *ret_dir, struct error *error)
{
    struct state_dir dir = {.path = NULL, .fd = -1, .lock_fd = -1};
    int code = make_all(path, error);

    if (code != ERROR_NONE) {
        return code;
    }
    code = open_directory(path, &dir.fd, error);
    if (code != ERROR_NONE) {
        return code;
    }
    code = check_owner_and_mode(dir.fd, path, error);
    if (code != ERROR_NONE) {
        goto err_after_open;
    }
    dir.path = realpath(path, NULL);
    if (dir.path == NULL) {
        code = error_errno(error, ERROR_IO, errno, "Failed resolving state directory %s", path);
        goto err_after_open;
    }
    code = lock(dir.fd, dir.path, &dir.lock_fd, error);
    if (code != ERROR_NONE) {
        goto err_after_path;
    }
    *ret_dir = dir;
    return ERROR_NONE;

err_after_path:
    free(dir.path);
err_after_open:
    close(dir.fd);
    return code;
}

void state_dir_close(struct state_dir *dir)
{
    close(dir->lock_fd);
    close(dir->fd);
    free(dir->path);
}

int state_dir_make_folder(const struct state_dir *dir, const char *name, struct error *error)
{
    if (mkdirat(dir->fd, name, 0700) != 0) {
        return errno == EEXIST
                   ? ERROR_NONE
                   : error_errno(error, ERROR_IO, errno, "Failed making %s/%s", dir->path, name);
    }
    if (fsync(dir->fd) != 0) {
        return error_errno(error, ERROR_IO, errno, "Failed syncing %s", dir->path);
    }
    return ERROR_NONE;
}

/* NULL without an error if it is missing. */
static int open_folder(const struct state_dir *dir, const char *name, DIR **ret_folder,
                       struct error *error)
{
    int fd = openat(dir->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = NULL;

    if (fd < 0 && errno != ENOENT) {
        return error_errno(error, ERROR_IO, errno, "Failed opening %s/%s", dir->path, name);
    }
    if (fd >= 0) {
        folder = fdopendir(fd);
        if (folder == NULL) {
            int reason = errno;

            close(fd);
            return error_errno(error, ERROR_IO, reason, "Failed reading %s/%s", dir->path, name);
        }
    }
    *ret_folder = folder;
    return ERROR_NONE;
}

/* The next entry besides "." and ".."; NULL at the end, with errno 0, or on error. */
static const char *next_entry(DIR *folder)
{
    struct dirent *entry;

    do {
        errno = 0;
        entry = readdir(folder);
    } while (entry != NULL &&
             (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    return entry == NULL ? NULL : entry->d_name;
}

int state_dir_folder_is_empty(const struct state_dir *dir, const char *name, bool *ret_empty,
                              struct error *error)
{
    DIR *folder = NULL;
    const char *entry = NULL;
    int code = open_folder(dir, name, &folder, error);

    if (code != ERROR_NONE) {
        return code;
    }
    if (folder != NULL) {
        entry = next_entry(folder);
        if (entry == NULL && errno != 0) {
            code = error_errno(error, ERROR_IO, errno, "Failed reading %s/%s", dir->path, name);
        }
        closedir(folder);
    }
    if (code == ERROR_NONE) {
        *ret_empty = entry == NULL;
    }
    return code;
}

int state_dir_clear_folder(const struct state_dir *dir, const char *name, struct error *error)
{
    DIR *folder = NULL;
    const char *entry;
    int code = open_folder(dir, name, &folder, error);

    if (code != ERROR_NONE || folder == NULL) {
        return code;
    }
    while ((entry = next_entry(folder)) != NULL) {
        if (unlinkat(dirfd(folder), entry, 0) != 0) {
            break;
        }
    }
    if (errno != 0 || fsync(dirfd(folder)) != 0) {
        code = error_errno(error, ERROR_IO, errno, "Failed clearing %s/%s", dir->path, name);
    }
    closedir(folder);
    return code;
}
