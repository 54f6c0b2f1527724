/* groups.h - the transactions of cluster groups. Who is in a group stands in the
 * records of the members. */
#ifndef LBSTATE_STORE_GROUPS_H
#define LBSTATE_STORE_GROUPS_H

#include "entity/cluster_group.h"
#include "lb/cluster_body.h"
#include "lb/etag.h"
#include "store/store.h"

struct store_group {
    struct cluster_group group;
    const char **members; /* Names, in the order of the members' ids. */
    size_t n_members;
};

struct store_group_request {
    struct store_request base;

    /* Inputs; borrowed until DONE. */
    const char *name;
    const struct cluster_object_body *body; /* create, update, rename (its name). */
    const char *if_match;                   /* update. */
    bool patch;                             /* update: what isn't named stays. */

    /* Outputs, in base.arena. */
    struct store_group *groups; /* By name; get: the one. */
    size_t n_groups;
};

/* For store_request.run. ERROR_NOT_FOUND; ERROR_CONFLICT: the name is taken; ERROR_INVALID: a
 * member that isn't there, one that would be in no group, a group that isn't empty (delete);
 * ERROR_FORBIDDEN: "default" is neither renamed nor deleted; ERROR_PRECONDITION. */
int store_group_list(struct store_request *request, struct store_tx *tx, struct error *error);
int store_group_get(struct store_request *request, struct store_tx *tx, struct error *error);
int store_group_create(struct store_request *request, struct store_tx *tx, struct error *error);
int store_group_update(struct store_request *request, struct store_tx *tx, struct error *error);
int store_group_rename(struct store_request *request, struct store_tx *tx, struct error *error);
int store_group_delete(struct store_request *request, struct store_tx *tx, struct error *error);

/* Over what a client may change: description, members, config. */
int store_group_etag(const struct store_group *group, char out[ETAG_SIZE], struct error *error);

#endif
