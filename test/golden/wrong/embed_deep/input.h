/* Structs in structs are followed only so far. */
#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e item objects-by-OwnerID-and-Name
//generate-database:mapper stmt -e item create
//generate-database:mapper method -e item GetOne
//generate-database:mapper method -e item Create

struct s9 {
    int64_t size;
};

struct s8 {
    struct s9 s9; //db: embed=yes
};

struct s7 {
    struct s8 s8; //db: embed=yes
};

struct s6 {
    struct s7 s7; //db: embed=yes
};

struct s5 {
    struct s6 s6; //db: embed=yes
};

struct s4 {
    struct s5 s5; //db: embed=yes
};

struct s3 {
    struct s4 s4; //db: embed=yes
};

struct s2 {
    struct s3 s3; //db: embed=yes
};

struct s1 {
    struct s2 s2; //db: embed=yes
};

struct item {
    int64_t id;
    int64_t owner_id; //db: primary=yes
    const char *name; //db: primary=yes
    struct opt_str note;
    struct s1 s1; //db: embed=yes
};

struct item_filter {
    struct opt_i64 owner_id;
    struct opt_str name;
};
