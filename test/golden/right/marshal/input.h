/* Arrays and maps that are stored as JSON. */
#ifndef TEST_GOLDEN_MARSHAL_H
#define TEST_GOLDEN_MARSHAL_H

#include "base/string_map.h"
#include "db/entity.h"

#include <stddef.h>
#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper json -e rule_match field values
//generate-database:mapper json -e rule_step action matches
//generate-database:mapper stmt -e rule objects-by-Name
//generate-database:mapper stmt -e rule create
//generate-database:mapper stmt -e rule update
//generate-database:mapper method -e rule GetMany
//generate-database:mapper method -e rule GetOne
//generate-database:mapper method -e rule Create
//generate-database:mapper method -e rule Update

struct rule_match {
    const char *field;
    const char **values;
    size_t n_values;
};

struct rule_step {
    const char *action;
    struct rule_match *matches;
    size_t n_matches;
};

struct rule {
    int64_t id;
    const char *name;        //db: primary=yes
    struct rule_step *steps; //db: marshal=json
    size_t n_steps;
    const char **labels; //db: marshal=json
    size_t n_labels;
    struct string_map options; //db: marshal=json
};

struct rule_filter {
    struct opt_str name;
};

#endif
