/* lbctl cluster add, list-tokens, revoke-token: join tokens, which the daemon shows as operations
 * that run. */
#include "ctl/json_text.h"
#include "ctl/list.h"
#include "ctl/record.h"

#include <stdlib.h>
#include <string.h>

#define OPERATIONS "/1.0/operations?project=default&recursion=1"

static void append_base64(struct buffer *out, const char *data, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = (const unsigned char *)data;

    for (size_t i = 0; i < size; i += 3) {
        unsigned group = (unsigned)bytes[i] << 16;

        group |= i + 1 < size ? (unsigned)bytes[i + 1] << 8 : 0;
        group |= i + 2 < size ? (unsigned)bytes[i + 2] : 0;
        buffer_append_char(out, digits[group >> 18 & 63]);
        buffer_append_char(out, digits[group >> 12 & 63]);
        buffer_append_char(out, i + 1 < size ? digits[group >> 6 & 63] : '=');
        buffer_append_char(out, i + 2 < size ? digits[group & 63] : '=');
    }
}

/* The token as text, of what the operation says; RET_TOKEN is for free(). */
static int make_token(const json_t *operation, char **ret_token, struct lbstate_error *error)
{
    json_t *metadata = json_object_get(operation, "metadata");
    json_t *token = json_pack(
        "{s:O?, s:O?, s:O?, s:O?, s:O?}", "server_name", json_object_get(metadata, "serverName"),
        "fingerprint", json_object_get(metadata, "fingerprint"), "addresses",
        json_object_get(metadata, "addresses"), "secret", json_object_get(metadata, "secret"),
        "expires_at", json_object_get(metadata, "expiresAt"));
    struct buffer out = {0};
    size_t size;
    char *text = token == NULL ? NULL : json_text(token, JSON_COMPACT);

    json_decref(token);
    if (text == NULL) {
        return ctl_no_memory(error);
    }
    append_base64(&out, text, strlen(text));
    free(text);
    if (buffer_string(&out) == NULL) {
        buffer_close(&out);
        return ctl_no_memory(error);
    }
    *ret_token = buffer_detach(&out, &size);
    return LBSTATE_OK;
}

static int create(struct ctl *ctl, const char *name, json_t **ret_operation,
                  struct lbstate_error *error)
{
    struct lbstate_request request = {.method = "POST", .path = "/1.0/cluster/members"};
    struct lbstate_response response;
    json_t *body = json_pack("{s:s}", "server_name", name);
    char *text = body == NULL ? NULL : record_text(body);
    int rv;

    json_decref(body);
    if (text == NULL) {
        return ctl_no_memory(error);
    }
    request.body = text;
    rv = lbstate_call(ctl->client, &request, &response, error);
    free(text);
    if (rv == LBSTATE_OK) {
        rv = record_decode(&response, JSON_OBJECT, ret_operation, error);
        lbstate_response_close(&response);
    }
    return rv;
}

int cluster_add(struct ctl *ctl, struct lbstate_error *error)
{
    const char *name = ctl->arguments->words[0];
    json_t *operation;
    char *token = NULL;
    int rv = create(ctl, name, &operation, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = make_token(operation, &token, error);
    json_decref(operation);
    if (rv == LBSTATE_OK) {
        rv = format_done(ctl, "Member ", name, " join token:", error);
    }
    if (rv == LBSTATE_OK) {
        rv = format_text(ctl, token, error);
    }
    free(token);
    return rv;
}

/* The operations of tokens; RET_TOKENS is for json_decref(). */
static int load(struct ctl *ctl, json_t **ret_tokens, struct lbstate_error *error)
{
    json_t *operations;
    json_t *tokens;
    char *etag;
    const json_t *running;
    int rv = record_get(ctl, OPERATIONS, &operations, &etag, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    free(etag);
    tokens = json_array();
    running = json_object_get(operations, "running");
    for (size_t i = 0; tokens != NULL && i < json_array_size(running); i++) {
        json_t *operation = json_array_get(running, i);

        if (strcmp(member_text(operation, "class"), "token") == 0 &&
            json_array_append(tokens, operation) != 0) {
            json_decref(tokens);
            tokens = NULL;
        }
    }
    json_decref(operations);
    if (tokens == NULL) {
        return ctl_no_memory(error);
    }
    *ret_tokens = tokens;
    return LBSTATE_OK;
}

static const char *token_text(const json_t *operation, const char *key)
{
    return member_text(json_object_get(operation, "metadata"), key);
}

static void write_name(struct buffer *out, const json_t *operation)
{
    buffer_append_string(out, token_text(operation, "serverName"));
}

static void write_expiry(struct buffer *out, const json_t *operation)
{
    buffer_append_string(out, token_text(operation, "expiresAt"));
}

static const struct list_column columns[] = {
    {'n', "NAME", write_name}, {'E', "EXPIRES AT", write_expiry}, {'\0', NULL, NULL}};

/* The tokens themselves are told once only, when they are made. */
int cluster_token_list(struct ctl *ctl, struct lbstate_error *error)
{
    json_t *tokens;
    int rv = load(ctl, &tokens, error);

    if (rv == LBSTATE_OK) {
        rv = list_print(ctl, tokens, columns, "nE", error);
        json_decref(tokens);
    }
    return rv;
}

static const json_t *find(const json_t *tokens, const char *name)
{
    for (size_t i = 0; i < json_array_size(tokens); i++) {
        const json_t *operation = json_array_get(tokens, i);

        if (strcmp(token_text(operation, "serverName"), name) == 0) {
            return operation;
        }
    }
    return NULL;
}

int cluster_token_revoke(struct ctl *ctl, struct lbstate_error *error)
{
    const char *name = ctl->arguments->words[0];
    const json_t *operation;
    json_t *tokens;
    char *path;
    int rv = load(ctl, &tokens, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    operation = find(tokens, name);
    if (operation == NULL) {
        rv = ctl_fail(error, LBSTATE_REFUSED, "No active join token for member %s found", name);
    } else {
        rv = lbstate_path(&path, error, "1.0", "operations", member_text(operation, "id"), NULL);
    }
    if (rv == LBSTATE_OK) {
        rv = record_send(ctl, "DELETE", path, NULL, NULL, error);
        free(path);
    }
    json_decref(tokens);
    return rv == LBSTATE_OK ? format_done(ctl, "Join token of ", name, " revoked", error) : rv;
}
