/* From the rows of a dump to the records that the API would have given. The
 * tables of lbstate are those of Incus, less a column. */
#include "ctl/import_dump.h"

#include "base/utf8.h"

#include <string.h>

/* Which dump is being read; passed down for messages. */
struct dump_reader {
    struct import_data *data;
    const char *file;
    struct import_dump dump;
    bool has_members; /* Keys of networks may be a matter of each member: only Incus has that. */
    json_t *records;  /* An array, which keeps those that were made. */
    struct lbstate_error *error;
};

/* A row of one of the tables on its way to a record. */
struct dump_row {
    sqlite3_int64 id;
    const char *name; /* Of the record. */
    const char *path; /* "TABLE, id N". */
    json_t *object;
};

static int wrong(struct dump_reader *reader, const struct dump_row *row, const char *what)
{
    return ctl_fail(reader->error, LBSTATE_REFUSED, "%s: %s: %s. Nothing was sent",
                    import_file_name(reader->file), row->path, what);
}

static int fail_sql(struct dump_reader *reader)
{
    if (sqlite3_errcode(reader->dump.db) == SQLITE_NOMEM) {
        return ctl_no_memory(reader->error);
    }
    return ctl_fail(reader->error, LBSTATE_REFUSED,
                    "%s is no dump of Incus' or lbstate's database: %s. Nothing was sent",
                    import_file_name(reader->file), sqlite3_errmsg(reader->dump.db));
}

static int prepare(struct dump_reader *reader, const char *sql, sqlite3_stmt **ret_stmt)
{
    return sqlite3_prepare_v2(reader->dump.db, sql, -1, ret_stmt, NULL) == SQLITE_OK
               ? LBSTATE_OK
               : fail_sql(reader);
}

/* Notes that ROW may come out other than it was: WHAT in its member MEMBER. */
static int note_inexact(struct dump_reader *reader, const struct dump_row *row, const char *member,
                        const char *what)
{
    struct import_data *data = reader->data;
    const char *place =
        arena_printf(&data->arena, "%s: %s", import_file_name(reader->file), row->path);
    const char *problem = arena_printf(&data->arena, "%s may not be exact: %s", member, what);

    if (data->inexact == NULL) {
        data->inexact = json_array();
    }
    if (place == NULL || problem == NULL ||
        json_array_append_new(data->inexact, json_pack("{s:s, s:s, s:s}", "place", place, "name",
                                                       row->name, "problem", problem)) != 0) {
        return ctl_no_memory(reader->error);
    }
    return LBSTATE_OK;
}

/* A column as a JSON string; MEMBER is what it is in the record. NULL is "". */
static int read_text(struct dump_reader *reader, const struct dump_row *row, sqlite3_stmt *stmt,
                     int column, const char *member, json_t **ret_text)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    size_t size = (size_t)sqlite3_column_bytes(stmt, column);

    if (text == NULL && sqlite3_column_type(stmt, column) != SQLITE_NULL) {
        return ctl_no_memory(reader->error);
    }
    if (text != NULL && !utf8_valid(text, size)) {
        return wrong(reader, row, "a text in it isn't UTF-8");
    }
    if (text != NULL && import_dump_is_ambiguous(&reader->dump, text, size) &&
        note_inexact(reader, row, member,
                     "a dump writes line ends and the characters \\n or \\r alike where a text has "
                     "both; all of them are taken for line ends") != LBSTATE_OK) {
        return (int)reader->error->code;
    }
    *ret_text = json_stringn(text != NULL ? text : "", size);
    return *ret_text != NULL ? LBSTATE_OK : ctl_no_memory(reader->error);
}

/* A name, in the arena, from a column that must have one. */
static int read_name(struct dump_reader *reader, const struct dump_row *row, sqlite3_stmt *stmt,
                     int column, const char *what, const char **ret_name)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    size_t size = (size_t)sqlite3_column_bytes(stmt, column);

    if (text == NULL || size == 0 || strlen(text) != size || !utf8_valid(text, size)) {
        return wrong(reader, row, what);
    }
    *ret_name = arena_strdup(&reader->data->arena, text);
    return *ret_name != NULL ? LBSTATE_OK : ctl_no_memory(reader->error);
}

static int set_text(struct dump_reader *reader, const struct dump_row *row, sqlite3_stmt *stmt,
                    int column, const char *member)
{
    json_t *text = NULL;
    int rv = read_text(reader, row, stmt, column, member, &text);

    if (rv == LBSTATE_OK && json_object_set_new(row->object, member, text) != 0) {
        rv = ctl_no_memory(reader->error);
    }
    return rv;
}

/* Backends and ports are stored as JSON. */
static int set_list(struct dump_reader *reader, const struct dump_row *row, sqlite3_stmt *stmt,
                    int column, const char *member)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    size_t size = (size_t)sqlite3_column_bytes(stmt, column);
    json_t *list = json_loadb(text != NULL ? text : "null", text != NULL ? size : 4,
                              JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);

    if (!json_is_array(list) && !json_is_null(list)) {
        json_decref(list);
        return wrong(reader, row, "backends or ports are no JSON list");
    }
    return json_object_set_new(row->object, member, list) == 0 ? LBSTATE_OK
                                                               : ctl_no_memory(reader->error);
}

/* One key of a row's config. Keys that are a matter of each member stand there
 * once for each; the API of a single server tells them as its own. */
static int add_config_pair(struct dump_reader *reader, const struct dump_row *row,
                           sqlite3_stmt *stmt, json_t *config)
{
    const char *key;
    const json_t *before;
    json_t *value = NULL;
    int rv = read_name(reader, row, stmt, 0, "a config key must have a name", &key);

    if (rv == LBSTATE_OK) {
        rv = read_text(reader, row, stmt, 1, key, &value);
    }
    if (rv != LBSTATE_OK) {
        return rv;
    }
    before = json_object_get(config, key);
    if (before == NULL) {
        return json_object_set_new(config, key, value) == 0 ? LBSTATE_OK
                                                            : ctl_no_memory(reader->error);
    }
    if (!json_equal(before, value)) {
        rv = note_inexact(reader, row, key,
                          "it differs between members; that of the first is taken");
    }
    json_decref(value);
    return rv;
}

static int set_config(struct dump_reader *reader, const struct dump_row *row, const char *sql)
{
    json_t *config = json_object();
    sqlite3_stmt *stmt = NULL;
    int step = SQLITE_ROW;
    int rv = prepare(reader, sql, &stmt);

    if (config == NULL || json_object_set_new(row->object, "config", config) != 0) {
        rv = ctl_no_memory(reader->error);
    }
    if (rv == LBSTATE_OK && sqlite3_bind_int64(stmt, 1, row->id) != SQLITE_OK) {
        rv = fail_sql(reader);
    }
    while (rv == LBSTATE_OK && (step = sqlite3_step(stmt)) == SQLITE_ROW) {
        rv = add_config_pair(reader, row, stmt, config);
    }
    if (rv == LBSTATE_OK && step != SQLITE_DONE) {
        rv = fail_sql(reader);
    }
    sqlite3_finalize(stmt);
    return rv;
}

/* -- The kinds ---------------------------------------------------------------
 * Each sets the object of ROW from columns 1 on, and what the record needs. */

typedef int (*read_row)(struct dump_reader *reader, struct dump_row *row, sqlite3_stmt *stmt,
                        struct import_record *record);

static int read_project(struct dump_reader *reader, struct dump_row *row, sqlite3_stmt *stmt,
                        struct import_record *record)
{
    static const char config[] =
        "SELECT key, value FROM projects_config WHERE project_id = ? ORDER BY key";
    int rv = read_name(reader, row, stmt, 1, "a project must have a name", &record->name);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    row->name = record->name;
    record->kind = IMPORT_PROJECT;
    rv = set_text(reader, row, stmt, 2, "description");
    return rv == LBSTATE_OK ? set_config(reader, row, config) : rv;
}

static int read_network(struct dump_reader *reader, struct dump_row *row, sqlite3_stmt *stmt,
                        struct import_record *record)
{
    /* As Incus numbers them. */
    static const char *const types[] = {"bridge", "macvlan", "sriov", "ovn", "physical"};
    const char *config =
        reader->has_members
            ? "SELECT key, value FROM networks_config WHERE network_id = ? ORDER BY key, node_id"
            : "SELECT key, value FROM networks_config WHERE network_id = ? ORDER BY key";
    sqlite3_int64 type = sqlite3_column_int64(stmt, 4);
    int rv = read_name(reader, row, stmt, 1, "a network must have a name", &record->name);

    row->name = record->name;
    if (rv == LBSTATE_OK) {
        rv = read_name(reader, row, stmt, 2, "its project isn't in the dump", &record->project);
    }
    if (rv == LBSTATE_OK && (sqlite3_column_type(stmt, 4) != SQLITE_INTEGER || type < 0 ||
                             type >= (sqlite3_int64)(sizeof types / sizeof types[0]))) {
        rv = wrong(reader, row, "the type of the network is unknown");
    }
    if (rv == LBSTATE_OK) {
        record->kind = type == 3 ? IMPORT_NETWORK : IMPORT_UPLINK;
        rv = json_object_set_new(row->object, "type", json_string(types[type])) == 0
                 ? set_text(reader, row, stmt, 3, "description")
                 : ctl_no_memory(reader->error);
    }
    return rv == LBSTATE_OK ? set_config(reader, row, config) : rv;
}

/* What load balancers and forwards have in common. */
static int read_listener(struct dump_reader *reader, struct dump_row *row, sqlite3_stmt *stmt,
                         struct import_record *record)
{
    int rv = read_name(reader, row, stmt, 1, "it must have a listen address", &record->name);

    row->name = record->name;
    if (rv == LBSTATE_OK) {
        rv = read_name(reader, row, stmt, 2, "its network isn't in the dump", &record->network);
    }
    if (rv == LBSTATE_OK) {
        rv = read_name(reader, row, stmt, 3, "its project isn't in the dump", &record->project);
    }
    if (rv == LBSTATE_OK) {
        rv = set_text(reader, row, stmt, 1, "listen_address");
    }
    if (rv == LBSTATE_OK) {
        rv = set_text(reader, row, stmt, 4, "description");
    }
    return rv == LBSTATE_OK ? set_list(reader, row, stmt, 5, "ports") : rv;
}

static int read_load_balancer(struct dump_reader *reader, struct dump_row *row, sqlite3_stmt *stmt,
                              struct import_record *record)
{
    static const char config[] = "SELECT key, value FROM networks_load_balancers_config"
                                 " WHERE network_load_balancer_id = ? ORDER BY key";
    int rv = read_listener(reader, row, stmt, record);

    record->kind = IMPORT_LOAD_BALANCER;
    if (rv == LBSTATE_OK) {
        rv = set_list(reader, row, stmt, 6, "backends");
    }
    return rv == LBSTATE_OK ? set_config(reader, row, config) : rv;
}

static int read_forward(struct dump_reader *reader, struct dump_row *row, sqlite3_stmt *stmt,
                        struct import_record *record)
{
    static const char config[] = "SELECT key, value FROM networks_forwards_config"
                                 " WHERE network_forward_id = ? ORDER BY key";
    int rv = read_listener(reader, row, stmt, record);

    record->kind = IMPORT_FORWARD;
    return rv == LBSTATE_OK ? set_config(reader, row, config) : rv;
}

static int add_row(struct dump_reader *reader, const char *table, sqlite3_stmt *stmt, read_row read)
{
    struct import_record record = {.record = NULL};
    struct dump_row row = {.id = sqlite3_column_int64(stmt, 0)};
    int rv;

    row.path = arena_printf(&reader->data->arena, "%s, id %lld", table, (long long)row.id);
    row.object = json_object();
    if (json_array_append_new(reader->records, row.object) != 0 || row.path == NULL) {
        return ctl_no_memory(reader->error);
    }
    record.record = row.object;
    rv = read(reader, &row, stmt, &record);
    return rv == LBSTATE_OK
               ? import_add(reader->data, reader->file, &record, row.path, reader->error)
               : rv;
}

static int add_table(struct dump_reader *reader, const char *table, const char *sql, read_row read)
{
    sqlite3_stmt *stmt = NULL;
    int step = SQLITE_ROW;
    int rv = prepare(reader, sql, &stmt);

    while (rv == LBSTATE_OK && (step = sqlite3_step(stmt)) == SQLITE_ROW) {
        rv = add_row(reader, table, stmt, read);
    }
    if (rv == LBSTATE_OK && step != SQLITE_DONE) {
        rv = fail_sql(reader);
    }
    sqlite3_finalize(stmt);
    return rv;
}

static int add_tables(struct dump_reader *reader)
{
    static const struct {
        const char *name;
        const char *sql;
        read_row read;
    } tables[] = {
        {"projects", "SELECT id, name, description FROM projects ORDER BY id", read_project},
        {"networks",
         "SELECT n.id, n.name, p.name, n.description, n.type FROM networks AS n"
         " LEFT JOIN projects AS p ON p.id = n.project_id ORDER BY n.id",
         read_network},
        {"networks_load_balancers",
         "SELECT l.id, l.listen_address, n.name, p.name, l.description, l.ports, l.backends"
         " FROM networks_load_balancers AS l LEFT JOIN networks AS n ON n.id = l.network_id"
         " LEFT JOIN projects AS p ON p.id = n.project_id ORDER BY l.id",
         read_load_balancer},
        {"networks_forwards",
         "SELECT f.id, f.listen_address, n.name, p.name, f.description, f.ports"
         " FROM networks_forwards AS f LEFT JOIN networks AS n ON n.id = f.network_id"
         " LEFT JOIN projects AS p ON p.id = n.project_id ORDER BY f.id",
         read_forward},
    };
    int rv = LBSTATE_OK;

    for (size_t i = 0; rv == LBSTATE_OK && i < sizeof tables / sizeof tables[0]; i++) {
        rv = add_table(reader, tables[i].name, tables[i].sql, tables[i].read);
    }
    return rv;
}

int import_read_dump(struct import_data *data, const char *file, FILE *in,
                     struct lbstate_error *error)
{
    struct dump_reader reader = {.data = data, .file = file, .error = error};
    struct buffer text = {0};
    int rv = import_read_text(data, file, in, &text, error);

    if (rv == LBSTATE_OK) {
        rv = import_dump_open(import_file_name(file), &text, &reader.dump, error);
    }
    buffer_close(&text);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    reader.records = json_array();
    rv = import_keep(data, reader.records, error);
    if (rv == LBSTATE_OK) {
        reader.has_members =
            sqlite3_table_column_metadata(reader.dump.db, NULL, "networks_config", "node_id", NULL,
                                          NULL, NULL, NULL, NULL) == SQLITE_OK;
        rv = add_tables(&reader);
    }
    import_dump_close(&reader.dump);
    return rv;
}
