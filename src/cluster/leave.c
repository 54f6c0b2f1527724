/* Leadership and membership that go: to another member, and for good. */
#include "base/clock.h"
#include "base/log.h"
#include "cluster/cluster_internal.h"

#include <stdio.h>
#include <string.h>

/* -- Leadership -------------------------------------------------------------- */

struct transfer {
    struct task_state base;
    uint64_t tried[MEMBERS_MAX]; /* Who was asked to lead, and didn't. */
    size_t n_tried;
};

static bool is_fit(struct cluster *c, const struct raft_server *server)
{
    const struct member_state *member = cluster_find(c, server->id);

    return server->role == RAFT_VOTER && server->id != c->options.own_id && member != NULL &&
           member->heard_us > 0 && member_is_online(c, member);
}

static bool was_tried(const struct transfer *t, uint64_t id)
{
    for (size_t i = 0; i < t->n_tried; i++) {
        if (t->tried[i] == id) {
            return true;
        }
    }
    return false;
}

/* The voter that was heard of last, of those that weren't tried; 0: none is fit. One that came back
 * just now may lack too much of the log, which the engine doesn't tell beforehand. */
static uint64_t choose_leader(struct cluster *c, const struct transfer *t)
{
    uint64_t heard_us = 0;
    uint64_t id = 0;

    for (size_t i = 0; i < c->n_servers; i++) {
        const struct member_state *member = cluster_find(c, c->servers[i].id);

        if (is_fit(c, &c->servers[i]) && !was_tried(t, c->servers[i].id) &&
            member->heard_us > heard_us) {
            heard_us = member->heard_us;
            id = member->id;
        }
    }
    return id;
}

static int find_successor(struct cluster *c, const struct transfer *t, uint64_t *ret_id,
                          struct error *error)
{
    const char *name = t->base.task->name;
    const struct directory *directory;
    const struct directory_member *member;
    const struct raft_server *server;
    int code = ERROR_NONE;

    if (name == NULL || name[0] == '\0') {
        *ret_id = choose_leader(c, t);
        return *ret_id != 0
                   ? ERROR_NONE
                   : error_set(error, ERROR_UNAVAILABLE,
                               t->n_tried == 0 ? "No other voter is online to take leadership"
                                               : "No other voter took leadership over");
    }
    directory = directory_get(c->options.directory);
    member = directory_by_name(directory, name);
    server = member == NULL ? NULL : tending_server(c, member->id);
    if (member == NULL) {
        code = error_set(error, ERROR_NOT_FOUND, "Cluster member not found");
    } else if (was_tried(t, member->id)) {
        code =
            error_set(error, ERROR_UNAVAILABLE, "Member \"%s\" didn't take leadership over", name);
    } else if (server == NULL || !is_fit(c, server)) {
        code = error_set(error, ERROR_UNAVAILABLE,
                         "Member \"%s\" can't lead: it is no voter, or not online", name);
    } else {
        *ret_id = member->id;
    }
    directory_free((struct directory *)directory);
    return code;
}

static void advance_transfer(struct task_state *state)
{
    struct transfer *t = (struct transfer *)state;
    struct cluster *c = state->task->cluster;
    struct leadership_view view;
    struct error error;
    uint64_t id = 0;

    leadership_get(c->leadership, &view);
    if (view.place == LEADERSHIP_MEMBER) {
        error_set(&error, ERROR_NOT_LEADER, "This member doesn't lead");
        task_end(state, t->n_tried > 0 ? NULL : &error);
        return;
    }
    if (!cluster_leads(c) || !c->knows_servers || c->ordering) {
        return; /* It is advanced when that changes. */
    }
    if (find_successor(c, t, &id, &error) != ERROR_NONE) {
        task_end(state, &error);
    } else if (tending_order(c, RAFT_TRANSFER, id)) {
        t->tried[t->n_tried++] = id;
        snprintf(state->waits_for, sizeof state->waits_for, "Leadership couldn't be moved in time");
    }
}

void cluster_transfer(struct cluster *c, struct cluster_task *task)
{
    task_begin(c, task, sizeof(struct transfer), advance_transfer);
}

/* -- Membership -------------------------------------------------------------- */

/* Its roles go to others, then it leaves Raft, then its record goes, then it is told. Whatever is
 * done already is found done when the task is begun again. */
struct removal {
    struct task_state base;
    enum { REMOVAL_BEGIN, REMOVAL_ROLES, REMOVAL_RAFT, REMOVAL_RECORD, REMOVAL_TELL } step;
    uint64_t id;
    uint64_t patience_us;
    struct store_member_request record;
    struct peer_request word;
    char target[sizeof "/1.0/cluster/members/?force=1" + MEMBER_NAME_MAX];
};

/* How long the roles of who leaves are waited for; a cluster may have nobody to take them. */
#define ROLES_PATIENCE_US (5 * UINT64_C(1000000))

static void clean_up(struct task_state *state)
{
    const struct removal *r = (const struct removal *)state;
    struct cluster *c = state->task->cluster;

    if (r->id != 0 && c->leaving_id == r->id) {
        c->leaving_id = 0;
    }
}

static int begin_removal(struct cluster *c, struct removal *r, struct error *error)
{
    const struct cluster_task *task = r->base.task;
    const struct directory *directory = directory_get(c->options.directory);
    const struct directory_member *entry = directory_by_name(directory, task->name);
    const struct member_state *member = entry == NULL ? NULL : cluster_find(c, entry->id);
    int code = ERROR_NONE;

    if (entry == NULL) {
        code = error_set(error, ERROR_NOT_FOUND, "Cluster member not found");
    } else if (directory->n_members == 1) {
        code = error_set(error, ERROR_FORBIDDEN, "The last member can't be removed");
    } else if (!task->force && (member == NULL || !member_is_online(c, member))) {
        code = error_set(error, ERROR_FORBIDDEN,
                         "Member \"%s\" is offline and couldn't be told that it is one no more: if "
                         "it is gone for good, remove it with --force",
                         task->name);
    } else if (c->leaving_id != 0 && c->leaving_id != entry->id) {
        code = error_set(error, ERROR_BUSY, "Another member is being removed");
    } else {
        r->id = entry->id;
        c->leaving_id = entry->id;
    }
    directory_free((struct directory *)directory);
    return code;
}

static void on_record(struct store_request *done)
{
    struct removal *r = done->data;
    struct error error = done->error;

    arena_close(&done->arena);
    r->base.busy = false;
    if (error.code != ERROR_NONE && error.code != ERROR_NOT_FOUND) {
        task_end(&r->base, &error);
        return;
    }
    r->step = REMOVAL_TELL;
    tasks_advance_soon(r->base.task->cluster);
}

static void delete_record(struct cluster *c, struct removal *r)
{
    store_request_init(&r->record.base);
    r->record.base.data = r;
    r->record.base.kind = STORE_WRITE;
    r->record.base.name = "cluster_member_delete";
    r->record.base.run = store_member_delete;
    r->record.base.done = on_record;
    r->record.base.deadline_us = r->base.task->deadline_us;
    r->record.name = r->base.task->name;
    r->base.busy = true;
    store_submit(c->options.store, &r->record.base);
}

static void on_told(struct peer_request *request)
{
    struct removal *r = request->data;
    struct cluster *c = r->base.task->cluster;

    if (request->error.code != ERROR_NONE) {
        log_event(LOG_LEVEL_WARNING, "cluster", "A removed member couldn't be told",
                  LOG_TEXT("member", r->base.task->name),
                  LOG_TEXT("reason", request->error.message));
    }
    arena_close(&request->arena);
    r->base.busy = false;
    refresh_start(c);
    task_end(&r->base, NULL);
}

/* The directory still has it, so that its key is known for this last word. */
static void tell(struct cluster *c, struct removal *r)
{
    peer_request_init(&r->word);
    r->word.data = r;
    r->word.member_id = r->id;
    r->word.method = "POST";
    r->word.target = "/internal/cluster/removed";
    r->word.body = "{}";
    r->word.body_size = 2;
    r->word.deadline_us = clock_monotonic_us() + 2 * UINT64_C(1000000);
    r->word.done = on_told;
    r->base.busy = true;
    peers_submit(c->peers, &r->word);
}

static bool has_roles(const struct cluster *c, uint64_t id)
{
    const struct raft_server *server = tending_server(c, id);

    return server != NULL && server->role != RAFT_SPARE;
}

static void on_removed_by_other(struct peer_request *request)
{
    struct removal *r = request->data;
    struct cluster *c = r->base.task->cluster;
    struct error error;

    r->base.busy = false;
    task_read_answer(request, &error);
    if (request->error.code == ERROR_NONE && request->status == 421) {
        tasks_advance_soon(c); /* Another one leads already. */
    } else {
        task_end(&r->base, &error);
    }
    arena_close(&request->arena);
}

/* This member led, and is the one to be removed: who leads now does it. */
static void ask_other(struct cluster *c, struct removal *r, uint64_t leader_id)
{
    snprintf(r->target, sizeof r->target, "/1.0/cluster/members/%s%s", r->base.task->name,
             r->base.task->force ? "?force=1" : "");
    peer_request_init(&r->word);
    r->word.data = r;
    r->word.member_id = leader_id;
    r->word.method = "DELETE";
    r->word.target = r->target;
    r->word.deadline_us = r->base.task->deadline_us;
    r->word.done = on_removed_by_other;
    r->base.busy = true;
    peers_submit(c->peers, &r->word);
}

static void advance_removal(struct task_state *state)
{
    struct removal *r = (struct removal *)state;
    struct cluster *c = state->task->cluster;
    struct leadership_view view;
    struct error error;

    leadership_get(c->leadership, &view);
    if (!cluster_leads(c) && r->id == c->options.own_id) {
        if (view.place == LEADERSHIP_MEMBER) {
            ask_other(c, r, view.member_id);
        }
        return;
    }
    if (!cluster_leads(c)) {
        error_set(&error, ERROR_NOT_LEADER, "This member doesn't lead any more");
        task_end(&r->base, &error);
        return;
    }
    if (!c->knows_servers || !c->refreshed || c->ordering) {
        return; /* It is advanced when that is over. */
    }
    switch (r->step) {
    case REMOVAL_BEGIN:
        if (begin_removal(c, r, &error) != ERROR_NONE) {
            task_end(state, &error);
            return;
        }
        r->step = REMOVAL_ROLES;
        r->patience_us = clock_monotonic_us() + ROLES_PATIENCE_US;
        tend(c);
        break;
    case REMOVAL_ROLES:
        if (r->id == c->options.own_id) {
            /* Leadership goes first; then whoever leads is asked to remove this member. */
            tend(c);
        } else if (!has_roles(c, r->id) || state->task->force ||
                   r->patience_us <= clock_monotonic_us()) {
            r->step = REMOVAL_RAFT;
            tasks_advance_soon(c);
        } else {
            tend(c);
        }
        break;
    case REMOVAL_RAFT:
        if (tending_server(c, r->id) == NULL) {
            r->step = REMOVAL_RECORD;
            tasks_advance_soon(c);
        } else {
            tending_order(c, RAFT_REMOVE, r->id);
        }
        break;
    case REMOVAL_RECORD:
        delete_record(c, r);
        break;
    case REMOVAL_TELL:
        tell(c, r);
        break;
    }
}

void cluster_remove(struct cluster *c, struct cluster_task *task)
{
    struct task_state *state = task_begin(c, task, sizeof(struct removal), advance_removal);

    if (state != NULL) {
        state->clean_up = clean_up;
    }
}
