#include "base/buffer.h"
#include "ctl/verbs.h"

#include <stdbool.h>
#include <string.h>

/* Where the second column starts. */
#define LEFT_SIZE 26

static void print_row(FILE *out, const char *left, const char *text)
{
    const char *line = text;

    fprintf(out, "  %-*s", LEFT_SIZE - 2, left);
    for (;;) {
        size_t size = strcspn(line, "\n");

        fprintf(out, "%.*s\n", (int)size, line);
        if (line[size] == '\0') {
            return;
        }
        line += size + 1;
        fprintf(out, "%*s", LEFT_SIZE, "");
    }
}

static void print_options(FILE *out, unsigned options, unsigned taken)
{
    for (unsigned i = 0; i < OPTION_MAX; i++) {
        const struct option_info *info = &option_table[i];
        char letter[5] = "    ";
        char left[64];
        bool shadowed = false;

        if ((options & 1U << i) == 0) {
            continue;
        }
        for (unsigned j = 0; j < OPTION_MAX; j++) {
            shadowed =
                shadowed || ((taken & 1U << j) != 0 && option_table[j].letter == info->letter);
        }
        if (info->letter != '\0' && !shadowed) {
            snprintf(letter, sizeof letter, "-%c, ", info->letter);
        }
        snprintf(left, sizeof left, "%s--%s%s%s", letter, info->name,
                 info->value != NULL ? " " : "", info->value != NULL ? info->value : "");
        print_row(out, left, info->help);
    }
}

static void print_verbs(FILE *out, const struct verb *verbs)
{
    for (const struct verb *verb = verbs; verb->name != NULL; verb++) {
        struct buffer left = {0};

        buffer_append_string(&left, verb->name);
        buffer_append_string(&left, verb->alias != NULL ? ", " : "");
        for (const char *p = verb->alias; p != NULL && *p != '\0'; p++) {
            buffer_append_char(&left, *p);
            buffer_append_string(&left, *p == ',' ? " " : "");
        }
        print_row(out, buffer_string(&left) != NULL ? left.data : verb->name, verb->summary);
        buffer_close(&left);
    }
}

void verb_help(FILE *out, const struct verb *const *verbs, size_t n_verbs)
{
    const struct verb *verb = verbs[n_verbs - 1];
    char path[128];

    verb_path(verbs, n_verbs, path, sizeof path);
    fprintf(out, "%s.\n\n", verb->summary);
    if (verb->verbs != NULL) {
        fprintf(out, "Usage: %s [OPTIONS] COMMAND ...\n\nCommands:\n", path);
        print_verbs(out, verb->verbs);
    } else {
        fprintf(out, "Usage: %s%s%s [OPTIONS]\n", path, verb->words[0] != '\0' ? " " : "",
                verb->words);
    }
    if (verb->options != 0) {
        fprintf(out, "\nOptions:\n");
        print_options(out, verb->options, 0);
    }
    fprintf(out, "\nOptions of every command:\n");
    print_options(out, OPTIONS_EVERYWHERE, verb->options);
    if (verb->notes != NULL) {
        fprintf(out, "\n%s\n", verb->notes);
    }
    if (verb->verbs != NULL) {
        fprintf(out, "\n`%s COMMAND --help` says more about a command.\n", path);
    }
}
