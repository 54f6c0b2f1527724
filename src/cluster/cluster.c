#include "cluster/cluster.h"

#include "base/clock.h"
#include "base/log.h"
#include "cluster/cluster_internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct leadership *cluster_leadership(struct cluster *c)
{
    return c->leadership;
}

struct peers *cluster_peers(struct cluster *c)
{
    return c->peers;
}

struct raft *cluster_raft(struct cluster *c)
{
    return c->raft;
}

const struct directory *cluster_directory(struct cluster *c)
{
    return directory_get(c->options.directory);
}

bool cluster_enabled(const struct cluster *c)
{
    return c->raft != NULL;
}

const char *cluster_own_name(const struct cluster *c)
{
    return c->name;
}

const char *cluster_own_address(const struct cluster *c)
{
    return c->address;
}

uint64_t cluster_own_id(const struct cluster *c)
{
    return c->options.own_id;
}

void cluster_own_pin(const struct cluster *c, uint8_t ret_pin[PIN_SIZE])
{
    certificate_pin(c->options.certificate, ret_pin);
}

bool cluster_leads(const struct cluster *c)
{
    return c->raft != NULL && c->leads_since_us > 0;
}

struct member_state *cluster_find(struct cluster *c, uint64_t id)
{
    for (struct queue *link = c->members.next; link != &c->members; link = link->next) {
        struct member_state *member = queue_object(link, struct member_state, queue);

        if (member->id == id && !member->gone) {
            return member;
        }
    }
    return NULL;
}

/* -- The directory --------------------------------------------------------- */

static void free_member(struct member_state *member)
{
    queue_remove(&member->queue);
    buffer_close(&member->beat_body);
    free(member);
}

static int add_member(struct cluster *c, uint64_t id)
{
    struct member_state *member = calloc(1, sizeof *member);

    if (member == NULL) {
        return ERROR_NO_MEMORY;
    }
    member->cluster = c;
    member->id = id;
    member->revision = -1;
    queue_push(&c->members, &member->queue);
    return ERROR_NONE;
}

void cluster_adopt_directory(struct cluster *c)
{
    const struct directory *directory = directory_get(c->options.directory);
    const struct directory_member *own = directory_by_id(directory, c->options.own_id);

    for (struct queue *link = c->members.next; link != &c->members;) {
        struct member_state *member = queue_object(link, struct member_state, queue);

        link = link->next;
        if (directory_by_id(directory, member->id) == NULL) {
            peers_forget(c->peers, member->id);
            member->gone = true;
            if (!member->beating) {
                free_member(member);
            }
        }
    }
    for (size_t i = 0; i < directory->n_members; i++) {
        if (cluster_find(c, directory->members[i].id) == NULL &&
            add_member(c, directory->members[i].id) != ERROR_NONE) {
            /* It is tried again with the next directory; until then the member counts as silent. */
            log_event(LOG_LEVEL_ERROR, "cluster", "No memory for a member",
                      LOG_TEXT("member", directory->members[i].name));
        }
    }
    if (own != NULL) {
        snprintf(c->name, sizeof c->name, "%s", own->name);
        snprintf(c->address, sizeof c->address, "%s", own->address);
    }
    tunnel_directory_changed(c->options.tunnel);
    if (own == NULL && directory->n_members > 0 && c->raft != NULL) {
        cluster_receive_removal(c);
    }
    directory_free((struct directory *)directory);
}

void cluster_receive_removal(struct cluster *c)
{
    log_event(LOG_LEVEL_WARNING, "cluster", "This member was removed from its cluster: stopping",
              LOG_TEXT("member", c->name));
    c->options.on_removed(c->options.data);
}

/* -- Who leads ------------------------------------------------------------- */

static void lead_or_follow(struct cluster *c, uint64_t leader_id)
{
    const struct directory *directory = directory_get(c->options.directory);
    const struct directory_member *leader = directory_by_id(directory, leader_id);
    bool leads = leader_id == c->options.own_id;

    log_event(LOG_LEVEL_INFO, "cluster",
              leader_id == 0 ? "No member leads"
              : leads        ? "This member leads now"
                             : "Another member leads now",
              LOG_INTEGER("id", leader_id), LOG_TEXT("leader", leader == NULL ? "" : leader->name));
    directory_free((struct directory *)directory);
    c->leads_since_us = leads ? clock_monotonic_us() : 0;
    tending_reset(c);
    for (struct queue *link = c->members.next; link != &c->members; link = link->next) {
        struct member_state *member = queue_object(link, struct member_state, queue);

        member->heard_us = 0;
        member->failure[0] = '\0';
        member->unreachable = false;
    }
    store_set_leads(c->options.store, leads);
    leadership_set_leader(c->leadership, leader_id);
    if (leads) {
        refresh_start(c);
        tend(c);
        heartbeat_send_all(c);
    }
    tasks_advance_soon(c);
}

/* From what the engine and the heartbeats say. */
static void settle_leader(struct cluster *c)
{
    uint64_t leader_id = c->engine_leader != 0 || c->votes ? c->engine_leader : c->heartbeat_leader;
    struct leadership_view view;

    leadership_get(c->leadership, &view);
    if (view.member_id != leader_id && !c->closing) {
        lead_or_follow(c, leader_id);
    }
}

static void on_engine_leader(uint64_t leader_id, void *data)
{
    struct cluster *c = data;

    c->engine_leader = leader_id;
    c->votes = c->votes || leader_id != 0;
    settle_leader(c);
}

void cluster_hear_leader(struct cluster *c, uint64_t leader_id, bool votes)
{
    c->heartbeat_leader = leader_id;
    c->heartbeat_us = clock_monotonic_us();
    c->votes = votes;
    settle_leader(c);
}

void cluster_check_leader(struct cluster *c)
{
    if (c->heartbeat_leader != 0 &&
        clock_monotonic_us() - c->heartbeat_us > 3 * CLUSTER_HEARTBEAT_MS * UINT64_C(1000)) {
        c->heartbeat_leader = 0;
        settle_leader(c);
    }
}

static void on_suspect(void *data)
{
    struct cluster *c = data;

    c->heartbeat_leader = 0;
    settle_leader(c);
}

/* -- Status ---------------------------------------------------------------- */

void cluster_get_status(struct cluster *c, uint64_t member_id, struct cluster_status *ret_status)
{
    const struct member_state *member = cluster_find(c, member_id);
    const struct raft_server *server = tending_server(c, member_id);
    struct leadership_view view;
    struct tunnel_status link;

    *ret_status = (struct cluster_status){.revision = -1};
    leadership_get(c->leadership, &view);
    ret_status->leads = view.member_id == member_id;
    if (server != NULL) {
        ret_status->in_raft = true;
        ret_status->role = server->role;
    }
    if (member == NULL) {
        return;
    }
    if (member_id != c->options.own_id) {
        tunnel_get_status(c->options.tunnel, member_id, &link);
        ret_status->rtt_us = link.rtt_us;
        snprintf(ret_status->failure, sizeof ret_status->failure, "%s",
                 member->failure[0] != '\0' ? member->failure : link.failure);
    }
    ret_status->online = member_seems_online(c, member);
    ret_status->known = member->heard_us > 0 || member_id == c->options.own_id;
    if (member->heard_us > 0) {
        ret_status->silent_ms = (clock_monotonic_us() - member->heard_us) / 1000;
    }
    ret_status->clock_skew_ms = member->clock_skew_ms;
    ret_status->revision = member->revision;
    ret_status->schema_version = member->schema_version;
    memcpy(ret_status->version, member->version, sizeof ret_status->version);
    memcpy(ret_status->engine, member->engine, sizeof ret_status->engine);
    memcpy(ret_status->architecture, member->architecture, sizeof ret_status->architecture);
}

void cluster_get_health(struct cluster *c, struct roles_health *ret_health, char *line,
                        size_t line_size)
{
    struct roles_member members[MEMBERS_MAX];
    size_t n_members = tending_roles(c, members);

    for (size_t i = 0; i < n_members; i++) {
        const struct member_state *member = cluster_find(c, members[i].id);

        members[i].online = member != NULL && member_seems_online(c, member);
    }
    roles_judge(members, n_members, ret_health);
    roles_explain(members, n_members, &c->settings.roles, line, line_size);
}

void cluster_refresh(struct cluster *c)
{
    refresh_start(c);
}

/* -- Opening and closing --------------------------------------------------- */

int cluster_take_part(struct cluster *c, struct error *error)
{
    struct raft_options options = {
        .loop = c->options.loop,
        .engine_address = c->options.engine_address,
        .own_id = c->options.own_id,
        .on_leader = on_engine_leader,
        .data = c,
    };
    int code = raft_open(&options, &c->raft, error);

    if (code != ERROR_NONE) {
        return code;
    }
    /* Nobody leads until the engine says so. */
    leadership_set_means(c->leadership, c->peers, c->raft);
    leadership_set_leader(c->leadership, 0);
    store_set_leads(c->options.store, false);
    heartbeat_start(c);
    return ERROR_NONE;
}

static int connect_peer(void *data, uint64_t member_id, int *ret_fd, struct error *error)
{
    struct cluster *c = data;

    if (member_id == c->options.own_id) {
        return c->options.connect_self(c->options.data, ret_fd, error);
    }
    return tunnel_connect(c->options.tunnel, member_id, ret_fd, error);
}

static void on_part_closed(void *data)
{
    struct cluster *c = data;
    void (*closed)(void *data) = c->closed;
    void *closed_data = c->closed_data;

    if (--c->n_open > 0) {
        return;
    }
    while (!queue_empty(&c->members)) {
        free_member(queue_object(c->members.next, struct member_state, queue));
    }
    certificate_free(c->options.certificate);
    free(c->servers);
    free(c->known_servers);
    free(c->records);
    free(c);
    if (closed != NULL) {
        closed(closed_data);
    }
}

static void on_handle_closed(uv_handle_t *handle)
{
    on_part_closed(handle->data);
}

static void close_handles(struct cluster *c)
{
    uv_close((uv_handle_t *)&c->heartbeat_timer, on_handle_closed);
    uv_close((uv_handle_t *)&c->soon, on_handle_closed);
}

int cluster_open(const struct cluster_options *options, struct cluster **ret_cluster,
                 struct error *error)
{
    struct cluster *c = calloc(1, sizeof *c);
    struct peers_options peers = {.loop = options->loop, .connect = connect_peer, .data = c};
    struct leadership_options leadership = {.loop = options->loop,
                                            .own_id = options->own_id,
                                            .explain = quorum_explain,
                                            .on_suspect = on_suspect,
                                            .data = c};
    const struct directory *directory;
    int code;

    if (c == NULL) {
        return error_no_memory(error);
    }
    c->options = *options;
    c->options.certificate = certificate_ref(options->certificate);
    c->settings = (struct cluster_settings){
        .offline_after_ms = CLUSTER_OFFLINE_THRESHOLD_S * 1000,
        .roles = {.max_voters = ROLES_VOTERS_DEFAULT, .max_standbys = ROLES_STANDBYS_DEFAULT},
    };
    queue_init(&c->members);
    queue_init(&c->tasks);
    queue_init(&c->failed_tasks);
    uv_timer_init(options->loop, &c->heartbeat_timer);
    c->heartbeat_timer.data = c;
    uv_idle_init(options->loop, &c->soon);
    c->soon.data = c;
    c->n_open = 2;
    code = peers_open(&peers, &c->peers, error);
    if (code != ERROR_NONE) {
        goto err_after_timer;
    }
    c->n_open++;
    code = leadership_open(&leadership, &c->leadership, error);
    if (code != ERROR_NONE) {
        goto err_after_peers;
    }
    c->n_open++;
    directory = directory_get(options->directory);
    if (directory->n_members > 0) {
        cluster_adopt_directory(c);
        code = tunnel_listen(options->tunnel, c->address, NULL, error);
        if (code == ERROR_NONE) {
            code = cluster_take_part(c, error);
        }
    }
    directory_free((struct directory *)directory);
    if (code != ERROR_NONE) {
        goto err_after_leadership;
    }
    *ret_cluster = c;
    return ERROR_NONE;

    /* The parts free themselves in the loop's next turns, and this with the last of them. */
err_after_leadership:
    leadership_close(c->leadership, on_part_closed, c);
err_after_peers:
    peers_close(c->peers, on_part_closed, c);
err_after_timer:
    close_handles(c);
    return code;
}

static void close_parts(struct cluster *c)
{
    peers_close(c->peers, on_part_closed, c);
    leadership_close(c->leadership, on_part_closed, c);
    close_handles(c);
    if (c->raft != NULL) {
        c->n_open++;
        raft_close(c->raft, on_part_closed, c);
    }
}

/* What is under way with the store or the parts comes back before they are closed: requests to
 * members and orders end when their part is closed, but tasks wait for their own. */
void cluster_advance_closing(struct cluster *c)
{
    if (c->closing && !c->parts_closing && queue_empty(&c->tasks) && !c->refreshing) {
        c->parts_closing = true;
        close_parts(c);
    }
}

void cluster_close(struct cluster *c, void (*closed)(void *data), void *data)
{
    assert(!c->closing);
    c->closing = true;
    c->closed = closed;
    c->closed_data = data;
    heartbeat_stop(c);
    tasks_advance_soon(c); /* They see that it is closing. */
}
