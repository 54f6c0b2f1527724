/* Why nobody leads: how many voters there are, how many are needed, and who can be reached. */
#include "base/buffer.h"
#include "base/clock.h"
#include "cluster/cluster_internal.h"

#include <stdlib.h>

#define KNOWN_TIMEOUT_US (2 * UINT64_C(1000000))

static void on_known(struct raft_request *request)
{
    struct cluster *c = request->data;

    c->asking_known = false;
    if (request->error.code == ERROR_NONE) {
        free(c->known_servers);
        c->known_servers = request->servers;
        c->n_known = request->n_servers;
    }
}

void quorum_look(struct cluster *c)
{
    struct leadership_view view;

    leadership_get(c->leadership, &view);
    if (view.place != LEADERSHIP_NOWHERE || c->raft == NULL || c->asking_known || c->closing) {
        return;
    }
    c->asking_known = true;
    raft_request_init(&c->known_request);
    c->known_request.data = c;
    c->known_request.kind = RAFT_KNOWN_SERVERS;
    c->known_request.deadline_us = clock_monotonic_us() + KNOWN_TIMEOUT_US;
    c->known_request.done = on_known;
    raft_submit(c->raft, &c->known_request);
}

static bool is_connected(struct cluster *c, uint64_t id)
{
    struct tunnel_status status;

    if (id == c->options.own_id) {
        return true;
    }
    tunnel_get_status(c->options.tunnel, id, &status);
    return status.n_links > 0;
}

static void write_arithmetic(struct cluster *c, struct buffer *out)
{
    size_t n_voters = 0;
    size_t n_connected = 0;

    for (size_t i = 0; i < c->n_known; i++) {
        if (c->known_servers[i].role == RAFT_VOTER) {
            n_voters++;
            n_connected += is_connected(c, c->known_servers[i].id);
        }
    }
    if (n_voters == 0) {
        /* It was never told, or has not been asked yet. */
        buffer_printf(out, "a majority of its voters must be up and reach each other (2 of 3, 3 of "
                           "5)");
        return;
    }
    buffer_printf(out,
                  "of its %zu %s %zu must be up and reach each other, and from %s %zu can be "
                  "reached",
                  n_voters, n_voters == 1 ? "voter" : "voters", n_voters / 2 + 1, c->name,
                  n_connected);
}

static void write_others(struct cluster *c, struct buffer *out)
{
    const struct directory *directory = directory_get(c->options.directory);
    const char *separator = "";

    buffer_printf(out, ". %s sees", c->name);
    for (size_t i = 0; i < directory->n_members; i++) {
        const struct directory_member *member = &directory->members[i];
        struct tunnel_status status;

        if (member->id == c->options.own_id) {
            continue;
        }
        tunnel_get_status(c->options.tunnel, member->id, &status);
        buffer_printf(out, "%s %s (%s): %s", separator, member->name, member->address,
                      status.n_links > 0          ? "connected"
                      : status.failure[0] != '\0' ? status.failure
                                                  : "not connected");
        separator = ";";
    }
    if (directory->n_members < 2) {
        buffer_append_string(out, " no other member");
    }
    directory_free((struct directory *)directory);
}

void quorum_explain(void *data, struct error *error)
{
    struct cluster *c = data;
    struct buffer text = {0};
    const char *words;

    if (knock_is_unknown(c)) {
        error_set(error, ERROR_UNAVAILABLE, "%s", KNOCK_UNKNOWN);
        return;
    }
    buffer_printf(&text, "No member of the cluster leads: ");
    write_arithmetic(c, &text);
    write_others(c, &text);
    words = buffer_string(&text);
    error_set(error, ERROR_UNAVAILABLE, "%s", words == NULL ? "No member leads" : words);
    buffer_close(&text);
}
