/* The own copies of a cluster's nodes: of the leader, of a follower, of one that has nothing, and
 * of one whose leader is gone. Three real engines. */
#include "db/channel.h"
#include "db/copy.h"
#include "db/wire_raft.h"
#include "node/connect.h"
#include "node/identity.h"
#include "node/node.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/engine.h"
#include "test/lib/temp_dir.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define N_NODES    3
#define TIMEOUT_MS 120000
#define VOTER      0

/* The engine's timeouts are multiples of it. With 10, the snapshot wasn't through within two minutes
 * on a machine that ran twelve of these programs. */
#define LATENCY_MS 60

static struct {
    char *dir;
    char raft_address[64];
    char address[64]; /* "": it doesn't run. */
    struct node *node;
} nodes[N_NODES];

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* Of the addresses. */

static int connect_node(void *arg, const char *raft_address, int *ret_fd)
{
    char address[64] = "";

    (void)arg;
    pthread_mutex_lock(&mutex);
    for (unsigned i = 0; i < N_NODES; i++) {
        if (strcmp(nodes[i].raft_address, raft_address) == 0) {
            memcpy(address, nodes[i].address, sizeof address);
        }
    }
    pthread_mutex_unlock(&mutex);
    return address[0] == '\0' ? ECONNREFUSED : connect_to_node(NULL, address, ret_fd);
}

static void start_node(unsigned i)
{
    struct node_options options = {.latency_ms = LATENCY_MS, .connect = connect_node};
    struct error error = ERROR_INIT;
    char raft_address[64];

    nodes[i].dir = temp_dir_new();
    options.state_dir = nodes[i].dir;
    if (i > 0) {
        assert_int_equal(identity_make_address(raft_address, &error), ERROR_NONE);
        options.id = i + 1;
        options.raft_address = raft_address;
    }
    if (node_start(&options, &nodes[i].node, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    pthread_mutex_lock(&mutex);
    snprintf(nodes[i].raft_address, sizeof nodes[i].raft_address, "%s",
             node_raft_address(nodes[i].node));
    snprintf(nodes[i].address, sizeof nodes[i].address, "%s", node_address(nodes[i].node));
    pthread_mutex_unlock(&mutex);
}

static void stop_node(unsigned i)
{
    pthread_mutex_lock(&mutex);
    nodes[i].address[0] = '\0';
    pthread_mutex_unlock(&mutex);
    node_stop(nodes[i].node, TIMEOUT_MS);
    nodes[i].node = NULL;
}

static int start_nodes(void **state)
{
    (void)state;
    memset(nodes, 0, sizeof nodes);
    for (unsigned i = 0; i < N_NODES; i++) {
        start_node(i);
    }
    return 0;
}

static int stop_nodes(void **state)
{
    (void)state;
    for (unsigned i = 0; i < N_NODES; i++) {
        if (nodes[i].node != NULL) {
            stop_node(i);
        }
        temp_dir_remove(nodes[i].dir);
    }
    return 0;
}

/* Adds node I, as a spare, and makes it a voter if AS_VOTER. */
static void join_node(unsigned i, bool as_voter)
{
    const struct db_context context = engine_deadline(TIMEOUT_MS);
    struct error error = ERROR_INIT;
    struct channel channel;
    struct wire_message message;

    assert_int_equal(channel_init(&channel, &error), ERROR_NONE);
    assert_int_equal(db_socket_connect(&channel.socket, nodes[0].address, &context, &error),
                     ERROR_NONE);
    wire_encode_handshake(&channel.out);
    wire_encode_add(&channel.out, i + 1, nodes[i].raft_address);
    assert_int_equal(channel_send(&channel, &context, &error), ERROR_NONE);
    assert_int_equal(channel_receive(&channel, &context, &message, &error), ERROR_NONE);
    assert_int_equal(message.type, WIRE_EMPTY);
    /* The engine gives up on a node that takes long to catch up; it goes on from where it is. */
    for (bool done = !as_voter; !done; done = message.type == WIRE_EMPTY) {
        wire_encode_assign(&channel.out, i + 1, VOTER);
        assert_int_equal(channel_send(&channel, &context, &error), ERROR_NONE);
        assert_int_equal(channel_receive(&channel, &context, &message, &error), ERROR_NONE);
        assert_true(message.type == WIRE_EMPTY || message.type == WIRE_FAILURE);
    }
    channel_close(&channel);
}

static struct db_conn *connect_to(unsigned i, bool no_database)
{
    const struct db_context context = engine_deadline(TIMEOUT_MS);
    const struct db_conn_options options = {.address = nodes[i].address,
                                            .no_database = no_database};
    struct error error = ERROR_INIT;
    struct db_conn *conn;

    if (db_conn_open(&options, &context, &conn, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
    return conn;
}

/* NULL: the node has none. */
static struct db_conn *copy_of(unsigned i)
{
    const struct db_context context = engine_deadline(TIMEOUT_MS);
    struct db_conn *conn = connect_to(i, true);
    struct error error = ERROR_INIT;
    struct db_conn *copy = NULL;
    struct db_dump dump;
    int rv = db_conn_dump(conn, &context, "db", 0, &dump, &error);

    if (rv == ERROR_NONE) {
        rv = db_copy_open(&dump, NULL, &copy, &error);
    }
    if (rv != ERROR_NONE && rv != ERROR_UNAVAILABLE) {
        fail_msg("%s", error.message);
    }
    assert_false(db_conn_broken(conn));
    db_conn_close(conn);
    return copy;
}

/* How many items the copy of node I has; -1: it has no copy, or no table yet. */
static int64_t count(unsigned i)
{
    struct db_conn *copy = copy_of(i);
    int64_t n = -1;

    if (copy != NULL &&
        engine_integer(copy, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'item'") == 1) {
        n = engine_integer(copy, "SELECT COUNT(*) FROM item");
    }
    db_conn_close(copy);
    return n;
}

static void await_count(unsigned i, int64_t expected)
{
    const struct db_context context = engine_deadline(TIMEOUT_MS);
    struct error error = ERROR_INIT;

    while (count(i) != expected) {
        if (db_context_check(&context, &error) != ERROR_NONE) {
            fail_msg("node %u doesn't get there", i);
        }
    }
}

static void each_node_has_its_own(void **state)
{
    struct db_conn *leader = connect_to(0, false);
    struct db_conn *opened;

    (void)state;
    assert_null(copy_of(1));
    engine_exec(leader, "CREATE TABLE item (id INTEGER PRIMARY KEY)",
                "INSERT INTO item VALUES (1), (2)", NULL);
    assert_int_equal(count(0), 2);
    join_node(1, true);
    await_count(1, 2);
    engine_exec(leader, "INSERT INTO item VALUES (3)", NULL);
    await_count(1, 3);

    /* A spare gets nothing, however much is written. An OPEN makes an empty database there,
     * which is none of its own doing: DUMP bears it. */
    join_node(2, false);
    engine_exec(leader, "INSERT INTO item VALUES (4)", NULL);
    await_count(1, 4);
    assert_null(copy_of(2));
    opened = connect_to(2, false);
    assert_int_equal(count(2), -1);
    db_conn_close(opened);
    assert_int_equal(count(2), -1);
    db_conn_close(leader);

    /* Without a majority nobody leads; the copy stays. */
    stop_node(0);
    assert_int_equal(count(1), 4);
    stop_node(2);
    assert_int_equal(count(1), 4);
}

/* A node that comes late gets a snapshot: until it is installed there is no copy, or an empty one,
 * and never a part of it. */
static void a_snapshot_comes_whole(void **state)
{
    enum { N = 3000 };
    struct db_conn *leader = connect_to(0, false);
    struct error error = ERROR_INIT;
    struct db_context context;
    int64_t n;

    (void)state;
    engine_exec(leader, "CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT)", NULL);
    for (int i = 0; i < N; i++) {
        engine_exec(leader, "INSERT INTO item (v) VALUES (hex(randomblob(200)))", NULL);
    }
    join_node(1, true);
    context = engine_deadline(TIMEOUT_MS);
    do {
        assert_int_equal(db_context_check(&context, &error), ERROR_NONE);
        n = count(1);
        assert_true(n >= -1 && n <= N);
    } while (n != N);
    db_conn_close(leader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_node_has_its_own, start_nodes, stop_nodes),
        cmocka_unit_test_setup_teardown(a_snapshot_comes_whole, start_nodes, stop_nodes),
    };

    return cmocka_run_group_tests_name("db copy of nodes", tests, NULL, NULL);
}
