#include "test/lib/store_fixture.h"

#include "base/clock.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/temp_dir.h"

#include <stdlib.h>
#include <string.h>

#define GUARD_MS 30000

const struct db_stmt task_insert_stmt = {
    .name = "test.insert", .sql = "INSERT INTO config (key, value) VALUES (?, ?)", .n_params = 2};
const struct db_stmt task_read_stmt = {.name = "test.read",
                                       .sql = "SELECT value FROM config WHERE key = ?",
                                       .n_params = 1,
                                       .n_columns = 1};

int store_fixture_set_up(void **state)
{
    struct store_fixture *f = calloc(1, sizeof *f);
    struct error error = ERROR_INIT;

    assert_non_null(f);
    f->dir = temp_dir_new();
    if (node_start(&(struct node_options){.state_dir = f->dir}, &f->node, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    f->proxy = proxy_start(node_address(f->node));
    assert_int_equal(uv_loop_init(&f->loop), 0);
    *state = f;
    return 0;
}

int store_fixture_tear_down(void **state)
{
    struct store_fixture *f = *state;

    if (f->store != NULL) {
        store_fixture_close(f, 0);
    }
    proxy_stop(f->proxy);
    node_stop(f->node, 20000);
    assert_int_equal(uv_loop_close(&f->loop), 0);
    temp_dir_remove(f->dir);
    free(f);
    return 0;
}

static void on_ready(struct store *store, const struct error *error, void *data)
{
    struct store_fixture *f = data;

    (void)store;
    assert_false(f->ready);
    f->ready = true;
    if (error != NULL) {
        f->ready_error = *error;
    }
}

void store_fixture_begin_open(struct store_fixture *f)
{
    const struct store_options options = {.loop = &f->loop,
                                          .engine_address = proxy_address(f->proxy)};
    struct error error = ERROR_INIT;

    f->ready = false;
    f->closed = false;
    error_clear(&f->ready_error);
    if (store_open(&options, on_ready, f, &f->store, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
}

void store_fixture_open(struct store_fixture *f)
{
    store_fixture_begin_open(f);
    store_fixture_run_until(f, &f->ready);
    if (f->ready_error.code != ERROR_NONE) {
        fail_msg("%s", f->ready_error.message);
    }
}

static void on_closed(void *data)
{
    struct store_fixture *f = data;

    f->closed = true;
}

void store_fixture_close(struct store_fixture *f, unsigned drain_ms)
{
    store_close(f->store, drain_ms, on_closed, f);
    store_fixture_run_until(f, &f->closed);
    f->store = NULL;
}

static void on_guard(uv_timer_t *timer)
{
    (void)timer;
    fail_msg("waited for too long");
}

void store_fixture_run_until(struct store_fixture *f, const bool *flag)
{
    uv_timer_t guard;

    assert_int_equal(uv_timer_init(&f->loop, &guard), 0);
    uv_update_time(&f->loop);
    assert_int_equal(uv_timer_start(&guard, on_guard, GUARD_MS, 0), 0);
    while (!*flag) {
        uv_run(&f->loop, UV_RUN_ONCE);
    }
    uv_close((uv_handle_t *)&guard, NULL);
    uv_run(&f->loop, UV_RUN_NOWAIT);
}

static void on_done(struct store_request *request)
{
    struct task *task = (struct task *)request;

    assert_false(task->done);
    task->done = true;
    task->done_us = clock_monotonic_us();
}

void task_init(struct task *task, struct store_fixture *f, enum store_kind kind, store_run run)
{
    memset(task, 0, sizeof *task);
    store_request_init(&task->request);
    task->request.kind = kind;
    task->request.name = "task";
    task->request.run = run;
    task->request.done = on_done;
    task->f = f;
    sem_init(&task->entered, 0, 0);
    sem_init(&task->leave, 0, 0);
}

void task_close(struct task *task)
{
    assert_true(task->done);
    arena_close(&task->request.arena);
    sem_destroy(&task->entered);
    sem_destroy(&task->leave);
}

void task_submit(struct task *task, unsigned timeout_ms)
{
    task->request.deadline_us = clock_monotonic_us() + timeout_ms * UINT64_C(1000);
    store_submit(task->f->store, &task->request);
    assert_false(task->done);
}

void task_await(struct task *task)
{
    store_fixture_run_until(task->f, &task->done);
}

void task_perform(struct task *task, enum error_code code)
{
    task_submit(task, GUARD_MS);
    task_await(task);
    if (task->request.error.code != code) {
        fail_msg("%s: %s", error_name(task->request.error.code), task->request.error.message);
    }
}

int task_insert(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct task *task = (struct task *)request;
    const struct db_value params[] = {db_text(task->key), db_text(task->value)};
    int64_t revision;
    int code;

    task->n_runs++;
    code = store_tx_revision(tx, &revision, error);
    if (code != ERROR_NONE) {
        return code;
    }
    request->result = arena_printf(tx->arena, "%s at %lld", task->key, (long long)revision);
    if (request->result == NULL) {
        return error_no_memory(error);
    }
    return db_exec_deferred(tx->db, &task_insert_stmt, params, error);
}

int task_read(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct task *task = (struct task *)request;
    const struct db_value params[] = {db_text(task->key)};
    struct db_rows rows;
    int code;

    task->n_runs++;
    task->value = NULL;
    code = db_query(tx->db, &task_read_stmt, params, tx->arena, &rows, error);
    if (code == ERROR_NONE && rows.n_rows == 0) {
        code = error_set(error, ERROR_NOT_FOUND, "There is no %s", task->key);
    }
    if (code == ERROR_NONE) {
        task->value = rows.values[0].bytes.data;
    }
    return code;
}

int task_gate(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct task *task = (struct task *)request;

    (void)tx;
    (void)error;
    task->n_runs++;
    sem_post(&task->entered);
    sem_wait(&task->leave);
    return ERROR_NONE;
}

struct integer_task {
    struct task task;
    const char *sql;
    int64_t value;
};

static int run_integer(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct integer_task *task = (struct integer_task *)request;
    struct db_rows rows;
    int code =
        db_conn_query_sql(tx->db->conn, tx->db->context, task->sql, 1, tx->arena, &rows, error);

    if (code == ERROR_NONE) {
        task->value = rows.values[0].integer;
    }
    return code;
}

int64_t store_fixture_integer(struct store_fixture *f, const char *sql)
{
    struct integer_task task = {.sql = sql};

    task_init(&task.task, f, STORE_READ, run_integer);
    task_perform(&task.task, ERROR_NONE);
    task_close(&task.task);
    return task.value;
}

struct store_metrics store_fixture_metrics(struct store_fixture *f)
{
    struct store_metrics metrics;

    store_metrics(f->store, &metrics);
    return metrics;
}
