/* From the records of members, tokens and settings to what this node works with. The leader reads
 * them; the others get the directory with its heartbeats. */
#include "base/clock.h"
#include "base/log.h"
#include "cluster/cluster_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFRESH_TIMEOUT_US (5 * UINT64_C(1000000))

static unsigned setting(const struct string_map *config, const char *key, unsigned standard)
{
    const char *text = string_map_get(config, key);

    /* Values were checked when they were set. */
    return text == NULL || *text == '\0' ? standard : (unsigned)strtoul(text, NULL, 10);
}

static void take_settings(struct cluster *c, const struct string_map *config)
{
    c->settings.offline_after_ms =
        setting(config, "cluster.offline_threshold", CLUSTER_OFFLINE_THRESHOLD_S) * 1000;
    c->settings.roles.max_voters = setting(config, "cluster.max_voters", ROLES_VOTERS_DEFAULT);
    c->settings.roles.max_standbys = setting(config, "cluster.max_standby", ROLES_STANDBYS_DEFAULT);
}

static bool has_role(const struct cluster_member *member, const char *role)
{
    for (size_t i = 0; i < member->n_roles; i++) {
        if (strcmp(member->roles[i], role) == 0) {
            return true;
        }
    }
    return false;
}

static int take_records(struct cluster *c, const struct store_member_request *r,
                        struct error *error)
{
    struct cluster_record *records = calloc(r->n_members + 1, sizeof *records);

    if (records == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < r->n_members; i++) {
        records[i].id = (uint64_t)r->members[i].id;
        records[i].evacuated = strcmp(r->members[i].state, "evacuated") == 0;
        records[i].client_only = has_role(&r->members[i], "database-client");
        snprintf(records[i].name, sizeof records[i].name, "%s", r->members[i].name);
        snprintf(records[i].failure_domain, sizeof records[i].failure_domain, "%s",
                 r->members[i].failure_domain);
    }
    free(c->records);
    c->records = records;
    c->n_records = r->n_members;
    return ERROR_NONE;
}

static int take(struct cluster *c, const struct store_member_request *r, struct error *error)
{
    struct directory *directory;
    bool changed = false;
    int code = take_records(c, r, error);

    if (code != ERROR_NONE) {
        return code;
    }
    take_settings(c, &r->config);
    c->refreshed = true;
    if (r->n_members == 0) {
        return ERROR_NONE; /* It stands alone. */
    }
    code = store_member_directory(r, &directory, error);
    if (code == ERROR_NONE) {
        code = directory_holder_set(c->options.directory, directory, &changed, error);
    }
    if (code == ERROR_NONE && changed) {
        cluster_adopt_directory(c);
        heartbeat_send_all(c);
    }
    return code;
}

static void on_read(struct store_request *done)
{
    struct cluster *c = done->data;
    struct error error = done->error;

    c->refreshing = false;
    if (error.code == ERROR_NONE && take(c, &c->refresh, &error) == ERROR_NONE) {
        c->n_refreshed = c->n_refreshes;
    }
    if (error.code != ERROR_NONE && error.code != ERROR_NOT_LEADER &&
        error.code != ERROR_CANCELED && error.code != ERROR_UNAVAILABLE) {
        log_event(LOG_LEVEL_WARNING, "cluster", "The members' records can't be read",
                  LOG_TEXT("reason", error.message));
    }
    arena_close(&done->arena);
    if (c->closing) {
        tasks_advance_soon(c); /* It waited for this. */
        return;
    }
    if (c->refresh_again) {
        c->refresh_again = false;
        refresh_start(c);
    } else if (error.code == ERROR_NONE && cluster_leads(c)) {
        tend(c);
    }
    tasks_advance(c);
}

uint64_t refresh_start(struct cluster *c)
{
    if (c->closing) {
        return UINT64_MAX;
    }
    if (c->refreshing) {
        c->refresh_again = true;
        return c->n_refreshes + 1;
    }
    c->refreshing = true;
    c->n_refreshes++;
    memset(&c->refresh, 0, sizeof c->refresh);
    store_request_init(&c->refresh.base);
    c->refresh.base.data = c;
    c->refresh.base.kind = STORE_READ;
    c->refresh.base.name = "cluster_refresh";
    c->refresh.base.run = store_member_get_all;
    c->refresh.base.done = on_read;
    c->refresh.base.deadline_us = clock_monotonic_us() + REFRESH_TIMEOUT_US;
    store_submit(c->options.store, &c->refresh.base);
    return c->n_refreshes;
}
