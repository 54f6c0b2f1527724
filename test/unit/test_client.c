/* liblbstate against a server that behaves, and one that doesn't. */
#include "lbstate/lbstate.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/fake_daemon.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client/envelope.h"
#include "config.h"

#define TARGET_SIZE_MAX 1024

struct bench {
    struct fake_daemon *daemon;
    struct lbstate_client *client;
    const struct fake_answer *script; /* What every request is answered; body is copied. */
};

static void scripted(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    struct bench *bench = data;

    (void)request;
    *answer = *bench->script;
    if (answer->body != NULL) {
        answer->body = strdup(answer->body);
    }
}

static void open_bench(struct bench *bench, const struct fake_answer *script,
                       const struct lbstate_options *options)
{
    struct lbstate_error error;

    bench->script = script;
    bench->daemon = fake_daemon_start(scripted, bench);
    assert_int_equal(
        lbstate_open(fake_daemon_socket(bench->daemon), options, &bench->client, &error),
        LBSTATE_OK);
}

static void close_bench(struct bench *bench)
{
    lbstate_close(bench->client);
    fake_daemon_stop(bench->daemon);
}

static int send_one(struct bench *bench, const char *method, struct lbstate_response *response,
                    struct lbstate_error *error)
{
    struct lbstate_request request = {.method = method, .path = "/1.0/x", .timeout_ms = 200};

    if (strcmp(method, "GET") != 0) {
        request.body = "{}";
    }
    return lbstate_call(bench->client, &request, response, error);
}

static void the_version_is_told(void **state)
{
    (void)state;
    assert_string_equal(lbstate_version(), PACKAGE_VERSION);
}

static void envelope_finds_metadata(void **state)
{
    char text[] = " {\"type\" : \"sync\", \"a\\\"b\":[\"]\",{\"metadata\":1}],\n\"metadata\":"
                  "{\"x\":\"}\\\\\"} ,\"error\":\"\"}\n";
    struct envelope envelope;

    (void)state;
    assert_true(envelope_parse(text, strlen(text), &envelope));
    assert_false(envelope.is_error);
    assert_string_equal(envelope.metadata, "{\"x\":\"}\\\\\"}");
    assert_int_equal(envelope.metadata_size, strlen(envelope.metadata));
}

static void envelope_refuses_nonsense(void **state)
{
    static const char *const nonsense[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"type\":1}",
        "{\"type\":\"sync\"",
        "{\"type\":\"sync\"}x",
        "{\"type\":\"sync\",}",
        "{\"type\" \"sync\"}",
        "{\"type\":\"sync\",\"metadata\":}",
        "{\"type\":\"sync\",\"metadata\":[1}",
        "{\"type\":\"sync\",\"metadata\":\"x}",
        "{\"type\":\"sync\",\"metadata\":\"\\",
        "{type:\"sync\"}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        struct envelope envelope;
        char *text = strdup(nonsense[i]);

        if (envelope_parse(text, strlen(text), &envelope)) {
            fail_msg("taken for an envelope: %s", nonsense[i]);
        }
        free(text);
    }
}

static void envelope_cuts_a_long_error_at_a_character(void **state)
{
    struct envelope envelope;
    char text[3000] = "{\"type\":\"error\",\"error\":\"x";

    (void)state;
    for (int i = 0; i < 1000; i++) {
        strcat(text, "\xc3\xa4");
    }
    strcat(text, "\"}");
    assert_true(envelope_parse(text, strlen(text), &envelope));
    assert_true(envelope.is_error);
    assert_null(envelope.metadata);
    assert_int_equal(strlen(envelope.error), 899);
    assert_int_equal((unsigned char)envelope.error[898], 0xa4);
}

static void path_is_encoded(void **state)
{
    struct lbstate_error error;
    char long_part[LBSTATE_PATH_SIZE_MAX + 2];
    char *path;

    (void)state;
    assert_int_equal(
        lbstate_path(&path, &error, "1.0", "a b/c?d#\xc3\xa4", "2001:db8::1", "..", NULL), 0);
    assert_string_equal(path, "/1.0/a%20b%2Fc%3Fd%23%C3%A4/2001:db8::1/%2E%2E");
    free(path);
    assert_int_equal(lbstate_path(&path, &error, "1.0", "", NULL), LBSTATE_INVALID);
    assert_string_equal(error.message, "A name is empty");
    memset(long_part, 'x', sizeof long_part);
    long_part[LBSTATE_PATH_SIZE_MAX] = '\0';
    assert_int_equal(lbstate_path(&path, &error, long_part, NULL), LBSTATE_INVALID);
    long_part[LBSTATE_PATH_SIZE_MAX - 1] = '\0';
    assert_int_equal(lbstate_path(&path, &error, long_part, NULL), LBSTATE_OK);
    free(path);
}

static void call_carries_all_of_a_request(void **state)
{
    struct fake_answer script = {.status = 201, .etag = "\"e1\"", .location = "/1.0/networks/n"};
    struct lbstate_options options = {.project = "p&q"};
    struct lbstate_request request = {
        .method = "PUT", .path = "/1.0/../x?a=b", .body = "{\"k\":\"v\"}", .if_match = "\"e0\""};
    struct lbstate_response response;
    struct lbstate_error error;
    struct bench bench;

    (void)state;
    script.body = fake_sync("{\"a\": [1,2]}");
    open_bench(&bench, &script, &options);
    assert_int_equal(lbstate_call(bench.client, &request, &response, &error), LBSTATE_OK);
    assert_int_equal(response.http_status, 201);
    assert_string_equal(response.etag, "\"e1\"");
    assert_string_equal(response.location, "/1.0/networks/n");
    assert_string_equal(response.metadata, "{\"a\": [1,2]}");
    lbstate_response_close(&response);
    assert_string_equal(fake_daemon_request(bench.daemon, 0),
                        "PUT /1.0/../x?a=b&project=p%26q {\"k\":\"v\"}");
    request = (struct lbstate_request){.method = "GET", .path = "/", .project = "other"};
    assert_int_equal(lbstate_call(bench.client, &request, &response, &error), LBSTATE_OK);
    lbstate_response_close(&response);
    assert_string_equal(fake_daemon_request(bench.daemon, 1), "GET /?project=other ");
    close_bench(&bench);
    free(script.body);
}

static void wrong_requests_are_not_sent(void **state)
{
    static const struct fake_answer script = {.status = 200};
    static const struct lbstate_request wrong[] = {
        {.method = NULL, .path = "/"},
        {.method = "get", .path = "/"},
        {.method = "GET", .path = NULL},
        {.method = "GET", .path = ""},
        {.method = "GET", .path = "x"},
        {.method = "GET", .path = "/a b"},
        {.method = "GET", .path = "/a\r\nX: y"},
        {.method = "GET", .path = "/a#b"},
        {.method = "GET", .path = "/\xc3\xa4"},
        {.method = "GET", .path = "/", .project = ""},
        {.method = "PUT", .path = "/", .if_match = "x\r\ny: z"},
        {.method = "GET", .path = "/", .timeout_ms = LBSTATE_TIMEOUT_MAX_MS + 1},
    };
    struct lbstate_response response;
    struct lbstate_error error;
    struct bench bench;
    struct lbstate_request request = {.method = "POST", .path = "/"};
    char *body = malloc(LBSTATE_BODY_SIZE_MAX + 2);

    (void)state;
    open_bench(&bench, &script, NULL);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(lbstate_call(bench.client, &wrong[i], &response, &error), LBSTATE_INVALID);
        assert_true(error.message[0] != '\0');
    }
    assert_non_null(body);
    memset(body, '1', LBSTATE_BODY_SIZE_MAX + 1);
    body[LBSTATE_BODY_SIZE_MAX + 1] = '\0';
    request.body = body;
    assert_int_equal(lbstate_call(bench.client, &request, &response, &error), LBSTATE_TOO_LARGE);
    assert_int_equal(fake_daemon_n_requests(bench.daemon), 0);
    /* The largest body goes in one piece, without asking for leave. */
    body[LBSTATE_BODY_SIZE_MAX] = '\0';
    assert_int_equal(lbstate_call(bench.client, &request, &response, &error),
                     LBSTATE_UNKNOWN_OUTCOME);
    assert_int_equal(fake_daemon_n_requests(bench.daemon), 1);
    assert_int_equal(strlen(fake_daemon_request(bench.daemon, 0)),
                     strlen("POST / ") + LBSTATE_BODY_SIZE_MAX);
    free(body);
    close_bench(&bench);
}

static void fields_have_limits(void **state)
{
    struct fake_answer script = {.status = 200};
    struct lbstate_request request = {.method = "PUT", .path = "/", .body = "{}"};
    struct lbstate_response response;
    struct lbstate_error error;
    struct bench bench;
    char project[1026];
    char etag[258];

    (void)state;
    script.body = fake_sync("{}");
    open_bench(&bench, &script, NULL);
    memset(project, 'p', sizeof project);
    memset(etag, 'e', sizeof etag);
    project[1025] = '\0';
    request.project = project;
    assert_int_equal(lbstate_call(bench.client, &request, &response, &error), LBSTATE_INVALID);
    assert_string_equal(error.message, "The name of the project must have 1 to 1024 bytes");
    project[1024] = '\0';
    etag[257] = '\0';
    request.if_match = etag;
    assert_int_equal(lbstate_call(bench.client, &request, &response, &error), LBSTATE_INVALID);
    assert_int_equal(fake_daemon_n_requests(bench.daemon), 0);
    etag[256] = '\0';
    assert_int_equal(lbstate_call(bench.client, &request, &response, &error), LBSTATE_OK);
    lbstate_response_close(&response);
    close_bench(&bench);
    free(script.body);
}

static void options_have_limits(void **state)
{
    struct lbstate_options options = {.timeout_ms = LBSTATE_TIMEOUT_MAX_MS + 1};
    struct lbstate_client *client;
    struct lbstate_error error;
    char name[TARGET_SIZE_MAX + 2];
    char path[200];

    (void)state;
    assert_int_equal(lbstate_open("/x", &options, &client, &error), LBSTATE_INVALID);
    options = (struct lbstate_options){.connections = LBSTATE_CONNECTIONS_MAX + 1};
    assert_int_equal(lbstate_open("/x", &options, &client, &error), LBSTATE_INVALID);
    options = (struct lbstate_options){.project = ""};
    assert_int_equal(lbstate_open("/x", &options, &client, &error), LBSTATE_INVALID);
    options = (struct lbstate_options){.target = ""};
    assert_int_equal(lbstate_open("/x", &options, &client, &error), LBSTATE_INVALID);
    memset(name, 'n', TARGET_SIZE_MAX + 1);
    name[TARGET_SIZE_MAX + 1] = '\0';
    options = (struct lbstate_options){.target = name};
    assert_int_equal(lbstate_open("/x", &options, &client, &error), LBSTATE_INVALID);
    assert_string_equal(error.message, "The name of the member must have 1 to 1024 bytes");
    options = (struct lbstate_options){.target = name + 1};
    assert_int_equal(lbstate_open("/x", &options, &client, &error), LBSTATE_OK);
    lbstate_close(client);
    memset(path, 'x', sizeof path);
    path[108] = '\0';
    assert_int_equal(lbstate_open(path, NULL, &client, &error), LBSTATE_INVALID);
    assert_string_equal(error.message, "The path of the socket must have 1 to 107 bytes");
    assert_int_equal(lbstate_open("", NULL, &client, &error), LBSTATE_INVALID);
    path[107] = '\0';
    assert_int_equal(lbstate_open(path, NULL, &client, &error), LBSTATE_OK);
    lbstate_close(client);
    lbstate_close(NULL);
    assert_int_equal(setenv("LBSTATE_SOCKET", "/from/env", 1), 0);
    assert_int_equal(lbstate_open(NULL, NULL, &client, &error), LBSTATE_OK);
    assert_string_equal(lbstate_socket(client), "/from/env");
    lbstate_close(client);
    assert_int_equal(unsetenv("LBSTATE_SOCKET"), 0);
    assert_int_equal(lbstate_open(NULL, NULL, &client, &error), LBSTATE_OK);
    assert_string_equal(lbstate_socket(client), LBSTATE_SOCKET_DEFAULT);
    lbstate_close(client);
}

static void refusals_carry_status_and_words(void **state)
{
    struct fake_answer script = {0};
    struct lbstate_response response;
    struct lbstate_error error;
    struct bench bench;

    (void)state;
    fake_error(&script, 409, "Already \\\"there\\\"");
    open_bench(&bench, &script, NULL);
    assert_int_equal(send_one(&bench, "POST", &response, &error), LBSTATE_REFUSED);
    assert_int_equal(error.http_status, 409);
    assert_string_equal(error.message, "Already \"there\"");
    close_bench(&bench);
    free(script.body);
}

static void nobody_listens(void **state)
{
    struct lbstate_request request = {.method = "POST", .path = "/1.0/x", .body = "{}"};
    struct lbstate_response response;
    struct lbstate_client *client;
    struct lbstate_error error;

    (void)state;
    assert_int_equal(lbstate_open("/nonexistent/socket", NULL, &client, &error), LBSTATE_OK);
    assert_int_equal(lbstate_call(client, &request, &response, &error), LBSTATE_UNREACHABLE);
    assert_string_equal(error.message, "Can't reach lbstated on /nonexistent/socket: No such file "
                                       "or directory");
    lbstate_close(client);
}

/* The same mishap means another thing for a read than for a write. */
static void mishaps_are_told_apart(void **state)
{
    static char not_http[] = "SSH-2.0-OpenSSH\r\n";
    static char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"type\":";
    static char no_json[] = "<html>";
    static char no_metadata[] = "{\"type\":\"sync\"}";
    static char unknown[] =
        "HTTP/1.1 500 Internal Server Error\r\nLbstate-Outcome: unknown\r\n"
        "Content-Length: 35\r\n\r\n{\"type\":\"error\",\"error\":\"lost it\"}\n";
    static const struct {
        struct fake_answer script;
        int read;
        int write;
    } cases[] = {
        {{.drop = true}, LBSTATE_UNREACHABLE, LBSTATE_UNKNOWN_OUTCOME},
        {{.hold = UINT_MAX}, LBSTATE_TIMEOUT, LBSTATE_UNKNOWN_OUTCOME},
        {{.raw = true, .body = half}, LBSTATE_UNREACHABLE, LBSTATE_UNKNOWN_OUTCOME},
        {{.raw = true, .body = not_http}, LBSTATE_PROTOCOL, LBSTATE_UNKNOWN_OUTCOME},
        {{.status = 200, .body = no_json}, LBSTATE_PROTOCOL, LBSTATE_UNKNOWN_OUTCOME},
        {{.status = 502, .body = no_json}, LBSTATE_PROTOCOL, LBSTATE_PROTOCOL},
        {{.status = 304}, LBSTATE_PROTOCOL, LBSTATE_PROTOCOL},
        {{.status = 404, .body = no_metadata}, LBSTATE_REFUSED, LBSTATE_REFUSED},
        {{.status = 200, .body = no_metadata}, LBSTATE_OK, LBSTATE_OK},
        {{.raw = true, .body = unknown}, LBSTATE_UNKNOWN_OUTCOME, LBSTATE_UNKNOWN_OUTCOME},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lbstate_response response = {0};
        struct lbstate_error error;
        struct bench bench;

        open_bench(&bench, &cases[i].script, NULL);
        assert_int_equal(send_one(&bench, "GET", &response, &error), cases[i].read);
        if (cases[i].read == LBSTATE_OK) {
            assert_string_equal(response.metadata, "null");
            lbstate_response_close(&response);
        }
        assert_int_equal(send_one(&bench, "PUT", &response, &error), cases[i].write);
        lbstate_response_close(&response);
        assert_int_equal(fake_daemon_n_requests(bench.daemon), 2);
        close_bench(&bench);
    }
}

static void answers_have_a_limit(void **state)
{
    struct fake_answer script = {.status = 200};
    struct lbstate_options options = {0};
    struct lbstate_response response;
    struct lbstate_error error;
    struct bench bench;

    (void)state;
    script.body = fake_sync("{}");
    options.answer_size = strlen(script.body);
    open_bench(&bench, &script, &options);
    assert_int_equal(send_one(&bench, "GET", &response, &error), LBSTATE_OK);
    lbstate_response_close(&response);
    close_bench(&bench);
    options.answer_size--;
    open_bench(&bench, &script, &options);
    assert_int_equal(send_one(&bench, "GET", &response, &error), LBSTATE_TOO_LARGE);
    assert_int_equal(send_one(&bench, "PUT", &response, &error), LBSTATE_UNKNOWN_OUTCOME);
    close_bench(&bench);
    free(script.body);
}

/* Drops the first write that comes. */
static void drop_writes(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    (void)data;
    if (strcmp(request->method, "GET") == 0) {
        answer->body = fake_sync("null");
    } else {
        answer->drop = true;
    }
}

static void a_write_is_never_sent_twice(void **state)
{
    struct lbstate_response response;
    struct lbstate_error error;
    struct bench bench;

    (void)state;
    bench.daemon = fake_daemon_start(drop_writes, NULL);
    assert_int_equal(lbstate_open(fake_daemon_socket(bench.daemon), NULL, &bench.client, &error),
                     LBSTATE_OK);
    /* A kept connection would make curl send it once more. */
    assert_int_equal(send_one(&bench, "GET", &response, &error), LBSTATE_OK);
    lbstate_response_close(&response);
    assert_int_equal(send_one(&bench, "GET", &response, &error), LBSTATE_OK);
    lbstate_response_close(&response);
    assert_int_equal(fake_daemon_n_connections(bench.daemon), 1);
    assert_int_equal(send_one(&bench, "POST", &response, &error), LBSTATE_UNKNOWN_OUTCOME);
    assert_int_equal(fake_daemon_n_requests(bench.daemon), 3);
    close_bench(&bench);
}

/* A socket whose queue of new connections is full. */
struct crowd {
    char folder[32];
    char socket[64];
    int listen_fd;
    int fds[64];
    size_t n_fds;
    pthread_t thread;
};

static void crowd_open(struct crowd *crowd)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    *crowd = (struct crowd){.folder = "/tmp/lbstate-test-XXXXXX"};
    assert_non_null(mkdtemp(crowd->folder));
    snprintf(crowd->socket, sizeof crowd->socket, "%s/s", crowd->folder);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", crowd->socket);
    crowd->listen_fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(crowd->listen_fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(crowd->listen_fd, 1), 0);
    do {
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        assert_true(fd >= 0 && crowd->n_fds < 64);
        crowd->fds[crowd->n_fds++] = fd;
    } while (connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
}

static void crowd_close(struct crowd *crowd)
{
    for (size_t i = 0; i < crowd->n_fds; i++) {
        close(crowd->fds[i]);
    }
    close(crowd->listen_fd);
    unlink(crowd->socket);
    rmdir(crowd->folder);
}

/* Lets the crowd in, then answers one request. A connection that sends nothing is
 * the client's look whether there is room. */
static void *let_in(void *data)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"type\":\"sync\"}";
    struct crowd *crowd = data;
    char request[1000];
    bool answered = false;

    for (size_t i = 0; i + 1 < crowd->n_fds; i++) {
        close(accept(crowd->listen_fd, NULL, NULL));
    }
    while (!answered) {
        int fd = accept(crowd->listen_fd, NULL, NULL);

        if (recv(fd, request, sizeof request, 0) > 0) {
            answered = write(fd, answer, strlen(answer)) == (ssize_t)strlen(answer);
        }
        close(fd);
    }
    return NULL;
}

static void a_crowded_daemon_is_waited_for(void **state)
{
    struct lbstate_request request = {.method = "PUT", .path = "/", .body = "{}", .timeout_ms = 50};
    struct lbstate_response response = {0};
    struct lbstate_client *client;
    struct lbstate_error error;
    struct crowd crowd;

    (void)state;
    crowd_open(&crowd);
    assert_int_equal(lbstate_open(crowd.socket, NULL, &client, &error), LBSTATE_OK);
    /* A write, and yet it is known that nothing was written. */
    assert_int_equal(lbstate_call(client, &request, &response, &error), LBSTATE_TIMEOUT);
    request.timeout_ms = 20 * 1000;
    assert_int_equal(pthread_create(&crowd.thread, NULL, let_in, &crowd), 0);
    assert_int_equal(lbstate_call(client, &request, &response, &error), LBSTATE_OK);
    lbstate_response_close(&response);
    assert_int_equal(pthread_join(crowd.thread, NULL), 0);
    lbstate_close(client);
    crowd_close(&crowd);
}

struct tally {
    struct bench *bench;
    unsigned n_ok;
    unsigned n_failed;
    unsigned n_to_start;
};

static void count_up(void *data, const struct lbstate_response *response,
                     const struct lbstate_error *error)
{
    struct tally *tally = data;
    struct lbstate_request request = {.method = "POST", .path = "/1.0/x", .body = "{}"};
    struct lbstate_error other;

    assert_true((response == NULL) != (error == NULL));
    if (response != NULL) {
        tally->n_ok++;
    } else {
        tally->n_failed++;
    }
    assert_int_equal(lbstate_wait(tally->bench->client, &other), LBSTATE_INVALID);
    if (tally->n_to_start > 0) {
        tally->n_to_start--;
        assert_int_equal(lbstate_start(tally->bench->client, &request, count_up, tally, &other),
                         LBSTATE_OK);
    }
}

static void several_run_at_once_within_the_limit(void **state)
{
    struct fake_answer script = {.status = 200, .hold = 4};
    struct lbstate_options options = {.connections = 4};
    struct lbstate_request request = {.method = "POST", .path = "/1.0/x", .body = "{}"};
    struct lbstate_response response;
    struct lbstate_error error;
    struct bench bench;
    struct tally tally = {.bench = &bench, .n_to_start = 8};

    (void)state;
    script.body = fake_sync("{}");
    open_bench(&bench, &script, &options);
    assert_int_equal(lbstate_wait(bench.client, &error), LBSTATE_OK);
    for (int i = 0; i < 11; i++) {
        assert_int_equal(lbstate_start(bench.client, &request, count_up, &tally, &error),
                         LBSTATE_OK);
    }
    /* The 20th of all: a call waits its turn among them. */
    assert_int_equal(fake_daemon_n_requests(bench.daemon), 0);
    assert_int_equal(lbstate_call(bench.client, &request, &response, &error), LBSTATE_OK);
    lbstate_response_close(&response);
    assert_int_equal(lbstate_wait(bench.client, &error), LBSTATE_OK);
    assert_int_equal(tally.n_ok, 19);
    assert_int_equal(tally.n_failed, 0);
    assert_int_equal(fake_daemon_max_held(bench.daemon), 4);
    close_bench(&bench);
    free(script.body);
}

static void close_withdraws_without_calling_back(void **state)
{
    static const struct fake_answer script = {.hold = UINT_MAX};
    struct lbstate_options options = {.connections = 1};
    struct lbstate_request request = {.method = "GET", .path = "/1.0/x"};
    struct lbstate_error error;
    struct lbstate_response response;
    struct bench bench;
    struct tally tally = {.bench = &bench};

    (void)state;
    open_bench(&bench, &script, &options);
    request.timeout_ms = 100;
    assert_int_equal(lbstate_call(bench.client, &request, &response, &error), LBSTATE_TIMEOUT);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(lbstate_start(bench.client, &request, count_up, &tally, &error),
                         LBSTATE_OK);
    }
    close_bench(&bench);
    assert_int_equal(tally.n_ok + tally.n_failed, 0);
}

/* The functions of load balancers and of forwards: they differ in a word. */
struct typed_calls {
    const char *collection;
    int (*list)(struct lbstate_client *, const char *, const char *, char **,
                struct lbstate_error *);
    int (*get)(struct lbstate_client *, const char *, const char *, const char *, char **, char **,
               struct lbstate_error *);
    int (*create)(struct lbstate_client *, const char *, const char *, const char *,
                  struct lbstate_error *);
    int (*update)(struct lbstate_client *, const char *, const char *, const char *, const char *,
                  const char *, struct lbstate_error *);
    int (*delete)(struct lbstate_client *, const char *, const char *, const char *,
                  struct lbstate_error *);
};

static void assert_requested(struct bench *bench, size_t i, const char *method,
                             const char *collection, const char *rest)
{
    char expected[300];

    snprintf(expected, sizeof expected, "%s /1.0/networks/n/%s%s", method, collection, rest);
    assert_string_equal(fake_daemon_request(bench->daemon, i), expected);
}

static void assert_typed_calls(const struct typed_calls *calls)
{
    struct fake_answer script = {.status = 200, .etag = "\"e\""};
    struct lbstate_error error;
    struct bench bench;
    char *json;
    char *etag;

    script.body = fake_sync("[1]");
    open_bench(&bench, &script, NULL);
    assert_int_equal(calls->list(bench.client, "p", "n", &json, &error), 0);
    assert_string_equal(json, "[1]");
    free(json);
    assert_int_equal(calls->get(bench.client, NULL, "n", "::1", &json, &etag, &error), 0);
    assert_string_equal(etag, "\"e\"");
    free(json);
    assert_int_equal(calls->get(bench.client, NULL, "n", "::1", &json, NULL, &error), 0);
    free(json);
    assert_int_equal(calls->create(bench.client, NULL, "n", "{}", &error), 0);
    assert_int_equal(calls->update(bench.client, NULL, "n", "::1", "{}", etag, &error), 0);
    assert_int_equal(calls->delete (bench.client, NULL, "n", "::1", &error), 0);
    assert_int_equal(calls->delete (bench.client, NULL, "n", "", &error), LBSTATE_INVALID);
    assert_int_equal(calls->list(bench.client, NULL, "", &json, &error), LBSTATE_INVALID);
    free(etag);
    assert_requested(&bench, 0, "GET", calls->collection, "?recursion=1&project=p ");
    assert_requested(&bench, 1, "GET", calls->collection, "/::1 ");
    assert_requested(&bench, 3, "POST", calls->collection, " {}");
    assert_requested(&bench, 4, "PUT", calls->collection, "/::1 {}");
    assert_requested(&bench, 5, "DELETE", calls->collection, "/::1 ");
    assert_int_equal(fake_daemon_n_requests(bench.daemon), 6);
    close_bench(&bench);
    free(script.body);
}

static void load_balancers_and_forwards_have_functions(void **state)
{
    static const struct typed_calls load_balancers = {
        "load-balancers",
        lbstate_load_balancer_list,
        lbstate_load_balancer_get,
        lbstate_load_balancer_create,
        lbstate_load_balancer_update,
        lbstate_load_balancer_delete,
    };
    static const struct typed_calls forwards = {
        "forwards",
        lbstate_forward_list,
        lbstate_forward_get,
        lbstate_forward_create,
        lbstate_forward_update,
        lbstate_forward_delete,
    };

    (void)state;
    assert_typed_calls(&load_balancers);
    assert_typed_calls(&forwards);
}

static void a_target_is_named_in_every_request(void **state)
{
    struct lbstate_options options = {.project = "p", .target = "n 1&"};
    struct fake_answer script = {.status = 200};
    struct lbstate_client *client;
    struct lbstate_error error;
    struct bench bench;
    char *json;

    (void)state;
    script.body = fake_sync("[]");
    open_bench(&bench, &script, NULL);
    assert_int_equal(lbstate_open(fake_daemon_socket(bench.daemon), &options, &client, &error), 0);
    assert_int_equal(lbstate_load_balancer_list(client, NULL, "n", &json, &error), 0);
    free(json);
    assert_int_equal(lbstate_load_balancer_delete(client, "q", "n", "::1", &error), 0);
    lbstate_close(client);
    assert_string_equal(
        fake_daemon_request(bench.daemon, 0),
        "GET /1.0/networks/n/load-balancers?recursion=1&project=p&target=n%201%26 ");
    assert_string_equal(fake_daemon_request(bench.daemon, 1),
                        "DELETE /1.0/networks/n/load-balancers/::1?project=q&target=n%201%26 ");
    close_bench(&bench);
    free(script.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_is_told),
        cmocka_unit_test(envelope_finds_metadata),
        cmocka_unit_test(envelope_refuses_nonsense),
        cmocka_unit_test(envelope_cuts_a_long_error_at_a_character),
        cmocka_unit_test(path_is_encoded),
        cmocka_unit_test(call_carries_all_of_a_request),
        cmocka_unit_test(wrong_requests_are_not_sent),
        cmocka_unit_test(fields_have_limits),
        cmocka_unit_test(options_have_limits),
        cmocka_unit_test(refusals_carry_status_and_words),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(mishaps_are_told_apart),
        cmocka_unit_test(answers_have_a_limit),
        cmocka_unit_test(a_write_is_never_sent_twice),
        cmocka_unit_test(a_crowded_daemon_is_waited_for),
        cmocka_unit_test(several_run_at_once_within_the_limit),
        cmocka_unit_test(close_withdraws_without_calling_back),
        cmocka_unit_test(load_balancers_and_forwards_have_functions),
        cmocka_unit_test(a_target_is_named_in_every_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
