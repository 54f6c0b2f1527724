/* wire_internal.h - what requests and responses of the wire protocol share. */
#ifndef LBSTATE_DB_WIRE_INTERNAL_H
#define LBSTATE_DB_WIRE_INTERNAL_H

#define WIRE_WORD_SIZE 8

/* The engine's types of parameters and of columns. */
enum wire_value_type {
    WIRE_VALUE_INTEGER = 1,
    WIRE_VALUE_FLOAT = 2,
    WIRE_VALUE_TEXT = 3,
    WIRE_VALUE_BLOB = 4,
    WIRE_VALUE_NULL = 5,
    WIRE_VALUE_UNIXTIME = 9,
    WIRE_VALUE_ISO8601 = 10,
    WIRE_VALUE_BOOLEAN = 11,
};

#endif
