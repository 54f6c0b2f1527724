/* cluster_groups.c - /1.0/cluster/groups. */
#include "api/handlers.h"

#include "api/cluster_call.h"
#include "api/list.h"
#include "api/response.h"
#include "api/url.h"
#include "lb/cluster_body.h"
#include "lb/name.h"
#include "store/groups.h"

#define NOT_CLUSTERED "This server is not clustered"

static struct store_group_request *new_request(struct api_call *call)
{
    struct store_group_request *r;

    if (!cluster_call_check(call, NOT_CLUSTERED)) {
        return NULL;
    }
    r = api_alloc(call, sizeof *r);
    if (r != NULL) {
        r->name = call->params[0];
    }
    return r;
}

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

static bool check_name(struct api_call *call, const char *name)
{
    struct error error;

    if (name_validate(name, &error) == ERROR_NONE) {
        return true;
    }
    error_prefix(&error, "Invalid cluster group name: ");
    response_error(call, &error);
    return false;
}

/* In lists Incus has no config and no users. */
static void write_group(struct json_writer *w, const struct store_group *group, bool whole)
{
    json_write_object_begin(w);
    json_write_key(w, "description");
    json_write_string(w, group->group.description);
    json_write_key(w, "members");
    json_write_array_begin(w);
    for (size_t i = 0; i < group->n_members; i++) {
        json_write_string(w, group->members[i]);
    }
    json_write_array_end(w);
    json_write_key(w, "config");
    if (whole) {
        json_write_object_begin(w);
        for (size_t i = 0; i < group->group.config.n_pairs; i++) {
            json_write_key(w, group->group.config.pairs[i].key);
            json_write_string(w, group->group.config.pairs[i].value);
        }
        json_write_object_end(w);
    } else {
        json_write_null(w);
    }
    json_write_key(w, "name");
    json_write_string(w, group->group.name);
    json_write_key(w, "used_by");
    if (whole) {
        json_write_array_begin(w);
        json_write_array_end(w);
    } else {
        json_write_null(w);
    }
    json_write_object_end(w);
}

static void write_record(struct json_writer *w, const struct store_request *done, size_t i)
{
    write_group(w, &((const struct store_group_request *)done)->groups[i], false);
}

static void append_url(struct buffer *url, const struct store_request *done, size_t i)
{
    url_append_cluster_group(url, ((const struct store_group_request *)done)->groups[i].group.name);
}

static const struct filter_field fields[] = {
    {.name = "description", .type = FILTER_STRING},
    {.name = "members", .type = FILTER_STRINGS},
    {.name = "name", .type = FILTER_STRING},
    {0},
};

static const struct list list = {
    .fields = fields,
    .write_record = write_record,
    .append_url = append_url,
};

static void finish_list(struct api_call *call, struct store_request *done)
{
    list_send(call, &list, done, ((const struct store_group_request *)done)->n_groups);
}

void handle_cluster_groups_get(struct api_call *call)
{
    struct store_group_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "cluster_group_list", store_group_list, finish_list);
    }
}

static void finish_get(struct api_call *call, struct store_request *done)
{
    const struct store_group_request *r = (const struct store_group_request *)done;
    struct response response;
    char etag[ETAG_SIZE];
    struct error error;

    if (store_group_etag(&r->groups[0], etag, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    response_begin(&response);
    write_group(&response.json, &r->groups[0], true);
    response_send(&response, call, etag, done->revision);
}

void handle_cluster_group_get(struct api_call *call)
{
    struct store_group_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "cluster_group_get", store_group_get, finish_get);
    }
}

static void publish(struct api_call *call, const struct store_request *done, const char *action,
                    const char *name, const char *old_name)
{
    struct buffer url = {0};

    url_append_cluster_group(&url, name);
    cluster_call_changed(call, done, action, &url, old_name);
}

static void send_created(struct api_call *call, const char *name, int64_t revision)
{
    struct buffer url = {0};

    url_append_cluster_group(&url, name);
    response_created(call, &url, revision);
}

static void finish_create(struct api_call *call, struct store_request *done)
{
    const char *name = ((const struct store_group_request *)done)->body->name;

    publish(call, done, "cluster-group-created", name, NULL);
    send_created(call, name, done->revision);
}

void handle_cluster_groups_post(struct api_call *call)
{
    struct store_group_request *r = new_request(call);

    if (r != NULL && read_body(call, &r->body) && check_name(call, r->body->name)) {
        api_submit(call, &r->base, STORE_WRITE, "cluster_group_create", store_group_create,
                   finish_create);
    }
}

static void finish_rename(struct api_call *call, struct store_request *done)
{
    const char *name = ((const struct store_group_request *)done)->body->name;

    publish(call, done, "cluster-group-renamed", name, call->params[0]);
    send_created(call, name, done->revision);
}

void handle_cluster_group_post(struct api_call *call)
{
    struct store_group_request *r = new_request(call);

    if (r != NULL && read_body(call, &r->body) && check_name(call, r->body->name)) {
        api_submit(call, &r->base, STORE_WRITE, "cluster_group_rename", store_group_rename,
                   finish_rename);
    }
}

static void finish_update(struct api_call *call, struct store_request *done)
{
    publish(call, done, "cluster-group-updated", call->params[0], NULL);
    response_empty(call, done->revision);
}

static void change(struct api_call *call, bool patch)
{
    struct store_group_request *r = new_request(call);

    if (r != NULL && read_body(call, &r->body)) {
        r->if_match = http_header_get(call->http, "If-Match");
        r->patch = patch;
        api_submit(call, &r->base, STORE_WRITE, "cluster_group_update", store_group_update,
                   finish_update);
    }
}

void handle_cluster_group_put(struct api_call *call)
{
    change(call, false);
}

void handle_cluster_group_patch(struct api_call *call)
{
    change(call, true);
}

static void finish_delete(struct api_call *call, struct store_request *done)
{
    publish(call, done, "cluster-group-deleted", call->params[0], NULL);
    response_empty(call, done->revision);
}

void handle_cluster_group_delete(struct api_call *call)
{
    struct store_group_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_WRITE, "cluster_group_delete", store_group_delete,
                   finish_delete);
    }
}
