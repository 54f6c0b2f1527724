/* judge_schema.h - questions about the schema, for the files of the judgement. */
#ifndef LBSTATE_GENERATE_JUDGE_SCHEMA_H
#define LBSTATE_GENERATE_JUDGE_SCHEMA_H

#include "generate/model.h"

struct sqlite3;
struct sqlite3_stmt;

struct judge {
    struct generator *generator;
    struct sqlite3 *db;
    const struct entity *entity;
};

struct column {
    const char *type;
    const char *collation;
    bool is_not_null;
    bool is_row_id; /* The INTEGER PRIMARY KEY. */
};

bool schema_has_table(const struct judge *judge, const char *table);
bool schema_find_column(const struct judge *judge, const char *table, const char *name,
                        struct column *ret_column);

/* Whether no two rows have the same value in the column. */
bool schema_is_unique(const struct judge *judge, const char *table, const char *column);

/* A query; TEXT is its parameter. The caller finalizes it. */
struct sqlite3_stmt *schema_ask(const struct judge *judge, const char *sql, const char *text);

/* "" for NULL. */
const char *schema_text_of(struct sqlite3_stmt *stmt, int column);

/* What a field with join= asks of the schema, and the uniqueness of the natural key
 * (judge_join.c). */
void judge_join(const struct judge *judge, const struct member *member);
void judge_key(const struct judge *judge);

#endif
