/* context.h - how long an operation may take, and whether it is still wanted.
 *
 * The counterpart of Go's context.Context as Incus passes it to every database
 * function: a deadline and a cancellation, and nothing else. The request that
 * owns it outlives every call it is passed to. */
#ifndef LBSTATE_DB_CONTEXT_H
#define LBSTATE_DB_CONTEXT_H

#include "base/clock.h"
#include "base/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct db_context {
    uint64_t deadline_us;        /* Monotonic; CLOCK_NEVER_US for none. */
    const atomic_bool *canceled; /* Set by any thread, then db_conn_wake(); or NULL. */
};

#define DB_CONTEXT_BACKGROUND                                                                      \
    {                                                                                              \
        .deadline_us = CLOCK_NEVER_US, .canceled = NULL                                            \
    }

/* Whether it was canceled. */
bool db_context_canceled(const struct db_context *context);

/* ERROR_NONE, ERROR_CANCELED or ERROR_TIMEOUT. */
int db_context_check(const struct db_context *context, struct error *error);

#endif
