/* networks.c - /1.0/networks. */
#include "api/handlers.h"

#include "api/lifecycle.h"
#include "api/list.h"
#include "api/response.h"
#include "api/url.h"
#include "api/used_by.h"
#include "lb/body.h"
#include "lb/config_key.h"
#include "lb/etag.h"
#include "lb/network.h"
#include "lb/network_state.h"
#include "store/networks.h"

#include <string.h>
#include <strings.h>
#include <sys/random.h>

static struct store_network_request *new_request(struct api_call *call)
{
    struct store_network_request *r = api_alloc(call, sizeof *r);

    if (r != NULL) {
        r->project = call->project;
        r->network = call->params[0];
    }
    return r;
}

/* False: the call has been answered, and its memory is gone. */
static bool read_body(struct api_call *call, const struct network_body **ret_body)
{
    struct network_body *body = api_alloc(call, sizeof *body);
    struct error error;

    if (body == NULL) {
        return false;
    }
    if (body_network(call->http->body, call->http->body_size, &call->http->arena, body, &error) !=
        ERROR_NONE) {
        response_error(call, &error);
        return false;
    }
    *ret_body = body;
    return true;
}

static void write_network(struct json_writer *w, const struct store_network *n)
{
    json_write_object_begin(w);
    json_write_key(w, "config");
    json_write_object_begin(w);
    for (size_t i = 0; i < n->network.config.n_pairs; i++) {
        json_write_key(w, n->network.config.pairs[i].key);
        json_write_string(w, n->network.config.pairs[i].value);
    }
    json_write_object_end(w);
    json_write_key(w, "description");
    json_write_string(w, n->network.description);
    json_write_key(w, "name");
    json_write_string(w, n->network.name);
    json_write_key(w, "type");
    json_write_string(w, network_type_name(n->network.type));
    json_write_key(w, "used_by");
    used_by_to_json(w, n->used_by, n->n_used_by);
    json_write_key(w, "managed");
    json_write_bool(w, true);
    json_write_key(w, "status");
    json_write_string(w, network_state_name(n->network.state));
    json_write_key(w, "locations");
    json_write_array_begin(w);
    json_write_string(w, "none");
    json_write_array_end(w);
    json_write_key(w, "project");
    json_write_string(w, n->network.project_name);
    json_write_object_end(w);
}

static void write_record(struct json_writer *w, const struct store_request *done, size_t i)
{
    write_network(w, &((const struct store_network_request *)done)->networks[i]);
}

/* Without the project, as Incus has it. */
static void append_url(struct buffer *url, const struct store_request *done, size_t i)
{
    const struct store_network_request *r = (const struct store_network_request *)done;

    url_append_network(url, NULL, r->networks[i].network.name);
}

static const struct filter_field fields[] = {
    {.name = "config", .type = FILTER_MAP},      {.name = "description", .type = FILTER_STRING},
    {.name = "name", .type = FILTER_STRING},     {.name = "type", .type = FILTER_STRING},
    {.name = "used_by", .type = FILTER_STRINGS}, {.name = "managed", .type = FILTER_BOOL},
    {.name = "status", .type = FILTER_STRING},   {.name = "locations", .type = FILTER_STRINGS},
    {.name = "project", .type = FILTER_STRING},  {0},
};

static const struct list list = {
    .fields = fields,
    .write_record = write_record,
    .append_url = append_url,
};

static void finish_list(struct api_call *call, struct store_request *done)
{
    list_send(call, &list, done, ((const struct store_network_request *)done)->n_networks);
}

void handle_networks_get(struct api_call *call)
{
    struct store_network_request *r = new_request(call);

    if (r != NULL) {
        r->all_projects = config_is_true(http_query_get(call->http, "all-projects"));
        api_submit(call, &r->base, STORE_READ, "network_list", store_network_list, finish_list);
    }
}

static void finish_get(struct api_call *call, struct store_request *done)
{
    const struct store_network_request *r = (const struct store_network_request *)done;
    struct response response;
    char etag[ETAG_SIZE];
    struct error error;

    if (etag_network(&r->networks[0].network, etag, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    response_begin(&response);
    write_network(&response.json, &r->networks[0]);
    response_send(&response, call, etag, done->revision);
}

void handle_network_get(struct api_call *call)
{
    struct store_network_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "network_get", store_network_get, finish_get);
    }
}

/* OLD_NAME is NULL unless it was renamed. */
static void publish(struct api_call *call, const struct store_request *done, const char *action,
                    const char *name, const char *old_name)
{
    struct buffer url = {0};

    url_append_network(&url, done->result, name);
    lifecycle_publish(call, done, action, done->result, &url, old_name);
}

/* Create and rename: the network is where its new name says. */
static void respond_created(struct api_call *call, struct store_request *done)
{
    const struct store_network_request *r = (const struct store_network_request *)done;
    struct buffer url = {0};

    url_append_network(&url, done->result, r->body->name);
    response_created(call, &url, done->revision);
}

static void finish_create(struct api_call *call, struct store_request *done)
{
    const struct store_network_request *r = (const struct store_network_request *)done;

    publish(call, done, "network-created", r->body->name, NULL);
    respond_created(call, done);
}

void handle_networks_post(struct api_call *call)
{
    struct store_network_request *r = new_request(call);
    struct error error;

    if (r == NULL || !read_body(call, &r->body)) {
        return;
    }
    if (network_validate_name(r->body->name == NULL ? "" : r->body->name, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    if (getrandom(&r->seed, sizeof r->seed, 0) != (ssize_t)sizeof r->seed) {
        error_set(&error, ERROR_INTERNAL, "The kernel gave no random bytes");
        response_error(call, &error);
        return;
    }
    r->target = http_query_get(call->http, "target");
    if (r->target != NULL && *r->target == '\0') {
        r->target = NULL;
    }
    api_submit(call, &r->base, STORE_WRITE, "network_create", store_network_create, finish_create);
}

static void finish_rename(struct api_call *call, struct store_request *done)
{
    const struct store_network_request *r = (const struct store_network_request *)done;

    publish(call, done, "network-renamed", r->body->name, r->network);
    respond_created(call, done);
}

void handle_network_post(struct api_call *call)
{
    struct store_network_request *r = new_request(call);
    struct error error;

    if (r == NULL || !read_body(call, &r->body)) {
        return;
    }
    if (r->body->name == NULL || r->body->name[0] == '\0') {
        error_set(&error, ERROR_INVALID, "New network name not provided");
        response_error(call, &error);
        return;
    }
    if (network_validate_name(r->body->name, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    api_submit(call, &r->base, STORE_WRITE, "network_rename", store_network_rename, finish_rename);
}

static void finish_update(struct api_call *call, struct store_request *done)
{
    const struct store_network_request *r = (const struct store_network_request *)done;

    publish(call, done, "network-updated", r->network, NULL);
    response_empty(call, done->revision);
}

static void change(struct api_call *call, bool patch)
{
    struct store_network_request *r = new_request(call);

    if (r != NULL && read_body(call, &r->body)) {
        r->if_match = http_header_get(call->http, "If-Match");
        r->patch = patch;
        api_submit(call, &r->base, STORE_WRITE, "network_update", store_network_update,
                   finish_update);
    }
}

void handle_network_put(struct api_call *call)
{
    change(call, false);
}

void handle_network_patch(struct api_call *call)
{
    change(call, true);
}

static void finish_delete(struct api_call *call, struct store_request *done)
{
    const struct store_network_request *r = (const struct store_network_request *)done;

    publish(call, done, "network-deleted", r->network, NULL);
    response_empty(call, done->revision);
}

void handle_network_delete(struct api_call *call)
{
    struct store_network_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_WRITE, "network_delete", store_network_delete,
                   finish_delete);
    }
}

static void finish_state(struct api_call *call, struct store_request *done)
{
    const struct store_network_request *r = (const struct store_network_request *)done;
    struct response response;
    struct error error;

    if (network_state_check(&r->networks[0].network, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    response_begin(&response);
    network_state_to_json(&response.json, &r->networks[0].network);
    response_send(&response, call, NULL, done->revision);
}

void handle_network_state_get(struct api_call *call)
{
    struct store_network_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "network_state", store_network_get, finish_state);
    }
}

/* A network's own addresses are told to its own project only. */
static void finish_leases(struct api_call *call, struct store_request *done)
{
    const struct store_network_request *r = (const struct store_network_request *)done;
    const struct network *network = &r->networks[0].network;
    struct response response;
    struct error error;

    if (network_leases_check(network, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    response_begin(&response);
    json_write_array_begin(&response.json);
    if (strcmp(call->project, network->project_name) == 0) {
        network_leases_to_json(&response.json, network);
    }
    json_write_array_end(&response.json);
    response_send(&response, call, NULL, done->revision);
}

void handle_network_leases_get(struct api_call *call)
{
    struct store_network_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "network_leases", store_network_leases,
                   finish_leases);
    }
}
