/* response.h - answers in Incus' envelope. Each ends the call. */
#ifndef LBSTATE_API_RESPONSE_H
#define LBSTATE_API_RESPONSE_H

#include "api/api.h"

/* An answer whose metadata is written as it goes:
 *     struct response r;
 *     response_begin(&r);
 *     json_...(&r.json, ...);         exactly one value
 *     response_send(&r, call, etag);
 */
struct response {
    struct buffer body;
    struct json_writer json;
};

void response_begin(struct response *response);

/* 200. ETAG (without quotes) and REVISION (0: unknown) become headers. */
void response_send(struct response *response, struct api_call *call, const char *etag,
                   int64_t revision);

/* Gives up what was begun; the call is not ended by it. */
void response_discard(struct response *response);

/* 200 with the metadata {}, as after a change. */
void response_empty(struct api_call *call, int64_t revision);

/* 201. URL (url.h), which is closed, becomes the Location. */
void response_created(struct api_call *call, struct buffer *url, int64_t revision);

/* 202 with an operation, which is done. */
void response_operation(struct api_call *call, const struct operation *operation, int64_t revision);

/* 202 with any operation, whose JSON is written in between. */
void response_operation_begin(struct response *response, const char *id);
void response_operation_send(struct response *response, struct api_call *call, const char *id,
                             int64_t revision);

/* {"type":"error",...} with the error's HTTP status. Where a write may have been
 * applied, the header Lbstate-Outcome is "unknown". */
void response_error(struct api_call *call, const struct error *error);

/* 421: not this member; UNKNOWN: but it may have been applied here. For the member that
 * forwarded the request. */
void response_not_leader(struct api_call *call, bool unknown);

#endif
