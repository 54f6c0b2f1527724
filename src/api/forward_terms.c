/* What a client, or the member that forwarded its request, says in headers and query. */
#include "api/forward.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So that an id has room for whose it is. */
#define KEY_SIZE_MAX 96

bool forward_is_bound(const struct http_request *http)
{
    return http->peer.kind == HTTP_PEER_MEMBER &&
           http_header_get(http, "Lbstate-Request-Id") != NULL;
}

static bool says_fresh(const struct http_request *http)
{
    const char *fresh = http_header_get(http, "Lbstate-Request-Fresh");

    return fresh != NULL && strcmp(fresh, "1") == 0;
}

bool forward_is_repeated(const struct http_request *http)
{
    return forward_is_bound(http) && !says_fresh(http);
}

/* Digits only: strtoul() would take blanks and signs, too. */
static bool parse_ms(const char *text, unsigned long *ret_ms)
{
    size_t size = strlen(text);

    if (size == 0 || size > 9 || strspn(text, "0123456789") != size) {
        return false;
    }
    *ret_ms = strtoul(text, NULL, 10);
    return true;
}

/* A member sends what is left, which may be less than a client can ask for. */
static int read_deadline(struct api_call *call, struct forward_terms *terms, struct error *error)
{
    const char *text = http_header_get(call->http, "Lbstate-Timeout-Ms");
    unsigned long min_ms = terms->is_bound ? 0 : API_TIMEOUT_MS_MIN;
    unsigned long ms = call->api->timeout_ms;

    if (text != NULL && (!parse_ms(text, &ms) || ms < min_ms || ms > API_TIMEOUT_MS_MAX)) {
        return error_set(error, ERROR_INVALID, "Lbstate-Timeout-Ms must be from %d to %d",
                         API_TIMEOUT_MS_MIN, API_TIMEOUT_MS_MAX);
    }
    terms->deadline_us = call->http->received_us + ms * UINT64_C(1000);
    return ERROR_NONE;
}

static int read_id_of_member(struct api_call *call, struct forward_terms *terms,
                             struct error *error)
{
    const char *id = http_header_get(call->http, "Lbstate-Request-Id");

    if (id[0] == '\0' || strlen(id) > STORE_REQUEST_ID_MAX) {
        return error_set(error, ERROR_INVALID, "Lbstate-Request-Id must have 1 to %d characters",
                         STORE_REQUEST_ID_MAX);
    }
    snprintf(terms->id, sizeof terms->id, "%s", id);
    terms->id_is_fresh = says_fresh(call->http);
    return ERROR_NONE;
}

static bool is_visible(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < '!' || *text > '~') {
            return false;
        }
    }
    return true;
}

/* With whose it is before it, so that nobody can meet the key of somebody else. */
static int read_key_of_client(struct api_call *call, struct forward_terms *terms,
                              struct error *error)
{
    const struct http_peer *peer = &call->http->peer;
    const char *key = http_header_get(call->http, "Idempotency-Key");

    if (key == NULL || strncmp(call->http->path, "/1.0", strlen("/1.0")) != 0) {
        return ERROR_NONE;
    }
    if (key[0] == '\0' || strlen(key) > KEY_SIZE_MAX || !is_visible(key)) {
        return error_set(error, ERROR_INVALID,
                         "Idempotency-Key must have 1 to %d visible ASCII characters",
                         KEY_SIZE_MAX);
    }
    if (peer->kind == HTTP_PEER_LOCAL) {
        snprintf(terms->id, sizeof terms->id, "u%u:%s", (unsigned)peer->uid, key);
    } else {
        snprintf(terms->id, sizeof terms->id, "m%" PRIu64 ":%s", peer->member_id, key);
    }
    return ERROR_NONE;
}

static int read_consistency(struct api_call *call, struct forward_terms *terms, struct error *error)
{
    const char *text = http_query_get(call->http, "consistency");

    if (text == NULL || strcmp(text, "linearizable") == 0) {
        return ERROR_NONE;
    }
    if (strcmp(text, "local") != 0) {
        return error_set(error, ERROR_INVALID, "consistency must be linearizable or local");
    }
    terms->is_local = true;
    return ERROR_NONE;
}

int forward_read_terms(struct api_call *call, enum store_kind kind, struct forward_terms *ret_terms,
                       struct error *error)
{
    struct forward_terms terms = {.is_bound = forward_is_bound(call->http)};
    int code = read_deadline(call, &terms, error);

    if (code == ERROR_NONE && strcmp(call->http->method, "GET") == 0) {
        code = read_consistency(call, &terms, error);
    }
    if (code == ERROR_NONE && terms.is_bound) {
        code = read_id_of_member(call, &terms, error);
    } else if (code == ERROR_NONE && kind == STORE_WRITE) {
        code = read_key_of_client(call, &terms, error);
    }
    if (code == ERROR_NONE) {
        *ret_terms = terms;
    }
    return code;
}
