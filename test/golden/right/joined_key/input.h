/* A natural key of three tables: the lantern of a room of a house. */
#ifndef TEST_GOLDEN_JOINED_KEY_H
#define TEST_GOLDEN_JOINED_KEY_H

#include "base/string_map.h"
#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e lantern objects scan=allowed sort=allowed
//generate-database:mapper stmt -e lantern objects-by-House
//generate-database:mapper stmt -e lantern objects-by-House-and-Room-and-Name
//generate-database:mapper stmt -e lantern names-by-House-and-Room
//generate-database:mapper stmt -e lantern id
//generate-database:mapper stmt -e lantern create
//generate-database:mapper stmt -e lantern create-or-replace
//generate-database:mapper stmt -e lantern update
//generate-database:mapper stmt -e lantern rename
//generate-database:mapper stmt -e lantern delete-by-House-and-Room-and-Name
//generate-database:mapper stmt -e lantern delete-by-House
//generate-database:mapper method -e lantern GetMany references=Config
//generate-database:mapper method -e lantern GetOne
//generate-database:mapper method -e lantern GetNames-by-House-and-Room
//generate-database:mapper method -e lantern ID
//generate-database:mapper method -e lantern Exists
//generate-database:mapper method -e lantern Create references=Config
//generate-database:mapper method -e lantern CreateOrReplace
//generate-database:mapper method -e lantern Update references=Config
//generate-database:mapper method -e lantern Rename
//generate-database:mapper method -e lantern DeleteOne-by-House-and-Room-and-Name
//generate-database:mapper method -e lantern DeleteMany-by-House

struct lantern {
    int64_t id;
    const char *house; //db: primary=yes join=houses.name joinon=rooms.house_id
    const char *room;  //db: primary=yes join=rooms.name joinon=lanterns.room_id
    const char *name;  //db: primary=yes
    int64_t watts;
    int64_t changed_at;       //db: update_timestamp
    struct string_map config; //db: references=Config
};

struct lantern_filter {
    struct opt_str house;
    struct opt_str room;
    struct opt_str name;
};

#endif
