#include "node/directory.h"

#include "base/buffer.h"
#include "base/json_writer.h"
#include "node/address.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static void write_pin(struct json_writer *w, const char *key, const uint8_t pin[PIN_SIZE])
{
    char text[PIN_TEXT_SIZE];

    pin_format(pin, text);
    json_write_key(w, key);
    json_write_string(w, text);
}

static void write_member(struct json_writer *w, const struct directory_member *member)
{
    json_write_object_begin(w);
    json_write_key(w, "id");
    json_write_integer(w, (int64_t)member->id);
    json_write_key(w, "name");
    json_write_string(w, member->name);
    json_write_key(w, "address");
    json_write_string(w, member->address);
    json_write_key(w, "raft_address");
    json_write_string(w, member->raft_address);
    write_pin(w, "pin", member->pin);
    if (member->has_next_pin) {
        write_pin(w, "next_pin", member->next_pin);
    }
    json_write_object_end(w);
}

static void write_token(struct json_writer *w, const struct directory_token *token)
{
    json_write_object_begin(w);
    write_pin(w, "pin", token->pin);
    json_write_key(w, "name");
    json_write_string(w, token->name);
    json_write_key(w, "expires_at");
    json_write_integer(w, token->expires_at);
    json_write_object_end(w);
}

void directory_encode(const struct directory *directory, struct buffer *out)
{
    struct json_writer w;

    json_writer_init(&w, out, false);
    json_write_object_begin(&w);
    json_write_key(&w, "revision");
    json_write_integer(&w, directory->revision);
    json_write_key(&w, "fingerprint");
    json_write_string(&w, directory->fingerprint);
    json_write_key(&w, "members");
    json_write_array_begin(&w);
    for (size_t i = 0; i < directory->n_members; i++) {
        write_member(&w, &directory->members[i]);
    }
    json_write_array_end(&w);
    json_write_key(&w, "tokens");
    json_write_array_begin(&w);
    for (size_t i = 0; i < directory->n_tokens; i++) {
        write_token(&w, &directory->tokens[i]);
    }
    json_write_array_end(&w);
    json_write_object_end(&w);
}

/* Where in the text the decoder is, for messages: an element of a list, or the whole. */
struct place {
    const char *list; /* NULL: the root. */
    size_t index;
};

static int fail(const struct place *place, const char *key, const char *reason, struct error *error)
{
    return place->list == NULL ? error_set(error, ERROR_INVALID, "%s: %s", key, reason)
                               : error_set(error, ERROR_INVALID, "%s[%zu].%s: %s", place->list,
                                           place->index, key, reason);
}

static int read_integer(const json_t *object, const struct place *place, const char *key,
                        int64_t minimum, int64_t *ret_value, struct error *error)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_integer(value) || json_integer_value(value) < minimum) {
        return fail(place, key, minimum > 0 ? "not a positive integer" : "not an integer >= 0",
                    error);
    }
    *ret_value = json_integer_value(value);
    return ERROR_NONE;
}

/* A string of less than OUT_SIZE bytes. */
static int read_string(const json_t *object, const struct place *place, const char *key, char *out,
                       size_t out_size, struct error *error)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_string(value)) {
        return fail(place, key, "not a string", error);
    }
    if (json_string_length(value) >= out_size) {
        return fail(place, key, "too long", error);
    }
    if (strlen(json_string_value(value)) != json_string_length(value)) {
        return fail(place, key, "has a NUL", error);
    }
    memcpy(out, json_string_value(value), json_string_length(value) + 1);
    return ERROR_NONE;
}

static int read_pin(const json_t *object, const struct place *place, const char *key,
                    uint8_t pin[PIN_SIZE], struct error *error)
{
    char text[PIN_TEXT_SIZE];
    int code = read_string(object, place, key, text, sizeof text, error);

    if (code == ERROR_NONE && !pin_parse(text, pin)) {
        code = fail(place, key, "not 64 hexadecimal digits", error);
    }
    return code;
}

/* A label of a host name (RFC 1123, 2.1). */
static int read_name(const json_t *object, const struct place *place,
                     char name[MEMBER_NAME_MAX + 1], struct error *error)
{
    size_t size;
    int code = read_string(object, place, "name", name, MEMBER_NAME_MAX + 1, error);

    if (code != ERROR_NONE) {
        return code;
    }
    size = strlen(name);
    for (size_t i = 0; i < size; i++) {
        bool inside = i > 0 && i + 1 < size;

        if (!(isascii((unsigned char)name[i]) && isalnum((unsigned char)name[i])) &&
            !(inside && name[i] == '-')) {
            return fail(place, "name", "not a host name's label", error);
        }
    }
    return size > 0 ? ERROR_NONE : fail(place, "name", "empty", error);
}

static int read_address(const json_t *object, const struct place *place,
                        char address[MEMBER_ADDRESS_MAX + 1], struct error *error)
{
    char host[ADDRESS_HOST_SIZE];
    char port[ADDRESS_PORT_SIZE];
    int code = read_string(object, place, "address", address, MEMBER_ADDRESS_MAX + 1, error);

    if (code == ERROR_NONE && !address_split(address, host, port)) {
        code = fail(place, "address", "not host:port", error);
    }
    return code;
}

static int read_member(const json_t *object, const struct place *place,
                       struct directory_member *member, struct error *error)
{
    int64_t id;
    int code = read_integer(object, place, "id", 1, &id, error);

    if (code != ERROR_NONE) {
        return code;
    }
    member->id = (uint64_t)id;
    code = read_name(object, place, member->name, error);
    if (code != ERROR_NONE) {
        return code;
    }
    code = read_address(object, place, member->address, error);
    if (code != ERROR_NONE) {
        return code;
    }
    code = read_string(object, place, "raft_address", member->raft_address,
                       sizeof member->raft_address, error);
    if (code != ERROR_NONE) {
        return code;
    }
    if (member->raft_address[0] == '\0') {
        return fail(place, "raft_address", "empty", error);
    }
    code = read_pin(object, place, "pin", member->pin, error);
    if (code != ERROR_NONE) {
        return code;
    }
    member->has_next_pin = json_object_get(object, "next_pin") != NULL;
    return member->has_next_pin ? read_pin(object, place, "next_pin", member->next_pin, error)
                                : ERROR_NONE;
}

static int read_token(const json_t *object, const struct place *place,
                      struct directory_token *token, struct error *error)
{
    int code = read_pin(object, place, "pin", token->pin, error);

    if (code != ERROR_NONE) {
        return code;
    }
    code = read_name(object, place, token->name, error);
    if (code != ERROR_NONE) {
        return code;
    }
    return read_integer(object, place, "expires_at", 0, &token->expires_at, error);
}

/* PIN belongs to nobody that stands before: who shows a key must be one only. */
static bool pin_is_free(const struct directory *directory, const uint8_t pin[PIN_SIZE],
                        size_t n_members, size_t n_tokens)
{
    const struct directory before = {.members = directory->members,
                                     .n_members = n_members,
                                     .tokens = directory->tokens,
                                     .n_tokens = n_tokens};
    const struct directory_member *member;
    const struct directory_token *token;

    return !directory_by_pin(&before, pin, &member, &token);
}

/* Compares member I with those before it. */
static int check_member(const struct directory *directory, size_t i, struct error *error)
{
    const struct directory before = {.members = directory->members, .n_members = i};
    const struct directory_member *member = &directory->members[i];
    const struct place place = {.list = "members", .index = i};

    if (i > 0 && member->id <= directory->members[i - 1].id) {
        return fail(&place, "id", "not above the one before", error);
    }
    if (directory_by_name(&before, member->name) != NULL) {
        return fail(&place, "name", "stands twice", error);
    }
    if (directory_by_raft_address(&before, member->raft_address) != NULL) {
        return fail(&place, "raft_address", "stands twice", error);
    }
    if (!pin_is_free(directory, member->pin, i, 0)) {
        return fail(&place, "pin", "stands twice", error);
    }
    if (member->has_next_pin && !pin_is_free(directory, member->next_pin, i, 0)) {
        return fail(&place, "next_pin", "stands twice", error);
    }
    return ERROR_NONE;
}

static int read_members(const json_t *array, struct directory *directory, struct error *error)
{
    int code = ERROR_NONE;

    for (size_t i = 0; i < directory->n_members && code == ERROR_NONE; i++) {
        const struct place place = {.list = "members", .index = i};

        code = read_member(json_array_get(array, i), &place, &directory->members[i], error);
        if (code == ERROR_NONE) {
            code = check_member(directory, i, error);
        }
    }
    return code;
}

static int read_tokens(const json_t *array, struct directory *directory, struct error *error)
{
    int code = ERROR_NONE;

    for (size_t i = 0; i < directory->n_tokens && code == ERROR_NONE; i++) {
        const struct place place = {.list = "tokens", .index = i};
        struct directory_token *token = &directory->tokens[i];

        code = read_token(json_array_get(array, i), &place, token, error);
        if (code == ERROR_NONE && !pin_is_free(directory, token->pin, directory->n_members, i)) {
            code = fail(&place, "pin", "stands twice", error);
        }
    }
    return code;
}

static int read_root(const json_t *root, struct directory *directory, struct error *error)
{
    const struct place place = {.list = NULL};
    uint8_t ignored[PIN_SIZE];
    int code = read_integer(root, &place, "revision", 0, &directory->revision, error);

    if (code != ERROR_NONE) {
        return code;
    }
    code = read_string(root, &place, "fingerprint", directory->fingerprint,
                       sizeof directory->fingerprint, error);
    if (code == ERROR_NONE && directory->fingerprint[0] != '\0' &&
        !pin_parse(directory->fingerprint, ignored)) {
        code = fail(&place, "fingerprint", "not 64 hexadecimal digits", error);
    }
    return code;
}

static int decode(const json_t *root, struct directory **ret_directory, struct error *error)
{
    const json_t *members = json_object_get(root, "members");
    const json_t *tokens = json_object_get(root, "tokens");
    struct directory *directory;
    int code;

    if (!json_is_array(members) || !json_is_array(tokens)) {
        return error_set(error, ERROR_INVALID, "%s: not a list",
                         json_is_array(members) ? "tokens" : "members");
    }
    code = directory_new(json_array_size(members), json_array_size(tokens), &directory, error);
    if (code != ERROR_NONE) {
        return code;
    }
    code = read_root(root, directory, error);
    if (code == ERROR_NONE) {
        code = read_members(members, directory, error);
    }
    if (code == ERROR_NONE) {
        code = read_tokens(tokens, directory, error);
    }
    if (code != ERROR_NONE) {
        directory_free(directory);
        return code;
    }
    *ret_directory = directory;
    return ERROR_NONE;
}

int directory_decode(const char *json, size_t size, struct directory **ret_directory,
                     struct error *error)
{
    json_error_t reason;
    json_t *root = json_loadb(json == NULL ? "" : json, size,
                              JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &reason);
    int code;

    if (root == NULL) {
        return json_error_code(&reason) == json_error_out_of_memory
                   ? error_no_memory(error)
                   : error_set(error, ERROR_INVALID, "Not JSON (line %d): %s", reason.line,
                               reason.text);
    }
    code = decode(root, ret_directory, error);
    json_decref(root);
    return code;
}
