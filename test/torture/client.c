#include "test/torture/client.h"

#include "test/lib/http_client.h"
#include "test/torture/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#define TRY_PAUSE_MS     5  /* Before another node is asked. */
#define HASTY_ONE_IN     40 /* Requests with little patience. */
#define HASTY_MS_MAX     200
#define NODE_STATE_MS    30000
#define CONVERGE_STEP_MS 50
#define VALUES_A_CLIENT  UINT64_C(10000000)

/* What one operation sends, as often as it has to. */
struct call {
    const char *method;
    char path[RECORD_PATH_SIZE + 64];
    char body[RECORD_BODY_SIZE]; /* "": none. */
    char key_header[96];         /* "": it has no Idempotency-Key. */
    char match_header[CLIENT_ETAG_SIZE + 16];
    int64_t deadline_us;
    bool may_repeat; /* It can be sent again when its outcome is unknown. */
};

/* -- One operation ---------------------------------------------------------- */

static void make_call(struct client *client, struct operation *o, struct call *call)
{
    const struct client_plan *plan = client->plan;

    memset(call, 0, sizeof *call);
    record_path(o->key, call->path);
    if (history_has_value(o->kind)) {
        o->value = (client->number + 1) * VALUES_A_CLIENT + ++client->n_values;
        record_body(o->key, o->value, call->body);
    }
    switch (o->kind) {
    case HISTORY_CREATE:
        call->method = "POST";
        snprintf(call->path, sizeof call->path, "%s", RECORD_LIST);
        break;
    case HISTORY_UPDATE:
        call->method = rng_below(&client->rng, 2) == 0 ? "PUT" : "PATCH";
        break;
    case HISTORY_SWAP:
        call->method = "PUT";
        o->expected = client->seen[o->key];
        snprintf(call->match_header, sizeof call->match_header, "If-Match: %s",
                 client->etags[o->key]);
        break;
    case HISTORY_DELETE:
        call->method = "DELETE";
        break;
    case HISTORY_GET:
        call->method = "GET";
        break;
    default:
        call->method = "GET";
        snprintf(call->path, sizeof call->path, RECORD_LIST "?recursion=1%s",
                 o->kind == HISTORY_LIST ? "" : "&consistency=local");
        break;
    }
    call->may_repeat = !history_is_write(o->kind);
    if (history_is_write(o->kind) && rng_below(&client->rng, 100) < plan->keyed_percent) {
        snprintf(call->key_header, sizeof call->key_header,
                 "Idempotency-Key: torture-%" PRIx64 "-%u-%zu", plan->run, client->number,
                 client->history.n_operations);
        call->may_repeat = true;
    }
}

static enum http_outcome send_once(const struct client *client, unsigned node,
                                   const struct call *call, int timeout_ms,
                                   struct http_answer *ret_answer)
{
    const char *headers[4] = {NULL};
    struct http_request request = {
        .method = call->method,
        .path = call->path,
        .headers = headers,
        .body = call->body[0] == '\0' ? NULL : call->body,
        .body_size = strlen(call->body),
    };
    size_t n = 0;

    if (request.body != NULL) {
        headers[n++] = "Content-Type: application/json";
    }
    if (call->key_header[0] != '\0') {
        headers[n++] = call->key_header;
    }
    if (call->match_header[0] != '\0') {
        headers[n++] = call->match_header;
    }
    return http_send(client->plan->nodes->sockets[node], &request, timeout_ms, ret_answer);
}

/* True if STATUS is how the record's state refuses such an operation. */
static bool refuses(enum history_kind kind, int status)
{
    switch (kind) {
    case HISTORY_CREATE:
        return status == 409;
    case HISTORY_UPDATE:
    case HISTORY_DELETE:
        return status == 404;
    case HISTORY_SWAP:
        return status == 404 || status == 412;
    default:
        return false;
    }
}

static void note_error(struct operation *o, const struct http_answer *answer)
{
    const char *text = strstr(answer->body, "\"error\":\"");

    snprintf(o->error, sizeof o->error, "status %d: %.*s", answer->status, HISTORY_ERROR_SIZE - 32,
             text == NULL ? answer->body : text + strlen("\"error\":\""));
    o->error[strcspn(o->error, "\"\n")] = '\0';
}

/* What a successful answer says. VALUES: see client_read(). */
static void take_answer(struct client *client, struct operation *o,
                        const struct http_answer *answer, uint64_t *values)
{
    char *revision = http_answer_header(answer, "Lbstate-Revision");
    char *etag = http_answer_header(answer, "Etag");

    o->outcome = HISTORY_OK;
    o->revision = revision == NULL ? 0 : strtoll(revision, NULL, 10);
    if (o->kind == HISTORY_GET) {
        o->value = record_value(answer->body);
        if (etag != NULL && strlen(etag) < CLIENT_ETAG_SIZE) {
            client->seen[o->key] = o->value;
            snprintf(client->etags[o->key], CLIENT_ETAG_SIZE, "%s", etag);
        }
    } else if (!history_is_write(o->kind) &&
               record_values(answer->body, values, client->plan->n_keys) != 0) {
        o->outcome = HISTORY_FAILED;
        snprintf(o->error, sizeof o->error, "the list doesn't decode");
    }
    free(revision);
    free(etag);
}

enum verdict { FINISHED, ASK_ANOTHER };

/* MAYBE_APPLIED is set if an earlier try was sent and had no answer, EXCUSED if the node
 * was being stopped or started when this one was sent: it may be ready by now. */
static enum verdict judge_answer(struct client *client, struct operation *o,
                                 const struct http_answer *answer, bool maybe_applied, bool excused,
                                 uint64_t *values)
{
    char *outcome = http_answer_header(answer, "Lbstate-Outcome");
    bool unknown = outcome != NULL && strcmp(outcome, "unknown") == 0;
    enum verdict verdict = FINISHED;

    free(outcome);
    o->status = answer->status;
    if (answer->status >= 200 && answer->status < 300) {
        take_answer(client, o, answer, values);
    } else if (refuses(o->kind, answer->status)) {
        o->outcome = HISTORY_REFUSED;
    } else if (o->kind == HISTORY_GET && answer->status == 404) {
        o->outcome = HISTORY_OK;
        o->value = HISTORY_ABSENT;
    } else if (answer->status == 503 &&
               (excused || atomic_load(&client->plan->nodes->excused[o->node]))) {
        verdict = ASK_ANOTHER;
    } else {
        note_error(o, answer);
        o->outcome =
            history_is_write(o->kind) && (maybe_applied || unknown || answer->status == 500)
                ? HISTORY_UNKNOWN
                : HISTORY_FAILED;
    }
    return verdict;
}

/* Sets outcome, status, revision and, of a read, value. */
static void carry_out(struct client *client, struct operation *o, const struct call *call,
                      uint64_t *values)
{
    bool maybe_applied = false;

    for (;;) {
        int64_t left_ms = (call->deadline_us - nodes_now_us()) / 1000;
        bool excused = atomic_load(&client->plan->nodes->excused[o->node]);
        struct http_answer answer = {0};
        enum http_outcome sent;

        if (left_ms <= 0) {
            o->outcome = maybe_applied ? HISTORY_UNKNOWN : HISTORY_FAILED;
            return;
        }
        o->tries++;
        sent = send_once(client, o->node, call, (int)left_ms, &answer);
        if (sent == HTTP_ANSWERED) {
            enum verdict verdict = judge_answer(client, o, &answer, maybe_applied, excused, values);

            http_answer_close(&answer);
            if (verdict == FINISHED) {
                return;
            }
        } else if (sent == HTTP_MALFORMED) {
            snprintf(o->error, sizeof o->error, "the answer isn't HTTP");
            o->outcome = HISTORY_UNKNOWN;
            return;
        } else if (sent == HTTP_NO_ANSWER) {
            maybe_applied = history_is_write(o->kind);
            if (!call->may_repeat) {
                o->outcome = HISTORY_UNKNOWN;
                return;
            }
        }
        o->node = o->node % client->plan->nodes->n_nodes + 1;
        nodes_pause_ms(MIN(TRY_PAUSE_MS, left_ms));
    }
}

/* Lists are one operation a record. */
static void note_list(struct client *client, struct operation *o, const uint64_t *values)
{
    if (o->outcome != HISTORY_OK && o->kind != HISTORY_FINAL) {
        o->key = 0;
        history_add(&client->history, o);
        return;
    }
    for (unsigned key = 0; key < client->plan->n_keys; key++) {
        o->key = key;
        o->value = values[key];
        history_add(&client->history, o);
    }
}

/* A node that was started again has an early state until the leader tells it how much of its log
 * counts: one of an earlier run, or one without the network, say, which was there from the start. */
static bool is_older_than_run(const struct client_plan *plan, const struct operation *o)
{
    return o->outcome == HISTORY_OK ? o->revision < plan->first_revision : o->status == 404;
}

static void work(struct client *client, enum history_kind kind, unsigned node, unsigned key,
                 int timeout_ms)
{
    const struct client_plan *plan = client->plan;
    struct operation o = {.kind = kind, .client = client->number, .node = node, .key = key};
    uint64_t values[CLIENT_KEYS_MAX] = {0};
    struct call call;

    make_call(client, &o, &call);
    o.invoked_us = nodes_now_us();
    call.deadline_us = o.invoked_us + (int64_t)timeout_ms * 1000;
    carry_out(client, &o, &call, values);
    o.returned_us = nodes_now_us();
    if (kind == HISTORY_LOCAL && is_older_than_run(plan, &o)) {
        return;
    }
    if (history_is_write(kind) && o.outcome == HISTORY_OK) {
        atomic_fetch_add(&client->plan->n_acknowledged, 1);
    }
    if (history_is_write(kind) || kind == HISTORY_GET) {
        history_add(&client->history, &o);
    } else {
        note_list(client, &o, values);
    }
}

/* -- A client's life -------------------------------------------------------- */

static enum history_kind choose_kind(struct client *client, unsigned key)
{
    unsigned dice = rng_below(&client->rng, 100);

    if (dice < 22) {
        return HISTORY_CREATE;
    }
    if (dice < 44) {
        return HISTORY_UPDATE;
    }
    if (dice < 54) {
        return client->etags[key][0] == '\0' ? HISTORY_GET : HISTORY_SWAP;
    }
    if (dice < 64) {
        return HISTORY_DELETE;
    }
    if (dice < 86) {
        return HISTORY_GET;
    }
    return dice < 94 ? HISTORY_LIST : HISTORY_LOCAL;
}

static void *live(void *data)
{
    struct client *client = data;
    const struct client_plan *plan = client->plan;

    while (!atomic_load(&plan->finished)) {
        unsigned key = rng_below(&client->rng, plan->n_keys);
        unsigned node = client->number % plan->nodes->n_nodes + 1;
        int timeout_ms = plan->timeout_ms;

        if (rng_below(&client->rng, HASTY_ONE_IN) == 0) {
            timeout_ms = 1 + (int)rng_below(&client->rng, HASTY_MS_MAX);
        }
        work(client, choose_kind(client, key), node, key, timeout_ms);
    }
    return NULL;
}

int client_start(struct client *client, struct client_plan *plan, unsigned number)
{
    int rv;

    memset(client, 0, sizeof *client);
    client->plan = plan;
    client->number = number;
    rng_init(&client->rng, plan->seed, number + 1);
    history_init(&client->history);
    rv = pthread_create(&client->thread, NULL, live, client);
    if (rv != 0) {
        fprintf(stderr, "client: can't start a thread: %s\n", strerror(rv));
        return -1;
    }
    return 0;
}

void client_join(struct client *client)
{
    pthread_join(client->thread, NULL);
}

void client_close(struct client *client)
{
    history_close(&client->history);
}

/* -- Before and after ------------------------------------------------------- */

static int prepare_call(const char *socket, const char *method, const char *path, const char *body,
                        int *ret_status)
{
    struct http_answer answer = {0};

    if (http_call(socket, method, path, body, &answer) != HTTP_ANSWERED) {
        fprintf(stderr, "client: %s %s: no answer\n", method, path);
        return -1;
    }
    *ret_status = answer.status;
    if (answer.status >= 400 && answer.status != 404 && answer.status != 409) {
        fprintf(stderr, "client: %s %s: %s\n", method, path, answer.body);
        http_answer_close(&answer);
        return -1;
    }
    http_answer_close(&answer);
    return 0;
}

/* Of what node NODE answers at PATH; -1: it doesn't. */
static int64_t read_revision(const struct client_plan *plan, unsigned node, const char *path)
{
    const struct http_request request = {.method = "GET", .path = path};
    struct http_answer answer = {0};
    int64_t revision = -1;

    if (http_send(plan->nodes->sockets[node], &request, NODE_STATE_MS, &answer) == HTTP_ANSWERED) {
        char *text = http_answer_header(&answer, "Lbstate-Revision");

        if (answer.status == 200 && text != NULL) {
            revision = strtoll(text, NULL, 10);
        }
        free(text);
        http_answer_close(&answer);
    }
    return revision;
}

int client_prepare(struct client_plan *plan)
{
    const char *socket = plan->nodes->sockets[1];
    int status;

    for (size_t i = 0; record_networks[i] != NULL; i++) {
        if (prepare_call(socket, "POST", "/1.0/networks", record_networks[i], &status) != 0) {
            return -1;
        }
    }
    for (unsigned key = 0; key < plan->n_keys; key++) {
        char path[RECORD_PATH_SIZE];

        record_path(key, path);
        if (prepare_call(socket, "DELETE", path, NULL, &status) != 0) {
            return -1;
        }
    }
    plan->first_revision = read_revision(plan, 1, RECORD_LIST);
    if (plan->first_revision < 0) {
        fprintf(stderr, "client: node1 doesn't tell the revision of %s\n", RECORD_LIST);
        return -1;
    }
    return 0;
}

void client_note_state(struct client *client, unsigned node, enum history_kind kind)
{
    work(client, kind, node, 0, NODE_STATE_MS);
}

/* What node NODE has by itself. */
static int read_values(const struct client_plan *plan, unsigned node, const char *path,
                       uint64_t *values)
{
    const struct http_request request = {.method = "GET", .path = path};
    struct http_answer answer = {0};
    int rv = -1;

    if (http_send(plan->nodes->sockets[node], &request, NODE_STATE_MS, &answer) == HTTP_ANSWERED) {
        if (answer.status == 200) {
            rv = record_values(answer.body, values, plan->n_keys);
        }
        http_answer_close(&answer);
    }
    return rv;
}

/* Each node's own copy, which may be old for a moment on the leader as well, is what the leader
 * has. */
static bool has_converged(const struct client_plan *plan)
{
    uint64_t first[CLIENT_KEYS_MAX] = {0};
    uint64_t other[CLIENT_KEYS_MAX] = {0};

    if (read_values(plan, 1, RECORD_LIST "?recursion=1", first) != 0) {
        return false;
    }
    for (unsigned node = 1; node <= plan->nodes->n_nodes; node++) {
        if (read_values(plan, node, RECORD_LIST "?recursion=1&consistency=local", other) != 0 ||
            memcmp(first, other, plan->n_keys * sizeof *first) != 0) {
            return false;
        }
    }
    return true;
}

bool client_wait_converged(const struct client_plan *plan, int timeout_ms)
{
    int64_t end_us = nodes_now_us() + (int64_t)timeout_ms * 1000;

    while (!has_converged(plan)) {
        if (nodes_now_us() > end_us) {
            return false;
        }
        nodes_pause_ms(CONVERGE_STEP_MS);
    }
    return true;
}

static bool have_caught_up(const struct client_plan *plan, int64_t revision)
{
    for (unsigned node = 1; node <= plan->nodes->n_nodes; node++) {
        if (read_revision(plan, node, RECORD_LIST "?consistency=local") < revision) {
            return false;
        }
    }
    return true;
}

bool client_wait_caught_up(const struct client_plan *plan, int timeout_ms)
{
    int64_t end_us = nodes_now_us() + (int64_t)timeout_ms * 1000;
    int64_t revision = read_revision(plan, 1, RECORD_LIST);

    while (revision < 0 || !have_caught_up(plan, revision)) {
        if (nodes_now_us() > end_us) {
            return false;
        }
        nodes_pause_ms(CONVERGE_STEP_MS);
        revision = revision < 0 ? read_revision(plan, 1, RECORD_LIST) : revision;
    }
    return true;
}
