#include "lb/cluster_member.h"

#include "lb/config_key.h"
#include "lb/text.h"

#include <string.h>

static const char *const own_roles[] = {"event-hub", "ovn-chassis", CLUSTER_ROLE_CLIENT};
#define N_OWN_ROLES (sizeof own_roles / sizeof own_roles[0])

static const char *const raft_role_names[] = {CLUSTER_ROLE_LEADER, CLUSTER_ROLE_VOTER,
                                              CLUSTER_ROLE_STANDBY};
#define N_RAFT_ROLE_NAMES (sizeof raft_role_names / sizeof raft_role_names[0])

static const struct config_rule config_rules[] = {
    {.key = "scheduler.instance", .words = "all group manual"},
    {0},
};

bool cluster_names_have(const char *const *names, size_t n_names, const char *name)
{
    for (size_t i = 0; i < n_names; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static int check_vote(const struct cluster_names *requested, const char *const *raft_roles,
                      size_t n_raft_roles, struct error *error)
{
    bool votes = cluster_names_have(raft_roles, n_raft_roles, CLUSTER_ROLE_VOTER);
    bool wanted = cluster_names_have(requested->names, requested->n_names, CLUSTER_ROLE_VOTER);

    if (votes == wanted) {
        return ERROR_NONE;
    }
    return error_set(error, ERROR_INVALID, "The \"%s\" role cannot be %s at this time",
                     CLUSTER_ROLE_VOTER, votes ? "dropped" : "added");
}

int cluster_member_own_roles(const struct cluster_names *requested, const char *const *raft_roles,
                             size_t n_raft_roles, struct arena *arena,
                             struct cluster_names *ret_own, struct error *error)
{
    struct cluster_names own = {.names = arena_calloc(arena, N_OWN_ROLES, sizeof *own.names)};
    int rv;

    if (own.names == NULL) {
        return error_no_memory(error);
    }
    rv = check_vote(requested, raft_roles, n_raft_roles, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < requested->n_names; i++) {
        const char *role = requested->names[i];

        if (cluster_names_have(raft_role_names, N_RAFT_ROLE_NAMES, role) ||
            cluster_names_have(own.names, own.n_names, role)) {
            continue;
        }
        if (!cluster_names_have(own_roles, N_OWN_ROLES, role)) {
            return error_set(error, ERROR_INVALID, "Update roles: Invalid cluster role %s",
                             TEXT_QUOTED(role));
        }
        own.names[own.n_names++] = role;
    }
    *ret_own = own;
    return ERROR_NONE;
}

static int validate_groups(const struct cluster_member *member, struct error *error)
{
    if (member->n_groups == 0) {
        return error_set(error, ERROR_INVALID,
                         "Cluster members need to belong to at least one group");
    }
    if (member->n_groups > CLUSTER_MEMBER_GROUPS_MAX) {
        return error_set(error, ERROR_INVALID, "A cluster member belongs to at most %d groups",
                         CLUSTER_MEMBER_GROUPS_MAX);
    }
    for (size_t i = 0; i < member->n_groups; i++) {
        if (cluster_names_have(member->groups, i, member->groups[i])) {
            return error_set(error, ERROR_INVALID, "Cluster group %s is named twice",
                             TEXT_QUOTED(member->groups[i]));
        }
    }
    return ERROR_NONE;
}

static int validate_config(const struct string_map *config, struct error *error)
{
    for (size_t i = 0; i < config->n_pairs; i++) {
        const char *key = config->pairs[i].key;
        const struct config_rule *rule = config_rule_find(config_rules, key);

        if (config_is_user_key(key)) {
            continue;
        }
        if (rule == NULL) {
            return error_set(error, ERROR_INVALID, "Invalid cluster configuration key %s",
                             TEXT_QUOTED(key));
        }
        if (config_rule_check(rule, config->pairs[i].value, error) != ERROR_NONE) {
            return error->code != ERROR_INVALID
                       ? (int)error->code
                       : error_set(error, ERROR_INVALID,
                                   "Invalid cluster configuration key \"%s\" value", key);
        }
    }
    return ERROR_NONE;
}

int cluster_member_validate(const struct cluster_member *member, struct error *error)
{
    size_t size = strlen(member->failure_domain);
    int rv = validate_groups(member, error);

    if (rv == ERROR_NONE && (size == 0 || size > CLUSTER_FAILURE_DOMAIN_MAX)) {
        rv = error_set(error, ERROR_INVALID, "A failure domain's name has 1 to %d bytes",
                       CLUSTER_FAILURE_DOMAIN_MAX);
    }
    return rv == ERROR_NONE ? validate_config(&member->config, error) : rv;
}

static void write_names(struct json_writer *w, const char *const *names, size_t n_names)
{
    for (size_t i = 0; i < n_names; i++) {
        json_write_string(w, names[i]);
    }
}

void cluster_member_write_changeable(struct json_writer *w, const struct cluster_member *member,
                                     const char *const *raft_roles, size_t n_raft_roles)
{
    json_write_key(w, "roles");
    json_write_array_begin(w);
    write_names(w, member->roles, member->n_roles);
    write_names(w, raft_roles, n_raft_roles);
    json_write_array_end(w);
    json_write_key(w, "failure_domain");
    json_write_string(w, member->failure_domain);
    json_write_key(w, "description");
    json_write_string(w, member->description);
    json_write_key(w, "config");
    json_write_object_begin(w);
    for (size_t i = 0; i < member->config.n_pairs; i++) {
        json_write_key(w, member->config.pairs[i].key);
        json_write_string(w, member->config.pairs[i].value);
    }
    json_write_object_end(w);
    json_write_key(w, "groups");
    json_write_array_begin(w);
    write_names(w, member->groups, member->n_groups);
    json_write_array_end(w);
}

int cluster_member_etag(const struct cluster_member *member, const char *const *raft_roles,
                        size_t n_raft_roles, char out[ETAG_SIZE], struct error *error)
{
    struct buffer text = {0};
    struct json_writer w;
    int rv;

    json_writer_init(&w, &text, true);
    json_write_object_begin(&w);
    cluster_member_write_changeable(&w, member, raft_roles, n_raft_roles);
    json_write_object_end(&w);
    rv = etag_text(&text, out, error);
    buffer_close(&text);
    return rv;
}
