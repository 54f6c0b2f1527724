/* state_dir.h - the directory that holds all that a node keeps.
 *
 * It belongs to one user (others must not get in: the engine's files hold every
 * record) and to one process at a time, by a lock that ends with the process. */
#ifndef LBSTATE_NODE_STATE_DIR_H
#define LBSTATE_NODE_STATE_DIR_H

#include "base/error.h"

#include <stdbool.h>

struct state_dir {
    char *path;  /* Absolute, without symbolic links. */
    int fd;      /* For openat(2) and fsync(2). */
    int lock_fd; /* The lock lives as long as it is open. */
};

/* Makes PATH with mode 0700 if it is missing, and what is missing above it as umask has it;
 * checks owner and mode, and locks it.
 * ERROR_CONFLICT: another process holds it; ERROR_INVALID: it is no directory,
 * not ours, or open to others; ERROR_IO, ERROR_NO_SPACE. */
int state_dir_open(const char *path, struct state_dir *ret_dir, struct error *error);

/* Unlocks it. */
void state_dir_close(struct state_dir *dir);

/* Makes the folder NAME in it with mode 0700 if it is missing. */
int state_dir_make_folder(const struct state_dir *dir, const char *name, struct error *error);

/* A folder that is missing counts as empty. */
int state_dir_folder_is_empty(const struct state_dir *dir, const char *name, bool *ret_empty,
                              struct error *error);

/* Removes all files of the folder NAME, if it is there; it has no folders. */
int state_dir_clear_folder(const struct state_dir *dir, const char *name, struct error *error);

#endif
