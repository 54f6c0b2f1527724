/* daemon.h - the parts of lbstated, put together. */
#ifndef LBSTATE_DAEMON_DAEMON_H
#define LBSTATE_DAEMON_DAEMON_H

#include "base/error.h"
#include "daemon/settings.h"

/* Runs until SIGTERM or SIGINT; returns when all is stopped. A second signal
 * ends the process at once. */
int daemon_run(const struct daemon_settings *settings, struct error *error);

#endif
