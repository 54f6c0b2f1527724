/* raft_conn.h - blocking calls to an engine that are about Raft.
 *
 * One thread uses a connection at a time; only raft_conn_wake() may be called from
 * another. After a failure that the engine didn't answer with, the connection is broken:
 * close it. That is safe while the engine still works on an order: it doesn't look at the
 * connection before it has an answer to send. */
#ifndef LBSTATE_NODE_RAFT_CONN_H
#define LBSTATE_NODE_RAFT_CONN_H

#include "db/context.h"
#include "node/raft.h"

#include <stdbool.h>

struct raft_conn;

/* Connects and shakes hands. ERROR_IO: nobody takes the connection. */
int raft_conn_open(const char *address, const struct db_context *context,
                   struct raft_conn **ret_conn, struct error *error);

/* Takes NULL. */
void raft_conn_close(struct raft_conn *conn);

bool raft_conn_broken(const struct raft_conn *conn);

/* Thread-safe, as long as CONN isn't closed: a call that waits looks at its context again. */
void raft_conn_wake(struct raft_conn *conn);

/* 0: nobody leads, as far as the engine knows. */
int raft_conn_leader(struct raft_conn *conn, const struct db_context *context,
                     uint64_t *ret_leader_id, struct error *error);

/* What the engine's own log says, also on a node that doesn't lead. free() the list; it is
 * sorted by id. */
int raft_conn_servers(struct raft_conn *conn, const struct db_context *context,
                      struct raft_server **ret_servers, size_t *ret_n_servers, struct error *error);

/* Orders, for the leader. They return when the change is committed, or the transferee leads.
 * ERROR_NOT_LEADER; ERROR_BUSY: another change is under way; ERROR_INVALID: the engine
 * refused it for a reason that it has only words for. */
int raft_conn_add(struct raft_conn *conn, const struct db_context *context, uint64_t id,
                  const char *address, struct error *error);
int raft_conn_assign(struct raft_conn *conn, const struct db_context *context, uint64_t id,
                     enum raft_role role, struct error *error);
int raft_conn_remove(struct raft_conn *conn, const struct db_context *context, uint64_t id,
                     struct error *error);
int raft_conn_transfer(struct raft_conn *conn, const struct db_context *context, uint64_t id,
                       struct error *error);

#endif
