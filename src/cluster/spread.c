/* All members are told what the records say, and have said that they know. */
#include "base/clock.h"
#include "cluster/cluster_internal.h"

#include <stdio.h>
#include <string.h>

struct spread {
    struct task_state base;
    uint64_t reading; /* The number of the first reading that began after the task; 0: none yet. */
};

/* Appends the members that don't know DIRECTORY, and says whether there are any. EXCEPT isn't
 * counted; NULL: all are. */
static bool name_ignorant(struct cluster *c, const struct directory *directory, const char *except,
                          char *out, size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < directory->n_members; i++) {
        const struct directory_member *entry = &directory->members[i];
        const struct member_state *member = cluster_find(c, entry->id);

        if (entry->id != c->options.own_id &&
            (except == NULL || strcmp(entry->name, except) != 0) &&
            (member == NULL || member->heard_us == 0 ||
             member->directory_revision < directory->revision) &&
            used < size - 1) {
            used += (size_t)snprintf(out + used, size - used, "%s%s", used == 0 ? "" : ", ",
                                     entry->name);
        }
    }
    return out[0] != '\0';
}

static void advance(struct task_state *state)
{
    struct spread *s = (struct spread *)state;
    struct cluster *c = state->task->cluster;
    const struct directory *directory;
    char names[400];
    struct error error;

    if (!cluster_leads(c)) {
        error_set(&error, ERROR_NOT_LEADER, "This member doesn't lead");
        task_end(state, &error);
        return;
    }
    if (s->reading == 0) {
        s->reading = refresh_start(c);
    }
    if (c->n_refreshed < s->reading) {
        return;
    }
    directory = directory_get(c->options.directory);
    if (name_ignorant(c, directory, state->task->name, names, sizeof names)) {
        snprintf(state->waits_for, sizeof state->waits_for,
                 "Not all members could be told in time: %s", names);
        heartbeat_send_all(c);
    } else {
        task_end(state, NULL);
    }
    directory_free((struct directory *)directory);
}

void cluster_spread(struct cluster *c, struct cluster_task *task)
{
    task_begin(c, task, sizeof(struct spread), advance);
}
