/* Dumps of Incus' database: what is read of them, what is in doubt, and that a
 * dump can do nothing but be one. */
#include "ctl/import_dump.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA                                                                                     \
    "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n"                                               \
    "CREATE TABLE projects (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT,"             \
    " description TEXT, UNIQUE (name));\n"                                                         \
    "CREATE TABLE IF NOT EXISTS \"projects_config\" (id INTEGER PRIMARY KEY, project_id INTEGER,"  \
    " key TEXT, value TEXT);\n"                                                                    \
    "CREATE TABLE networks (id INTEGER PRIMARY KEY, project_id INTEGER, name TEXT,"                \
    " description TEXT, state INTEGER, type INTEGER);\n"                                           \
    "CREATE TABLE networks_config (id INTEGER PRIMARY KEY, network_id INTEGER, node_id INTEGER,"   \
    " key TEXT, value TEXT);\n"                                                                    \
    "CREATE TABLE networks_load_balancers (id INTEGER PRIMARY KEY, network_id INTEGER,"            \
    " node_id INTEGER, listen_address TEXT, description TEXT, backends TEXT, ports TEXT);\n"       \
    "CREATE TABLE networks_load_balancers_config (id INTEGER PRIMARY KEY,"                         \
    " network_load_balancer_id INTEGER, key TEXT, value TEXT);\n"                                  \
    "CREATE TABLE networks_forwards (id INTEGER PRIMARY KEY, network_id INTEGER, node_id INTEGER," \
    " listen_address TEXT, description TEXT, ports TEXT);\n"                                       \
    "CREATE TABLE networks_forwards_config (id INTEGER PRIMARY KEY, network_forward_id INTEGER,"   \
    " key TEXT, value TEXT);\n"
#define ROWS                                                                                       \
    "INSERT INTO projects VALUES(1,'default','it''s');\n"                                          \
    "INSERT INTO projects_config VALUES(1,1,'features.networks','true');\n"                        \
    "INSERT INTO networks VALUES(1,1,'UPLINK','',1,4);\n"                                          \
    "INSERT INTO networks VALUES(2,1,'ovn0','',1,3);\n"                                            \
    "INSERT INTO networks_config VALUES(1,1,NULL,'ipv4.gateway','192.0.2.1/24');\n"                \
    "INSERT INTO networks_config VALUES(2,1,1,'parent','br-ext');\n"                               \
    "INSERT INTO networks_load_balancers VALUES(7,2,NULL,'192.0.2.9','x',"                         \
    "'[{\"name\":\"\\u003cb\\u003e\"}]','null');\n"                                                \
    "INSERT INTO networks_forwards VALUES(5,2,NULL,'192.0.2.8','y',"                               \
    "'[{\"listen_port\":\"80\",\"snat\":false}]');\n"                                              \
    "INSERT INTO networks_forwards_config VALUES(1,5,'target_address','10.0.0.1');\n"
#define END                                                                                        \
    "DELETE FROM sqlite_sequence;\nINSERT INTO sqlite_sequence VALUES('projects',1);\nCOMMIT;\n"

/* Reads a dump from memory. */
static int read_dump_n(struct import_data *data, const char *text, size_t size,
                       struct lbstate_error *error)
{
    FILE *in = fmemopen((char *)text, size, "r");
    int rv;

    assert_non_null(in);
    rv = import_read_dump(data, "-", in, error);
    fclose(in);
    return rv;
}

static int read_dump(struct import_data *data, const char *text, struct lbstate_error *error)
{
    return read_dump_n(data, text, strlen(text), error);
}

static void assert_read(struct import_data *data, const char *text)
{
    struct lbstate_error error = {.message = ""};

    if (read_dump(data, text, &error) != LBSTATE_OK) {
        fail_msg("%s", error.message);
    }
}

/* RECORD is EXPECTED, a JSON text. */
static void assert_record(const struct import_record *record, const char *expected)
{
    json_t *value = json_loads(expected, 0, NULL);

    assert_non_null(value);
    if (!json_equal(record->record, value)) {
        char *received = json_dumps(record->record, 0);

        fail_msg("expected %s, got %s", expected, received);
    }
    json_decref(value);
}

static void rows_become_records(void **state)
{
    struct import_data data = {.n_records = 0};

    (void)state;
    assert_read(&data, SCHEMA ROWS END);
    assert_int_equal(data.n_records, 5);
    assert_null(data.inexact);

    assert_int_equal(data.records[0].kind, IMPORT_PROJECT);
    assert_string_equal(data.records[0].name, "default");
    assert_string_equal(data.records[0].place, "standard input: projects, id 1");
    assert_record(&data.records[0],
                  "{\"description\":\"it's\",\"config\":{\"features.networks\":\"true\"}}");

    assert_int_equal(data.records[1].kind, IMPORT_UPLINK);
    assert_string_equal(data.records[1].project, "default");
    assert_record(&data.records[1], "{\"description\":\"\",\"type\":\"physical\",\"config\":{"
                                    "\"ipv4.gateway\":\"192.0.2.1/24\",\"parent\":\"br-ext\"}}");
    assert_int_equal(data.records[2].kind, IMPORT_NETWORK);

    assert_int_equal(data.records[3].kind, IMPORT_LOAD_BALANCER);
    assert_string_equal(data.records[3].name, "192.0.2.9");
    assert_string_equal(data.records[3].network, "ovn0");
    assert_string_equal(data.records[3].project, "default");
    assert_string_equal(data.records[3].place, "standard input: networks_load_balancers, id 7");
    assert_record(&data.records[3],
                  "{\"listen_address\":\"192.0.2.9\",\"description\":\"x\",\"config\":{},"
                  "\"backends\":[{\"name\":\"<b>\"}],\"ports\":null}");

    assert_int_equal(data.records[4].kind, IMPORT_FORWARD);
    assert_string_equal(data.records[4].name, "192.0.2.8");
    assert_string_equal(data.records[4].network, "ovn0");
    assert_string_equal(data.records[4].project, "default");
    assert_string_equal(data.records[4].place, "standard input: networks_forwards, id 5");
    assert_record(&data.records[4],
                  "{\"listen_address\":\"192.0.2.8\",\"description\":\"y\",\"config\":{"
                  "\"target_address\":\"10.0.0.1\"},\"ports\":[{\"listen_port\":\"80\",\"snat\":"
                  "false}]}");
    import_data_close(&data);
}

static void only_what_is_ambiguous_is_in_doubt(void **state)
{
    static const struct {
        const char *value;    /* As it stands in a dump. */
        const char *expected; /* What it is read as. */
        bool inexact;
    } cases[] = {
        {"'plain'", "plain", false},
        {"''", "", false},
        {"NULL", "", false},
        /* No line end, hence no replace(): the two characters are what they are. */
        {"'a\\nb\\nc\\r'", "a\\nb\\nc\\r", false},
        /* A raw line end is one, however many there are. */
        {"'a\nb\nc'", "a\nb\nc", false},
        /* replace() is there because of one line end. */
        {"replace('a\\nb','\\n',char(10))", "a\nb", false},
        {"replace('a\\rb','\\r',char(13))", "a\rb", false},
        {"replace('\\\\n','\\n',char(10))", "\\\n", false},
        {"replace('a\\r\\\\nb','\\n',char(10))", "a\\r\\\nb", false},
        {"replace(replace('a\\r\\nb','\\r',char(13)),'\\n',char(10))", "a\r\nb", false},
        /* Which of the two is one? */
        {"replace('a\\nb\\nc','\\n',char(10))", "a\nb\nc", true},
        {"replace('\\r\\r','\\r',char(13))", "\r\r", true},
        {"replace(replace('\\r\\r\\n','\\r',char(13)),'\\n',char(10))", "\r\r\n", true},
        {"replace(replace('\\r\\n\\n','\\r',char(13)),'\\n',char(10))", "\r\n\n", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct import_data data = {.n_records = 0};
        char text[4096];
        const json_t *record;
        const char *read;

        snprintf(text, sizeof text,
                 SCHEMA "INSERT INTO projects VALUES(3,'p',%s);\n"
                        "INSERT INTO projects_config VALUES(1,3,'user.a',%s);\n" END,
                 cases[i].value, cases[i].value);
        assert_read(&data, text);
        record = data.records[0].record;
        read = json_string_value(json_object_get(record, "description"));
        assert_string_equal(read, cases[i].expected);
        read = json_string_value(json_object_get(json_object_get(record, "config"), "user.a"));
        assert_string_equal(read, cases[i].expected);
        if (json_array_size(data.inexact) != (cases[i].inexact ? 2 : 0)) {
            fail_msg("%s: %zu notes", cases[i].value, json_array_size(data.inexact));
        }
        if (cases[i].inexact) {
            const json_t *note = json_array_get(data.inexact, 1);

            assert_string_equal(json_string_value(json_object_get(note, "place")),
                                "standard input: projects, id 3");
            assert_string_equal(json_string_value(json_object_get(note, "name")), "p");
            assert_non_null(
                strstr(json_string_value(json_object_get(note, "problem")), "user.a may not"));
        }
        import_data_close(&data);
    }
}

static void keys_that_differ_between_members_are_told(void **state)
{
    static const char rows[] =
        SCHEMA ROWS "INSERT INTO networks_config VALUES(8,1,2,'parent','br-ext');\n"
                    "INSERT INTO networks_config VALUES(9,1,3,'parent','br-other');\n" END;
    struct import_data data = {.n_records = 0};
    const json_t *config;

    (void)state;
    assert_read(&data, rows);
    config = json_object_get(data.records[1].record, "config");
    assert_string_equal(json_string_value(json_object_get(config, "parent")), "br-ext");
    assert_int_equal(json_array_size(data.inexact), 1);
    import_data_close(&data);
}

/* Triggers, views and indexes of a dump are passed over. */
static void nothing_of_a_dump_runs_but_its_inserts(void **state)
{
    static const char text[] =
        SCHEMA "CREATE TRIGGER t AFTER INSERT ON projects BEGIN DELETE FROM projects; END;\n"
               "CREATE VIEW v (a) AS SELECT load_extension('x');\n"
               "CREATE UNIQUE INDEX i ON networks (abs(id));\n" ROWS END;
    struct import_data data = {.n_records = 0};

    (void)state;
    assert_read(&data, text);
    assert_int_equal(data.n_records, 5);
    import_data_close(&data);
}

static void assert_refused_n(const char *text, size_t size, const char *words)
{
    struct import_data data = {.n_records = 0};
    struct lbstate_error error = {.message = ""};

    assert_int_equal(read_dump_n(&data, text, size, &error), LBSTATE_REFUSED);
    if (strstr(error.message, words) == NULL) {
        fail_msg("%.2000s: expected %s, got: %s", text, words, error.message);
    }
    import_data_close(&data);
}

static void what_is_no_dump_is_refused(void **state)
{
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        {"{}", "line 1: "},
        {"SELECT 1;", "line 1: not authorized"},
        {"CREATE TABLE a (b);", "no such table: projects"},
        {SCHEMA ROWS, "cut off"},
        {SCHEMA "INSERT INTO projects VALUES(1,'de", "line 11: unrecognized token"},
        {SCHEMA "INSERT INTO projects VALUES(1,'x','x','x');\n" END, "line 11: "},
        {SCHEMA "ATTACH '/tmp/x' AS x;" END, "line 11: not authorized"},
        {SCHEMA "DETACH main;" END, "not authorized"},
        {"VACUUM INTO '/tmp/x';", "authorization denied"},
        {"PRAGMA writable_schema=ON;", "not authorized"},
        {"PRAGMA mmap_size=1;", "not authorized"},
        {SCHEMA "UPDATE projects SET name = 'x';" END, "not authorized"},
        {SCHEMA "UPDATE sqlite_master SET sql = 'x';" END, "may not be modified"},
        {SCHEMA "DELETE FROM projects;" END, "not authorized"},
        {SCHEMA "DROP TABLE projects;" END, "not authorized"},
        {SCHEMA "ALTER TABLE projects RENAME TO x;" END, "not authorized"},
        {SCHEMA "CREATE TEMP TABLE x (a);" END, "not authorized"},
        {SCHEMA "CREATE VIRTUAL TABLE x USING fts5(a);" END, "not authorized"},
        {SCHEMA "CREATE TABLE x AS SELECT 1;" END, "not authorized"},
        {SCHEMA "INSERT INTO projects SELECT 1, 'a', 'b';" END, "not authorized"},
        {SCHEMA "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n)"
                " INSERT INTO projects SELECT i, i, i FROM n;" END,
         "not authorized"},
        {SCHEMA "INSERT INTO projects VALUES(1,'x',(SELECT 1));" END, "not authorized"},
        {SCHEMA "INSERT INTO projects VALUES(1,'x',load_extension('x'));" END, "not authorized"},
        {SCHEMA "INSERT INTO projects VALUES(1,'x',zeroblob(1000000000));" END, "not authorized"},
        {SCHEMA "INSERT INTO projects VALUES(1,'x',randomblob(9));" END, "not authorized"},
        {SCHEMA "INSERT INTO projects VALUES(1,'x',replace('a','a','bb'));" END, "replace()"},
        {SCHEMA "INSERT INTO projects VALUES(1,'x',replace('a','','b'));" END, "replace()"},
        {SCHEMA "INSERT INTO projects VALUES(1,'x',1+(1+(1+(1+(1+(1+(1+(1+(1+(1+1))))))))));" END,
         "maximum depth"},
        {SCHEMA "INSERT INTO projects VALUES(1,NULL,'');" END, "projects, id 1: a project must"},
        {SCHEMA "INSERT INTO projects VALUES(1,'x',CAST(X'FF' AS TEXT));" END, "isn't UTF-8"},
        {SCHEMA ROWS "INSERT INTO networks VALUES(9,1,'x','',1,5);" END,
         "networks, id 9: the type of the network is unknown"},
        {SCHEMA ROWS "INSERT INTO networks VALUES(9,8,'x','',1,3);" END, "project isn't"},
        {SCHEMA ROWS "INSERT INTO networks_load_balancers VALUES(9,9,NULL,'x','','[]','[]');" END,
         "networks_load_balancers, id 9: its network isn't in the dump"},
        {SCHEMA ROWS "INSERT INTO networks_load_balancers VALUES(9,2,NULL,'x','','[','[]');" END,
         "backends or ports"},
        {SCHEMA ROWS "INSERT INTO networks_load_balancers VALUES(9,2,NULL,'x','','[]','{}');" END,
         "backends or ports"},
        {SCHEMA ROWS "INSERT INTO networks_forwards VALUES(9,9,NULL,'x','','[]');" END,
         "networks_forwards, id 9: its network isn't in the dump"},
        {SCHEMA ROWS "INSERT INTO networks_forwards VALUES(9,2,NULL,'','','[]');" END,
         "networks_forwards, id 9: it must have a listen address"},
        {SCHEMA ROWS "INSERT INTO networks_forwards VALUES(9,2,NULL,'x','','{}');" END,
         "backends or ports"},
        {SCHEMA ROWS "INSERT INTO projects_config VALUES(9,1,'','x');" END, "config key"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_refused_n(cases[i].text, strlen(cases[i].text), cases[i].words);
    }
    assert_refused_n(SCHEMA "\0" END, sizeof SCHEMA + sizeof END - 1, "NUL");
}

static void sizes_have_limits(void **state)
{
    static const char before[] = SCHEMA "INSERT INTO projects VALUES(1,'x','";
    static const char after[] = "');\n" END;
    const size_t size = 16 * 1024 * 1024;
    struct import_data data = {.file_size_max = sizeof(SCHEMA ROWS END) - 1};
    struct lbstate_error error = {.message = ""};
    char *text = malloc(sizeof before + size + sizeof after);

    (void)state;
    assert_read(&data, SCHEMA ROWS END);
    import_data_close(&data);
    data.file_size_max = sizeof(SCHEMA ROWS END) - 2;
    assert_int_equal(read_dump(&data, SCHEMA ROWS END, &error), LBSTATE_TOO_LARGE);
    import_data_close(&data);
    data.records_max = 3;
    assert_int_equal(read_dump(&data, SCHEMA ROWS END, &error), LBSTATE_TOO_LARGE);
    import_data_close(&data);

    assert_non_null(text);
    memcpy(text, before, sizeof before - 1);
    memset(text + sizeof before - 1, 'x', size);
    strcpy(text + sizeof before - 1 + size, after);
    assert_refused_n(text, strlen(text), "too big");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_records),
        cmocka_unit_test(only_what_is_ambiguous_is_in_doubt),
        cmocka_unit_test(keys_that_differ_between_members_are_told),
        cmocka_unit_test(nothing_of_a_dump_runs_but_its_inserts),
        cmocka_unit_test(what_is_no_dump_is_refused),
        cmocka_unit_test(sizes_have_limits),
    };

    return cmocka_run_group_tests_name("lbctl import --incus-dump", tests, NULL, NULL);
}
