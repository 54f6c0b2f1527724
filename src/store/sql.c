#include "store/sql.h"

#include "base/json_writer.h"

bool store_sql_is_read(const struct sql_script *script)
{
    for (size_t i = 0; i < script->n_statements; i++) {
        if (!script->statements[i].returns_rows) {
            return false;
        }
    }
    return true;
}

static void write_value(struct json_writer *w, const struct db_value *value)
{
    switch (value->type) {
    case DB_NULL:
        json_write_null(w);
        break;
    case DB_INTEGER:
        json_write_integer(w, value->integer);
        break;
    case DB_FLOAT:
        json_write_double(w, value->real);
        break;
    case DB_TEXT:
    case DB_BLOB:
        json_write_string_n(w, value->bytes.data, value->bytes.size);
        break;
    }
}

static void write_rows(struct json_writer *w, const struct db_rows *rows)
{
    json_write_key(w, "type");
    json_write_string(w, "select");
    json_write_key(w, "columns");
    json_write_array_begin(w);
    for (size_t i = 0; i < rows->n_columns; i++) {
        json_write_string(w, rows->columns[i]);
    }
    json_write_array_end(w);
    json_write_key(w, "rows");
    json_write_array_begin(w);
    for (size_t i = 0; i < rows->n_rows; i++) {
        json_write_array_begin(w);
        for (size_t j = 0; j < rows->n_columns; j++) {
            write_value(w, &rows->values[i * rows->n_columns + j]);
        }
        json_write_array_end(w);
    }
    json_write_array_end(w);
    json_write_key(w, "rows_affected");
    json_write_integer(w, 0);
}

static int query(struct store_tx *tx, const char *text, struct json_writer *w, struct error *error)
{
    struct arena arena = {0};
    struct db_rows rows;
    int rv;

    rv = db_conn_query_sql(tx->db->conn, tx->db->context, text, STORE_SQL_ROWS_MAX, &arena, &rows,
                           error);
    if (rv == ERROR_NONE) {
        write_rows(w, &rows);
    }
    arena_close(&arena);
    return rv;
}

static int execute(struct store_tx *tx, const char *text, struct json_writer *w,
                   struct error *error)
{
    struct db_exec_result changed;
    int64_t revision;
    int rv;

    rv = store_tx_revision(tx, &revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    /* This text goes beside the transaction's pipeline, which must be empty. */
    rv = db_tx_flush(tx->db, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = db_conn_exec_sql(tx->db->conn, tx->db->context, text, &changed, error);
    if (rv == ERROR_NONE) {
        json_write_key(w, "type");
        json_write_string(w, "exec");
        json_write_key(w, "columns");
        json_write_null(w);
        json_write_key(w, "rows");
        json_write_null(w);
        json_write_key(w, "rows_affected");
        json_write_integer(w, (int64_t)changed.rows_affected);
    }
    return rv;
}

static int run_script(struct store_tx *tx, const struct sql_script *script, struct buffer *json,
                      struct error *error)
{
    struct json_writer w;
    int rv;

    json_writer_init(&w, json, false);
    json_write_object_begin(&w);
    json_write_key(&w, "Results");
    json_write_array_begin(&w);
    rv = db_tx_flush(tx->db, error);
    for (size_t i = 0; rv == ERROR_NONE && i < script->n_statements; i++) {
        const struct sql_statement *s = &script->statements[i];

        json_write_object_begin(&w);
        rv = s->returns_rows ? query(tx, s->text, &w, error) : execute(tx, s->text, &w, error);
        json_write_object_end(&w);
    }
    json_write_array_end(&w);
    json_write_object_end(&w);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed to execute query: ");
    }
    return ERROR_NONE;
}

int store_sql(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_sql_request *r = (struct store_sql_request *)request;
    struct buffer json = {0};
    int rv;

    rv = run_script(tx, r->script, &json, error);
    if (rv != ERROR_NONE) {
        goto out;
    }
    if (request->kind == STORE_WRITE && json.size > STORE_RESULT_SIZE_MAX) {
        rv = error_set(error, ERROR_TOO_LARGE,
                       "The result of a script that writes may have %d bytes: query less in it",
                       STORE_RESULT_SIZE_MAX);
        goto out;
    }
    request->result = buffer_failed(&json) ? NULL : arena_memdup(tx->arena, json.data, json.size);
    if (request->result == NULL) {
        rv = error_no_memory(error);
    }
out:
    buffer_close(&json);
    return rv;
}
