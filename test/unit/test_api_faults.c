/* What clients are told, and listeners hear, when the engine fails them: engine,
 * proxy, store, API and HTTP server are real, and in this process. */
#include "api/api.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/engine.h"
#include "test/lib/prometheus_lint.h"
#include "test/lib/proxy.h"
#include "test/lib/ws_client.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 60000

struct fixture {
    uv_loop_t loop;
    uv_async_t stop;
    pthread_t thread; /* Of the loop. */
    struct proxy *proxy;
    struct store *store;
    struct http_server *http;
    struct api api;
    char directory[64];
    char socket[96];
};

static void on_store_closed(void *data)
{
    struct fixture *f = data;

    uv_close((uv_handle_t *)&f->stop, NULL);
}

static void on_events_stopped(void *data)
{
    struct fixture *f = data;

    store_close(f->store, PATIENCE_MS, on_store_closed, f);
}

static void on_http_stopped(void *data)
{
    struct fixture *f = data;

    event_sockets_stop(&f->api.event_sockets, on_events_stopped, f);
}

static void on_stop(uv_async_t *async)
{
    struct fixture *f = async->data;

    http_server_stop(f->http, PATIENCE_MS, on_http_stopped, f);
}

static void on_ready(struct store *store, const struct error *error, void *data)
{
    struct fixture *f = data;

    (void)store;
    f->api.ready = error == NULL;
}

static void *run(void *data)
{
    struct fixture *f = data;

    uv_run(&f->loop, UV_RUN_DEFAULT);
    return NULL;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    strcpy(f->directory, "/tmp/lbstate-test-XXXXXX");
    assert_non_null(mkdtemp(f->directory));
    snprintf(f->socket, sizeof f->socket, "%s/socket", f->directory);
    engine_start();
    f->proxy = proxy_start(engine_address());
    *state = f;
    return 0;
}

/* The proxy may have a fault by then. */
static void start(struct fixture *f, unsigned timeout_ms)
{
    const struct event_socket_limits limits = {.listeners = 8,
                                               .queue_size = 65536,
                                               .ping_interval_ms = PATIENCE_MS,
                                               .close_timeout_ms = 10};
    struct store_options store_options = {.loop = &f->loop,
                                          .engine_address = proxy_address(f->proxy)};
    struct http_server_options http_options = {
        .loop = &f->loop,
        .path = f->socket,
        .limits = HTTP_LIMITS_DEFAULT,
        .handler = api_handle,
        .error_body = api_error_body,
        .data = &f->api,
    };
    struct error error;

    assert_int_equal(uv_loop_init(&f->loop), 0);
    assert_int_equal(uv_async_init(&f->loop, &f->stop, on_stop), 0);
    f->stop.data = f;
    assert_int_equal(store_open(&store_options, on_ready, f, &f->store, &error), ERROR_NONE);
    f->api = (struct api){.store = f->store,
                          .observer = db_observer_new(),
                          .requests = db_observer_new(),
                          .loop = &f->loop,
                          .state_dir = f->directory,
                          .engine = "test 1",
                          .timeout_ms = timeout_ms};
    assert_non_null(f->api.observer);
    assert_non_null(f->api.requests);
    events_init(&f->api.events, "none");
    event_sockets_init(&f->api.event_sockets, &f->loop, &f->api.events, &limits);
    assert_int_equal(http_server_start(&http_options, &f->http, &error), ERROR_NONE);
    f->api.http = f->http;
    assert_int_equal(pthread_create(&f->thread, NULL, run, f), 0);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    uv_async_send(&f->stop);
    pthread_join(f->thread, NULL);
    assert_int_equal(uv_loop_close(&f->loop), 0);
    db_observer_free(f->api.requests);
    db_observer_free(f->api.observer);
    proxy_stop(f->proxy);
    engine_stop();
    assert_int_equal(rmdir(f->directory), 0);
    free(f);
    return 0;
}

/* Sends a request, and returns the connection. */
static int send_request(struct fixture *f, const char *method, const char *path, const char *body)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char request[512];
    int size;

    snprintf(address.sun_path, sizeof address.sun_path, "%s", f->socket);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    size = snprintf(request, sizeof request,
                    "%s %s HTTP/1.1\r\nHost: lbstate\r\nConnection: close\r\n"
                    "Content-Length: %zu\r\n\r\n%s",
                    method, path, strlen(body), body);
    ws_send_raw(fd, request, (size_t)size);
    return fd;
}

/* The whole answer, with its head, as a new string. */
static char *ask(struct fixture *f, const char *method, const char *path, const char *body)
{
    int fd = send_request(f, method, path, body);
    struct buffer answer = {0};
    char piece[4096];
    size_t size;
    ssize_t n;

    while ((n = read(fd, piece, sizeof piece)) > 0) {
        buffer_append(&answer, piece, (size_t)n);
    }
    close(fd);
    assert_non_null(buffer_string(&answer));
    assert_int_equal(strncmp(answer.data, "HTTP/1.1 ", 9), 0);
    return buffer_detach(&answer, &size);
}

static int status_of(const char *answer)
{
    return atoi(answer + strlen("HTTP/1.1 "));
}

static int call(struct fixture *f, const char *method, const char *path, const char *body)
{
    char *answer = ask(f, method, path, body);
    int status = status_of(answer);

    free(answer);
    return status;
}

static void wait_until_ready(struct fixture *f)
{
    while (call(f, "GET", "/internal/ready", "") != 200) {
    }
}

static char *create(struct fixture *f, const char *name)
{
    char body[64];

    snprintf(body, sizeof body, "{\"name\":\"%s\"}", name);
    return ask(f, "POST", "/1.0/projects", body);
}

/* An answer of STATUS that says nothing of an unknown outcome. */
static void expect_known(char *answer, int status)
{
    assert_int_equal(status_of(answer), status);
    assert_null(strstr(answer, "Lbstate-Outcome"));
    free(answer);
}

static void unknown_outcome_is_told(void **state)
{
    struct fixture *f = *state;
    char *answer;

    start(f, 1000);
    wait_until_ready(f);
    expect_known(create(f, "p0"), 201);
    expect_known(create(f, "p0"), 409);
    proxy_set_fault(f->proxy, PROXY_HOLD, "COMMIT", 0);
    answer = create(f, "p1");
    assert_int_equal(status_of(answer), 500);
    assert_non_null(strstr(answer, "\r\nLbstate-Outcome: unknown\r\n"));
    free(answer);
    assert_true(proxy_fault_happened(f->proxy));
}

/* The store finds out that it was done: the client sees nothing of it, and those who
 * listen hear of it once. */
static void lost_answer_makes_one_event(void **state)
{
    struct fixture *f = *state;
    char *text;
    int fd;

    start(f, PATIENCE_MS);
    wait_until_ready(f);
    fd = ws_connect(f->socket, "/1.0/events?all-projects=true", NULL);
    assert_true(fd >= 0);
    proxy_set_fault(f->proxy, PROXY_CUT_ANSWERED, "COMMIT", 0);
    assert_int_equal(call(f, "POST", "/1.0/projects", "{\"name\":\"p1\"}"), 201);
    assert_true(proxy_fault_happened(f->proxy));
    /* And when it wasn't done, it is done once. */
    proxy_set_fault(f->proxy, PROXY_CUT_BEFORE, "COMMIT", 0);
    assert_int_equal(call(f, "DELETE", "/1.0/projects/p1", ""), 200);
    assert_true(proxy_fault_happened(f->proxy));
    assert_int_equal(call(f, "POST", "/1.0/projects", "{\"name\":\"p2\"}"), 201);
    text = ws_read_text(fd);
    assert_non_null(strstr(text, "\"project-created\",\"source\":\"/1.0/projects/p1\""));
    free(text);
    text = ws_read_text(fd);
    assert_non_null(strstr(text, "\"project-deleted\",\"source\":\"/1.0/projects/p1\""));
    free(text);
    text = ws_read_text(fd);
    assert_non_null(strstr(text, "\"project-created\",\"source\":\"/1.0/projects/p2\""));
    free(text);
    close(fd);
}

/* Sends the request and hangs up at once, or as soon as another was answered. */
static void create_and_hang_up(struct fixture *f, int i)
{
    char body[64];
    int fd;

    snprintf(body, sizeof body, "{\"name\":\"p%d\"}", i);
    fd = send_request(f, "POST", "/1.0/projects", body);
    if (i % 2 == 0) {
        /* This may be too late to cancel. */
        assert_int_equal(call(f, "GET", "/1.0/projects", ""), 200);
    }
    close(fd);
}

/* Whether a client that hangs up was in time or not: the change was made once and is
 * told once, or not at all. Who asks again gets the rest. */
static void change_of_a_client_that_hung_up_is_made_once_or_never(void **state)
{
    enum { N = 40 };
    struct fixture *f = *state;
    unsigned n_there = 0;
    unsigned n_heard = 0;
    int fd;

    start(f, PATIENCE_MS);
    wait_until_ready(f);
    fd = ws_connect(f->socket, "/1.0/events?all-projects=true", NULL);
    assert_true(fd >= 0);
    for (int i = 0; i < N; i++) {
        create_and_hang_up(f, i);
    }
    for (int i = 0; i < N; i++) {
        char name[8];
        char *answer;

        snprintf(name, sizeof name, "p%d", i);
        answer = create(f, name);
        n_there += status_of(answer) == 409;
        expect_known(answer, status_of(answer) == 409 ? 409 : 201);
    }
    print_message("%u of %d were too late to cancel\n", n_there, N);
    assert_int_equal(call(f, "PATCH", "/1.0", "{\"config\":{\"user.end\":\"1\"}}"), 200);
    for (;;) {
        char *text = ws_read_text(fd);
        bool is_end = strstr(text, "\"config-updated\"") != NULL;

        free(text);
        if (is_end) {
            break;
        }
        n_heard++;
    }
    assert_int_equal(n_heard, N);
    close(fd);
}

static void assert_error(struct fixture *f, const char *path, int status, const char *text)
{
    char *answer = ask(f, "GET", path, "");

    assert_int_equal(status_of(answer), status);
    assert_non_null(strstr(answer, text));
    free(answer);
}

static char *scrape(struct fixture *f)
{
    char *answer = ask(f, "GET", "/1.0/metrics", "");
    char problem[256];
    char *text;

    assert_int_equal(status_of(answer), 200);
    text = strdup(strstr(answer, "\r\n\r\n") + 4);
    assert_non_null(text);
    if (!prometheus_lint(text, problem, sizeof problem)) {
        fail_msg("%s", problem);
    }
    free(answer);
    return text;
}

/* How it does is asked above all while it doesn't get ready. */
static void metrics_are_told_before_the_store_is_ready(void **state)
{
    struct fixture *f = *state;
    char *text;

    proxy_cut(f->proxy, true);
    start(f, PATIENCE_MS);
    text = scrape(f);
    assert_true(prometheus_value(text, "lbstate_ready") == 0);
    assert_true(prometheus_value(text, "lbstate_http_connections") == 1);
    assert_true(prometheus_value(text, "lbstate_store_batches_total") == 0);
    free(text);
    assert_error(f, "/1.0/networks", 503, "\"error\":\"Daemon is starting up\"");
    assert_error(f, "/1.0/events", 503, "\"error\":\"Daemon is starting up\"");
    assert_error(f, "/internal/ready", 503, "\"error\":\"Daemon not ready yet\"");
    proxy_cut(f->proxy, false);
    wait_until_ready(f);
    text = scrape(f);
    assert_true(prometheus_value(text, "lbstate_ready") == 1);
    free(text);
    assert_int_equal(call(f, "GET", "/1.0/networks", ""), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(unknown_outcome_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lost_answer_makes_one_event, set_up, tear_down),
        cmocka_unit_test_setup_teardown(change_of_a_client_that_hung_up_is_made_once_or_never,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(metrics_are_told_before_the_store_is_ready, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests_name("api_faults", tests, NULL, NULL);
}
