/* lbstate.h - the C client of lbstated, over its Unix socket.
 *
 * lbstated speaks Incus' REST API (/1.0): a request is a method, a path and a
 * JSON body; an answer is a JSON value, the metadata of Incus' envelope. This
 * library carries both as text and leaves the choice of a JSON library to its
 * user.
 *
 *     struct lbstate_client *client;
 *     struct lbstate_error error;
 *     char *json;
 *
 *     if (lbstate_open(NULL, NULL, &client, &error) == LBSTATE_OK) {
 *         if (lbstate_load_balancer_list(client, NULL, "ovn0", &json, &error) == LBSTATE_OK) {
 *             puts(json);
 *             free(json);
 *         }
 *         lbstate_close(client);
 *     }
 *
 * Errors: a function that can fail returns an enum lbstate_code as int and, when
 * that isn't LBSTATE_OK, fills the struct lbstate_error that the caller passed
 * (never NULL). Outputs (`ret_x`) are not touched on failure.
 *
 * Threads: a client belongs to one thread at a time; different clients may be
 * used by different threads at once. No signal handler is installed, SIGPIPE is
 * never raised. The environment is not read, except LBSTATE_SOCKET where
 * lbstate_open() says so.
 *
 * Ownership: strings that are passed in are borrowed for the call. Strings that
 * come out as `char **ret_x` are the caller's, for free(). */
#ifndef LBSTATE_LBSTATE_H
#define LBSTATE_LBSTATE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define LBSTATE_PUBLIC __attribute__((visibility("default")))
#else
#define LBSTATE_PUBLIC
#endif

#define LBSTATE_SOCKET_DEFAULT "/run/lbstate/unix.socket"

/* The daemon takes no larger body; a longer one fails with LBSTATE_TOO_LARGE
 * before anything is sent. */
#define LBSTATE_BODY_SIZE_MAX (1024 * 1024)

/* Bytes of a path with its query. The daemon takes 16 KiB. */
#define LBSTATE_PATH_SIZE_MAX (8 * 1024)

#define LBSTATE_TIMEOUT_DEFAULT_MS  (60 * 1000)
#define LBSTATE_TIMEOUT_MAX_MS      (24 * 60 * 60 * 1000)
#define LBSTATE_CONNECTIONS_DEFAULT 16
#define LBSTATE_CONNECTIONS_MAX     256
#define LBSTATE_ANSWER_SIZE_DEFAULT ((size_t)256 * 1024 * 1024)
#define LBSTATE_ERROR_MESSAGE_SIZE  1024

enum lbstate_code {
    LBSTATE_OK = 0,
    LBSTATE_INVALID,         /* The call itself is wrong; nothing was sent. */
    LBSTATE_REFUSED,         /* The daemon answered with an error: see http_status. */
    LBSTATE_UNREACHABLE,     /* No connection, or it broke; nothing was written. */
    LBSTATE_TIMEOUT,         /* No answer in time; nothing was written. */
    LBSTATE_UNKNOWN_OUTCOME, /* A write was sent, but no answer came, or the daemon doesn't know
                              * itself: it may be applied. */
    LBSTATE_TOO_LARGE,       /* The body or the answer is over its limit. */
    LBSTATE_PROTOCOL,        /* The answer isn't what lbstated sends. */
    LBSTATE_NO_MEMORY
};

struct lbstate_error {
    enum lbstate_code code;
    int http_status;                          /* Of an answer that is an error; otherwise 0. */
    char message[LBSTATE_ERROR_MESSAGE_SIZE]; /* For people; cut where it is longer. */
};

/* All zero means all defaults. Strings are copied. */
struct lbstate_options {
    const char *project;    /* Of requests that name none. NULL: the daemon's default. */
    const char *target;     /* The member that all requests are for. NULL: any of them. */
    const char *user_agent; /* NULL: "liblbstate/VERSION". */
    unsigned timeout_ms;    /* Of requests that say none. 0: LBSTATE_TIMEOUT_DEFAULT_MS. */
    unsigned connections;   /* Requests in flight at once. 0: LBSTATE_CONNECTIONS_DEFAULT. */
    size_t answer_size;     /* Bytes of one answer. 0: LBSTATE_ANSWER_SIZE_DEFAULT. */
};

struct lbstate_client;

/* "0.1.0": the version of the library. */
LBSTATE_PUBLIC const char *lbstate_version(void);

/* Makes a client of the daemon that listens on SOCKET_PATH. NULL stands for
 * $LBSTATE_SOCKET and, if that is empty too, for LBSTATE_SOCKET_DEFAULT.
 * OPTIONS may be NULL. Nothing is sent: whether the daemon can be reached shows
 * with the first request. */
LBSTATE_PUBLIC int lbstate_open(const char *socket_path, const struct lbstate_options *options,
                                struct lbstate_client **ret_client, struct lbstate_error *error);

/* Withdraws what is in flight without calling back (a write among it may still
 * be applied) and frees the client. NULL is allowed. */
LBSTATE_PUBLIC void lbstate_close(struct lbstate_client *client);

/* The socket that the client connects to; the client's memory. */
LBSTATE_PUBLIC const char *lbstate_socket(const struct lbstate_client *client);

struct lbstate_request {
    const char *method;   /* "GET", "POST", "PUT", "PATCH" or "DELETE". */
    const char *path;     /* Starts with "/", percent-encoded, with a query or without. */
    const char *project;  /* Added to the query. NULL: that of the options. */
    const char *body;     /* JSON, or NULL. */
    const char *if_match; /* An etag as lbstate_response has it, or NULL. */
    unsigned timeout_ms;  /* From the time it is sent. 0: that of the options. */
    int raw;              /* Not 0: the metadata of the response is the daemon's whole answer, and
                             there is a response of a refusal, too. */
};

struct lbstate_response {
    int http_status; /* 200 to 299, or any of a raw request; of 202 the metadata is the operation
                             that goes on. */
    char *etag;      /* With its quotes; NULL if there was none. */
    char *location;  /* Of what was created; NULL if there was none. */
    char *metadata;  /* JSON as the daemon wrote it, ends with a NUL; "null" if absent. */
    size_t metadata_size; /* Without the NUL. */
    char *private_body;   /* Owns metadata. */
};

/* Frees what a response holds, not the struct; it is all zero afterwards. */
LBSTATE_PUBLIC void lbstate_response_close(struct lbstate_response *response);

/* Sends one request and waits for the answer. Requests that were started before
 * make progress meanwhile. RET_RESPONSE is the caller's to close. */
LBSTATE_PUBLIC int lbstate_call(struct lbstate_client *client,
                                const struct lbstate_request *request,
                                struct lbstate_response *ret_response, struct lbstate_error *error);

/* The end of a started request. Exactly one of RESPONSE and ERROR is not NULL;
 * both live until the callback returns. It may start further requests; it must
 * not call, wait or close. */
typedef void (*lbstate_done)(void *data, const struct lbstate_response *response,
                             const struct lbstate_error *error);

/* Queues a request, which is copied. It is sent, and DONE is called exactly once,
 * during lbstate_wait() or lbstate_call(). At most options.connections are in
 * flight at once, and they may be answered in any order: what depends on another
 * one's outcome is started by that one's callback. */
LBSTATE_PUBLIC int lbstate_start(struct lbstate_client *client,
                                 const struct lbstate_request *request, lbstate_done done,
                                 void *data, struct lbstate_error *error);

/* Returns when all that was started (by callbacks too) is answered. How each
 * one ended is told to its callback, not here. */
LBSTATE_PUBLIC int lbstate_wait(struct lbstate_client *client, struct lbstate_error *error);

/* "/A/B/...", each part percent-encoded; NULL ends the list. An empty part or a
 * path over LBSTATE_PATH_SIZE_MAX is LBSTATE_INVALID. */
LBSTATE_PUBLIC int lbstate_path(char **ret_path, struct lbstate_error *error, const char *part, ...)
    __attribute__((sentinel));

/* The load balancers of a network, as JSON text in Incus' form. PROJECT may be
 * NULL. ADDRESS is the listen address in any spelling. */

/* An array of whole records, ordered by listen address. */
LBSTATE_PUBLIC int lbstate_load_balancer_list(struct lbstate_client *client, const char *project,
                                              const char *network, char **ret_json,
                                              struct lbstate_error *error);

/* RET_ETAG may be NULL; it is for lbstate_load_balancer_update(). */
LBSTATE_PUBLIC int lbstate_load_balancer_get(struct lbstate_client *client, const char *project,
                                             const char *network, const char *address,
                                             char **ret_json, char **ret_etag,
                                             struct lbstate_error *error);

/* JSON has the listen_address. An address that is taken is LBSTATE_REFUSED with
 * http_status 409. */
LBSTATE_PUBLIC int lbstate_load_balancer_create(struct lbstate_client *client, const char *project,
                                                const char *network, const char *json,
                                                struct lbstate_error *error);

/* Replaces the record. With IF_MATCH (may be NULL) only if nobody changed it
 * since: otherwise LBSTATE_REFUSED with http_status 412. */
LBSTATE_PUBLIC int lbstate_load_balancer_update(struct lbstate_client *client, const char *project,
                                                const char *network, const char *address,
                                                const char *json, const char *if_match,
                                                struct lbstate_error *error);

LBSTATE_PUBLIC int lbstate_load_balancer_delete(struct lbstate_client *client, const char *project,
                                                const char *network, const char *address,
                                                struct lbstate_error *error);

/* The forwards of a network, in the same way. A listen address belongs to one load
 * balancer or one forward. */

/* An array of whole records, ordered by listen address. */
LBSTATE_PUBLIC int lbstate_forward_list(struct lbstate_client *client, const char *project,
                                        const char *network, char **ret_json,
                                        struct lbstate_error *error);

/* RET_ETAG may be NULL; it is for lbstate_forward_update(). */
LBSTATE_PUBLIC int lbstate_forward_get(struct lbstate_client *client, const char *project,
                                       const char *network, const char *address, char **ret_json,
                                       char **ret_etag, struct lbstate_error *error);

/* JSON has the listen_address. An address that is taken, by a load balancer too, is
 * LBSTATE_REFUSED with http_status 409. */
LBSTATE_PUBLIC int lbstate_forward_create(struct lbstate_client *client, const char *project,
                                          const char *network, const char *json,
                                          struct lbstate_error *error);

/* Replaces the record. With IF_MATCH (may be NULL) only if nobody changed it
 * since: otherwise LBSTATE_REFUSED with http_status 412. */
LBSTATE_PUBLIC int lbstate_forward_update(struct lbstate_client *client, const char *project,
                                          const char *network, const char *address,
                                          const char *json, const char *if_match,
                                          struct lbstate_error *error);

LBSTATE_PUBLIC int lbstate_forward_delete(struct lbstate_client *client, const char *project,
                                          const char *network, const char *address,
                                          struct lbstate_error *error);

#ifdef __cplusplus
}
#endif

#endif
