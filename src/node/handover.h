/* handover.h - gives leadership away before a node stops.
 *
 * So the others need not wait until they notice that the leader is gone: they go on after
 * some milliseconds, not after an election's timeout. The vote stays with the node, which comes
 * back as a rule. (The engine has a handover of its own. It asks every member, with patience of
 * its own, and moves the vote to another member, from where nobody moves it back.) */
#ifndef LBSTATE_NODE_HANDOVER_H
#define LBSTATE_NODE_HANDOVER_H

#include "base/error.h"

#include <stdint.h>

/* If the node at ENGINE_ADDRESS leads, tries the other voters one after the other until one took
 * over. Blocks, until DEADLINE_US at most. ERROR_NONE: it doesn't lead (any more);
 * ERROR_UNAVAILABLE: nobody else votes, or nobody took over; ERROR_TIMEOUT, ERROR_IO. */
int handover(const char *engine_address, uint64_t own_id, uint64_t deadline_us,
             struct error *error);

#endif
