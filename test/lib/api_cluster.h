/* api_cluster.h - some API servers that forward to each other, and clients of them, on one
 * loop in the test's thread.
 *
 * They share one real engine, so that each has what the leader committed; who leads is what the
 * test says (lib/leadership.h). Every wait runs the loop; a watchdog ends a test that hangs. */
#ifndef LBSTATE_TEST_LIB_API_CLUSTER_H
#define LBSTATE_TEST_LIB_API_CLUSTER_H

#include "api/api.h"
#include "cluster/peers.h"
#include "node/node.h"
#include "test/lib/leadership.h"
#include "test/lib/proxy.h"

#define CLUSTER_SIZE 3 /* Members 1 to 3. */

struct api_cluster;

struct member {
    struct api_cluster *cluster;
    uint64_t id;
    struct api api;
    struct leadership leadership;
    struct proxy *proxy; /* Between its store and the engine. */
    char path[96];       /* Of its socket. */
    char engine_name[16];
    bool unreachable;    /* Set by the test: nobody gets a connection to it. */
    bool is_joining;     /* Set by the test: it has but a token, and isn't a member. */
    unsigned n_accepted; /* Connections from other members. */
    int last_fd;         /* A duplicate of the last one; -1: none. */
    bool peers_closed;
    bool stopped;
    bool store_closed;
};

struct api_cluster {
    uv_loop_t loop;
    uv_timer_t watchdog;
    char *dir;
    struct node *node;
    struct member members[CLUSTER_SIZE + 1]; /* By their id. */
    struct peers *clients;                   /* Local ones: each "member" is a socket. */
    bool clients_closed;
};

/* For cmocka. Member 1 leads, and all know it. */
int api_cluster_set_up(void **state);
int api_cluster_tear_down(void **state);

/* All learn it at once; 0: nobody leads. */
void api_cluster_lead(struct api_cluster *cluster, uint64_t id);

/* Runs the loop once. */
void api_cluster_turn(struct api_cluster *cluster);

/* Cuts the connection to MEMBER that was made last. */
void member_cut(struct member *member);

uint64_t member_waiting_writes(struct member *member);

/* Until so many writes wait at member ID. */
void api_cluster_await_writes(struct api_cluster *cluster, uint64_t id, uint64_t n);

/* What SQL gives in the database of all. */
int64_t api_cluster_integer(struct api_cluster *cluster, const char *sql);

/* A request of a local client of member ID; its answer is in REQUEST. */
#define REQUEST_HEADERS_MAX 4

struct client_call {
    struct peer_request request;
    struct api_cluster *cluster;
    struct peer_header headers[REQUEST_HEADERS_MAX];
    struct peers *peers; /* Through which it is sent. */
    bool done;
};

/* BODY may be NULL. */
void client_call_init(struct client_call *call, struct api_cluster *cluster, uint64_t id,
                      const char *method, const char *target, const char *body);

/* The same for one that member FROM sends to member ID. */
void member_call_init(struct client_call *call, struct api_cluster *cluster, uint64_t from,
                      uint64_t id, const char *method, const char *target, const char *body);

void client_call_header(struct client_call *call, const char *name, const char *value);
void client_call_submit(struct client_call *call);
void client_call_await(struct client_call *call);
void client_call_close(struct client_call *call);

/* Submits and awaits it; fails the test unless its answer has STATUS. */
void client_call_perform(struct client_call *call, unsigned status);

/* Of its answer; "" if there is no such header. */
const char *client_call_answer_header(const struct client_call *call, const char *name);

/* Fails the test unless PIECE is in the body of its answer. */
void client_call_assert_contains(const struct client_call *call, const char *piece);

/* All of that for one without headers. */
void api_cluster_call(struct api_cluster *cluster, uint64_t id, const char *method,
                      const char *target, const char *body, unsigned status);

#endif
