/* cluster_tokens.h - join tokens, which clients see as operations that run. */
#ifndef LBSTATE_API_CLUSTER_TOKENS_H
#define LBSTATE_API_CLUSTER_TOKENS_H

#include "api/api.h"

/* FINISH gets what the next two write from. */
void cluster_tokens_load(struct api_call *call,
                         void (*finish)(struct api_call *call, struct store_request *done));

/* "running": [...], within an object; nothing if there is none. */
void cluster_tokens_write(struct json_writer *w, struct api_call *call,
                          const struct store_request *done, bool recursive);

/* The operation ID; false: there is no such token, and nothing is written. */
bool cluster_token_write(struct json_writer *w, struct api_call *call,
                         const struct store_request *done, const char *id);

/* Revokes the token of the operation ID, and answers. */
void cluster_token_revoke(struct api_call *call, const char *id);

#endif
