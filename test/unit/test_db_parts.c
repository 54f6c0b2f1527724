/* The pure parts beside the codec: context, error classes, statement cache, row
 * sets; and the observer. */
#include "db/context.h"
#include "db/observer.h"
#include "db/row_set.h"
#include "db/sql_error.h"
#include "db/stmt_cache.h"
#include "test/lib/cmocka_all.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* -- Context ------------------------------------------------------------------ */

static void context_ends_by_deadline_or_cancellation(void **state)
{
    static const struct db_context background = DB_CONTEXT_BACKGROUND;
    atomic_bool canceled = false;
    struct db_context context = {.deadline_us = CLOCK_NEVER_US, .canceled = &canceled};
    struct error error = ERROR_INIT;

    (void)state;
    assert_int_equal(db_context_check(&background, &error), ERROR_NONE);
    assert_int_equal(db_context_check(&context, &error), ERROR_NONE);
    context.deadline_us = clock_monotonic_us();
    assert_int_equal(db_context_check(&context, &error), ERROR_TIMEOUT);
    atomic_store(&canceled, true);
    assert_int_equal(db_context_check(&context, &error), ERROR_CANCELED);
}

/* -- Error classes ------------------------------------------------------------- */

static void codes_have_classes(void **state)
{
    static const struct {
        uint64_t code;
        int error;
        bool not_applied;
    } cases[] = {
        {0, ERROR_INVALID, false},
        {1, ERROR_INVALID, false},
        {4, ERROR_IO, false},
        {5, ERROR_BUSY, true},
        {261, ERROR_BUSY, true}, /* BUSY_RECOVERY */
        {517, ERROR_BUSY, true}, /* BUSY_SNAPSHOT */
        {6, ERROR_BUSY, false},
        {7, ERROR_IO, false},
        {8, ERROR_INVALID, false},
        {9, ERROR_IO, false},
        {10, ERROR_IO, false},
        {11, ERROR_CORRUPT, false},
        {12, ERROR_NOT_LEADER, true},
        {13, ERROR_NO_SPACE, true},
        {18, ERROR_INVALID, false},
        {19, ERROR_INVALID, true},
        {20, ERROR_INVALID, false},
        {23, ERROR_FORBIDDEN, false},
        {25, ERROR_INVALID, false},
        {26, ERROR_CORRUPT, false},
        {100, ERROR_INVALID, false},
        {275, ERROR_INVALID, true},  /* CHECK */
        {787, ERROR_INVALID, true},  /* FOREIGN KEY */
        {1299, ERROR_INVALID, true}, /* NOT NULL */
        {1555, ERROR_CONFLICT, true},
        {2067, ERROR_CONFLICT, true},
        {2579, ERROR_CONFLICT, true},
        {778, ERROR_NO_SPACE, false},
        {1034, ERROR_IO, false},
        {10250, ERROR_NOT_LEADER, true},
        {10506, ERROR_NOT_LEADER, false},
        {1001, ERROR_PROTOCOL, false},
        {1005, ERROR_PROTOCOL, false},
        {0x10005, ERROR_PROTOCOL, false},
        {UINT64_MAX, ERROR_PROTOCOL, false},
    };
    struct error error = ERROR_INIT;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (sql_error_set(&error, cases[i].code, "what", "why") != cases[i].error ||
            sql_error_not_applied(cases[i].code) != cases[i].not_applied) {
            fail_msg("code %llu: %s", (unsigned long long)cases[i].code, error_name(error.code));
        }
    }
    sql_error_set(&error, 2067, "item.insert", "UNIQUE constraint failed: item.name");
    assert_string_equal(error.message,
                        "item.insert: UNIQUE constraint failed: item.name (code 2067)");
    /* Raft's failures come as SQLITE_ERROR. */
    assert_int_equal(sql_error_set(&error, 1, "what", "barrier error"), ERROR_IO);
    assert_int_equal(sql_error_set(&error, 1, "what", "not an error"), ERROR_IO);
}

/* -- Statement cache ------------------------------------------------------------ */

static void cache_evicts_the_least_recently_used(void **state)
{
    static struct db_stmt stmts[DB_STATEMENTS_MAX + 2];
    struct stmt_cache *cache = malloc(sizeof *cache);
    uint32_t id = 0;
    uint32_t evicted_id = 0;

    (void)state;
    assert_non_null(cache);
    stmt_cache_init(cache);
    assert_false(stmt_cache_find(cache, &stmts[0], &id));
    for (uint32_t i = 0; i < DB_STATEMENTS_MAX; i++) {
        assert_false(stmt_cache_insert(cache, &stmts[i], i + 1000, &evicted_id));
    }
    for (uint32_t i = DB_STATEMENTS_MAX; i > 0; i--) {
        assert_true(stmt_cache_find(cache, &stmts[i - 1], &id));
        assert_int_equal(id, i - 1 + 1000);
    }
    /* The last one was used first. */
    assert_true(stmt_cache_insert(cache, &stmts[DB_STATEMENTS_MAX], 1, &evicted_id));
    assert_int_equal(evicted_id, DB_STATEMENTS_MAX - 1 + 1000);
    assert_false(stmt_cache_find(cache, &stmts[DB_STATEMENTS_MAX - 1], &id));
    assert_true(stmt_cache_find(cache, &stmts[DB_STATEMENTS_MAX], &id));
    assert_int_equal(id, 1);
    /* One that is removed makes room. */
    stmt_cache_remove(cache, &stmts[7]);
    stmt_cache_remove(cache, &stmts[7]);
    assert_false(stmt_cache_find(cache, &stmts[7], &id));
    assert_false(stmt_cache_insert(cache, &stmts[DB_STATEMENTS_MAX + 1], 2, &evicted_id));
    free(cache);
}

/* -- Row sets -------------------------------------------------------------------- */

#define PART UINT64_C(0xeeeeeeeeeeeeeeee)
#define DONE UINT64_C(0xffffffffffffffff)

static struct wire_message rows_message(const uint64_t *words, size_t n_words)
{
    return (struct wire_message){
        .type = WIRE_ROWS, .body = (const uint8_t *)words, .body_size = n_words * sizeof *words};
}

static void parts_are_put_together(void **state)
{
    const uint64_t first[] = {2, 'a', 'b', 0x11, 1, 2, 0x31, 3, 'x', PART};
    const uint64_t last[] = {2, 'a', 'b', 0x51, 4, 0, DONE};
    const struct wire_message messages[] = {rows_message(first, 10), rows_message(last, 7)};
    struct arena arena = {0};
    struct row_set set;
    struct db_rows rows;
    bool done = true;
    struct error error = ERROR_INIT;

    (void)state;
    row_set_init(&set, &arena, 3);
    assert_int_equal(row_set_add(&set, &messages[0], &done, &error), ERROR_NONE);
    assert_false(done);
    assert_int_equal(row_set_add(&set, &messages[1], &done, &error), ERROR_NONE);
    assert_true(done);
    assert_int_equal(row_set_finish(&set, &rows, &error), ERROR_NONE);
    row_set_close(&set);
    assert_int_equal(rows.n_columns, 2);
    assert_int_equal(rows.n_rows, 3);
    assert_string_equal(rows.columns[0], "a");
    assert_string_equal(rows.columns[1], "b");
    assert_int_equal(rows.values[1].integer, 2);
    assert_string_equal(rows.values[3].bytes.data, "x");
    assert_int_equal(rows.values[4].integer, 4);
    assert_int_equal(rows.values[5].type, DB_NULL);
    arena_close(&arena);
}

static void row_limit_is_exact(void **state)
{
    const uint64_t words[] = {1, 'a', 1, 5, 1, 6, PART};
    const struct wire_message message = rows_message(words, 7);
    struct arena arena = {0};
    struct row_set set;
    bool done;
    struct error error = ERROR_INIT;

    (void)state;
    row_set_init(&set, &arena, 4);
    assert_int_equal(row_set_add(&set, &message, &done, &error), ERROR_NONE);
    assert_int_equal(row_set_add(&set, &message, &done, &error), ERROR_NONE);
    assert_int_equal(row_set_add(&set, &message, &done, &error), ERROR_TOO_LARGE);
    assert_string_equal(error.message, "The result has more than 4 rows");
    row_set_close(&set);
    arena_close(&arena);
}

static void size_limit_is_kept(void **state)
{
    const size_t n_words = DB_MESSAGE_SIZE_MAX / sizeof(uint64_t);
    const size_t n_parts = DB_RESULT_SIZE_MAX / DB_MESSAGE_SIZE_MAX;
    uint64_t *words = calloc(n_words, sizeof *words);
    struct wire_message message;
    struct arena arena = {0};
    struct row_set set;
    bool done;
    struct error error = ERROR_INIT;
    int rv = ERROR_NONE;
    size_t n = 0;

    (void)state;
    assert_non_null(words);
    /* One row with one blob that fills the message. */
    words[0] = 1;
    words[1] = 'a';
    words[2] = 4;
    words[3] = (n_words - 5) * sizeof *words;
    words[n_words - 1] = PART;
    message = rows_message(words, n_words);
    row_set_init(&set, &arena, SIZE_MAX);
    while (rv == ERROR_NONE && n <= n_parts) {
        rv = row_set_add(&set, &message, &done, &error);
        n++;
    }
    assert_int_equal(rv, ERROR_TOO_LARGE);
    assert_int_equal(n, n_parts);
    row_set_close(&set);
    arena_close(&arena);
    free(words);
}

/* -- Observer ---------------------------------------------------------------------- */

struct list {
    struct db_statement_metrics metrics[8];
    size_t n;
};

static void append(const struct db_statement_metrics *metrics, void *data)
{
    struct list *list = data;

    assert_true(list->n < 8);
    list->metrics[list->n++] = *metrics;
}

static void observer_counts_by_name(void **state)
{
    struct db_observer *observer = db_observer_new();
    char same[] = "b.get"; /* Another address, the same name. */
    struct list list = {.n = 0};

    (void)state;
    assert_non_null(observer);
    db_observer_report(NULL, "a.get", ERROR_NONE, 1, 1);
    db_observer_report(observer, "b.get", ERROR_NONE, 3, 0);
    db_observer_report(observer, "c.get", ERROR_CONFLICT, 0, 1);
    db_observer_report(observer, "a.get", ERROR_NONE, 1, 1023);
    db_observer_report(observer, same, ERROR_IO, 0, 1024);
    db_observer_report(observer, "b.get", ERROR_NONE, 4, UINT64_C(1) << 40);
    db_observer_each(observer, append, &list);
    assert_int_equal(list.n, 3);
    assert_string_equal(list.metrics[0].name, "a.get");
    assert_int_equal(list.metrics[0].buckets[10], 1);
    assert_string_equal(list.metrics[1].name, "b.get");
    assert_int_equal(list.metrics[1].errors[ERROR_NONE], 2);
    assert_int_equal(list.metrics[1].errors[ERROR_IO], 1);
    assert_int_equal(list.metrics[1].rows, 7);
    assert_int_equal(list.metrics[1].total_us, 1024 + (UINT64_C(1) << 40));
    assert_int_equal(list.metrics[1].buckets[0], 1);
    assert_int_equal(list.metrics[1].buckets[11], 1);
    assert_int_equal(list.metrics[1].buckets[DB_OBSERVER_BUCKETS - 1], 1);
    assert_string_equal(list.metrics[2].name, "c.get");
    assert_int_equal(list.metrics[2].errors[ERROR_CONFLICT], 1);
    assert_int_equal(list.metrics[2].buckets[1], 1);
    /* What had no memory for a name of its own stands first. */
    db_observer_report(observer, "", ERROR_NONE, 0, 0);
    list.n = 0;
    db_observer_each(observer, append, &list);
    assert_int_equal(list.n, 4);
    assert_string_equal(list.metrics[0].name, "");
    assert_string_equal(list.metrics[1].name, "a.get");
    db_observer_free(observer);
    db_observer_free(NULL);
}

static void *report_much(void *data)
{
    static const char *const names[] = {"x", "m", "z", "a"};

    for (unsigned i = 0; i < 4000; i++) {
        db_observer_report(data, names[i % 4], ERROR_NONE, 1, i);
    }
    return NULL;
}

static void observer_counts_from_many_threads(void **state)
{
    struct db_observer *observer = db_observer_new();
    struct list list = {.n = 0};
    pthread_t threads[4];

    (void)state;
    assert_non_null(observer);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, report_much, observer), 0);
    }
    db_observer_each(observer, append, &list);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    list.n = 0;
    db_observer_each(observer, append, &list);
    assert_int_equal(list.n, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(list.metrics[i].errors[ERROR_NONE], 4000);
        assert_int_equal(list.metrics[i].rows, 4000);
    }
    db_observer_free(observer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(context_ends_by_deadline_or_cancellation),
        cmocka_unit_test(codes_have_classes),
        cmocka_unit_test(cache_evicts_the_least_recently_used),
        cmocka_unit_test(parts_are_put_together),
        cmocka_unit_test(row_limit_is_exact),
        cmocka_unit_test(size_limit_is_kept),
        cmocka_unit_test(observer_counts_by_name),
        cmocka_unit_test(observer_counts_from_many_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
