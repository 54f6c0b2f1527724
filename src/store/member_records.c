#include "store/member_records.h"

#include "entity/cluster_identity.mapper.h"
#include "entity/cluster_member.mapper.h"
#include "entity/cluster_token.mapper.h"
#include "lb/cluster_member.h"

#include <stdlib.h>
#include <string.h>

static int compare_members(const void *a, const void *b)
{
    const struct cluster_member *x = a;
    const struct cluster_member *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

int member_records_load(struct store_tx *tx, struct cluster_member **ret_members,
                        size_t *ret_n_members, struct error *error)
{
    struct cluster_member_list list;
    int rv = cluster_member_get_many(tx->db, NULL, 0, tx->arena, &list, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (list.n_objects > 0) {
        qsort(list.objects, list.n_objects, sizeof *list.objects, compare_members);
    }
    *ret_members = list.objects;
    *ret_n_members = list.n_objects;
    return ERROR_NONE;
}

/* Ids are given in the order of creation. */
static int compare_tokens(const void *a, const void *b)
{
    const struct cluster_token *x = a;
    const struct cluster_token *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

int member_records_load_tokens(struct store_tx *tx, struct cluster_token **ret_tokens,
                               size_t *ret_n_tokens, struct error *error)
{
    struct cluster_token_list list;
    int rv = cluster_token_get_many(tx->db, NULL, 0, tx->arena, &list, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (list.n_objects > 0) {
        qsort(list.objects, list.n_objects, sizeof *list.objects, compare_tokens);
    }
    *ret_tokens = list.objects;
    *ret_n_tokens = list.n_objects;
    return ERROR_NONE;
}

int member_records_load_fingerprint(struct store_tx *tx, const char **ret_fingerprint,
                                    struct error *error)
{
    struct cluster_identity_list list;
    int rv = cluster_identity_get_many(tx->db, NULL, 0, tx->arena, &list, error);

    if (rv == ERROR_NONE) {
        *ret_fingerprint = list.n_objects == 0 ? "" : list.objects[0].fingerprint;
    }
    return rv;
}

int member_records_check_unique(const struct cluster_member *members, size_t n_members,
                                const struct cluster_member *member, int64_t except,
                                struct error *error)
{
    for (size_t i = 0; i < n_members; i++) {
        const struct cluster_member *other = &members[i];

        if (other->id == except) {
            continue;
        }
        if (strcmp(other->name, member->name) == 0) {
            return error_set(error, ERROR_CONFLICT,
                             "The cluster already has a member with name: %s", member->name);
        }
        if (strcmp(other->address, member->address) == 0) {
            return error_set(error, ERROR_CONFLICT,
                             "The cluster already has a member with address: %s (\"%s\")",
                             member->address, other->name);
        }
        if (strcmp(other->raft_address, member->raft_address) == 0 ||
            strcmp(other->key_pin, member->key_pin) == 0) {
            return error_set(error, ERROR_CONFLICT,
                             "Member \"%s\" has the same key or address in Raft already: was its "
                             "state directory copied?",
                             other->name);
        }
    }
    return ERROR_NONE;
}

int member_records_create(struct store_tx *tx, struct cluster_member *member, struct error *error)
{
    struct cluster_member record = *member;
    const char **groups = arena_calloc(tx->arena, 1, sizeof *groups);
    int rv;

    if (groups == NULL) {
        return error_no_memory(error);
    }
    groups[0] = CLUSTER_GROUP_DEFAULT;
    record.groups = groups;
    record.n_groups = 1;
    record.failure_domain = CLUSTER_FAILURE_DOMAIN_DEFAULT;
    rv = store_tx_revision(tx, &record.revision, error);
    if (rv == ERROR_NONE) {
        rv = cluster_member_create(tx->db, &record, &record.id, error);
    }
    if (rv == ERROR_NONE) {
        *member = record;
    }
    return rv;
}
