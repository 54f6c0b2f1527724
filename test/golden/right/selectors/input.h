/* Fields of each type that selects, and several selectors at once. */
#ifndef TEST_GOLDEN_SELECTORS_H
#define TEST_GOLDEN_SELECTORS_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e task objects scan=allowed
//generate-database:mapper stmt -e task objects-by-ID
//generate-database:mapper stmt -e task objects-by-State sort=allowed
//generate-database:mapper stmt -e task objects-by-Done-and-OwnerID sort=allowed
//generate-database:mapper stmt -e task objects-by-Title
//generate-database:mapper stmt -e task create
//generate-database:mapper method -e task GetMany
//generate-database:mapper method -e task Create

enum task_state {
    TASK_NEW,
    TASK_RUNNING,
    TASK_FAILED,
};

struct task {
    int64_t id;
    const char *title; //db: primary=yes
    enum task_state state;
    bool done;
    struct opt_i64 owner_id;
};

struct task_filter {
    struct opt_i64 id;
    struct opt_str title;
    struct opt_i64 state;
    struct opt_bool done;
    struct opt_i64 owner_id;
};

#endif
