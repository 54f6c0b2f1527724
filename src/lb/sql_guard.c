#include "lb/sql_guard.h"

#include "lb/sql_lexer.h"
#include "lb/text.h"

#include <stdio.h>
#include <string.h>

#define REASON_PRAGMA      "it changes or stops the engine of this member"
#define REASON_TRANSACTION "lbstate begins and ends the transactions itself"
#define REASON_STORE       "the store keeps its revision, its request ids and its version there"
#define REASON_TEMPORARY   "temporary objects are not replicated"
#define REASON_TYPE                                                                                \
    "the engine stops when a column of that type holds something else; use INTEGER or TEXT, or "   \
    "quote it if it is a name"

/* What a statement may begin with. A word that isn't here is refused even if SQLite
 * knows none of that name: what the guard doesn't understand it doesn't let through. */
static const struct {
    const char *word;
    const char *reason; /* NULL: it is allowed. */
} statements[] = {
    {"SELECT", NULL},
    {"VALUES", NULL},
    {"WITH", NULL},
    {"INSERT", NULL},
    {"REPLACE", NULL},
    {"UPDATE", NULL},
    {"DELETE", NULL},
    {"CREATE", NULL},
    {"ALTER", NULL},
    {"DROP", NULL},
    {"ANALYZE", NULL},
    {"REINDEX", NULL},
    {"EXPLAIN", NULL},
    {"PRAGMA", REASON_PRAGMA},
    {"VACUUM", "it rewrites the database behind the engine's back"},
    {"ATTACH", "only the replicated database can be used"},
    {"DETACH", "only the replicated database can be used"},
    {"BEGIN", REASON_TRANSACTION},
    {"COMMIT", REASON_TRANSACTION},
    {"END", REASON_TRANSACTION},
    {"ROLLBACK", REASON_TRANSACTION},
    {"SAVEPOINT", REASON_TRANSACTION},
    {"RELEASE", REASON_TRANSACTION},
};

/* How far the head of a statement has been read, as far as it matters. */
enum head {
    HEAD_START,   /* Nothing yet. */
    HEAD_EXPLAIN, /* EXPLAIN [QUERY PLAN]. */
    HEAD_CREATE,  /* CREATE [TEMP]. */
    HEAD_TRIGGER, /* CREATE TRIGGER, up to BEGIN. */
    HEAD_BODY,    /* The statements of a trigger. */
    HEAD_WITH,    /* WITH, up to the statement that follows its tables. */
    HEAD_TABLE,   /* CREATE TABLE or ALTER TABLE, where types of columns stand. */
    HEAD_DONE,    /* Any other. */
};

struct guard {
    struct error *error;
    size_t number; /* Of the statement, from 1. */
    enum head head;
    unsigned depth; /* Of parentheses. */
    bool is_create;
    bool returns_rows;
    bool names_store_table;
    /* The tokens before this one; of type SQL_END at the start. */
    struct sql_token last[2]; /* The newest first. */
};

static int refuse(struct guard *guard, const char *what, const char *reason)
{
    return error_set(guard->error, ERROR_INVALID, "Statement %zu: %s is refused: %s", guard->number,
                     what, reason);
}

static int refuse_unknown(struct guard *guard, const struct sql_token *token)
{
    char word[32];

    snprintf(word, sizeof word, "%.*s", (int)(token->size < 32 ? token->size : 32), token->text);
    return error_set(guard->error, ERROR_INVALID,
                     "Statement %zu: no statement here can begin with %s", guard->number,
                     TEXT_QUOTED(word));
}

static int check_statement_word(struct guard *guard, const struct sql_token *token)
{
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        if (sql_token_is(token, statements[i].word)) {
            return statements[i].reason == NULL
                       ? ERROR_NONE
                       : refuse(guard, statements[i].word, statements[i].reason);
        }
    }
    return refuse_unknown(guard, token);
}

/* The word that says what a statement is, EXPLAIN and WITH aside. */
static int begin_statement(struct guard *guard, const struct sql_token *token)
{
    int rv = check_statement_word(guard, token);

    guard->head = HEAD_DONE;
    if (sql_token_is(token, "SELECT") || sql_token_is(token, "VALUES")) {
        guard->returns_rows = true;
    } else if (sql_token_is(token, "EXPLAIN")) {
        guard->head = HEAD_EXPLAIN;
        guard->returns_rows = true;
    } else if (sql_token_is(token, "WITH")) {
        guard->head = HEAD_WITH;
    } else if (sql_token_is(token, "CREATE")) {
        guard->head = HEAD_CREATE;
        guard->is_create = true;
    } else if (sql_token_is(token, "ALTER")) {
        guard->head = HEAD_TABLE;
    }
    return rv;
}

/* The statements of a trigger can only be these; so nothing that is refused can
 * hide behind what only looks like the beginning of a trigger. */
static int check_trigger_statement(struct guard *guard, const struct sql_token *token)
{
    static const char *const allowed[] = {"INSERT", "REPLACE", "UPDATE", "DELETE",
                                          "SELECT", "VALUES",  "WITH",   "END"};

    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        if (sql_token_is(token, allowed[i])) {
            return ERROR_NONE;
        }
    }
    return refuse_unknown(guard, token);
}

static int advance_head(struct guard *guard, const struct sql_token *token)
{
    switch (guard->head) {
    case HEAD_START:
        return begin_statement(guard, token);
    case HEAD_EXPLAIN:
        if (!sql_token_is(token, "QUERY") && !sql_token_is(token, "PLAN")) {
            return begin_statement(guard, token);
        }
        break;
    case HEAD_CREATE:
        if (sql_token_is(token, "TEMP") || sql_token_is(token, "TEMPORARY")) {
            return refuse(guard, "CREATE TEMP", REASON_TEMPORARY);
        }
        guard->head = sql_token_is(token, "TRIGGER") ? HEAD_TRIGGER
                      : sql_token_is(token, "TABLE") ? HEAD_TABLE
                                                     : HEAD_DONE;
        break;
    case HEAD_TRIGGER:
        if (sql_token_is(token, "BEGIN")) {
            guard->head = HEAD_BODY;
        }
        break;
    case HEAD_BODY:
        if (guard->last[0].type == SQL_SEMICOLON || sql_token_is(&guard->last[0], "BEGIN")) {
            return check_trigger_statement(guard, token);
        }
        break;
    case HEAD_WITH:
        /* name [(columns)] AS [[NOT] MATERIALIZED] (SELECT ...), ...: the statement
         * is the first word after a parenthesis that isn't AS. */
        if (guard->depth == 0 && guard->last[0].type == SQL_RIGHT && token->type == SQL_WORD &&
            !sql_token_is(token, "AS")) {
            return begin_statement(guard, token);
        }
        break;
    case HEAD_TABLE:
    case HEAD_DONE:
        break;
    }
    return ERROR_NONE;
}

/* Types that the engine's protocol gives a meaning of their own: a row whose value
 * doesn't fit it ends the process. */
static bool is_fatal_type(const struct sql_token *token)
{
    return sql_token_is_name(token, "BOOLEAN") || sql_token_is_name(token, "DATETIME") ||
           sql_token_is_name(token, "DATE") || sql_token_is_name(token, "TIMESTAMP");
}

/* A bare word of that kind is refused wherever it stands; a quoted one only where
 * the type of a column stands: after a name that begins the definition of one. */
static bool is_column_type(const struct guard *guard, const struct sql_token *token)
{
    const struct sql_token *name = &guard->last[0];
    const struct sql_token *before = &guard->last[1];

    if (!is_fatal_type(token)) {
        return false;
    }
    if (token->type == SQL_WORD) {
        return true;
    }
    if ((name->type != SQL_WORD && name->type != SQL_QUOTED) ||
        (sql_token_is(before, "ADD") && sql_token_is(name, "COLUMN"))) {
        return false;
    }
    return before->type == SQL_LEFT || before->type == SQL_COMMA || sql_token_is(before, "ADD") ||
           sql_token_is(before, "COLUMN");
}

/* The tables that are the store's own: their names, also in single quotes, which
 * SQLite takes for a name where it wants one. */
static bool is_store_table(const struct sql_token *token)
{
    return sql_token_is_name(token, "store_revision") ||
           sql_token_is_name(token, "store_requests") ||
           sql_token_is_name(token, "store_tombstones") || sql_token_is_name(token, "schema");
}

/* What is refused wherever it stands. */
static int check_anywhere(struct guard *guard, const struct sql_token *token)
{
    if (sql_token_is(token, "RETURNING")) {
        return refuse(guard, "RETURNING",
                      "the engine can't replicate it; SELECT afterwards instead, or quote it if it "
                      "is a name");
    }
    if (sql_token_has_prefix(token, "pragma_")) {
        return refuse(guard, "a table-valued PRAGMA", REASON_PRAGMA);
    }
    if (token->type == SQL_LEFT && sql_token_is_name(&guard->last[0], "load_extension")) {
        return refuse(guard, "load_extension()", "it loads code into the engine");
    }
    if (guard->is_create && token->type == SQL_DOT && sql_token_is_name(&guard->last[0], "temp")) {
        return refuse(guard, "CREATE in the schema temp", REASON_TEMPORARY);
    }
    if (guard->head == HEAD_TABLE && is_column_type(guard, token)) {
        char type[16];

        /* As long as any of these types, and its quotes. */
        memcpy(type, token->text, token->size);
        type[token->size] = '\0';
        return refuse(guard, type, REASON_TYPE);
    }
    return ERROR_NONE;
}

/* In a trigger a semicolon ends the statement only behind the END that follows the
 * semicolon of the last statement in it (CASE ... END never follows one). */
static bool ends_statement(const struct guard *guard, const struct sql_token *token)
{
    if (token->type == SQL_END) {
        return true;
    }
    if (token->type != SQL_SEMICOLON) {
        return false;
    }
    return guard->head != HEAD_BODY ||
           (sql_token_is(&guard->last[0], "END") && guard->last[1].type == SQL_SEMICOLON);
}

/* Reads one statement and what ends it; RET_END is where its last token ends (the
 * start if it has none). */
static int read_statement(struct guard *guard, const char **p, const char **ret_start,
                          const char **ret_end, bool *ret_last)
{
    struct sql_token token;
    int rv = ERROR_NONE;

    *ret_start = *p;
    *ret_end = *p;
    for (;;) {
        token = sql_next_token(p);
        if (ends_statement(guard, &token)) {
            break;
        }
        if (guard->last[0].type == SQL_END) {
            *ret_start = token.text;
        }
        *ret_end = token.text + token.size;
        if (token.type == SQL_UNTERMINATED) {
            return error_set(guard->error, ERROR_INVALID,
                             "Statement %zu: the quotation that begins with %c doesn't end",
                             guard->number, *token.text);
        }
        rv = advance_head(guard, &token);
        if (rv == ERROR_NONE) {
            rv = check_anywhere(guard, &token);
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
        guard->names_store_table = guard->names_store_table || is_store_table(&token);
        if (token.type == SQL_LEFT) {
            guard->depth++;
        } else if (token.type == SQL_RIGHT && guard->depth > 0) {
            guard->depth--;
        }
        guard->last[1] = guard->last[0];
        guard->last[0] = token;
    }
    *ret_last = token.type == SQL_END;
    if (guard->names_store_table && !guard->returns_rows) {
        return refuse(guard, "a change of a table of the store", REASON_STORE);
    }
    return rv;
}

int sql_guard(const char *text, struct arena *arena, struct sql_script *ret_script,
              struct error *error)
{
    struct sql_statement *found;
    const char *p = text;
    size_t n = 0;
    bool last = false;

    if (strnlen(text, SQL_TEXT_SIZE_MAX + 1) > SQL_TEXT_SIZE_MAX) {
        return error_set(error, ERROR_INVALID, "The SQL is longer than %d bytes",
                         SQL_TEXT_SIZE_MAX);
    }
    found = arena_calloc(arena, SQL_STATEMENTS_MAX, sizeof *found);
    if (found == NULL) {
        return error_no_memory(error);
    }
    while (!last) {
        struct guard guard = {.error = error, .number = n + 1};
        const char *start;
        const char *end;
        int rv = read_statement(&guard, &p, &start, &end, &last);

        if (rv != ERROR_NONE) {
            return rv;
        }
        if (start == end) {
            continue; /* Nothing but comments. */
        }
        if (n == SQL_STATEMENTS_MAX) {
            return error_set(error, ERROR_INVALID, "More than %d statements", SQL_STATEMENTS_MAX);
        }
        found[n].text = arena_memdup(arena, start, (size_t)(end - start));
        if (found[n].text == NULL) {
            return error_no_memory(error);
        }
        found[n].returns_rows = guard.returns_rows;
        n++;
    }
    *ret_script = (struct sql_script){.statements = found, .n_statements = n};
    return ERROR_NONE;
}
