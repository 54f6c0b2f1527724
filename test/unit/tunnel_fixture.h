/* tunnel_fixture.h - tunnels of several members in one process, over loopback. */
#ifndef LBSTATE_TEST_UNIT_TUNNEL_FIXTURE_H
#define LBSTATE_TEST_UNIT_TUNNEL_FIXTURE_H

#include "node/tunnel.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Nothing here takes so long unless it hangs. */
#define FIXTURE_TIMEOUT_S 120

#define FIXTURE_NODES        3
#define FIXTURE_ACCEPTED_MAX 128

/* A member with its tunnel, and an engine that is only a listening socket. */
struct fixture_node {
    uint64_t id; /* 1, 2, 3. */
    char *path;
    struct state_dir dir;
    struct directory_holder *holder;
    struct certificate *certificate;
    struct tunnel *tunnel;
    int engine_fd;
    char engine_address[64];
    char raft_address[64];
    char address[MEMBER_ADDRESS_MAX + 1]; /* Listened on. */

    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned n_accepted;
    unsigned n_taken;
    bool holds; /* on_accept() doesn't return. */
    bool is_held;
    int accepted[FIXTURE_ACCEPTED_MAX];
    struct tunnel_peer peers[FIXTURE_ACCEPTED_MAX];
};

struct fixture {
    int64_t revision;
    struct fixture_node nodes[FIXTURE_NODES];
    /* What publish() tells all nodes; changed by tests. */
    struct directory_member members[FIXTURE_NODES];
    size_t n_members;
    struct directory_token tokens[2];
    size_t n_tokens;
};

/* Nodes that know each other and listen on 127.0.0.1. OPTIONS: only the limits are read. */
struct fixture *fixture_new(const struct tunnel_options *options);
void fixture_free(struct fixture *f);

/* Gives all nodes a new directory. */
void fixture_publish(struct fixture *f);

/* A socket from one member to another, with timeouts, and its other end. */
int fixture_connect(struct fixture *f, size_t from, size_t to);
int fixture_connect_raft(struct fixture *f, size_t from, size_t to);
int fixture_accepted(struct fixture_node *node, struct tunnel_peer *ret_peer); /* Waits. */
/* Both, of a link that is surely open: each end has seen a byte of the other. */
void fixture_open_http(struct fixture *f, size_t from, size_t to, int *ret_out, int *ret_in);
unsigned fixture_n_accepted(struct fixture_node *node);

/* Holds the thread of node TO in on_accept(), with a link from FROM that is returned; until
 * fixture_release(), or the end of the test. */
int fixture_hold(struct fixture *f, size_t from, size_t to);
void fixture_release(struct fixture_node *node);

/* Closes those that nobody took, and counts from 0 again; others may come meanwhile. */
void fixture_close_accepted(struct fixture_node *node);
int fixture_engine_accept(struct fixture_node *node); /* Waits. */
bool fixture_engine_untouched(struct fixture_node *node);

/* Blocking, with a timeout that fails the test. */
void fixture_set_timeouts(int fd);
void fixture_write(int fd, const char *text);
void fixture_expect(int fd, const char *text);
void fixture_expect_eof(int fd);

/* A plain TCP connection to ADDRESS; a TCP listener on 127.0.0.1 that the test accepts from. */
int fixture_tcp(const char *address);
int fixture_listen(char ret_address[MEMBER_ADDRESS_MAX + 1]);

#endif
