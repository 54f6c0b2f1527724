/* project_current.h - the project that commands work in if --project says none. */
#ifndef LBSTATE_CTL_PROJECT_CURRENT_H
#define LBSTATE_CTL_PROJECT_CURRENT_H

#include "lbstate/lbstate.h"

/* $LBSTATE_PROJECT, else what `lbctl project switch` chose. RET_NAME is for
 * free(); NULL: nobody said, the daemon's default it is. A file that can't be read
 * or holds no name is LBSTATE_INVALID: to work in another project than the one that
 * was chosen would be worse. */
int project_current(char **ret_name, struct lbstate_error *error);

#endif
