#include "node/raft_order.h"

#include <stdlib.h>
#include <string.h>

/* What the engine's configuration is after it refused an order. */
struct configuration {
    struct raft_server *servers;
    size_t n_servers;
};

static const struct raft_server *find(const struct configuration *configuration, uint64_t id)
{
    for (size_t i = 0; i < configuration->n_servers; i++) {
        if (configuration->servers[i].id == id) {
            return &configuration->servers[i];
        }
    }
    return NULL;
}

static const struct raft_server *find_address(const struct configuration *configuration,
                                              const char *address)
{
    for (size_t i = 0; i < configuration->n_servers; i++) {
        if (strcmp(configuration->servers[i].address, address) == 0) {
            return &configuration->servers[i];
        }
    }
    return NULL;
}

static int send_order(const struct raft_order *order, struct raft_conn *conn,
                      const struct db_context *context, struct error *error)
{
    switch (order->kind) {
    case RAFT_ADD:
        return raft_conn_add(conn, context, order->id, order->address, error);
    case RAFT_ASSIGN:
        return raft_conn_assign(conn, context, order->id, order->role, error);
    case RAFT_REMOVE:
        return raft_conn_remove(conn, context, order->id, error);
    case RAFT_TRANSFER:
        return raft_conn_transfer(conn, context, order->id, error);
    case RAFT_ASK_LEADER:
    case RAFT_SERVERS:
    case RAFT_KNOWN_SERVERS:
        break;
    }
    return error_set(error, ERROR_INTERNAL, "A question is no order");
}

/* What the configuration says may be in the log and not committed yet. The engine is asked to
 * give the own node the role that it has: it refuses that, as busy while a change is under way,
 * and as senseless when there is none. */
static int check_settled(const struct configuration *configuration, struct raft_conn *conn,
                         uint64_t own_id, const struct db_context *context, struct error *error)
{
    const struct raft_server *own = find(configuration, own_id);
    int code;

    if (own == NULL) {
        return error_set(error, ERROR_NOT_LEADER, "The own node was removed");
    }
    code = raft_conn_assign(conn, context, own_id, own->role, error);
    if (code == ERROR_INVALID) {
        error_clear(error);
        code = ERROR_NONE;
    }
    return code;
}

static int judge_add(const struct raft_order *order, const struct configuration *configuration,
                     const struct error *refusal, bool *ret_check, struct error *error)
{
    const struct raft_server *server = find(configuration, order->id);
    const struct raft_server *holder = find_address(configuration, order->address);

    if (server != NULL && server == holder) {
        *ret_check = true;
        return ERROR_NONE;
    }
    if (server != NULL) {
        return error_set(error, ERROR_CONFLICT, "Raft knows server %llu under the address %s",
                         (unsigned long long)order->id, server->address);
    }
    if (holder != NULL) {
        return error_set(error, ERROR_CONFLICT, "The address %s is that of server %llu in Raft",
                         order->address, (unsigned long long)holder->id);
    }
    return error_set(error, ERROR_IO, "%s", refusal->message);
}

static int judge_remove(const struct raft_order *order, const struct configuration *configuration,
                        const struct error *refusal, bool *ret_check, struct error *error)
{
    if (find(configuration, order->id) == NULL) {
        *ret_check = true;
        return ERROR_NONE;
    }
    return error_set(error, ERROR_IO, "%s", refusal->message);
}

static int judge_assign(const struct raft_order *order, const struct raft_server *server,
                        const struct error *refusal, struct error *error)
{
    /* It was said only after the engine found that no change is under way. */
    if (server->role == order->role) {
        return ERROR_NONE;
    }
    return error_set(error, ERROR_UNAVAILABLE, "Server %llu can't be brought up to date: %s",
                     (unsigned long long)order->id, refusal->message);
}

static int judge_transfer(const struct raft_order *order, const struct raft_server *server,
                          uint64_t own_id, const struct error *refusal, struct error *error)
{
    if (order->id == own_id) {
        return ERROR_NONE;
    }
    if (server->role != RAFT_VOTER) {
        return error_set(error, ERROR_INVALID, "Server %llu doesn't vote, so it can't lead",
                         (unsigned long long)order->id);
    }
    return error_set(error, ERROR_UNAVAILABLE, "Server %llu didn't take over leadership: %s",
                     (unsigned long long)order->id, refusal->message);
}

/* What REFUSAL means. *RET_CHECK: it is done, if it is committed. */
static int judge(const struct raft_order *order, const struct configuration *configuration,
                 uint64_t own_id, const struct error *refusal, bool *ret_check, struct error *error)
{
    const struct raft_server *server = find(configuration, order->id);

    *ret_check = false;
    if (order->kind == RAFT_ADD) {
        return judge_add(order, configuration, refusal, ret_check, error);
    }
    if (order->kind == RAFT_REMOVE) {
        return judge_remove(order, configuration, refusal, ret_check, error);
    }
    if (server == NULL) {
        return error_set(error, ERROR_NOT_FOUND, "Raft has no server %llu",
                         (unsigned long long)order->id);
    }
    if (order->kind == RAFT_ASSIGN) {
        return judge_assign(order, server, refusal, error);
    }
    return judge_transfer(order, server, own_id, refusal, error);
}

int raft_order_run(const struct raft_order *order, struct raft_conn *conn, uint64_t own_id,
                   const struct db_context *context, struct error *error)
{
    struct configuration configuration;
    struct error refusal;
    bool check;
    int code = send_order(order, conn, context, error);

    if (code != ERROR_INVALID) {
        return code;
    }
    refusal = *error;
    error_clear(error);
    code =
        raft_conn_servers(conn, context, &configuration.servers, &configuration.n_servers, error);
    if (code != ERROR_NONE) {
        return code;
    }
    code = judge(order, &configuration, own_id, &refusal, &check, error);
    if (code == ERROR_NONE && check) {
        code = check_settled(&configuration, conn, own_id, context, error);
    }
    free(configuration.servers);
    return code;
}
