#include "api/api.h"

#include "api/cluster_call.h"
#include "api/forward.h"
#include "api/response.h"
#include "api/route.h"
#include "api/url.h"
#include "base/log.h"
#include "lb/project.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void respond(struct api_call *call, enum error_code code, const char *message)
{
    struct error error;

    error_set(&error, code, "%s", message);
    response_error(call, &error);
}

void *api_alloc(struct api_call *call, size_t size)
{
    void *memory = arena_calloc(&call->http->arena, 1, size);

    if (memory == NULL) {
        respond(call, ERROR_NO_MEMORY, "Out of memory");
    }
    return memory;
}

const char *api_location(const struct api *api)
{
    return cluster_call_is_clustered(api) ? cluster_own_name(api->cluster) : "none";
}

bool api_is_recursive(struct api_call *call)
{
    const char *text = http_query_get(call->http, "recursion");
    char *end;
    long value;

    if (text == NULL || *text == '\0') {
        return false;
    }
    errno = 0;
    value = strtol(text, &end, 10);
    return errno == 0 && *end == '\0' && value > 0;
}

void api_submit(struct api_call *call, struct store_request *request, enum store_kind kind,
                const char *name, store_run run,
                void (*finish)(struct api_call *call, struct store_request *done))
{
    call->finish = finish;
    forward_submit(call, request, kind, name, run);
}

/* With Go's names for what must be escaped. */
static void append_html(struct buffer *buffer, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            buffer_append_string(buffer, "&amp;");
            break;
        case '<':
            buffer_append_string(buffer, "&lt;");
            break;
        case '>':
            buffer_append_string(buffer, "&gt;");
            break;
        case '"':
        case '\'':
            buffer_printf(buffer, "&#%d;", *text);
            break;
        default:
            buffer_append_char(buffer, *text);
            break;
        }
    }
}

/* As Go's ServeMux does with a path that isn't clean; false: it is. */
static bool redirect_to_clean_path(struct api_call *call)
{
    struct http_request *http = call->http;
    struct http_header headers[] = {{"Content-Type", "text/html; charset=utf-8"},
                                    {"Location", NULL}};
    struct buffer body = {0};
    char *clean;

    if (strstr(http->path, "//") == NULL && strstr(http->path, "/.") == NULL) {
        return false;
    }
    clean = url_clean_path(&http->arena, http->path);
    if (clean != NULL && strcmp(clean, http->path) == 0) {
        return false;
    }
    if (clean != NULL && http->query[0] != '\0') {
        clean = arena_printf(&http->arena, "%s?%s", clean, http->query);
    }
    if (clean == NULL) {
        respond(call, ERROR_NO_MEMORY, "Out of memory");
        return true;
    }
    headers[1].value = clean;
    buffer_append_string(&body, "<a href=\"");
    append_html(&body, clean);
    buffer_append_string(&body, "\">Temporary Redirect</a>.\n\n");
    http_respond_take(http, 307, headers, 2, &body);
    return true;
}

/* HEAD is known, too: it is a method that no path has. */
static bool is_known_method(const char *method)
{
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(method, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void respond_unknown_method(struct api_call *call)
{
    struct error error;

    error_set(&error, ERROR_NOT_FOUND, "Method \"%s\" not found", call->http->method);
    response_error(call, &error);
}

static bool is_write(const char *method)
{
    return strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 &&
           strcmp(method, "OPTIONS") != 0;
}

/* A page of another site in a browser on this machine must not reach us. */
static bool is_cross_site(const struct http_request *http)
{
    const char *site = http_header_get(http, "Sec-Fetch-Site");

    return site != NULL && (strcmp(site, "cross-site") == 0 || strcmp(site, "same-site") == 0);
}

/* /1.0 and all below it, but for the metrics: how lbstate does is asked above all
 * while it doesn't get ready. */
static bool needs_store(const char *path)
{
    static const char root[] = "/1.0";
    size_t size = sizeof root - 1;

    return strncmp(path, root, size) == 0 && (path[size] == '\0' || path[size] == '/') &&
           strcmp(path, "/1.0/metrics") != 0;
}

/* A token lets a node ask to be taken in, and do nothing else. */
static bool is_forbidden(const struct http_request *http)
{
    return http->peer.kind == HTTP_PEER_TOKEN &&
           (strcmp(http->method, "POST") != 0 || strcmp(http->path, "/internal/cluster/join") != 0);
}

/* All members have the same records, so it doesn't matter which one is meant; but it must be
 * there. A server that stands alone doesn't look, as Incus. */
static bool has_unknown_target(struct api_call *call)
{
    const char *target;
    const struct directory *directory;
    bool unknown;

    if (!cluster_call_is_clustered(call->api) || strncmp(call->http->path, "/1.0", 4) != 0) {
        return false;
    }
    target = http_query_get(call->http, "target");
    if (target == NULL || *target == '\0') {
        return false;
    }
    directory = cluster_directory(call->api->cluster);
    unknown = directory_by_name(directory, target) == NULL;
    directory_free(directory);
    return unknown;
}

/* Whoever forwarded a request to a node that isn't there for it looks for another one. */
static void respond_unavailable(struct api_call *call, const char *message)
{
    if (forward_is_bound(call->http)) {
        response_not_leader(call, false);
    } else {
        respond(call, ERROR_UNAVAILABLE, message);
    }
}

static void dispatch(struct api_call *call)
{
    struct http_request *http = call->http;
    api_handler handler;

    switch (route_find(api_routes, api_n_routes, http->method, http->path, &http->arena,
                       call->params, &handler)) {
    case ROUTE_FOUND:
        handler(call);
        break;
    case ROUTE_NOT_FOUND:
        respond(call, ERROR_NOT_FOUND, "not found");
        break;
    case ROUTE_NOT_IMPLEMENTED:
        if (is_known_method(http->method)) {
            respond(call, ERROR_NOT_IMPLEMENTED, "not implemented");
        } else {
            respond_unknown_method(call);
        }
        break;
    case ROUTE_BAD_PATH:
        respond(call, ERROR_INVALID, "The path has an invalid percent-encoding");
        break;
    }
}

void api_handle(struct http_request *http, void *data)
{
    struct api *api = data;
    struct api_call *call = arena_calloc(&http->arena, 1, sizeof *call);
    static const char no_memory[] = "Out of memory\n";
    const char *project;

    if (call == NULL) {
        http_respond(http, 500, NULL, 0, no_memory, sizeof no_memory - 1);
        return;
    }
    http->data = call;
    call->api = api;
    call->http = http;
    project = http_query_get(http, "project");
    call->project = project == NULL || *project == '\0' ? PROJECT_DEFAULT : project;
    log_event(LOG_LEVEL_DEBUG, "api", "Request", LOG_TEXT("method", http->method),
              LOG_TEXT("path", http->path), LOG_INTEGER("uid", http->peer.uid),
              LOG_INTEGER("pid", http->peer.pid));
    if (is_cross_site(http)) {
        respond(call, ERROR_FORBIDDEN, "Forbidden Sec-Fetch-Site header value");
    } else if (is_forbidden(http)) {
        respond(call, ERROR_FORBIDDEN, "A join token is good for joining only");
    } else if (strcmp(http->method, "OPTIONS") == 0) {
        http_respond(http, 200, NULL, 0, NULL, 0);
    } else if (redirect_to_clean_path(call)) {
        return;
    } else if (api->stopping && is_write(http->method)) {
        respond_unavailable(call, "lbstate is shutting down");
    } else if (!api->ready && needs_store(http->path)) {
        respond_unavailable(call, "Daemon is starting up");
    } else if (has_unknown_target(call)) {
        respond(call, ERROR_NOT_FOUND, "Cluster member not found");
    } else {
        dispatch(call);
    }
}
