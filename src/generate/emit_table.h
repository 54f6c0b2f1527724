/* emit_table.h - the tables by which the runtime knows the fields of structs. */
#ifndef LBSTATE_GENERATE_EMIT_TABLE_H
#define LBSTATE_GENERATE_EMIT_TABLE_H

#include "base/buffer.h"
#include "generate/model.h"

struct emitter {
    struct arena *arena;
    const struct source *source;
    const char *version; /* Of the API, whose JSON is described; NULL: of none. */
    struct buffer *out;
};

/* Enums, codecs and JSON, which the tables of the entities refer to. */
void emit_tables(struct emitter *e);

/* `E_NAME[]`, a table of struct field. */
void emit_fields(struct emitter *e, const struct entity *entity, const char *name,
                 struct member *const *members, size_t n_members);

/* The initialiser of a struct field, INDENT blanks from the left. */
void emit_field(struct emitter *e, const struct entity *entity, const struct member *member,
                int indent);

#endif
