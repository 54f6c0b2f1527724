/* server.c - / and /1.0: the server itself. */
#include "api/handlers.h"

#include "api/cluster_call.h"
#include "api/forward.h"
#include "api/lifecycle.h"
#include "api/response.h"
#include "api/user.h"
#include "lb/body.h"
#include "lb/etag.h"
#include "lb/project.h"
#include "store/server.h"

#include <jansson.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "config.h"

/* What stock clients look for before they use a command (incus has no
 * versions, but a list of extensions). Only what is served is named. */
static const char *const extensions[] = {
    "network",
    "network_leases",
    "network_state",
    "networks_all_projects",
    "network_forward",
    "network_load_balancer",
    "network_load_balancer_health_check",
    "network_load_balancer_state",
    "network_type_ovn",
    "network_type_physical",
    "projects",
    "project_usage",
    "projects_networks",
    "api_filtering",
    "clustering",
    "clustering_config",
    "clustering_description",
    "clustering_edit_roles",
    "clustering_evacuation",
    "clustering_failure_domains",
    "clustering_groups",
    "clustering_join_token",
    "clustering_roles",
    "cluster_member_state",
    "etag",
    "event_lifecycle",
    "event_lifecycle_requestor_address",
    "event_location",
    "event_project",
    "warnings",
};

void handle_root_get(struct api_call *call)
{
    struct response response;

    response_begin(&response);
    json_write_array_begin(&response.json);
    json_write_string(&response.json, "/1.0");
    json_write_array_end(&response.json);
    response_send(&response, call, NULL, 0);
}

static void write_member(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

static void write_environment(struct json_writer *w, struct api_call *call)
{
    struct utsname name;
    char host[256];

    if (uname(&name) != 0) {
        name = (struct utsname){.sysname = "", .release = "", .machine = ""};
    }
    if (gethostname(host, sizeof host) != 0) {
        host[0] = '\0';
    }
    host[sizeof host - 1] = '\0';
    json_write_object_begin(w);
    json_write_key(w, "addresses");
    json_write_array_begin(w);
    json_write_array_end(w);
    json_write_key(w, "architectures");
    json_write_array_begin(w);
    json_write_string(w, name.machine);
    json_write_array_end(w);
    write_member(w, "driver", call->api->engine);
    write_member(w, "kernel", name.sysname);
    write_member(w, "kernel_architecture", name.machine);
    write_member(w, "kernel_version", name.release);
    write_member(w, "project", call->project);
    write_member(w, "server", PACKAGE_NAME);
    json_write_key(w, "server_clustered");
    json_write_bool(w, cluster_call_is_clustered(call->api));
    write_member(w, "server_name",
                 cluster_call_is_clustered(call->api) ? cluster_own_name(call->api->cluster)
                                                      : host);
    json_write_key(w, "server_pid");
    json_write_integer(w, getpid());
    write_member(w, "server_version", PACKAGE_VERSION);
    json_write_object_end(w);
}

static void write_user(struct json_writer *w, const struct http_peer *peer)
{
    char user[USER_NAME_SIZE];

    json_write_key(w, "auth_user_name");
    if (peer->kind == HTTP_PEER_LOCAL) {
        user_name(peer->uid, user);
        json_write_string(w, user);
        write_member(w, "auth_user_method", "unix");
    } else {
        json_write_string(w, peer->name);
        write_member(w, "auth_user_method", "tls");
    }
}

static void answer_get(struct api_call *call, const struct string_map *config, int64_t revision)
{
    struct response response;
    struct json_writer *w = &response.json;
    char etag[ETAG_SIZE];
    struct error error;

    if (etag_config(config, etag, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    response_begin(&response);
    json_write_object_begin(w);
    json_write_key(w, "config");
    json_write_object_begin(w);
    for (size_t i = 0; i < config->n_pairs; i++) {
        write_member(w, config->pairs[i].key, config->pairs[i].value);
    }
    json_write_object_end(w);
    json_write_key(w, "api_extensions");
    json_write_array_begin(w);
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        json_write_string(w, extensions[i]);
    }
    json_write_array_end(w);
    write_member(w, "api_status", "stable");
    write_member(w, "api_version", "1.0");
    write_member(w, "auth", "trusted");
    json_write_key(w, "public");
    json_write_bool(w, false);
    json_write_key(w, "auth_methods");
    json_write_array_begin(w);
    json_write_array_end(w);
    write_user(w, &call->http->peer);
    json_write_key(w, "environment");
    write_environment(w, call);
    json_write_object_end(w);
    response_send(&response, call, etag, revision);
}

static void finish_get(struct api_call *call, struct store_request *done)
{
    answer_get(call, &((const struct store_server_request *)done)->config, done->revision);
}

/* The strings of the object JSON; borrowed from it, if it is one. */
static int read_config(json_t *json, struct arena *arena, struct string_map *config,
                       struct error *error)
{
    const char *key;
    json_t *value;

    if (!json_is_object(json)) {
        return error_set(error, ERROR_PROTOCOL, "The leader's answer has no config");
    }
    json_object_foreach(json, key, value)
    {
        if (!json_is_string(value)) {
            return error_set(error, ERROR_PROTOCOL, "The leader's config has no text for %s", key);
        }
        if (!string_map_set(config, arena, key, json_string_value(value))) {
            return error_no_memory(error);
        }
    }
    return ERROR_NONE;
}

/* Of what the leader tells, the config is the cluster's; the rest is about the leader. */
static void finish_get_forwarded(struct api_call *call, const struct peer_request *answer)
{
    json_t *json = json_loadb(answer->response_body, answer->response_size, 0, NULL);
    json_t *metadata = json_object_get(json, "metadata");
    struct string_map config = {0};
    struct error error;

    if (read_config(json_object_get(metadata, "config"), &call->http->arena, &config, &error) ==
        ERROR_NONE) {
        answer_get(call, &config, forward_revision(answer));
    } else {
        response_error(call, &error);
    }
    json_decref(json);
}

void handle_server_get(struct api_call *call)
{
    struct store_server_request *r = api_alloc(call, sizeof *r);

    if (r != NULL) {
        call->finish_forwarded = finish_get_forwarded;
        api_submit(call, &r->base, STORE_READ, "server_get", store_server_get, finish_get);
    }
}

static void finish_change(struct api_call *call, struct store_request *done)
{
    struct buffer url = {0};

    if (call->api->cluster != NULL) {
        cluster_refresh(call->api->cluster); /* It has settings of its own among them. */
    }
    buffer_append_string(&url, "/1.0");
    lifecycle_publish(call, done, "config-updated", PROJECT_DEFAULT, &url, NULL);
    response_empty(call, done->revision);
}

static void change(struct api_call *call, bool patch)
{
    struct store_server_request *r = api_alloc(call, sizeof *r);
    struct string_map *config;
    struct error error;
    bool has_config;

    if (r == NULL || (config = api_alloc(call, sizeof *config)) == NULL) {
        return;
    }
    if (body_config(call->http->body, call->http->body_size, &call->http->arena, config,
                    &has_config, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    r->changes = config;
    r->if_match = http_header_get(call->http, "If-Match");
    r->patch = patch;
    api_submit(call, &r->base, STORE_WRITE, "server_update", store_server_update, finish_change);
}

void handle_server_put(struct api_call *call)
{
    change(call, false);
}

void handle_server_patch(struct api_call *call)
{
    change(call, true);
}

/* Nothing raises warnings. Incus has null for no links, and [] for no objects. */
void handle_warnings_get(struct api_call *call)
{
    struct response response;

    response_begin(&response);
    if (api_is_recursive(call)) {
        json_write_array_begin(&response.json);
        json_write_array_end(&response.json);
    } else {
        json_write_null(&response.json);
    }
    response_send(&response, call, NULL, 0);
}
