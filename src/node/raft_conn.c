#include "node/raft_conn.h"

#include "db/channel.h"
#include "db/sql_error.h"
#include "db/wire_raft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct raft_conn {
    struct channel channel;
    bool broken;
};

/* Sends what was encoded and receives the answer, of whatever type but FAILURE, which
 * becomes an error and leaves the connection whole. */
static int ask(struct raft_conn *conn, const struct db_context *context, const char *what,
               struct wire_message *ret_message, struct error *error)
{
    struct wire_failure failure;
    int code;

    if (conn->broken) {
        return error_set(error, ERROR_IO, "%s: the connection to the engine is broken", what);
    }
    code = channel_send(&conn->channel, context, error);
    if (code == ERROR_NONE) {
        code = channel_receive(&conn->channel, context, ret_message, error);
    }
    if (code == ERROR_NONE && ret_message->type == WIRE_FAILURE) {
        code = wire_decode_failure(ret_message, &failure, error);
        if (code == ERROR_NONE) {
            return sql_error_set(error, failure.code, what, failure.message);
        }
    }
    if (code != ERROR_NONE) {
        conn->broken = true;
        return error_prefix(error, "%s: ", what);
    }
    return ERROR_NONE;
}

static int check_decoded(struct raft_conn *conn, int code)
{
    conn->broken = conn->broken || code == ERROR_PROTOCOL;
    return code;
}

static int order(struct raft_conn *conn, const struct db_context *context, const char *what,
                 struct error *error)
{
    struct wire_message message;
    int code = ask(conn, context, what, &message, error);

    return code == ERROR_NONE ? check_decoded(conn, wire_decode_empty(&message, error)) : code;
}

static int shake_hands(struct raft_conn *conn, const struct db_context *context,
                       struct error *error)
{
    struct wire_message message;
    uint64_t heartbeat_ms;
    int code;

    wire_encode_handshake(&conn->channel.out);
    wire_encode_client(&conn->channel.out, (uint64_t)getpid());
    code = ask(conn, context, "client", &message, error);
    return code == ERROR_NONE ? wire_decode_welcome(&message, &heartbeat_ms, error) : code;
}

int raft_conn_open(const char *address, const struct db_context *context,
                   struct raft_conn **ret_conn, struct error *error)
{
    struct raft_conn *conn = calloc(1, sizeof *conn);
    int code;

    if (conn == NULL) {
        return error_no_memory(error);
    }
    code = channel_init(&conn->channel, error);
    if (code != ERROR_NONE) {
        goto err_after_alloc;
    }
    code = db_socket_connect(&conn->channel.socket, address, context, error);
    if (code == ERROR_NONE) {
        code = shake_hands(conn, context, error);
    }
    if (code != ERROR_NONE) {
        goto err_after_channel;
    }
    *ret_conn = conn;
    return ERROR_NONE;

err_after_channel:
    channel_close(&conn->channel);
err_after_alloc:
    free(conn);
    return code;
}

void raft_conn_close(struct raft_conn *conn)
{
    if (conn == NULL) {
        return;
    }
    channel_close(&conn->channel);
    free(conn);
}

bool raft_conn_broken(const struct raft_conn *conn)
{
    return conn->broken;
}

void raft_conn_wake(struct raft_conn *conn)
{
    db_socket_wake(&conn->channel.socket);
}

int raft_conn_leader(struct raft_conn *conn, const struct db_context *context,
                     uint64_t *ret_leader_id, struct error *error)
{
    struct wire_message message;
    struct wire_server server;
    int code;

    wire_encode_leader(&conn->channel.out);
    code = ask(conn, context, "leader", &message, error);
    if (code == ERROR_NONE) {
        code = check_decoded(conn, wire_decode_server(&message, &server, error));
    }
    if (code == ERROR_NONE) {
        *ret_leader_id = server.id;
    }
    return code;
}

static int compare_ids(const void *a, const void *b)
{
    const struct raft_server *left = a;
    const struct raft_server *right = b;

    return left->id < right->id ? -1 : left->id > right->id;
}

static int decode_servers(const struct wire_message *message, struct raft_server **ret_servers,
                          size_t *ret_n_servers, struct error *error)
{
    struct wire_servers wire;
    struct wire_cluster_server from;
    struct raft_server *servers;
    size_t n;
    int code = wire_servers_begin(message, &wire, error);

    if (code != ERROR_NONE) {
        return code;
    }
    n = wire.n_servers;
    servers = calloc(n + 1, sizeof *servers); /* Never of no size. */
    if (servers == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < n && code == ERROR_NONE; i++) {
        code = wire_servers_next(&wire, &from, error);
        if (code == ERROR_NONE && strlen(from.address) >= sizeof servers[i].address) {
            code = error_set(error, ERROR_PROTOCOL, "The address of server %llu is too long",
                             (unsigned long long)from.id);
        }
        if (code == ERROR_NONE) {
            servers[i].id = from.id;
            servers[i].role = (enum raft_role)from.role;
            snprintf(servers[i].address, sizeof servers[i].address, "%s", from.address);
        }
    }
    if (code != ERROR_NONE) {
        free(servers);
        return code;
    }
    qsort(servers, n, sizeof *servers, compare_ids);
    *ret_servers = servers;
    *ret_n_servers = n;
    return ERROR_NONE;
}

int raft_conn_servers(struct raft_conn *conn, const struct db_context *context,
                      struct raft_server **ret_servers, size_t *ret_n_servers, struct error *error)
{
    struct wire_message message;
    int code;

    wire_encode_cluster(&conn->channel.out);
    code = ask(conn, context, "cluster", &message, error);
    if (code == ERROR_NONE) {
        code = check_decoded(conn, decode_servers(&message, ret_servers, ret_n_servers, error));
    }
    return code;
}

int raft_conn_add(struct raft_conn *conn, const struct db_context *context, uint64_t id,
                  const char *address, struct error *error)
{
    wire_encode_add(&conn->channel.out, id, address);
    return order(conn, context, "add", error);
}

int raft_conn_assign(struct raft_conn *conn, const struct db_context *context, uint64_t id,
                     enum raft_role role, struct error *error)
{
    wire_encode_assign(&conn->channel.out, id, (uint64_t)role);
    return order(conn, context, "assign", error);
}

int raft_conn_remove(struct raft_conn *conn, const struct db_context *context, uint64_t id,
                     struct error *error)
{
    wire_encode_remove(&conn->channel.out, id);
    return order(conn, context, "remove", error);
}

int raft_conn_transfer(struct raft_conn *conn, const struct db_context *context, uint64_t id,
                       struct error *error)
{
    wire_encode_transfer(&conn->channel.out, id);
    return order(conn, context, "transfer", error);
}
