/* events_get.c - GET /1.0/events. */
#include "api/handlers.h"

#include "api/response.h"
#include "api/websocket_handshake.h"
#include "lb/config_key.h"
#include "lb/project.h"
#include "store/projects.h"

#include <string.h>

struct events_call {
    struct store_project_request project; /* Looks whether it is there. */
    unsigned types;
    bool all_projects;
};

/* "lifecycle,logging"; all if TEXT is NULL or empty. */
static int parse_types(const char *text, unsigned *ret_types, struct error *error)
{
    unsigned types = 0;

    if (text == NULL || *text == '\0') {
        *ret_types = EVENT_TYPES_ALL;
        return ERROR_NONE;
    }
    for (;;) {
        size_t size = strcspn(text, ",");
        enum event_type type;

        if (!event_type_parse(text, size, &type)) {
            return error_set(error, ERROR_INVALID, "\"%.*s\" isn't a supported event type",
                             (int)(size < 64 ? size : 64), text);
        }
        types |= EVENT_TYPE_BIT(type);
        if (text[size] == '\0') {
            *ret_types = types;
            return ERROR_NONE;
        }
        text += size + 1;
    }
}

/* As Go's library refuses it. */
static void refuse_handshake(struct api_call *call)
{
    static const char text[] = "Bad Request\n";
    static const struct http_header headers[] = {
        {"Content-Type", "text/plain; charset=utf-8"},
        {"Sec-Websocket-Version", "13"},
        {"X-Content-Type-Options", "nosniff"},
    };

    http_respond(call->http, 400, headers, 3, text, sizeof text - 1);
}

static void upgrade(struct api_call *call, const struct events_call *events)
{
    struct error error;

    if (!websocket_is_asked(call->http)) {
        refuse_handshake(call);
        return;
    }
    if (event_sockets_add(&call->api->event_sockets, call->http, events->types,
                          events->all_projects ? NULL : call->project, &error) != ERROR_NONE) {
        response_error(call, &error);
    }
}

static void finish_find(struct api_call *call, struct store_request *done)
{
    upgrade(call, (const struct events_call *)(const void *)done);
}

void handle_events_get(struct api_call *call)
{
    struct events_call *events = api_alloc(call, sizeof *events);
    const char *project = http_query_get(call->http, "project");
    struct error error;

    if (events == NULL) {
        return;
    }
    events->all_projects = config_is_true(http_query_get(call->http, "all-projects"));
    if (events->all_projects && project != NULL && *project != '\0') {
        error_set(&error, ERROR_INVALID, "Cannot specify a project when requesting all projects");
        response_error(call, &error);
    } else if (parse_types(http_query_get(call->http, "type"), &events->types, &error) !=
               ERROR_NONE) {
        response_error(call, &error);
    } else if (call->api->stopping) {
        error_set(&error, ERROR_UNAVAILABLE, "lbstate is shutting down");
        response_error(call, &error);
    } else if (events->all_projects || strcmp(call->project, PROJECT_DEFAULT) == 0) {
        upgrade(call, events);
    } else {
        events->project.name = call->project;
        api_submit(call, &events->project.base, STORE_READ, "project_get", store_project_get,
                   finish_find);
    }
}
