/* Headers: whatever one holds, generate-database tells what is wrong with it or
 * writes a mapper. (Without a schema: SQLite is not what is tried here.) */
#include "generate/directive.h"
#include "generate/emit.h"
#include "generate/entity.h"
#include "generate/lexer.h"
#include "generate/memory.h"
#include "generate/reader.h"
#include "generate/sql.h"
#include "generate/statement.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_source(struct generator *generator, struct source *source)
{
    lexer_run(generator, source);
    directive_read_all(generator, source);
    reader_run(generator, source);
    entity_resolve_all(generator, source);
    statement_resolve_all(generator, source, 0);
}

static void write_mapper(struct generator *generator, struct source *source)
{
    struct buffer header = {0};
    struct buffer code = {0};

    for (size_t i = 0; i < source->n_entities; i++) {
        if (source->entities[i].table != NULL) {
            sql_build(generator, &source->entities[i]);
        }
    }
    emit_header(generator, source, "", &header);
    emit_source(generator, source, "", &code);
    if (buffer_failed(&header) || buffer_failed(&code) || header.size == 0 || code.size == 0) {
        abort();
    }
    buffer_close(&header);
    buffer_close(&code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct generator generator = {.diagnostics.arena = &generator.arena};
    struct source source = {.path = "input.h", .base = "input.h", .size = size};

    /* Refused before anything else looks at the text. */
    if (size == 0 || memchr(data, '\0', size) != NULL) {
        return 0;
    }
    generator.sources = &source;
    generator.n_sources = 1;
    source.text = memory_copy(&generator.arena, (const char *)data, size);
    read_source(&generator, &source);
    if (generator.diagnostics.n_items == 0 && source.n_directives > 0) {
        write_mapper(&generator, &source);
    }
    arena_close(&generator.arena);
    return 0;
}
