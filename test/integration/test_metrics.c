/* GET /1.0/metrics of the real daemon. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"
#include "test/lib/http_client.h"
#include "test/lib/prometheus_lint.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CREATED "lbstate_requests_total{request=\"load_balancer_create\",outcome=\"ok\"}"
#define REFUSED "lbstate_requests_total{request=\"load_balancer_create\",outcome=\"conflict\"}"
#define TIMED   "lbstate_request_duration_seconds_count{request=\"load_balancer_create\"}"

static char *scrape(void)
{
    struct http_answer answer = {0};
    char problem[256];
    char *type;
    char *text;

    assert_int_equal(http_call(world_daemon.socket, "GET", "/1.0/metrics", NULL, &answer),
                     HTTP_ANSWERED);
    assert_int_equal(answer.status, 200);
    type = http_answer_header(&answer, "Content-Type");
    assert_non_null(type);
    assert_string_equal(type, "text/plain");
    free(type);
    if (!prometheus_lint(answer.body, problem, sizeof problem)) {
        fail_msg("%s", problem);
    }
    text = strdup(answer.body);
    assert_non_null(text);
    http_answer_close(&answer);
    return text;
}

static void create(int status)
{
    assert_int_equal(world_status(world_daemon.socket, "POST", "/1.0/networks/ovn0/load-balancers",
                                  "{\"listen_address\": \"198.18.0.1\"}"),
                     status);
}

static void metrics_tell_what_happened(void **state)
{
    char *before;
    char *after;

    (void)state;
    world_make(world_daemon.socket);
    before = scrape();
    create(201);
    create(409);
    after = scrape();

    assert_true(isnan(prometheus_value(before, CREATED)));
    assert_true(prometheus_value(after, CREATED) == 1);
    assert_true(prometheus_value(after, REFUSED) == 1);
    assert_true(prometheus_value(after, TIMED) == 2);
    /* The refused one, too, ran in a transaction. */
    assert_true(prometheus_value(after, "lbstate_store_batch_requests_total") ==
                prometheus_value(before, "lbstate_store_batch_requests_total") + 2);
    assert_true(prometheus_value(after, "lbstate_http_responses_total{code=\"4xx\"}") ==
                prometheus_value(before, "lbstate_http_responses_total{code=\"4xx\"}") + 1);
    /* The two creates, and the first scrape. */
    assert_true(prometheus_value(after, "lbstate_http_requests_total") ==
                prometheus_value(before, "lbstate_http_requests_total") + 3);
    assert_true(prometheus_value(after, "lbstate_ready") == 1);
    assert_true(prometheus_value(after, "lbstate_http_connections") >= 1);
    free(before);
    free(after);
}

static void metrics_tell_of_the_process_and_its_disk(void **state)
{
    char *text = scrape();

    (void)state;
    assert_true(prometheus_value(text, "lbstate_uptime_seconds") > 0);
    assert_true(prometheus_value(text, "lbstate_uptime_seconds") < 3600);
    assert_true(prometheus_value(text, "lbstate_process_resident_memory_bytes") > 1024 * 1024);
    assert_true(prometheus_value(text, "lbstate_process_open_fds") >= 5);
    /* The engine writes ahead into files that it makes in advance. */
    assert_true(prometheus_value(text, "lbstate_state_directory_size_bytes") > 4096);
    assert_true(prometheus_value(text, "lbstate_state_directory_free_bytes") > 0);
    assert_non_null(strstr(text, "\nlbstate_engine_info{name=\""));
    assert_non_null(strstr(text, "\nlbstate_build_info{version=\""));
    free(text);
}

/* Removes from each line its last word, the value. */
static void drop_values(char *text)
{
    char *to = text;

    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char *blank = line[0] == '#' ? NULL : strrchr(line, ' ');
        size_t size = blank != NULL ? (size_t)(blank - line) : strlen(line);

        memmove(to, line, size);
        to[size] = '\n';
        to += size + 1;
    }
    *to = '\0';
}

static void the_order_is_always_the_same(void **state)
{
    char *first;
    char *second;

    (void)state;
    world_make(world_daemon.socket);
    create(201);
    first = scrape();
    second = scrape();
    drop_values(first);
    drop_values(second);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

#define N_SCRAPERS 8
#define N_SCRAPES  20

static void *scrape_often(void *n_wrong)
{
    for (int i = 0; i < N_SCRAPES; i++) {
        struct http_answer answer = {0};
        char problem[256];

        if (http_call(world_daemon.socket, "GET", "/1.0/metrics", NULL, &answer) != HTTP_ANSWERED ||
            answer.status != 200 || !prometheus_lint(answer.body, problem, sizeof problem)) {
            atomic_fetch_add((atomic_int *)n_wrong, 1);
        }
        http_answer_close(&answer);
    }
    return NULL;
}

static void many_may_ask_at_once(void **state)
{
    pthread_t threads[N_SCRAPERS];
    atomic_int n_wrong = 0;
    char *text;

    (void)state;
    for (int i = 0; i < N_SCRAPERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, scrape_often, &n_wrong), 0);
    }
    for (int i = 0; i < N_SCRAPERS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(n_wrong, 0);
    text = scrape();
    assert_true(prometheus_value(text, "lbstate_http_responses_total{code=\"2xx\"}") >=
                N_SCRAPERS * N_SCRAPES);
    assert_true(prometheus_value(text, "lbstate_state_directory_size_bytes") > 0);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(metrics_tell_what_happened, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(metrics_tell_of_the_process_and_its_disk, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(the_order_is_always_the_same, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(many_may_ask_at_once, world_set_up, world_tear_down),
    };

    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
