/* http_response.h - what an answer looks like on the wire. */
#ifndef LBSTATE_API_HTTP_RESPONSE_H
#define LBSTATE_API_HTTP_RESPONSE_H

#include "api/http.h"

/* What the answer says about the connection. */
enum http_persistence {
    HTTP_CLOSE,      /* "Connection: close" */
    HTTP_KEEP,       /* Nothing: HTTP/1.1 keeps connections. */
    HTTP_KEEP_ALIVE, /* "Connection: keep-alive", for HTTP/1.0. */
};

/* Appends the head of an answer with a body of BODY_SIZE bytes. Returns false,
 * with nothing appended, if a header would break the framing: if a control
 * character stands in it, or its name isn't one. */
bool http_response_head(struct buffer *out, unsigned status, const struct http_header *headers,
                        size_t n_headers, size_t body_size, enum http_persistence persistence);

/* True for the statuses that never have a body (RFC 9110, 6.4.1). */
bool http_response_is_bodiless(unsigned status);

#define HTTP_DATE_SIZE 30 /* "Sun, 06 Nov 1994 08:49:37 GMT" and a NUL. */
void http_date_text(int64_t wall_s, char out[HTTP_DATE_SIZE]);

#endif
