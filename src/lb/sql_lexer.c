#include "lb/sql_lexer.h"

#include <string.h>
#include <strings.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_word(char c)
{
    return is_word_start(c) || is_digit(c) || c == '$';
}

static const char *skip_blanks(const char *p)
{
    for (;;) {
        p += strspn(p, " \t\n\v\f\r");
        if (strncmp(p, BYTE_ORDER_MARK, 3) == 0) {
            p += 3; /* SQLite takes one for white space wherever a token can begin. */
        } else if (p[0] == '-' && p[1] == '-') {
            p += strcspn(p, "\n");
        } else if (p[0] == '/' && p[1] == '*') {
            const char *end = p[2] == '\0' ? NULL : strstr(p + 2, "*/");

            /* A comment may end with the text. */
            p = end == NULL ? p + strlen(p) : end + 2;
        } else {
            return p;
        }
    }
}

/* Returns what follows the closing quote, NULL if there is none. */
static const char *skip_quoted(const char *p)
{
    char quote = *p == '[' ? ']' : *p;

    for (p++; *p != '\0'; p++) {
        if (*p != quote) {
            continue;
        }
        if (quote == ']' || p[1] != quote) {
            return p + 1;
        }
        p++; /* A doubled quote stands for itself. */
    }
    return NULL;
}

static enum sql_token_type type_of_mark(char c)
{
    switch (c) {
    case ';':
        return SQL_SEMICOLON;
    case '(':
        return SQL_LEFT;
    case ')':
        return SQL_RIGHT;
    case ',':
        return SQL_COMMA;
    case '.':
        return SQL_DOT;
    default:
        return SQL_OTHER;
    }
}

struct sql_token sql_next_token(const char **p)
{
    const char *start = skip_blanks(*p);
    const char *end = start + 1;
    struct sql_token token = {.type = SQL_OTHER, .text = start};

    if (*start == '\0') {
        token.type = SQL_END;
        end = start;
    } else if (strchr("'\"`[", *start) != NULL) {
        token.type = SQL_QUOTED;
        end = skip_quoted(start);
        if (end == NULL) {
            token.type = SQL_UNTERMINATED;
            end = start + strlen(start);
        }
    } else if (is_word_start(*start)) {
        token.type = SQL_WORD;
        while (is_word(*end)) {
            end++;
        }
    } else if (is_digit(*start) || (strchr("?:@$#", *start) != NULL && is_word(*end))) {
        /* A number, or a parameter: neither is a word. */
        while (is_word(*end)) {
            end++;
        }
    } else {
        token.type = type_of_mark(*start);
    }
    token.size = (size_t)(end - start);
    *p = end;
    return token;
}

bool sql_token_is(const struct sql_token *token, const char *word)
{
    return token->type == SQL_WORD && token->size == strlen(word) &&
           strncasecmp(token->text, word, token->size) == 0;
}

bool sql_token_is_name(const struct sql_token *token, const char *name)
{
    if (token->type == SQL_QUOTED) {
        return token->size == strlen(name) + 2 &&
               strncasecmp(token->text + 1, name, token->size - 2) == 0;
    }
    return sql_token_is(token, name);
}

bool sql_token_has_prefix(const struct sql_token *token, const char *prefix)
{
    size_t quote = token->type == SQL_QUOTED ? 1 : 0;
    size_t size = strlen(prefix);

    return (token->type == SQL_QUOTED || token->type == SQL_WORD) && token->size >= size + quote &&
           strncasecmp(token->text + quote, prefix, size) == 0;
}
