/* Rows that may be missing, by a column that isn't the id, and one table twice. */
#ifndef TEST_GOLDEN_LEFT_JOIN_H
#define TEST_GOLDEN_LEFT_JOIN_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e chore objects scan=allowed
//generate-database:mapper stmt -e chore objects-by-Name
//generate-database:mapper method -e chore GetMany
//generate-database:mapper method -e chore GetOne

struct chore {
    int64_t id;
    const char *name;          //db: primary=yes
    struct opt_str owner_name; //db: leftjoin=people.name joinon=chores.owner_id
    const char *owner_town;    //db: leftjoin=people.town joinon=chores.owner_id coalesce='nowhere'
    struct opt_str
        reviewer_name;        //db: leftjoin=people.name joinon=chores.reviewer_id joinas=reviewers
    const char *label_colour; //db: join=labels.colour joinon=chores.label jointo=word
};

struct chore_filter {
    struct opt_str name;
};

#endif
