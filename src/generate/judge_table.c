#include "generate/judge.h"

#include "generate/judge_schema.h"
#include "generate/memory.h"

#include <sqlite3.h>
#include <string.h>

static const char *sql_type_of(const struct member *member)
{
    switch (member->kind) {
    case TYPE_INTEGER:
    case TYPE_BOOL:
    case TYPE_ENUM:
        return "INTEGER";
    case TYPE_DOUBLE:
        return "REAL";
    case TYPE_BYTES:
        return "BLOB";
    case TYPE_TEXT:
    case TYPE_OBJECTS:
    case TYPE_STRINGS:
    case TYPE_MAP:
    case TYPE_CUSTOM:
        break;
    }
    return "TEXT";
}

static void check_column(const struct judge *judge, const struct member *member, const char *table,
                         const char *name)
{
    struct diagnostics *diagnostics = &judge->generator->diagnostics;
    struct column column;
    bool may_be_null;

    if (!schema_find_column(judge, table, name, &column)) {
        report(diagnostics, member->at, "table `%s` has no column `%s`", table, name);
        report_note(diagnostics, "add it to the schema, or tag the field with `//db: ignore`");
        return;
    }
    if (sqlite3_stricmp(column.type, sql_type_of(member)) != 0) {
        report(diagnostics, member->at, "column `%s.%s` is of type %s, the field is %s", table,
               name, column.type[0] == '\0' ? "none" : column.type, sql_type_of(member));
    }
    may_be_null = member->is_left_join || (!column.is_not_null && !column.is_row_id);
    if (!may_be_null && member->coalesce.text != NULL) {
        report(diagnostics, member->coalesce.at,
               "`coalesce` is not needed: column `%s.%s` is "
               "never NULL",
               table, name);
    }
    if (may_be_null && !member->optional && member->coalesce.text == NULL) {
        report(diagnostics, member->at, "column `%s.%s` may be NULL, the field can't", table, name);
        report_note(diagnostics, "use an opt_ type, or make the column NOT NULL");
    } else if (!may_be_null && member->optional) {
        report(diagnostics, member->at, "column `%s.%s` is never NULL, the field may be unset",
               table, name);
        report_note(diagnostics, "use a type without opt_, or drop NOT NULL");
    }
    if ((member->is_primary || member->is_order) && strcmp(column.collation, "BINARY") != 0) {
        report(diagnostics, member->at, "column `%s.%s` has the collation %s", table, name,
               column.collation);
        report_note(diagnostics, "what identifies or orders rows is compared bytewise: use BINARY");
    }
}

static void check_id(const struct judge *judge)
{
    struct column column;

    if (schema_find_column(judge, judge->entity->table, "id", &column) && !column.is_row_id) {
        report(&judge->generator->diagnostics, judge->entity->columns[0]->at,
               "column `%s.id` is not the INTEGER PRIMARY KEY", judge->entity->table);
    }
}

static bool is_written(const struct entity *entity, const char *name)
{
    for (size_t i = 0; i < entity_first_joined(entity); i++) {
        if (strcmp(member_column(entity->columns[i]), name) == 0 &&
            (entity->columns[i]->omit & OMIT_CREATE) == 0) {
            return true;
        }
    }
    return entity_looks_up(entity, name);
}

/* Functions and words such as CURRENT_TIMESTAMP; a number, text or NULL isn't. */
static bool is_computed(const char *value)
{
    return value[0] != '\0' && strchr("'\"+-.0123456789", value[0]) == NULL &&
           sqlite3_stricmp(value, "NULL") != 0 && sqlite3_stricmp(value, "TRUE") != 0 &&
           sqlite3_stricmp(value, "FALSE") != 0 && sqlite3_strnicmp(value, "x'", 2) != 0;
}

/* What create leaves to the table's defaults. */
static void check_create(const struct judge *judge, const struct statement *statement)
{
    struct diagnostics *diagnostics = &judge->generator->diagnostics;
    const char *table = judge->entity->table;
    sqlite3_stmt *stmt =
        schema_ask(judge, "SELECT name, \"notnull\", dflt_value FROM pragma_table_info(?)", table);

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *name = schema_text_of(stmt, 0);
        const char *value = schema_text_of(stmt, 2);

        if (is_written(judge->entity, name)) {
            continue;
        }
        if (sqlite3_column_int(stmt, 1) != 0 && value[0] == '\0') {
            report(diagnostics, statement->at, "`%s` leaves `%s.%s` out, which is NOT NULL",
                   statement->spelling, table, name);
            report_note(diagnostics, "add a field for it, or give it a default");
        } else if (is_computed(value)) {
            report(diagnostics, statement->at, "`%s` leaves `%s.%s` to its default, %s",
                   statement->spelling, table, name, value);
            report_note(diagnostics, "a default must be a constant: a statement must do the same "
                                     "wherever and whenever it runs");
        }
    }
    sqlite3_finalize(stmt);
}

static bool leads_index(const struct judge *judge, const char *table, const char *column)
{
    sqlite3_stmt *stmt = schema_ask(judge,
                                    "SELECT column.name FROM pragma_index_list(?) AS list "
                                    "JOIN pragma_index_info(list.name) AS column "
                                    "WHERE column.seqno = 0 AND list.partial = 0",
                                    table);
    bool leads = false;

    while (!leads && sqlite3_step(stmt) == SQLITE_ROW) {
        leads = sqlite3_stricmp(schema_text_of(stmt, 0), column) == 0;
    }
    sqlite3_finalize(stmt);
    return leads;
}

/* Deleting a parent looks for its children: by an index, or through all rows. */
static void check_foreign_keys(const struct judge *judge, const char *table, struct location at)
{
    sqlite3_stmt *stmt = schema_ask(
        judge, "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?) WHERE seq = 0", table);

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        if (!leads_index(judge, table, schema_text_of(stmt, 0))) {
            report(&judge->generator->diagnostics, at,
                   "no index of `%s` begins with the foreign key `%s`", table,
                   schema_text_of(stmt, 0));
            report_note(&judge->generator->diagnostics,
                        "deleting from `%s` would read all of it: CREATE INDEX %s_%s ON %s (%s)",
                        schema_text_of(stmt, 1), table, schema_text_of(stmt, 0), table,
                        schema_text_of(stmt, 0));
        }
    }
    sqlite3_finalize(stmt);
}

static bool cascades(const struct judge *judge, const struct reference *reference)
{
    sqlite3_stmt *stmt = schema_ask(judge,
                                    "SELECT \"table\", \"from\", on_delete FROM "
                                    "pragma_foreign_key_list(?)",
                                    reference->table);
    bool found = false;

    while (!found && sqlite3_step(stmt) == SQLITE_ROW) {
        found = sqlite3_stricmp(schema_text_of(stmt, 0), judge->entity->table) == 0 &&
                sqlite3_stricmp(schema_text_of(stmt, 1), reference->column) == 0 &&
                strcmp(schema_text_of(stmt, 2), "CASCADE") == 0;
    }
    sqlite3_finalize(stmt);
    return found;
}

static void check_map_columns(const struct judge *judge, const struct reference *reference)
{
    static const char *const names[] = {"key", "value"};
    struct column column;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!schema_find_column(judge, reference->table, names[i], &column) ||
            !column.is_not_null || sqlite3_stricmp(column.type, "TEXT") != 0) {
            report(&judge->generator->diagnostics, reference->at,
                   "table `%s` has no column `%s %s NOT NULL`", reference->table, names[i], "TEXT");
        }
    }
}

/* Whether a row's parent or key, or a value of it. */
static bool is_map_column(const struct reference *reference, const char *name, bool keys_only)
{
    if (strcmp(name, reference->column) == 0) {
        return true;
    }
    if (reference->items == NULL) {
        return strcmp(name, "key") == 0 || (!keys_only && strcmp(name, "value") == 0);
    }
    for (size_t i = 0; i < reference->items->n_json; i++) {
        const struct member *member = reference->items->json[i];

        if (strcmp(member_column(member), name) == 0 && (member->is_primary || !keys_only)) {
            return true;
        }
    }
    return false;
}

/* A parent has each key once. */
static void check_map_key(const struct judge *judge, const struct reference *reference)
{
    sqlite3_stmt *list = schema_ask(judge,
                                    "SELECT name FROM pragma_index_list(?) "
                                    "WHERE \"unique\" = 1 AND partial = 0",
                                    reference->table);
    bool is_unique = false;

    while (!is_unique && sqlite3_step(list) == SQLITE_ROW) {
        sqlite3_stmt *info =
            schema_ask(judge, "SELECT name FROM pragma_index_info(?)", schema_text_of(list, 0));

        is_unique = true;
        while (sqlite3_step(info) == SQLITE_ROW) {
            is_unique &= is_map_column(reference, schema_text_of(info, 0), true);
        }
        sqlite3_finalize(info);
    }
    sqlite3_finalize(list);
    if (!is_unique) {
        report(&judge->generator->diagnostics, reference->at,
               "the keys of a parent's rows in `%s` are not unique", reference->table);
        report_note(&judge->generator->diagnostics,
                    "add UNIQUE (%s, ...) with the key to the table", reference->column);
    }
}

/* What no member fills must do without. */
static void check_map_rest(const struct judge *judge, const struct reference *reference)
{
    sqlite3_stmt *stmt = schema_ask(judge,
                                    "SELECT name FROM pragma_table_info(?) "
                                    "WHERE \"notnull\" = 1 AND dflt_value IS NULL AND pk = 0",
                                    reference->table);

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        if (!is_map_column(reference, schema_text_of(stmt, 0), false)) {
            report(&judge->generator->diagnostics, reference->at,
                   "nothing fills `%s.%s`, which is NOT NULL", reference->table,
                   schema_text_of(stmt, 0));
        }
    }
    sqlite3_finalize(stmt);
}

static void check_reference(const struct judge *judge, const struct reference *reference)
{
    struct diagnostics *diagnostics = &judge->generator->diagnostics;
    struct column column;

    if (!schema_has_table(judge, reference->table)) {
        report(diagnostics, reference->at, "there is no table `%s`", reference->table);
        report_note(diagnostics, "it has the columns %s, %s", reference->column,
                    reference->items == NULL ? "key and value" : "and the members of the struct");
        return;
    }
    if (!schema_find_column(judge, reference->table, reference->column, &column) ||
        !column.is_not_null || sqlite3_stricmp(column.type, "INTEGER") != 0) {
        report(diagnostics, reference->at, "table `%s` has no column `%s %s NOT NULL`",
               reference->table, reference->column, "INTEGER");
    }
    if (reference->items == NULL) {
        check_map_columns(judge, reference);
    } else {
        for (size_t i = 0; i < reference->items->n_json; i++) {
            check_column(judge, reference->items->json[i], reference->table,
                         member_column(reference->items->json[i]));
        }
    }
    if (!cascades(judge, reference)) {
        report(diagnostics, reference->at, "rows of `%s` don't go with their parent",
               reference->table);
        report_note(diagnostics, "add FOREIGN KEY (%s) REFERENCES %s (id) ON DELETE CASCADE",
                    reference->column, judge->entity->table);
    }
    check_foreign_keys(judge, reference->table, reference->at);
    check_map_key(judge, reference);
    check_map_rest(judge, reference);
}

/* The two ids of an association are those of rows that are there. */
static void check_association(const struct judge *judge)
{
    const struct entity *entity = judge->entity;

    for (size_t i = 0; i < entity->n_keys; i++) {
        sqlite3_stmt *stmt =
            schema_ask(judge, "SELECT \"from\" FROM pragma_foreign_key_list(?)", entity->table);
        bool found = false;

        while (!found && sqlite3_step(stmt) == SQLITE_ROW) {
            found = sqlite3_stricmp(schema_text_of(stmt, 0), member_column(entity->keys[i])) == 0;
        }
        sqlite3_finalize(stmt);
        if (!found) {
            report(&judge->generator->diagnostics, entity->keys[i]->at,
                   "`%s.%s` is not a foreign key", entity->table, member_column(entity->keys[i]));
            report_note(&judge->generator->diagnostics,
                        "without an `id` a table associates rows of two others");
        }
    }
}

void judge_table(struct generator *generator, struct sqlite3 *db, const struct entity *entity)
{
    const struct judge judge = {.generator = generator, .db = db, .entity = entity};

    if (!schema_has_table(&judge, entity->table)) {
        report(&generator->diagnostics, entity->at, "there is no table `%s`", entity->table);
        report_note(&generator->diagnostics, "name it by `table=` on the entity's first directive");
        return;
    }
    for (size_t i = 0; i < entity->n_columns; i++) {
        const struct member *member = entity->columns[i];

        check_column(&judge, member,
                     member->join.table == NULL ? entity->table : member->join.table,
                     member_column(member));
        if (member->join.table != NULL) {
            judge_join(&judge, member);
        }
    }
    if (entity_is_association(entity)) {
        check_association(&judge);
    } else {
        check_id(&judge);
    }
    judge_key(&judge);
    check_foreign_keys(&judge, entity->table, entity->at);
    for (size_t i = 0; i < entity->n_statements; i++) {
        if (entity->statements[i].kind == STATEMENT_CREATE ||
            entity->statements[i].kind == STATEMENT_CREATE_OR_REPLACE) {
            check_create(&judge, &entity->statements[i]);
        }
    }
    for (size_t i = 0; i < entity->n_references; i++) {
        check_reference(&judge, &entity->references[i]);
    }
}
