/* naming.h - from the names of Incus' directives to those of C and SQL.
 *
 * Independent of the locale. Results live in ARENA. */
#ifndef LBSTATE_GENERATE_NAMING_H
#define LBSTATE_GENERATE_NAMING_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* "NetworkID" -> "network_id", "HTTPServer" -> "http_server". NULL if TEXT isn't
 * a name that starts with a capital and has letters and digits only. */
const char *naming_snake(struct arena *arena, const char *text, size_t size);

/* "network_id" -> "NetworkID", the inverse for names that are spelt so. */
const char *naming_pascal(struct arena *arena, const char *name);

/* "network_acl" -> "networks_acls": each part in the plural, as Incus has it,
 * but for those that end in ty, ly or config. */
const char *naming_plural(struct arena *arena, const char *name);

/* "networks_acls" -> "networks_acl": the last part in the singular, as Incus has it. */
const char *naming_singular(struct arena *arena, const char *name);

/* "network_load_balancer" -> "Network load balancer". */
const char *naming_title(struct arena *arena, const char *name);

/* "network.mapper.h" -> "NETWORK_MAPPER_H". */
const char *naming_macro(struct arena *arena, const char *text);

/* A name of C in lower case: [a-z][a-z0-9_]*. */
bool naming_is_snake(const char *name);

#endif
