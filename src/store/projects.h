/* projects.h - the transactions of projects. */
#ifndef LBSTATE_STORE_PROJECTS_H
#define LBSTATE_STORE_PROJECTS_H

#include "entity/project.h"
#include "lb/body.h"
#include "store/networks.h"
#include "store/store.h"

struct store_project {
    struct project project;
    struct store_user *used_by; /* Its networks. */
    size_t n_used_by;
};

struct store_project_request {
    struct store_request base;

    /* Inputs; borrowed until DONE. */
    const char *name;                /* Unused by create and list. */
    const struct project_body *body; /* Create, update, rename (its name). */
    const char *if_match;            /* Update: the header, or NULL. */
    bool patch;                      /* Update: keep what the body doesn't name. */

    /* Outputs, in base.arena. */
    struct store_project *projects; /* By name; get: one. */
    size_t n_projects;
};

/* For store_request.run. The messages and their prefixes are Incus'. Errors
 * besides those of the store: ERROR_NOT_FOUND, ERROR_INVALID,
 * ERROR_PRECONDITION, ERROR_CONFLICT (create and rename: the name), ERROR_FORBIDDEN
 * (delete and rename: "default"). Only what has no networks can be renamed or deleted. */
int store_project_list(struct store_request *request, struct store_tx *tx, struct error *error);
int store_project_get(struct store_request *request, struct store_tx *tx, struct error *error);
int store_project_create(struct store_request *request, struct store_tx *tx, struct error *error);
int store_project_update(struct store_request *request, struct store_tx *tx, struct error *error);
int store_project_rename(struct store_request *request, struct store_tx *tx, struct error *error);
int store_project_delete(struct store_request *request, struct store_tx *tx, struct error *error);

#endif
