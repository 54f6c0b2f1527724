/* cluster_internal.h - what the files of src/cluster share, and nobody else includes. */
#ifndef LBSTATE_CLUSTER_CLUSTER_INTERNAL_H
#define LBSTATE_CLUSTER_CLUSTER_INTERNAL_H

#include "base/buffer.h"
#include "cluster/cluster.h"
#include "store/members.h"

/* What the leader knows of a member, and each node of itself; kept by whoever leads or led. */
struct member_state {
    struct cluster *cluster;
    struct queue queue;
    uint64_t id;
    bool gone; /* The directory has it no more: freed when its heartbeat is back. */

    /* As the last answer to a heartbeat said; valid if heard_us > 0. */
    uint64_t heard_us; /* Monotonic; 0: not since this node leads. */
    bool engine_runs;
    int64_t clock_skew_ms;
    int64_t directory_revision;
    int64_t revision; /* cluster_survey(). */
    int64_t schema_version;
    char version[32];
    char engine[32];
    char architecture[16];
    char failure[256]; /* Of the last heartbeat; "": it was answered. */
    bool unreachable;  /* Its connection failed. */

    bool beating; /* A heartbeat is out. */
    uint64_t beat_wall_ms;
    uint64_t beat_us;
    struct peer_request beat;
    struct buffer beat_body;
};

/* What the server's settings say about the cluster. */
struct cluster_settings {
    unsigned offline_after_ms;
    struct roles_config roles;
};

struct cluster {
    struct cluster_options options;
    struct leadership *leadership;
    struct peers *peers;
    struct raft *raft; /* NULL while the node stands alone. */
    char name[MEMBER_NAME_MAX + 1];
    char address[MEMBER_ADDRESS_MAX + 1];
    uint64_t leads_since_us; /* 0: it doesn't. */

    /* Who leads: a voter's engine knows; the engine of another member is never told, so that
     * those go by the heartbeats. */
    uint64_t engine_leader;    /* 0: none. */
    uint64_t heartbeat_leader; /* Who sent the last heartbeat; 0: nobody lately. */
    uint64_t heartbeat_us;     /* When. */
    bool votes;                /* As the last heartbeat said, or the engine by knowing a leader. */
    struct cluster_settings settings;
    struct queue members; /* All that the directory has, this node too. */

    /* heartbeat.c */
    uv_timer_t heartbeat_timer;

    /* knock.c */
    bool knocking;
    bool told_unknown; /* That no member knows this one's key. */
    struct peer_request knock;

    /* heartbeat.c */
    bool told_slow; /* That the engine is too impatient for the network. */

    /* quorum.c: Raft's configuration, as the own log has it. */
    bool asking_known;
    struct raft_server *known_servers;
    size_t n_known;
    struct raft_request known_request;

    /* refresh.c */
    bool refreshed; /* Since this node leads. */
    bool refreshing;
    bool refresh_again;
    uint64_t n_refreshes; /* Begun. */
    uint64_t n_refreshed; /* The number of the last one that ended well. */
    struct store_member_request refresh;
    struct cluster_record *records; /* What the directory doesn't hold; n_records of them. */
    size_t n_records;

    /* tending.c: Raft's configuration. */
    bool knows_servers;
    struct raft_server *servers;
    size_t n_servers;
    bool asking_servers;
    struct raft_request servers_request;
    bool ordering; /* A change of the configuration is under way. */
    struct raft_request order;
    char order_address[IDENTITY_ADDRESS_SIZE]; /* Of an addition. */
    uint64_t leaving_id; /* A member that is being removed: its roles go to others; 0: none. */
    struct queue tasks;  /* Their states, in the order in which they came. */
    struct queue failed_tasks; /* Those that there was no memory for. */
    uv_idle_t soon;            /* Advances them in the loop's next turn. */

    /* Closing. */
    bool closing;
    bool parts_closing;
    unsigned n_open; /* Parts that aren't closed yet. */
    void (*closed)(void *data);
    void *closed_data;
};

/* What the leader needs of a member's record to choose roles. */
struct cluster_record {
    uint64_t id;
    bool evacuated;
    bool client_only;
    char name[MEMBER_NAME_MAX + 1];
    char failure_domain[64];
};

/* A task that goes on step by step: looked at after each event. Begins a struct of its own kind,
 * which is freed with it. */
struct task_state {
    struct cluster_task *task;
    struct queue queue;
    bool busy; /* Something that it submitted is under way: it isn't ended until that is. */
    char waits_for[512]; /* For the message, should its time be up; "": nothing in particular. */
    /* Ends the task by task_end(), or changes nothing. Not called while it is busy. */
    void (*advance)(struct task_state *state);
    void (*clean_up)(struct task_state *state); /* Called by task_end(); may be NULL. */
};

/* cluster.c */
struct member_state *cluster_find(struct cluster *cluster, uint64_t id);
bool cluster_leads(const struct cluster *cluster);

/* The directory is another one: members come and go. */
void cluster_adopt_directory(struct cluster *cluster);

/* The node is in a cluster from now on: raft is watched, heartbeats are sent and taken. */
int cluster_take_part(struct cluster *cluster, struct error *error);

/* A heartbeat of the leader came, saying whether this member votes. */
void cluster_hear_leader(struct cluster *cluster, uint64_t leader_id, bool votes);

/* No heartbeat came for long: whom a member that doesn't vote takes for the leader is gone. */
void cluster_check_leader(struct cluster *cluster);

/* While it is closing: goes on if nothing is under way any more. */
void cluster_advance_closing(struct cluster *cluster);

/* heartbeat.c */
void heartbeat_start(struct cluster *cluster);
void heartbeat_stop(struct cluster *cluster);
void heartbeat_send_all(struct cluster *cluster);

/* Heard of lately enough; a new leader gives everybody time to be heard. Roles change by it. */
bool member_is_online(const struct cluster *cluster, const struct member_state *member);

/* The same for people, who needn't wait for what is known already: that it can't be reached, or
 * that the new leader asked and has no answer. */
bool member_seems_online(const struct cluster *cluster, const struct member_state *member);

/* quorum.c */

/* Once a second while this node doesn't lead: who votes is worth knowing when nobody does. */
void quorum_look(struct cluster *cluster);

/* For leadership_options. */
void quorum_explain(void *data, struct error *error);

/* knock.c */
#define KNOCK_UNKNOWN                                                                              \
    "No other member knows the key of this one: it was removed from the cluster while it was "     \
    "down, or its state directory is an old copy. To join anew, empty it and take a new token"

/* Once a second while this node doesn't lead. */
void knock(struct cluster *cluster);

/* Whether each other member turned this one's key away when it was last connected to. */
bool knock_is_unknown(struct cluster *cluster);

/* refresh.c */

/* Returns the number of a reading that begins now, or as soon as the present one is done. */
uint64_t refresh_start(struct cluster *cluster);

/* tending.c */
void tend(struct cluster *cluster);
void tending_reset(struct cluster *cluster); /* Another one leads now. */

/* For a task: false if another change is under way, or this node doesn't lead. */
bool tending_order(struct cluster *cluster, enum raft_request_kind kind, uint64_t id);
const struct raft_server *tending_server(const struct cluster *cluster, uint64_t id);

/* For roles_choose(), roles_judge(), roles_explain(); MEMBERS has room for MEMBERS_MAX. */
size_t tending_roles(struct cluster *cluster, struct roles_member *members);

/* tasks.c */

/* A task whose state has SIZE bytes, zeroed; NULL: there is no memory, and the task ends so. It is
 * advanced in the loop's next turn. */
void *task_begin(struct cluster *cluster, struct cluster_task *task, size_t size,
                 void (*advance)(struct task_state *state));

/* Calls DONE and frees the state. ERROR may be NULL or without an error: it is done. */
void task_end(struct task_state *state, const struct error *error);

/* What the leader's answer to a task says: nothing, if it is 200. */
void task_read_answer(const struct peer_request *request, struct error *error);

/* Each task that isn't busy: ends it if its time is up or the cluster is closing, else advances
 * it. */
void tasks_advance(struct cluster *cluster);
void tasks_advance_soon(struct cluster *cluster);

#endif
