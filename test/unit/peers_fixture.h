/* peers_fixture.h - requests to other members, over socket pairs: to our own server, or to a peer
 * that the test plays itself. */
#ifndef LBSTATE_TEST_UNIT_PEERS_FIXTURE_H
#define LBSTATE_TEST_UNIT_PEERS_FIXTURE_H

#include "cluster/peers.h"
#include "test/unit/http_fixture.h"

#include <stdbool.h>
#include <stddef.h>

#define TIMEOUT_MS 120000
#define FDS_MAX    (2 * PEER_CONNECTIONS_MAX)

#define EMPTY_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

enum where { AT_THE_SERVER, AT_THE_TEST, NOWHERE };

struct pool {
    struct fixture *fixture;
    struct peers *peers;
    enum where where;
    int fds[FDS_MAX]; /* AT_THE_TEST: the other ends, -1 where closed. */
    unsigned n_connects;
    unsigned n_done;
    bool closed;
};

struct call {
    struct peer_request request;
    struct pool *pool;
    bool done;
    unsigned order; /* Of DONE, from 1. */
};

/* For cmocka. */
int pool_set_up(void **state);
int pool_tear_down(void **state);
void pool_close(struct pool *pool);

void call_init(struct call *call, struct pool *pool, const char *method, const char *target);
/* What peer_request.done is set to. */
void call_note_done(struct peer_request *request);
void call_submit(struct call *call);
void call_await(struct call *call);
void call_close(struct call *call);
void call_assert_ended(struct call *call, enum error_code code, bool sent);

/* GETs TARGET from the server. */
void pool_get(struct pool *pool, const char *target, const char *body);

/* Takes what the client sent on connection N, up to SIZE bytes, and returns how much. */
size_t pool_take(struct pool *pool, unsigned n, char *text, size_t size);
void pool_reply(struct pool *pool, unsigned n, const char *text);
void pool_hang_up(struct pool *pool, unsigned n);
bool pool_is_closed(struct pool *pool, unsigned n);

#endif
