#include "node/node.h"

#include "base/clock.h"
#include "base/log.h"
#include "node/connect.h"
#include "node/engine.h"
#include "node/handover.h"
#include "node/identity.h"
#include "node/state_dir.h"
#include "node/watchdog.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ENGINE_FOLDER "engine"
#define MEMBER_MARK   "member"

/* The engine bootstraps a cluster of one under this id, and under no other. */
#define FIRST_NODE_ID 1

struct node {
    struct state_dir dir;
    struct identity identity; /* id 0: the directory doesn't say who the node is. */
    char bind_address[IDENTITY_ADDRESS_SIZE];
    unsigned latency_ms;
    engine_node *engine;
};

const char *node_engine_version(void)
{
    return LBSTATE_ENGINE_NAME;
}

static int check_options(const struct node_options *options, struct error *error)
{
    if (options->latency_ms != 0 &&
        (options->latency_ms < NODE_LATENCY_MS_MIN || options->latency_ms > NODE_LATENCY_MS_MAX)) {
        return error_set(error, ERROR_INVALID,
                         "A network latency of %u ms is out of range: %d to %d ms",
                         options->latency_ms, NODE_LATENCY_MS_MIN, NODE_LATENCY_MS_MAX);
    }
    if (options->id == 0) {
        return ERROR_NONE;
    }
    /* With this id the engine would make a cluster of its own. */
    if (options->id == FIRST_NODE_ID) {
        return error_set(error, ERROR_INVALID,
                         "A node can't join under the id %d: that is the first one's",
                         FIRST_NODE_ID);
    }
    if (options->raft_address == NULL || options->raft_address[0] == '\0' ||
        strlen(options->raft_address) >= IDENTITY_ADDRESS_SIZE) {
        return error_set(error, ERROR_INVALID, "The Raft address of node %llu is impossible",
                         (unsigned long long)options->id);
    }
    return ERROR_NONE;
}

/* A new node: node.json says so first, and that the engine didn't start yet. */
static int make_identity(const struct state_dir *dir, const struct node_options *options,
                         struct identity *identity, struct error *error)
{
    bool empty;
    int code = state_dir_folder_is_empty(dir, ENGINE_FOLDER, &empty, error);

    if (code != ERROR_NONE) {
        return code;
    }
    if (!empty) {
        return error_set(error, ERROR_CORRUPT,
                         "%s/" ENGINE_FOLDER " has the data of a node, but node.json, which names "
                         "the node, is missing: restore it from a backup",
                         dir->path);
    }
    *identity = (struct identity){.id = FIRST_NODE_ID, .bootstrapped = false};
    if (options->id != 0) {
        identity->id = options->id;
        snprintf(identity->address, sizeof identity->address, "%s", options->raft_address);
    } else {
        code = identity_make_address(identity->address, error);
    }
    if (code != ERROR_NONE) {
        return code;
    }
    return identity_save(dir, identity, error);
}

/* The identity that fits the data in the engine's folder. */
static int settle_identity(const struct state_dir *dir, const struct node_options *options,
                           struct identity *identity, struct error *error)
{
    bool empty;
    int code;

    if (identity->id == 0) {
        return make_identity(dir, options, identity, error);
    }
    if (options->id != 0 &&
        (options->id != identity->id || strcmp(options->raft_address, identity->address) != 0)) {
        return error_set(error, ERROR_CONFLICT,
                         "%s is that of node %llu already: node %llu needs an empty one", dir->path,
                         (unsigned long long)identity->id, (unsigned long long)options->id);
    }
    if (!identity->bootstrapped) {
        /* The first start was cut off. It acknowledged nothing, and what the
         * engine left may be half a bootstrap, which it can't take up again. */
        return state_dir_clear_folder(dir, ENGINE_FOLDER, error);
    }
    code = state_dir_folder_is_empty(dir, ENGINE_FOLDER, &empty, error);
    if (code == ERROR_NONE && empty) {
        code = error_set(error, ERROR_CORRUPT,
                         "%s/" ENGINE_FOLDER " is empty, but node.json says that node %llu keeps "
                         "its data there. A member of a cluster can't come back under its old id: "
                         "remove it there by force, empty %s and join it anew. A node that stands "
                         "alone: restore it from a backup, or remove node.json to start anew with "
                         "no data",
                         dir->path, (unsigned long long)identity->id, dir->path);
    }
    return code;
}

/* Until a leader sends it something the engine of a new member writes nothing. The mark tells its
 * folder, which may be empty but for that, from one that was emptied. (The engine passes over
 * files that it doesn't know.) */
static int mark_folder(const struct state_dir *dir, struct error *error)
{
    int code = ERROR_NONE;
    int folder_fd = openat(dir->fd, ENGINE_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int fd;

    if (folder_fd < 0) {
        return error_errno(error, ERROR_IO, errno, "Failed opening %s/" ENGINE_FOLDER, dir->path);
    }
    fd = openat(folder_fd, MEMBER_MARK, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 || fsync(folder_fd) != 0) {
        code = error_errno(error, ERROR_IO, errno,
                           "Failed making %s/" ENGINE_FOLDER "/" MEMBER_MARK, dir->path);
    }
    if (fd >= 0) {
        close(fd);
    }
    close(folder_fd);
    return code;
}

/* The engine reports a code of little meaning, and words. */
static int engine_error(engine_node *engine, const char *what, struct error *error)
{
    const char *words = engine_node_errmsg(engine);
    bool full = strcasestr(words, "no space") != NULL || strcasestr(words, "ENOSPC") != NULL;

    if (words[0] == '\0') {
        words = "the engine gives no reason";
    }
    return error_set(error, full ? ERROR_NO_SPACE : ERROR_IO, "Failed %s: %s", what, words);
}

static bool is_bound_to(int fd, const char *address)
{
    struct sockaddr_un name = {0};
    socklen_t size = sizeof name;

    return getsockname(fd, (struct sockaddr *)&name, &size) == 0 && name.sun_family == AF_UNIX &&
           size == offsetof(struct sockaddr_un, sun_path) + strlen(address) &&
           memcmp(name.sun_path + 1, address + 1, strlen(address) - 1) == 0;
}

/* The engine means to set close-on-exec on its listener, but most versions get
 * the call wrong. A child that kept it would keep the address in use. The
 * engine has no call that gives the descriptor, so it is looked for. */
static int close_listener_on_exec(const char *address, struct error *error)
{
    struct dirent *entry;
    DIR *fds = opendir("/proc/self/fd");

    if (fds == NULL) {
        return error_errno(error, ERROR_IO, errno, "Failed listing the open descriptors");
    }
    while ((entry = readdir(fds)) != NULL) {
        int fd = (int)strtol(entry->d_name, NULL, 10); /* "." and ".." become 0: no matter. */

        if (is_bound_to(fd, address)) {
            fcntl(fd, F_SETFD, FD_CLOEXEC);
        }
    }
    closedir(fds);
    return ERROR_NONE;
}

/* raft 0.22 takes timeouts of exactly 150 and 15 ms for those of a test suite on a slow machine,
 * and triples them. */
static unsigned avoid_tripling(unsigned latency_ms)
{
    return latency_ms == 10 ? 11 : latency_ms;
}

static int start_engine(struct node *node, const struct node_options *options, struct error *error)
{
    char *path = NULL;
    int code;

    if (asprintf(&path, "%s/" ENGINE_FOLDER, node->dir.path) < 0) {
        return error_no_memory(error);
    }
    if (engine_node_create(node->identity.id, node->identity.address, path, &node->engine) != 0) {
        code = engine_error(node->engine, "creating the engine's node", error);
        goto err_after_create;
    }
    if (engine_node_set_bind_address(node->engine, node->bind_address) != 0) {
        code = engine_error(node->engine, "binding the engine's socket", error);
        goto err_after_create;
    }
    code = close_listener_on_exec(node->bind_address, error);
    if (code != ERROR_NONE) {
        goto err_after_create;
    }
    if (engine_node_set_connect_func(node->engine,
                                     options->connect == NULL ? connect_to_node : options->connect,
                                     options->connect_arg) != 0 ||
        engine_node_set_network_latency_ms(node->engine, avoid_tripling(node->latency_ms)) != 0) {
        code = engine_error(node->engine, "configuring the engine", error);
        goto err_after_create;
    }
#ifdef ENGINE_HAS_AUTO_RECOVERY
    /* Recovery means that the engine sets a damaged file of its log aside and
     * goes on without what it held. A single node would lose what it has
     * acknowledged, and a voter would forget its vote, both in silence. Without
     * it the start fails and says which file is damaged. */
    if (engine_node_set_auto_recovery(node->engine, false) != 0) {
        code = engine_error(node->engine, "turning the engine's recovery off", error);
        goto err_after_create;
    }
#endif
    if (engine_node_start(node->engine) != 0) {
        code = engine_error(node->engine, "starting the engine", error);
        goto err_after_create;
    }
    free(path);
    return ERROR_NONE;

err_after_create:
    engine_node_destroy(node->engine);
    free(path);
    return code;
}

static void expire(void *data)
{
    const struct node *node = data;

    log_event(LOG_LEVEL_ERROR, "node", "The engine didn't stop in time: the process ends",
              LOG_TEXT("state_dir", node->dir.path));
    /* Not exit(): its handlers could wait for the thread that hangs. */
    _exit(0);
}

/* Within an election's timeout the other one takes over, or the engine finds that it doesn't. A
 * leader that lost its majority meanwhile never says what became of it. */
static void hand_over(const struct node *node, unsigned timeout_ms)
{
    struct error error = ERROR_INIT;
    unsigned patience_ms = 2 * 15 * node->latency_ms;

    if (patience_ms > timeout_ms / 2) {
        patience_ms = timeout_ms / 2;
    }
    /* There is nobody to take over in a cluster of one. */
    if (handover(node->bind_address, node->identity.id,
                 clock_monotonic_us() + patience_ms * UINT64_C(1000), &error) != ERROR_NONE) {
        log_event(LOG_LEVEL_DEBUG, "node", "Nobody took over leadership",
                  LOG_TEXT("reason", error.message));
    }
}

/* Needs no lock on the state directory any more when it returns. */
static void stop_engine(struct node *node)
{
    if (engine_node_stop(node->engine) != 0) {
        log_event(LOG_LEVEL_WARNING, "node", "The engine stopped with an error",
                  LOG_TEXT("reason", engine_node_errmsg(node->engine)));
    }
    engine_node_destroy(node->engine);
}

int node_open(const char *state_dir, struct node **ret_node, struct error *error)
{
    struct node *node = calloc(1, sizeof *node);
    int code;

    if (node == NULL) {
        return error_no_memory(error);
    }
    code = state_dir_open(state_dir, &node->dir, error);
    if (code != ERROR_NONE) {
        goto err_after_alloc;
    }
    code = identity_load(&node->dir, &node->identity, error);
    if (code == ERROR_NOT_FOUND) {
        node->identity = (struct identity){0};
        error_clear(error);
        code = ERROR_NONE;
    }
    if (code == ERROR_NONE) {
        code = identity_make_address(node->bind_address, error);
    }
    if (code != ERROR_NONE) {
        goto err_after_dir;
    }
    *ret_node = node;
    return ERROR_NONE;

err_after_dir:
    state_dir_close(&node->dir);
err_after_alloc:
    free(node);
    return code;
}

void node_close(struct node *node)
{
    state_dir_close(&node->dir);
    free(node);
}

int node_run(struct node *node, const struct node_options *options, struct error *error)
{
    int code = check_options(options, error);

    if (code == ERROR_NONE) {
        code = settle_identity(&node->dir, options, &node->identity, error);
    }
    if (code == ERROR_NONE) {
        code = state_dir_make_folder(&node->dir, ENGINE_FOLDER, error);
    }
    if (code == ERROR_NONE && !node->identity.bootstrapped && node->identity.id != FIRST_NODE_ID) {
        code = mark_folder(&node->dir, error);
    }
    if (code != ERROR_NONE) {
        return code;
    }
    node->latency_ms = options->latency_ms == 0 ? NODE_LATENCY_MS_DEFAULT : options->latency_ms;
    /* The engine writes to sockets that the other side may have closed. */
    signal(SIGPIPE, SIG_IGN);
    code = start_engine(node, options, error);
    if (code != ERROR_NONE) {
        return error_prefix(error, "State directory %s: ", node->dir.path);
    }
    if (!node->identity.bootstrapped) {
        node->identity.bootstrapped = true;
        code = identity_save(&node->dir, &node->identity, error);
        if (code != ERROR_NONE) {
            stop_engine(node);
            return code;
        }
    }
#ifdef LBSTATE_ENGINE_UNSOUND_RAFT
    log_event(LOG_LEVEL_WARNING, "node",
              "This engine can lose acknowledged writes when leaders change: use it for tests only",
              LOG_TEXT("engine", node_engine_version()));
#endif
    log_event(LOG_LEVEL_INFO, "node", "Started the node", LOG_INTEGER("id", node->identity.id),
              LOG_TEXT("engine", node_engine_version()), LOG_TEXT("state_dir", node->dir.path),
              LOG_INTEGER("latency_ms", node->latency_ms));
    return ERROR_NONE;
}

int node_start(const struct node_options *options, struct node **ret_node, struct error *error)
{
    struct node *node;
    int code = check_options(options, error);

    if (code == ERROR_NONE) {
        code = node_open(options->state_dir, &node, error);
    }
    if (code != ERROR_NONE) {
        return code;
    }
    code = node_run(node, options, error);
    if (code != ERROR_NONE) {
        node_close(node);
        return code;
    }
    *ret_node = node;
    return ERROR_NONE;
}

void node_halt(struct node *node, unsigned timeout_ms)
{
    struct error error = ERROR_INIT;
    struct watchdog *watchdog = NULL;

    if (watchdog_start(timeout_ms, expire, node, &watchdog, &error) != ERROR_NONE) {
        log_event(LOG_LEVEL_WARNING, "node", "Stopping without a watchdog",
                  LOG_TEXT("reason", error.message));
    }
    hand_over(node, timeout_ms);
    stop_engine(node);
    watchdog_stop(watchdog);
    log_event(LOG_LEVEL_INFO, "node", "Stopped the node", LOG_INTEGER("id", node->identity.id));
}

void node_stop(struct node *node, unsigned timeout_ms)
{
    node_halt(node, timeout_ms);
    node_close(node);
}

const char *node_address(const struct node *node)
{
    return node->bind_address;
}

uint64_t node_id(const struct node *node)
{
    return node->identity.id;
}

const char *node_raft_address(const struct node *node)
{
    return node->identity.address;
}

const struct state_dir *node_state_dir(const struct node *node)
{
    return &node->dir;
}
