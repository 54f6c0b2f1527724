/* fake_daemon.h - an HTTP server on a Unix socket, in a thread of the test.
 *
 * It knows just enough of HTTP to stand in for lbstated: what it answers is up
 * to the test's handler, also when that is nothing or nonsense. */
#ifndef LBSTATE_TEST_LIB_FAKE_DAEMON_H
#define LBSTATE_TEST_LIB_FAKE_DAEMON_H

#include <stdbool.h>
#include <stddef.h>

struct fake_daemon;

struct fake_request {
    const char *method;
    const char *target; /* As it was sent, with the query. */
    const char *header; /* The whole header, for strstr(). */
    const char *body;   /* "" if there was none. */
};

struct fake_answer {
    int status;         /* 200 unless it is changed. */
    char *body;         /* From malloc(); freed by the daemon. NULL: "". */
    char etag[80];      /* "": no such header. */
    char location[300]; /* "": no such header. */
    bool raw;           /* Send body as it is, without a header, and close. */
    bool drop;          /* Close without an answer. */
    unsigned hold;      /* Answer when that many requests are held (UINT_MAX: never). */
};

/* Called in the daemon's thread, one request at a time. */
typedef void (*fake_handler)(void *data, const struct fake_request *request,
                             struct fake_answer *answer);

/* Listens in a new temporary folder. Fails the test by abort(). */
struct fake_daemon *fake_daemon_start(fake_handler handler, void *data);
void fake_daemon_stop(struct fake_daemon *daemon);

const char *fake_daemon_socket(const struct fake_daemon *daemon);

/* "METHOD TARGET BODY" of the I-th request, "" if there were fewer. Valid until
 * the daemon is stopped. */
const char *fake_daemon_request(struct fake_daemon *daemon, size_t i);
size_t fake_daemon_n_requests(struct fake_daemon *daemon);
size_t fake_daemon_n_connections(struct fake_daemon *daemon); /* Accepted so far. */
unsigned fake_daemon_max_held(struct fake_daemon *daemon);    /* Most requests held at once. */

/* A sync envelope around METADATA, and an error envelope; from malloc(). */
char *fake_sync(const char *metadata);
void fake_error(struct fake_answer *answer, int status, const char *text);

#endif
