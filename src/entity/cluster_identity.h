/* cluster_identity.h - what tells this cluster from any other; one row, none while
 * the server stands alone. */
#ifndef LBSTATE_ENTITY_CLUSTER_IDENTITY_H
#define LBSTATE_ENTITY_CLUSTER_IDENTITY_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target cluster_identity.mapper
//
//generate-database:mapper stmt -e cluster_identity objects table=clusters scan=allowed
//generate-database:mapper stmt -e cluster_identity create
//
//generate-database:mapper method -e cluster_identity GetMany
//generate-database:mapper method -e cluster_identity Create

struct cluster_identity {
    int64_t id;
    const char *fingerprint; //db: primary=yes
};

struct cluster_identity_filter {
    struct opt_str fingerprint;
};

#endif
