/* Requests reach the leader, whoever took them: real API servers and stores on a real engine,
 * with who leads as the test says. */
#include "base/clock.h"
#include "test/lib/api_cluster.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define P1       "/1.0/projects/p1"
#define COUNT_P1 "SELECT COUNT(*) FROM projects WHERE name = 'p1'"

static const char create_p1[] = "{\"name\":\"p1\"}";

/* Holds the database's write lock, so that writes have to wait. */
struct lock {
    struct db_conn *conn;
    struct db_tx tx;
    struct db_context context;
};

static void lock_take(struct lock *lock, struct api_cluster *cluster)
{
    const struct db_conn_options options = {.address = node_address(cluster->node)};
    struct error error;

    lock->context = (struct db_context){.deadline_us = clock_monotonic_us() + 60000000};
    assert_int_equal(db_conn_open(&options, &lock->context, &lock->conn, &error), ERROR_NONE);
    assert_int_equal(db_tx_begin(&lock->tx, lock->conn, DB_WRITE, &lock->context, &error),
                     ERROR_NONE);
}

static void lock_release(struct lock *lock)
{
    db_tx_rollback(&lock->tx);
    db_conn_close(lock->conn);
}

static void each_method_is_forwarded(void **state)
{
    struct api_cluster *cluster = *state;
    char etag[100];
    struct client_call call;

    client_call_init(&call, cluster, 2, "POST", "/1.0/projects", create_p1);
    client_call_perform(&call, 201);
    assert_string_equal(client_call_answer_header(&call, "Location"), P1);
    assert_string_equal(client_call_answer_header(&call, "Content-Type"), "application/json");
    assert_string_equal(client_call_answer_header(&call, "Lbstate-Revision"), "1");
    client_call_close(&call);
    assert_int_equal(cluster->members[1].n_accepted, 1);
    client_call_init(&call, cluster, 3, "GET", P1, NULL);
    client_call_perform(&call, 200);
    client_call_assert_contains(&call, "\"name\":\"p1\"");
    snprintf(etag, sizeof etag, "%s", client_call_answer_header(&call, "Etag"));
    client_call_close(&call);
    client_call_init(&call, cluster, 2, "PUT", P1, "{\"description\":\"d1\"}");
    client_call_header(&call, "If-Match", "\"another\"");
    client_call_perform(&call, 412);
    client_call_assert_contains(&call, "\"type\":\"error\"");
    assert_string_equal(client_call_answer_header(&call, "X-Content-Type-Options"), "nosniff");
    client_call_close(&call);
    client_call_init(&call, cluster, 2, "PUT", P1, "{\"description\":\"d1\"}");
    client_call_header(&call, "If-Match", etag);
    client_call_perform(&call, 200);
    client_call_close(&call);
    api_cluster_call(cluster, 3, "PATCH", P1, "{\"description\":\"d2\"}", 200);
    assert_int_equal(api_cluster_integer(cluster, "SELECT COUNT(*) FROM projects"
                                                  " WHERE description = 'd2'"),
                     1);
    api_cluster_call(cluster, 2, "DELETE", P1, NULL, 200);
    api_cluster_call(cluster, 2, "GET", P1, NULL, 404);
    assert_int_equal(api_cluster_integer(cluster, "SELECT revision FROM store_revision"), 4);
    assert_true(cluster->members[1].leadership.n_confirms >= 2);
}

/* A client waits for it where it was told of it. */
static void operation_is_where_its_client_is(void **state)
{
    struct api_cluster *cluster = *state;
    char target[100];
    struct client_call call;

    api_cluster_call(cluster, 2, "POST", "/1.0/projects", create_p1, 201);
    client_call_init(&call, cluster, 2, "POST", P1, "{\"name\":\"p2\"}");
    client_call_perform(&call, 202);
    assert_string_equal(client_call_answer_header(&call, "Lbstate-Revision"), "2");
    snprintf(target, sizeof target, "%s/wait", client_call_answer_header(&call, "Location"));
    client_call_close(&call);
    api_cluster_call(cluster, 2, "GET", target, NULL, 200);
}

static void server_tells_of_itself_and_of_the_cluster(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call here;
    struct client_call there;

    api_cluster_call(cluster, 2, "PATCH", "/1.0", "{\"config\":{\"user.a\":\"b\"}}", 200);
    client_call_init(&here, cluster, 2, "GET", "/1.0", NULL);
    client_call_perform(&here, 200);
    client_call_assert_contains(&here, "\"config\":{\"user.a\":\"b\"}");
    client_call_assert_contains(&here, "\"driver\":\"engine 2\"");
    client_call_init(&there, cluster, 1, "GET", "/1.0", NULL);
    client_call_perform(&there, 200);
    client_call_assert_contains(&there, "\"driver\":\"engine 1\"");
    assert_string_equal(client_call_answer_header(&here, "Etag"),
                        client_call_answer_header(&there, "Etag"));
    assert_string_equal(client_call_answer_header(&here, "Lbstate-Revision"), "1");
    client_call_close(&here);
    client_call_close(&there);
}

static void what_is_of_the_node_stays_there(void **state)
{
    struct api_cluster *cluster = *state;

    api_cluster_lead(cluster, 0);
    api_cluster_call(cluster, 2, "GET", "/", NULL, 200);
    api_cluster_call(cluster, 2, "GET", "/internal/ready", NULL, 200);
    api_cluster_call(cluster, 2, "GET", "/1.0/metrics", NULL, 200);
    api_cluster_call(cluster, 2, "GET", "/1.0/events", NULL, 400);
    assert_int_equal(cluster->members[2].leadership.n_suspects, 0);
}

/* The copy of this node is read there, whatever that gives; nobody else is asked. */
static void local_reads_stay_here(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    client_call_init(&call, cluster, 2, "GET", "/1.0/projects?consistency=local", NULL);
    client_call_submit(&call);
    client_call_await(&call);
    assert_int_not_equal(call.request.status, 400);
    client_call_close(&call);
    assert_int_equal(cluster->members[1].n_accepted, 0);
    api_cluster_call(cluster, 2, "GET", "/1.0/projects?consistency=linearizable", NULL, 200);
    assert_int_equal(cluster->members[1].n_accepted, 1);
    api_cluster_call(cluster, 2, "GET", "/1.0/projects?consistency=weak", NULL, 400);
    api_cluster_call(cluster, 2, "GET", "/1.0/projects?consistency=", NULL, 400);
}

static void large_bodies_are_forwarded(void **state)
{
    enum { SIZE = 600 * 1000 };
    struct api_cluster *cluster = *state;
    char *body = malloc(SIZE + 100);
    struct client_call call;
    int n;

    assert_non_null(body);
    n = sprintf(body, "{\"name\":\"p1\",\"description\":\"");
    memset(body + n, 'x', SIZE);
    strcpy(body + n + SIZE, "\"}");
    api_cluster_call(cluster, 2, "POST", "/1.0/projects", body, 201);
    client_call_init(&call, cluster, 3, "GET", "/1.0/projects?recursion=1", NULL);
    client_call_perform(&call, 200);
    assert_true(call.request.response_size > SIZE);
    strcpy(body + n + SIZE, "\"");
    client_call_assert_contains(&call, strstr(body, "\"description\""));
    client_call_close(&call);
    free(body);
}

/* Between members. */

static void bound_request_is_refused_where_nobody_leads(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    member_call_init(&call, cluster, 1, 2, "POST", "/1.0/projects", create_p1);
    client_call_header(&call, "Lbstate-Request-Id", "1-1");
    client_call_header(&call, "Lbstate-Timeout-Ms", "5000");
    client_call_perform(&call, 421);
    assert_string_equal(client_call_answer_header(&call, "Lbstate-Not-Leader"), "1");
    assert_string_equal(client_call_answer_header(&call, "Lbstate-Outcome"), "");
    client_call_close(&call);
    /* Without an id it is a request as a client's: it may be forwarded. */
    member_call_init(&call, cluster, 3, 2, "GET", "/1.0/projects", NULL);
    client_call_perform(&call, 200);
    client_call_close(&call);
    /* A local client has no say in this. */
    client_call_init(&call, cluster, 2, "GET", "/1.0/projects", NULL);
    client_call_header(&call, "Lbstate-Request-Id", "1-1");
    client_call_perform(&call, 200);
    client_call_close(&call);
}

static void leader_that_stops_refuses(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    cluster->members[1].api.stopping = true;
    member_call_init(&call, cluster, 2, 1, "POST", "/1.0/projects", create_p1);
    client_call_header(&call, "Lbstate-Request-Id", "1-1");
    client_call_perform(&call, 421);
    assert_string_equal(client_call_answer_header(&call, "Lbstate-Not-Leader"), "1");
    client_call_close(&call);
    api_cluster_call(cluster, 1, "POST", "/1.0/projects", create_p1, 503);
}

static void bound_id_is_applied_once(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    for (int i = 0; i < 2; i++) {
        member_call_init(&call, cluster, 2, 1, "POST", "/1.0/projects", create_p1);
        client_call_header(&call, "Lbstate-Request-Id", "1-1");
        client_call_header(&call, "Lbstate-Timeout-Ms", "5000");
        client_call_perform(&call, 201);
        client_call_close(&call);
    }
    member_call_init(&call, cluster, 2, 1, "POST", "/1.0/projects", create_p1);
    client_call_header(&call, "Lbstate-Request-Id", "");
    client_call_perform(&call, 400);
    client_call_close(&call);
    assert_int_equal(api_cluster_integer(cluster, COUNT_P1), 1);
}

static void token_is_good_for_joining_only(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    cluster->members[3].is_joining = true;
    member_call_init(&call, cluster, 3, 1, "GET", "/1.0", NULL);
    client_call_perform(&call, 403);
    client_call_close(&call);
    member_call_init(&call, cluster, 3, 1, "POST", "/1.0/projects", create_p1);
    client_call_perform(&call, 403);
    client_call_close(&call);
    member_call_init(&call, cluster, 3, 1, "GET", "/internal/cluster/join", NULL);
    client_call_perform(&call, 403);
    client_call_close(&call);
    member_call_init(&call, cluster, 3, 1, "POST", "/internal/cluster/join", "{}");
    client_call_submit(&call);
    client_call_await(&call);
    assert_int_equal(call.request.error.code, ERROR_NONE);
    /* It is let through to the handler, which has no cluster here. */
    assert_null(strstr(call.request.response_body, "A join token is good for joining only"));
    client_call_close(&call);
}

static void member_is_told_who_it_is(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    member_call_init(&call, cluster, 3, 1, "GET", "/1.0", NULL);
    client_call_perform(&call, 200);
    client_call_assert_contains(&call, "\"auth_user_name\":\"n3\",\"auth_user_method\":\"tls\"");
    client_call_close(&call);
}

/* Time and cancel. */

static void cancel_reaches_the_leader(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;
    struct lock lock;

    lock_take(&lock, cluster);
    client_call_init(&call, cluster, 2, "POST", "/1.0/projects", create_p1);
    client_call_submit(&call);
    api_cluster_await_writes(cluster, 1, 1);
    peer_cancel(cluster->clients, &call.request);
    client_call_await(&call);
    /* Nobody can have run it: the lock is still held here. */
    api_cluster_await_writes(cluster, 1, 0);
    lock_release(&lock);
    client_call_close(&call);
    api_cluster_call(cluster, 2, "GET", P1, NULL, 404);
}

static void cancel_ends_what_waits(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;

    api_cluster_lead(cluster, 0);
    client_call_init(&call, cluster, 2, "POST", "/1.0/projects", create_p1);
    client_call_submit(&call);
    while (cluster->members[2].leadership.n_waiters == 0) {
        api_cluster_turn(cluster);
    }
    peer_cancel(cluster->clients, &call.request);
    while (cluster->members[2].leadership.n_waiters > 0) {
        api_cluster_turn(cluster);
    }
    client_call_close(&call);
    api_cluster_lead(cluster, 1);
    cluster->members[1].leadership.holds = true;
    client_call_init(&call, cluster, 1, "GET", P1, NULL);
    client_call_submit(&call);
    while (cluster->members[1].leadership.n_waiters == 0) {
        api_cluster_turn(cluster);
    }
    peer_cancel(cluster->clients, &call.request);
    while (cluster->members[1].leadership.n_waiters > 0) {
        api_cluster_turn(cluster);
    }
    client_call_close(&call);
}

static void deadline_reaches_the_leader(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;
    struct lock lock;

    lock_take(&lock, cluster);
    client_call_init(&call, cluster, 2, "POST", "/1.0/projects", create_p1);
    client_call_header(&call, "Lbstate-Timeout-Ms", "3000");
    client_call_perform(&call, 503);
    /* It is the leader that knows that nothing was done. */
    assert_string_equal(client_call_answer_header(&call, "Lbstate-Outcome"), "");
    assert_string_equal(client_call_answer_header(&call, "Retry-After"), "1");
    assert_int_equal(member_waiting_writes(&cluster->members[1]), 0);
    lock_release(&lock);
    client_call_close(&call);
}

static void timeout_of_a_client_has_a_range(void **state)
{
    static const char *const wrong[] = {"", "99", "3600001", "-1", "1e3", "1000 ms", "10000000000"};
    static const char *const right[] = {"100", "3600000"};
    struct api_cluster *cluster = *state;
    struct client_call call;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        client_call_init(&call, cluster, 1, "GET", "/1.0/projects", NULL);
        client_call_header(&call, "Lbstate-Timeout-Ms", wrong[i]);
        client_call_perform(&call, 400);
        client_call_close(&call);
    }
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        client_call_init(&call, cluster, 1, "GET", "/1.0/projects", NULL);
        client_call_header(&call, "Lbstate-Timeout-Ms", right[i]);
        client_call_perform(&call, 200);
        client_call_close(&call);
    }
}

/* Keys of clients. */

static void create_with_key(struct api_cluster *cluster, uint64_t id, const char *key,
                            unsigned status)
{
    struct client_call call;

    client_call_init(&call, cluster, id, "POST", "/1.0/projects", create_p1);
    client_call_header(&call, "Idempotency-Key", key);
    client_call_perform(&call, status);
    client_call_close(&call);
}

static void key_of_a_client_is_applied_once(void **state)
{
    struct api_cluster *cluster = *state;
    char sql[200];

    create_with_key(cluster, 2, "key-1", 201);
    create_with_key(cluster, 2, "key-1", 201);
    create_with_key(cluster, 1, "key-1", 201);
    create_with_key(cluster, 3, "key-2", 409);
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM store_requests WHERE id = 'u%u:key-1'",
             (unsigned)getuid());
    assert_int_equal(api_cluster_integer(cluster, sql), 1);
    assert_int_equal(api_cluster_integer(cluster, "SELECT revision FROM store_revision"), 1);
}

static void key_of_a_client_is_checked(void **state)
{
    struct api_cluster *cluster = *state;
    char key[98];

    memset(key, 'k', sizeof key);
    key[97] = '\0';
    create_with_key(cluster, 1, key, 400);
    key[96] = '\0';
    create_with_key(cluster, 1, key, 201);
    create_with_key(cluster, 1, "a b", 400);
    create_with_key(cluster, 1, "\xc3\xa4", 400);
    create_with_key(cluster, 1, "", 400);
}

/* Without a cluster all is served here, and a key is worth as much. */
static void node_without_a_cluster_needs_nobody(void **state)
{
    struct api_cluster *cluster = *state;
    struct leadership *leadership = cluster->members[1].api.leadership;

    cluster->members[1].api.leadership = NULL;
    create_with_key(cluster, 1, "key-1", 201);
    create_with_key(cluster, 1, "key-1", 201);
    api_cluster_call(cluster, 1, "GET", P1, NULL, 200);
    assert_int_equal(cluster->members[1].leadership.n_confirms, 0);
    cluster->members[1].api.leadership = leadership;
}

#define forward_test(TEST)                                                                         \
    cmocka_unit_test_setup_teardown(TEST, api_cluster_set_up, api_cluster_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        forward_test(each_method_is_forwarded),
        forward_test(operation_is_where_its_client_is),
        forward_test(server_tells_of_itself_and_of_the_cluster),
        forward_test(what_is_of_the_node_stays_there),
        forward_test(local_reads_stay_here),
        forward_test(large_bodies_are_forwarded),
        forward_test(bound_request_is_refused_where_nobody_leads),
        forward_test(leader_that_stops_refuses),
        forward_test(bound_id_is_applied_once),
        forward_test(token_is_good_for_joining_only),
        forward_test(member_is_told_who_it_is),
        forward_test(cancel_reaches_the_leader),
        forward_test(cancel_ends_what_waits),
        forward_test(deadline_reaches_the_leader),
        forward_test(timeout_of_a_client_has_a_range),
        forward_test(key_of_a_client_is_applied_once),
        forward_test(key_of_a_client_is_checked),
        forward_test(node_without_a_cluster_needs_nobody),
    };

    return cmocka_run_group_tests_name("api_forward", tests, NULL, NULL);
}
