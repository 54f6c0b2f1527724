/* A client that hangs up cancels its request. Everything is real and in this
 * process: engine, store, API and HTTP server, with a client in a thread. The
 * test itself holds the write lock of the database, so that a write has to wait. */
#include "api/api.h"
#include "db/tx.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/engine.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Far beyond what any step takes, also on a busy machine. */
#define PATIENCE_MS 60000

struct fixture {
    uv_loop_t loop;
    uv_async_t stop;
    struct store *store;
    struct http_server *http;
    struct api api;
    char directory[64];
    char socket[96];
    struct db_conn *holder;
    /* What the client's thread found. */
    bool waited;
    bool gone;
    int status;
};

static void on_store_closed(void *data)
{
    struct fixture *f = data;

    uv_close((uv_handle_t *)&f->stop, NULL);
}

static void on_http_stopped(void *data)
{
    struct fixture *f = data;

    store_close(f->store, PATIENCE_MS, on_store_closed, f);
}

static void on_stop(uv_async_t *async)
{
    struct fixture *f = async->data;

    http_server_stop(f->http, PATIENCE_MS, on_http_stopped, f);
}

/* Waits until so many writes wait in the store. */
static bool await_waiting_writes(struct fixture *f, uint64_t n)
{
    for (int ms = 0; ms < PATIENCE_MS; ms++) {
        struct store_metrics metrics;

        store_metrics(f->store, &metrics);
        if (metrics.waiting_writes == n) {
            return true;
        }
        poll(NULL, 0, 1);
    }
    return false;
}

/* Connects, sends REQUEST and returns the connection, or -1. */
static int send_request(const struct fixture *f, const char *request)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", f->socket);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        write(fd, request, strlen(request)) == (ssize_t)strlen(request)) {
        return fd;
    }
    return -1;
}

/* The status of the answer that comes, or 0. */
static int receive_status(int fd)
{
    char line[sizeof "HTTP/1.1 404"] = "";
    ssize_t size = recv(fd, line, sizeof line - 1, MSG_WAITALL);

    return size == (ssize_t)(sizeof line - 1) ? atoi(line + strlen("HTTP/1.1 ")) : 0;
}

static void *client_main(void *data)
{
    const struct db_context context = engine_deadline(PATIENCE_MS);
    struct fixture *f = data;
    struct error error;
    struct db_tx tx;
    int fd;

    if (db_tx_begin(&tx, f->holder, DB_WRITE, &context, &error) == ERROR_NONE) {
        fd = send_request(f, "POST /1.0/projects HTTP/1.1\r\nHost: lbstate\r\n"
                             "Content-Length: 13\r\n\r\n{\"name\":\"p1\"}");
        f->waited = fd >= 0 && await_waiting_writes(f, 1);
        close(fd);
        /* Nobody can have run it: the write lock is still held here. */
        f->gone = await_waiting_writes(f, 0);
        db_tx_rollback(&tx);
        fd = send_request(f, "GET /1.0/projects/p1 HTTP/1.1\r\nHost: lbstate\r\n\r\n");
        f->status = receive_status(fd);
        close(fd);
    }
    uv_async_send(&f->stop);
    return NULL;
}

static void on_ready(struct store *store, const struct error *error, void *data)
{
    struct fixture *f = data;

    (void)store;
    assert_null(error);
    f->api.ready = true;
}

static void hanging_up_cancels_a_write_that_waits(void **state)
{
    struct fixture f = {.status = 0};
    struct store_options store_options = {.loop = &f.loop};
    struct http_server_options http_options = {
        .loop = &f.loop,
        .path = f.socket,
        .limits = HTTP_LIMITS_DEFAULT,
        .handler = api_handle,
        .error_body = api_error_body,
        .data = &f.api,
    };
    struct error error;
    pthread_t client;

    (void)state;
    strcpy(f.directory, "/tmp/lbstate-test-XXXXXX");
    assert_non_null(mkdtemp(f.directory));
    snprintf(f.socket, sizeof f.socket, "%s/socket", f.directory);
    engine_start();
    assert_int_equal(uv_loop_init(&f.loop), 0);
    f.stop.data = &f;
    assert_int_equal(uv_async_init(&f.loop, &f.stop, on_stop), 0);
    store_options.engine_address = engine_address();
    assert_int_equal(store_open(&store_options, on_ready, &f, &f.store, &error), ERROR_NONE);
    f.api = (struct api){.store = f.store, .engine = "test", .timeout_ms = API_TIMEOUT_MS_MAX};
    events_init(&f.api.events, "none");
    assert_int_equal(http_server_start(&http_options, &f.http, &error), ERROR_NONE);
    while (!f.api.ready) {
        uv_run(&f.loop, UV_RUN_ONCE);
    }
    f.holder = engine_connect(NULL);
    assert_int_equal(pthread_create(&client, NULL, client_main, &f), 0);
    uv_run(&f.loop, UV_RUN_DEFAULT);
    pthread_join(client, NULL);
    assert_int_equal(uv_loop_close(&f.loop), 0);
    db_conn_close(f.holder);
    engine_stop();
    assert_int_equal(rmdir(f.directory), 0);
    assert_true(f.waited);
    assert_true(f.gone);
    assert_int_equal(f.status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hanging_up_cancels_a_write_that_waits),
    };

    return cmocka_run_group_tests_name("api_hangup", tests, NULL, NULL);
}
