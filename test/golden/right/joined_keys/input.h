/* A natural key of two parents and no column of its own, one of them of the same
 * table; the ids of both can be read. */
#ifndef TEST_GOLDEN_JOINED_KEYS_H
#define TEST_GOLDEN_JOINED_KEYS_H

#include "db/entity.h"

#include <stdint.h>

enum season { SUMMER = 1, WINTER = 2 };

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e price objects scan=allowed sort=allowed
//generate-database:mapper stmt -e price objects-by-Shop-and-Season-and-Town
//generate-database:mapper stmt -e price create
//generate-database:mapper stmt -e price create-or-replace
//generate-database:mapper stmt -e price update
//generate-database:mapper stmt -e price delete-by-ShopID
//generate-database:mapper method -e price GetMany
//generate-database:mapper method -e price GetOne
//generate-database:mapper method -e price Create
//generate-database:mapper method -e price CreateOrReplace
//generate-database:mapper method -e price Update
//generate-database:mapper method -e price DeleteMany-by-ShopID
//
//generate-database:mapper stmt -e folder objects-by-Parent-and-Name
//generate-database:mapper stmt -e folder create
//generate-database:mapper method -e folder GetOne
//generate-database:mapper method -e folder GetMany
//generate-database:mapper method -e folder Create

struct price {
    int64_t id;
    int64_t shop_id;    //db: omit=create,update
    const char *shop;   //db: primary=yes join=shops.name joinon=prices.shop_id
    enum season season; //db: primary=yes join=seasons.number joinon=prices.season_word jointo=word
    const char *town;   //db: primary=yes join=towns.name joinon=shops.town_id
    int64_t cents;      //db: omit=objects
    struct opt_str note;
};

struct price_filter {
    struct opt_i64 shop_id;
    struct opt_str shop;
    struct opt_i64 season;
    struct opt_str town;
};

struct folder {
    int64_t id;
    const char *parent; //db: primary=yes join=folders.word joinon=folders.parent_id joinas=parents
    const char *name;   //db: primary=yes
    const char *word;
};

struct folder_filter {
    struct opt_str parent;
    struct opt_str name;
};

#endif
