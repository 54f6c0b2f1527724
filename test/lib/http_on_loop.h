/* http_on_loop.h - requests (lib/http_client.h) to a server on the loop of the test's own thread:
 * the client waits in another one. */
#ifndef LBSTATE_TEST_LIB_HTTP_ON_LOOP_H
#define LBSTATE_TEST_LIB_HTTP_ON_LOOP_H

#include "test/lib/store_fixture.h"

struct loop_answer {
    int status;
    char *etag; /* NULL: there was none. */
    char *body;
};

/* Runs the loop until the answer is there; fails the test if none comes. BODY and HEADERS
 * ("Name: value", NULL at the end) may be NULL. */
void http_on_loop(struct store_fixture *f, const char *socket_path, const char *method,
                  const char *path, const char *body, const char *const *headers,
                  struct loop_answer *ret_answer);
void loop_answer_close(struct loop_answer *answer);

#endif
