/* dump.h - the database as SQL text: GET /internal/sql. */
#ifndef LBSTATE_STORE_DUMP_H
#define LBSTATE_STORE_DUMP_H

#include "store/store.h"

#define STORE_DUMP_ROWS_MAX ((size_t)1000 * 1000)
#define STORE_DUMP_SIZE_MAX ((size_t)64 * 1024 * 1024)

enum store_dump_kind {
    STORE_DUMP_ALL,    /* What makes the same database anew: schema and rows. */
    STORE_DUMP_SCHEMA, /* The same without rows. */
    STORE_DUMP_NAMES   /* The names of tables, indexes, triggers and views, one a line. */
};

struct store_dump_request {
    struct store_request base;

    /* Inputs. */
    enum store_dump_kind kind;
    size_t rows_max; /* 0: STORE_DUMP_ROWS_MAX. */
    size_t size_max; /* Bytes; 0: STORE_DUMP_SIZE_MAX. */

    /* The answer is base.result: {"text":"..."}, as Incus has it, of one snapshot. */
};

/* For store_request.run, as a read. SQLite reads back exactly what was stored:
 * the type of each value, texts with any bytes, rows in their order. Statistics
 * of ANALYZE are left out. ERROR_TOO_LARGE: over one of the limits;
 * ERROR_NOT_IMPLEMENTED: there is a virtual table. */
int store_dump(struct store_request *request, struct store_tx *tx, struct error *error);

#endif
