/* A member that hears of no leader knocks at the others' doors. The leader sends its word only to
 * members, so one that was removed while it was down would wait for it for ever: that nobody knows
 * its key is what tells it. It isn't proof enough to stop for good: the others may have the records
 * of a backup. */
#include "base/clock.h"
#include "base/log.h"
#include "cluster/cluster_internal.h"

/* All that is wanted is that the link opens, or why it doesn't. */
#define TARGET     "/internal/ready"
#define TIMEOUT_US (2 * UINT64_C(1000000))

bool knock_is_unknown(struct cluster *c)
{
    const struct directory *directory = directory_get(c->options.directory);
    bool unknown = directory->n_members > 1;

    for (size_t i = 0; i < directory->n_members && unknown; i++) {
        struct tunnel_status status;

        if (directory->members[i].id != c->options.own_id) {
            tunnel_get_status(c->options.tunnel, directory->members[i].id, &status);
            unknown = status.refused && status.n_links == 0;
        }
    }
    directory_free((struct directory *)directory);
    return unknown;
}

static void on_answer(struct peer_request *request)
{
    struct cluster *c = request->data;

    c->knocking = false;
    arena_close(&request->arena);
    if (c->closing || !knock_is_unknown(c)) {
        c->told_unknown = false;
    } else if (!c->told_unknown) {
        c->told_unknown = true;
        log_event(LOG_LEVEL_ERROR, "cluster", KNOCK_UNKNOWN, LOG_TEXT("member", c->name));
    }
}

/* The first member behind the one that was last, in turn; 0: there is none but this one. */
static uint64_t choose(struct cluster *c)
{
    const struct directory *directory = directory_get(c->options.directory);
    uint64_t lowest = 0;
    uint64_t next = 0;

    for (size_t i = 0; i < directory->n_members; i++) {
        uint64_t id = directory->members[i].id;

        if (id == c->options.own_id) {
            continue;
        }
        lowest = lowest == 0 || id < lowest ? id : lowest;
        if (id > c->knock.member_id && (next == 0 || id < next)) {
            next = id;
        }
    }
    directory_free((struct directory *)directory);
    return next == 0 ? lowest : next;
}

void knock(struct cluster *c)
{
    struct leadership_view view;
    uint64_t id;

    leadership_get(c->leadership, &view);
    if (view.place != LEADERSHIP_NOWHERE || c->knocking || c->closing) {
        return;
    }
    id = choose(c);
    if (id == 0) {
        return;
    }
    peer_request_init(&c->knock);
    c->knock.data = c;
    c->knock.member_id = id;
    c->knock.method = "GET";
    c->knock.target = TARGET;
    c->knock.deadline_us = clock_monotonic_us() + TIMEOUT_US;
    c->knock.done = on_answer;
    c->knocking = true;
    peers_submit(c->peers, &c->knock);
}
