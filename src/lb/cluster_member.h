/* cluster_member.h - the rules of cluster members, and how they look.
 *
 * A member's roles are its own, which are in its record, and those that Raft gives
 * it, which are not: a client sees its own, then Raft's, and sends both back. */
#ifndef LBSTATE_LB_CLUSTER_MEMBER_H
#define LBSTATE_LB_CLUSTER_MEMBER_H

#include "base/arena.h"
#include "base/error.h"
#include "base/json_writer.h"
#include "entity/cluster_member.h"
#include "lb/etag.h"

#include <stdbool.h>
#include <stddef.h>

#define CLUSTER_ROLE_LEADER  "database-leader"
#define CLUSTER_ROLE_VOTER   "database"
#define CLUSTER_ROLE_STANDBY "database-standby"
#define CLUSTER_ROLE_CLIENT  "database-client" /* Never votes. */

#define CLUSTER_GROUP_DEFAULT          "default"
#define CLUSTER_FAILURE_DOMAIN_DEFAULT "default"
#define CLUSTER_FAILURE_DOMAIN_MAX     63 /* Bytes. */
#define CLUSTER_MEMBER_GROUPS_MAX      64
#define CLUSTER_MEMBER_EVACUATED       "evacuated" /* A state. */

/* Text of a list, as records have them. */
struct cluster_names {
    const char **names;
    size_t n_names;
};

bool cluster_names_have(const char *const *names, size_t n_names, const char *name);

/* The own ones of REQUESTED, each once. ERROR_INVALID, in Incus' words: one that nobody knows;
 * "database" is asked for or given up against what RAFT_ROLES say. ERROR_NO_MEMORY. */
int cluster_member_own_roles(const struct cluster_names *requested, const char *const *raft_roles,
                             size_t n_raft_roles, struct arena *arena,
                             struct cluster_names *ret_own, struct error *error);

/* Groups, failure domain and config. ERROR_INVALID. */
int cluster_member_validate(const struct cluster_member *member, struct error *error);

/* The keys that a client may change, within an object: roles, failure_domain, description,
 * config, groups. */
void cluster_member_write_changeable(struct json_writer *w, const struct cluster_member *member,
                                     const char *const *raft_roles, size_t n_raft_roles);

/* Over that object. */
int cluster_member_etag(const struct cluster_member *member, const char *const *raft_roles,
                        size_t n_raft_roles, char out[ETAG_SIZE], struct error *error);

#endif
