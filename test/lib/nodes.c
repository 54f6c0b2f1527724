#include "test/lib/nodes.h"

#include "node/connect.h"
#include "node/identity.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/temp_dir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STOP_TIMEOUT_MS 20000

void nodes_open(struct nodes *nodes, unsigned latency_ms)
{
    memset(nodes, 0, sizeof *nodes);
    nodes->parent = temp_dir_new();
    nodes->latency_ms = latency_ms;
    pthread_mutex_init(&nodes->mutex, NULL);
    for (unsigned i = 0; i < NODES_MAX; i++) {
        snprintf(nodes->nodes[i].dir, sizeof nodes->nodes[i].dir, "%s/n%u", nodes->parent, i + 1);
    }
}

void nodes_close(struct nodes *nodes)
{
    for (unsigned i = 0; i < NODES_MAX; i++) {
        if (nodes->nodes[i].node != NULL) {
            nodes_stop(nodes, i);
        }
    }
    pthread_mutex_destroy(&nodes->mutex);
    temp_dir_remove(nodes->parent);
}

int nodes_connect(void *arg, const char *raft_address, int *ret_fd)
{
    struct nodes *nodes = arg;
    char address[64] = "";

    pthread_mutex_lock(&nodes->mutex);
    for (unsigned i = 0; i < NODES_MAX; i++) {
        if (strcmp(nodes->nodes[i].raft_address, raft_address) == 0) {
            memcpy(address, nodes->nodes[i].address, sizeof address);
        }
    }
    pthread_mutex_unlock(&nodes->mutex);
    return address[0] == '\0' ? ECONNREFUSED : connect_to_node(NULL, address, ret_fd);
}

static void set_address(struct nodes *nodes, unsigned i, const char *address)
{
    pthread_mutex_lock(&nodes->mutex);
    snprintf(nodes->nodes[i].address, sizeof nodes->nodes[i].address, "%s", address);
    pthread_mutex_unlock(&nodes->mutex);
}

void nodes_start(struct nodes *nodes, unsigned i)
{
    struct node_options options = {.state_dir = nodes->nodes[i].dir,
                                   .latency_ms = nodes->latency_ms,
                                   .connect = nodes_connect,
                                   .connect_arg = nodes};
    struct error error = ERROR_INIT;
    char raft_address[64];

    assert_null(nodes->nodes[i].node);
    memcpy(raft_address, nodes->nodes[i].raft_address, sizeof raft_address);
    if (i > 0) {
        options.id = i + 1;
        options.raft_address = raft_address;
        if (raft_address[0] == '\0') {
            assert_int_equal(identity_make_address(raft_address, &error), ERROR_NONE);
        }
    }
    if (node_start(&options, &nodes->nodes[i].node, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(node_id(nodes->nodes[i].node), i + 1);
    pthread_mutex_lock(&nodes->mutex);
    snprintf(nodes->nodes[i].raft_address, sizeof nodes->nodes[i].raft_address, "%s",
             node_raft_address(nodes->nodes[i].node));
    pthread_mutex_unlock(&nodes->mutex);
    set_address(nodes, i, node_address(nodes->nodes[i].node));
}

void nodes_stop(struct nodes *nodes, unsigned i)
{
    node_stop(nodes->nodes[i].node, STOP_TIMEOUT_MS);
    nodes->nodes[i].node = NULL;
    set_address(nodes, i, "");
}

void nodes_wipe(struct nodes *nodes, unsigned i)
{
    char command[600];

    assert_null(nodes->nodes[i].node);
    snprintf(command, sizeof command, "rm -rf '%s'", nodes->nodes[i].dir);
    assert_int_equal(system(command), 0);
}
