/* project.h - the rules of projects. All errors are ERROR_INVALID. */
#ifndef LBSTATE_LB_PROJECT_H
#define LBSTATE_LB_PROJECT_H

#include "base/arena.h"
#include "base/error.h"
#include "entity/project.h"

/* The project that is always there. */
#define PROJECT_DEFAULT "default"

/* Incus' words for a bad name. */
int project_validate_name(const char *name, struct error *error);

/* features.*, restricted, restricted.networks.subnets, user.*, limits.networks, ...:
 * `Invalid project configuration key "foo"` and the value's error otherwise. */
int project_validate(const struct project *project, struct error *error);

/* Sets the features that Incus switches on for a new project when absent. */
int project_fill_config(struct project *project, struct arena *arena, struct error *error);

/* True if the project has networks of its own; else those of "default" are used. */
bool project_has_networks(const struct project *project);

/* Whether users of the project may see, and use, a network of that name. */
bool project_allows_network(const struct project *project, const char *network);

/* Whether the project, which has networks of its own, uses that network of "default"
 * as well: it must be restricted, and name it in restricted.networks.access. */
bool project_shares_network(const struct project *project, const char *network);

/* Whether networks of the project may stand behind that uplink. */
bool project_allows_uplink(const struct project *project, const char *uplink);

#endif
