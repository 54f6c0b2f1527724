/* text.h - words as Go takes them: quoted, trimmed, split at commas.
 *
 * Messages quote what the caller sent as Go's %q does, and lists are split and
 * trimmed as Incus does it, because both can be seen by clients. */
#ifndef LBSTATE_LB_TEXT_H
#define LBSTATE_LB_TEXT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More than a message holds: what is cut here is cut by error_set() as well. */
#define TEXT_QUOTED_SIZE (ERROR_MESSAGE_SIZE + 32)

struct text_quoted {
    char text[TEXT_QUOTED_SIZE];
};

/* TEXT in double quotes, with the escapes of Go's %q; returns quoted->text. */
const char *text_quote(struct text_quoted *quoted, const char *text);

/* For the arguments of error_set(): lives as long as the block it stands in. */
#define TEXT_QUOTED(TEXT) text_quote(&(struct text_quoted){{0}}, (TEXT))

/* NULL is "". */
bool text_equal(const char *a, const char *b);

/* White space as Unicode (and Go's unicode.IsSpace) has it. */
bool text_is_space(uint32_t character);
bool text_has_space(const char *text);

/* Where TEXT begins without the white space around it, and how long it is then. */
const char *text_trim(const char *text, size_t *ret_size);

/* Goes through the elements of a list that is separated by commas. */
struct text_list {
    char *copy; /* Private: what is cut into elements; malloc()ed. */
    char *rest; /* Private: what comes next; NULL at the end. */
};

/* Returns false if memory is lacking. Even "" has one element: the empty one. */
bool text_list_init(struct text_list *list, const char *text);
void text_list_close(struct text_list *list);

/* The next element without white space around it, owned by the list; NULL after
 * the last one. */
const char *text_list_next(struct text_list *list);

/* Whether WORD is an element of LIST, which has no element if it is "". */
bool text_list_has(const char *list, const char *word);

/* Whether WORD stands in WORDS, which are separated by single blanks. */
bool text_in_words(const char *word, const char *words);

#endif
