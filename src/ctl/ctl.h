/* ctl.h - what all verbs of lbctl share.
 *
 * A verb returns an enum lbstate_code and leaves the reason in the struct
 * lbstate_error it is given, as liblbstate does; ctl_main() prints it and turns
 * it into an exit code. */
#ifndef LBSTATE_CTL_CTL_H
#define LBSTATE_CTL_CTL_H

#include "lbstate/lbstate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct arguments;

/* Requests in flight at once. */
#define CTL_CONNECTIONS_DEFAULT 24

enum ctl_exit {
    CTL_EXIT_OK = 0,
    CTL_EXIT_REFUSED = 1,     /* By the daemon, or a record or file is wrong. */
    CTL_EXIT_USAGE = 2,       /* Nothing was sent. */
    CTL_EXIT_UNREACHABLE = 3, /* Nothing, or no more of several things, was done. */
    CTL_EXIT_TIMEOUT = 4      /* No answer in time, or whether it was done is unknown. */
};

struct ctl {
    FILE *in;
    FILE *out;
    FILE *err;
    const struct arguments *arguments;
    struct lbstate_client *client;
    bool failure_told; /* What the verb returns was printed by it. */
};

/* The whole of lbctl but for the locale. ARGV is permuted. */
enum ctl_exit ctl_main(int argc, char **argv, FILE *in, FILE *out, FILE *err);

/* False for what is no file of the system, too. */
bool ctl_is_terminal(FILE *file);

/* All of standard input, for free(); more than SIZE_MAX bytes are refused. */
int ctl_read_input(struct ctl *ctl, size_t size_max, char **ret_text, size_t *ret_size,
                   struct lbstate_error *error);

/* Says what failed, and what to do about it, as a line on ctl->err; NAME (may be
 * NULL) is of the one of several things that it is about. */
void ctl_print_error(const struct ctl *ctl, const char *name, const struct lbstate_error *error);

enum ctl_exit ctl_exit_of(enum lbstate_code code);

/* Sets both and returns CODE. */
int ctl_fail(struct lbstate_error *error, enum lbstate_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int ctl_no_memory(struct lbstate_error *error);

#endif
