/* How far each member's own copy of the records is. It is asked for when somebody wants to know it,
 * and not with each heartbeat: to read a copy holds up the member's engine. */
#include "base/clock.h"
#include "cluster/cluster_internal.h"

#include <stdlib.h>

/* Any read of the own copy would do: the answer names the copy's revision. */
#define TARGET          "/1.0/cluster/members?consistency=local"
#define REVISION_HEADER "Lbstate-Revision"

/* A member that is stopped gives no answer at all. */
#define PATIENCE_US UINT64_C(1000000)

struct survey;

struct question {
    struct survey *survey;
    uint64_t id;
    struct peer_request request;
};

struct survey {
    struct task_state base;
    bool asked;
    size_t n_out;
    struct question questions[MEMBERS_MAX];
};

static void on_answer(struct peer_request *request)
{
    struct question *question = request->data;
    struct survey *s = question->survey;
    struct cluster *c = s->base.task->cluster;
    struct member_state *member = cluster_find(c, question->id);
    const char *text = NULL;

    if (request->error.code == ERROR_NONE && request->status == 200) {
        text = peer_header_get(request, REVISION_HEADER);
    }
    if (member != NULL) {
        member->revision = text == NULL ? -1 : (int64_t)strtoll(text, NULL, 10);
    }
    arena_close(&request->arena);
    if (--s->n_out == 0) {
        s->base.busy = false;
        tasks_advance_soon(c);
    }
}

/* A spare has no copy, and one that is silent wouldn't answer. */
static bool has_copy(struct cluster *c, const struct member_state *member)
{
    const struct raft_server *server = tending_server(c, member->id);

    return member->id != c->options.own_id && !member->gone && member->heard_us > 0 &&
           member->failure[0] == '\0' && server != NULL && server->role != RAFT_SPARE;
}

static void ask(struct survey *s, struct member_state *member)
{
    struct question *question = &s->questions[s->n_out++];

    question->survey = s;
    question->id = member->id;
    peer_request_init(&question->request);
    question->request.data = question;
    question->request.member_id = member->id;
    question->request.method = "GET";
    question->request.target = TARGET;
    question->request.deadline_us = clock_monotonic_us() + PATIENCE_US;
    question->request.done = on_answer;
    peers_submit(s->base.task->cluster->peers, &question->request);
}

static void advance(struct task_state *state)
{
    struct survey *s = (struct survey *)state;
    struct cluster *c = state->task->cluster;

    if (s->asked) {
        task_end(state, NULL);
        return;
    }
    s->asked = true;
    for (struct queue *link = c->members.next; link != &c->members; link = link->next) {
        struct member_state *member = queue_object(link, struct member_state, queue);

        if (!has_copy(c, member)) {
            member->revision = -1;
        } else if (s->n_out < MEMBERS_MAX) {
            ask(s, member);
        }
    }
    state->busy = s->n_out > 0;
    if (!state->busy) {
        task_end(state, NULL);
    }
}

void cluster_survey(struct cluster *c, struct cluster_task *task)
{
    task_begin(c, task, sizeof(struct survey), advance);
}
