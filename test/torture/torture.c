/* torture: breaks a cluster under load, and checks that its clients noticed nothing but
 * pauses. README.md says how to read what it tells. */
#include "test/torture/check.h"
#include "test/torture/client.h"
#include "test/torture/faults.h"
#include "test/torture/report.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MAX   32 /* The checker decides about 64 at once on one record. */
#define CONVERGE_MS   60000
#define EXIT_USAGE    2
#define EXIT_CANT_RUN 3
#define EXIT_TOO_FEW  77
#define TIME_MAX_S    (24 * 3600)

struct options {
    const char *dir; /* NULL: a new one. */
    unsigned start;  /* Nodes to start; 0: the cluster runs. */
    uint64_t seed;
    unsigned time_s;
    unsigned clients;
    unsigned keys;
    unsigned timeout_ms;
    unsigned keyed_percent;
    unsigned leader_kills; /* 0: faults by chance. */
    unsigned min_ops;
    const char *faults;
};

static void usage(FILE *file)
{
    fprintf(file,
            "usage: torture [OPTION]...\n"
            "      --dir DIR         a cluster of contrib/cluster (default: a new one)\n"
            "      --start N         starts one of N nodes first, and stops it in the end\n"
            "      --seed N          what chance decides (default: by the time of day)\n"
            "      --time S          how long (default: 30)\n"
            "      --clients N       at once, 1 to %d (default: 8)\n"
            "      --keys N          records, 1 to %d (default: 6)\n"
            "      --timeout MS      a client's patience (default: 20000)\n"
            "      --keyed PERCENT   writes with an Idempotency-Key (default: 50)\n"
            "      --faults LIST     of " FAULTS_NAMES ",all9, or none\n"
            "                        (default: all but all9)\n"
            "      --leader-kills N  instead of faults for a time: N kills of the leader\n"
            "      --min-ops N       a run with fewer operations proves nothing (default: 1000)\n"
            "SIGTERM and SIGINT end it early: it is judged by what it did.\n"
            "Exit codes: 0 all rules hold; 1 one is broken; 2 usage; 3 it couldn't be run;\n"
            "77 too few operations.\n",
            CLIENTS_MAX, CLIENT_KEYS_MAX);
}

static unsigned read_number(const char *text, unsigned min, unsigned max)
{
    char *end = NULL;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < min || value > max) {
        fprintf(stderr, "torture: %s isn't a number of %u to %u\n", text, min, max);
        exit(EXIT_USAGE);
    }
    return (unsigned)value;
}

static void read_options(int argc, char **argv, struct options *o)
{
    static const struct option names[] = {
        {"dir", required_argument, NULL, 'd'},
        {"start", required_argument, NULL, 'n'},
        {"seed", required_argument, NULL, 's'},
        {"time", required_argument, NULL, 't'},
        {"clients", required_argument, NULL, 'c'},
        {"keys", required_argument, NULL, 'k'},
        {"timeout", required_argument, NULL, 'w'},
        {"keyed", required_argument, NULL, 'i'},
        {"faults", required_argument, NULL, 'f'},
        {"leader-kills", required_argument, NULL, 'l'},
        {"min-ops", required_argument, NULL, 'm'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;

    *o = (struct options){.seed = (uint64_t)time(NULL),
                          .time_s = 30,
                          .clients = 8,
                          .keys = 6,
                          .timeout_ms = 20000,
                          .keyed_percent = 50,
                          .min_ops = 1000,
                          .faults = FAULTS_NAMES};
    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (option) {
        case 'd':
            o->dir = optarg;
            break;
        case 'n':
            o->start = read_number(optarg, 1, NODES_MAX);
            break;
        case 's':
            o->seed = read_number(optarg, 0, UINT32_MAX);
            break;
        case 't':
            o->time_s = read_number(optarg, 1, TIME_MAX_S);
            break;
        case 'c':
            o->clients = read_number(optarg, 1, CLIENTS_MAX);
            break;
        case 'k':
            o->keys = read_number(optarg, 1, CLIENT_KEYS_MAX);
            break;
        case 'w':
            o->timeout_ms = read_number(optarg, 1, 3600 * 1000);
            break;
        case 'i':
            o->keyed_percent = read_number(optarg, 0, 100);
            break;
        case 'f':
            o->faults = optarg;
            break;
        case 'l':
            o->leader_kills = read_number(optarg, 1, 100000);
            break;
        case 'm':
            o->min_ops = read_number(optarg, 0, UINT32_MAX);
            break;
        case 'h':
            usage(stdout);
            exit(EXIT_SUCCESS);
        default:
            usage(stderr);
            exit(EXIT_USAGE);
        }
    }
    if (optind != argc || (o->dir == NULL && o->start == 0)) {
        usage(stderr);
        exit(EXIT_USAGE);
    }
}

static struct faults faults;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&faults.ended, true);
}

/* A long run that is asked to end is judged by what it did. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

/* All clients under faults. The histories end up in HISTORY. */
static int run(const struct options *o, struct nodes *nodes, struct client_plan *plan,
               struct history *history)
{
    struct client *clients = calloc(CLIENTS_MAX + 1, sizeof *clients);
    struct client *observer = clients + CLIENTS_MAX;
    unsigned n_started = 0;
    int rv = clients == NULL ? -1 : 0;

    while (rv == 0 && n_started < o->clients) {
        rv = client_start(&clients[n_started], plan, n_started);
        n_started += rv == 0;
    }
    if (rv == 0) {
        rv = o->leader_kills > 0
                 ? faults_kill_leaders(&faults, o->leader_kills)
                 : faults_run(&faults, nodes_now_us() + o->time_s * INT64_C(1000000));
    }
    atomic_store(&plan->finished, true);
    for (unsigned i = 0; i < n_started; i++) {
        client_join(&clients[i]);
    }
    /* The records as all nodes have them, judged with all that happened before. */
    if (rv == 0) {
        observer->plan = plan;
        observer->number = CLIENTS_MAX;
        rng_init(&observer->rng, o->seed, CLIENTS_MAX + 1);
        history_init(&observer->history);
        for (unsigned k = 1; k <= nodes->n_nodes; k++) {
            client_note_state(observer, k, HISTORY_LIST);
        }
        if (!client_wait_converged(plan, CONVERGE_MS)) {
            fprintf(stderr, "torture: the nodes don't have the same records after %d ms\n",
                    CONVERGE_MS);
        }
        for (unsigned k = 1; k <= nodes->n_nodes; k++) {
            client_note_state(observer, k, HISTORY_FINAL);
        }
    }
    for (unsigned i = 0; clients != NULL && i <= CLIENTS_MAX; i++) {
        for (size_t j = 0; j < clients[i].history.n_operations; j++) {
            history_add(history, &clients[i].history.operations[j]);
        }
        client_close(&clients[i]);
    }
    free(clients);
    return rv;
}

static int keep_history(const struct history *history, const char *path)
{
    FILE *file = fopen(path, "we");
    int rv = file == NULL ? -1 : 0;

    for (size_t i = 0; rv == 0 && i < history->n_operations; i++) {
        rv = history_write_line(file, &history->operations[i]);
    }
    if (file == NULL || fclose(file) != 0) {
        fprintf(stderr, "torture: can't write %s: %s\n", path, strerror(errno));
        rv = -1;
    }
    return rv;
}

/* Judges HISTORY and returns the exit code. */
static int judge(const struct options *o, const struct history *history)
{
    struct check_report *report = calloc(1, sizeof *report);
    int status = EXIT_SUCCESS;

    if (report == NULL) {
        fprintf(stderr, "torture: out of memory\n");
        return EXIT_CANT_RUN;
    }
    if (!check_history(history, report)) {
        check_print(stdout, report);
        status = EXIT_FAILURE;
    } else if (history->n_operations < o->min_ops) {
        printf("%zu operations are too few to prove anything: at least %u\n", history->n_operations,
               o->min_ops);
        status = EXIT_TOO_FEW;
    } else {
        printf("all rules hold\n");
    }
    free(report);
    return status;
}

static void remove_dir(const char *dir)
{
    const char *const argv[] = {"rm", "-rf", dir, NULL};

    nodes_run(argv);
}

int main(int argc, char **argv)
{
    char made_dir[] = "/tmp/lbstate-torture-XXXXXX";
    char path[NODES_PATH_SIZE + 16];
    struct options o;
    struct nodes nodes;
    struct client_plan plan;
    struct history history;
    int64_t start_us;
    unsigned restarts;
    int status = EXIT_CANT_RUN;

    read_options(argc, argv, &o);
    memset(&plan, 0, sizeof plan);
    plan.nodes = &nodes;
    plan.seed = o.seed;
    plan.n_keys = o.keys;
    plan.keyed_percent = o.keyed_percent;
    plan.timeout_ms = (int)o.timeout_ms;
    plan.run = (uint64_t)time(NULL) << 20 | ((uint64_t)getpid() & 0xfffff);
    if (faults_init(&faults, &plan, o.leader_kills > 0 ? "none" : o.faults) != 0) {
        return EXIT_USAGE;
    }
    catch_signals();
    json_object_seed(0); /* Not from several threads at once. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("seed %" PRIu64 "\n", o.seed);
    if (o.dir == NULL && mkdtemp(made_dir) == NULL) {
        fprintf(stderr, "torture: can't make a directory: %s\n", strerror(errno));
        return EXIT_CANT_RUN;
    }
    if ((o.start > 0 ? nodes_start(&nodes, o.dir == NULL ? made_dir : o.dir, o.start)
                     : nodes_open(&nodes, o.dir)) != 0) {
        return EXIT_CANT_RUN;
    }
    history_init(&history);
    if (nodes_heal(&nodes) != 0 || client_prepare(&plan) != 0) {
        goto out;
    }
    restarts = nodes_restarts(&nodes);
    start_us = nodes_now_us();
    status = run(&o, &nodes, &plan, &history) == 0 ? EXIT_SUCCESS : EXIT_CANT_RUN;
    report_operations(stdout, &history, nodes_now_us() - start_us);
    printf("faults: %u\n", faults.n_done);
    restarts = nodes_restarts(&nodes) - restarts;
    if (restarts > faults.n_crashes) {
        printf("daemons died %u times without being killed: see the logs of the nodes\n",
               restarts - faults.n_crashes);
    }
    snprintf(path, sizeof path, "%s/faults", nodes.dir);
    if (report_pauses(stdout, &history, path, start_us) != 0) {
        status = EXIT_CANT_RUN;
    }
    snprintf(path, sizeof path, "%s/history.jsonl", nodes.dir);
    if (keep_history(&history, path) != 0) {
        status = EXIT_CANT_RUN;
    }
    /* What was noted is judged even if the run broke off: it may say why. */
    if (status == EXIT_SUCCESS) {
        status = judge(&o, &history);
    } else if (judge(&o, &history) == EXIT_FAILURE) {
        status = EXIT_FAILURE;
    }

out:
    history_close(&history);
    if (o.start > 0 && nodes_stop(&nodes) != 0) {
        status = EXIT_CANT_RUN;
    }
    if (status == EXIT_SUCCESS && o.dir == NULL) {
        remove_dir(made_dir);
    } else if (status != EXIT_SUCCESS) {
        printf("seed %" PRIu64 "; history, faults and logs: %s\n", o.seed, nodes.dir);
    }
    return status;
}
