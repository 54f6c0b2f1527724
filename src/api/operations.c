/* operations.c - operations that are done, and /1.0/operations. */
#include "api/operations.h"

#include "api/cluster_call.h"
#include "api/cluster_tokens.h"
#include "api/handlers.h"
#include "api/response.h"
#include "lb/config_key.h"
#include "lb/project.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#define PATH "/1.0/operations/"

int operation_make_id(char out[OPERATION_ID_SIZE], struct error *error)
{
    unsigned char b[16];

    if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b) {
        return error_set(error, ERROR_INTERNAL, "The kernel gave no random bytes");
    }
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40); /* Version 4: random. */
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(out, OPERATION_ID_SIZE,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
             b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
             b[15]);
    return ERROR_NONE;
}

int operations_add(struct operations *operations, const char *description, uint64_t now_us,
                   const struct operation **ret_operation, struct error *error)
{
    struct operation *o = &operations->ring[operations->next];
    char id[OPERATION_ID_SIZE];
    int rv = operation_make_id(id, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    operations->next = (operations->next + 1) % OPERATIONS_MAX;
    memcpy(o->id, id, sizeof id);
    o->description = description;
    o->done_us = now_us;
    clock_wall_text(o->done_at);
    *ret_operation = o;
    return ERROR_NONE;
}

bool operation_is_kept(const struct operation *operation, uint64_t now_us)
{
    return operation->id[0] != '\0' && now_us - operation->done_us < OPERATION_KEPT_US;
}

const struct operation *operations_find(const struct operations *operations, const char *id,
                                        uint64_t now_us)
{
    for (size_t i = 0; i < OPERATIONS_MAX; i++) {
        const struct operation *o = &operations->ring[i];

        if (operation_is_kept(o, now_us) && strcmp(o->id, id) == 0) {
            return o;
        }
    }
    return NULL;
}

static void write_member(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

static void write_empty(struct json_writer *w, const char *key)
{
    json_write_key(w, key);
    json_write_object_begin(w);
    json_write_object_end(w);
}

void operation_to_json(struct json_writer *w, const struct operation *o, const char *location)
{
    json_write_object_begin(w);
    write_member(w, "id", o->id);
    write_member(w, "class", "task");
    write_member(w, "description", o->description);
    write_member(w, "created_at", o->done_at);
    write_member(w, "updated_at", o->done_at);
    write_member(w, "status", "Success");
    json_write_key(w, "status_code");
    json_write_integer(w, 200);
    write_empty(w, "resources");
    write_empty(w, "metadata");
    json_write_key(w, "may_cancel");
    json_write_bool(w, false);
    write_member(w, "err", "");
    write_member(w, "location", location);
    json_write_object_end(w);
}

void operation_publish(const struct operation *operation, const char *location,
                       struct events *events)
{
    struct event event = {.type = EVENT_OPERATION};
    struct buffer metadata = {0};
    struct json_writer w;

    json_writer_init(&w, &metadata, true);
    operation_to_json(&w, operation, location);
    event.metadata = buffer_failed(&metadata) ? NULL : metadata.data;
    event.metadata_size = metadata.size;
    events_publish(events, &event);
    buffer_close(&metadata);
}

static void write_done(struct json_writer *w, struct api_call *call, bool recursive)
{
    const struct operations *operations = &call->api->operations;
    uint64_t now_us = clock_monotonic_us();
    bool any = false;

    for (size_t i = 0; i < OPERATIONS_MAX; i++) {
        const struct operation *o = &operations->ring[(operations->next + i) % OPERATIONS_MAX];
        char url[sizeof PATH + OPERATION_ID_SIZE];

        if (!operation_is_kept(o, now_us)) {
            continue;
        }
        if (!any) {
            json_write_key(w, "success");
            json_write_array_begin(w);
            any = true;
        }
        if (recursive) {
            operation_to_json(w, o, api_location(call->api));
        } else {
            snprintf(url, sizeof url, PATH "%s", o->id);
            json_write_string(w, url);
        }
    }
    if (any) {
        json_write_array_end(w);
    }
}

/* By status; DONE has the join tokens, which run (NULL: there is no cluster). */
static void send_list(struct api_call *call, const struct store_request *done)
{
    bool recursive = api_is_recursive(call);
    struct response response;

    response_begin(&response);
    json_write_object_begin(&response.json);
    if (done != NULL) {
        cluster_tokens_write(&response.json, call, done, recursive);
    }
    write_done(&response.json, call, recursive);
    json_write_object_end(&response.json);
    response_send(&response, call, NULL, done == NULL ? 0 : done->revision);
}

static void finish_list(struct api_call *call, struct store_request *done)
{
    send_list(call, done);
}

void handle_operations_get(struct api_call *call)
{
    const char *project = http_query_get(call->http, "project");
    bool all_projects = config_is_true(http_query_get(call->http, "all-projects"));
    struct error error;

    if (project != NULL && *project != '\0' && all_projects) {
        error_set(&error, ERROR_INVALID, "Cannot specify a project when requesting all projects");
        response_error(call, &error);
    } else if (cluster_call_is_clustered(call->api) &&
               (all_projects || strcmp(call->project, PROJECT_DEFAULT) == 0)) {
        cluster_tokens_load(call, finish_list);
    } else {
        send_list(call, NULL);
    }
}

static void not_found(struct api_call *call)
{
    struct error error;

    error_set(&error, ERROR_NOT_FOUND, "Operation not found");
    response_error(call, &error);
}

static const struct operation *find(const struct api_call *call)
{
    return operations_find(&call->api->operations, call->params[0], clock_monotonic_us());
}

static void finish_get_token(struct api_call *call, struct store_request *done)
{
    struct response response;

    response_begin(&response);
    if (cluster_token_write(&response.json, call, done, call->params[0])) {
        response_send(&response, call, NULL, done->revision);
    } else {
        response_discard(&response);
        not_found(call);
    }
}

/* To wait for one that is done is to get it; nobody waits for a token. */
void handle_operation_get(struct api_call *call)
{
    const struct operation *o = find(call);
    struct response response;

    if (o != NULL) {
        response_begin(&response);
        operation_to_json(&response.json, o, api_location(call->api));
        response_send(&response, call, NULL, 0);
    } else if (cluster_call_is_clustered(call->api)) {
        cluster_tokens_load(call, finish_get_token);
    } else {
        not_found(call);
    }
}

void handle_operation_delete(struct api_call *call)
{
    struct error error;

    if (find(call) != NULL) {
        error_set(&error, ERROR_INVALID, "Only running operations can be cancelled");
        response_error(call, &error);
    } else if (cluster_call_is_clustered(call->api)) {
        cluster_token_revoke(call, call->params[0]);
    } else {
        not_found(call);
    }
}
