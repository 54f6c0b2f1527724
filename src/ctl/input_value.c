#include "ctl/input_value.h"

#include "base/buffer.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* The "-" of "key=-"; NULL if WORD is no such pair. */
static const char *dash_of(const char *word)
{
    const char *equals = strchr(word, '=');

    return equals != NULL && equals != word && strcmp(equals + 1, "-") == 0 ? equals + 1 : NULL;
}

/* Whether the pairs are one in the form of two words, "key -". */
static bool is_two_words(const struct arguments *arguments)
{
    char **pair = arguments->words + arguments->verb->first_pair;

    return arguments->verb->two_words && arguments->n_words == arguments->verb->first_pair + 2 &&
           strchr(pair[0], '=') == NULL && strcmp(pair[1], "-") == 0;
}

static int find(const struct arguments *arguments, size_t *ret_word, size_t *ret_before,
                struct lbstate_error *error)
{
    size_t n_found = 0;

    if (is_two_words(arguments)) {
        *ret_word = arguments->n_words - 1;
        *ret_before = 0;
        return LBSTATE_OK;
    }
    *ret_word = arguments->n_words;
    for (size_t i = arguments->verb->first_pair; i < arguments->n_words; i++) {
        const char *dash = dash_of(arguments->words[i]);

        if (dash != NULL) {
            *ret_word = i;
            *ret_before = (size_t)(dash - arguments->words[i]);
            n_found++;
        }
    }
    return n_found <= 1 ? LBSTATE_OK
                        : ctl_fail(error, LBSTATE_INVALID, "Cannot read the stdin twice");
}

/* The first BEFORE bytes of WORD, and VALUE, as a new string. */
static char *join(const char *word, size_t before, const char *value, size_t size)
{
    struct buffer joined = {0};
    char *text = NULL;

    buffer_append(&joined, word, before);
    buffer_append(&joined, value, size);
    if (buffer_string(&joined) != NULL) {
        text = buffer_detach(&joined, &size);
    }
    buffer_close(&joined);
    return text;
}

int input_value_take(struct ctl *ctl, struct arguments *arguments, char **ret_word,
                     struct lbstate_error *error)
{
    size_t word = arguments->n_words;
    size_t before = 0;
    char *value;
    size_t size;
    int rv = LBSTATE_OK;

    *ret_word = NULL;
    if (arguments->verb->first_pair == 0 || ctl_is_terminal(ctl->in)) {
        return LBSTATE_OK;
    }
    rv = find(arguments, &word, &before, error);
    if (rv != LBSTATE_OK || word == arguments->n_words) {
        return rv;
    }
    rv = ctl_read_input(ctl, INPUT_VALUE_SIZE_MAX, &value, &size, error);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    if (strlen(value) != size || !utf8_valid(value, size)) {
        rv = ctl_fail(error, LBSTATE_INVALID, "Standard input isn't a text in UTF-8");
    } else {
        *ret_word = join(arguments->words[word], before, value, size);
        rv = *ret_word != NULL ? LBSTATE_OK : ctl_no_memory(error);
    }
    free(value);
    if (rv == LBSTATE_OK) {
        arguments->words[word] = *ret_word;
    }
    return rv;
}
