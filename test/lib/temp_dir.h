/* temp_dir.h - a directory for one test. */
#ifndef LBSTATE_TEST_LIB_TEMP_DIR_H
#define LBSTATE_TEST_LIB_TEMP_DIR_H

/* Makes a new directory under $TMPDIR or /tmp and returns its path, for
 * temp_dir_remove(). Fails the test if it can't. */
char *temp_dir_new(void);

/* Removes it with all that is in it, and frees PATH. Takes NULL. */
void temp_dir_remove(char *path);

#endif
