#include "api/host.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The state directory has one level of folders; a tree that is deeper isn't ours. */
#define DEPTH_MAX 4

#define BLOCK_SIZE 512 /* Of st_blocks, whatever the file system says. */

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* What FOLDER in the directory PARENT takes. A file that goes away in between, as
 * the engine's do, counts for nothing. */
static uint64_t folder_size(int parent, const char *folder, unsigned depth)
{
    int fd = openat(parent, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;
    uint64_t size = 0;

    if (dir == NULL) {
        if (fd >= 0) {
            close(fd);
        }
        return HOST_UNKNOWN;
    }
    while ((entry = readdir(dir)) != NULL) {
        struct stat status;

        if (strcmp(entry->d_name, "..") == 0 ||
            fstatat(dirfd(dir), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
            continue;
        }
        if (S_ISDIR(status.st_mode) && !is_dots(entry->d_name)) {
            uint64_t below =
                depth == 0 ? HOST_UNKNOWN : folder_size(dirfd(dir), entry->d_name, depth - 1);

            size += below == HOST_UNKNOWN ? 0 : below;
        } else {
            size += (uint64_t)status.st_blocks * BLOCK_SIZE;
        }
    }
    closedir(dir);
    return size;
}

static uint64_t disk_free(const char *path)
{
    struct statvfs status;

    if (statvfs(path, &status) != 0) {
        return HOST_UNKNOWN;
    }
    return (uint64_t)status.f_bavail * status.f_frsize;
}

/* The second number of /proc/self/statm is in pages. */
static uint64_t resident_memory(void)
{
    long page_size = sysconf(_SC_PAGESIZE);
    FILE *file = fopen("/proc/self/statm", "re");
    uint64_t n_pages;
    int n_read;

    if (file == NULL) {
        return HOST_UNKNOWN;
    }
    n_read = fscanf(file, "%*u %" SCNu64, &n_pages);
    fclose(file);
    return n_read == 1 && page_size > 0 ? n_pages * (uint64_t)page_size : HOST_UNKNOWN;
}

static uint64_t open_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;
    uint64_t n = 0;

    if (dir == NULL) {
        return HOST_UNKNOWN;
    }
    while ((entry = readdir(dir)) != NULL) {
        n += is_dots(entry->d_name) ? 0 : 1;
    }
    closedir(dir);
    return n - 1; /* Without the one that was open for this. */
}

void host_measure(const char *state_dir, struct host_figures *ret_figures)
{
    *ret_figures = (struct host_figures){
        .state_dir_size = folder_size(AT_FDCWD, state_dir, DEPTH_MAX),
        .disk_free = disk_free(state_dir),
        .resident_memory = resident_memory(),
        .open_files = open_files(),
    };
}
