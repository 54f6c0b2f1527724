/* emit_text.h - what both halves of a mapper are made of: lines that are broken
 * as clang-format breaks them, and the signatures of functions. */
#ifndef LBSTATE_GENERATE_EMIT_TEXT_H
#define LBSTATE_GENERATE_EMIT_TEXT_H

#include "base/buffer.h"
#include "generate/model.h"

/* HEAD, the items separated by ", ", and TAIL; a line that would be longer than
 * 100 characters is broken before an item, which then stands below the first. */
struct emit_list {
    const char *head;
    const char **items;
    size_t n_items;
    const char *tail;
};

void emit_list(const struct emit_list *list, struct buffer *out);

/* The text of a block comment, refilled to 80 columns. */
void emit_comment(const char *text, struct buffer *out);

/* `int64_t network_id`. */
const char *emit_argument(struct arena *arena, const struct member *member);

/* The signatures, without what ends them; TAIL is ";\n" or "\n". */
void emit_constructor_signature(struct arena *arena, const struct entity *entity,
                                const struct statement *statement, const char *tail,
                                struct buffer *out);
void emit_method_signature(struct arena *arena, const struct entity *entity,
                           const struct method *method, const char *tail, struct buffer *out);
void emit_to_json_signature(struct arena *arena, const char *name, const struct entity *entity,
                            const char *tail, struct buffer *out);
void emit_from_json_signature(struct arena *arena, const char *name, const struct entity *entity,
                              const char *tail, struct buffer *out);

/* What the JSON of a struct is called in a version of the API: "shape_v2_0"; "shape"
 * if VERSION is NULL or the struct has no versions. */
const char *emit_json_name(struct arena *arena, const struct entity *entity, const char *version);

/* True for a method that is told the time, as its argument `now`. */
bool emit_takes_time(const struct entity *entity, enum method_kind kind);

/* True for the column of the entity where the struct of a marshal=yes comes first. */
bool emit_needs_codec(const struct source *source, size_t entity, size_t column);

/* True for a statement that selectors are made for. */
bool emit_is_selection(const struct statement *statement);

#endif
