/* value.h - one SQL value, a parameter or a column of a row.
 *
 * Text and blobs are borrowed: a parameter is copied when its statement is
 * sent, a column lives as long as the arena that its query was given. */
#ifndef LBSTATE_DB_VALUE_H
#define LBSTATE_DB_VALUE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum db_type { DB_NULL, DB_INTEGER, DB_FLOAT, DB_TEXT, DB_BLOB };

struct db_value {
    enum db_type type;
    union {
        int64_t integer;
        double real;
        struct {
            const char *data; /* Text ends with a NUL that size doesn't count. */
            size_t size;
        } bytes;
    };
};

static inline struct db_value db_null(void)
{
    return (struct db_value){.type = DB_NULL};
}

static inline struct db_value db_integer(int64_t value)
{
    return (struct db_value){.type = DB_INTEGER, .integer = value};
}

static inline struct db_value db_float(double value)
{
    return (struct db_value){.type = DB_FLOAT, .real = value};
}

static inline struct db_value db_text(const char *value)
{
    return (struct db_value){.type = DB_TEXT, .bytes = {value, strlen(value)}};
}

static inline struct db_value db_blob(const void *data, size_t size)
{
    return (struct db_value){.type = DB_BLOB, .bytes = {data, size}};
}

#endif
