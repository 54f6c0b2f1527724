/* roles.h - which member has which role in Raft: a pure function.
 *
 * The wanted numbers (cluster.max_voters, odd, 3 if nobody says; cluster.max_standby, 2) are
 * filled from members that are online, spread over as many failure domains as there are, and
 * with as few changes as possible. A voter that is gone gives its vote to a stand-by (or a
 * spare) that is online, if one is to be had; nobody ever loses a vote for whom there is no
 * replacement, but for a surplus: two voters of two members, else an odd number, because an even
 * one survives no more failures and needs one member more for each write. One change at a
 * time: after it the function is called again with what became of it.
 *
 * Promote first, or demote the dead one first? Let n voters be there, n odd, d of them dead.
 * Demoting first leaves n - 1 voters with the same majority, (n + 1) / 2, and the same n - d
 * alive; promoting first makes n + 1 voters, of which one more must agree and one more is alive.
 * So both survive the same number of failures in between; but promoting first counts on
 * the newcomer, too. It is done first nevertheless: before Raft lets a newcomer vote, it brings
 * it up to date, which can take minutes and can fail. Meanwhile, with the dead one's vote not
 * taken away, its return helps at once, and if the newcomer turns out to be no good nothing was
 * lost. The state with n + 1 voters lasts for a few round trips only, just after the newcomer
 * has shown that it is alive. (n even: a dead one is a surplus, and goes first.) */
#ifndef LBSTATE_NODE_ROLES_H
#define LBSTATE_NODE_ROLES_H

#include "node/raft.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROLES_VOTERS_DEFAULT   3
#define ROLES_VOTERS_MAX       9 /* Odd numbers from 1 on. */
#define ROLES_STANDBYS_DEFAULT 2
#define ROLES_STANDBYS_MAX     5

struct roles_member {
    uint64_t id;
    const char *name;    /* For roles_explain(). */
    enum raft_role role; /* Now. */
    bool online;
    bool evacuated;             /* Or leaving: gets no role, loses the one that it has. */
    bool client_only;           /* The role "database-client": is to be a spare. */
    const char *failure_domain; /* Equal text: one domain. */
};

struct roles_config {
    unsigned max_voters; /* An even number counts as the odd one below it; 0 as 1. */
    unsigned max_standbys;
};

enum roles_action { ROLES_NOTHING, ROLES_ASSIGN, ROLES_TRANSFER };

struct roles_change {
    enum roles_action action;
    uint64_t id;         /* Whom. */
    enum raft_role role; /* ROLES_ASSIGN. */
    const char *reason;  /* A literal, for the log: "a voter is offline". */
};

/* LEADER_ID leads, and asks; it counts as online. ROLES_TRANSFER: leadership must move to ID
 * before more can be done (the leader is evacuated, or client_only). ROLES_NOTHING: all is as it
 * should be, or nothing can be done: without a majority of voters online no change can be
 * committed, and what breaks a majority is never proposed.
 *
 * If each change succeeds and nothing else changes, ROLES_NOTHING comes after 4 * N_MEMBERS
 * changes at most. */
struct roles_change roles_choose(const struct roles_member *members, size_t n_members,
                                 uint64_t leader_id, const struct roles_config *config);

/* What the roles mean for who asks how safe the cluster is. */
struct roles_health {
    unsigned n_voters;
    unsigned n_voters_online;
    unsigned majority; /* Voters that a write needs. */
    unsigned survives; /* More voters that may fail at once; 0 also if there is no majority. */
    bool has_majority;
};
void roles_judge(const struct roles_member *members, size_t n_members,
                 struct roles_health *ret_health);

/* One line that says how many more failures are survived, and what to do about it if that is
 * few: "Survives 1 more failure.", "Survives no failure: add a third member.", ... */
void roles_explain(const struct roles_member *members, size_t n_members,
                   const struct roles_config *config, char *out, size_t size);

#endif
