/* http_head.h - where the head of a request ends, and whether its lines are sound.
 *
 * Pure and incremental: bytes may come one by one. It splits the request line,
 * holds every line to CRLF, and counts, so that nothing is kept that is over a
 * limit. What stands in the fields is not its concern. */
#ifndef LBSTATE_API_HTTP_HEAD_H
#define LBSTATE_API_HTTP_HEAD_H

#include "api/http.h"

enum http_head_result {
    HTTP_HEAD_MORE,  /* All bytes were taken, the head goes on. */
    HTTP_HEAD_DONE,  /* The empty line was taken. */
    HTTP_HEAD_FAILED /* See status and message. */
};

enum http_head_state {
    HTTP_HEAD_START,
    HTTP_HEAD_START_LF,
    HTTP_HEAD_METHOD,
    HTTP_HEAD_TARGET,
    HTTP_HEAD_VERSION,
    HTTP_HEAD_VERSION_LF,
    HTTP_HEAD_FIELD_START,
    HTTP_HEAD_FIELD,
    HTTP_HEAD_FIELD_LF,
    HTTP_HEAD_END_LF
};

/* Offsets count from the first byte of the message. */
struct http_head {
    enum http_head_state state;
    size_t size; /* Bytes taken so far. */
    size_t method;
    size_t target;
    size_t version;
    size_t fields;
    size_t n_fields;
    unsigned minor;      /* Of HTTP/1.x. */
    unsigned status;     /* Of the answer when it failed. */
    const char *message; /* Why. */
};

void http_head_init(struct http_head *head);

/* Takes bytes up to the end of the head, *RET_USED of them. Not to be called
 * again after it was done or failed. */
enum http_head_result http_head_scan(struct http_head *head, const struct http_limits *limits,
                                     const char *data, size_t size, size_t *ret_used);

/* True for the characters of methods and of field names (RFC 9110, "token"). */
bool http_head_is_token(char c);

#endif
