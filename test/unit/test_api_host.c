/* What the kernel says of this process and of a directory. */
#include "api/host.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/temp_dir.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *path_in(const char *dir, const char *name)
{
    char *path;

    assert_true(asprintf(&path, "%s/%s", dir, name) >= 0);
    return path;
}

/* Makes a file of SIZE bytes in DIR and returns what it takes on the disk. */
static uint64_t make_file(const char *dir, const char *name, size_t size)
{
    char *path = path_in(dir, name);
    char *bytes = malloc(size);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    struct stat status;

    assert_non_null(bytes);
    memset(bytes, 'x', size);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    assert_int_equal(fsync(fd), 0); /* Blocks may be taken as late as here. */
    assert_int_equal(fstat(fd, &status), 0);
    close(fd);
    free(bytes);
    free(path);
    return (uint64_t)status.st_blocks * 512;
}

static void the_size_is_that_of_all_files(void **state)
{
    char *dir = temp_dir_new();
    char *folder = path_in(dir, "engine");
    char *link = path_in(dir, "link");
    struct host_figures before;
    struct host_figures after;
    uint64_t size;

    (void)state;
    assert_int_equal(mkdir(folder, 0700), 0);
    /* Not followed: it would count everything twice, or never end. */
    assert_int_equal(symlink(".", link), 0);
    host_measure(dir, &before);
    size = make_file(dir, "a", 100000);
    size += make_file(folder, "b", 300000);
    host_measure(dir, &after);
    assert_true(size >= 400000);
    assert_int_equal(after.state_dir_size - before.state_dir_size, size);
    assert_true(after.disk_free > 0 && after.disk_free != HOST_UNKNOWN);
    free(link);
    free(folder);
    temp_dir_remove(dir);
}

static void what_is_missing_is_unknown(void **state)
{
    struct host_figures figures;

    (void)state;
    host_measure("/nonexistent/state", &figures);
    assert_true(figures.state_dir_size == HOST_UNKNOWN);
    assert_true(figures.disk_free == HOST_UNKNOWN);
    assert_true(figures.open_files != HOST_UNKNOWN);
}

static void open_files_are_counted(void **state)
{
    struct host_figures before;
    struct host_figures after;
    int fd;

    (void)state;
    host_measure("/nonexistent", &before);
    fd = open("/dev/null", O_RDONLY);
    assert_true(fd >= 0);
    host_measure("/nonexistent", &after);
    assert_int_equal(after.open_files, before.open_files + 1);
    close(fd);
}

static void resident_memory_grows_with_what_is_used(void **state)
{
    const size_t size = 64 * 1024 * 1024;
    struct host_figures before;
    struct host_figures after;
    char *memory;

    (void)state;
    host_measure("/nonexistent", &before);
    memory = malloc(size);
    assert_non_null(memory);
    memset(memory, 1, size);
    host_measure("/nonexistent", &after);
    assert_true(after.resident_memory >= before.resident_memory + size / 2);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_size_is_that_of_all_files),
        cmocka_unit_test(what_is_missing_is_unknown),
        cmocka_unit_test(open_files_are_counted),
        cmocka_unit_test(resident_memory_grows_with_what_is_used),
    };

    return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
