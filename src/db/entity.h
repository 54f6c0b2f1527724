/* entity.h - the types that the structs of src/entity are made of, besides
 * int64_t, bool, double, const char * and enums. */
#ifndef LBSTATE_DB_ENTITY_H
#define LBSTATE_DB_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A column that may be NULL, or a field of a filter that may be unset. A zeroed
 * one is unset. */
struct opt_i64 {
    bool set;
    int64_t value;
};

struct opt_bool {
    bool set;
    bool value;
};

struct opt_double {
    bool set;
    double value;
};

struct opt_str {
    bool set;
    const char *value;
};

/* A BLOB column. */
struct bytes {
    const void *data;
    size_t size;
};

#define SOME(VALUE)                                                                                \
    {                                                                                              \
        .set = true, .value = (VALUE)                                                              \
    }

static inline struct opt_i64 some_i64(int64_t value)
{
    return (struct opt_i64)SOME(value);
}

static inline struct opt_str some_str(const char *value)
{
    return (struct opt_str)SOME(value);
}

#endif
