/* editor.h - a text in the user's editor. */
#ifndef LBSTATE_CTL_EDITOR_H
#define LBSTATE_CTL_EDITOR_H

#include "ctl/ctl.h"

#define EDITOR_PATH_SIZE 4096

/* Makes a file for TEXT that only this user can read, in $TMPDIR or /tmp; its name
 * goes to PATH. */
int editor_file(const char *text, size_t size, char path[EDITOR_PATH_SIZE],
                struct lbstate_error *error);

/* Runs $VISUAL, $EDITOR, or editor(1) on the file, on this process's terminal, and
 * waits for its end. RET_TEXT is what the file holds then, for free(). */
int editor_run(const char *path, char **ret_text, size_t *ret_size, struct lbstate_error *error);

#endif
