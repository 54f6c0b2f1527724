/* cluster_token.h - a token that a node may join the cluster with, once. */
#ifndef LBSTATE_ENTITY_CLUSTER_TOKEN_H
#define LBSTATE_ENTITY_CLUSTER_TOKEN_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target cluster_token.mapper
//
//generate-database:mapper stmt -e cluster_token objects table=cluster_tokens scan=allowed
//generate-database:mapper stmt -e cluster_token create
//generate-database:mapper stmt -e cluster_token update
//generate-database:mapper stmt -e cluster_token delete-by-KeyPin
//
//generate-database:mapper method -e cluster_token GetMany
//generate-database:mapper method -e cluster_token Create
//generate-database:mapper method -e cluster_token Update
//generate-database:mapper method -e cluster_token DeleteOne-by-KeyPin

struct cluster_token {
    int64_t id;
    const char *key_pin;      //db: primary=yes
    const char *name;         /* Of the member that is to join. */
    const char *proof_key;    /* What is kept of the secret: see join_proof_key(). */
    const char *operation_id; /* A UUID: tokens are shown as operations that run. */
    int64_t created_at;       /* Wall clock, seconds, as the next one. */
    int64_t expires_at;
    const char *used_by; /* The key pin of the node that joined with it; "": nobody yet. */
    int64_t revision;
};

struct cluster_token_filter {
    struct opt_str key_pin;
};

#endif
