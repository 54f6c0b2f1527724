/* tunnel.h - the cluster endpoint: one TCP port, mutual TLS 1.3, two protocols.
 *
 * A thread of its own, with its own loop, carries bytes between TLS connections
 * and plain stream sockets of this process, so that the rest of the program never
 * sees TLS, and Raft's messages never wait for the API:
 *
 *   raft  the engine's protocol. Out: what tunnel_raft_connect() gives the engine.
 *         In: a connection to the engine's abstract socket.
 *   http  requests between members. Out: tunnel_connect(). In: on_accept().
 *
 * The protocol is agreed on by ALPN ("lbstate-raft/1", "lbstate-http/1"). Both
 * sides must show a key that the directory knows: anybody else is turned away by
 * the handshake and reaches nothing. A token's key may use http only. When the
 * directory changes, the links of keys that it no longer has are closed at once.
 *
 * An http link has two directions that end one by one; a raft link ends as a whole with the first
 * of them, because who sends on it never reads. What was written before an orderly end arrives.
 * Each direction holds one TLS record at most, and stops reading until that is written.
 *
 * TCP_NODELAY on every link (Raft's links are one-way streams, on which Nagle's
 * algorithm waits some 40 ms for delayed acknowledgements), and TCP_USER_TIMEOUT
 * with keep-alive, so that a peer that vanished is noticed. (The kernel counts a peer that is
 * there but takes no bytes for so long among them.) */
#ifndef LBSTATE_NODE_TUNNEL_H
#define LBSTATE_NODE_TUNNEL_H

#include "base/error.h"
#include "node/directory.h"

#include <stdint.h>

#define TUNNEL_LINKS_MAX            1024 /* Open at once, all kinds; more are refused. */
#define TUNNEL_HANDSHAKES_MAX       64   /* Accepted ones that didn't say who they are yet. */
#define TUNNEL_HANDSHAKE_TIMEOUT_MS 5000
#define TUNNEL_USER_TIMEOUT_MS      5000
/* After a failed connect the next one to the same member waits: doubled from the
 * first to the last, with jitter; so a member that is down costs little, and one
 * that comes back is reached soon. */
#define TUNNEL_RETRY_MIN_MS 20
#define TUNNEL_RETRY_MAX_MS 250

struct tunnel;

/* Who is at the other end. */
struct tunnel_peer {
    uint64_t member_id; /* 0: a token's key. */
    char name[MEMBER_NAME_MAX + 1];
    uint8_t pin[PIN_SIZE];
    char address[MEMBER_ADDRESS_MAX + 1]; /* Numeric, of the TCP connection's other end. */
};

struct tunnel_options {
    struct directory_holder *directory; /* Outlives the tunnel. */
    struct certificate *certificate;    /* Own; a reference is taken. */
    const char *engine_address;         /* "@...": where raft connections go. */
    /* Called on the tunnel's thread with a stream socket (non-blocking, close-on-exec)
     * that the callee owns from then on. The bytes on it are the peer's, decrypted.
     * When the link ends it reads EOF; closing it ends the link. May be NULL. */
    void (*on_accept)(int fd, const struct tunnel_peer *peer, void *data);
    void *data;
    unsigned handshake_timeout_ms; /* 0: TUNNEL_HANDSHAKE_TIMEOUT_MS; for connects, too. */
    unsigned links_max;            /* 0: TUNNEL_LINKS_MAX. */
};

/* Starts the thread. Nothing is listened on yet. */
int tunnel_start(const struct tunnel_options *options, struct tunnel **ret_tunnel,
                 struct error *error);

/* Closes all links, ends the thread, frees TUNNEL. No other call may be under way. Takes NULL. */
void tunnel_stop(struct tunnel *tunnel);

/* Listens on ADDRESS ("host:port", "[ip]:port", a name is resolved; port 0 picks one), in
 * the place of what was listened on before; links stay. A connection that is made in the very
 * moment the old one closes may be reset: who connects tries again. Blocks shortly. RET_ADDRESS
 * gets the numeric address with the port; it may be NULL. ERROR_INVALID: it is no address of this
 * machine, or doesn't resolve; ERROR_CONFLICT: it is in use. Then what was listened on before
 * still is. */
int tunnel_listen(struct tunnel *tunnel, const char *address,
                  char ret_address[MEMBER_ADDRESS_MAX + 1], struct error *error);

/* Takes the listening back; links stay. */
void tunnel_unlisten(struct tunnel *tunnel);

/* From here on CERTIFICATE is shown in new handshakes; a reference is taken. Links stay. */
void tunnel_set_certificate(struct tunnel *tunnel, struct certificate *certificate);

/* The directory changed: closes the links of keys it doesn't know. Connects that are under way to
 * a member that moved are turned to its new address, without a back-off; links that are open
 * stay. */
void tunnel_directory_changed(struct tunnel *tunnel);

/* A socket that carries the http protocol to member ID: given at once, while the
 * connection is made behind it; it reads EOF if that fails or ends. While the member can't be
 * reached, one link at a time tries after the back-off, and those that wait share its fate.
 * Thread-safe. ERROR_NOT_FOUND: the directory has no such member. ERROR_UNAVAILABLE: over
 * TUNNEL_LINKS_MAX. ERROR_IO, ERROR_NO_MEMORY. */
int tunnel_connect(struct tunnel *tunnel, uint64_t member_id, int *ret_fd, struct error *error);

/* As above, to ADDRESS with CERTIFICATE as the own key (a token's), for a node that isn't a
 * member yet; whoever answers is taken, and RET_PIN gets the pin of the key that it showed.
 * Blocks until it is let in, TIMEOUT_MS at most. ERROR_INVALID: ADDRESS is none.
 * ERROR_UNAVAILABLE: nobody answers there; ERROR_FORBIDDEN: it doesn't know the key. */
int tunnel_connect_unknown(struct tunnel *tunnel, const char *address,
                           struct certificate *certificate, unsigned timeout_ms,
                           uint8_t ret_pin[PIN_SIZE], int *ret_fd, struct error *error);

/* The engine's connect function; ARG is the tunnel. Returns at once, 0 or an errno value. */
int tunnel_raft_connect(void *arg, const char *raft_address, int *ret_fd);

/* What is known of the way to member ID. */
struct tunnel_status {
    unsigned n_links;       /* Established, both ways. */
    uint64_t rtt_us;        /* Smoothed, by the kernel's measure (TCP_INFO); 0: none yet. */
    uint64_t last_heard_us; /* Monotonic, of the last byte; 0: never. */
    char failure[256];      /* Why the last connect failed; "": it didn't. */
    bool refused;           /* It failed because the member doesn't know our key. */
};
void tunnel_get_status(struct tunnel *tunnel, uint64_t member_id, struct tunnel_status *ret_status);

struct tunnel_metrics {
    uint64_t links;    /* Now. */
    uint64_t accepted; /* Handshakes that were done. */
    uint64_t refused;  /* For want of a known key, or because of a limit. */
    uint64_t connects; /* Own, that were done. */
    uint64_t failures; /* Own, that weren't. */
    uint64_t bytes_in; /* Plain. */
    uint64_t bytes_out;
};
void tunnel_get_metrics(struct tunnel *tunnel, struct tunnel_metrics *ret_metrics);

#endif
