/* fields.h - the members that a record of a kind has, and records that people
 * write as YAML. */
#ifndef LBSTATE_CTL_FIELDS_H
#define LBSTATE_CTL_FIELDS_H

#include "ctl/ctl.h"

#include <jansson.h>

enum field_type {
    FIELD_IGNORED,  /* `show` prints it, but it can't be changed by a PUT. */
    FIELD_TEXT,     /* "" if it is absent. */
    FIELD_FLAG,     /* true or false; left out if it is absent. */
    FIELD_TEXT_MAP, /* {} if it is absent. */
    FIELD_TEXT_LIST,
    FIELD_RECORD_LIST
};

struct field {
    const char *name; /* NULL ends a list. */
    enum field_type type;
    const struct field *fields; /* Of the records of a FIELD_RECORD_LIST. */
};

/* A record as PUT and POST carry it, from YAML: all FIELDS but the ignored ones,
 * in their order. A member that isn't in FIELDS, or has another type, is
 * LBSTATE_INVALID, with its path. RET_RECORD is for json_decref(). */
int fields_read(const char *text, size_t size, const struct field *fields, json_t **ret_record,
                struct lbstate_error *error);

#endif
