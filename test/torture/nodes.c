#include "test/torture/nodes.h"

#include "test/lib/daemon.h"
#include "test/lib/http_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READY_TIMEOUT_US (120 * INT64_C(1000000))
#define READY_CALL_MS    2000
#define CLUSTER          TOP_DIR "/contrib/cluster"
#define KILL             TOP_DIR "/contrib/kill"

int64_t nodes_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void nodes_pause_ms(int64_t ms)
{
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

int nodes_run(const char *const argv[])
{
    char *output = NULL;
    int status = daemon_run_program(argv, &output);
    int code = status >= 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;

    if (code != 0) {
        fprintf(stderr, "nodes: %s %s: code %d: %s", argv[0], argv[1], code,
                output == NULL ? "\n" : output);
    }
    free(output);
    return code;
}

static int set_dir(struct nodes *nodes, const char *dir)
{
    char *whole = realpath(dir, NULL);
    int size;

    memset(nodes, 0, sizeof *nodes);
    if (whole == NULL) {
        fprintf(stderr, "nodes: %s: %s\n", dir, strerror(errno));
        return -1;
    }
    size = snprintf(nodes->dir, sizeof nodes->dir, "%s", whole);
    free(whole);
    for (unsigned k = 1; k <= NODES_MAX; k++) {
        if (size < 0 ||
            snprintf(nodes->sockets[k], sizeof nodes->sockets[k], "%.80s/node%u/unix.socket",
                     nodes->dir, k) != size + (int)strlen("/node1/unix.socket")) {
            fprintf(stderr, "nodes: the path %s is too long\n", dir);
            return -1;
        }
    }
    return 0;
}

/* A socket may be missing just now, the directory of a node never is. */
static bool has_node(const struct nodes *nodes, unsigned k)
{
    char path[NODES_PATH_SIZE + 16];

    snprintf(path, sizeof path, "%s/node%u", nodes->dir, k);
    return access(path, F_OK) == 0;
}

int nodes_open(struct nodes *nodes, const char *dir)
{
    if (set_dir(nodes, dir) != 0) {
        return -1;
    }
    while (nodes->n_nodes < NODES_MAX && has_node(nodes, nodes->n_nodes + 1)) {
        nodes->n_nodes++;
    }
    if (nodes->n_nodes == 0) {
        fprintf(stderr, "nodes: there is no cluster in %s\n", dir);
        return -1;
    }
    return 0;
}

int nodes_start(struct nodes *nodes, const char *dir, unsigned n_nodes)
{
    char number[16];
    const char *const argv[] = {CLUSTER, "start", "-n", number, dir, NULL};

    snprintf(number, sizeof number, "%u", n_nodes);
    return nodes_run(argv) == 0 ? nodes_open(nodes, dir) : -1;
}

int nodes_stop(struct nodes *nodes)
{
    const char *const argv[] = {CLUSTER, "stop", nodes->dir, NULL};

    return nodes_run(argv) == 0 ? 0 : -1;
}

int nodes_kill(struct nodes *nodes, const char *fault, const char *targets)
{
    const char *const with_targets[] = {KILL, "--quiet", fault, targets, nodes->dir, NULL};
    const char *const without[] = {KILL, "--quiet", fault, nodes->dir, NULL};
    int code = nodes_run(targets == NULL ? without : with_targets);

    return code == 0 || code == NODES_CANNOT ? code : -1;
}

static bool is_ready(const char *socket)
{
    const struct http_request request = {.method = "GET", .path = "/internal/ready"};
    struct http_answer answer = {0};
    bool ready;

    if (http_send(socket, &request, READY_CALL_MS, &answer) != HTTP_ANSWERED) {
        return false;
    }
    ready = answer.status == 200;
    http_answer_close(&answer);
    return ready;
}

int nodes_heal(struct nodes *nodes)
{
    int64_t end_us = nodes_now_us() + READY_TIMEOUT_US;

    if (nodes_kill(nodes, "heal", NULL) != 0) {
        return -1;
    }
    for (unsigned k = 1; k <= nodes->n_nodes; k++) {
        while (!is_ready(nodes->sockets[k])) {
            if (nodes_now_us() > end_us) {
                fprintf(stderr, "nodes: node%u isn't ready, though nothing is broken any more\n",
                        k);
                return -1;
            }
            nodes_pause_ms(20);
        }
        atomic_store(&nodes->excused[k], false);
    }
    return 0;
}

unsigned nodes_restarts(const struct nodes *nodes)
{
    unsigned sum = 0;

    for (unsigned k = 1; k <= nodes->n_nodes; k++) {
        char path[NODES_PATH_SIZE + 32];
        unsigned restarts;
        FILE *file;

        snprintf(path, sizeof path, "%s/node%u/restarts", nodes->dir, k);
        file = fopen(path, "re");
        if (file != NULL) {
            sum += fscanf(file, "%u", &restarts) == 1 ? restarts : 0;
            fclose(file);
        }
    }
    return sum;
}
