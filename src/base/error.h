/* error.h - the one form of error in lbstate.
 *
 * A function that can fail returns an enum error_code as int, ERROR_NONE (0)
 * for success, and takes a `struct error *` as its last argument, in which it
 * leaves the code and a message that a person can act on. Nothing is allocated
 * to report an error. An error is logged once: by the code that handles it
 * rather than passing it on.
 *
 * Outputs (`ret_x`) are not touched on failure. */
#ifndef LBSTATE_BASE_ERROR_H
#define LBSTATE_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

/* The order is of no meaning; error.c has the table of what each stands for. */
enum error_code {
    ERROR_NONE = 0,
    ERROR_INVALID,         /* The caller's input is wrong. HTTP 400. */
    ERROR_FORBIDDEN,       /* The input is fine, but it is not allowed. 403. */
    ERROR_NOT_FOUND,       /* 404. */
    ERROR_CONFLICT,        /* It exists already, or it overlaps. 409. */
    ERROR_PRECONDITION,    /* If-Match did not match. 412. */
    ERROR_TOO_LARGE,       /* Over a limit on size or count. 413. */
    ERROR_NOT_IMPLEMENTED, /* 501. */
    ERROR_CANCELED,        /* The caller withdrew the request; nothing was done. */
    ERROR_TIMEOUT,         /* The deadline passed; nothing was done. 503. */
    ERROR_UNKNOWN_OUTCOME, /* A write may or may not have been applied. 500. */
    ERROR_BUSY,            /* Another writer holds the database. Retry. 503. */
    ERROR_NOT_LEADER,      /* Not executed: this node doesn't lead. Retry elsewhere. 503. */
    ERROR_UNAVAILABLE,     /* No leader, starting, or stopping. Retry. 503. */
    ERROR_NO_SPACE,        /* The disk of the node is full. 507. */
    ERROR_IO,              /* A socket, file or engine failed. 500. */
    ERROR_PROTOCOL,        /* A peer sent what it must not. 500. */
    ERROR_CORRUPT,         /* Stored data doesn't decode. 500. */
    ERROR_NO_MEMORY,       /* 500. */
    ERROR_INTERNAL,        /* A defect of lbstate. 500. */
    ERROR_CODE_MAX
};

/* Longer messages are cut at a UTF-8 boundary and end in an ellipsis. */
#define ERROR_MESSAGE_SIZE 1024

struct error {
    enum error_code code;
    char message[ERROR_MESSAGE_SIZE]; /* "" when code is ERROR_NONE. */
};

#define ERROR_INIT                                                                                 \
    {                                                                                              \
        .code = ERROR_NONE, .message = ""                                                          \
    }

/* Sets both and returns CODE, so that `return error_set(...)` is one line. */
int error_set(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int error_setv(struct error *error, enum error_code code, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* Puts words before the message and returns the code as it is. */
int error_prefix(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Sets ERROR_NO_MEMORY. */
int error_no_memory(struct error *error);

/* Sets CODE and "WHAT: strerror(errno_value)"; ENOSPC and EDQUOT become
 * ERROR_NO_SPACE, ENOMEM becomes ERROR_NO_MEMORY, whatever CODE says. */
int error_errno(struct error *error, enum error_code code, int errno_value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

void error_clear(struct error *error);

/* "not found", "conflict", ...: stable words for logs and metrics. */
const char *error_name(enum error_code code);

/* The HTTP status that stands for CODE; 200 for ERROR_NONE. */
unsigned error_http_status(enum error_code code);

/* True if the operation surely was not executed and the same call may succeed
 * when it is made again, here or on another node. */
bool error_may_retry(enum error_code code);

#endif
