/* world.h - networks for the tests with a real daemon, and short forms of the
 * requests that they send. */
#ifndef LBSTATE_TEST_INTEGRATION_WORLD_H
#define LBSTATE_TEST_INTEGRATION_WORLD_H

#include "test/lib/daemon.h"

#include <jansson.h>

/* The daemon of a test, fresh for each by these two. */
extern struct daemon world_daemon;
int world_set_up(void **state);
int world_tear_down(void **state);

/* Makes UPLINK (routes 198.18.0.0/15 and 2001:db8:5::/48) and the networks ovn0
 * (10.10.10.0/24) and ovn1 (10.20.0.0/24) behind it. Fails the test if it can't. */
void world_make(const char *socket);

/* Skips the test if there is no stock client. */
void world_skip_without_incus(void);

/* The status of the answer, or 0 if there was none. */
int world_status(const char *socket, const char *method, const char *path, const char *body);

/* `metadata` of an answer of 200, as a new reference. Fails the test otherwise. */
json_t *world_get(const char *socket, const char *path);

/* `error` of an answer of STATUS, as a new string. Fails the test otherwise. */
char *world_error(const char *socket, const char *method, const char *path, const char *body,
                  int status);

#endif
