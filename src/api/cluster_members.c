/* cluster_members.c - /1.0/cluster/members. Handled by the leader, who knows how the others are. */
#include "api/handlers.h"

#include "api/cluster_call.h"
#include "api/forward.h"
#include "api/list.h"
#include "api/response.h"
#include "api/url.h"
#include "base/clock.h"
#include "cluster/names.h"
#include "lb/cluster_body.h"
#include "lb/cluster_member.h"
#include "lb/name.h"
#include "store/members.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#define NOT_CLUSTERED "Server is not clustered"

/* A request to the store, with what its answer needs. */
struct members_call {
    struct store_member_request request;
    struct api_call *call;
    struct store_member_change change;
    struct cluster_raft_roles raft_roles;
};

static struct members_call *new_call(struct api_call *call)
{
    struct members_call *m;

    if (!cluster_call_check(call, NOT_CLUSTERED)) {
        return NULL;
    }
    m = api_alloc(call, sizeof *m);
    if (m != NULL) {
        m->call = call;
        m->request.name = call->params[0];
    }
    return m;
}

/* -- How a member looks -------------------------------------------------------- */

/* As Incus says it: for how long, and since when. */
static void explain_silence(const struct cluster_status *status, char *out, size_t size)
{
    time_t since = (time_t)(clock_wall_s() - (int64_t)(status->silent_ms / 1000));
    struct tm date;
    char text[40];

    if (!status->known || localtime_r(&since, &date) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %z", &date) == 0) {
        snprintf(out, size, "No heartbeat since the present leader was elected");
        return;
    }
    snprintf(out, size, "No heartbeat for %llus (%s)",
             (unsigned long long)((status->silent_ms + 500) / 1000), text);
}

static const char *judge(const struct cluster_member *member, const struct cluster_status *status,
                         int64_t schema_version, char *message, size_t size)
{
    if (strcmp(member->state, CLUSTER_MEMBER_EVACUATED) == 0) {
        snprintf(message, size, "Unavailable due to maintenance");
        return "Evacuated";
    }
    if (!status->in_raft) {
        snprintf(message, size, "Not a part of the database yet");
        return "Joining";
    }
    if (!status->online) {
        explain_silence(status, message, size);
        return "Offline";
    }
    if (status->schema_version != 0 && status->schema_version < schema_version) {
        snprintf(message, size, "Needs updating to newer version");
        return "Blocked";
    }
    snprintf(message, size, "Fully operational");
    return "Online";
}

static void write_text(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

/* The leader sends itself no heartbeats. */
static void complete_own(struct cluster_status *status)
{
    struct utsname name;

    if (status->architecture[0] == '\0' && uname(&name) == 0) {
        snprintf(status->architecture, sizeof status->architecture, "%.15s", name.machine);
    }
}

static void write_member(struct json_writer *w, struct cluster *cluster,
                         const struct cluster_member *member, int64_t schema_version)
{
    struct cluster_raft_roles roles;
    struct cluster_status status;
    char url[sizeof "https://" + MEMBER_ADDRESS_MAX];
    char message[128];
    const char *state;

    cluster_get_status(cluster, (uint64_t)member->id, &status);
    if ((uint64_t)member->id == cluster_own_id(cluster)) {
        complete_own(&status);
    }
    cluster_call_raft_roles(&status, &roles);
    state = judge(member, &status, schema_version, message, sizeof message);
    snprintf(url, sizeof url, "https://%s", member->address);
    json_write_object_begin(w);
    cluster_member_write_changeable(w, member, roles.names, roles.n_names);
    write_text(w, "server_name", member->name);
    write_text(w, "url", url);
    json_write_key(w, "database");
    json_write_bool(w, roles.n_names > 0);
    write_text(w, "status", state);
    write_text(w, "message", message);
    write_text(w, "architecture", status.architecture);
    json_write_object_end(w);
}

/* The highest that any member has. */
static int64_t newest_schema(struct cluster *cluster, const struct store_member_request *r)
{
    int64_t newest = 0;

    for (size_t i = 0; i < r->n_members; i++) {
        struct cluster_status status;

        cluster_get_status(cluster, (uint64_t)r->members[i].id, &status);
        newest = status.schema_version > newest ? status.schema_version : newest;
    }
    return newest;
}

/* -- Reading -------------------------------------------------------------------- */

static void write_record(struct json_writer *w, const struct store_request *done, size_t i)
{
    const struct members_call *m = (const struct members_call *)done;
    struct cluster *cluster = m->call->api->cluster;

    write_member(w, cluster, &m->request.members[i], newest_schema(cluster, &m->request));
}

static void append_url(struct buffer *url, const struct store_request *done, size_t i)
{
    url_append_cluster_member(url, ((const struct store_member_request *)done)->members[i].name);
}

static const struct filter_field fields[] = {
    {.name = "roles", .type = FILTER_STRINGS},
    {.name = "failure_domain", .type = FILTER_STRING},
    {.name = "description", .type = FILTER_STRING},
    {.name = "config", .type = FILTER_MAP},
    {.name = "groups", .type = FILTER_STRINGS},
    {.name = "server_name", .type = FILTER_STRING},
    {.name = "url", .type = FILTER_STRING},
    {.name = "database", .type = FILTER_BOOL},
    {.name = "status", .type = FILTER_STRING},
    {.name = "message", .type = FILTER_STRING},
    {.name = "architecture", .type = FILTER_STRING},
    {0},
};

static const struct list list = {
    .fields = fields,
    .write_record = write_record,
    .append_url = append_url,
};

static void finish_list(struct api_call *call, struct store_request *done)
{
    list_send(call, &list, done, ((const struct store_member_request *)done)->n_members);
}

void handle_cluster_members_get(struct api_call *call)
{
    struct members_call *m = new_call(call);

    if (m != NULL) {
        api_submit(call, &m->request.base, STORE_READ, "cluster_member_list", store_member_get_all,
                   finish_list);
    }
}

static const struct cluster_member *find(const struct store_member_request *r, const char *name)
{
    for (size_t i = 0; i < r->n_members; i++) {
        if (strcmp(r->members[i].name, name) == 0) {
            return &r->members[i];
        }
    }
    return NULL;
}

static void finish_get(struct api_call *call, struct store_request *done)
{
    const struct members_call *m = (const struct members_call *)done;
    const struct cluster_member *member = find(&m->request, call->params[0]);
    struct cluster *cluster = call->api->cluster;
    struct cluster_raft_roles roles;
    struct cluster_status status;
    struct response response;
    char etag[ETAG_SIZE];
    struct error error;

    if (member == NULL) {
        error_set(&error, ERROR_NOT_FOUND, "Cluster member not found");
        response_error(call, &error);
        return;
    }
    cluster_get_status(cluster, (uint64_t)member->id, &status);
    cluster_call_raft_roles(&status, &roles);
    if (cluster_member_etag(member, roles.names, roles.n_names, etag, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    response_begin(&response);
    write_member(&response.json, cluster, member, newest_schema(cluster, &m->request));
    response_send(&response, call, etag, done->revision);
}

void handle_cluster_member_get(struct api_call *call)
{
    struct members_call *m = new_call(call);

    if (m != NULL) {
        api_submit(call, &m->request.base, STORE_READ, "cluster_member_get", store_member_get_all,
                   finish_get);
    }
}

/* -- Changing ------------------------------------------------------------------- */

/* False: the call has been answered. */
static bool read_body(struct api_call *call, const struct cluster_object_body **ret_body)
{
    struct cluster_object_body *body = api_alloc(call, sizeof *body);
    struct error error;

    if (body == NULL) {
        return false;
    }
    if (body_cluster_object(call->http->body, call->http->body_size, &call->http->arena, body,
                            &error) != ERROR_NONE) {
        response_error(call, &error);
        return false;
    }
    *ret_body = body;
    return true;
}

/* What Raft says of a member that isn't there doesn't matter: it is looked for in the records. */
static void set_raft_roles(struct members_call *m)
{
    struct cluster *cluster = m->call->api->cluster;
    const struct directory *directory = cluster_directory(cluster);
    const struct directory_member *member = directory_by_name(directory, m->request.name);
    struct cluster_status status;

    if (member != NULL) {
        cluster_get_status(cluster, member->id, &status);
        cluster_call_raft_roles(&status, &m->raft_roles);
    }
    directory_free(directory);
    m->change.raft_roles = m->raft_roles.names;
    m->change.n_raft_roles = m->raft_roles.n_names;
}

static void publish(struct api_call *call, const struct store_request *done, const char *action,
                    const char *name, const char *old_name)
{
    struct buffer url = {0};

    url_append_cluster_member(&url, name);
    cluster_call_changed(call, done, action, &url, old_name);
}

static void finish_update(struct api_call *call, struct store_request *done)
{
    publish(call, done, "cluster-member-updated", call->params[0], NULL);
    response_empty(call, done->revision);
}

static void change(struct api_call *call, bool patch)
{
    struct members_call *m = new_call(call);
    const struct cluster_object_body *body;

    if (m == NULL || !read_body(call, &body)) {
        return;
    }
    m->change = (struct store_member_change){
        .description = body->has_description || !patch ? body->description : NULL,
        .roles = body->roles,
        .n_roles = body->n_roles,
        .has_roles = body->has_roles || !patch,
        .groups = body->groups,
        .n_groups = body->n_groups,
        .has_groups = body->has_groups || !patch,
        .config = &body->config,
        .merge_config = patch,
    };
    if (body->has_failure_domain || !patch) {
        m->change.failure_domain =
            body->failure_domain[0] == '\0' ? CLUSTER_FAILURE_DOMAIN_DEFAULT : body->failure_domain;
    }
    set_raft_roles(m);
    m->request.change = &m->change;
    m->request.if_match = http_header_get(call->http, "If-Match");
    api_submit(call, &m->request.base, STORE_WRITE, "cluster_member_update", store_member_update,
               finish_update);
}

void handle_cluster_member_put(struct api_call *call)
{
    change(call, false);
}

void handle_cluster_member_patch(struct api_call *call)
{
    change(call, true);
}

static void finish_rename(struct api_call *call, struct store_request *done)
{
    const struct members_call *m = (const struct members_call *)done;

    publish(call, done, "cluster-member-renamed", m->request.new_name, m->request.name);
    response_empty(call, done->revision);
}

void handle_cluster_member_post(struct api_call *call)
{
    struct members_call *m = new_call(call);
    const struct cluster_object_body *body;
    struct error error;

    if (m == NULL || !read_body(call, &body)) {
        return;
    }
    if (name_validate(body->server_name, &error) != ERROR_NONE ||
        member_name_check(body->server_name, &error) != ERROR_NONE) {
        error_prefix(&error, "Invalid cluster member name: ");
        response_error(call, &error);
        return;
    }
    m->request.new_name = body->server_name;
    api_submit(call, &m->request.base, STORE_WRITE, "cluster_member_rename", store_member_rename,
               finish_rename);
}

static void finish_delete(struct api_call *call)
{
    const struct store_request removal = {.changed = true}; /* By cluster_remove(). */

    publish(call, &removal, "cluster-member-removed", call->params[0], NULL);
    response_empty(call, 0);
}

void handle_cluster_member_delete(struct api_call *call)
{
    const char *force = http_query_get(call->http, "force");
    struct cluster_call_task *task;

    if (cluster_call_check(call, NOT_CLUSTERED) && (task = api_alloc(call, sizeof *task)) != NULL) {
        task->task.name = call->params[0];
        task->task.force = force != NULL && strcmp(force, "1") == 0;
        task->ends_absent = true;
        cluster_call_run_on_leader(call, task, "cluster_member_remove", cluster_remove,
                                   finish_delete);
    }
}

/* -- Evacuation ------------------------------------------------------------------ */

static void finish_evacuate(struct api_call *call, struct store_request *done)
{
    publish(call, done, "cluster-member-evacuated", call->params[0], NULL);
    cluster_call_operation(call, "Evacuating cluster member", done->revision);
}

/* The leader has an operation for it, too; a client asks for it where it is told of it. */
static void finish_evacuate_forwarded(struct api_call *call, const struct peer_request *answer)
{
    cluster_call_operation(call, "Evacuating cluster member", forward_revision(answer));
}

static void finish_restore_forwarded(struct api_call *call, const struct peer_request *answer)
{
    cluster_call_operation(call, "Restoring cluster member", forward_revision(answer));
}

static void finish_restore(struct api_call *call, struct store_request *done)
{
    publish(call, done, "cluster-member-restored", call->params[0], NULL);
    cluster_call_operation(call, "Restoring cluster member", done->revision);
}

/* A member has no instances here: being evacuated, it gives its roles in the database away. The
 * mode, which is about instances, is therefore not looked at. */
void handle_cluster_member_state_post(struct api_call *call)
{
    struct members_call *m = new_call(call);
    struct cluster_action_body body;
    struct error error;
    bool evacuate;

    if (m == NULL) {
        return;
    }
    if (body_cluster_action(call->http->body, call->http->body_size, &call->http->arena, &body,
                            &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    evacuate = strcmp(body.action, "evacuate") == 0;
    if (!evacuate && strcmp(body.action, "restore") != 0) {
        error_set(&error, ERROR_INVALID, "Unknown action \"%s\"", body.action);
        response_error(call, &error);
        return;
    }
    m->change.state = evacuate ? CLUSTER_MEMBER_EVACUATED : "";
    m->request.change = &m->change;
    call->finish_forwarded = evacuate ? finish_evacuate_forwarded : finish_restore_forwarded;
    api_submit(call, &m->request.base, STORE_WRITE,
               evacuate ? "cluster_member_evacuate" : "cluster_member_restore", store_member_update,
               evacuate ? finish_evacuate : finish_restore);
}
