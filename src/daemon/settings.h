/* settings.h - what lbstated is told when it starts: by a file, and by options,
 * which win. */
#ifndef LBSTATE_DAEMON_SETTINGS_H
#define LBSTATE_DAEMON_SETTINGS_H

#include "base/error.h"
#include "base/log.h"
#include "cluster/join.h"

#include <limits.h>
#include <stdbool.h>

#define DAEMON_STATE_DIR_DEFAULT "/var/lib/lbstate"
#define DAEMON_SOCKET_DEFAULT    "/run/lbstate/unix.socket"

struct daemon_settings {
    char state_dir[PATH_MAX];
    char socket[PATH_MAX];
    char group[256]; /* "": the process's own. */
    enum log_level log_level;
    enum log_target log_target;
    unsigned request_timeout_ms;
    unsigned latency_ms;                          /* 0: to be measured. */
    char cluster_address[MEMBER_ADDRESS_MAX + 1]; /* "": none was given. */
    bool join;
    struct join_token join_token; /* If JOIN. */
};

enum daemon_action { DAEMON_RUN, DAEMON_SHOW_HELP, DAEMON_SHOW_VERSION };

/* Reads the options, and the file that --config names. ERROR_INVALID names the
 * option, or the file, line and key. */
int daemon_settings_read(int argc, char **argv, struct daemon_settings *ret_settings,
                         enum daemon_action *ret_action, struct error *error);

/* For --help. */
extern const char daemon_help[];

#endif
