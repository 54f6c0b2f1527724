/* cluster.h - this node's part in the cluster: membership, heartbeats, roles, joining.
 *
 * Lives on the loop. A node that stands alone has it too: it leads itself, and waits to be
 * named (cluster_enable()).
 *
 * The records of members and tokens are in the database, changed by transactions of
 * store/members.h; what they need besides is done here. The leader tells all members about each
 * other: by a heartbeat to each, every second, and at once after a change. */
#ifndef LBSTATE_CLUSTER_CLUSTER_H
#define LBSTATE_CLUSTER_CLUSTER_H

#include "base/buffer.h"
#include "base/error.h"
#include "cluster/leadership.h"
#include "cluster/peers.h"
#include "node/directory.h"
#include "node/node.h"
#include "node/raft.h"
#include "node/roles.h"
#include "node/tunnel.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

#define MEMBER_KEY_FILE "member.pem" /* In the state directory: the own key. */

#define CLUSTER_HEARTBEAT_MS 1000
/* cluster.offline_threshold: who is silent so long counts as offline, and its vote goes to
 * somebody else. Incus, whose heartbeats take ten seconds, has 20. */
#define CLUSTER_OFFLINE_THRESHOLD_S     5
#define CLUSTER_OFFLINE_THRESHOLD_S_MIN 2
#define CLUSTER_OFFLINE_THRESHOLD_S_MAX 3600
#define CLUSTER_JOIN_TOKEN_EXPIRY_S     10800 /* cluster.join_token_expiry: 3 hours, as in Incus. */

struct cluster;

struct cluster_options {
    uv_loop_t *loop;
    const struct state_dir *state_dir; /* For the own key. */
    struct directory_holder *directory;
    struct tunnel *tunnel;
    struct certificate *certificate; /* Own; a reference is taken. */
    struct store *store;
    uint64_t own_id;
    unsigned latency_ms;        /* What the engine was told (node/latency.h). */
    const char *raft_address;   /* Own. */
    const char *engine_address; /* Own, of the abstract socket. */
    /* A socket on which this node answers itself as it answers a member: for what is asked of the
     * leader, whoever that is. */
    int (*connect_self)(void *data, int *ret_fd, struct error *error);
    /* This node is no member any more: the program should stop. */
    void (*on_removed)(void *data);
    void *data;
};

/* Takes part in the cluster that the directory names, if it names one. All of OPTIONS outlives
 * it. ERROR_INVALID, ERROR_CONFLICT: the own address can't be listened on. */
int cluster_open(const struct cluster_options *options, struct cluster **ret_cluster,
                 struct error *error);

/* CLOSED is called on the loop when nothing of it is under way any more; it is freed then. The
 * store must still be there. */
void cluster_close(struct cluster *cluster, void (*closed)(void *data), void *data);

struct leadership *cluster_leadership(struct cluster *cluster);
struct peers *cluster_peers(struct cluster *cluster);

/* A reference: directory_free() it. Without members while the node stands alone. */
const struct directory *cluster_directory(struct cluster *cluster);
bool cluster_enabled(const struct cluster *cluster);
const char *cluster_own_name(const struct cluster *cluster); /* "" while it stands alone. */
uint64_t cluster_own_id(const struct cluster *cluster);
/* Of the key that the endpoint shows in new handshakes. */
void cluster_own_pin(const struct cluster *cluster, uint8_t ret_pin[PIN_SIZE]);
const char *cluster_own_address(const struct cluster *cluster); /* Of the endpoint; "": none. */

/* How a member is, as the leader sees it; on other members only what they know themselves. */
struct cluster_status {
    bool known; /* It was heard of since this node leads. */
    bool online;
    bool in_raft;        /* Raft's configuration has it. */
    enum raft_role role; /* If in_raft. */
    bool leads;
    uint64_t silent_ms;    /* Since the last contact; if known. */
    int64_t clock_skew_ms; /* Its clock less the leader's; shown, never used. */
    uint64_t rtt_us;
    int64_t revision; /* Of its own copy of the database, as of the last cluster_survey(); -1: it
                       * has none, or didn't answer. */
    int64_t schema_version;
    char version[32]; /* Of lbstate. */
    char engine[32];
    char architecture[16];
    char failure[256]; /* Why it can't be reached; "": it can. */
};
void cluster_get_status(struct cluster *cluster, uint64_t member_id,
                        struct cluster_status *ret_status);

/* How many failures are survived, and what to do about it. */
void cluster_get_health(struct cluster *cluster, struct roles_health *ret_health, char *line,
                        size_t line_size);

/* What takes several steps, some of them on other nodes. DONE comes on the loop, never before
 * the call returns; each can be repeated after it failed at any step. */
struct cluster_task {
    /* Set by the caller; strings are borrowed until DONE. */
    void *data;
    uint64_t deadline_us;
    void (*done)(struct cluster_task *task);
    const char *name;    /* Of the member meant (enable: of this one). */
    const char *address; /* enable, move. */
    bool force;          /* remove: without asking it. */

    /* Read-only in DONE. */
    struct error error;

    /* Private. */
    struct cluster *cluster;
    struct queue queue;
};

/* Names this node and opens its cluster endpoint: from then on it is a cluster of one that others
 * can join. ERROR_CONFLICT: it is one already; ERROR_INVALID: name or address. */
void cluster_enable(struct cluster *cluster, struct cluster_task *task);

/* Leader only, else ERROR_NOT_LEADER. Takes the vote, takes it out of Raft, deletes its record,
 * and tells it, so that it stops. ERROR_FORBIDDEN: it is the last member, or, without FORCE, it
 * can't be reached. */
void cluster_remove(struct cluster *cluster, struct cluster_task *task);

/* Moves leadership to the member, which must vote; "": to any other voter that is online. Before a
 * daemon that stops turns its clients away, it does this, so that they notice nothing.
 * ERROR_NOT_LEADER; ERROR_UNAVAILABLE: there is nobody to take it. */
void cluster_transfer(struct cluster *cluster, struct cluster_task *task);

/* This node only. A new key in the place of its old one: known to all before it is used. */
void cluster_rotate_key(struct cluster *cluster, struct cluster_task *task);

/* This node only. Listens on ADDRESS from now on, and tells the others. */
void cluster_move(struct cluster *cluster, struct cluster_task *task);

/* Leader only. DONE when every member but NAME (NULL: every one) has been told what the records say
 * now; ERROR_TIMEOUT names those that weren't until the deadline. */
void cluster_spread(struct cluster *cluster, struct cluster_task *task);

/* Leader only, else DONE comes at once. Asks the members how far their own copies of the database
 * are, for cluster_get_status(); DONE after a second at most. */
void cluster_survey(struct cluster *cluster, struct cluster_task *task);

/* The records of members, tokens or the server's settings changed: look at them now. Called on
 * the leader by the handlers, after their transaction. */
void cluster_refresh(struct cluster *cluster);

/* -- What other members send (doc/cluster-protocol.md); for the handlers ---- */

/* Answers into RET_ANSWER (JSON). ERROR_INVALID: the body doesn't decode. */
int cluster_receive_heartbeat(struct cluster *cluster, uint64_t sender_id, const char *body,
                              size_t size, struct buffer *ret_answer, struct error *error);

/* The leader took this node out of the cluster. */
void cluster_receive_removal(struct cluster *cluster);

/* Raft's control, for RAFT_ASK_LEADER; NULL while the node stands alone. */
struct raft *cluster_raft(struct cluster *cluster);

#endif
