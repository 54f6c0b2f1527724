/* Columns of tables that are joined by columns of joined tables, in any order; by
 * street_id for streets, where nothing else is said. */
#ifndef TEST_GOLDEN_JOIN_CHAIN_H
#define TEST_GOLDEN_JOIN_CHAIN_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e parcel objects scan=allowed
//generate-database:mapper stmt -e parcel objects-by-Code
//generate-database:mapper stmt -e parcel objects-by-Country sort=allowed
//generate-database:mapper stmt -e parcel names-by-Town sort=allowed
//generate-database:mapper stmt -e parcel create
//generate-database:mapper stmt -e parcel delete-by-Country
//generate-database:mapper method -e parcel GetMany
//generate-database:mapper method -e parcel GetOne
//generate-database:mapper method -e parcel GetNames-by-Town
//generate-database:mapper method -e parcel Create
//generate-database:mapper method -e parcel DeleteMany-by-Country

struct parcel {
    int64_t id;
    const char *code;    //db: primary=yes
    const char *country; //db: join=countries.name joinon=towns.country jointo=iso
    const char *town;    //db: join=towns.name joinon=streets.town_id
    const char *street;  //db: join=streets.name
    int64_t street_id;
    struct opt_i64 sender_id;
    struct opt_str sender;   //db: leftjoin=people.name joinon=parcels.sender_id joinas=senders
    struct opt_str mother;   //db: leftjoin=people.name joinon=senders.mother_id joinas=mothers
    const char *grandmother; //db: leftjoin=people.name joinon=mothers.mother_id coalesce='unknown'
};

struct parcel_filter {
    struct opt_str code;
    struct opt_str country;
    struct opt_str town;
};

#endif
