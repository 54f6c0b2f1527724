/* The file of the socket: its rights, and who may take its place. */
#include "test/unit/http_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void fill_address(const char *path, struct sockaddr_un *address)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(address->sun_path, sizeof address->sun_path, "%s", path);
}

/* Makes a socket file; who closes the descriptor leaves a stale one. */
static int bind_socket(const char *path, int type)
{
    struct sockaddr_un address;
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    fill_address(path, &address);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static bool exists(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0;
}

static void the_mode_does_not_follow_the_umask(void **state)
{
    static const mode_t masks[] = {0, 022, 077, 0177, 0777};
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        mode_t before = umask(masks[i]);
        struct stat status;

        fixture_start(fixture);
        umask(before);
        assert_int_equal(lstat(fixture->path, &status), 0);
        assert_true(S_ISSOCK(status.st_mode));
        assert_int_equal(status.st_mode & 07777, 0660);
        fixture_stop(fixture, 0);
        assert_false(exists(fixture->path));
    }
}

static void the_group_is_set(void **state)
{
    struct fixture *fixture = *state;
    struct error error = ERROR_INIT;
    struct group *group = getgrgid(getgid());
    struct stat status;

    if (geteuid() == 0) {
        group = getgrnam("daemon"); /* Debian has it everywhere. */
    }
    if (group == NULL) {
        skip();
    }
    assert_int_equal(fixture_try_start(fixture, fixture->path, group->gr_name, &error), ERROR_NONE);
    group = getgrnam(geteuid() == 0 ? "daemon" : group->gr_name);
    assert_int_equal(lstat(fixture->path, &status), 0);
    assert_int_equal(status.st_gid, group->gr_gid);
    assert_int_equal(status.st_mode & 07777, 0660);
}

static void an_unknown_group_is_an_error(void **state)
{
    struct fixture *fixture = *state;
    struct error error = ERROR_INIT;

    assert_int_equal(fixture_try_start(fixture, fixture->path, "no-such-group", &error),
                     ERROR_INVALID);
    assert_string_equal(error.message, "There is no group no-such-group");
    assert_false(exists(fixture->path));
}

static void a_stale_socket_is_replaced(void **state)
{
    struct fixture *fixture = *state;
    struct client client;

    close(bind_socket(fixture->path, SOCK_STREAM));
    assert_true(exists(fixture->path));
    fixture_start(fixture);
    client_connect(fixture, &client);
    client_send_text(&client, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    client_expect(&client, 200, "GET /a ");
    client_close(&client);
}

static void a_live_socket_is_not_replaced(void **state)
{
    static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};
    struct fixture *fixture = *state;
    struct error error = ERROR_INIT;

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        int fd = bind_socket(fixture->path, types[i]);

        if (types[i] != SOCK_DGRAM) {
            assert_int_equal(listen(fd, 1), 0);
        }
        assert_int_equal(fixture_try_start(fixture, fixture->path, NULL, &error), ERROR_CONFLICT);
        assert_true(exists(fixture->path));
        close(fd);
        unlink(fixture->path);
    }
}

/* A live process may be too busy to take the probe. */
static void a_live_socket_with_a_full_queue_is_not_replaced(void **state)
{
    struct fixture *fixture = *state;
    struct error error = ERROR_INIT;
    struct sockaddr_un address;
    int clients[16];
    size_t n_clients = 0;
    int fd = bind_socket(fixture->path, SOCK_STREAM);
    int code = 0;

    assert_int_equal(listen(fd, 0), 0);
    fill_address(fixture->path, &address);
    while (code == 0) {
        assert_in_range(n_clients, 0, sizeof clients / sizeof clients[0] - 1);
        clients[n_clients] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        code = connect(clients[n_clients++], (struct sockaddr *)&address, sizeof address);
    }
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(fixture_try_start(fixture, fixture->path, NULL, &error), ERROR_CONFLICT);
    assert_true(exists(fixture->path));
    while (n_clients > 0) {
        close(clients[--n_clients]);
    }
    close(fd);
}

static void two_servers_do_not_share_a_socket(void **state)
{
    struct fixture *fixture = *state;
    struct error error = ERROR_INIT;
    struct http_server *first;

    fixture_start(fixture);
    first = fixture->server;
    assert_int_equal(fixture_try_start(fixture, fixture->path, NULL, &error), ERROR_CONFLICT);
    assert_ptr_equal(fixture->server, first);
}

static void what_is_no_socket_is_never_removed(void **state)
{
    struct fixture *fixture = *state;
    struct error error = ERROR_INIT;
    int fd = open(fixture->path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(fixture_try_start(fixture, fixture->path, NULL, &error), ERROR_INVALID);
    assert_true(exists(fixture->path));
    assert_int_equal(unlink(fixture->path), 0);

    assert_int_equal(symlink("/nowhere", fixture->path), 0);
    assert_int_equal(fixture_try_start(fixture, fixture->path, NULL, &error), ERROR_INVALID);
    assert_true(exists(fixture->path));
}

static void the_folder_is_locked_while_a_server_starts(void **state)
{
    struct fixture *fixture = *state;
    struct error error = ERROR_INIT;
    int fd = open(fixture->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_int_equal(fixture_try_start(fixture, fixture->path, NULL, &error), ERROR_CONFLICT);
    close(fd);
    fixture_start(fixture);
}

static void the_path_has_a_longest_length(void **state)
{
    struct fixture *fixture = *state;
    struct error error = ERROR_INIT;
    char path[sizeof(((struct sockaddr_un *)NULL)->sun_path) + 1];
    size_t prefix = (size_t)snprintf(path, sizeof path, "%s/", fixture->folder);

    memset(path + prefix, 'x', sizeof path - prefix);
    path[sizeof path - 1] = '\0';
    assert_int_equal(fixture_try_start(fixture, path, NULL, &error), ERROR_INVALID);
    assert_non_null(strstr(error.message, "has 108 bytes, but 107 is the most"));
    path[sizeof path - 2] = '\0';
    assert_int_equal(fixture_try_start(fixture, path, NULL, &error), ERROR_NONE);
    assert_true(exists(path));
    fixture_stop(fixture, 0);
    assert_int_equal(fixture_try_start(fixture, "", NULL, &error), ERROR_INVALID);
}

static void a_missing_folder_is_an_error(void **state)
{
    struct fixture *fixture = *state;
    struct error error = ERROR_INIT;

    assert_int_equal(fixture_try_start(fixture, "/nonexistent/a/socket", NULL, &error), ERROR_IO);
    assert_string_equal(error.message, "Failed opening /nonexistent/a: No such file or directory");
}

static void a_file_that_is_not_ours_is_left_when_we_stop(void **state)
{
    struct fixture *fixture = *state;
    int fd;

    fixture_start(fixture);
    assert_int_equal(unlink(fixture->path), 0);
    fd = bind_socket(fixture->path, SOCK_STREAM);
    fixture_stop(fixture, 0);
    assert_true(exists(fixture->path));
    close(fd);
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_mode_does_not_follow_the_umask),
        TEST(the_group_is_set),
        TEST(an_unknown_group_is_an_error),
        TEST(a_stale_socket_is_replaced),
        TEST(a_live_socket_is_not_replaced),
        TEST(a_live_socket_with_a_full_queue_is_not_replaced),
        TEST(two_servers_do_not_share_a_socket),
        TEST(what_is_no_socket_is_never_removed),
        TEST(the_folder_is_locked_while_a_server_starts),
        TEST(the_path_has_a_longest_length),
        TEST(a_missing_folder_is_an_error),
        TEST(a_file_that_is_not_ours_is_left_when_we_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
