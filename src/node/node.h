/* node.h - hosts one node of the engine (dqlite or cowsql) in this process.
 *
 * The node keeps its Raft log and snapshots in STATE_DIR/engine and listens on
 * an abstract Unix socket that takes connections of this process only: the
 * engine aborts on malformed input, so nothing but our own client may ever
 * reach it. A lock on STATE_DIR keeps a second daemon out (the engine itself
 * would start and destroy the data), and STATE_DIR/node.json remembers id and
 * address, so that a node is never started as another one.
 *
 * All functions block: call them off the event loop. One node a process (tests may
 * start several). */
#ifndef LBSTATE_NODE_NODE_H
#define LBSTATE_NODE_NODE_H

#include "base/error.h"
#include "node/state_dir.h"

#include <stdint.h>

struct node;

struct node_options {
    const char *state_dir; /* Made with mode 0700 if missing; an existing one must be ours. */
    unsigned
        latency_ms; /* Elections take 15 times, heartbeats 1.5 times that (latency.h); 0: 50. */

    /* Who the node is to be if the state directory doesn't say so yet: a member of a cluster
     * that gave it this id, with an address of identity_make_address(). It starts empty, and
     * waits until the cluster's leader adds it to Raft. 0 and NULL: the first node, which
     * bootstraps a cluster of one. */
    uint64_t id;
    const char *raft_address;

    /* How the engine reaches the node with a Raft address, as connect_to_node() does, which is
     * taken if it is NULL. Called on several threads; ARG must outlive the node. */
    int (*connect)(void *arg, const char *raft_address, int *ret_fd);
    void *connect_arg;
};

#define NODE_LATENCY_MS_DEFAULT 50
#define NODE_LATENCY_MS_MIN     5
#define NODE_LATENCY_MS_MAX     1000

/* Locks STATE_DIR (see struct node_options) and reads who the node is; the engine doesn't run yet.
 * node_run() and node_halt() it; node_close() it at the end.
 * ERROR_CONFLICT: another process holds the state directory (the message names it).
 * ERROR_INVALID: it is no directory, not ours or open to others. ERROR_CORRUPT: node.json doesn't
 * decode. ERROR_IO, ERROR_NO_SPACE, ERROR_NO_MEMORY. */
int node_open(const char *state_dir, struct node **ret_node, struct error *error);
void node_close(struct node *node);

/* Starts the engine. options->state_dir isn't used. After an error NODE is as it was before. The
 * errors are those of node_start(). */
int node_run(struct node *node, const struct node_options *options, struct error *error);

/* Both in one. Returns once the node takes
 * connections; that it has a leader is not awaited.
 *
 * A node whose state directory was emptied starts as a cluster of its own. It has the
 * id 1 then, as the first member of another cluster may have; but its Raft address is
 * new, and so is its key: the others connect to the address that their configuration
 * has, by the key that their directory has (tunnel.h), so they never take it for the old
 * one, whose vote it must not cast. It comes back by joining, under a new id.
 *
 * ERROR_CONFLICT: another process holds the state directory (the message names it), or it
 * is another node's than OPTIONS say.
 * ERROR_INVALID: an option is out of range, or the state directory is no
 * directory, not ours or open to others. ERROR_CORRUPT: node.json doesn't decode,
 * or it and the engine's data don't belong together. ERROR_IO, ERROR_NO_SPACE:
 * the directory or the engine failed (the message holds the engine's words); a
 * damaged log is reported so, too, and never repaired by leaving something out.
 *
 * From here on the process ignores SIGPIPE, because of the engine. */
int node_start(const struct node_options *options, struct node **ret_node, struct error *error);

/* The end of node_run(): hands leadership over, if there is who takes it (handover.h; for that 30
 * times latency_ms are spent at most, and half of TIMEOUT_MS), and stops the engine. The engine's
 * stop is known to hang: after TIMEOUT_MS the process ends with _exit(0), because everything
 * acknowledged is on disk by then. */
void node_halt(struct node *node, unsigned timeout_ms);

/* node_halt() and node_close(). */
void node_stop(struct node *node, unsigned timeout_ms);

/* For db_conn_options.address: another one at each start, so that no other
 * process can take it first. Lives as long as the node. */
const char *node_address(const struct node *node);

/* 0: the state directory doesn't say yet who the node is. */
uint64_t node_id(const struct node *node);

/* As Raft's configuration has it: stays for life. Lives as long as the node. "": as above. */
const char *node_raft_address(const struct node *node);

/* Lives as long as the node. */
const struct state_dir *node_state_dir(const struct node *node);

/* "cowsql 1.15.8", for GET /1.0 and logs. */
const char *node_engine_version(void);

#endif
