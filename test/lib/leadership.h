/* leadership.h - a leadership that does what a test says, in the place of the real one
 * (cluster/leadership.h), whose functions it defines. */
#ifndef LBSTATE_TEST_LIB_LEADERSHIP_H
#define LBSTATE_TEST_LIB_LEADERSHIP_H

#include "cluster/leadership.h"

#include <uv.h>

/* Read-only but for what says otherwise. */
struct leadership {
    struct leadership_view view;
    enum error_code confirmation; /* Set by the test: how the next confirmations end. */
    unsigned n_unconfirmed;       /* Set by the test: how many fail so; then they succeed. */
    bool holds;                   /* Set by the test: confirmations wait for it to be false. */
    unsigned n_suspects;          /* How often the leader was suspected. */
    unsigned n_confirms;
    unsigned n_waiters; /* Now. */

    /* Private. */
    uv_timer_t timer;
    struct queue waiting;
    struct queue watching;
    struct queue confirming;
};

/* Nobody leads at first. Closed by the loop's next turns. */
void fake_leadership_open(struct leadership *leadership, uv_loop_t *loop);
void fake_leadership_close(struct leadership *leadership);

/* From now on under another epoch; who awaits that is told in the loop's next turn. */
void fake_leadership_set(struct leadership *leadership, enum leadership_place place,
                         uint64_t member_id);

#endif
