#include "db/copy.h"

#include "db/copy_internal.h"
#include "db/row_set.h"
#include "db/sql_error.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* How many steps of SQLite's machine come between two looks at the context: some 10 us. */
#define STEPS_PER_LOOK 1000

/* Where the versions of the file's format stand, and the one without a log. */
#define IMAGE_WRITE_VERSION 18
#define IMAGE_READ_VERSION  19
#define VERSION_WITHOUT_LOG 1

struct copy {
    sqlite3 *db;
    struct db_image image;
    sqlite3_stmt *stmts[DB_STATEMENTS_MAX + 1]; /* By the numbers in conn->statements. */
    uint32_t free_stmt;                         /* The number of the next one. */
    const struct db_context *context;           /* Of the statement that runs; else NULL. */
};

int copy_refuse_write(const char *what, struct error *error)
{
    return error_set(error, ERROR_FORBIDDEN, "%s: a copy of the database can only be read", what);
}

/* Called by SQLite; not 0 interrupts the statement. */
static int look_at_context(void *arg)
{
    const struct copy *copy = arg;
    struct error ignored;

    return copy->context != NULL && db_context_check(copy->context, &ignored) != ERROR_NONE;
}

/* What a failure of SQLite stands for. */
static int set_error(const struct copy *copy, int code, const char *what, struct error *error)
{
    int rv = ERROR_NONE;

    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return error_no_memory(error);
    case SQLITE_READONLY:
        return copy_refuse_write(what, error);
    case SQLITE_INTERRUPT:
        rv = db_context_check(copy->context, error);
        break;
    case SQLITE_IOERR:
        /* Memory doesn't fail to be read: a page isn't where the file says. */
        return error_set(error, ERROR_CORRUPT, "%s: %s (code %d)", what, sqlite3_errmsg(copy->db),
                         code);
    default:
        break;
    }
    return rv != ERROR_NONE ? error_prefix(error, "%s: ", what)
                            : sql_error_set(error, (unsigned)code, what, sqlite3_errmsg(copy->db));
}

static int prepare(struct copy *copy, const char *what, const char *sql, unsigned flags,
                   sqlite3_stmt **ret_stmt, struct error *error)
{
    sqlite3_stmt *stmt;
    int code = sqlite3_prepare_v3(copy->db, sql, -1, flags, &stmt, NULL);

    if (code != SQLITE_OK) {
        return set_error(copy, code, what, error);
    }
    if (stmt == NULL) {
        return error_set(error, ERROR_INVALID, "%s: the statement is empty", what);
    }
    if (!sqlite3_stmt_readonly(stmt)) {
        sqlite3_finalize(stmt);
        return copy_refuse_write(what, error);
    }
    *ret_stmt = stmt;
    return ERROR_NONE;
}

/* The prepared form of STMT. */
static int get_stmt(struct db_conn *conn, const struct db_stmt *stmt, sqlite3_stmt **ret_prepared,
                    struct error *error)
{
    struct copy *copy = conn->copy;
    sqlite3_stmt *prepared;
    uint32_t id;
    uint32_t evicted_id;
    int rv;

    if (stmt_cache_find(&conn->statements, stmt, &id)) {
        *ret_prepared = copy->stmts[id];
        return ERROR_NONE;
    }
    rv = prepare(copy, stmt->name, stmt->sql, SQLITE_PREPARE_PERSISTENT, &prepared, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (sqlite3_bind_parameter_count(prepared) != (int)stmt->n_params ||
        sqlite3_column_count(prepared) != (int)stmt->n_columns) {
        rv = error_set(error, ERROR_INTERNAL, "%s: the statement has %d parameters and %d columns",
                       stmt->name, sqlite3_bind_parameter_count(prepared),
                       sqlite3_column_count(prepared));
        sqlite3_finalize(prepared);
        return rv;
    }
    copy->stmts[copy->free_stmt] = prepared;
    if (stmt_cache_insert(&conn->statements, stmt, copy->free_stmt, &evicted_id)) {
        sqlite3_finalize(copy->stmts[evicted_id]);
        copy->stmts[evicted_id] = NULL;
        copy->free_stmt = evicted_id;
    } else {
        copy->free_stmt++;
    }
    *ret_prepared = prepared;
    return ERROR_NONE;
}

/* Binds what outlives the statement's run, so that nothing is copied. */
static int bind(const struct copy *copy, sqlite3_stmt *stmt, const char *what,
                const struct db_value *params, unsigned n_params, struct error *error)
{
    int code = SQLITE_OK;

    for (unsigned i = 0; i < n_params && code == SQLITE_OK; i++) {
        const struct db_value *param = &params[i];
        int at = (int)i + 1;

        switch (param->type) {
        case DB_NULL:
            code = sqlite3_bind_null(stmt, at);
            break;
        case DB_INTEGER:
            code = sqlite3_bind_int64(stmt, at, param->integer);
            break;
        case DB_FLOAT:
            code = sqlite3_bind_double(stmt, at, param->real);
            break;
        case DB_TEXT:
            code = sqlite3_bind_text64(stmt, at, param->bytes.data, param->bytes.size,
                                       SQLITE_STATIC, SQLITE_UTF8);
            break;
        case DB_BLOB:
            code = param->bytes.size == 0 ? sqlite3_bind_zeroblob(stmt, at, 0)
                                          : sqlite3_bind_blob64(stmt, at, param->bytes.data,
                                                                param->bytes.size, SQLITE_STATIC);
            break;
        }
    }
    return code == SQLITE_OK ? ERROR_NONE : set_error(copy, code, what, error);
}

static int keep_bytes(struct arena *arena, const void *data, size_t size, enum db_type type,
                      struct db_value *ret_value, struct error *error)
{
    const char *kept = arena_memdup(arena, size == 0 ? "" : data, size);

    if (kept == NULL) {
        return error_no_memory(error);
    }
    *ret_value = (struct db_value){.type = type, .bytes = {kept, size}};
    return ERROR_NONE;
}

static int take_value(sqlite3_stmt *stmt, int column, struct arena *arena,
                      struct db_value *ret_value, struct error *error)
{
    const char *text;

    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_INTEGER:
        *ret_value = db_integer(sqlite3_column_int64(stmt, column));
        return ERROR_NONE;
    case SQLITE_FLOAT:
        *ret_value = db_float(sqlite3_column_double(stmt, column));
        return ERROR_NONE;
    case SQLITE_TEXT:
        text = (const char *)sqlite3_column_text(stmt, column);
        if (text == NULL) {
            return error_no_memory(error);
        }
        /* As the engine sends it: up to its first NUL. */
        return keep_bytes(arena, text, strlen(text), DB_TEXT, ret_value, error);
    case SQLITE_BLOB:
        return keep_bytes(arena, sqlite3_column_blob(stmt, column),
                          (size_t)sqlite3_column_bytes(stmt, column), DB_BLOB, ret_value, error);
    default:
        *ret_value = db_null();
        return ERROR_NONE;
    }
}

static int take_columns(sqlite3_stmt *stmt, struct row_set *set, struct error *error)
{
    int rv = row_set_begin(set, (size_t)sqlite3_column_count(stmt), error);

    for (size_t i = 0; rv == ERROR_NONE && i < set->n_columns; i++) {
        const char *name = sqlite3_column_name(stmt, (int)i);

        set->columns[i] = name == NULL ? NULL : arena_strdup(set->arena, name);
        if (set->columns[i] == NULL) {
            rv = error_no_memory(error);
        }
    }
    return rv;
}

static int take_row(sqlite3_stmt *stmt, struct row_set *set, struct error *error)
{
    struct db_value *row;
    int rv = row_set_next(set, &row, error);

    for (size_t i = 0; rv == ERROR_NONE && i < set->n_columns; i++) {
        rv = take_value(stmt, (int)i, set->arena, &row[i], error);
    }
    return rv;
}

/* Runs STMT to its end, for CONTEXT, and leaves it ready for the next time. */
static int run(struct copy *copy, const struct db_context *context, sqlite3_stmt *stmt,
               const char *what, struct row_set *set, struct error *error)
{
    int rv = ERROR_NONE;
    int code;

    copy->context = context;
    while (rv == ERROR_NONE && (code = sqlite3_step(stmt)) != SQLITE_DONE) {
        rv = code == SQLITE_ROW ? take_row(stmt, set, error) : set_error(copy, code, what, error);
    }
    copy->context = NULL;
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
    return rv;
}

/* The rows of STMT, with its parameters bound. */
static int gather(struct copy *copy, const struct db_context *context, sqlite3_stmt *stmt,
                  const char *what, size_t max_rows, struct arena *arena, struct db_rows *ret_rows,
                  struct error *error)
{
    struct row_set set;
    int rv;

    row_set_init(&set, arena, max_rows);
    rv = take_columns(stmt, &set, error);
    if (rv == ERROR_NONE) {
        rv = run(copy, context, stmt, what, &set, error);
    }
    if (rv == ERROR_NONE) {
        rv = row_set_finish(&set, ret_rows, error);
    }
    row_set_close(&set);
    return rv;
}

int copy_submit(struct db_conn *conn, const struct db_context *context, const struct db_stmt *stmt,
                const struct db_value *params, struct error *error)
{
    uint64_t start_us = clock_monotonic_us();
    sqlite3_stmt *prepared;
    struct arena arena = {0};
    struct db_rows rows;
    int rv = conn_check_usable(conn, error);

    if (rv == ERROR_NONE) {
        rv = get_stmt(conn, stmt, &prepared, error);
    }
    if (rv == ERROR_NONE) {
        rv = bind(conn->copy, prepared, stmt->name, params, stmt->n_params, error);
    }
    if (rv == ERROR_NONE) {
        rv = gather(conn->copy, context, prepared, stmt->name, 0, &arena, &rows, error);
    }
    conn_observe(conn, stmt->name, rv, 0, start_us);
    arena_close(&arena);
    return rv;
}

int copy_query(struct db_conn *conn, const struct db_context *context, const struct db_stmt *stmt,
               const struct db_value *params, struct arena *arena, struct db_rows *ret_rows,
               struct error *error)
{
    uint64_t start_us = clock_monotonic_us();
    sqlite3_stmt *prepared;
    int rv = conn_check_usable(conn, error);

    if (rv == ERROR_NONE) {
        rv = get_stmt(conn, stmt, &prepared, error);
    }
    if (rv == ERROR_NONE) {
        rv = bind(conn->copy, prepared, stmt->name, params, stmt->n_params, error);
    }
    if (rv == ERROR_NONE) {
        rv = gather(conn->copy, context, prepared, stmt->name, SIZE_MAX, arena, ret_rows, error);
    }
    conn_observe(conn, stmt->name, rv, rv == ERROR_NONE ? ret_rows->n_rows : 0, start_us);
    return rv;
}

int copy_query_sql(struct db_conn *conn, const struct db_context *context, const char *name,
                   const char *sql, size_t max_rows, struct arena *arena, struct db_rows *ret_rows,
                   struct error *error)
{
    uint64_t start_us = clock_monotonic_us();
    sqlite3_stmt *stmt;
    int rv = prepare(conn->copy, name, sql, 0, &stmt, error);

    if (rv == ERROR_NONE) {
        rv = gather(conn->copy, context, stmt, name, max_rows, arena, ret_rows, error);
        sqlite3_finalize(stmt);
    }
    conn_observe(conn, name, rv, rv == ERROR_NONE ? ret_rows->n_rows : 0, start_us);
    return rv;
}

/* The schema of a file that somebody damaged must not make SQLite do more than read. */
static int lock_down(struct copy *copy, struct error *error)
{
    int code;

    sqlite3_extended_result_codes(copy->db, 1);
    sqlite3_limit(copy->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(copy->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(copy->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    code = sqlite3_exec(copy->db, "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON", NULL,
                        NULL, NULL);
    return code == SQLITE_OK ? ERROR_NONE : set_error(copy, code, "copy.open", error);
}

/* Has SQLite read the bytes, and its schema. */
static int attach(struct copy *copy, struct error *error)
{
    static const char what[] = "copy.open";
    unsigned char *data = (unsigned char *)copy->image.data;
    int code =
        sqlite3_open_v2(":memory:", &copy->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, NULL);
    int rv;

    if (code != SQLITE_OK) {
        return set_error(copy, code, what, error);
    }
    /* There is no log any more, and SQLite refuses a database in memory that wants one. */
    data[IMAGE_WRITE_VERSION] = VERSION_WITHOUT_LOG;
    data[IMAGE_READ_VERSION] = VERSION_WITHOUT_LOG;
    code = sqlite3_deserialize(copy->db, "main", data, (sqlite3_int64)copy->image.size,
                               (sqlite3_int64)copy->image.size, SQLITE_DESERIALIZE_READONLY);
    if (code != SQLITE_OK) {
        return set_error(copy, code, what, error);
    }
    rv = lock_down(copy, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    code = sqlite3_exec(copy->db, "SELECT COUNT(*) FROM sqlite_schema", NULL, NULL, NULL);
    if (code != SQLITE_OK) {
        return set_error(copy, code, what, error);
    }
    sqlite3_progress_handler(copy->db, STEPS_PER_LOOK, look_at_context, copy);
    return ERROR_NONE;
}

void copy_close(struct copy *copy)
{
    if (copy == NULL) {
        return;
    }
    for (size_t i = 0; i < sizeof copy->stmts / sizeof copy->stmts[0]; i++) {
        sqlite3_finalize(copy->stmts[i]);
    }
    sqlite3_close(copy->db);
    free(copy->image.data);
    free(copy);
}

int db_copy_open(struct db_dump *dump, struct db_observer *observer, struct db_conn **ret_conn,
                 struct error *error)
{
    struct db_conn *conn = NULL;
    struct copy *copy = NULL;
    int rv = wal_apply(&dump->image, dump->log, dump->log_size, DB_DUMP_SIZE_MAX, error);

    if (rv != ERROR_NONE) {
        goto out;
    }
    conn = calloc(1, sizeof *conn);
    copy = calloc(1, sizeof *copy);
    if (conn == NULL || copy == NULL) {
        rv = error_no_memory(error);
        goto out;
    }
    copy->image = dump->image;
    dump->image = (struct db_image){.data = NULL};
    rv = attach(copy, error);
    if (rv != ERROR_NONE) {
        goto out;
    }
    conn->copy = copy;
    conn->observer = observer;
    conn->channel.socket = (struct db_socket){.fd = -1, .wake_fd = -1};
    stmt_cache_init(&conn->statements);
    *ret_conn = conn;

out:
    db_dump_close(dump);
    if (rv != ERROR_NONE) {
        copy_close(copy);
        free(conn);
    }
    return rv;
}
