#include "test/unit/api_cluster_world.h"

#include "store/members.h"

#include <stdio.h>
#include <string.h>

#define CALL_TIMEOUT_MS 120000

static void handle(struct http_request *request, void *data)
{
    struct world *w = data;

    if (w->peer.kind != HTTP_PEER_LOCAL) {
        request->peer = w->peer;
    }
    api_handle(request, &w->api);
}

void world_open(struct world *w, struct store_fixture *f, size_t n_members)
{
    struct http_server_options options = {
        .loop = &f->loop,
        .limits = HTTP_LIMITS_DEFAULT,
        .handler = handle,
        .error_body = api_error_body,
        .data = w,
    };
    struct error error;

    memset(w, 0, sizeof *w);
    w->f = f;
    store_fixture_open(f);
    fake_leadership_open(&w->leadership, &f->loop);
    fake_leadership_set(&w->leadership, LEADERSHIP_HERE, 1);
    fake_cluster_open(&w->cluster, &f->loop, n_members);
    w->cluster.leadership = &w->leadership;
    w->api = (struct api){
        .store = f->store,
        .cluster = &w->cluster,
        .leadership = &w->leadership,
        .loop = &f->loop,
        .engine = "test",
        .timeout_ms = CALL_TIMEOUT_MS,
        .ready = true,
    };
    events_init(&w->api.events, "n1");
    snprintf(w->socket, sizeof w->socket, "%s/socket", f->dir);
    options.path = w->socket;
    if (http_server_start(&options, &w->http, &error) != ERROR_NONE) {
        fail_msg("%s", error.message);
    }
}

static void on_stopped(void *data)
{
    ((struct world *)data)->stopped = true;
}

void world_close(struct world *w)
{
    http_server_stop(w->http, 1000, on_stopped, w);
    store_fixture_run_until(w->f, &w->stopped);
    fake_cluster_close(&w->cluster);
    fake_leadership_close(&w->leadership);
    store_fixture_close(w->f, 1000);
    uv_run(&w->f->loop, UV_RUN_DEFAULT);
}

/* -- Requests -------------------------------------------------------------------- */

struct loop_answer world_perform(struct world *w, const char *method, const char *path,
                                 const char *body, const char *const *headers)
{
    struct loop_answer answer;

    http_on_loop(w->f, w->socket, method, path, body, headers, &answer);
    return answer;
}

void world_expect(struct world *w, const char *method, const char *path, const char *body,
                  int status, const char *answer_body)
{
    struct loop_answer answer = world_perform(w, method, path, body, NULL);

    if (answer.status != status) {
        fail_msg("%s %s: %d %s", method, path, answer.status, answer.body);
    }
    if (answer_body != NULL) {
        assert_string_equal(answer.body, answer_body);
    }
    loop_answer_close(&answer);
}

void world_expect_error(struct world *w, const char *method, const char *path, const char *body,
                        int status, const char *message)
{
    struct loop_answer answer = world_perform(w, method, path, body, NULL);
    json_t *root = json_loads(answer.body, 0, NULL);

    if (answer.status != status) {
        fail_msg("%s %s: %d %s", method, path, answer.status, answer.body);
    }
    assert_string_equal(json_string_value(json_object_get(root, "error")), message);
    json_decref(root);
    loop_answer_close(&answer);
}

json_t *world_fetch(struct world *w, const char *method, const char *path, const char *body,
                    int status)
{
    struct loop_answer answer = world_perform(w, method, path, body, NULL);
    json_t *root = json_loads(answer.body, 0, NULL);
    json_t *metadata;

    if (answer.status != status) {
        fail_msg("%s %s: %d %s", method, path, answer.status, answer.body);
    }
    assert_non_null(root);
    metadata = json_incref(json_object_get(root, "metadata"));
    json_decref(root);
    loop_answer_close(&answer);
    return metadata;
}

const char *json_text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    assert_non_null(text);
    return text;
}

/* -- Records ---------------------------------------------------------------------- */

struct record_call {
    struct store_member_request request;
    bool done;
};

static void on_stored(struct store_request *request)
{
    struct record_call *call = (struct record_call *)request;

    if (request->error.code != ERROR_NONE) {
        fail_msg("%s", request->error.message);
    }
    call->done = true;
}

static void store_record(struct world *w, struct record_call *call, store_run run)
{
    store_request_init(&call->request.base);
    call->request.base.kind = STORE_WRITE;
    call->request.base.name = "test";
    call->request.base.run = run;
    call->request.base.done = on_stored;
    call->request.base.deadline_us = UINT64_MAX;
    store_submit(w->f->store, &call->request.base);
    store_fixture_run_until(w->f, &call->done);
    arena_close(&call->request.base.arena);
}

void world_add_records(struct world *w, size_t n_members)
{
    for (size_t i = 0; i < n_members; i++) {
        const struct directory_member *from = &w->cluster.directory->members[i];
        char pin[PIN_TEXT_SIZE];
        char token_pin[PIN_TEXT_SIZE];
        struct cluster_member member = {
            .name = from->name,
            .address = from->address,
            .raft_address = from->raft_address,
            .key_pin = pin,
        };
        struct cluster_token token = {
            .name = from->name,
            .key_pin = token_pin,
            .proof_key = pin,
            .operation_id = from->name,
            .created_at = 1,
            .expires_at = 100,
        };
        struct record_call make = {.request = {.token = &token, .now_s = 1}};
        struct record_call call = {.request = {.member = &member,
                                               .token = &token,
                                               .now_s = 1,
                                               .fingerprint = w->cluster.directory->fingerprint}};

        pin_format(from->pin, pin);
        memset(token_pin, (int)('a' + i), sizeof token_pin - 1);
        token_pin[sizeof token_pin - 1] = '\0';
        if (i > 0) {
            store_record(w, &make, store_member_token_create);
        }
        store_record(w, &call, i == 0 ? store_member_enable : store_member_join);
    }
}
