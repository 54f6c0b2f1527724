/* Words behind `list`: which records are wanted, as a filter that the daemon reads. */
#include "ctl/list.h"

#include <stdlib.h>
#include <string.h>

static bool is_field(const struct field *fields, const char *key, size_t key_size)
{
    size_t size = strcspn(key, ".=");

    size = size < key_size ? size : key_size;
    while (fields->name != NULL &&
           (strlen(fields->name) != size || memcmp(fields->name, key, size) != 0)) {
        fields++;
    }
    return fields->name != NULL;
}

/* A name that begins with NAME, in which nothing is special. */
static void append_prefix(struct buffer *out, const char *name)
{
    buffer_append_string(out, "name eq \"^");
    for (const char *p = name; *p != '\0'; p++) {
        if (strchr("\\.+*?()|[]{}^$", *p) != NULL) {
            buffer_append_char(out, '\\');
        }
        buffer_append_char(out, *p);
    }
    buffer_append_char(out, '"');
}

static int append_clause(struct buffer *out, const struct field *fields, const char *word,
                         struct lbstate_error *error)
{
    const char *equals = strchr(word, '=');
    size_t key_size = equals != NULL ? (size_t)(equals - word) : 0;

    if (word[0] == '\0' || equals == word || strchr(word, '"') != NULL ||
        strcspn(word, " \t\n") < key_size) {
        return ctl_fail(error, LBSTATE_INVALID, "\"%s\" is no filter: give NAME or key=value",
                        word);
    }
    if (equals == NULL) {
        append_prefix(out, word);
        return LBSTATE_OK;
    }
    if (key_size == strlen("state") && memcmp(word, "state", key_size) == 0) {
        buffer_append_string(out, "status");
    } else {
        buffer_append_string(out, is_field(fields, word, key_size) ? "" : "config.");
        buffer_append(out, word, key_size);
    }
    buffer_printf(out, " eq \"%s\"", equals + 1);
    return LBSTATE_OK;
}

int list_filter(struct ctl *ctl, const char *path, const struct field *fields,
                struct buffer *ret_path, struct lbstate_error *error)
{
    const struct arguments *arguments = ctl->arguments;
    struct buffer filter = {0};
    char *encoded = NULL;
    int rv = LBSTATE_OK;

    for (size_t i = 0; rv == LBSTATE_OK && i < arguments->n_words; i++) {
        buffer_append_string(&filter, i > 0 ? " and " : "");
        rv = append_clause(&filter, fields, arguments->words[i], error);
    }
    buffer_append_string(ret_path, path);
    if (rv == LBSTATE_OK && arguments->n_words > 0) {
        /* Encoded as a part of a path is, which suits a query, too. */
        rv = buffer_string(&filter) != NULL ? lbstate_path(&encoded, error, filter.data, NULL)
                                            : ctl_no_memory(error);
        if (rv == LBSTATE_OK) {
            buffer_printf(ret_path, "&filter=%s", encoded + 1);
            free(encoded);
        }
    }
    buffer_close(&filter);
    if (rv == LBSTATE_OK && buffer_string(ret_path) == NULL) {
        rv = ctl_no_memory(error);
    }
    return rv;
}
