#include "store/schema.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/tx.h"

#include <inttypes.h>
#include <string.h>

static const struct db_stmt has_schema = {
    .name = "schema.exists",
    .sql = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema'",
    .n_columns = 1,
};

static const struct db_stmt get_version = {
    .name = "schema.get_version",
    .sql = "SELECT MAX(version) FROM schema",
    .n_columns = 1,
};

static const struct db_stmt add_version = {
    .name = "schema.create",
    .sql = "INSERT INTO schema (version, updated_at) VALUES (?, ?)",
    .n_params = 2,
};

static const char *skip_comment(const char *c)
{
    return c + strcspn(c, "\n");
}

/* Behind the quote that ends what begins at C; a doubled one counts as two. */
static const char *skip_quoted(const char *c)
{
    const char *end = strchr(c + 1, *c);

    return end == NULL ? c + strlen(c) : end + 1;
}

static bool is_comment(const char *c)
{
    return c[0] == '-' && c[1] == '-';
}

size_t schema_next_statement(const char **cursor, const char **ret_start)
{
    const char *c = *cursor;
    const char *start;

    for (;;) {
        c += strspn(c, " \t\r\n;");
        if (!is_comment(c)) {
            break;
        }
        c = skip_comment(c);
    }
    start = c;
    while (*c != '\0' && *c != ';') {
        if (is_comment(c)) {
            c = skip_comment(c);
        } else if (*c == '\'' || *c == '"') {
            c = skip_quoted(c);
        } else {
            c++;
        }
    }
    *cursor = *c == ';' ? c + 1 : c;
    *ret_start = start;
    return (size_t)(c - start);
}

static int run_statements(struct db_tx *tx, const char *sql, struct error *error)
{
    struct arena arena = {0};
    const char *start;
    const char *statement;
    size_t size;
    int code = ERROR_NONE;

    while (code == ERROR_NONE && (size = schema_next_statement(&sql, &start)) > 0) {
        statement = arena_memdup(&arena, start, size);
        code = statement == NULL ? error_no_memory(error)
                                 : db_conn_exec_sql(tx->conn, tx->context, statement, NULL, error);
        if (code != ERROR_NONE) {
            error_prefix(error, "Statement \"%.60s\": ", start);
        }
    }
    arena_close(&arena);
    return code;
}

static int get_integer(struct db_tx *tx, const struct db_stmt *stmt, int64_t *ret_value,
                       struct error *error)
{
    struct arena arena = {0};
    struct db_rows rows;
    int code = db_query(tx, stmt, NULL, &arena, &rows, error);

    if (code == ERROR_NONE && (rows.n_rows != 1 || rows.values[0].type != DB_INTEGER)) {
        code = error_set(error, ERROR_CORRUPT, "The database doesn't say which schema it has");
    }
    if (code == ERROR_NONE) {
        *ret_value = rows.values[0].integer;
    }
    arena_close(&arena);
    return code;
}

/* 0 for a fresh database. */
static int read_version(struct db_tx *tx, int64_t *ret_version, struct error *error)
{
    int64_t n_tables;
    int code = get_integer(tx, &has_schema, &n_tables, error);

    if (code == ERROR_NONE && n_tables > 0) {
        return get_integer(tx, &get_version, ret_version, error);
    }
    if (code == ERROR_NONE) {
        *ret_version = 0;
    }
    return code;
}

static int update(struct db_tx *tx, const struct schema *schema, int64_t from, struct error *error)
{
    int64_t version = from;
    int code = ERROR_NONE;

    for (const struct schema_update *u = schema->updates; code == ERROR_NONE && u->sql != NULL;
         u++) {
        if (u->version <= version) {
            continue;
        }
        if (u->version != version + 1) {
            break;
        }
        code = run_statements(tx, u->sql, error);
        if (code != ERROR_NONE) {
            error_prefix(error, "Failed updating the schema to version %" PRId64 ": ", u->version);
        }
        version = u->version;
    }
    if (code == ERROR_NONE && version != schema->version) {
        code = error_set(error, ERROR_INVALID,
                         "The database has schema version %" PRId64
                         ", which this program can't update to %" PRId64,
                         from, schema->version);
    }
    return code;
}

/* Within the transaction: everything but its end. */
static int bring_up(struct db_tx *tx, const struct schema *schema, int64_t from,
                    struct error *error)
{
    char now[CLOCK_TEXT_SIZE];
    struct db_value params[2];
    int code;

    if (from > schema->version) {
        return error_set(error, ERROR_INVALID,
                         "The database has schema version %" PRId64
                         ", and this program knows up to %" PRId64 ": start a newer program",
                         from, schema->version);
    }
    if (from == 0) {
        code = run_statements(tx, schema->sql, error);
        if (code != ERROR_NONE) {
            error_prefix(error, "Failed making the schema: ");
        }
    } else {
        code = update(tx, schema, from, error);
    }
    if (code != ERROR_NONE) {
        return code;
    }
    clock_wall_text(now);
    params[0] = db_integer(schema->version);
    params[1] = db_text(now);
    return db_exec(tx, &add_version, params, NULL, error);
}

int schema_apply(struct db_conn *conn, const struct db_context *context,
                 const struct schema *schema, struct error *error)
{
    struct db_tx tx;
    enum db_outcome outcome;
    int64_t from;
    int code = db_tx_begin(&tx, conn, DB_WRITE, context, error);

    if (code != ERROR_NONE) {
        return code;
    }
    code = read_version(&tx, &from, error);
    if (code != ERROR_NONE || from == schema->version) {
        goto err_after_begin;
    }
    code = bring_up(&tx, schema, from, error);
    if (code != ERROR_NONE) {
        goto err_after_begin;
    }
    code = db_tx_commit(&tx, &outcome, error);
    if (code == ERROR_NONE) {
        log_event(LOG_LEVEL_INFO, "store", "Applied the schema", LOG_INTEGER("from", from),
                  LOG_INTEGER("to", schema->version));
    }
    return code;

err_after_begin:
    db_tx_rollback(&tx);
    return code;
}

int schema_check(struct db_conn *conn, const struct db_context *context,
                 const struct schema *schema, struct error *error)
{
    struct db_tx tx;
    int64_t version;
    int code = db_tx_begin(&tx, conn, DB_READ, context, error);

    if (code != ERROR_NONE) {
        return code;
    }
    code = read_version(&tx, &version, error);
    db_tx_rollback(&tx);
    if (code == ERROR_NONE && version == 0) {
        code = error_set(error, ERROR_UNAVAILABLE, "This node's copy of the database is empty yet");
    } else if (code == ERROR_NONE && version != schema->version) {
        code = error_set(error, ERROR_UNAVAILABLE,
                         "This node's copy of the database has schema version %" PRId64
                         ", and this program needs %" PRId64,
                         version, schema->version);
    }
    return code;
}
