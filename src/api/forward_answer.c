/* The leader's answer, on its way to the client. */
#include "api/forward.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What a handler sets; the rest is between two members only. */
static bool goes_through(const char *name)
{
    static const char *const names[] = {"Content-Type", "Etag", "Location", "Retry-After",
                                        "X-Content-Type-Options"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcasecmp(name, names[i]) == 0) {
            return true;
        }
    }
    return strncasecmp(name, "Lbstate-", strlen("Lbstate-")) == 0;
}

/* The server's own 503, before any handler, has no Retry-After: it stops, or is full. */
bool forward_is_refused(const struct peer_request *answer)
{
    return (answer->status == 421 && peer_header_get(answer, "Lbstate-Not-Leader") != NULL) ||
           (answer->status == 503 && peer_header_get(answer, "Retry-After") == NULL);
}

int64_t forward_revision(const struct peer_request *answer)
{
    const char *text = peer_header_get(answer, "Lbstate-Revision");

    return text == NULL ? 0 : strtoll(text, NULL, 10);
}

void forward_pass_on(struct api_call *call, const struct peer_request *answer)
{
    struct http_header headers[16];
    size_t n_headers = 0;

    for (size_t i = 0; i < answer->n_response_headers; i++) {
        const struct peer_header *header = &answer->response_headers[i];

        if (n_headers < sizeof headers / sizeof headers[0] && goes_through(header->name)) {
            headers[n_headers++] =
                (struct http_header){.name = header->name, .value = header->value};
        }
    }
    http_respond(call->http, answer->status, headers, n_headers, answer->response_body,
                 answer->response_size);
}
