/* handlers.h - the handlers of /1.0 and /internal, one file an object. */
#ifndef LBSTATE_API_HANDLERS_H
#define LBSTATE_API_HANDLERS_H

#include "api/api.h"

/* server.c */
void handle_root_get(struct api_call *call);
void handle_server_get(struct api_call *call);
void handle_server_put(struct api_call *call);
void handle_server_patch(struct api_call *call);
void handle_warnings_get(struct api_call *call);

/* cluster.c */
void handle_cluster_get(struct api_call *call);
void handle_cluster_members_post(struct api_call *call);
void handle_cluster_member(struct api_call *call);

/* events_get.c */
void handle_events_get(struct api_call *call);

/* operations.c */
void handle_operations_get(struct api_call *call);
void handle_operation_get(struct api_call *call);
void handle_operation_delete(struct api_call *call);

/* projects.c */
void handle_projects_get(struct api_call *call);
void handle_projects_post(struct api_call *call);
void handle_project_get(struct api_call *call);
void handle_project_post(struct api_call *call);
void handle_project_state_get(struct api_call *call);
void handle_project_put(struct api_call *call);
void handle_project_patch(struct api_call *call);
void handle_project_delete(struct api_call *call);

/* networks.c */
void handle_networks_get(struct api_call *call);
void handle_networks_post(struct api_call *call);
void handle_network_get(struct api_call *call);
void handle_network_post(struct api_call *call);
void handle_network_put(struct api_call *call);
void handle_network_patch(struct api_call *call);
void handle_network_delete(struct api_call *call);
void handle_network_state_get(struct api_call *call);
void handle_network_leases_get(struct api_call *call);

/* forwards.c */
void handle_forwards_get(struct api_call *call);
void handle_forwards_post(struct api_call *call);
void handle_forward_get(struct api_call *call);
void handle_forward_put(struct api_call *call);
void handle_forward_patch(struct api_call *call);
void handle_forward_delete(struct api_call *call);

/* load_balancers.c */
void handle_load_balancers_get(struct api_call *call);
void handle_load_balancers_post(struct api_call *call);
void handle_load_balancer_get(struct api_call *call);
void handle_load_balancer_put(struct api_call *call);
void handle_load_balancer_patch(struct api_call *call);
void handle_load_balancer_delete(struct api_call *call);
void handle_load_balancer_state_get(struct api_call *call);

/* metrics.c */
void handle_metrics_get(struct api_call *call);

/* internal.c */
void handle_ready_get(struct api_call *call);
void handle_sql_get(struct api_call *call);
void handle_sql_post(struct api_call *call);

#endif
