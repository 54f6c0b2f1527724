/* engine.h - dqlite and cowsql under one name.
 *
 * The two share design, wire protocol and calls, and differ in the prefix of
 * the calls and in which of them a version has. Only src/node includes this. */
#ifndef LBSTATE_NODE_ENGINE_H
#define LBSTATE_NODE_ENGINE_H

#include "config.h"

#if defined(LBSTATE_ENGINE_COWSQL)
#include <cowsql.h>
#define ENGINE_NAME(NAME) cowsql_##NAME
#ifdef HAVE_COWSQL_NODE_SET_AUTO_RECOVERY
#define ENGINE_HAS_AUTO_RECOVERY 1
#endif
#elif defined(LBSTATE_ENGINE_DQLITE)
#include <dqlite.h>
#define ENGINE_NAME(NAME) dqlite_##NAME
#ifdef HAVE_DQLITE_NODE_SET_AUTO_RECOVERY
#define ENGINE_HAS_AUTO_RECOVERY 1
#endif
#else
#error "config.h names no engine"
#endif

#define engine_node                        ENGINE_NAME(node)
#define engine_node_create                 ENGINE_NAME(node_create)
#define engine_node_destroy                ENGINE_NAME(node_destroy)
#define engine_node_errmsg                 ENGINE_NAME(node_errmsg)
#define engine_node_set_auto_recovery      ENGINE_NAME(node_set_auto_recovery)
#define engine_node_set_bind_address       ENGINE_NAME(node_set_bind_address)
#define engine_node_set_connect_func       ENGINE_NAME(node_set_connect_func)
#define engine_node_set_network_latency_ms ENGINE_NAME(node_set_network_latency_ms)
#define engine_node_start                  ENGINE_NAME(node_start)
#define engine_node_stop                   ENGINE_NAME(node_stop)

#endif
