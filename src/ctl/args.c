#include "ctl/args.h"

#include "base/utf8.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* What getopt_long() returns for a long option is this plus its enum option_id. */
#define LONG_BASE 256

/* Both forms that getopt_long() wants of the options of one verb. */
struct getopt_tables {
    struct option longs[OPTION_MAX + 1];
    char letters[2 * OPTION_MAX + 3];
    enum option_id of_letter[128];
};

static void add_option(struct getopt_tables *tables, size_t *n, size_t *size, enum option_id id)
{
    const struct option_info *info = &option_table[id];

    tables->longs[(*n)++] = (struct option){
        .name = info->name,
        .has_arg = info->value != NULL ? required_argument : no_argument,
        .val = LONG_BASE + (int)id,
    };
    if (info->letter != '\0' && strchr(tables->letters, info->letter) == NULL) {
        tables->letters[(*size)++] = info->letter;
        if (info->value != NULL) {
            tables->letters[(*size)++] = ':';
        }
        tables->of_letter[(unsigned char)info->letter] = id;
    }
}

/* The verb's own options come first, so that they win a letter. Those of a verb
 * that has others below it must stand before the next verb. */
static void make_tables(const struct verb *verb, struct getopt_tables *tables)
{
    size_t n = 0;
    size_t size = 0;

    memset(tables, 0, sizeof *tables);
    if (verb->verbs != NULL) {
        tables->letters[size++] = '+';
    }
    tables->letters[size++] = ':';
    for (unsigned i = 0; i < OPTION_MAX; i++) {
        if ((verb->options & 1U << i) != 0) {
            add_option(tables, &n, &size, (enum option_id)i);
        }
    }
    for (unsigned i = 0; i < OPTION_MAX; i++) {
        if ((OPTIONS_EVERYWHERE & ~verb->options & 1U << i) != 0) {
            add_option(tables, &n, &size, (enum option_id)i);
        }
    }
}

/* Puts "See `lbctl ... --help`." behind what is wrong. */
static int usage(const struct arguments *arguments, struct lbstate_error *error, const char *what,
                 const char *which)
{
    char path[128];

    verb_path(arguments->verbs, arguments->n_verbs, path, sizeof path);
    return ctl_fail(error, LBSTATE_INVALID, "%s%s. See `%s --help`", what, which, path);
}

static int parse_number(const struct arguments *arguments, enum option_id id, unsigned max,
                        unsigned *ret_number, struct lbstate_error *error)
{
    const char *text = arguments->values[id];
    unsigned long number = 0;
    size_t n_digits = strspn(text, "0123456789");

    if (n_digits > 0 && n_digits < 10 && text[n_digits] == '\0') {
        number = strtoul(text, NULL, 10);
    }
    if (number < 1 || number > max) {
        return ctl_fail(error, LBSTATE_INVALID,
                        "--%s must be a whole number from 1 to %u, not \"%s\"",
                        option_table[id].name, max, text);
    }
    *ret_number = (unsigned)number;
    return LBSTATE_OK;
}

/* FORMAT[,header|,noheader]. */
static int parse_format(struct arguments *arguments, const char *text, struct lbstate_error *error)
{
    static const struct {
        const char *name;
        enum format format;
    } formats[] = {
        {"table", FORMAT_TABLE}, {"json", FORMAT_JSON},       {"yaml", FORMAT_YAML},
        {"csv", FORMAT_CSV},     {"compact", FORMAT_COMPACT}, {"markdown", FORMAT_MARKDOWN},
    };
    size_t size = strcspn(text, ",");
    const char *suffix = text + size;

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strlen(formats[i].name) == size && memcmp(formats[i].name, text, size) == 0) {
            arguments->format = formats[i].format;
        }
    }
    if (strcmp(suffix, ",header") == 0) {
        arguments->headers = HEADERS_ON;
    } else if (strcmp(suffix, ",noheader") == 0) {
        arguments->headers = HEADERS_OFF;
    }
    if (arguments->format == FORMAT_DEFAULT ||
        (suffix[0] != '\0' && arguments->headers == HEADERS_DEFAULT)) {
        return ctl_fail(error, LBSTATE_INVALID,
                        "--format must be table, compact, csv, markdown, json or yaml (with "
                        "\",header\" or \",noheader\" behind it), not \"%s\"",
                        text);
    }
    return LBSTATE_OK;
}

static int parse_values(struct arguments *arguments, struct lbstate_error *error)
{
    unsigned timeout_s;
    int rv;

    if (arguments->values[OPTION_FORMAT] != NULL) {
        rv = parse_format(arguments, arguments->values[OPTION_FORMAT], error);
        if (rv != LBSTATE_OK) {
            return rv;
        }
    }
    if (arguments->values[OPTION_TIMEOUT] != NULL) {
        rv = parse_number(arguments, OPTION_TIMEOUT, ARGS_TIMEOUT_S_MAX, &timeout_s, error);
        if (rv != LBSTATE_OK) {
            return rv;
        }
        arguments->timeout_ms = timeout_s * 1000;
    }
    if (arguments->values[OPTION_CONNECTIONS] != NULL) {
        rv = parse_number(arguments, OPTION_CONNECTIONS, ARGS_CONNECTIONS_MAX,
                          &arguments->connections, error);
        if (rv != LBSTATE_OK) {
            return rv;
        }
    }
    return LBSTATE_OK;
}

static int check_words(const struct arguments *arguments, struct lbstate_error *error)
{
    const struct verb *verb = arguments->verb;

    if (arguments->n_words < verb->n_words_min) {
        return usage(arguments, error, "Arguments are missing, wanted: ", verb->words);
    }
    if (arguments->n_words > verb->n_words_max) {
        return usage(arguments, error, "Too many arguments, starting with ",
                     arguments->words[verb->n_words_max]);
    }
    return LBSTATE_OK;
}

/* Reads the options of the last verb; ARGV[0] stands for it. Afterwards optind
 * is the index of what comes next. */
static int parse_options(int argc, char **argv, struct arguments *arguments,
                         struct lbstate_error *error)
{
    struct getopt_tables tables;
    char letter[] = "-?";
    int c;

    make_tables(arguments->verb, &tables);
    opterr = 0;
    optind = 0; /* glibc: forget all that was parsed before. */
    while ((c = getopt_long(argc, argv, tables.letters, tables.longs, NULL)) != -1) {
        enum option_id id;

        if (c == '?' || c == ':') {
            bool is_long = optopt == 0 || optopt >= LONG_BASE;

            letter[1] = is_long ? '-' : (char)optopt;
            return usage(arguments, error,
                         c == ':' ? "This option needs a value: " : "Unknown option: ",
                         is_long ? argv[optind - 1] : letter);
        }
        id = c >= LONG_BASE ? (enum option_id)(c - LONG_BASE) : tables.of_letter[c];
        arguments->values[id] = optarg != NULL ? optarg : "";
        if (id == OPTION_CONFIG) {
            if (arguments->n_configs == ARGS_PAIRS_MAX) {
                return ctl_fail(error, LBSTATE_INVALID, "More than %d times --config",
                                ARGS_PAIRS_MAX);
            }
            arguments->configs[arguments->n_configs++] = optarg;
        }
    }
    return LBSTATE_OK;
}

int arguments_parse(int argc, char **argv, struct arguments *ret_arguments,
                    struct lbstate_error *error)
{
    struct arguments arguments = {.verbs = {&verb_root}, .n_verbs = 1, .verb = &verb_root};
    int rv;

    for (int i = 1; i < argc; i++) {
        if (!utf8_valid(argv[i], strlen(argv[i]))) {
            return ctl_fail(error, LBSTATE_INVALID, "Argument %d isn't valid UTF-8", i);
        }
    }
    for (;;) {
        rv = parse_options(argc, argv, &arguments, error);
        if (rv != LBSTATE_OK) {
            return rv;
        }
        argc -= optind;
        argv += optind;
        if (arguments.verb->verbs == NULL || argc == 0) {
            break;
        }
        arguments.verb = verb_find(arguments.verb, argv[0]);
        if (arguments.verb == NULL) {
            return usage(&arguments, error, "Unknown command: ", argv[0]);
        }
        arguments.verbs[arguments.n_verbs++] = arguments.verb;
    }
    arguments.words = argv;
    arguments.n_words = (size_t)argc;
    if (arguments.values[OPTION_HELP] == NULL && arguments.verb->verbs == NULL) {
        rv = parse_values(&arguments, error);
        if (rv == LBSTATE_OK) {
            rv = check_words(&arguments, error);
        }
        if (rv != LBSTATE_OK) {
            return rv;
        }
    }
    *ret_arguments = arguments;
    return LBSTATE_OK;
}

const char *arguments_word(const struct arguments *arguments, size_t i)
{
    return i < arguments->n_words ? arguments->words[i] : NULL;
}

static int apply_pair(const char *key, size_t key_size, const char *value, json_t *config,
                      struct lbstate_error *error)
{
    char *name = strndup(key, key_size);
    int failed = 0;

    if (name == NULL) {
        return ctl_no_memory(error);
    }
    if (value[0] == '\0') {
        json_object_del(config, name); /* Fails if it isn't there, which is fine. */
    } else {
        failed = json_object_set_new(config, name, json_string(value));
    }
    free(name);
    return failed == 0 ? LBSTATE_OK : ctl_no_memory(error);
}

static int apply_word(const char *word, json_t *config, struct lbstate_error *error)
{
    const char *equals = strchr(word, '=');

    if (equals == NULL || equals == word) {
        return ctl_fail(error, LBSTATE_INVALID, "\"%s\" is no key=value", word);
    }
    return apply_pair(word, (size_t)(equals - word), equals + 1, config, error);
}

int arguments_apply_pairs(const struct arguments *arguments, size_t first, bool two_words,
                          json_t *config, struct lbstate_error *error)
{
    char **words = arguments->words + first;
    size_t n_words = arguments->n_words - first;
    int rv = LBSTATE_OK;

    if (n_words > ARGS_PAIRS_MAX) {
        return ctl_fail(error, LBSTATE_INVALID, "More than %d key=value pairs", ARGS_PAIRS_MAX);
    }
    for (size_t i = 0; rv == LBSTATE_OK && i < arguments->n_configs; i++) {
        rv = apply_word(arguments->configs[i], config, error);
    }
    if (two_words && n_words == 2 && words[0][0] != '\0' && strchr(words[0], '=') == NULL) {
        return rv == LBSTATE_OK ? apply_pair(words[0], strlen(words[0]), words[1], config, error)
                                : rv;
    }
    for (size_t i = 0; rv == LBSTATE_OK && i < n_words; i++) {
        rv = apply_word(words[i], config, error);
    }
    return rv;
}
