/* sql_lexer.h - cuts SQL into tokens as SQLite does. */
#ifndef LBSTATE_LB_SQL_LEXER_H
#define LBSTATE_LB_SQL_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum sql_token_type {
    SQL_END,    /* Of the text. */
    SQL_WORD,   /* A keyword or a bare name. */
    SQL_QUOTED, /* "name", `name`, [name] or 'text': SQLite takes each for a name. */
    SQL_SEMICOLON,
    SQL_LEFT,  /* ( */
    SQL_RIGHT, /* ) */
    SQL_COMMA,
    SQL_DOT,
    SQL_OTHER,        /* Numbers, parameters, operators. */
    SQL_UNTERMINATED, /* A quotation that doesn't end. */
};

struct sql_token {
    enum sql_token_type type;
    const char *text; /* Into the SQL, with the quotes. */
    size_t size;
};

/* Reads the token that follows *P, past white space and comments, and moves *P
 * behind it. */
struct sql_token sql_next_token(const char **p);

/* Whether the token is the bare word WORD, in any case. */
bool sql_token_is(const struct sql_token *token, const char *word);

/* Whether the token, bare or quoted, is the name NAME, in any case. Doubled quotes
 * inside aren't looked at: no name that matters has one. */
bool sql_token_is_name(const struct sql_token *token, const char *name);

/* Likewise, whether the name begins with PREFIX. */
bool sql_token_has_prefix(const struct sql_token *token, const char *prefix);

#endif
