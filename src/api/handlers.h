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
void handle_cluster_put(struct api_call *call);

/* cluster_members.c */
void handle_cluster_members_get(struct api_call *call);
void handle_cluster_member_get(struct api_call *call);
void handle_cluster_member_put(struct api_call *call);
void handle_cluster_member_patch(struct api_call *call);
void handle_cluster_member_post(struct api_call *call);
void handle_cluster_member_delete(struct api_call *call);
void handle_cluster_member_state_post(struct api_call *call);

/* cluster_member_state.c */
void handle_cluster_member_state_get(struct api_call *call);
void handle_internal_cluster_state_get(struct api_call *call);

/* cluster_tokens.c */
void handle_cluster_members_post(struct api_call *call);

/* cluster_groups.c */
void handle_cluster_groups_get(struct api_call *call);
void handle_cluster_groups_post(struct api_call *call);
void handle_cluster_group_get(struct api_call *call);
void handle_cluster_group_post(struct api_call *call);
void handle_cluster_group_put(struct api_call *call);
void handle_cluster_group_patch(struct api_call *call);
void handle_cluster_group_delete(struct api_call *call);

/* cluster_peers.c: between members. */
void handle_internal_cluster_heartbeat(struct api_call *call);
void handle_internal_cluster_leader(struct api_call *call);
void handle_internal_cluster_removed(struct api_call *call);
void handle_internal_cluster_join(struct api_call *call);

/* cluster_own.c */
void handle_internal_cluster_member_patch(struct api_call *call);

/* cluster_admin.c */
void handle_internal_cluster_status_get(struct api_call *call);
void handle_internal_cluster_transfer(struct api_call *call);
void handle_internal_cluster_rotate_key(struct api_call *call);
void handle_internal_cluster_move(struct api_call *call);

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
