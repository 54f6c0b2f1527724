#include "store/dump.h"

#include "base/json_writer.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define NAMES_MAX 100000 /* Tables and the like, and columns of a table. */

/* A dump on its way. */
struct dump {
    struct store_tx *tx;
    struct buffer text;
    size_t n_rows_left;
    size_t rows_max;
    size_t size_max;
};

static int query(struct dump *d, const char *sql, size_t max_rows, struct arena *arena,
                 struct db_rows *ret_rows, struct error *error)
{
    return db_conn_query_sql(d->tx->db->conn, d->tx->db->context, sql, max_rows, arena, ret_rows,
                             error);
}

static int check_size(const struct dump *d, struct error *error)
{
    if (d->text.size > d->size_max) {
        return error_set(error, ERROR_TOO_LARGE,
                         "The dump is larger than %zu bytes: query the tables one by one",
                         d->size_max);
    }
    return ERROR_NONE;
}

/* TEXT in quotes of that kind, which are doubled in it. */
static void append_quoted(struct buffer *out, const char *text, size_t size, char quote)
{
    buffer_append_char(out, quote);
    for (size_t i = 0; i < size; i++) {
        if (text[i] == quote) {
            buffer_append_char(out, quote);
        }
        buffer_append_char(out, text[i]);
    }
    buffer_append_char(out, quote);
}

static void append_name(struct buffer *out, const char *name)
{
    append_quoted(out, name, strlen(name), '"');
}

static void append_hex(struct buffer *out, const char *data, size_t size)
{
    static const char digits[] = "0123456789ABCDEF";

    buffer_append_string(out, "X'");
    for (size_t i = 0; i < size; i++) {
        buffer_append_char(out, digits[(unsigned char)data[i] >> 4]);
        buffer_append_char(out, digits[(unsigned char)data[i] & 15]);
    }
    buffer_append_char(out, '\'');
}

/* Whether a literal brings the text through JSON, files and the sqlite3 command
 * unchanged: that command drops a carriage return at the end of a line. */
static bool is_plain(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];

        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return utf8_valid(text, size);
}

static void append_text(struct buffer *out, const char *text, size_t size)
{
    if (is_plain(text, size)) {
        append_quoted(out, text, size, '\'');
        return;
    }
    buffer_append_string(out, "CAST(");
    append_hex(out, text, size);
    buffer_append_string(out, " AS TEXT)");
}

/* With a point or an exponent, so that it isn't read as an integer. */
static void append_real(struct buffer *out, double value)
{
    char text[40];

    if (isinf(value)) {
        buffer_append_string(out, value > 0 ? "1e999" : "-1e999");
        return;
    }
    snprintf(text, sizeof text, "%.17g", value);
    buffer_append_string(out, text);
    if (strpbrk(text, ".e") == NULL) {
        buffer_append_string(out, ".0");
    }
}

static void append_value(struct buffer *out, const struct db_value *value, bool is_text)
{
    switch (value->type) {
    case DB_NULL:
        buffer_append_string(out, "NULL");
        break;
    case DB_INTEGER:
        buffer_printf(out, "%" PRId64, value->integer);
        break;
    case DB_FLOAT:
        append_real(out, value->real);
        break;
    case DB_TEXT:
    case DB_BLOB:
        if (is_text) {
            append_text(out, value->bytes.data, value->bytes.size);
        } else {
            append_hex(out, value->bytes.data, value->bytes.size);
        }
        break;
    }
}

/* The columns that an INSERT sets: not those that SQLite computes. */
static int get_columns(struct dump *d, const char *table, struct arena *arena,
                       struct db_rows *ret_columns, struct error *error)
{
    struct buffer sql = {0};
    int rv;

    buffer_append_string(&sql, "SELECT name FROM pragma_table_xinfo(");
    append_quoted(&sql, table, strlen(table), '\'');
    buffer_append_string(&sql, ") WHERE hidden = 0 ORDER BY cid");
    rv = buffer_string(&sql) == NULL ? error_no_memory(error)
                                     : query(d, sql.data, NAMES_MAX, arena, ret_columns, error);
    buffer_close(&sql);
    return rv;
}

/* Two columns for each: whether it is text, and the value. Texts come as blobs,
 * because the engine ends a text at its first NUL. */
static void write_select(struct buffer *sql, const char *table, const struct db_rows *columns,
                         bool has_rowid)
{
    buffer_append_string(sql, "SELECT ");
    for (size_t i = 0; i < columns->n_rows; i++) {
        const char *name = columns->values[i].bytes.data;

        buffer_append_string(sql, i == 0 ? "typeof(" : ", typeof(");
        append_name(sql, name);
        buffer_append_string(sql, ") = 'text', CASE typeof(");
        append_name(sql, name);
        buffer_append_string(sql, ") WHEN 'text' THEN CAST(");
        append_name(sql, name);
        buffer_append_string(sql, " AS BLOB) ELSE ");
        append_name(sql, name);
        buffer_append_string(sql, " END");
    }
    buffer_append_string(sql, " FROM ");
    append_name(sql, table);
    if (has_rowid) {
        buffer_append_string(sql, " ORDER BY rowid");
    }
}

static int write_rows(struct dump *d, const char *insert, const struct db_rows *rows,
                      struct error *error)
{
    int rv = ERROR_NONE;

    for (size_t i = 0; rv == ERROR_NONE && i < rows->n_rows; i++) {
        const struct db_value *row = &rows->values[i * rows->n_columns];

        buffer_append_string(&d->text, insert);
        for (size_t j = 0; j < rows->n_columns; j += 2) {
            buffer_append_string(&d->text, j == 0 ? "" : ",");
            append_value(&d->text, &row[j + 1], row[j].integer != 0);
        }
        buffer_append_string(&d->text, ");\n");
        rv = check_size(d, error);
    }
    return rv;
}

static void write_insert(struct buffer *insert, const char *table, const struct db_rows *columns)
{
    buffer_append_string(insert, "INSERT INTO ");
    append_name(insert, table);
    for (size_t i = 0; i < columns->n_rows; i++) {
        buffer_append_char(insert, i == 0 ? '(' : ',');
        append_name(insert, columns->values[i].bytes.data);
    }
    buffer_append_string(insert, ") VALUES(");
}

static int dump_rows(struct dump *d, const char *table, bool has_rowid, struct error *error)
{
    struct arena arena = {0};
    struct buffer select = {0};
    struct buffer insert = {0};
    struct db_rows columns;
    struct db_rows rows;
    int rv;

    rv = get_columns(d, table, &arena, &columns, error);
    if (rv != ERROR_NONE) {
        goto out;
    }
    write_select(&select, table, &columns, has_rowid);
    write_insert(&insert, table, &columns);
    if (buffer_string(&select) == NULL || buffer_string(&insert) == NULL) {
        rv = error_no_memory(error);
        goto out;
    }
    /* One more than may be, so that an exact fit isn't too much. */
    rv = query(d, select.data, d->n_rows_left + 1, &arena, &rows, error);
    if (rv == ERROR_TOO_LARGE || (rv == ERROR_NONE && rows.n_rows > d->n_rows_left)) {
        rv = error_set(error, ERROR_TOO_LARGE,
                       "The database has more than %zu rows, or too large ones: query the tables "
                       "one by one",
                       d->rows_max);
    }
    if (rv == ERROR_NONE) {
        d->n_rows_left -= rows.n_rows;
        rv = write_rows(d, insert.data, &rows, error);
    }
out:
    buffer_close(&insert);
    buffer_close(&select);
    arena_close(&arena);
    return rv;
}

/* SQL may end in a comment, which must not swallow the semicolon. A quoted name
 * means that the table was renamed, and may be there: as the sqlite3 command. */
static void write_schema(struct buffer *out, const char *sql)
{
    static const char quoted[] = "CREATE TABLE \"";
    const char *last_line = strrchr(sql, '\n');

    if (strncmp(sql, quoted, sizeof quoted - 1) == 0) {
        buffer_append_string(out, "CREATE TABLE IF NOT EXISTS ");
        sql += sizeof quoted - 2;
    }
    buffer_append_string(out, sql);
    buffer_append_string(out, strstr(last_line != NULL ? last_line : sql, "--") != NULL ? "\n;\n"
                                                                                        : ";\n");
}

/* The numbers that AUTOINCREMENT goes on from: ids are never given twice. */
static int dump_sequences(struct dump *d, struct error *error)
{
    static const char exists[] = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'";
    struct arena arena = {0};
    struct db_rows rows;
    int rv = query(d, exists, 1, &arena, &rows, error);

    if (rv == ERROR_NONE && rows.n_rows > 0) {
        buffer_append_string(&d->text, "DELETE FROM sqlite_sequence;\n");
        rv = dump_rows(d, "sqlite_sequence", true, error);
    }
    arena_close(&arena);
    return rv;
}

/* The columns of the next query. */
enum { NAME, TYPE, SQL, IS_VIRTUAL, HAS_ROWID };

/* In the order in which they were made: a table stands before its triggers, so
 * that its rows, which follow it at once, set off none. */
static const char objects_sql[] =
    "SELECT m.name, m.type, m.sql, coalesce(l.type IN ('virtual', 'shadow'), 0),"
    " coalesce(l.wr = 0, 0)"
    " FROM sqlite_master AS m LEFT JOIN pragma_table_list AS l"
    " ON m.type = 'table' AND l.schema = 'main' AND l.name = m.name"
    " WHERE lower(substr(m.name, 1, 7)) <> 'sqlite_' ORDER BY m.rowid";

static int dump_object(struct dump *d, enum store_dump_kind kind, const struct db_value *object,
                       struct error *error)
{
    const char *name = object[NAME].bytes.data;
    int rv = ERROR_NONE;

    if (kind == STORE_DUMP_NAMES) {
        buffer_append_string(&d->text, name);
        buffer_append_char(&d->text, '\n');
        return ERROR_NONE;
    }
    if (object[IS_VIRTUAL].integer != 0) {
        return error_set(error, ERROR_NOT_IMPLEMENTED, "\"%s\" is of a virtual table", name);
    }
    write_schema(&d->text, object[SQL].bytes.data);
    if (kind == STORE_DUMP_ALL && strcmp(object[TYPE].bytes.data, "table") == 0) {
        rv = dump_rows(d, name, object[HAS_ROWID].integer != 0, error);
    }
    return rv;
}

static int dump_all(struct dump *d, enum store_dump_kind kind, struct error *error)
{
    struct arena arena = {0};
    struct db_rows objects;
    int rv = query(d, objects_sql, NAMES_MAX, &arena, &objects, error);

    if (kind != STORE_DUMP_NAMES) {
        buffer_append_string(&d->text, "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n");
    }
    for (size_t i = 0; rv == ERROR_NONE && i < objects.n_rows; i++) {
        rv = dump_object(d, kind, &objects.values[i * objects.n_columns], error);
    }
    if (rv == ERROR_NONE && kind == STORE_DUMP_ALL) {
        rv = dump_sequences(d, error);
    }
    if (kind != STORE_DUMP_NAMES) {
        buffer_append_string(&d->text, "COMMIT;\n");
    }
    arena_close(&arena);
    return rv == ERROR_NONE ? check_size(d, error) : rv;
}

/* {"text": TEXT} in ARENA; NULL if memory is lacking. */
static const char *text_as_json(struct buffer *text, struct arena *arena)
{
    struct buffer json = {0};
    struct json_writer w;
    const char *result = NULL;

    json_writer_init(&w, &json, false);
    json_write_object_begin(&w);
    json_write_key(&w, "text");
    json_write_string_n(&w, text->data, text->size);
    json_write_object_end(&w);
    if (!buffer_failed(text) && !buffer_failed(&json)) {
        result = arena_memdup(arena, json.data, json.size);
    }
    buffer_close(&json);
    return result;
}

int store_dump(struct store_request *request, struct store_tx *tx, struct error *error)
{
    const struct store_dump_request *r = (const struct store_dump_request *)request;
    size_t rows_max = r->rows_max != 0 ? r->rows_max : STORE_DUMP_ROWS_MAX;
    struct dump d = {
        .tx = tx,
        .rows_max = rows_max,
        .n_rows_left = rows_max,
        .size_max = r->size_max != 0 ? r->size_max : STORE_DUMP_SIZE_MAX,
    };
    int rv;

    rv = db_tx_flush(tx->db, error);
    if (rv == ERROR_NONE) {
        rv = dump_all(&d, r->kind, error);
    }
    if (rv == ERROR_NONE) {
        request->result = text_as_json(&d.text, tx->arena);
        rv = request->result == NULL ? error_no_memory(error) : ERROR_NONE;
    } else {
        error_prefix(error, "Failed to dump the database: ");
    }
    buffer_close(&d.text);
    return rv;
}
