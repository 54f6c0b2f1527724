#include "generate/report.h"

#include "generate/judge.h"
#include "generate/memory.h"

#include <string.h>

typedef void (*query_fn)(const struct entity *entity, const struct query *query,
                         struct buffer *out);

static void for_each(const struct generator *generator, query_fn act, struct buffer *out)
{
    for (size_t i = 0; i < generator->n_sources; i++) {
        for (size_t j = 0; j < generator->sources[i].n_entities; j++) {
            const struct entity *entity = &generator->sources[i].entities[j];

            for (size_t k = 0; k < entity->n_queries; k++) {
                act(entity, &entity->queries[k], out);
            }
        }
    }
}

static const char *verdict_of(const struct query *query)
{
    const struct statement *statement = query->statement;

    if (query->grows) {
        return "grows, scan=allowed";
    }
    if (statement != NULL && statement->scan.is_allowed && query->selects_columns) {
        return "constant here, scan=allowed";
    }
    return statement != NULL && statement->sort.is_allowed ? "constant, sort=allowed" : "constant";
}

static void append_line(const struct entity *entity, const struct query *query, struct buffer *out)
{
    int size = (int)(strlen(entity->name) + 1 + strlen(query->name));

    buffer_printf(out, "%s.%s%*s %9d %9d  %s\n", entity->name, query->name,
                  size < 64 ? 64 - size : 0, "", query->steps_few, query->steps_many,
                  verdict_of(query));
}

static void append_details(const struct entity *entity, const struct query *query,
                           struct buffer *out)
{
    buffer_printf(out, "\n%s.%s\n    ", entity->name, query->name);
    for (const char *c = query->sql; *c != '\0'; c++) {
        buffer_append_char(out, *c);
        if (*c == '\n') {
            buffer_append_string(out, "    ");
        }
    }
    buffer_printf(out, "\n    Plan: %s\n", query->plan[0] == '\0' ? "-" : query->plan);
}

void report_queries(const struct generator *generator, struct buffer *out)
{
    buffer_printf(
        out,
        "Steps of SQLite's virtual machine, among %d and among %d rows of each table that\n"
        "the statement has nothing to do with.\n\n"
        "%-64s %9s %9s  %s\n",
        JUDGE_ROWS_FEW, JUDGE_ROWS_MANY, "Statement", "few", "many", "Verdict");
    for_each(generator, append_line, out);
    for_each(generator, append_details, out);
}
