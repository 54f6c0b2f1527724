/* Mappers without memory: the n-th allocation fails, for every n until a call
 * gets through. Each failure must be ERROR_NO_MEMORY and leave outputs alone.
 *
 * malloc(), calloc() and realloc() of our own code are wrapped by the linker. The
 * libraries keep theirs: jansson 2.14 doesn't survive without memory. */
#include "base/string_map.h"
#include "entity/network_load_balancer.mapper.h"
#include "test/golden/right/association/expect.mapper.h"
#include "test/golden/right/create_or_replace/expect.mapper.h"
#include "test/golden/right/joined_key/expect.mapper.h"
#include "test/golden/right/names/expect.mapper.h"
#include "test/golden/right/rows/expect.mapper.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/engine.h"
#include "test/lib/sql_file.h"

#include <stdlib.h>
#include <string.h>

#define NEVER           (-1)
#define ALLOCATIONS_MAX 10000

/* How many allocations of this thread succeed before one fails. */
static _Thread_local int n_left = NEVER;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool fails_now(void)
{
    if (n_left == NEVER) {
        return false;
    }
    return n_left-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __real_realloc(old, size);
}

static struct db_conn *conn;
static struct arena setup;
static struct network_load_balancer balancer;

static void fill(void)
{
    static const char *targets[] = {"b"};
    static struct network_load_balancer_backend backends[] = {{.name = "b", .target_port = "80"}};
    static struct network_load_balancer_port ports[] = {
        {.protocol = "tcp", .listen_port = "80", .target_backend = targets, .n_target_backend = 1}};

    balancer = (struct network_load_balancer){
        .network_id = 50,
        .listen_address = "203.0.113.7",
        .description = "x",
        .backends = backends,
        .n_backends = 1,
        .ports = ports,
        .n_ports = 1,
    };
    assert_true(string_map_set(&balancer.config, &setup, "user.a", "1"));
    assert_true(string_map_set(&balancer.config, &setup, "user.b", "2"));
}

static int start(void **state)
{
    (void)state;
    engine_start();
    conn = engine_connect(NULL);
    sql_file_run(conn, SCHEMA_FILE);
    sql_file_run(conn, CASES_DIR "/association/schema.sql");
    sql_file_run(conn, CASES_DIR "/create_or_replace/schema.sql");
    sql_file_run(conn, CASES_DIR "/joined_key/schema.sql");
    sql_file_run(conn, CASES_DIR "/names/schema.sql");
    sql_file_run(conn, CASES_DIR "/rows/schema.sql");
    engine_exec(conn,
                "INSERT INTO networks (id, project_id, name, description, state, type, revision) "
                "VALUES (50, 1, 'n', '', 1, 4, 0)",
                NULL);
    fill();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    db_conn_close(conn);
    arena_close(&setup);
    engine_stop();
    return 0;
}

/* One call in a transaction of its own, whose n-th allocation fails. */
typedef int attempt_fn(struct db_tx *tx, struct arena *arena, struct error *error);

static bool succeeds(attempt_fn *attempt, int n)
{
    const struct db_context context = engine_deadline(30000);
    struct error error = ERROR_INIT;
    struct arena arena = {0};
    struct db_tx tx;
    int rv;

    if (conn == NULL) {
        conn = engine_connect(NULL);
    }
    assert_int_equal(db_tx_begin(&tx, conn, DB_WRITE, &context, &error), ERROR_NONE);
    n_left = n;
    rv = attempt(&tx, &arena, &error);
    if (rv == ERROR_NONE) {
        rv = db_tx_flush(&tx, &error);
    }
    n_left = NEVER;
    if (rv != ERROR_NONE && rv != ERROR_NO_MEMORY) {
        fail_msg("allocation %d: %s", n, error.message);
    }
    db_tx_rollback(&tx);
    arena_close(&arena);
    if (db_conn_broken(conn)) {
        db_conn_close(conn);
        conn = NULL;
    }
    return rv == ERROR_NONE;
}

static void fail_each_allocation(attempt_fn *attempt)
{
    int n = 0;

    /* Prepares the statements: those stay with the connection. */
    assert_true(succeeds(attempt, NEVER));
    while (!succeeds(attempt, n)) {
        assert_true(++n < ALLOCATIONS_MAX);
    }
    assert_true(n > 0);
}

static int create(struct db_tx *tx, struct arena *arena, struct error *error)
{
    int64_t id = -1;
    int rv = network_load_balancer_create(tx, &balancer, &id, error);

    (void)arena;
    assert_true((rv == ERROR_NONE) == (id != -1));
    return rv;
}

static int update(struct db_tx *tx, struct arena *arena, struct error *error)
{
    (void)arena;
    return network_load_balancer_update(tx, 50, "203.0.113.1", &balancer, error);
}

static int get_one(struct db_tx *tx, struct arena *arena, struct error *error)
{
    struct network_load_balancer got = {.id = -1};
    int rv = network_load_balancer_get_one(tx, 50, "203.0.113.1", arena, &got, error);

    assert_true((rv == ERROR_NONE) == (got.id != -1));
    if (rv == ERROR_NONE) {
        assert_int_equal(got.n_backends, 1);
        assert_int_equal(got.config.n_pairs, 2);
    }
    return rv;
}

static int get_several(struct db_tx *tx, struct arena *arena, struct error *error)
{
    const struct network_load_balancer_selector selectors[] = {
        network_load_balancer_by_network_id(50),
        network_load_balancer_by_network_id(51),
        network_load_balancer_by_network_id_and_listen_address(50, "203.0.113.1"),
    };
    struct network_load_balancer_list list = {0};
    int rv = network_load_balancer_get_many(tx, selectors, 3, arena, &list, error);

    assert_int_equal(list.n_objects, rv == ERROR_NONE ? 1 : 0);
    return rv;
}

static int create_cart(struct db_tx *tx, struct arena *arena, struct error *error)
{
    struct wheel wheels[] = {{.position = "left", .size = 20}, {.position = "right", .size = 20}};
    const struct cart cart = {.name = "c", .wheels = wheels, .n_wheels = 2};
    struct cart changed = cart;
    struct cart got = {.id = -1};
    int64_t id;
    int rv = cart_create(tx, &cart, &id, error);

    changed.n_wheels = 1;
    if (rv == ERROR_NONE) {
        rv = cart_update(tx, "c", &changed, error);
    }
    if (rv == ERROR_NONE) {
        rv = cart_get_one(tx, "c", arena, &got, error);
        assert_true((rv == ERROR_NONE) == (got.id != -1));
        assert_true(rv != ERROR_NONE || got.n_wheels == 1);
    }
    return rv;
}

static int replace_box(struct db_tx *tx, struct arena *arena, struct error *error)
{
    const struct box box = {.name = "b"};

    (void)arena;
    return box_create_or_replace(tx, &box, error);
}

static int get_names(struct db_tx *tx, struct arena *arena, struct error *error)
{
    const struct pet pet = {.owner_id = 1, .name = "tom"};
    const char **names = NULL;
    size_t n_names = 0;
    int64_t id;
    int rv = pet_create(tx, &pet, &id, error);

    if (rv == ERROR_NONE) {
        rv = pet_get_names_by_owner_id(tx, 1, arena, &names, &n_names, error);
        assert_int_equal(n_names, rv == ERROR_NONE ? 1 : 0);
    }
    return rv;
}

static int replace_members(struct db_tx *tx, struct arena *arena, struct error *error)
{
    const struct group_member members[] = {{.group_id = 1, .person_id = 7},
                                           {.group_id = 1, .person_id = 8}};

    (void)arena;
    return group_member_update_by_group_id(tx, 1, members, 2, error);
}

static int move_lantern(struct db_tx *tx, struct arena *arena, struct error *error)
{
    struct lantern lantern = {.house = "mill", .room = "hall", .name = "a"};
    int64_t id;
    int rv = lantern_create(tx, &lantern, 1, &id, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    lantern.house = "inn";
    rv = lantern_update(tx, "mill", "hall", "a", &lantern, 2, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return lantern_get_one(tx, "inn", "hall", "a", arena, &lantern, error);
}

static void other_mappers_survive_too(void **state)
{
    (void)state;
    fail_each_allocation(create_cart);
    fail_each_allocation(replace_box);
    fail_each_allocation(get_names);
    fail_each_allocation(replace_members);
    fail_each_allocation(move_lantern);
}

static void every_allocation_may_fail(void **state)
{
    const struct db_context context = engine_deadline(30000);
    struct network_load_balancer stored = balancer;
    struct error error = ERROR_INIT;
    enum db_outcome outcome;
    struct db_tx tx;
    int64_t id;

    (void)state;
    fail_each_allocation(create);

    stored.listen_address = "203.0.113.1";
    assert_int_equal(db_tx_begin(&tx, conn, DB_WRITE, &context, &error), ERROR_NONE);
    assert_int_equal(network_load_balancer_create(&tx, &stored, &id, &error), ERROR_NONE);
    assert_int_equal(db_tx_commit(&tx, &outcome, &error), ERROR_NONE);
    fail_each_allocation(update);
    fail_each_allocation(get_one);
    fail_each_allocation(get_several);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(other_mappers_survive_too),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
