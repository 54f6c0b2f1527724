/* http_fixture.h - a server on a socket in a folder of its own, and raw clients,
 * all on one loop in the test's thread. Every wait runs the loop until what is
 * waited for happened; a watchdog ends a test that hangs. */
#ifndef LBSTATE_TEST_UNIT_HTTP_FIXTURE_H
#define LBSTATE_TEST_UNIT_HTTP_FIXTURE_H

#include "api/http.h"
#include "test/lib/cmocka_all.h"

#define FIXTURE_PENDING_MAX 8

/* The handler: /wait is kept in `pending` until the test answers it, /large?N
 * gets N bytes, /status?N that status without a body, /forged a header with a
 * line break in it, /stop stops the server and then answers, and the rest gets
 * "METHOD TARGET BODY". */
struct fixture {
    uv_loop_t loop;
    uv_timer_t watchdog;
    char folder[64];
    char path[96];
    struct http_limits limits;
    struct http_server *server; /* NULL once it stopped. */
    struct http_peer last_peer;
    unsigned n_handled;
    struct http_request *pending[FIXTURE_PENDING_MAX];
    unsigned n_pending;
    unsigned n_gone;
    bool answer_when_gone;
    bool plain_errors; /* Without error_body. */
};

struct client {
    struct fixture *fixture;
    int fd; /* -1 when it was closed. */
    uv_poll_t poll;
    bool is_ready;
    struct buffer received; /* Not looked at yet. */
};

struct answer {
    unsigned status;
    char *head; /* With the empty line. */
    char *body;
    size_t body_size;
};

/* Set-up and tear-down of cmocka; the state is the fixture. The server is not
 * started yet, so that a test may set limits. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

void fixture_start(struct fixture *fixture);
/* Returns the code of http_server_start(). */
int fixture_try_start(struct fixture *fixture, const char *path, const char *group,
                      struct error *error);
/* For what begins from now on. A test that gave the limit to the server from the
 * start might, on a slow machine, lose its connections before they did anything. */
void fixture_set_idle_timeout(struct fixture *fixture, unsigned idle_timeout_ms);
/* Stops it and waits until it stopped. */
void fixture_stop(struct fixture *fixture, unsigned drain_ms);
void fixture_begin_stop(struct fixture *fixture, unsigned drain_ms);
/* Runs the loop until *VALUE is WANTED. */
void fixture_wait(struct fixture *fixture, const unsigned *value, unsigned wanted);
void fixture_wait_stopped(struct fixture *fixture);
void fixture_wait_connections(struct fixture *fixture, unsigned wanted);
/* Answers the oldest pending request with 200 and TEXT. */
void fixture_answer(struct fixture *fixture, const char *text);

void client_connect(struct fixture *fixture, struct client *client);
void client_close(struct client *client);
void client_send(struct client *client, const char *data, size_t size);
void client_send_text(struct client *client, const char *text);
/* Sends as much as there is room for, once; returns what send() returned. */
ssize_t client_try_send(struct client *client, const char *data, size_t size);
/* Reads one answer; HAS_BODY is false after HEAD. It is the caller's. */
void client_read(struct client *client, bool has_body, struct answer *ret_answer);
void client_read_line(struct client *client, const char *line);
void answer_close(struct answer *answer);
/* Reads one answer and checks it. */
void client_expect(struct client *client, unsigned status, const char *body);
/* Reads until the server closed; fails if bytes come before. */
void client_expect_end(struct client *client);

#endif
