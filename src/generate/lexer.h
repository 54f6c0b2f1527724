/* lexer.h - splits a C header into what the generator looks at.
 *
 * Line comments are tokens, because directives and tags stand in them. Block
 * comments and preprocessor lines are skipped. */
#ifndef LBSTATE_GENERATE_LEXER_H
#define LBSTATE_GENERATE_LEXER_H

#include "generate/model.h"

enum token_kind {
    TOKEN_NAME,    /* Identifiers and key words. */
    TOKEN_MARK,    /* One character of punctuation. */
    TOKEN_LITERAL, /* A number, a string or a character. */
    TOKEN_COMMENT, /* A line comment; text is what follows its two slashes. */
    TOKEN_END,     /* The last one of every source. */
};

struct token {
    enum token_kind kind;
    struct location at;
    const char *text;
};

/* Fills source->tokens; reports what is not C. */
void lexer_run(struct generator *generator, struct source *source);

/* True for the name or mark TEXT. */
bool token_is(const struct token *token, const char *text);

#endif
