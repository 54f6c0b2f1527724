/* transfer.h - one request and its answer, on a curl handle of its own. */
#ifndef LBSTATE_CLIENT_TRANSFER_H
#define LBSTATE_CLIENT_TRANSFER_H

#include "base/buffer.h"
#include "base/queue.h"
#include "lbstate/lbstate.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

/* Bytes of the name of a project or a member. */
#define TRANSFER_NAME_SIZE_MAX 1024

/* What is common to all transfers of a client; it outlives them. */
struct transfer_settings {
    char *socket;
    char *project; /* NULL: none. */
    char *target;  /* NULL: any. */
    char *user_agent;
    unsigned timeout_ms;
    size_t answer_size;
};

/* Where lbstate_call() waits for its answer. */
struct transfer_call {
    bool finished;
    int code;
    struct lbstate_response *response;
    struct lbstate_error *error;
};

struct transfer {
    struct queue link; /* In the client's queue of waiting or of running ones. */
    bool running;      /* In the latter: the multi handle has the curl handle. */

    /* Who is told: CALL, or else DONE with DATA. */
    struct transfer_call *call;
    lbstate_done done;
    void *data;

    uint64_t deadline_us; /* On the monotonic clock; 0 until it was begun. */

    /* Private. */
    const struct transfer_settings *settings;
    unsigned timeout_ms;
    int connect_errno;    /* Why there is no connection; 0: there was one. */
    bool refused_for_now; /* The daemon's queue of new connections is full. */
    CURL *easy;
    struct curl_slist *headers;
    char *body;           /* Copy of the request's, or NULL. */
    struct buffer answer; /* The body that came so far. */
    bool answer_too_large;
    bool writes; /* The method changes records. */
    bool raw;    /* What came is handed on as it is. */
};

/* Checks and copies the request. */
int transfer_new(const struct transfer_settings *settings, const struct lbstate_request *request,
                 struct transfer **ret_transfer, struct lbstate_error *error);

/* To be called each time before curl gets the handle: sets the deadline at the
 * first time, and gives curl what is left until then. */
void transfer_begin(struct transfer *transfer);

/* When curl is done and says RESULT: whether the daemon just had too many new
 * connections, and there is time to begin again. curl itself can't tell: EAGAIN
 * from a Unix socket means to come back later, not that the connection is being
 * made. */
bool transfer_may_retry(struct transfer *transfer, CURLcode result);

/* NULL is allowed. The curl handle must be in no multi handle. */
void transfer_free(struct transfer *transfer);

/* What became of the transfer, when curl is done with it and says RESULT. */
int transfer_outcome(struct transfer *transfer, CURLcode result,
                     struct lbstate_response *ret_response, struct lbstate_error *error);

#endif
