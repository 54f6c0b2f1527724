#include "test/torture/faults.h"

#include <stdio.h>
#include <string.h>

#define CALM_MS_MAX    1500 /* Between two faults. */
#define FAULT_MS_MIN   200  /* How long one lasts. */
#define FAULT_MS_MAX   4000
#define STEP_MS        5
#define LEADER_TRIES   200 /* To find one, right after an election. */
#define ACKNOWLEDGE_US (60 * INT64_C(1000000))
#define CATCH_UP_MS    60000
#define TARGETS_SIZE   32

enum fault_flag {
    OF_LEADER = 1, /* Half of the time. */
    OF_MANY = 2,   /* A minority, rather than one. */
    OF_ALL = 4,
    TURNS_AWAY = 8, /* The node may answer that it isn't ready. */
};

static const struct fault {
    const char *name;
    const char *command; /* Of contrib/kill. */
    unsigned flags;
} fault_table[] = {
    {"kill9", "kill9", OF_LEADER | OF_MANY | TURNS_AWAY},
    {"crash", "crash", OF_LEADER | TURNS_AWAY},
    {"term", "term", OF_LEADER | TURNS_AWAY},
    {"restart", "restart", OF_LEADER | TURNS_AWAY},
    {"stop", "stop", OF_LEADER | OF_MANY},
    {"isolate", "isolate", OF_LEADER | OF_MANY},
    {"partition", "partition", OF_LEADER | OF_MANY},
    {"delay", "delay", OF_LEADER},
    {"loss", "loss", OF_LEADER},
    {"all9", "kill9", OF_ALL | TURNS_AWAY},
};

#define N_FAULTS (sizeof fault_table / sizeof *fault_table)

int faults_init(struct faults *faults, struct client_plan *plan, const char *list)
{
    memset(faults, 0, sizeof *faults);
    faults->nodes = plan->nodes;
    faults->plan = plan;
    rng_init(&faults->rng, plan->seed, 0);
    if (strcmp(list, "none") == 0) {
        return 0;
    }
    while (*list != '\0') {
        size_t size = strcspn(list, ",");
        size_t i = 0;

        while (i < N_FAULTS && (strlen(fault_table[i].name) != size ||
                                strncmp(fault_table[i].name, list, size) != 0)) {
            i++;
        }
        if (i == N_FAULTS) {
            fprintf(stderr, "faults: %.*s is none\n", (int)size, list);
            return -1;
        }
        faults->kinds |= 1U << i;
        list += size;
        list += *list == ',';
    }
    return 0;
}

/* A minority: what a cluster survives. A cluster of two or less survives nothing, but
 * its clients can wait. */
static unsigned minority(const struct nodes *nodes)
{
    return nodes->n_nodes <= 2 ? 1 : (nodes->n_nodes - 1) / 2;
}

/* Writes numbers of N different nodes into TARGETS. */
static void choose_nodes(struct faults *faults, unsigned n, char targets[TARGETS_SIZE])
{
    unsigned first = rng_below(&faults->rng, faults->nodes->n_nodes);
    size_t used = 0;

    for (unsigned i = 0; i < n; i++) {
        used += (size_t)snprintf(targets + used, TARGETS_SIZE - used, "%s%u", i == 0 ? "" : ",",
                                 (first + i) % faults->nodes->n_nodes + 1);
    }
}

/* All of them, where it isn't known which one it will be. */
static void excuse(struct faults *faults, const char *targets)
{
    for (unsigned k = 1; k <= faults->nodes->n_nodes; k++) {
        if (strcmp(targets, "leader") == 0 || strchr(targets, (int)('0' + k)) != NULL) {
            atomic_store(&faults->nodes->excused[k], true);
        }
    }
}

/* Returns as nodes_kill(). Right after an election nobody may lead, or somebody may name
 * one that is gone: then the leader is looked for again. */
static int kill_patiently(struct faults *faults, const char *command, const char *targets)
{
    int tries = strcmp(targets, "leader") == 0 ? LEADER_TRIES : 1;
    int rv = -1;

    while (rv == -1 && tries-- > 0) {
        rv = nodes_kill(faults->nodes, command, targets);
        if (rv == -1) {
            nodes_pause_ms(STEP_MS);
        }
    }
    faults->n_done += rv == 0;
    return rv;
}

/* Returns as nodes_kill(). */
static int inject(struct faults *faults, const struct fault *fault)
{
    char targets[TARGETS_SIZE] = "leader";
    int rv;

    if ((fault->flags & OF_ALL) != 0) {
        choose_nodes(faults, faults->nodes->n_nodes, targets);
    } else if ((fault->flags & OF_LEADER) == 0 || rng_below(&faults->rng, 2) != 0) {
        choose_nodes(faults,
                     (fault->flags & OF_MANY) != 0
                         ? 1 + rng_below(&faults->rng, minority(faults->nodes))
                         : 1,
                     targets);
    }
    if ((fault->flags & TURNS_AWAY) != 0) {
        excuse(faults, targets);
    }
    rv = kill_patiently(faults, fault->command, targets);
    faults->n_crashes += rv == 0 && strcmp(fault->name, "crash") == 0;
    return rv;
}

static void pass_time(int64_t ms, int64_t end_us)
{
    int64_t until_us = nodes_now_us() + ms * 1000;

    until_us = until_us < end_us ? until_us : end_us;
    while (nodes_now_us() < until_us) {
        nodes_pause_ms(STEP_MS);
    }
}

/* True once writes are acknowledged again. */
static bool wait_acknowledged(struct faults *faults)
{
    uint64_t before = atomic_load(&faults->plan->n_acknowledged);
    int64_t end_us = nodes_now_us() + ACKNOWLEDGE_US;

    while (atomic_load(&faults->plan->n_acknowledged) == before) {
        if (nodes_now_us() > end_us) {
            fprintf(stderr, "faults: no write is acknowledged, though enough nodes are well\n");
            return false;
        }
        nodes_pause_ms(STEP_MS);
    }
    return true;
}

static unsigned choose_kind(struct faults *faults)
{
    for (;;) {
        unsigned kind = rng_below(&faults->rng, N_FAULTS);

        if ((faults->kinds & 1U << kind) != 0) {
            return kind;
        }
    }
}

int faults_run(struct faults *faults, int64_t end_us)
{
    while (nodes_now_us() < end_us && !atomic_load(&faults->ended)) {
        unsigned kind;
        int rv;

        pass_time(rng_below(&faults->rng, CALM_MS_MAX), end_us);
        if (faults->kinds == 0 || nodes_now_us() >= end_us) {
            continue;
        }
        kind = choose_kind(faults);
        rv = inject(faults, &fault_table[kind]);
        if (rv == NODES_CANNOT) {
            fprintf(stderr, "faults: going on without %s\n", fault_table[kind].name);
            faults->kinds &= ~(1U << kind);
        } else if (rv != 0) {
            return -1;
        }
        pass_time(rv == 0 ? FAULT_MS_MIN + rng_below(&faults->rng, FAULT_MS_MAX - FAULT_MS_MIN) : 0,
                  end_us);
        if (nodes_heal(faults->nodes) != 0 || !wait_acknowledged(faults)) {
            return -1;
        }
    }
    return nodes_heal(faults->nodes);
}

int faults_kill_leaders(struct faults *faults, unsigned n)
{
    for (unsigned i = 0; i < n && !atomic_load(&faults->ended); i++) {
        if (!wait_acknowledged(faults)) {
            return -1;
        }
        excuse(faults, "leader");
        if (kill_patiently(faults, "kill9", "leader") != 0) {
            return -1;
        }
        /* A cluster of three goes on without it; a smaller one has to have it back. */
        if (faults->nodes->n_nodes > 2 && !wait_acknowledged(faults)) {
            return -1;
        }
        if (nodes_heal(faults->nodes) != 0) {
            return -1;
        }
        /* Until then there is a majority only with one that lacks what was acknowledged: the next
         * kill would measure how long that takes. */
        if (!client_wait_caught_up(faults->plan, CATCH_UP_MS)) {
            fprintf(stderr, "faults: a node that was started again lags for %d ms\n", CATCH_UP_MS);
            return -1;
        }
    }
    return 0;
}
