/* The checker of the torture test, against histories written by hand. */
#include "test/lib/cmocka_all.h"
#include "test/torture/check.h"
#include "test/torture/history_text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BIT(rule) (1U << (rule))
#define RECORD    BIT(CHECK_RECORD)
#define ORIGIN    BIT(CHECK_ORIGIN)
#define REVISION  BIT(CHECK_REVISION)
#define ORDER     BIT(CHECK_ORDER)
#define SNAPSHOT  BIT(CHECK_SNAPSHOT)
#define CONVERGED BIT(CHECK_CONVERGED)
#define ANSWER    BIT(CHECK_ANSWER)
#define COMPLETE  BIT(CHECK_COMPLETE)

struct example {
    const char *history;
    unsigned broken; /* All rules that it breaks; 0: none. */
};

/* Reads have revisions only where they matter. */
static const struct example examples[] = {
    /* Nothing, and one after another. */
    {"", 0},
    {"get absent 0-1", 0},
    {"create 1 0-1 r1 | get 1 2-3 r1 | update 2 4-5 r2 | get 2 6-7 | delete 8-9 r3 | get absent "
     "10-11 r3",
     0},
    {"create 1 0-1 r1 | create 2 2-3 ! | delete 4-5 r2 | delete 6-7 ! | update 3 8-9 !", 0},
    {"create 1 0-1 r1 | swap 1>2 2-3 r2 | swap 1>3 4-5 ! | get 2 6-7", 0},
    {"create 1 0-1 r1 | list 1 2-3 r1 | final 1 4-5 n1 | final 1 4-5 n2", 0},
    {"create 1 0-1 r1 | create 2 0-1 r2 k1 | get 1 2-3 | get 2 2-3 k1", 0},

    /* Concurrent: either order. */
    {"create 1 0-10 r1 | get absent 1-2", 0},
    {"create 1 0-10 r1 | get 1 1-2", 0},
    {"create 1 0-10 r1 | get 1 1-2 | get 1 3-4", 0},
    {"create 1 0-5 r1 | update 2 6-20 r3 | update 3 6-20 r2 | get 3 7-8 | get 2 9-10", 0},
    {"create 1 0-5 ! | create 2 0-5 r1", 0},
    {"create 1 0-5 r1 | get absent 5-6", 0}, /* The same moment counts as concurrent. */
    {"create 1 0-10 r2 | create 2 0-10 r1 | delete 0-10 r3 | get absent 11-12 r3", RECORD},
    {"create 1 0-10 r3 | create 2 0-10 r1 | delete 0-10 r2 | get 1 11-12 r3", 0},

    /* A write that was acknowledged and is lost. */
    {"create 1 0-1 r1 | get absent 2-3", RECORD},
    {"create 1 0-1 r1 | update 2 2-3 r2 | get 1 4-5", RECORD},
    {"create 1 0-1 r1 | delete 2-3 r2 | get 1 4-5", RECORD},
    {"create 1 0-1 r1 | update 2 2-3 !", RECORD},
    {"create 1 0-1 r1 | create 2 2-3 r2", RECORD},
    {"create 1 0-1 r1 | final absent 4-5", RECORD},
    {"create 1 0-1 r1 | get absent 2-3 r1", RECORD | SNAPSHOT},

    /* Stale reads, and reads that go back. */
    {"create 1 0-1 r1 | update 2 5-20 r2 | get 2 6-7 | get 1 8-9", RECORD},
    {"create 1 0-20 r1 | get 1 2-3 | get absent 4-5", RECORD},
    {"create 1 0-1 r1 | update 2 5-20 r2 | get 1 6-7 | get 2 8-9", 0},

    /* Something is applied twice: the value comes back. */
    {"create 1 0-1 r1 | update 2 2-3 r2 | update 3 4-5 r3 | get 2 6-7", RECORD},
    {"create 1 0-1 r1 | update 2 2-9 ? | get 2 10-11 | update 3 12-13 r4 | get 3 14-15 | get 2 "
     "16-17",
     RECORD},
    {"create 1 0-1 r1 | delete 2-3 r2 | create 2 4-5 r3 | get absent 6-7", RECORD},
    {"create 1 0-9 ? | get 1 10-11 | delete 12-13 r2 | get 1 14-15", RECORD},

    /* Unknown outcomes: at any time from their invocation on, or never. */
    {"create 1 0-9 ? | get absent 10-11", 0},
    {"create 1 0-9 ? | get 1 10-11", 0},
    {"create 1 0-9 ? | get absent 10-11 | get absent 20-21 | get 1 30-31 | get 1 40-41", 0},
    {"create 1 0-9 ? | get 1 10-11 | get absent 12-13", RECORD},
    {"create 1 5-9 ? | get 1 0-4", RECORD | ORIGIN},
    {"create 1 0-1 r1 | update 2 2-3 ? | get 1 4-5 | get 2 6-7 | get 1 8-9", RECORD},
    {"create 1 0-1 r1 | delete 2-3 ? | get absent 4-5 | create 2 6-7 r3 | get 2 8-9", 0},
    {"create 1 0-1 r1 | delete 2-3 ? | get absent 4-5 | create 2 6-7 r3 | get absent 8-9", RECORD},
    {"create 1 0-1 r1 | delete 2-3 ? | delete 2-3 ? | get absent 4-5 | create 2 6-7 r3 | get "
     "absent 8-9",
     0},
    {"create 1 0-3 ? | create 2 4-5 ! | delete 6-7 r2", 0}, /* Never seen, yet there. */
    {"create 1 0-3 ? | create 2 4-5 ! | delete 6-7 r2 | create 3 8-9 !", RECORD},
    {"create 1 0-1 r1 | update 2 2-3 ? | swap 1>3 4-5 ! | update 4 6-7 r3", 0},
    {"create 1 0-1 r1 | get 1 1-2 | swap 1>2 2-3 ? | swap 1>3 4-5 ! | update 4 6-7 r3", 0},
    {"create 1 0-1 r1 | swap 1>3 4-5 ! | update 4 6-7 r3", RECORD},
    {"create 1 0-1 r1 | update 4 2-3 r2 | swap 1>2 4-5 ? | get 4 6-7 | get 1 6-7", RECORD},
    {"create 1 0-1 r1 | swap 1>2 4-5 ? | get 2 6-7 | get 2 8-9", 0},
    {"create 1 0-1 r1 | update 4 2-3 r2 | swap 1>2 4-5 ? | get 2 6-7", RECORD},
    {"get absent 0-1 ? | create 1 2-3 r1", 0},

    /* Or never, once their time is over: 60 s after their clients gave up. */
    {"create 1 0-1 r1 | delete 2-3 ? | get absent 60000003-60000004", 0},
    {"create 1 0-1 r1 | delete 2-3 ? | get absent 60000004-60000005",
     0}, /* It was deleted in time. */
    {"create 1 0-1 r1 | delete 2-3 ? | get 1 60000004-60000005 | get absent 60000006-60000007",
     RECORD},
    {"create 1 0-1 r1 | delete 2-3 ? | delete 2-4 ? | get 1 60000005-60000006 | get absent "
     "60000007-60000008",
     RECORD},
    {"create 1 0-1 r1 | delete 2-3 ? | delete 2-9 ? | get 1 60000004-60000005 | get absent "
     "60000006-60000007",
     0},
    {"create 1 0-1 r1 | delete 2-3 ? | delete 2-9 ? | get absent 4-5 | create 2 6-7 r3 | get "
     "absent "
     "60000008-60000009",
     0},
    {"create 1 0-1 r1 | delete 2-3 ? | update 2 60000003-60000005 r2 | local absent "
     "60000006-60000007 r2",
     0},
    {"create 1 0-1 r1 | delete 2-3 ? | update 2 60000004-60000005 r2 | local absent "
     "60000006-60000007 r2",
     SNAPSHOT},
    {"create 1 0-1 r1 | update 9 2-3 ? | update 2 60000003-60000005 r2 | local 9 "
     "60000006-60000007 r2",
     0},
    {"create 1 0-1 r1 | update 9 2-3 ? | update 2 60000004-60000005 r2 | local 9 "
     "60000006-60000007 r2",
     SNAPSHOT},
    {"create 1 0-1 ? | get absent 60000002-60000003 | get 1 60000004-60000005", RECORD},
    {"create 1 0-1 ? | get 1 60000002-60000003", 0},
    {"create 1 0-1 ? | get absent 60000002-60000003 | create 2 60000004-60000005 !", RECORD},
    {"create 1 0-1 r1 | update 2 2-3 ? | get 1 60000004-60000005 | swap 1>3 60000006-60000007 !",
     RECORD},
    {"create 1 0-1 r1 | get 1 1-2 | swap 1>2 2-3 ? | get 1 60000004-60000005 | swap 1>3 "
     "60000006-60000007 !",
     RECORD},
    {"create 1 0-1 x | get absent 2-3", 0},

    /* Answers that can't be. */
    {"get 7 0-1", ORIGIN | RECORD},
    {"get foreign 0-1", ORIGIN | RECORD},
    {"create 1 0-1 x | get 1 2-3", ORIGIN | RECORD},
    {"create 1 0-1 r1 | create 2 2-3 ! | get 2 4-5", ORIGIN | RECORD},
    {"create 1 0-1 r1 | create 2 0-1 r2 k1 | get 2 2-3", ORIGIN | RECORD},
    {"update 1 0-1 r1", RECORD},
    {"delete 0-1 r1", RECORD},
    {"create 1 0-1 !", RECORD},
    {"create 1 0-1 r1 | swap 1>2 2-3 r2 | swap 1>3 4-5 r3", RECORD},
    {"create 1 0-1 r1 | swap 1>2 2-9 r2 | swap 1>3 2-9 r3", RECORD}, /* Both can't have won. */

    /* Revisions. */
    {"create 1 0-1", REVISION},
    {"create 1 0-1 r1 | create 2 0-1 r1 k1", REVISION},
    {"create 1 0-1 r2 | create 2 2-3 r1 k1", ORDER},
    {"create 1 0-1 r2 | create 2 1-3 r1 k1", 0}, /* Concurrent: any order. */
    {"create 1 0-1 r1 | update 2 2-3 r3 | create 3 4-5 r2 k1", ORDER},
    {"create 1 0-1 r5 | get absent 2-3 r4 k1", ORDER},
    {"create 1 0-1 r5 | get absent 2-3 r5 k1", 0},
    {"create 1 0-1 r5 | local absent 2-3 r4", 0},
    {"get absent 0-1 r5 | create 1 2-3 r5", ORDER | RECORD | SNAPSHOT},
    {"local absent 0-1 r5 | create 1 2-3 r4", ORDER | SNAPSHOT},
    {"create 1 0-1 r1 | update 2 2-9 r3 | update 3 2-9 r2 | get 3 10-11", RECORD},
    {"create 1 0-1 r1 | update 2 2-9 r3 | update 3 2-9 r2 | get 2 10-11", 0},

    /* Earlier states. */
    {"create 1 0-1 r1 | update 2 2-3 r2 | local 1 4-5", 0},
    {"create 1 0-1 r1 | update 2 2-3 r2 | local 1 4-5 r1", 0},
    {"create 1 0-1 r1 | update 2 2-3 r2 | local 1 4-5 r2", SNAPSHOT},
    {"create 1 0-1 r1 | update 2 2-3 r2 | local 2 4-5 r1", SNAPSHOT},
    {"create 1 0-1 r1 | update 2 2-3 r2 | local absent 4-5 r1", SNAPSHOT},
    {"create 1 0-1 r1 | local absent 4-5 r0", 0},
    {"create 1 0-1 r1 | delete 2-3 r2 | local 1 4-5 r2", SNAPSHOT},
    {"create 1 0-1 r1 | delete 2-3 ? | local absent 4-5 r2", 0},
    {"create 1 0-1 r1 | update 2 2-3 ? | local 2 4-5 r2 | get 1 6-7", RECORD},
    {"create 1 5-6 r1 | local 1 0-1", ORIGIN},
    {"local 9 0-1", ORIGIN},

    /* The end. */
    {"create 1 0-1 r1 | final 1 2-3 n1 | final 1 2-3 n2 | final absent 2-3 n3", CONVERGED | RECORD},
    {"create 1 0-1 ? | final 1 2-3 n1 | final absent 2-3 n2", CONVERGED},
    {"create 1 0-1 ? | final 1 4-5 n1 | final 1 4-5 n2", 0},
    {"create 1 0-1 ? | final absent 4-5 n1 | final absent 4-5 n2", 0},
    {"create 1 0-1 r1 | final 1 2-3 n1 | final 1 2-3 n2 x", CONVERGED},

    /* What a client is told. */
    {"create 1 0-1 x e", ANSWER},
    {"create 1 0-1 ? e | get 1 2-3", ANSWER},
    {"get absent 0-1 x", 0},

    /* A history that proves nothing. */
    {"create 1 0-1 r1 | update 1 2-3 r2", COMPLETE},
    {"create absent 0-1 r1", COMPLETE},
};

static struct check_report report;

static unsigned broken_rules(const struct history *history)
{
    unsigned broken = 0;
    bool holds = check_history(history, &report);

    for (unsigned rule = 0; rule < CHECK_RULES; rule++) {
        if (report.n_violations[rule] > 0) {
            broken |= BIT(rule);
        }
    }
    assert_int_equal(holds, broken == 0);
    return broken;
}

static void each_example_breaks_what_it_should(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct history history;
        unsigned broken;

        history_init(&history);
        history_from_text(&history, examples[i].history);
        broken = broken_rules(&history);
        if (broken != examples[i].broken) {
            print_error("%s\n", examples[i].history);
            check_print(stderr, &report);
        }
        assert_int_equal(broken, examples[i].broken);
        history_close(&history);
    }
}

/* The order in which operations are noted down says nothing. */
static void the_order_of_lines_does_not_matter(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct history history;
        struct history reverse;

        history_init(&history);
        history_init(&reverse);
        history_from_text(&history, examples[i].history);
        for (size_t j = history.n_operations; j > 0; j--) {
            history_add(&reverse, &history.operations[j - 1]);
        }
        assert_int_equal(broken_rules(&reverse), examples[i].broken);
        history_close(&history);
        history_close(&reverse);
    }
}

static void a_violation_names_the_operations(void **state)
{
    struct history history;

    (void)state;
    history_init(&history);
    history_from_text(&history, "create 1 0-1 r1 k3 | update 2 2-3 r2 k3 | get 1 4-5 k3 n2");
    assert_int_equal(broken_rules(&history), RECORD);
    assert_int_equal(report.n_kept, 1);
    assert_string_equal(report.violations[0].text,
                        "4..5 us: key 3, client 0, node 2: get 1: ok: there is no order of the "
                        "operations that explains it; until then the record could be 2 "
                        "(revision 2)");
    history_close(&history);
}

/* All are counted, though only some are kept. */
static void many_violations_are_counted(void **state)
{
    struct history history;

    (void)state;
    history_init(&history);
    for (int i = 0; i < 3 * CHECK_VIOLATIONS_MAX; i++) {
        history_from_text(&history, "get absent 0-1 x e");
    }
    assert_int_equal(broken_rules(&history), ANSWER);
    assert_int_equal(report.n_violations[CHECK_ANSWER], 3 * CHECK_VIOLATIONS_MAX);
    assert_int_equal(report.n_kept, CHECK_VIOLATIONS_MAX);
    history_close(&history);
}

/* A long run has many. */
static void many_unknown_outcomes_are_decided(void **state)
{
    struct history history;
    int64_t now_us = 0;
    int64_t revision = 0;

    (void)state;
    history_init(&history);
    for (unsigned i = 0; i < 200; i++) {
        char text[256];
        uint64_t value = 10 * i + 1;

        snprintf(text, sizeof text, "create %ju 0-9 ? | update %ju 0-9 ? | delete 0-9 ?",
                 (uintmax_t)value, (uintmax_t)value + 1);
        history_from_text(&history, text);
        for (size_t j = history.n_operations - 3; j < history.n_operations; j++) {
            history.operations[j].invoked_us = now_us;
            history.operations[j].returned_us = now_us + 9;
        }
        now_us += 10;
        /* Every second update is seen in the end. */
        snprintf(text, sizeof text, "create %ju 0-9 r%jd", (uintmax_t)value + 2,
                 (intmax_t)(revision += 2));
        history_from_text(&history, text);
        history.operations[history.n_operations - 1].invoked_us = now_us;
        history.operations[history.n_operations - 1].returned_us = now_us + 9;
        now_us += 10;
        snprintf(text, sizeof text, "get %ju 0-9 | delete 0-9 r%jd",
                 (uintmax_t)value + (i % 2 == 0 ? 2 : 1), (intmax_t)(revision += 2));
        history_from_text(&history, text);
        history.operations[history.n_operations - 2].invoked_us = now_us;
        history.operations[history.n_operations - 2].returned_us = now_us + 5;
        history.operations[history.n_operations - 1].invoked_us = now_us + 6;
        history.operations[history.n_operations - 1].returned_us = now_us + 9;
        now_us += 10;
    }
    assert_int_equal(broken_rules(&history), 0);
    /* And one read that nothing explains is still found. */
    history_from_text(&history, "get 3 0-9");
    history.operations[history.n_operations - 1].invoked_us = now_us;
    history.operations[history.n_operations - 1].returned_us = now_us + 9;
    assert_int_equal(broken_rules(&history), RECORD);
    history_close(&history);
}

/* What can't be decided isn't called right. */
static void too_much_at_once_is_no_pass(void **state)
{
    struct history history;

    (void)state;
    history_init(&history);
    for (int i = 0; i < 65; i++) {
        history_from_text(&history, "get absent 0-9");
    }
    assert_int_equal(broken_rules(&history), COMPLETE);
    history_close(&history);
}

static void a_history_survives_its_file(void **state)
{
    char path[] = "/tmp/lbstate-history-XXXXXX";
    int fd = mkstemp(path);
    FILE *file;

    (void)state;
    assert_true(fd >= 0);
    file = fdopen(fd, "w");
    assert_non_null(file);
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct history history;
        struct history again;

        history_init(&history);
        history_init(&again);
        history_from_text(&history, examples[i].history);
        rewind(file);
        assert_int_equal(ftruncate(fileno(file), 0), 0);
        for (size_t j = 0; j < history.n_operations; j++) {
            assert_int_equal(history_write_line(file, &history.operations[j]), 0);
        }
        assert_int_equal(fflush(file), 0);
        assert_int_equal(history_read(&again, path), 0);
        assert_int_equal(again.n_operations, history.n_operations);
        for (size_t j = 0; j < history.n_operations; j++) {
            char one[256];
            char other[256];

            history_describe(&history.operations[j], one, sizeof one);
            history_describe(&again.operations[j], other, sizeof other);
            assert_string_equal(one, other);
            assert_string_equal(history.operations[j].error, again.operations[j].error);
        }
        assert_int_equal(broken_rules(&again), examples[i].broken);
        history_close(&history);
        history_close(&again);
    }
    fputs("{\"kind\":\"sing\"}\n", file);
    assert_int_equal(fflush(file), 0);
    struct history history;

    history_init(&history);
    assert_int_equal(history_read(&history, path), -1);
    history_close(&history);
    fclose(file);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_example_breaks_what_it_should),
        cmocka_unit_test(the_order_of_lines_does_not_matter),
        cmocka_unit_test(a_violation_names_the_operations),
        cmocka_unit_test(many_violations_are_counted),
        cmocka_unit_test(many_unknown_outcomes_are_decided),
        cmocka_unit_test(too_much_at_once_is_no_pass),
        cmocka_unit_test(a_history_survives_its_file),
    };

    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
