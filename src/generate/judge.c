#include "generate/judge.h"

#include "generate/memory.h"
#include "generate/output.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

struct sqlite3 *judge_open(struct generator *generator, const char *path)
{
    struct location whole = {.file = path, .file_index = (unsigned)generator->n_sources};
    struct buffer text = {0};
    struct sqlite3 *db = NULL;
    const char *sql;

    if (!output_read(path, &text)) {
        report(&generator->diagnostics, whole, "%s", strerror(errno));
        goto err_after_buffer;
    }
    sql = buffer_string(&text);
    if (sql == NULL || sqlite3_open(":memory:", &db) == SQLITE_NOMEM) {
        memory_exhausted();
    }
    if (sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        report(&generator->diagnostics, whole, "%s", sqlite3_errmsg(db));
        judge_close(db);
        db = NULL;
    }

err_after_buffer:
    buffer_close(&text);
    return db;
}

void judge_close(struct sqlite3 *db)
{
    sqlite3_close(db);
}
