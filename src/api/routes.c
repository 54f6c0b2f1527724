/* routes.c - all routes of the API, in one table. */
#include "api/handlers.h"
#include "api/route.h"

const struct route api_routes[] = {
    {.pattern = "/", .get = handle_root_get},
    {
        .pattern = "/1.0",
        .get = handle_server_get,
        .put = handle_server_put,
        .patch = handle_server_patch,
    },
    {.pattern = "/1.0/cluster", .get = handle_cluster_get},
    {
        .pattern = "/1.0/cluster/members",
        .get = handle_cluster_member,
        .post = handle_cluster_members_post,
    },
    {
        .pattern = "/1.0/cluster/members/{}",
        .get = handle_cluster_member,
        .post = handle_cluster_member,
        .put = handle_cluster_member,
        .patch = handle_cluster_member,
        .delete = handle_cluster_member,
    },
    {.pattern = "/1.0/cluster/members/{}/state", .get = handle_cluster_member},
    {.pattern = "/1.0/events", .get = handle_events_get},
    {.pattern = "/1.0/operations", .get = handle_operations_get},
    {
        .pattern = "/1.0/operations/{}",
        .get = handle_operation_get,
        .delete = handle_operation_delete,
    },
    {.pattern = "/1.0/operations/{}/wait", .get = handle_operation_get},
    {.pattern = "/1.0/projects", .get = handle_projects_get, .post = handle_projects_post},
    {
        .pattern = "/1.0/projects/{}",
        .get = handle_project_get,
        .post = handle_project_post,
        .put = handle_project_put,
        .patch = handle_project_patch,
        .delete = handle_project_delete,
    },
    {.pattern = "/1.0/projects/{}/state", .get = handle_project_state_get},
    {.pattern = "/1.0/warnings", .get = handle_warnings_get},
    {.pattern = "/1.0/networks", .get = handle_networks_get, .post = handle_networks_post},
    {
        .pattern = "/1.0/networks/{}",
        .get = handle_network_get,
        .post = handle_network_post,
        .put = handle_network_put,
        .patch = handle_network_patch,
        .delete = handle_network_delete,
    },
    {.pattern = "/1.0/networks/{}/leases", .get = handle_network_leases_get},
    {.pattern = "/1.0/networks/{}/state", .get = handle_network_state_get},
    {
        .pattern = "/1.0/networks/{}/forwards",
        .get = handle_forwards_get,
        .post = handle_forwards_post,
    },
    {
        .pattern = "/1.0/networks/{}/forwards/{}",
        .get = handle_forward_get,
        .put = handle_forward_put,
        .patch = handle_forward_patch,
        .delete = handle_forward_delete,
    },
    {
        .pattern = "/1.0/networks/{}/load-balancers",
        .get = handle_load_balancers_get,
        .post = handle_load_balancers_post,
    },
    {
        .pattern = "/1.0/networks/{}/load-balancers/{}",
        .get = handle_load_balancer_get,
        .put = handle_load_balancer_put,
        .patch = handle_load_balancer_patch,
        .delete = handle_load_balancer_delete,
    },
    {
        .pattern = "/1.0/networks/{}/load-balancers/{}/state",
        .get = handle_load_balancer_state_get,
    },
    {.pattern = "/1.0/metrics", .get = handle_metrics_get},
    {.pattern = "/internal/ready", .get = handle_ready_get},
    {.pattern = "/internal/sql", .get = handle_sql_get, .post = handle_sql_post},
};

const size_t api_n_routes = sizeof api_routes / sizeof api_routes[0];
