/* filter.h - filters of lists, as Incus has them.
 *
 *     [not] FIELD OPERATOR VALUE { (and|or) [not] FIELD OPERATOR VALUE }
 *
 * from left to right, without precedence. `not` may have any case; `and`, `or` and
 * the operators `eq` and `ne` must be in lower case. A value may stand in double
 * quotes, and has blanks then. A field is a path of names with dots:
 *
 *   config.user.foo   a key of a map; without that key, the first whose part before
 *                     the first dot begins with what is given (config.u.foo); ""
 *                     where there is none
 *   backends.name     through a list: what stands behind `not` holds if it does for
 *                     any element
 *
 * What VALUE means follows from the field: for a string, a regular expression
 * that doesn't mind case and must fit as a whole unless it has a ^ or a $ in it; or,
 * with a comma, a list of which one must be equal. Booleans and numbers are
 * compared as such, lists of strings with a JSON array.
 *
 * Regular expressions are POSIX extended ones in the C locale, made to read what
 * people write for Go's: \d, \D, (?:, and *? +? ?? may be used; classes in brackets
 * know no escapes, and . is one byte. What is no regular expression is compared
 * as it is. So are those that would take memory without bounds: with references, or
 * whose repetitions make more than FILTER_EXPANDED_MAX bytes of them. None fits a
 * text of more than FILTER_TEXT_MAX bytes.
 *
 * A filter is checked against the fields of the record, not against the records
 * that happen to be there: what is wrong is so for an empty list, too. */
#ifndef LBSTATE_LB_FILTER_H
#define LBSTATE_LB_FILTER_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define FILTER_CLAUSES_MAX  128
#define FILTER_REGEXP_MAX   256 /* Bytes of a value with special characters. */
#define FILTER_EXPANDED_MAX 2048
#define FILTER_TEXT_MAX     4096

enum filter_type {
    FILTER_STRING,
    FILTER_BOOL,
    FILTER_INTEGER,
    FILTER_STRINGS, /* A list of them. */
    FILTER_MAP,     /* From strings to strings. */
    FILTER_OBJECTS, /* A list of records. */
};

/* What a record has, as its JSON names it; ends with one without a name. */
struct filter_field {
    const char *name;
    enum filter_type type;
    const struct filter_field *fields; /* Of FILTER_OBJECTS. */
};

struct filter;

/* FIELDS are borrowed. *RET_FILTER is NULL if TEXT (or NULL) has no clause.
 * ERROR_INVALID with Incus' words: `Invalid filter: clause has no operator`,
 * `Invalid type "invalid" for field "foo"`, ... */
int filter_parse(const char *text, const struct filter_field *fields, struct filter **ret_filter,
                 struct error *error);
void filter_close(struct filter *filter);

/* Whether the record whose JSON is TEXT passes. */
int filter_match(const struct filter *filter, const char *text, size_t size, bool *ret_matches,
                 struct error *error);

#endif
