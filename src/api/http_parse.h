/* http_parse.h - from bytes to a request.
 *
 * The head is taken apart by http_head.c and checked here; llhttp judges the
 * fields once more and takes the body out of its framing. Nothing here does
 * I/O. */
#ifndef LBSTATE_API_HTTP_PARSE_H
#define LBSTATE_API_HTTP_PARSE_H

#include "api/http.h"
#include "api/http_head.h"

#include <llhttp.h>

enum http_parse_result {
    HTTP_PARSE_MORE,   /* All bytes were taken, and the request isn't complete. */
    HTTP_PARSE_HEADER, /* The header is complete, a body follows: call again. */
    HTTP_PARSE_DONE,   /* The request is complete. */
    HTTP_PARSE_FAILED  /* See status and message; the connection can't be used on. */
};

struct http_parser {
    const struct http_limits *limits;
    struct http_head head;
    struct buffer text; /* The head as it came. */
    struct buffer body;
    bool in_body;
    bool complete;
    size_t size; /* Bytes of the message so far. */
    llhttp_t llhttp;
    /* Known from HTTP_PARSE_HEADER or HTTP_PARSE_DONE on. */
    bool keep_alive;
    bool expects_continue;
    /* Known when it failed. */
    unsigned status;
    const char *message;
};

/* LIMITS are borrowed. */
void http_parser_init(struct http_parser *parser, const struct http_limits *limits);
void http_parser_close(struct http_parser *parser);

/* For the next request; keeps no more than a little memory. */
void http_parser_reset(struct http_parser *parser);

/* Takes bytes up to the end of the request, *RET_USED of them; from the end of
 * the header on, REQUEST is filled, with memory of its arena. */
enum http_parse_result http_parser_execute(struct http_parser *parser, struct http_request *request,
                                           const char *data, size_t size, size_t *ret_used);

#endif
