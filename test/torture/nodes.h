/* nodes.h - the cluster that is tortured, as contrib/cluster runs it.
 *
 * Functions that can fail return 0 or -1 and say why on standard error. Programs are run
 * from the main thread only; the rest may be used by any. */
#ifndef LBSTATE_TEST_TORTURE_NODES_H
#define LBSTATE_TEST_TORTURE_NODES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define NODES_MAX       9
#define NODES_PATH_SIZE 108

#define NODES_CANNOT 77 /* Of nodes_kill(): this machine can't do that. */

struct nodes {
    char dir[NODES_PATH_SIZE];
    unsigned n_nodes;
    char sockets[NODES_MAX + 1][NODES_PATH_SIZE]; /* By number, from 1. */
    /* The node is being stopped or started, so it may turn requests away. */
    atomic_bool excused[NODES_MAX + 1];
};

/* Takes the cluster that runs in DIR. */
int nodes_open(struct nodes *nodes, const char *dir);

/* Starts one of N_NODES in DIR, which is made if it isn't there. */
int nodes_start(struct nodes *nodes, const char *dir, unsigned n_nodes);

int nodes_stop(struct nodes *nodes);

/* Runs contrib/kill with FAULT and TARGETS (NULL: all, for heal). Returns 0, -1 or
 * NODES_CANNOT. */
int nodes_kill(struct nodes *nodes, const char *fault, const char *targets);

/* Undoes all faults and waits until every node serves. */
int nodes_heal(struct nodes *nodes);

/* How often the supervisors have started daemons again. */
unsigned nodes_restarts(const struct nodes *nodes);

/* Runs a program to its end and returns its exit code, or -1. */
int nodes_run(const char *const argv[]);

/* Monotonic. */
int64_t nodes_now_us(void);
void nodes_pause_ms(int64_t ms);

#endif
