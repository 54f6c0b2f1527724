/* servers.h - the servers of a cluster, one of which leads. */
#ifndef LBSTATE_DB_SERVERS_H
#define LBSTATE_DB_SERVERS_H

#include "db/conn.h"

#include <stddef.h>

/* No server gets more time than this, and none more than its fair share of what
 * is left, so that one that never answers doesn't use up the others' time. */
#define DB_SERVER_PATIENCE_US (3 * 1000 * 1000)

/* Connects to the leader: tries each of ADDRESSES once, in their order, until
 * one says that it leads. options->address isn't used. The leader's address as
 * a server tells it is not followed: servers may know each other by addresses
 * that can't be reached from here.
 *
 * ERROR_UNAVAILABLE: none leads; the message names each address and what it
 * answered. ERROR_INVALID: an address or the name of the database is invalid.
 * ERROR_CANCELED, ERROR_TIMEOUT: see context.h. */
int db_servers_connect(const char *const *addresses, size_t n_addresses,
                       const struct db_conn_options *options, const struct db_context *context,
                       struct db_conn **ret_conn, struct error *error);

#endif
