/* How patient Raft is to be. */
#include "node/latency.h"

#include "base/clock.h"
#include "node/node.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/temp_dir.h"
#include "test/unit/tunnel_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void latency_follows_disk_and_network(void **state)
{
    static const struct {
        uint64_t disk_us;
        uint64_t rtt_us;
        unsigned latency_ms;
    } cases[] = {
        /* Fast: the floor. */
        {0, 0, 10},
        {100, 200, 10},
        {1000, 1000, 10},
        {7000, 1000, 10},
        /* 10 * (rtt + 2 * disk) / 15, rounded up. */
        {7000, 1001, 11},
        {10000, 1000, 14},
        {20000, 1000, 28},
        {0, 30000, 20},
        {0, 100000, 67},
        {50000, 100000, 134},
        /* The ceiling. */
        {150000, 0, 200},
        {150001, 0, 200},
        {0, 1000000, 200},
        {UINT64_MAX, UINT64_MAX, 200},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(latency_choose(cases[i].disk_us, cases[i].rtt_us), cases[i].latency_ms);
    }
    assert_true(LATENCY_MIN_MS >= NODE_LATENCY_MS_MIN && LATENCY_MAX_MS <= NODE_LATENCY_MS_MAX);
    /* A fast machine: another leads well within half a second. */
    assert_true(30 * LATENCY_MIN_MS <= 300);
}

static void percentile_leaves_a_tenth_out(void **state)
{
    uint64_t twenty[20];
    uint64_t ten[10];
    uint64_t one = 7;

    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        twenty[i] = 20 - i;
    }
    assert_int_equal(latency_percentile_90(twenty, 20), 18);
    for (unsigned i = 0; i < 10; i++) {
        ten[i] = (i * 7) % 10 + 1;
    }
    assert_int_equal(latency_percentile_90(ten, 10), 9);
    assert_int_equal(latency_percentile_90(&one, 1), 7);
}

static void disk_is_measured_and_left_clean(void **state)
{
    struct error error = ERROR_INIT;
    char *path = temp_dir_new();
    char probe[512];
    struct state_dir dir;
    uint64_t start_us = clock_monotonic_us();
    uint64_t us = 0;

    (void)state;
    assert_int_equal(state_dir_open(path, &dir, &error), ERROR_NONE);
    assert_int_equal(latency_measure_disk(&dir, &us, &error), ERROR_NONE);
    assert_true(us > 0 && us <= clock_monotonic_us() - start_us);
    snprintf(probe, sizeof probe, "%s/probe.tmp", path);
    assert_int_not_equal(access(probe, F_OK), 0);
    state_dir_close(&dir);
    temp_dir_remove(path);
}

static void failure_to_measure_is_reported(void **state)
{
    struct error error = ERROR_INIT;
    const struct state_dir dir = {.path = (char[]){"/nowhere"}, .fd = -1, .lock_fd = -1};
    uint64_t us = 7;

    (void)state;
    assert_int_equal(latency_measure_disk(&dir, &us, &error), ERROR_IO);
    assert_string_equal(error.message, "Failed opening /nowhere/probe.tmp: Bad file descriptor");
    assert_int_equal(us, 7);
}

/* The kernel's measure of the loopback network, which is over nothing. */
static void network_is_measured_by_who_answers(void **state)
{
    struct fixture *f = fixture_new(NULL);
    uint64_t start_us = clock_monotonic_us();
    uint64_t rtt_us = latency_measure_network(f->nodes[0].tunnel, f->nodes[0].holder, 1);

    (void)state;
    assert_true(rtt_us > 0 && rtt_us <= clock_monotonic_us() - start_us);
    fixture_free(f);
}

static void who_is_not_there_is_not_measured(void **state)
{
    struct fixture *f = fixture_new(NULL);

    (void)state;
    for (size_t i = 1; i < FIXTURE_NODES; i++) {
        close(fixture_listen(f->members[i].address));
    }
    fixture_publish(f);
    assert_int_equal(latency_measure_network(f->nodes[0].tunnel, f->nodes[0].holder, 1), 0);
    fixture_free(f);
}

static void node_that_stands_alone_has_no_network(void **state)
{
    struct fixture *f = fixture_new(NULL);

    (void)state;
    f->n_members = 1;
    fixture_publish(f);
    assert_int_equal(latency_measure_network(f->nodes[0].tunnel, f->nodes[0].holder, 1), 0);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latency_follows_disk_and_network),
        cmocka_unit_test(percentile_leaves_a_tenth_out),
        cmocka_unit_test(disk_is_measured_and_left_clean),
        cmocka_unit_test(failure_to_measure_is_reported),
        cmocka_unit_test(network_is_measured_by_who_answers),
        cmocka_unit_test(who_is_not_there_is_not_measured),
        cmocka_unit_test(node_that_stands_alone_has_no_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
