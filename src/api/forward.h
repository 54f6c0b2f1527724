/* forward.h - where a request is carried out: in this node's store, or by the leader.
 *
 * A request that needs the store is tried where the leader is, and tried again elsewhere, with
 * the same id, until it has an answer or its time is up. A read of this node's store is
 * answered only after a majority confirmed that this node leads. Without a cluster
 * (api->leadership is NULL) there is one place.
 *
 * A try that may have been applied makes all later ones look their id up; if none of them
 * finds out what became of it, the client is told that the outcome is unknown. */
#ifndef LBSTATE_API_FORWARD_H
#define LBSTATE_API_FORWARD_H

#include "api/api.h"
#include "cluster/peers.h"

/* What the client of a call demands besides the request itself. */
struct forward_terms {
    uint64_t deadline_us;
    char id[STORE_REQUEST_ID_MAX + 1]; /* "": none was given. */
    bool id_is_fresh;
    bool is_bound; /* It was forwarded already: it is carried out here, or refused. */
    bool is_local; /* A read of this node's own copy. */
};

/* Whether HTTP was forwarded by another member. */
bool forward_is_bound(const struct http_request *http);

/* Whether it was, and an earlier try of it may have been carried out. */
bool forward_is_repeated(const struct http_request *http);

/* Reads them from headers and query. ERROR_INVALID: a value that can't be. */
int forward_read_terms(struct api_call *call, enum store_kind kind, struct forward_terms *ret_terms,
                       struct error *error);

/* Carries the call out; see api_submit(). */
void forward_submit(struct api_call *call, struct store_request *request, enum store_kind kind,
                    const char *name, store_run run);

/* Whether the answer says that its member doesn't lead, or takes no requests any more. */
bool forward_is_refused(const struct peer_request *answer);

/* Of the change, or of what was read; 0: it isn't told. */
int64_t forward_revision(const struct peer_request *answer);

/* Answers the call as the leader did. The memory of ANSWER is the call's. */
void forward_pass_on(struct api_call *call, const struct peer_request *answer);

#endif
