#include "api/route.h"

#include <string.h>

/* Whether PATH fits PATTERN; the segments behind {} are noted, not decoded. */
static bool match(const char *pattern, const char *path, const char *starts[API_PARAMS_MAX],
                  size_t sizes[API_PARAMS_MAX])
{
    size_t n = 0;

    while (*pattern != '\0') {
        if (pattern[0] == '{' && pattern[1] == '}') {
            size_t size = strcspn(path, "/");

            if (size == 0 || n == API_PARAMS_MAX) {
                return false;
            }
            starts[n] = path;
            sizes[n++] = size;
            pattern += 2;
            path += size;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

static size_t count_params(const char *pattern)
{
    size_t n = 0;

    for (const char *p = strchr(pattern, '{'); p != NULL; p = strchr(p + 1, '{')) {
        n++;
    }
    return n;
}

static api_handler handler_for(const struct route *route, const char *method)
{
    const struct {
        const char *method;
        api_handler handler;
    } table[] = {
        {"GET", route->get},     {"POST", route->post},     {"PUT", route->put},
        {"PATCH", route->patch}, {"DELETE", route->delete},
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].method, method) == 0) {
            return table[i].handler;
        }
    }
    return NULL;
}

enum route_result route_find(const struct route *routes, size_t n_routes, const char *method,
                             const char *path, struct arena *arena,
                             const char *params[API_PARAMS_MAX], api_handler *ret_handler)
{
    const char *starts[API_PARAMS_MAX];
    size_t sizes[API_PARAMS_MAX];

    for (size_t i = 0; i < n_routes; i++) {
        api_handler handler;
        size_t n_params;

        if (!match(routes[i].pattern, path, starts, sizes)) {
            continue;
        }
        handler = handler_for(&routes[i], method);
        if (handler == NULL) {
            return ROUTE_NOT_IMPLEMENTED;
        }
        n_params = count_params(routes[i].pattern);
        for (size_t j = 0; j < n_params; j++) {
            char *decoded = http_percent_decode(arena, starts[j], sizes[j], false);

            if (decoded == NULL) {
                return ROUTE_BAD_PATH;
            }
            params[j] = decoded;
        }
        *ret_handler = handler;
        return ROUTE_FOUND;
    }
    return ROUTE_NOT_FOUND;
}
