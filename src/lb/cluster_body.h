/* cluster_body.h - request bodies of /1.0/cluster, read as leniently as those of body.h. */
#ifndef LBSTATE_LB_CLUSTER_BODY_H
#define LBSTATE_LB_CLUSTER_BODY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/string_map.h"

#include <stdbool.h>
#include <stddef.h>

#define CLUSTER_BODY_NAMES_MAX 256 /* In one list; ERROR_INVALID over it. */

/* Text that is absent is "". */
struct cluster_body {
    const char *server_name;
    const char *server_address;
    const char *cluster_address;
    const char *cluster_token;
    bool enabled;
};

/* Of a member or a group; of a new one, or of a rename. */
struct cluster_object_body {
    const char *server_name; /* Members: "" if absent, as the name of a group is. */
    const char *name;
    const char *description;
    const char *failure_domain;
    const char **roles;
    size_t n_roles;
    const char **groups;
    size_t n_groups;
    const char **members;
    size_t n_members;
    struct string_map config;
    bool has_description; /* Named in the body and not null. */
    bool has_failure_domain;
    bool has_roles;
    bool has_groups;
    bool has_members;
    bool has_config;
};

struct cluster_action_body {
    const char *action;
    const char *mode;
};

/* What a member changes about itself; NULL where it is absent. */
struct cluster_own_body {
    const char *address;
    const char *key_pin;
    const char *next_key_pin;
};

int body_cluster(const char *text, size_t size, struct arena *arena, struct cluster_body *ret_body,
                 struct error *error);
int body_cluster_object(const char *text, size_t size, struct arena *arena,
                        struct cluster_object_body *ret_body, struct error *error);
int body_cluster_action(const char *text, size_t size, struct arena *arena,
                        struct cluster_action_body *ret_body, struct error *error);
int body_cluster_own(const char *text, size_t size, struct arena *arena,
                     struct cluster_own_body *ret_body, struct error *error);

#endif
