/* Joins by a column of another table, and twice. */
#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e item objects-by-OwnerID
//generate-database:mapper stmt -e item objects-by-OwnerID-and-Name
//generate-database:mapper stmt -e item id
//generate-database:mapper stmt -e item create
//generate-database:mapper stmt -e item delete-by-OwnerID-and-Name
//generate-database:mapper method -e item GetMany
//generate-database:mapper method -e item GetOne
//generate-database:mapper method -e item ID
//generate-database:mapper method -e item Create
//generate-database:mapper method -e item DeleteOne-by-OwnerID-and-Name

struct item {
    int64_t id;
    int64_t owner_id; //db: primary=yes
    const char *name; //db: primary=yes
    int64_t size;
    const char *a; //db: join=owners.name joinon=others.id
    const char *b; //db: join=owners.name joinon=items.owner_id
    const char *c; //db: join=owners.name joinon=items.id
    struct opt_str note;
};

struct item_filter {
    struct opt_i64 id;
    struct opt_i64 owner_id;
    struct opt_str name;
};
