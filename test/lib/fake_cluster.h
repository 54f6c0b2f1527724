/* fake_cluster.h - a cluster that is as a test says, in the place of the real one
 * (cluster/cluster.h), whose functions it defines. */
#ifndef LBSTATE_TEST_LIB_FAKE_CLUSTER_H
#define LBSTATE_TEST_LIB_FAKE_CLUSTER_H

#include "cluster/cluster.h"

#define FAKE_MEMBERS_MAX 8

/* What was asked of it last. */
struct fake_task {
    const char *what; /* "enable", "remove", ...; NULL: nothing. */
    char name[64];
    char address[64];
    bool force;
};

struct cluster {
    /* Set by the test. */
    bool enabled;
    char own_name[MEMBER_NAME_MAX + 1];
    uint64_t own_id;
    struct leadership *leadership;
    struct peers *peers;
    struct directory *directory;                          /* Its own. */
    struct cluster_status statuses[FAKE_MEMBERS_MAX + 1]; /* By id. */
    struct error outcome;                                 /* Of tasks. */
    struct roles_health health;

    /* Read by the test. */
    unsigned n_refreshes;
    unsigned n_removals; /* cluster_receive_removal(). */
    uint64_t heartbeat_of;
    struct fake_task last;

    /* Private. */
    uv_idle_t idle;
    struct cluster_task *task;
};

/* A cluster of N_MEMBERS, n1 at 127.0.0.1:8443 and so on, all of them voters that are online; this
 * node is n1, and leads. */
void fake_cluster_open(struct cluster *cluster, uv_loop_t *loop, size_t n_members);

/* Closed by the loop's next turns. */
void fake_cluster_close(struct cluster *cluster);

/* Gives the directory those members anew: n1 to nN. */
void fake_cluster_set_members(struct cluster *cluster, size_t n_members);

#endif
