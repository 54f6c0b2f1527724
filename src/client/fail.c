#include "client/fail.h"

#include <stdarg.h>
#include <stdio.h>

int client_fail(struct lbstate_error *error, enum lbstate_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (vsnprintf(error->message, sizeof error->message, format, args) < 0) {
        error->message[0] = '\0';
    }
    va_end(args);
    error->code = code;
    error->http_status = 0;
    return (int)code;
}

int client_no_memory(struct lbstate_error *error)
{
    return client_fail(error, LBSTATE_NO_MEMORY, "Out of memory");
}
