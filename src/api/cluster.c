/* cluster.c - /1.0/cluster: whether there is one, and making it. */
#include "api/handlers.h"

#include "api/cluster_call.h"
#include "api/forward.h"
#include "api/response.h"
#include "lb/cluster_body.h"
#include "lb/etag.h"
#include "lb/network_state.h"
#include "lb/project.h"
#include "lb/server_config.h"
#include "store/networks.h"
#include "store/server.h"

#include <jansson.h>

static void write_member(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

/* What a server that joins would have to set for itself. */
struct member_key {
    const char *network;
    const char *key;
};

struct member_keys {
    struct member_key *keys;
    size_t n_keys;
};

static int write_member_key(struct json_writer *w, const struct member_key *key,
                            struct error *error)
{
    struct buffer description = {0};
    const char *text;

    buffer_printf(&description, "\"%s\" property for network \"%s\"", key->key, key->network);
    text = buffer_string(&description);
    if (text == NULL) {
        buffer_close(&description);
        return error_no_memory(error);
    }
    json_write_object_begin(w);
    write_member(w, "entity", "network");
    write_member(w, "name", key->network);
    write_member(w, "key", key->key);
    write_member(w, "value", "");
    write_member(w, "description", text);
    json_write_object_end(w);
    buffer_close(&description);
    return ERROR_NONE;
}

static int write_cluster(struct json_writer *w, const struct api *api,
                         const struct member_keys *keys, struct error *error)
{
    bool enabled = cluster_call_is_clustered(api);
    int rv = ERROR_NONE;

    json_write_object_begin(w);
    write_member(w, "server_name", enabled ? cluster_own_name(api->cluster) : "");
    json_write_key(w, "enabled");
    json_write_bool(w, enabled);
    json_write_key(w, "member_config");
    json_write_array_begin(w);
    for (size_t i = 0; rv == ERROR_NONE && i < keys->n_keys; i++) {
        rv = write_member_key(w, &keys->keys[i], error);
    }
    json_write_array_end(w);
    json_write_object_end(w);
    return rv;
}

/* The ETag is that of all that is told. */
static int compute_etag(const struct api *api, const struct member_keys *keys, char out[ETAG_SIZE],
                        struct error *error)
{
    struct buffer text = {0};
    struct json_writer w;
    int rv;

    json_writer_init(&w, &text, true);
    rv = write_cluster(&w, api, keys, error);
    if (rv == ERROR_NONE) {
        rv = etag_text(&text, out, error);
    }
    buffer_close(&text);
    return rv;
}

static void answer_get(struct api_call *call, const struct member_keys *keys, int64_t revision)
{
    struct response response;
    char etag[ETAG_SIZE];
    struct error error;
    int rv;

    response_begin(&response);
    rv = compute_etag(call->api, keys, etag, &error);
    if (rv == ERROR_NONE) {
        rv = write_cluster(&response.json, call->api, keys, &error);
    }
    if (rv == ERROR_NONE) {
        response_send(&response, call, etag, revision);
    } else {
        response_discard(&response);
        response_error(call, &error);
    }
}

static void answer_no_memory(struct api_call *call)
{
    struct error error;

    error_no_memory(&error);
    response_error(call, &error);
}

static size_t count_member_keys(void)
{
    size_t n = 0;

    while (network_member_keys[n] != NULL) {
        n++;
    }
    return n;
}

static void finish_get(struct api_call *call, struct store_request *done)
{
    const struct store_network_request *r = (const struct store_network_request *)done;
    size_t n_member_keys = count_member_keys();
    struct member_keys keys = {
        .keys = arena_calloc(&call->http->arena, r->n_networks * n_member_keys, sizeof *keys.keys),
    };

    if (keys.keys == NULL) {
        answer_no_memory(call);
        return;
    }
    for (size_t i = 0; i < r->n_networks; i++) {
        const struct network *network = &r->networks[i].network;

        for (size_t j = 0; j < n_member_keys; j++) {
            if (string_map_get(&network->config, network_member_keys[j]) != NULL) {
                keys.keys[keys.n_keys++] =
                    (struct member_key){network->name, network_member_keys[j]};
            }
        }
    }
    answer_get(call, &keys, done->revision);
}

/* The leader tells its own name: only what is left to set is taken from it. */
static void finish_get_forwarded(struct api_call *call, const struct peer_request *answer)
{
    json_t *json = json_loadb(answer->response_body, answer->response_size, 0, NULL);
    const json_t *list = json_object_get(json_object_get(json, "metadata"), "member_config");
    struct member_keys keys = {
        .keys = arena_calloc(&call->http->arena, json_array_size(list), sizeof *keys.keys),
    };

    if (json == NULL || keys.keys == NULL) {
        json_decref(json);
        answer_no_memory(call);
        return;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        struct member_key key = {json_string_value(json_object_get(entry, "name")),
                                 json_string_value(json_object_get(entry, "key"))};

        if (key.network != NULL && key.key != NULL) {
            keys.keys[keys.n_keys++] = key;
        }
    }
    answer_get(call, &keys, forward_revision(answer));
    json_decref(json);
}

/* Keys that are a member's own are those of networks on its interfaces, which only the
 * default project has. */
void handle_cluster_get(struct api_call *call)
{
    struct store_network_request *r = api_alloc(call, sizeof *r);

    if (r != NULL) {
        r->project = PROJECT_DEFAULT;
        call->finish_forwarded = finish_get_forwarded;
        api_submit(call, &r->base, STORE_READ, "cluster_get", store_network_list, finish_get);
    }
}

/* -- Making a cluster ---------------------------------------------------------- */

struct enabling {
    struct store_server_request config;
    struct cluster_call_task task;
    const struct cluster_body *body;
};

static void finish_enable(struct api_call *call)
{
    cluster_call_operation(call, "Creating bootstrap node", 0);
}

static void enable(struct api_call *call, struct enabling *e, const char *address)
{
    e->task.task.name = e->body->server_name;
    e->task.task.address = address;
    cluster_call_run(call, &e->task, cluster_enable, finish_enable);
}

static void finish_config(struct api_call *call, struct store_request *done)
{
    struct enabling *e = (struct enabling *)done;
    const char *address = string_map_get_or_empty(&e->config.config, SERVER_CONFIG_CLUSTER_ADDRESS);
    struct error error;

    if (address[0] == '\0') {
        address = string_map_get_or_empty(&e->config.config, SERVER_CONFIG_CORE_ADDRESS);
    }
    if (address[0] == '\0') {
        error_set(&error, ERROR_INVALID,
                  "No cluster.https_address config is set on this member, and the request names "
                  "no server_address");
        response_error(call, &error);
    } else {
        enable(call, e, address);
    }
}

static int check_put(const struct api *api, const struct cluster_body *body, struct error *error)
{
    if (body->server_name[0] == '\0' && body->enabled) {
        return error_set(error, ERROR_INVALID, "ServerName is required when enabling clustering");
    }
    if (body->server_name[0] != '\0' && !body->enabled) {
        return error_set(error, ERROR_INVALID,
                         "ServerName must be empty when disabling clustering");
    }
    if (!body->enabled) {
        return cluster_call_is_clustered(api)
                   ? error_set(error, ERROR_NOT_IMPLEMENTED,
                               "A member leaves its cluster when it is removed: lbctl cluster "
                               "remove NAME")
                   : error_set(error, ERROR_INVALID, "Server is not clustered");
    }
    if (body->cluster_token[0] != '\0' || body->cluster_address[0] != '\0') {
        return error_set(error, ERROR_NOT_IMPLEMENTED,
                         "A server joins a cluster when it is started, with an empty state "
                         "directory: lbstated --join TOKEN");
    }
    return ERROR_NONE;
}

/* On this node, whoever leads. */
void handle_cluster_put(struct api_call *call)
{
    struct enabling *e;
    struct cluster_body *body;
    struct error error;

    if (call->api->cluster == NULL) {
        error_set(&error, ERROR_NOT_IMPLEMENTED, "not implemented");
        response_error(call, &error);
        return;
    }
    if ((e = api_alloc(call, sizeof *e)) == NULL ||
        (body = api_alloc(call, sizeof *body)) == NULL) {
        return;
    }
    if (body_cluster(call->http->body, call->http->body_size, &call->http->arena, body, &error) !=
            ERROR_NONE ||
        check_put(call->api, body, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    e->body = body;
    if (body->server_address[0] != '\0' || cluster_call_is_clustered(call->api)) {
        enable(call, e, body->server_address);
    } else {
        api_submit(call, &e->config.base, STORE_READ, "cluster_config", store_server_get,
                   finish_config);
    }
}
