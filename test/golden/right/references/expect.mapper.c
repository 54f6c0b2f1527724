/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/references/expect.mapper.h"

static const struct db_stmt stmt_host_objects = {
    .name = "host.objects",
    .sql = "SELECT hosts.id, hosts.name "
           "FROM hosts "
           "ORDER BY hosts.name",
    .n_columns = 2,
};

static const struct db_stmt stmt_host_objects_by_name = {
    .name = "host.objects_by_name",
    .sql = "SELECT hosts.id, hosts.name "
           "FROM hosts "
           "WHERE hosts.name = ? "
           "ORDER BY hosts.name",
    .n_params = 1,
    .n_columns = 2,
};

static const struct db_stmt stmt_host_objects_by_name_any = {
    .name = "host.objects_by_name_any",
    .sql = "SELECT hosts.id, hosts.name "
           "FROM json_each(?) AS selector "
           "CROSS JOIN hosts "
           "WHERE hosts.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 2,
};

static const struct db_stmt stmt_host_create = {
    .name = "host.create",
    .sql = "INSERT INTO hosts (name) "
           "VALUES (?)",
    .n_params = 1,
};

static const struct db_stmt stmt_host_update = {
    .name = "host.update",
    .sql = "UPDATE hosts "
           "SET name = ? "
           "WHERE hosts.name = ?",
    .n_params = 2,
};

static const struct db_stmt stmt_host_delete_by_name = {
    .name = "host.delete_by_name",
    .sql = "DELETE FROM hosts "
           "WHERE hosts.name = ?",
    .n_params = 1,
};

static const struct db_stmt stmt_host_config_get = {
    .name = "host.config_get",
    .sql = "SELECT host_id, key, value "
           "FROM hosts_config "
           "WHERE host_id IN (SELECT value FROM json_each(?)) "
           "ORDER BY host_id, key",
    .n_params = 1,
    .n_columns = 3,
};

static const struct db_stmt stmt_host_config_insert = {
    .name = "host.config_insert",
    .sql = "INSERT INTO hosts_config (host_id, key, value) "
           "SELECT ?, key, value "
           "FROM json_each(?)",
    .n_params = 2,
};

static const struct db_stmt stmt_host_config_prune = {
    .name = "host.config_prune",
    .sql = "DELETE FROM hosts_config "
           "WHERE host_id = (SELECT hosts.id "
           "FROM hosts "
           "WHERE hosts.name = ?) "
           "AND key NOT IN (SELECT key FROM json_each(?))",
    .n_params = 2,
};

static const struct db_stmt stmt_host_config_merge = {
    .name = "host.config_merge",
    .sql = "INSERT INTO hosts_config (host_id, key, value) "
           "SELECT hosts.id, pair.key, pair.value "
           "FROM hosts "
           "CROSS JOIN json_each(?2) AS pair "
           "WHERE hosts.name = ?1 "
           "AND NOT EXISTS (SELECT 1 FROM hosts_config AS old "
           "WHERE old.host_id = hosts.id AND old.key = pair.key AND old.value = pair.value) "
           "ON CONFLICT (host_id, key) DO UPDATE SET value = excluded.value",
    .n_params = 2,
};

static const struct db_stmt stmt_host_labels_get = {
    .name = "host.labels_get",
    .sql = "SELECT host_id, key, value "
           "FROM hosts_labels "
           "WHERE host_id IN (SELECT value FROM json_each(?)) "
           "ORDER BY host_id, key",
    .n_params = 1,
    .n_columns = 3,
};

static const struct db_stmt stmt_host_labels_insert = {
    .name = "host.labels_insert",
    .sql = "INSERT INTO hosts_labels (host_id, key, value) "
           "SELECT ?, key, value "
           "FROM json_each(?)",
    .n_params = 2,
};

static const struct field host_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct host, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct host, name),
    },
};

static const unsigned host_keys[] = {1};

static const struct mapper_reference host_references[] = {
    {
        .table = "hosts_config",
        .field =
            {
                .name = "config",
                .kind = FIELD_MAP,
                .offset = offsetof(struct host, config),
            },
        .get = &stmt_host_config_get,
        .insert = &stmt_host_config_insert,
        .prune = &stmt_host_config_prune,
        .merge = &stmt_host_config_merge,
    },
    {
        .table = "hosts_labels",
        .field =
            {
                .name = "labels",
                .kind = FIELD_MAP,
                .offset = offsetof(struct host, labels),
            },
        .get = &stmt_host_labels_get,
        .insert = &stmt_host_labels_insert,
    },
};

static const struct mapper host_mapper = {
    .table = "hosts",
    .title = "Host",
    .object_size = sizeof(struct host),
    .columns = host_columns,
    .n_columns = 2,
    .n_stored = 1,
    .keys = host_keys,
    .n_keys = 1,
    .references = host_references,
    .n_references = 2,
    .objects = &stmt_host_objects,
    .create = &stmt_host_create,
    .update = &stmt_host_update,
};

static const struct mapper_selection host_selection_by_name = {
    .one = &stmt_host_objects_by_name,
    .any = &stmt_host_objects_by_name_any,
};

struct host_selector host_by_name(const char *name)
{
    return (struct host_selector){
        .base.selection = &host_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int host_get_many(struct db_tx *tx, const struct host_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct host_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &host_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int host_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct host *ret_object,
                 struct error *error)
{
    struct host_selector selector = host_by_name(name);

    return mapper_get_one(tx, &host_mapper, &selector.base, arena, ret_object, error);
}

int host_create(struct db_tx *tx, const struct host *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &host_mapper, object, ret_id, error);
}

int host_update(struct db_tx *tx, const char *name, const struct host *object, struct error *error)
{
    const struct db_value params[] = {db_text(name)};

    return mapper_update(tx, &host_mapper, params, object, error);
}

int host_delete_by_name(struct db_tx *tx, const char *name, struct error *error)
{
    const struct db_value params[] = {db_text(name)};

    return mapper_delete_one(tx, &host_mapper, &stmt_host_delete_by_name, params, error);
}
