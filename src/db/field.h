/* field.h - where a value lies in a struct and what it is: the rows of the
 * tables that generate-database writes. One table describes a struct both for
 * its columns (row.h) and for its JSON (json_type.h). */
#ifndef LBSTATE_DB_FIELD_H
#define LBSTATE_DB_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_type;

enum field_kind {
    FIELD_INTEGER, /* int64_t, or struct opt_i64. */
    FIELD_BOOL,    /* bool, or struct opt_bool. */
    FIELD_DOUBLE,  /* double, or struct opt_double. */
    FIELD_TEXT,    /* const char *, or struct opt_str. */
    FIELD_BYTES,   /* struct bytes. */
    FIELD_ENUM,    /* An enum of the size of an int. */
    FIELD_OBJECTS, /* T *xs; size_t n_xs; where T has a json_type. */
    FIELD_STRINGS, /* const char **xs; size_t n_xs; */
    FIELD_MAP,     /* struct string_map. */
    FIELD_CUSTOM,  /* A struct that is stored as text by its codec. */
};

/* Statements that leave a column out. */
enum field_omission {
    FIELD_OMIT_OBJECTS = 1,
    FIELD_OMIT_CREATE = 2,
    FIELD_OMIT_UPDATE = 4,
};

struct arena;
struct error;

/* A struct as text, and back. What is made lives in ARENA. ERROR_INVALID for a
 * value that has no text, or text that is none of a value; ERROR_NO_MEMORY. */
struct field_codec {
    int (*marshal)(const void *value, struct arena *arena, const char **ret_text,
                   struct error *error);
    int (*unmarshal)(const char *text, struct arena *arena, void *ret_value, struct error *error);
};

/* The values that an enum may have. */
struct field_enum {
    const char *name;
    const int *values;
    size_t n_values;
};

struct field {
    const char *name; /* Of the column, or of the member of a JSON object. */
    enum field_kind kind;
    bool optional;                        /* The struct has an opt_x: NULL and null are values. */
    size_t offset;                        /* Of the field in its struct. */
    size_t count_offset;                  /* FIELD_OBJECTS, FIELD_STRINGS: of n_xs. */
    const struct json_type *items;        /* FIELD_OBJECTS. */
    const struct field_enum *enumeration; /* FIELD_ENUM. */
    const struct field_codec *codec;      /* FIELD_CUSTOM. */
    size_t max;                           /* Bytes, items or pairs in JSON; 0: any number. */
    unsigned omit;                        /* Bits of enum field_omission, of columns. */
};

static inline const void *field_of(const struct field *field, const void *object)
{
    return (const char *)object + field->offset;
}

static inline void *field_in(const struct field *field, void *object)
{
    return (char *)object + field->offset;
}

static inline size_t field_count(const struct field *field, const void *object)
{
    return *(const size_t *)(const void *)((const char *)object + field->count_offset);
}

static inline void field_set_count(const struct field *field, void *object, size_t count)
{
    *(size_t *)(void *)((char *)object + field->count_offset) = count;
}

static inline bool field_enum_has(const struct field_enum *enumeration, int64_t value)
{
    for (size_t i = 0; i < enumeration->n_values; i++) {
        if (enumeration->values[i] == value) {
            return true;
        }
    }
    return false;
}

#endif
