/* raft_order.h - carries out one order, and finds out what the engine means by a refusal.
 *
 * The engine has one code for all that is wrong with an order, so that its own
 * configuration, asked for afterwards, tells what it was. */
#ifndef LBSTATE_NODE_RAFT_ORDER_H
#define LBSTATE_NODE_RAFT_ORDER_H

#include "node/raft_conn.h"

struct raft_order {
    enum raft_request_kind kind; /* RAFT_ADD and what follows it. */
    uint64_t id;
    char address[RAFT_ADDRESS_SIZE];
    enum raft_role role;
};

/* Blocks until it is done, see context.h. Errors as raft.h tells them. */
int raft_order_run(const struct raft_order *order, struct raft_conn *conn, uint64_t own_id,
                   const struct db_context *context, struct error *error);

#endif
