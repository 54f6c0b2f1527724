#include "test/torture/history_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void mistake(const char *word)
{
    fprintf(stderr, "history_text: what is \"%s\"?\n", word);
    abort();
}

static void read_kind(const char *word, struct operation *o)
{
    for (int kind = 0; kind < HISTORY_KINDS; kind++) {
        if (strcmp(word, history_kind_name((enum history_kind)kind)) == 0) {
            o->kind = (enum history_kind)kind;
            return;
        }
    }
    mistake(word);
}

static void read_word(const char *word, struct operation *o)
{
    int end = 0;

    if (strcmp(word, "absent") == 0) {
        o->value = HISTORY_ABSENT;
    } else if (strcmp(word, "foreign") == 0) {
        o->value = HISTORY_FOREIGN;
    } else if (strcmp(word, "?") == 0) {
        o->outcome = HISTORY_UNKNOWN;
    } else if (strcmp(word, "!") == 0) {
        o->outcome = HISTORY_REFUSED;
    } else if (strcmp(word, "x") == 0) {
        o->outcome = HISTORY_FAILED;
    } else if (strcmp(word, "e") == 0) {
        snprintf(o->error, sizeof o->error, "500 it broke");
    } else if (sscanf(word, "%" SCNd64 "-%" SCNd64 "%n", &o->invoked_us, &o->returned_us, &end) !=
                   2 &&
               sscanf(word, "%" SCNu64 ">%" SCNu64 "%n", &o->expected, &o->value, &end) != 2 &&
               sscanf(word, "r%" SCNd64 "%n", &o->revision, &end) != 1 &&
               sscanf(word, "k%u%n", &o->key, &end) != 1 &&
               sscanf(word, "n%u%n", &o->node, &end) != 1 &&
               (sscanf(word, "%" SCNu64 "%n", &o->value, &end) != 1 || word[end] != '\0')) {
        mistake(word);
    }
}

void history_from_text(struct history *history, const char *text)
{
    char *copy = strdup(text);
    char *rest = copy;
    char *part;

    if (copy == NULL) {
        abort();
    }
    while ((part = strsep(&rest, "|")) != NULL) {
        struct operation o = {.outcome = HISTORY_OK, .node = 1, .tries = 1};
        char *place = NULL;
        char *word = strtok_r(part, " ", &place);

        if (word == NULL) {
            continue;
        }
        read_kind(word, &o);
        while ((word = strtok_r(NULL, " ", &place)) != NULL) {
            read_word(word, &o);
        }
        history_add(history, &o);
    }
    free(copy);
}
