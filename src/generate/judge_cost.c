#include "generate/judge.h"

#include "generate/memory.h"

#include <sqlite3.h>
#include <string.h>

/* What a statement costs must not depend on rows that it has nothing to do with.
 * Its plan says so only in part (triggers and foreign keys have no lines in it),
 * so each statement is run twice, in the midst of few such rows and of many, and
 * the steps of SQLite's virtual machine are counted.
 *
 * In row K of a sample each column holds K, as its type has it, so that text "1"
 * as a parameter finds row 1, and what refers to row 1, by whatever column. */
#define FIRST_ROW        "1"
#define NEW_ROW          "0" /* Not there in the entity's own table, but in all others. */
#define STEPS_FACTOR_MAX 2

struct sample {
    struct generator *generator;
    struct sqlite3 *db;
    const struct entity *entity;
    unsigned n_rows;
};

static void run(const struct sample *sample, const char *sql)
{
    if (sqlite3_exec(sample->db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        report(&sample->generator->diagnostics, sample->entity->at,
               "the sample of rows can't be made: %s", sqlite3_errmsg(sample->db));
    }
}

/* `CAST(k AS TEXT)`: the number of the row as the column has it. */
static const char *sample_value(const char *type)
{
    if (sqlite3_stricmp(type, "TEXT") == 0) {
        return "CAST(k AS TEXT)";
    }
    return sqlite3_stricmp(type, "BLOB") == 0 ? "CAST(k AS BLOB)" : "k";
}

static sqlite3_stmt *prepare(const struct sample *sample, const char *sql)
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(sample->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        memory_exhausted();
    }
    return stmt;
}

static void fill_table(const struct sample *sample, const char *table)
{
    struct arena *arena = &sample->generator->arena;
    struct buffer names = {0};
    struct buffer values = {0};
    bool is_own = sqlite3_stricmp(table, sample->entity->table) == 0;
    sqlite3_stmt *stmt = prepare(
        sample,
        memory_printf(arena, "SELECT name, type FROM pragma_table_xinfo('%s') WHERE hidden = 0",
                      table));

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *separator = names.size == 0 ? "" : ", ";
        const char *type = (const char *)sqlite3_column_text(stmt, 1);

        buffer_printf(&names, "%s\"%s\"", separator, (const char *)sqlite3_column_text(stmt, 0));
        buffer_printf(&values, "%s%s", separator, sample_value(type == NULL ? "" : type));
    }
    sqlite3_finalize(stmt);
    run(sample,
        memory_printf(arena,
                      "DELETE FROM \"%s\"; "
                      "WITH RECURSIVE rows (k) AS (VALUES (%d) UNION ALL "
                      "SELECT k + 1 FROM rows WHERE k < %u) "
                      "INSERT OR IGNORE INTO \"%s\" (%s) SELECT %s FROM rows",
                      table, is_own ? 1 : 0, sample->n_rows, table,
                      memory_from_buffer(arena, &names), memory_from_buffer(arena, &values)));
}

/* Constraints that speak of values don't hold for samples; what they cost is
 * counted nevertheless. */
static void fill(const struct sample *sample)
{
    const char **tables = NULL;
    size_t n_tables = 0;
    sqlite3_stmt *stmt = prepare(sample, "SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                                         "name NOT LIKE 'sqlite~_%' ESCAPE '~'");

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(stmt, 0);

        *MEMORY_APPEND(&sample->generator->arena, tables, n_tables) =
            memory_copy(&sample->generator->arena, name, strlen(name));
    }
    sqlite3_finalize(stmt);
    run(sample, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
    sqlite3_db_config(sample->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    for (size_t i = 0; i < n_tables; i++) {
        fill_table(sample, tables[i]);
    }
    sqlite3_db_config(sample->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
    run(sample, "PRAGMA foreign_keys = ON");
}

/* A new row that refers to one of its own table refers to the first. */
static bool is_own_parent(const struct sample *sample, const char *column)
{
    const struct entity *entity = sample->entity;
    sqlite3_stmt *stmt =
        prepare(sample, memory_printf(&sample->generator->arena,
                                      "SELECT 1 FROM pragma_foreign_key_list('%s') WHERE \"from\" "
                                      "= '%s' AND \"table\" = '%s'",
                                      entity->table, column, entity->table));
    bool found = sqlite3_step(stmt) == SQLITE_ROW;

    sqlite3_finalize(stmt);
    return found;
}

/* The same where what it refers to is looked up by the natural key. */
static bool has_own_parent(const struct entity *entity)
{
    for (size_t i = 0; i < entity->n_joins; i++) {
        if (entity->joins[i]->is_key &&
            strcmp(entity->joins[i]->member->join.table, entity->table) == 0) {
            return true;
        }
    }
    return false;
}

static void bind(const struct sample *sample, const struct query *query, sqlite3_stmt *stmt)
{
    const struct entity *entity = sample->entity;
    int n_params = sqlite3_bind_parameter_count(stmt);
    int place = 1;

    for (int i = 1; i <= n_params; i++) {
        sqlite3_bind_text(stmt, i, FIRST_ROW, -1, SQLITE_STATIC);
    }
    if (query->json_sample != NULL) {
        sqlite3_bind_text(stmt, n_params, query->json_sample, -1, SQLITE_STATIC);
        return;
    }
    if (query->statement == NULL || query->statement->kind != STATEMENT_CREATE) {
        return;
    }
    for (size_t i = entity->first_stored; i < entity_first_joined(entity); i++) {
        const struct member *member = entity->columns[i];

        if ((member->omit & OMIT_CREATE) == 0) {
            sqlite3_bind_text(stmt, place++,
                              is_own_parent(sample, member_column(member)) ? FIRST_ROW : NEW_ROW,
                              -1, SQLITE_STATIC);
        }
    }
    /* Behind them, the natural key of what it belongs to. */
    while (place <= n_params) {
        sqlite3_bind_text(stmt, place++, has_own_parent(entity) ? FIRST_ROW : NEW_ROW, -1,
                          SQLITE_STATIC);
    }
}

/* Runs the statement and undoes it. One that a constraint refuses has done its
 * work until then. */
static int count_steps(const struct sample *sample, const struct query *query)
{
    sqlite3_stmt *stmt;
    int steps;

    run(sample, "BEGIN");
    stmt = prepare(sample, query->sql);
    bind(sample, query, stmt);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
    }
    steps = sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 0);
    sqlite3_finalize(stmt);
    /* A trigger may have rolled back already. */
    if (sqlite3_get_autocommit(sample->db) == 0) {
        run(sample, "ROLLBACK");
    }
    return steps;
}

static void judge_steps(struct generator *generator, struct query *query)
{
    query->grows = query->steps_many >= STEPS_FACTOR_MAX * query->steps_few;
    if (!query->grows) {
        return;
    }
    if (query->statement != NULL && query->statement->scan.is_allowed) {
        query->statement->scan.was_needed = true;
        return;
    }
    report(&generator->diagnostics, query->at,
           "`%s` takes %d steps among %d rows, and %d among %d that it has nothing to do with",
           query->name, query->steps_few, JUDGE_ROWS_FEW, query->steps_many, JUDGE_ROWS_MANY);
    report_note(&generator->diagnostics,
                "look at the triggers, indexes and foreign keys of the schema; or allow it by "
                "`scan=allowed`");
}

void judge_cost(struct generator *generator, const char *schema, struct entity *entity)
{
    static const unsigned sizes[] = {JUDGE_ROWS_FEW, JUDGE_ROWS_MANY};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct sample sample = {.generator = generator,
                                .db = judge_open(generator, schema),
                                .entity = entity,
                                .n_rows = sizes[i]};

        if (sample.db == NULL) {
            return;
        }
        fill(&sample);
        for (size_t j = 0; j < entity->n_queries; j++) {
            int *steps = i == 0 ? &entity->queries[j].steps_few : &entity->queries[j].steps_many;

            *steps = count_steps(&sample, &entity->queries[j]);
        }
        judge_close(sample.db);
    }
    for (size_t i = 0; i < entity->n_queries; i++) {
        judge_steps(generator, &entity->queries[i]);
    }
}
