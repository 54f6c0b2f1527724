/* Connections to a real engine: values, limits, cancellation, leader lookup. */
#include "db/conn.h"
#include "db/servers.h"
#include "db/tx.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/engine.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct db_context context;
static struct db_conn *conn;
static struct arena arena;

static int start(void **state)
{
    (void)state;
    engine_start();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    engine_stop();
    return 0;
}

static int connect_one(void **state)
{
    (void)state;
    context = engine_deadline(120000);
    conn = engine_connect(NULL);
    return 0;
}

static int close_one(void **state)
{
    (void)state;
    db_conn_close(conn);
    arena_close(&arena);
    return 0;
}

static void begin(struct db_tx *tx, enum db_mode mode)
{
    struct error error = ERROR_INIT;

    if (db_tx_begin(tx, conn, mode, &context, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
}

/* -- Values ------------------------------------------------------------------ */

static void every_type_comes_back_as_it_went(void **state)
{
    static const struct db_stmt echo = {
        .name = "echo", .sql = "SELECT ?, ?, ?, ?, ?, ?, ?", .n_params = 7, .n_columns = 7};
    const char blob[] = {0, 1, (char)0xff, 0, 7};
    const struct db_value params[] = {db_integer(INT64_MIN),
                                      db_float(-0.1),
                                      db_text("gr\xc3\xbc\xc3\x9f"),
                                      db_blob(blob, sizeof blob),
                                      db_null(),
                                      db_text(""),
                                      db_blob(blob, 0)};
    struct error error = ERROR_INIT;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_READ);
    assert_int_equal(db_query(&tx, &echo, params, &arena, &rows, &error), ERROR_NONE);
    db_tx_rollback(&tx);
    assert_int_equal(rows.n_rows, 1);
    assert_int_equal(rows.values[0].type, DB_INTEGER);
    assert_int_equal(rows.values[0].integer, INT64_MIN);
    assert_int_equal(rows.values[1].type, DB_FLOAT);
    assert_true(rows.values[1].real == -0.1);
    assert_int_equal(rows.values[2].type, DB_TEXT);
    assert_string_equal(rows.values[2].bytes.data, "gr\xc3\xbc\xc3\x9f");
    assert_int_equal(rows.values[3].type, DB_BLOB);
    assert_int_equal(rows.values[3].bytes.size, sizeof blob);
    assert_memory_equal(rows.values[3].bytes.data, blob, sizeof blob);
    assert_int_equal(rows.values[4].type, DB_NULL);
    assert_int_equal(rows.values[5].type, DB_TEXT);
    assert_int_equal(rows.values[5].bytes.size, 0);
    assert_int_equal(rows.values[6].type, DB_BLOB);
    assert_int_equal(rows.values[6].bytes.size, 0);
}

static void declared_types_become_plain_ones(void **state)
{
    struct error error = ERROR_INIT;
    struct db_rows rows;

    (void)state;
    engine_exec(conn, "DROP TABLE IF EXISTS typed",
                "CREATE TABLE typed (b BOOLEAN, d DATETIME, t DATETIME, n DATETIME)",
                "INSERT INTO typed VALUES (5, 1700000000, '2026-11-22 00:00:00', NULL)", NULL);
    assert_int_equal(
        db_conn_query_sql(conn, &context, "SELECT b, d, t, n FROM typed", 1, &arena, &rows, &error),
        ERROR_NONE);
    assert_int_equal(rows.values[0].type, DB_INTEGER);
    assert_int_equal(rows.values[0].integer, 1);
    assert_int_equal(rows.values[1].type, DB_INTEGER);
    assert_int_equal(rows.values[1].integer, 1700000000);
    assert_int_equal(rows.values[2].type, DB_TEXT);
    assert_string_equal(rows.values[2].bytes.data, "2026-11-22 00:00:00");
    assert_int_equal(rows.values[3].type, DB_NULL);
}

static void large_values_fit(void **state)
{
    static const struct db_stmt insert = {
        .name = "large.insert", .sql = "INSERT INTO large VALUES (?, ?)", .n_params = 2};
    static const struct db_stmt select = {
        .name = "large.select", .sql = "SELECT a, b FROM large", .n_columns = 2};
    const size_t size = 2 * 1024 * 1024;
    char *text = malloc(size);
    struct db_value params[2];
    struct error error = ERROR_INIT;
    enum db_outcome outcome;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    assert_non_null(text);
    memset(text, 'x', size);
    params[0] = (struct db_value){.type = DB_TEXT, .bytes = {text, size}};
    params[1] = db_blob(text, size);
    engine_exec(conn, "DROP TABLE IF EXISTS large", "CREATE TABLE large (a TEXT, b BLOB)", NULL);
    begin(&tx, DB_WRITE);
    /* Many of them at once fill both directions' socket buffers. */
    for (int i = 0; i < 5; i++) {
        assert_int_equal(db_exec_deferred(&tx, &insert, params, &error), ERROR_NONE);
    }
    assert_int_equal(db_tx_commit(&tx, &outcome, &error), ERROR_NONE);
    begin(&tx, DB_READ);
    assert_int_equal(db_query(&tx, &select, NULL, &arena, &rows, &error), ERROR_NONE);
    db_tx_rollback(&tx);
    assert_int_equal(rows.n_rows, 5);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(rows.values[i].bytes.size, size);
        assert_memory_equal(rows.values[i].bytes.data, text, size);
    }
    free(text);
}

/* -- Limits ------------------------------------------------------------------- */

static void too_large_a_statement_is_not_sent(void **state)
{
    static const struct db_stmt echo = {
        .name = "echo", .sql = "SELECT length(?)", .n_params = 1, .n_columns = 1};
    char *text = calloc(1, DB_MESSAGE_SIZE_MAX + 1);
    struct db_value param = db_blob(text, DB_MESSAGE_SIZE_MAX);
    struct error error = ERROR_INIT;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    assert_non_null(text);
    begin(&tx, DB_READ);
    assert_int_equal(db_query(&tx, &echo, &param, &arena, &rows, &error), ERROR_TOO_LARGE);
    db_tx_rollback(&tx);
    memset(text, ' ', DB_MESSAGE_SIZE_MAX);
    assert_int_equal(db_conn_exec_sql(conn, &context, text, NULL, &error), ERROR_TOO_LARGE);
    assert_false(db_conn_broken(conn));
    param = db_blob(text, DB_MESSAGE_SIZE_MAX - 64);
    begin(&tx, DB_READ);
    assert_int_equal(db_query(&tx, &echo, &param, &arena, &rows, &error), ERROR_NONE);
    db_tx_rollback(&tx);
    assert_int_equal(rows.values[0].integer, DB_MESSAGE_SIZE_MAX - 64);
    free(text);
}

static void text_with_a_nul_is_refused(void **state)
{
    static const struct db_stmt echo = {
        .name = "echo", .sql = "SELECT ?", .n_params = 1, .n_columns = 1};
    const struct db_value param = {.type = DB_TEXT, .bytes = {"a\0b", 3}};
    struct error error = ERROR_INIT;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_READ);
    assert_int_equal(db_query(&tx, &echo, &param, &arena, &rows, &error), ERROR_INVALID);
    assert_string_equal(error.message, "echo: Parameter 1 has a NUL within its text");
    db_tx_rollback(&tx);
    assert_false(db_conn_broken(conn));
}

static void query_stops_after_max_rows(void **state)
{
    const char *sql =
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000) "
        "SELECT n FROM c";
    struct error error = ERROR_INIT;
    struct db_rows rows;

    (void)state;
    assert_int_equal(db_conn_query_sql(conn, &context, sql, 4999, &arena, &rows, &error),
                     ERROR_TOO_LARGE);
    assert_string_equal(error.message, "sql.query: The result has more than 4999 rows");
    assert_false(db_conn_broken(conn));
    assert_int_equal(db_conn_query_sql(conn, &context, sql, 5000, &arena, &rows, &error),
                     ERROR_NONE);
    assert_int_equal(rows.n_rows, 5000);
    assert_int_equal(rows.values[4999].integer, 5000);
}

static void more_statements_than_the_cache_holds(void **state)
{
    enum { N = DB_STATEMENTS_MAX + 20 };
    static struct db_stmt stmts[N];
    static char texts[N][64];
    struct error error = ERROR_INIT;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_READ);
    for (int i = 0; i < 2 * N; i++) {
        struct db_stmt *stmt = &stmts[i % N];
        snprintf(texts[i % N], sizeof texts[0], "SELECT %d", i % N);
        *stmt = (struct db_stmt){.name = "many", .sql = texts[i % N], .n_columns = 1};
        if (db_query(&tx, stmt, NULL, &arena, &rows, &error) != ERROR_NONE) {
            fail_msg("%s", error.message);
        }
        assert_int_equal(rows.values[0].integer, i % N);
    }
    db_tx_rollback(&tx);
    assert_false(db_conn_broken(conn));
    assert_int_equal(engine_integer(conn, "SELECT 1"), 1);
}

/* -- Text --------------------------------------------------------------------- */

static void text_is_executed_by_itself(void **state)
{
    struct db_exec_result result = {0};
    struct error error = ERROR_INIT;
    struct db_rows rows;

    (void)state;
    engine_exec(conn, "DROP TABLE IF EXISTS text", "CREATE TABLE text (a INTEGER PRIMARY KEY)",
                NULL);
    assert_int_equal(
        db_conn_exec_sql(conn, &context, "INSERT INTO text VALUES (3), (4)", &result, &error),
        ERROR_NONE);
    assert_int_equal(result.last_insert_id, 4);
    assert_int_equal(result.rows_affected, 2);
    assert_int_equal(db_conn_exec_sql(conn, &context, "INSERT INTO text VALUES (4)", NULL, &error),
                     ERROR_CONFLICT);
    assert_int_equal(
        db_conn_exec_sql(conn, &context, "INSERT INTO nowhere VALUES (4)", NULL, &error),
        ERROR_INVALID);
    assert_int_equal(db_conn_query_sql(conn, &context, "SELECT a FROM text WHERE a > 9", 1, &arena,
                                       &rows, &error),
                     ERROR_NONE);
    assert_int_equal(rows.n_rows, 0);
    assert_int_equal(rows.n_columns, 1);
    assert_string_equal(rows.columns[0], "a");
    assert_false(db_conn_broken(conn));
}

/* -- Cancellation -------------------------------------------------------------- */

static const char endless[] =
    "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c";

struct canceler {
    struct db_conn *conn;
    atomic_bool canceled;
};

static void *cancel_soon(void *data)
{
    struct canceler *canceler = data;

    /* First a wake-up for nothing. */
    db_conn_wake(canceler->conn);
    atomic_store(&canceler->canceled, true);
    db_conn_wake(canceler->conn);
    return NULL;
}

static void endless_query_is_canceled(void **state)
{
    struct canceler canceler = {.conn = conn};
    const struct db_context own = {.deadline_us = context.deadline_us,
                                   .canceled = &canceler.canceled};
    struct error error = ERROR_INIT;
    struct db_rows rows;
    pthread_t thread;
    uint64_t start_us = clock_monotonic_us();

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &canceler), 0);
    assert_int_equal(db_conn_query_sql(conn, &own, endless, SIZE_MAX, &arena, &rows, &error),
                     ERROR_CANCELED);
    pthread_join(thread, NULL);
    /* This engine sends on for ever, so that the connection has to go. */
    assert_true(clock_monotonic_us() - start_us < 60 * 1000 * 1000);
    if (db_conn_broken(conn)) {
        assert_int_equal(db_conn_exec_sql(conn, &context, "SELECT 1", NULL, &error), ERROR_IO);
        assert_non_null(strstr(error.message, "The connection is broken"));
    }
}

static void query_past_its_deadline_is_stopped(void **state)
{
    struct db_context own = engine_deadline(50);
    struct error error = ERROR_INIT;
    struct db_rows rows;

    (void)state;
    assert_int_equal(db_conn_query_sql(conn, &own, endless, SIZE_MAX, &arena, &rows, &error),
                     ERROR_TIMEOUT);
    assert_true(clock_monotonic_us() >= own.deadline_us);
    assert_true(clock_monotonic_us() < own.deadline_us + 10 * 1000 * 1000);
}

/* A query of some length, canceled before its first row is looked at. */
static void canceled_query_leaves_the_transaction_alive(void **state)
{
    static const struct db_stmt some = {
        .name = "some",
        .sql = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000) "
               "SELECT n FROM c",
        .n_columns = 1,
    };
    static const struct db_stmt create = {.name = "create", .sql = "CREATE TABLE alive (a)"};
    atomic_bool canceled = false;
    const struct db_context own = {.deadline_us = context.deadline_us, .canceled = &canceled};
    struct error error = ERROR_INIT;
    enum db_outcome outcome;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    engine_exec(conn, "DROP TABLE IF EXISTS alive", NULL);
    begin(&tx, DB_WRITE);
    assert_int_equal(db_exec(&tx, &create, NULL, NULL, &error), ERROR_NONE);
    assert_int_equal(db_savepoint_begin(&tx, &error), ERROR_NONE);
    db_tx_set_context(&tx, &own);
    atomic_store(&canceled, true);
    assert_int_equal(db_query(&tx, &some, NULL, &arena, &rows, &error), ERROR_CANCELED);
    atomic_store(&canceled, false);
    assert_int_equal(db_query(&tx, &some, NULL, &arena, &rows, &error), ERROR_CANCELED);
    assert_int_equal(db_savepoint_rollback(&tx, &error), ERROR_NONE);
    assert_int_equal(db_query(&tx, &some, NULL, &arena, &rows, &error), ERROR_NONE);
    assert_int_equal(rows.n_rows, 3000);
    assert_int_equal(db_tx_commit(&tx, &outcome, &error), ERROR_NONE);
    assert_int_equal(outcome, DB_APPLIED);
    assert_int_equal(engine_integer(conn, "SELECT count(*) FROM alive"), 0);
}

static void savepoint_of_a_late_caller_spares_the_others(void **state)
{
    static const struct db_stmt one = {.name = "one", .sql = "SELECT 1", .n_columns = 1};
    const struct db_context late = {.deadline_us = 1};
    struct error error = ERROR_INIT;
    enum db_outcome outcome;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    begin(&tx, DB_WRITE);
    db_tx_set_context(&tx, &late);
    assert_int_equal(db_savepoint_begin(&tx, &error), ERROR_TIMEOUT);
    db_tx_set_context(&tx, &context);
    assert_int_equal(db_query(&tx, &one, NULL, &arena, &rows, &error), ERROR_NONE);
    db_tx_set_context(&tx, &late);
    assert_int_equal(db_query(&tx, &one, NULL, &arena, &rows, &error), ERROR_TIMEOUT);
    db_tx_set_context(&tx, &context);
    assert_int_equal(db_tx_commit(&tx, &outcome, &error), ERROR_TIMEOUT);
    assert_int_equal(outcome, DB_NOT_APPLIED);
    assert_false(db_conn_broken(conn));
}

/* -- Leader and servers --------------------------------------------------------- */

static void leader_is_told(void **state)
{
    struct error error = ERROR_INIT;
    const char *address;
    uint64_t id;

    (void)state;
    assert_int_equal(db_conn_leader(conn, &context, &arena, &id, &address, &error), ERROR_NONE);
    assert_int_equal(id, 1);
    assert_true(address[0] != '\0');
}

static void database_names_are_checked(void **state)
{
    struct db_conn_options options = {.address = engine_address(), .database = ""};
    struct error error = ERROR_INIT;
    struct db_conn *second;

    (void)state;
    assert_int_equal(db_conn_open(&options, &context, &second, &error), ERROR_INVALID);
    options.database = "a/b";
    assert_int_equal(db_conn_open(&options, &context, &second, &error), ERROR_INVALID);
    options.database = "other-1.db";
    assert_int_equal(db_conn_open(&options, &context, &second, &error), ERROR_NONE);
    db_conn_close(second);
}

static void addresses_are_checked(void **state)
{
    static const char *const bad[] = {
        "",           "@",     "/",      "host:1",        "127.0.0.1",    "127.0.0.1:",
        ":80",        "[::1]", "::1:80", "1.2.3.4:99999", "[1.2.3.4]:80", "1.2.3.4:0",
        "1.2.3.4:+80"};
    struct db_conn_options options = {0};
    struct error error = ERROR_INIT;
    struct db_conn *second;
    char longest[200];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        options.address = bad[i];
        if (db_conn_open(&options, &context, &second, &error) != ERROR_INVALID) {
            fail_msg("%s: %s", bad[i], error.message);
        }
    }
    memset(longest, 'a', sizeof longest);
    longest[0] = '@';
    longest[sizeof longest - 1] = '\0';
    options.address = longest;
    assert_int_equal(db_conn_open(&options, &context, &second, &error), ERROR_INVALID);
    longest[0] = '/';
    assert_int_equal(db_conn_open(&options, &context, &second, &error), ERROR_INVALID);
}

/* A socket that takes connections into its queue and never answers; *ret_address has room. */
static int listen_silently(char *ret_address, size_t size)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int n = snprintf(ret_address, size, "@lbstate-silent-%d", (int)getpid());

    assert_true(fd >= 0);
    memcpy(un.sun_path + 1, ret_address + 1, (size_t)n - 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&un,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n)),
                     0);
    assert_int_equal(listen(fd, 0), 0);
    return fd;
}

static void leader_is_found_among_dead_addresses(void **state)
{
    char silent[64];
    int fd = listen_silently(silent, sizeof silent);
    const char *const addresses[] = {"127.0.0.1:1", "@lbstate-nobody", "[::1]:1", silent,
                                     engine_address()};
    const struct db_conn_options options = {.observer = NULL};
    struct db_context own = engine_deadline(1500);
    struct error error = ERROR_INIT;
    struct db_conn *leader;

    (void)state;
    assert_int_equal(db_servers_connect(addresses, 5, &options, &own, &leader, &error), ERROR_NONE);
    assert_int_equal(engine_integer(leader, "SELECT 42"), 42);
    db_conn_close(leader);

    own = engine_deadline(300);
    assert_int_equal(db_servers_connect(addresses, 3, &options, &own, &leader, &error),
                     ERROR_UNAVAILABLE);
    assert_non_null(strstr(error.message, "127.0.0.1:1: Failed connecting to 127.0.0.1:1: "
                                          "Connection refused; @lbstate-nobody: "));
    own = engine_deadline(100);
    assert_int_equal(db_servers_connect(addresses, 4, &options, &own, &leader, &error),
                     ERROR_TIMEOUT);
    assert_non_null(strstr(error.message, silent));
    assert_int_equal(db_servers_connect(addresses, 0, &options, &context, &leader, &error),
                     ERROR_UNAVAILABLE);
    close(fd);
}

/* The queue of a Unix socket that nobody serves is full soon, and then connect()
 * itself has to wait. */
static void full_queue_is_waited_for_until_the_deadline(void **state)
{
    char silent[64];
    int fd = listen_silently(silent, sizeof silent);
    const struct db_conn_options options = {.address = silent};
    struct db_context own;
    struct error error = ERROR_INIT;
    struct db_conn *second;
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    int filler = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)state;
    memcpy(un.sun_path + 1, silent + 1, strlen(silent) - 1);
    assert_int_equal(connect(filler, (struct sockaddr *)&un,
                             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(silent))),
                     0);
    own = engine_deadline(60);
    assert_int_equal(db_conn_open(&options, &own, &second, &error), ERROR_TIMEOUT);
    assert_true(clock_monotonic_us() >= own.deadline_us);
    close(filler);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, connect_one, close_one)
        TEST(every_type_comes_back_as_it_went),
        TEST(declared_types_become_plain_ones),
        TEST(large_values_fit),
        TEST(too_large_a_statement_is_not_sent),
        TEST(text_with_a_nul_is_refused),
        TEST(query_stops_after_max_rows),
        TEST(more_statements_than_the_cache_holds),
        TEST(text_is_executed_by_itself),
        TEST(endless_query_is_canceled),
        TEST(query_past_its_deadline_is_stopped),
        TEST(canceled_query_leaves_the_transaction_alive),
        TEST(savepoint_of_a_late_caller_spares_the_others),
        TEST(leader_is_told),
        TEST(database_names_are_checked),
        TEST(addresses_are_checked),
        TEST(leader_is_found_among_dead_addresses),
        TEST(full_queue_is_waited_for_until_the_deadline),
#undef TEST
    };

    return cmocka_run_group_tests(tests, start, stop);
}
