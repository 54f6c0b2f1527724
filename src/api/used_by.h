/* used_by.h - what uses an object, as a list of URLs. */
#ifndef LBSTATE_API_USED_BY_H
#define LBSTATE_API_USED_BY_H

#include "base/json_writer.h"
#include "store/networks.h"

void used_by_to_json(struct json_writer *w, const struct store_user *users, size_t n_users);

#endif
