/* What a member changes about itself: its address and its key. The record is the leader's to
 * change; the member asks for it over its own link, which proves who it is. */
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "cluster/cluster_internal.h"
#include "cluster/names.h"
#include "node/certificate.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TARGET "/internal/cluster/member"

/* -- The request to the leader ----------------------------------------------- */

struct own_change {
    struct task_state base;
    int step;
    char address[MEMBER_ADDRESS_MAX + 1];     /* move: the new one. */
    char old_address[MEMBER_ADDRESS_MAX + 1]; /* move. */
    struct certificate *certificate;          /* rotate: the new one. */
    struct buffer body;
    struct peer_request request;
    struct leadership_waiter waiter;
    void (*answered)(struct own_change *change);
};

static void clean_up(struct task_state *state)
{
    struct own_change *change = (struct own_change *)state;

    certificate_free(change->certificate);
    buffer_close(&change->body);
}

static void ask_leader(struct own_change *change);

static void on_answer(struct peer_request *request)
{
    struct own_change *change = request->data;
    struct cluster *c = change->base.task->cluster;
    struct error error = request->error;
    bool elsewhere = error.code != ERROR_NONE || request->status == 421;

    task_read_answer(request, &error);
    arena_close(&request->arena);
    change->base.busy = false;
    if (error.code == ERROR_NONE) {
        change->answered(change);
        tasks_advance_soon(c);
    } else if (elsewhere && !c->closing && change->base.task->deadline_us > clock_monotonic_us()) {
        ask_leader(change); /* The change is the same each time: it may be made twice. */
    } else {
        task_end(&change->base, &error);
    }
}

static void on_leader(struct leadership_waiter *waiter)
{
    struct own_change *change = waiter->data;
    struct cluster *c = change->base.task->cluster;
    static const struct peer_header headers[] = {{"Content-Type", "application/json"}};
    struct leadership_view view;

    change->base.busy = false;
    if (waiter->error.code != ERROR_NONE) {
        task_end(&change->base, &waiter->error);
        return;
    }
    leadership_get(c->leadership, &view);
    waiter->epoch = view.epoch;
    peer_request_init(&change->request);
    change->request.data = change;
    change->request.member_id = view.member_id; /* This one, too: by the same way. */
    change->request.method = "PATCH";
    change->request.target = TARGET;
    change->request.headers = headers;
    change->request.n_headers = 1;
    change->request.body = change->body.data;
    change->request.body_size = change->body.size;
    change->request.deadline_us = change->base.task->deadline_us;
    change->request.done = on_answer;
    change->base.busy = true;
    peers_submit(c->peers, &change->request);
}

static void ask_leader(struct own_change *change)
{
    change->waiter.data = change;
    change->waiter.deadline_us = change->base.task->deadline_us;
    change->waiter.done = on_leader;
    change->base.busy = true;
    leadership_await(change->base.task->cluster->leadership, &change->waiter);
}

/* BODY is {KEY: VALUE, KEY2: VALUE2}; the second key may be NULL. */
static int set_body(struct own_change *change, const char *key, const char *value, const char *key2,
                    const char *value2, struct error *error)
{
    struct json_writer w;

    buffer_close(&change->body);
    json_writer_init(&w, &change->body, false);
    json_write_object_begin(&w);
    json_write_key(&w, key);
    json_write_string(&w, value);
    if (key2 != NULL) {
        json_write_key(&w, key2);
        json_write_string(&w, value2);
    }
    json_write_object_end(&w);
    return buffer_string(&change->body) == NULL ? error_no_memory(error) : ERROR_NONE;
}

static bool check_enabled(struct task_state *state)
{
    struct error error;

    if (cluster_enabled(state->task->cluster)) {
        return true;
    }
    error_set(&error, ERROR_INVALID, "Server is not clustered");
    task_end(state, &error);
    return false;
}

/* -- Another address ---------------------------------------------------------- */

enum { MOVE_BEGIN, MOVE_DONE };

static void on_moved(struct own_change *change)
{
    change->step = MOVE_DONE;
}

static void move_back(struct task_state *state)
{
    struct own_change *change = (struct own_change *)state;
    struct cluster *c = state->task->cluster;
    struct error error;

    if (change->old_address[0] != '\0' && change->step != MOVE_DONE &&
        tunnel_listen(c->options.tunnel, change->old_address, NULL, &error) != ERROR_NONE) {
        log_event(LOG_LEVEL_ERROR, "cluster", "The old address can't be listened on again",
                  LOG_TEXT("address", change->old_address), LOG_TEXT("reason", error.message));
    }
    clean_up(state);
}

static int begin_move(struct own_change *change, struct error *error)
{
    struct cluster *c = change->base.task->cluster;
    int code = member_address_complete(change->base.task->address, change->address, error);

    if (code == ERROR_NONE) {
        code = set_body(change, "address", change->address, NULL, NULL, error);
    }
    if (code == ERROR_NONE) {
        code = tunnel_listen(c->options.tunnel, change->address, NULL, error);
    }
    if (code == ERROR_NONE) {
        snprintf(change->old_address, sizeof change->old_address, "%s", c->address);
    }
    return code;
}

static void advance_move(struct task_state *state)
{
    struct own_change *change = (struct own_change *)state;
    struct error error;

    if (!check_enabled(state)) {
        return;
    }
    if (change->step == MOVE_DONE) {
        task_end(state, NULL);
    } else if (begin_move(change, &error) != ERROR_NONE) {
        task_end(state, &error);
    } else {
        change->answered = on_moved;
        ask_leader(change);
    }
}

void cluster_move(struct cluster *c, struct cluster_task *task)
{
    struct task_state *state = task_begin(c, task, sizeof(struct own_change), advance_move);

    if (state != NULL) {
        state->clean_up = move_back;
    }
}

/* -- Another key --------------------------------------------------------------- */

/* The new key is told first; when all know it, it is used; then the old one is forgotten. A
 * rotation that was cut off is begun anew with another new key. */
enum { ROTATE_BEGIN, ROTATE_KNOWN, ROTATE_DONE };

static void on_rotated(struct own_change *change)
{
    change->step = change->step == ROTATE_BEGIN ? ROTATE_KNOWN : ROTATE_DONE;
}

static int begin_rotation(struct own_change *change, struct error *error)
{
    uint8_t pin[PIN_SIZE];
    char text[PIN_TEXT_SIZE];
    int code = certificate_new(change->base.task->cluster->name, &change->certificate, error);

    if (code != ERROR_NONE) {
        return code;
    }
    certificate_pin(change->certificate, pin);
    pin_format(pin, text);
    return set_body(change, "next_key_pin", text, NULL, NULL, error);
}

static int use_new_key(struct own_change *change, struct error *error)
{
    struct cluster *c = change->base.task->cluster;
    uint8_t pin[PIN_SIZE];
    char text[PIN_TEXT_SIZE];
    int code = certificate_save(c->options.state_dir, MEMBER_KEY_FILE, change->certificate, error);

    if (code != ERROR_NONE) {
        return code;
    }
    tunnel_set_certificate(c->options.tunnel, change->certificate);
    certificate_free(c->options.certificate);
    c->options.certificate = certificate_ref(change->certificate);
    certificate_pin(change->certificate, pin);
    pin_format(pin, text);
    return set_body(change, "key_pin", text, "next_key_pin", "", error);
}

static void advance_rotation(struct task_state *state)
{
    struct own_change *change = (struct own_change *)state;
    struct error error;

    if (!check_enabled(state)) {
        return;
    }
    change->answered = on_rotated;
    switch (change->step) {
    case ROTATE_BEGIN:
        if (begin_rotation(change, &error) != ERROR_NONE) {
            task_end(state, &error);
        } else {
            ask_leader(change);
        }
        break;
    case ROTATE_KNOWN:
        if (use_new_key(change, &error) != ERROR_NONE) {
            task_end(state, &error);
        } else {
            ask_leader(change);
        }
        break;
    default:
        task_end(state, NULL);
        break;
    }
}

void cluster_rotate_key(struct cluster *c, struct cluster_task *task)
{
    struct task_state *state = task_begin(c, task, sizeof(struct own_change), advance_rotation);

    if (state != NULL) {
        state->clean_up = clean_up;
    }
}
