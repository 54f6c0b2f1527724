/* client.h - one client of the cluster under torture: a thread that works on records.
 *
 * It asks one node after the other for as long as its own deadline allows: another node
 * when one can't be reached or breaks off, as any sensible client would. A write is sent
 * again only with its Idempotency-Key; one without a key that broke off has an unknown
 * outcome. */
#ifndef LBSTATE_TEST_TORTURE_CLIENT_H
#define LBSTATE_TEST_TORTURE_CLIENT_H

#include "test/torture/history.h"
#include "test/torture/nodes.h"
#include "test/torture/rng.h"

#include <pthread.h>
#include <stdatomic.h>

#define CLIENT_KEYS_MAX  64
#define CLIENT_ETAG_SIZE 160

/* The same for all clients of a run; not changed while they run. */
struct client_plan {
    struct nodes *nodes;
    uint64_t seed;
    unsigned n_keys;
    unsigned keyed_percent; /* Of writes: those with an Idempotency-Key. */
    int timeout_ms;         /* Of most requests; a few have much less. */
    uint64_t run;           /* Sets the values and keys of this run apart from others'. */
    int64_t first_revision; /* Of a read of an own copy before it nobody knows what is right. */
    atomic_bool finished;
    atomic_uint_fast64_t n_acknowledged; /* Writes, of all clients. */
};

struct client {
    struct client_plan *plan;
    unsigned number; /* From 0. */
    pthread_t thread;
    struct rng rng;
    struct history history;
    uint64_t n_values;
    /* What it saw last of each record: for swaps. */
    uint64_t seen[CLIENT_KEYS_MAX];
    char etags[CLIENT_KEYS_MAX][CLIENT_ETAG_SIZE];
};

/* Makes the network that all records are on, removes records of an earlier run, and notes the
 * revision from which on the history tells what happens. */
int client_prepare(struct client_plan *plan);

int client_start(struct client *client, struct client_plan *plan, unsigned number);

/* Waits for its end; plan->finished must be set. The history stays. */
void client_join(struct client *client);
void client_close(struct client *client);

/* Notes down what NODE has, in operations of kind HISTORY_LIST (as the whole cluster has it)
 * or HISTORY_FINAL (as this one has it). The client must not run. */
void client_note_state(struct client *client, unsigned node, enum history_kind kind);

/* Waits until all nodes have the same records, for at most TIMEOUT_MS: false. */
bool client_wait_converged(const struct client_plan *plan, int timeout_ms);

/* Waits until each node's own copy has all that is acknowledged now; clients may go on. As above. */
bool client_wait_caught_up(const struct client_plan *plan, int timeout_ms);

#endif
