/* body.h - request bodies of /1.0.
 *
 * Read as leniently as Go's encoding/json reads them, because the stock clients
 * and scripts rely on it: unknown fields are ignored, keys match without regard
 * to case, the last of two equal keys wins, what follows the value is ignored,
 * invalid UTF-8 becomes U+FFFD, null leaves a field as it is. Config values may
 * be strings, numbers, booleans or null, which is "" (config_drop_empty() takes
 * those away when they did their work). What has the wrong type is ERROR_INVALID
 * with the JSON path: `backends[0].target_port: expected a string, found a number`
 * (after Incus' `JSON data not valid for ConfigMap: ` if it is the config). An empty
 * body is `EOF`, a broken one `Invalid JSON: <reason> at line L, column C`. */
#ifndef LBSTATE_LB_BODY_H
#define LBSTATE_LB_BODY_H

#include "base/arena.h"
#include "base/error.h"
#include "entity/network.h"
#include "entity/network_forward.h"
#include "entity/network_load_balancer.h"
#include "entity/project.h"

#include <stdbool.h>
#include <stddef.h>

#define BODY_DEPTH_MAX       64
#define BODY_CONFIG_KEYS_MAX 4096

struct load_balancer_body {
    struct network_load_balancer lb; /* listen_address, description, config, backends, ports. */
    bool has_description;            /* Named in the body and not null. */
    bool has_config;
    bool has_backends;
    bool has_ports;
};

struct forward_body {
    struct network_forward forward; /* listen_address, description, config, ports. */
    bool has_description;           /* Named in the body and not null. */
    bool has_config;
    bool has_ports;
};

struct network_body {
    const char *name; /* NULL if absent; likewise type. */
    const char *type;
    const char *description;
    struct string_map config;
    bool has_description;
    bool has_config;
};

struct project_body {
    const char *name; /* NULL if absent. */
    const char *description;
    struct string_map config;
    bool has_description;
    bool has_config;
};

struct sql_body {
    const char *database; /* "" if absent. */
    const char *query;
};

int body_load_balancer(const char *text, size_t size, struct arena *arena,
                       struct load_balancer_body *ret_body, struct error *error);
int body_forward(const char *text, size_t size, struct arena *arena, struct forward_body *ret_body,
                 struct error *error);
int body_network(const char *text, size_t size, struct arena *arena, struct network_body *ret_body,
                 struct error *error);
int body_project(const char *text, size_t size, struct arena *arena, struct project_body *ret_body,
                 struct error *error);
/* {"config": {...}} of PUT and PATCH /1.0. */
int body_config(const char *text, size_t size, struct arena *arena, struct string_map *ret_config,
                bool *ret_has_config, struct error *error);
int body_sql(const char *text, size_t size, struct arena *arena, struct sql_body *ret_body,
             struct error *error);

#endif
