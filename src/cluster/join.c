#include "cluster/join.h"

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "cluster/names.h"
#include "cluster/peers.h"
#include "store/schema.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long one address may take, and the pause after all of them were tried. */
#define ADDRESS_TIMEOUT_MS 5000
#define PAUSE_US           300000

/* -- The bodies ----------------------------------------------------------------- */

static int copy_text(const char *key, const char *value, char *out, size_t size,
                     struct error *error)
{
    if (strlen(value) >= size) {
        return error_set(error, ERROR_INVALID, "%s has over %zu bytes", key, size - 1);
    }
    snprintf(out, size, "%s", value);
    return ERROR_NONE;
}

int join_request_decode(const char *body, size_t size, struct join_request *ret_request,
                        struct error *error)
{
    struct join_request request = {0};
    uint8_t pin[PIN_SIZE];
    json_error_t reason;
    json_t *root = json_loadb(body, size, JSON_REJECT_DUPLICATES, &reason);
    const char *name;
    const char *fingerprint;
    const char *address;
    const char *raft_address;
    const char *key_pin;
    json_int_t schema;
    int code;

    if (root == NULL ||
        json_unpack_ex(root, &reason, 0, "{s:s, s:s, s:s, s:s, s:s, s:I}", "name", &name,
                       "fingerprint", &fingerprint, "address", &address, "raft_address",
                       &raft_address, "key_pin", &key_pin, "schema", &schema) != 0) {
        code =
            error_set(error, ERROR_INVALID, "The request to join doesn't decode: %s", reason.text);
        json_decref(root);
        return code;
    }
    request.schema_version = schema;
    code = member_name_check(name, error);
    if (code == ERROR_NONE && address[0] != '\0') {
        code = member_address_complete(address, request.address, error);
    }
    if (code == ERROR_NONE && (!pin_parse(key_pin, pin) || !pin_parse(fingerprint, pin))) {
        code = error_set(error, ERROR_INVALID, "A pin or fingerprint has not 64 digits");
    }
    if (code == ERROR_NONE && raft_address[0] != '@') {
        code = error_set(error, ERROR_INVALID, "The Raft address doesn't begin with '@'");
    }
    if (code == ERROR_NONE) {
        code = copy_text("name", name, request.name, sizeof request.name, error);
    }
    if (code == ERROR_NONE) {
        code = copy_text("fingerprint", fingerprint, request.fingerprint,
                         sizeof request.fingerprint, error);
    }
    if (code == ERROR_NONE) {
        code = copy_text("raft_address", raft_address, request.raft_address,
                         sizeof request.raft_address, error);
    }
    if (code == ERROR_NONE) {
        code = copy_text("key_pin", key_pin, request.key_pin, sizeof request.key_pin, error);
    }
    json_decref(root);
    if (code == ERROR_NONE) {
        *ret_request = request;
    }
    return code;
}

static void write_text(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

static int encode_request(const struct join_token *token, const struct join_options *options,
                          struct buffer *out, struct error *error)
{
    uint8_t pin[PIN_SIZE];
    char pin_text[PIN_TEXT_SIZE];
    struct json_writer w;

    certificate_pin(options->certificate, pin);
    pin_format(pin, pin_text);
    json_writer_init(&w, out, false);
    json_write_object_begin(&w);
    write_text(&w, "name", token->name);
    write_text(&w, "fingerprint", token->fingerprint);
    write_text(&w, "address", options->address == NULL ? "" : options->address);
    write_text(&w, "raft_address", options->raft_address);
    write_text(&w, "key_pin", pin_text);
    json_write_key(&w, "schema");
    json_write_integer(&w, schema_of_program.version);
    json_write_object_end(&w);
    return buffer_string(out) == NULL ? error_no_memory(error) : ERROR_NONE;
}

void join_answer_encode(uint64_t id, const struct directory *directory,
                        const uint8_t proof[JOIN_PROOF_SIZE], struct buffer *out)
{
    char proof_text[PIN_TEXT_SIZE];
    struct json_writer w;

    pin_format(proof, proof_text);
    json_writer_init(&w, out, false);
    json_write_object_begin(&w);
    json_write_key(&w, "id");
    json_write_integer(&w, (int64_t)id);
    write_text(&w, "proof", proof_text);
    json_write_key(&w, "directory");
    directory_encode(directory, out);
    json_write_object_end(&w);
}

/* -- One try -------------------------------------------------------------------- */

struct attempt {
    const struct join_token *token;
    const struct join_options *options;
    struct certificate *token_certificate;
    struct buffer body;
    int fd; /* For the client's one connection; -1 once it was given. */
    uint8_t server_pin[PIN_SIZE];
    char leader[MEMBER_ADDRESS_MAX + 1]; /* Where an answer says that the leader is; "": nowhere. */
    struct peers *peers;
    struct peer_request request;
    bool done;
};

static int give_fd(void *data, uint64_t member_id, int *ret_fd, struct error *error)
{
    struct attempt *attempt = data;

    (void)member_id;
    if (attempt->fd < 0) {
        return error_set(error, ERROR_UNAVAILABLE, "The connection broke");
    }
    *ret_fd = attempt->fd;
    attempt->fd = -1;
    return ERROR_NONE;
}

/* The loop ends by itself then. */
static void on_peers_closed(void *data)
{
    (void)data;
}

static void on_done(struct peer_request *request)
{
    struct attempt *attempt = request->data;

    attempt->done = true;
    peers_close(attempt->peers, on_peers_closed, NULL);
}

/* Sends the request and waits for its answer, on a loop of its own: there is no other yet. */
static int exchange(struct attempt *attempt, uint64_t deadline_us, struct error *error)
{
    static const struct peer_header headers[] = {{"Content-Type", "application/json"}};
    struct peers_options options = {.connect = give_fd, .data = attempt};
    uv_loop_t loop;
    int code;

    if (uv_loop_init(&loop) != 0) {
        return error_no_memory(error);
    }
    options.loop = &loop;
    code = peers_open(&options, &attempt->peers, error);
    if (code == ERROR_NONE) {
        peer_request_init(&attempt->request);
        attempt->request.data = attempt;
        attempt->request.member_id = 1; /* Of no meaning. */
        attempt->request.method = "POST";
        attempt->request.target = "/internal/cluster/join";
        attempt->request.headers = headers;
        attempt->request.n_headers = 1;
        attempt->request.body = attempt->body.data;
        attempt->request.body_size = attempt->body.size;
        attempt->request.deadline_us = deadline_us;
        attempt->request.done = on_done;
        peers_submit(attempt->peers, &attempt->request);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    if (code == ERROR_NONE && attempt->request.error.code != ERROR_NONE) {
        *error = attempt->request.error;
        code = (int)error->code;
    }
    return code;
}

/* What an answer that isn't 200 says. */
static int refused(struct attempt *attempt, struct error *error)
{
    const struct peer_request *request = &attempt->request;
    json_t *root = json_loadb(request->response_body, request->response_size, 0, NULL);
    const char *message = "it gives no reason";
    const char *leader = "";
    enum error_code code = request->status == 403   ? ERROR_FORBIDDEN
                           : request->status == 409 ? ERROR_CONFLICT
                           : request->status == 400 ? ERROR_INVALID
                                                    : ERROR_UNAVAILABLE;

    if (root != NULL) {
        (void)json_unpack(root, "{s?s, s?s}", "error", &message, "leader", &leader);
    }
    snprintf(attempt->leader, sizeof attempt->leader, "%s", leader);
    error_set(error, code, "%s", message);
    json_decref(root);
    return (int)code;
}

/* Nothing in the answer is believed before the proof is. */
static int check_proof(const struct attempt *attempt, const char *text, struct error *error)
{
    uint8_t key[JOIN_PROOF_SIZE];
    uint8_t wanted[JOIN_PROOF_SIZE];
    uint8_t proof[JOIN_PROOF_SIZE];
    int code = join_proof_key(attempt->token->secret, key, error);

    if (code == ERROR_NONE) {
        code = join_proof(key, attempt->token->fingerprint, attempt->server_pin, wanted, error);
    }
    if (code != ERROR_NONE) {
        return code;
    }
    if (!pin_parse(text, proof) || CRYPTO_memcmp(proof, wanted, sizeof proof) != 0) {
        return error_set(
            error, ERROR_FORBIDDEN,
            "Who answers can't prove that its cluster made this token: somebody may be "
            "in between");
    }
    return ERROR_NONE;
}

static int accepted(struct attempt *attempt, struct join_result *ret_result, struct error *error)
{
    const struct peer_request *request = &attempt->request;
    json_error_t reason;
    json_t *root = json_loadb(request->response_body, request->response_size, 0, &reason);
    const json_t *directory;
    const char *proof;
    json_int_t id;
    char *text = NULL;
    int code;

    if (root == NULL || json_unpack_ex(root, &reason, 0, "{s:I, s:s, s:o}", "id", &id, "proof",
                                       &proof, "directory", &directory) != 0) {
        code = error_set(error, ERROR_PROTOCOL, "Its answer doesn't decode: %s", reason.text);
    } else {
        code = check_proof(attempt, proof, error);
    }
    if (code == ERROR_NONE) {
        text = json_dumps(directory, JSON_COMPACT);
        code = text == NULL ? error_no_memory(error)
                            : directory_decode(text, strlen(text), &ret_result->directory, error);
    }
    if (code == ERROR_NONE) {
        ret_result->id = (uint64_t)id;
        if (directory_by_id(ret_result->directory, ret_result->id) == NULL) {
            directory_free(ret_result->directory);
            code = error_set(error, ERROR_PROTOCOL, "Its answer doesn't name the new member");
        }
    }
    free(text);
    json_decref(root);
    return code;
}

/* Another address may say something else. */
static bool is_final(int code)
{
    return code == ERROR_NONE || code == ERROR_CONFLICT || code == ERROR_INVALID ||
           code == ERROR_NO_MEMORY;
}

static int try_address(struct attempt *attempt, const char *address, unsigned timeout_ms,
                       struct join_result *ret_result, struct error *error)
{
    int code = tunnel_connect_unknown(attempt->options->tunnel, address, attempt->token_certificate,
                                      timeout_ms, attempt->server_pin, &attempt->fd, error);

    attempt->leader[0] = '\0';
    if (code == ERROR_FORBIDDEN) {
        /* The handshake turned the token's key away. */
        return error_set(error, ERROR_FORBIDDEN,
                         "%s: it doesn't know this join token, which was revoked, or used or "
                         "expired long ago, or is of another cluster",
                         address);
    }
    if (code != ERROR_NONE) {
        return code; /* The message begins with the address. */
    }
    attempt->done = false;
    code = exchange(attempt, clock_monotonic_us() + timeout_ms * UINT64_C(1000), error);
    if (attempt->fd >= 0) {
        close(attempt->fd);
        attempt->fd = -1;
    }
    if (code == ERROR_NONE) {
        code = attempt->request.status == 200 ? accepted(attempt, ret_result, error)
                                              : refused(attempt, error);
    }
    arena_close(&attempt->request.arena);
    return is_final(code) ? code : error_prefix(error, "%s: ", address);
}

/* -- All of them ------------------------------------------------------------------ */

static int try_all(struct attempt *attempt, uint64_t deadline_us, struct join_result *ret_result,
                   struct buffer *notes, struct error *error)
{
    const struct join_token *token = attempt->token;
    int code = ERROR_UNAVAILABLE;
    bool forbidden = false;

    buffer_close(notes);
    for (size_t i = 0; i < token->n_addresses && !is_final(code); i++) {
        const char *address = token->addresses[i];
        char leader[MEMBER_ADDRESS_MAX + 1];

        if (clock_monotonic_us() >= deadline_us) {
            break;
        }
        code = try_address(attempt, address, ADDRESS_TIMEOUT_MS, ret_result, error);
        if (!is_final(code) && attempt->leader[0] != '\0') {
            snprintf(leader, sizeof leader, "%s", attempt->leader);
            address = leader;
            code = try_address(attempt, address, ADDRESS_TIMEOUT_MS, ret_result, error);
        }
        if (code != ERROR_NONE) {
            buffer_printf(notes, "%s%s", notes->size == 0 ? "" : "; ", error->message);
            forbidden = forbidden || code == ERROR_FORBIDDEN;
        }
    }
    return !is_final(code) && forbidden ? ERROR_FORBIDDEN : code;
}

static int join_until(struct attempt *attempt, uint64_t deadline_us, struct join_result *ret_result,
                      struct error *error)
{
    const char *name = attempt->token->name;
    struct buffer notes = {0};
    unsigned n_rounds = 0;
    const char *text;
    int code;

    for (;;) {
        code = try_all(attempt, deadline_us, ret_result, &notes, error);
        n_rounds++;
        /* A token that was made just now may not be known to all members yet: hence a second round
         * even after a refusal. */
        if (is_final(code) || (code == ERROR_FORBIDDEN && n_rounds > 3) ||
            clock_monotonic_us() + PAUSE_US >= deadline_us) {
            break;
        }
        usleep(PAUSE_US);
    }
    if (!is_final(code)) {
        text = buffer_string(&notes);
        error_set(error, (enum error_code)code,
                  code == ERROR_FORBIDDEN ? "The cluster doesn't take member \"%s\" in: %s"
                                          : "No member takes \"%s\" in: %s",
                  name, text == NULL ? "" : text);
    } else if (code != ERROR_NONE) {
        error_prefix(error, "The cluster doesn't take member \"%s\" in: ", name);
    }
    buffer_close(&notes);
    return code;
}

int join(const struct join_token *token, const struct join_options *options,
         struct join_result *ret_result, struct error *error)
{
    struct attempt attempt = {.token = token, .options = options, .fd = -1};
    int code = certificate_from_secret(token->secret, &attempt.token_certificate, error);

    if (code != ERROR_NONE) {
        return code;
    }
    code = encode_request(token, options, &attempt.body, error);
    if (code == ERROR_NONE) {
        code = join_until(&attempt, clock_monotonic_us() + options->timeout_ms * UINT64_C(1000),
                          ret_result, error);
    }
    buffer_close(&attempt.body);
    certificate_free(attempt.token_certificate);
    return code;
}
