/* server_config.h - the server's own configuration: what its keys may hold. */
#ifndef LBSTATE_LB_SERVER_CONFIG_H
#define LBSTATE_LB_SERVER_CONFIG_H

#include "base/error.h"

#include <stdint.h>

#define SERVER_CONFIG_CLUSTER_ADDRESS   "cluster.https_address"
#define SERVER_CONFIG_CORE_ADDRESS      "core.https_address"
#define SERVER_CONFIG_JOIN_TOKEN_EXPIRY "cluster.join_token_expiry"

/* ERROR_INVALID in Incus' words: `cannot set 'foo' to '': unknown key`. The empty value unsets a
 * key, and is right for each. */
int server_config_check(const char *key, const char *value, struct error *error);

/* When something that lives as long as SPAN says ("3H", "1d 12H": Incus' letters S M H d w m y, each
 * once) ends, if it begins at NOW_S. ERROR_INVALID. */
int server_config_expiry(const char *span, int64_t now_s, int64_t *ret_expires_s,
                         struct error *error);

#endif
