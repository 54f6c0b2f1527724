/* The leader keeps Raft's configuration as the members' records and states want it: one change
 * at a time, each from what the engine says that there is. */
#include "base/clock.h"
#include "base/log.h"
#include "cluster/cluster_internal.h"

#include <stdlib.h>
#include <string.h>

/* Raft's configuration is there at once. Another voter first has to be brought up to date, with a
 * snapshot perhaps; until it is the engine refuses other changes. */
#define SERVERS_TIMEOUT_US (2 * UINT64_C(1000000))
#define ORDER_TIMEOUT_US   (30 * UINT64_C(1000000))

const struct raft_server *tending_server(const struct cluster *c, uint64_t id)
{
    for (size_t i = 0; i < c->n_servers; i++) {
        if (c->servers[i].id == id) {
            return &c->servers[i];
        }
    }
    return NULL;
}

static const struct cluster_record *find_record(const struct cluster *c, uint64_t id)
{
    for (size_t i = 0; i < c->n_records; i++) {
        if (c->records[i].id == id) {
            return &c->records[i];
        }
    }
    return NULL;
}

size_t tending_roles(struct cluster *c, struct roles_member *members)
{
    size_t n = 0;

    for (size_t i = 0; i < c->n_servers && n < MEMBERS_MAX; i++) {
        const struct raft_server *server = &c->servers[i];
        const struct member_state *member = cluster_find(c, server->id);
        const struct cluster_record *record = find_record(c, server->id);

        members[n++] = (struct roles_member){
            .id = server->id,
            .name = record == NULL ? "" : record->name,
            .role = server->role,
            .online = member != NULL && member_is_online(c, member),
            .evacuated = server->id == c->leaving_id || (record != NULL && record->evacuated),
            .client_only = record != NULL && record->client_only,
            .failure_domain = record == NULL ? "default" : record->failure_domain,
        };
    }
    return n;
}

/* -- Raft's configuration --------------------------------------------------- */

static void tell_voters(struct cluster *c)
{
    uint64_t voters[MEMBERS_MAX];
    struct error error;
    size_t n = 0;

    for (size_t i = 0; i < c->n_servers && n < MEMBERS_MAX; i++) {
        if (c->servers[i].role == RAFT_VOTER) {
            voters[n++] = c->servers[i].id;
        }
    }
    if (n > 0 && leadership_set_voters(c->leadership, voters, n, &error) != ERROR_NONE) {
        log_event(LOG_LEVEL_ERROR, "cluster", "The voters can't be kept",
                  LOG_TEXT("reason", error.message));
        c->knows_servers = false;
    }
}

static void on_servers(struct raft_request *request)
{
    struct cluster *c = request->data;

    c->asking_servers = false;
    if (request->error.code != ERROR_NONE || !cluster_leads(c)) {
        free(request->servers);
    } else {
        free(c->servers);
        c->servers = request->servers;
        c->n_servers = request->n_servers;
        c->knows_servers = true;
        tell_voters(c);
    }
    if (!c->closing && cluster_leads(c) && c->knows_servers) {
        tend(c);
        tasks_advance(c);
    }
}

static void ask_servers(struct cluster *c)
{
    if (c->asking_servers) {
        return;
    }
    c->asking_servers = true;
    raft_request_init(&c->servers_request);
    c->servers_request.data = c;
    c->servers_request.kind = RAFT_SERVERS;
    c->servers_request.deadline_us = clock_monotonic_us() + SERVERS_TIMEOUT_US;
    c->servers_request.done = on_servers;
    raft_submit(c->raft, &c->servers_request);
}

/* -- Orders ----------------------------------------------------------------- */

static const char *describe(const struct raft_request *order)
{
    switch (order->kind) {
    case RAFT_ADD:
        return "adding it to Raft";
    case RAFT_REMOVE:
        return "removing it from Raft";
    case RAFT_TRANSFER:
        return "moving leadership to it";
    default:
        return order->role == RAFT_VOTER     ? "making it a voter"
               : order->role == RAFT_STANDBY ? "making it a stand-by"
                                             : "making it a spare";
    }
}

static void on_ordered(struct raft_request *request)
{
    struct cluster *c = request->data;

    c->ordering = false;
    c->knows_servers = false;
    if (request->error.code != ERROR_NONE && request->error.code != ERROR_CANCELED) {
        log_event(LOG_LEVEL_WARNING, "cluster", "A change of Raft's configuration failed",
                  LOG_INTEGER("id", request->id), LOG_TEXT("change", describe(request)),
                  LOG_TEXT("reason", request->error.message));
    }
    if (!c->closing && cluster_leads(c)) {
        ask_servers(c);
    }
    if (!c->closing) {
        tasks_advance(c);
    }
}

static void order(struct cluster *c, enum raft_request_kind kind, uint64_t id, enum raft_role role,
                  const char *address, const char *reason)
{
    raft_request_init(&c->order);
    c->order.data = c;
    c->order.kind = kind;
    c->order.id = id;
    c->order.role = role;
    c->order.address = address;
    c->order.deadline_us = clock_monotonic_us() + ORDER_TIMEOUT_US;
    c->order.done = on_ordered;
    c->ordering = true;
    log_event(LOG_LEVEL_INFO, "cluster", "Changing Raft's configuration", LOG_INTEGER("id", id),
              LOG_TEXT("change", describe(&c->order)), LOG_TEXT("reason", reason));
    raft_submit(c->raft, &c->order);
}

/* Who was removed from the records, and who came to them. */
static bool order_membership(struct cluster *c)
{
    const struct directory *directory = directory_get(c->options.directory);
    bool ordered = false;

    for (size_t i = 0; i < c->n_servers && !ordered; i++) {
        const struct raft_server *server = &c->servers[i];

        if (server->id != c->options.own_id && directory_by_id(directory, server->id) == NULL) {
            order(c, RAFT_REMOVE, server->id, RAFT_SPARE, NULL, "it is no member any more");
            ordered = true;
        }
    }
    for (size_t i = 0; i < directory->n_members && !ordered; i++) {
        const struct directory_member *member = &directory->members[i];
        const struct member_state *state = cluster_find(c, member->id);

        if (tending_server(c, member->id) == NULL && state != NULL && state->heard_us > 0 &&
            state->engine_runs && member->id != c->leaving_id) {
            /* The address lives as long as the order: it is copied. */
            memcpy(c->order_address, member->raft_address, sizeof c->order_address);
            order(c, RAFT_ADD, member->id, RAFT_SPARE, c->order_address, "it joined");
            ordered = true;
        }
    }
    directory_free((struct directory *)directory);
    return ordered;
}

/* A vote for a member that just died would block all other changes for 50 seconds: that is how long
 * the engine tries to bring it up to date. */
static bool was_heard_just_now(struct cluster *c, uint64_t id)
{
    const struct member_state *member = cluster_find(c, id);

    return id == c->options.own_id ||
           (member != NULL && member->heard_us > 0 && member->failure[0] == '\0' &&
            clock_monotonic_us() - member->heard_us < 2 * CLUSTER_HEARTBEAT_MS * UINT64_C(1000));
}

static void order_roles(struct cluster *c)
{
    struct roles_member members[MEMBERS_MAX];
    size_t n_members = tending_roles(c, members);
    struct roles_change change =
        roles_choose(members, n_members, c->options.own_id, &c->settings.roles);

    if (change.action == ROLES_ASSIGN && change.role == RAFT_VOTER &&
        !was_heard_just_now(c, change.id)) {
        return; /* Until the next heartbeat. */
    }
    if (change.action == ROLES_ASSIGN) {
        order(c, RAFT_ASSIGN, change.id, change.role, NULL, change.reason);
    } else if (change.action == ROLES_TRANSFER) {
        order(c, RAFT_TRANSFER, change.id, RAFT_VOTER, NULL, change.reason);
    }
}

void tend(struct cluster *c)
{
    if (c->closing || !cluster_leads(c) || c->ordering) {
        return;
    }
    if (!c->knows_servers) {
        ask_servers(c);
    } else if (!c->refreshed) {
        refresh_start(c); /* What this node knew before it led may be old. */
    } else if (!order_membership(c)) {
        order_roles(c);
    }
}

bool tending_order(struct cluster *c, enum raft_request_kind kind, uint64_t id)
{
    if (c->ordering || !cluster_leads(c)) {
        return false;
    }
    order(c, kind, id, RAFT_SPARE, NULL, "it was asked for");
    return true;
}

void tending_reset(struct cluster *c)
{
    c->knows_servers = false;
    c->refreshed = false;
    c->leaving_id = 0;
}
