/* daemon.h - runs the real lbstated, and other programs, for a test.
 *
 * Each daemon has a fresh directory of its own, holding its state, its socket
 * and its log. It dies with the thread that started it, whatever becomes of the
 * test (so start it from the main thread). The program is $LBSTATED, or
 * ./lbstated, as tests run in the build's top folder.
 *
 * Functions that can fail return 0 or -1 and say why on standard error. */
#ifndef LBSTATE_TEST_LIB_DAEMON_H
#define LBSTATE_TEST_LIB_DAEMON_H

#include <stdbool.h>
#include <sys/types.h>

#define DAEMON_PATH_SIZE 96 /* A Unix socket's path must be shorter. */

struct daemon {
    pid_t pid; /* 0 when it isn't running. */
    char directory[DAEMON_PATH_SIZE];
    char state_dir[DAEMON_PATH_SIZE];
    char socket[DAEMON_PATH_SIZE];
    char log[DAEMON_PATH_SIZE];
};

/* Makes the directory; starts nothing. */
int daemon_init(struct daemon *daemon);

/* Starts it on its state directory and waits until it serves. The log is
 * appended to. */
int daemon_start(struct daemon *daemon);

/* Starts it without waiting. */
int daemon_spawn(struct daemon *daemon);

/* Waits until GET /internal/ready answers 200; fails if the daemon ends, or
 * when a minute has passed. */
int daemon_wait_ready(struct daemon *daemon);

/* kill -9, and waits for the end. */
int daemon_kill(struct daemon *daemon);

/* SIGTERM; RET_STATUS is what waitpid() gives. */
int daemon_stop(struct daemon *daemon, int *ret_status);

/* Waits until it ends by itself. */
int daemon_wait(struct daemon *daemon, int *ret_status);

/* The whole log as a new string. */
char *daemon_log(const struct daemon *daemon);

/* Kills it if it runs and removes the directory; shows the end of the log if
 * SHOW_LOG is set, or if the daemon has died by itself. Takes a daemon whose init
 * failed. */
void daemon_close(struct daemon *daemon, bool show_log);

/* Runs ARGV to its end; ARGV[0] may be found through PATH. RET_OUTPUT holds what
 * it wrote to standard output and standard error, as a new string. It is killed
 * after two minutes. Returns what waitpid() gives, or -1. A program that can't
 * be started exits with 127. */
int daemon_run_program(const char *const argv[], char **ret_output);

/* $LBSTATED or ./lbstated; $LBCTL or ./lbctl. */
const char *daemon_lbstated(void);
const char *daemon_lbctl(void);

#endif
