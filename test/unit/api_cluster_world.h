/* api_cluster_world.h - a member's API, with a real store, HTTP server and engine, and a cluster and
 * leadership that are as the test says. */
#ifndef LBSTATE_TEST_UNIT_API_CLUSTER_WORLD_H
#define LBSTATE_TEST_UNIT_API_CLUSTER_WORLD_H

#include "api/api.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/fake_cluster.h"
#include "test/lib/http_on_loop.h"
#include "test/lib/leadership.h"
#include "test/lib/store_fixture.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct world {
    struct store_fixture *f;
    struct api api;
    struct http_server *http;
    struct cluster cluster;
    struct leadership leadership;
    struct http_peer peer; /* Who asks, unless it is local. */
    char socket[128];
    bool stopped;
};

void world_open(struct world *w, struct store_fixture *f, size_t n_members);
void world_close(struct world *w);

struct loop_answer world_perform(struct world *w, const char *method, const char *path,
                                 const char *body, const char *const *headers);

/* The whole answer must be ANSWER_BODY, if it isn't NULL. */
void world_expect(struct world *w, const char *method, const char *path, const char *body,
                  int status, const char *answer_body);

/* The message of the error must be MESSAGE. */
void world_expect_error(struct world *w, const char *method, const char *path, const char *body,
                        int status, const char *message);

/* The metadata of the answer, which must have STATUS; for json_decref(). */
json_t *world_fetch(struct world *w, const char *method, const char *path, const char *body,
                    int status);

/* There must be one. */
const char *json_text_at(const json_t *object, const char *key);

/* The records of n1 to nN, as the fake cluster has them. */
void world_add_records(struct world *w, size_t n_members);

#endif
