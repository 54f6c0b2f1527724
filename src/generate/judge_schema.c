#include "generate/judge_schema.h"

#include "generate/memory.h"

#include <sqlite3.h>

bool schema_find_column(const struct judge *judge, const char *table, const char *name,
                        struct column *ret_column)
{
    const char *type;
    const char *collation;
    int is_not_null;
    int is_primary;
    int is_autoincrement;

    if (sqlite3_table_column_metadata(judge->db, NULL, table, name, &type, &collation, &is_not_null,
                                      &is_primary, &is_autoincrement) != SQLITE_OK) {
        return false;
    }
    *ret_column = (struct column){
        .type = type == NULL ? "" : type,
        .collation = collation,
        .is_not_null = is_not_null != 0,
        .is_row_id = is_primary != 0 && type != NULL && sqlite3_stricmp(type, "INTEGER") == 0,
    };
    return true;
}

bool schema_has_table(const struct judge *judge, const char *table)
{
    return sqlite3_table_column_metadata(judge->db, NULL, table, NULL, NULL, NULL, NULL, NULL,
                                         NULL) == SQLITE_OK;
}

sqlite3_stmt *schema_ask(const struct judge *judge, const char *sql, const char *text)
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(judge->db, sql, -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_bind_text(stmt, 1, text, -1, SQLITE_TRANSIENT) != SQLITE_OK) {
        memory_exhausted();
    }
    return stmt;
}

const char *schema_text_of(sqlite3_stmt *stmt, int column)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);

    return text == NULL ? "" : text;
}

bool schema_is_unique(const struct judge *judge, const char *table, const char *column)
{
    sqlite3_stmt *stmt =
        schema_ask(judge,
                   "SELECT (SELECT group_concat(name) FROM pragma_index_info(list.name)) "
                   "FROM pragma_index_list(?) AS list WHERE \"unique\" = 1 AND partial = 0",
                   table);
    struct column found;
    bool unique = schema_find_column(judge, table, column, &found) && found.is_row_id;

    while (!unique && sqlite3_step(stmt) == SQLITE_ROW) {
        unique = sqlite3_stricmp(schema_text_of(stmt, 0), column) == 0;
    }
    sqlite3_finalize(stmt);
    return unique;
}
