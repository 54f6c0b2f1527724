/* From a server that stands alone to a cluster of one that others can join. */
#include "base/clock.h"
#include "cluster/cluster_internal.h"
#include "cluster/names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct enable {
    struct task_state base;
    enum { ENABLE_BEGIN, ENABLE_STORED, ENABLE_READ } step;
    char address[MEMBER_ADDRESS_MAX + 1];
    char pin[PIN_TEXT_SIZE];
    char fingerprint[PIN_TEXT_SIZE];
    struct cluster_member member;
    struct store_member_request request;
};

static int make_fingerprint(char out[PIN_TEXT_SIZE], struct error *error)
{
    uint8_t random[PIN_SIZE];

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        return error_errno(error, ERROR_IO, errno, "Failed getting random numbers");
    }
    pin_format(random, out);
    return ERROR_NONE;
}

static void on_stored(struct store_request *done)
{
    struct enable *e = done->data;
    struct cluster *c = e->base.task->cluster;
    struct error error = done->error;

    arena_close(&done->arena);
    e->base.busy = false;
    if (error.code != ERROR_NONE) {
        tunnel_unlisten(c->options.tunnel);
        task_end(&e->base, &error);
        return;
    }
    e->step = ENABLE_STORED;
    refresh_start(c);
    tasks_advance_soon(c);
}

static int check(struct cluster *c, struct enable *e, struct error *error)
{
    const struct cluster_task *task = e->base.task;
    int code;

    if (cluster_enabled(c)) {
        return error_set(error, ERROR_CONFLICT,
                         "This server is clustered already, as member \"%s\"", c->name);
    }
    code = member_name_check(task->name, error);
    if (code == ERROR_NONE) {
        code = member_address_complete(task->address, e->address, error);
    }
    return code;
}

static int begin(struct cluster *c, struct enable *e, struct error *error)
{
    uint8_t pin[PIN_SIZE];
    int code = check(c, e, error);

    if (code == ERROR_NONE) {
        code = make_fingerprint(e->fingerprint, error);
    }
    if (code == ERROR_NONE) {
        code = tunnel_listen(c->options.tunnel, e->address, NULL, error);
    }
    if (code != ERROR_NONE) {
        return code;
    }
    certificate_pin(c->options.certificate, pin);
    pin_format(pin, e->pin);
    e->member = (struct cluster_member){
        .name = e->base.task->name,
        .address = e->address,
        .raft_address = c->options.raft_address,
        .description = "",
        .failure_domain = "default",
        .state = "",
        .key_pin = e->pin,
        .next_key_pin = "",
    };
    store_request_init(&e->request.base);
    e->request.base.data = e;
    e->request.base.kind = STORE_WRITE;
    e->request.base.name = "cluster_enable";
    e->request.base.run = store_member_enable;
    e->request.base.done = on_stored;
    e->request.base.deadline_us = e->base.task->deadline_us;
    e->request.member = &e->member;
    e->request.fingerprint = e->fingerprint;
    e->base.busy = true;
    store_submit(c->options.store, &e->request.base);
    return ERROR_NONE;
}

static bool directory_has_own(struct cluster *c)
{
    const struct directory *directory = directory_get(c->options.directory);
    bool has = directory_by_id(directory, c->options.own_id) != NULL;

    directory_free((struct directory *)directory);
    return has;
}

static void advance(struct task_state *state)
{
    struct enable *e = (struct enable *)state;
    struct cluster *c = state->task->cluster;
    struct leadership_view view;
    struct error error = ERROR_INIT;

    switch (e->step) {
    case ENABLE_BEGIN:
        if (begin(c, e, &error) != ERROR_NONE) {
            task_end(state, &error);
        }
        break;
    case ENABLE_STORED:
        if (!directory_has_own(c)) {
            refresh_start(c);
        } else if (cluster_take_part(c, &error) != ERROR_NONE) {
            task_end(state, &error);
        } else {
            e->step = ENABLE_READ;
        }
        break;
    case ENABLE_READ:
        leadership_get(c->leadership, &view);
        if (view.place != LEADERSHIP_NOWHERE) {
            task_end(state, NULL);
        }
        break;
    }
}

void cluster_enable(struct cluster *c, struct cluster_task *task)
{
    task_begin(c, task, sizeof(struct enable), advance);
}
