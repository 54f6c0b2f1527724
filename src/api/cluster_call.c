#include "api/cluster_call.h"

#include "api/forward.h"
#include "api/lifecycle.h"
#include "api/response.h"
#include "base/log.h"
#include "lb/cluster_member.h"
#include "lb/project.h"

bool cluster_call_is_clustered(const struct api *api)
{
    return api->cluster != NULL && cluster_enabled(api->cluster);
}

bool cluster_call_check(struct api_call *call, const char *message)
{
    struct error error;

    if (cluster_call_is_clustered(call->api)) {
        return true;
    }
    error_set(&error, ERROR_INVALID, "%s", message);
    response_error(call, &error);
    return false;
}

bool cluster_call_check_peer(struct api_call *call, enum http_peer_kind kind)
{
    struct error error;

    if (call->http->peer.kind != kind) {
        error_set(&error, ERROR_FORBIDDEN, "This is between members of a cluster");
        response_error(call, &error);
        return false;
    }
    return cluster_call_check(call, "Server is not clustered");
}

void cluster_call_raft_roles(const struct cluster_status *status,
                             struct cluster_raft_roles *ret_roles)
{
    *ret_roles = (struct cluster_raft_roles){0};
    if (status->leads) {
        ret_roles->names[ret_roles->n_names++] = CLUSTER_ROLE_LEADER;
    }
    if (status->in_raft && status->role == RAFT_VOTER) {
        ret_roles->names[ret_roles->n_names++] = CLUSTER_ROLE_VOTER;
    }
    if (status->in_raft && status->role == RAFT_STANDBY) {
        ret_roles->names[ret_roles->n_names++] = CLUSTER_ROLE_STANDBY;
    }
}

uint64_t cluster_call_deadline_us(const struct api_call *call)
{
    return call->http->received_us + (uint64_t)call->api->timeout_ms * UINT64_C(1000);
}

static void on_done(struct cluster_task *done)
{
    struct cluster_call_task *task = done->data;

    if (done->error.code == ERROR_NONE ||
        (task->ends_absent && done->error.code == ERROR_NOT_FOUND &&
         forward_is_repeated(task->call->http))) {
        task->finish(task->call);
        return;
    }
    log_event(LOG_LEVEL_WARNING, "api", "A change of the cluster failed",
              LOG_TEXT("path", task->call->http->path),
              LOG_TEXT("error", error_name(done->error.code)),
              LOG_TEXT("detail", done->error.message));
    response_error(task->call, &done->error);
}

void cluster_call_run(struct api_call *call, struct cluster_call_task *task,
                      void (*start)(struct cluster *cluster, struct cluster_task *task),
                      void (*finish)(struct api_call *call))
{
    task->call = call;
    task->finish = finish;
    task->task.data = task;
    task->task.done = on_done;
    task->task.deadline_us = cluster_call_deadline_us(call);
    start(call->api->cluster, &task->task);
}

static void finish_door(struct api_call *call, struct store_request *done)
{
    struct cluster_call_task *task = (struct cluster_call_task *)done;

    cluster_call_run(call, task, task->start, task->finish);
}

void cluster_call_run_on_leader(struct api_call *call, struct cluster_call_task *task,
                                const char *name,
                                void (*start)(struct cluster *cluster, struct cluster_task *task),
                                void (*finish)(struct api_call *call))
{
    task->start = start;
    task->finish = finish;
    api_submit(call, &task->door.base, STORE_READ, name, store_member_get_all, finish_door);
}

void cluster_call_changed(struct api_call *call, const struct store_request *done,
                          const char *action, struct buffer *source, const char *old_name)
{
    cluster_refresh(call->api->cluster);
    log_event(LOG_LEVEL_INFO, "api", "The cluster was changed", LOG_TEXT("action", action),
              LOG_TEXT("source", buffer_failed(source) ? "" : buffer_string(source)),
              LOG_TEXT("old_name", old_name == NULL ? "" : old_name));
    lifecycle_publish(call, done, action, PROJECT_DEFAULT, source, old_name);
}

void cluster_call_operation(struct api_call *call, const char *description, int64_t revision)
{
    const struct operation *operation;
    struct error error;

    if (operations_add(&call->api->operations, description, clock_monotonic_us(), &operation,
                       &error) != ERROR_NONE) {
        response_error(call, &error);
    } else {
        operation_publish(operation, api_location(call->api), &call->api->events);
        response_operation(call, operation, revision);
    }
}
