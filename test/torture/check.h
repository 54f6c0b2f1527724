/* check.h - the rules that a history of a torture run has to keep.
 *
 * They know nothing of the cluster: they judge what clients asked for and were told. */
#ifndef LBSTATE_TEST_TORTURE_CHECK_H
#define LBSTATE_TEST_TORTURE_CHECK_H

#include "test/torture/history.h"

enum check_rule {
    CHECK_RECORD,    /* Each record is linearizable: nothing lost, nothing applied twice. */
    CHECK_ORIGIN,    /* What is read was written, by a request that wasn't refused. */
    CHECK_REVISION,  /* Every change has a revision, and no other change has it. */
    CHECK_ORDER,     /* Revisions follow real time, over all records. */
    CHECK_SNAPSHOT,  /* A read shows what its revision holds; also one of an earlier state. */
    CHECK_CONVERGED, /* All nodes end with the same records. */
    CHECK_ANSWER,    /* No client is told of an error. */
    CHECK_COMPLETE,  /* The checker could decide, and each value was written once. */
    CHECK_RULES
};

/* A write whose client gave up takes effect within this time, or never: the daemons give up
 * 30 s after they got it, and what they had begun by then is decided by the next election. Without
 * a bound every such write would have to be considered to the end of the history. */
#define CHECK_UNKNOWN_US INT64_C(60000000)

#define CHECK_TEXT_SIZE      1024
#define CHECK_VIOLATIONS_MAX 20 /* Kept of each rule; all are counted. */

struct check_violation {
    enum check_rule rule;
    char text[CHECK_TEXT_SIZE]; /* For people. */
};

struct check_report {
    struct check_violation violations[CHECK_RULES * CHECK_VIOLATIONS_MAX];
    size_t n_kept;
    size_t n_violations[CHECK_RULES];
};

/* "record", "origin", ... */
const char *check_rule_name(enum check_rule rule);

/* True if all rules hold. RET_REPORT is big: not for a small stack. */
bool check_history(const struct history *history, struct check_report *ret_report);

/* One line a violation. */
void check_print(FILE *file, const struct check_report *report);

#endif
