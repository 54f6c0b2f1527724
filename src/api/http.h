/* http.h - HTTP/1.1 over a Unix socket, or a connection handed over, on the loop.
 *
 * Strict where a lenient server can be fooled (RFC 9112: one framing, one Host,
 * no bare LF, no folding, no NUL) and bounded everywhere. One request of a
 * connection is worked on at a time; pipelined ones wait. A client that goes
 * away makes the server tell the handler, who cancels.
 *
 * All functions are called on the loop's thread. The process must ignore SIGPIPE. */
#ifndef LBSTATE_API_HTTP_H
#define LBSTATE_API_HTTP_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

struct http_server;

/* Over a limit of a request, the answer is the status given, and the connection is
 * closed; so it is after 400 for what is malformed, 417 for an expectation other
 * than 100-continue, and 505 for a version other than 1.0 and 1.1. */
struct http_limits {
    size_t target_size;         /* Bytes of the request target; else 414. */
    size_t header_size;         /* Bytes of all header fields; else 431. */
    size_t header_count;        /* Else 431. */
    size_t body_size;           /* Bytes of a body; else 413. */
    size_t message_size;        /* Raw bytes of a message, chunk extensions included; else 413. */
    unsigned connections;       /* More are answered 503 and closed. */
    unsigned header_timeout_ms; /* From the first byte to the end of the header; else 408. */
    unsigned body_timeout_ms;   /* For the body; else 408. */
    unsigned idle_timeout_ms;   /* Between requests, and while nothing of an answer is taken. */
};

#define HTTP_LIMITS_DEFAULT                                                                        \
    {                                                                                              \
        .target_size = 16 * 1024, .header_size = 64 * 1024, .header_count = 100,                   \
        .body_size = 1024 * 1024, .message_size = 2 * 1024 * 1024, .connections = 1024,            \
        .header_timeout_ms = 10 * 1000, .body_timeout_ms = 30 * 1000,                              \
        .idle_timeout_ms = 120 * 1000,                                                             \
    }

struct http_header {
    const char *name; /* As it was sent. */
    const char *value;
};

#define HTTP_MEMBER_NAME_MAX 63

/* Who is at the other end: of the Unix socket by the kernel's word, of the cluster
 * endpoint by the key that it showed. */
struct http_peer {
    enum http_peer_kind { HTTP_PEER_LOCAL, HTTP_PEER_MEMBER, HTTP_PEER_TOKEN } kind;
    pid_t pid; /* Local only, as are the next two. */
    uid_t uid;
    gid_t gid;
    uint64_t member_id;                  /* Member only. */
    char name[HTTP_MEMBER_NAME_MAX + 1]; /* Member or token. */
    unsigned char pin[32];               /* Member or token: of its key. */
    char address[64];                    /* Member or token: numeric, where it comes from. */
};

/* A request that is being worked on. Lives until it was answered, also if its
 * client is gone. All memory is in its arena. */
struct http_request {
    void *data; /* The handler's. */
    struct arena arena;
    struct http_peer peer;
    const char *method; /* "GET", as sent; also one that nobody knows. */
    const char *target; /* As sent: "/1.0/networks?recursion=1". */
    const char *path;   /* The part before '?', not decoded. */
    const char *query;  /* The part after '?', or "". */
    const struct http_header *headers;
    size_t n_headers;
    const char *body; /* Never NULL; a NUL follows. */
    size_t body_size;
    uint64_t received_us; /* Monotonic, when it was complete. */
    /* Set by the handler if it wants to know that the client went away; called
     * once at most, before the request was answered, which it still must be. A
     * client that only shut down its sending side is not gone. */
    void (*on_gone)(struct http_request *request);
    struct http_connection *connection; /* Private. */
};

typedef void (*http_handler)(struct http_request *request, void *data);

/* The first header with that name, without regard to case; NULL if none. */
const char *http_header_get(const struct http_request *request, const char *name);

/* The value of the first query parameter NAME, percent-decoded ('+' is a blank),
 * in the request's arena; NULL if absent. */
const char *http_query_get(struct http_request *request, const char *name);

/* Percent-decodes SIZE bytes; NULL on a bad escape, an encoded NUL, or no memory. */
char *http_percent_decode(struct arena *arena, const char *text, size_t size, bool plus_is_blank);

/* Answers and ends the request, which must not be touched afterwards. May be
 * called in the handler, or later. Date, Content-Length and Connection are added
 * after HEADERS, which may be NULL if there are none. Headers and body are copied
 * and may lie in the request's arena. A HEAD request gets no body. A header with
 * a line break in it, or a lack of memory, makes it a 500. */
void http_respond(struct http_request *request, unsigned status, const struct http_header *headers,
                  size_t n_headers, const char *body, size_t body_size);
/* As above, but takes the memory of BODY, which is empty afterwards. */
void http_respond_take(struct http_request *request, unsigned status,
                       const struct http_header *headers, size_t n_headers, struct buffer *body);

/* Ends HTTP on the connection, and the request with it as if answered with 101,
 * which the caller has to write: the socket is the caller's from here on, RET_FD
 * non-blocking, and what the client has sent after its request is in RET_INPUT.
 * The server forgets the client: it neither counts nor stops it. On an error the
 * request must still be answered. ERROR_CANCELED: the client is gone. */
int http_take_socket(struct http_request *request, int *ret_fd, struct buffer *ret_input,
                     struct error *error);

/* "Not Found" for 404. */
const char *http_status_text(unsigned status);

struct http_server_options {
    uv_loop_t *loop;
    const char *path;  /* Of the socket. Mode 0660. */
    const char *group; /* Its group, or NULL. */
    struct http_limits limits;
    http_handler handler;
    /* Makes the body of an answer that the server gives by itself (a bad request,
     * a limit): {"type":"error",...} for /1.0. Appends to BODY. May be NULL. */
    void (*error_body)(unsigned status, const char *message, struct buffer *body);
    void *data;
};

/* Listens; the strings and OPTIONS are only borrowed. A stale socket of a dead
 * process is replaced; one that a live process answers on is ERROR_CONFLICT;
 * anything that is not a socket, a path too long for one, and an unknown group are
 * ERROR_INVALID. After an error, the loop may have to run once more to free all. */
int http_server_start(const struct http_server_options *options, struct http_server **ret_server,
                      struct error *error);

/* Serves the connected stream socket FD as if it had been accepted, for PEER, whom somebody else
 * has authenticated. FD is the server's from here on, whatever this returns. Over the limit on
 * connections it is answered and closed as others are; while stopping it is closed.
 * ERROR_NO_MEMORY, ERROR_IO. */
int http_server_adopt(struct http_server *server, int fd, const struct http_peer *peer,
                      struct error *error);

/* Takes no new connections or requests from here on; idle connections are closed,
 * running requests may be answered until DRAIN_MS passed: then their clients are
 * cut and on_gone() is called. Removes the socket's file, unless it is another
 * one by now. STOPPED is called from the loop, never from in here, when all is
 * closed, and so not before each request was answered; SERVER is gone then. */
void http_server_stop(struct http_server *server, unsigned drain_ms, void (*stopped)(void *data),
                      void *data);

struct http_metrics {
    uint64_t connections;  /* Now. */
    uint64_t requests;     /* Answered, by the handler or the server itself. */
    uint64_t responses[6]; /* By the first digit of the status. */
};
void http_server_metrics(const struct http_server *server, struct http_metrics *ret_metrics);

#endif
