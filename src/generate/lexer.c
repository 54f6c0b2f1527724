#include "generate/lexer.h"

#include "generate/memory.h"

#include <string.h>

struct lexer {
    struct generator *generator;
    struct source *source;
    const char *next;
    const char *end;
    unsigned line;
    const char *line_start;
};

/* The <ctype.h> of these depends on the locale; C's source characters don't. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct location here(const struct lexer *lexer)
{
    return (struct location){
        .file = lexer->source->path,
        .file_index = lexer->source->index,
        .line = lexer->line,
        .column = (unsigned)(lexer->next - lexer->line_start) + 1,
    };
}

static bool starts_with(const struct lexer *lexer, const char *text)
{
    size_t size = strlen(text);

    return (size_t)(lexer->end - lexer->next) >= size && memcmp(lexer->next, text, size) == 0;
}

static void step(struct lexer *lexer)
{
    if (*lexer->next == '\n') {
        lexer->line++;
        lexer->line_start = lexer->next + 1;
    }
    lexer->next++;
}

static void add(struct lexer *lexer, enum token_kind kind, struct location at, const char *text,
                size_t size)
{
    struct token *token =
        MEMORY_APPEND(&lexer->generator->arena, lexer->source->tokens, lexer->source->n_tokens);

    token->kind = kind;
    token->at = at;
    token->text = memory_copy(&lexer->generator->arena, text, size);
}

static void read_line_comment(struct lexer *lexer)
{
    struct location at = here(lexer);
    const char *text;
    const char *end;

    lexer->next += 2;
    text = lexer->next;
    while (lexer->next < lexer->end && *lexer->next != '\n') {
        lexer->next++;
    }
    end = lexer->next;
    if (end > text && end[-1] == '\r') {
        end--;
    }
    add(lexer, TOKEN_COMMENT, at, text, (size_t)(end - text));
}

static void skip_block_comment(struct lexer *lexer)
{
    struct location at = here(lexer);

    lexer->next += 2;
    while (lexer->next < lexer->end && !starts_with(lexer, "*/")) {
        step(lexer);
    }
    if (lexer->next == lexer->end) {
        report(&lexer->generator->diagnostics, at, "this comment doesn't end");
        return;
    }
    lexer->next += 2;
}

static void skip_preprocessor_line(struct lexer *lexer)
{
    while (lexer->next < lexer->end && *lexer->next != '\n') {
        if (starts_with(lexer, "\\\n")) {
            lexer->next++;
        } else if (starts_with(lexer, "/*")) {
            skip_block_comment(lexer);
            continue;
        }
        step(lexer);
    }
}

static void read_quoted(struct lexer *lexer)
{
    struct location at = here(lexer);
    const char *text = lexer->next;
    char quote = *lexer->next;

    lexer->next++;
    while (lexer->next < lexer->end && *lexer->next != quote && *lexer->next != '\n') {
        if (*lexer->next == '\\' && lexer->next + 1 < lexer->end) {
            step(lexer);
        }
        step(lexer);
    }
    if (lexer->next == lexer->end || *lexer->next != quote) {
        report(&lexer->generator->diagnostics, at, "this literal doesn't end");
        return;
    }
    lexer->next++;
    add(lexer, TOKEN_LITERAL, at, text, (size_t)(lexer->next - text));
}

static void read_word(struct lexer *lexer)
{
    struct location at = here(lexer);
    const char *text = lexer->next;

    while (lexer->next < lexer->end && (is_letter(*lexer->next) || is_digit(*lexer->next))) {
        lexer->next++;
    }
    add(lexer, is_digit(*text) ? TOKEN_LITERAL : TOKEN_NAME, at, text,
        (size_t)(lexer->next - text));
}

static bool is_first_of_line(const struct lexer *lexer)
{
    for (const char *c = lexer->line_start; c < lexer->next; c++) {
        if (*c != ' ' && *c != '\t') {
            return false;
        }
    }
    return true;
}

void lexer_run(struct generator *generator, struct source *source)
{
    struct lexer lexer = {
        .generator = generator,
        .source = source,
        .next = source->text,
        .end = source->text + source->size,
        .line = 1,
        .line_start = source->text,
    };

    while (lexer.next < lexer.end) {
        char c = *lexer.next;

        if (starts_with(&lexer, "//")) {
            read_line_comment(&lexer);
        } else if (starts_with(&lexer, "/*")) {
            skip_block_comment(&lexer);
        } else if (c == '#' && is_first_of_line(&lexer)) {
            skip_preprocessor_line(&lexer);
        } else if (c == '"' || c == '\'') {
            read_quoted(&lexer);
        } else if (is_letter(c) || is_digit(c)) {
            read_word(&lexer);
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
            step(&lexer);
        } else {
            add(&lexer, TOKEN_MARK, here(&lexer), &c, 1);
            step(&lexer);
        }
    }
    add(&lexer, TOKEN_END, here(&lexer), "", 0);
}

bool token_is(const struct token *token, const char *text)
{
    return (token->kind == TOKEN_NAME || token->kind == TOKEN_MARK) &&
           strcmp(token->text, text) == 0;
}
