#include "test/lib/fake_cluster.h"

#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <string.h>

void fake_cluster_set_members(struct cluster *c, size_t n_members)
{
    struct error error;

    assert_true(n_members <= FAKE_MEMBERS_MAX);
    directory_free(c->directory);
    assert_int_equal(directory_new(n_members, 0, &c->directory, &error), ERROR_NONE);
    c->directory->revision = 1;
    memset(c->directory->fingerprint, 'f', PIN_TEXT_SIZE - 1);
    for (size_t i = 0; i < n_members; i++) {
        struct directory_member *member = &c->directory->members[i];

        member->id = i + 1;
        snprintf(member->name, sizeof member->name, "n%zu", i + 1);
        snprintf(member->address, sizeof member->address, "127.0.0.%zu:8443", i + 1);
        snprintf(member->raft_address, sizeof member->raft_address, "@lbstate-%zu", i + 1);
        memset(member->pin, (int)(0x11 * (i + 1)), sizeof member->pin);
    }
}

void fake_cluster_open(struct cluster *c, uv_loop_t *loop, size_t n_members)
{
    memset(c, 0, sizeof *c);
    c->enabled = n_members > 0;
    c->own_id = 1;
    snprintf(c->own_name, sizeof c->own_name, "n1");
    fake_cluster_set_members(c, n_members);
    for (size_t id = 1; id <= n_members; id++) {
        c->statuses[id] = (struct cluster_status){
            .known = true,
            .online = true,
            .in_raft = true,
            .role = RAFT_VOTER,
            .leads = id == 1,
            .revision = 5,
            .schema_version = 1,
            .version = "1.0",
            .engine = "engine 1",
            .architecture = "x86_64",
        };
    }
    c->health = (struct roles_health){
        .n_voters = 3, .n_voters_online = 3, .majority = 2, .survives = 1, .has_majority = true};
    assert_int_equal(uv_idle_init(loop, &c->idle), 0);
    c->idle.data = c;
}

void fake_cluster_close(struct cluster *c)
{
    assert_null(c->task);
    directory_free(c->directory);
    uv_close((uv_handle_t *)&c->idle, NULL);
}

struct leadership *cluster_leadership(struct cluster *c)
{
    return c->leadership;
}

struct peers *cluster_peers(struct cluster *c)
{
    return c->peers;
}

const struct directory *cluster_directory(struct cluster *c)
{
    c->directory->refs++;
    return c->directory;
}

bool cluster_enabled(const struct cluster *c)
{
    return c->enabled;
}

const char *cluster_own_name(const struct cluster *c)
{
    return c->enabled ? c->own_name : "";
}

uint64_t cluster_own_id(const struct cluster *c)
{
    return c->own_id;
}

void cluster_own_pin(const struct cluster *c, uint8_t ret_pin[PIN_SIZE])
{
    memcpy(ret_pin, directory_by_id(c->directory, c->own_id)->pin, PIN_SIZE);
}

const char *cluster_own_address(const struct cluster *c)
{
    return c->enabled ? c->directory->members[0].address : "";
}

void cluster_get_status(struct cluster *c, uint64_t member_id, struct cluster_status *ret_status)
{
    *ret_status = member_id <= FAKE_MEMBERS_MAX ? c->statuses[member_id]
                                                : (struct cluster_status){.revision = -1};
}

void cluster_get_health(struct cluster *c, struct roles_health *ret_health, char *line,
                        size_t line_size)
{
    *ret_health = c->health;
    snprintf(line, line_size, "Survives %u more failure.", c->health.survives);
}

static void on_idle(uv_idle_t *idle)
{
    struct cluster *c = idle->data;
    struct cluster_task *task = c->task;

    uv_idle_stop(idle);
    c->task = NULL;
    task->error = c->outcome;
    task->done(task);
}

static void begin(struct cluster *c, struct cluster_task *task, const char *what)
{
    assert_null(c->task);
    c->task = task;
    c->last = (struct fake_task){.what = what, .force = task->force};
    snprintf(c->last.name, sizeof c->last.name, "%s", task->name == NULL ? "" : task->name);
    snprintf(c->last.address, sizeof c->last.address, "%s",
             task->address == NULL ? "" : task->address);
    uv_idle_start(&c->idle, on_idle);
}

void cluster_enable(struct cluster *c, struct cluster_task *task)
{
    begin(c, task, "enable");
}

void cluster_remove(struct cluster *c, struct cluster_task *task)
{
    begin(c, task, "remove");
}

void cluster_transfer(struct cluster *c, struct cluster_task *task)
{
    begin(c, task, "transfer");
}

void cluster_rotate_key(struct cluster *c, struct cluster_task *task)
{
    begin(c, task, "rotate-key");
}

void cluster_move(struct cluster *c, struct cluster_task *task)
{
    begin(c, task, "move");
}

void cluster_spread(struct cluster *c, struct cluster_task *task)
{
    begin(c, task, "spread");
}

void cluster_survey(struct cluster *c, struct cluster_task *task)
{
    begin(c, task, "survey");
}

void cluster_refresh(struct cluster *c)
{
    c->n_refreshes++;
}

int cluster_receive_heartbeat(struct cluster *c, uint64_t sender_id, const char *body, size_t size,
                              struct buffer *ret_answer, struct error *error)
{
    if (size == 0) {
        return error_set(error, ERROR_INVALID, "The heartbeat doesn't decode");
    }
    c->heartbeat_of = sender_id;
    buffer_append(ret_answer, body, size);
    return ERROR_NONE;
}

void cluster_receive_removal(struct cluster *c)
{
    c->n_removals++;
}

struct raft *cluster_raft(struct cluster *c)
{
    (void)c;
    return NULL;
}
