/* The store when the disk is full: writes fail with a clear error and change
 * nothing, reads go on, and all is well once there is space again. Needs the
 * right to mount a small file system; is skipped without it. */
#include "store/store.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/store_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

/* The engine keeps some segments of 8 MiB at hand. */
#define DISK_OPTIONS "size=64m,mode=0700"

/* What `make check` takes for "skipped". */
#define EXIT_SKIPPED 77

static void fill_disk(const char *path)
{
    static char block[1 << 16];
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    while (write(fd, block, sizeof block) > 0) {
    }
    assert_int_equal(errno, ENOSPC);
    close(fd);
}

static enum error_code insert(struct store_fixture *f, const char *key, const char *value)
{
    struct task task;
    enum error_code code;

    task_init(&task, f, STORE_WRITE, task_insert);
    task.key = key;
    task.value = value;
    task_submit(&task, 20000);
    task_await(&task);
    code = task.request.error.code;
    if (code != ERROR_NONE) {
        assert_int_equal(task.n_runs, 1);
        assert_non_null(strstr(task.request.error.message, "is full"));
    }
    task_close(&task);
    return code;
}

static void full_disk_stops_writes_and_heals(void **state)
{
    struct store_fixture *f = *state;
    char *value = malloc(200001);
    char path[600];
    char key[32];
    enum error_code code = ERROR_NONE;
    int64_t n_done = 0;

    assert_non_null(value);
    memset(value, 'x', 200000);
    value[200000] = '\0';
    store_fixture_open(f);
    snprintf(path, sizeof path, "%s/fill", f->dir);
    fill_disk(path);
    while (code == ERROR_NONE) {
        snprintf(key, sizeof key, "key-%lld", (long long)n_done);
        code = insert(f, key, value);
        n_done += code == ERROR_NONE;
    }
    assert_int_equal(code, ERROR_NO_SPACE);
    assert_int_equal(insert(f, "another", value), ERROR_NO_SPACE);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM config"), n_done);
    assert_int_equal(store_fixture_integer(f, "SELECT revision FROM store_revision"), n_done);
    assert_int_equal(unlink(path), 0);
    while ((code = insert(f, "healed", "x")) == ERROR_NO_SPACE) {
        /* The engine notices when it makes its next segment. */
    }
    assert_int_equal(code, ERROR_NONE);
    assert_int_equal(insert(f, "another", value), ERROR_NONE);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM config"), n_done + 2);
    assert_int_equal(store_fixture_integer(f, "SELECT revision FROM store_revision"), n_done + 2);
    free(value);
}

/* Gives this process a small /tmp that no other one sees. */
static int mount_small_disk(void)
{
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("lbstate-test", "/tmp", "tmpfs", 0, DISK_OPTIONS) != 0) {
        return -1;
    }
    return setenv("TMPDIR", "/tmp", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(full_disk_stops_writes_and_heals, store_fixture_set_up,
                                        store_fixture_tear_down),
    };

    if (mount_small_disk() != 0) {
        perror("skipped: can't mount a small disk");
        return EXIT_SKIPPED;
    }
    return cmocka_run_group_tests_name("store_full", tests, NULL, NULL);
}
