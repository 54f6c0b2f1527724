#include "db/mapper_select.h"

#include "base/buffer.h"
#include "base/json_writer.h"
#include "base/string_map.h"
#include "db/mapper_write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* As SQLite compares values of one column whose collation is BINARY. */
static int compare_values(const struct db_value *a, const struct db_value *b)
{
    size_t size;
    int order;

    if (a->type != b->type) {
        return a->type < b->type ? -1 : 1;
    }
    switch (a->type) {
    case DB_NULL:
        return 0;
    case DB_INTEGER:
        return (a->integer > b->integer) - (a->integer < b->integer);
    case DB_FLOAT:
        return (a->real > b->real) - (a->real < b->real);
    case DB_TEXT:
    case DB_BLOB:
        break;
    }
    size = a->bytes.size < b->bytes.size ? a->bytes.size : b->bytes.size;
    order = size == 0 ? 0 : memcmp(a->bytes.data, b->bytes.data, size);
    return order != 0 ? order : (a->bytes.size > b->bytes.size) - (a->bytes.size < b->bytes.size);
}

/* Any order has the natural key in it, so rows that are equal are one. */
static int compare_rows(const void *a, const void *b, void *data)
{
    const struct db_value *const *left = a;
    const struct db_value *const *right = b;
    const struct mapper *mapper = data;
    const unsigned *places = mapper->order == NULL ? mapper->keys : mapper->order;
    unsigned n_places = mapper->order == NULL ? mapper->n_keys : mapper->n_order;

    for (unsigned i = 0; i < n_places; i++) {
        int order = compare_values(*left + places[i], *right + places[i]);

        if (order != 0) {
            return order;
        }
    }
    return 0;
}

static int add_rows(struct mapper_row_set *set, const struct db_rows *rows, struct arena *arena,
                    struct error *error)
{
    const struct db_value **all = arena_calloc(arena, set->n_rows + rows->n_rows, sizeof *all);

    if (all == NULL) {
        return error_no_memory(error);
    }
    if (set->n_rows > 0) {
        memcpy(all, set->rows, set->n_rows * sizeof *all);
    }
    for (size_t i = 0; i < rows->n_rows; i++) {
        all[set->n_rows + i] = rows->values + i * rows->n_columns;
    }
    set->rows = all;
    set->n_rows += rows->n_rows;
    return ERROR_NONE;
}

static size_t count_selected(const struct mapper *mapper)
{
    size_t n = 0;

    for (size_t i = 0; i < mapper->n_columns; i++) {
        n += (mapper->columns[i].omit & FIELD_OMIT_OBJECTS) == 0;
    }
    return n;
}

static int query_into(struct db_tx *tx, const struct mapper *mapper, const struct db_stmt *stmt,
                      const struct db_value *params, struct arena *arena,
                      struct mapper_row_set *set, struct error *error)
{
    struct db_rows rows;
    int rv = db_query(tx, stmt, params, arena, &rows, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (rows.n_columns != count_selected(mapper)) {
        return error_set(error, ERROR_CORRUPT, "%s: expected %zu columns, found %zu", mapper->table,
                         count_selected(mapper), rows.n_columns);
    }
    return add_rows(set, &rows, arena, error);
}

/* The selectors from FIRST on that are of one kind with it, as [[value, ...], ...]. */
static int encode_selectors(const struct mapper *mapper, const struct mapper_selector *selectors,
                            size_t first, size_t n_selectors, struct buffer *buffer,
                            const char **ret_json, struct error *error)
{
    const struct mapper_selection *selection = selectors[first].selection;
    struct json_writer w;

    buffer_reset(buffer);
    json_writer_init(&w, buffer, false);
    json_write_array_begin(&w);
    for (size_t i = first; i < n_selectors; i++) {
        if (selectors[i].selection != selection) {
            continue;
        }
        json_write_array_begin(&w);
        for (unsigned j = 0; j < selection->one->n_params; j++) {
            const char *problem = mapper_write_value(&w, &selectors[i].values[j]);

            if (problem != NULL) {
                return error_set(error, ERROR_INVALID, "%s can't be looked up: %s", mapper->title,
                                 problem);
            }
        }
        json_write_array_end(&w);
    }
    json_write_array_end(&w);
    *ret_json = buffer_string(buffer);
    return *ret_json == NULL ? error_no_memory(error) : ERROR_NONE;
}

static bool is_first_of_kind(const struct mapper_selector *selectors, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (selectors[j].selection == selectors[i].selection) {
            return false;
        }
    }
    return true;
}

static void sort_and_unite(const struct mapper *mapper, struct mapper_row_set *set)
{
    size_t n = 0;

    if (set->n_rows == 0) {
        return;
    }
    qsort_r(set->rows, set->n_rows, sizeof *set->rows, compare_rows, (void *)(uintptr_t)mapper);
    /* The natural key is unique: two rows that have the same are one. */
    for (size_t i = 1; i < set->n_rows; i++) {
        if (compare_rows(&set->rows[n], &set->rows[i], (void *)(uintptr_t)mapper) != 0) {
            set->rows[++n] = set->rows[i];
        }
    }
    set->n_rows = n + 1;
}

static int select_any(struct db_tx *tx, const struct mapper *mapper,
                      const struct mapper_selector *selectors, size_t n_selectors,
                      struct arena *arena, struct mapper_row_set *set, struct error *error)
{
    struct buffer buffer = {0};
    int rv = ERROR_NONE;

    for (size_t i = 0; i < n_selectors && rv == ERROR_NONE; i++) {
        const char *json;

        if (!is_first_of_kind(selectors, i)) {
            continue;
        }
        rv = encode_selectors(mapper, selectors, i, n_selectors, &buffer, &json, error);
        if (rv == ERROR_NONE) {
            struct db_value param = db_text(json);

            rv = query_into(tx, mapper, selectors[i].selection->any, &param, arena, set, error);
        }
    }
    buffer_close(&buffer);
    if (rv == ERROR_NONE) {
        sort_and_unite(mapper, set);
    }
    return rv;
}

int mapper_select(struct db_tx *tx, const struct mapper *mapper,
                  const struct mapper_selector *selectors, size_t n_selectors, struct arena *arena,
                  struct mapper_row_set *ret_rows, struct error *error)
{
    struct mapper_row_set set = {0};
    int rv;

    if (n_selectors == 0 && mapper->objects == NULL) {
        return error_set(error, ERROR_INTERNAL, "%s: no statement selects all of them",
                         mapper->table);
    }
    if (n_selectors == 0) {
        rv = query_into(tx, mapper, mapper->objects, NULL, arena, &set, error);
    } else if (n_selectors == 1) {
        rv = query_into(tx, mapper, selectors->selection->one, selectors->values, arena, &set,
                        error);
    } else {
        rv = select_any(tx, mapper, selectors, n_selectors, arena, &set, error);
    }
    if (rv == ERROR_NONE) {
        *ret_rows = set;
    }
    return rv;
}

int mapper_decode(const struct mapper *mapper, const struct db_value *row, struct arena *arena,
                  void *object, struct error *error)
{
    size_t place = 0;

    for (size_t i = 0; i < mapper->n_columns; i++) {
        int rv;

        if ((mapper->columns[i].omit & FIELD_OMIT_OBJECTS) != 0) {
            continue;
        }
        rv = row_decode_field(&mapper->columns[i], &row[place++], arena, object, error);

        if (rv == ERROR_CORRUPT && i > 0 && !mapper->has_no_id) {
            return error_prefix(error, "%s row %" PRId64 ": ", mapper->table, row[0].integer);
        }
        if (rv == ERROR_CORRUPT) {
            return error_prefix(error, "%s: ", mapper->table);
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return ERROR_NONE;
}

/* An object by its id. */
struct parent {
    int64_t id;
    void *object;
};

static int compare_parents(const void *a, const void *b)
{
    const struct parent *left = a;
    const struct parent *right = b;

    return (left->id > right->id) - (left->id < right->id);
}

/* [1, 2, ...], or NULL if memory is lacking. */
static const char *encode_ids(const struct parent *parents, size_t n_parents, struct arena *arena)
{
    struct buffer buffer = {0};
    struct json_writer w;
    const char *json = NULL;

    json_writer_init(&w, &buffer, false);
    json_write_array_begin(&w);
    for (size_t i = 0; i < n_parents; i++) {
        json_write_integer(&w, parents[i].id);
    }
    json_write_array_end(&w);
    if (!buffer_failed(&buffer)) {
        json = arena_memdup(arena, buffer.data, buffer.size);
    }
    buffer_close(&buffer);
    return json;
}

/* ROW: the parent's id, key, value. */
static int add_pair(const struct mapper_reference *reference, const struct db_value *row,
                    const struct parent *parents, size_t n_parents, struct arena *arena,
                    struct error *error)
{
    struct parent wanted = {.id = row[0].integer};
    const struct parent *parent;

    if (row[0].type != DB_INTEGER || row[1].type != DB_TEXT || row[2].type != DB_TEXT) {
        return error_set(error, ERROR_CORRUPT,
                         "%s: a row of parent %" PRId64 " is not an id and two texts",
                         reference->table, row[0].type == DB_INTEGER ? row[0].integer : -1);
    }
    parent = bsearch(&wanted, parents, n_parents, sizeof *parents, compare_parents);
    if (parent == NULL) {
        return error_set(error, ERROR_CORRUPT, "%s: a row of parent %" PRId64 " was not asked for",
                         reference->table, row[0].integer);
    }
    if (memchr(row[1].bytes.data, '\0', row[1].bytes.size) != NULL ||
        memchr(row[2].bytes.data, '\0', row[2].bytes.size) != NULL) {
        return error_set(error, ERROR_CORRUPT,
                         "%s: text of parent %" PRId64 " holds the character U+0000",
                         reference->table, row[0].integer);
    }
    if (!string_map_set(field_in(&reference->field, parent->object), arena, row[1].bytes.data,
                        row[2].bytes.data)) {
        return error_no_memory(error);
    }
    return ERROR_NONE;
}

/* ROWS, of one parent: its id, then the members of a struct. */
static int set_array(const struct mapper_reference *reference, const struct db_value *rows,
                     size_t n_rows, const struct parent *parents, size_t n_parents,
                     struct arena *arena, struct error *error)
{
    const struct json_type *type = reference->field.items;
    struct parent wanted = {.id = rows[0].integer};
    const struct parent *parent;
    char *items;

    parent = rows[0].type != DB_INTEGER
                 ? NULL
                 : bsearch(&wanted, parents, n_parents, sizeof *parents, compare_parents);
    if (parent == NULL) {
        return error_set(error, ERROR_CORRUPT, "%s: a row of parent %" PRId64 " was not asked for",
                         reference->table, rows[0].type == DB_INTEGER ? rows[0].integer : -1);
    }
    items = arena_calloc(arena, n_rows, type->size);
    if (items == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < n_rows * type->n_fields; i++) {
        size_t row = i / type->n_fields;
        size_t place = i % type->n_fields;
        int rv =
            row_decode_field(&type->fields[place], &rows[row * (1 + type->n_fields) + 1 + place],
                             arena, items + row * type->size, error);

        if (rv == ERROR_CORRUPT) {
            return error_prefix(error, "%s: a row of parent %" PRId64 ": ", reference->table,
                                parent->id);
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    *(void **)field_in(&reference->field, parent->object) = items;
    field_set_count(&reference->field, parent->object, n_rows);
    return ERROR_NONE;
}

/* The rows of a parent follow each other. */
static int set_arrays(const struct mapper_reference *reference, const struct db_rows *rows,
                      const struct parent *parents, size_t n_parents, struct arena *arena,
                      struct error *error)
{
    size_t width = 1 + reference->field.items->n_fields;
    size_t next;

    if (rows->n_columns != width) {
        return error_set(error, ERROR_CORRUPT, "%s: expected %zu columns, found %zu",
                         reference->table, width, rows->n_columns);
    }
    for (size_t first = 0; first < rows->n_rows; first = next) {
        const struct db_value *start = rows->values + first * width;
        int rv;

        next = first + 1;
        while (next < rows->n_rows && start->integer == rows->values[next * width].integer) {
            next++;
        }
        rv = set_array(reference, start, next - first, parents, n_parents, arena, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return ERROR_NONE;
}

int mapper_fill_references(struct db_tx *tx, const struct mapper *mapper, void *objects,
                           size_t n_objects, struct arena *arena, struct error *error)
{
    struct parent *parents;
    struct db_value param;
    const char *ids;

    if (mapper->n_references == 0 || n_objects == 0) {
        return ERROR_NONE;
    }
    parents = arena_calloc(arena, n_objects, sizeof *parents);
    if (parents == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < n_objects; i++) {
        void *object = (char *)objects + i * mapper->object_size;

        parents[i].id = *(int64_t *)field_in(&mapper->columns[0], object);
        parents[i].object = object;
    }
    qsort(parents, n_objects, sizeof *parents, compare_parents);
    ids = encode_ids(parents, n_objects, arena);
    if (ids == NULL) {
        return error_no_memory(error);
    }
    param = db_text(ids);
    for (size_t i = 0; i < mapper->n_references; i++) {
        const struct mapper_reference *reference = &mapper->references[i];
        struct db_rows rows;
        int rv;

        if (reference->get == NULL) {
            continue;
        }
        rv = db_query(tx, reference->get, &param, arena, &rows, error);
        if (rv == ERROR_NONE && reference->field.kind == FIELD_OBJECTS) {
            rv = set_arrays(reference, &rows, parents, n_objects, arena, error);
        }
        for (size_t j = 0;
             rv == ERROR_NONE && reference->field.kind == FIELD_MAP && j < rows.n_rows; j++) {
            rv = add_pair(reference, rows.values + j * rows.n_columns, parents, n_objects, arena,
                          error);
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return ERROR_NONE;
}
