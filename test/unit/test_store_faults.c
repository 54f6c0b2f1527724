/* The store when the connection to the engine breaks, at each statement of a
 * batch in turn: everything that was answered as done is done once. */
#include "base/clock.h"
#include "entity/project.mapper.h"
#include "store/internal.h"
#include "store/store.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 120000

static struct task *insert_new(struct store_fixture *f, const char *key)
{
    struct task *task = calloc(1, sizeof *task);

    assert_non_null(task);
    task_init(task, f, STORE_WRITE, task_insert);
    task->key = key;
    task->value = "x";
    return task;
}

static void task_free(struct task *task)
{
    task_close(task);
    free(task);
}

static void hold(struct task *gate, struct store_fixture *f)
{
    task_init(gate, f, STORE_WRITE, task_gate);
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

/* The keys are there as often as the revisions say, each with its id. */
static void assert_applied(struct store_fixture *f, int64_t n)
{
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM config"), n);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM store_requests"), n);
    assert_int_equal(store_fixture_integer(f, "SELECT revision FROM store_revision"), n);
}

static void lost_commit_is_sent_again(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a");
    struct store_metrics metrics;

    store_fixture_open(f);
    proxy_set_fault(f->proxy, PROXY_CUT_BEFORE, "COMMIT", 0);
    task_submit(task, TIMEOUT_MS);
    task_await(task);
    assert_true(proxy_fault_happened(f->proxy));
    assert_int_equal(task->request.error.code, ERROR_NONE);
    assert_false(task->request.replayed);
    assert_int_equal(task->n_runs, 2);
    assert_int_equal(task->request.revision, 1);
    metrics = store_fixture_metrics(f);
    assert_int_equal(metrics.unknown_outcomes, 1);
    assert_int_equal(metrics.reconnects, 1);
    assert_int_equal(metrics.replays, 0);
    assert_int_equal(metrics.batches, 1);
    task_free(task);
    assert_applied(f, 1);
}

static void lost_answer_to_a_commit_is_found_out(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a");
    struct store_metrics metrics;

    store_fixture_open(f);
    proxy_set_fault(f->proxy, PROXY_CUT_ANSWERED, "COMMIT", 0);
    task_submit(task, TIMEOUT_MS);
    task_await(task);
    assert_true(proxy_fault_happened(f->proxy));
    assert_int_equal(task->request.error.code, ERROR_NONE);
    assert_true(task->request.replayed);
    assert_int_equal(task->n_runs, 1);
    assert_int_equal(task->request.revision, 1);
    assert_string_equal(task->request.result, "a at 1");
    metrics = store_fixture_metrics(f);
    assert_int_equal(metrics.unknown_outcomes, 1);
    assert_int_equal(metrics.reconnects, 1);
    assert_int_equal(metrics.replays, 1);
    task_free(task);
    assert_applied(f, 1);
}

/* It is found, and then the connection breaks again before that is confirmed: it
 * has to be found each time. */
static void lost_answers_in_a_row_are_found_out(void **state)
{
    static const enum proxy_fault faults[] = {PROXY_CUT_BEFORE, PROXY_CUT_UNANSWERED,
                                              PROXY_CUT_ANSWERED};
    enum { N = sizeof faults / sizeof faults[0] };
    static const char *const keys[N] = {"a", "b", "c"};
    struct store_fixture *f = *state;

    store_fixture_open(f);
    for (int i = 0; i < N; i++) {
        struct task *task = insert_new(f, keys[i]);

        proxy_set_faults(f->proxy, faults[i], "COMMIT", 0, 4);
        task_submit(task, TIMEOUT_MS);
        task_await(task);
        assert_true(proxy_fault_happened(f->proxy));
        assert_int_equal(task->request.error.code, ERROR_NONE);
        assert_int_equal(task->request.revision, i + 1);
        if (faults[i] != PROXY_CUT_UNANSWERED) {
            assert_int_equal(task->request.replayed, faults[i] == PROXY_CUT_ANSWERED);
            assert_int_equal(task->n_runs, faults[i] == PROXY_CUT_ANSWERED ? 1 : 5);
        }
        task_free(task);
    }
    assert_applied(f, N);
}

/* Whether the engine came to commit or not when the connection went is its
 * affair: often enough to see both. */
static void cut_during_a_commit_is_found_out(void **state)
{
    enum { N = 20 };
    struct store_fixture *f = *state;
    char key[16];

    store_fixture_open(f);
    for (int i = 0; i < N; i++) {
        struct task *task;

        snprintf(key, sizeof key, "key-%d", i);
        task = insert_new(f, key);
        proxy_set_fault(f->proxy, PROXY_CUT_UNANSWERED, "COMMIT", 0);
        task_submit(task, TIMEOUT_MS);
        task_await(task);
        assert_true(proxy_fault_happened(f->proxy));
        assert_int_equal(task->request.error.code, ERROR_NONE);
        assert_int_equal(task->request.revision, i + 1);
        assert_int_equal(task->n_runs, task->request.replayed ? 1 : 2);
        task_free(task);
    }
    assert_applied(f, N);
}

static int insert_and_regret(struct store_request *request, struct store_tx *tx,
                             struct error *error)
{
    int code = task_insert(request, tx, error);

    return code == ERROR_NONE ? error_set(error, ERROR_PRECONDITION, "Not like this") : code;
}

/* A batch of good ones with a bad one in their midst, through each fault at each
 * statement. */
static void cut_at_any_statement_harms_nobody(void **state)
{
    /* How many to let pass: those of the gate, and of what each request has one,
     * those of the first two requests. */
    static const struct {
        const char *sql;
        unsigned skip;
    } statements[] = {
        {"BEGIN IMMEDIATE", 0},
        {"SAVEPOINT s", 2},
        {"SELECT revision FROM store_revision WHERE id = 1", 1},
        {"INSERT INTO config (key, value) VALUES (?, ?)", 2},
        {"INSERT INTO store_requests (id, revision, result, committed_at) VALUES (?, ?, ?, ?)", 2},
        {"RELEASE s", 3},
        {"ROLLBACK TO s", 0},
        {"UPDATE store_revision SET revision = ? WHERE id = 1", 0},
        {"COMMIT", 1},
    };
    static const enum proxy_fault faults[] = {PROXY_CUT_BEFORE, PROXY_CUT_UNANSWERED,
                                              PROXY_CUT_ANSWERED};
    enum { N = 6, BAD = 2 };
    struct store_fixture *f = *state;
    int64_t n_applied = 0;

    store_fixture_open(f);
    for (size_t s = 0; s < sizeof statements / sizeof statements[0]; s++) {
        for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
            struct task *tasks[N];
            char keys[N][32];
            struct task gate;

            hold(&gate, f);
            for (int n = 0; n < N; n++) {
                snprintf(keys[n], sizeof keys[n], "%zu-%zu-%d", s, i, n);
                tasks[n] = insert_new(f, keys[n]);
                if (n == BAD) {
                    tasks[n]->request.run = insert_and_regret;
                }
                task_submit(tasks[n], TIMEOUT_MS);
            }
            proxy_set_fault(f->proxy, faults[i], statements[s].sql, statements[s].skip);
            let_go(&gate);
            for (int n = 0; n < N; n++) {
                task_await(tasks[n]);
                assert_int_equal(tasks[n]->request.error.code,
                                 n == BAD ? ERROR_PRECONDITION : ERROR_NONE);
                assert_int_equal(tasks[n]->request.revision, n == BAD ? 0 : ++n_applied);
                task_free(tasks[n]);
            }
            assert_true(proxy_fault_happened(f->proxy));
            assert_applied(f, n_applied);
        }
    }
    assert_int_equal(store_fixture_metrics(f).reconnects,
                     sizeof statements / sizeof statements[0] * sizeof faults / sizeof faults[0]);
}

/* Every kind of function that generate-database writes, with a map; what it leaves
 * is one project. */
static int use_mappers(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct task *task = (struct task *)request;
    struct project project = {.name = "passing", .description = "before"};
    struct project got;
    const struct project_selector selectors[] = {project_by_name("passing"),
                                                 project_by_name(task->key)};
    struct project_list list;
    bool exists;
    int64_t id;
    int code;

    task->n_runs++;
    code = store_tx_revision(tx, &project.revision, error);
    if (code == ERROR_NONE && !string_map_set(&project.config, tx->arena, "user.a", "1")) {
        code = error_no_memory(error);
    }
    if (code == ERROR_NONE) {
        code = project_create(tx->db, &project, &id, error);
    }
    project.name = task->key;
    project.description = "after";
    if (code == ERROR_NONE) {
        code = project_update(tx->db, "passing", &project, error);
    }
    if (code == ERROR_NONE) {
        code = project_get_one(tx->db, task->key, tx->arena, &got, error);
    }
    if (code == ERROR_NONE) {
        assert_int_equal(got.id, id);
        assert_string_equal(got.description, "after");
        assert_int_equal(got.config.n_pairs, 1);
        project.name = "passing";
        code = project_create(tx->db, &project, &id, error);
    }
    if (code == ERROR_NONE) {
        code = project_get_many(tx->db, selectors, 2, tx->arena, &list, error);
    }
    if (code == ERROR_NONE) {
        assert_int_equal(list.n_objects, 2);
        code = project_delete_by_name(tx->db, "passing", error);
    }
    if (code == ERROR_NONE) {
        code = project_exists(tx->db, "passing", &exists, error);
    }
    if (code == ERROR_NONE) {
        assert_false(exists);
    }
    return code;
}

/* The n-th statement meets the fault, for every n until a run is clean. */
static void fault_at_any_step_of_mappers_leaves_one_change(void **state)
{
    enum { BUSY = 5, NOT_LEADER = 10250, LEADERSHIP_LOST = 10506, STEPS_MIN = 12 };
    static const struct {
        enum proxy_fault fault;
        uint64_t code;
    } faults[] = {
        {PROXY_CUT_BEFORE, 0},
        {PROXY_CUT_UNANSWERED, 0},
        {PROXY_CUT_ANSWERED, 0},
        {PROXY_FAIL_BEFORE, BUSY},
        {PROXY_FAIL_BEFORE, NOT_LEADER},
        {PROXY_FAIL_BEFORE, LEADERSHIP_LOST},
        {PROXY_FAIL_ANSWERED, LEADERSHIP_LOST},
    };
    struct store_fixture *f = *state;
    int64_t n_applied = 0;
    int64_t n_before;

    store_fixture_open(f);
    n_before = store_fixture_integer(f, "SELECT COUNT(*) FROM projects");
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        bool happened = true;
        unsigned n;

        for (n = 0; happened; n++) {
            struct task task;
            char key[32];

            snprintf(key, sizeof key, "p%zu-%u", i, n);
            task_init(&task, f, STORE_WRITE, use_mappers);
            task.key = key;
            proxy_set_failure(f->proxy, faults[i].code);
            proxy_set_fault(f->proxy, faults[i].fault, NULL, n);
            task_submit(&task, TIMEOUT_MS);
            task_await(&task);
            happened = proxy_fault_happened(f->proxy);
            proxy_set_faults(f->proxy, faults[i].fault, NULL, 0, 0);
            if (task.request.error.code != ERROR_NONE) {
                fail_msg("fault %zu at step %u: %s", i, n, task.request.error.message);
            }
            assert_int_equal(task.request.revision, ++n_applied);
            assert_in_range(task.n_runs, 1, happened ? 2 : 1);
            task_close(&task);
            assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM projects"),
                             n_before + n_applied);
            assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM projects_config "
                                                      "WHERE key = 'user.a'"),
                             n_applied);
            assert_int_equal(store_fixture_integer(f, "SELECT revision FROM store_revision"),
                             n_applied);
        }
        assert_true(n > STEPS_MIN);
    }
}

static void read_is_run_again(void **state)
{
    static const enum proxy_fault faults[] = {PROXY_CUT_BEFORE, PROXY_CUT_UNANSWERED,
                                              PROXY_CUT_ANSWERED};
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a");

    store_fixture_open(f);
    task_perform(task, ERROR_NONE);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct task read;

        task_init(&read, f, STORE_READ, task_read);
        read.key = "a";
        proxy_set_fault(f->proxy, faults[i], task_read_stmt.sql, 0);
        task_perform(&read, ERROR_NONE);
        assert_true(proxy_fault_happened(f->proxy));
        assert_string_equal(read.value, "x");
        assert_int_equal(read.request.revision, 1);
        assert_int_equal(read.n_runs, 2);
        task_close(&read);
    }
    task_free(task);
}

static void requests_wait_while_the_engine_is_away(void **state)
{
    struct store_fixture *f = *state;
    struct task *patient = insert_new(f, "a");
    struct task *hasty = insert_new(f, "b");
    struct task read;

    store_fixture_open(f);
    proxy_cut(f->proxy, true);
    task_submit(patient, TIMEOUT_MS);
    task_submit(hasty, 50);
    task_init(&read, f, STORE_READ, task_read);
    read.key = "a";
    task_submit(&read, TIMEOUT_MS);
    task_await(hasty);
    assert_int_equal(hasty->request.error.code, ERROR_TIMEOUT);
    assert_int_equal(hasty->n_runs, 0);
    assert_false(patient->done);
    assert_false(read.done);
    proxy_cut(f->proxy, false);
    task_await(patient);
    task_await(&read);
    assert_int_equal(patient->request.error.code, ERROR_NONE);
    assert_true(read.request.error.code == ERROR_NONE ||
                read.request.error.code == ERROR_NOT_FOUND);
    task_free(patient);
    task_free(hasty);
    task_close(&read);
    assert_applied(f, 1);
}

/* Breaks the connection each time it runs. */
static int run_poison(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct task *task = (struct task *)request;

    proxy_set_fault(task->f->proxy, PROXY_CUT_BEFORE, task_read_stmt.sql, 0);
    return task_read(request, tx, error);
}

/* The same with SQL that isn't prepared, of whose failure the transaction hears
 * nothing. */
static int run_raw_poison(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct task *task = (struct task *)request;
    struct db_rows rows;
    int code = db_tx_flush(tx->db, error);

    task->n_runs++;
    proxy_cut(task->f->proxy, false);
    while (code == ERROR_NONE) {
        code = db_conn_query_sql(tx->db->conn, tx->db->context, "SELECT 1", 1, tx->arena, &rows,
                                 error);
    }
    return code;
}

static void request_that_breaks_connections_is_given_up(void **state)
{
    static const struct {
        enum store_kind kind;
        store_run run;
        const char *neighbour;
    } cases[] = {
        {STORE_WRITE, run_poison, "a"},
        {STORE_READ, run_poison, "b"},
        {STORE_WRITE, run_raw_poison, "c"},
        {STORE_READ, run_raw_poison, "d"},
    };
    struct store_fixture *f = *state;

    store_fixture_open(f);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct task *neighbour = insert_new(f, cases[i].neighbour);
        struct task poison;

        task_init(&poison, f, cases[i].kind, cases[i].run);
        poison.key = "a";
        task_submit(&poison, TIMEOUT_MS);
        task_submit(neighbour, TIMEOUT_MS);
        task_await(&poison);
        task_await(neighbour);
        assert_int_equal(poison.request.error.code, ERROR_IO);
        assert_int_equal(poison.n_runs, STORE_BREAKS_MAX);
        assert_int_equal(neighbour->request.error.code, ERROR_NONE);
        task_close(&poison);
        task_free(neighbour);
    }
    assert_applied(f, 4);
}

/* Two in one batch whose COMMIT gets no answer: the one whose time is up is told
 * so, the other waits until it is known. */
static void deadline_ends_a_request_whose_commit_hangs(void **state)
{
    struct store_fixture *f = *state;
    struct task *hasty = insert_new(f, "a");
    struct task *patient = insert_new(f, "b");
    struct task *unchanged = insert_new(f, "none");
    struct task gate;

    store_fixture_open(f);
    hold(&gate, f);
    unchanged->request.run = task_read;
    task_submit(hasty, 2000);
    task_submit(patient, TIMEOUT_MS);
    task_submit(unchanged, 2000);
    proxy_set_fault(f->proxy, PROXY_HOLD, "COMMIT", 1);
    let_go(&gate);
    task_await(hasty);
    task_await(unchanged);
    assert_true(proxy_fault_happened(f->proxy));
    assert_int_equal(hasty->request.error.code, ERROR_UNKNOWN_OUTCOME);
    assert_int_equal(hasty->request.revision, 0);
    assert_true(hasty->done_us >= hasty->request.deadline_us);
    assert_int_equal(unchanged->request.error.code, ERROR_TIMEOUT);
    assert_false(patient->done);
    /* Its owner may do as it likes with it from here on. */
    task_free(hasty);
    task_free(unchanged);
    store_cancel(&patient->request); /* Too late. */
    proxy_cut(f->proxy, false);
    task_await(patient);
    assert_int_equal(patient->request.error.code, ERROR_NONE);
    assert_true(patient->request.replayed);
    assert_int_equal(patient->request.revision, 2);
    task_free(patient);
    assert_applied(f, 2);
}

/* The commit's answer is lost and the engine stays away: nobody can know. */
static void request_in_doubt_ends_as_unknown(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a");
    struct task *again = insert_new(f, "a");

    store_fixture_open(f);
    proxy_set_fault(f->proxy, PROXY_HOLD, "COMMIT", 0);
    snprintf(task->request.id, sizeof task->request.id, "mine");
    snprintf(again->request.id, sizeof again->request.id, "mine");
    task_submit(task, 2000);
    while (!proxy_fault_happened(f->proxy)) {
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    proxy_cut(f->proxy, true);
    store_cancel(&task->request); /* Changes nothing: it may be done. */
    task_await(task);
    assert_int_equal(task->request.error.code, ERROR_UNKNOWN_OUTCOME);
    proxy_cut(f->proxy, false);
    task_perform(again, ERROR_NONE);
    assert_int_equal(again->request.revision, 1);
    task_free(task);
    task_free(again);
    assert_applied(f, 1);
}

/* It was found, and the connection breaks until the time is up: that it is applied
 * isn't confirmed, and that it isn't would be a lie. */
static void request_that_was_found_never_ends_as_a_timeout(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a");

    store_fixture_open(f);
    proxy_set_faults(f->proxy, PROXY_CUT_ANSWERED, "COMMIT", 0, UINT32_MAX);
    task_submit(task, 2000);
    task_await(task);
    assert_int_equal(task->request.error.code, ERROR_UNKNOWN_OUTCOME);
    assert_int_equal(task->n_runs, 1);
    proxy_set_faults(f->proxy, PROXY_CUT_ANSWERED, "COMMIT", 0, 0);
    task_free(task);
    assert_applied(f, 1);
}

static void query_that_hangs_is_canceled(void **state)
{
    static const enum store_kind kinds[] = {STORE_WRITE, STORE_READ};
    struct store_fixture *f = *state;

    store_fixture_open(f);
    for (size_t i = 0; i < 2; i++) {
        struct task *neighbour = insert_new(f, i == 0 ? "a" : "b");
        struct task task;

        task_init(&task, f, kinds[i], task_read);
        task.key = "none";
        proxy_set_fault(f->proxy, PROXY_HOLD, task_read_stmt.sql, 0);
        task_submit(&task, TIMEOUT_MS);
        while (!proxy_fault_happened(f->proxy)) {
            uv_run(&f->loop, UV_RUN_NOWAIT);
        }
        task_submit(neighbour, TIMEOUT_MS);
        store_cancel(&task.request);
        task_await(&task);
        assert_int_equal(task.request.error.code, ERROR_CANCELED);
        assert_true(clock_monotonic_us() < task.request.deadline_us - 10000000);
        task_await(neighbour);
        assert_int_equal(neighbour->request.error.code, ERROR_NONE);
        task_close(&task);
        task_free(neighbour);
    }
    assert_applied(f, 2);
}

/* Two ways out of a write that the engine doesn't answer. The neighbour in the same
 * batch has its work undone with the connection, and is run again. */
static void write_that_hangs_is_given_up(void **state)
{
    static const int codes[] = {ERROR_CANCELED, ERROR_TIMEOUT};
    struct store_fixture *f = *state;

    store_fixture_open(f);
    for (size_t i = 0; i < 2; i++) {
        struct task *neighbour = insert_new(f, i == 0 ? "a" : "b");
        struct task *task = insert_new(f, "never");
        struct task gate;

        hold(&gate, f);
        task_submit(neighbour, TIMEOUT_MS);
        task_submit(task, codes[i] == ERROR_TIMEOUT ? 2000 : TIMEOUT_MS);
        proxy_set_fault(f->proxy, PROXY_HOLD, task_insert_stmt.sql, 1);
        let_go(&gate);
        while (!proxy_fault_happened(f->proxy)) {
            uv_run(&f->loop, UV_RUN_NOWAIT);
        }
        if (codes[i] == ERROR_CANCELED) {
            store_cancel(&task->request);
        }
        task_await(task);
        assert_int_equal(task->request.error.code, codes[i]);
        assert_int_equal(task->n_runs, 1);
        if (codes[i] == ERROR_CANCELED) {
            assert_true(task->done_us < task->request.deadline_us - 10000000);
        } else {
            assert_true(task->done_us >= task->request.deadline_us);
        }
        task_await(neighbour);
        assert_int_equal(neighbour->request.error.code, ERROR_NONE);
        assert_int_equal(neighbour->n_runs, 2);
        task_free(task);
        task_free(neighbour);
    }
    assert_applied(f, 2);
}

/* A load of writes, some of which wait while others run, and what happens to it
 * now and then. Each must end well, and be applied once. */
enum { N_LOAD = 1000, N_IN_FLIGHT = 50, N_INCIDENTS = 20 };

struct load {
    struct store_fixture *f;
    struct task tasks[N_LOAD];
    char keys[N_LOAD][16];
    int n_submitted;
    int n_done;
    bool done;
};

static void submit_next(struct load *load);

static void on_load_done(struct store_request *request)
{
    struct load *load = request->data;

    ((struct task *)request)->done = true;
    load->n_done++;
    load->done = load->n_done == N_LOAD;
    submit_next(load);
}

static void submit_next(struct load *load)
{
    int i = load->n_submitted;

    if (i == N_LOAD) {
        return;
    }
    load->n_submitted++;
    task_init(&load->tasks[i], load->f, STORE_WRITE, task_insert);
    snprintf(load->keys[i], sizeof load->keys[i], "key-%d", i);
    load->tasks[i].key = load->keys[i];
    load->tasks[i].value = "x";
    load->tasks[i].request.data = load;
    load->tasks[i].request.done = on_load_done;
    task_submit(&load->tasks[i], TIMEOUT_MS);
}

/* Runs the load; INCIDENT is called after each N_LOAD / N_INCIDENTS of it. */
static void run_load(struct store_fixture *f, int n_incidents, void (*incident)(struct load *load))
{
    struct load *load = calloc(1, sizeof *load);
    bool seen[N_LOAD + 1] = {false};

    assert_non_null(load);
    load->f = f;
    for (int i = 0; i < N_IN_FLIGHT; i++) {
        submit_next(load);
    }
    for (int i = 1; i <= n_incidents; i++) {
        while (load->n_done < i * N_LOAD / (n_incidents + 1)) {
            uv_run(&f->loop, UV_RUN_ONCE);
        }
        incident(load);
    }
    store_fixture_run_until(f, &load->done);
    for (int i = 0; i < N_LOAD; i++) {
        int64_t revision = load->tasks[i].request.revision;

        assert_int_equal(load->tasks[i].request.error.code, ERROR_NONE);
        assert_in_range(revision, 1, N_LOAD);
        assert_false(seen[revision]);
        seen[revision] = true;
        task_close(&load->tasks[i]);
    }
    free(load);
    assert_applied(f, N_LOAD);
}

static void cut_connections(struct load *load)
{
    proxy_cut(load->f->proxy, false);
}

static void load_survives_lost_connections(void **state)
{
    struct store_fixture *f = *state;

    store_fixture_open(f);
    run_load(f, N_INCIDENTS, cut_connections);
    assert_in_range(store_fixture_metrics(f).reconnects, 1, N_INCIDENTS);
}

static void restart_engine(struct load *load)
{
    struct store_fixture *f = load->f;
    struct error error = ERROR_INIT;

    node_stop(f->node, 20000);
    if (node_start(&(struct node_options){.state_dir = f->dir}, &f->node, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    proxy_set_engine(f->proxy, node_address(f->node));
}

static void load_survives_restarts_of_the_engine(void **state)
{
    struct store_fixture *f = *state;

    store_fixture_open(f);
    run_load(f, 3, restart_engine);
}

static void on_closed(void *data)
{
    *(bool *)data = true;
}

static void closing_does_not_wait_for_a_commit_that_hangs(void **state)
{
    struct store_fixture *f = *state;
    struct task *task = insert_new(f, "a");
    bool closed = false;

    store_fixture_open(f);
    proxy_set_fault(f->proxy, PROXY_HOLD, "COMMIT", 0);
    task_submit(task, TIMEOUT_MS);
    while (!proxy_fault_happened(f->proxy)) {
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    store_close(f->store, 20, on_closed, &closed);
    task_await(task);
    assert_int_equal(task->request.error.code, ERROR_UNKNOWN_OUTCOME);
    assert_false(closed);
    proxy_cut(f->proxy, false);
    store_fixture_run_until(f, &closed);
    f->store = NULL;
    task_free(task);
    store_fixture_open(f);
    assert_applied(f, 1);
}

static void schema_is_applied_once_whatever_breaks(void **state)
{
    static const enum proxy_fault faults[] = {PROXY_CUT_BEFORE, PROXY_CUT_ANSWERED};
    struct store_fixture *f = *state;

    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        proxy_set_fault(f->proxy, faults[i],
                        "INSERT INTO schema (version, updated_at) VALUES (?, ?)", 0);
        if (i == 1) {
            proxy_set_fault(f->proxy, faults[i], "COMMIT", 0);
        }
        store_fixture_open(f);
        assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM schema"), 1);
        assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM projects"), 1);
        store_fixture_close(f, 1000);
    }
}

#define store_test(TEST)                                                                           \
    cmocka_unit_test_setup_teardown(TEST, store_fixture_set_up, store_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        store_test(lost_commit_is_sent_again),
        store_test(lost_answer_to_a_commit_is_found_out),
        store_test(lost_answers_in_a_row_are_found_out),
        store_test(cut_during_a_commit_is_found_out),
        store_test(cut_at_any_statement_harms_nobody),
        store_test(fault_at_any_step_of_mappers_leaves_one_change),
        store_test(read_is_run_again),
        store_test(requests_wait_while_the_engine_is_away),
        store_test(request_that_breaks_connections_is_given_up),
        store_test(deadline_ends_a_request_whose_commit_hangs),
        store_test(request_in_doubt_ends_as_unknown),
        store_test(request_that_was_found_never_ends_as_a_timeout),
        store_test(query_that_hangs_is_canceled),
        store_test(write_that_hangs_is_given_up),
        store_test(closing_does_not_wait_for_a_commit_that_hangs),
        store_test(schema_is_applied_once_whatever_breaks),
        store_test(load_survives_lost_connections),
        store_test(load_survives_restarts_of_the_engine),
    };

    return cmocka_run_group_tests_name("store_faults", tests, NULL, NULL);
}
