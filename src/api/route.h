/* route.h - from a method and a path to a handler. */
#ifndef LBSTATE_API_ROUTE_H
#define LBSTATE_API_ROUTE_H

#include "api/api.h"

typedef void (*api_handler)(struct api_call *call);

struct route {
    const char *pattern; /* "/1.0/networks/{}": {} is one segment, percent-decoded. */
    api_handler get;     /* NULL: 501. */
    api_handler post;
    api_handler put;
    api_handler patch;
    api_handler delete;
};

enum route_result {
    ROUTE_FOUND,
    ROUTE_NOT_FOUND,       /* No pattern fits the path. */
    ROUTE_NOT_IMPLEMENTED, /* One does, but it has no handler for the method. */
    ROUTE_BAD_PATH,        /* A segment can't be percent-decoded. */
};

/* PARAMS get the segments that {} stands for, in ARENA. */
enum route_result route_find(const struct route *routes, size_t n_routes, const char *method,
                             const char *path, struct arena *arena,
                             const char *params[API_PARAMS_MAX], api_handler *ret_handler);

/* All routes of the API. */
extern const struct route api_routes[];
extern const size_t api_n_routes;

#endif
