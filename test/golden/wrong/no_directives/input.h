/* A header without directives. */
#include "db/entity.h"

#include <stdint.h>


struct item {
    int64_t id;
    int64_t owner_id; //db: primary=yes
    const char *name; //db: primary=yes
    int64_t size;
    struct opt_str note;
};

struct item_filter {
    struct opt_i64 id;
    struct opt_i64 owner_id;
    struct opt_str name;
};
