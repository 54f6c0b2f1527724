/* nodes.h - several real nodes of one cluster in this process, which reach each other over
 * their abstract sockets.
 *
 * Node 0 is the first one, with the id 1; the others have the ids 2, 3, ... and must be added to
 * Raft by the test. Failures end the test. */
#ifndef LBSTATE_TEST_LIB_NODES_H
#define LBSTATE_TEST_LIB_NODES_H

#include "node/node.h"

#include <pthread.h>

#define NODES_MAX 4

struct nodes {
    char *parent; /* The folder of their state directories. */
    unsigned latency_ms;

    pthread_mutex_t mutex; /* The engines' threads look for addresses. */
    struct {
        char dir[512];
        char raft_address[64]; /* "" before the first start. */
        char address[64];      /* Where the engine listens; "": it is stopped. */
        struct node *node;     /* NULL: it is stopped. */
    } nodes[NODES_MAX];
};

void nodes_open(struct nodes *nodes, unsigned latency_ms);

/* Stops those that run, and removes all. */
void nodes_close(struct nodes *nodes);

/* Starts node I: for the first time, or again as who it is. */
void nodes_start(struct nodes *nodes, unsigned i);
void nodes_stop(struct nodes *nodes, unsigned i);

/* Empties the state directory of node I, which is stopped. */
void nodes_wipe(struct nodes *nodes, unsigned i);

/* The engine's connect function; ARG is the nodes. */
int nodes_connect(void *arg, const char *raft_address, int *ret_fd);

#endif
