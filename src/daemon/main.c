/* main.c - lbstated. Exit codes: 0 stopped, 1 could not run, 2 wrong usage. */
#include "daemon/settings.h"
#include "daemon/daemon.h"
#include "node/node.h"

#include <stdio.h>
#include <stdlib.h>

#include "config.h"

#define EXIT_USAGE 2

int main(int argc, char **argv)
{
    static struct daemon_settings settings;
    enum daemon_action action;
    struct error error = ERROR_INIT;

    if (daemon_settings_read(argc, argv, &settings, &action, &error) != ERROR_NONE) {
        fprintf(stderr, "lbstated: %s\nTry lbstated --help.\n", error.message);
        return EXIT_USAGE;
    }
    if (action == DAEMON_SHOW_HELP) {
        fputs(daemon_help, stdout);
        return EXIT_SUCCESS;
    }
    if (action == DAEMON_SHOW_VERSION) {
        printf("lbstated %s (%s)\n", PACKAGE_VERSION, node_engine_version());
        return EXIT_SUCCESS;
    }
    log_configure(settings.log_level, settings.log_target);
    log_event(LOG_LEVEL_INFO, "daemon", "Starting", LOG_TEXT("version", PACKAGE_VERSION),
              LOG_TEXT("engine", node_engine_version()), LOG_TEXT("state_dir", settings.state_dir),
              LOG_TEXT("socket", settings.socket));
    if (daemon_run(&settings, &error) != ERROR_NONE) {
        log_event(LOG_LEVEL_ERROR, "daemon", "Can't run", LOG_TEXT("error", error_name(error.code)),
                  LOG_TEXT("detail", error.message));
        return EXIT_FAILURE;
    }
    log_event(LOG_LEVEL_INFO, "daemon", "Stopped");
    return EXIT_SUCCESS;
}
