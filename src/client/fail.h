/* fail.h - fills the public struct lbstate_error. */
#ifndef LBSTATE_CLIENT_FAIL_H
#define LBSTATE_CLIENT_FAIL_H

#include "lbstate/lbstate.h"

/* Sets both (and http_status to 0) and returns CODE, for `return client_fail(...)`. */
int client_fail(struct lbstate_error *error, enum lbstate_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

int client_no_memory(struct lbstate_error *error);

#endif
