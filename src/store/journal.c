#include "store/journal.h"

#include "base/clock.h"
#include "store/store.h"

static const struct db_stmt get_revision = {
    .name = "store_revision.get",
    .sql = "SELECT revision FROM store_revision WHERE id = 1",
    .n_columns = 1,
};

static const struct db_stmt set_revision = {
    .name = "store_revision.set",
    .sql = "UPDATE store_revision SET revision = ? WHERE id = 1",
    .n_params = 1,
};

static const struct db_stmt add_tombstone = {
    .name = "store_tombstones.create",
    .sql = "INSERT INTO store_tombstones (revision, kind, project, network, name, deleted_at)"
           " VALUES (?, ?, ?, ?, ?, ?)",
    .n_params = 6,
};

static const struct db_stmt find_request = {
    .name = "store_requests.find",
    .sql = "SELECT revision, result FROM store_requests WHERE id = ?",
    .n_params = 1,
    .n_columns = 2,
};

static const struct db_stmt add_request = {
    .name = "store_requests.create",
    .sql = "INSERT INTO store_requests (id, revision, result, committed_at) VALUES (?, ?, ?, ?)",
    .n_params = 4,
};

/* DELETE .. LIMIT is an option of SQLite that the engine's may lack. */
static const struct db_stmt prune_requests = {
    .name = "store_requests.prune",
    .sql = "DELETE FROM store_requests WHERE id IN (SELECT id FROM store_requests"
           " WHERE committed_at < ? ORDER BY committed_at LIMIT ?)",
    .n_params = 2,
};

static const struct db_stmt prune_tombstones = {
    .name = "store_tombstones.prune",
    .sql = "DELETE FROM store_tombstones WHERE revision IN (SELECT revision FROM store_tombstones"
           " WHERE deleted_at < ? ORDER BY deleted_at LIMIT ?)",
    .n_params = 2,
};

int journal_get_revision(struct db_tx *tx, int64_t *ret_revision, struct error *error)
{
    struct arena arena = {0};
    struct db_rows rows;
    int code = db_query(tx, &get_revision, NULL, &arena, &rows, error);

    if (code == ERROR_NONE && (rows.n_rows != 1 || rows.values[0].type != DB_INTEGER)) {
        code = error_set(error, ERROR_CORRUPT, "The database has no revision");
    }
    if (code == ERROR_NONE) {
        *ret_revision = rows.values[0].integer;
    }
    arena_close(&arena);
    return code;
}

int journal_set_revision(struct db_tx *tx, int64_t revision, struct error *error)
{
    const struct db_value params[] = {db_integer(revision)};

    return db_exec_deferred(tx, &set_revision, params, error);
}

int journal_add_tombstone(struct db_tx *tx, int64_t revision, const char *kind, const char *project,
                          const char *network, const char *name, struct error *error)
{
    const struct db_value params[] = {db_integer(revision), db_text(kind),
                                      db_text(project),     db_text(network),
                                      db_text(name),        db_integer(clock_wall_s())};

    return db_exec_deferred(tx, &add_tombstone, params, error);
}

int journal_find_request(struct db_tx *tx, struct arena *arena, const char *id, bool *ret_found,
                         int64_t *ret_revision, const char **ret_result, struct error *error)
{
    const struct db_value params[] = {db_text(id)};
    struct db_rows rows;
    int code = db_query(tx, &find_request, params, arena, &rows, error);

    if (code != ERROR_NONE) {
        return code;
    }
    if (rows.n_rows > 0) {
        if (rows.values[0].type != DB_INTEGER || rows.values[1].type != DB_TEXT) {
            return error_set(error, ERROR_CORRUPT, "Request %s has a record that doesn't decode",
                             id);
        }
        *ret_revision = rows.values[0].integer;
        *ret_result = rows.values[1].bytes.data;
    }
    *ret_found = rows.n_rows > 0;
    return ERROR_NONE;
}

int journal_add_request(struct db_tx *tx, const char *id, int64_t revision, const char *result,
                        struct error *error)
{
    const struct db_value params[] = {db_text(id), db_integer(revision), db_text(result),
                                      db_integer(clock_wall_s())};

    return db_exec_deferred(tx, &add_request, params, error);
}

int journal_prune(struct db_tx *tx, int64_t now_s, int64_t max, struct error *error)
{
    const struct db_value requests[] = {db_integer(now_s - STORE_REQUEST_KEPT_S), db_integer(max)};
    const struct db_value tombstones[] = {db_integer(now_s - STORE_TOMBSTONE_KEPT_S),
                                          db_integer(max)};
    int code = db_exec_deferred(tx, &prune_requests, requests, error);

    if (code == ERROR_NONE) {
        code = db_exec_deferred(tx, &prune_tombstones, tombstones, error);
    }
    return code;
}
