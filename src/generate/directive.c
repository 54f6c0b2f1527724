#include "generate/directive.h"

#include "generate/lexer.h"
#include "generate/memory.h"
#include "generate/naming.h"

#include <string.h>

#define PREFIX        "generate-database:"
#define MAPPER_PREFIX PREFIX "mapper"

/* The words of one line that were not looked at yet. */
struct words {
    struct word *items;
    size_t n_items;
    size_t next;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_directive(const struct token *token)
{
    const char *text = token->text;

    if (token->kind != TOKEN_COMMENT) {
        return false;
    }
    while (is_blank(*text)) {
        text++;
    }
    return strncmp(text, PREFIX, strlen(PREFIX)) == 0;
}

/* Words are separated by blanks; what stands in double quotes isn't split, and
 * the quotes are dropped. */
static bool split(struct generator *generator, const struct token *token, struct words *words)
{
    const char *start = token->text + strlen(MAPPER_PREFIX);
    const char *c = start;

    while (*c != '\0') {
        struct buffer text = {0};
        struct location at = token->at;
        struct word *word;
        bool quoted = false;

        if (is_blank(*c)) {
            c++;
            continue;
        }
        at.column += (unsigned)(2 + (c - token->text));
        while (*c != '\0' && (quoted || !is_blank(*c))) {
            if (*c == '"') {
                quoted = !quoted;
            } else {
                buffer_append_char(&text, *c);
            }
            c++;
        }
        word = MEMORY_APPEND(&generator->arena, words->items, words->n_items);
        word->at = at;
        word->text = memory_from_buffer(&generator->arena, &text);
        if (quoted) {
            report(&generator->diagnostics, at, "a quote doesn't end");
            return false;
        }
    }
    return true;
}

static const struct word *next_word(struct words *words)
{
    return words->next < words->n_items ? &words->items[words->next++] : NULL;
}

/* `-e ENTITY`. */
static bool read_entity(struct generator *generator, struct words *words,
                        struct directive *directive)
{
    const struct word *option = next_word(words);
    const struct word *name = option == NULL ? NULL : next_word(words);

    if (option == NULL || strcmp(option->text, "-e") != 0 || name == NULL) {
        report(&generator->diagnostics, option == NULL ? directive->at : option->at,
               "an entity is missing");
        report_note(&generator->diagnostics, "write `-e ENTITY` behind the command");
        return false;
    }
    if (!naming_is_snake(name->text)) {
        report(&generator->diagnostics, name->at, "`%s` is not the name of an entity", name->text);
        report_note(&generator->diagnostics, "it is the name of its struct, such as `network`");
        return false;
    }
    directive->entity = *name;
    return true;
}

static void read_parameter(struct generator *generator, const struct word *word,
                           struct directive *directive)
{
    const char *equals = strchr(word->text, '=');
    struct parameter parameter = {.at = word->at};

    if (equals == word->text || equals[1] == '\0' || strchr(equals + 1, '=') != NULL) {
        report(&generator->diagnostics, word->at, "malformed parameter `%s`", word->text);
        report_note(&generator->diagnostics, "write it as name=value");
        return;
    }
    parameter.name = memory_copy(&generator->arena, word->text, (size_t)(equals - word->text));
    parameter.value = equals + 1;
    for (size_t i = 0; i < directive->n_parameters; i++) {
        if (strcmp(directive->parameters[i].name, parameter.name) == 0) {
            report(&generator->diagnostics, word->at, "duplicate parameter `%s`", parameter.name);
            return;
        }
    }
    *MEMORY_APPEND(&generator->arena, directive->parameters, directive->n_parameters) = parameter;
}

static void read_target(struct generator *generator, struct source *source, struct words *words,
                        const struct directive *directive)
{
    static const char marks[] = "abcdefghijklmnopqrstuvwxyz0123456789_-.";
    const struct word *name = next_word(words);
    const struct word *rest = next_word(words);

    if (name == NULL) {
        report(&generator->diagnostics, directive->at, "a target's name is missing");
        report_note(&generator->diagnostics, "write `target FILE`, without .c and .h");
    } else if (rest != NULL) {
        report(&generator->diagnostics, rest->at, "a target has one name, found `%s`", rest->text);
    } else if (name->text[strspn(name->text, marks)] != '\0' || name->text[0] == '.') {
        report(&generator->diagnostics, name->at, "`%s` is not the name of a file", name->text);
        report_note(&generator->diagnostics,
                    "it has small letters, digits, _, - and dots; where it goes is said by "
                    "--output-dir");
        source->target = *name;
    } else if (source->target.text != NULL) {
        report(&generator->diagnostics, directive->at, "duplicate target");
        report_note(&generator->diagnostics, "the first one is in line %u", source->target.at.line);
    } else {
        source->target = *name;
    }
}

static bool find_command(const char *text, enum command *ret_command)
{
    static const char *const names[] = {
        [COMMAND_TARGET] = "target",
        [COMMAND_STMT] = "stmt",
        [COMMAND_METHOD] = "method",
        [COMMAND_JSON] = "json",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) == 0) {
            *ret_command = (enum command)i;
            return true;
        }
    }
    return false;
}

static void check_words(struct generator *generator, const struct directive *directive)
{
    if (directive->n_words == 0) {
        report(&generator->diagnostics, directive->at, "%s is missing",
               directive->command == COMMAND_JSON ? "the list of members" : "the kind");
        report_note(&generator->diagnostics,
                    directive->command == COMMAND_STMT     ? "such as `objects` or `create`"
                    : directive->command == COMMAND_METHOD ? "such as `GetMany` or `Create`"
                                                           : "name them in the order of the JSON "
                                                             "object");
    } else if (directive->command != COMMAND_JSON && directive->n_words > 1) {
        report(&generator->diagnostics, directive->words[1].at, "unexpected word `%s`",
               directive->words[1].text);
        report_note(&generator->diagnostics, "parameters are written as name=value");
    }
}

static void read_directive(struct generator *generator, struct source *source,
                           const struct token *token)
{
    struct diagnostics *diagnostics = &generator->diagnostics;
    struct directive directive = {.at = token->at};
    struct words words = {0};
    const struct word *word;

    if (token->at.column != 1 || strncmp(token->text, MAPPER_PREFIX, strlen(MAPPER_PREFIX)) != 0 ||
        (token->text[strlen(MAPPER_PREFIX)] != ' ' && token->text[strlen(MAPPER_PREFIX)] != '\0')) {
        report(diagnostics, token->at, "malformed directive");
        report_note(diagnostics, "the line must begin exactly with `//generate-database:mapper `");
        return;
    }
    if (!split(generator, token, &words)) {
        return;
    }
    word = next_word(&words);
    if (word == NULL) {
        report(diagnostics, token->at, "a command is missing");
        report_note(diagnostics, "the commands are: target, stmt, method, json");
        return;
    }
    if (!find_command(word->text, &directive.command)) {
        report(diagnostics, word->at, "unknown command `%s`", word->text);
        report_note(diagnostics, "the commands are: target, stmt, method, json");
        return;
    }
    if (directive.command == COMMAND_TARGET) {
        read_target(generator, source, &words, &directive);
        return;
    }
    if (!read_entity(generator, &words, &directive)) {
        return;
    }
    while ((word = next_word(&words)) != NULL) {
        if (strchr(word->text, '=') != NULL) {
            read_parameter(generator, word, &directive);
        } else {
            *MEMORY_APPEND(&generator->arena, directive.words, directive.n_words) = *word;
        }
    }
    check_words(generator, &directive);
    *MEMORY_APPEND(&generator->arena, source->directives, source->n_directives) = directive;
}

void directive_read_all(struct generator *generator, struct source *source)
{
    for (size_t i = 0; i < source->n_tokens; i++) {
        if (is_directive(&source->tokens[i])) {
            read_directive(generator, source, &source->tokens[i]);
        }
    }
    if (source->target.text == NULL && source->n_directives > 0) {
        report(&generator->diagnostics, source->directives[0].at, "the target is missing");
        report_note(&generator->diagnostics,
                    "write `//generate-database:mapper target FILE` first");
    }
}
