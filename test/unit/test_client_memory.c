/* liblbstate without memory: the n-th allocation fails, its own or curl's, for every
 * n until all goes through. A read fails or gives the whole answer; a write that was
 * sent is never said to have failed. Nothing is left behind. */
#include "lbstate/lbstate.h"
#include "test/lib/allocation.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/fake_daemon.h"

#include <stdlib.h>
#include <string.h>

#define ALLOCATIONS_MAX 20000

/* More than one growth of the buffer of an answer. */
#define ANSWER_SIZE 100000

static struct fake_daemon *daemon_of_test;
static char *metadata;

static void answer_all(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    (void)data;
    strcpy(answer->etag, "\"e\"");
    strcpy(answer->location, "/1.0/x");
    answer->body = fake_sync(strcmp(request->method, "GET") == 0 ? metadata : "{}");
}

static int start(void **state)
{
    (void)state;
    metadata = malloc(ANSWER_SIZE);
    assert_non_null(metadata);
    memset(metadata, '1', ANSWER_SIZE - 1);
    metadata[ANSWER_SIZE - 1] = '\0';
    daemon_of_test = fake_daemon_start(answer_all, NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    fake_daemon_stop(daemon_of_test);
    free(metadata);
    return 0;
}

static int read_record(struct lbstate_client *client, struct lbstate_error *error)
{
    char *json;
    char *etag;
    int rv = lbstate_forward_get(client, "p", "n", "::1", &json, &etag, error);

    if (rv == LBSTATE_OK) {
        assert_string_equal(json, metadata);
        assert_string_equal(etag, "\"e\"");
        free(json);
        free(etag);
    }
    return rv;
}

static int write_record(struct lbstate_client *client, struct lbstate_error *error)
{
    return lbstate_load_balancer_update(client, NULL, "n", "::1", "{\"description\":\"x\"}",
                                        "\"e\"", error);
}

struct tally {
    unsigned n_ok;
    unsigned n_failed;
};

static void count(void *data, const struct lbstate_response *response,
                  const struct lbstate_error *error)
{
    struct tally *tally = data;

    (void)error;
    tally->n_ok += response != NULL;
    tally->n_failed += response == NULL;
}

/* Whoever started a request is called back once, also if another one couldn't be. */
static int start_three(struct lbstate_client *client, struct lbstate_error *error)
{
    const struct lbstate_request request = {.method = "GET", .path = "/1.0"};
    struct tally tally = {0};
    unsigned n_started = 0;
    int rv = LBSTATE_OK;
    int waited;

    while (rv == LBSTATE_OK && n_started < 3) {
        rv = lbstate_start(client, &request, count, &tally, error);
        n_started += rv == LBSTATE_OK;
    }
    waited = lbstate_wait(client, error);
    if (waited == LBSTATE_OK) {
        assert_int_equal(tally.n_ok + tally.n_failed, n_started);
    }
    if (rv == LBSTATE_OK && waited == LBSTATE_OK && tally.n_failed > 0) {
        error->code = LBSTATE_NO_MEMORY;
        return LBSTATE_NO_MEMORY;
    }
    return rv != LBSTATE_OK ? rv : waited;
}

typedef int attempt_fn(struct lbstate_client *client, struct lbstate_error *error);

static int attempt(attempt_fn *call, struct lbstate_error *error)
{
    static const struct lbstate_options options = {
        .project = "p", .target = "t", .user_agent = "test", .connections = 2};
    struct lbstate_client *client;
    int rv = lbstate_open(fake_daemon_socket(daemon_of_test), &options, &client, error);

    if (rv == LBSTATE_OK) {
        rv = call(client, error);
        lbstate_close(client);
    }
    return rv;
}

static bool is_told(int rv, enum allocation_failure failure, bool writes)
{
    if (failure == ALLOCATION_OURS) {
        return rv == LBSTATE_NO_MEMORY || (writes && rv == LBSTATE_UNKNOWN_OUTCOME);
    }
    return rv != LBSTATE_OK; /* What curl makes of it. */
}

static void assert_survives(attempt_fn *call, bool writes)
{
    enum allocation_failure failure;
    struct lbstate_error error;
    unsigned n = 0;

    assert_int_equal(attempt(call, &error), LBSTATE_OK);
    do {
        size_t n_requests = fake_daemon_n_requests(daemon_of_test);
        long n_live = allocation_n_live();
        int rv;

        assert_true(n < ALLOCATIONS_MAX);
        allocation_fail_after(n);
        rv = attempt(call, &error);
        failure = allocation_end();
        if (rv != LBSTATE_OK && !is_told(rv, failure, writes)) {
            fail_msg("allocation %u: code %d: %s", n, rv, error.message);
        }
        if (writes && rv != LBSTATE_OK && rv != LBSTATE_UNKNOWN_OUTCOME &&
            fake_daemon_n_requests(daemon_of_test) != n_requests) {
            fail_msg("allocation %u: code %d though it was sent: %s", n, rv, error.message);
        }
        if (fake_daemon_n_requests(daemon_of_test) != n_requests) {
            /* curl 7.88 would send a path without its query. */
            assert_non_null(
                strstr(fake_daemon_request(daemon_of_test, n_requests), "project=p&target=t "));
        }
        if (allocation_n_live() != n_live) {
            fail_msg("allocation %u: %ld are left", n, allocation_n_live() - n_live);
        }
        n++;
    } while (failure != ALLOCATION_NONE);
    assert_true(n > 10);
}

static void reads(void **state)
{
    (void)state;
    assert_survives(read_record, false);
}

static void writes(void **state)
{
    (void)state;
    assert_survives(write_record, true);
}

static void started_requests(void **state)
{
    (void)state;
    assert_survives(start_three, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads, start, stop),
        cmocka_unit_test_setup_teardown(writes, start, stop),
        cmocka_unit_test_setup_teardown(started_requests, start, stop),
    };

    allocation_init();
    return cmocka_run_group_tests_name("client memory", tests, NULL, NULL);
}
