/* The mappers of src/entity and the runtime under them, on a real engine. */
#include "base/buffer.h"
#include "base/string_map.h"
#include "entity/network.mapper.h"
#include "entity/network_external_address.mapper.h"
#include "entity/network_forward.mapper.h"
#include "entity/network_load_balancer.mapper.h"
#include "entity/project.mapper.h"
#include "entity/server_config.mapper.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/engine.h"
#include "test/lib/sql_file.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_PROJECT 1

static struct db_conn *conn;
static struct db_context context;

/* Each test has a write transaction, which is undone behind it. */
static struct db_tx tx;
static struct arena arena;
static struct error error;

static int start(void **state)
{
    (void)state;
    engine_start();
    conn = engine_connect(NULL);
    sql_file_run(conn, SCHEMA_FILE);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    db_conn_close(conn);
    engine_stop();
    return 0;
}

static void succeed(int rv)
{
    if (rv != ERROR_NONE) {
        fail_msg("%s: %s", error_name((enum error_code)rv), error.message);
    }
}

static int begin(void **state)
{
    (void)state;
    error_clear(&error);
    context = engine_deadline(30000);
    succeed(db_tx_begin(&tx, conn, DB_WRITE, &context, &error));
    return 0;
}

static int undo(void **state)
{
    (void)state;
    db_tx_rollback(&tx);
    arena_close(&arena);
    return 0;
}

static void assert_fails(int rv, enum error_code code, const char *message)
{
    assert_int_equal(rv, code);
    assert_int_equal(error.code, code);
    assert_string_equal(error.message, message);
}

static void run(const char *sql)
{
    succeed(db_tx_flush(&tx, &error));
    succeed(db_conn_exec_sql(conn, &context, sql, NULL, &error));
}

static int64_t integer(const char *sql)
{
    succeed(db_tx_flush(&tx, &error));
    return engine_integer(conn, sql);
}

static void set(struct string_map *map, const char *key, const char *value)
{
    assert_true(string_map_set(map, &arena, key, value));
}

static int64_t create_network(const char *name, struct opt_i64 uplink_id)
{
    struct network network = {
        .project_id = DEFAULT_PROJECT,
        .name = name,
        .description = "",
        .state = NETWORK_CREATED,
        .type = uplink_id.set ? NETWORK_OVN : NETWORK_PHYSICAL,
        .uplink_id = uplink_id,
        .revision = 1,
    };
    int64_t id = 0;

    set(&network.config, "user.name", name);
    succeed(network_create(&tx, &network, &id, &error));
    assert_true(id > 0);
    return id;
}

static int64_t create_balancer(int64_t network_id, const char *listen_address)
{
    const struct network_load_balancer balancer = {
        .network_id = network_id, .listen_address = listen_address, .description = listen_address};
    int64_t id = 0;

    succeed(network_load_balancer_create(&tx, &balancer, &id, &error));
    return id;
}

static void a_network_comes_back_as_it_went(void **state)
{
    struct network network = {
        .project_id = DEFAULT_PROJECT,
        .name = "uplink",
        .description = "d\xc3\xa4\"\\\n",
        .state = NETWORK_ERRORED,
        .type = NETWORK_PHYSICAL,
        .revision = INT64_MAX,
    };
    struct network got = {0};
    int64_t id;

    (void)state;
    set(&network.config, "ipv4.gateway", "192.0.2.1/24");
    set(&network.config, "user.\"odd\"\n\xc3\xa4", "'\\ \xe2\x80\xa8 </x>");
    set(&network.config, "user.empty", "");
    succeed(network_create(&tx, &network, &id, &error));
    succeed(network_get_one(&tx, DEFAULT_PROJECT, "uplink", &arena, &got, &error));
    assert_int_equal(got.id, id);
    assert_int_equal(got.project_id, DEFAULT_PROJECT);
    assert_string_equal(got.name, "uplink");
    assert_string_equal(got.description, network.description);
    assert_int_equal(got.state, NETWORK_ERRORED);
    assert_int_equal(got.type, NETWORK_PHYSICAL);
    assert_false(got.uplink_id.set);
    assert_int_equal(got.revision, INT64_MAX);
    assert_string_equal(got.project_name, "default");
    assert_true(string_map_equal(&got.config, &network.config));

    network.uplink_id = some_i64(id);
    network.name = "behind";
    succeed(network_create(&tx, &network, &id, &error));
    succeed(network_get_one(&tx, DEFAULT_PROJECT, "behind", &arena, &got, &error));
    assert_true(got.uplink_id.set);
    assert_int_equal(got.uplink_id.value, network.uplink_id.value);
}

static void a_load_balancer_comes_back_as_it_went(void **state)
{
    const char *targets[] = {"b1", "b\"2\"\n\xf0\x9f\x98\x80"};
    struct network_load_balancer_backend backends[] = {
        {.name = "b1", .description = "<&>", .target_port = "80,90-99", .target_address = "::1"},
        {.name = "b\"2\"\n\xf0\x9f\x98\x80", .target_address = "192.0.2.7"},
    };
    struct network_load_balancer_port ports[] = {
        {.protocol = "tcp", .listen_port = "80", .target_backend = targets, .n_target_backend = 2},
        {.protocol = "udp", .listen_port = "53", .description = "none"},
    };
    struct network_load_balancer balancer = {
        .listen_address = "203.0.113.7",
        .description = "web",
        .backends = backends,
        .n_backends = 2,
        .ports = ports,
        .n_ports = 2,
        .revision = 7,
        .location = "is not stored",
    };
    struct network_load_balancer got = {0};
    int64_t id;

    (void)state;
    balancer.network_id = create_network("n", (struct opt_i64){0});
    set(&balancer.config, "user.a", "1");
    succeed(network_load_balancer_create(&tx, &balancer, &id, &error));
    succeed(network_load_balancer_get_one(&tx, balancer.network_id, "203.0.113.7", &arena, &got,
                                          &error));
    assert_int_equal(got.id, id);
    assert_int_equal(got.revision, 7);
    assert_null(got.location);
    assert_true(string_map_equal(&got.config, &balancer.config));
    assert_int_equal(got.n_backends, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(got.backends[i].name, backends[i].name);
        assert_string_equal(got.backends[i].target_address, backends[i].target_address);
    }
    assert_string_equal(got.backends[0].description, "<&>");
    assert_string_equal(got.backends[0].target_port, "80,90-99");
    /* Text that was NULL is empty. */
    assert_string_equal(got.backends[1].description, "");
    assert_string_equal(got.backends[1].target_port, "");
    assert_int_equal(got.n_ports, 2);
    assert_int_equal(got.ports[0].n_target_backend, 2);
    assert_string_equal(got.ports[0].target_backend[1], targets[1]);
    assert_int_equal(got.ports[1].n_target_backend, 0);
    assert_string_equal(got.ports[1].protocol, "udp");

    id = create_balancer(balancer.network_id, "203.0.113.8");
    succeed(network_load_balancer_get_one(&tx, balancer.network_id, "203.0.113.8", &arena, &got,
                                          &error));
    assert_int_equal(got.id, id);
    assert_int_equal(got.n_backends, 0);
    assert_int_equal(got.n_ports, 0);
    assert_int_equal(got.config.n_pairs, 0);
    assert_int_equal(integer("SELECT count(*) FROM networks_load_balancers WHERE backends = '[]' "
                             "AND ports = '[]'"),
                     1);
}

static void a_forward_comes_back_as_it_went(void **state)
{
    struct network_forward_port ports[] = {
        {.description = "<&>",
         .protocol = "tcp",
         .listen_port = "80,90-99",
         .target_port = "8080",
         .target_address = "10.0.0.2",
         .snat = true},
        {.protocol = "udp", .listen_port = "53", .target_address = "10.0.0.3"},
    };
    struct network_forward forward = {
        .listen_address = "203.0.113.7",
        .description = "web",
        .ports = ports,
        .n_ports = 2,
        .revision = 7,
        .location = "is not stored",
    };
    struct network_forward got = {0};
    int64_t id;

    (void)state;
    forward.network_id = create_network("n", (struct opt_i64){0});
    set(&forward.config, "target_address", "10.0.0.9");
    succeed(network_forward_create(&tx, &forward, &id, &error));
    succeed(network_forward_get_one(&tx, forward.network_id, "203.0.113.7", &arena, &got, &error));
    assert_int_equal(got.id, id);
    assert_int_equal(got.revision, 7);
    assert_string_equal(got.description, "web");
    assert_null(got.location);
    assert_true(string_map_equal(&got.config, &forward.config));
    assert_int_equal(got.n_ports, 2);
    assert_string_equal(got.ports[0].description, "<&>");
    assert_string_equal(got.ports[0].protocol, "tcp");
    assert_string_equal(got.ports[0].listen_port, "80,90-99");
    assert_string_equal(got.ports[0].target_port, "8080");
    assert_string_equal(got.ports[0].target_address, "10.0.0.2");
    assert_true(got.ports[0].snat);
    assert_string_equal(got.ports[1].target_port, "");
    assert_string_equal(got.ports[1].target_address, "10.0.0.3");
    assert_false(got.ports[1].snat);

    assert_fails(network_forward_create(&tx, &forward, &id, &error), ERROR_CONFLICT,
                 "This \"Network forward\" entry already exists");
    forward.n_ports = 0;
    forward.config.n_pairs = 0;
    succeed(network_forward_update(&tx, forward.network_id, "203.0.113.7", &forward, &error));
    assert_int_equal(integer("SELECT count(*) FROM networks_forwards WHERE ports = '[]'"), 1);
    assert_int_equal(integer("SELECT count(*) FROM networks_forwards_config"), 0);
    /* A network can't go while it has forwards. */
    assert_int_equal(network_delete_by_id(&tx, forward.network_id, &error), ERROR_INVALID);
    succeed(network_forward_delete_by_network_id_and_listen_address(&tx, forward.network_id,
                                                                    "203.0.113.7", &error));
    assert_fails(
        network_forward_get_one(&tx, forward.network_id, "203.0.113.7", &arena, &got, &error),
        ERROR_NOT_FOUND, "Network forward not found");
    succeed(network_delete_by_id(&tx, forward.network_id, &error));
}

static void an_address_has_one_listener(void **state)
{
    struct network_external_address address = {.address = "203.0.113.9"};
    struct network_external_address got;
    struct network_forward forward = {.listen_address = "203.0.113.9"};
    int64_t network = create_network("n", (struct opt_i64){0});
    int64_t forward_id;
    int64_t id;

    (void)state;
    forward.network_id = network;
    succeed(network_forward_create(&tx, &forward, &forward_id, &error));
    address.uplink_id = network;
    address.network_id = network;
    address.network_forward_id = some_i64(forward_id);
    address.network_load_balancer_id = some_i64(create_balancer(network, "203.0.113.9"));
    assert_int_equal(network_external_address_create(&tx, &address, &id, &error), ERROR_INVALID);
    address.network_load_balancer_id = (struct opt_i64){0};
    succeed(network_external_address_create(&tx, &address, &id, &error));
    succeed(network_external_address_get_one(&tx, network, "203.0.113.9", &arena, &got, &error));
    assert_true(got.network_forward_id.set);
    assert_int_equal(got.network_forward_id.value, forward_id);
    assert_false(got.network_load_balancer_id.set);
    /* The load balancer on the same address comes too late. */
    address.network_load_balancer_id = some_i64(1);
    address.network_forward_id = (struct opt_i64){0};
    assert_int_equal(network_external_address_create(&tx, &address, &id, &error), ERROR_CONFLICT);
    /* It is free again once the forward is gone. */
    succeed(network_forward_delete_by_network_id_and_listen_address(&tx, network, "203.0.113.9",
                                                                    &error));
    assert_int_equal(integer("SELECT count(*) FROM networks_external_addresses"), 0);
}

static void all_rows_come_with_their_config_in_the_order_of_keys(void **state)
{
    struct network_list list;

    (void)state;
    succeed(network_get_many(&tx, NULL, 0, &arena, &list, &error));
    assert_int_equal(list.n_objects, 0);
    create_network("c", (struct opt_i64){0});
    create_network("a", (struct opt_i64){0});
    create_network("B", (struct opt_i64){0});
    succeed(network_get_many(&tx, NULL, 0, &arena, &list, &error));
    assert_int_equal(list.n_objects, 3);
    assert_string_equal(list.objects[0].name, "B");
    assert_string_equal(list.objects[1].name, "a");
    assert_string_equal(list.objects[2].name, "c");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(list.objects[i].config.n_pairs, 1);
        assert_string_equal(string_map_get(&list.objects[i].config, "user.name"),
                            list.objects[i].name);
    }
}

static void one_selector_selects(void **state)
{
    struct network_selector selector;
    struct network_list list;
    int64_t uplink;

    (void)state;
    uplink = create_network("up", (struct opt_i64){0});
    create_network("z", some_i64(uplink));
    create_network("y", some_i64(uplink));
    selector = network_by_uplink_id(uplink);
    succeed(network_get_many(&tx, &selector, 1, &arena, &list, &error));
    assert_int_equal(list.n_objects, 2);
    assert_string_equal(list.objects[0].name, "y");
    assert_string_equal(list.objects[1].name, "z");
    selector = network_by_id(uplink);
    succeed(network_get_many(&tx, &selector, 1, &arena, &list, &error));
    assert_int_equal(list.n_objects, 1);
    assert_string_equal(list.objects[0].name, "up");
    selector = network_by_project_id_and_name(DEFAULT_PROJECT, "nobody");
    succeed(network_get_many(&tx, &selector, 1, &arena, &list, &error));
    assert_int_equal(list.n_objects, 0);
}

static void selectors_are_united(void **state)
{
    struct network_selector selectors[6];
    struct network_list list;
    int64_t uplink;

    (void)state;
    uplink = create_network("up", (struct opt_i64){0});
    create_network("a\"\\\xc3\xa4", (struct opt_i64){0});
    create_network("b", some_i64(uplink));
    create_network("c", some_i64(uplink));
    create_network("d", (struct opt_i64){0});
    /* Several of a kind, several kinds, rows named twice, and one of no row. */
    selectors[0] = network_by_project_id_and_name(DEFAULT_PROJECT, "c");
    selectors[1] = network_by_id(uplink);
    selectors[2] = network_by_project_id_and_name(DEFAULT_PROJECT, "a\"\\\xc3\xa4");
    selectors[3] = network_by_uplink_id(uplink);
    selectors[4] = network_by_id(uplink);
    selectors[5] = network_by_project_id_and_name(DEFAULT_PROJECT + 1, "d");
    succeed(network_get_many(&tx, selectors, 6, &arena, &list, &error));
    assert_int_equal(list.n_objects, 4);
    assert_string_equal(list.objects[0].name, "a\"\\\xc3\xa4");
    assert_string_equal(list.objects[1].name, "b");
    assert_string_equal(list.objects[2].name, "c");
    assert_string_equal(list.objects[3].name, "up");
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(string_map_get(&list.objects[i].config, "user.name"),
                            list.objects[i].name);
    }
    succeed(network_get_many(&tx, selectors + 4, 2, &arena, &list, &error));
    assert_int_equal(list.n_objects, 1);
}

static void many_selectors_are_united(void **state)
{
    enum { N = 500 };
    struct network_load_balancer_selector *selectors = calloc(N, sizeof *selectors);
    struct network_load_balancer_list list;
    int64_t network;

    (void)state;
    network = create_network("n", (struct opt_i64){0});
    for (int i = 0; i < N; i++) {
        const char *address = arena_printf(&arena, "10.0.%d.%d", i / 250, i % 250);

        if (i % 2 == 0) {
            create_balancer(network, address);
        }
        selectors[i] = network_load_balancer_by_network_id_and_listen_address(network, address);
    }
    succeed(network_load_balancer_get_many(&tx, selectors, N, &arena, &list, &error));
    assert_int_equal(list.n_objects, N / 2);
    for (size_t i = 1; i < list.n_objects; i++) {
        assert_true(strcmp(list.objects[i - 1].listen_address, list.objects[i].listen_address) < 0);
    }
    free(selectors);
}

static void a_selector_that_is_not_utf8_is_refused(void **state)
{
    struct network_selector selectors[2] = {
        network_by_project_id_and_name(DEFAULT_PROJECT, "a"),
        network_by_project_id_and_name(DEFAULT_PROJECT, "\xff"),
    };
    struct network_list list;

    (void)state;
    assert_fails(network_get_many(&tx, selectors, 2, &arena, &list, &error), ERROR_INVALID,
                 "Network can't be looked up: not UTF-8");
}

static void all_needs_a_statement(void **state)
{
    struct network_external_address_list list;

    (void)state;
    assert_fails(network_external_address_get_many(&tx, NULL, 0, &arena, &list, &error),
                 ERROR_INTERNAL, "networks_external_addresses: no statement selects all of them");
}

static void what_is_not_there_is_not_found(void **state)
{
    const struct network_load_balancer balancer = {.network_id = 1, .listen_address = "x"};
    struct network_load_balancer got = {.id = 42};
    struct network network;
    bool exists = true;
    int64_t id = 42;

    (void)state;
    assert_fails(network_load_balancer_get_one(&tx, 1, "x", &arena, &got, &error), ERROR_NOT_FOUND,
                 "Network load balancer not found");
    assert_int_equal(got.id, 42);
    assert_fails(network_load_balancer_id(&tx, 1, "x", &id, &error), ERROR_NOT_FOUND,
                 "Network load balancer not found");
    assert_int_equal(id, 42);
    succeed(network_load_balancer_exists(&tx, 1, "x", &exists, &error));
    assert_false(exists);
    assert_fails(network_load_balancer_update(&tx, 1, "x", &balancer, &error), ERROR_NOT_FOUND,
                 "Network load balancer not found");
    assert_fails(network_load_balancer_delete_by_network_id_and_listen_address(&tx, 1, "x", &error),
                 ERROR_NOT_FOUND, "Network load balancer not found");
    assert_fails(network_rename(&tx, DEFAULT_PROJECT, "x", "y", &error), ERROR_NOT_FOUND,
                 "Network not found");
    assert_fails(network_get_one(&tx, DEFAULT_PROJECT, "x", &arena, &network, &error),
                 ERROR_NOT_FOUND, "Network not found");
}

static void what_is_there_already_conflicts(void **state)
{
    const struct network_load_balancer balancer = {.listen_address = "a"};
    struct network_load_balancer other = balancer;
    int64_t network;
    int64_t id;

    (void)state;
    network = create_network("n", (struct opt_i64){0});
    create_network("m", (struct opt_i64){0});
    create_balancer(network, "a");
    create_balancer(network, "b");
    other.network_id = network;
    assert_fails(network_load_balancer_create(&tx, &other, &id, &error), ERROR_CONFLICT,
                 "This \"Network load balancer\" entry already exists");
    assert_fails(network_load_balancer_update(&tx, network, "b", &other, &error), ERROR_CONFLICT,
                 "This \"Network load balancer\" entry already exists");
    assert_fails(network_rename(&tx, DEFAULT_PROJECT, "m", "n", &error), ERROR_CONFLICT,
                 "This \"Network\" entry already exists");
    /* The transaction lives on. */
    assert_int_equal(integer("SELECT count(*) FROM networks_load_balancers"), 2);
}

static void an_update_writes_what_differs(void **state)
{
    struct network network = {
        .project_id = DEFAULT_PROJECT, .name = "n", .description = "old", .type = NETWORK_BRIDGE};
    struct network got;
    int64_t sequence;
    int64_t kept;
    int64_t id;

    (void)state;
    set(&network.config, "a", "1");
    set(&network.config, "b", "2");
    set(&network.config, "c", "3");
    succeed(network_create(&tx, &network, &id, &error));
    kept = integer("SELECT id FROM networks_config WHERE key = 'a'");

    /* a stays, b changes, c goes, d comes; and the row gets another name. */
    set(&network.config, "b", "20");
    assert_true(string_map_remove(&network.config, "c"));
    set(&network.config, "d", "4");
    network.name = "renamed";
    network.description = "new";
    succeed(network_update(&tx, DEFAULT_PROJECT, "n", &network, &error));
    succeed(network_get_one(&tx, DEFAULT_PROJECT, "renamed", &arena, &got, &error));
    assert_int_equal(got.id, id);
    assert_string_equal(got.description, "new");
    assert_true(string_map_equal(&got.config, &network.config));
    assert_int_equal(integer("SELECT id FROM networks_config WHERE key = 'a'"), kept);

    /* Nothing differs: no row is written, not even a sequence. */
    sequence = integer("SELECT seq FROM sqlite_sequence WHERE name = 'networks_config'");
    succeed(network_update(&tx, DEFAULT_PROJECT, "renamed", &network, &error));
    succeed(db_tx_flush(&tx, &error));
    assert_int_equal(integer("SELECT changes()"), 0);
    assert_int_equal(integer("SELECT seq FROM sqlite_sequence WHERE name = 'networks_config'"),
                     sequence);

    network.config = (struct string_map){0};
    succeed(network_update(&tx, DEFAULT_PROJECT, "renamed", &network, &error));
    assert_int_equal(integer("SELECT count(*) FROM networks_config"), 0);
}

static void an_update_leaves_other_rows_alone(void **state)
{
    struct network_list list;
    struct network network;

    (void)state;
    create_network("a", (struct opt_i64){0});
    create_network("b", (struct opt_i64){0});
    succeed(network_get_one(&tx, DEFAULT_PROJECT, "a", &arena, &network, &error));
    network.description = "changed";
    network.config = (struct string_map){0};
    succeed(network_update(&tx, DEFAULT_PROJECT, "a", &network, &error));
    succeed(network_get_many(&tx, NULL, 0, &arena, &list, &error));
    assert_int_equal(list.n_objects, 2);
    assert_string_equal(list.objects[0].description, "changed");
    assert_int_equal(list.objects[0].config.n_pairs, 0);
    assert_string_equal(list.objects[1].description, "");
    assert_int_equal(list.objects[1].config.n_pairs, 1);
}

static void a_rename_keeps_all_but_the_name(void **state)
{
    struct network network;
    int64_t id;

    (void)state;
    id = create_network("old", (struct opt_i64){0});
    succeed(network_rename(&tx, DEFAULT_PROJECT, "old", "new", &error));
    succeed(network_get_one(&tx, DEFAULT_PROJECT, "new", &arena, &network, &error));
    assert_int_equal(network.id, id);
    assert_string_equal(string_map_get(&network.config, "user.name"), "old");
}

static void deletes_take_one_or_many(void **state)
{
    uint64_t n_deleted = 0;
    int64_t network;
    int64_t other;

    (void)state;
    network = create_network("n", (struct opt_i64){0});
    other = create_network("m", (struct opt_i64){0});
    create_balancer(network, "a");
    create_balancer(network, "b");
    create_balancer(network, "c");
    create_balancer(other, "a");
    succeed(
        network_load_balancer_delete_by_network_id_and_listen_address(&tx, network, "b", &error));
    assert_int_equal(integer("SELECT count(*) FROM networks_load_balancers"), 3);
    succeed(network_load_balancer_delete_many_by_network_id(&tx, network, &n_deleted, &error));
    assert_int_equal(n_deleted, 2);
    assert_int_equal(integer("SELECT count(*) FROM networks_load_balancers"), 1);
    succeed(network_load_balancer_delete_many_by_network_id(&tx, network, &n_deleted, &error));
    assert_int_equal(n_deleted, 0);
    /* Without an output it is deferred, and done by the next query. */
    succeed(network_load_balancer_delete_many_by_network_id(&tx, other, NULL, &error));
    assert_int_equal(integer("SELECT count(*) FROM networks_load_balancers"), 0);
    succeed(network_delete_by_id(&tx, network, &error));
    assert_int_equal(integer("SELECT count(*) FROM networks_config"), 1);
}

static void other_entities_come_back_too(void **state)
{
    struct project project = {.name = "p", .description = "x"};
    struct server_config setting = {.key = "cluster.https_address", .value = "[::1]:8443"};
    struct network_external_address address = {.address = "203.0.113.9"};
    struct network_external_address_selector selector;
    struct network_external_address_list addresses;
    struct server_config_list settings;
    struct project got;
    bool exists = false;
    int64_t id;

    (void)state;
    set(&project.config, "features.networks", "true");
    succeed(project_create(&tx, &project, &id, &error));
    succeed(project_get_one(&tx, "p", &arena, &got, &error));
    assert_int_equal(got.id, id);
    assert_true(string_map_equal(&got.config, &project.config));
    succeed(project_exists(&tx, "p", &exists, &error));
    assert_true(exists);
    succeed(project_id(&tx, "p", &id, &error));
    assert_int_equal(got.id, id);
    succeed(project_delete_by_name(&tx, "p", &error));
    assert_fails(project_delete_by_name(&tx, "p", &error), ERROR_NOT_FOUND, "Project not found");

    succeed(server_config_create(&tx, &setting, &id, &error));
    assert_fails(server_config_create(&tx, &setting, &id, &error), ERROR_CONFLICT,
                 "This \"Server config\" entry already exists");
    setting.value = "[::1]:8444";
    succeed(server_config_update(&tx, setting.key, &setting, &error));
    succeed(server_config_get_many(&tx, NULL, 0, &arena, &settings, &error));
    assert_int_equal(settings.n_objects, 1);
    assert_string_equal(settings.objects[0].value, "[::1]:8444");
    succeed(server_config_delete_by_key(&tx, setting.key, &error));

    address.network_id = create_network("n", (struct opt_i64){0});
    address.uplink_id = address.network_id;
    succeed(network_external_address_create(&tx, &address, &id, &error));
    selector = network_external_address_by_uplink_id(address.uplink_id);
    succeed(network_external_address_get_many(&tx, &selector, 1, &arena, &addresses, &error));
    assert_int_equal(addresses.n_objects, 1);
    assert_false(addresses.objects[0].network_load_balancer_id.set);
    assert_string_equal(addresses.objects[0].address, "203.0.113.9");
}

static void foreign_keys_hold(void **state)
{
    const struct network_load_balancer balancer = {.network_id = 4711, .listen_address = "a"};
    int64_t id;

    (void)state;
    assert_int_equal(network_load_balancer_create(&tx, &balancer, &id, &error), ERROR_INVALID);
    id = create_network("n", (struct opt_i64){0});
    create_balancer(id, "a");
    assert_int_equal(network_delete_by_id(&tx, id, &error), ERROR_INVALID);
}

/* Puts the row out of order by SQL, then reads it. */
static void assert_corrupt(const char *sql, const char *message)
{
    struct network_load_balancer_list list;

    run(sql);
    assert_fails(network_load_balancer_get_many(&tx, NULL, 0, &arena, &list, &error), ERROR_CORRUPT,
                 message);
    run("UPDATE networks_load_balancers SET description = '', backends = '[]', ports = '[]', "
        "revision = 0");
    succeed(network_load_balancer_get_many(&tx, NULL, 0, &arena, &list, &error));
}

static void rows_that_do_not_decode_are_corrupt(void **state)
{
    struct network_list networks;

    (void)state;
    run("INSERT INTO networks (id, project_id, name, description, state, type, revision) "
        "VALUES (50, 1, 'n', '', 1, 4, 0)");
    run("INSERT INTO networks_load_balancers (id, network_id, listen_address, description, "
        "backends, ports, revision) VALUES (60, 50, 'a', '', '[]', '[]', 0)");
    assert_corrupt("UPDATE networks_load_balancers SET description = x'00'",
                   "networks_load_balancers row 60: description: expected text, found a blob");
    assert_corrupt("UPDATE networks_load_balancers SET revision = 'x'",
                   "networks_load_balancers row 60: revision: expected an integer, found text");
    assert_corrupt("UPDATE networks_load_balancers SET backends = '[{\"name\":7}]'",
                   "networks_load_balancers row 60: backends[0].name: expected a string, found a "
                   "number");
    assert_corrupt("UPDATE networks_load_balancers SET backends = '[{\"nam\":\"\"}]'",
                   "networks_load_balancers row 60: backends[0].nam: unknown member");
    assert_corrupt("UPDATE networks_load_balancers SET ports = 'null'",
                   "networks_load_balancers row 60: ports: not JSON: '[' or '{' expected near "
                   "'null' at column 4");
    assert_corrupt("UPDATE networks_load_balancers SET ports = '{}'",
                   "networks_load_balancers row 60: ports: expected an array, found an object");
    assert_corrupt("UPDATE networks_load_balancers SET ports = "
                   "'[{\"target_backend\":[\"a\",null]}]'",
                   "networks_load_balancers row 60: ports[0].target_backend[1]: expected a "
                   "string, found null");
    assert_corrupt("UPDATE networks_load_balancers SET ports = "
                   "'[{\"protocol\":\"\",\"protocol\":\"\"}]'",
                   "networks_load_balancers row 60: ports: not JSON: duplicate object key near "
                   "'\"protocol\"' at column 26");

    run("UPDATE networks SET type = 9");
    assert_fails(network_get_many(&tx, NULL, 0, &arena, &networks, &error), ERROR_CORRUPT,
                 "networks row 50: type: 9 is not a value of network_type");
    run("UPDATE networks SET type = 4");
    run("INSERT INTO networks_config (network_id, key, value) VALUES (50, 'k', x'ff')");
    assert_fails(network_get_many(&tx, NULL, 0, &arena, &networks, &error), ERROR_CORRUPT,
                 "networks_config: a row of parent 50 is not an id and two texts");
}

static void text_with_a_nul_is_corrupt(void **state)
{
    static const struct field field = {.name = "name", .kind = FIELD_TEXT};
    const struct db_value value = {.type = DB_TEXT, .bytes = {.data = "a\0b", .size = 3}};
    const char *text = "untouched";

    (void)state;
    assert_fails(row_decode_field(&field, &value, &arena, &text, &error), ERROR_CORRUPT,
                 "name: text holds the character U+0000");
    assert_string_equal(text, "untouched");
}

int main(void)
{
#define TEST(FUNCTION) cmocka_unit_test_setup_teardown(FUNCTION, begin, undo)
    const struct CMUnitTest tests[] = {
        TEST(a_network_comes_back_as_it_went),
        TEST(a_load_balancer_comes_back_as_it_went),
        TEST(a_forward_comes_back_as_it_went),
        TEST(an_address_has_one_listener),
        TEST(all_rows_come_with_their_config_in_the_order_of_keys),
        TEST(one_selector_selects),
        TEST(selectors_are_united),
        TEST(many_selectors_are_united),
        TEST(a_selector_that_is_not_utf8_is_refused),
        TEST(all_needs_a_statement),
        TEST(what_is_not_there_is_not_found),
        TEST(what_is_there_already_conflicts),
        TEST(an_update_writes_what_differs),
        TEST(an_update_leaves_other_rows_alone),
        TEST(a_rename_keeps_all_but_the_name),
        TEST(deletes_take_one_or_many),
        TEST(other_entities_come_back_too),
        TEST(foreign_keys_hold),
        TEST(rows_that_do_not_decode_are_corrupt),
        TEST(text_with_a_nul_is_corrupt),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
