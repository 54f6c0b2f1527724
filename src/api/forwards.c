/* forwards.c - /1.0/networks/NETWORK/forwards. */
#include "api/handlers.h"

#include "api/listener.h"
#include "api/list.h"
#include "api/response.h"
#include "api/url.h"
#include "entity/network_forward.mapper.h"
#include "lb/body.h"
#include "lb/etag.h"
#include "store/forwards.h"

static struct store_forward_request *new_request(struct api_call *call)
{
    struct store_forward_request *r = api_alloc(call, sizeof *r);

    if (r != NULL) {
        r->project = call->project;
        r->network = call->params[0];
        r->listen_address = call->params[1];
    }
    return r;
}

/* False: the call has been answered, and its memory is gone. */
static bool read_body(struct api_call *call, const struct forward_body **ret_body)
{
    struct forward_body *body = api_alloc(call, sizeof *body);
    struct error error;

    if (body == NULL) {
        return false;
    }
    if (body_forward(call->http->body, call->http->body_size, &call->http->arena, body, &error) !=
        ERROR_NONE) {
        response_error(call, &error);
        return false;
    }
    *ret_body = body;
    return true;
}

static void write_forward(struct json_writer *w, const struct store_request *done, size_t i)
{
    const struct store_forward_request *r = (const struct store_forward_request *)done;

    network_forward_to_json(w, &r->forwards[i]);
}

static void append_forward_url(struct buffer *url, const struct store_request *done, size_t i)
{
    const struct store_forward_request *r = (const struct store_forward_request *)done;

    url_append_forward(url, NULL, r->network, r->forwards[i].listen_address);
}

static const struct filter_field port_fields[] = {
    {.name = "description", .type = FILTER_STRING},
    {.name = "protocol", .type = FILTER_STRING},
    {.name = "listen_port", .type = FILTER_STRING},
    {.name = "target_port", .type = FILTER_STRING},
    {.name = "target_address", .type = FILTER_STRING},
    {.name = "snat", .type = FILTER_BOOL},
    {0},
};

static const struct filter_field fields[] = {
    {.name = "description", .type = FILTER_STRING},
    {.name = "config", .type = FILTER_MAP},
    {.name = "ports", .type = FILTER_OBJECTS, .fields = port_fields},
    {.name = "listen_address", .type = FILTER_STRING},
    {.name = "location", .type = FILTER_STRING},
    {0},
};

static const struct list list = {
    .fields = fields,
    .write_record = write_forward,
    .append_url = append_forward_url,
};

static void finish_list(struct api_call *call, struct store_request *done)
{
    const struct store_forward_request *r = (const struct store_forward_request *)done;

    list_send(call, &list, done, r->n_forwards);
}

void handle_forwards_get(struct api_call *call)
{
    struct store_forward_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "forward_list", store_forward_list, finish_list);
    }
}

static void finish_get(struct api_call *call, struct store_request *done)
{
    const struct store_forward_request *r = (const struct store_forward_request *)done;
    struct response response;
    struct error error;
    char etag[ETAG_SIZE];

    if (etag_forward(r->forwards, etag, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    response_begin(&response);
    network_forward_to_json(&response.json, r->forwards);
    response_send(&response, call, etag, done->revision);
}

void handle_forward_get(struct api_call *call)
{
    struct store_forward_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "forward_get", store_forward_get, finish_get);
    }
}

static void finish_create(struct api_call *call, struct store_request *done)
{
    const struct store_forward_request *r = (const struct store_forward_request *)done;

    listener_publish(call, done, "network-forward-created", url_append_forward, r->network,
                     r->body->forward.listen_address);
    listener_created(call, url_append_forward, r->network, r->body->forward.listen_address, done);
}

void handle_forwards_post(struct api_call *call)
{
    struct store_forward_request *r = new_request(call);

    if (r != NULL && read_body(call, &r->body)) {
        api_submit(call, &r->base, STORE_WRITE, "forward_create", store_forward_create,
                   finish_create);
    }
}

static void finish_update(struct api_call *call, struct store_request *done)
{
    const struct store_forward_request *r = (const struct store_forward_request *)done;

    listener_publish(call, done, "network-forward-updated", url_append_forward, r->network,
                     r->listen_address);
    response_empty(call, done->revision);
}

static void change(struct api_call *call, bool patch)
{
    struct store_forward_request *r = new_request(call);

    if (r != NULL && read_body(call, &r->body)) {
        r->if_match = http_header_get(call->http, "If-Match");
        r->patch = patch;
        api_submit(call, &r->base, STORE_WRITE, "forward_update", store_forward_update,
                   finish_update);
    }
}

void handle_forward_put(struct api_call *call)
{
    change(call, false);
}

void handle_forward_patch(struct api_call *call)
{
    change(call, true);
}

static void finish_delete(struct api_call *call, struct store_request *done)
{
    const struct store_forward_request *r = (const struct store_forward_request *)done;

    listener_publish(call, done, "network-forward-deleted", url_append_forward, r->network,
                     r->listen_address);
    response_empty(call, done->revision);
}

void handle_forward_delete(struct api_call *call)
{
    struct store_forward_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_WRITE, "forward_delete", store_forward_delete,
                   finish_delete);
    }
}
