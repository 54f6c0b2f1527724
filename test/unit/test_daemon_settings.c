/* Options and the configuration file of lbstated. */
#include "daemon/settings.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARGS_MAX 16

static struct daemon_settings settings;

/* Reads the settings as lbstated ARGS... would. */
static int read_args(struct error *error, enum daemon_action *action, const char *const args[])
{
    char *argv[ARGS_MAX] = {(char *)"lbstated"};
    int argc = 1;

    for (; args[argc - 1] != NULL; argc++) {
        argv[argc] = (char *)args[argc - 1];
    }
    argv[argc] = NULL;
    return daemon_settings_read(argc, argv, &settings, action, error);
}

#define READ(...) read_args(&error, &action, (const char *const[]){__VA_ARGS__, NULL})

static void defaults_hold(void **state)
{
    struct error error = ERROR_INIT;
    enum daemon_action action;

    (void)state;
    assert_int_equal(read_args(&error, &action, (const char *const[]){NULL}), ERROR_NONE);
    assert_int_equal(action, DAEMON_RUN);
    assert_string_equal(settings.state_dir, "/var/lib/lbstate");
    assert_string_equal(settings.socket, "/run/lbstate/unix.socket");
    assert_string_equal(settings.group, "");
    assert_int_equal(settings.log_level, LOG_LEVEL_INFO);
    assert_int_equal(settings.request_timeout_ms, 30000);
    assert_int_equal(settings.latency_ms, 0);
    assert_string_equal(settings.cluster_address, "");
    assert_false(settings.join);
}

static void options_are_read(void **state)
{
    struct error error = ERROR_INIT;
    enum daemon_action action;

    (void)state;
    assert_int_equal(READ("--state-dir", "/s", "--socket=/k", "--group", "adm", "--log-level",
                          "debug", "--log-target=journal", "--request-timeout=100", "--latency=5"),
                     ERROR_NONE);
    assert_string_equal(settings.state_dir, "/s");
    assert_string_equal(settings.socket, "/k");
    assert_string_equal(settings.group, "adm");
    assert_int_equal(settings.log_level, LOG_LEVEL_DEBUG);
    assert_int_equal(settings.log_target, LOG_TARGET_JOURNAL);
    assert_int_equal(settings.request_timeout_ms, 100);
    assert_int_equal(settings.latency_ms, 5);
    assert_int_equal(READ("--help"), ERROR_NONE);
    assert_int_equal(action, DAEMON_SHOW_HELP);
    assert_int_equal(READ("--version"), ERROR_NONE);
    assert_int_equal(action, DAEMON_SHOW_VERSION);
}

static void wrong_options_are_named(void **state)
{
    static const struct {
        const char *option;
        const char *message;
    } cases[] = {
        {"--nonsense", "--nonsense is not an option, or lacks its value"},
        {"--socket", "--socket is not an option, or lacks its value"},
        {"extra", "extra: lbstated takes options only"},
        {"--socket=", "--socket is empty"},
        {"--log-level=loud", "--log-level is \"loud\": it takes error, warning, info or debug"},
        {"--log-target=file", "--log-target is \"file\": it takes stderr or journal"},
        {"--request-timeout=99",
         "--request-timeout is \"99\": it takes a number from 100 to 3600000"},
        {"--request-timeout=3600001",
         "--request-timeout is \"3600001\": it takes a number from 100 to 3600000"},
        {"--request-timeout=-1",
         "--request-timeout is \"-1\": it takes a number from 100 to 3600000"},
        {"--latency=4", "--latency is \"4\": it takes a number from 5 to 1000"},
        {"--latency=1001", "--latency is \"1001\": it takes a number from 5 to 1000"},
        {"--latency=5x", "--latency is \"5x\": it takes a number from 5 to 1000"},
        {"--config=/nonexistent/file", "Can't read /nonexistent/file: No such file or directory"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        enum daemon_action action;

        assert_int_equal(READ(cases[i].option), ERROR_INVALID);
        assert_string_equal(error.message, cases[i].message);
    }
}

static void lengths_have_limits(void **state)
{
    struct error error = ERROR_INIT;
    enum daemon_action action;
    char option[PATH_MAX + 32];

    (void)state;
    memset(option, 'x', sizeof option);
    memcpy(option, "--socket=", 9);
    option[9 + PATH_MAX - 1] = '\0';
    assert_int_equal(READ(option), ERROR_NONE);
    assert_int_equal(strlen(settings.socket), PATH_MAX - 1);
    option[9 + PATH_MAX - 1] = 'x';
    option[9 + PATH_MAX] = '\0';
    assert_int_equal(READ(option), ERROR_INVALID);
    assert_string_equal(error.message, "--socket has more than 4095 bytes");
}

/* Writes TEXT to a file and reads it with --config. */
static int read_text(const char *text, struct error *error, char path[32])
{
    enum daemon_action action;
    char option[64];
    FILE *file;
    int fd;
    int rv;

    strcpy(path, "/tmp/lbstate-test-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    file = fdopen(fd, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    snprintf(option, sizeof option, "--config=%s", path);
    rv = read_args(error, &action, (const char *const[]){"--latency=7", option, NULL});
    unlink(path);
    return rv;
}

static void file_is_read_and_options_win(void **state)
{
    struct error error = ERROR_INIT;
    char path[32];

    (void)state;
    assert_int_equal(
        read_text("# a comment\nsocket = /from/file\nlatency = 20\n\nlog-level=error\n", &error,
                  path),
        ERROR_NONE);
    assert_string_equal(settings.socket, "/from/file");
    assert_int_equal(settings.log_level, LOG_LEVEL_ERROR);
    assert_int_equal(settings.latency_ms, 7);
}

static void wrong_files_are_named_with_the_line(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"socket = /a\nsockett = /b\n", ":2: sockett is not a setting"},
        {"\n\nlatency = fast\n", ":3: latency is \"fast\": it takes a number from 5 to 1000"},
        {"[daemon]\nsocket = /a\n", ":2: there are no sections, but it has [daemon]"},
        {"socket\n", ":1: not of the form NAME = VALUE"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = ERROR_INIT;
        char expected[256];
        char path[32];

        assert_int_equal(read_text(cases[i].text, &error, path), ERROR_INVALID);
        snprintf(expected, sizeof expected, "%s%s", path, cases[i].message);
        assert_string_equal(error.message, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_hold),
        cmocka_unit_test(options_are_read),
        cmocka_unit_test(wrong_options_are_named),
        cmocka_unit_test(lengths_have_limits),
        cmocka_unit_test(file_is_read_and_options_win),
        cmocka_unit_test(wrong_files_are_named_with_the_line),
    };

    return cmocka_run_group_tests_name("daemon_settings", tests, NULL, NULL);
}
