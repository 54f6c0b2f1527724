/* Which SQL of a person may reach the engine, and in which pieces. */
#include "lb/sql_guard.h"
#include "base/buffer.h"
#include "test/lib/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

static void scripts_are_split(void **state)
{
    static const struct {
        const char *text;
        const char *statements[5]; /* Each begins with "r" if it returns rows, else "-". */
    } cases[] = {
        {"", {NULL}},
        {" ;; -- nothing\n;/* ; */", {NULL}},
        {"SELECT 1", {"rSELECT 1", NULL}},
        {"SELECT 1;", {"rSELECT 1", NULL}},
        {" select 1 ;\n UPDATE t SET a = 2 ; ", {"rselect 1", "-UPDATE t SET a = 2", NULL}},
        {"SELECT ';' ; SELECT ';;''; '", {"rSELECT ';'", "rSELECT ';;''; '", NULL}},
        {"SELECT \";\" FROM \"a\"\";\"; SELECT [;] FROM `a;```",
         {"rSELECT \";\" FROM \"a\"\";\"", "rSELECT [;] FROM `a;```", NULL}},
        {"SELECT 1 -- ; no\n, 2; SELECT 3 /* ; ' */ , 4",
         {"rSELECT 1 -- ; no\n, 2", "rSELECT 3 /* ; ' */ , 4", NULL}},
        {"SELECT 1 /* it ends with the text; ", {"rSELECT 1", NULL}},
        {"SELECT 1 /*/; */ + 2", {"rSELECT 1 /*/; */ + 2", NULL}},
        {"-- first\nSELECT 1", {"rSELECT 1", NULL}},
        {"SELECT 5-3, 4/2, 'a'||'b'", {"rSELECT 5-3, 4/2, 'a'||'b'", NULL}},
        {"\xef\xbb\xbfSELECT 1", {"rSELECT 1", NULL}},
        /* What returns rows. */
        {"VALUES (1), (2)", {"rVALUES (1), (2)", NULL}},
        {"EXPLAIN DELETE FROM t", {"rEXPLAIN DELETE FROM t", NULL}},
        {"EXPLAIN QUERY PLAN SELECT 1", {"rEXPLAIN QUERY PLAN SELECT 1", NULL}},
        {"explain with x as (select 1) insert into t select * from x",
         {"rexplain with x as (select 1) insert into t select * from x", NULL}},
        {"WITH x AS (SELECT 1) SELECT * FROM x", {"rWITH x AS (SELECT 1) SELECT * FROM x", NULL}},
        {"WITH RECURSIVE x(a, b) AS MATERIALIZED (VALUES (1, 2)), \"y\" AS NOT MATERIALIZED "
         "(SELECT 2) VALUES (1)",
         {"rWITH RECURSIVE x(a, b) AS MATERIALIZED (VALUES (1, 2)), \"y\" AS NOT MATERIALIZED "
          "(SELECT 2) VALUES (1)",
          NULL}},
        {"WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
         {"-WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", NULL}},
        {"WITH x AS (SELECT 1) UPDATE t SET a = (SELECT 1)",
         {"-WITH x AS (SELECT 1) UPDATE t SET a = (SELECT 1)", NULL}},
        {"WITH x AS (SELECT revision FROM store_revision) SELECT * FROM x, schema",
         {"rWITH x AS (SELECT revision FROM store_revision) SELECT * FROM x, schema", NULL}},
        {"UPDATE networks SET description = 'store_front'",
         {"-UPDATE networks SET description = 'store_front'", NULL}},
        {"WITH replace AS (SELECT 1) SELECT 2", {"rWITH replace AS (SELECT 1) SELECT 2", NULL}},
        {"WITH x AS (SELECT 1) DELETE FROM t; SELECT 1",
         {"-WITH x AS (SELECT 1) DELETE FROM t", "rSELECT 1", NULL}},
        {"INSERT INTO t SELECT 1", {"-INSERT INTO t SELECT 1", NULL}},
        {"REPLACE INTO t VALUES (1)", {"-REPLACE INTO t VALUES (1)", NULL}},
        {"CREATE TABLE t AS SELECT 1 AS a", {"-CREATE TABLE t AS SELECT 1 AS a", NULL}},
        {"DROP TABLE t; ANALYZE; REINDEX", {"-DROP TABLE t", "-ANALYZE", "-REINDEX", NULL}},
        /* Triggers. */
        {"CREATE TRIGGER a AFTER INSERT ON t BEGIN UPDATE t SET a = 1; DELETE FROM u; END; SELECT "
         "1",
         {"-CREATE TRIGGER a AFTER INSERT ON t BEGIN UPDATE t SET a = 1; DELETE FROM u; END",
          "rSELECT 1", NULL}},
        {"CREATE TRIGGER IF NOT EXISTS a AFTER UPDATE ON t WHEN CASE NEW.a WHEN 1 THEN 0 ELSE 1 "
         "END "
         "BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT CASE 1 WHEN 2 THEN 3 END; end /* x */; "
         "SELECT 2;",
         {"-CREATE TRIGGER IF NOT EXISTS a AFTER UPDATE ON t WHEN CASE NEW.a WHEN 1 THEN 0 ELSE 1 "
          "END BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT CASE 1 WHEN 2 THEN 3 END; end",
          "rSELECT 2", NULL}},
        {"CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 'x;END;'; END",
         {"-CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 'x;END;'; END", NULL}},
        {"CREATE TRIGGER a; SELECT 1", {"-CREATE TRIGGER a", "rSELECT 1", NULL}},
        {"CREATE TABLE trigger_begin (a); SELECT 1",
         {"-CREATE TABLE trigger_begin (a)", "rSELECT 1", NULL}},
        /* What looks like something that is refused. */
        {"SELECT 'PRAGMA', \"RETURNING\", [vacuum], `attach` -- PRAGMA\n",
         {"rSELECT 'PRAGMA', \"RETURNING\", [vacuum], `attach`", NULL}},
        {"SELECT :returning, @returning, $returning, returning1 FROM \"t\"",
         {"rSELECT :returning, @returning, $returning, returning1 FROM \"t\"", NULL}},
        {"SELECT pragma FROM vacuum", {"rSELECT pragma FROM vacuum", NULL}},
        {"SELECT load_extension FROM t", {"rSELECT load_extension FROM t", NULL}},
        {"SELECT date('now'), CAST(a AS boolean) FROM t",
         {"rSELECT date('now'), CAST(a AS boolean) FROM t", NULL}},
        {"CREATE TABLE t (\"date\" TEXT DEFAULT 'date', b TEXT CHECK (b IN ('boolean')), "
         "PRIMARY KEY (\"date\"))",
         {"-CREATE TABLE t (\"date\" TEXT DEFAULT 'date', b TEXT CHECK (b IN ('boolean')), "
          "PRIMARY KEY (\"date\"))",
          NULL}},
        {"ALTER TABLE t ADD COLUMN \"timestamp\" INTEGER",
         {"-ALTER TABLE t ADD COLUMN \"timestamp\" INTEGER", NULL}},
        {"ALTER TABLE t RENAME COLUMN \"date\" TO \"boolean\"",
         {"-ALTER TABLE t RENAME COLUMN \"date\" TO \"boolean\"", NULL}},
        {"CREATE INDEX i ON t (temp)", {"-CREATE INDEX i ON t (temp)", NULL}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error error = ERROR_INIT;
        struct sql_script script;
        int rv = sql_guard(cases[i].text, &arena, &script, &error);
        size_t n = 0;

        assert_string_equal(error.message, "");
        assert_int_equal(rv, ERROR_NONE);
        for (; cases[i].statements[n] != NULL; n++) {
            assert_true(n < script.n_statements);
            assert_string_equal(script.statements[n].text, cases[i].statements[n] + 1);
            if (script.statements[n].returns_rows != (cases[i].statements[n][0] == 'r')) {
                fail_msg("%s", script.statements[n].text);
            }
        }
        assert_int_equal(script.n_statements, n);
        arena_close(&arena);
    }
}

#define PRAGMA_REASON "it changes or stops the engine of this member"
#define STORE_REASON                                                                               \
    "a change of a table of the store is refused: the store keeps its revision, its request ids "  \
    "and its version there"
#define TRANSACTION_REASON "lbstate begins and ends the transactions itself"
#define TEMPORARY_REASON   "temporary objects are not replicated"
#define RETURNING_REASON                                                                           \
    "the engine can't replicate it; SELECT afterwards instead, or quote it if it is a name"
#define TYPE_REASON                                                                                \
    "the engine stops when a column of that type holds something else; use INTEGER or TEXT, or "   \
    "quote it if it is a name"

static void the_dangerous_is_refused(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"PRAGMA page_size = 8192", "Statement 1: PRAGMA is refused: " PRAGMA_REASON},
        {"SELECT 1; ; pragma foreign_keys", "Statement 2: PRAGMA is refused: " PRAGMA_REASON},
        {"/* x */ -- y\n PrAgMa x", "Statement 1: PRAGMA is refused: " PRAGMA_REASON},
        {"EXPLAIN PRAGMA x", "Statement 1: PRAGMA is refused: " PRAGMA_REASON},
        {"EXPLAIN QUERY PLAN PRAGMA x", "Statement 1: PRAGMA is refused: " PRAGMA_REASON},
        {"EXPLAIN \v PRAGMA x", "Statement 1: PRAGMA is refused: " PRAGMA_REASON},
        {"\xef\xbb\xbfPRAGMA x", "Statement 1: PRAGMA is refused: " PRAGMA_REASON},
        {"EXPLAIN\xef\xbb\xbfPRAGMA x",
         "Statement 1: no statement here can begin with \"EXPLAIN\\ufeffPRAGMA\""},
        {"SELECT * FROM pragma_page_size",
         "Statement 1: a table-valued PRAGMA is refused: " PRAGMA_REASON},
        {"SELECT * FROM \"PRAGMA_table_info\"('t')",
         "Statement 1: a table-valued PRAGMA is refused: " PRAGMA_REASON},
        {"VACUUM",
         "Statement 1: VACUUM is refused: it rewrites the database behind the engine's back"},
        {"VACUUM INTO 'x'",
         "Statement 1: VACUUM is refused: it rewrites the database behind the engine's back"},
        {"ATTACH 'x' AS y",
         "Statement 1: ATTACH is refused: only the replicated database can be used"},
        {"DETACH y", "Statement 1: DETACH is refused: only the replicated database can be used"},
        {"BEGIN IMMEDIATE", "Statement 1: BEGIN is refused: " TRANSACTION_REASON},
        {"COMMIT", "Statement 1: COMMIT is refused: " TRANSACTION_REASON},
        {"END TRANSACTION", "Statement 1: END is refused: " TRANSACTION_REASON},
        {"ROLLBACK", "Statement 1: ROLLBACK is refused: " TRANSACTION_REASON},
        {"SAVEPOINT a", "Statement 1: SAVEPOINT is refused: " TRANSACTION_REASON},
        {"RELEASE a", "Statement 1: RELEASE is refused: " TRANSACTION_REASON},
        {"INSERT INTO t VALUES (1) RETURNING id",
         "Statement 1: RETURNING is refused: " RETURNING_REASON},
        {"UPDATE t SET a = 'x' returning*", "Statement 1: RETURNING is refused: " RETURNING_REASON},
        {"WITH x AS (SELECT 1) DELETE FROM t/**/RETURNING a",
         "Statement 1: RETURNING is refused: " RETURNING_REASON},
        {"CREATE TEMP TABLE t (a)", "Statement 1: CREATE TEMP is refused: " TEMPORARY_REASON},
        {"CREATE TEMPORARY TRIGGER t", "Statement 1: CREATE TEMP is refused: " TEMPORARY_REASON},
        {"EXPLAIN CREATE temp VIEW v AS SELECT 1",
         "Statement 1: CREATE TEMP is refused: " TEMPORARY_REASON},
        {"CREATE TABLE temp.t (a)",
         "Statement 1: CREATE in the schema temp is refused: " TEMPORARY_REASON},
        {"CREATE TABLE IF NOT EXISTS [Temp] . t (a)",
         "Statement 1: CREATE in the schema temp is refused: " TEMPORARY_REASON},
        {"CREATE VIEW 'temp'.v AS SELECT 1",
         "Statement 1: CREATE in the schema temp is refused: " TEMPORARY_REASON},
        {"SELECT load_extension('x')",
         "Statement 1: load_extension() is refused: it loads code into the engine"},
        {"SELECT \"Load_Extension\" /**/ ('x')",
         "Statement 1: load_extension() is refused: it loads code into the engine"},
        {"CREATE TABLE t (a BOOLEAN)", "Statement 1: BOOLEAN is refused: " TYPE_REASON},
        {"CREATE TABLE t (a INTEGER, b datetime NOT NULL)",
         "Statement 1: datetime is refused: " TYPE_REASON},
        {"create table t (a \"DATE\")", "Statement 1: \"DATE\" is refused: " TYPE_REASON},
        {"create table t (a int, [b] 'TIMESTAMP')",
         "Statement 1: 'TIMESTAMP' is refused: " TYPE_REASON},
        {"ALTER TABLE t ADD COLUMN a DATETIME", "Statement 1: DATETIME is refused: " TYPE_REASON},
        {"ALTER TABLE t ADD a [DATETIME]", "Statement 1: [DATETIME] is refused: " TYPE_REASON},
        {"ALTER TABLE t ADD COLUMN a `BOOLEAN`", "Statement 1: `BOOLEAN` is refused: " TYPE_REASON},
        {"CREATE TRIGGER a AFTER INSERT ON t BEGIN PRAGMA x; END",
         "Statement 1: no statement here can begin with \"PRAGMA\""},
        {"CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; VACUUM; END",
         "Statement 1: no statement here can begin with \"VACUUM\""},
        {"CREATE TRIGGER a AFTER INSERT ON t BEGIN INSERT INTO u VALUES (1) RETURNING a; END",
         "Statement 1: RETURNING is refused: " RETURNING_REASON},
        {"UPDATE store_revision SET revision = 0", "Statement 1: " STORE_REASON},
        {"SELECT 1; DELETE FROM main.[Store_Requests]", "Statement 2: " STORE_REASON},
        {"INSERT INTO 'store_tombstones' SELECT 1", "Statement 1: " STORE_REASON},
        {"DROP TABLE \"schema\"", "Statement 1: " STORE_REASON},
        {"WITH x AS (SELECT revision FROM store_revision) DELETE FROM networks",
         "Statement 1: " STORE_REASON},
        {"CREATE TRIGGER a AFTER INSERT ON t BEGIN DELETE FROM store_requests; END",
         "Statement 1: " STORE_REASON},
        {"WITH x AS (SELECT 1) PRAGMA y", "Statement 1: PRAGMA is refused: " PRAGMA_REASON},
        {"SELEC 1", "Statement 1: no statement here can begin with \"SELEC\""},
        {"(SELECT 1)", "Statement 1: no statement here can begin with \"(\""},
        {"'PRAGMA' x", "Statement 1: no statement here can begin with \"'PRAGMA'\""},
        {"123", "Statement 1: no statement here can begin with \"123\""},
        {"a_name_that_is_longer_than_thirty_two_characters",
         "Statement 1: no statement here can begin with \"a_name_that_is_longer_than_thir\""},
        {"SELECT 'x", "Statement 1: the quotation that begins with ' doesn't end"},
        {"SELECT 1; SELECT \"x\"\"", "Statement 2: the quotation that begins with \" doesn't end"},
        {"SELECT [x", "Statement 1: the quotation that begins with [ doesn't end"},
        {"SELECT `x", "Statement 1: the quotation that begins with ` doesn't end"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error error = ERROR_INIT;
        struct sql_script script;
        int rv = sql_guard(cases[i].text, &arena, &script, &error);

        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(rv, ERROR_INVALID);
        arena_close(&arena);
    }
}

static void limits_hold(void **state)
{
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct sql_script script;
    struct buffer text = {0};
    char *longest = malloc(SQL_TEXT_SIZE_MAX + 2);

    (void)state;
    for (int i = 0; i < SQL_STATEMENTS_MAX; i++) {
        buffer_append_string(&text, "SELECT 1;");
    }
    assert_int_equal(sql_guard(buffer_string(&text), &arena, &script, &error), ERROR_NONE);
    assert_int_equal(script.n_statements, SQL_STATEMENTS_MAX);
    buffer_append_string(&text, "SELECT 1");
    assert_int_equal(sql_guard(buffer_string(&text), &arena, &script, &error), ERROR_INVALID);
    assert_string_equal(error.message, "More than 100 statements");

    assert_non_null(longest);
    memset(longest, ' ', SQL_TEXT_SIZE_MAX + 1);
    memcpy(longest, "SELECT 1", 8);
    longest[SQL_TEXT_SIZE_MAX] = '\0';
    assert_int_equal(sql_guard(longest, &arena, &script, &error), ERROR_NONE);
    assert_int_equal(script.n_statements, 1);
    longest[SQL_TEXT_SIZE_MAX] = ' ';
    longest[SQL_TEXT_SIZE_MAX + 1] = '\0';
    assert_int_equal(sql_guard(longest, &arena, &script, &error), ERROR_INVALID);
    assert_string_equal(error.message, "The SQL is longer than 262144 bytes");
    free(longest);
    buffer_close(&text);
    arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_are_split),
        cmocka_unit_test(the_dangerous_is_refused),
        cmocka_unit_test(limits_hold),
    };

    return cmocka_run_group_tests_name("lb sql guard", tests, NULL, NULL);
}
