/* json_decoder.h - reads a JSON object as Go's encoding/json fills a struct.
 *
 * Once something is wrong, the decoder is failed and all that is read after it
 * does nothing, so that only decoder_close() has to be checked. */
#ifndef LBSTATE_LB_JSON_DECODER_H
#define LBSTATE_LB_JSON_DECODER_H

#include "base/arena.h"
#include "base/error.h"
#include "base/string_map.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct json_decoder {
    struct arena *arena; /* For what is read. */
    struct error *error;
    int rv;       /* ERROR_NONE unless it failed. */
    json_t *root; /* An object; an empty one if the text is null. NULL if it failed. */
};

/* Where a value stands in the text; a chain on the stack, printed when it is wrong. */
struct json_place {
    const struct json_place *parent; /* NULL: the root. */
    const char *key;                 /* NULL: an element of an array. */
    size_t index;
};

/* Parses TEXT, which may be nested DEPTH_MAX deep. */
void json_decoder_init(struct json_decoder *d, const char *text, size_t size, unsigned depth_max,
                       struct arena *arena, struct error *error);

/* Frees all but what was read, and returns whether all went well. */
int json_decoder_close(struct json_decoder *d);

/* The last member of that name, in whatever case, that isn't null; else NULL. */
json_t *json_member(json_t *object, const char *name);

/* Leaves *RET_STRING as it is if VALUE is NULL or null. */
void json_read_string(struct json_decoder *d, const json_t *value, const struct json_place *place,
                      const char **ret_string);

/* The member NAME of OBJECT, which stands at PLACE (NULL: it is the root). */
void json_read_member(struct json_decoder *d, json_t *object, const struct json_place *place,
                      const char *name, const char **ret_string);

/* Likewise, true or false. */
void json_read_bool_member(struct json_decoder *d, json_t *object, const struct json_place *place,
                           const char *name, bool *ret_bool);

/* The member PLACE->key of OBJECT, which must be an object or an array; NULL if it
 * isn't there (or wrong). */
json_t *json_read_object(struct json_decoder *d, json_t *object, const struct json_place *place);
json_t *json_read_array(struct json_decoder *d, json_t *object, const struct json_place *place);

/* An element of an array: NULL if it is null; wrong if it isn't an object. */
json_t *json_read_element(struct json_decoder *d, json_t *array, const struct json_place *place);

/* The strings, numbers, booleans and nulls of an object with up to N_MAX members. */
void json_read_map(struct json_decoder *d, json_t *object, const struct json_place *place,
                   size_t n_max, struct string_map *ret_map);

/* Zeroed memory of the arena; NULL if the decoder failed. */
void *json_read_calloc(struct json_decoder *d, size_t count, size_t size);

#endif
