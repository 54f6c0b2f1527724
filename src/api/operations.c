/* operations.c - operations that are done, and /1.0/operations. */
#include "api/operations.h"

#include "api/handlers.h"
#include "api/response.h"
#include "lb/config_key.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#define PATH "/1.0/operations/"

int operations_add(struct operations *operations, const char *description, uint64_t now_us,
                   const struct operation **ret_operation, struct error *error)
{
    struct operation *o = &operations->ring[operations->next];
    unsigned char b[16];

    if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b) {
        return error_set(error, ERROR_INTERNAL, "The kernel gave no random bytes");
    }
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40); /* Version 4: random. */
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    operations->next = (operations->next + 1) % OPERATIONS_MAX;
    snprintf(o->id, sizeof o->id,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
             b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
             b[15]);
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

void operation_to_json(struct json_writer *w, const struct operation *o)
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
    write_member(w, "location", "none");
    json_write_object_end(w);
}

void operation_publish(const struct operation *operation, struct events *events)
{
    struct event event = {.type = EVENT_OPERATION};
    struct buffer metadata = {0};
    struct json_writer w;

    json_writer_init(&w, &metadata, true);
    operation_to_json(&w, operation);
    event.metadata = buffer_failed(&metadata) ? NULL : metadata.data;
    event.metadata_size = metadata.size;
    events_publish(events, &event);
    buffer_close(&metadata);
}

/* By status, of which there is one. */
void handle_operations_get(struct api_call *call)
{
    const struct operations *operations = &call->api->operations;
    uint64_t now_us = clock_monotonic_us();
    const char *project = http_query_get(call->http, "project");
    bool recursive = api_is_recursive(call);
    struct response response;
    bool any = false;

    if (project != NULL && *project != '\0' &&
        config_is_true(http_query_get(call->http, "all-projects"))) {
        struct error error;

        error_set(&error, ERROR_INVALID, "Cannot specify a project when requesting all projects");
        response_error(call, &error);
        return;
    }
    response_begin(&response);
    json_write_object_begin(&response.json);
    for (size_t i = 0; i < OPERATIONS_MAX; i++) {
        const struct operation *o = &operations->ring[(operations->next + i) % OPERATIONS_MAX];
        char url[sizeof PATH + OPERATION_ID_SIZE];

        if (!operation_is_kept(o, now_us)) {
            continue;
        }
        if (!any) {
            json_write_key(&response.json, "success");
            json_write_array_begin(&response.json);
            any = true;
        }
        if (recursive) {
            operation_to_json(&response.json, o);
        } else {
            snprintf(url, sizeof url, PATH "%s", o->id);
            json_write_string(&response.json, url);
        }
    }
    if (any) {
        json_write_array_end(&response.json);
    }
    json_write_object_end(&response.json);
    response_send(&response, call, NULL, 0);
}

/* On failure the call has been answered. */
static const struct operation *find(struct api_call *call)
{
    const struct operation *o =
        operations_find(&call->api->operations, call->params[0], clock_monotonic_us());
    struct error error;

    if (o == NULL) {
        error_set(&error, ERROR_NOT_FOUND, "Operation not found");
        response_error(call, &error);
    }
    return o;
}

/* To wait for one that is done is to get it. */
void handle_operation_get(struct api_call *call)
{
    const struct operation *o = find(call);
    struct response response;

    if (o != NULL) {
        response_begin(&response);
        operation_to_json(&response.json, o);
        response_send(&response, call, NULL, 0);
    }
}

void handle_operation_delete(struct api_call *call)
{
    struct error error;

    if (find(call) != NULL) {
        error_set(&error, ERROR_INVALID, "Only running operations can be cancelled");
        response_error(call, &error);
    }
}
