#include "store/members.h"

#include "entity/cluster_group.mapper.h"
#include "entity/cluster_identity.mapper.h"
#include "entity/cluster_member.mapper.h"
#include "lb/cluster_member.h"
#include "lb/text.h"
#include "store/member_records.h"
#include "store/server.h"

#include <string.h>

/* What tombstones call it. */
#define KIND "cluster-member"

static struct store_member_request *from_base(struct store_request *base)
{
    return (struct store_member_request *)base;
}

int store_member_get_all(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_member_request *r = from_base(request);
    int rv = member_records_load(tx, &r->members, &r->n_members, error);

    if (rv == ERROR_NONE) {
        rv = member_records_load_tokens(tx, &r->tokens, &r->n_tokens, error);
    }
    if (rv == ERROR_NONE) {
        rv = member_records_load_fingerprint(tx, &r->cluster_fingerprint, error);
    }
    if (rv == ERROR_NONE) {
        rv = store_server_load(tx, &r->config, error);
    }
    return rv;
}

int store_member_enable(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_member_request *r = from_base(request);
    const struct cluster_identity identity = {.fingerprint = r->fingerprint};
    struct cluster_member member = *r->member;
    const char *fingerprint;
    int64_t id;
    int rv;

    rv = member_records_load_fingerprint(tx, &fingerprint, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (fingerprint[0] != '\0') {
        return error_set(error, ERROR_CONFLICT, "This server is clustered already");
    }
    rv = member_records_create(tx, &member, error);
    if (rv == ERROR_NONE && member.id != 1) {
        rv = error_set(error, ERROR_INTERNAL, "The first member got the id %lld",
                       (long long)member.id);
    }
    return rv == ERROR_NONE ? cluster_identity_create(tx->db, &identity, &id, error) : rv;
}

/* By r->name, or by r->id where that is NULL. */
static int find_member(const struct store_member_request *r, struct store_tx *tx,
                       struct cluster_member **ret_members, size_t *ret_n_members,
                       struct cluster_member **ret_member, struct error *error)
{
    int rv = member_records_load(tx, ret_members, ret_n_members, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < *ret_n_members; i++) {
        struct cluster_member *member = &(*ret_members)[i];

        if (r->name == NULL ? member->id == r->id : strcmp(member->name, r->name) == 0) {
            *ret_member = member;
            return ERROR_NONE;
        }
    }
    return error_set(error, ERROR_NOT_FOUND, "Cluster member not found");
}

static const char *or_else(const char *text, const char *otherwise)
{
    return text == NULL ? otherwise : text;
}

static int change_config(struct store_tx *tx, const struct store_member_change *change,
                         struct cluster_member *member, struct error *error)
{
    struct string_map config = {0};

    if (change->config == NULL) {
        return ERROR_NONE;
    }
    if (change->merge_config && !string_map_copy(&config, tx->arena, &member->config)) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < change->config->n_pairs; i++) {
        const struct string_pair *pair = &change->config->pairs[i];

        if (pair->value[0] == '\0') {
            string_map_remove(&config, pair->key);
        } else if (!string_map_set(&config, tx->arena, pair->key, pair->value)) {
            return error_no_memory(error);
        }
    }
    member->config = config;
    return ERROR_NONE;
}

static int apply(struct store_tx *tx, const struct store_member_change *change,
                 struct cluster_member *member, struct error *error)
{
    const struct cluster_names requested = {change->roles, change->n_roles};
    struct cluster_names own = {member->roles, member->n_roles};
    int rv = ERROR_NONE;

    if (change->has_roles) {
        rv = cluster_member_own_roles(&requested, change->raft_roles, change->n_raft_roles,
                                      tx->arena, &own, error);
    }
    if (rv == ERROR_NONE) {
        rv = change_config(tx, change, member, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    member->roles = own.names;
    member->n_roles = own.n_names;
    if (change->has_groups) {
        member->groups = change->groups;
        member->n_groups = change->n_groups;
    }
    member->address = or_else(change->address, member->address);
    member->key_pin = or_else(change->key_pin, member->key_pin);
    member->next_key_pin = or_else(change->next_key_pin, member->next_key_pin);
    member->state = or_else(change->state, member->state);
    member->description = or_else(change->description, member->description);
    member->failure_domain = or_else(change->failure_domain, member->failure_domain);
    return cluster_member_validate(member, error);
}

/* Somebody has to be left who can vote. */
static int check_clients(const struct cluster_member *members, size_t n_members,
                         const struct cluster_member *changed, struct error *error)
{
    size_t n_clients = 0;

    for (size_t i = 0; i < n_members; i++) {
        const struct cluster_member *member = members[i].id == changed->id ? changed : &members[i];

        if (cluster_names_have(member->roles, member->n_roles, CLUSTER_ROLE_CLIENT)) {
            n_clients++;
        }
    }
    if (n_clients == n_members) {
        return error_set(error, ERROR_INVALID,
                         "Assigning the 'database-client' role to all nodes is not allowed");
    }
    return ERROR_NONE;
}

static int check_groups(struct store_tx *tx, const struct cluster_member *member,
                        struct error *error)
{
    struct cluster_group_list list;
    int rv = cluster_group_get_many(tx->db, NULL, 0, tx->arena, &list, error);

    for (size_t i = 0; rv == ERROR_NONE && i < member->n_groups; i++) {
        bool found = false;

        for (size_t j = 0; j < list.n_objects && !found; j++) {
            found = strcmp(list.objects[j].name, member->groups[i]) == 0;
        }
        if (!found) {
            rv =
                error_set(error, ERROR_INVALID, "Update cluster groups: Cluster group %s not found",
                          TEXT_QUOTED(member->groups[i]));
        }
    }
    return rv;
}

static bool names_equal(const char *const *a, size_t n_a, const char *const *b, size_t n_b)
{
    bool equal = n_a == n_b;

    for (size_t i = 0; equal && i < n_a; i++) {
        equal = strcmp(a[i], b[i]) == 0;
    }
    return equal;
}

static bool members_equal(const struct cluster_member *a, const struct cluster_member *b)
{
    return strcmp(a->address, b->address) == 0 && strcmp(a->key_pin, b->key_pin) == 0 &&
           strcmp(a->next_key_pin, b->next_key_pin) == 0 && strcmp(a->state, b->state) == 0 &&
           strcmp(a->description, b->description) == 0 &&
           strcmp(a->failure_domain, b->failure_domain) == 0 &&
           names_equal(a->roles, a->n_roles, b->roles, b->n_roles) &&
           names_equal(a->groups, a->n_groups, b->groups, b->n_groups) &&
           string_map_equal(&a->config, &b->config);
}

int store_member_update(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_member_request *r = from_base(request);
    const struct store_member_change *change = r->change;
    struct cluster_member *members;
    struct cluster_member *current;
    struct cluster_member changed;
    char etag[ETAG_SIZE];
    size_t n_members;
    int rv;

    rv = find_member(r, tx, &members, &n_members, &current, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = cluster_member_etag(current, change->raft_roles, change->n_raft_roles, etag, error);
    if (rv == ERROR_NONE) {
        rv = etag_check(etag, r->if_match, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    changed = *current;
    rv = apply(tx, change, &changed, error);
    if (rv == ERROR_NONE) {
        rv = check_clients(members, n_members, &changed, error);
    }
    if (rv == ERROR_NONE && change->has_groups) {
        rv = check_groups(tx, &changed, error);
    }
    if (rv == ERROR_NONE) {
        rv = member_records_check_unique(members, n_members, &changed, changed.id, error);
    }
    if (rv != ERROR_NONE || members_equal(current, &changed)) {
        return rv;
    }
    rv = store_tx_revision(tx, &changed.revision, error);
    return rv == ERROR_NONE ? cluster_member_update(tx->db, current->name, &changed, error) : rv;
}

int store_member_rename(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_member_request *r = from_base(request);
    struct cluster_member *members;
    struct cluster_member *current;
    struct cluster_member renamed;
    size_t n_members;
    int rv;

    rv = find_member(r, tx, &members, &n_members, &current, error);
    if (rv != ERROR_NONE || strcmp(current->name, r->new_name) == 0) {
        return rv;
    }
    renamed = *current;
    renamed.name = r->new_name;
    rv = member_records_check_unique(members, n_members, &renamed, renamed.id, error);
    if (rv == ERROR_NONE) {
        rv = store_tx_revision(tx, &renamed.revision, error);
    }
    if (rv == ERROR_NONE) {
        rv = cluster_member_update(tx->db, current->name, &renamed, error);
    }
    /* To a watcher, the record under the old name is gone. */
    return rv == ERROR_NONE ? store_tx_tombstone(tx, KIND, "", "", r->name, error) : rv;
}

int store_member_delete(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_member_request *r = from_base(request);
    struct cluster_member *members;
    struct cluster_member *current;
    size_t n_members;
    int64_t revision;
    int rv;

    rv = find_member(r, tx, &members, &n_members, &current, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (n_members == 1) {
        return error_set(error, ERROR_FORBIDDEN,
                         "Member \"%s\" is the last one of the cluster, and has all its records",
                         current->name);
    }
    rv = store_tx_revision(tx, &revision, error);
    if (rv == ERROR_NONE) {
        rv = cluster_member_delete_by_name(tx->db, current->name, error);
    }
    return rv == ERROR_NONE ? store_tx_tombstone(tx, KIND, "", "", current->name, error) : rv;
}

bool store_token_is_live(const struct cluster_token *token, int64_t now_s)
{
    return token->used_by[0] == '\0' && token->expires_at > now_s;
}
