/* http_client.h - the HTTP/1.1 client of the tests.
 *
 * Speaks to a Unix socket, one request a connection, and gives the answer back
 * as it came. It shares no code with the product, so that a mistake of ours on
 * one side of the wire isn't undone by the same mistake on the other. May be
 * used from any number of threads. */
#ifndef LBSTATE_TEST_LIB_HTTP_CLIENT_H
#define LBSTATE_TEST_LIB_HTTP_CLIENT_H

#include <stddef.h>

enum http_outcome {
    HTTP_ANSWERED,
    HTTP_NOT_SENT,  /* There was no connection: the server can't have seen it. */
    HTTP_NO_ANSWER, /* Sent at least in part, but no whole answer came back. */
    HTTP_MALFORMED, /* What came back isn't HTTP/1.1. */
};

struct http_request {
    const char *method;
    const char *path;           /* As it is to be sent, with the query. */
    const char *const *headers; /* "Name: value", NULL at the end; may be NULL. */
    const char *body;           /* NULL: none, and no Content-Length. */
    size_t body_size;
};

struct http_answer {
    int status;
    char *head; /* The header lines, each ending in "\r\n". */
    char *body; /* Without chunking; NUL-terminated beyond its size. */
    size_t body_size;
};

/* Waits for the whole answer, for at most TIMEOUT_MS. RET_ANSWER is set for
 * HTTP_ANSWERED only, and then belongs to the caller. */
enum http_outcome http_send(const char *socket_path, const struct http_request *request,
                            int timeout_ms, struct http_answer *ret_answer);

/* The same with no headers beyond Content-Type, for a body that is text or NULL. */
enum http_outcome http_call(const char *socket_path, const char *method, const char *path,
                            const char *body, struct http_answer *ret_answer);

/* The value of header NAME (any case) as a new string, or NULL if it is absent. */
char *http_answer_header(const struct http_answer *answer, const char *name);

/* Takes an answer that was zeroed, too. */
void http_answer_close(struct http_answer *answer);

#endif
