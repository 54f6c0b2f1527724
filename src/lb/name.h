/* name.h - what the name of any object of the interface may look like. */
#ifndef LBSTATE_LB_NAME_H
#define LBSTATE_LB_NAME_H

#include "base/error.h"

#define NAME_SIZE_MAX 64

/* ERROR_INVALID with Incus' words, without a prefix that says whose name it is. */
int name_validate(const char *name, struct error *error);

#endif
