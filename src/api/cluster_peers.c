/* cluster_peers.c - /internal/cluster between members, as doc/cluster-protocol.md has it. Who asks
 * is known by the key that it showed. */
#include "api/handlers.h"

#include "api/cluster_call.h"
#include "api/response.h"
#include "api/url.h"
#include "base/clock.h"
#include "cluster/join.h"
#include "cluster/names.h"
#include "store/members.h"
#include "store/schema.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

/* How long the answer to a node that joins waits until all members know it. */
#define SPREAD_PATIENCE_US (2 * UINT64_C(1000000))

static const struct http_header json_headers[] = {
    {"Content-Type", "application/json"}, {"Lbstate-Not-Leader", "1"}, /* Only where it is so. */
};

/* 200 with BODY, which is JSON. */
static void answer(struct api_call *call, struct buffer *body)
{
    struct error error;

    if (buffer_failed(body)) {
        buffer_close(body);
        error_no_memory(&error);
        response_error(call, &error);
    } else {
        http_respond_take(call->http, 200, json_headers, 1, body);
    }
}

static void answer_empty(struct api_call *call)
{
    http_respond(call->http, 200, json_headers, 1, "{}", 2);
}

void handle_internal_cluster_heartbeat(struct api_call *call)
{
    struct buffer body = {0};
    struct error error;

    if (!cluster_call_check_peer(call, HTTP_PEER_MEMBER)) {
        return;
    }
    if (cluster_receive_heartbeat(call->api->cluster, call->http->peer.member_id, call->http->body,
                                  call->http->body_size, &body, &error) == ERROR_NONE) {
        answer(call, &body);
    } else {
        buffer_close(&body);
        response_error(call, &error);
    }
}

/* -- Whom the own engine follows ----------------------------------------------------- */

static void on_leader(struct raft_request *request)
{
    struct api_call *call = request->data;
    struct buffer body = {0};

    if (request->error.code != ERROR_NONE) {
        response_error(call, &request->error);
        return;
    }
    buffer_printf(&body, "{\"leader\":%llu}", (unsigned long long)request->leader_id);
    answer(call, &body);
}

void handle_internal_cluster_leader(struct api_call *call)
{
    struct raft_request *request;

    if (!cluster_call_check_peer(call, HTTP_PEER_MEMBER) ||
        (request = api_alloc(call, sizeof *request)) == NULL) {
        return;
    }
    raft_request_init(request);
    request->data = call;
    request->kind = RAFT_ASK_LEADER;
    request->deadline_us = cluster_call_deadline_us(call);
    request->done = on_leader;
    raft_submit(cluster_raft(call->api->cluster), request);
}

/* This member ends once it has answered. */
void handle_internal_cluster_removed(struct api_call *call)
{
    struct api *api = call->api;

    if (cluster_call_check_peer(call, HTTP_PEER_MEMBER)) {
        answer_empty(call);
        cluster_receive_removal(api->cluster);
    }
}

/* -- Joining --------------------------------------------------------------------------- */

struct joining {
    struct store_member_request request;
    struct api_call *call;
    struct cluster_task spread;
    struct join_request body;
    struct cluster_member member;
    struct cluster_token token;
    char token_pin[PIN_TEXT_SIZE];
    char address[MEMBER_ADDRESS_MAX + 1];
};

/* The node asks there next. */
static void send_to_leader(struct api_call *call, uint64_t leader_id)
{
    const struct directory *directory = cluster_directory(call->api->cluster);
    const struct directory_member *leader = directory_by_id(directory, leader_id);
    struct buffer body = {0};
    struct json_writer w;

    json_writer_init(&w, &body, false);
    json_write_object_begin(&w);
    json_write_key(&w, "error");
    json_write_string(&w, leader == NULL ? "No member of the cluster leads at the moment"
                                         : "Another member leads");
    json_write_key(&w, "leader");
    json_write_string(&w, leader == NULL ? "" : leader->address);
    json_write_object_end(&w);
    directory_free(directory);
    http_respond_take(call->http, 421, json_headers, 2, &body);
}

/* The answer shows that this cluster made the token, and that nobody stands in between. */
static int encode_answer(struct api_call *call, const struct joining *j, struct buffer *out,
                         struct error *error)
{
    const struct directory *directory = cluster_directory(call->api->cluster);
    const struct cluster_member *joined = &j->request.members[0];
    uint8_t proof_key[JOIN_PROOF_SIZE];
    uint8_t proof[JOIN_PROOF_SIZE];
    uint8_t own_pin[PIN_SIZE];
    int rv = ERROR_NONE;

    cluster_own_pin(call->api->cluster, own_pin);
    if (directory_by_id(directory, (uint64_t)joined->id) == NULL) {
        rv = error_set(error, ERROR_UNAVAILABLE, "The cluster doesn't list the new member yet");
    }
    if (rv == ERROR_NONE && !pin_parse(j->request.tokens[0].proof_key, proof_key)) {
        rv = error_set(error, ERROR_CORRUPT, "The record of the join token doesn't fit");
    }
    if (rv == ERROR_NONE) {
        rv = join_proof(proof_key, directory->fingerprint, own_pin, proof, error);
    }
    if (rv == ERROR_NONE) {
        join_answer_encode((uint64_t)joined->id, directory, proof, out);
        if (buffer_failed(out)) {
            rv = error_no_memory(error);
        }
    }
    OPENSSL_cleanse(proof_key, sizeof proof_key);
    directory_free(directory);
    return rv;
}

static void send_joined(struct api_call *call, const struct joining *j)
{
    struct buffer body = {0};
    struct error error;

    if (encode_answer(call, j, &body, &error) == ERROR_NONE) {
        answer(call, &body);
    } else {
        buffer_close(&body);
        response_error(call, &error);
    }
}

static void on_spread(struct cluster_task *done)
{
    const struct joining *j = done->data;

    send_joined(j->call, j);
}

/* The new member must be in the directory that it is told. Others that can't be told now will be
 * later, so it isn't waited for them long; nor at all for the new one, which can't answer before it
 * has this answer. */
static void finish_join(struct api_call *call, struct store_request *done)
{
    struct joining *j = (struct joining *)done;
    uint64_t patience_us = clock_monotonic_us() + SPREAD_PATIENCE_US;
    struct buffer url = {0};
    struct error error;

    url_append_cluster_member(&url, j->body.name);
    cluster_call_changed(call, done, "cluster-member-added", &url, NULL);
    if (done->replayed) {
        error_set(&error, ERROR_UNAVAILABLE,
                  "The record was added, and its answer lost: ask again");
        response_error(call, &error);
        return;
    }
    j->call = call;
    j->spread.data = j;
    j->spread.done = on_spread;
    j->spread.name = j->request.members[0].name;
    j->spread.deadline_us =
        patience_us < cluster_call_deadline_us(call) ? patience_us : cluster_call_deadline_us(call);
    cluster_spread(call->api->cluster, &j->spread);
}

/* A node that doesn't say where it is reached is where it comes from, at the usual port. */
static int complete_address(const struct http_peer *peer, struct joining *j, struct error *error)
{
    const char *from = peer->address;
    size_t size = strlen(from);
    char host[sizeof peer->address];

    if (j->body.address[0] != '\0') {
        snprintf(j->address, sizeof j->address, "%s", j->body.address);
        return ERROR_NONE;
    }
    if (from[0] == '[') {
        from++;
        size = strcspn(from, "]");
    } else if (strchr(from, ':') == strrchr(from, ':')) {
        size = strcspn(from, ":");
    }
    snprintf(host, sizeof host, "%.*s", (int)size, from);
    return member_address_complete(host, j->address, error);
}

static int prepare_join(const struct api_call *call, struct joining *j, struct error *error)
{
    int rv = join_request_decode(call->http->body, call->http->body_size, &j->body, error);

    if (rv == ERROR_NONE) {
        rv = complete_address(&call->http->peer, j, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (j->body.schema_version != schema_of_program.version) {
        return error_set(error, ERROR_INVALID,
                         "The cluster has version %lld of the schema, and the server that joins "
                         "has %lld: install the same version of lbstate",
                         (long long)schema_of_program.version, (long long)j->body.schema_version);
    }
    pin_format(call->http->peer.pin, j->token_pin);
    j->token.key_pin = j->token_pin;
    j->member = (struct cluster_member){
        .name = j->body.name,
        .address = j->address,
        .raft_address = j->body.raft_address,
        .key_pin = j->body.key_pin,
    };
    j->request.member = &j->member;
    j->request.token = &j->token;
    j->request.fingerprint = j->body.fingerprint;
    j->request.now_s = clock_wall_s();
    return ERROR_NONE;
}

void handle_internal_cluster_join(struct api_call *call)
{
    struct leadership_view view;
    struct joining *j;
    struct error error;

    if (!cluster_call_check_peer(call, HTTP_PEER_TOKEN)) {
        return;
    }
    leadership_get(cluster_leadership(call->api->cluster), &view);
    if (view.place != LEADERSHIP_HERE) {
        send_to_leader(call, view.member_id);
        return;
    }
    j = api_alloc(call, sizeof *j);
    if (j == NULL) {
        return;
    }
    if (prepare_join(call, j, &error) != ERROR_NONE) {
        response_error(call, &error);
    } else {
        api_submit(call, &j->request.base, STORE_WRITE, "cluster_join", store_member_join,
                   finish_join);
    }
}
