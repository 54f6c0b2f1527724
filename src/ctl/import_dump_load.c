/* Loads a dump into SQLite, and keeps it within bounds. */
#include "ctl/import_dump.h"

#include "base/utf8.h"

#include <string.h>
#include <strings.h>

/* A value, or a statement, of Incus is far below; a body that lbstated takes, too. */
#define VALUE_SIZE_MAX     (16 * 1024 * 1024)
#define STATEMENT_SIZE_MAX (32 * 1024 * 1024)
#define DEPTH_MAX          10 /* replace(replace('...', ...), ...). */

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (name != NULL && strcasecmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

/* An index that SQLite makes by itself belongs to its table; others would only
 * have to be kept up to date. */
static int authorize_index(const char *name)
{
    static const char own[] = "sqlite_autoindex_";

    return strncmp(name, own, sizeof own - 1) == 0 ? SQLITE_OK : SQLITE_IGNORE;
}

/* For sqlite3_set_authorizer(): what a dump may do. Triggers and views are passed
 * over, so that nothing in the dump runs but its own INSERTs. */
static int authorize(void *data, int action, const char *first, const char *second,
                     const char *database, const char *trigger)
{
    static const char *const functions[] = {"replace", "char", NULL};
    static const char *const pragmas[] = {"foreign_keys", NULL};
    static const char *const own_tables[] = {"sqlite_master", "sqlite_sequence", NULL};

    (void)data;
    (void)database;
    if (trigger != NULL) {
        return SQLITE_DENY;
    }
    switch (action) {
    case SQLITE_CREATE_TABLE:
    case SQLITE_INSERT:
    case SQLITE_READ:
    case SQLITE_TRANSACTION:
        return SQLITE_OK;
    case SQLITE_CREATE_INDEX:
        return authorize_index(first);
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_VIEW:
        return SQLITE_IGNORE;
    case SQLITE_UPDATE: /* How SQLite itself makes a table. */
    case SQLITE_DELETE:
        return is_one_of(first, own_tables) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return is_one_of(second, functions) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_PRAGMA:
        return is_one_of(first, pragmas) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

/* Notes TEXT; returns false if memory is lacking. What isn't UTF-8 is no key, and
 * refused later anyway. */
static bool note_ambiguous(json_t *ambiguous, const char *text, size_t size)
{
    return !utf8_valid(text, size) || json_object_setn_new(ambiguous, text, size, json_true()) == 0;
}

/* Replaces each two bytes like MARK in TEXT by TO; returns how many there were. */
static size_t replace_marks(struct buffer *out, const char *text, size_t size, const char *mark,
                            char to)
{
    size_t n = 0;

    for (size_t i = 0; i < size; i++) {
        if (size - i >= 2 && memcmp(text + i, mark, 2) == 0) {
            buffer_append_char(out, to);
            i++;
            n++;
        } else {
            buffer_append_char(out, text[i]);
        }
    }
    return n;
}

/* replace(), as a dump uses it, in the place of SQLite's: a mark of two bytes
 * for a carriage return or a line feed. Notes what may come back wrong. */
static void sql_replace(sqlite3_context *context, int n_values, sqlite3_value **values)
{
    json_t *ambiguous = sqlite3_user_data(context);
    const char *text = (const char *)sqlite3_value_text(values[0]);
    const char *mark = (const char *)sqlite3_value_text(values[1]);
    const char *to = (const char *)sqlite3_value_text(values[2]);
    size_t size = (size_t)sqlite3_value_bytes(values[0]);
    struct buffer out = {0};
    bool unsure;
    bool ok;

    (void)n_values;
    if (text == NULL || mark == NULL || to == NULL || strlen(mark) != 2 ||
        (strcmp(to, "\n") != 0 && strcmp(to, "\r") != 0)) {
        sqlite3_result_error(context,
                             "replace() isn't used as in a dump: two characters by a line end", -1);
        return;
    }
    unsure = json_object_getn(ambiguous, text, size) != NULL;
    unsure = replace_marks(&out, text, size, mark, to[0]) > 1 || unsure;
    ok = buffer_string(&out) != NULL;
    if (ok && unsure) {
        ok = note_ambiguous(ambiguous, out.data, out.size);
    }
    if (ok) {
        sqlite3_result_text64(context, out.data, out.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    } else {
        sqlite3_result_error_nomem(context);
    }
    buffer_close(&out);
}

static int fail_sql(const char *file, const struct import_dump *dump, struct lbstate_error *error)
{
    if (sqlite3_errcode(dump->db) == SQLITE_NOMEM) {
        return ctl_no_memory(error);
    }
    return ctl_fail(error, LBSTATE_REFUSED, "%s: %s. Nothing was sent", file,
                    sqlite3_errmsg(dump->db));
}

static int harden(const char *file, struct import_dump *dump, struct lbstate_error *error)
{
    static const int off[] = {SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                              SQLITE_DBCONFIG_ENABLE_FKEY, SQLITE_DBCONFIG_TRUSTED_SCHEMA,
                              SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION};
    sqlite3 *db = dump->db;

    for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) {
        if (sqlite3_db_config(db, off[i], 0, NULL) != SQLITE_OK) {
            return fail_sql(file, dump, error);
        }
    }
    if (sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
        sqlite3_create_function(db, "replace", 3, SQLITE_UTF8, dump->ambiguous, sql_replace, NULL,
                                NULL) != SQLITE_OK ||
        sqlite3_set_authorizer(db, authorize, NULL) != SQLITE_OK) {
        return fail_sql(file, dump, error);
    }
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_SIZE_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, STATEMENT_SIZE_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, DEPTH_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
    return LBSTATE_OK;
}

static size_t line_of(const char *text, const char *place)
{
    size_t line = 1;

    for (; text < place; text++) {
        line += *text == '\n';
    }
    return line;
}

/* Runs one statement and sets *RET_REST to what follows it. */
static int run_one(sqlite3 *db, const char *sql, const char **ret_rest)
{
    sqlite3_stmt *stmt = NULL;
    int rv = sqlite3_prepare_v2(db, sql, -1, &stmt, ret_rest);

    if (rv == SQLITE_OK && stmt != NULL) {
        do {
            rv = sqlite3_step(stmt);
        } while (rv == SQLITE_ROW);
        rv = rv == SQLITE_DONE ? SQLITE_OK : rv;
    }
    if (sqlite3_finalize(stmt) != SQLITE_OK && rv == SQLITE_OK) {
        rv = SQLITE_ERROR;
    }
    return rv;
}

static int load(const char *file, const char *text, size_t size, struct import_dump *dump,
                struct lbstate_error *error)
{
    const char *rest = text;

    if (memchr(text, '\0', size) != NULL) {
        return ctl_fail(error, LBSTATE_REFUSED, "%s holds a NUL byte: it is no dump", file);
    }
    while (*rest != '\0') {
        const char *sql = rest + strspn(rest, " \t\r\n");

        if (run_one(dump->db, sql, &rest) != SQLITE_OK) {
            if (sqlite3_errcode(dump->db) == SQLITE_NOMEM) {
                return ctl_no_memory(error);
            }
            return ctl_fail(error, LBSTATE_REFUSED, "%s: line %zu: %s. Nothing was sent", file,
                            line_of(text, sql), sqlite3_errmsg(dump->db));
        }
    }
    if (sqlite3_get_autocommit(dump->db) == 0) {
        return ctl_fail(error, LBSTATE_REFUSED,
                        "%s ends before its COMMIT: it is cut off. Nothing was sent", file);
    }
    return LBSTATE_OK;
}

int import_dump_open(const char *file, struct buffer *text, struct import_dump *ret_dump,
                     struct lbstate_error *error)
{
    struct import_dump dump = {.db = NULL, .ambiguous = json_object()};
    int rv = LBSTATE_OK;

    if (dump.ambiguous == NULL || buffer_string(text) == NULL ||
        sqlite3_open(":memory:", &dump.db) != SQLITE_OK) {
        rv = ctl_no_memory(error);
    }
    if (rv == LBSTATE_OK) {
        rv = harden(file, &dump, error);
    }
    if (rv == LBSTATE_OK) {
        rv = load(file, text->data, text->size, &dump, error);
    }
    if (rv != LBSTATE_OK) {
        import_dump_close(&dump);
        return rv;
    }
    /* From here on only our own queries run. */
    sqlite3_set_authorizer(dump.db, NULL, NULL);
    *ret_dump = dump;
    return LBSTATE_OK;
}

void import_dump_close(struct import_dump *dump)
{
    sqlite3_close(dump->db);
    json_decref(dump->ambiguous);
    *dump = (struct import_dump){.db = NULL};
}

bool import_dump_is_ambiguous(const struct import_dump *dump, const char *text, size_t size)
{
    return json_object_getn(dump->ambiguous, text, size) != NULL;
}
