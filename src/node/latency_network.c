/* How far away the other members are, before the engine starts: it can't be told later. */
#include "base/clock.h"
#include "node/latency.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/* How often the tunnel is asked what became of the links. */
#define STEP_NS 2000000

/* True if nothing more is to be learnt of the way to member ID. */
static bool is_settled(struct tunnel *tunnel, uint64_t id, uint64_t *rtt_us)
{
    struct tunnel_status status;

    tunnel_get_status(tunnel, id, &status);
    if (status.n_links > 0 && status.rtt_us > *rtt_us) {
        *rtt_us = status.rtt_us;
    }
    return (status.n_links > 0 && status.rtt_us > 0) || status.failure[0] != '\0';
}

static bool all_are_settled(struct tunnel *tunnel, const struct directory *directory,
                            const int *fds, uint64_t *rtt_us)
{
    bool all = true;

    for (size_t i = 0; i < directory->n_members; i++) {
        if (fds[i] >= 0 && !is_settled(tunnel, directory->members[i].id, rtt_us)) {
            all = false;
        }
    }
    return all;
}

uint64_t latency_measure_network(struct tunnel *tunnel, struct directory_holder *holder,
                                 uint64_t own_id)
{
    const struct timespec step = {.tv_nsec = STEP_NS};
    const struct directory *directory = directory_get(holder);
    uint64_t end_us = clock_monotonic_us() + LATENCY_NETWORK_US;
    int fds[MEMBERS_MAX];
    uint64_t rtt_us = 0;
    struct error error;

    for (size_t i = 0; i < directory->n_members; i++) {
        if (directory->members[i].id == own_id ||
            tunnel_connect(tunnel, directory->members[i].id, &fds[i], &error) != ERROR_NONE) {
            fds[i] = -1; /* It counts as one that isn't there. */
        }
    }
    while (!all_are_settled(tunnel, directory, fds, &rtt_us) && clock_monotonic_us() < end_us) {
        nanosleep(&step, NULL);
    }
    for (size_t i = 0; i < directory->n_members; i++) {
        if (fds[i] >= 0) {
            close(fds[i]);
        }
    }
    directory_free((struct directory *)directory);
    return rtt_us;
}
