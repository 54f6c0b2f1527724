/* One address on one uplink belongs to one network, whoever is first. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define N_CLIENTS   8
#define N_ADDRESSES 12

static pthread_barrier_t barrier;

struct client {
    unsigned number;
    int statuses[N_ADDRESSES];
};

static void *create_all(void *data)
{
    struct client *client = data;
    const char *path = client->number % 2 == 0 ? "/1.0/networks/ovn0/load-balancers"
                                               : "/1.0/networks/ovn1/load-balancers";

    for (unsigned i = 0; i < N_ADDRESSES; i++) {
        char body[128];

        /* Half of them in a spelling of each client's own. */
        if (i % 2 == 0) {
            snprintf(body, sizeof body, "{\"listen_address\": \"198.18.0.%u\"}", i + 1);
        } else {
            snprintf(body, sizeof body, "{\"listen_address\": \"2001:%s:5::%s%x\"}",
                     client->number % 4 < 2 ? "db8" : "DB8", client->number < 4 ? "" : "00", i + 1);
        }
        pthread_barrier_wait(&barrier);
        client->statuses[i] = world_status(world_daemon.socket, "POST", path, body);
    }
    return NULL;
}

static void of_concurrent_creates_one_wins(void **state)
{
    struct client clients[N_CLIENTS] = {0};
    pthread_t threads[N_CLIENTS];
    size_t n_records = 0;

    (void)state;
    world_make(world_daemon.socket);
    assert_int_equal(pthread_barrier_init(&barrier, NULL, N_CLIENTS), 0);
    for (unsigned i = 0; i < N_CLIENTS; i++) {
        clients[i].number = i;
        assert_int_equal(pthread_create(&threads[i], NULL, create_all, &clients[i]), 0);
    }
    for (unsigned i = 0; i < N_CLIENTS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    pthread_barrier_destroy(&barrier);
    for (unsigned i = 0; i < N_ADDRESSES; i++) {
        unsigned created = 0;
        unsigned refused = 0;

        for (unsigned n = 0; n < N_CLIENTS; n++) {
            created += clients[n].statuses[i] == 201;
            refused += clients[n].statuses[i] == 409;
        }
        assert_int_equal(created, 1);
        assert_int_equal(refused, N_CLIENTS - 1);
    }
    for (unsigned i = 0; i < 2; i++) {
        json_t *links =
            world_get(world_daemon.socket, i == 0 ? "/1.0/networks/ovn0/load-balancers"
                                                  : "/1.0/networks/ovn1/load-balancers");

        n_records += json_array_size(links);
        json_decref(links);
    }
    assert_int_equal(n_records, N_ADDRESSES);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(of_concurrent_creates_one_wins, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(refused_address_is_free_once_it_is_deleted, world_set_up,
                                        world_tear_down),
    };

    return cmocka_run_group_tests_name("conflict", tests, NULL, NULL);
}
