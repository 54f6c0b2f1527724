/* events.c - /1.0/events. */
#include "api/handlers.h"

#include "api/response.h"

/* Events come over a WebSocket, which isn't served; what isn't a request for one is
 * answered as Incus does. */
void handle_events_get(struct api_call *call)
{
    static const char text[] = "Bad Request\n";
    static const struct http_header headers[] = {
        {"Content-Type", "text/plain; charset=utf-8"},
        {"X-Content-Type-Options", "nosniff"},
    };
    struct error error;

    if (http_header_get(call->http, "Upgrade") == NULL) {
        http_respond(call->http, 400, headers, 2, text, sizeof text - 1);
        return;
    }
    error_set(&error, ERROR_NOT_IMPLEMENTED, "Events are not implemented");
    response_error(call, &error);
}
