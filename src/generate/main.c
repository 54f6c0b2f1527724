/* generate-database: see README.md of this folder. */
#include "generate/directive.h"
#include "generate/emit.h"
#include "generate/entity.h"
#include "generate/judge.h"
#include "generate/lexer.h"
#include "generate/memory.h"
#include "generate/output.h"
#include "generate/reader.h"
#include "generate/report.h"
#include "generate/sql.h"
#include "generate/statement.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

struct options {
    const char *schema;
    const char *output_dir;
    const char *source_prefix;
    const char *report; /* NULL: none. */
};

static const char usage[] =
    "Usage: generate-database --schema FILE --output-dir DIR [--source-prefix PREFIX]\n"
    "                         [--report FILE] HEADER...\n"
    "\n"
    "Writes a mapper pair (.h and .c) for each annotated header, after it has checked\n"
    "every statement against the schema.\n"
    "\n"
    "  --schema FILE          SQL that makes the tables\n"
    "  --output-dir DIR       where the mappers are written\n"
    "  --source-prefix PREFIX what stands before names in #include, such as entity/\n"
    "  --report FILE          where to write what each statement costs, and its plan\n"
    "  --help                 print this\n";

/* 0 to go on, else the status to exit with plus 1. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {
        {"schema", required_argument, NULL, 's'},
        {"output-dir", required_argument, NULL, 'o'},
        {"source-prefix", required_argument, NULL, 'p'},
        {"report", required_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int c;

    while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (c) {
        case 's':
            options->schema = optarg;
            break;
        case 'o':
            options->output_dir = optarg;
            break;
        case 'p':
            options->source_prefix = optarg;
            break;
        case 'r':
            options->report = optarg;
            break;
        case 'h':
            fputs(usage, stdout);
            return 1;
        default:
            fputs(usage, stderr);
            return 2;
        }
    }
    if (options->schema == NULL || options->output_dir == NULL || optind == argc) {
        fputs(usage, stderr);
        return 2;
    }
    return 0;
}

static void load_source(struct generator *generator, struct source *source)
{
    struct buffer text = {0};
    const char *slash = strrchr(source->path, '/');
    struct location whole = {.file = source->path, .file_index = source->index};

    source->base = slash == NULL ? source->path : slash + 1;
    if (!output_read(source->path, &text)) {
        report(&generator->diagnostics, whole, "%s", strerror(errno));
    } else if (memchr(text.data == NULL ? "" : text.data, '\0', text.size) != NULL) {
        report(&generator->diagnostics, whole, "not a text file");
        buffer_reset(&text);
    }
    source->size = text.size;
    source->text = memory_copy(&generator->arena, text.data, text.size);
    buffer_close(&text);
}

static void read_source(struct generator *generator, struct source *source)
{
    size_t n_errors = generator->diagnostics.n_items;

    load_source(generator, source);
    lexer_run(generator, source);
    directive_read_all(generator, source);
    if (source->n_directives == 0 && generator->diagnostics.n_items == n_errors) {
        report(&generator->diagnostics,
               (struct location){.file = source->path, .file_index = source->index},
               "there are no directives");
    }
    reader_run(generator, source);
    entity_resolve_all(generator, source);
    statement_resolve_all(generator, source, n_errors);
}

/* Names that two headers share would be written twice. */
static void check_across_sources(struct generator *generator)
{
    for (size_t i = 0; i < generator->n_sources; i++) {
        struct source *source = &generator->sources[i];

        for (size_t j = 0; j < i; j++) {
            struct source *other = &generator->sources[j];

            if (source->target.text != NULL && other->target.text != NULL &&
                strcmp(source->target.text, other->target.text) == 0) {
                report(&generator->diagnostics, source->target.at,
                       "duplicate target `%s`: it is %s's too", source->target.text, other->path);
            }
            for (size_t k = 0; k < source->n_entities; k++) {
                const struct entity *entity = &source->entities[k];

                if (source_find_entity(other, entity->name) != NULL) {
                    report(&generator->diagnostics, entity->at,
                           "duplicate entity `%s`: it is in %s too", entity->name, other->path);
                }
            }
        }
    }
}

/* Where the table is wrong its statements are too, for the same reasons. */
static void judge_entity(struct generator *generator, struct sqlite3 *db, const char *schema,
                         struct entity *entity)
{
    size_t n_errors = generator->diagnostics.n_items;

    judge_table(generator, db, entity);
    if (generator->diagnostics.n_items > n_errors) {
        return;
    }
    sql_build(generator, entity);
    for (size_t i = 0; i < entity->n_queries; i++) {
        judge_query(generator, db, entity, &entity->queries[i]);
    }
    if (generator->diagnostics.n_items == n_errors) {
        judge_cost(generator, schema, entity);
    }
    judge_exceptions(generator, entity);
}

/* What the header says must be right before the schema is asked about it. */
static void judge_all(struct generator *generator, const char *schema)
{
    struct sqlite3 *db = judge_open(generator, schema);

    if (db == NULL) {
        return;
    }
    for (size_t i = 0; i < generator->n_sources; i++) {
        for (size_t j = 0; j < generator->sources[i].n_entities; j++) {
            struct entity *entity = &generator->sources[i].entities[j];

            if (entity->table == NULL) {
                continue;
            }
            judge_entity(generator, db, schema, entity);
        }
    }
    judge_close(db);
}

static bool write_one(struct generator *generator, const struct options *options,
                      const struct source *source, const char *suffix,
                      void (*emit)(struct generator *, const struct source *, const char *,
                                   struct buffer *))
{
    const char *path = memory_printf(&generator->arena, "%s/%s%s", options->output_dir,
                                     source->target.text, suffix);
    struct buffer text = {0};
    bool good;

    emit(generator, source, options->source_prefix, &text);
    if (buffer_failed(&text)) {
        memory_exhausted();
    }
    good = output_write(path, &text);
    buffer_close(&text);
    return good;
}

static bool write_all(struct generator *generator, const struct options *options)
{
    bool good = true;

    for (size_t i = 0; i < generator->n_sources && good; i++) {
        const struct source *source = &generator->sources[i];

        good = write_one(generator, options, source, ".h", emit_header) &&
               write_one(generator, options, source, ".c", emit_source);
    }
    return good;
}

static bool write_report(const struct generator *generator, const char *path)
{
    struct buffer text = {0};
    bool good;

    report_queries(generator, &text);
    if (buffer_failed(&text)) {
        memory_exhausted();
    }
    good = output_write(path, &text);
    buffer_close(&text);
    return good;
}

int main(int argc, char **argv)
{
    struct options options = {.source_prefix = ""};
    struct generator generator = {.diagnostics.arena = &generator.arena};
    int status = read_options(argc, argv, &options);

    if (status != 0) {
        return status - 1;
    }
    generator.n_sources = (size_t)(argc - optind);
    generator.sources =
        memory_calloc(&generator.arena, generator.n_sources, sizeof *generator.sources);
    for (size_t i = 0; i < generator.n_sources; i++) {
        generator.sources[i].path = argv[optind + (int)i];
        generator.sources[i].index = (unsigned)i;
        read_source(&generator, &generator.sources[i]);
    }
    check_across_sources(&generator);
    if (generator.diagnostics.n_items == 0) {
        judge_all(&generator, options.schema);
    }
    diagnostics_print(&generator.diagnostics, stderr);
    status = generator.diagnostics.n_items > 0 || !write_all(&generator, &options) ||
             (options.report != NULL && !write_report(&generator, options.report));
    arena_close(&generator.arena);
    return status;
}
