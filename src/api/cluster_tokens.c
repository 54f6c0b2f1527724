/* Join tokens. Their secret is in the answer that makes them and nowhere else: the cluster keeps
 * what it needs to recognise who has it. */
#include "api/cluster_tokens.h"

#include "api/cluster_call.h"
#include "api/handlers.h"
#include "api/response.h"
#include "base/clock.h"
#include "cluster/names.h"
#include "lb/cluster_body.h"
#include "lb/cluster_member.h"
#include "lb/name.h"
#include "store/members.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

struct tokens_call {
    struct store_member_request request;
    struct cluster_token token;
    char pin[PIN_TEXT_SIZE];
    char proof_key[PIN_TEXT_SIZE];
    char operation_id[OPERATION_ID_SIZE];
    char secret[PIN_TEXT_SIZE];
};

/* -- How a token looks ------------------------------------------------------------ */

static void write_text(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

static void write_time(struct json_writer *w, const char *key, int64_t seconds)
{
    time_t time = (time_t)seconds;
    char text[sizeof "+2147485547-12-31T23:59:59Z"] = "";
    struct tm date;

    if (gmtime_r(&time, &date) != NULL) {
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &date);
    }
    write_text(w, key, text);
}

/* Whether a node can join by way of this member. */
static bool is_door(struct cluster *cluster, const struct cluster_member *member)
{
    struct cluster_status status;
    struct cluster_raft_roles roles;

    cluster_get_status(cluster, (uint64_t)member->id, &status);
    cluster_call_raft_roles(&status, &roles);
    return status.online && roles.n_names > 0 &&
           strcmp(member->state, CLUSTER_MEMBER_EVACUATED) != 0;
}

static void write_addresses(struct json_writer *w, struct cluster *cluster,
                            const struct store_member_request *r)
{
    json_write_key(w, "addresses");
    json_write_array_begin(w);
    for (size_t i = 0; i < r->n_members; i++) {
        if (is_door(cluster, &r->members[i])) {
            json_write_string(w, r->members[i].address);
        }
    }
    json_write_array_end(w);
}

static void write_operation(struct json_writer *w, struct api_call *call,
                            const struct store_member_request *r, const struct cluster_token *token,
                            const char *secret)
{
    json_write_object_begin(w);
    write_text(w, "id", token->operation_id);
    write_text(w, "class", "token");
    write_text(w, "description", "Executing operation");
    write_time(w, "created_at", token->created_at);
    write_time(w, "updated_at", token->created_at);
    write_text(w, "status", "Running");
    json_write_key(w, "status_code");
    json_write_integer(w, 103);
    json_write_key(w, "resources");
    json_write_object_begin(w);
    json_write_key(w, "cluster");
    json_write_null(w);
    json_write_object_end(w);
    json_write_key(w, "metadata");
    json_write_object_begin(w);
    write_addresses(w, call->api->cluster, r);
    write_time(w, "expiresAt", token->expires_at);
    write_text(w, "fingerprint", r->cluster_fingerprint);
    write_text(w, "secret", secret);
    write_text(w, "serverName", token->name);
    json_write_object_end(w);
    json_write_key(w, "may_cancel");
    json_write_bool(w, true);
    write_text(w, "err", "");
    write_text(w, "location", api_location(call->api));
    json_write_object_end(w);
}

/* -- Making one -------------------------------------------------------------------- */

static void publish(struct api_call *call, const struct store_request *done, const char *action)
{
    struct buffer url = {0};

    buffer_append_string(&url, "/1.0/cluster/members");
    cluster_call_changed(call, done, action, &url, NULL);
}

static void finish_create(struct api_call *call, struct store_request *done)
{
    struct tokens_call *t = (struct tokens_call *)done;
    struct response response;
    struct error error;
    bool any = false;

    publish(call, done, "cluster-token-created");
    if (done->replayed) {
        /* The secret that belongs to it went with the first answer. */
        error_set(&error, ERROR_UNKNOWN_OUTCOME,
                  "The token was made, but its secret was lost: make another one");
        response_error(call, &error);
        return;
    }
    for (size_t i = 0; i < t->request.n_members && !any; i++) {
        any = is_door(call->api->cluster, &t->request.members[i]);
    }
    if (!any) {
        error_set(&error, ERROR_UNAVAILABLE, "There are no online cluster members");
        response_error(call, &error);
        return;
    }
    response_operation_begin(&response, t->operation_id);
    write_operation(&response.json, call, &t->request, &t->request.tokens[0], t->secret);
    OPENSSL_cleanse(t->secret, sizeof t->secret);
    response_operation_send(&response, call, t->operation_id, done->revision);
}

static int make_secret(struct tokens_call *t, struct error *error)
{
    uint8_t secret[JOIN_SECRET_SIZE];
    uint8_t proof_key[JOIN_PROOF_SIZE];
    uint8_t pin[PIN_SIZE];
    int rv;

    _Static_assert(JOIN_SECRET_SIZE == PIN_SIZE && JOIN_PROOF_SIZE == PIN_SIZE,
                   "all are written as pins are");
    if (getrandom(secret, sizeof secret, 0) != (ssize_t)sizeof secret) {
        return error_set(error, ERROR_INTERNAL, "The kernel gave no random bytes");
    }
    rv = join_secret_pin(secret, pin, error);
    if (rv == ERROR_NONE) {
        rv = join_proof_key(secret, proof_key, error);
    }
    if (rv == ERROR_NONE) {
        pin_format(secret, t->secret);
        pin_format(pin, t->pin);
        pin_format(proof_key, t->proof_key);
        OPENSSL_cleanse(proof_key, sizeof proof_key);
    }
    OPENSSL_cleanse(secret, sizeof secret);
    return rv;
}

static int prepare(struct api_call *call, struct tokens_call *t, struct error *error)
{
    struct cluster_object_body body;
    int rv = body_cluster_object(call->http->body, call->http->body_size, &call->http->arena, &body,
                                 error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = name_validate(body.server_name, error);
    if (rv == ERROR_NONE) {
        rv = member_name_check(body.server_name, error);
    }
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Invalid cluster member name: ");
    }
    rv = make_secret(t, error);
    if (rv == ERROR_NONE) {
        rv = operation_make_id(t->operation_id, error);
    }
    t->request.now_s = clock_wall_s();
    t->token = (struct cluster_token){
        .name = body.server_name,
        .key_pin = t->pin,
        .proof_key = t->proof_key,
        .operation_id = t->operation_id,
        .created_at = t->request.now_s,
        .used_by = "",
    };
    t->request.token = &t->token;
    return rv;
}

void handle_cluster_members_post(struct api_call *call)
{
    struct tokens_call *t;
    struct error error;

    if (!cluster_call_check(call, "This server is not clustered") ||
        (t = api_alloc(call, sizeof *t)) == NULL) {
        return;
    }
    if (prepare(call, t, &error) != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    api_submit(call, &t->request.base, STORE_WRITE, "cluster_token_create",
               store_member_token_create, finish_create);
}

/* -- As operations ------------------------------------------------------------------ */

void cluster_tokens_load(struct api_call *call,
                         void (*finish)(struct api_call *call, struct store_request *done))
{
    struct store_member_request *r = api_alloc(call, sizeof *r);

    if (r != NULL) {
        api_submit(call, &r->base, STORE_READ, "cluster_token_list", store_member_get_all, finish);
    }
}

void cluster_tokens_write(struct json_writer *w, struct api_call *call,
                          const struct store_request *done, bool recursive)
{
    const struct store_member_request *r = (const struct store_member_request *)done;
    int64_t now_s = clock_wall_s();
    bool any = false;

    for (size_t i = 0; i < r->n_tokens; i++) {
        char url[sizeof "/1.0/operations/" + OPERATION_ID_SIZE];

        if (!store_token_is_live(&r->tokens[i], now_s)) {
            continue;
        }
        if (!any) {
            json_write_key(w, "running");
            json_write_array_begin(w);
            any = true;
        }
        if (recursive) {
            write_operation(w, call, r, &r->tokens[i], "");
        } else {
            snprintf(url, sizeof url, "/1.0/operations/%s", r->tokens[i].operation_id);
            json_write_string(w, url);
        }
    }
    if (any) {
        json_write_array_end(w);
    }
}

bool cluster_token_write(struct json_writer *w, struct api_call *call,
                         const struct store_request *done, const char *id)
{
    const struct store_member_request *r = (const struct store_member_request *)done;
    int64_t now_s = clock_wall_s();

    for (size_t i = 0; i < r->n_tokens; i++) {
        if (strcmp(r->tokens[i].operation_id, id) == 0 &&
            store_token_is_live(&r->tokens[i], now_s)) {
            write_operation(w, call, r, &r->tokens[i], "");
            return true;
        }
    }
    return false;
}

static void finish_revoke(struct api_call *call, struct store_request *done)
{
    publish(call, done, "cluster-token-revoked");
    response_empty(call, done->revision);
}

void cluster_token_revoke(struct api_call *call, const char *id)
{
    struct tokens_call *t = api_alloc(call, sizeof *t);

    if (t != NULL) {
        t->token.operation_id = id;
        t->request.token = &t->token;
        t->request.now_s = clock_wall_s();
        api_submit(call, &t->request.base, STORE_WRITE, "cluster_token_delete",
                   store_member_token_delete, finish_revoke);
    }
}
