/* peer_response.h - the answer to a request between members, from its bytes.
 *
 * Incremental, and pure but for the arena: bytes may come one by one. Strict and bounded like
 * the server: an answer says how long it is, or it can't be told from one that was cut. */
#ifndef LBSTATE_CLUSTER_PEER_RESPONSE_H
#define LBSTATE_CLUSTER_PEER_RESPONSE_H

#include "base/buffer.h"
#include "cluster/peers.h"

#include <llhttp.h>

#define PEER_HEADER_SIZE_MAX  (64 * 1024)
#define PEER_HEADER_COUNT_MAX 100

struct peer_response {
    /* Read-only. What is known of it goes to the request: status, headers, body. */
    bool begun;      /* A byte of it came. */
    bool complete;   /* All of it did. */
    bool keep_alive; /* The connection can be used again; once complete. */

    /* Private. */
    llhttp_t llhttp;
    struct peer_request *request;
    struct error error;
    bool in_body;
    size_t head_size;     /* Raw bytes. */
    size_t size;          /* Raw bytes of all. */
    struct buffer fields; /* Name, NUL, value, NUL, ... */
    size_t n_fields;
    struct buffer body;
};

/* A zeroed one is valid, too. REQUEST gets the answer; its method says whether it has a body. */
void peer_response_begin(struct peer_response *response, struct peer_request *request);
void peer_response_close(struct peer_response *response);

/* Takes bytes up to the end of the answer, *RET_USED of them. Not to be called again after it
 * was complete or failed. ERROR_PROTOCOL, ERROR_TOO_LARGE, ERROR_NO_MEMORY. */
int peer_response_feed(struct peer_response *response, const char *data, size_t size,
                       size_t *ret_used, struct error *error);

#endif
