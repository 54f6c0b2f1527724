/* cluster_admin.c - /internal/cluster for lbctl: how the cluster is, and what Incus has no words
 * for. */
#include "api/handlers.h"

#include "api/cluster_call.h"
#include "api/response.h"
#include "lb/cluster_body.h"
#include "store/schema.h"

#include <stdio.h>
#include <sys/utsname.h>

#include "config.h"

#define NOT_CLUSTERED "Server is not clustered"

static void write_text(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

static void write_integer(struct json_writer *w, const char *key, int64_t value)
{
    json_write_key(w, key);
    json_write_integer(w, value);
}

static void write_bool(struct json_writer *w, const char *key, bool value)
{
    json_write_key(w, key);
    json_write_bool(w, value);
}

static const char *role_name(const struct cluster_status *status)
{
    if (!status->in_raft) {
        return "";
    }
    switch (status->role) {
    case RAFT_VOTER:
        return "voter";
    case RAFT_STANDBY:
        return "stand-by";
    case RAFT_SPARE:
        break;
    }
    return "spare";
}

/* The leader sends itself no heartbeats; REVISION is what it has just read. */
static void get_status(const struct api *api, uint64_t id, int64_t revision,
                       struct cluster_status *ret_status)
{
    struct utsname name;

    cluster_get_status(api->cluster, id, ret_status);
    if (id != cluster_own_id(api->cluster)) {
        return;
    }
    ret_status->revision = revision;
    ret_status->schema_version = schema_of_program.version;
    snprintf(ret_status->version, sizeof ret_status->version, "%s", PACKAGE_VERSION);
    snprintf(ret_status->engine, sizeof ret_status->engine, "%s", api->engine);
    if (uname(&name) == 0) {
        snprintf(ret_status->architecture, sizeof ret_status->architecture, "%.15s", name.machine);
    }
}

static void write_member(struct json_writer *w, const struct api *api,
                         const struct directory_member *member, int64_t revision, int64_t newest)
{
    struct cluster_status status;

    get_status(api, member->id, revision, &status);
    json_write_object_begin(w);
    write_text(w, "server_name", member->name);
    write_integer(w, "id", (int64_t)member->id);
    write_text(w, "address", member->address);
    write_bool(w, "known", status.known);
    write_bool(w, "online", status.online);
    write_bool(w, "leads", status.leads);
    write_text(w, "raft_role", role_name(&status));
    write_integer(w, "silent_ms", (int64_t)status.silent_ms);
    write_integer(w, "clock_skew_ms", status.clock_skew_ms);
    write_integer(w, "rtt_us", (int64_t)status.rtt_us);
    write_integer(w, "revision", status.revision);
    write_integer(w, "lag", status.revision < 0 ? -1 : newest - status.revision);
    write_integer(w, "schema_version", status.schema_version);
    write_text(w, "version", status.version);
    write_text(w, "engine", status.engine);
    write_text(w, "architecture", status.architecture);
    write_text(w, "failure", status.failure);
    json_write_object_end(w);
}

static void write_health(struct json_writer *w, struct cluster *cluster)
{
    struct roles_health health;
    char line[256];

    cluster_get_health(cluster, &health, line, sizeof line);
    json_write_object_begin(w);
    write_integer(w, "voters", health.n_voters);
    write_integer(w, "voters_online", health.n_voters_online);
    write_integer(w, "majority", health.majority);
    write_integer(w, "survives", health.survives);
    write_bool(w, "has_majority", health.has_majority);
    write_text(w, "message", line);
    json_write_object_end(w);
}

/* Of all copies of the database, one of which has REVISION. */
static int64_t newest_revision(struct cluster *cluster, const struct directory *directory,
                               int64_t revision)
{
    int64_t newest = revision;

    for (size_t i = 0; i < directory->n_members; i++) {
        struct cluster_status status;

        cluster_get_status(cluster, directory->members[i].id, &status);
        newest = status.revision > newest ? status.revision : newest;
    }
    return newest;
}

struct status_call {
    struct store_member_request request;
    struct api_call *call;
    struct cluster_task survey;
};

static void finish_survey(struct api_call *call, const struct store_request *done)
{
    struct cluster *cluster = call->api->cluster;
    const struct directory *directory = cluster_directory(cluster);
    int64_t newest = newest_revision(cluster, directory, done->revision);
    struct response response;

    response_begin(&response);
    json_write_object_begin(&response.json);
    json_write_key(&response.json, "members");
    json_write_array_begin(&response.json);
    for (size_t i = 0; i < directory->n_members; i++) {
        write_member(&response.json, call->api, &directory->members[i], done->revision, newest);
    }
    json_write_array_end(&response.json);
    json_write_key(&response.json, "health");
    write_health(&response.json, cluster);
    json_write_object_end(&response.json);
    directory_free(directory);
    response_send(&response, call, NULL, done->revision);
}

static void on_survey(struct cluster_task *done)
{
    struct status_call *s = done->data;

    /* What isn't known for want of time or memory is told as unknown. */
    finish_survey(s->call, &s->request.base);
}

static void finish_status(struct api_call *call, struct store_request *done)
{
    struct status_call *s = (struct status_call *)done;

    s->call = call;
    s->survey.data = s;
    s->survey.done = on_survey;
    s->survey.deadline_us = cluster_call_deadline_us(call);
    cluster_survey(call->api->cluster, &s->survey);
}

/* The leader knows; the way to it is that of a read. */
void handle_internal_cluster_status_get(struct api_call *call)
{
    struct status_call *s;

    if (cluster_call_check(call, NOT_CLUSTERED) && (s = api_alloc(call, sizeof *s)) != NULL) {
        api_submit(call, &s->request.base, STORE_READ, "cluster_status", store_member_get_all,
                   finish_status);
    }
}

/* -- Orders ------------------------------------------------------------------------- */

static void finish(struct api_call *call)
{
    response_empty(call, 0);
}

/* The body is {"server_name": NAME} or {"server_address": ADDRESS}; each may be absent. NULL: the
 * call has been answered. */
static struct cluster_call_task *read_order(struct api_call *call)
{
    struct cluster_call_task *task;
    struct cluster_body body = {.server_name = "", .server_address = ""};
    struct error error;

    if (!cluster_call_check(call, NOT_CLUSTERED) ||
        (task = api_alloc(call, sizeof *task)) == NULL) {
        return NULL;
    }
    if (call->http->body_size > 0 &&
        body_cluster(call->http->body, call->http->body_size, &call->http->arena, &body, &error) !=
            ERROR_NONE) {
        response_error(call, &error);
        return NULL;
    }
    task->task.name = body.server_name;
    task->task.address = body.server_address;
    return task;
}

void handle_internal_cluster_transfer(struct api_call *call)
{
    struct cluster_call_task *task = read_order(call);

    if (task != NULL) {
        cluster_call_run_on_leader(call, task, "cluster_transfer", cluster_transfer, finish);
    }
}

/* This and the next are done by the member that is asked. */
void handle_internal_cluster_rotate_key(struct api_call *call)
{
    struct cluster_call_task *task = read_order(call);

    if (task != NULL) {
        cluster_call_run(call, task, cluster_rotate_key, finish);
    }
}

void handle_internal_cluster_move(struct api_call *call)
{
    struct cluster_call_task *task = read_order(call);

    if (task != NULL) {
        cluster_call_run(call, task, cluster_move, finish);
    }
}
