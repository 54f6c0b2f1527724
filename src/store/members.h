/* members.h - the transactions of members and join tokens.
 *
 * A member's id is its id in Raft, so none is ever used twice (AUTOINCREMENT). */
#ifndef LBSTATE_STORE_MEMBERS_H
#define LBSTATE_STORE_MEMBERS_H

#include "entity/cluster_member.h"
#include "entity/cluster_token.h"
#include "node/directory.h"
#include "store/store.h"

/* How long a token lives if cluster.join_token_expiry doesn't say. */
#define STORE_TOKEN_EXPIRY "3H"

/* How long a token is kept after it was used, or ran out. */
#define STORE_TOKEN_KEPT_S (24 * 3600)

/* What an update changes: text that is NULL, and lists that aren't named, stay as they are. */
struct store_member_change {
    const char *address;
    const char *key_pin;
    const char *next_key_pin;
    const char *state;
    const char *description;
    const char *failure_domain;
    const char **roles; /* As a client sees them: with those that Raft gives. */
    size_t n_roles;
    bool has_roles;
    const char **groups;
    size_t n_groups;
    bool has_groups;
    const struct string_map *config; /* NULL: stays. */
    bool merge_config;               /* Keys that aren't named stay. */
    /* The roles that Raft gives the member now: part of the ETag, and nobody's to change. */
    const char *const *raft_roles;
    size_t n_raft_roles;
};

struct store_member_request {
    struct store_request base;

    /* Inputs; borrowed until DONE. */
    const char *name;
    int64_t id;                               /* update: the member, if NAME is NULL. */
    const char *new_name;                     /* rename. */
    const struct cluster_member *member;      /* enable, join: what is to be stored. */
    const struct store_member_change *change; /* update. */
    const char *fingerprint;                  /* enable: of the new cluster; join: of the token. */
    const struct cluster_token *token; /* token create; join: its pin; delete: its operation. */
    const char *if_match;              /* update. */
    int64_t now_s;                     /* join, tokens: wall clock of the caller. */

    /* Outputs, in base.arena. */
    struct cluster_member *members; /* By id; join: the one. */
    size_t n_members;
    struct cluster_token *tokens; /* By time of creation, also those that are used or expired
                                   * (store_token_is_live()); join and
                                   * token create: the one. */
    size_t n_tokens;
    struct string_map config;        /* get_all: the server's. */
    const char *cluster_fingerprint; /* get_all, join: "" while there is no cluster. */
};

/* For store_request.run.
 *
 *   get_all        members, tokens, config, fingerprint, in one snapshot: what the directory is
 *                  made from
 *   enable         makes the cluster: its fingerprint and its first member (id 1), in the group
 *                  "default". ERROR_CONFLICT: there is one
 *   token_create   takes the place of a live token for the same name, so that there is one only,
 *                  and forgets those that ended long ago. Without expires_at it lives as long as
 *                  the configuration says. Outputs: the token, all members, the fingerprint. ERROR_CONFLICT: a member has the name;
 *                  ERROR_TOO_LARGE: over JOIN_TOKENS_MAX or MEMBERS_MAX; ERROR_INVALID: there is
 *                  no cluster
 *   token_delete   a live one, by name, or by its operation if NAME is NULL. ERROR_NOT_FOUND
 *   join           uses the token with that pin up and adds the member, whose id is chosen.
 *                  Repeated by the same node (same pin of its own key, same Raft address) it gives
 *                  the same answer and changes nothing. ERROR_FORBIDDEN: the token is used,
 *                  expired, revoked or of another cluster, or for another name (the message says
 *                  which); ERROR_CONFLICT: name or address is taken; ERROR_TOO_LARGE
 *   update         ERROR_NOT_FOUND, ERROR_PRECONDITION, ERROR_INVALID, ERROR_CONFLICT (the address
 *                  or key is taken); no difference, no change
 *   rename         ERROR_NOT_FOUND, ERROR_CONFLICT. The name is one that may be
 *   delete         ERROR_NOT_FOUND; ERROR_FORBIDDEN: the last one */
int store_member_get_all(struct store_request *request, struct store_tx *tx, struct error *error);
int store_member_enable(struct store_request *request, struct store_tx *tx, struct error *error);
int store_member_token_create(struct store_request *request, struct store_tx *tx,
                              struct error *error);
int store_member_token_delete(struct store_request *request, struct store_tx *tx,
                              struct error *error);
int store_member_join(struct store_request *request, struct store_tx *tx, struct error *error);
int store_member_update(struct store_request *request, struct store_tx *tx, struct error *error);
int store_member_rename(struct store_request *request, struct store_tx *tx, struct error *error);
int store_member_delete(struct store_request *request, struct store_tx *tx, struct error *error);

/* Neither used nor expired. */
bool store_token_is_live(const struct cluster_token *token, int64_t now_s);

/* The directory that GET_ALL's outputs make; on success only. With tokens that ended: who shows
 * one of them reaches the leader, and is told what became of it. ERROR_CORRUPT: a record that
 * doesn't fit. */
int store_member_directory(const struct store_member_request *request,
                           struct directory **ret_directory, struct error *error);

#endif
