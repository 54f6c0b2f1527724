/* Records as YAML: what lbctl takes, from standard input and from an editor. */
#include "ctl/ctl.h"
#include "ctl/fields.h"
#include "ctl/yaml_read.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/ctl_run.h"
#include "test/lib/fake_incus.h"

#include <fcntl.h>
#include <glob.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NETWORK "/1.0/networks/ovn0"
#define LB      NETWORK "/load-balancers/192.0.2.1"

static const char lb_text[] =
    "{\"description\":\"old\",\"config\":{\"user.foo\":\"bar\"},\"backends\":[],\"ports\":[],"
    "\"listen_address\":\"192.0.2.1\",\"location\":\"\"}";

static void start(struct fake_incus *incus)
{
    fake_incus_start(incus);
    fake_incus_add(incus, "default", NETWORK, "{\"description\":\"\",\"managed\":true}");
    fake_incus_add(incus, "default", LB, lb_text);
}

static void stop(struct fake_incus *incus)
{
    ctl_run_end();
    fake_incus_stop(incus);
}

static void yaml_is_read_as_text(void **state)
{
    static const struct {
        const char *yaml;
        const char *json;
    } cases[] = {
        {"", "null"},
        {"# nothing\n", "null"},
        {"---\n...\n", "null"},
        {"a: 80\nb: true\nc: 1.50\nd: 0x10\ne: 2001-01-01\n",
         "{\"a\":\"80\",\"b\":\"true\",\"c\":\"1.50\",\"d\":\"0x10\",\"e\":\"2001-01-01\"}"},
        {"a: null\nb: ~\nc:\nd: ''\ne: \"null\"\n",
         "{\"a\":null,\"b\":null,\"c\":null,\"d\":\"\",\"e\":\"null\"}"},
        {"- a\n- [b, c]\n- {d: e}\n", "[\"a\",[\"b\",\"c\"],{\"d\":\"e\"}]"},
        {"a: |\n  one\n  two\n", "{\"a\":\"one\\ntwo\\n\"}"},
        {"{\"json\": [\"is\", \"YAML\"]}", "{\"json\":[\"is\",\"YAML\"]}"},
        {"a: \"\\u00e4\"", "{\"a\":\"\xc3\xa4\"}"},
        {"[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lbstate_error error;
        json_t *value;
        char *json;

        assert_int_equal(yaml_read(cases[i].yaml, strlen(cases[i].yaml), &value, &error), 0);
        json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        assert_string_equal(json, cases[i].json);
        free(json);
        json_decref(value);
    }
}

static void yaml_that_could_surprise_is_refused(void **state)
{
    static const struct {
        const char *yaml;
        const char *message;
    } cases[] = {
        {"a: &x 1\n", "Line 1: Anchors (&), aliases (*) and tags (!) aren't taken"},
        {"a: 1\nb: *a\n", "Line 2: Anchors (&), aliases (*) and tags (!) aren't taken"},
        {"a: !!int 1\n", "Line 1: Anchors (&), aliases (*) and tags (!) aren't taken"},
        {"a: !x [b]\n", "Line 1: Anchors (&), aliases (*) and tags (!) aren't taken"},
        {"&k a: 1\n", "Line 1: A key must be a plain text"},
        {"? [a]\n: 1\n", "Line 1: A key must be a plain text"},
        {"a: 1\nb: 2\na: 3\n", "Line 3: the key \"a\" stands twice"},
        {"a: 1\n---\nb: 2\n", "Line 3: There is more than one document"},
        {"a: \"x\\0y\"\n", "Line 1: A NUL can't stand in a text"},
        {"a: [b\n", "Line 2: did not find expected ',' or ']', while parsing a flow sequence"},
        {"a: 1\n\tb: 2\n",
         "Line 2: found a tab character that violates indentation, while scanning a plain scalar"},
        {"[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", "Line 1: It is nested too deeply"},
    };
    char *long_text = calloc(1, YAML_SIZE_MAX + 1);
    struct lbstate_error error;
    json_t *value;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(yaml_read(cases[i].yaml, strlen(cases[i].yaml), &value, &error),
                         LBSTATE_INVALID);
        assert_string_equal(error.message, cases[i].message);
    }
    assert_int_equal(yaml_read("a: \xff", 4, &value, &error), LBSTATE_INVALID);
    assert_non_null(long_text);
    memset(long_text, '\n', YAML_SIZE_MAX + 1);
    assert_int_equal(yaml_read(long_text, YAML_SIZE_MAX, &value, &error), LBSTATE_OK);
    json_decref(value);
    assert_int_equal(yaml_read(long_text, YAML_SIZE_MAX + 1, &value, &error), LBSTATE_INVALID);
    assert_string_equal(error.message, "The YAML has more than 4194304 bytes");
    free(long_text);
}

static void fields_are_checked(void **state)
{
    static const struct field inner[] = {
        {"name", FIELD_TEXT, NULL},
        {"to", FIELD_TEXT_LIST, NULL},
        {NULL, FIELD_IGNORED, NULL},
    };
    static const struct field fields[] = {
        {"description", FIELD_TEXT, NULL},   {"config", FIELD_TEXT_MAP, NULL},
        {"parts", FIELD_RECORD_LIST, inner}, {"status", FIELD_IGNORED, NULL},
        {NULL, FIELD_IGNORED, NULL},
    };
    static const struct {
        const char *yaml;
        const char *result;
    } cases[] = {
        {"", "{\"description\":\"\",\"config\":{},\"parts\":[]}"},
        {"{}", "{\"description\":\"\",\"config\":{},\"parts\":[]}"},
        {"{status: [x], description: null, config: null, parts: null}",
         "{\"description\":\"\",\"config\":{},\"parts\":[]}"},
        {"{config: {a: 1, b: ~}, parts: [{name: x, to: [a, 2]}, {}]}",
         "{\"description\":\"\",\"config\":{\"a\":\"1\",\"b\":\"\"},\"parts\":[{\"name\":\"x\","
         "\"to\":[\"a\",\"2\"]},{\"name\":\"\",\"to\":[]}]}"},
        {"[]", "A record must be a mapping"},
        {"text", "A record must be a mapping"},
        {"{descriptoin: x}", "descriptoin is no field of this record"},
        {"{description: [x]}", "description must be a text"},
        {"{config: [x]}", "config must be a mapping of keys to texts"},
        {"{config: {a: {b: c}}}", "config.a must be a text"},
        {"{parts: {}}", "parts must be a list"},
        {"{parts: [x]}", "parts[0] must be a mapping"},
        {"{parts: [{}, {nam: x}]}", "parts[1].nam is no field of this record"},
        {"{parts: [{to: [[]]}]}", "parts[0].to[0] must be a text"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lbstate_error error;
        json_t *record;
        int rv = fields_read(cases[i].yaml, strlen(cases[i].yaml), fields, &record, &error);

        if (rv == LBSTATE_OK) {
            char *json = json_dumps(record, JSON_COMPACT);

            assert_string_equal(json, cases[i].result);
            free(json);
            json_decref(record);
        } else {
            assert_int_equal(rv, LBSTATE_INVALID);
            assert_string_equal(error.message, cases[i].result);
        }
    }
}

/* What `show` prints can be given back to `edit` and `create`. */
static void standard_input_replaces_and_creates(void **state)
{
    struct fake_incus incus = {0};
    const char *socket;
    char *shown;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    assert_int_equal(lbctl(socket, "lb", "show", "ovn0", "192.0.2.1"), 0);
    shown = strdup(ctl_printed.out);
    assert_non_null(shown);
    assert_int_equal(lbctl_with(shown, socket, "lb", "edit", "ovn0", "192.0.2.1"), 0);
    assert_string_equal(fake_daemon_request(incus.daemon, 1),
                        "PUT " LB " {\"description\":\"old\",\"config\":{\"user.foo\":\"bar\"},"
                        "\"backends\":[],\"ports\":[]}");
    assert_int_equal(lbctl_with(shown, socket, "lb", "create", "ovn0", "192.0.2.2", "user.x=y",
                                "user.foo=", "--description", "new"),
                     0);
    assert_string_equal(fake_daemon_request(incus.daemon, 2),
                        "POST /1.0/networks/ovn0/load-balancers {\"description\":\"new\","
                        "\"config\":{\"user.x\":\"y\"},\"backends\":[],\"ports\":[],"
                        "\"listen_address\":\"192.0.2.2\"}");
    free(shown);
    assert_int_equal(lbctl_with("config: {a: 1}\n", socket, "network", "edit", "ovn0"), 0);
    assert_string_equal(fake_daemon_request(incus.daemon, 3),
                        "PUT " NETWORK " {\"description\":\"\",\"config\":{\"a\":\"1\"}}");
    assert_int_equal(lbctl_with("backends: []\n", socket, "network", "edit", "ovn0"), 2);
    assert_string_equal(ctl_printed.err, "Error: backends is no field of this record\n");
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 4);
    stop(&incus);
}

/* Standard input that was forgotten doesn't empty a record. */
static void nothing_is_no_record(void **state)
{
    static const char *const nothing[] = {"", "\n", "# A comment.\n\n  # {}\n"};
    struct fake_incus incus = {0};
    const char *socket;

    (void)state;
    start(&incus);
    socket = fake_daemon_socket(incus.daemon);
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
        assert_int_equal(lbctl_with(nothing[i], socket, "network", "edit", "ovn0"), 2);
        assert_string_equal(ctl_printed.err,
                            "Error: The new record is empty, and nothing was changed. Write {} if "
                            "it is to have no description, config or anything else\n");
    }
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 0);
    assert_int_equal(lbctl_with("# All of it.\n{}\n", socket, "network", "edit", "ovn0"), 0);
    assert_string_equal(fake_daemon_request(incus.daemon, 0),
                        "PUT " NETWORK " {\"description\":\"\",\"config\":{}}");
    stop(&incus);
}

/* lbctl on a terminal, on which KEYS are typed. */
static int run_on_terminal(const char *socket, const char *keys, char **ret_err)
{
    char *argv[] = {"lbctl",     "--socket", (char *)(size_t)socket, "lb", "edit", "ovn0",
                    "192.0.2.1", NULL};
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    size_t size;
    FILE *err = open_memstream(ret_err, &size);
    FILE *in;
    int rv;

    assert_true(terminal >= 0);
    assert_int_equal(grantpt(terminal), 0);
    assert_int_equal(unlockpt(terminal), 0);
    in = fopen(ptsname(terminal), "r+");
    assert_non_null(in);
    assert_int_equal(write(terminal, keys, strlen(keys)), (ssize_t)strlen(keys));
    rv = (int)ctl_main(7, argv, in, stdout, err);
    fclose(in);
    fclose(err);
    close(terminal);
    return rv;
}

/* A folder for the editor's files, which must be empty in the end. */
static char folder[] = "/tmp/lbctl-edit-XXXXXX";

static size_t n_files(void)
{
    char pattern[64];
    glob_t found;
    size_t n;

    snprintf(pattern, sizeof pattern, "%s/*.yaml", folder);
    n = glob(pattern, 0, NULL, &found) == 0 ? found.gl_pathc : 0;
    if (n > 0) {
        struct stat status;

        assert_int_equal(stat(found.gl_pathv[0], &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
        assert_int_equal(unlink(found.gl_pathv[0]), 0);
        globfree(&found);
    }
    return n;
}

static void an_editor_changes_a_record(void **state)
{
    struct fake_incus incus = {0};
    char *err;
    char *record;

    (void)state;
    start(&incus);
    setenv("EDITOR", "sed -i -e 's/^description: old/description: \"new one\"/'", 1);
    assert_int_equal(run_on_terminal(fake_daemon_socket(incus.daemon), "", &err), 0);
    assert_string_equal(err, "");
    free(err);
    record = fake_incus_record(&incus, "default", LB);
    assert_non_null(strstr(record, "\"description\":\"new one\""));
    assert_non_null(strstr(record, "\"user.foo\":\"bar\""));
    free(record);
    assert_int_equal(n_files(), 0);

    setenv("VISUAL", "true", 1);
    assert_int_equal(run_on_terminal(fake_daemon_socket(incus.daemon), "", &err), 0);
    assert_string_equal(err, "Nothing was changed\n");
    free(err);
    assert_int_equal(fake_daemon_n_requests(incus.daemon), 3);
    assert_int_equal(n_files(), 0);
    unsetenv("VISUAL");
    stop(&incus);
}

/* The first round makes a mistake, the second one cures it. */
static void a_mistake_goes_back_to_the_editor(void **state)
{
    struct fake_incus incus = {0};
    char *err;
    char *record;

    (void)state;
    start(&incus);
    setenv(
        "EDITOR",
        "sed -i -e 's/^descripton: old/description: cured/' -e t -e 's/^description/descripton/'",
        1);
    assert_int_equal(run_on_terminal(fake_daemon_socket(incus.daemon), "\n", &err), 0);
    assert_string_equal(err, "Config parsing error: descripton is no field of this record\n"
                             "Press enter to open the editor again or ctrl+c to abort change\n");
    free(err);
    record = fake_incus_record(&incus, "default", LB);
    assert_non_null(strstr(record, "\"description\":\"cured\""));
    free(record);
    assert_int_equal(n_files(), 0);
    stop(&incus);
}

static void what_was_written_is_kept_if_it_fails(void **state)
{
    struct fake_incus incus = {.n_interferences = 1};
    char *err;

    (void)state;
    start(&incus);
    setenv("EDITOR", "sed -i -e 's/old/new/'", 1);
    assert_int_equal(run_on_terminal(fake_daemon_socket(incus.daemon), "", &err), 1);
    assert_non_null(strstr(err, "Error: Somebody else changed the record meanwhile: edit it once "
                                "more. What you wrote is in /tmp/lbctl-edit-"));
    free(err);
    assert_int_equal(n_files(), 1);

    /* End of file instead of the enter key: the user gives up. */
    setenv("EDITOR", "sed -i -e 's/^description/descripton/'", 1);
    assert_int_equal(run_on_terminal(fake_daemon_socket(incus.daemon), "\x04", &err), 2);
    assert_non_null(strstr(err, "Error: descripton is no field of this record. What you wrote is "
                                "in /tmp/lbctl-edit-"));
    free(err);
    assert_int_equal(n_files(), 1);

    setenv("EDITOR", "false", 1);
    assert_int_equal(run_on_terminal(fake_daemon_socket(incus.daemon), "", &err), 2);
    assert_non_null(strstr(err, "Error: The editor (false) failed, nothing was changed. "));
    free(err);
    assert_int_equal(n_files(), 1);
    stop(&incus);
}

static int make_folder(void **state)
{
    (void)state;
    unsetenv("VISUAL");
    return mkdtemp(folder) == NULL || setenv("TMPDIR", folder, 1) != 0 ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yaml_is_read_as_text),
        cmocka_unit_test(yaml_that_could_surprise_is_refused),
        cmocka_unit_test(fields_are_checked),
        cmocka_unit_test(standard_input_replaces_and_creates),
        cmocka_unit_test(nothing_is_no_record),
        cmocka_unit_test(an_editor_changes_a_record),
        cmocka_unit_test(a_mistake_goes_back_to_the_editor),
        cmocka_unit_test(what_was_written_is_kept_if_it_fails),
    };

    (void)setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
