/* One address on one uplink belongs to one network, and there to one load balancer or
 * one forward, whoever is first. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define N_CLIENTS   8
#define N_ADDRESSES 12

static const char *const lists[] = {
    "/1.0/networks/ovn0/load-balancers",
    "/1.0/networks/ovn1/load-balancers",
    "/1.0/networks/ovn0/forwards",
    "/1.0/networks/ovn1/forwards",
};

#define N_LISTS (sizeof lists / sizeof lists[0])

static pthread_barrier_t barrier;

/* What all clients ask for last: the address of ovn0 on its uplink. */
static char own_address[64];

struct client {
    unsigned number;
    int statuses[N_ADDRESSES + 1];
};

static void *create_all(void *data)
{
    struct client *client = data;

    for (unsigned i = 0; i <= N_ADDRESSES; i++) {
        char body[128];

        /* Half of them in a spelling of each client's own. */
        if (i == N_ADDRESSES) {
            snprintf(body, sizeof body, "{\"listen_address\": \"%s\"}", own_address);
        } else if (i % 2 == 0) {
            snprintf(body, sizeof body, "{\"listen_address\": \"198.18.0.%u\"}", i + 1);
        } else {
            snprintf(body, sizeof body, "{\"listen_address\": \"2001:%s:5::%s%x\"}",
                     client->number % 3 == 0 ? "db8" : "DB8", client->number < 4 ? "" : "00",
                     i + 1);
        }
        pthread_barrier_wait(&barrier);
        client->statuses[i] =
            world_status(world_daemon.socket, "POST", lists[client->number % N_LISTS], body);
    }
    return NULL;
}

static void of_concurrent_creates_one_wins(void **state)
{
    struct client clients[N_CLIENTS] = {0};
    pthread_t threads[N_CLIENTS];
    size_t n_records = 0;
    json_t *network;

    (void)state;
    world_make(world_daemon.socket);
    network = world_get(world_daemon.socket, "/1.0/networks/ovn0");
    snprintf(own_address, sizeof own_address, "%s",
             json_string_value(json_object_get(json_object_get(network, "config"),
                                               "volatile.network.ipv4.address")));
    json_decref(network);
    assert_int_equal(pthread_barrier_init(&barrier, NULL, N_CLIENTS), 0);
    for (unsigned i = 0; i < N_CLIENTS; i++) {
        clients[i].number = i;
        assert_int_equal(pthread_create(&threads[i], NULL, create_all, &clients[i]), 0);
    }
    for (unsigned i = 0; i < N_CLIENTS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    pthread_barrier_destroy(&barrier);
    for (unsigned i = 0; i <= N_ADDRESSES; i++) {
        unsigned created = 0;
        unsigned refused = 0;

        for (unsigned n = 0; n < N_CLIENTS; n++) {
            created += clients[n].statuses[i] == 201;
            refused += clients[n].statuses[i] == 409;
        }
        assert_int_equal(created, 1);
        assert_int_equal(refused, N_CLIENTS - 1);
    }
    for (unsigned i = 0; i < N_LISTS; i++) {
        json_t *links = world_get(world_daemon.socket, lists[i]);

        n_records += json_array_size(links);
        json_decref(links);
    }
    assert_int_equal(n_records, N_ADDRESSES + 1);
}

static void refused_address_is_free_once_it_is_deleted(void **state)
{
    static const char body[] = "{\"listen_address\": \"198.18.0.1\"}";
    const char *sock = world_daemon.socket;
    char *error;

    (void)state;
    world_make(sock);
    assert_int_equal(world_status(sock, "POST", "/1.0/networks/ovn0/load-balancers", body), 201);
    error = world_error(sock, "POST", "/1.0/networks/ovn1/load-balancers", body, 409);
    assert_string_equal(error, "Failed creating load balancer: Load balancer listen address "
                               "\"198.18.0.1/32\" overlaps with another network or NIC");
    free(error);
    assert_int_equal(
        world_status(sock, "DELETE", "/1.0/networks/ovn0/load-balancers/198.18.0.1", NULL), 200);
    assert_int_equal(world_status(sock, "POST", "/1.0/networks/ovn1/load-balancers", body), 201);
}

/* POSTs ADDRESS to lists[LIST], which must be refused because of another listener. */
static void assert_overlaps(unsigned list, const char *address)
{
    bool is_forward = list >= 2;
    char expected[256];
    char body[128];
    char *error;

    snprintf(body, sizeof body, "{\"listen_address\": \"%s\"}", address);
    snprintf(expected, sizeof expected,
             "Failed creating %s: %s listen address \"%s/32\" overlaps with another network or NIC",
             is_forward ? "forward" : "load balancer", is_forward ? "Forward" : "Load balancer",
             address);
    error = world_error(world_daemon.socket, "POST", lists[list], body, 409);
    assert_string_equal(error, expected);
    free(error);
}

static void forwards_and_load_balancers_exclude_each_other(void **state)
{
    const char *sock = world_daemon.socket;
    char *error;

    (void)state;
    world_make(sock);
    assert_int_equal(world_status(sock, "POST", lists[0], "{\"listen_address\": \"198.18.0.1\"}"),
                     201);
    assert_int_equal(world_status(sock, "POST", lists[2], "{\"listen_address\": \"198.18.0.2\"}"),
                     201);
    assert_overlaps(1, "198.18.0.1");
    assert_overlaps(2, "198.18.0.1");
    assert_overlaps(3, "198.18.0.1");
    assert_overlaps(0, "198.18.0.2");
    assert_overlaps(1, "198.18.0.2");
    assert_overlaps(3, "198.18.0.2");
    error = world_error(sock, "POST", lists[2], "{\"listen_address\": \"198.18.0.2\"}", 409);
    assert_string_equal(error, "Failed creating forward: A forward for that listen address already "
                               "exists");
    free(error);

    /* Whoever goes makes room for the other kind. */
    assert_int_equal(
        world_status(sock, "DELETE", "/1.0/networks/ovn0/load-balancers/198.18.0.1", NULL), 200);
    assert_int_equal(world_status(sock, "DELETE", "/1.0/networks/ovn0/forwards/198.18.0.2", NULL),
                     200);
    assert_int_equal(world_status(sock, "POST", lists[3], "{\"listen_address\": \"198.18.0.1\"}"),
                     201);
    assert_int_equal(world_status(sock, "POST", lists[1], "{\"listen_address\": \"198.18.0.2\"}"),
                     201);
}

/* Fails the test unless METHOD PATH with BODY is refused with WORDS behind PREFIX. */
static void assert_holder(const char *method, const char *path, const char *body,
                          const char *prefix, const char *words)
{
    char expected[512];
    char *error = world_error(world_daemon.socket, method, path, body, 409);

    snprintf(expected, sizeof expected, "%sExternal subnet %s", prefix, words);
    assert_string_equal(error, expected);
    free(error);
}

/* A network that can't have an address or a subnet is told who has it, in any project. */
static void network_is_told_the_holder(void **state)
{
    const char *sock = world_daemon.socket;
    char own[64];
    char body[256];
    char words[256];
    json_t *ovn0;

    (void)state;
    world_make(sock);
    ovn0 = world_get(sock, "/1.0/networks/ovn0");
    snprintf(own, sizeof own, "%s",
             json_string_value(json_object_get(json_object_get(ovn0, "config"),
                                               "volatile.network.ipv4.address")));
    json_decref(ovn0);
    assert_int_equal(world_status(sock, "POST", lists[0], "{\"listen_address\": \"198.18.0.1\"}"),
                     201);
    assert_int_equal(world_status(sock, "POST", "/1.0/projects",
                                  "{\"name\": \"web\", \"config\": {\"features.networks\": "
                                  "\"true\"}}"),
                     201);

    /* An address in a subnet. */
    assert_holder("POST", "/1.0/networks?project=web",
                  "{\"name\": \"a\", \"type\": \"ovn\", \"config\": {\"network\": \"UPLINK\", "
                  "\"ipv4.address\": \"198.18.0.9/24\", \"ipv4.nat\": \"false\", "
                  "\"ipv6.address\": \"none\"}}",
                  "",
                  "\"198.18.0.0/24\" overlaps with another network or NIC: \"198.18.0.1\" of "
                  "network \"ovn0\" in project \"default\"");
    /* A subnet in a subnet. */
    assert_int_equal(world_status(sock, "POST", "/1.0/networks?project=web",
                                  "{\"name\": \"a\", \"type\": \"ovn\", \"config\": "
                                  "{\"network\": \"UPLINK\", \"ipv4.address\": "
                                  "\"198.18.4.1/24\", \"ipv4.nat\": \"false\", "
                                  "\"ipv6.address\": \"none\"}}"),
                     201);
    assert_holder("PATCH", "/1.0/networks/ovn1",
                  "{\"config\": {\"ipv4.address\": \"198.18.4.129/25\", \"ipv4.nat\": \"false\"}}",
                  "",
                  "\"198.18.4.128/25\" overlaps with another network or NIC: "
                  "\"198.18.4.0/24\" of network \"a\" in project \"web\"");
    /* An address. */
    snprintf(body, sizeof body, "{\"config\": {\"ipv4.nat.address\": \"%s\"}}", own);
    snprintf(words, sizeof words,
             "\"%s/32\" overlaps with another network or NIC: \"%s\" of network \"ovn0\" in "
             "project \"default\"",
             own, own);
    assert_holder("PATCH", "/1.0/networks/ovn1", body, "", words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(of_concurrent_creates_one_wins, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(forwards_and_load_balancers_exclude_each_other,
                                        world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(refused_address_is_free_once_it_is_deleted, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(network_is_told_the_holder, world_set_up, world_tear_down),
    };

    return cmocka_run_group_tests_name("conflict", tests, NULL, NULL);
}
