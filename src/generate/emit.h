/* emit.h - the text of a mapper pair. The same input gives the same bytes,
 * wherever and in whatever locale: no paths, no dates, no order of chance. */
#ifndef LBSTATE_GENERATE_EMIT_H
#define LBSTATE_GENERATE_EMIT_H

#include "base/buffer.h"
#include "generate/model.h"

/* PREFIX comes before the names of headers in #include: "entity/". */
void emit_header(struct generator *generator, const struct source *source, const char *prefix,
                 struct buffer *out);
void emit_source(struct generator *generator, const struct source *source, const char *prefix,
                 struct buffer *out);

#endif
