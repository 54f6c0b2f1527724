/* diagnostic.h - what is wrong with the input, as compilers tell it, so that
 * editors find the place:
 *
 *     entity/network.h:31:5: error: unsupported type `int`
 *     entity/network.h:31:5: note: use `int64_t`
 *
 * All that is wrong is collected, then printed in the order of the input. */
#ifndef LBSTATE_GENERATE_DIAGNOSTIC_H
#define LBSTATE_GENERATE_DIAGNOSTIC_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct location {
    const char *file;    /* As it was named on the command line. */
    unsigned file_index; /* Its place there: files are reported in this order. */
    unsigned line;       /* 0: the file as a whole. */
    unsigned column;
};

struct diagnostic {
    struct location at;
    size_t number; /* In the order of reports, for two of one place. */
    const char *message;
    const char *note; /* How to repair it; NULL if there is nothing to say. */
};

struct diagnostics {
    struct arena *arena;
    struct diagnostic *items;
    size_t n_items;
};

/* Reports an error. */
void report(struct diagnostics *diagnostics, struct location at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Says how the error that was reported last can be repaired. */
void report_note(struct diagnostics *diagnostics, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints all errors; a place with the same words is told once. */
void diagnostics_print(struct diagnostics *diagnostics, FILE *file);

#endif
