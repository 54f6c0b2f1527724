/* check_record.h - is what clients saw of one record linearizable?
 *
 * There must be an order of the operations in which each takes effect between its
 * invocation and its return, in which each answer is the one that the record, absent
 * or with a value, calls for, and in which revisions never decrease. Operations of
 * unknown outcome may have taken effect at any time after their invocation, or never.
 *
 * The search is Wing and Gong's in Lowe's form ("just in time"): it goes through the
 * invocations and returns in the order of time and keeps all states that the record
 * may be in, each with the pending operations that have taken effect already; an
 * operation is made to take effect only when a return calls for it.
 *
 * What keeps it small: an unknown write whose value somebody saw has taken effect
 * before that one's return, so it is a known one. Unknown creates that nobody saw are
 * all alike, as are such updates, and unknown deletes: it is enough to count those that
 * were used.
 *
 * A swap must expect a value that somebody saw, as those of honest clients do. */
#ifndef LBSTATE_TEST_TORTURE_CHECK_RECORD_H
#define LBSTATE_TEST_TORTURE_CHECK_RECORD_H

#include "test/torture/history.h"

enum check_verdict {
    CHECK_HOLDS,
    CHECK_BROKEN,
    CHECK_UNDECIDED, /* Too many operations at once. */
};

/* Looks at the operations of KEY only. RET_AT is the operation that can't be explained,
 * for CHECK_BROKEN and CHECK_UNDECIDED, and RET_STATES says what the record could have
 * been just before, cut at STATES_SIZE. */
enum check_verdict check_record(const struct history *history, unsigned key,
                                const struct operation **ret_at, char *ret_states,
                                size_t states_size);

#endif
