/* cluster_call.h - what the handlers of the cluster have in common. */
#ifndef LBSTATE_API_CLUSTER_CALL_H
#define LBSTATE_API_CLUSTER_CALL_H

#include "api/api.h"
#include "store/members.h"

#define CLUSTER_RAFT_ROLES_MAX 2

/* The roles that Raft gives a member now, as clients see them. */
struct cluster_raft_roles {
    const char *names[CLUSTER_RAFT_ROLES_MAX];
    size_t n_names;
};

/* Whether this server is in a cluster. */
bool cluster_call_is_clustered(const struct api *api);

/* False: it isn't, and the call has been answered with MESSAGE and 400. */
bool cluster_call_check(struct api_call *call, const char *message);

/* Who may call a path between members; false: the call has been answered, with 403 as a rule. */
bool cluster_call_check_peer(struct api_call *call, enum http_peer_kind kind);

void cluster_call_raft_roles(const struct cluster_status *status,
                             struct cluster_raft_roles *ret_roles);

/* Monotonic: when CALL's time is up, for what isn't forwarded. */
uint64_t cluster_call_deadline_us(const struct api_call *call);

/* What is asked of the cluster (cluster_enable(), ...), for a call. Lives in the call's memory. */
struct cluster_call_task {
    struct store_member_request door; /* Private. */
    struct cluster_task task;         /* The caller sets its name, address and force. */
    /* Set by the caller: what it names is gone when it has succeeded. A try that was forwarded again,
     * because its answer got lost, has succeeded if it finds nothing any more. */
    bool ends_absent;
    struct api_call *call;
    void (*start)(struct cluster *cluster, struct cluster_task *task);
    void (*finish)(struct api_call *call);
};

/* FINISH answers the call when it is done; an error is answered here. */
void cluster_call_run(struct api_call *call, struct cluster_call_task *task,
                      void (*start)(struct cluster *cluster, struct cluster_task *task),
                      void (*finish)(struct api_call *call));

/* Where the leader is: NAME is for logs and metrics. The way there is that of a read. */
void cluster_call_run_on_leader(struct api_call *call, struct cluster_call_task *task,
                                const char *name,
                                void (*start)(struct cluster *cluster, struct cluster_task *task),
                                void (*finish)(struct api_call *call));

/* After each change of members, tokens or groups, before the call is answered: has the leader look
 * at the records, and tells listeners. DONE changed the records; ACTION is Incus'
 * ("cluster-member-updated"); SOURCE is the URL of the record, and closed; OLD_NAME is NULL unless
 * it was renamed. */
void cluster_call_changed(struct api_call *call, const struct store_request *done,
                          const char *action, struct buffer *source, const char *old_name);

/* 202 with an operation that is done. */
void cluster_call_operation(struct api_call *call, const char *description, int64_t revision);

#endif
