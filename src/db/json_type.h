/* json_type.h - a struct as a JSON object, by a table of its fields.
 *
 * One table serves the columns that hold JSON (marshal=json) and the API, so
 * that both forms are the same. What is written can be read back; members stand
 * in the table's order, text that is NULL is written as "", arrays are never
 * null.
 *
 * Reading is strict: each member must have its type, and members that the table
 * doesn't have are refused. One that is missing is zero: "", [], {}, 0, false,
 * unset. (Two members of one name are refused where the text is parsed, by
 * JSON_REJECT_DUPLICATES.) A field's limit holds for what comes in; what a column
 * holds was let in before. What is wrong is told with its path:
 * `backends[0].target_port: expected a string, found a number`. */
#ifndef LBSTATE_DB_JSON_TYPE_H
#define LBSTATE_DB_JSON_TYPE_H

#include "base/arena.h"
#include "base/error.h"
#include "db/field.h"

struct json_writer;
struct json_t; /* jansson's. */

/* How many objects may lie within each other, the outermost included. */
#define JSON_TYPE_DEPTH_MAX 16

struct json_type {
    const char *name; /* Of the struct. */
    size_t size;      /* Bytes. */
    const struct field *fields;
    size_t n_fields;
};

void json_type_write(struct json_writer *w, const struct json_type *type, const void *object);

/* Fills the struct at RET_OBJECT (type->size bytes, what the table doesn't name
 * is zero); text and arrays are copied into ARENA. PATH is how messages name JSON
 * itself, "" for a whole document. ERROR_INVALID, ERROR_NO_MEMORY. */
int json_type_read(const struct json_type *type, struct json_t *json, const char *path,
                   struct arena *arena, void *ret_object, struct error *error);

/* One field by itself, as the text of a column. The first returns NULL if memory
 * is lacking, else text in ARENA. The second sets the field in OBJECT; its errors
 * are json_type_read()'s, with the field's name as the path. */
const char *json_field_print(const struct field *field, const void *object, struct arena *arena);
int json_field_parse(const struct field *field, const char *text, size_t size, struct arena *arena,
                     void *object, struct error *error);

#endif
