/* server_config.h - one key of the server's configuration (GET /1.0). */
#ifndef LBSTATE_ENTITY_SERVER_CONFIG_H
#define LBSTATE_ENTITY_SERVER_CONFIG_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target server_config.mapper
//
//generate-database:mapper stmt -e server_config objects table=config scan=allowed
//generate-database:mapper stmt -e server_config create
//generate-database:mapper stmt -e server_config update
//generate-database:mapper stmt -e server_config delete-by-Key
//
//generate-database:mapper method -e server_config GetMany
//generate-database:mapper method -e server_config Create
//generate-database:mapper method -e server_config Update
//generate-database:mapper method -e server_config DeleteOne-by-Key

struct server_config {
    int64_t id;
    const char *key; //db: primary=yes
    const char *value;
};

struct server_config_filter {
    struct opt_str key;
};

#endif
