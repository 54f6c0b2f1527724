/* liblbstate's typed calls with the real daemon. */
#include "lbstate/lbstate.h"
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"

#include <stdlib.h>
#include <string.h>

static void assert_holds(char *json, const char *text)
{
    if (strstr(json, text) == NULL) {
        print_error("no %s in %s\n", text, json);
    }
    assert_non_null(strstr(json, text));
    free(json);
}

static struct lbstate_client *open_client(void)
{
    struct lbstate_client *client;
    struct lbstate_error error;

    assert_int_equal(lbstate_open(world_daemon.socket, NULL, &client, &error), LBSTATE_OK);
    return client;
}

static void a_forward_goes_its_way(void **state)
{
    struct lbstate_client *client = open_client();
    struct lbstate_error error;
    char *json;
    char *etag;

    (void)state;
    world_make(world_daemon.socket);
    assert_int_equal(lbstate_forward_list(client, NULL, "ovn0", &json, &error), LBSTATE_OK);
    assert_string_equal(json, "[]");
    free(json);
    assert_int_equal(lbstate_forward_create(client, "default", "ovn0",
                                            "{\"listen_address\":\"2001:db8:5::0:1\",\"config\":{"
                                            "\"target_address\":\"fd42:1:2:3::9\"}}",
                                            &error),
                     LBSTATE_OK);
    /* Forwards and load balancers can't have the same address, on any network. */
    assert_int_equal(lbstate_load_balancer_create(client, NULL, "ovn1",
                                                  "{\"listen_address\":\"2001:db8:5::1\"}", &error),
                     LBSTATE_REFUSED);
    assert_int_equal(error.http_status, 409);

    assert_int_equal(
        lbstate_forward_get(client, NULL, "ovn0", "2001:db8:5:0::1", &json, &etag, &error),
        LBSTATE_OK);
    assert_holds(json, "\"listen_address\":\"2001:db8:5::1\"");
    assert_int_equal(lbstate_forward_update(client, NULL, "ovn0", "2001:db8:5::1",
                                            "{\"description\":\"x\"}", etag, &error),
                     LBSTATE_OK);
    assert_int_equal(lbstate_forward_update(client, NULL, "ovn0", "2001:db8:5::1",
                                            "{\"description\":\"y\"}", etag, &error),
                     LBSTATE_REFUSED);
    assert_int_equal(error.http_status, 412);
    free(etag);
    assert_int_equal(lbstate_forward_list(client, NULL, "ovn0", &json, &error), LBSTATE_OK);
    assert_holds(json, "\"description\":\"x\"");

    assert_int_equal(lbstate_forward_delete(client, NULL, "ovn0", "2001:db8:5::1", &error),
                     LBSTATE_OK);
    assert_int_equal(lbstate_forward_delete(client, NULL, "ovn0", "2001:db8:5::1", &error),
                     LBSTATE_REFUSED);
    assert_int_equal(error.http_status, 404);
    assert_int_equal(lbstate_forward_list(client, NULL, "nope", &json, &error), LBSTATE_REFUSED);
    assert_int_equal(error.http_status, 404);
    lbstate_close(client);
}

static void a_load_balancer_goes_its_way(void **state)
{
    struct lbstate_client *client = open_client();
    struct lbstate_error error;
    char *json;
    char *etag;

    (void)state;
    world_make(world_daemon.socket);
    assert_int_equal(lbstate_load_balancer_create(client, NULL, "ovn0",
                                                  "{\"listen_address\":\"198.18.0.1\"}", &error),
                     LBSTATE_OK);
    assert_int_equal(
        lbstate_load_balancer_get(client, NULL, "ovn0", "198.18.0.1", &json, &etag, &error),
        LBSTATE_OK);
    assert_holds(json, "\"backends\":[]");
    assert_int_equal(lbstate_load_balancer_update(client, NULL, "ovn0", "198.18.0.1",
                                                  "{\"description\":\"x\"}", etag, &error),
                     LBSTATE_OK);
    free(etag);
    assert_int_equal(lbstate_load_balancer_list(client, NULL, "ovn0", &json, &error), LBSTATE_OK);
    assert_holds(json, "\"description\":\"x\"");
    assert_int_equal(lbstate_load_balancer_delete(client, NULL, "ovn0", "198.18.0.1", &error),
                     LBSTATE_OK);
    lbstate_close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_forward_goes_its_way, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(a_load_balancer_goes_its_way, world_set_up,
                                        world_tear_down),
    };

    return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
