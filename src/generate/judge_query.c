#include "generate/judge.h"

#include "generate/memory.h"

#include <sqlite3.h>
#include <string.h>

/* What the authorizer found while a statement was prepared. */
struct findings {
    struct arena *arena;
    const char *refused; /* The first function that was refused. */
};

/* A statement must mean the same whenever and wherever it runs: time, chance and
 * what a connection remembers come as parameters or not at all. */
static bool is_refused(const char *function)
{
    static const char *const names[] = {
        "random",
        "randomblob",
        "current_timestamp",
        "current_date",
        "current_time",
        "date",
        "time",
        "datetime",
        "julianday",
        "strftime",
        "unixepoch",
        "changes",
        "total_changes",
        "last_insert_rowid",
        "sqlite_version",
        "sqlite_source_id",
        "sqlite_compileoption_get",
        "sqlite_compileoption_used",
        "load_extension",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (sqlite3_stricmp(function, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static int authorize(void *data, int action, const char *first, const char *second,
                     const char *database, const char *trigger)
{
    struct findings *findings = data;

    (void)first;
    (void)database;
    (void)trigger;
    if (action != SQLITE_FUNCTION || !is_refused(second)) {
        return SQLITE_OK;
    }
    if (findings->refused == NULL) {
        findings->refused = memory_copy(findings->arena, second, strlen(second));
    }
    return SQLITE_DENY;
}

static void check_shape(struct generator *generator, const struct query *query, sqlite3_stmt *stmt)
{
    if (sqlite3_bind_parameter_count(stmt) != (int)query->n_params) {
        report(&generator->diagnostics, query->at, "`%s` has %d parameters instead of %u",
               query->name, sqlite3_bind_parameter_count(stmt), query->n_params);
    }
    if ((sqlite3_stmt_readonly(stmt) == 0) != query->is_write) {
        report(&generator->diagnostics, query->at, "`%s` %s", query->name,
               query->is_write ? "doesn't write" : "writes");
    }
}

/* Each column of the result must come from where its field says. */
static void check_columns(struct generator *generator, const struct entity *entity,
                          const struct query *query, sqlite3_stmt *stmt)
{
    int place = 0;

    if (!query->selects_columns) {
        return;
    }
    if (query->n_columns != entity_count_selected(entity)) {
        report(&generator->diagnostics, query->at, "`%s` has %u columns instead of %zu",
               query->name, query->n_columns, entity_count_selected(entity));
        return;
    }
    for (size_t i = 0; i < entity->n_columns; i++) {
        const struct member *member = entity->columns[i];
        bool is_joined = member->join.table != NULL;
        const char *table;
        const char *column;

        if ((member->omit & OMIT_OBJECTS) != 0) {
            continue;
        }
        table = sqlite3_column_table_name(stmt, place);
        column = sqlite3_column_origin_name(stmt, place);
        place++;
        /* What an expression makes of a column comes from nowhere. */
        if (member->coalesce.text != NULL) {
            continue;
        }
        if (table == NULL || column == NULL ||
            strcmp(table, is_joined ? member->join.table : entity->table) != 0 ||
            strcmp(column, member_column(member)) != 0) {
            report(&generator->diagnostics, member->at, "`%s` is not a column of a table in `%s`",
                   member->name, query->name);
            report_note(&generator->diagnostics, "it comes from %s.%s", table == NULL ? "?" : table,
                        column == NULL ? "?" : column);
        }
    }
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void except(struct generator *generator, const struct query *query,
                   struct exception *exception, const char *what, const char *word,
                   const char *detail)
{
    if (exception != NULL && exception->is_allowed) {
        exception->was_needed = true;
        return;
    }
    report(&generator->diagnostics, query->at, "`%s` %s", query->name, what);
    report_note(&generator->diagnostics,
                "the plan says: %s; add an index, or allow it by `%s=allowed`", detail, word);
}

/* Does `SEARCH networks USING INDEX i (project_id=? AND name=?)` find by NAME? */
static bool constrains(const char *detail, const struct constraint *constraint)
{
    const char *search = "SEARCH ";
    const char *open = strrchr(detail, '(');
    const char *table = constraint->table;
    const char *name = constraint->column;
    size_t size = strlen(name);

    if (open == NULL || !starts_with(detail, search)) {
        return false;
    }
    detail += strlen(search);
    if (!starts_with(detail, table) || detail[strlen(table)] != ' ') {
        return false;
    }
    for (const char *c = strstr(open, name); c != NULL; c = strstr(c + 1, name)) {
        if ((c[-1] == '(' || c[-1] == ' ') && starts_with(c + size, "=?")) {
            return true;
        }
    }
    return false;
}

static void judge_plan_line(struct generator *generator, struct query *query, const char *detail)
{
    struct statement *statement = query->statement;

    /* A virtual table here is json_each(): the list of parameters. */
    if (starts_with(detail, "SCAN ") && strstr(detail, " VIRTUAL TABLE ") == NULL &&
        strcmp(detail, "SCAN CONSTANT ROW") != 0) {
        except(generator, query, statement == NULL ? NULL : &statement->scan, "reads a whole table",
               "scan", detail);
    }
    if (strstr(detail, " AUTOMATIC ") != NULL) {
        except(generator, query, statement == NULL ? NULL : &statement->scan,
               "builds an index each time", "scan", detail);
    }
    if (starts_with(detail, "USE TEMP B-TREE")) {
        except(generator, query, statement == NULL ? NULL : &statement->sort, "sorts its rows",
               "sort", detail);
    }
}

static void check_constraints(struct generator *generator, struct query *query,
                              const bool *is_constrained, const char *plan)
{
    for (size_t i = 0; i < query->n_constraints; i++) {
        if (is_constrained[i]) {
            continue;
        }
        if (query->statement != NULL && query->statement->scan.is_allowed) {
            query->statement->scan.was_needed = true;
            continue;
        }
        report(&generator->diagnostics, query->at, "`%s` does not find its rows by `%s`",
               query->name, query->constraints[i].column);
        report_note(&generator->diagnostics, "the plan says: %s; add an index that has it", plan);
    }
}

/* The plan's text is no stable interface, so no more than its first words and the
 * columns in its last parentheses are looked at. */
static void judge_plan(struct generator *generator, struct sqlite3 *db, struct query *query)
{
    const char *explain = memory_printf(&generator->arena, "EXPLAIN QUERY PLAN %s", query->sql);
    bool *is_constrained =
        memory_calloc(&generator->arena, query->n_constraints, sizeof *is_constrained);
    size_t n_errors = generator->diagnostics.n_items;
    struct buffer plan = {0};
    sqlite3_stmt *stmt;
    int rv;

    if (sqlite3_prepare_v2(db, explain, -1, &stmt, NULL) != SQLITE_OK) {
        report(&generator->diagnostics, query->at, "`%s`: %s", query->name, sqlite3_errmsg(db));
        return;
    }
    while ((rv = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(stmt, 3);

        if (detail == NULL) {
            memory_exhausted();
        }
        judge_plan_line(generator, query, detail);
        buffer_printf(&plan, "%s%s", plan.size == 0 ? "" : ", ", detail);
        for (size_t i = 0; i < query->n_constraints; i++) {
            is_constrained[i] |= constrains(detail, &query->constraints[i]);
        }
    }
    if (rv != SQLITE_DONE) {
        report(&generator->diagnostics, query->at, "`%s`: %s", query->name, sqlite3_errmsg(db));
    }
    sqlite3_finalize(stmt);
    query->plan = memory_from_buffer(&generator->arena, &plan);
    if (generator->diagnostics.n_items == n_errors) {
        check_constraints(generator, query, is_constrained, query->plan);
    }
}

void judge_query(struct generator *generator, struct sqlite3 *db, const struct entity *entity,
                 struct query *query)
{
    struct findings findings = {.arena = &generator->arena};
    sqlite3_stmt *stmt;
    int rv;

    sqlite3_set_authorizer(db, authorize, &findings);
    rv = sqlite3_prepare_v2(db, query->sql, -1, &stmt, NULL);
    sqlite3_set_authorizer(db, NULL, NULL);
    if (findings.refused != NULL) {
        report(&generator->diagnostics, query->at, "`%s` calls %s()", query->name,
               findings.refused);
        report_note(&generator->diagnostics, "a statement must do the same wherever and whenever "
                                             "it runs; look at the triggers of the schema");
    } else if (rv != SQLITE_OK) {
        report(&generator->diagnostics, query->at, "`%s`: %s", query->name, sqlite3_errmsg(db));
    } else {
        query->n_columns = (unsigned)sqlite3_column_count(stmt);
        check_shape(generator, query, stmt);
        check_columns(generator, entity, query, stmt);
        judge_plan(generator, db, query);
    }
    sqlite3_finalize(stmt);
}

static void check_needed(struct generator *generator, const struct statement *statement,
                         const struct exception *exception, const char *word, const char *deed)
{
    if (exception->is_allowed && !exception->was_needed) {
        report(&generator->diagnostics, exception->at, "`%s=allowed` is not needed", word);
        report_note(&generator->diagnostics, "`%s` doesn't %s; take it away", statement->spelling,
                    deed);
    }
}

void judge_exceptions(struct generator *generator, const struct entity *entity)
{
    for (size_t i = 0; i < entity->n_statements; i++) {
        const struct statement *statement = &entity->statements[i];

        check_needed(generator, statement, &statement->scan, "scan", "read a whole table");
        check_needed(generator, statement, &statement->sort, "sort", "sort its rows");
    }
}
