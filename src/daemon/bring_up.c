#include "daemon/bring_up.h"

#include "base/log.h"
#include "cluster/cluster.h"
#include "cluster/join.h"
#include "node/latency.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REMOVED_FILE "removed"

/* -- The own key -------------------------------------------------------------- */

static int load_certificate(struct bring_up *parts, struct error *error)
{
    const struct state_dir *dir = node_state_dir(parts->node);
    int code = certificate_load(dir, MEMBER_KEY_FILE, &parts->certificate, error);

    if (code != ERROR_NOT_FOUND) {
        return code;
    }
    code = certificate_new("lbstate", &parts->certificate, error);
    if (code == ERROR_NONE) {
        code = certificate_save(dir, MEMBER_KEY_FILE, parts->certificate, error);
    }
    return code;
}

/* A node that joins has an address for Raft that comes from its key, so that it is the same however
 * often the joining is begun. */
static void make_raft_address(const struct bring_up *parts, char out[IDENTITY_ADDRESS_SIZE])
{
    uint8_t pin[PIN_SIZE];
    char text[PIN_TEXT_SIZE];

    certificate_pin(parts->certificate, pin);
    pin_format(pin, text);
    snprintf(out, IDENTITY_ADDRESS_SIZE, "@lbstate-%.32s", text);
}

/* -- Joining -------------------------------------------------------------------- */

/* The directory has a member with the own key: joining was cut off after it was kept. */
static uint64_t find_own_id(const struct bring_up *parts)
{
    const struct directory *directory = directory_get(parts->directory);
    const struct directory_member *member = NULL;
    const struct directory_token *token = NULL;
    uint8_t pin[PIN_SIZE];
    uint64_t id = 0;

    certificate_pin(parts->certificate, pin);
    if (directory_by_pin(directory, pin, &member, &token) && member != NULL) {
        id = member->id;
    }
    directory_free((struct directory *)directory);
    return id;
}

static int join_cluster(struct bring_up *parts, const struct daemon_settings *settings,
                        const char *raft_address, uint64_t *ret_id, struct error *error)
{
    struct join_options options = {
        .tunnel = parts->tunnel,
        .certificate = parts->certificate,
        .address = settings->cluster_address[0] == '\0' ? NULL : settings->cluster_address,
        .raft_address = raft_address,
        .timeout_ms = JOIN_TIMEOUT_MS,
    };
    struct join_result result;
    int code;

    log_event(LOG_LEVEL_INFO, "daemon", "Joining a cluster",
              LOG_TEXT("name", settings->join_token.name),
              LOG_TEXT("fingerprint", settings->join_token.fingerprint));
    code = join(&settings->join_token, &options, &result, error);
    if (code != ERROR_NONE) {
        return code;
    }
    /* Kept before the id is: so a node without an id that has it knows that it is to be one. */
    code = directory_holder_set(parts->directory, result.directory, NULL, error);
    if (code == ERROR_NONE) {
        *ret_id = result.id;
        tunnel_directory_changed(parts->tunnel);
    }
    return code;
}

static bool is_of_cluster(const struct bring_up *parts, const char *fingerprint)
{
    const struct directory *directory = directory_get(parts->directory);
    bool is = strcmp(directory->fingerprint, fingerprint) == 0;

    directory_free((struct directory *)directory);
    return is;
}

static int check_settled(const struct bring_up *parts, const struct daemon_settings *settings,
                         struct error *error)
{
    if (settings->join && !is_of_cluster(parts, settings->join_token.fingerprint)) {
        return error_set(error, ERROR_CONFLICT,
                         "%s is that of a node that is something already: to join a cluster, start "
                         "with an empty state directory",
                         settings->state_dir);
    }
    return ERROR_NONE;
}

/* Who the node is to be, if its state directory doesn't say so yet. */
static int settle(struct bring_up *parts, const struct daemon_settings *settings,
                  char raft_address[IDENTITY_ADDRESS_SIZE], uint64_t *ret_id, struct error *error)
{
    if (node_id(parts->node) != 0) {
        return check_settled(parts, settings, error);
    }
    make_raft_address(parts, raft_address);
    *ret_id = find_own_id(parts);
    if (*ret_id != 0) {
        return ERROR_NONE;
    }
    if (settings->join) {
        return join_cluster(parts, settings, raft_address, ret_id, error);
    }
    if (settings->cluster_address[0] != '\0') {
        /* Starting anew would be a second cluster that looks like the first one, without data. */
        return error_set(error, ERROR_FORBIDDEN,
                         "%s is empty, but cluster-address says that this node is a member of a "
                         "cluster. If its data is lost, remove it from the cluster by force (lbctl "
                         "cluster remove --force) and join it again (lbstated --join). To start a "
                         "new cluster, leave cluster-address out",
                         settings->state_dir);
    }
    return ERROR_NONE;
}

/* -- The whole ------------------------------------------------------------------ */

static int check_not_removed(const struct bring_up *parts, struct error *error)
{
    const struct state_dir *dir = node_state_dir(parts->node);

    if (faccessat(dir->fd, REMOVED_FILE, F_OK, 0) == 0) {
        return error_set(error, ERROR_FORBIDDEN,
                         "This node was removed from its cluster. To start it anew, alone or as a "
                         "new member, empty %s first",
                         dir->path);
    }
    return ERROR_NONE;
}

void bring_up_mark_removed(struct bring_up *parts)
{
    const struct state_dir *dir = node_state_dir(parts->node);
    int fd = openat(dir->fd, REMOVED_FILE, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0 || fsync(fd) != 0 || fsync(dir->fd) != 0) {
        /* The others turn it away anyhow. */
        log_event(LOG_LEVEL_WARNING, "daemon", "Can't note that the node was removed",
                  LOG_TEXT("reason", strerror(errno)));
    }
    if (fd >= 0) {
        close(fd);
    }
}

/* ID: the node's own; 0: it stands alone. */
static int choose_latency(const struct bring_up *parts, const struct daemon_settings *settings,
                          uint64_t id, unsigned *ret_ms, struct error *error)
{
    uint64_t disk_us;
    uint64_t rtt_us;
    int code;

    *ret_ms = settings->latency_ms;
    if (settings->latency_ms != 0) {
        return ERROR_NONE;
    }
    code = latency_measure_disk(node_state_dir(parts->node), &disk_us, error);
    if (code == ERROR_NONE) {
        rtt_us = latency_measure_network(parts->tunnel, parts->directory, id);
        *ret_ms = latency_choose(disk_us, rtt_us);
        log_event(LOG_LEVEL_INFO, "daemon", "Chose the timing of elections",
                  LOG_INTEGER("disk_us", disk_us), LOG_INTEGER("rtt_us", rtt_us),
                  LOG_INTEGER("latency_ms", *ret_ms));
    }
    return code;
}

int bring_up(struct bring_up *parts, const struct daemon_settings *settings,
             struct endpoint *endpoint, struct error *error)
{
    struct tunnel_options tunnel_options = {.on_accept = endpoint_accept, .data = endpoint};
    struct node_options node_options = {.connect = tunnel_raft_connect};
    char raft_address[IDENTITY_ADDRESS_SIZE];
    int code = node_open(settings->state_dir, &parts->node, error);

    if (code == ERROR_NONE) {
        code = check_not_removed(parts, error);
    }
    if (code == ERROR_NONE) {
        code = load_certificate(parts, error);
    }
    if (code == ERROR_NONE) {
        code = directory_holder_open(node_state_dir(parts->node), &parts->directory, error);
    }
    if (code != ERROR_NONE) {
        return code;
    }
    tunnel_options.directory = parts->directory;
    tunnel_options.certificate = parts->certificate;
    tunnel_options.engine_address = node_address(parts->node);
    code = tunnel_start(&tunnel_options, &parts->tunnel, error);
    if (code == ERROR_NONE) {
        code = settle(parts, settings, raft_address, &node_options.id, error);
    }
    if (code == ERROR_NONE) {
        code = choose_latency(parts, settings,
                              node_id(parts->node) != 0 ? node_id(parts->node) : node_options.id,
                              &parts->latency_ms, error);
    }
    if (code != ERROR_NONE) {
        return code;
    }
    node_options.latency_ms = parts->latency_ms;
    node_options.raft_address = node_options.id == 0 ? NULL : raft_address;
    node_options.connect_arg = parts->tunnel;
    code = node_run(parts->node, &node_options, error);
    parts->node_runs = code == ERROR_NONE;
    return code;
}

void bring_down(struct bring_up *parts, unsigned node_stop_ms)
{
    if (parts->node_runs) {
        node_halt(parts->node, node_stop_ms);
    }
    if (parts->tunnel != NULL) {
        tunnel_stop(parts->tunnel);
    }
    if (parts->directory != NULL) {
        directory_holder_close(parts->directory);
    }
    certificate_free(parts->certificate);
    if (parts->node != NULL) {
        node_close(parts->node);
    }
}
