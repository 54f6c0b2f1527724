/* projects.c - /1.0/projects. */
#include "api/handlers.h"

#include "api/forward.h"
#include "api/lifecycle.h"
#include "api/list.h"
#include "api/response.h"
#include "api/url.h"
#include "api/used_by.h"
#include "lb/body.h"
#include "lb/etag.h"
#include "lb/project.h"
#include "lb/project_state.h"
#include "store/projects.h"

static struct store_project_request *new_request(struct api_call *call)
{
    struct store_project_request *r = api_alloc(call, sizeof *r);

    if (r != NULL) {
        r->name = call->params[0];
    }
    return r;
}

/* False: the call has been answered, and its memory is gone. */
static bool read_body(struct api_call *call, const struct project_body **ret_body)
{
    struct project_body *body = api_alloc(call, sizeof *body);
    struct error error;

    if (body == NULL) {
        return false;
    }
    if (body_project(call->http->body, call->http->body_size, &call->http->arena, body, &error) !=
        ERROR_NONE) {
        response_error(call, &error);
        return false;
    }
    *ret_body = body;
    return true;
}

static void write_project(struct json_writer *w, const struct store_project *p)
{
    json_write_object_begin(w);
    json_write_key(w, "config");
    json_write_object_begin(w);
    for (size_t i = 0; i < p->project.config.n_pairs; i++) {
        json_write_key(w, p->project.config.pairs[i].key);
        json_write_string(w, p->project.config.pairs[i].value);
    }
    json_write_object_end(w);
    json_write_key(w, "description");
    json_write_string(w, p->project.description);
    json_write_key(w, "name");
    json_write_string(w, p->project.name);
    json_write_key(w, "used_by");
    used_by_to_json(w, p->used_by, p->n_used_by);
    json_write_object_end(w);
}

static void write_record(struct json_writer *w, const struct store_request *done, size_t i)
{
    write_project(w, &((const struct store_project_request *)done)->projects[i]);
}

static void append_url(struct buffer *url, const struct store_request *done, size_t i)
{
    const struct store_project_request *r = (const struct store_project_request *)done;

    url_append_project(url, r->projects[i].project.name);
}

static const struct filter_field fields[] = {
    {.name = "config", .type = FILTER_MAP},
    {.name = "description", .type = FILTER_STRING},
    {.name = "name", .type = FILTER_STRING},
    {.name = "used_by", .type = FILTER_STRINGS},
    {0},
};

static const struct list list = {
    .fields = fields,
    .write_record = write_record,
    .append_url = append_url,
};

static void finish_list(struct api_call *call, struct store_request *done)
{
    list_send(call, &list, done, ((const struct store_project_request *)done)->n_projects);
}

void handle_projects_get(struct api_call *call)
{
    struct store_project_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "project_list", store_project_list, finish_list);
    }
}

static void finish_get(struct api_call *call, struct store_request *done)
{
    const struct store_project_request *r = (const struct store_project_request *)done;
    struct response response;
    char etag[ETAG_SIZE];
    struct error error;

    if (etag_project(&r->projects[0].project, etag, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    response_begin(&response);
    write_project(&response.json, &r->projects[0]);
    response_send(&response, call, etag, done->revision);
}

void handle_project_get(struct api_call *call)
{
    struct store_project_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "project_get", store_project_get, finish_get);
    }
}

/* OLD_NAME is NULL unless it was renamed. */
static void publish(struct api_call *call, const struct store_request *done, const char *action,
                    const char *name, const char *old_name)
{
    struct buffer url = {0};

    url_append_project(&url, name);
    lifecycle_publish(call, done, action, name, &url, old_name);
}

static void finish_create(struct api_call *call, struct store_request *done)
{
    const struct store_project_request *r = (const struct store_project_request *)done;
    struct buffer url = {0};

    publish(call, done, "project-created", r->body->name, NULL);
    url_append_project(&url, r->body->name);
    response_created(call, &url, done->revision);
}

void handle_projects_post(struct api_call *call)
{
    struct store_project_request *r = new_request(call);
    struct error error;

    if (r == NULL || !read_body(call, &r->body)) {
        return;
    }
    if (project_validate_name(r->body->name == NULL ? "" : r->body->name, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    api_submit(call, &r->base, STORE_WRITE, "project_create", store_project_create, finish_create);
}

static void answer_rename(struct api_call *call, int64_t revision)
{
    const struct operation *operation;
    struct error error;

    if (operations_add(&call->api->operations, "Renaming project", clock_monotonic_us(), &operation,
                       &error) != ERROR_NONE) {
        response_error(call, &error);
    } else {
        operation_publish(operation, api_location(call->api), &call->api->events);
        response_operation(call, operation, revision);
    }
}

static void finish_rename(struct api_call *call, struct store_request *done)
{
    const struct store_project_request *r = (const struct store_project_request *)done;

    publish(call, done, "project-renamed", r->body->name, r->name);
    answer_rename(call, done->revision);
}

/* The leader has an operation for it, too; a client asks for it where it is told of it. */
static void finish_rename_forwarded(struct api_call *call, const struct peer_request *answer)
{
    answer_rename(call, forward_revision(answer));
}

/* Incus answers before it has looked, and tells what is wrong in the operation. */
void handle_project_post(struct api_call *call)
{
    struct store_project_request *r = new_request(call);
    struct error error;

    if (r == NULL || !read_body(call, &r->body)) {
        return;
    }
    if (project_validate_name(r->body->name == NULL ? "" : r->body->name, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    call->finish_forwarded = finish_rename_forwarded;
    api_submit(call, &r->base, STORE_WRITE, "project_rename", store_project_rename, finish_rename);
}

static void finish_state(struct api_call *call, struct store_request *done)
{
    const struct store_project_request *r = (const struct store_project_request *)done;
    struct response response;

    response_begin(&response);
    project_state_to_json(&response.json, &r->projects[0].project, r->projects[0].n_used_by);
    response_send(&response, call, NULL, done->revision);
}

void handle_project_state_get(struct api_call *call)
{
    struct store_project_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "project_state", store_project_get, finish_state);
    }
}

static void finish_update(struct api_call *call, struct store_request *done)
{
    const struct store_project_request *r = (const struct store_project_request *)done;

    publish(call, done, "project-updated", r->name, NULL);
    response_empty(call, done->revision);
}

static void change(struct api_call *call, bool patch)
{
    struct store_project_request *r = new_request(call);

    if (r != NULL && read_body(call, &r->body)) {
        r->if_match = http_header_get(call->http, "If-Match");
        r->patch = patch;
        api_submit(call, &r->base, STORE_WRITE, "project_update", store_project_update,
                   finish_update);
    }
}

void handle_project_put(struct api_call *call)
{
    change(call, false);
}

void handle_project_patch(struct api_call *call)
{
    change(call, true);
}

static void finish_delete(struct api_call *call, struct store_request *done)
{
    const struct store_project_request *r = (const struct store_project_request *)done;

    publish(call, done, "project-deleted", r->name, NULL);
    response_empty(call, done->revision);
}

void handle_project_delete(struct api_call *call)
{
    struct store_project_request *r = new_request(call);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_WRITE, "project_delete", store_project_delete,
                   finish_delete);
    }
}
