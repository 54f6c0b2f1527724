/* A table and a name for people that do not follow from the entity. */
#ifndef TEST_GOLDEN_LABEL_H
#define TEST_GOLDEN_LABEL_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e dns_zone id table=zones "label=DNS zone"
//generate-database:mapper stmt -e dns_zone create
//generate-database:mapper method -e dns_zone ID
//generate-database:mapper method -e dns_zone Create

struct dns_zone {
    int64_t id;
    const char *name; //db: primary=yes
};

#endif
