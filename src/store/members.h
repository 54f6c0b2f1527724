/* members.h - the transactions of members and join tokens.
 *
 * A member's id is its id in Raft, so none is ever used twice (AUTOINCREMENT). */
#ifndef LBSTATE_STORE_MEMBERS_H
#define LBSTATE_STORE_MEMBERS_H

#include "entity/cluster_member.h"
#include "entity/cluster_token.h"
#include "node/directory.h"
#include "store/store.h"

struct store_member_request {
    struct store_request base;

    /* Inputs; borrowed until DONE. */
    const char *name;
    const char *new_name;                 /* rename. */
    const struct cluster_member *member;  /* enable, join, update: what is to be stored. */
    const char *fingerprint;              /* enable: of the new cluster; join: of the token. */
    const struct cluster_token *token;    /* token create; join and delete: its pin. */
    const char *if_match;                 /* update. */
    int64_t now_s;                        /* join, tokens: wall clock of the caller. */

    /* Outputs, in base.arena. */
    struct cluster_member *members; /* By id. */
    size_t n_members;
    struct cluster_token *tokens; /* By time of creation; without the expired ones. */
    size_t n_tokens;
    struct string_map config;    /* get_all: the server's. */
    const char *cluster_fingerprint; /* get_all: "" while there is no cluster. */
};

/* For store_request.run.
 *
 *   get_all        members, tokens, config, fingerprint, in one snapshot: what the directory is
 *                  made from
 *   enable         makes the cluster: its fingerprint and its first member (id 1).
 *                  ERROR_CONFLICT: there is one
 *   token_create   ERROR_CONFLICT: a member, or a token that is not expired, has the name;
 *                  ERROR_TOO_LARGE: over JOIN_TOKENS_MAX or MEMBERS_MAX
 *   token_delete   by name. ERROR_NOT_FOUND
 *   join           uses the token with that pin up and adds the member, whose id is chosen.
 *                  Repeated by the same node (same pin of its own key, same Raft address) it gives
 *                  the same answer and changes nothing. ERROR_FORBIDDEN: the token is used,
 *                  expired, revoked or of another cluster, or for another name (the message says
 *                  which); ERROR_CONFLICT: name or address is taken; ERROR_TOO_LARGE
 *   update         description, failure domain, groups, roles, config, address, keys, state.
 *                  ERROR_NOT_FOUND, ERROR_PRECONDITION, ERROR_INVALID; no difference, no change
 *   rename         ERROR_NOT_FOUND, ERROR_CONFLICT, ERROR_INVALID
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

/* The directory that GET_ALL's outputs make. */
int store_member_directory(const struct store_member_request *request,
                           struct directory **ret_directory, struct error *error);

#endif
