/* The store of a node that is told who leads: what it can't do ends at once, so that it is
 * tried where the leader is, and when the node leads again all is looked at anew. */
#include "base/clock.h"
#include "store/store.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 120000

/* What the engine answers on its way out of leadership. */
#define ENGINE_NOT_LEADER      10250
#define ENGINE_LEADERSHIP_LOST 10506

#define BEGIN_WRITE "BEGIN IMMEDIATE"
#define LOOK_UP     "SELECT revision, result FROM store_requests WHERE id = ?"

static void task_write(struct task *task, struct store_fixture *f, const char *key)
{
    task_init(task, f, STORE_WRITE, task_insert);
    task->key = key;
    task->value = "x";
}

static void set_id(struct task *task, const char *id, bool fresh)
{
    snprintf(task->request.id, sizeof task->request.id, "%s", id);
    task->request.id_is_fresh = fresh;
}

/* Writes KEY, which must end with CODE. */
static void write_key(struct store_fixture *f, const char *key, enum error_code code)
{
    struct task task;

    task_write(&task, f, key);
    task_perform(&task, code);
    task_close(&task);
}

static void read_key(struct store_fixture *f, const char *key, enum error_code code)
{
    struct task task;

    task_init(&task, f, STORE_READ, task_read);
    task.key = key;
    task_perform(&task, code);
    task_close(&task);
}

static int64_t count(struct store_fixture *f)
{
    return store_fixture_integer(f, "SELECT COUNT(*) FROM config");
}

static void whoever_does_not_lead_refuses(void **state)
{
    struct store_fixture *f = *state;

    store_fixture_open(f);
    store_set_leads(f->store, false);
    write_key(f, "a", ERROR_NOT_LEADER);
    read_key(f, "a", ERROR_NOT_LEADER);
    store_set_leads(f->store, true);
    read_key(f, "a", ERROR_NOT_FOUND);
    write_key(f, "a", ERROR_NONE);
    read_key(f, "a", ERROR_NONE);
}

static int run_nothing(struct store_request *request, struct store_tx *tx, struct error *error)
{
    (void)request;
    (void)tx;
    (void)error;
    return ERROR_NONE;
}

static void read_own_copy(struct store_fixture *f, enum error_code code)
{
    struct task task;

    task_init(&task, f, STORE_READ_LOCAL, run_nothing);
    task_perform(&task, code);
    task_close(&task);
}

/* Each change of leadership begins another epoch, of which the own copy knows nothing. */
static void own_copy_is_read_whoever_leads(void **state)
{
    struct store_fixture *f = *state;

    store_fixture_open(f);
    write_key(f, "a", ERROR_NONE);
    read_own_copy(f, ERROR_NONE);
    store_set_leads(f->store, false);
    read_own_copy(f, ERROR_NONE);
    store_set_leads(f->store, true);
    read_own_copy(f, ERROR_NONE);
}

static int64_t engine_value(struct store_fixture *f, const char *sql, const char *change)
{
    const struct db_context context = {.deadline_us = clock_monotonic_us() + TIMEOUT_MS * 1000};
    const struct db_conn_options options = {.address = node_address(f->node)};
    struct arena arena = {0};
    struct error error = ERROR_INIT;
    struct db_conn *conn;
    struct db_rows rows;
    int64_t value;

    assert_int_equal(db_conn_open(&options, &context, &conn, &error), ERROR_NONE);
    if (change != NULL) {
        assert_int_equal(db_conn_exec_sql(conn, &context, change, NULL, &error), ERROR_NONE);
    }
    assert_int_equal(db_conn_query_sql(conn, &context, sql, 1, &arena, &rows, &error), ERROR_NONE);
    value = rows.values[0].integer;
    arena_close(&arena);
    db_conn_close(conn);
    return value;
}

/* Without the threads having done anything: the schema waits for the leader. */
static void schema_is_applied_by_whoever_leads(void **state)
{
    static const char *const tables = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'config'";
    struct store_fixture *f = *state;

    proxy_cut(f->proxy, true); /* Until it is told, it may try. */
    store_fixture_begin_open(f);
    store_set_leads(f->store, false);
    proxy_cut(f->proxy, false);
    store_fixture_run_until(f, &f->ready);
    assert_int_equal(f->ready_error.code, ERROR_NONE);
    write_key(f, "a", ERROR_NOT_LEADER);
    assert_int_equal(engine_value(f, tables, NULL), 0);
    store_set_leads(f->store, true);
    write_key(f, "a", ERROR_NONE);
    assert_int_equal(engine_value(f, tables, NULL), 1);
}

static void what_waits_ends_when_leadership_is_lost(void **state)
{
    struct store_fixture *f = *state;
    struct task gate;
    struct task waiting;

    store_fixture_open(f);
    task_init(&gate, f, STORE_WRITE, task_gate);
    task_write(&waiting, f, "a");
    task_submit(&gate, TIMEOUT_MS);
    sem_wait(&gate.entered);
    task_submit(&waiting, TIMEOUT_MS);
    store_set_leads(f->store, false);
    task_await(&waiting);
    assert_int_equal(waiting.request.error.code, ERROR_NOT_LEADER);
    assert_int_equal(waiting.n_runs, 0);
    assert_false(gate.done);
    sem_post(&gate.leave);
    task_await(&gate); /* Its commit is asked for, and this engine does lead. */
    assert_int_equal(gate.request.error.code, ERROR_NONE);
    task_close(&gate);
    task_close(&waiting);
}

/* The thread has it, and it comes back to the queue when nobody leads any more. */
static void what_runs_ends_when_leadership_is_lost(void **state)
{
    struct store_fixture *f = *state;
    struct task gate;

    store_fixture_open(f);
    task_init(&gate, f, STORE_WRITE, task_gate);
    task_submit(&gate, TIMEOUT_MS);
    sem_wait(&gate.entered);
    store_set_leads(f->store, false);
    proxy_cut(f->proxy, false);
    sem_post(&gate.leave);
    task_await(&gate);
    assert_int_equal(gate.request.error.code, ERROR_NOT_LEADER);
    assert_int_equal(gate.n_runs, 1);
    task_close(&gate);
}

/* STATEMENT fails once, and nothing is done. */
static void refuse_at(struct store_fixture *f, const char *statement, uint64_t failure,
                      const char *key)
{
    proxy_set_failure(f->proxy, failure);
    proxy_set_fault(f->proxy, PROXY_FAIL_BEFORE, statement, 0);
    write_key(f, key, ERROR_NOT_LEADER);
    assert_true(proxy_fault_happened(f->proxy));
}

static void engine_that_does_not_lead_ends_a_write(void **state)
{
    struct store_fixture *f = *state;

    store_fixture_open(f);
    store_set_leads(f->store, true);
    refuse_at(f, BEGIN_WRITE, ENGINE_NOT_LEADER, "a");
    refuse_at(f, task_insert_stmt.sql, ENGINE_NOT_LEADER, "a");
    refuse_at(f, "COMMIT", ENGINE_NOT_LEADER, "a");
    assert_int_equal(count(f), 0);
    write_key(f, "a", ERROR_NONE);
    assert_int_equal(count(f), 1);
}

static void engine_that_does_not_lead_ends_a_read(void **state)
{
    struct store_fixture *f = *state;

    store_fixture_open(f);
    store_set_leads(f->store, true);
    write_key(f, "a", ERROR_NONE);
    proxy_set_failure(f->proxy, ENGINE_NOT_LEADER);
    proxy_set_fault(f->proxy, PROXY_FAIL_BEFORE, task_read_stmt.sql, 0);
    read_key(f, "a", ERROR_NOT_LEADER);
    assert_true(proxy_fault_happened(f->proxy));
    read_key(f, "a", ERROR_NONE);
}

static void store_that_was_never_told_tries_on(void **state)
{
    struct store_fixture *f = *state;

    store_fixture_open(f);
    proxy_set_failure(f->proxy, ENGINE_NOT_LEADER);
    proxy_set_faults(f->proxy, PROXY_FAIL_BEFORE, BEGIN_WRITE, 0, 3);
    write_key(f, "a", ERROR_NONE);
    assert_true(proxy_fault_happened(f->proxy));
    assert_int_equal(count(f), 1);
}

/* The commit was done, and its answer is lost together with leadership: nobody here knows. */
static void write_in_doubt_is_for_the_next_leader(void **state)
{
    struct store_fixture *f = *state;
    struct task first;
    struct task again;

    store_fixture_open(f);
    store_set_leads(f->store, true);
    task_write(&first, f, "a");
    set_id(&first, "mine", true);
    proxy_set_fault(f->proxy, PROXY_HOLD, "COMMIT", 0);
    task_submit(&first, TIMEOUT_MS);
    while (!proxy_fault_happened(f->proxy)) {
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    store_set_leads(f->store, false);
    proxy_cut(f->proxy, false);
    task_await(&first);
    assert_int_equal(first.request.error.code, ERROR_UNKNOWN_OUTCOME);
    assert_int_equal(first.n_runs, 1);
    store_set_leads(f->store, true);
    task_write(&again, f, "a");
    set_id(&again, "mine", false);
    task_perform(&again, ERROR_NONE);
    assert_true(again.request.replayed);
    assert_string_equal(again.request.result, "a at 1");
    assert_int_equal(count(f), 1);
    task_close(&first);
    task_close(&again);
}

/* The engine lost leadership and has it again before anybody noticed. */
static void write_in_doubt_is_found_where_it_was_made(void **state)
{
    struct store_fixture *f = *state;
    struct task task;

    store_fixture_open(f);
    store_set_leads(f->store, true);
    task_write(&task, f, "a");
    proxy_set_failure(f->proxy, ENGINE_LEADERSHIP_LOST);
    proxy_set_fault(f->proxy, PROXY_FAIL_ANSWERED, "COMMIT", 0);
    task_perform(&task, ERROR_NONE);
    assert_true(proxy_fault_happened(f->proxy));
    assert_true(task.request.replayed);
    assert_int_equal(count(f), 1);
    task_close(&task);
}

static void fresh_id_is_not_looked_up(void **state)
{
    struct store_fixture *f = *state;
    struct task task;

    store_fixture_open(f);
    proxy_set_fault(f->proxy, PROXY_CUT_BEFORE, LOOK_UP, 0);
    task_write(&task, f, "a");
    set_id(&task, "mine", true);
    task_perform(&task, ERROR_NONE);
    task_close(&task);
    assert_false(proxy_fault_happened(f->proxy));
    task_write(&task, f, "b");
    set_id(&task, "other", false);
    task_perform(&task, ERROR_NONE);
    task_close(&task);
    assert_true(proxy_fault_happened(f->proxy));
}

/* A fresh id whose commit got lost was made in vain, or not: that is looked up. */
static void fresh_id_in_doubt_is_looked_up(void **state)
{
    struct store_fixture *f = *state;
    struct task task;

    store_fixture_open(f);
    proxy_set_fault(f->proxy, PROXY_CUT_ANSWERED, "COMMIT", 0);
    task_write(&task, f, "a");
    set_id(&task, "mine", true);
    task_perform(&task, ERROR_NONE);
    assert_true(task.request.replayed);
    assert_int_equal(task.n_runs, 1);
    task_close(&task);
}

static void who_leads_again_starts_anew(void **state)
{
    struct store_fixture *f = *state;
    uint64_t reconnects;
    struct task task;

    store_fixture_open(f);
    write_key(f, "a", ERROR_NONE);
    read_key(f, "a", ERROR_NONE);
    reconnects = store_fixture_metrics(f).reconnects;
    store_set_leads(f->store, false);
    assert_int_equal(engine_value(f, "SELECT revision FROM store_revision",
                                  "UPDATE store_revision SET revision = 41"),
                     41);
    store_set_leads(f->store, true);
    task_write(&task, f, "b");
    task_perform(&task, ERROR_NONE);
    assert_int_equal(task.request.revision, 42);
    task_close(&task);
    read_key(f, "b", ERROR_NONE);
    assert_int_equal(store_fixture_metrics(f).reconnects, reconnects + 2);
    /* Told again what it knows: nothing is renewed. */
    store_set_leads(f->store, true);
    read_key(f, "b", ERROR_NONE);
    assert_int_equal(store_fixture_metrics(f).reconnects, reconnects + 2);
}

/* A newer program led meanwhile. That this one can't serve is for the time that it leads. */
static void newer_schema_fails_the_leader_only(void **state)
{
    struct store_fixture *f = *state;

    store_fixture_open(f);
    write_key(f, "a", ERROR_NONE);
    store_set_leads(f->store, false);
    assert_int_equal(engine_value(f, "SELECT MAX(version) FROM schema",
                                  "INSERT INTO schema (version, updated_at) VALUES (1000, 0)"),
                     1000);
    store_set_leads(f->store, true);
    write_key(f, "b", ERROR_INVALID);
    read_key(f, "a", ERROR_INVALID);
    store_set_leads(f->store, false);
    write_key(f, "b", ERROR_NOT_LEADER);
    engine_value(f, "SELECT MAX(version) FROM schema", "DELETE FROM schema WHERE version = 1000");
    store_set_leads(f->store, true);
    write_key(f, "b", ERROR_NONE);
}

/* Leadership comes and goes under load: whatever was said to be done is done once. */
static void changes_under_load_lose_nothing(void **state)
{
    enum { N = 200 };
    struct store_fixture *f = *state;
    struct task *tasks = calloc(N, sizeof *tasks);
    char keys[N][8];
    int64_t n_done = 0;

    assert_non_null(tasks);
    store_fixture_open(f);
    for (size_t i = 0; i < N; i++) {
        snprintf(keys[i], sizeof keys[i], "%zu", i);
        task_write(&tasks[i], f, keys[i]);
        task_submit(&tasks[i], TIMEOUT_MS);
        if (i % 20 == 10) {
            store_set_leads(f->store, false);
        } else if (i % 20 == 15) {
            store_set_leads(f->store, true);
        }
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    for (size_t i = 0; i < N; i++) {
        task_await(&tasks[i]);
        if (tasks[i].request.error.code == ERROR_NONE) {
            n_done++;
        } else {
            assert_int_equal(tasks[i].request.error.code, ERROR_NOT_LEADER);
        }
        task_close(&tasks[i]);
    }
    assert_true(n_done < N);
    assert_int_equal(count(f), n_done);
    free(tasks);
}

#define store_test(TEST)                                                                           \
    cmocka_unit_test_setup_teardown(TEST, store_fixture_set_up, store_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        store_test(whoever_does_not_lead_refuses),
        store_test(own_copy_is_read_whoever_leads),
        store_test(schema_is_applied_by_whoever_leads),
        store_test(what_waits_ends_when_leadership_is_lost),
        store_test(what_runs_ends_when_leadership_is_lost),
        store_test(engine_that_does_not_lead_ends_a_write),
        store_test(engine_that_does_not_lead_ends_a_read),
        store_test(store_that_was_never_told_tries_on),
        store_test(write_in_doubt_is_for_the_next_leader),
        store_test(write_in_doubt_is_found_where_it_was_made),
        store_test(fresh_id_is_not_looked_up),
        store_test(fresh_id_in_doubt_is_looked_up),
        store_test(who_leads_again_starts_anew),
        store_test(newer_schema_fails_the_leader_only),
        store_test(changes_under_load_lose_nothing),
    };

    return cmocka_run_group_tests_name("store_leads", tests, NULL, NULL);
}
