/* api.h - the REST API: from a request to a handler, and back.
 *
 * Everything runs on the loop's thread. A handler decodes and checks what needs
 * no state, submits one transaction to the store, and answers when it is done. */
#ifndef LBSTATE_API_API_H
#define LBSTATE_API_API_H

#include "api/event_sockets.h"
#include "api/events.h"
#include "api/host.h"
#include "api/http.h"
#include "api/operations.h"
#include "base/buffer.h"
#include "base/json_writer.h"
#include "cluster/cluster.h"
#include "db/observer.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

/* How long a request may take when its client says nothing: as in Incus. */
#define API_TIMEOUT_MS_DEFAULT (30 * 1000)
#define API_TIMEOUT_MS_MIN     100
#define API_TIMEOUT_MS_MAX     (3600 * 1000)

#define API_PARAMS_MAX 3 /* Variable parts of a path. */

struct forward;
struct leadership;
struct peer_request;
struct peers;

/* Owned by the daemon; outlives the HTTP server. */
struct api {
    struct cluster *cluster; /* NULL: none, as where the API is tried by itself. */
    struct store *store;
    struct leadership *leadership; /* Both NULL: there is no cluster. */
    struct peers *peers;
    struct db_observer *observer; /* Of statements. */
    struct db_observer *requests; /* Of requests to the store, by their name. */
    struct http_server *http;     /* That serves this; set once it listens. */
    uv_loop_t *loop;
    const char *engine;    /* "cowsql 1.15.8". */
    const char *state_dir; /* For its size. */
    uint64_t started_us;   /* Monotonic, of the process. */
    unsigned timeout_ms;
    struct host_figures host; /* Measured last, if measured is set. */
    bool measured;
    bool measuring;               /* One at a time: the engine needs the loop's pool, too. */
    struct operations operations; /* Done lately. */
    struct events events;
    struct event_sockets event_sockets;
    uint64_t id_prefix; /* Of the ids of requests; 0: not made yet. */
    uint64_t n_ids;
    bool ready;    /* The store serves. */
    bool stopping; /* Only reads from here on. */
};

/* One request on its way; lives in the arena of the HTTP request. */
struct api_call {
    struct api *api;
    struct http_request *http;
    const char *params[API_PARAMS_MAX]; /* Percent-decoded. */
    const char *project;                /* "default" if the query names none. */
    struct forward *forward;            /* On its way to the store, or to the leader's. */
    void (*finish)(struct api_call *call, struct store_request *done);
    /* Set by a handler before api_submit() if the answer of the leader isn't to be passed on as
     * it is: answers the call in the place of FINISH if the leader's status is 2xx. */
    void (*finish_forwarded)(struct api_call *call, const struct peer_request *answer);
};

/* The http_handler; DATA is the struct api. */
void api_handle(struct http_request *request, void *data);

/* The hook for what the HTTP server answers by itself. */
void api_error_body(unsigned status, const char *message, struct buffer *body);

/* Submits REQUEST (zeroed, then its inputs set), which begins a struct in the
 * call's arena. An error is answered here; FINISH is called on success only.
 * The store's arena goes with the answer. Where another member leads, the HTTP
 * request goes there instead, and its answer to the client, without FINISH; the
 * handler needs to know nothing of it. At most one for each call. */
void api_submit(struct api_call *call, struct store_request *request, enum store_kind kind,
                const char *name, store_run run,
                void (*finish)(struct api_call *call, struct store_request *done));

/* Memory of the call, zeroed. On failure the call has been answered, and NULL is
 * returned. (An answer ends the call: all its memory is gone.) */
void *api_alloc(struct api_call *call, size_t size);

/* The name of this member, or Incus' word for a server that stands alone: "none". */
const char *api_location(const struct api *api);

/* recursion= is an integer above 0. */
bool api_is_recursive(struct api_call *call);

#endif
