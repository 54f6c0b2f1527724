/* Reads of this node's own copy: that they give what the leader's give, on the records of a real
 * server; what they do without a copy, under load, and when the store closes. */
#include "base/clock.h"
#include "store/dump.h"
#include "store/forwards.h"
#include "store/load_balancers.h"
#include "store/networks.h"
#include "store/projects.h"
#include "store/server.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 120000
#define N_REAL     267
#define N_NETWORKS 8
#define N_PROJECTS 4

/* -- The records ---------------------------------------------------------- */

/* Each takes a file of test/data/real as its parameter. */
static const struct {
    const char *file;
    struct db_stmt stmt;
} loads[] = {
    {"projects.json",
     {.name = "load.projects",
      .sql = "INSERT INTO projects (name, description, revision) SELECT "
             "json_extract(value, '$.name'), json_extract(value, '$.description'), 1 "
             "FROM json_each(?) WHERE json_extract(value, '$.name') != 'default'",
      .n_params = 1}},
    {"projects.json",
     {.name = "load.projects_config",
      .sql = "INSERT INTO projects_config (project_id, key, value) SELECT p.id, c.key, c.value "
             "FROM json_each(?) w JOIN projects p ON p.name = json_extract(w.value, '$.name'), "
             "json_each(w.value, '$.config') c WHERE p.name != 'default'",
      .n_params = 1}},
    {"networks.json",
     {.name = "load.networks",
      .sql = "INSERT INTO networks (project_id, name, description, state, type, revision) SELECT "
             "p.id, json_extract(value, '$.name'), json_extract(value, '$.description'), 1, "
             "CASE json_extract(value, '$.type') WHEN 'ovn' THEN 3 WHEN 'physical' THEN 4 ELSE 0 "
             "END, 1 FROM json_each(?) JOIN projects p ON p.name = json_extract(value, "
             "'$.project') WHERE json_extract(value, '$.managed')",
      .n_params = 1}},
    {"networks.json",
     {.name = "load.networks_config",
      .sql = "INSERT INTO networks_config (network_id, key, value) SELECT n.id, c.key, c.value "
             "FROM json_each(?) w JOIN projects p ON p.name = json_extract(w.value, '$.project') "
             "JOIN networks n ON n.project_id = p.id AND n.name = json_extract(w.value, '$.name'), "
             "json_each(w.value, '$.config') c",
      .n_params = 1}},
    {"load-balancers.json",
     {.name = "load.load_balancers",
      .sql = "INSERT INTO networks_load_balancers (network_id, listen_address, description, "
             "backends, ports, revision) SELECT n.id, json_extract(b.value, '$.listen_address'), "
             "json_extract(b.value, '$.description'), "
             "IFNULL(json_extract(b.value, '$.backends'), '[]'), "
             "IFNULL(json_extract(b.value, '$.ports'), '[]'), 1 FROM json_each(?) w "
             "JOIN projects p ON w.key LIKE p.name || '/%' JOIN networks n ON n.project_id = p.id "
             "AND w.key = p.name || '/' || n.name, json_each(w.value) b",
      .n_params = 1}},
    {"load-balancers.json",
     {.name = "load.load_balancers_config",
      .sql = "INSERT INTO networks_load_balancers_config (network_load_balancer_id, key, value) "
             "SELECT l.id, c.key, c.value FROM json_each(?) w JOIN projects p ON w.key LIKE p.name "
             "|| '/%' JOIN networks n ON n.project_id = p.id AND w.key = p.name || '/' || n.name, "
             "json_each(w.value) b JOIN networks_load_balancers l ON l.network_id = n.id AND "
             "l.listen_address = json_extract(b.value, '$.listen_address'), "
             "json_each(b.value, '$.config') c",
      .n_params = 1}},
};

static const struct db_stmt more[] = {
    {.name = "load.forwards",
     .sql = "INSERT INTO networks_forwards (network_id, listen_address, description, ports, "
            "revision) SELECT network_id, '198.18.0.' || id, 'Spiegelung ü', '[]', 1 FROM "
            "networks_load_balancers WHERE id % 3 = 0 AND id < 255"},
    {.name = "load.config", .sql = "INSERT INTO config (key, value) VALUES ('user.a', 'b')"},
    {.name = "load.revision", .sql = "UPDATE store_revision SET revision = 77"},
};

static char *read_file(const char *name)
{
    char path[512];
    FILE *file;
    char *text = malloc(1 << 20);
    size_t size;

    assert_non_null(text);
    snprintf(path, sizeof path, TEST_DATA_DIR "/real/%s", name);
    file = fopen(path, "r");
    assert_non_null(file);
    size = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    text[size] = '\0';
    return text;
}

static int run_load(struct store_request *request, struct store_tx *tx, struct error *error)
{
    int64_t revision;
    int code = store_tx_revision(tx, &revision, error);

    (void)request;
    for (size_t i = 0; code == ERROR_NONE && i < sizeof loads / sizeof loads[0]; i++) {
        char *text = read_file(loads[i].file);
        const struct db_value params[] = {db_text(text)};

        code = db_exec(tx->db, &loads[i].stmt, params, NULL, error);
        free(text);
    }
    for (size_t i = 0; code == ERROR_NONE && i < sizeof more / sizeof more[0]; i++) {
        code = db_exec(tx->db, &more[i], NULL, NULL, error);
    }
    return code;
}

static void perform(struct store_fixture *f, enum store_kind kind, store_run run)
{
    struct task task;

    task_init(&task, f, kind, run);
    task_perform(&task, ERROR_NONE);
    task_close(&task);
}

/* -- Both ways ------------------------------------------------------------ */

static void on_done(struct store_request *request)
{
    *(bool *)request->data = true;
}

static void run_request(struct store_fixture *f, struct store_request *request,
                        enum store_kind kind, store_run run)
{
    bool done = false;

    request->kind = kind;
    request->name = "read";
    request->run = run;
    request->done = on_done;
    request->data = &done;
    request->deadline_us = clock_monotonic_us() + TIMEOUT_MS * UINT64_C(1000);
    store_submit(f->store, request);
    store_fixture_run_until(f, &done);
}

#define BOTH_WAYS(RUN, A, B)                                                                       \
    do {                                                                                           \
        store_request_init(&(A)->base);                                                            \
        store_request_init(&(B)->base);                                                            \
        run_request(f, &(A)->base, STORE_READ, RUN);                                               \
        run_request(f, &(B)->base, STORE_READ_LOCAL, RUN);                                         \
        assert_string_equal((B)->base.error.message, (A)->base.error.message);                     \
        assert_int_equal((B)->base.error.code, (A)->base.error.code);                              \
        assert_int_equal((B)->base.revision, (A)->base.revision);                                  \
    } while (0)

#define CLOSE_BOTH(A, B)                                                                           \
    do {                                                                                           \
        arena_close(&(A)->base.arena);                                                             \
        arena_close(&(B)->base.arena);                                                             \
    } while (0)

/* Returns how many there are; compares each of them, one by one as well. */
static size_t compare_load_balancers(struct store_fixture *f, const char *project,
                                     const char *network)
{
    struct store_load_balancer_request a = {.project = project, .network = network};
    struct store_load_balancer_request b = a;
    struct store_load_balancer_request one = a;
    struct store_load_balancer_request other = a;
    size_t n;

    BOTH_WAYS(store_load_balancer_list, &a, &b);
    n = a.n_load_balancers;
    assert_int_equal(b.n_load_balancers, n);
    for (size_t i = 0; i < n; i++) {
        const struct network_load_balancer *x = &a.load_balancers[i];
        const struct network_load_balancer *y = &b.load_balancers[i];

        assert_int_equal(x->id, y->id);
        assert_string_equal(x->listen_address, y->listen_address);
        assert_string_equal(x->description, y->description);
        assert_int_equal(x->n_backends, y->n_backends);
        for (size_t k = 0; k < x->n_backends; k++) {
            assert_string_equal(x->backends[k].target_address, y->backends[k].target_address);
        }
        assert_int_equal(x->n_ports, y->n_ports);
        for (size_t k = 0; k < x->n_ports; k++) {
            assert_string_equal(x->ports[k].listen_port, y->ports[k].listen_port);
            assert_int_equal(x->ports[k].n_target_backend, y->ports[k].n_target_backend);
        }
        assert_true(string_map_equal(&x->config, &y->config));
        one.listen_address = other.listen_address = x->listen_address;
        BOTH_WAYS(store_load_balancer_get, &one, &other);
        assert_int_equal(one.n_load_balancers, other.n_load_balancers);
        CLOSE_BOTH(&one, &other);
    }
    CLOSE_BOTH(&a, &b);
    return n;
}

static size_t compare_forwards(struct store_fixture *f, const char *project, const char *network)
{
    struct store_forward_request a = {.project = project, .network = network};
    struct store_forward_request b = a;
    size_t n;

    BOTH_WAYS(store_forward_list, &a, &b);
    n = a.n_forwards;
    assert_int_equal(b.n_forwards, n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(a.forwards[i].listen_address, b.forwards[i].listen_address);
        assert_string_equal(a.forwards[i].description, b.forwards[i].description);
    }
    CLOSE_BOTH(&a, &b);
    return n;
}

static void copy_reads_what_the_leader_reads(void **state)
{
    struct store_fixture *f = *state;
    struct store_network_request nets = {.project = "default", .all_projects = true};
    struct store_network_request own_nets = nets;
    struct store_project_request projects = {.name = NULL};
    struct store_project_request own_projects = projects;
    struct store_server_request server = {.changes = NULL};
    struct store_server_request own_server = server;
    struct store_dump_request dump = {.kind = STORE_DUMP_ALL};
    struct store_dump_request own_dump = dump;
    size_t n_load_balancers = 0;
    size_t n_forwards = 0;

    store_fixture_open(f);
    perform(f, STORE_WRITE, run_load);
    BOTH_WAYS(store_dump, &dump, &own_dump);
    assert_non_null(strstr(dump.base.result, "Spiegelung"));
    assert_string_equal(own_dump.base.result, dump.base.result);
    CLOSE_BOTH(&dump, &own_dump);

    BOTH_WAYS(store_network_list, &nets, &own_nets);
    assert_int_equal(nets.n_networks, N_NETWORKS);
    assert_int_equal(own_nets.n_networks, N_NETWORKS);
    for (size_t i = 0; i < N_NETWORKS; i++) {
        const struct store_network *x = &nets.networks[i];
        const struct store_network *y = &own_nets.networks[i];

        assert_string_equal(x->network.name, y->network.name);
        assert_string_equal(x->network.project_name, y->network.project_name);
        assert_true(string_map_equal(&x->network.config, &y->network.config));
        assert_int_equal(x->n_used_by, y->n_used_by);
        n_load_balancers += compare_load_balancers(f, x->network.project_name, x->network.name);
        n_forwards += compare_forwards(f, x->network.project_name, x->network.name);
    }
    assert_int_equal(n_load_balancers, N_REAL);
    assert_true(n_forwards > 50);
    CLOSE_BOTH(&nets, &own_nets);

    BOTH_WAYS(store_project_list, &projects, &own_projects);
    assert_int_equal(projects.n_projects, N_PROJECTS);
    assert_int_equal(own_projects.n_projects, N_PROJECTS);
    for (size_t i = 0; i < N_PROJECTS; i++) {
        assert_string_equal(projects.projects[i].project.name,
                            own_projects.projects[i].project.name);
        assert_int_equal(projects.projects[i].n_used_by, own_projects.projects[i].n_used_by);
    }
    CLOSE_BOTH(&projects, &own_projects);

    BOTH_WAYS(store_server_get, &server, &own_server);
    assert_true(string_map_equal(&server.config, &own_server.config));
    assert_string_equal(string_map_get(&own_server.config, "user.a"), "b");
    CLOSE_BOTH(&server, &own_server);
}

/* -- What is special ------------------------------------------------------ */

static int run_nothing(struct store_request *request, struct store_tx *tx, struct error *error)
{
    (void)request;
    (void)tx;
    (void)error;
    return ERROR_NONE;
}

static int64_t own_revision(struct store_fixture *f)
{
    struct task task;
    int64_t revision;

    task_init(&task, f, STORE_READ_LOCAL, run_nothing);
    task_perform(&task, ERROR_NONE);
    revision = task.request.revision;
    task_close(&task);
    return revision;
}

/* A copy serves for a while, and then there is a newer one. */
static void copy_follows(void **state)
{
    struct store_fixture *f = *state;

    store_fixture_open(f);
    assert_int_equal(own_revision(f), 0);
    for (int64_t i = 1; i <= 3; i++) {
        struct task task;
        char key[16];
        uint64_t until_us;

        snprintf(key, sizeof key, "k%d", (int)i);
        task_init(&task, f, STORE_WRITE, task_insert);
        task.key = key;
        task.value = "v";
        task_perform(&task, ERROR_NONE);
        task_close(&task);
        until_us = clock_monotonic_us() + TIMEOUT_MS * UINT64_C(1000);
        while (own_revision(f) < i) {
            assert_true(clock_monotonic_us() < until_us);
        }
        assert_int_equal(own_revision(f), i);
    }
}

static int run_write(struct store_request *request, struct store_tx *tx, struct error *error)
{
    const struct db_value params[] = {db_text("a"), db_text("b")};

    (void)request;
    return db_exec(tx->db, &task_insert_stmt, params, NULL, error);
}

static void copy_is_not_written(void **state)
{
    struct store_fixture *f = *state;
    struct task task;

    store_fixture_open(f);
    task_init(&task, f, STORE_READ_LOCAL, run_write);
    task_perform(&task, ERROR_FORBIDDEN);
    task_close(&task);
    task_init(&task, f, STORE_READ_LOCAL, task_insert);
    task.key = "k";
    task.value = "v";
    task_perform(&task, ERROR_INTERNAL); /* A revision, in a read. */
    task_close(&task);
    assert_int_equal(own_revision(f), 0);
}

/* One dump for all that wait; they end each by itself. */
static void many_share_a_dump(void **state)
{
    enum { N = 200 };
    struct store_fixture *f = *state;
    static struct task tasks[N];
    struct task gate;
    uint64_t n_dumps;

    store_fixture_open(f);
    task_init(&gate, f, STORE_READ_LOCAL, task_gate);
    task_submit(&gate, TIMEOUT_MS);
    sem_wait(&gate.entered);
    n_dumps = store_fixture_metrics(f).local_dumps;
    assert_int_equal(n_dumps, 1);
    for (size_t i = 0; i < N; i++) {
        task_init(&tasks[i], f, STORE_READ_LOCAL, i % 2 == 0 ? run_nothing : task_read);
        tasks[i].key = "none";
        task_submit(&tasks[i], TIMEOUT_MS);
    }
    assert_int_equal(store_fixture_metrics(f).waiting_local_reads, N);
    store_cancel(&tasks[N - 1].request);
    sem_post(&gate.leave);
    task_await(&gate);
    for (size_t i = 0; i < N; i++) {
        task_await(&tasks[i]);
        assert_int_equal(tasks[i].request.error.code, i == N - 1   ? ERROR_CANCELED
                                                      : i % 2 == 0 ? ERROR_NONE
                                                                   : ERROR_NOT_FOUND);
        task_close(&tasks[i]);
    }
    task_close(&gate);
    assert_true(store_fixture_metrics(f).local_dumps <= n_dumps + 1);
}

static void nothing_to_read_is_told(void **state)
{
    struct store_fixture *f = *state;
    struct task task;

    /* The store can't reach the engine, and so the schema isn't there either. */
    proxy_cut(f->proxy, true);
    store_fixture_begin_open(f);
    task_init(&task, f, STORE_READ_LOCAL, run_nothing);
    task_perform(&task, ERROR_UNAVAILABLE);
    assert_non_null(strstr(task.request.error.message, "own copy"));
    task_close(&task);
    proxy_cut(f->proxy, false);
    store_fixture_run_until(f, &f->ready);
    assert_int_equal(own_revision(f), 0);
}

static int run_endless(struct store_request *request, struct store_tx *tx, struct error *error)
{
    static const char sql[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                              "SELECT MAX(i) FROM n";
    struct task *task = (struct task *)request;
    struct db_rows rows;

    sem_post(&task->entered);
    return db_conn_query_sql(tx->db->conn, tx->db->context, sql, 1, tx->arena, &rows, error);
}

static void reads_end_when_they_must(void **state)
{
    struct store_fixture *f = *state;
    struct task task;
    struct task waits;

    store_fixture_open(f);
    task_init(&task, f, STORE_READ_LOCAL, run_endless);
    task_submit(&task, 50);
    task_await(&task);
    assert_int_equal(task.request.error.code, ERROR_TIMEOUT);
    task_close(&task);

    task_init(&task, f, STORE_READ_LOCAL, run_endless);
    task_submit(&task, TIMEOUT_MS);
    sem_wait(&task.entered);
    store_cancel(&task.request);
    task_await(&task);
    assert_int_equal(task.request.error.code, ERROR_CANCELED);
    task_close(&task);

    /* Closing: what runs is canceled, and so is what waits. */
    task_init(&task, f, STORE_READ_LOCAL, run_endless);
    task_init(&waits, f, STORE_READ_LOCAL, run_nothing);
    task_submit(&task, TIMEOUT_MS);
    sem_wait(&task.entered);
    task_submit(&waits, TIMEOUT_MS);
    store_fixture_close(f, 20);
    assert_int_equal(task.request.error.code, ERROR_CANCELED);
    assert_int_equal(waits.request.error.code, ERROR_CANCELED);
    task_close(&task);
    task_close(&waits);
}

/* The dump gets no answer for ever: requests end in time nevertheless, and closing is quick. */
static void closes_while_a_dump_is_out(void **state)
{
    struct store_fixture *f = *state;
    struct task task;
    uint64_t start_us;

    store_fixture_open(f);
    proxy_cut(f->proxy, true); /* Connections come, and go at once: each dump fails. */
    task_init(&task, f, STORE_READ_LOCAL, run_nothing);
    task_submit(&task, TIMEOUT_MS);
    start_us = clock_monotonic_us();
    store_fixture_close(f, 0);
    assert_true(clock_monotonic_us() - start_us < TIMEOUT_MS * UINT64_C(1000) / 2);
    assert_true(task.done);
    assert_int_not_equal(task.request.error.code, ERROR_NONE);
    task_close(&task);
}

int main(void)
{
#define TEST(NAME)                                                                                 \
    cmocka_unit_test_setup_teardown(NAME, store_fixture_set_up, store_fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(copy_reads_what_the_leader_reads),
        TEST(copy_follows),
        TEST(copy_is_not_written),
        TEST(many_share_a_dump),
        TEST(nothing_to_read_is_told),
        TEST(reads_end_when_they_must),
        TEST(closes_while_a_dump_is_out),
    };

    return cmocka_run_group_tests_name("store local", tests, NULL, NULL);
}
