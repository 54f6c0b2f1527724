/* wire_raft.h - the requests of the wire protocol that are about Raft and not about
 * SQL: a pure codec, as wire.h.
 *
 * Each is answered with EMPTY or FAILURE, but for CLUSTER, whose answer is SERVERS. No
 * database needs to be open for them. CLUSTER is answered by every node, with what its own
 * log says; the others by the leader only. */
#ifndef LBSTATE_DB_WIRE_RAFT_H
#define LBSTATE_DB_WIRE_RAFT_H

#include "db/wire.h"

#define WIRE_SERVERS 3 /* The type of the answer to CLUSTER; the others are in wire.h. */

/* The engine aborts the process on an id of 0. These can't fail but for memory, which is
 * told by the buffer. */
void wire_encode_add(struct buffer *out, uint64_t id, const char *address);
void wire_encode_assign(struct buffer *out, uint64_t id, uint64_t role);
void wire_encode_remove(struct buffer *out, uint64_t id);
void wire_encode_transfer(struct buffer *out, uint64_t id);
void wire_encode_cluster(struct buffer *out);

/* A SERVERS message: first wire_servers_begin(), then n_servers times wire_servers_next(). */
struct wire_servers {
    const uint8_t *next; /* Private. */
    size_t size;         /* Private: bytes left. */
    size_t n_servers;
};

struct wire_cluster_server {
    uint64_t id;
    const char *address; /* Borrowed from the message. */
    uint64_t role;       /* 0: voter, 1: stand-by, 2: spare; nothing else gets through. */
};

/* ERROR_PROTOCOL: it is something else, or announces more servers than it can hold. */
int wire_servers_begin(const struct wire_message *message, struct wire_servers *ret_servers,
                       struct error *error);

/* The last one must end where the message ends: ERROR_PROTOCOL. */
int wire_servers_next(struct wire_servers *servers, struct wire_cluster_server *ret_server,
                      struct error *error);

#endif
