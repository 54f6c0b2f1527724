/* faults.h - breaks nodes by chance, a minority at a time, and mends them. */
#ifndef LBSTATE_TEST_TORTURE_FAULTS_H
#define LBSTATE_TEST_TORTURE_FAULTS_H

#include "test/torture/client.h"

#include <stdatomic.h>

#define FAULTS_NAMES "kill9,crash,term,restart,stop,isolate,partition,delay,loss"

struct faults {
    struct nodes *nodes;
    struct client_plan *plan;
    struct rng rng;
    unsigned kinds; /* A bit each; those that this machine can't do are taken out. */
    unsigned n_done;
    unsigned n_crashes; /* Those after which a supervisor starts the daemon again. */
    atomic_bool ended;  /* Set from outside: no more faults than the one under way. */
};

/* LIST: names of FAULTS_NAMES and "all9" (kill -9 of all nodes at once) with commas between
 * them, or "none". -1: one is unknown. */
int faults_init(struct faults *faults, struct client_plan *plan, const char *list);

/* Breaks and mends until END_US. -1: a node didn't come back, or a script failed. */
int faults_run(struct faults *faults, int64_t end_us);

/* Kills the leader N times, each time when writes are acknowledged again and all nodes
 * serve. */
int faults_kill_leaders(struct faults *faults, unsigned n);

#endif
