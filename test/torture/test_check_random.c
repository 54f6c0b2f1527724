/* The checker of the torture test, against histories made by chance.
 *
 * Small ones are judged a second time by trying every order of their operations; large
 * ones come from a record that works, and then one answer is changed into a wrong one. */
#include "test/lib/cmocka_all.h"
#include "test/torture/check.h"
#include "test/torture/check_record.h"
#include "test/torture/rng.h"

#include <stdlib.h>
#include <string.h>

#define SMALL_HISTORIES 10000
#define SMALL_MAX       7
#define LARGE_HISTORIES 30
#define LARGE_SIZE      2000
#define LARGE_KEYS      5
#define LARGE_CLIENTS   12
#define LARGE_SPAN_US   1000
#define LONG_HISTORIES  3
#define LONG_SIZE       20000
#define LONG_STRIDE_US  500000

static struct rng rng;

static unsigned below(unsigned n)
{
    return rng_below(&rng, n);
}

/* The state that a record really is in while a history is made. */
struct record {
    uint64_t value;
    uint64_t last_seen; /* By somebody; what a swap may expect. */
};

static uint64_t next_value;
static int64_t revision;

/* Lets OPERATION, of which kind and key are set, take effect, and answers it. */
static void carry_out(struct record *record, struct operation *o)
{
    bool present = record->value != HISTORY_ABSENT;
    bool done;

    if (history_has_value(o->kind)) {
        o->value = ++next_value;
    }
    if (o->kind == HISTORY_SWAP) {
        o->expected = record->last_seen;
    }
    if (!history_is_write(o->kind)) {
        o->value = record->value;
        o->revision = revision;
        record->last_seen = record->value == HISTORY_ABSENT ? record->last_seen : record->value;
        return;
    }
    done = o->kind == HISTORY_CREATE ? !present
           : o->kind == HISTORY_SWAP ? record->value == o->expected
                                     : present;
    if (!done) {
        o->outcome = HISTORY_REFUSED;
        return;
    }
    o->revision = ++revision;
    record->value = o->kind == HISTORY_DELETE ? HISTORY_ABSENT : o->value;
}

/* A swap only where there is something that it can expect. */
static enum history_kind choose_kind(const struct record *record)
{
    static const enum history_kind kinds[] = {HISTORY_CREATE, HISTORY_CREATE, HISTORY_UPDATE,
                                              HISTORY_UPDATE, HISTORY_SWAP,   HISTORY_DELETE,
                                              HISTORY_GET,    HISTORY_GET};
    enum history_kind kind = kinds[below(sizeof kinds / sizeof *kinds)];

    return kind == HISTORY_SWAP && record->last_seen == HISTORY_ABSENT ? HISTORY_GET : kind;
}

/* It took effect, but its client had no answer. */
static void forget_answer(struct operation *o)
{
    o->outcome = HISTORY_UNKNOWN;
    o->revision = 0;
    if (!history_is_write(o->kind)) {
        o->value = HISTORY_ABSENT;
    }
}

/* -- Small ones: every order is tried --------------------------------------- */

static bool follows(const struct operation *o, uint64_t *value, int64_t *last_revision)
{
    bool done = o->outcome != HISTORY_REFUSED;
    bool can = o->kind == HISTORY_CREATE ? *value == HISTORY_ABSENT
               : o->kind == HISTORY_SWAP ? *value == o->expected
                                         : *value != HISTORY_ABSENT;

    if (!history_is_write(o->kind)) {
        if (o->value != *value) {
            return false;
        }
    } else if (can != done) {
        return false;
    }
    if (o->revision != 0) {
        if (o->revision < *last_revision ||
            (o->revision == *last_revision && history_is_write(o->kind))) {
            return false;
        }
        *last_revision = o->revision;
    }
    if (history_is_write(o->kind) && done) {
        *value = o->kind == HISTORY_DELETE ? HISTORY_ABSENT : o->value;
    }
    return true;
}

static bool precedes(const struct operation *a, const struct operation *b)
{
    return a->outcome != HISTORY_UNKNOWN && a->returned_us < b->invoked_us;
}

/* True if the operations that are not in PLACED can follow in some order; unknown ones may
 * be left out. */
static bool some_order(const struct history *history, unsigned placed, uint64_t value,
                       int64_t last_revision)
{
    bool complete = true;

    for (size_t i = 0; i < history->n_operations; i++) {
        const struct operation *o = &history->operations[i];
        uint64_t value_after = value;
        int64_t revision_after = last_revision;
        bool is_next = (placed & 1U << i) == 0;

        if (!is_next) {
            continue;
        }
        complete = complete && o->outcome == HISTORY_UNKNOWN;
        for (size_t j = 0; j < history->n_operations; j++) {
            if ((placed & 1U << j) == 0 && j != i && precedes(&history->operations[j], o)) {
                is_next = false;
            }
        }
        if (o->outcome == HISTORY_UNKNOWN && !history_is_write(o->kind)) {
            continue;
        }
        if (is_next && follows(o, &value_after, &revision_after) &&
            some_order(history, placed | 1U << i, value_after, revision_after)) {
            return true;
        }
    }
    return complete;
}

/* Swaps of honest clients expect what somebody saw; damage may take that away. */
static bool swaps_are_honest(const struct history *history)
{
    for (size_t i = 0; i < history->n_operations; i++) {
        const struct operation *swap = &history->operations[i];
        bool seen = swap->kind != HISTORY_SWAP;

        for (size_t j = 0; j < history->n_operations; j++) {
            const struct operation *o = &history->operations[j];

            seen = seen || (o->kind == HISTORY_GET && o->outcome == HISTORY_OK &&
                            o->value == swap->expected);
        }
        if (!seen) {
            return false;
        }
    }
    return true;
}

/* Any values for any operation: nearly all such histories are wrong somehow. */
static void damage_small(struct history *history)
{
    struct operation *o = &history->operations[below((unsigned)history->n_operations)];

    switch (below(4)) {
    case 0:
        if (!history_is_write(o->kind)) {
            o->value = below((unsigned)next_value + 1);
        }
        break;
    case 1:
        if (history_is_write(o->kind) && o->outcome != HISTORY_UNKNOWN) {
            o->outcome = o->outcome == HISTORY_OK ? HISTORY_REFUSED : HISTORY_OK;
            o->revision = 0;
        }
        break;
    case 2:
        if (o->revision != 0) {
            o->revision = 1 + below(SMALL_MAX);
        }
        break;
    default:
        *o = history->operations[--history->n_operations];
        break;
    }
}

static void make_small(struct history *history)
{
    unsigned n = 1 + below(SMALL_MAX);
    struct record record = {HISTORY_ABSENT, HISTORY_ABSENT};

    next_value = 0;
    revision = 0;
    for (unsigned i = 0; i < n; i++) {
        struct operation o = {.kind = choose_kind(&record), .outcome = HISTORY_OK, .client = i};
        int64_t point_us = 4 * i;

        carry_out(&record, &o);
        o.invoked_us = point_us - below(14);
        o.returned_us = point_us + below(14);
        if (below(4) == 0) {
            forget_answer(&o);
        }
        history_add(history, &o);
    }
}

static void small_ones_are_judged_as_by_trying_every_order(void **state)
{
    unsigned n_right = 0;
    unsigned n_wrong = 0;

    (void)state;
    for (unsigned i = 0; i < SMALL_HISTORIES; i++) {
        const struct operation *at;
        struct history history;
        char states[256];
        bool holds;

        history_init(&history);
        make_small(&history);
        for (unsigned n = below(4); n > 0 && history.n_operations > 0; n--) {
            damage_small(&history);
        }
        if (!swaps_are_honest(&history)) {
            history_close(&history);
            continue;
        }
        holds = some_order(&history, 0, HISTORY_ABSENT, 0);
        n_right += holds;
        n_wrong += !holds;
        if (check_record(&history, 0, &at, states, sizeof states) !=
            (holds ? CHECK_HOLDS : CHECK_BROKEN)) {
            for (size_t j = 0; j < history.n_operations; j++) {
                char text[256];

                history_describe(&history.operations[j], text, sizeof text);
                print_error("%s\n", text);
            }
            fail_msg("history %u: trying every order says that it is %s", i,
                     holds ? "right" : "wrong");
        }
        history_close(&history);
    }
    /* Both were tried often, or this shows nothing. */
    assert_true(n_right > SMALL_HISTORIES / 5);
    assert_true(n_wrong > SMALL_HISTORIES / 10);
}

/* -- Large ones ------------------------------------------------------------- */

/* N operations, STRIDE_US apart at most. The answer to one in UNKNOWN_OF is never seen. */
static void make_large(struct history *history, unsigned n, unsigned stride_us, unsigned unknown_of)
{
    struct record records[LARGE_KEYS] = {{HISTORY_ABSENT, HISTORY_ABSENT}};
    int64_t free_us[LARGE_CLIENTS] = {0}; /* When each client's last answer came. */
    int64_t now_us = 0;

    next_value = 0;
    revision = 0;
    for (unsigned i = 0; i < n; i++) {
        unsigned client = below(LARGE_CLIENTS);
        unsigned key = below(LARGE_KEYS);
        uint64_t last_seen;
        struct operation o = {.kind = choose_kind(&records[key]),
                              .outcome = HISTORY_OK,
                              .client = client,
                              .node = 1 + below(3),
                              .key = key};

        now_us += 1 + below(stride_us);
        last_seen = records[key].last_seen;
        carry_out(&records[key], &o);
        o.invoked_us = now_us - below(LARGE_SPAN_US);
        if (o.invoked_us <= free_us[client]) {
            o.invoked_us = free_us[client] + 1;
        }
        if (now_us < o.invoked_us) {
            now_us = o.invoked_us;
        }
        o.returned_us = now_us + below(LARGE_SPAN_US);
        free_us[client] = o.returned_us;
        if (below(unknown_of) == 0) {
            forget_answer(&o);
            records[key].last_seen = last_seen;
        }
        history_add(history, &o);
    }
    for (unsigned key = 0; key < LARGE_KEYS; key++) {
        for (unsigned node = 1; node <= 3; node++) {
            struct operation o = {.kind = HISTORY_FINAL,
                                  .outcome = HISTORY_OK,
                                  .node = node,
                                  .key = key,
                                  .value = records[key].value,
                                  .revision = revision,
                                  .invoked_us = now_us + 2 * LARGE_SPAN_US,
                                  .returned_us = now_us + 3 * LARGE_SPAN_US};

            history_add(history, &o);
        }
    }
}

/* A random operation that was answered and of which IS_FIT is true. */
static struct operation *choose(struct history *history, bool (*is_fit)(const struct operation *))
{
    for (;;) {
        struct operation *o = &history->operations[below((unsigned)history->n_operations)];

        if (is_fit(o)) {
            return o;
        }
    }
}

static bool is_present_read(const struct operation *o)
{
    return o->kind == HISTORY_GET && o->outcome == HISTORY_OK && o->value != HISTORY_ABSENT;
}

static bool is_applied(const struct operation *o)
{
    return history_is_write(o->kind) && o->outcome == HISTORY_OK;
}

static bool is_refused(const struct operation *o)
{
    return o->outcome == HISTORY_REFUSED && o->kind != HISTORY_SWAP;
}

static bool is_final(const struct operation *o)
{
    return o->kind == HISTORY_FINAL;
}

enum damage {
    STALE_READ,     /* A value that was replaced before. */
    FUTURE_READ,    /* One that is written later. */
    LOST_WRITE,     /* Told to have been refused. */
    LATE_REVISION,  /* As of a change much later. */
    EARLY_REVISION, /* As of one that had its answer before. */
    TWICE,          /* Two changes at one revision. */
    DONE_AFTER_ALL, /* A refused write, told to be done. */
    DIVERGED,       /* One node ends with something else. */
    DAMAGES
};

/* What all damage of this kind must show as, besides what else it may break. */
static unsigned must_break(enum damage damage)
{
    switch (damage) {
    case STALE_READ:
        return 1U << CHECK_SNAPSHOT;
    case FUTURE_READ:
    case LOST_WRITE:
        return 1U << CHECK_ORIGIN | 1U << CHECK_RECORD;
    case LATE_REVISION:
    case EARLY_REVISION:
        return 1U << CHECK_ORDER;
    case TWICE:
        return 1U << CHECK_REVISION;
    case DONE_AFTER_ALL: /* The record alone may be explained by an unknown delete. */
        return 1U << CHECK_REVISION;
    default:
        return 1U << CHECK_CONVERGED;
    }
}

/* The first write to the record of READ that took effect, after or before it by more than
 * any two operations overlap; NULL: there is none. */
static const struct operation *far_write(const struct history *history,
                                         const struct operation *read, bool later)
{
    const int64_t far_us = 20 * LARGE_SPAN_US;

    for (size_t i = 0; i < history->n_operations; i++) {
        const struct operation *o = &history->operations[i];

        if (o->key == read->key && history_has_value(o->kind) && o->outcome == HISTORY_OK &&
            (later ? o->invoked_us > read->returned_us + far_us
                   : o->returned_us < read->invoked_us - far_us)) {
            return o;
        }
    }
    return NULL;
}

/* False: where chance hit, there was nothing to damage. */
static bool damage_large(struct history *history, enum damage damage)
{
    struct operation *o;
    const struct operation *other;

    switch (damage) {
    case STALE_READ:
    case FUTURE_READ:
        o = choose(history, is_present_read);
        other = far_write(history, o, damage == FUTURE_READ);
        if (other != NULL) {
            o->value = other->value;
        }
        return other != NULL;
    case LOST_WRITE: {
        const struct operation *read = choose(history, is_present_read);

        for (size_t i = 0; i < history->n_operations; i++) {
            o = &history->operations[i];
            if (is_applied(o) && history_has_value(o->kind) && o->value == read->value) {
                o->outcome = HISTORY_REFUSED;
                o->revision = 0;
                return true;
            }
        }
        return false;
    }
    case LATE_REVISION:
    case EARLY_REVISION:
        o = choose(history, is_applied);
        if (damage == LATE_REVISION) {
            o->revision += LARGE_SIZE;
            /* Something must come after it. */
            return o->returned_us + 20 * LARGE_SPAN_US <
                   history->operations[history->n_operations - 1].invoked_us;
        }
        other = far_write(history, o, false);
        if (other != NULL) {
            o->revision = other->revision;
        }
        return other != NULL;
    case TWICE:
        o = choose(history, is_applied);
        other = choose(history, is_applied);
        o->revision = other->revision;
        return o != other;
    case DONE_AFTER_ALL:
        o = choose(history, is_refused);
        o->outcome = HISTORY_OK;
        o->revision = 0;
        return true;
    default:
        o = choose(history, is_final);
        o->value = o->value == HISTORY_ABSENT ? ++next_value : HISTORY_ABSENT;
        return true;
    }
}

static struct check_report report;

static unsigned broken_rules(const struct history *history)
{
    unsigned broken = 0;

    check_history(history, &report);
    for (unsigned rule = 0; rule < CHECK_RULES; rule++) {
        broken |= report.n_violations[rule] > 0 ? 1U << rule : 0;
    }
    return broken;
}

static void large_ones_hold_until_they_are_damaged(void **state)
{
    unsigned n_damaged[DAMAGES] = {0};

    (void)state;
    for (unsigned i = 0; i < LARGE_HISTORIES; i++) {
        struct history history;

        history_init(&history);
        make_large(&history, LARGE_SIZE, LARGE_SPAN_US / 4, 12);
        if (broken_rules(&history) != 0) {
            check_print(stderr, &report);
            fail_msg("history %u is right", i);
        }
        for (enum damage damage = 0; damage < DAMAGES; damage++) {
            struct history copy;

            history_init(&copy);
            for (size_t j = 0; j < history.n_operations; j++) {
                history_add(&copy, &history.operations[j]);
            }
            if (damage_large(&copy, damage)) {
                unsigned broken = broken_rules(&copy);

                n_damaged[damage]++;
                if ((broken & must_break(damage)) != must_break(damage)) {
                    check_print(stderr, &report);
                    fail_msg("history %u: damage %d shows as %#x", i, (int)damage, broken);
                }
            }
            history_close(&copy);
        }
        history_close(&history);
    }
    for (enum damage damage = 0; damage < DAMAGES; damage++) {
        assert_true(n_damaged[damage] > LARGE_HISTORIES / 4);
    }
}

/* Over hours, the time of those of which nobody knows ends while others are made. */
static void long_ones_hold(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LONG_HISTORIES; i++) {
        struct history history;

        history_init(&history);
        make_large(&history, LONG_SIZE, LONG_STRIDE_US, 3);
        if (broken_rules(&history) != 0) {
            check_print(stderr, &report);
            fail_msg("history %u is right", i);
        }
        history_close(&history);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_ones_are_judged_as_by_trying_every_order),
        cmocka_unit_test(large_ones_hold_until_they_are_damaged),
        cmocka_unit_test(long_ones_hold),
    };

    rng_init(&rng, 1, 0);
    return cmocka_run_group_tests_name("check_random", tests, NULL, NULL);
}
