#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned http_status;
    bool may_retry;
} error_table[ERROR_CODE_MAX] = {
    [ERROR_NONE] = {"ok", 200, false},
    [ERROR_INVALID] = {"invalid", 400, false},
    [ERROR_FORBIDDEN] = {"forbidden", 403, false},
    [ERROR_NOT_FOUND] = {"not found", 404, false},
    [ERROR_CONFLICT] = {"conflict", 409, false},
    [ERROR_PRECONDITION] = {"precondition failed", 412, false},
    [ERROR_TOO_LARGE] = {"too large", 413, false},
    [ERROR_NOT_IMPLEMENTED] = {"not implemented", 501, false},
    [ERROR_CANCELED] = {"canceled", 499, false},
    [ERROR_TIMEOUT] = {"timeout", 503, true},
    [ERROR_UNKNOWN_OUTCOME] = {"unknown outcome", 500, false},
    [ERROR_BUSY] = {"busy", 503, true},
    [ERROR_NOT_LEADER] = {"not leader", 503, true},
    [ERROR_UNAVAILABLE] = {"unavailable", 503, true},
    [ERROR_NO_SPACE] = {"no space", 507, false},
    [ERROR_IO] = {"i/o error", 500, false},
    [ERROR_PROTOCOL] = {"protocol error", 500, false},
    [ERROR_CORRUPT] = {"corrupt", 500, false},
    [ERROR_NO_MEMORY] = {"out of memory", 500, false},
    [ERROR_INTERNAL] = {"internal error", 500, false},
};

/* Ends a message that vsnprintf() cut, without half a UTF-8 character. */
static void mark_cut(char *message)
{
    static const char ellipsis[] = "...";
    size_t end = ERROR_MESSAGE_SIZE - sizeof ellipsis;

    while (end > 0 && ((unsigned char)message[end] & 0xc0) == 0x80) {
        end--;
    }
    memcpy(message + end, ellipsis, sizeof ellipsis);
}

int error_setv(struct error *error, enum error_code code, const char *format, va_list args)
{
    int size = vsnprintf(error->message, sizeof error->message, format, args);

    if (size < 0) {
        error->message[0] = '\0';
    } else if ((size_t)size >= sizeof error->message) {
        mark_cut(error->message);
    }
    error->code = code;
    return (int)code;
}

int error_set(struct error *error, enum error_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    error_setv(error, code, format, args);
    va_end(args);
    return (int)code;
}

int error_prefix(struct error *error, const char *format, ...)
{
    char tail[ERROR_MESSAGE_SIZE];
    va_list args;
    size_t size;

    memcpy(tail, error->message, sizeof tail);
    va_start(args, format);
    error_setv(error, error->code, format, args);
    va_end(args);
    size = strlen(error->message);
    if ((size_t)snprintf(error->message + size, sizeof error->message - size, "%s", tail) >=
        sizeof error->message - size) {
        mark_cut(error->message);
    }
    return (int)error->code;
}

int error_no_memory(struct error *error)
{
    return error_set(error, ERROR_NO_MEMORY, "Out of memory");
}

int error_errno(struct error *error, enum error_code code, int errno_value, const char *format, ...)
{
    char reason[128];
    va_list args;
    size_t size;

    if (errno_value == ENOSPC || errno_value == EDQUOT) {
        code = ERROR_NO_SPACE;
    } else if (errno_value == ENOMEM) {
        code = ERROR_NO_MEMORY;
    }
    va_start(args, format);
    error_setv(error, code, format, args);
    va_end(args);
    /* The GNU strerror_r() may return a string other than its buffer. */
    const char *text = strerror_r(errno_value, reason, sizeof reason);
    size = strlen(error->message);
    if ((size_t)snprintf(error->message + size, sizeof error->message - size, ": %s", text) >=
        sizeof error->message - size) {
        mark_cut(error->message);
    }
    return (int)code;
}

void error_clear(struct error *error)
{
    error->code = ERROR_NONE;
    error->message[0] = '\0';
}

const char *error_name(enum error_code code)
{
    return (unsigned)code < ERROR_CODE_MAX ? error_table[code].name : "unknown code";
}

unsigned error_http_status(enum error_code code)
{
    return (unsigned)code < ERROR_CODE_MAX ? error_table[code].http_status : 500;
}

bool error_may_retry(enum error_code code)
{
    return (unsigned)code < ERROR_CODE_MAX && error_table[code].may_retry;
}
