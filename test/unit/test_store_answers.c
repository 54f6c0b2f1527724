/* The store when the engine answers that somebody else writes (5), that another
 * node leads (10250), or that it led and lost that (10506), to each statement of a
 * batch in turn: each request is applied once, or ends with the right error. */
#include "base/clock.h"
#include "store/internal.h"
#include "store/store.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/store_fixture.h"

#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS 120000

enum { N_TASKS = 3, BUSY = 5, NOT_LEADER = 10250, LEADERSHIP_LOST = 10506 };

/* Whether the engine executed the statement that it says this of. */
static const struct answer {
    uint64_t code;
    enum proxy_fault fault;
    bool breaks; /* The connection is given up. */
} answers[] = {
    {BUSY, PROXY_FAIL_BEFORE, false},
    {NOT_LEADER, PROXY_FAIL_BEFORE, true},
    {LEADERSHIP_LOST, PROXY_FAIL_BEFORE, true},
    {LEADERSHIP_LOST, PROXY_FAIL_ANSWERED, true},
};
enum { N_ANSWERS = sizeof answers / sizeof answers[0] };

/* The keys are there as often as the revisions say, each with its id. */
static void assert_applied(struct store_fixture *f, int64_t n)
{
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM config"), n);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM store_requests"), n);
    assert_int_equal(store_fixture_integer(f, "SELECT revision FROM store_revision"), n);
}

/* Three writes in one batch behind a gate. */
struct batch {
    struct task gate;
    struct task tasks[N_TASKS];
    char keys[N_TASKS][32];
};

static void batch_begin(struct batch *batch, struct store_fixture *f, const char *prefix,
                        unsigned timeout_ms)
{
    task_init(&batch->gate, f, STORE_WRITE, task_gate);
    task_submit(&batch->gate, TIMEOUT_MS);
    sem_wait(&batch->gate.entered);
    for (int n = 0; n < N_TASKS; n++) {
        struct task *task = &batch->tasks[n];

        snprintf(batch->keys[n], sizeof batch->keys[n], "%s-%d", prefix, n);
        task_init(task, f, STORE_WRITE, task_insert);
        task->key = batch->keys[n];
        task->value = "x";
        task_submit(task, timeout_ms);
    }
}

/* Has the gate's batch end, and awaits the three. */
static void batch_run(struct batch *batch)
{
    sem_post(&batch->gate.leave);
    task_await(&batch->gate);
    for (int n = 0; n < N_TASKS; n++) {
        task_await(&batch->tasks[n]);
    }
    task_close(&batch->gate);
}

static void batch_close(struct batch *batch)
{
    for (int n = 0; n < N_TASKS; n++) {
        task_close(&batch->tasks[n]);
    }
}

static void passing_answer_to_any_statement_harms_nobody(void **state)
{
    /* How many to let pass: those of the gate, and of what each request has one,
     * those of the first request. */
    static const struct {
        const char *sql;
        unsigned skip;
    } statements[] = {
        {"BEGIN IMMEDIATE", 0},
        {"SAVEPOINT s", 1},
        {"SELECT revision FROM store_revision WHERE id = 1", 1},
        {"INSERT INTO config (key, value) VALUES (?, ?)", 1},
        {"INSERT INTO store_requests (id, revision, result, committed_at) VALUES (?, ?, ?, ?)", 1},
        {"RELEASE s", 2},
        {"UPDATE store_revision SET revision = ? WHERE id = 1", 0},
        {"COMMIT", 1},
    };
    enum { N_STATEMENTS = sizeof statements / sizeof statements[0] };
    struct store_fixture *f = *state;
    struct store_metrics before;
    struct store_metrics after;
    int64_t n_applied = 0;

    store_fixture_open(f);
    for (size_t s = 0; s < N_STATEMENTS; s++) {
        for (size_t a = 0; a < N_ANSWERS; a++) {
            bool at_commit = s == N_STATEMENTS - 1;
            bool unknown = at_commit && answers[a].code == LEADERSHIP_LOST;
            bool found = unknown && answers[a].fault == PROXY_FAIL_ANSWERED;
            struct batch batch;
            char prefix[16];

            snprintf(prefix, sizeof prefix, "%zu-%zu", s, a);
            before = store_fixture_metrics(f);
            batch_begin(&batch, f, prefix, TIMEOUT_MS);
            proxy_set_failure(f->proxy, answers[a].code);
            proxy_set_fault(f->proxy, answers[a].fault, statements[s].sql, statements[s].skip);
            batch_run(&batch);
            assert_true(proxy_fault_happened(f->proxy));
            after = store_fixture_metrics(f);
            assert_int_equal(after.reconnects - before.reconnects, answers[a].breaks);
            assert_int_equal(after.unknown_outcomes - before.unknown_outcomes, unknown);
            assert_int_equal(after.replays - before.replays, found ? N_TASKS : 0);
            for (int n = 0; n < N_TASKS; n++) {
                const struct task *task = &batch.tasks[n];

                assert_int_equal(task->request.error.code, ERROR_NONE);
                assert_int_equal(task->request.revision, ++n_applied);
                assert_int_equal(task->request.replayed, found);
                assert_true(task->n_runs <= 2);
                if (at_commit) {
                    assert_int_equal(task->n_runs, found ? 1 : 2);
                }
            }
            batch_close(&batch);
            assert_applied(f, n_applied);
        }
    }
}

/* How many are there, once what was on its way to the engine is decided: no transaction can
 * begin before. One more than there were. */
static int64_t count_decided(struct store_fixture *f, const char *key)
{
    struct task task;

    task_init(&task, f, STORE_WRITE, task_insert);
    task.key = key;
    task.value = "x";
    task_submit(&task, TIMEOUT_MS);
    task_await(&task);
    assert_int_equal(task.request.error.code, ERROR_NONE);
    task_close(&task);
    return store_fixture_integer(f, "SELECT COUNT(*) FROM config");
}

/* It never passes: each ends at its deadline. Only who may be applied is told so,
 * and what was is found under its id once the engine answers again. */
static void answer_that_stays_ends_each_at_its_deadline(void **state)
{
    static const char *const statements[] = {
        "BEGIN IMMEDIATE", "INSERT INTO config (key, value) VALUES (?, ?)", "COMMIT"};
    enum { N_STATEMENTS = sizeof statements / sizeof statements[0], ALLOWED_MS = 1000 };
    struct store_fixture *f = *state;
    int64_t n_applied = 0;

    store_fixture_open(f);
    for (size_t s = 0; s < N_STATEMENTS; s++) {
        for (size_t a = 0; a < N_ANSWERS; a++) {
            bool lost_at_commit = s == N_STATEMENTS - 1 && answers[a].code == LEADERSHIP_LOST;
            bool applied = lost_at_commit && answers[a].fault == PROXY_FAIL_ANSWERED;
            int64_t n_in_doubt = 0;
            struct batch batch;
            char prefix[16];

            snprintf(prefix, sizeof prefix, "%zu-%zu", s, a);
            batch_begin(&batch, f, prefix, ALLOWED_MS);
            proxy_set_failure(f->proxy, answers[a].code);
            proxy_set_faults(f->proxy, answers[a].fault, statements[s], s == N_STATEMENTS - 1,
                             UINT32_MAX);
            batch_run(&batch);
            proxy_set_faults(f->proxy, answers[a].fault, statements[s], 0, 0);
            for (int n = 0; n < N_TASKS; n++) {
                struct task *task = &batch.tasks[n];
                enum error_code code = task->request.error.code;
                uint64_t late_us = task->done_us - task->request.deadline_us;

                /* Who was looked up and not found is surely not applied; but the deadline may come
                 * while a COMMIT is on its way. */
                if (applied || code != ERROR_TIMEOUT) {
                    assert_int_equal(s, N_STATEMENTS - 1);
                    assert_int_equal(code, ERROR_UNKNOWN_OUTCOME);
                    n_in_doubt += !applied;
                }
                assert_int_equal(task->request.revision, 0);
                assert_true(task->done_us >= task->request.deadline_us);
                assert_true(late_us < STORE_ENGINE_TIMEOUT_US);
            }
            n_applied += applied ? N_TASKS : 0;
            if (n_in_doubt > 0) {
                /* The answers of the engine may have been its own again by then. */
                int64_t n_decided = count_decided(f, prefix);

                assert_in_range(n_decided, n_applied + 1, n_applied + 1 + n_in_doubt);
                n_applied = n_decided;
            }
            assert_applied(f, n_applied);
            batch_close(&batch);
        }
    }
}

/* The times at which a request ran. */
enum { RUNS_MAX = 64 };

struct timed_task {
    struct task task;
    uint64_t run_us[RUNS_MAX];
};

static int run_timed(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct timed_task *timed = (struct timed_task *)request;

    if (timed->task.n_runs < RUNS_MAX) {
        timed->run_us[timed->task.n_runs] = clock_monotonic_us();
    }
    return task_insert(request, tx, error);
}

/* Each pause is twice the one before, up to a quarter of a second, or up to half
 * of it less by chance: so tries are few however long it lasts. */
static void tries_are_farther_and_farther_apart(void **state)
{
    enum { ALLOWED_MS = 2000, FIRST_US = 2000, LAST_US = 250000 };
    struct store_fixture *f = *state;

    store_fixture_open(f);
    for (size_t a = 0; a < N_ANSWERS - 1; a++) {
        struct timed_task timed;
        uint64_t pause_us = FIRST_US;
        unsigned n_runs;

        task_init(&timed.task, f, STORE_WRITE, run_timed);
        timed.task.key = "a";
        timed.task.value = "x";
        proxy_set_failure(f->proxy, answers[a].code);
        proxy_set_faults(f->proxy, answers[a].fault, "COMMIT", 0, UINT32_MAX);
        task_submit(&timed.task, ALLOWED_MS);
        task_await(&timed.task);
        proxy_set_faults(f->proxy, answers[a].fault, "COMMIT", 0, 0);
        assert_true(timed.task.request.error.code == ERROR_TIMEOUT ||
                    (answers[a].code == LEADERSHIP_LOST &&
                     timed.task.request.error.code == ERROR_UNKNOWN_OUTCOME));
        n_runs = timed.task.n_runs;
        assert_in_range(n_runs, 2, 7 + ALLOWED_MS * 1000 / (LAST_US / 2) + 1);
        for (unsigned i = 1; i < n_runs; i++) {
            uint64_t apart_us = timed.run_us[i] - timed.run_us[i - 1];

            assert_true(apart_us >= pause_us / 2);
            pause_us = pause_us * 2 < LAST_US ? pause_us * 2 : LAST_US;
        }
        task_close(&timed.task);
        assert_applied(f, 0);
    }
}

static void read_is_run_again_after_a_passing_answer(void **state)
{
    const char *const statements[] = {"BEGIN", "SELECT revision FROM store_revision WHERE id = 1",
                                      task_read_stmt.sql};
    struct store_fixture *f = *state;
    struct task task;

    store_fixture_open(f);
    task_init(&task, f, STORE_WRITE, task_insert);
    task.key = "a";
    task.value = "x";
    task_perform(&task, ERROR_NONE);
    task_close(&task);
    for (size_t s = 0; s < sizeof statements / sizeof statements[0]; s++) {
        for (size_t a = 0; a < N_ANSWERS; a++) {
            task_init(&task, f, STORE_READ, task_read);
            task.key = "a";
            proxy_set_failure(f->proxy, answers[a].code);
            proxy_set_fault(f->proxy, answers[a].fault, statements[s], 0);
            task_perform(&task, ERROR_NONE);
            assert_true(proxy_fault_happened(f->proxy));
            assert_string_equal(task.value, "x");
            assert_int_equal(task.request.revision, 1);
            task_close(&task);
        }
    }
}

#define store_test(TEST)                                                                           \
    cmocka_unit_test_setup_teardown(TEST, store_fixture_set_up, store_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        store_test(passing_answer_to_any_statement_harms_nobody),
        store_test(answer_that_stays_ends_each_at_its_deadline),
        store_test(tries_are_farther_and_farther_apart),
        store_test(read_is_run_again_after_a_passing_answer),
    };

    return cmocka_run_group_tests_name("store_answers", tests, NULL, NULL);
}
