#include "config.h"

#include "ctl/ctl.h"

#include "base/buffer.h"
#include "ctl/args.h"
#include "ctl/hint.h"
#include "ctl/input_value.h"
#include "ctl/project_current.h"
#include "ctl/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_CHUNK_SIZE 65536

int ctl_fail(struct lbstate_error *error, enum lbstate_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (vsnprintf(error->message, sizeof error->message, format, args) < 0) {
        error->message[0] = '\0';
    }
    va_end(args);
    error->code = code;
    error->http_status = 0;
    return (int)code;
}

int ctl_no_memory(struct lbstate_error *error)
{
    return ctl_fail(error, LBSTATE_NO_MEMORY, "Out of memory");
}

bool ctl_is_terminal(FILE *file)
{
    int fd = fileno(file);

    return fd >= 0 && isatty(fd) == 1;
}

int ctl_read_input(struct ctl *ctl, size_t size_max, char **ret_text, size_t *ret_size,
                   struct lbstate_error *error)
{
    struct buffer text = {0};
    size_t n;

    do {
        char *to = buffer_reserve(&text, INPUT_CHUNK_SIZE);

        if (to == NULL) {
            buffer_close(&text);
            return ctl_no_memory(error);
        }
        n = fread(to, 1, INPUT_CHUNK_SIZE, ctl->in);
        text.size += n;
    } while (n == INPUT_CHUNK_SIZE && text.size <= size_max);
    if (ferror(ctl->in)) {
        buffer_close(&text);
        return ctl_fail(error, LBSTATE_INVALID, "Can't read standard input: %s", strerror(errno));
    }
    if (text.size > size_max) {
        buffer_close(&text);
        return ctl_fail(error, LBSTATE_INVALID, "Standard input has more than %zu bytes", size_max);
    }
    if (buffer_string(&text) == NULL) {
        buffer_close(&text);
        return ctl_no_memory(error);
    }
    *ret_text = buffer_detach(&text, ret_size);
    return LBSTATE_OK;
}

enum ctl_exit ctl_exit_of(enum lbstate_code code)
{
    switch (code) {
    case LBSTATE_OK:
        return CTL_EXIT_OK;
    case LBSTATE_INVALID:
        return CTL_EXIT_USAGE;
    case LBSTATE_UNREACHABLE:
        return CTL_EXIT_UNREACHABLE;
    case LBSTATE_TIMEOUT:
    case LBSTATE_UNKNOWN_OUTCOME:
        return CTL_EXIT_TIMEOUT;
    case LBSTATE_REFUSED:
    case LBSTATE_TOO_LARGE:
    case LBSTATE_PROTOCOL:
    case LBSTATE_NO_MEMORY:
        break;
    }
    return CTL_EXIT_REFUSED;
}

void ctl_print_error(const struct ctl *ctl, const char *name, const struct lbstate_error *error)
{
    struct buffer line = {0};

    if (name != NULL) {
        text_escape(&line, name, strlen(name));
        buffer_append_string(&line, ": ");
    }
    text_escape(&line, error->message, strlen(error->message));
    hint_append(&line, ctl, name, error);
    fprintf(ctl->err, "Error: %s\n", buffer_string(&line) != NULL ? line.data : "Out of memory");
    buffer_close(&line);
}

/* What was printed counts only if it got out. */
static int check_output(const struct ctl *ctl, struct lbstate_error *error)
{
    if (fflush(ctl->out) != 0 || ferror(ctl->out)) {
        return ctl_fail(error, LBSTATE_PROTOCOL, "Can't write the output: %s", strerror(errno));
    }
    return LBSTATE_OK;
}

/* Opens the client and runs the verb. PROJECT is that of --project, or NULL. */
static int run_verb(struct ctl *ctl, struct arguments *arguments, const char *project,
                    struct lbstate_error *error)
{
    struct lbstate_options options = {
        .project = project,
        .target = arguments->values[OPTION_TARGET],
        .user_agent = "lbctl/" PACKAGE_VERSION,
        .timeout_ms = arguments->timeout_ms,
        .connections =
            arguments->connections != 0 ? arguments->connections : CTL_CONNECTIONS_DEFAULT,
    };
    char *word;
    int rv = lbstate_open(arguments->values[OPTION_SOCKET], &options, &ctl->client, error);

    if (rv == LBSTATE_OK) {
        rv = input_value_take(ctl, arguments, &word, error);
    }
    if (rv == LBSTATE_OK) {
        rv = arguments->verb->run(ctl, error);
        free(word);
    }
    return rv == LBSTATE_OK ? check_output(ctl, error) : rv;
}

static bool works_in_project(const struct arguments *arguments)
{
    bool works = arguments->values[OPTION_ALL_PROJECTS] == NULL;

    for (size_t i = 0; i < arguments->n_verbs; i++) {
        works = works && !arguments->verbs[i]->no_project;
    }
    return works;
}

static int run(struct ctl *ctl, struct arguments *arguments, struct lbstate_error *error)
{
    const char *project = arguments->values[OPTION_PROJECT];
    char *current = NULL;
    int rv = LBSTATE_OK;

    if (arguments->values[OPTION_HELP] != NULL) {
        verb_help(ctl->out, arguments->verbs, arguments->n_verbs);
        return check_output(ctl, error);
    }
    if (arguments->values[OPTION_VERSION] != NULL) {
        fprintf(ctl->out, "%s\n", PACKAGE_VERSION);
        return check_output(ctl, error);
    }
    if (arguments->verb->verbs != NULL) {
        verb_help(ctl->err, arguments->verbs, arguments->n_verbs);
        return ctl_fail(error, LBSTATE_INVALID, "A command is missing");
    }
    if (project == NULL && works_in_project(arguments)) {
        rv = project_current(&current, error);
    }
    if (rv == LBSTATE_OK) {
        rv = run_verb(ctl, arguments, project != NULL ? project : current, error);
    }
    free(current);
    return rv;
}

enum ctl_exit ctl_main(int argc, char **argv, FILE *in, FILE *out, FILE *err)
{
    struct ctl ctl = {.in = in, .out = out, .err = err};
    struct arguments arguments;
    struct lbstate_error error = {0};
    int rv;

    rv = arguments_parse(argc, argv, &arguments, &error);
    if (rv == LBSTATE_OK) {
        ctl.arguments = &arguments;
        rv = run(&ctl, &arguments, &error);
    }
    if (rv != LBSTATE_OK) {
        fflush(out);
        if (!ctl.failure_told) {
            ctl_print_error(&ctl, NULL, &error);
        }
    }
    lbstate_close(ctl.client);
    return ctl_exit_of((enum lbstate_code)rv);
}
