/* latency.h - how patient Raft is to be: measured, and chosen.
 *
 * The engine takes one number, the network's latency L: a leader sends a heartbeat every 1.5 L,
 * and a voter that heard nothing for 15 L to 30 L (drawn anew each time) stands for election. So a
 * leader that dies is followed by another after some 15 L to 30 L, and L should be small; but what
 * delays heartbeats must not cost an election:
 *
 *   the network  A heartbeat's way is half a round trip. A leader gives up if no majority
 *                answered within 15 L: a round trip, and the follower's disk, because an entry
 *                is answered once it is on disk.
 *   the disk     A vote is answered after two flushes (the term, the vote), one after the other,
 *                and while the engine waits for them it does nothing else.
 *   the machine  A busy one may let the engine's thread wait for some 10 ms, seldom 50 or 100.
 *
 * Chosen is 15 L = 10 * (round trip + 2 flushes), so that ten rounds of what is usual fit into
 * the shortest timeout, and never less than 150 ms, which ten heartbeats and the worst wait of a
 * busy machine fit into (it is what the authors of Raft recommend, too). A fast machine so gets
 * L = 10: the leader is followed after 150 to 300 ms and the few ms of an election. The most is
 * L = 200, 3 to 6 s: whoever needs more has a disk or a network that is out of order.
 *
 * Members with different L disturb each other: a leader's heartbeats (1.5 L) must come well
 * within the others' timeouts (15 L). Up to a factor of 3 there is no harm; members of a cluster
 * had better share one number, the largest of theirs. */
#ifndef LBSTATE_NODE_LATENCY_H
#define LBSTATE_NODE_LATENCY_H

#include "base/error.h"
#include "node/directory.h"
#include "node/state_dir.h"
#include "node/tunnel.h"

#include <stdint.h>

#define LATENCY_MIN_MS 10
#define LATENCY_MAX_MS 200

#define LATENCY_PROBES     20     /* Flushes that are timed; fewer on a disk that is slow. */
#define LATENCY_PROBE_US   200000 /* No probe begins later than that after the first one. */
#define LATENCY_PROBE_SIZE 4096   /* Bytes: a page, the least that the engine writes. */

/* How long a small write takes until it is on disk: appends to a file in DIR, which is gone
 * afterwards, and gives the 90th percentile. Blocks. ERROR_IO, ERROR_NO_SPACE. */
int latency_measure_disk(const struct state_dir *dir, uint64_t *ret_us, struct error *error);

/* No member is waited for longer than that: one that is farther away is out of order. */
#define LATENCY_NETWORK_US 1000000

/* The longest round trip to a member of the directory that can be reached now, as the kernel measured
 * it on a link that is made for this; 0: none can. OWN_ID is left out. Blocks for LATENCY_NETWORK_US
 * at most, and that only if somebody is silent. */
uint64_t latency_measure_network(struct tunnel *tunnel, struct directory_holder *holder,
                                 uint64_t own_id);

/* The 90th percentile of N times, which are put in order. N is over 0. */
uint64_t latency_percentile_90(uint64_t *times_us, unsigned n);

/* For node_options.latency_ms. RTT_US: the longest of the ways to the other members; 0: not
 * known, or there are none. */
unsigned latency_choose(uint64_t disk_us, uint64_t rtt_us);

#endif
