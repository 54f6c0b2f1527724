#include "config.h"

#include "ctl/ctl.h"

#include "base/buffer.h"
#include "ctl/args.h"
#include "ctl/text.h"

#include <errno.h>
#include <stdarg.h>
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

static enum ctl_exit exit_of(enum lbstate_code code)
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

/* What to do next, "" if the message says it. */
static const char *hint(enum lbstate_code code, const char *socket)
{
    switch (code) {
    case LBSTATE_UNREACHABLE:
        if (access(socket, R_OK | W_OK) != 0 && errno == EACCES) {
            return ". Your user may not use that socket: run lbctl as root or as a member of the "
                   "socket's group";
        }
        return ". Is it running? Start it with `systemctl start lbstated`, or name its socket "
               "with --socket";
    case LBSTATE_TIMEOUT:
        return ". Try again, or wait longer with --timeout";
    case LBSTATE_UNKNOWN_OUTCOME:
        return ". Look at the record before you repeat the command";
    default:
        return "";
    }
}

static void print_error(const struct ctl *ctl, const struct lbstate_error *error)
{
    struct buffer line = {0};

    text_escape(&line, error->message, strlen(error->message));
    fprintf(ctl->err, "Error: %s%s\n", buffer_string(&line) != NULL ? line.data : "Out of memory",
            ctl->client != NULL ? hint(error->code, lbstate_socket(ctl->client)) : "");
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

static int run(struct ctl *ctl, const struct arguments *arguments, struct lbstate_error *error)
{
    struct lbstate_options options = {
        .project = arguments->values[OPTION_PROJECT],
        .user_agent = "lbctl/" PACKAGE_VERSION,
        .timeout_ms = arguments->timeout_ms,
        .connections =
            arguments->connections != 0 ? arguments->connections : CTL_CONNECTIONS_DEFAULT,
    };
    int rv;

    if (arguments->values[OPTION_HELP] != NULL) {
        verb_help(ctl->out, arguments->verbs, arguments->n_verbs);
        return check_output(ctl, error);
    }
    if (arguments->verb->verbs != NULL) {
        verb_help(ctl->err, arguments->verbs, arguments->n_verbs);
        return ctl_fail(error, LBSTATE_INVALID, "A command is missing");
    }
    rv = lbstate_open(arguments->values[OPTION_SOCKET], &options, &ctl->client, error);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = arguments->verb->run(ctl, error);
    if (rv == LBSTATE_OK) {
        rv = check_output(ctl, error);
    }
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
        print_error(&ctl, &error);
    }
    lbstate_close(ctl.client);
    return exit_of((enum lbstate_code)rv);
}
