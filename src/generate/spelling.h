/* spelling.h - how directives spell kinds and fields: `objects-by-NetworkID`. */
#ifndef LBSTATE_GENERATE_SPELLING_H
#define LBSTATE_GENERATE_SPELLING_H

#include "generate/model.h"

/* What a directive may be, whether it may have -by- (or must), and which
 * parameters it takes. */
struct kind {
    const char *word;
    int kind;
    bool may_have_fields;
    bool must_have_fields;
    const char *parameters; /* Each between blanks. */
};

#define N_KINDS(KINDS) (sizeof(KINDS) / sizeof *(KINDS))

/* Either half of a directive's first word: the kind, and what follows -by-. */
struct spelling {
    const struct kind *kind;
    const char *fields; /* NULL if there are none. */
};

/* Finds the kind that WORD names; WHAT is "statement" or "method". */
bool spelling_read(struct generator *generator, const struct word *word, const struct kind *kinds,
                   size_t n_kinds, const char *what, struct spelling *spelling);

/* `NetworkID-and-ListenAddress` -> members of the struct. TEXT may be NULL. */
bool spelling_read_fields(struct generator *generator, struct entity *entity, struct location at,
                          const char *text, struct member ***ret_fields, size_t *ret_n_fields);

/* Whether the kind takes all parameters of the directive. */
bool spelling_check_parameters(struct generator *generator, const struct directive *directive,
                               const struct kind *kind);

/* "objects", fields -> "objects_by_a_and_b". */
const char *spelling_name(struct arena *arena, const char *name, struct member *const *fields,
                          size_t n_fields);

/* "objects-by-ProjectID-and-Name", as its directive would be written. */
const char *spelling_write(struct arena *arena, const char *kind, struct member *const *fields,
                           size_t n_fields);

#endif
