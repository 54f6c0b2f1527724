/* The store on the real engine, with nothing going wrong but the requests. */
#include "store/store.h"

#include "base/clock.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 120000

static struct task *insert_new(struct store_fixture *f, const char *key, const char *value)
{
    struct task *task = calloc(1, sizeof *task);

    assert_non_null(task);
    task_init(task, f, STORE_WRITE, task_insert);
    task->key = key;
    task->value = value;
    return task;
}

static void set_id(struct task *task, const char *id)
{
    snprintf(task->request.id, sizeof task->request.id, "%s", id);
}

static void task_free(struct task *task)
{
    task_close(task);
    free(task);
}

/* Holds the executor, or the reader, so that what is submitted waits. */
static void hold(struct task *gate, struct store_fixture *f, enum store_kind kind)
{
    task_init(gate, f, kind, task_gate);
    task_submit(gate, TIMEOUT_MS);
    sem_wait(&gate->entered);
}

static void let_go(struct task *gate)
{
    sem_post(&gate->leave);
    task_await(gate);
    assert_int_equal(gate->request.error.code, ERROR_NONE);
    task_close(gate);
}

static void assert_value(struct store_fixture *f, const char *key, const char *value)
{
    struct task task;

    task_init(&task, f, STORE_READ, task_read);
    task.key = key;
    task_perform(&task, value == NULL ? ERROR_NOT_FOUND : ERROR_NONE);
    if (value != NULL) {
        assert_string_equal(task.value, value);
    }
    task_close(&task);
}

static int64_t store_revision(struct store_fixture *f)
{
    return store_fixture_integer(f, "SELECT revision FROM store_revision");
}

static void write_is_read_back(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a", "1");
    struct task read;

    store_fixture_open(f);
    task_perform(task, ERROR_NONE);
    assert_int_equal(task->request.revision, 1);
    assert_false(task->request.replayed);
    assert_string_equal(task->request.result, "a at 1");
    assert_int_not_equal(task->request.id[0], '\0');
    task_init(&read, f, STORE_READ, task_read);
    read.key = "a";
    task_perform(&read, ERROR_NONE);
    assert_string_equal(read.value, "1");
    assert_int_equal(read.request.revision, 1);
    task_close(&read);
    task_free(task);
    assert_value(f, "b", NULL);
}

static void requests_may_come_before_the_store_is_ready(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a", "1");
    struct task read;

    proxy_cut(f->proxy, true);
    store_fixture_begin_open(f);
    task_submit(task, TIMEOUT_MS);
    task_init(&read, f, STORE_READ, task_read);
    read.key = "none";
    task_submit(&read, 50);
    task_await(&read);
    assert_int_equal(read.request.error.code, ERROR_TIMEOUT);
    assert_int_equal(read.n_runs, 0);
    assert_false(f->ready);
    proxy_cut(f->proxy, false);
    task_await(task);
    assert_int_equal(task->request.error.code, ERROR_NONE);
    assert_true(f->ready);
    task_close(&read);
    task_free(task);
}

enum { N_MANY = 600 };

static void requests_share_batches(void **state)
{
    struct store_fixture *f = *state;
    struct task *tasks[N_MANY];
    char keys[N_MANY][16];
    struct task gate;
    struct store_metrics metrics;

    store_fixture_open(f);
    hold(&gate, f, STORE_WRITE);
    for (int i = 0; i < N_MANY; i++) {
        snprintf(keys[i], sizeof keys[i], "key-%d", i);
        tasks[i] = insert_new(f, keys[i], "x");
        task_submit(tasks[i], TIMEOUT_MS);
    }
    assert_int_equal(store_fixture_metrics(f).waiting_writes, N_MANY);
    let_go(&gate);
    for (int i = 0; i < N_MANY; i++) {
        task_await(tasks[i]);
        assert_int_equal(tasks[i]->request.error.code, ERROR_NONE);
        assert_int_equal(tasks[i]->request.revision, i + 1);
        assert_int_equal(tasks[i]->n_runs, 1);
        task_free(tasks[i]);
    }
    metrics = store_fixture_metrics(f);
    assert_int_equal(metrics.batches, 1 + 3);
    assert_int_equal(metrics.batch_requests, 1 + N_MANY);
    assert_int_equal(metrics.batch_largest, STORE_BATCH_MAX);
    assert_int_equal(metrics.waiting_writes, 0);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM config"), N_MANY);
    assert_int_equal(store_revision(f), N_MANY);
}

/* Writes its key, then the same again: the constraint fails in the middle. */
static int insert_twice(struct store_request *request, struct store_tx *tx, struct error *error)
{
    int code = task_insert(request, tx, error);

    return code == ERROR_NONE ? task_insert(request, tx, error) : code;
}

/* Writes its key, and then finds that it may not. */
static int insert_and_regret(struct store_request *request, struct store_tx *tx,
                             struct error *error)
{
    int code = task_insert(request, tx, error);

    return code == ERROR_NONE ? error_set(error, ERROR_PRECONDITION, "Not like this") : code;
}

static void bad_requests_leave_their_neighbours_alone(void **state)
{
    static const struct {
        store_run run;
        enum error_code code;
        const char *key;
    } cases[] = {
        {task_insert, ERROR_NONE, "a"},
        {insert_twice, ERROR_CONFLICT, "b"},
        {task_insert, ERROR_NONE, "c"},
        {insert_and_regret, ERROR_PRECONDITION, "d"},
        {task_read, ERROR_NOT_FOUND, "e"},
        {task_insert, ERROR_CONFLICT, "a"}, /* Its neighbour's, which isn't committed yet. */
        {task_read, ERROR_NONE, "c"},
        {task_insert, ERROR_NONE, "f"},
        {insert_twice, ERROR_CONFLICT, "g"},
    };
    enum { N = sizeof cases / sizeof cases[0] };
    struct store_fixture *f = *state;
    struct task *tasks[N];
    struct task gate;
    int64_t revision = 0;

    store_fixture_open(f);
    hold(&gate, f, STORE_WRITE);
    for (size_t i = 0; i < N; i++) {
        tasks[i] = insert_new(f, cases[i].key, "x");
        tasks[i]->request.run = cases[i].run;
        task_submit(tasks[i], TIMEOUT_MS);
    }
    let_go(&gate);
    for (size_t i = 0; i < N; i++) {
        task_await(tasks[i]);
        assert_int_equal(tasks[i]->request.error.code, cases[i].code);
        if (cases[i].run == task_insert && cases[i].code == ERROR_NONE) {
            assert_int_equal(tasks[i]->request.revision, ++revision);
        } else if (cases[i].code == ERROR_NONE) {
            assert_int_equal(tasks[i]->request.revision, revision);
        } else {
            assert_int_equal(tasks[i]->request.revision, 0);
            assert_null(tasks[i]->request.result);
            assert_int_not_equal(tasks[i]->request.error.message[0], '\0');
        }
        task_free(tasks[i]);
    }
    assert_int_equal(store_fixture_metrics(f).batches, 2);
    assert_int_equal(revision, 3);
    assert_int_equal(store_revision(f), revision);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM config"), 3);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM store_requests"), 3);
    assert_value(f, "a", "x");
    assert_value(f, "c", "x");
    assert_value(f, "f", "x");
}

/* Reads a key that isn't there, and writes it then. */
static int insert_if_missing(struct store_request *request, struct store_tx *tx,
                             struct error *error)
{
    int code = task_read(request, tx, error);

    assert_int_equal(code, ERROR_NOT_FOUND);
    ((struct task *)request)->value = "x";
    return task_insert(request, tx, error);
}

static void error_that_a_request_got_over_is_not_its_end(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a", "1");

    store_fixture_open(f);
    task->request.run = insert_if_missing;
    task_perform(task, ERROR_NONE);
    assert_int_equal(task->request.revision, 1);
    assert_string_equal(task->request.error.message, "");
    task_free(task);
    assert_value(f, "a", "x");
}

static void same_id_is_applied_once_in_a_batch(void **state)
{
    struct store_fixture *f = *state;
    struct task *first = insert_new(f, "a", "1");
    struct task *second = insert_new(f, "a", "1");
    struct task gate;

    store_fixture_open(f);
    hold(&gate, f, STORE_WRITE);
    set_id(first, "same");
    set_id(second, "same");
    task_submit(first, TIMEOUT_MS);
    task_submit(second, TIMEOUT_MS);
    let_go(&gate);
    task_await(first);
    task_await(second);
    assert_int_equal(first->request.error.code, ERROR_NONE);
    assert_int_equal(second->request.error.code, ERROR_NONE);
    assert_false(first->request.replayed);
    assert_true(second->request.replayed);
    assert_int_equal(second->n_runs, 0);
    assert_int_equal(second->request.revision, 1);
    assert_string_equal(second->request.result, "a at 1");
    assert_int_equal(store_fixture_metrics(f).replays, 1);
    task_free(first);
    task_free(second);
    assert_int_equal(store_revision(f), 1);
}

static void same_id_is_known_after_a_restart(void **state)
{
    struct store_fixture *f = *state;

    for (int round = 0; round < 2; round++) {
        struct task *task = insert_new(f, "a", "1");

        store_fixture_open(f);
        set_id(task, "same");
        task_perform(task, ERROR_NONE);
        assert_int_equal(task->request.replayed, round == 1);
        assert_int_equal(task->n_runs, 1 - round);
        assert_int_equal(task->request.revision, 1);
        assert_string_equal(task->request.result, "a at 1");
        task_free(task);
        assert_int_equal(store_revision(f), 1);
        store_fixture_close(f, 1000);
    }
}

static void id_of_a_failed_request_is_not_kept(void **state)
{
    struct store_fixture *f = *state;
    struct task *bad = insert_new(f, "a", "1");
    struct task *good = insert_new(f, "a", "1");

    store_fixture_open(f);
    bad->request.run = insert_and_regret;
    set_id(bad, "same");
    set_id(good, "same");
    task_perform(bad, ERROR_PRECONDITION);
    task_perform(good, ERROR_NONE);
    assert_false(good->request.replayed);
    assert_int_equal(good->n_runs, 1);
    task_free(bad);
    task_free(good);
}

static int return_result(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct task *task = (struct task *)request;
    const char *result = task->value;
    int code = task_insert(request, tx, error);

    request->result = result;
    return code;
}

static void result_has_a_limit(void **state)
{
    struct store_fixture *f = *state;
    char *text = malloc(STORE_RESULT_SIZE_MAX + 2);

    assert_non_null(text);
    store_fixture_open(f);
    for (int extra = 0; extra < 2; extra++) {
        struct task *task = insert_new(f, extra == 0 ? "fits" : "too large", text);

        memset(text, 'x', STORE_RESULT_SIZE_MAX + 1);
        text[STORE_RESULT_SIZE_MAX + extra] = '\0';
        task->request.run = return_result;
        task_perform(task, extra == 0 ? ERROR_NONE : ERROR_TOO_LARGE);
        task_free(task);
    }
    assert_int_equal(store_revision(f), 1);
    assert_value(f, "too large", NULL);
    assert_int_equal(store_fixture_integer(f, "SELECT LENGTH(result) FROM store_requests"),
                     STORE_RESULT_SIZE_MAX);
    free(text);
}

static void ids_are_checked(void **state)
{
    static const struct {
        const char *id;
        enum error_code code;
    } cases[] = {
        {"!~-09azAZ", ERROR_NONE},   {"with space", ERROR_INVALID}, {"line\n", ERROR_INVALID},
        {"\xc3\xa4", ERROR_INVALID}, {"\x7f", ERROR_INVALID},
    };
    struct store_fixture *f = *state;
    struct task *task;
    char longest[STORE_REQUEST_ID_MAX + 1];

    store_fixture_open(f);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        task = insert_new(f, cases[i].id, "x");
        set_id(task, cases[i].id);
        task_perform(task, cases[i].code);
        assert_int_equal(task->n_runs, cases[i].code == ERROR_NONE);
        task_free(task);
    }
    memset(longest, 'x', sizeof longest);
    longest[STORE_REQUEST_ID_MAX] = '\0';
    task = insert_new(f, longest, "x");
    set_id(task, longest);
    task_perform(task, ERROR_NONE);
    task_free(task);
    /* Without its end. */
    task = insert_new(f, "endless", "x");
    memset(task->request.id, 'x', sizeof task->request.id);
    task_perform(task, ERROR_INVALID);
    task_free(task);
}

static int change_in_a_read(struct store_request *request, struct store_tx *tx, struct error *error)
{
    int64_t revision = 0;
    int code = store_tx_revision(tx, &revision, error);

    (void)request;
    assert_int_equal(revision, 0);
    return code;
}

static void read_can_not_change(void **state)
{
    struct store_fixture *f = *state;
    struct task task;

    store_fixture_open(f);
    task_init(&task, f, STORE_READ, change_in_a_read);
    task_perform(&task, ERROR_INTERNAL);
    assert_non_null(strstr(task.request.error.message, "is a read"));
    task_close(&task);
}

static int leave_tombstones(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct task *task = (struct task *)request;
    int code = ERROR_NONE;

    for (const char *c = task->value; code == ERROR_NONE && *c != '\0'; c++) {
        code = store_tx_tombstone(tx, "network", "default", "", task->key, error);
    }
    return code;
}

static void tombstone_has_the_revision(void **state)
{
    struct store_fixture *f = *state;
    struct task *one = insert_new(f, "one", "x");
    struct task *two = insert_new(f, "two", "xx");
    struct task *three = insert_new(f, "three", "x");

    store_fixture_open(f);
    one->request.run = leave_tombstones;
    two->request.run = leave_tombstones;
    three->request.run = leave_tombstones;
    task_perform(one, ERROR_NONE);
    task_perform(two, ERROR_INTERNAL);
    task_perform(three, ERROR_NONE);
    task_free(one);
    task_free(two);
    task_free(three);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM store_tombstones"), 2);
    assert_int_equal(
        store_fixture_integer(f, "SELECT revision FROM store_tombstones WHERE name = 'one'"), 1);
    assert_int_equal(
        store_fixture_integer(f, "SELECT revision FROM store_tombstones WHERE name = 'three'"), 2);
}

enum { N_OLD = 200 };

static int insert_old(struct store_request *request, struct store_tx *tx, struct error *error)
{
    static const struct db_stmt requests = {
        .name = "test.old_requests",
        .sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
               " INSERT INTO store_requests (id, revision, result, committed_at)"
               " SELECT 'old-' || i, -i, '', ? FROM n",
        .n_params = 2};
    static const struct db_stmt tombstones = {
        .name = "test.old_tombstones",
        .sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
               " INSERT INTO store_tombstones (revision, kind, project, network, name, deleted_at)"
               " SELECT -i, 'network', '', '', '', ? FROM n",
        .n_params = 2};
    /* The time is up for the first and not yet for the second. */
    const int64_t kept_s = clock_wall_s() - STORE_REQUEST_KEPT_S - 60;
    const struct db_value params[] = {db_integer(N_OLD), db_integer(kept_s)};
    int code = task_insert(request, tx, error);

    if (code == ERROR_NONE) {
        code = db_exec_deferred(tx->db, &requests, params, error);
    }
    if (code == ERROR_NONE) {
        code = db_exec_deferred(tx->db, &tombstones, params, error);
    }
    return code;
}

static void old_ids_are_pruned_bit_by_bit(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a", "1");

    store_fixture_open(f);
    task->request.run = insert_old;
    task_perform(task, ERROR_NONE);
    task_free(task);
    /* Its own batch removed 64, and twice the one id that was written. */
    assert_int_equal(
        store_fixture_integer(f, "SELECT COUNT(*) FROM store_requests WHERE id LIKE 'old-%'"),
        N_OLD - 66);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM store_requests"), N_OLD - 65);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM store_tombstones"), N_OLD);
}

static void waiting_request_is_canceled(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a", "1");
    struct task gate;

    store_fixture_open(f);
    hold(&gate, f, STORE_WRITE);
    task_submit(task, TIMEOUT_MS);
    store_cancel(&task->request);
    assert_false(task->done);
    task_await(task); /* The gate is still closed. */
    assert_int_equal(task->request.error.code, ERROR_CANCELED);
    assert_int_equal(task->n_runs, 0);
    let_go(&gate);
    task_free(task);
    assert_value(f, "a", NULL);
}

/* Like the gate, and asks the database afterwards. */
static int gate_and_read(struct store_request *request, struct store_tx *tx, struct error *error)
{
    int code = task_insert(request, tx, error);

    if (code == ERROR_NONE) {
        code = task_gate(request, tx, error);
    }
    return code == ERROR_NONE ? task_read(request, tx, error) : code;
}

static void running_request_is_canceled(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a", "1");
    struct task *neighbour = insert_new(f, "b", "2");

    store_fixture_open(f);
    task->request.run = gate_and_read;
    task_submit(task, TIMEOUT_MS);
    sem_wait(&task->entered);
    task_submit(neighbour, TIMEOUT_MS);
    store_cancel(&task->request);
    sem_post(&task->leave);
    task_await(task);
    task_await(neighbour);
    assert_int_equal(task->request.error.code, ERROR_CANCELED);
    assert_int_equal(neighbour->request.error.code, ERROR_NONE);
    assert_int_equal(neighbour->request.revision, 1);
    task_free(task);
    task_free(neighbour);
    assert_value(f, "a", NULL);
}

static void deadline_ends_a_waiting_request(void **state)
{
    struct store_fixture *f = *state;
    struct task *late = insert_new(f, "a", "1");
    struct task *gone = insert_new(f, "b", "2");
    struct task *patient = insert_new(f, "c", "3");
    struct task gate;

    store_fixture_open(f);
    hold(&gate, f, STORE_WRITE);
    task_submit(patient, TIMEOUT_MS);
    task_submit(late, 30);
    task_submit(gone, 0);
    task_await(gone);
    task_await(late); /* The gate is still closed. */
    assert_int_equal(late->request.error.code, ERROR_TIMEOUT);
    assert_int_equal(gone->request.error.code, ERROR_TIMEOUT);
    assert_true(late->done_us >= late->request.deadline_us);
    assert_false(patient->done);
    let_go(&gate);
    task_await(patient);
    assert_int_equal(patient->request.error.code, ERROR_NONE);
    assert_int_equal(late->n_runs, 0);
    assert_int_equal(gone->n_runs, 0);
    task_free(late);
    task_free(gone);
    task_free(patient);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM config"), 1);
}

static void deadline_ends_a_running_request(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a", "1");
    struct task passing;

    store_fixture_open(f);
    task->request.run = gate_and_read;
    task_submit(task, 1000);
    sem_wait(&task->entered);
    /* A read whose deadline is later tells when that of TASK has passed. */
    task_init(&passing, f, STORE_READ, task_gate);
    task_submit(&passing, TIMEOUT_MS);
    sem_post(&passing.leave);
    task_await(&passing);
    while (clock_monotonic_us() <= task->request.deadline_us) {
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    sem_post(&task->leave);
    task_await(task);
    assert_int_equal(task->request.error.code, ERROR_TIMEOUT);
    task_close(&passing);
    task_free(task);
    assert_value(f, "a", NULL);
    assert_int_equal(store_revision(f), 0);
}

static void queue_has_a_limit(void **state)
{
    struct store_fixture *f = *state;
    static const enum store_kind kinds[] = {STORE_WRITE, STORE_READ};
    struct task *tasks = calloc(STORE_QUEUE_MAX + 1, sizeof *tasks);
    struct task gate;

    assert_non_null(tasks);
    store_fixture_open(f);
    for (size_t k = 0; k < 2; k++) {
        hold(&gate, f, kinds[k]);
        for (size_t i = 0; i <= STORE_QUEUE_MAX; i++) {
            task_init(&tasks[i], f, kinds[k], task_read);
            tasks[i].key = "none";
            task_submit(&tasks[i], TIMEOUT_MS);
        }
        task_await(&tasks[STORE_QUEUE_MAX]);
        assert_int_equal(tasks[STORE_QUEUE_MAX].request.error.code, ERROR_UNAVAILABLE);
        assert_int_equal(tasks[STORE_QUEUE_MAX].n_runs, 0);
        assert_false(tasks[STORE_QUEUE_MAX - 1].done);
        let_go(&gate);
        for (size_t i = 0; i < STORE_QUEUE_MAX; i++) {
            task_await(&tasks[i]);
            assert_int_equal(tasks[i].request.error.code, ERROR_NOT_FOUND);
        }
        for (size_t i = 0; i <= STORE_QUEUE_MAX; i++) {
            task_close(&tasks[i]);
        }
    }
    free(tasks);
}

static void on_closed(void *data)
{
    *(bool *)data = true;
}

static void closing_finishes_what_waits(void **state)
{
    struct store_fixture *f = *state;
    struct task *waiting = insert_new(f, "a", "1");
    struct task *late = insert_new(f, "b", "2");
    struct task gate;
    bool closed = false;

    store_fixture_open(f);
    hold(&gate, f, STORE_WRITE);
    task_submit(waiting, TIMEOUT_MS);
    store_close(f->store, TIMEOUT_MS, on_closed, &closed);
    task_submit(late, TIMEOUT_MS);
    task_await(late);
    assert_int_equal(late->request.error.code, ERROR_UNAVAILABLE);
    assert_false(waiting->done);
    assert_false(closed);
    let_go(&gate);
    store_fixture_run_until(f, &closed);
    assert_true(waiting->done);
    assert_int_equal(waiting->request.error.code, ERROR_NONE);
    task_free(waiting);
    task_free(late);
    store_fixture_open(f);
    assert_value(f, "a", "1");
}

static void closing_loses_patience(void **state)
{
    struct store_fixture *f = *state;
    struct task *running = insert_new(f, "a", "1");
    struct task *waiting = insert_new(f, "b", "2");
    bool closed = false;

    store_fixture_open(f);
    running->request.run = gate_and_read;
    task_submit(running, TIMEOUT_MS);
    sem_wait(&running->entered);
    task_submit(waiting, TIMEOUT_MS);
    store_close(f->store, 20, on_closed, &closed);
    task_await(waiting);
    assert_int_equal(waiting->request.error.code, ERROR_CANCELED);
    assert_false(running->done);
    sem_post(&running->leave);
    store_fixture_run_until(f, &closed);
    assert_true(running->done);
    assert_int_equal(running->request.error.code, ERROR_CANCELED);
    task_free(running);
    task_free(waiting);
    store_fixture_open(f);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM config"), 0);
}

static void closing_before_it_is_ready(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a", "1");
    bool closed = false;

    proxy_cut(f->proxy, true);
    store_fixture_begin_open(f);
    task_submit(task, TIMEOUT_MS);
    store_close(f->store, 20, on_closed, &closed);
    store_fixture_run_until(f, &closed);
    f->store = NULL;
    assert_false(f->ready);
    assert_true(task->done);
    assert_int_equal(task->request.error.code, ERROR_CANCELED);
    task_free(task);
}

static int make_newer(struct store_request *request, struct store_tx *tx, struct error *error)
{
    static const struct db_stmt stmt = {
        .name = "test.newer", .sql = "INSERT INTO schema (version, updated_at) VALUES (99, '')"};
    int64_t revision;
    int code = store_tx_revision(tx, &revision, error);

    (void)request;
    return code == ERROR_NONE ? db_exec(tx->db, &stmt, NULL, NULL, error) : code;
}

static void newer_schema_is_refused(void **state)
{
    struct store_fixture *f = *state;
    struct task newer;
    struct task *early = insert_new(f, "a", "1");
    struct task read;

    store_fixture_open(f);
    task_init(&newer, f, STORE_WRITE, make_newer);
    task_perform(&newer, ERROR_NONE);
    task_close(&newer);
    store_fixture_close(f, 1000);

    store_fixture_begin_open(f);
    task_submit(early, TIMEOUT_MS);
    task_await(early);
    assert_int_equal(early->request.error.code, ERROR_INVALID);
    assert_non_null(strstr(early->request.error.message, "has schema version 99"));
    assert_true(f->ready);
    assert_int_equal(f->ready_error.code, ERROR_INVALID);
    task_init(&read, f, STORE_READ, task_read);
    task_perform(&read, ERROR_INVALID);
    task_close(&read);
    task_free(early);
}

#define store_test(TEST)                                                                           \
    cmocka_unit_test_setup_teardown(TEST, store_fixture_set_up, store_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        store_test(write_is_read_back),
        store_test(requests_may_come_before_the_store_is_ready),
        store_test(requests_share_batches),
        store_test(bad_requests_leave_their_neighbours_alone),
        store_test(error_that_a_request_got_over_is_not_its_end),
        store_test(same_id_is_applied_once_in_a_batch),
        store_test(same_id_is_known_after_a_restart),
        store_test(id_of_a_failed_request_is_not_kept),
        store_test(result_has_a_limit),
        store_test(ids_are_checked),
        store_test(read_can_not_change),
        store_test(tombstone_has_the_revision),
        store_test(old_ids_are_pruned_bit_by_bit),
        store_test(waiting_request_is_canceled),
        store_test(running_request_is_canceled),
        store_test(deadline_ends_a_waiting_request),
        store_test(deadline_ends_a_running_request),
        store_test(queue_has_a_limit),
        store_test(closing_finishes_what_waits),
        store_test(closing_loses_patience),
        store_test(closing_before_it_is_ready),
        store_test(newer_schema_is_refused),
    };

    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
