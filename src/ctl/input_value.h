/* input_value.h - `key=-`: a value that is read from standard input. */
#ifndef LBSTATE_CTL_INPUT_VALUE_H
#define LBSTATE_CTL_INPUT_VALUE_H

#include "ctl/args.h"

/* No request with a longer one would be taken. */
#define INPUT_VALUE_SIZE_MAX LBSTATE_BODY_SIZE_MAX

/* Puts into ARGUMENTS, whose verb takes key=value pairs, what standard input holds,
 * to its end and unchanged, as the value of the pair whose value is "-"; of two
 * such pairs it is LBSTATE_INVALID. On a terminal "-" is a value like any other.
 * RET_WORD is for free() when ARGUMENTS isn't needed any more; NULL if nothing was
 * read. */
int input_value_take(struct ctl *ctl, struct arguments *arguments, char **ret_word,
                     struct lbstate_error *error);

#endif
