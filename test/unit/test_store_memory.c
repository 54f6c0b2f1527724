/* The store without memory: the n-th allocation of its write thread, or of its
 * read thread, fails, for every n until all goes through. Each request ends as
 * applied or with ERROR_NO_MEMORY, what it says is so, and the store works on.
 *
 * malloc(), calloc(), realloc() and strdup() of our own code are wrapped by the
 * linker, and so are the mains of the two threads, to know whose they are: the
 * engine, in the same process, keeps its memory. */
#include "store/internal.h"
#include "store/store.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/store_fixture.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEVER           (-1)
#define ALLOCATIONS_MAX 1000
#define TIMEOUT_MS      120000

enum victim { VICTIM_NONE, VICTIM_EXECUTOR, VICTIM_READER, VICTIM_LOOP };

static _Thread_local enum victim self = VICTIM_NONE;

/* Whose allocations are counted, and how many of them succeed before one fails. */
static atomic_int victim = VICTIM_NONE;
static atomic_int n_left = NEVER;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__real_executor_main(void *worker);
void *__real_reader_main(void *worker);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
void *__wrap_executor_main(void *worker);
void *__wrap_reader_main(void *worker);

static bool fails_now(void)
{
    if (self == VICTIM_NONE || (enum victim)atomic_load(&victim) != self ||
        atomic_load(&n_left) == NEVER) {
        return false;
    }
    return atomic_fetch_sub(&n_left, 1) == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    return fails_now() ? NULL : __real_strdup(text);
}

void *__wrap_executor_main(void *worker)
{
    self = VICTIM_EXECUTOR;
    return __real_executor_main(worker);
}

void *__wrap_reader_main(void *worker)
{
    self = VICTIM_READER;
    return __real_reader_main(worker);
}

/* After it failed once the count is NEVER again. */
static void fail_allocation(enum victim whose, int n)
{
    atomic_store(&n_left, n);
    atomic_store(&victim, (int)whose);
}

/* Whether the allocation that fail_allocation() chose was asked for. */
static bool failed_allocation(void)
{
    atomic_store(&victim, VICTIM_NONE);
    return atomic_exchange(&n_left, NEVER) == NEVER;
}

/* The keys are there as often as the revisions say, each with its id. */
static void assert_applied(struct store_fixture *f, int64_t n)
{
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM config"), n);
    assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM store_requests"), n);
    assert_int_equal(store_fixture_integer(f, "SELECT revision FROM store_revision"), n);
}

/* A batch of three, which begins while the gate holds the thread. Each key is new.
 * Returns how many were applied. */
static unsigned run_batch(struct store_fixture *f, int n, bool lose_answer, bool *ret_failed)
{
    enum { N = 3 };
    struct task tasks[N];
    struct task gate;
    char keys[N][32];
    unsigned n_applied = 0;

    task_init(&gate, f, STORE_WRITE, task_gate);
    task_submit(&gate, TIMEOUT_MS);
    sem_wait(&gate.entered);
    for (int i = 0; i < N; i++) {
        snprintf(keys[i], sizeof keys[i], "%d-%d", n, i);
        task_init(&tasks[i], f, STORE_WRITE, task_insert);
        tasks[i].key = keys[i];
        tasks[i].value = "x";
        task_submit(&tasks[i], TIMEOUT_MS);
    }
    if (lose_answer) {
        proxy_set_fault(f->proxy, PROXY_CUT_ANSWERED, "COMMIT", 1);
    }
    fail_allocation(VICTIM_EXECUTOR, n);
    sem_post(&gate.leave);
    task_await(&gate);
    for (int i = 0; i < N; i++) {
        task_await(&tasks[i]);
    }
    *ret_failed = failed_allocation();
    if (gate.request.error.code != ERROR_NO_MEMORY) {
        assert_int_equal(gate.request.error.code, ERROR_NONE);
    }
    for (int i = 0; i < N; i++) {
        const struct store_request *request = &tasks[i].request;
        int64_t there;
        char sql[192];

        snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM config WHERE key = '%s'", keys[i]);
        there = store_fixture_integer(f, sql);
        if (request->error.code == ERROR_NONE) {
            assert_int_equal(there, 1);
            assert_true(request->revision > 0);
        } else if (request->error.code == ERROR_NO_MEMORY) {
            assert_int_equal(there, 0);
            assert_int_equal(request->revision, 0);
        } else if (!lose_answer || request->error.code != ERROR_UNKNOWN_OUTCOME) {
            fail_msg("allocation %d: %s", n, request->error.message);
        }
        n_applied += (unsigned)there;
        task_close(&tasks[i]);
    }
    task_close(&gate);
    return n_applied;
}

static void fail_each_of_batch(struct store_fixture *f, bool lose_answer)
{
    int64_t n_applied = 0;
    bool failed = true;
    unsigned last = 0;

    store_fixture_open(f);
    for (int n = 0; failed; n++) {
        assert_true(n < ALLOCATIONS_MAX);
        last = run_batch(f, n, lose_answer, &failed);
        n_applied += last;
        assert_applied(f, n_applied);
        assert_true(n > 0 || failed);
    }
    assert_int_equal(last, 3);
}

static void batch_lacks_memory_at_each_step(void **state)
{
    fail_each_of_batch(*state, false);
}

/* The connection is lost with the commit's answer: a new one is opened, and the
 * ids are looked up. That there is no memory must not hide that they are done. */
static void looking_up_lacks_memory_at_each_step(void **state)
{
    fail_each_of_batch(*state, true);
}

static void read_lacks_memory_at_each_step(void **state)
{
    struct store_fixture *f = *state;
    struct task task;
    bool failed = true;

    store_fixture_open(f);
    task_init(&task, f, STORE_WRITE, task_insert);
    task.key = "a";
    task.value = "x";
    task_perform(&task, ERROR_NONE);
    task_close(&task);
    for (int n = 0; failed; n++) {
        assert_true(n < ALLOCATIONS_MAX);
        task_init(&task, f, STORE_READ, task_read);
        task.key = "a";
        fail_allocation(VICTIM_READER, n);
        task_submit(&task, TIMEOUT_MS);
        task_await(&task);
        failed = failed_allocation();
        if (task.request.error.code != ERROR_NO_MEMORY) {
            assert_int_equal(task.request.error.code, ERROR_NONE);
            assert_string_equal(task.value, "x");
            assert_int_equal(task.request.revision, 1);
        } else {
            assert_true(failed);
            assert_int_equal(task.request.revision, 0);
        }
        task_close(&task);
        assert_true(n > 0 || failed);
    }
    assert_applied(f, 1);
}

/* The schema is applied although memory lacks for a moment. */
static void start_lacks_memory_at_each_step(void **state)
{
    struct store_fixture *f = *state;
    bool failed = true;

    for (int n = 0; failed; n++) {
        assert_true(n < ALLOCATIONS_MAX);
        fail_allocation(VICTIM_EXECUTOR, n);
        store_fixture_open(f);
        failed = failed_allocation();
        assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM schema"), 1);
        assert_int_equal(store_fixture_integer(f, "SELECT COUNT(*) FROM projects"), 1);
        assert_true(n > 0 || failed);
        store_fixture_close(f, 1000);
    }
}

/* On the loop's thread opening allocates, and submitting doesn't. */
static void loop_lacks_memory_at_each_step(void **state)
{
    struct store_fixture *f = *state;
    struct task task;
    bool failed = true;

    self = VICTIM_LOOP;
    for (int n = 0; failed; n++) {
        const struct store_options options = {.loop = &f->loop,
                                              .engine_address = proxy_address(f->proxy)};
        struct error error = ERROR_INIT;
        struct store *store = NULL;
        int code;

        assert_true(n < ALLOCATIONS_MAX);
        fail_allocation(VICTIM_LOOP, n);
        code = store_open(&options, NULL, NULL, &store, &error);
        failed = failed_allocation();
        assert_int_equal(code, failed ? ERROR_NO_MEMORY : ERROR_NONE);
        assert_int_equal(error.code, code);
        assert_true(n > 0 || failed);
        f->store = store;
        uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    task_init(&task, f, STORE_WRITE, task_insert);
    task.key = "a";
    task.value = "x";
    fail_allocation(VICTIM_LOOP, 0);
    task_submit(&task, TIMEOUT_MS);
    assert_false(failed_allocation());
    task_await(&task);
    assert_int_equal(task.request.error.code, ERROR_NONE);
    task_close(&task);
    assert_applied(f, 1);
}

#define store_test(TEST)                                                                           \
    cmocka_unit_test_setup_teardown(TEST, store_fixture_set_up, store_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        store_test(batch_lacks_memory_at_each_step),
        store_test(looking_up_lacks_memory_at_each_step),
        store_test(read_lacks_memory_at_each_step),
        store_test(start_lacks_memory_at_each_step),
        store_test(loop_lacks_memory_at_each_step),
    };

    return cmocka_run_group_tests_name("store_memory", tests, NULL, NULL);
}
