/* What lbctl does on a terminal, and nowhere else: the line that says how far an
 * import is, and `-` as a value like any other. */
#include "ctl/ctl.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/ctl_run.h"
#include "test/lib/fake_incus.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define CLEAR_LINE "\r\033[K"
#define END_MARK   "<end>"
#define TEXT_SIZE  4096

static const char records[] = "[{\"name\":\"p1\"},{\"name\":\"p2\"},{\"name\":\"bad\"}]";

static const char dump[] =
    "BEGIN TRANSACTION;"
    "CREATE TABLE projects (id INTEGER, name TEXT, description TEXT);"
    "CREATE TABLE projects_config (project_id INTEGER, key TEXT, value TEXT);"
    "CREATE TABLE networks (id INTEGER, project_id INTEGER, name TEXT, description TEXT,"
    " type INTEGER);"
    "CREATE TABLE networks_config (network_id INTEGER, key TEXT, value TEXT);"
    "CREATE TABLE networks_load_balancers (id INTEGER, network_id INTEGER,"
    " listen_address TEXT, description TEXT, backends TEXT, ports TEXT);"
    "CREATE TABLE networks_load_balancers_config (network_load_balancer_id INTEGER, key TEXT,"
    " value TEXT);"
    "CREATE TABLE networks_forwards (id INTEGER, network_id INTEGER, listen_address TEXT,"
    " description TEXT, ports TEXT);"
    "CREATE TABLE networks_forwards_config (network_forward_id INTEGER, key TEXT, value TEXT);"
    "INSERT INTO projects VALUES(3,'web','');COMMIT;";

struct terminal {
    int master;
    FILE *file;
};

static void terminal_open(struct terminal *terminal)
{
    struct termios settings;

    terminal->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(terminal->master >= 0);
    assert_int_equal(grantpt(terminal->master), 0);
    assert_int_equal(unlockpt(terminal->master), 0);
    terminal->file = fopen(ptsname(terminal->master), "r+e");
    assert_non_null(terminal->file);
    /* What is written comes out as it is. */
    assert_int_equal(tcgetattr(fileno(terminal->file), &settings), 0);
    cfmakeraw(&settings);
    assert_int_equal(tcsetattr(fileno(terminal->file), TCSANOW, &settings), 0);
}

/* What was written to it since. It comes when the kernel has the time, so an end is
 * written behind it, and waited for. */
static const char *terminal_read(struct terminal *terminal, char text[TEXT_SIZE])
{
    size_t size = 0;

    fputs(END_MARK, terminal->file);
    assert_int_equal(fflush(terminal->file), 0);
    text[0] = '\0';
    while (strstr(text, END_MARK) == NULL) {
        ssize_t n = read(terminal->master, text + size, TEXT_SIZE - 1 - size);

        assert_true(n > 0);
        size += (size_t)n;
        text[size] = '\0';
    }
    *strstr(text, END_MARK) = '\0';
    return text;
}

static void terminal_close(struct terminal *terminal)
{
    fclose(terminal->file);
    close(terminal->master);
}

/* Runs `lbctl --socket SOCKET WORDS..` with these; a NULL file is empty. */
static int run(struct fake_incus *incus, const char *const *words, const char *input, FILE *in,
               FILE *err)
{
    FILE *text = input != NULL ? fmemopen((void *)(size_t)input, strlen(input), "r")
                               : fopen("/dev/null", "r");
    FILE *out = fopen("/dev/null", "w");
    const char *argv[16] = {"lbctl", "--socket", fake_daemon_socket(incus->daemon)};
    int argc = 3;
    int rv;

    assert_non_null(text);
    assert_non_null(out);
    for (; *words != NULL; words++) {
        argv[argc++] = *words;
    }
    rv = (int)ctl_main(argc, (char **)(size_t)argv, in != NULL ? in : text, out, err);
    fclose(text);
    fclose(out);
    return rv;
}

#define RUN(INCUS, INPUT, IN, ERR, ...)                                                            \
    run((INCUS), (const char *const[]){__VA_ARGS__, NULL}, (INPUT), (IN), (ERR))

static void an_import_says_how_far_it_is(void **state)
{
    struct fake_incus incus = {.refused_name = "bad"};
    struct terminal terminal;
    char text[TEXT_SIZE];

    (void)state;
    fake_incus_start(&incus);
    terminal_open(&terminal);
    assert_int_equal(RUN(&incus, records, NULL, terminal.file, "import", "-", "--connections", "1"),
                     1);
    terminal_read(&terminal, text);
    /* It starts at nothing, and is gone before what follows. */
    assert_int_equal(strncmp(text, CLEAR_LINE "0 of 3 records", 18), 0);
    assert_non_null(strstr(text, CLEAR_LINE "Error: standard input: $[2] (bad): Refused"));
    assert_non_null(
        strstr(text, CLEAR_LINE "projects:       2 created, 0 unchanged, 0 updated, 1 failed\n"));
    assert_int_equal(RUN(&incus, dump, NULL, terminal.file, "import", "--incus-dump", "-"), 0);
    terminal_read(&terminal, text);
    assert_int_equal(strncmp(text, CLEAR_LINE "0 of 1 records", 18), 0);
    assert_non_null(strstr(text, CLEAR_LINE "projects:       1 created"));
    assert_int_equal(RUN(&incus, records, NULL, terminal.file, "import", "-", "--quiet"), 1);
    assert_null(strchr(terminal_read(&terminal, text), '\r'));
    assert_non_null(strstr(text, "2 unchanged, 0 updated, 1 failed\n"));
    terminal_close(&terminal);
    fake_incus_stop(&incus);
}

static void off_a_terminal_there_is_no_such_line(void **state)
{
    struct fake_incus incus = {0};

    (void)state;
    fake_incus_start(&incus);
    assert_int_equal(lbctl_with(records, fake_daemon_socket(incus.daemon), "import", "-"), 0);
    assert_null(strpbrk(ctl_printed.err, "\r\033"));
    assert_int_equal(strncmp(ctl_printed.err, "projects:       3 created", 25), 0);
    assert_int_equal(
        lbctl_with(dump, fake_daemon_socket(incus.daemon), "import", "--incus-dump", "-"), 0);
    assert_null(strpbrk(ctl_printed.err, "\r\033"));
    ctl_run_end();
    fake_incus_stop(&incus);
}

/* Nobody would know that it waits for a value. */
static void a_dash_is_a_value_on_a_terminal(void **state)
{
    struct fake_incus incus = {0};
    struct terminal terminal;

    (void)state;
    fake_incus_start(&incus);
    fake_incus_add(&incus, "default", "/1.0/networks/ovn0", "{\"config\":{}}");
    terminal_open(&terminal);
    assert_int_equal(RUN(&incus, NULL, terminal.file, stderr, "network", "set", "ovn0", "user.a=-"),
                     0);
    assert_string_equal(fake_daemon_request(incus.daemon, 1),
                        "PUT /1.0/networks/ovn0 {\"config\":{\"user.a\":\"-\"}}");
    terminal_close(&terminal);
    fake_incus_stop(&incus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_import_says_how_far_it_is),
        cmocka_unit_test(off_a_terminal_there_is_no_such_line),
        cmocka_unit_test(a_dash_is_a_value_on_a_terminal),
    };

    /* As main() of lbctl does. */
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("ctl terminal", tests, NULL, NULL);
}
