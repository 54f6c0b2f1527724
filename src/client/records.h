/* records.h - what has a listen address on a network: load balancers and forwards,
 * whose requests differ in one word of their paths. On top of lbstate_call(). */
#ifndef LBSTATE_CLIENT_RECORDS_H
#define LBSTATE_CLIENT_RECORDS_H

#include "lbstate/lbstate.h"

struct records {
    struct lbstate_client *client;
    const char *project; /* May be NULL. */
    const char *network;
    const char *collection; /* As it stands in the path: "load-balancers". */
};

/* The functions of lbstate.h say what comes of these. */
int records_list(const struct records *records, char **ret_json, struct lbstate_error *error);
int records_get(const struct records *records, const char *address, char **ret_json,
                char **ret_etag, struct lbstate_error *error);

/* ADDRESS is NULL for a POST; JSON and IF_MATCH may be NULL. */
int records_change(const struct records *records, const char *method, const char *address,
                   const char *json, const char *if_match, struct lbstate_error *error);

#endif
