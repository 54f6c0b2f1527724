/* What a connection does when the engine at the other end is silent, sends
 * garbage, is lost, or says what a real one says rarely. */
#include "db/tx.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/peer.h"

#include <stdlib.h>
#include <string.h>

/* Requests and responses, as the protocol numbers them. */
#define LEADER    0
#define PREPARE   4
#define EXEC      5
#define QUERY     6
#define FINALIZE  7
#define EXEC_SQL  8
#define INTERRUPT 10
#define SERVER    1
#define RESULT    6
#define ROWS      7
#define EMPTY     8

#define PART UINT64_C(0xeeeeeeeeeeeeeeee)
#define DONE UINT64_C(0xffffffffffffffff)

static const struct db_stmt write_stmt = {
    .name = "write", .sql = "INSERT INTO t VALUES (?)", .n_params = 1};
static const struct db_stmt read_stmt = {.name = "read", .sql = "SELECT a FROM t", .n_columns = 1};
static const struct db_value one = {.type = DB_INTEGER, .integer = 1};

static struct peer peer;
static struct db_context context;
static struct db_conn *conn;
static struct arena arena;

static int setup(void **state)
{
    (void)state;
    context = (struct db_context){.deadline_us = clock_monotonic_us() + 30 * 1000 * 1000,
                                  .canceled = &peer.canceled};
    conn = NULL;
    peer_init(&peer);
    return 0;
}

static int open_conn(struct error *error)
{
    const struct db_conn_options options = {.address = peer.address};
    int rv;

    peer_start(&peer);
    rv = db_conn_open(&options, &context, &conn, error);
    if (rv == ERROR_NONE) {
        atomic_store(&peer.conn, conn);
    }
    return rv;
}

static void close_conn(void)
{
    db_conn_close(conn);
    conn = NULL;
    arena_close(&arena);
    peer_stop(&peer);
}

/* A script that greets and answers the beginning of a write transaction. */
static void script_begin(void)
{
    peer_greet(&peer);
    peer_prepare(&peer, 0, 0);
    peer_exec(&peer);
}

static void begin(struct db_tx *tx)
{
    struct error error = ERROR_INIT;

    if (open_conn(&error) != ERROR_NONE ||
        db_tx_begin(tx, conn, DB_WRITE, &context, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
}

/* -- The greeting ----------------------------------------------------------- */

static void silent_peer_is_given_up_at_the_deadline(void **state)
{
    struct error error = ERROR_INIT;

    (void)state;
    peer_do(&peer, PEER_SILENCE);
    context.deadline_us = clock_monotonic_us() + 50 * 1000;
    assert_int_equal(open_conn(&error), ERROR_TIMEOUT);
    assert_true(clock_monotonic_us() >= context.deadline_us);
    close_conn();
}

static void trickling_peer_is_given_up_at_the_deadline(void **state)
{
    struct error error = ERROR_INIT;

    (void)state;
    peer_do(&peer, PEER_TRICKLE);
    context.deadline_us = clock_monotonic_us() + 50 * 1000;
    assert_int_equal(open_conn(&error), ERROR_TIMEOUT);
    close_conn();
}

static void garbage_is_no_engine(void **state)
{
    static const char http[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
    struct error error = ERROR_INIT;

    (void)state;
    peer_send(&peer, http, sizeof http - 1);
    peer_do(&peer, PEER_SILENCE);
    assert_int_equal(open_conn(&error), ERROR_PROTOCOL);
    close_conn();
}

static void length_that_cannot_be_is_refused(void **state)
{
    const uint32_t words[] = {0, DB_MESSAGE_SIZE_MAX / 8 + 1, UINT32_MAX};
    struct error error = ERROR_INIT;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const uint64_t header = words[i] | UINT64_C(2) << 32;
        if (i > 0) {
            setup(state);
        }
        peer_send(&peer, &header, sizeof header);
        peer_do(&peer, PEER_SILENCE);
        assert_int_equal(open_conn(&error), ERROR_PROTOCOL);
        close_conn();
    }
}

static void peer_that_hangs_up_is_an_io_error(void **state)
{
    struct error error = ERROR_INIT;

    (void)state;
    peer_do(&peer, PEER_GREET);
    peer_do(&peer, PEER_CLOSE);
    assert_int_equal(open_conn(&error), ERROR_IO);
    close_conn();
}

static void no_leader_is_unavailable(void **state)
{
    const uint64_t nobody[] = {0, 0};
    struct error error = ERROR_INIT;

    (void)state;
    peer_greet(&peer);
    peer_expect(&peer, LEADER);
    peer_send_message(&peer, SERVER, nobody, 2);
    assert_int_equal(open_conn(&error), ERROR_NONE);
    assert_int_equal(db_conn_leader(conn, &context, &arena, NULL, NULL, &error), ERROR_UNAVAILABLE);
    assert_false(db_conn_broken(conn));
    close_conn();
}

/* -- The outcome of a commit -------------------------------------------------- */

static void script_commit(void)
{
    script_begin();
    peer_prepare(&peer, 1, 1);
    peer_exec(&peer);
    peer_prepare(&peer, 2, 0);
    peer_expect(&peer, EXEC);
}

/* Writes and commits; returns what the commit does. */
static int write_and_commit(enum db_outcome *ret_outcome, struct error *error)
{
    struct db_tx tx;

    begin(&tx);
    assert_int_equal(db_exec_deferred(&tx, &write_stmt, &one, error), ERROR_NONE);
    return db_tx_commit(&tx, ret_outcome, error);
}

static void commit_that_is_answered_is_applied(void **state)
{
    enum db_outcome outcome = DB_UNKNOWN;
    struct error error = ERROR_INIT;

    (void)state;
    script_commit();
    peer_do(&peer, PEER_CANCEL); /* Too late to be heeded. */
    peer_send_result(&peer);
    assert_int_equal(write_and_commit(&outcome, &error), ERROR_NONE);
    assert_int_equal(outcome, DB_APPLIED);
    close_conn();
}

static void commit_whose_answer_is_lost_is_unknown(void **state)
{
    enum db_outcome outcome = DB_APPLIED;
    struct error error = ERROR_INIT;

    (void)state;
    script_commit();
    peer_do(&peer, PEER_CLOSE);
    assert_int_equal(write_and_commit(&outcome, &error), ERROR_UNKNOWN_OUTCOME);
    assert_int_equal(outcome, DB_UNKNOWN);
    assert_string_equal(error.message, "The outcome of a commit is unknown: tx.commit: The engine "
                                       "closed the connection");
    assert_true(db_conn_broken(conn));
    close_conn();
}

static void commit_without_an_answer_is_unknown_at_the_deadline(void **state)
{
    enum db_outcome outcome = DB_APPLIED;
    struct error error = ERROR_INIT;

    (void)state;
    script_commit();
    peer_do(&peer, PEER_SILENCE);
    context.deadline_us = clock_monotonic_us() + 100 * 1000;
    assert_int_equal(write_and_commit(&outcome, &error), ERROR_UNKNOWN_OUTCOME);
    assert_int_equal(outcome, DB_UNKNOWN);
    assert_true(db_conn_broken(conn));
    close_conn();
}

static void commit_with_a_malformed_answer_is_unknown(void **state)
{
    const uint64_t words[] = {0};
    enum db_outcome outcome = DB_APPLIED;
    struct error error = ERROR_INIT;

    (void)state;
    script_commit();
    peer_send_message(&peer, RESULT, words, 1);
    peer_do(&peer, PEER_SILENCE);
    assert_int_equal(write_and_commit(&outcome, &error), ERROR_UNKNOWN_OUTCOME);
    assert_int_equal(outcome, DB_UNKNOWN);
    assert_true(db_conn_broken(conn));
    close_conn();
}

static void commit_failures_have_outcomes(void **state)
{
    static const struct {
        uint64_t code;
        int error;
        enum db_outcome outcome;
        bool rollback; /* The connection lives, and is rolled back. */
    } cases[] = {
        {10250, ERROR_NOT_LEADER, DB_NOT_APPLIED, false},
        {12, ERROR_NOT_LEADER, DB_NOT_APPLIED, false},
        {5, ERROR_BUSY, DB_NOT_APPLIED, true},
        {517, ERROR_BUSY, DB_NOT_APPLIED, true},
        {13, ERROR_NO_SPACE, DB_NOT_APPLIED, true},
        {787, ERROR_INVALID, DB_NOT_APPLIED, true},
        {10506, ERROR_UNKNOWN_OUTCOME, DB_UNKNOWN, false},
        {778, ERROR_UNKNOWN_OUTCOME, DB_UNKNOWN, false},
        {1034, ERROR_UNKNOWN_OUTCOME, DB_UNKNOWN, false},
        {10, ERROR_UNKNOWN_OUTCOME, DB_UNKNOWN, false},
        {7, ERROR_UNKNOWN_OUTCOME, DB_UNKNOWN, false},
        {4, ERROR_UNKNOWN_OUTCOME, DB_UNKNOWN, false},
        {1, ERROR_UNKNOWN_OUTCOME, DB_UNKNOWN, false},
        {1005, ERROR_UNKNOWN_OUTCOME, DB_UNKNOWN, false},
        {0x100000005, ERROR_UNKNOWN_OUTCOME, DB_UNKNOWN, false},
    };
    enum db_outcome outcome;
    struct error error = ERROR_INIT;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (i > 0) {
            setup(state);
        }
        script_commit();
        peer_send_failure(&peer, cases[i].code, "some words");
        if (cases[i].rollback) {
            peer_prepare(&peer, 3, 0);
            peer_exec(&peer);
        }
        if (write_and_commit(&outcome, &error) != cases[i].error || outcome != cases[i].outcome) {
            fail_msg("code %llu: %s, outcome %d", (unsigned long long)cases[i].code, error.message,
                     (int)outcome);
        }
        assert_non_null(strstr(error.message, "tx.commit: some words (code "));
        assert_int_equal(db_conn_broken(conn), !cases[i].rollback);
        close_conn();
    }
}

static void loss_before_the_commit_is_sent_is_not_applied(void **state)
{
    enum db_outcome outcome = DB_APPLIED;
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_prepare(&peer, 1, 1);
    peer_expect(&peer, EXEC);
    peer_do(&peer, PEER_CLOSE);
    begin(&tx);
    assert_int_equal(db_exec_deferred(&tx, &write_stmt, &one, &error), ERROR_NONE);
    assert_int_equal(db_tx_commit(&tx, &outcome, &error), ERROR_IO);
    assert_int_equal(outcome, DB_NOT_APPLIED);
    assert_true(db_conn_broken(conn));
    close_conn();
}

/* -- Within a transaction ------------------------------------------------------ */

static void lost_leadership_breaks_the_connection(void **state)
{
    enum db_outcome outcome = DB_APPLIED;
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_prepare(&peer, 1, 1);
    peer_expect(&peer, EXEC);
    peer_send_failure(&peer, 10506, "disk I/O error");
    begin(&tx);
    assert_int_equal(db_exec(&tx, &write_stmt, &one, NULL, &error), ERROR_NOT_LEADER);
    assert_true(db_conn_broken(conn));
    assert_int_equal(db_exec(&tx, &write_stmt, &one, NULL, &error), ERROR_NOT_LEADER);
    assert_int_equal(db_tx_commit(&tx, &outcome, &error), ERROR_NOT_LEADER);
    assert_int_equal(outcome, DB_NOT_APPLIED);
    assert_int_equal(db_tx_begin(&tx, conn, DB_READ, &context, &error), ERROR_IO);
    close_conn();
}

static void canceled_write_that_is_answered_spares_the_connection(void **state)
{
    struct db_exec_result result = {0};
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_prepare(&peer, 1, 1);
    peer_expect(&peer, EXEC);
    peer_do(&peer, PEER_CANCEL);
    peer_send_result(&peer);
    peer_prepare(&peer, 2, 0);
    peer_exec(&peer); /* ROLLBACK. */
    begin(&tx);
    assert_int_equal(db_exec(&tx, &write_stmt, &one, &result, &error), ERROR_NONE);
    assert_int_equal(error.code, ERROR_NONE);
    assert_int_equal(result.last_insert_id, 11);
    assert_int_equal(db_exec(&tx, &write_stmt, &one, &result, &error), ERROR_CANCELED);
    db_tx_rollback(&tx);
    assert_false(db_conn_broken(conn));
    close_conn();
}

/* Several are sent ahead, and the engine never answers the second one. */
static void running_write_is_given_up_when_canceled(void **state)
{
    enum db_outcome outcome = DB_APPLIED;
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_prepare(&peer, 1, 1);
    peer_expect(&peer, EXEC);
    peer_expect(&peer, EXEC);
    peer_expect(&peer, EXEC);
    peer_do(&peer, PEER_CANCEL);
    peer_send_result(&peer);
    peer_do(&peer, PEER_SILENCE);
    begin(&tx);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(db_exec_deferred(&tx, &write_stmt, &one, &error), ERROR_NONE);
    }
    assert_int_equal(db_tx_flush(&tx, &error), ERROR_CANCELED);
    assert_non_null(strstr(error.message, "The request was canceled"));
    assert_true(clock_monotonic_us() < context.deadline_us - 10 * 1000 * 1000);
    assert_true(db_conn_broken(conn));
    assert_int_equal(db_tx_commit(&tx, &outcome, &error), ERROR_CANCELED);
    assert_int_equal(outcome, DB_NOT_APPLIED);
    close_conn();
}

static void running_write_is_given_up_at_its_deadline(void **state)
{
    enum db_outcome outcome = DB_APPLIED;
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_prepare(&peer, 1, 1);
    peer_expect(&peer, EXEC);
    peer_do(&peer, PEER_SILENCE);
    begin(&tx);
    assert_int_equal(db_exec_deferred(&tx, &write_stmt, &one, &error), ERROR_NONE);
    context.deadline_us = clock_monotonic_us() + 50 * 1000;
    assert_int_equal(db_tx_flush(&tx, &error), ERROR_TIMEOUT);
    assert_true(clock_monotonic_us() >= context.deadline_us);
    assert_true(db_conn_broken(conn));
    assert_int_equal(db_tx_commit(&tx, &outcome, &error), ERROR_TIMEOUT);
    assert_int_equal(outcome, DB_NOT_APPLIED);
    close_conn();
}

/* The statement isn't even prepared. */
static void first_write_is_given_up_when_canceled(void **state)
{
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_expect(&peer, PREPARE);
    peer_do(&peer, PEER_CANCEL);
    peer_do(&peer, PEER_SILENCE);
    begin(&tx);
    assert_int_equal(db_exec_deferred(&tx, &write_stmt, &one, &error), ERROR_CANCELED);
    assert_true(clock_monotonic_us() < context.deadline_us - 10 * 1000 * 1000);
    assert_true(db_conn_broken(conn));
    db_tx_rollback(&tx);
    close_conn();
}

/* Giving a commit up would leave its outcome open, so only the deadline does. */
static void canceled_commit_is_awaited_until_the_deadline(void **state)
{
    enum db_outcome outcome = DB_APPLIED;
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    script_commit();
    peer_do(&peer, PEER_CANCEL);
    peer_do(&peer, PEER_SILENCE);
    begin(&tx);
    assert_int_equal(db_exec(&tx, &write_stmt, &one, NULL, &error), ERROR_NONE);
    context.deadline_us = clock_monotonic_us() + 2000 * 1000;
    assert_int_equal(db_tx_commit(&tx, &outcome, &error), ERROR_UNKNOWN_OUTCOME);
    assert_int_equal(outcome, DB_UNKNOWN);
    assert_true(clock_monotonic_us() >= context.deadline_us);
    close_conn();
}

/* Text within a transaction is a write like any other. */
static void running_text_is_given_up_when_canceled(void **state)
{
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_expect(&peer, EXEC_SQL);
    peer_do(&peer, PEER_CANCEL);
    peer_do(&peer, PEER_SILENCE);
    begin(&tx);
    assert_int_equal(db_conn_exec_sql(conn, &context, "DELETE FROM t", NULL, &error),
                     ERROR_CANCELED);
    assert_true(clock_monotonic_us() < context.deadline_us - 10 * 1000 * 1000);
    assert_true(db_conn_broken(conn));
    db_tx_rollback(&tx);
    close_conn();
}

static void query_is_interrupted_in_the_middle(void **state)
{
    /* "a", and two rows with 5 and 6. */
    const uint64_t first[] = {1, 'a', 1, 5, 1, 6, PART};
    const uint64_t last[] = {1, 'a', 1, 7, DONE};
    const uint64_t empty[] = {0};
    struct error error = ERROR_INIT;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_prepare(&peer, 1, 0);
    peer_expect(&peer, QUERY);
    peer_send_message(&peer, ROWS, first, 7);
    peer_do(&peer, PEER_CANCEL);
    peer_expect(&peer, INTERRUPT);
    peer_send_message(&peer, ROWS, last, 5);
    peer_send_message(&peer, EMPTY, empty, 1);
    peer_expect(&peer, FINALIZE);
    peer_send_failure(&peer, 12, "of no interest");
    peer_prepare(&peer, 2, 0);
    peer_exec(&peer); /* ROLLBACK. */
    begin(&tx);
    assert_int_equal(db_query(&tx, &read_stmt, NULL, &arena, &rows, &error), ERROR_CANCELED);
    assert_false(db_conn_broken(conn));
    db_tx_rollback(&tx);
    assert_false(db_conn_broken(conn));
    close_conn();
}

static void query_that_does_not_stop_breaks_the_connection(void **state)
{
    struct error error = ERROR_INIT;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_prepare(&peer, 1, 0);
    peer_expect(&peer, QUERY);
    peer_do(&peer, PEER_CANCEL);
    peer_do(&peer, PEER_SILENCE);
    begin(&tx);
    assert_int_equal(db_query(&tx, &read_stmt, NULL, &arena, &rows, &error), ERROR_CANCELED);
    assert_true(db_conn_broken(conn));
    db_tx_rollback(&tx);
    close_conn();
}

static void malformed_rows_break_the_connection(void **state)
{
    const uint64_t changed[] = {2, 'a', 'b', DONE};
    const uint64_t first[] = {1, 'a', 1, 5, PART};
    struct error error = ERROR_INIT;
    struct db_rows rows;
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_prepare(&peer, 1, 0);
    peer_expect(&peer, QUERY);
    peer_send_message(&peer, ROWS, first, 5);
    peer_send_message(&peer, ROWS, changed, 4);
    peer_do(&peer, PEER_SILENCE);
    begin(&tx);
    assert_int_equal(db_query(&tx, &read_stmt, NULL, &arena, &rows, &error), ERROR_PROTOCOL);
    assert_string_equal(error.message, "read: The engine changed the columns of a result");
    assert_true(db_conn_broken(conn));
    db_tx_rollback(&tx);
    close_conn();
}

static void rollback_that_fails_breaks_the_connection(void **state)
{
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_prepare(&peer, 1, 0);
    peer_expect(&peer, EXEC);
    peer_send_failure(&peer, 5, "checkpoint in progress");
    begin(&tx);
    db_tx_rollback(&tx);
    assert_true(db_conn_broken(conn));
    close_conn();
}

static void rollback_of_nothing_is_fine(void **state)
{
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_prepare(&peer, 1, 0);
    peer_expect(&peer, EXEC);
    peer_send_failure(&peer, 1, "cannot rollback - no transaction is active");
    begin(&tx);
    db_tx_rollback(&tx);
    assert_false(db_conn_broken(conn));
    close_conn();
}

/* Each side sends more than the other side's buffer takes: whoever sends has to
 * read as well. */
static void full_buffers_do_not_deadlock(void **state)
{
    enum { N = 100, SIZE = 100 * 1000 };
    char *text = malloc(SIZE);
    char *words = malloc(20000);
    struct db_value param;
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    assert_non_null(text);
    assert_non_null(words);
    memset(text, 'x', SIZE);
    memset(words, 'y', 20000);
    words[19999] = '\0';
    param = db_blob(text, SIZE);
    script_begin();
    peer_prepare(&peer, 1, 1);
    for (int i = 0; i < N; i++) {
        peer_expect(&peer, EXEC);
        peer_send_failure(&peer, i == 0 ? 2067 : 275, words);
    }
    peer_prepare(&peer, 2, 0);
    peer_exec(&peer); /* ROLLBACK. */
    begin(&tx);
    for (int i = 0; i < N; i++) {
        assert_int_equal(db_exec_deferred(&tx, &write_stmt, &param, &error), ERROR_NONE);
    }
    assert_int_equal(db_tx_flush(&tx, &error), ERROR_CONFLICT);
    db_tx_rollback(&tx);
    close_conn();
    free(words);
    free(text);
}

/* -- Text ---------------------------------------------------------------------- */

static void text_whose_answer_is_lost_is_unknown(void **state)
{
    struct error error = ERROR_INIT;

    (void)state;
    peer_greet(&peer);
    peer_expect(&peer, EXEC_SQL);
    peer_do(&peer, PEER_CLOSE);
    assert_int_equal(open_conn(&error), ERROR_NONE);
    assert_int_equal(db_conn_exec_sql(conn, &context, "DELETE FROM t", NULL, &error),
                     ERROR_UNKNOWN_OUTCOME);
    assert_true(db_conn_broken(conn));
    close_conn();
}

static void text_within_a_transaction_is_undone_with_it(void **state)
{
    struct error error = ERROR_INIT;
    struct db_tx tx;

    (void)state;
    script_begin();
    peer_expect(&peer, EXEC_SQL);
    peer_do(&peer, PEER_CLOSE);
    begin(&tx);
    assert_int_equal(db_conn_exec_sql(conn, &context, "DELETE FROM t", NULL, &error), ERROR_IO);
    db_tx_rollback(&tx);
    close_conn();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(NAME) cmocka_unit_test_setup(NAME, setup)
        TEST(silent_peer_is_given_up_at_the_deadline),
        TEST(trickling_peer_is_given_up_at_the_deadline),
        TEST(garbage_is_no_engine),
        TEST(length_that_cannot_be_is_refused),
        TEST(peer_that_hangs_up_is_an_io_error),
        TEST(no_leader_is_unavailable),
        TEST(commit_that_is_answered_is_applied),
        TEST(commit_whose_answer_is_lost_is_unknown),
        TEST(commit_without_an_answer_is_unknown_at_the_deadline),
        TEST(commit_with_a_malformed_answer_is_unknown),
        TEST(commit_failures_have_outcomes),
        TEST(loss_before_the_commit_is_sent_is_not_applied),
        TEST(lost_leadership_breaks_the_connection),
        TEST(canceled_write_that_is_answered_spares_the_connection),
        TEST(running_write_is_given_up_when_canceled),
        TEST(running_write_is_given_up_at_its_deadline),
        TEST(first_write_is_given_up_when_canceled),
        TEST(canceled_commit_is_awaited_until_the_deadline),
        TEST(running_text_is_given_up_when_canceled),
        TEST(query_is_interrupted_in_the_middle),
        TEST(query_that_does_not_stop_breaks_the_connection),
        TEST(malformed_rows_break_the_connection),
        TEST(rollback_that_fails_breaks_the_connection),
        TEST(rollback_of_nothing_is_fine),
        TEST(full_buffers_do_not_deadlock),
        TEST(text_whose_answer_is_lost_is_unknown),
        TEST(text_within_a_transaction_is_undone_with_it),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
