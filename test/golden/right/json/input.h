/* JSON without a table: each kind of member, in the order of the directive. */
#ifndef TEST_GOLDEN_JSON_H
#define TEST_GOLDEN_JSON_H

#include "base/string_map.h"
#include "db/entity.h"

#include <stddef.h>
#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper json -e point y x
//generate-database:mapper json -e shape title points colour tags visible scale attributes note

enum shape_colour {
    SHAPE_RED,
    SHAPE_BLUE,
};

struct point {
    int64_t x;
    int64_t y;
};

struct shape {
    const char *title;
    struct point *points;
    size_t n_points;
    enum shape_colour colour;
    const char **tags;
    size_t n_tags;
    bool visible;
    double scale;
    struct string_map attributes;
    struct opt_str note;
    int64_t version; /* Not told to anybody. */
};

#endif
