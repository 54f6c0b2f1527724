/* hint.h - what to do next, behind a message of failure. */
#ifndef LBSTATE_CTL_HINT_H
#define LBSTATE_CTL_HINT_H

#include "base/buffer.h"
#include "ctl/ctl.h"

/* Appends a sentence with the command that helps, worded with the names that the
 * user gave; nothing if the message of ERROR says all there is to say. NAME is of
 * what failed, where there are several; otherwise NULL. */
void hint_append(struct buffer *out, const struct ctl *ctl, const char *name,
                 const struct lbstate_error *error);

#endif
