/* mapper.h - the runtime under the functions that generate-database writes.
 *
 * A generated function is a typed wrapper: it puts its arguments into values and
 * calls one of these with the tables of its entity. So there is one place that
 * binds, scans and maps errors, and what is generated is data.
 *
 * Errors, besides those of db/tx.h:
 *   ERROR_NOT_FOUND  `Network load balancer not found`
 *   ERROR_CONFLICT   `This "Network load balancer" entry already exists`
 *   ERROR_CORRUPT    `networks_load_balancers row 7: ports: expected text, found NULL`
 *
 * Several selectors in one call are OR-ed without making SQL: the selectors of
 * one kind go as one JSON array to one statement, which is known when the program
 * is built as all others are; the rows of several kinds are merged here. */
#ifndef LBSTATE_DB_MAPPER_H
#define LBSTATE_DB_MAPPER_H

#include "base/arena.h"
#include "base/error.h"
#include "db/entity.h"
#include "db/field.h"
#include "db/json_type.h"
#include "db/row.h"
#include "db/tx.h"

/* How many fields a selector or a natural key may have. */
#define MAPPER_KEY_MAX 4

/* A table with rows that belong to a parent: key and value of a map, or the members
 * of an array's structs. The statements that no directive asked for are NULL. In
 * all of them the map or the array is one parameter, as JSON. */
struct mapper_reference {
    const char *table;
    struct field field;           /* FIELD_MAP or FIELD_OBJECTS, in the parent's struct. */
    const struct db_stmt *get;    /* Parents' ids as JSON -> id, key, value, or id, members;
                                   * ordered. */
    const struct db_stmt *insert; /* Parent's id, map. */
    const struct db_stmt *prune;  /* Natural key, map: deletes the keys that it hasn't. */
    const struct db_stmt *merge;  /* Natural key, map: writes the pairs that differ. */
};

/* What there is to know of an entity. */
struct mapper {
    const char *table;
    const char *title;           /* What people call it: "Network load balancer". */
    size_t object_size;          /* Bytes of its struct. */
    const struct field *columns; /* As they are selected: id, stored ones, joined ones; of the
                                  * stored ones those that aren't selected come last. */
    size_t n_columns;
    size_t n_stored;      /* Those that create and update write, from the second on. */
    const unsigned *keys; /* The columns of the natural key, which is the order of rows; create
                           * and update look up the row that joined ones name. */
    unsigned n_keys;
    bool has_no_id;        /* An association: the first column is a stored one. */
    const unsigned *order; /* Which values of a row order them; NULL: the natural key. */
    unsigned n_order;
    const struct mapper_reference *references;
    size_t n_references;
    /* NULL if it wasn't declared. */
    const struct db_stmt *objects;
    const struct db_stmt *id;
    const struct db_stmt *create; /* Of an association: one parameter, [[value, ...], ...]. */
    const struct db_stmt *create_or_replace;
    const struct db_stmt *update;
    const struct db_stmt *rename;
};

/* One declared way to select rows, for one selector and for several at once
 * (a JSON array of arrays, in any order). */
struct mapper_selection {
    const struct db_stmt *one;
    const struct db_stmt *any;
};

/* Text is borrowed until the call that it is passed to has returned. */
struct mapper_selector {
    const struct mapper_selection *selection;
    struct db_value values[MAPPER_KEY_MAX];
};

/* Without selectors all rows, if the entity has a statement for that. A row that
 * several selectors name comes once. Rows are ordered by the natural key. */
int mapper_get_many(struct db_tx *tx, const struct mapper *mapper,
                    const struct mapper_selector *selectors, size_t n_selectors,
                    struct arena *arena, void **ret_objects, size_t *ret_n_objects,
                    struct error *error);

/* SELECTOR names the natural key. */
int mapper_get_one(struct db_tx *tx, const struct mapper *mapper,
                   const struct mapper_selector *selector, struct arena *arena, void *ret_object,
                   struct error *error);

/* STMT is one of the entity's names statements, VALUES its parameters. */
int mapper_get_names(struct db_tx *tx, const struct mapper *mapper, const struct db_stmt *stmt,
                     const struct db_value *values, struct arena *arena, const char ***ret_names,
                     size_t *ret_n_names, struct error *error);

/* KEY has mapper->n_keys values, here and below. */
int mapper_id(struct db_tx *tx, const struct mapper *mapper, const struct db_value *key,
              int64_t *ret_id, struct error *error);
int mapper_exists(struct db_tx *tx, const struct mapper *mapper, const struct db_value *key,
                  bool *ret_exists, struct error *error);

/* Maps are written by deferred statements (see db/tx.h), here and in update. What an
 * object belongs to by fields of its natural key must be there: ERROR_INVALID. */
int mapper_create(struct db_tx *tx, const struct mapper *mapper, const void *object,
                  int64_t *ret_id, struct error *error);
/* The row of the same natural key is updated, if there is one. Maps are left alone. */
int mapper_create_or_replace(struct db_tx *tx, const struct mapper *mapper, const void *object,
                             struct error *error);
int mapper_update(struct db_tx *tx, const struct mapper *mapper, const struct db_value *key,
                  const void *object, struct error *error);
int mapper_rename(struct db_tx *tx, const struct mapper *mapper, const struct db_value *key,
                  const char *new_name, struct error *error);

/* The same where the statement also writes when that was. */
int mapper_rename_at(struct db_tx *tx, const struct mapper *mapper, const struct db_value *key,
                     const char *new_name, int64_t now, struct error *error);

/* Of an association. All objects go with one statement, as JSON; if that is long (a
 * megabyte), with several, and after an error some of them may be there. REMOVE
 * deletes the rows whose column PARENT is VALUE; objects that have another there are
 * ERROR_INTERNAL. ERROR_INVALID: text that is not UTF-8, a number that is not finite. */
int mapper_create_many(struct db_tx *tx, const struct mapper *mapper, const void *objects,
                       size_t n_objects, struct error *error);
int mapper_update_many(struct db_tx *tx, const struct mapper *mapper, const struct db_stmt *remove,
                       const struct field *parent, const struct db_value *value,
                       const void *objects, size_t n_objects, struct error *error);

/* STMT is one of the entity's delete-by statements, VALUES its parameters. */
int mapper_delete_one(struct db_tx *tx, const struct mapper *mapper, const struct db_stmt *stmt,
                      const struct db_value *values, struct error *error);

/* With RET_DELETED NULL the statement is deferred. */
int mapper_delete_many(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *values,
                       uint64_t *ret_deleted, struct error *error);

#endif
