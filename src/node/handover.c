#include "node/handover.h"

#include "node/raft_conn.h"
#include "node/raft_order.h"

#include <stdlib.h>

/* The engine takes its time to find that a transferee is silent, the timeout of an election. */
static int try_voters(struct raft_conn *conn, uint64_t own_id, const struct db_context *context,
                      const struct raft_server *servers, size_t n_servers, struct error *error)
{
    int code = error_set(error, ERROR_UNAVAILABLE, "No other member votes");

    for (size_t i = 0; i < n_servers && code == ERROR_UNAVAILABLE; i++) {
        const struct raft_order order = {.kind = RAFT_TRANSFER, .id = servers[i].id};

        if (servers[i].role == RAFT_VOTER && servers[i].id != own_id) {
            error_clear(error);
            code = raft_order_run(&order, conn, own_id, context, error);
        }
    }
    if (code == ERROR_NOT_LEADER) {
        error_clear(error);
        code = ERROR_NONE;
    }
    return code;
}

int handover(const char *engine_address, uint64_t own_id, uint64_t deadline_us, struct error *error)
{
    const struct db_context context = {.deadline_us = deadline_us};
    struct raft_conn *conn;
    struct raft_server *servers;
    size_t n_servers;
    uint64_t leader_id;
    int code = raft_conn_open(engine_address, &context, &conn, error);

    if (code != ERROR_NONE) {
        return code;
    }
    code = raft_conn_leader(conn, &context, &leader_id, error);
    if (code != ERROR_NONE || leader_id != own_id) {
        goto err_after_open;
    }
    code = raft_conn_servers(conn, &context, &servers, &n_servers, error);
    if (code != ERROR_NONE) {
        goto err_after_open;
    }
    code = try_voters(conn, own_id, &context, servers, n_servers, error);
    free(servers);

err_after_open:
    raft_conn_close(conn);
    return code;
}
