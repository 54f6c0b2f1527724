/* Forwarding when there is no memory: each allocation on the loop's thread, of the client's
 * pool, of both servers and of the pool between them, fails once. A request may be refused, but
 * what is said of it is so, and all work on. */
#include "test/lib/api_cluster.h"
#include "test/lib/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#define P1              "/1.0/projects/p1"
#define ALLOCATIONS_MAX 2000

/* The linker sends the calls of our objects here (see --wrap), not those of libraries. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *string);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *string);

/* Counts down while it is positive; the allocation that it reaches 0 at fails. The threads of
 * stores and proxies have their own, which is 0. */
static _Thread_local unsigned fail_at;

static bool must_fail(void)
{
    return fail_at > 0 && --fail_at == 0;
}

void *__wrap_malloc(size_t size)
{
    return must_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return must_fail() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return must_fail() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *string)
{
    return must_fail() ? NULL : __real_strdup(string);
}

/* The Nth allocation fails; returns false if there were fewer than N. */
static bool call_short_of_memory(struct client_call *call, unsigned n)
{
    bool failed;

    fail_at = n;
    client_call_submit(call);
    client_call_await(call);
    failed = fail_at == 0;
    fail_at = 0;
    return failed;
}

static unsigned status_of(struct api_cluster *cluster, const char *method, const char *target)
{
    struct client_call call;
    unsigned status;

    client_call_init(&call, cluster, 1, method, target, NULL);
    client_call_submit(&call);
    client_call_await(&call);
    assert_int_equal(call.request.error.code, ERROR_NONE);
    status = call.request.status;
    client_call_close(&call);
    return status;
}

static void write_may_lack_any_memory(void **state)
{
    struct api_cluster *cluster = *state;
    unsigned n_refused = 0;
    struct client_call call;
    bool failed = true;

    for (unsigned n = 1; failed; n++) {
        assert_in_range(n, 1, ALLOCATIONS_MAX);
        client_call_init(&call, cluster, 2, "POST", "/1.0/projects", "{\"name\":\"p1\"}");
        failed = call_short_of_memory(&call, n);
        if (call.request.error.code == ERROR_NONE && call.request.status == 201) {
            assert_int_equal(status_of(cluster, "GET", P1), 200);
        } else if (call.request.error.code == ERROR_NONE && call.request.status == 503) {
            assert_int_equal(status_of(cluster, "GET", P1), 404);
        } else if (call.request.error.code == ERROR_NONE) {
            assert_int_equal(call.request.status, 500);
        }
        n_refused += call.request.error.code != ERROR_NONE || call.request.status != 201;
        client_call_close(&call);
        status_of(cluster, "DELETE", P1);
    }
    assert_true(n_refused > 0);
}

static void read_may_lack_any_memory(void **state)
{
    struct api_cluster *cluster = *state;
    struct client_call call;
    bool failed = true;

    for (unsigned n = 1; failed; n++) {
        assert_in_range(n, 1, ALLOCATIONS_MAX);
        client_call_init(&call, cluster, 2, "GET", "/1.0", NULL);
        failed = call_short_of_memory(&call, n);
        if (call.request.error.code == ERROR_NONE && call.request.status == 200) {
            assert_non_null(strstr(call.request.response_body, "\"driver\":\"engine 2\""));
        }
        client_call_close(&call);
    }
}

#define forward_test(TEST)                                                                         \
    cmocka_unit_test_setup_teardown(TEST, api_cluster_set_up, api_cluster_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        forward_test(write_may_lack_any_memory),
        forward_test(read_may_lack_any_memory),
    };

    return cmocka_run_group_tests_name("api_forward_memory", tests, NULL, NULL);
}
