/* tunnel_internal.h - what the files of the tunnel know of each other.
 *
 *   tunnel.c           starting, stopping, what other threads may call
 *   tunnel_watch.c     a file descriptor on the loop
 *   tunnel_tls.c       what TLS is allowed to be, and who is let in
 *   tunnel_listener.c  listening and accepting
 *   tunnel_route.c     the way to a member: back-off, and what is known of it
 *   tunnel_connect.c   from a name to a TCP connection
 *   tunnel_link.c      a link from its handshake to its end
 *   tunnel_flow.c      the bytes of an open link
 *
 * All on the tunnel's thread, but for what is said to be otherwise. */
#ifndef LBSTATE_NODE_TUNNEL_INTERNAL_H
#define LBSTATE_NODE_TUNNEL_INTERNAL_H

#include "base/queue.h"
#include "node/certificate_tls.h"
#include "node/tunnel.h"

#include <netdb.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <uv.h>

/* How often round-trip times are measured and half-closed sockets looked at. */
#define TUNNEL_TICK_MS 1000

/* What a direction of a link holds at most: one TLS record. A side is read only when what came
 * from it before was written to the other, so the sockets' buffers are all there is besides. */
#define FLOW_SIZE (16 * 1024)

/* How often a direction is filled and emptied before other links have their turn. */
#define FLOW_ROUNDS 8

/* The first byte that the accepting side sends: the peer was let in. A TLS 1.3 client couldn't
 * tell otherwise: its handshake is done before the server has judged its key. */
#define TUNNEL_GREETING 0x06

enum tunnel_protocol { TUNNEL_NO_PROTOCOL, TUNNEL_RAFT, TUNNEL_HTTP };

/* --- tunnel_watch.c --- */

/* Owns FD. Errors of it come as READY, to be found by the next read or write. */
struct watch {
    uv_poll_t poll;
    int fd;
    int events; /* UV_READABLE, UV_WRITABLE; none: it is not watched. */
    void (*ready)(void *owner);
    void *owner;
};

/* Takes FD over and makes it non-blocking. NULL: a lack of memory, ours or the kernel's; FD is
 * still the caller's then. */
struct watch *watch_new(uv_loop_t *loop, int fd, void (*ready)(void *owner), void *owner);
void watch_set(struct watch *watch, int events);
void watch_free(struct watch *watch); /* Closes FD; READY isn't called any more. Takes NULL. */

/* --- tunnel_link.c --- */

enum link_state {
    LINK_WAITING,    /* For the back-off of its route to pass. */
    LINK_RESOLVING,  /* Its name. */
    LINK_CONNECTING, /* TCP. */
    LINK_HANDSHAKE,  /* TLS. */
    LINK_GREETING,   /* Out: the other side judges our key. */
    LINK_OPEN,
    LINK_CLOSED, /* libuv still holds its timer or its request. */
};

/* One direction. */
struct flow {
    char data[FLOW_SIZE];
    size_t start; /* The bytes from here to END were read and wait to be written. */
    size_t end;
    bool ended; /* Nothing more will be read. */
    bool done;  /* All is written, and its end, too. */
};

/* How a link of tunnel_connect_unknown() ended up, for the thread that waits for it. */
struct link_answer {
    pthread_mutex_t lock;
    pthread_cond_t given;
    bool is_given;
    struct error error;
    uint8_t pin[PIN_SIZE];
};

struct link {
    struct tunnel *tunnel;
    struct queue queue; /* Of tunnel->links, or of those that its thread didn't take yet. */
    enum link_state state;
    enum tunnel_protocol protocol;
    bool outgoing;
    struct tunnel_peer peer;
    bool peer_known;     /* It showed a key that the directory has. */
    struct route *route; /* Of the member at the other end; NULL: a token, or unknown. */
    const char *refusal; /* Why our side turned it away; NULL: it didn't. */
    SSL *ssl;
    struct watch *tcp;
    struct watch *plain;
    uv_timer_t deadline; /* Of the connect and the handshake; then of the end. */
    unsigned n_held;     /* What libuv holds of it: timer, resolver. */

    /* Outgoing. */
    uint64_t member_id;                  /* 0: unknown. */
    char target[MEMBER_ADDRESS_MAX + 1]; /* Where it goes. */
    struct certificate *certificate;     /* Own key; NULL: the tunnel's. */
    struct link_answer *answer;          /* NULL, or given. */
    unsigned timeout_ms;
    int plain_fd;         /* Until it is watched; -1. */
    struct queue waiting; /* In route->waiting. */
    uv_getaddrinfo_t resolver;
    bool resolving;
    bool restart; /* The target is another one now: resolve again. */
    struct addrinfo *addresses;
    struct addrinfo *next_address; /* To be tried. */

    /* Open. */
    struct flow in;  /* TLS to plain. */
    struct flow out; /* Plain to TLS. */
    bool plain_gone; /* Nobody reads what comes in: it is dropped. */
};

/* Any thread. ERROR_UNAVAILABLE: there are too many; ERROR_NO_MEMORY. */
int link_new(struct tunnel *tunnel, bool outgoing, struct link **ret_link, struct error *error);
void link_discard(struct link *link); /* Any thread: one that was never started. */

/* Puts it among the links of the tunnel. */
void link_start(struct link *link);

/* The TCP connection is there: handshake. */
void link_handshake(struct link *link);

/* READY of link->tcp. */
void link_ready(void *owner);

/* libuv gave back one of the things that it held. */
void link_release(struct link *link);

/* The connect or the handshake failed: why is noted where it belongs, and the link closed. */
void link_fail(struct link *link, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* At once. Both sides read EOF. */
void link_close(struct link *link);

/* Calls EACH for all links, which may close any of them. */
void link_for_each(struct tunnel *tunnel, void (*each)(struct link *link, const void *arg),
                   const void *arg);

/* Closes it if the directory doesn't allow it any more. */
void link_check(struct link *link, const struct directory *directory);

/* TIMEOUT_MS from now it is closed. */
void link_set_deadline(struct link *link, unsigned timeout_ms);

/* --- tunnel_flow.c --- */

/* Moves what can be moved, and watches for the rest; closes the link when it is over. */
void flow_pump(struct link *link);

/* A plain socket of which one end was closed shows the close of the other only if asked. */
void flow_tick(struct link *link);

/* --- tunnel_connect.c --- */

/* Resolves link->target and connects to it. */
void connect_begin(struct link *link);
/* As if it had not begun; it may be begun again, unless a name is still being resolved. */
void connect_abandon(struct link *link);
/* To a new target. */
void connect_restart(struct link *link);
/* The watched connect is done, or failed. */
void connect_ready(struct link *link);
/* Of each TCP socket. False: errno says why. */
bool connect_set_options(int fd);

/* --- tunnel_route.c --- */

struct route {
    struct tunnel *tunnel;
    uint64_t member_id; /* 0: not in use. */
    char address[MEMBER_ADDRESS_MAX + 1];
    uv_timer_t retry;
    bool failing;         /* The last connect failed: one link tries, the others wait. */
    unsigned retry_ms;    /* The last wait. */
    struct link *probe;   /* The one that tries, while it is failing. */
    struct queue waiting; /* Links. */

    /* Under tunnel->lock, as is member_id where it is written. */
    struct tunnel_status status;
};

void route_init(struct tunnel *tunnel, struct route *route);
void route_close(struct route *route);
/* As the directory says: new ones, moved ones, those that are gone, whose links are closed. */
void route_sync(struct tunnel *tunnel, const struct directory *directory);
/* NULL: the directory has no such member. */
struct route *tunnel_route_find(struct tunnel *tunnel, uint64_t member_id);
/* The link connects now, or after the back-off. */
void route_admit(struct route *route, struct link *link);
/* The link is open. */
void route_opened(struct route *route, const struct link *link);
void route_failed(struct route *route, const struct link *link, const char *why, bool refused);
/* The link, open or not, is no more. */
void route_forget(struct route *route, const struct link *link);
void route_heard(struct route *route);
void route_measure(struct route *route, int fd);

/* --- tunnel_tls.c --- */

/* What a step of TLS came to; of WANT_ ones the socket is to be watched. */
enum tls_result { TLS_DONE, TLS_WANT_READ, TLS_WANT_WRITE, TLS_CLOSED, TLS_FAILED };

SSL_CTX *tls_context_new(struct tunnel *tunnel, struct error *error); /* Any thread. */

/* Sets link->ssl up over FD. False: out of memory. */
bool tls_start(struct link *link, int fd);

enum tls_result tls_handshake(struct link *link);
enum tls_result tls_read(struct link *link, char *data, size_t size, size_t *ret_size);
enum tls_result tls_write(struct link *link, const char *data, size_t size, size_t *ret_size);
enum tls_result tls_close(struct link *link);

/* After TLS_FAILED: in words; RET_REFUSED: the other side doesn't know our key. */
void tls_failure(const struct link *link, char *out, size_t out_size, bool *ret_refused);

/* --- tunnel_listener.c --- */

/* Any thread, one at a time. OLD_FD is what is listened on now, or -1. */
int listener_open(const char *address, int old_fd, int *ret_fd,
                  char ret_address[MEMBER_ADDRESS_MAX + 1], struct error *error);
/* Takes FD over and accepts from it from now on, in the place of what was before. -1: from
 * nowhere. False: a lack of memory; nothing was done, and FD is still the caller's. */
bool listener_set(struct tunnel *tunnel, int fd);
/* After a lack of memory or descriptors it is tried again. */
void listener_tick(struct tunnel *tunnel);

/* --- tunnel.c --- */

struct tunnel {
    struct directory_holder *directory;
    char *engine_address;
    void (*on_accept)(int fd, const struct tunnel_peer *peer, void *data);
    void *data;
    unsigned handshake_timeout_ms;
    unsigned links_max;
    SSL_CTX *tls;
    uv_loop_t loop;
    pthread_t thread;
    uv_async_t wake;
    uv_timer_t tick;
    struct watch *listener;
    struct queue links;
    unsigned n_handshakes; /* Of accepted links. */
    struct route routes[MEMBERS_MAX];

    /* Any thread. */
    atomic_uint n_links;
    atomic_uint_fast64_t accepted;
    atomic_uint_fast64_t refused;
    atomic_uint_fast64_t connects;
    atomic_uint_fast64_t failures;
    atomic_uint_fast64_t bytes_in;
    atomic_uint_fast64_t bytes_out;

    pthread_mutex_t listen_lock; /* One tunnel_listen() at a time. Taken before the lock. */
    int listen_fd;               /* The last one; the thread's, which closes it. */

    pthread_mutex_t lock; /* Of what other threads leave for this one, and of the routes' status. */
    struct certificate *certificate;
    struct queue new_links;
    bool has_new_listener;
    int new_listener;
    bool directory_changed;
    bool stopping;
};

#endif
