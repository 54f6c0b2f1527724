/* The leader's word to each member, once a second, and the answer to it. */
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "cluster/cluster_internal.h"
#include "config.h"
#include "node/latency.h"
#include "store/schema.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#define TARGET "/internal/cluster/heartbeat"

/* An answer takes a fraction of a millisecond; a member that is stopped gives none at all. */
#define HEARTBEAT_TIMEOUT_US (2 * UINT64_C(1000000))

static uint64_t wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void write_text(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

static void write_integer(struct json_writer *w, const char *key, int64_t value)
{
    json_write_key(w, key);
    json_write_integer(w, value);
}

bool member_is_online(const struct cluster *c, const struct member_state *member)
{
    uint64_t since_us = member->heard_us > 0 ? member->heard_us : c->leads_since_us;

    if (member->id == c->options.own_id) {
        return true;
    }
    return since_us > 0 && clock_monotonic_us() - since_us <
                               (uint64_t)c->settings.offline_after_ms * UINT64_C(1000);
}

bool member_seems_online(const struct cluster *c, const struct member_state *member)
{
    return member_is_online(c, member) && !member->unreachable &&
           (member->heard_us > 0 || member->failure[0] == '\0');
}

/* -- The leader's side ------------------------------------------------------ */

static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}

static int decode_answer(struct member_state *member, const char *body, size_t size,
                         struct error *error)
{
    json_error_t reason;
    json_t *root = json_loadb(body, size, 0, &reason);
    json_int_t time_ms;
    json_int_t directory;
    json_int_t schema;
    int engine_runs;
    const char *version;
    const char *engine;
    const char *architecture;
    int code = ERROR_NONE;

    if (root == NULL ||
        json_unpack_ex(root, &reason, 0, "{s:I, s:I, s:I, s:b, s:s, s:s, s:s}", "time_ms", &time_ms,
                       "directory_revision", &directory, "schema", &schema, "engine_runs",
                       &engine_runs, "version", &version, "engine", &engine, "architecture",
                       &architecture) != 0) {
        code = error_set(error, ERROR_PROTOCOL, "its answer doesn't decode: %s", reason.text);
    } else {
        uint64_t now_us = clock_monotonic_us();
        int64_t half_way_ms = (int64_t)(now_us - member->beat_us) / 2000;

        member->heard_us = now_us;
        member->clock_skew_ms = (int64_t)time_ms - (int64_t)member->beat_wall_ms - half_way_ms;
        member->directory_revision = directory;
        member->schema_version = schema;
        member->engine_runs = engine_runs != 0;
        copy_text(member->version, sizeof member->version, version);
        copy_text(member->engine, sizeof member->engine, engine);
        copy_text(member->architecture, sizeof member->architecture, architecture);
    }
    json_decref(root);
    return code;
}

static void note_failure(struct member_state *member, const struct error *error)
{
    if (member->failure[0] == '\0') {
        log_event(LOG_LEVEL_WARNING, "cluster", "A member doesn't answer",
                  LOG_INTEGER("id", member->id), LOG_TEXT("reason", error->message));
    }
    copy_text(member->failure, sizeof member->failure, error->message);
    member->unreachable = error->code == ERROR_IO;
}

static void note_success(struct member_state *member)
{
    if (member->failure[0] != '\0') {
        log_event(LOG_LEVEL_INFO, "cluster", "A member answers again",
                  LOG_INTEGER("id", member->id));
    }
    member->failure[0] = '\0';
    member->unreachable = false;
}

/* The engine was told at its start how slow the network is, and can't be told anew. */
static void check_timing(struct cluster *c, const struct member_state *member)
{
    struct tunnel_status status;
    unsigned due_ms;

    tunnel_get_status(c->options.tunnel, member->id, &status);
    due_ms = latency_choose(0, status.rtt_us);
    if (!c->told_slow && due_ms > 2 * c->options.latency_ms) {
        c->told_slow = true;
        log_event(LOG_LEVEL_WARNING, "cluster",
                  "The way to a member is too long for the timing of elections: restart this "
                  "node, or raise its setting \"latency\"",
                  LOG_INTEGER("id", member->id), LOG_INTEGER("rtt_us", status.rtt_us),
                  LOG_INTEGER("latency_ms", c->options.latency_ms),
                  LOG_INTEGER("wanted_ms", due_ms));
    }
}

static void on_answer(struct peer_request *request)
{
    struct member_state *member = request->data;
    struct cluster *c = member->cluster;
    struct error error = ERROR_INIT;

    member->beating = false;
    if (request->error.code != ERROR_NONE) {
        error = request->error;
    } else if (request->status != 200) {
        error_set(&error, ERROR_PROTOCOL, "it answers with status %u", request->status);
    } else {
        decode_answer(member, request->response_body, request->response_size, &error);
    }
    arena_close(&request->arena);
    buffer_close(&member->beat_body);
    if (member->gone) {
        queue_remove(&member->queue);
        free(member);
        return;
    }
    if (c->closing || error.code == ERROR_CANCELED) {
        return;
    }
    if (error.code == ERROR_NONE) {
        note_success(member);
        check_timing(c, member);
    } else {
        note_failure(member, &error);
    }
    if (cluster_leads(c)) {
        tend(c);
        tasks_advance(c);
    }
}

static int encode(const struct cluster *c, struct member_state *member,
                  const struct directory *directory)
{
    const struct raft_server *server = tending_server(c, member->id);
    struct json_writer w;

    buffer_close(&member->beat_body);
    json_writer_init(&w, &member->beat_body, false);
    json_write_object_begin(&w);
    write_integer(&w, "leader", (int64_t)c->options.own_id);
    write_integer(&w, "time_ms", (int64_t)member->beat_wall_ms);
    json_write_key(&w, "votes");
    json_write_bool(&w, server != NULL && server->role == RAFT_VOTER);
    if (member->heard_us == 0 || member->directory_revision < directory->revision) {
        json_write_key(&w, "directory");
        directory_encode(directory, &member->beat_body);
        w.need_comma = true;
    }
    json_write_object_end(&w);
    return buffer_string(&member->beat_body) == NULL ? ERROR_NO_MEMORY : ERROR_NONE;
}

static void send_one(struct cluster *c, struct member_state *member,
                     const struct directory *directory)
{
    if (member->beating || member->gone || member->id == c->options.own_id) {
        return;
    }
    member->beat_wall_ms = wall_ms();
    member->beat_us = clock_monotonic_us();
    if (encode(c, member, directory) != ERROR_NONE) {
        return; /* Memory may be there for the next one. */
    }
    peer_request_init(&member->beat);
    member->beat.data = member;
    member->beat.member_id = member->id;
    member->beat.method = "POST";
    member->beat.target = TARGET;
    member->beat.body = member->beat_body.data;
    member->beat.body_size = member->beat_body.size;
    member->beat.deadline_us = member->beat_us + HEARTBEAT_TIMEOUT_US;
    member->beat.done = on_answer;
    member->beating = true;
    peers_submit(c->peers, &member->beat);
}

void heartbeat_send_all(struct cluster *c)
{
    const struct directory *directory;

    if (!cluster_leads(c) || c->closing) {
        return;
    }
    directory = directory_get(c->options.directory);
    for (struct queue *link = c->members.next; link != &c->members; link = link->next) {
        send_one(c, queue_object(link, struct member_state, queue), directory);
    }
    directory_free((struct directory *)directory);
}

static void on_timer(uv_timer_t *timer)
{
    struct cluster *c = timer->data;

    if (cluster_leads(c)) {
        heartbeat_send_all(c);
        tend(c);
    } else {
        cluster_check_leader(c);
        knock(c);
        quorum_look(c);
    }
    tasks_advance(c);
}

void heartbeat_start(struct cluster *c)
{
    uv_timer_start(&c->heartbeat_timer, on_timer, CLUSTER_HEARTBEAT_MS, CLUSTER_HEARTBEAT_MS);
}

void heartbeat_stop(struct cluster *c)
{
    uv_timer_stop(&c->heartbeat_timer);
}

/* -- A member's side -------------------------------------------------------- */

static int take_directory(struct cluster *c, const json_t *json, struct error *error)
{
    struct directory *directory;
    bool changed = false;
    char *text = json_dumps(json, JSON_COMPACT);
    int code;

    if (text == NULL) {
        return error_no_memory(error);
    }
    code = directory_decode(text, strlen(text), &directory, error);
    free(text);
    if (code == ERROR_NONE) {
        code = directory_holder_set(c->options.directory, directory, &changed, error);
    }
    if (code == ERROR_NONE && changed) {
        cluster_adopt_directory(c);
    }
    return code;
}

static void encode_answer(struct cluster *c, struct buffer *out)
{
    const struct directory *directory = directory_get(c->options.directory);
    struct utsname system = {0};
    struct json_writer w;

    uname(&system);
    json_writer_init(&w, out, false);
    json_write_object_begin(&w);
    write_integer(&w, "time_ms", (int64_t)wall_ms());
    write_integer(&w, "directory_revision", directory->revision);
    write_integer(&w, "schema", schema_of_program.version);
    json_write_key(&w, "engine_runs");
    json_write_bool(&w, true);
    write_text(&w, "version", PACKAGE_VERSION);
    write_text(&w, "engine", node_engine_version());
    write_text(&w, "architecture", system.machine);
    json_write_object_end(&w);
    directory_free((struct directory *)directory);
}

int cluster_receive_heartbeat(struct cluster *c, uint64_t sender_id, const char *body, size_t size,
                              struct buffer *ret_answer, struct error *error)
{
    json_error_t reason;
    json_t *root = json_loadb(body, size, 0, &reason);
    json_t *directory = NULL;
    json_int_t leader;
    int votes;
    int code = ERROR_NONE;

    if (root == NULL || json_unpack_ex(root, &reason, 0, "{s:I, s:b, s?o}", "leader", &leader,
                                       "votes", &votes, "directory", &directory) != 0) {
        code = error_set(error, ERROR_INVALID, "The heartbeat doesn't decode: %s", reason.text);
    } else if ((uint64_t)leader != sender_id) {
        code = error_set(error, ERROR_FORBIDDEN,
                         "A heartbeat of member %lld comes with the key of member %llu",
                         (long long)leader, (unsigned long long)sender_id);
    } else if (directory != NULL) {
        code = take_directory(c, directory, error);
    }
    json_decref(root);
    if (code == ERROR_NONE) {
        cluster_hear_leader(c, sender_id, votes != 0);
        encode_answer(c, ret_answer);
    }
    return code;
}
