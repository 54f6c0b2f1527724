/* watchdog.h - calls a function unless it is called off in time. */
#ifndef LBSTATE_NODE_WATCHDOG_H
#define LBSTATE_NODE_WATCHDOG_H

#include "base/error.h"

struct watchdog;

/* After TIMEOUT_MS calls EXPIRED(DATA), once, on a thread of its own.
 * ERROR_NO_MEMORY, or ERROR_IO if there can be no thread. */
int watchdog_start(unsigned timeout_ms, void (*expired)(void *data), void *data,
                   struct watchdog **ret_watchdog, struct error *error);

/* Calls it off, waits for EXPIRED if it runs already, and frees WATCHDOG. Takes
 * NULL. */
void watchdog_stop(struct watchdog *watchdog);

#endif
