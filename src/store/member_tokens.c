/* Join tokens: made, revoked, and used up by the node that joins. */
#include "store/members.h"

#include "entity/cluster_token.mapper.h"
#include "lb/server_config.h"
#include "store/member_records.h"
#include "store/server.h"

#include <string.h>

static struct store_member_request *from_base(struct store_request *base)
{
    return (struct store_member_request *)base;
}

/* An ended token goes when it is old, or one has to make room. So the tokens that are kept are
 * never more than JOIN_TOKENS_MAX, which is what the directory holds. */
static int prune(struct store_tx *tx, const struct cluster_token *tokens, size_t n_tokens,
                 const char *name, int64_t now_s, struct error *error)
{
    size_t n_kept = n_tokens;
    int rv = ERROR_NONE;

    for (size_t i = 0; rv == ERROR_NONE && i < n_tokens; i++) {
        const struct cluster_token *token = &tokens[i];
        bool goes;

        if (store_token_is_live(token, now_s)) {
            goes = strcmp(token->name, name) == 0;
        } else {
            goes = token->expires_at + STORE_TOKEN_KEPT_S < now_s || n_kept >= JOIN_TOKENS_MAX;
        }
        if (goes) {
            n_kept--;
            rv = cluster_token_delete_by_key_pin(tx->db, token->key_pin, error);
        }
    }
    if (rv == ERROR_NONE && n_kept >= JOIN_TOKENS_MAX) {
        rv = error_set(error, ERROR_TOO_LARGE,
                       "There are %d join tokens already: revoke one, or use it", JOIN_TOKENS_MAX);
    }
    return rv;
}

static int set_expiry(struct store_tx *tx, struct cluster_token *token, struct error *error)
{
    struct string_map config;
    const char *span;
    int rv;

    if (token->expires_at != 0) {
        return ERROR_NONE;
    }
    rv = store_server_load(tx, &config, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    span = string_map_get_or_empty(&config, SERVER_CONFIG_JOIN_TOKEN_EXPIRY);
    return server_config_expiry(span[0] == '\0' ? STORE_TOKEN_EXPIRY : span, token->created_at,
                                &token->expires_at, error);
}

int store_member_token_create(struct store_request *request, struct store_tx *tx,
                              struct error *error)
{
    struct store_member_request *r = from_base(request);
    struct cluster_token *stored = arena_calloc(tx->arena, 1, sizeof *stored);
    struct cluster_token token = *r->token;
    struct cluster_member *members;
    struct cluster_token *tokens;
    const char *fingerprint;
    size_t n_members;
    size_t n_tokens;
    int rv;

    if (stored == NULL) {
        return error_no_memory(error);
    }
    rv = member_records_load_fingerprint(tx, &fingerprint, error);
    if (rv == ERROR_NONE && fingerprint[0] == '\0') {
        rv = error_set(error, ERROR_INVALID, "This server is not clustered");
    }
    if (rv == ERROR_NONE) {
        rv = set_expiry(tx, &token, error);
    }
    if (rv == ERROR_NONE) {
        rv = member_records_load(tx, &members, &n_members, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < n_members; i++) {
        if (strcmp(members[i].name, token.name) == 0) {
            return error_set(error, ERROR_CONFLICT,
                             "The cluster already has a member with name: %s", token.name);
        }
    }
    if (n_members >= MEMBERS_MAX) {
        return error_set(error, ERROR_TOO_LARGE, "A cluster has at most %d members", MEMBERS_MAX);
    }
    rv = member_records_load_tokens(tx, &tokens, &n_tokens, error);
    if (rv == ERROR_NONE) {
        rv = store_tx_revision(tx, &token.revision, error);
    }
    if (rv == ERROR_NONE) {
        rv = prune(tx, tokens, n_tokens, token.name, r->now_s, error);
    }
    if (rv == ERROR_NONE) {
        rv = cluster_token_create(tx->db, &token, &token.id, error);
    }
    if (rv == ERROR_NONE) {
        *stored = token;
        r->tokens = stored;
        r->n_tokens = 1;
        r->members = members;
        r->n_members = n_members;
        r->cluster_fingerprint = fingerprint;
    }
    return rv;
}

int store_member_token_delete(struct store_request *request, struct store_tx *tx,
                              struct error *error)
{
    struct store_member_request *r = from_base(request);
    struct cluster_token *tokens;
    size_t n_tokens;
    int64_t revision;
    int rv = member_records_load_tokens(tx, &tokens, &n_tokens, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < n_tokens; i++) {
        const struct cluster_token *token = &tokens[i];

        if (!store_token_is_live(token, r->now_s) ||
            (r->name == NULL ? strcmp(token->operation_id, r->token->operation_id)
                             : strcmp(token->name, r->name)) != 0) {
            continue;
        }
        rv = store_tx_revision(tx, &revision, error);
        return rv == ERROR_NONE ? cluster_token_delete_by_key_pin(tx->db, token->key_pin, error)
                                : rv;
    }
    return r->name == NULL
               ? error_set(error, ERROR_NOT_FOUND, "Operation not found")
               : error_set(error, ERROR_NOT_FOUND, "There is no join token for \"%s\"", r->name);
}

/* -- Joining ------------------------------------------------------------------- */

static int find_token(const struct store_member_request *r, struct store_tx *tx,
                      struct cluster_token **ret_token, struct error *error)
{
    struct cluster_token *tokens;
    size_t n_tokens;
    int rv = member_records_load_tokens(tx, &tokens, &n_tokens, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < n_tokens; i++) {
        if (strcmp(tokens[i].key_pin, r->token->key_pin) == 0) {
            *ret_token = &tokens[i];
            return ERROR_NONE;
        }
    }
    return error_set(error, ERROR_FORBIDDEN,
                     "The cluster doesn't know this join token: it was revoked, or used or expired "
                     "long ago");
}

/* Whether the token may be used by this member; *RET_AGAIN: it did already. */
static int judge(const struct store_member_request *r, const struct cluster_token *token,
                 bool *ret_again, struct error *error)
{
    if (strcmp(r->fingerprint, r->cluster_fingerprint) != 0) {
        return error_set(error, ERROR_FORBIDDEN, "The join token is of another cluster");
    }
    if (strcmp(token->name, r->member->name) != 0) {
        return error_set(error, ERROR_FORBIDDEN,
                         "The join token is for the name \"%s\", not for \"%s\"", token->name,
                         r->member->name);
    }
    *ret_again = strcmp(token->used_by, r->member->key_pin) == 0;
    if (!*ret_again && token->used_by[0] != '\0') {
        return error_set(error, ERROR_FORBIDDEN,
                         "The join token for \"%s\" was used by another server already",
                         token->name);
    }
    if (!*ret_again && token->expires_at <= r->now_s) {
        return error_set(error, ERROR_FORBIDDEN, "The join token for \"%s\" has expired",
                         token->name);
    }
    return ERROR_NONE;
}

/* The member that the node became when it used the token. It may have another name by now. */
static int find_joined(const struct store_member_request *r, struct cluster_member *members,
                       size_t n_members, struct cluster_member *ret_member, struct error *error)
{
    for (size_t i = 0; i < n_members; i++) {
        if (strcmp(members[i].key_pin, r->member->key_pin) == 0 &&
            strcmp(members[i].raft_address, r->member->raft_address) == 0) {
            *ret_member = members[i];
            return ERROR_NONE;
        }
    }
    return error_set(error, ERROR_FORBIDDEN,
                     "The join token for \"%s\" was used already, and the member that joined with "
                     "it is there no more",
                     r->member->name);
}

static int add_member(const struct store_member_request *r, struct store_tx *tx,
                      const struct cluster_member *members, size_t n_members,
                      struct cluster_token *token, struct cluster_member *ret_member,
                      struct error *error)
{
    struct cluster_member member = {
        .name = r->member->name,
        .address = r->member->address,
        .raft_address = r->member->raft_address,
        .key_pin = r->member->key_pin,
    };
    int rv;

    if (n_members >= MEMBERS_MAX) {
        return error_set(error, ERROR_TOO_LARGE, "A cluster has at most %d members", MEMBERS_MAX);
    }
    rv = member_records_check_unique(members, n_members, &member, 0, error);
    if (rv == ERROR_NONE) {
        rv = member_records_create(tx, &member, error);
    }
    if (rv == ERROR_NONE) {
        token->used_by = member.key_pin;
        token->revision = member.revision;
        rv = cluster_token_update(tx->db, token->key_pin, token, error);
    }
    if (rv == ERROR_NONE) {
        *ret_member = member;
    }
    return rv;
}

int store_member_join(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_member_request *r = from_base(request);
    struct cluster_member *joined = arena_calloc(tx->arena, 1, sizeof *joined);
    struct cluster_member *members;
    struct cluster_token *token = NULL;
    size_t n_members;
    bool again = false;
    int rv;

    if (joined == NULL) {
        return error_no_memory(error);
    }
    rv = member_records_load_fingerprint(tx, &r->cluster_fingerprint, error);
    if (rv == ERROR_NONE) {
        rv = find_token(r, tx, &token, error);
    }
    if (rv == ERROR_NONE) {
        rv = judge(r, token, &again, error);
    }
    if (rv == ERROR_NONE) {
        rv = member_records_load(tx, &members, &n_members, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = again ? find_joined(r, members, n_members, joined, error)
               : add_member(r, tx, members, n_members, token, joined, error);
    if (rv == ERROR_NONE) {
        r->members = joined;
        r->n_members = 1;
        r->tokens = token;
        r->n_tokens = 1;
    }
    return rv;
}
