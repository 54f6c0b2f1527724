/* load_balancers.c - /1.0/networks/NETWORK/load-balancers. */
#include "api/handlers.h"

#include "api/listener.h"
#include "api/list.h"
#include "api/response.h"
#include "api/url.h"
#include "entity/network_load_balancer.mapper.h"
#include "lb/body.h"
#include "lb/etag.h"
#include "lb/health.h"
#include "store/load_balancers.h"

static struct store_load_balancer_request *new_request(struct api_call *call)
{
    struct store_load_balancer_request *r = api_alloc(call, sizeof *r);

    if (r != NULL) {
        r->project = call->project;
        r->network = call->params[0];
        r->listen_address = call->params[1];
    }
    return r;
}

/* False: the call has been answered, and its memory is gone. */
static bool read_body(struct api_call *call, const struct load_balancer_body **ret_body)
{
    struct load_balancer_body *body = api_alloc(call, sizeof *body);
    struct error error;

    if (body == NULL) {
        return false;
    }
    if (body_load_balancer(call->http->body, call->http->body_size, &call->http->arena, body,
                           &error) != ERROR_NONE) {
        response_error(call, &error);
        return false;
    }
    *ret_body = body;
    return true;
}

static void write_load_balancer(struct json_writer *w, const struct store_request *done, size_t i)
{
    const struct store_load_balancer_request *r = (const struct store_load_balancer_request *)done;

    network_load_balancer_to_json(w, &r->load_balancers[i]);
}

static void append_load_balancer_url(struct buffer *url, const struct store_request *done, size_t i)
{
    const struct store_load_balancer_request *r = (const struct store_load_balancer_request *)done;

    url_append_load_balancer(url, NULL, r->network, r->load_balancers[i].listen_address);
}

static const struct filter_field backend_fields[] = {
    {.name = "name", .type = FILTER_STRING},
    {.name = "description", .type = FILTER_STRING},
    {.name = "target_port", .type = FILTER_STRING},
    {.name = "target_address", .type = FILTER_STRING},
    {0},
};

static const struct filter_field port_fields[] = {
    {.name = "description", .type = FILTER_STRING},
    {.name = "protocol", .type = FILTER_STRING},
    {.name = "listen_port", .type = FILTER_STRING},
    {.name = "target_backend", .type = FILTER_STRINGS},
    {0},
};

static const struct filter_field fields[] = {
    {.name = "description", .type = FILTER_STRING},
    {.name = "config", .type = FILTER_MAP},
    {.name = "backends", .type = FILTER_OBJECTS, .fields = backend_fields},
    {.name = "ports", .type = FILTER_OBJECTS, .fields = port_fields},
    {.name = "listen_address", .type = FILTER_STRING},
    {.name = "location", .type = FILTER_STRING},
    {0},
};

static const struct list list = {
    .fields = fields,
    .write_record = write_load_balancer,
    .append_url = append_load_balancer_url,
};

static void finish_list(struct api_call *call, struct store_request *done)
{
    const struct store_load_balancer_request *r = (const struct store_load_balancer_request *)done;

    list_send(call, &list, done, r->n_load_balancers);
}

void handle_load_balancers_get(struct api_call *call)
{
    struct store_load_balancer_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "load_balancer_list", store_load_balancer_list,
                   finish_list);
    }
}

static void finish_get(struct api_call *call, struct store_request *done)
{
    const struct store_load_balancer_request *r = (const struct store_load_balancer_request *)done;
    struct response response;
    struct error error;
    char etag[ETAG_SIZE];

    if (etag_load_balancer(r->load_balancers, etag, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    response_begin(&response);
    network_load_balancer_to_json(&response.json, r->load_balancers);
    response_send(&response, call, etag, done->revision);
}

void handle_load_balancer_get(struct api_call *call)
{
    struct store_load_balancer_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "load_balancer_get", store_load_balancer_get,
                   finish_get);
    }
}

static void finish_create(struct api_call *call, struct store_request *done)
{
    const struct store_load_balancer_request *r = (const struct store_load_balancer_request *)done;

    listener_publish(call, done, "network-load-balancer-created", url_append_load_balancer,
                     r->network, r->body->lb.listen_address);
    listener_created(call, url_append_load_balancer, r->network, r->body->lb.listen_address, done);
}

void handle_load_balancers_post(struct api_call *call)
{
    struct store_load_balancer_request *r = new_request(call);

    if (r != NULL && read_body(call, &r->body)) {
        api_submit(call, &r->base, STORE_WRITE, "load_balancer_create", store_load_balancer_create,
                   finish_create);
    }
}

static void finish_update(struct api_call *call, struct store_request *done)
{
    const struct store_load_balancer_request *r = (const struct store_load_balancer_request *)done;

    listener_publish(call, done, "network-load-balancer-updated", url_append_load_balancer,
                     r->network, r->listen_address);
    response_empty(call, done->revision);
}

static void change(struct api_call *call, bool patch)
{
    struct store_load_balancer_request *r = new_request(call);

    if (r != NULL && read_body(call, &r->body)) {
        r->if_match = http_header_get(call->http, "If-Match");
        r->patch = patch;
        api_submit(call, &r->base, STORE_WRITE, "load_balancer_update", store_load_balancer_update,
                   finish_update);
    }
}

void handle_load_balancer_put(struct api_call *call)
{
    change(call, false);
}

void handle_load_balancer_patch(struct api_call *call)
{
    change(call, true);
}

static void finish_delete(struct api_call *call, struct store_request *done)
{
    const struct store_load_balancer_request *r = (const struct store_load_balancer_request *)done;

    listener_publish(call, done, "network-load-balancer-deleted", url_append_load_balancer,
                     r->network, r->listen_address);
    response_empty(call, done->revision);
}

void handle_load_balancer_delete(struct api_call *call)
{
    struct store_load_balancer_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_WRITE, "load_balancer_delete", store_load_balancer_delete,
                   finish_delete);
    }
}

static void finish_state(struct api_call *call, struct store_request *done)
{
    const struct store_load_balancer_request *r = (const struct store_load_balancer_request *)done;
    struct response response;

    response_begin(&response);
    load_balancer_health_to_json(&response.json, r->load_balancers);
    response_send(&response, call, NULL, done->revision);
}

void handle_load_balancer_state_get(struct api_call *call)
{
    struct store_load_balancer_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "load_balancer_state", store_load_balancer_get,
                   finish_state);
    }
}
