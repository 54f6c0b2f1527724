/* connect.h - how the engine reaches another node. */
#ifndef LBSTATE_NODE_CONNECT_H
#define LBSTATE_NODE_CONNECT_H

/* The engine calls it on a thread of libuv's pool, which it shares with the
 * engine's disk work, so it must not wait for long. */
#define CONNECT_TIMEOUT_MS 2000

/* The engine's connect function. ADDRESS is "@name" (an abstract Unix socket) or
 * "host:port" (a numeric address, IPv6 in brackets); ARG is not used. Returns 0
 * and a blocking socket in RET_FD, or an errno value. TCP_NODELAY is set: Raft's
 * links are one-way streams, on which Nagle's algorithm waits for delayed
 * acknowledgements, some 40 ms a message. */
int connect_to_node(void *arg, const char *address, int *ret_fd);

#endif
