#include "base/buffer.h"
#include "client/fail.h"

#include <stdarg.h>
#include <string.h>

/* What RFC 3986 lets stand in a path segment, less what some servers decode
 * apart: sub-delimiters are encoded. The colon stays, for IPv6 addresses. */
static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:";

static void append_part(struct buffer *path, const char *part)
{
    /* "." and ".." are names here, not steps. */
    bool dots = strcmp(part, ".") == 0 || strcmp(part, "..") == 0;

    buffer_append_char(path, '/');
    for (const char *p = part; *p != '\0'; p++) {
        if (!dots && strchr(plain, *p) != NULL) {
            buffer_append_char(path, *p);
        } else {
            buffer_printf(path, "%%%02X", (unsigned)(unsigned char)*p);
        }
    }
}

int lbstate_path(char **ret_path, struct lbstate_error *error, const char *part, ...)
{
    struct buffer path = {0};
    va_list parts;
    size_t size;
    int rv = LBSTATE_OK;

    va_start(parts, part);
    for (; part != NULL; part = va_arg(parts, const char *)) {
        if (part[0] == '\0') {
            rv = client_fail(error, LBSTATE_INVALID, "A name is empty");
            break;
        }
        if (strlen(part) > LBSTATE_PATH_SIZE_MAX || path.size > LBSTATE_PATH_SIZE_MAX) {
            break;
        }
        append_part(&path, part);
    }
    va_end(parts);
    if (rv == LBSTATE_OK && (part != NULL || path.size > LBSTATE_PATH_SIZE_MAX)) {
        rv = client_fail(error, LBSTATE_INVALID, "The path is longer than %d bytes",
                         LBSTATE_PATH_SIZE_MAX);
    }
    if (rv == LBSTATE_OK && buffer_string(&path) == NULL) {
        rv = client_no_memory(error);
    }
    if (rv != LBSTATE_OK) {
        buffer_close(&path);
        return rv;
    }
    *ret_path = buffer_detach(&path, &size);
    return LBSTATE_OK;
}
