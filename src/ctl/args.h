/* args.h - the command line: verbs, their options, and key=value pairs. */
#ifndef LBSTATE_CTL_ARGS_H
#define LBSTATE_CTL_ARGS_H

#include "ctl/verbs.h"
#include "lbstate/lbstate.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define ARGS_DEPTH_MAX       5    /* lbctl, network, forward, port, add. */
#define ARGS_PAIRS_MAX       1000 /* Of words and of --config each. */
#define ARGS_TIMEOUT_S_MAX   86400
#define ARGS_CONNECTIONS_MAX LBSTATE_CONNECTIONS_MAX

enum format {
    FORMAT_DEFAULT, /* Lists: table. Records: YAML. */
    FORMAT_TABLE,
    FORMAT_JSON,
    FORMAT_YAML,
    FORMAT_CSV,
    FORMAT_COMPACT,
    FORMAT_MARKDOWN
};

enum headers {
    HEADERS_DEFAULT, /* CSV has none, the other tables have. */
    HEADERS_ON,
    HEADERS_OFF
};

struct arguments {
    const struct verb *verbs[ARGS_DEPTH_MAX]; /* From lbctl itself to the one that runs. */
    size_t n_verbs;
    const struct verb *verb;        /* The last of them. */
    const char *values[OPTION_MAX]; /* As given; "" for flags; NULL: not given. */
    enum format format;
    enum headers headers;
    const char *configs[ARGS_PAIRS_MAX]; /* Of --config, which may be repeated. */
    size_t n_configs;
    unsigned timeout_ms;  /* 0: not given. */
    unsigned connections; /* 0: not given. */
    char **words;         /* What is neither verb nor option; borrowed from argv. */
    size_t n_words;
};

/* Understands ARGV, which it permutes and which must outlive the result. With
 * --help, or if a verb is missing, the rest isn't checked. All errors are
 * LBSTATE_INVALID. */
int arguments_parse(int argc, char **argv, struct arguments *ret_arguments,
                    struct lbstate_error *error);

/* The word at I, or NULL if there are fewer. */
const char *arguments_word(const struct arguments *arguments, size_t i);

/* Sets in CONFIG, a JSON object, the key=value pairs of --config and those that
 * start at word FIRST; `key=` removes the key. With TWO_WORDS a single pair may
 * also be given as "key" and "value". */
int arguments_apply_pairs(const struct arguments *arguments, size_t first, bool two_words,
                          json_t *config, struct lbstate_error *error);

#endif
