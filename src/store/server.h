/* server.h - the transactions of the server's own configuration. */
#ifndef LBSTATE_STORE_SERVER_H
#define LBSTATE_STORE_SERVER_H

#include "base/string_map.h"
#include "store/store.h"

struct store_server_request {
    struct store_request base;

    /* Inputs; borrowed until DONE. */
    const struct string_map *changes; /* Update. An empty value removes a key. */
    const char *if_match;             /* Update: the header, or NULL. */
    bool patch;                       /* Update: keep the keys that aren't named. */

    /* Outputs, in base.arena. */
    struct string_map config;
};

/* For store_request.run. Errors besides those of the store: ERROR_INVALID (a
 * key that isn't known, or its value), ERROR_PRECONDITION. */
int store_server_get(struct store_request *request, struct store_tx *tx, struct error *error);
int store_server_update(struct store_request *request, struct store_tx *tx, struct error *error);

/* The configuration, for other transactions. */
int store_server_load(struct store_tx *tx, struct string_map *ret_config, struct error *error);

#endif
